from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from forecasting.scoring import hand_help, pairs, score

ZONE = "Asia/Shanghai"


def forecast_frame(days: int = 14, mean: float = 10.0) -> pd.DataFrame:
    start = pd.date_range(
        "2025-03-02 16:00", periods=days * 2, freq="12h", tz="UTC", unit="us"
    )  # Monday 3 March, local midnight
    return pd.DataFrame({"queue": "cards", "start": start, "mean": mean, "q10": mean - 2, "q90": mean + 2})


def history_of(frame: pd.DataFrame, offered: float | np.ndarray) -> pd.DataFrame:
    return frame[["queue", "start"]].assign(offered=offered)


def at(local: str) -> pd.Timestamp:
    return pd.Timestamp(local, tz=ZONE).tz_convert("UTC")


def paired(frame: pd.DataFrame, history: pd.DataFrame, cutoff: str = "2025-03-03 00:00") -> pd.DataFrame:
    model = np.full(len(frame), 10.0)
    return pairs(frame, model, history, cutoff=at(cutoff), timezone=ZONE)


def test_the_first_day_of_a_forecast_made_at_midnight_is_one_ahead() -> None:
    frame = forecast_frame()
    found = paired(frame, history_of(frame, 12.0))
    assert found["lead_days"].tolist() == [day for day in range(1, 15) for _ in range(2)]


def test_the_rest_of_today_is_the_same_day_and_what_was_over_is_not_judged() -> None:
    frame = forecast_frame(days=2)
    found = paired(frame, history_of(frame, 12.0), cutoff="2025-03-03 12:00")
    assert found["lead_days"].tolist() == [0, 1, 1]


def test_figures_are_those_of_a_count_by_hand() -> None:
    frame = forecast_frame()
    actual = np.where(np.arange(28) % 2 == 0, 8.0, 13.0)
    scores = score([paired(frame, history_of(frame, actual))], tolerance=0.05).set_index(["level", "lead"])
    near = scores.loc[("interval", "1 day")]
    assert near["spans"] == 2
    assert near["wape"] == pytest.approx(5 / 21)
    assert near["bias"] == pytest.approx(-1 / 21)
    assert near["cover80"] == pytest.approx(0.5)
    assert scores.loc[("interval", "2-7 days"), "spans"] == 12
    assert scores.loc[("day", "2-7 days"), "spans"] == 6
    assert scores.loc[("day", "2-7 days"), "wape"] == pytest.approx(1 / 21)
    assert scores.loc[("day", "2-7 days"), "hit_rate"] == 1.0
    assert scores.loc[("week", "2-7 days"), "spans"] == 1
    assert scores.loc[("week", "8-28 days"), "spans"] == 1


def test_intervals_without_an_actual_are_not_judged() -> None:
    frame = forecast_frame(days=1)
    history = history_of(frame, np.array([np.nan, 10.0]))
    assert score([paired(frame, history)], tolerance=0.05)["spans"].tolist() == [1, 1, 1]


def test_without_any_pair_there_are_no_scores() -> None:
    frame = forecast_frame(days=1)
    nothing = paired(frame, history_of(frame, 10.0).iloc[:0])
    assert score([nothing], tolerance=0.05).empty
    assert hand_help([nothing]).empty


def test_a_hand_that_helps_saves_error_and_one_that_harms_costs_it() -> None:
    frame = forecast_frame(days=1)
    frame.loc[0, "mean"] = 15.0
    good = hand_help([paired(frame, history_of(frame, 15.0))])
    assert good[["intervals", "saved", "model_wape", "hand_wape"]].to_numpy().tolist() == [
        [1, 5.0, pytest.approx(1 / 3), 0.0]
    ]
    bad = hand_help([paired(frame, history_of(frame, 10.0))])
    assert bad["saved"].tolist() == [-5.0]

from __future__ import annotations

from datetime import date

import numpy as np
import pandas as pd
import pytest

from data.domain import Peak, PeakKind, Queue
from data.errors import InputError
from forecasting.accuracy import wape
from forecasting.backtest import backtest
from forecasting.combine import CHOICE
from forecasting.forecast import forecast
from forecasting.settings import Settings
from tests.forecasting.hotline import QUEUE, after, make_history, midnight

HISTORY = make_history(days=112)
BASELINES = Settings(models=("seasonal_naive", "weekday_mean"))


def test_the_choice_is_the_very_forecast_that_would_have_been_made() -> None:
    tested = backtest(QUEUE, HISTORY, (), origins=2, horizon_days=7)
    for back in (14, 7):
        first = after(112 - back)
        made = forecast(QUEUE, HISTORY, (), first=first, days=7, cutoff=midnight(first))
        rows = tested.frame.query("origin == @midnight(@first) and method == @CHOICE").reset_index(drop=True)
        columns = ["start", "mean", "q05", "q50", "q95"]
        pd.testing.assert_frame_equal(rows[columns], made.frame[columns])


def test_no_origin_knows_what_comes_after_it() -> None:
    first = after(98)
    planted = HISTORY.assign(offered=HISTORY["offered"].where(HISTORY["start"] < midnight(first), 1e8))
    holiday = Peak(
        id="holiday", kind=PeakKind.HOLIDAY, dates=dict.fromkeys([after(40), after(70), after(100)])
    )
    honest = backtest(QUEUE, HISTORY, (holiday,), starts=[first]).frame
    spoilt = backtest(QUEUE, planted, (holiday,), starts=[first]).frame
    assert set(honest["method"]) == {*Settings().models, CHOICE}
    pd.testing.assert_frame_equal(honest.drop(columns="actual"), spoilt.drop(columns="actual"))
    assert (spoilt["actual"] == 1e8).all()


def test_nothing_after_the_cutoff_is_looked_at() -> None:
    cutoff = midnight(after(90))
    known = HISTORY.loc[HISTORY["start"] < cutoff]
    pd.testing.assert_frame_equal(
        backtest(QUEUE, HISTORY, (), cutoff=cutoff, origins=2, settings=BASELINES).frame,
        backtest(QUEUE, known, (), origins=2, settings=BASELINES).frame,
    )


def test_origins_step_back_from_the_last_day_known() -> None:
    tested = backtest(QUEUE, HISTORY, (), origins=3, step_days=10, horizon_days=5, settings=BASELINES)
    expected = [midnight(after(day)) for day in (87, 97, 107)]
    assert sorted(tested.frame["origin"].unique()) == expected
    per_origin = tested.frame.groupby(["origin", "method"])["start"].count()
    assert set(per_origin) == {100}


def test_scores_are_the_metrics_of_the_frame_and_come_best_first() -> None:
    tested = backtest(QUEUE, HISTORY, (), origins=4, settings=BASELINES)
    assert tested.scores["wape"].is_monotonic_increasing
    for method, rows in tested.frame.groupby("method"):
        score = tested.scores.set_index("method").loc[method]
        assert score["wape"] == pytest.approx(wape(rows["actual"], rows["mean"]))
        inside = (rows["actual"] >= rows["q10"]) & (rows["actual"] <= rows["q90"])
        assert score["cover80"] == pytest.approx(inside.mean())
    assert set(tested.scores["method"]) == {CHOICE, "seasonal_naive", "weekday_mean"}
    assert (tested.scores["seconds"] > 0).all()


def test_bands_cover_about_what_they_promise() -> None:
    history = make_history(days=140, level=60.0)
    tested = backtest(QUEUE, history, (), origins=8, settings=BASELINES)
    score = tested.scores.set_index("method").loc[CHOICE]
    assert score["cover80"] == pytest.approx(0.80, abs=0.07)
    assert score["cover90"] == pytest.approx(0.90, abs=0.05)


def test_a_broken_day_is_judged_as_it_came() -> None:
    outage = make_history(days=112, lift={after(108): 0.0})
    tested = backtest(QUEUE, outage, (), origins=1, settings=BASELINES)
    day = tested.frame["start"].between(midnight(after(108)), midnight(after(109)), inclusive="left")
    assert day.sum() == 60
    assert (tested.frame.loc[day, "actual"] == 0).all()


def test_days_without_actuals_are_not_judged() -> None:
    tested = backtest(QUEUE, make_history(days=112, without=[after(108)]), (), origins=1, settings=BASELINES)
    assert len(tested.frame) == 3 * 6 * 20
    assert np.isfinite(tested.frame["actual"]).all()


def test_origins_without_a_week_before_them_are_left_out() -> None:
    tested = backtest(QUEUE, make_history(days=22), (), origins=8, settings=BASELINES)
    assert tested.frame["origin"].nunique() == 2


def test_a_test_on_less_than_two_weeks_is_refused() -> None:
    with pytest.raises(InputError, match=r"queue 'hotline': 10 days of history.*no\s+origin"):
        backtest(QUEUE, make_history(days=10), (), settings=BASELINES)


@pytest.mark.parametrize("argument", ["horizon_days", "origins", "step_days"])
def test_a_test_over_nothing_is_refused(argument: str) -> None:
    with pytest.raises(InputError, match="at least 1"):
        backtest(QUEUE, HISTORY, (), **{argument: 0})


def test_an_empty_history_is_refused_by_the_queues_name() -> None:
    with pytest.raises(InputError, match="queue 'hotline'"):
        backtest(QUEUE, HISTORY.iloc[:0], ())


def test_progress_names_each_origin() -> None:
    seen: list[tuple[str, float | None]] = []
    backtest(QUEUE, HISTORY, (), origins=2, settings=BASELINES, progress=lambda *what: seen.append(what))
    assert seen == [("Back-test: hotline from 2025-04-14", 0.0), ("Back-test: hotline from 2025-04-21", 0.5)]


def test_the_day_of_25_hours_is_judged_in_all_its_intervals() -> None:
    berlin = Queue(id="berlin", timezone="Europe/Berlin", interval_min=60)
    history = make_history(berlin, first=date(2025, 9, 1), days=60)
    tested = backtest(berlin, history, (), starts=[date(2025, 10, 26)], horizon_days=1, settings=BASELINES)
    assert (tested.frame["method"] == CHOICE).sum() == 25

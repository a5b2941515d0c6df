from __future__ import annotations

from datetime import date, timedelta

import numpy as np
import pandas as pd
import pytest

from data.domain import Queue
from data.errors import InputError
from data.synthetic import make_centre
from forecasting.handle_time_backtest import METHOD, backtest_handle_time
from tests.forecasting.hotline import QUEUE, after, make_history, midnight
from tests.forecasting.test_real_data import FRIDAY, INTERVALS, SATURDAY, WORK_DAYS


def told(aht_s: np.ndarray | float, **options: float) -> pd.DataFrame:
    history = make_history(level=60.0, **options)  # type: ignore[arg-type] - level, days
    return history.assign(answered=history["offered"], handle_time_s=history["offered"] * aht_s)


def test_scores_are_the_definitions_counted_by_hand() -> None:
    rows = told(200.0, days=21)
    last = rows["start"] >= midnight(after(14))
    rows.loc[last, "handle_time_s"] *= 1.25
    found = backtest_handle_time(QUEUE, rows, origins=1).scores.set_index("method")
    assert found["wape"].to_numpy() == pytest.approx(0.2)
    assert found["bias"].to_numpy() == pytest.approx(-0.2)
    assert found["day_wape"].to_numpy() == pytest.approx(0.2)
    assert found["mae_s"].to_numpy() == pytest.approx(50.0)
    assert found["contacts"].to_numpy() == pytest.approx(rows.loc[last, "answered"].sum())


def test_what_comes_after_an_origin_changes_nothing_that_was_expected() -> None:
    rows = told(200.0)
    start = [after(63)]
    before = backtest_handle_time(QUEUE, rows, starts=start).frame
    spoilt = rows.assign(
        handle_time_s=rows["handle_time_s"].where(rows["start"] < midnight(after(63)), rows["answered"] * 999)
    )
    later = backtest_handle_time(QUEUE, spoilt, starts=start).frame
    np.testing.assert_array_equal(before["expected_s"], later["expected_s"])
    assert (later["actual_s"] == 999).all()


def test_a_lasting_rise_is_followed_within_weeks() -> None:
    rows = told(200.0)
    risen = rows["start"] >= midnight(after(56))
    rows.loc[risen, "handle_time_s"] *= 1.3
    scores = backtest_handle_time(QUEUE, rows, origins=1).scores.set_index("method")["wape"]
    assert scores[METHOD] < 0.05
    assert scores["overall_mean"] > 0.1


def test_a_history_without_handle_times_is_an_error_that_names_the_queue() -> None:
    with pytest.raises(InputError, match="queue 'hotline': no origin has handle times"):
        backtest_handle_time(QUEUE, make_history())


def test_the_synthetic_centres_handle_times_are_foretold_better_than_by_plain_means() -> None:
    centre = make_centre(days=364)
    for queue in centre.queues:
        scores = backtest_handle_time(queue, centre.history).scores.set_index("method")
        assert scores["wape"].idxmin() == METHOD, queue.id
        # Over a day the time of day hardly counts, and the centre's level never changes: the plain mean is right.
        assert scores.loc[METHOD, "day_wape"] < 1.1 * scores["day_wape"].min(), queue.id


@pytest.mark.skipif(not INTERVALS.exists(), reason="Anonymous Bank not found, skipped")
@pytest.mark.parametrize("name", ["PS", "NE"])
def test_a_banks_handle_times_are_foretold_better_than_by_plain_means(name: str) -> None:
    queue = Queue(id=name, timezone="Asia/Jerusalem", hours=(WORK_DAYS, FRIDAY, SATURDAY))
    history = bank_history(queue)
    starts = [date(1999, 4, 4) + timedelta(weeks=week) for week in range(16)]
    scores = backtest_handle_time(queue, history, starts=starts).scores.set_index("method")
    assert scores["wape"].idxmin() == METHOD


def bank_history(queue: Queue) -> pd.DataFrame:
    rows = pd.read_parquet(INTERVALS)
    rows = rows.loc[rows["queue"].eq(queue.id)]
    start = rows["start"].dt.tz_localize(queue.timezone, ambiguous=True, nonexistent="shift_forward")
    return pd.DataFrame(
        {
            "queue": queue.id,
            "start": start.dt.tz_convert("UTC").dt.as_unit("us"),
            "offered": rows["offered"].astype(float),
            "answered": rows["answered"].astype(float),
            "handle_time_s": (rows["aht_seconds"] * rows["answered"]).astype(float),
        }
    ).drop_duplicates("start")


def test_every_origin_named_is_used_and_bad_figures_are_refused() -> None:
    starts = [after(70), after(63)]
    found = backtest_handle_time(QUEUE, told(200.0), starts=starts, horizon_days=3)
    assert found.scores["origins"].tolist() == [2, 2, 2]
    assert set(found.frame["origin"]) == {pd.Timestamp(day) for day in starts}
    with pytest.raises(InputError, match="at least 1"):
        backtest_handle_time(QUEUE, told(200.0), horizon_days=0)

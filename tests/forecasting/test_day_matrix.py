from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import date, timedelta

import numpy as np
import pandas as pd
import pytest

from data.domain import OpeningSpan, Queue
from data.errors import InputError
from data.intervals import grid
from forecasting.day_matrix import day_matrix, known_rows, last_whole_day, opening
from tests.forecasting.hotline import LONGEST, QUEUE, make_history, midnight
from tests.oracles import day_matrix_loops


@pytest.mark.parametrize(
    ("timezone", "first"),
    [
        ("Europe/Berlin", date(2025, 3, 28)),
        ("Europe/Berlin", date(2025, 10, 24)),
        ("Asia/Shanghai", date(2025, 3, 28)),
        ("Australia/Lord_Howe", date(2025, 4, 4)),
    ],
    ids=["23-hour day", "25-hour day", "no change", "change of half an hour"],
)
@pytest.mark.parametrize("interval_min", [15, 60])
def test_cells_equal_a_count_row_by_row_also_when_the_clock_changes(
    timezone: str, first: date, interval_min: int
) -> None:
    queue = Queue(id="round the clock", timezone=timezone, interval_min=interval_min)
    starts = grid(queue, first, 5)["start"]
    history = pd.DataFrame(
        {"queue": queue.id, "start": starts, "offered": np.arange(len(starts), dtype=float)}
    )
    cutoff = midnight(first + timedelta(days=5), queue)

    matrix = day_matrix(queue, known_rows(queue, history, cutoff), cutoff, LONGEST)

    rows = [(start.to_pydatetime(), value) for start, value in zip(starts, history["offered"], strict=True)]
    plain = day_matrix_loops.cells(rows, timezone, interval_min)
    expected = np.full(matrix.counts.shape, np.nan)
    for (day, slot), value in plain.items():
        expected[(day - first).days, slot] = value
    np.testing.assert_array_equal(matrix.counts, expected)


def test_the_hour_that_is_skipped_is_unknown_and_not_zero() -> None:
    queue = Queue(id="q", timezone="Europe/Berlin", interval_min=60)
    first = date(2025, 3, 30)
    starts = grid(queue, first, 1)["start"]
    history = pd.DataFrame({"queue": "q", "start": starts, "offered": 7.0})
    cutoff = midnight(date(2025, 3, 31), queue)
    matrix = day_matrix(queue, known_rows(queue, history, cutoff), cutoff, LONGEST)
    assert np.flatnonzero(np.isnan(matrix.counts[0])).tolist() == [2]


def test_a_missing_day_is_unknown_and_not_zero() -> None:
    history = make_history(days=10, without=[date(2025, 1, 9)])
    cutoff = midnight(date(2025, 1, 16))
    matrix = day_matrix(QUEUE, known_rows(QUEUE, history, cutoff), cutoff, LONGEST)
    assert len(matrix.days) == 10
    assert np.isnan(matrix.counts[3]).all()
    assert np.isfinite(matrix.counts[4][matrix.opened[4]]).all()


def test_rows_of_other_queues_and_of_closed_hours_are_not_read() -> None:
    mine = make_history(days=7)
    other = mine.assign(queue="other", offered=1e6)
    night = mine.assign(start=mine["start"] + pd.Timedelta(hours=12), offered=1e6)
    cutoff = midnight(date(2025, 1, 13))
    matrix = day_matrix(QUEUE, known_rows(QUEUE, pd.concat([other, night, mine]), cutoff), cutoff, LONGEST)
    assert np.nansum(matrix.counts) == mine["offered"].sum()


def test_an_interval_that_ends_at_the_cutoff_is_known_and_one_that_ends_later_is_not() -> None:
    history = make_history(days=7)
    start = history["start"].iloc[25]
    half_hour = pd.Timedelta(minutes=30)
    assert known_rows(QUEUE, history, start + half_hour)["start"].max() == start
    assert known_rows(QUEUE, history, start + half_hour - pd.Timedelta(seconds=1))["start"].max() < start


@pytest.mark.parametrize(
    ("cutoff", "last"),
    [
        ("2025-01-15 00:00", date(2025, 1, 14)),
        ("2025-01-15 12:00", date(2025, 1, 14)),
        ("2025-01-15 17:59", date(2025, 1, 14)),
        ("2025-01-15 18:00", date(2025, 1, 15)),
        ("2025-01-15 23:00", date(2025, 1, 15)),
    ],
)
def test_a_day_is_whole_once_its_last_open_interval_has_ended(cutoff: str, last: date) -> None:
    assert last_whole_day(QUEUE, pd.Timestamp(cutoff, tz=QUEUE.timezone)) == last


def test_a_day_the_cutoff_falls_into_is_no_day_of_the_matrix() -> None:
    history = make_history(days=10)
    cutoff = pd.Timestamp("2025-01-14 13:00", tz=QUEUE.timezone)
    matrix = day_matrix(QUEUE, known_rows(QUEUE, history, cutoff), cutoff, LONGEST)
    assert matrix.days[-1] == pd.Timestamp("2025-01-13")


def test_only_the_latest_days_are_laid_out_when_history_is_longer_than_asked() -> None:
    history = make_history(days=60)
    cutoff = midnight(date(2025, 3, 7))
    matrix = day_matrix(QUEUE, known_rows(QUEUE, history, cutoff), cutoff, 20)
    assert len(matrix.days) == 20
    assert matrix.days[-1] == pd.Timestamp("2025-03-06")


def test_opening_hours_past_midnight_belong_to_the_next_day() -> None:
    late = Queue(
        id="late",
        interval_min=60,
        hours=(OpeningSpan(weekdays=frozenset({4}), open_min=1320, close_min=1500),),
    )
    opened = opening(late)
    assert np.argwhere(opened).tolist() == [[4, 22], [4, 23], [5, 0]]


@pytest.mark.parametrize(
    ("change", "says"),
    [
        (lambda rows: pd.concat([rows, rows.iloc[[3]]]), "stand twice"),
        (lambda rows: rows.assign(offered=rows["offered"].where(rows.index != 5, np.inf)), "offered is inf"),
        (lambda rows: rows.assign(offered=rows["offered"].where(rows.index != 5, -2.0)), "offered is -2"),
        (lambda rows: rows.assign(queue="somebody else"), "has nothing up to"),
        (
            lambda rows: rows.assign(start=rows["start"] + pd.Timedelta(minutes=7)),
            "do not start on its 30 min grid",
        ),
        (lambda rows: rows.iloc[::2], "intervals of 60 min"),
    ],
    ids=["doubled", "infinite", "negative", "other queue", "off the grid", "longer intervals"],
)
def test_a_fault_of_the_history_is_one_message_that_names_the_queue(
    change: Callable[[pd.DataFrame], pd.DataFrame], says: str
) -> None:
    faulty = change(make_history(days=14))
    cutoff = midnight(date(2025, 1, 20))
    with pytest.raises(InputError, match=says) as caught:
        day_matrix(QUEUE, known_rows(QUEUE, faulty, cutoff), cutoff, LONGEST)
    assert "queue 'hotline'" in str(caught.value)


def test_a_count_that_is_not_known_is_a_gap() -> None:
    history = make_history(days=7)
    history.loc[4, "offered"] = np.nan
    cutoff = midnight(date(2025, 1, 13))
    matrix = day_matrix(QUEUE, known_rows(QUEUE, history, cutoff), cutoff, LONGEST)
    assert np.isnan(matrix.counts[0][matrix.opened[0]]).sum() == 1


def test_an_hourly_queue_reads_its_own_grid() -> None:
    hourly = replace(QUEUE, interval_min=60)
    cutoff = midnight(date(2025, 1, 13))
    matrix = day_matrix(hourly, known_rows(hourly, make_history(hourly, days=7), cutoff), cutoff, LONGEST)
    assert matrix.counts.shape == (7, 24)
    assert np.isfinite(matrix.counts).sum() == 70

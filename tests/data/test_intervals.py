from __future__ import annotations

from datetime import date, timedelta

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from data.domain import ALL_WEEKDAYS, OpeningSpan, Queue
from data.errors import InputError
from data.intervals import clock, day_span, grid, is_open, local_midnight
from tests.oracles.local_grid import local_grid

WORKWEEK = frozenset(range(5))

# Summer time in both hemispheres, clocks that skip or repeat midnight, odd offsets, a half-hour change, a lost day.
ZONES = (
    "UTC",
    "Asia/Shanghai",
    "Europe/Berlin",
    "America/New_York",
    "America/Sao_Paulo",
    "America/Havana",
    "Asia/Beirut",
    "Asia/Jerusalem",
    "Asia/Kathmandu",
    "Africa/Cairo",
    "Australia/Lord_Howe",
    "Pacific/Apia",
    "Pacific/Chatham",
)


def queue(timezone: str = "UTC", interval_min: int = 30, *hours: OpeningSpan) -> Queue:
    return Queue(id="q", timezone=timezone, interval_min=interval_min, hours=hours or (OpeningSpan(),))


@pytest.mark.parametrize(
    ("timezone", "day", "hours"),
    [
        ("Asia/Shanghai", date(2025, 3, 30), 24),
        ("Europe/Berlin", date(2025, 3, 30), 23),
        ("Europe/Berlin", date(2025, 10, 26), 25),
        ("America/New_York", date(2025, 3, 9), 23),
        ("America/New_York", date(2025, 11, 2), 25),
        ("America/Sao_Paulo", date(2018, 11, 4), 23),
        ("America/Sao_Paulo", date(2018, 2, 17), 25),
        ("Asia/Beirut", date(2024, 3, 31), 23),
        ("America/Havana", date(2025, 11, 2), 25),
        ("Australia/Lord_Howe", date(2025, 4, 6), 24.5),
        ("Pacific/Apia", date(2011, 12, 30), 0),
    ],
)
@pytest.mark.parametrize("interval_min", [15, 30])
def test_a_day_has_as_many_intervals_as_its_hours_hold(
    timezone: str, day: date, hours: float, interval_min: int
) -> None:
    frame = grid(queue(timezone, interval_min), day, 1)
    assert len(frame) == hours * 60 / interval_min
    assert (frame["date"] == pd.Timestamp(day)).all()


def test_an_hour_that_comes_twice_is_open_twice() -> None:
    frame = grid(queue("Europe/Berlin", 60, OpeningSpan(open_min=120, close_min=240)), date(2025, 10, 26), 1)
    assert frame["minute"].to_list() == [120, 120, 180]
    assert frame["start"].is_unique


def test_an_hour_that_is_skipped_is_not_in_the_grid() -> None:
    frame = grid(queue("Europe/Berlin", 60, OpeningSpan(open_min=60, close_min=240)), date(2025, 3, 30), 1)
    assert frame["minute"].to_list() == [60, 180]


@pytest.mark.parametrize(
    ("timezone", "day", "midnight"),
    [
        ("Asia/Shanghai", date(2025, 1, 1), "2024-12-31 16:00"),
        ("America/Sao_Paulo", date(2018, 11, 4), "2018-11-04 03:00"),
        ("Asia/Beirut", date(2024, 3, 31), "2024-03-30 22:00"),
        ("America/Havana", date(2025, 11, 2), "2025-11-02 04:00"),
        ("Pacific/Apia", date(2011, 12, 30), "2011-12-30 10:00"),
        ("Pacific/Apia", date(2011, 12, 31), "2011-12-30 10:00"),
    ],
)
def test_a_day_begins_at_its_first_instant_also_where_midnight_is_skipped_or_repeated(
    timezone: str, day: date, midnight: str
) -> None:
    assert local_midnight(day, timezone) == pd.Timestamp(midnight, tz="UTC")
    assert local_midnight(day, timezone).unit == "us"


def test_a_span_of_days_runs_from_midnight_to_midnight() -> None:
    start, end = day_span(date(2025, 3, 30), 2, "Europe/Berlin")
    assert start == pd.Timestamp("2025-03-30", tz="Europe/Berlin")
    assert end - start == pd.Timedelta(hours=47)


def test_an_unknown_zone_is_an_input_error_that_says_the_repair() -> None:
    with pytest.raises(InputError, match="Give an IANA name"):
        local_midnight(date(2025, 1, 1), "Asia/Peking")


def test_the_clock_tells_local_day_weekday_and_minute() -> None:
    starts = pd.DatetimeIndex(["2025-01-05 16:30", "2025-01-06 15:59"], tz="UTC")
    frame = clock(starts, "Asia/Shanghai")
    assert frame["date"].to_list() == [pd.Timestamp("2025-01-06"), pd.Timestamp("2025-01-06")]
    assert frame["weekday"].to_list() == [0, 0]
    assert frame["minute"].to_list() == [30, 1439]
    assert {str(kind) for kind in frame.dtypes} == {"datetime64[us]", "int64"}


def test_hours_past_midnight_open_the_next_day_and_nothing_before_the_first() -> None:
    night = OpeningSpan(weekdays=frozenset({4}), open_min=20 * 60, close_min=26 * 60)
    frame = grid(queue("Asia/Shanghai", 60, night), date(2025, 1, 3), 2)  # a Friday
    assert frame["weekday"].to_list() == [4, 4, 4, 4, 5, 5]
    assert frame["minute"].to_list() == [1200, 1260, 1320, 1380, 0, 60]


def test_a_night_that_began_the_day_before_the_grid_is_in_it() -> None:
    night = OpeningSpan(weekdays=frozenset({6}), open_min=22 * 60, close_min=30 * 60)
    frame = grid(queue("UTC", 60, night), date(2025, 1, 6), 1)  # Monday after Sunday's night
    assert frame["minute"].to_list() == [0, 60, 120, 180, 240, 300]


def test_spans_that_overlap_count_once() -> None:
    frame = grid(
        queue("UTC", 60, OpeningSpan(open_min=480, close_min=720), OpeningSpan(open_min=600, close_min=780)),
        date(2025, 1, 6),
        1,
    )
    assert frame["minute"].to_list() == [480, 540, 600, 660, 720]


def test_a_closed_queue_has_an_empty_grid_with_its_columns() -> None:
    frame = grid(queue("UTC", 30, OpeningSpan(weekdays=WORKWEEK)), date(2025, 1, 4), 2)  # a weekend
    assert frame.empty
    assert frame.columns.to_list() == ["start", "date", "weekday", "minute"]
    assert str(frame["start"].dtype) == "datetime64[us, UTC]"


def test_no_days_make_an_empty_grid() -> None:
    assert grid(queue(), date(2025, 1, 4), 0).empty


def test_a_finer_step_splits_every_interval_evenly() -> None:
    coarse = grid(queue("UTC", 60), date(2025, 1, 6), 1)
    fine = grid(queue("UTC", 60), date(2025, 1, 6), 1, step_min=15)
    assert len(fine) == 4 * len(coarse)
    assert set(coarse["start"]) <= set(fine["start"])


def test_an_hour_grid_stays_on_the_clock_after_a_half_hour_change() -> None:
    frame = grid(queue("Australia/Lord_Howe", 60), date(2025, 4, 5), 3)
    after = frame.loc[frame["date"] == pd.Timestamp("2025-04-07"), "minute"]
    assert after.to_list() == list(range(0, 1440, 60))


def test_open_minutes_include_the_opening_and_exclude_the_close() -> None:
    hours = (OpeningSpan(weekdays=frozenset({0}), open_min=540, close_min=1020),)
    minutes = np.array([539, 540, 1019, 1020])
    assert is_open(np.zeros(4, dtype=int), minutes, hours).tolist() == [False, True, True, False]


@st.composite
def queues(draw: st.DrawFn) -> Queue:
    step = draw(st.sampled_from([15, 30, 60]))
    spans = []
    for _ in range(draw(st.integers(1, 3))):
        opening = draw(st.integers(0, 1440 // step - 1))
        length = draw(st.integers(1, 1440 // step))
        weekdays = draw(st.frozensets(st.integers(0, 6), max_size=7)) or ALL_WEEKDAYS
        spans.append(
            OpeningSpan(weekdays=weekdays, open_min=step * opening, close_min=step * (opening + length))
        )
    return queue(draw(st.sampled_from(ZONES)), step, *spans)


@settings(max_examples=150, deadline=None)
@given(queue=queues(), first=st.dates(date(2000, 1, 1), date(2027, 12, 31)), days=st.integers(1, 4))
def test_grid_intervals_lie_in_the_span_without_overlap_and_are_those_of_a_plain_loop(
    queue: Queue, first: date, days: int
) -> None:
    frame = grid(queue, first, days)
    starts = frame["start"]
    step = pd.Timedelta(minutes=queue.interval_min)
    begin, end = day_span(first, days, queue.timezone)
    assert starts.diff().dropna().ge(step).all()
    assert starts.between(begin, end - step).all()
    assert [start.to_pydatetime() for start in starts] == local_grid(queue, first, days)


@pytest.mark.parametrize("timezone", ZONES)
@pytest.mark.parametrize(
    "first", [date(2024, 3, 28), date(2024, 10, 24), date(2011, 12, 28), date(2018, 11, 2)]
)
def test_the_grid_of_a_week_is_the_grids_of_its_days_in_turn(timezone: str, first: date) -> None:
    q = queue(timezone, 60)
    days = pd.concat([grid(q, first + timedelta(days=n), 1) for n in range(7)], ignore_index=True)
    pd.testing.assert_frame_equal(grid(q, first, 7), days)

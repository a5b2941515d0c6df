"""Patterns become shifts on a clock that summer time does not fool."""

from __future__ import annotations

from datetime import UTC, date, timedelta

from data.domain import BreakRule, ShiftPattern
from scheduling.shifts import Horizon, all_shifts, break_offsets, cover, shifts_on, wall_clock, week_of

BERLIN = "Europe/Berlin"
SPRING, AUTUMN = date(2025, 3, 30), date(2025, 10, 26)


def test_a_day_has_as_many_minutes_as_its_clock_shows() -> None:
    assert Horizon(SPRING, 1, BERLIN).midnight_min(1) == 23 * 60
    assert Horizon(AUTUMN, 1, BERLIN).midnight_min(1) == 25 * 60
    assert Horizon(date(2025, 6, 1), 1, BERLIN).midnight_min(1) == 24 * 60


def test_an_instant_and_its_elapsed_minutes_are_each_other_s_inverse() -> None:
    horizon = Horizon(AUTUMN, 2, BERLIN)
    for minute in range(0, horizon.midnight_min(2), 30):
        assert horizon.elapsed_min(horizon.instant(minute)) == minute


def test_a_shift_across_the_hour_shown_twice_lasts_its_length() -> None:
    night = ShiftPattern(id="night", start_earliest_min=0, start_latest_min=0, length_min=480)
    horizon = Horizon(AUTUMN, 1, BERLIN)
    (shift,) = shifts_on(night, horizon, 0)
    start, end = horizon.instant(shift.start_min), horizon.instant(shift.end_min)
    assert end.astimezone(UTC) - start.astimezone(UTC) == timedelta(hours=8)
    assert (start.hour, end.hour) == (0, 7)


def test_a_start_the_clock_skips_counts_on_from_the_hour_before() -> None:
    assert wall_clock(SPRING, 150, BERLIN).astimezone(UTC).hour == 1
    assert wall_clock(SPRING, 150, BERLIN).hour == 3


def test_a_pattern_starts_on_its_weekdays_and_on_every_step_of_its_window() -> None:
    pattern = ShiftPattern(
        id="p", weekdays=frozenset({0}), start_earliest_min=480, start_latest_min=600, start_step_min=60
    )
    monday = Horizon(date(2025, 6, 2), 2, "UTC")
    assert [shift.start_min for shift in all_shifts([pattern], monday)] == [480, 540, 600]


def test_a_shift_past_midnight_is_overnight_and_one_up_to_midnight_is_not() -> None:
    horizon = Horizon(date(2025, 6, 2), 2, "UTC")
    pattern = ShiftPattern(
        id="p", start_earliest_min=960, start_latest_min=990, start_step_min=30, length_min=480
    )
    assert [shift.overnight for shift in shifts_on(pattern, horizon, 0)] == [False, True]


def test_break_starts_lie_on_the_grid_from_the_earliest_on() -> None:
    rule = BreakRule(kind="meal", length_min=30, earliest_min=100, latest_min=145)
    assert list(break_offsets(rule, 15)) == [100, 115, 130, 145]
    assert list(break_offsets(rule, 60)) == [100]


def test_cover_shares_out_parts_of_slots() -> None:
    assert cover(20, 75, 30) == [(0, 1 / 3), (1, 1.0), (2, 0.5)]
    assert cover(30, 60, 30) == [(1, 1.0)]


def test_weeks_run_from_monday_to_sunday() -> None:
    assert week_of(date(2025, 6, 2)) == week_of(date(2025, 6, 8)) == week_of(date(2025, 6, 1)) + 1

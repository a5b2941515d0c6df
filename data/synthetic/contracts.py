"""Contracts and shift patterns of the synthetic centre: full time, part time, and four long days."""

from __future__ import annotations

from data.domain import BreakRule, Contract, ShiftPattern

START_STEP_MIN = 30


def _rest(earliest_min: int, latest_min: int) -> BreakRule:
    return BreakRule(kind="rest", length_min=15, earliest_min=earliest_min, latest_min=latest_min, paid=True)


def _meal(earliest_min: int, latest_min: int) -> BreakRule:
    return BreakRule(kind="meal", length_min=60, earliest_min=earliest_min, latest_min=latest_min)


def _pattern(
    name: str, starts_min: tuple[int, int], length_min: int, breaks: tuple[BreakRule, ...], cost_per_h: float
) -> ShiftPattern:
    return ShiftPattern(
        id=name,
        start_earliest_min=starts_min[0],
        start_latest_min=starts_min[1],
        start_step_min=START_STEP_MIN,
        length_min=length_min,
        breaks=breaks,
        cost_per_h=cost_per_h,
    )


_EIGHT_HOURS = (_rest(75, 135), _meal(195, 315), _rest(390, 465))
_TEN_HOURS = (_rest(90, 165), _meal(240, 360), _rest(465, 570))
_FOUR_HOURS = (_rest(90, 150),)
_FIVE_HOURS = (_rest(105, 195),)

PATTERNS: tuple[ShiftPattern, ...] = (
    _pattern("early", (7 * 60, 8 * 60 + 30), 540, _EIGHT_HOURS, 1.0),
    _pattern("day", (9 * 60, 11 * 60 + 30), 540, _EIGHT_HOURS, 1.0),
    _pattern("late", (12 * 60, 14 * 60), 540, _EIGHT_HOURS, 1.1),
    _pattern("long", (7 * 60, 12 * 60), 660, _TEN_HOURS, 1.0),
    _pattern("part_4h", (7 * 60, 19 * 60), 240, _FOUR_HOURS, 1.0),
    _pattern("part_5h", (7 * 60, 18 * 60), 300, _FIVE_HOURS, 1.0),
)
"""Eight paid hours around an unpaid meal with two paid rests, ten likewise, and shifts of four and five hours."""

CONTRACTS: tuple[Contract, ...] = (
    Contract(
        id="full_time",
        min_h_per_week=32,
        max_h_per_week=40,
        max_days_per_week=5,
        max_consecutive_days=6,
        patterns=frozenset({"early", "day", "late"}),
    ),
    Contract(
        id="part_time",
        min_h_per_week=16,
        max_h_per_week=25,
        max_days_per_week=5,
        max_consecutive_days=6,
        patterns=frozenset({"part_4h", "part_5h"}),
        cost_per_h=0.95,
    ),
    Contract(
        id="four_day",
        min_h_per_week=30,
        max_h_per_week=40,
        max_days_per_week=4,
        max_consecutive_days=4,
        patterns=frozenset({"long"}),
        cost_per_h=1.05,
    ),
)

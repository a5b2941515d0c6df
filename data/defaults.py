"""What a new workspace starts with, so that a centre can be rostered with only its agents imported."""

from __future__ import annotations

from data.domain import BreakRule, Contract, ShiftPattern

CONTRACTS: tuple[Contract, ...] = (
    Contract(
        id="standard",
        max_h_per_week=40,
        max_days_per_week=5,
        max_consecutive_days=6,
        min_rest_h=11,
    ),
)
"""One full-time contract: 40 paid hours and 5 days a week, 11 h rest, every pattern."""

PATTERNS: tuple[ShiftPattern, ...] = (
    ShiftPattern(
        id="day_9h",
        start_earliest_min=6 * 60,
        start_latest_min=15 * 60,
        length_min=9 * 60,
        breaks=(BreakRule(kind="meal", length_min=60, earliest_min=180, latest_min=330),),
    ),
    ShiftPattern(
        id="short_5h",
        start_earliest_min=6 * 60,
        start_latest_min=19 * 60,
        length_min=5 * 60,
    ),
)
"""A day of 8 paid hours around an unpaid meal, and a short shift without one. Both start every half-hour."""

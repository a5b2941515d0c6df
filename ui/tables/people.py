"""People, contracts and patterns in words."""

from __future__ import annotations

from collections.abc import Sequence

import pandas as pd

from data.domain import ALL_WEEKDAYS, Agent, Contract, ShiftPattern

WEEKDAYS = ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun")


def agents(people: Sequence[Agent]) -> pd.DataFrame:
    """Row per person."""
    return pd.DataFrame(
        {
            "Name": [agent.name for agent in people],
            "Id": [agent.id for agent in people],
            "Team": [agent.team for agent in people],
            "Skills": [", ".join(sorted(agent.skills)) for agent in people],
            "Contract": [agent.contract for agent in people],
            "Days off": [len(agent.time_off) for agent in people],
            "Wishes": [len(agent.wishes) for agent in people],
        }
    )


def patterns(found: Sequence[ShiftPattern]) -> pd.DataFrame:
    """Row per shift pattern."""
    return pd.DataFrame(
        {
            "Pattern": [pattern.id for pattern in found],
            "Days": [weekdays(pattern.weekdays) for pattern in found],
            "Starts": [_starts(pattern) for pattern in found],
            "Length": [_hours(pattern.length_min) for pattern in found],
            "Paid": [_hours(pattern.paid_min) for pattern in found],
            "Breaks": [
                ", ".join(f"{rule.kind} {rule.length_min} min" for rule in pattern.breaks) or "–"
                for pattern in found
            ],
        }
    )


def contracts(found: Sequence[Contract]) -> pd.DataFrame:
    """Row per contract."""
    return pd.DataFrame(
        {
            "Contract": [contract.id for contract in found],
            "Hours a week": [
                f"{contract.min_h_per_week:g}–{contract.max_h_per_week:g}" for contract in found
            ],
            "Days a week": [f"≤ {contract.max_days_per_week}" for contract in found],
            "Days in a row": [f"≤ {contract.max_consecutive_days}" for contract in found],
            "Rest": [f"≥ {contract.min_rest_h:g} h" for contract in found],
            "Patterns": [", ".join(sorted(contract.patterns)) or "all" for contract in found],
        }
    )


def weekdays(days: frozenset[int]) -> str:
    """Weekdays in words."""
    return "every day" if days == ALL_WEEKDAYS else ", ".join(WEEKDAYS[day] for day in sorted(days))


def clock(minute: int) -> str:
    """Return a minute of the day as "08:30"."""
    return f"{minute // 60:02d}:{minute % 60:02d}"


def _starts(pattern: ShiftPattern) -> str:
    if pattern.start_earliest_min == pattern.start_latest_min:
        return clock(pattern.start_earliest_min)
    return f"{clock(pattern.start_earliest_min)}–{clock(pattern.start_latest_min)}, every {pattern.start_step_min} min"


def _hours(minutes: int) -> str:
    return f"{minutes / 60:g} h"

"""Activities inside shifts, in words."""

from __future__ import annotations

from collections.abc import Sequence

import pandas as pd

from data.activities import Activity, Gathering
from ui.tables.people import clock, weekdays


def activities(found: Sequence[Activity]) -> pd.DataFrame:
    """Row per activity."""
    return pd.DataFrame(
        {
            "Activity": [activity.id for activity in found],
            "Kind": [activity.kind for activity in found],
            "Length": [f"{activity.length_min} min" for activity in found],
            "For": [_who(activity) for activity in found],
            "Together": [_together(activity) for activity in found],
            "When": [_when(activity) for activity in found],
            "Times": ["once a week" if activity.weekly else "once" for activity in found],
            "Leave out at": [
                "no price" if activity.price is None else f"{activity.price:g}" for activity in found
            ],
        }
    )


def _who(activity: Activity) -> str:
    if activity.people:
        named = sorted(activity.people)
        return ", ".join(named) if len(named) <= 3 else f"{len(named)} people"
    if activity.team:
        return f"team {activity.team}"
    return f"skill {activity.skill}" if activity.skill else "everybody"


def _together(activity: Activity) -> str:
    sizes = {
        Gathering.ALL: "all at once" + (f", at least {activity.least}" if activity.least > 1 else ""),
        Gathering.GROUPS: f"groups of {activity.least}–{activity.most or 'all'}",
        Gathering.ALONE: "alone",
    }
    return sizes[activity.gathering] + (f", with {activity.coach}" if activity.coach else "")


def _when(activity: Activity) -> str:
    parts = [weekdays(activity.weekdays), f"{clock(activity.from_min)}–{clock(activity.until_min)}"]
    if activity.first is not None:
        parts.append(f"from {activity.first}")
    if activity.last is not None:
        parts.append(f"until {activity.last}")
    return ", ".join(parts)

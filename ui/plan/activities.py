"""Activities of a roster: sessions, who is left out, and what they cost in contacts."""

from __future__ import annotations

from dataclasses import dataclass

import pandas as pd

from data.activities import Activity
from data.domain import Roster, zone
from data.errors import UnknownNameError
from data.store import Workspace
from scheduling.activities.left_out import left_out
from scheduling.activities.solving import without_activities
from ui.plan.before import kept_before
from ui.plan.judging import judge
from ui.plan.roster_demand import RosterDemand

COST = "activities_cost"
"""Name under which a roster keeps what its activities cost."""

COST_COLUMNS = ["queue", "date", "offered", "answered", "answered_without"]
SESSION_COLUMNS = ["activity", "kind", "start", "end", "agent_ids", "coach"]


@dataclass(frozen=True, slots=True)
class RosterActivities:
    """Activities of a stored roster.

    Parameters
    ----------
    sessions
        Columns activity, kind, start, end (local instants), agent_ids (of those it is for), coach ("" where there is
        none); by start.
    left_out
        See `scheduling.activities.left_out.left_out`.
    cost
        Columns queue, date, offered, answered, answered_without: contacts answered with activities, and by the same
        people if they had none; empty where the roster has none.
    """

    sessions: pd.DataFrame
    left_out: pd.DataFrame
    cost: pd.DataFrame


def cost_of_activities(
    workspace: Workspace, roster: Roster, asked: RosterDemand, curves: pd.DataFrame, days: pd.DataFrame
) -> pd.DataFrame:
    """What the activities of a roster cost, by queue and day, see `RosterActivities`.

    Parameters
    ----------
    asked, curves
        What the roster is judged by.
    days
        Its own answer rates by day.
    """
    if not any(shift.activities for shift in roster.assignments):
        return pd.DataFrame(columns=COST_COLUMNS)
    bare = judge(workspace, without_activities(roster), asked, curves).evaluation.days
    without = bare.set_index(["queue", "date"])["answered"].rename("answered_without")
    return days.join(without, on=["queue", "date"])[COST_COLUMNS].reset_index(drop=True)


def activities_of(workspace: Workspace, name: str) -> RosterActivities:
    """Activities of a stored roster, by what the workspace holds today."""
    roster, known = workspace.roster(name), workspace.activities()
    try:
        cost = workspace.roster_part(name, COST)
    except UnknownNameError:
        cost = pd.DataFrame(columns=COST_COLUMNS)
    missing = left_out(roster, known, workspace.agents(), kept_before(workspace, name).shifts)
    return RosterActivities(_sessions(roster, {activity.id: activity for activity in known}), missing, cost)


def _sessions(roster: Roster, known: dict[str, Activity]) -> pd.DataFrame:
    place = zone(roster.timezone)
    seats = [
        (part.start.astimezone(place), part.activity, part.kind, part.end.astimezone(place), shift.agent_id)
        for shift in roster.assignments
        for part in shift.activities
    ]
    coaches = {name: activity.coach for name, activity in known.items()}
    rows = []
    for start, activity, kind, end in sorted({seat[:4] for seat in seats}):
        there = sorted(seat[4] for seat in seats if seat[:4] == (start, activity, kind, end))
        coach = coaches.get(activity, "")
        rows.append(
            {
                "activity": activity,
                "kind": kind,
                "start": pd.Timestamp(start),
                "end": pd.Timestamp(end),
                "agent_ids": [name for name in there if name != coach],
                "coach": coach if coach in there else "",
            }
        )
    return pd.DataFrame(rows, columns=SESSION_COLUMNS)

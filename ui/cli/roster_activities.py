"""What the roster commands print about activities."""

from __future__ import annotations

from typing import Any

import pandas as pd
from rich.console import RenderableType

from ui.cli.output import records, table
from ui.plan.activities import RosterActivities

SHOWN = 20
"""Sessions and people left out that are listed; --json lists every one."""


def activities_document(found: RosterActivities) -> dict[str, list[dict[str, Any]]]:
    """Sessions, people left out, contacts lost."""
    return {
        "sessions": records(found.sessions),
        "left_out_of_activities": records(found.left_out),
        "activities_cost": records(found.cost),
    }


def activities_text(found: RosterActivities) -> list[RenderableType]:
    """Sessions, people left out, contacts lost; nothing where there are no activities."""
    if found.sessions.empty and found.left_out.empty:
        return []
    shown: list[RenderableType] = [cost_line(found)]
    if len(found.sessions):
        rows = found.sessions.head(SHOWN)
        frame = pd.DataFrame(
            {
                "activity": rows["activity"],
                "when": [
                    f"{start:%a %d %b %H:%M}–{end:%H:%M}"
                    for start, end in zip(rows["start"], rows["end"], strict=True)
                ],
                "people": [len(people) for people in rows["agent_ids"]],
                "coach": rows["coach"],
            }
        )
        shown.append(table(frame, title=_cut("Sessions", len(found.sessions))))
    due = found.left_out.loc[found.left_out["due"].astype(bool)]
    if len(due):
        columns = ["activity", "name", "reason"]
        shown.append(table(due[columns].head(SHOWN), title=_cut("Left out of activities", len(due))))
    later = len(found.left_out) - len(due)
    if later:
        shown.append(f"{later:,} times somebody has an activity still to come, after this roster.")
    return shown


def cost_line(found: RosterActivities) -> str:
    """How many people are in sessions, and what that costs."""
    people = sum(len(each) for each in found.sessions["agent_ids"])
    line = f"Activities: {people:,} people in {len(found.sessions):,} sessions"
    sums = found.cost.groupby("queue", sort=False)[["offered", "answered", "answered_without"]].sum()
    parts = []
    for queue, offered, answered, without in sums.astype(float).itertuples(name=None):
        points = 100 * (without - answered) / offered if offered else 0.0
        parts.append(f"{without - answered:,.1f} contacts answered on {queue} ({points:.2f} points)")
    return f"{line}; they cost {', '.join(parts)}." if parts else f"{line}."


def _cut(title: str, count: int) -> str:
    return f"{title}, the first {SHOWN} of {count:,}" if count > SHOWN else title

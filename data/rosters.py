"""A roster as a frame and back: one row a stretch of work, a break or an activity.

The rows of a shift touch each other and do not overlap: work until the break, the break, work again. `activity`
is "work" or the kind of break; a paid break carries the suffix ":paid" ("rest:paid"), an activity its kind and name
("activity:training:fraud update"), so that nothing is lost.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import UTC, date, datetime
from itertools import groupby
from typing import NamedTuple

import pandas as pd

from data.domain import Agent, Assignment, Break, PlacedActivity, Roster
from data.errors import InputError
from data.schema import ROSTER, conform, empty, require

WORK = "work"
PAID_SUFFIX = ":paid"
ACTIVITY = "activity"


class _Row(NamedTuple):
    agent_id: str
    day: date
    shift_id: str
    start: datetime
    end: datetime
    activity: str


def roster_frame(roster: Roster, agents: Sequence[Agent]) -> pd.DataFrame:
    """Lay a roster out as rows.

    Parameters
    ----------
    roster
        Its assignments.
    agents
        Everyone who is rostered; gives the skills.

    Returns
    -------
    DataFrame
        ROSTER schema, sorted by person and start.

    Raises
    ------
    InputError
        Someone is rostered who is not among the agents.
    """
    skills = {agent.id: ";".join(sorted(agent.skills)) for agent in agents}
    strangers = {assignment.agent_id for assignment in roster.assignments} - skills.keys()
    if strangers:
        listed = ", ".join(sorted(strangers))
        raise InputError(f"roster {roster.name!r} names unknown agents: {listed}. Import the agents first.")
    rows = [row for assignment in roster.assignments for row in _rows(assignment)]
    if not rows:
        return empty(ROSTER)
    frame = pd.DataFrame.from_records(
        rows, columns=["agent_id", "date", "shift_id", "start", "end", "activity"]
    )
    frame["skill"] = frame["agent_id"].map(skills)
    frame["date"] = pd.to_datetime(frame["date"])
    frame["start"] = pd.to_datetime(frame["start"], utc=True)
    frame["end"] = pd.to_datetime(frame["end"], utc=True)
    return conform(frame, ROSTER).sort_values(["agent_id", "start"], ignore_index=True)


def roster_from_frame(frame: pd.DataFrame, name: str, first: date, days: int, timezone: str) -> Roster:
    """Read a roster back from its rows; times come back in UTC.

    Parameters
    ----------
    frame
        ROSTER schema, in any order.
    name, first, days, timezone
        As in `Roster`.

    Raises
    ------
    SchemaError
        The frame does not keep its schema.
    InputError
        Rows of one person overlap.
    """
    rows = require(frame, ROSTER).sort_values(["agent_id", "start"])
    _refuse_overlaps(rows)
    assignments = tuple(_assignment(shift) for shift in _shifts(rows))
    return Roster(name=name, first=first, days=days, timezone=timezone, assignments=assignments)


def _rows(assignment: Assignment) -> Iterator[tuple[str, date, str, datetime, datetime, str]]:
    """Cut a shift at breaks and activities; one at its very start or end leaves no empty stretch of work."""
    key = (assignment.agent_id, assignment.day, assignment.pattern)
    at = assignment.start
    for part in sorted(assignment.away, key=lambda part: part.start):
        if at < part.start:
            yield (*key, at, part.start, WORK)
        yield (*key, part.start, part.end, _written(part))
        at = part.end
    if at < assignment.end:
        yield (*key, at, assignment.end, WORK)


def _written(part: Break | PlacedActivity) -> str:
    if isinstance(part, PlacedActivity):
        return f"{ACTIVITY}:{part.kind}:{part.activity}"
    return part.kind + PAID_SUFFIX * part.paid


def _read(row: _Row) -> Break | PlacedActivity:
    # Neither kinds nor names hold colons, so that a paid break of the kind "activity" has one and an activity two.
    parts = row.activity.split(":")
    if len(parts) == 3 and parts[0] == ACTIVITY:
        return PlacedActivity(activity=parts[2], kind=parts[1], start=row.start, end=row.end)
    kind = row.activity.removesuffix(PAID_SUFFIX)
    return Break(kind=kind, start=row.start, end=row.end, paid=row.activity.endswith(PAID_SUFFIX))


def _shifts(rows: pd.DataFrame) -> Iterator[list[_Row]]:
    """Group rows to shifts: same person, day and pattern, each row beginning where the last one ended."""
    ordered = [
        _Row(*values)
        for values in zip(
            rows["agent_id"].tolist(),
            [moment.date() for moment in rows["date"].tolist()],
            rows["shift_id"].tolist(),
            _moments(rows["start"]),
            _moments(rows["end"]),
            rows["activity"].tolist(),
            strict=True,
        )
    ]
    for _, group in groupby(ordered, key=lambda row: (row.agent_id, row.day, row.shift_id)):
        shift: list[_Row] = []
        for row in group:
            if shift and row.start != shift[-1].end:
                yield shift
                shift = []
            shift.append(row)
        yield shift


def _refuse_overlaps(rows: pd.DataFrame) -> None:
    same = rows["agent_id"].eq(rows["agent_id"].shift(-1))
    overlaps = rows.loc[same & (rows["end"] > rows["start"].shift(-1))]
    if len(overlaps):
        row = overlaps.iloc[0]
        raise InputError(
            f"{row['agent_id']} has rows that overlap at {row['end']:%Y-%m-%d %H:%M} UTC. Correct their times."
        )


def _moments(values: pd.Series) -> list[datetime]:
    return [moment.to_pydatetime().replace(tzinfo=UTC) for moment in values.tolist()]


def _assignment(shift: list[_Row]) -> Assignment:
    parts = [_read(row) for row in shift if row.activity != WORK]
    head = shift[0]
    return Assignment(
        agent_id=head.agent_id,
        day=head.day,
        pattern=head.shift_id,
        start=head.start,
        end=shift[-1].end,
        breaks=tuple(part for part in parts if isinstance(part, Break)),
        activities=tuple(part for part in parts if isinstance(part, PlacedActivity)),
    )

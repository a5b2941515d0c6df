"""What every format is given: a roster and its people, checked at the door."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

import pandas as pd

from data.domain import Agent, Roster, ShiftPattern
from data.errors import InputError, UnknownNameError
from data.schema import COVERAGE, Column, Schema, conform

DAYS = Schema(
    "days",
    (
        Column("queue", "text", "", "Queue the row belongs to"),
        Column("date", "date", "", "Local day"),
        Column("offered", "number", "contacts", "Expected contacts offered", lower=0),
        Column("answered", "number", "contacts", "Expected contacts answered", lower=0),
        Column("answer_rate", "number", "fraction", "Answered / offered", nullable=True, lower=0, upper=1),
        Column("target", "number", "fraction", "Answer rate to be reached", nullable=True, lower=0, upper=1),
    ),
    ("queue", "date"),
)
"""Answer rate of each queue and day; against its target where that is counted over the day."""

TARGETS = Schema(
    "targets",
    (
        Column("queue", "text", "", "Queue the row belongs to"),
        Column("period", "text", "", "Over what the target is counted: interval, day, week, month"),
        Column("start", "timestamp", "", "Instant its first interval begins"),
        Column("first", "date", "", "First local day of the span"),
        Column("last", "date", "", "Last local day of the span"),
        *DAYS.columns[2:5],
        Column("target", "number", "fraction", "Answer rate to be reached", lower=0, upper=1),
    ),
    ("queue", "start"),
)
"""Each target over its own spans."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Content:
    """A roster with everything an export may show of it.

    Parameters
    ----------
    roster
        The roster.
    agents
        The people in it, and those who have no shift.
    coverage
        COVERAGE frame; None where it was not computed.
    days
        Frame of `DAYS`; None where it was not computed.
    targets
        Frame of `TARGETS`; None where it was not computed.
    patterns
        Patterns that are described and can be chosen from; empty for those the roster uses.
    stamp
        Instant of the export, written into the file.
    """

    roster: Roster
    agents: tuple[Agent, ...]
    coverage: pd.DataFrame | None
    days: pd.DataFrame | None
    targets: pd.DataFrame | None
    patterns: tuple[ShiftPattern, ...]
    stamp: datetime


def content(
    roster: Roster,
    agents: Sequence[Agent],
    *,
    coverage: pd.DataFrame | None,
    days: pd.DataFrame | None,
    targets: pd.DataFrame | None,
    patterns: Sequence[ShiftPattern],
    stamp: datetime,
) -> Content:
    """Check that roster, people and frames fit together.

    Raises
    ------
    InputError
        A shift of a person who is not among `agents`, a person given twice, a shift outside the horizon,
        or a frame without its columns.
    """
    known = Counter(agent.id for agent in agents)
    doubled = [agent_id for agent_id, times in known.items() if times > 1]
    if doubled:
        raise InputError(f"agent {doubled[0]!r} is given {known[doubled[0]]} times. Give every person once.")
    for assignment in roster.assignments:
        if assignment.agent_id not in known:
            raise UnknownNameError("agent", assignment.agent_id, list(known)[:20])
        if not roster.first <= assignment.day <= roster.last:
            raise InputError(
                f"roster {roster.name!r}: the shift of {assignment.agent_id!r} on {assignment.day} lies outside "
                f"its days, {roster.first} to {roster.last}. Move the shift or lengthen the roster."
            )
    if stamp.tzinfo is None:
        raise InputError(f"the instant of an export needs a time zone: {stamp} has none. Give it in UTC.")
    return Content(
        roster=roster,
        agents=tuple(sorted(agents, key=lambda agent: (agent.team, agent.name, agent.id))),
        coverage=None if coverage is None else conform(coverage, COVERAGE),
        days=None if days is None else conform(_without_zone(days), DAYS),
        targets=None if targets is None else conform(targets, TARGETS),
        patterns=tuple(patterns),
        stamp=stamp,
    )


def _without_zone(days: pd.DataFrame) -> pd.DataFrame:
    """Local days as dates without a clock, also when they come as Python dates."""
    if "date" not in days.columns:
        return days
    return days.assign(date=pd.to_datetime(days["date"]).dt.as_unit("us"))

"""What a roster has to answer for: the demand of its days without the hours only shifts before it could cover."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from math import gcd

import pandas as pd

from data.domain import Queue
from data.errors import InputError
from data.store import Workspace
from scheduling.reach import counted, usable_patterns
from scheduling.shifts import Horizon
from ui.plan.before import Before, kept_before
from ui.plan.staffing import Demand, common_step_min, kept_demand, open_queues

FINEST_MIN = 15
KEY = ["queue", "start"]


@dataclass(frozen=True, slots=True)
class RosterDemand:
    """Demand a roster is solved for and judged by.

    Parameters
    ----------
    demand
        What counts.
    not_counted
        Columns queue, start, end (instants), offered: first hours that are left out, see `scheduling.reach`.
    before
        What was worked before the roster.
    """

    demand: Demand
    not_counted: pd.DataFrame
    before: Before = field(default_factory=Before)


def roster_demand(
    workspace: Workspace, wanted: Demand, horizon: Horizon, before: Before | None = None
) -> RosterDemand:
    """Leave out what shifts of the evening before would cover, by today's people, contracts and patterns.

    Where it is known what was worked before, only intervals that those shifts leave below their floor are left out:
    no shift of this roster could help them. Contacts that can wait are planned into the roster's own shifts already, and stay whole.

    Raises
    ------
    InputError
        Nothing of a queue is left.
    """
    known = before or Before()
    parts = counted(
        wanted.planned,
        wanted.queues,
        agents=workspace.agents(),
        contracts=workspace.contracts(),
        patterns=workspace.patterns(),
        horizon=horizon,
        before=known.shifts,
    )
    left = set(parts.forecast["queue"])
    for queue in wanted.queues:
        if queue.id not in left:
            raise InputError(
                f"queue {queue.id!r}: only shifts that begin before {horizon.first} could cover its hours of "
                f"these {horizon.days} days. Begin the roster a day earlier, or plan more days."
            )
    waiting = [queue.id for queue in wanted.queues if queue.can_wait]
    counts = pd.MultiIndex.from_frame(parts.forecast[KEY])
    kept = pd.MultiIndex.from_frame(wanted.forecast[KEY]).isin(counts) | wanted.forecast["queue"].isin(
        waiting
    )
    live = ~parts.not_counted["queue"].isin(waiting)
    forecast, planned = (
        frame.loc[kept].reset_index(drop=True) for frame in (wanted.forecast, wanted.planned)
    )
    return RosterDemand(
        replace(wanted, forecast=forecast, planned=planned),
        parts.not_counted.loc[live].reset_index(drop=True),
        known,
    )


def stored_demand(workspace: Workspace, name: str) -> RosterDemand:
    """Demand of a stored roster, from the forecasts and overrides it was built on."""
    record = workspace.roster_record(name)
    at = record.created_at or workspace.now()
    wanted = kept_demand(workspace, record.forecast_ids, first=record.first, days=record.days, at=at)
    horizon = Horizon(record.first, record.days, record.timezone)
    return roster_demand(workspace, wanted, horizon, kept_before(workspace, name))


def roster_step_min(workspace: Workspace, queues: Sequence[Queue]) -> int:
    """Longest slot, in minutes, in which no shift of today's people begins or ends and every queue's interval is whole.

    In a slot people count by their share of it, so that two people in its second half would hide that nobody is
    there in the first. Shifts on a finer grid than a quarter of an hour are taken as if in shares all the same.
    """
    people = workspace.agents(), workspace.contracts(), workspace.patterns()
    edges = [common_step_min(queues)]
    for pattern in {pattern for queue in queues for pattern in usable_patterns(queue, *people)}:
        edges += [pattern.start_earliest_min, pattern.length_min]
        if pattern.start_latest_min - pattern.start_earliest_min >= pattern.start_step_min:
            edges.append(pattern.start_step_min)
    return next(step for step in (60, 30, FINEST_MIN) if step == FINEST_MIN or gcd(*edges) % step == 0)


def staffed_queues(
    workspace: Workspace, names: Sequence[str] | None, *, first: date, days: int
) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """Queues to roster, and those nobody has the skill for; queues asked for by name are never left out.

    Queues that are closed on all of the days have no part in it.

    Raises
    ------
    InputError
        There are no agents, or none with the skill of any queue.
    """
    agents = workspace.agents()
    if not agents:
        raise InputError("the workspace has no agents yet. Import agents first.")
    if names:
        return tuple(workspace.queue(name).id for name in dict.fromkeys(names)), ()
    skills = frozenset[str]().union(*(agent.skills for agent in agents))
    queues = open_queues(workspace.queues(), first, days)
    served = tuple(queue.id for queue in queues if queue.skill in skills)
    if not served:
        wanted = ", ".join(sorted({queue.skill for queue in queues})) or "none: import queues first"
        raise InputError(f"no agent has a skill of any queue. Skills of the queues: {wanted}.")
    return served, tuple(queue.id for queue in queues if queue.id not in served)

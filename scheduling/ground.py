"""What rosters of the same people are counted on, found once, and the counts; one edit is counted from those before."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import UTC

import numpy as np
import pandas as pd

from data.domain import Agent, Assignment, Queue, Roster
from scheduling.allocation import Aims, Allocation, aims, allocation
from scheduling.arguments import Integers
from scheduling.centre import Site, site
from scheduling.coverage import Basis, Covered, basis_of, cover, outline, staffed_and_answered
from scheduling.curves import answer_curves
from scheduling.floors import UNKNOWN, Reach, missed_rows
from scheduling.judgement import MET_WITHIN, Calendar, Judged, calendar, judge
from scheduling.pieces import pieces
from scheduling.presence import time_per_slot, work_spans
from scheduling.shifts import wall_clock


@dataclass(frozen=True, slots=True)
class Ground:
    """All that is the same for every roster of some people.

    Parameters
    ----------
    agents
        In the order of the site's skill sets.
    site
        Queues and curves on one time grid, without anybody at work.
    aims
        What the split of people is to reach.
    bases, calendars
        Of each queue, in order.
    outline
        COVERAGE with nobody at work.
    """

    agents: tuple[Agent, ...]
    site: Site
    aims: Aims
    bases: tuple[Basis, ...]
    calendars: tuple[Calendar, ...]
    outline: pd.DataFrame


@dataclass(frozen=True, slots=True)
class Counts:
    """Everything that is counted of people at work.

    Parameters
    ----------
    time
        Microseconds of each skill set on contacts in each slot, shape (sets, slots).
    allocation
        Whom they serve.
    reach
        In which slots the least can be reached, as far as it was asked.
    covered, missed, judged
        Of each queue: coverage per curve, the curves that miss their floor, days and spans of the target.
    """

    time: Integers
    allocation: Allocation
    reach: Reach
    covered: tuple[Covered, ...]
    missed: tuple[Integers, ...]
    judged: tuple[Judged, ...]


def ground(
    agents: Sequence[Agent],
    queues: Sequence[Queue],
    forecast: pd.DataFrame,
    curves: pd.DataFrame | None = None,
    requirement: pd.DataFrame | None = None,
) -> Ground:
    """What rosters of these people are counted on; arguments and errors as of `coverage.coverage`."""
    if curves is None:
        curves = pd.concat([answer_curves(queue, forecast) for queue in queues], ignore_index=True)
    drawn = [pieces(curves, queue.id) for queue in queues]
    laid = site(agents, queues, drawn)
    pairs = list(zip(queues, drawn, strict=True))
    bases = tuple(basis_of(queue, curve, forecast, requirement) for queue, curve in pairs)
    return Ground(
        tuple(agents),
        laid,
        aims(laid.centre),
        bases,
        tuple(calendar(queue, curve, forecast) for queue, curve in pairs),
        outline(bases),
    )


def with_before(roster: Roster, before: Iterable[Assignment], agents: Iterable[Agent]) -> Roster:
    """A roster with the shifts of people still there that reach into it from before, for counting who is at work."""
    known = {agent.id for agent in agents}
    midnight = wall_clock(roster.first, 0, roster.timezone).astimezone(UTC)
    late = [shift for shift in before if shift.end.astimezone(UTC) > midnight and shift.agent_id in known]
    return replace(roster, assignments=(*late, *roster.assignments)) if late else roster


def time_at_work(ground: Ground, roster: Roster) -> Integers:
    """Microseconds of each skill set on contacts in each slot, shape (sets, slots).

    Raises
    ------
    UnknownNameError
        The roster has a person who is not among the agents.
    """
    place = ground.site
    spans = work_spans(roster, ground.agents)
    return time_per_slot(spans, place.sets, origin_s=place.origin_s, step_s=place.step_s, slots=place.slots)


def count(ground: Ground, time: Integers, before: Counts | None = None) -> Counts:
    """Count with people at work for so long in each slot, see `Counts`.

    Parameters
    ----------
    before
        Counts of other people at work: only what changes is counted anew, to the very same figures.
    """
    people = ground.site.with_people(time / (ground.site.step_s * 1_000_000))
    if before is None:
        split = allocation(people, ground.aims)
        found = np.full(ground.site.slots, UNKNOWN, dtype=np.int8)
    else:
        touched = np.flatnonzero((time != before.time).any(axis=0))
        split = allocation(people, ground.aims, before.allocation, touched)
        found = before.reach.found.copy()
        found[touched] = UNKNOWN
    reach = Reach(people, MET_WITHIN, found)
    covered, missed, judged = [], [], []
    for q, (basis, days) in enumerate(zip(ground.bases, ground.calendars, strict=True)):
        staffed, answered = staffed_and_answered(people, q, split.given)
        here = cover(basis, staffed, answered, None if before is None else before.covered[q])
        short = missed_rows(reach, q, staffed, here.answer_rate(basis.drawn.offered))
        covered.append(here)
        missed.append(short)
        judged.append(judge(days, answered, short))
    return Counts(time, split, reach, tuple(covered), tuple(missed), tuple(judged))

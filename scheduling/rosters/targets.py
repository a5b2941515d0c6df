"""Targets as the programme needs them: spans with a rate, and a least number of positions in every slot."""

from __future__ import annotations

import math
from collections import defaultdict
from dataclasses import dataclass
from datetime import date

from data.domain import Period, Queue, zone
from scheduling.problem import RosterProblem
from scheduling.shifts import week_of


@dataclass(frozen=True, slots=True)
class PeriodTarget:
    """Share of a queue's contacts to be answered over a span.

    Parameters
    ----------
    queue
        Index of the queue.
    first
        First local day of the span that has demand, in the queue's zone.
    slots
        Its slots with demand.
    offered
        Expected contacts over the span.
    rate
        Share to be answered, 0–1.
    """

    queue: int
    first: date
    slots: tuple[int, ...]
    offered: float
    rate: float


def period_targets(problem: RosterProblem) -> tuple[PeriodTarget, ...]:
    """Targets over a day, week or month, by queue and span; targets per interval are `least_agents`'s matter."""
    spans: dict[tuple[int, int], list[int]] = defaultdict(list)
    days: dict[tuple[int, int], date] = {}
    for queue, slot in problem.demand:
        kind = problem.queues[queue]
        if kind.target.period is not Period.INTERVAL:
            day = local_day(problem, kind, slot)
            span = (queue, _span(kind, day))
            spans[span].append(slot)
            days.setdefault(span, day)
    return tuple(
        PeriodTarget(
            queue=span[0],
            first=days[span],
            slots=tuple(slots),
            offered=sum(problem.demand[span[0], slot].offered for slot in slots),
            rate=problem.queues[span[0]].target.answer_rate,
        )
        for span, slots in sorted(spans.items())
    )


def least_rate(queue: Queue) -> float:
    """Share of contacts to be answered in every single slot."""
    target = queue.target
    if target.period is Period.INTERVAL:
        return max(target.answer_rate, target.interval_floor)
    return target.interval_floor


def least_agents(problem: RosterProblem, queue: int, slot: int) -> float:
    """Positions a slot needs by itself: for its least answer rate and its least agents.

    Where no number of agents reaches the rate, what the curve ends with.
    """
    demand, target = problem.demand[queue, slot], problem.queues[queue].target
    agents = demand.agents_for(least_rate(problem.queues[queue]) * demand.offered)
    if math.isinf(agents):
        agents = float(demand.agents[-1])
    return max(agents, float(target.min_agents))


def local_day(problem: RosterProblem, queue: Queue, slot: int) -> date:
    """Local day of a slot in the queue's zone."""
    return problem.horizon.instant(slot * problem.step_min).astimezone(zone(queue.timezone)).date()


def _span(queue: Queue, day: date) -> int:
    if queue.target.period is Period.WEEK:
        return week_of(day)
    if queue.target.period is Period.MONTH:
        return 12 * day.year + day.month
    return day.toordinal()

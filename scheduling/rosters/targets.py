"""Targets as the programme needs them: spans with a rate, and a least number of positions in every slot."""

from __future__ import annotations

import math
from collections import defaultdict
from dataclasses import dataclass
from datetime import date

import numpy as np

from data.domain import Period, Queue, zone
from scheduling.arguments import Floats
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
    price
        Of one contact missing; None where the target is to be reached.
    """

    queue: int
    first: date
    slots: tuple[int, ...]
    offered: float
    rate: float
    price: float | None = None


def period_targets(problem: RosterProblem) -> tuple[PeriodTarget, ...]:
    """Targets to be reached over a day, week or month; targets per interval are `least_agents`'s matter."""
    return tuple(target for target in all_period_targets(problem) if target.price is None)


def soft_targets(problem: RosterProblem) -> tuple[PeriodTarget, ...]:
    """Targets over a day, week or month that may be missed at a price."""
    return tuple(target for target in all_period_targets(problem) if target.price is not None)


def all_period_targets(problem: RosterProblem) -> tuple[PeriodTarget, ...]:
    """Targets over a day, week or month, by queue and span."""
    spans: dict[tuple[int, int], list[tuple[int, float]]] = defaultdict(list)
    days: dict[tuple[int, int], date] = {}
    for (_, slot), demand in problem.demand.items():
        for queue, offered in zip(demand.queues, demand.offered.tolist(), strict=True):
            kind = problem.queues[queue]
            if kind.target.period is not Period.INTERVAL and offered > 0:
                day = local_day(problem, kind, slot)
                span = (queue, _span(kind, day))
                spans[span].append((slot, offered))
                days[span] = min(day, days.get(span, day))
    return tuple(
        PeriodTarget(
            queue=span[0],
            first=days[span],
            slots=tuple(slot for slot, _ in slots),
            offered=sum(offered for _, offered in slots),
            rate=problem.queues[span[0]].target.answer_rate,
            price=problem.queues[span[0]].target.price_per_contact,
        )
        for span, slots in sorted(spans.items())
    )


def least_rate(queue: Queue) -> float:
    """Share of contacts to be answered in every single slot."""
    target = queue.target
    if target.period is Period.INTERVAL:
        return max(target.answer_rate, target.interval_floor)
    return target.interval_floor


def least_positions(queue: Queue, besides: Floats | float) -> Floats:
    """Positions needed in any open interval, be there contacts or not.

    Parameters
    ----------
    queue
        Its minimum staff.
    besides
        What each interval needs for service level, mean wait and occupancy.
    """
    return np.maximum(besides, float(queue.target.min_agents))


def least_agents(problem: RosterProblem, pool: int, slot: int) -> float:
    """Positions a slot needs by itself: for the least answer rate of each of its queues, and for other targets.

    Where no number of agents reaches a rate, what the curve ends with.
    """
    demand = problem.demand[pool, slot]
    least = 0.0
    for member, queue in enumerate(demand.queues):
        kind = problem.queues[queue]
        agents = demand.agents_for(member, least_rate(kind) * float(demand.offered[member]))
        if math.isinf(agents):
            agents = float(demand.agents[-1])
        least = max(least, agents)
    return max(least, demand.least)


def local_day(problem: RosterProblem, queue: Queue, slot: int) -> date:
    """Local day of a slot in the queue's zone."""
    return problem.horizon.instant(slot * problem.step_min).astimezone(zone(queue.timezone)).date()


def _span(queue: Queue, day: date) -> int:
    if queue.target.period is Period.WEEK:
        return week_of(day)
    if queue.target.period is Period.MONTH:
        return 12 * day.year + day.month
    return day.toordinal()

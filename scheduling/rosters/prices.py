"""Prices of what is missing: high enough that hiring hours is cheaper, in scale with what hours cost."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from scheduling.problem import PoolDemand, RosterProblem
from scheduling.rosters.model import Model
from scheduling.rosters.targets import PeriodTarget

EXCESS = 8.0
"""A missing contact costs this many times the hours that would answer it at the target's steepness."""


def floor_price(model: Model) -> float:
    """Price of one position missing in one slot: the dearest shift, for it may take one to fill a single slot."""
    shifts = model.problem.shifts
    costs = [c.cost(shifts[number]) for c in model.classes for number in c.shifts]
    return max(costs, default=1.0)


def target_prices(model: Model) -> list[float]:
    """Price of one contact missing, for each period target."""
    rates = [
        c.contract.cost_per_h * model.problem.shifts[number].pattern.cost_per_h
        for c in model.classes
        for number in c.shifts
    ]
    return contact_prices(model.problem, model.targets, max(rates, default=1.0) or 1.0)


def contact_prices(
    problem: RosterProblem, targets: Sequence[PeriodTarget], dearest_per_h: float
) -> list[float]:
    """Price of one contact missing, for each of some period targets, where an hour costs so much at most."""
    slot_h = problem.step_min / 60
    prices = []
    for target in targets:
        pool = problem.pool_of[target.queue]
        steepness = [
            _slope_at(problem.demand[pool, slot], target.queue, target.rate) * problem.yields[pool, slot]
            for slot in target.slots
        ]
        typical = float(np.median([slope for slope in steepness if slope > 0] or [1.0]))
        prices.append(EXCESS * dearest_per_h * slot_h / typical)
    return prices


def _slope_at(demand: PoolDemand, queue: int, rate: float) -> float:
    """Contacts answered per further position where the curve reaches the rate; of its last piece if it never does."""
    member = demand.queues.index(queue)
    answered = demand.answered[member]
    slopes = np.diff(answered) / np.diff(demand.agents)
    rising = np.flatnonzero(answered[1:] >= rate * demand.offered[member])
    if not slopes.size:
        return 0.0
    return float(slopes[rising[0]] if rising.size else slopes[-1])

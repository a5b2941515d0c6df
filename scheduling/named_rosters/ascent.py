"""Prices of cover by a walk that moves them after each person's best tour, before any programme is solved.

Column generation from nothing sees extreme prices for dozens of rounds; after the walk it begins near its end.
"""

from __future__ import annotations

import math
import time
from concurrent.futures import ThreadPoolExecutor

import numpy as np

from scheduling.named_rosters.generation import Generation
from scheduling.named_rosters.limit import Limit
from scheduling.named_rosters.problem import REST
from scheduling.named_rosters.workers import WORKERS, side_by_side

FIRST_STEP = 0.16
"""Change of a price by one person's duty on the first pass, of the span of prices it can take."""
LAST_STEP = 0.004
"""The same on the last pass; the steps in between shrink by one factor."""
MEMORY = 0.6
"""Weight of the passes before in the mean of prices."""
TIMELY = 0.9
"""Part of the time after which the last pass begins."""
KEPT_PASSES = 2 / 3
"""Share of the passes, the last ones, whose tours are kept."""


def ascend(
    generation: Generation,
    random: np.random.Generator,
    limit: Limit,
    *,
    passes: int,
    first_step: float = FIRST_STEP,
) -> None:
    """Seek prices of cover that prove much, and tours that go with them.

    The best tours of two people at the prices move them at once: their duties become less worth and what is wanted
    more, a person's share of it at a time (incremental subgradient method, Nedić & Bertsekas 2001). The mean of a
    pass' prices proves far more than the prices themselves.

    Parameters
    ----------
    generation
        Gets the tours, the prices that prove the most and the bound.
    random
        Of the order of people.
    limit
        Of time; nothing is proven of a pass that it ends.
    passes
        Over all people; fewer and larger steps where time is short.
    first_step
        As `FIRST_STEP`; smaller ones stay near the prices of `generation`.
    """
    problem, people, cover = generation.problem, generation.people, generation.problem.cover
    days = np.arange(problem.days)
    span = cover.under + cover.over
    priced = span > 0
    priced[:, REST] = False
    if not priced.any() or not people.size:
        return
    worth, mean = generation.worth.copy(), generation.worth
    wanted = (cover.wanted - generation.there) / people.size
    span = np.where(priced, span, 0.0)
    begun_s, allowed_s = time.monotonic(), limit.left_s()
    number, progress = 0, 0.0

    def best(person: int) -> np.ndarray:
        return generation.networks[person].best(problem.wishes[person] - worth)[1]

    with ThreadPoolExecutor(WORKERS) as pool:
        while progress < 1:
            step = first_step * (LAST_STEP / first_step) ** progress * span
            total = np.zeros_like(worth)
            for few in np.array_split(random.permutation(people), -(-people.size // WORKERS)):
                tours = side_by_side(pool, best, few.tolist(), limit)
                if tours is None:
                    return
                for person, tour in zip(few.tolist(), tours, strict=True):
                    if progress >= 1 - KEPT_PASSES:
                        generation.columns.add(person, [tour])
                    worth += step * wanted
                    worth[days, tour] -= step[days, tour]
                np.clip(worth, -cover.over, cover.under, out=worth)
                worth[:, REST] = 0.0
                total += worth * few.size
            pass_mean = total / people.size
            mean = pass_mean if number == 0 else MEMORY * mean + (1 - MEMORY) * pass_mean
            number += 1
            spent = (time.monotonic() - begun_s) / allowed_s if math.isfinite(allowed_s) else 0.0
            progress = max(number / passes, spent / TIMELY)
    if math.isfinite(proven := generation.price(mean, limit)):
        generation.prove(proven, mean)

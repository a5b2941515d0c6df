"""From a relaxation to a roster: people whose tour is nearly settled get it, the others' tours are generated anew."""

from __future__ import annotations

import math
import time

import numpy as np

from scheduling.named_rosters.columns import Columns
from scheduling.named_rosters.descent import best_in_turn
from scheduling.named_rosters.generation import Generation
from scheduling.named_rosters.limit import Limit
from scheduling.named_rosters.neighbourhood import fixed_price
from scheduling.named_rosters.problem import REST

SETTLED = 0.95
"""Share of a tour in the relaxation from which on it is taken."""
STAGES = 40
"""One of so many people is settled at a time in any case, more of them where time is short."""
GOOD = 2e-3
"""Part of the price by which it may rise with a settlement before tours are generated anew."""
ROUNDS = 8
"""Most relaxations between two settlements: tours for what is left to cover, not the last word on its price."""
FEW_ROUNDS = 3
"""The same after a settlement of many people, which can be taken back."""
MANY = 4
"""Most people settled at a time, as a multiple of the fewest: all at once they would get in each other's way."""
KEPT = 12
"""Tours per person that these relaxations choose from."""


def dive(generation: Generation, limit: Limit) -> np.ndarray:
    """Settle people until nobody is left (a diving heuristic with column generation, Joncour et al. 2010).

    As long as the price does not rise twice as many people are settled as the time before; where it rises with many
    of them that is taken back, and few are settled instead.

    Parameters
    ----------
    generation
        Of everybody, run before.
    limit
        Of time: who is not settled until then gets the best tour for the cover that those before have left.

    Returns
    -------
    np.ndarray
        Everybody's tours, people × days of duties.
    """
    problem, columns = generation.problem, generation.columns
    tours = np.full((len(problem.people), problem.days), REST)
    few = size = -(-generation.people.size // STAGES)
    most = MANY * few
    begun_s = time.monotonic()
    generation.run(limit, ROUNDS, vertex=True)
    while generation.people.size and generation.chosen.size and not limit.reached():
        total = generation.value + fixed_price(problem, tours, generation.people)
        after, left = _settle(generation, tours, size)
        if left.people.size:
            good = (1 + math.copysign(GOOD, total)) * total - fixed_price(problem, after, left.people)
            # The prices of those before prove nearly as much now: without them each stage begins at extreme ones.
            left.prove(left.price(generation.worth, limit), generation.worth)
            left.run(limit, FEW_ROUNDS if size > few else ROUNDS, good, vertex=True)
            if left.value > good and size > few and not limit.reached():
                size = few
                continue
            size = min(size * 2, most) if left.value <= good else few
        stage_s, begun_s = time.monotonic() - begun_s, time.monotonic()
        hurried = math.ceil(left.people.size * stage_s / max(limit.left_s(), stage_s))
        few = max(few, min(hurried, most))
        size = max(size, few)
        tours, generation = after, left
    return best_in_turn(problem, generation.networks, columns, tours, generation.people)


def _settle(generation: Generation, tours: np.ndarray, at_least: int) -> tuple[np.ndarray, Generation]:
    """Tours with those of the people who are settled, and the relaxation of the others."""
    problem, columns = generation.problem, generation.columns
    settled, after = _settled(generation, columns, at_least), tours.copy()
    for person, number in settled.items():
        after[person] = columns.tours[number]
    people = np.setdiff1d(generation.people, np.array(list(settled)))
    there = problem.there(np.delete(after, people, axis=0))
    left = Generation(problem, generation.networks, columns, people, there, KEPT)
    left.worth = generation.worth
    among = np.isin(columns.persons[generation.chosen], people)
    left.chosen, left.shares = generation.chosen[among], np.ones(int(among.sum()))
    return after, left


def _settled(generation: Generation, columns: Columns, at_least: int) -> dict[int, int]:
    """Tour by person for all whose tour has a large share, and for the most settled people in any case."""
    persons = columns.persons[generation.chosen]
    settled: dict[int, int] = {}
    for place in np.argsort(-generation.shares, kind="stable").tolist():
        if len(settled) >= at_least and generation.shares[place] < SETTLED:
            break
        settled.setdefault(int(persons[place]), int(generation.chosen[place]))
    return settled

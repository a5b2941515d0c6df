"""From a relaxation to a roster: people whose tour is nearly settled get it, the others' tours are generated anew."""

from __future__ import annotations

import numpy as np

from scheduling.named_rosters.columns import Columns
from scheduling.named_rosters.descent import best_in_turn
from scheduling.named_rosters.generation import Generation
from scheduling.named_rosters.limit import Limit
from scheduling.named_rosters.problem import REST

SETTLED = 0.85
"""Share of a tour in the relaxation from which on it is taken."""
STAGES = 16
"""Most settlements: so many people are settled at a time that it takes no more."""
ROUNDS = 4
"""Relaxations between two settlements: tours for what is left to cover, not the last word on its price."""


def dive(generation: Generation, limit: Limit) -> np.ndarray:
    """Settle people until nobody is left (a diving heuristic with column generation, Joncour et al. 2010).

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
    problem, columns, people = generation.problem, generation.columns, generation.people
    tours = np.full((len(problem.people), problem.days), REST)
    worth, at_least = generation.worth, -(-people.size // STAGES)
    generation.run(limit, rounds=ROUNDS, vertex=True)
    while people.size and generation.chosen.size and not limit.reached():
        settled = _settled(generation, columns, at_least)
        for person, number in settled.items():
            tours[person] = columns.tours[number]
        people = np.setdiff1d(people, np.array(list(settled)))
        there = problem.there(np.delete(tours, people, axis=0))
        generation = Generation(problem, generation.networks, columns, people, there)
        generation.worth = worth
        if people.size:
            generation.run(limit, rounds=ROUNDS, vertex=True)
            worth, at_least = generation.worth, -(-people.size // STAGES)
    return best_in_turn(problem, generation.networks, columns, tours, people)


def _settled(generation: Generation, columns: Columns, at_least: int) -> dict[int, int]:
    """Tour by person for all whose tour has a large share, and for the most settled people in any case."""
    persons = columns.persons[generation.chosen]
    settled: dict[int, int] = {}
    for place in np.argsort(-generation.shares, kind="stable").tolist():
        if len(settled) >= at_least and generation.shares[place] < SETTLED:
            break
        settled.setdefault(int(persons[place]), int(generation.chosen[place]))
    return settled

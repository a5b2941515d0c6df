"""From a relaxation to a roster: people whose tour is nearly settled get it, the others' tours are generated anew."""

from __future__ import annotations

import time

import numpy as np

from scheduling.named_rosters.columns import Columns
from scheduling.named_rosters.generation import Generation

SETTLED = 0.85
"""Share of a tour in the relaxation from which on it is taken."""
FEW = 16
"""One of so many people is settled at a time in any case."""
ROUNDS = 6
"""Relaxations between two settlements: tours for what is left to cover, not the last word on its price."""


def dive(generation: Generation, tours: np.ndarray, *, deadline_s: float) -> np.ndarray:
    """Settle people until nobody is left (a diving heuristic with column generation, Joncour et al. 2010).

    Parameters
    ----------
    generation
        Of everybody, run before.
    tours
        Everybody's, people × days of duties: who is not settled in time keeps these.
    deadline_s
        On the monotonic clock.
    """
    tours, problem, columns = tours.copy(), generation.problem, generation.columns
    people = generation.people
    while people.size and time.monotonic() < deadline_s:
        settled = _settled(generation, columns)
        for person, number in settled.items():
            tours[person] = columns.tours[number]
        people = np.setdiff1d(people, np.array(list(settled)))
        there = problem.there(np.delete(tours, people, axis=0))
        generation = Generation(problem, generation.networks, columns, people, there)
        if people.size:
            generation.run(deadline_s, rounds=ROUNDS)
            if not generation.chosen.size:
                break
    return tours


def _settled(generation: Generation, columns: Columns) -> dict[int, int]:
    """Tour by person for all whose tour has a large share, and for the most settled people in any case."""
    persons = columns.persons[generation.chosen]
    at_least = -(-generation.people.size // FEW)
    settled: dict[int, int] = {}
    for place in np.argsort(-generation.shares, kind="stable").tolist():
        if len(settled) >= at_least and generation.shares[place] < SETTLED:
            break
        settled.setdefault(int(persons[place]), int(generation.chosen[place]))
    return settled

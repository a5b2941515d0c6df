"""Choose anew for some people, everybody else's tours being fixed."""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np

from data.domain import Status
from scheduling.named_rosters.generation import ROUNDING, Generation
from scheduling.named_rosters.limit import Limit
from scheduling.named_rosters.problem import NamedProblem
from scheduling.solver import minimise


@dataclass(frozen=True, slots=True)
class Choice:
    """What was found for some people.

    Parameters
    ----------
    tours
        Everybody's, people × days of duties: never dearer than those it began from.
    bound
        Proven on the whole price, everybody else's tours being fixed.
    exhausted
        Whether the programme over the tours at hand was solved to its end.
    """

    tours: np.ndarray
    bound: float
    exhausted: bool


def choose(
    generation: Generation,
    tours: np.ndarray,
    limit: Limit,
    *,
    most: int,
    seed: int,
) -> Choice:
    """Choose among the tours of the relaxation, and all that could be better as far as they are few enough.

    Where all tours within the gap are at hand the choice is the best there is (Baldacci, Christofides & Mingozzi
    2008); else no better one is cheaper than the dearest difference they cover.

    Parameters
    ----------
    generation
        Of the people, run before.
    tours
        Everybody's, people × days of duties.
    limit
        Of time.
    most
        Tours added at most.
    seed
        Of the solver.
    """
    problem, columns, people = generation.problem, generation.columns, generation.people
    fixed = fixed_price(problem, tours, people)
    known = problem.price(tours) - fixed
    # A better roster of whole prices is better by one at least; half of it leaves room for rounding the bound up.
    to_beat = known - 0.5 if problem.integral else known
    covered = 0.0
    if math.isfinite(generation.bound):
        covered = generation.near(to_beat - generation.bound, most, limit)
    for person in people.tolist():
        columns.add(person, [tours[person]])
    numbers = columns.of(people)
    persons = columns.persons[numbers]
    gap = columns.reduced_costs(numbers, generation.worth)
    least = np.full(len(problem.people), np.inf)
    np.minimum.at(least, persons, gap)
    near = gap <= least[persons] + covered + ROUNDING
    present = (columns.tours[numbers] == tours[persons]).all(axis=1)
    taking = near | present | np.isin(numbers, generation.chosen)
    numbers, present = numbers[taking], present[taking]
    programme = columns.programme(numbers, people, generation.there)
    begin = np.full(programme.cost.size, np.nan)
    begin[: numbers.size] = present
    solved = minimise(programme, time_s=limit.left_s(), seed=seed, start=begin, stop=limit.stop)
    proven = -math.inf if solved.bound is None else solved.bound
    bound = max(generation.bound, min(proven, generation.bound + covered)) + fixed
    after = tours.copy()
    if solved.values is not None:
        taken = numbers[np.flatnonzero(solved.values[: numbers.size] > 0.5)]
        after[columns.persons[taken]] = columns.tours[taken]
    better = after if problem.price(after) <= problem.price(tours) else tours
    return Choice(better, bound, solved.status is Status.OPTIMAL)


def fixed_price(problem: NamedProblem, tours: np.ndarray, people: np.ndarray) -> float:
    """Price of everybody else's wishes."""
    others = np.setdiff1d(np.arange(len(problem.people)), people)
    return float(np.take_along_axis(problem.wishes[others], tours[others, :, None], axis=2).sum())

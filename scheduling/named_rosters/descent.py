"""A first roster, and one person after another given the best tour while the others keep theirs."""

from __future__ import annotations

import numpy as np

from scheduling.named_rosters.columns import Columns
from scheduling.named_rosters.limit import Limit
from scheduling.named_rosters.network import TourNetwork
from scheduling.named_rosters.problem import REST, NamedProblem


def first_tours(problem: NamedProblem, networks: list[TourNetwork], columns: Columns) -> np.ndarray:
    """Everybody's best tour for the cover that those before have left, people × days.

    Raises
    ------
    InfeasibleError
        Where somebody's own limits allow no tour.
    """
    tours = np.full((len(networks), problem.days), REST)
    return best_in_turn(problem, networks, columns, tours, np.arange(len(networks)))


def best_in_turn(
    problem: NamedProblem,
    networks: list[TourNetwork],
    columns: Columns,
    tours: np.ndarray,
    people: np.ndarray,
) -> np.ndarray:
    """Give each of some people the best tour while the others have theirs; `tours` is people × days."""
    tours, days = tours.copy(), np.arange(problem.days)
    there = problem.there(tours)
    for person in people.tolist():
        there[days, tours[person]] -= 1
        _, tour = networks[person].best(problem.wishes[person] + problem.cover.price_of_one_more(there))
        columns.add(person, [tour])
        tours[person] = tour
        there[days, tour] += 1
    return tours


def descend(
    problem: NamedProblem,
    networks: list[TourNetwork],
    columns: Columns,
    tours: np.ndarray,
    *,
    limit: Limit,
    random: np.random.Generator,
) -> np.ndarray:
    """Best tours in turn until nobody's is better."""
    price = problem.price(tours)
    while True:
        for person in random.permutation(len(networks)):
            if limit.reached():
                return tours
            tours = best_in_turn(problem, networks, columns, tours, np.array([person]))
        before, price = price, problem.price(tours)
        if price >= before:
            return tours

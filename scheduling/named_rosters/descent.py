"""A first roster, and one person after another given the best tour while the others keep theirs."""

from __future__ import annotations

import time

import numpy as np

from scheduling.named_rosters.columns import Columns
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
    for person, network in enumerate(networks):
        tours[person] = _best(problem, network, tours, person, columns)
    return tours


def descend(
    problem: NamedProblem,
    networks: list[TourNetwork],
    columns: Columns,
    tours: np.ndarray,
    *,
    deadline_s: float,
    random: np.random.Generator,
) -> np.ndarray:
    """Best tours in turn until nobody's is better; `deadline_s` is on the monotonic clock."""
    tours, price = tours.copy(), problem.price(tours)
    while True:
        for person in random.permutation(len(networks)):
            if time.monotonic() > deadline_s:
                return tours
            tours[person] = _best(problem, networks[person], tours, int(person), columns)
        before, price = price, problem.price(tours)
        if price >= before:
            return tours


def _best(
    problem: NamedProblem, network: TourNetwork, tours: np.ndarray, person: int, columns: Columns
) -> np.ndarray:
    """A person's best tour while the others keep theirs; it is kept among the columns."""
    there = problem.there(np.delete(tours, person, axis=0))
    _, tour = network.best(problem.wishes[person] + problem.cover.price_of_one_more(there))
    columns.add(person, [tour])
    return tour

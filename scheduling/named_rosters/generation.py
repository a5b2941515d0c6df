"""Column generation: tours that the relaxation lacks, and the bound that its prices prove."""

from __future__ import annotations

import math
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field

import numpy as np

from data.domain import Status
from scheduling.named_rosters.columns import Columns
from scheduling.named_rosters.limit import Limit
from scheduling.named_rosters.network import TourNetwork
from scheduling.named_rosters.problem import NamedProblem
from scheduling.named_rosters.workers import WORKERS, side_by_side
from scheduling.solver import relax

SMOOTHING = 0.5
"""Share of the best prices so far in those that tours are sought at (Wentges 1997)."""
ROUNDING = 1e-6
WHOLE = 1e-4
"""A bound this little above a whole number is not rounded up: sums of prices are not exact."""


@dataclass
class Generation:
    """Relaxation over all tours of some people, everybody else's being fixed.

    Parameters
    ----------
    problem, networks, columns
        The problem, everybody's tours, and those found so far.
    people
        Whose tours are chosen.
    there
        Cover by everybody else, days × duties.
    kept
        Tours per person that a relaxation chooses from, the best at the prices of the best bound.
    """

    problem: NamedProblem
    networks: list[TourNetwork]
    columns: Columns
    people: np.ndarray
    there: np.ndarray
    kept: int = 25
    bound: float = field(default=-math.inf, init=False)
    """Proven on the price of these people's wishes and of all cover."""
    worth: np.ndarray = field(init=False)
    """What each duty is worth, days × duties, where the bound was proven."""
    chosen: np.ndarray = field(init=False)
    """Numbers of the tours in the last relaxation."""
    value: float = field(default=math.inf, init=False)
    """Of the last relaxation."""
    shares: np.ndarray = field(init=False)
    """Of each of `chosen` in the last relaxation."""
    _outer: np.ndarray = field(init=False)
    _seen: int = field(init=False)

    def __post_init__(self) -> None:
        self.worth = self._outer = np.zeros(self.there.shape)
        self.chosen, self.shares = np.zeros(0, dtype=np.int64), np.zeros(0)
        self._seen = len(self.columns)

    def run(self, limit: Limit, rounds: int = 1000, good: float = -math.inf, *, vertex: bool = False) -> bool:
        """Add tours until none is lacking; whether that was reached.

        Parameters
        ----------
        limit
            Of time.
        rounds
            Most relaxations.
        good
            Value of the relaxation at which no more tours are sought.
        vertex
            Whether shares are to be whole as far as they can be. Prices from the middle of the best ones instead
            of a corner need far fewer rounds.
        """
        weight = SMOOTHING if self.worth.any() else 0.0
        for _ in range(rounds):
            if limit.reached() or not self._relax(limit, vertex=vertex):
                return False
            if self.value <= good or self._closed():
                return True
            at = weight * self.worth + (1 - weight) * self._outer
            before = len(self.columns)
            proven = self.price(at, limit)
            self.prove(proven, at)
            # Smoothed prices may find nothing new: then the relaxation's own are next.
            weight = SMOOTHING if len(self.columns) > before and proven > -math.inf else 0.0
            if len(self.columns) == before and (at is self._outer or (at == self._outer).all()):
                return True
        return False

    def _closed(self) -> bool:
        """Whether the bound is as good as the relaxation, or as good once both are rounded up to whole prices."""
        if self.problem.integral and math.isfinite(self.bound):
            return math.ceil(self.bound - WHOLE) >= self.value - WHOLE
        return self.value - self.bound <= ROUNDING

    def _relax(self, limit: Limit, *, vertex: bool) -> bool:
        """Solve the relaxation over the most promising tours found so far."""
        numbers = self.columns.of(self.people)
        if numbers.size > self.kept * self.people.size:
            costs, persons = self.columns.reduced_costs(numbers, self.worth), self.columns.persons[numbers]
            order = np.lexsort((costs, persons))
            first = np.searchsorted(persons[order], persons[order])
            keep = numbers[order[np.arange(order.size) - first < self.kept]]
            in_use = self.chosen[self.shares > ROUNDING]
            new = numbers[numbers >= self._seen]
            numbers = np.union1d(keep, np.union1d(in_use, new))
        programme = self.columns.programme(numbers, self.people, self.there)
        solved = relax(programme, time_s=limit.left_s(), method="ipm", crossover=vertex, stop=limit.stop)
        if solved.status is Status.NO_SOLUTION and not limit.reached():
            # Interior point does not always reach its own tolerance.
            solved = relax(programme, time_s=limit.left_s(), method="simplex", stop=limit.stop)
        self._seen = len(self.columns)
        if solved.status is not Status.OPTIMAL or solved.values is None or solved.row_duals is None:
            return False
        self.chosen, self.shares = numbers, solved.values[: numbers.size]
        self.value = float(solved.objective or 0.0)
        self._outer = self.columns.worth(solved.row_duals, self.people.size)
        return True

    def price(self, worth: np.ndarray, limit: Limit) -> float:
        """Add everybody's best tour at these prices; the bound they prove, −∞ where time ran out."""
        total = float((worth * (self.problem.cover.wanted - self.there)).sum())

        def best(person: int) -> tuple[float, np.ndarray]:
            return self.networks[person].best(self.problem.wishes[person] - worth)

        people = self.people.tolist()
        with ThreadPoolExecutor(WORKERS) as pool:
            found = side_by_side(pool, best, people, limit)
        if found is None:
            return -math.inf
        for person, (price, tour) in zip(people, found, strict=True):
            self.columns.add(person, [tour])
            total += price
        return total

    def prove(self, bound: float, worth: np.ndarray) -> None:
        """Keep a bound and the prices that prove it, where it is the best so far."""
        if bound > self.bound:
            self.bound, self.worth = bound, worth

    def near(self, dearer: float, most: int, limit: Limit) -> float:
        """Add every tour whose price lies at most that much above its person's best one, at `worth`.

        Returns
        -------
        float
            The difference in price up to which all tours were added: halved until there are at most `most`. A
            choice with any other tour costs at least `bound` + this.
        """
        prices = {person: self.problem.wishes[person] - self.worth for person in self.people.tolist()}
        least = {person: self.networks[person].best(prices[person])[0] for person in prices}
        while dearer > ROUNDING and not limit.reached():
            found: dict[int, np.ndarray] = {}
            left = most
            for person, price in prices.items():
                tours = self.networks[person].within(price, least[person] + dearer, left + 1)
                if tours is None or len(tours) > left or limit.reached():
                    break
                found[person] = tours
                left -= len(tours)
            else:
                for person, tours in found.items():
                    self.columns.add(person, tours)
                return dearer
            dearer /= 2
        return 0.0

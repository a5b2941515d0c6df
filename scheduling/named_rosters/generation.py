"""Column generation: tours that the relaxation lacks, and the bound that its prices prove."""

from __future__ import annotations

import math
import time
from dataclasses import dataclass, field

import numpy as np

from data.domain import Status
from scheduling.named_rosters.columns import Columns
from scheduling.named_rosters.network import TourNetwork
from scheduling.named_rosters.problem import NamedProblem
from scheduling.solver import relax

SMOOTHING = 0.5
"""Share of the best prices so far in those that tours are sought at (Wentges 1997)."""
KEPT = 25
"""Tours per person that a relaxation chooses from, the best at the last prices."""
ROUNDING = 1e-6


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
    """

    problem: NamedProblem
    networks: list[TourNetwork]
    columns: Columns
    people: np.ndarray
    there: np.ndarray
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
    _seen: int = field(default=0, init=False)

    def __post_init__(self) -> None:
        self.worth = self._outer = np.zeros(self.there.shape)
        self.chosen, self.shares = np.zeros(0, dtype=np.int64), np.zeros(0)

    def run(self, deadline_s: float, rounds: int = 1000, enough: float = ROUNDING) -> bool:
        """Add tours until none is lacking; whether that was reached.

        Parameters
        ----------
        deadline_s
            On the monotonic clock.
        rounds
            Most relaxations.
        enough
            Difference between relaxation and bound that ends it.
        """
        weight = 0.0 if math.isinf(self.bound) else SMOOTHING
        for _ in range(rounds):
            left_s = deadline_s - time.monotonic()
            if left_s <= 0 or not self._relax(left_s):
                return False
            if self.value - self.bound <= enough:
                return True
            at = weight * self.worth + (1 - weight) * self._outer
            before = len(self.columns)
            proven = self._price(at, deadline_s)
            if proven > self.bound:
                self.bound, self.worth = proven, at
            # Smoothed prices may find nothing new: then the relaxation's own are next.
            weight = SMOOTHING if len(self.columns) > before and proven > -math.inf else 0.0
            if len(self.columns) == before and (at is self._outer or (at == self._outer).all()):
                return True
        return False

    def _relax(self, time_s: float) -> bool:
        """Solve the relaxation over the most promising tours found so far."""
        numbers = np.flatnonzero(np.isin(self.columns.persons, self.people))
        if numbers.size > KEPT * self.people.size:
            costs, persons = self.columns.reduced_costs(self.worth)[numbers], self.columns.persons[numbers]
            order = np.lexsort((costs, persons))
            first = np.searchsorted(persons[order], persons[order])
            keep = order[np.arange(order.size) - first < KEPT]
            in_use = self.chosen[self.shares > ROUNDING]
            numbers = np.union1d(numbers[keep], np.union1d(in_use, np.arange(self._seen, len(self.columns))))
            numbers = numbers[np.isin(self.columns.persons[numbers], self.people)]
        programme = self.columns.programme(numbers, self.people, self.there)
        # Prices from the middle of the best ones, not from a corner: far fewer rounds.
        solved = relax(programme, time_s=time_s, method="ipm")
        if solved.status is Status.NO_SOLUTION:
            # Interior point does not always reach its own tolerance.
            solved = relax(programme, time_s=time_s, method="simplex")
        self._seen = len(self.columns)
        if solved.status is not Status.OPTIMAL or solved.values is None or solved.row_duals is None:
            return False
        self.chosen, self.shares = numbers, solved.values[: numbers.size]
        self.value = float(solved.objective or 0.0)
        self._outer = self.columns.worth(solved.row_duals, self.people.size)
        return True

    def _price(self, worth: np.ndarray, deadline_s: float) -> float:
        """Add everybody's best tour at these prices; the bound they prove, −∞ where time ran out."""
        total = float((worth * (self.problem.cover.wanted - self.there)).sum())
        for person in self.people.tolist():
            if time.monotonic() > deadline_s:
                return -math.inf
            price, tour = self.networks[person].best(self.problem.wishes[person] - worth)
            self.columns.add(person, [tour])
            total += price
        return total

    def near(self, dearer: float, most: int) -> float:
        """Add every tour whose price lies at most that much above its person's best one, at `worth`.

        Returns
        -------
        float
            The difference in price up to which all tours were added: halved until there are at most `most`. A
            choice with any other tour costs at least `bound` + this.
        """
        prices = {person: self.problem.wishes[person] - self.worth for person in self.people.tolist()}
        least = {person: self.networks[person].best(prices[person])[0] for person in prices}
        while dearer > ROUNDING:
            found: dict[int, np.ndarray] = {}
            left = most
            for person, price in prices.items():
                found[person] = self.networks[person].within(price, least[person] + dearer, left + 1)
                left -= len(found[person])
                if left < 0:
                    break
            if left >= 0:
                for person, tours in found.items():
                    self.columns.add(person, tours)
                return dearer
            dearer /= 2
        return 0.0

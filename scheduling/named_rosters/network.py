"""A person's tours: every way to work and rest that the contract allows, and the best of them at given prices."""

from __future__ import annotations

import math
from dataclasses import dataclass, field
from functools import cached_property

import numpy as np

from data.errors import InfeasibleError
from scheduling.named_rosters.kernels import fill_to_go, tours_within
from scheduling.named_rosters.problem import REST, NamedProblem

ROUNDING = 1e-12
"""What sums of prices may differ by when they are added in another order, relative to their size."""


@dataclass
class TourNetwork:
    """Tours of one person as paths of a network.

    Limits on the number of shifts of a type are counted in the network only once a best tour would break them, for
    each one multiplies its nodes (decremental state space relaxation, Righini & Salani 2008).

    Parameters
    ----------
    problem, person
        Whose tours, the person by number.
    """

    problem: NamedProblem
    person: int
    _watched: list[int] = field(default_factory=list, init=False)

    @cached_property
    def _unit_min(self) -> int:
        return math.gcd(*(shift.length_min for shift in self.problem.shifts))

    @cached_property
    def _fixed(self) -> tuple[np.ndarray, np.ndarray, np.ndarray, np.ndarray]:
        """Time and kind of each duty, which duty may follow a kind, and limits as compiled loops take them."""
        shifts, limits = self.problem.shifts, self.problem.people[self.person].limits
        units = np.array([0, *(shift.length_min // self._unit_min for shift in shifts)])
        banned = sorted({tuple(sorted(shift.never_before)) for shift in shifts})
        kind = np.array([0, *(banned.index(tuple(sorted(shift.never_before))) for shift in shifts)])
        follows = np.array([[True, *(shift.name not in names for shift in shifts)] for names in banned])
        least = -(-limits.least_min // self._unit_min)
        rules = np.array([limits.longest_run, limits.shortest_run, max(limits.shortest_rest, 1), least])
        return units, kind, follows, rules

    @cached_property
    def most(self) -> np.ndarray:
        """Greatest number of each duty in a tour."""
        named = self.problem.people[self.person].most
        return np.array([self.problem.days, *(named.get(shift.name, 0) for shift in self.problem.shifts)])

    @cached_property
    def _forbidden(self) -> np.ndarray:
        """Days × duties."""
        forbidden = np.zeros((self.problem.days, self.most.size), dtype=bool)
        forbidden[:, self.most == 0] = True
        forbidden[sorted(self.problem.people[self.person].days_off), REST + 1 :] = True
        return forbidden

    def best(self, prices: np.ndarray) -> tuple[float, np.ndarray]:
        """Least price of a tour and the tour: a duty per day.

        Parameters
        ----------
        prices
            Days × duties.

        Raises
        ------
        InfeasibleError
            Where the person's own limits allow no tour.
        """
        tours = self.cheapest(prices, 1)
        return float(prices[np.arange(prices.shape[0]), tours[0]].sum()), tours[0]

    def cheapest(self, prices: np.ndarray, number: int, beyond: float = 0.0) -> np.ndarray:
        """Up to that many tours (tours × days) whose prices are at most `beyond` above the least one."""
        possible = np.where(self._forbidden, np.inf, prices)
        self._watched.clear()
        while True:
            to_go = self._to_go(possible)
            least = to_go[0, self._fixed[3][2] - 1, 0, 0, 0]
            if not np.isfinite(least):
                name = self.problem.people[self.person].name
                raise InfeasibleError(f"{name}: no tour keeps the limits of the contract and the days off.")
            dearest = least + beyond + ROUNDING * max(1.0, np.abs(prices).sum())
            found = self._within(possible, to_go, dearest, number, self.most)
            if found.size:
                return found
            ignoring = np.full_like(self.most, self.problem.days)
            self._watch(self._within(possible, to_go, dearest, 1, ignoring)[0])

    def within(self, prices: np.ndarray, dearest: float, number: int) -> np.ndarray:
        """Up to that many tours (tours × days) of at most a price."""
        possible = np.where(self._forbidden, np.inf, prices)
        return self._within(possible, self._to_go(possible), dearest, number, self.most)

    def _watch(self, tour: np.ndarray) -> None:
        """Count the types of which this tour has too many."""
        used = np.bincount(tour, minlength=self.most.size)
        self._watched += [duty for duty in np.flatnonzero(used > self.most).tolist() if duty != REST]

    def _next_count(self) -> np.ndarray:
        """Duties × counts: counts after one more of a duty, −1 where that is too many."""
        sizes = [int(self.most[duty]) + 1 for duty in self._watched]
        counts = np.arange(math.prod(sizes))
        after = np.tile(counts, (self.most.size, 1))
        stride = 1
        for duty, size in zip(self._watched, sizes, strict=True):
            full = counts // stride % size == size - 1
            after[duty] = np.where(full, -1, counts + stride)
            stride *= size
        return after

    def _to_go(self, prices: np.ndarray) -> np.ndarray:
        units, kind, follows, rules = self._fixed
        limits = self.problem.people[self.person].limits
        after = self._next_count()
        shape = (
            self.problem.days + 1,
            int(rules[2]) + limits.longest_run * follows.shape[0],
            limits.most_weekends + 1,
            after.shape[1],
            limits.most_min // self._unit_min + 1,
        )
        to_go = np.empty(shape)
        cheapest = self._cheapest_alike(prices, after)
        fill_to_go(cheapest, units, kind, follows, after, self.problem.weekends, rules, to_go)
        return to_go

    def _cheapest_alike(self, prices: np.ndarray, after: np.ndarray) -> np.ndarray:
        """Prices with one duty left of those that differ in nothing else, the cheapest of each day."""
        units, kind, follows, _ = self._fixed
        traits = np.vstack([units, kind, follows, after.T])
        _, firsts, group = np.unique(traits, axis=1, return_index=True, return_inverse=True)
        cheapest = np.full_like(prices, np.inf)
        for number, first in enumerate(firsts):
            cheapest[:, first] = prices[:, group == number].min(axis=1)
        return cheapest

    def _within(
        self, prices: np.ndarray, to_go: np.ndarray, dearest: float, number: int, most: np.ndarray
    ) -> np.ndarray:
        units, kind, follows, rules = self._fixed
        found = np.empty((number, self.problem.days), dtype=np.int64)
        after = self._next_count()
        weekends = self.problem.weekends
        held = tours_within(prices, units, kind, follows, after, weekends, rules, to_go, most, dearest, found)
        return found[:held]

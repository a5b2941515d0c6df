"""A person's tours: every way to work and rest that the contract allows, and the best of them at given prices."""

from __future__ import annotations

import math
from dataclasses import dataclass, field
from functools import cached_property

import numpy as np

from data.errors import InfeasibleError
from scheduling.named_rosters.kernels import fill_to_go, run_after, tours_within
from scheduling.named_rosters.problem import REST, NamedProblem

ROUNDING = 1e-12
"""What sums of prices may differ by when they are added in another order, relative to their size."""
MOST_NODES = 2**24
"""Nodes of a network, 128 MiB of prices: more limits on types are not counted exactly."""
STEPS_FOR_ONE = 20_000
"""Steps of a search for one best tour after which the limits it runs into are counted in the network."""
STEPS_PER_TOUR = 2_000
"""Most steps of a search for several tours, for each of them."""


@dataclass
class TourNetwork:
    """Tours of one person as paths of a network.

    Limits on the number of shifts of a type are counted in the network only where a best tour would break them, for
    each one multiplies its nodes (decremental state space relaxation, Righini & Salani 2008).

    Parameters
    ----------
    problem, person
        Whose tours, the person by number.
    """

    problem: NamedProblem
    person: int
    _watched: list[int] = field(default_factory=list, init=False)
    _by_watched: dict[tuple[int, ...], tuple[np.ndarray, np.ndarray, np.ndarray, np.ndarray]] = field(
        default_factory=dict, init=False
    )
    known: np.ndarray | None = field(default=None, init=False)
    """The tour found last."""

    @cached_property
    def _unit_min(self) -> int:
        return math.gcd(*(shift.length_min for shift in self.problem.shifts))

    @cached_property
    def fixed(self) -> tuple[np.ndarray, np.ndarray, np.ndarray, np.ndarray]:
        """Time and kind of each duty, which duty may follow a kind, and limits as compiled loops take them."""
        shifts, person = self.problem.shifts, self.problem.people[self.person]
        limits = person.limits
        units = np.array([0, *(shift.length_min // self._unit_min for shift in shifts)])
        banned = sorted({tuple(sorted(shift.never_before)) for shift in shifts})
        kind = np.array([0, *(banned.index(tuple(sorted(shift.never_before))) for shift in shifts)])
        follows = np.array([[True, *(shift.name not in names for shift in shifts)] for names in banned])
        rest = max(limits.shortest_rest, 1)
        least = max(-(-limits.least_min // self._unit_min), 0)
        rules = np.array([limits.longest_run, limits.shortest_run, rest, least, rest - 1, 0])
        # A rest that began before all this may have been as long as asked for.
        rules[4] = run_after(rest - 1, np.array(person.before, dtype=np.int64), kind, follows, rules, 0)
        rules[5] = len(person.before)
        return units, kind, follows, rules

    @cached_property
    def _ends(self) -> np.ndarray:
        """Whether each run may be the last one, for what comes after."""
        _, kind, follows, rules = self.fixed
        after = np.array(self.problem.people[self.person].after, dtype=np.int64)
        day = int(rules[5]) + self.problem.days
        runs = range(int(rules[2]) + int(rules[0]) * follows.shape[0])
        return np.array([run_after(run, after, kind, follows, rules, day) >= 0 for run in runs])

    @cached_property
    def shape(self) -> tuple[int, int, int, int]:
        """Days, runs, weekends and times of the nodes."""
        limits, problem = self.problem.people[self.person].limits, self.problem
        units = self.fixed[0]
        weekends = min(limits.most_weekends, np.unique(problem.weekends[problem.weekends >= 0]).size)
        times = min(limits.most_min // self._unit_min, int(units.max()) * problem.days)
        return problem.days + 1, self._ends.size, max(weekends + 1, 0), max(times + 1, 0)

    @cached_property
    def most(self) -> np.ndarray:
        """Greatest number of each duty in a tour."""
        named = self.problem.people[self.person].most
        return np.array([self.problem.days, *(named.get(shift.name, 0) for shift in self.problem.shifts)])

    @cached_property
    def forbidden(self) -> np.ndarray:
        """Days × duties."""
        forbidden = np.zeros((self.problem.days, self.most.size), dtype=bool)
        forbidden[:, self.most == 0] = True
        forbidden[sorted(self.problem.people[self.person].days_off), REST + 1 :] = True
        return forbidden

    @property
    def nodes(self) -> int:
        """Size of the network while no limit on types is counted."""
        return math.prod(self.shape)

    def best(self, prices: np.ndarray) -> tuple[float, np.ndarray]:
        """A price that no tour goes below, and the best tour: a duty per day.

        The price is the tour's, but where limits on types were too many to be counted exactly.

        Parameters
        ----------
        prices
            Days × duties.

        Raises
        ------
        InfeasibleError
            Where the person's own limits allow no tour.
        """
        possible = np.where(self.forbidden, np.inf, prices)
        self._watched.clear()
        least, exact = -math.inf, True
        while True:
            to_go = self._to_go(possible)
            now = self._least(to_go)
            if not math.isfinite(now):
                if not exact and self.known is not None:
                    return least, self.known
                name = self.problem.people[self.person].name
                raise InfeasibleError(f"{name}: no tour keeps the limits of the contract and the days off.")
            least = now if exact else least
            dearest = now + ROUNDING * max(1.0, np.abs(prices).sum())
            found = self._within(possible, to_go, dearest, 1, self.most, STEPS_FOR_ONE)
            if found is not None and found.size:
                self.known = found[0]
                price = float(prices[np.arange(found.shape[1]), found[0]].sum())
                return price if exact else least, found[0]
            exact &= self._obey(possible, self._ignoring_counts(possible, to_go, dearest))

    def _least(self, to_go: np.ndarray) -> float:
        begin = self.fixed[3][4]
        return float(to_go[0, begin, 0, 0, 0]) if to_go.size and begin >= 0 else math.inf

    def within(self, prices: np.ndarray, dearest: float, number: int) -> np.ndarray | None:
        """Up to that many tours (tours × days) of at most a price; None where they take too long to find."""
        possible = np.where(self.forbidden, np.inf, prices)
        steps = STEPS_FOR_ONE + STEPS_PER_TOUR * number
        return self._within(possible, self._to_go(possible), dearest, number, self.most, steps)

    def _ignoring_counts(self, prices: np.ndarray, to_go: np.ndarray, dearest: float) -> np.ndarray:
        """A best tour without regard to limits on types that are not watched."""
        ignoring = np.full_like(self.most, self.problem.days)
        found = self._within(prices, to_go, dearest, 1, ignoring, STEPS_FOR_ONE)
        if found is None or not found.size:
            raise RuntimeError("the network has a least price and no tour of that price.")
        return np.asarray(found[0])

    def _obey(self, prices: np.ndarray, tour: np.ndarray) -> bool:
        """Count the types of which this tour has too many; whether the network has room for all of them.

        A type it has no room for is left possible only on the days where this tour has it cheapest.
        """
        used = np.bincount(tour, minlength=self.most.size)
        room = True
        for duty in np.flatnonzero(used > self.most).tolist():
            sizes = [int(self.most[watched]) + 1 for watched in [*self._watched, duty]]
            if self.nodes * math.prod(sizes) <= MOST_NODES:
                self._watched.append(duty)
                continue
            room = False
            days = np.flatnonzero(tour == duty)
            cheapest = days[np.argsort(prices[days, duty], kind="stable")[: self.most[duty]]]
            prices[np.setdiff1d(np.arange(tour.size), cheapest), duty] = np.inf
        return room

    def _counted(self) -> tuple[np.ndarray, np.ndarray, np.ndarray, np.ndarray]:
        """What the watched limits make of counts and duties.

        Returns
        -------
        tuple
            Duties × counts: the counts after one more of a duty, −1 where that is too many. Then the duties ordered
            by what they differ in other than price, where each group of them begins, and its first duty.
        """
        watched = tuple(self._watched)
        if watched not in self._by_watched:
            units, kind, follows, _ = self.fixed
            after = self._next_count()
            traits = np.vstack([units, kind, follows, after.T])
            _, firsts, group = np.unique(traits, axis=1, return_index=True, return_inverse=True)
            order = np.argsort(group, kind="stable")
            starts = np.searchsorted(group[order], np.arange(firsts.size))
            self._by_watched[watched] = after, order, starts, firsts
        return self._by_watched[watched]

    def _next_count(self) -> np.ndarray:
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
        """Least price from each node to the end; of duties that differ in price alone a day needs the cheapest."""
        units, kind, follows, rules = self.fixed
        after, order, starts, firsts = self._counted()
        days, runs, weekends, times = self.shape
        to_go = np.full((days, runs, weekends, after.shape[1], times), np.inf)
        if to_go.size and rules[4] >= 0:
            cheapest, weekend_of = np.full_like(prices, np.inf), self.problem.weekends
            cheapest[:, firsts] = np.minimum.reduceat(prices[:, order], starts, axis=1)
            fill_to_go(cheapest, units, kind, follows, after, weekend_of, rules, self._ends, to_go)
        return to_go

    def _within(  # noqa: PLR0917 - one call of a compiled loop
        self,
        prices: np.ndarray,
        to_go: np.ndarray,
        dearest: float,
        number: int,
        most: np.ndarray,
        steps: int,
    ) -> np.ndarray | None:
        """Tours of at most a price; None where the search was given up."""
        found = np.empty((number, self.problem.days), dtype=np.int64)
        units, kind, follows, rules = self.fixed
        after, weekends = self._counted()[0], self.problem.weekends
        held = tours_within(
            prices, units, kind, follows, after, weekends, rules, to_go, most, dearest, steps, found
        )
        return None if held < 0 else found[:held]

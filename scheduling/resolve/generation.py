"""Column generation: the tours that are worth changing to, and the bound their prices prove."""

from __future__ import annotations

import math
from dataclasses import dataclass, field

import numpy as np

from scheduling.resolve.columns import Columns
from scheduling.resolve.demand import NOWHERE
from scheduling.resolve.people import Prices, Tour
from scheduling.rosters.limits import Watch
from scheduling.solver import Arrays, Solved, dual_bound, relax

LEAST_SHARE = 0.02
"""A tour of which a relaxation takes less is not taken: interior points take a little of everything."""
SMOOTHING = 0.5
"""Share of the best prices so far in those that tours are sought at (Wentges 1997)."""
ROUNDING = 1e-7
"""A tour gains something where it gains more than this."""


@dataclass(eq=False)
class Generation:
    """The relaxation over all tours.

    Parameters
    ----------
    columns
        Tours found so far.
    watch
        Time and the wish to stop.
    """

    columns: Columns
    watch: Watch
    bound: float = field(default=-math.inf, init=False)
    """No choice of tours has less."""
    value: float = field(default=math.inf, init=False)
    """Of the last relaxation."""
    prices: Prices | None = field(default=None, init=False)
    """What shifts were worth where the bound was proven."""
    rounds: int = field(default=0, init=False)
    shares: dict[int, float] = field(default_factory=dict, init=False)
    """Of the tours that the last relaxation takes, by their number among those found."""
    _lacking: np.ndarray = field(default_factory=lambda: np.zeros(0), init=False)
    """What a changed tour of each person adds at least, at those prices."""
    _proving: np.ndarray | None = field(default=None, init=False)
    """Multipliers of the rows without tours where the bound was proven."""

    def run(self, until_s: float, enough: float) -> bool:
        """Add tours until none is lacking, or bound and relaxation are within a share `enough`; whether it came to that."""
        while self.watch.elapsed_s < until_s and not self.watch.stopped():
            programme = self.columns.programme()
            solved = self._relaxed(programme, until_s)
            if solved.row_duals is None or solved.objective is None:
                return False
            self.value = solved.objective
            if solved.values is not None:
                taken = solved.values[self.columns.first_tour :]
                self.shares = {int(n): float(taken[n]) for n in np.flatnonzero(taken > LEAST_SHARE)}
            self.rounds += 1
            added = self._price(solved.row_duals)
            if self.value - self.bound <= enough * abs(self.value):
                return True
            if not added:
                return True
        return False

    def near(self, objective: float, most: int) -> list[tuple[int, Tour]] | None:
        """Every tour that a choice below an objective can hold, by number of the person; None where there are too many.

        A tour can only be in such a choice where its reduced cost at the prices of the bound is below the difference.
        """
        found: list[tuple[int, Tour]] = []
        if self.prices is None:
            return None
        allowance = self._allowance()
        for number, person in enumerate(self.columns.people):
            net, still = self.prices.net(person), self.prices.standing(person)
            dearest = objective - self.bound + allowance[number]
            least = self.columns.budget.price + still - dearest - ROUNDING
            tours = person.graph.near(net, person.due, least, most - len(found))
            if tours is None:
                return None
            found += [(number, tour) for tour in tours if self.columns.may(number, tour)]
        return found

    def _relaxed(self, programme: Arrays, until_s: float) -> Solved:
        left_s = max(until_s - self.watch.elapsed_s, 0.01)
        # Prices from the middle of the best ones, not from a corner: far fewer rounds.
        solved = relax(programme, time_s=left_s, method="ipm", stop=self.watch.stopped)
        if solved.row_duals is None and not self.watch.stopped():
            # Interior point does not always reach its own tolerance.
            left_s = max(until_s - self.watch.elapsed_s, 0.01)
            solved = relax(programme, time_s=left_s, method="simplex", stop=self.watch.stopped)
        return solved

    def _price(self, duals: np.ndarray) -> bool:
        """Add everybody's best tour at the prices of a relaxation, and prove what they prove; whether any is new."""
        added = False
        rows = self.columns.presence_rows.stop
        if self._proving is not None:
            # Near the best prices so far, where bounds jump about less.
            added = self._price_at(SMOOTHING * self._proving + (1 - SMOOTHING) * duals[:rows], duals)
        return added or self._price_at(duals[:rows], duals)

    def _price_at(self, at: np.ndarray, duals: np.ndarray) -> bool:
        """Add everybody's best tour at some multipliers of the rows without tours; whether any is new."""
        columns = self.columns
        prices = Prices(columns.work, self._worth(at[columns.presence_rows]))
        shares, per_change = duals[columns.person_rows], float(duals[-1])
        lacking = np.full(len(columns.people), np.inf)
        added = False
        for number, person in enumerate(columns.people):
            net = prices.net(person)
            tour = person.graph.best(net, person.due)
            if tour is None:
                continue
            gain = sum((net[shift] for shift in tour.values()), start=0.0) - prices.standing(person)
            lacking[number] = columns.budget.price - gain
            if lacking[number] - float(shares[number]) - per_change < -ROUNDING:
                days = columns.changed_days(number, tour)
                added |= columns.add(number, tour, {day: prices.offsets(person, tour[day]) for day in days})
        proven = dual_bound(columns.without_tours, at) + self._least_sum(lacking)
        if proven > self.bound:
            self.bound, self.prices, self._lacking, self._proving = proven, prices, lacking, at
        return added

    def _least_sum(self, lacking: np.ndarray) -> float:
        """What changed tours add at least together: at most so many, theirs among them who cannot stay."""
        must, left = self._musts()
        others = np.minimum(lacking[~must], 0.0)
        return float(lacking[must].sum() + np.sort(others)[:left].sum())

    def _musts(self) -> tuple[np.ndarray, int]:
        """Who must change, and how many others may."""
        must = np.array([person.must for person in self.columns.people], dtype=bool)
        most = self.columns.budget.most
        return must, len(must) if most is None else most - int(must.sum())

    def _allowance(self) -> np.ndarray:
        """How much less the bound would be without what it reckons with for each person's own change."""
        must, left = self._musts()
        others = np.where(must, 0.0, np.minimum(self._lacking, 0.0))
        ordered = np.sort(others[~must])
        last = -np.inf if left == 0 else float(ordered[left - 1]) if left <= ordered.size else 0.0
        return np.where(must, self._lacking, np.minimum(others, last) if left else -np.inf)

    def _worth(self, duals: np.ndarray) -> np.ndarray:
        """Worth of a person of each skill set in each slot, shape (sets, slots)."""
        places = self.columns.demanded.places
        worth = np.where(places == NOWHERE, 0.0, np.r_[-duals, 0.0][places])
        return np.maximum(worth, 0.0)

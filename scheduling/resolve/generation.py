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
    _shares: np.ndarray = field(default_factory=lambda: np.zeros(0), init=False)
    _per_change: float = field(default=0.0, init=False)

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
            added = self._price(programme, solved.row_duals)
            if not added or self.value - self.bound <= enough * abs(self.value):
                return True
        return False

    def near(self, objective: float, most: int) -> list[tuple[int, Tour]] | None:
        """Every tour that a choice below an objective can hold, by number of the person; None where there are too many.

        A tour can only be in such a choice where its reduced cost at the prices of the bound is below the difference.
        """
        found: list[tuple[int, Tour]] = []
        if self.prices is None:
            return None
        for number, person in enumerate(self.columns.people):
            net, still = self.prices.net(person), self.prices.standing(person)
            least = self.columns.budget.price - float(self._shares[number]) - self._per_change + still
            tours = person.graph.near(
                net, person.due, least - (objective - self.bound) - ROUNDING, most - len(found)
            )
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

    def _price(self, programme: Arrays, duals: np.ndarray) -> bool:
        """Add everybody's best tour at the prices of a relaxation, and prove what they prove; whether any is new."""
        columns = self.columns
        prices = Prices(columns.work, self._worth(duals[columns.presence_rows]))
        # Signs as `dual_bound` takes them, or what is proven would not hold for tours that are not there yet.
        must = np.array([person.must for person in columns.people], dtype=bool)
        shares = np.where(must, duals[columns.person_rows], np.minimum(duals[columns.person_rows], 0.0))
        per_change = 0.0 if columns.budget.most is None else min(float(duals[-1]), 0.0)
        lacking: list[float] = []
        added = False
        for number, person in enumerate(columns.people):
            net = prices.net(person)
            tour = person.graph.best(net, person.due)
            if tour is None:
                continue
            gain = sum((net[shift] for shift in tour.values()), start=0.0) - prices.standing(person)
            reduced = columns.budget.price - gain - float(shares[number]) - per_change
            if reduced < -ROUNDING:
                lacking.append(reduced)
                offsets = {
                    day: prices.offsets(person, tour[day]) for day in columns.changed_days(number, tour)
                }
                added |= columns.add(number, tour, offsets)
        most = columns.budget.most
        # At most so many tours change, so that no more than those can be what the relaxation lacks.
        lacking = sorted(lacking)[: len(lacking) if most is None else most]
        proven = dual_bound(programme, duals) + sum(lacking)
        if proven > self.bound:
            self.bound, self.prices = proven, prices
            self._shares, self._per_change = shares, per_change
        return added

    def _worth(self, duals: np.ndarray) -> np.ndarray:
        """Worth of a person of each skill set in each slot, shape (sets, slots)."""
        places = self.columns.demanded.places
        worth = np.where(places == NOWHERE, 0.0, np.r_[-duals, 0.0][places])
        return np.maximum(worth, 0.0)

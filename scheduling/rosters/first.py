"""The first roster in whole numbers along a relaxation: day by day its shifts, then whole tours for all of them.

A day's shifts, breaks and answers are free in its step, and so are all tours, in fractions; days that were not reached
yet pull the tours towards the relaxation at a price. Shifts are made whole by rounding, and exactly where rounding ends
too far from the day's own relaxation. Tours in fractions nearly always leave whole ones for whole shifts; where they do
not the days in question are solved again with whole tours.
"""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass, replace

import numpy as np

from scheduling.rosters.conflicts import one_by_one
from scheduling.rosters.duties import Duty
from scheduling.rosters.parts import Part, with_slack
from scheduling.rosters.recollect import flow_of
from scheduling.rosters.search import EFFORT, STEP_NODES, Search
from scheduling.shifts import Shift
from scheduling.solver import Arrays, dive, minimise

PULL = 0.7
"""Price of an hour by which a later day's tours leave the relaxation, in hours' cost."""
CLOSE = 0.5
"""A day is close enough where it is off by this share of what the gap asked for leaves it."""
FAR = 0.02
"""Rounding that ends further from the day's relaxation than this share misses something: a search is worth its time."""
HELD = 100.0
"""Tours keep to the days reached that many times as dearly as to those that were not."""
TORN = 1e-4
"""Fewer people than this too few or too many are the solver's rounding."""


def first_roster(search: Search, until_s: float) -> np.ndarray:
    """Find whole numbers of shifts and tours; breaks may still be fractions.

    Parameters
    ----------
    search
        With a relaxation.
    until_s
        Wall time, since the start of everything, to end at; then what is left is rounded as it is.

    Returns
    -------
    ndarray
        A value per column.
    """
    days = search.model.problem.days
    # Crumbs an interior point leaves in columns that are held would make whole numbers infeasible.
    values = np.where(search.worth, search.relaxed.values, 0.0)
    dive = _Dive(search, values, set(), until_s)
    for day in range(days):
        search.watch.tell(f"whole numbers, day {day + 1} of {days}")
        dive.round(day)
    dive.settle()
    return dive.values


@dataclass(frozen=True)
class _Dive:
    """Counts so far, of which the shifts of the days reached are whole."""

    search: Search
    values: np.ndarray
    reached: set[int]
    until_s: float

    @property
    def _left_s(self) -> float:
        return max(0.0, self.until_s - self.search.watch.elapsed_s)

    @property
    def _share_s(self) -> float:
        """Wall time for one more day."""
        return self._left_s / max(1, self.search.model.problem.days - len(self.reached))

    @property
    def _slack(self) -> float:
        limits, bound = self.search.watch.limits, self.search.relaxed.bound or 0.0
        return CLOSE * limits.gap * bound / self.search.model.problem.days

    def round(self, day: int) -> None:
        """Make a day's shifts whole, tours being fractions; nothing where there is no time."""
        if self._left_s <= 0 or self.search.watch.stopped():
            return
        part, whole = self._piece(day)
        integer = whole.integer.copy()
        integer[: part.columns.size] &= ~self.search.is_flow[part.columns]
        programme = replace(whole, integer=integer)
        found = dive(programme, slack=self._slack, time_s=self._share_s, stop=self.search.watch.stopped)
        far = found.objective is None or found.bound is None or found.objective > (1 + FAR) * found.bound
        if far and self._left_s > 0:
            # With whole tours: of few people to a class fractions tell little.
            exact = minimise(
                whole,
                time_s=self._share_s,
                seed=self.search.watch.limits.seed,
                start=None if found.values is None else np.where(integer, found.values, np.nan),
                stop=self.search.watch.stopped,
                options={
                    "mip_heuristic_effort": EFFORT,
                    "mip_abs_gap": max(FAR / 2 * (found.bound or 0.0), self._slack / CLOSE),
                    "mip_max_nodes": STEP_NODES,
                    "mip_allow_restart": False,
                },
            )
            if exact.values is not None:
                found = exact
        if found.values is not None:
            self._take(part, found.values)
            self.reached.add(day)

    def settle(self) -> None:
        """Find whole tours for the shifts, and shifts for the tours of days that were not reached."""
        if self._find_tours():
            torn = sorted(self.reached & self._torn())
            self.reached.difference_update(torn)
            for day in torn:
                self._solve_again(day)
        else:
            self._begin()
            self.reached.clear()
        for day in set(range(self.search.model.problem.days)) - self.reached:
            self.values[:] = self._rounded(day)

    def _find_tours(self) -> bool:
        """Take whole tours that go with the shifts of days reached as far as can be; false where none are found."""
        search = self.search
        part = search.rough.part(search.always_free, self.values)
        rows, prices = self._pulled(part.rows, set())
        later, _ = self._pulled(part.rows, self.reached)
        found = minimise(
            with_slack(part.programme, rows, np.where(np.isin(rows, later), prices, HELD * prices)),
            time_s=max(1.0, self._left_s),
            seed=search.watch.limits.seed,
            stop=search.watch.stopped,
        )
        if found.values is None:
            return False
        self._take(part, found.values)
        return True

    def _torn(self) -> set[int]:
        """Days whose shifts are not as many as their tours' duties."""
        model = self.search.model
        off = model.arrays.matrix @ self.values
        return {day for (_, day, _), row in model.link_rows.items() if abs(off[row]) > TORN}

    def _solve_again(self, day: int) -> None:
        """Solve one day exactly, with whole tours that go with the days reached."""
        days = self.search.model.problem.days
        part, programme = self._piece(day)
        found = self.search.solve(programme, self._share_s, share=1 / days, nodes=STEP_NODES)
        if found.values is not None:
            self._take(part, found.values)
            self.reached.add(day)

    def _take(self, part: Part, found: np.ndarray) -> None:
        self.values[part.columns] = found[: part.columns.size]

    def _piece(self, day: int) -> tuple[Part, Arrays]:
        """One day with all tours, days not reached being pulled towards the relaxation."""
        search = self.search
        part = search.rough.part(search.days_free(range(day, day + 1)) & search.worth, self.values)
        return part, with_slack(part.programme, *self._pulled(part.rows, self.reached | {day}))

    def _begin(self) -> None:
        """Take over whole tours without a solver: people choose those closest to the relaxation, one after another."""
        model = self.search.model
        for number, columns in enumerate(model.shift_columns):
            by_day: dict[int, list[int]] = defaultdict(list)
            for shift in columns:
                by_day[model.problem.shifts[shift].day].append(shift)
            wanted: dict[Shift, int] = {}
            for shifts in by_day.values():
                shares = self.values[[columns[shift] for shift in shifts]]
                whole = _rounded_to(shares, round(shares.sum()))
                wanted |= {
                    model.problem.shifts[shift]: int(times)
                    for shift, times in zip(shifts, whole, strict=True)
                }
            flows = flow_of(model, number, one_by_one(model, number, wanted))
            for own, flow in zip(model.flow_columns[number], flows, strict=True):
                self.values[list(own)] = flow

    def _rounded(self, day: int) -> np.ndarray:
        """Values with a day's shifts in whole numbers, as many as its tours have on each duty."""
        model, values = self.search.model, self.values.copy()
        for number, columns in enumerate(model.shift_columns):
            on_duty: dict[Duty, int] = defaultdict(int)
            for tours, flow in zip(model.tours(number), model.flow_columns[number], strict=True):
                for arc, column in zip(tours.arcs, flow, strict=True):
                    if arc.day == day and arc.duty is not None:
                        on_duty[arc.duty] += round(self.values[column])
            groups: dict[Duty, list[int]] = defaultdict(list)
            for shift, duty in model.duties(number).items():
                if model.problem.shifts[shift].day == day:
                    groups[duty].append(columns[shift])
            for duty, own in groups.items():
                values[own] = _rounded_to(self.values[own], on_duty[duty])
        return values

    def _pulled(self, rows: np.ndarray, reached: set[int]) -> tuple[np.ndarray, np.ndarray]:
        """Rows of a piece that tie tours to days not reached yet, and the price of leaving the relaxation there."""
        model = self.search.model
        prices = {
            row: PULL * duty.paid_min / 60 * model.classes[number].contract.cost_per_h
            for (number, day, duty), row in model.link_rows.items()
            if day not in reached
        }
        places = [(place, prices[row]) for place, row in enumerate(rows.tolist()) if row in prices]
        return np.array([p for p, _ in places], dtype=np.int64), np.array([price for _, price in places])


def _rounded_to(shares: np.ndarray, total: int) -> np.ndarray:
    """Whole numbers with that sum whose running sums stay as close as can be to those of the shares."""
    spread = np.ones(shares.size) if shares.sum() <= 0 else np.maximum(shares, 0.0)
    running = np.cumsum(spread) * (total / spread.sum())
    return np.diff(np.round(running), prepend=0.0)

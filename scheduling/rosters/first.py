"""The first roster in whole numbers along a relaxation: whole tours close to it, then day by day, exactly.

A day's shifts, breaks and answers are free in its step, and so are all tours; days that were not reached yet pull
the tours towards the relaxation at a price. Each step begins with the relaxation's shifts rounded to the tours, and
where time is short that is what is taken.
"""

from __future__ import annotations

from collections import defaultdict
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass

import numpy as np

from scheduling.rosters.conflicts import one_by_one
from scheduling.rosters.duties import Duty
from scheduling.rosters.parts import Part, with_slack
from scheduling.rosters.recollect import flow_of
from scheduling.rosters.search import STEP_NODES, Search
from scheduling.shifts import Shift
from scheduling.solver import minimise

PULL = 0.7
"""Price of an hour by which a later day's tours leave the relaxation, in hours' cost."""

Step = tuple[Part, np.ndarray]
"""A piece of the programme and a value for each of its columns."""


def first_roster(search: Search, until_s: float) -> np.ndarray:
    """Find whole numbers of shifts and tours; breaks may still be fractions.

    With two threads two days half the horizon apart are solved side by side; where their tours do not go
    together the second is solved again after the first.

    Parameters
    ----------
    search
        With a relaxation.
    until_s
        Wall time, since the start of everything, to end at.

    Returns
    -------
    ndarray
        A value per column.
    """
    watch, days = search.watch, search.model.problem.days
    dive = _Dive(search, search.relaxed.values.copy(), set(), until_s)
    dive.begin()
    apart = -(-days // watch.limits.threads)
    for first in range(apart):
        together = list(range(first, days, apart))
        names = " and ".join(str(day + 1) for day in together)
        watch.tell(f"whole numbers, day {names} of {days}")
        for day, step in zip(together, dive.side_by_side(together), strict=True):
            dive.take(day, step)
    return dive.values


@dataclass(frozen=True)
class _Dive:
    """Counts so far, of which all tours and the shifts of the days reached are whole."""

    search: Search
    values: np.ndarray
    reached: set[int]
    until_s: float

    @property
    def _left_s(self) -> float:
        return max(0.0, self.until_s - self.search.watch.elapsed_s)

    def begin(self) -> None:
        """Take over whole tours: people choose those closest to the relaxation's shifts, one after another."""
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

    def side_by_side(self, days: list[int]) -> list[Step]:
        threads = min(self.search.watch.limits.threads, len(days))
        if threads == 1:
            # In this thread: who asks `stop` something may be bound to it.
            return [self._step(day) for day in days]
        with ThreadPoolExecutor(threads) as pool:
            return list(pool.map(self._step, days))

    def _step(self, day: int) -> Step:
        """Solve one day with all tours, days not reached being pulled towards the relaxation."""
        search, days = self.search, self.search.model.problem.days
        rounded = self._rounded(day)
        chosen = search.worth | (rounded > 1e-6)
        part = search.rough.part(search.days_free(range(day, day + 1)) & chosen, self.values)
        programme = with_slack(part.programme, *self._pulled(part.rows, self.reached | {day}))
        start = np.full(programme.cost.size, np.nan)
        start[: part.columns.size] = np.where(part.programme.integer, rounded[part.columns], np.nan)
        share_s = self._left_s / (days - len(self.reached))
        if share_s > 0 and not search.watch.stopped():
            solved = search.solve(programme, share_s, share=1 / days, nodes=STEP_NODES, start=start)
            if solved.values is not None:
                return part, solved.values[: part.columns.size]
        return part, rounded[part.columns]

    def take(self, day: int, step: Step) -> None:
        """Take over a day's whole numbers."""
        part, found = step
        taken = self._with(part, found)
        alone = self.search.watch.limits.threads == 1
        if not alone and self.reached:
            whole = self._tours(taken, self.reached | {day})
            # Solved beside another day, whose tours may leave no room for these: once more, knowing the other.
            taken = self._with(*self._step(day)) if whole is None else whole
        self.values[:] = taken
        self.reached.add(day)

    def _with(self, part: Part, found: np.ndarray) -> np.ndarray:
        taken = self.values.copy()
        taken[part.columns] = found
        return taken

    def _tours(self, values: np.ndarray, reached: set[int]) -> np.ndarray | None:
        """Any whole tours that go with the shifts of the days reached; None where none are found in time."""
        search, watch = self.search, self.search.watch
        part = search.rough.part(search.always_free, values)
        solved = minimise(
            with_slack(part.programme, *self._pulled(part.rows, reached)),
            time_s=max(1.0, self._left_s / 10),
            seed=watch.limits.seed,
            stop=watch.stopped,
            options={"mip_max_improving_sols": 1},
        )
        return None if solved.values is None else self._with(part, solved.values[: part.columns.size])

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

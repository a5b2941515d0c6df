"""The search for whole numbers of people: day by day first, then days mended until the gap is small.

Each step solves a piece of the programme exactly. A day's shifts, breaks and answers are free in it, and so are
all tours; days that were not reached yet pull the tours towards the relaxation at a price.
"""

from __future__ import annotations

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, replace
from functools import cached_property

import numpy as np

from data.domain import Status
from scheduling.rosters.limits import Watch
from scheduling.rosters.model import Model
from scheduling.rosters.parts import Part, Whole, with_slack
from scheduling.rosters.programme import EVERY_DAY
from scheduling.rosters.relaxation import Relaxed, lifted
from scheduling.solver import Arrays, Solved, minimise

MARGIN = 4e-4
"""Share of a target the first roster goes beyond it: breaks in whole numbers answer a little less."""
EXACT_MARGIN = 1e-7
"""Share of a target that makes up for the solver's tolerance."""
ROUGH_FACTOR, EXACT_FACTOR = 5.0, 100.0
"""Whole shifts are lumpy: what is missing must cost more than in the relaxation, and in the final roster so much
that it pays to work a whole shift for a fiftieth of a position."""
PULL = 0.7
"""Price of an hour by which a later day's tours leave the relaxation, in hours' cost."""
SHIFT_REACH, PLACE_REACH = 0.1, 0.05
"""Columns at 0 whose reduced cost is above this stay out of a piece: shifts, and everything else."""
STEP_NODES = 50
"""Nodes of the search tree a step may visit: its first rosters come from heuristics at the root."""
EFFORT = 0.2
"""Share of HiGHS's work that goes into heuristics."""
WIDEST_GAP = 0.02
"""No piece is solved more loosely, whatever gap is asked for: a missed target would pass for good enough."""
PIECE_S = 10.0
"""Wall time one piece may take when a roster is mended."""
SMALL = 15_000
"""A programme of at most so many columns is searched as a whole first: its cuts lift the bound as well."""
SMALL_SHARE = 0.4
"""Share of the time left that this may take."""


@dataclass(frozen=True)
class Search:
    """A model with its relaxation, ready to be searched.

    Parameters
    ----------
    model
        The programme.
    relaxed
        Its relaxation.
    watch
        Time and progress.
    """

    model: Model
    relaxed: Relaxed
    watch: Watch

    @cached_property
    def rough(self) -> Whole:
        """The programme of the first roster: breaks in fractions, targets a little higher."""
        return Whole(self._programme(MARGIN, ROUGH_FACTOR))

    @cached_property
    def exact(self) -> Whole:
        """The programme of the final roster: breaks in whole numbers, targets as they are."""
        programme = self._programme(EXACT_MARGIN, EXACT_FACTOR)
        integer = programme.integer.copy()
        integer[self.model.all_break_columns] = True
        return Whole(replace(programme, integer=integer))

    def _programme(self, margin: float, factor: float) -> Arrays:
        given = self.relaxed.programme
        cost, lower = given.cost.copy(), given.row_lower.copy()
        cost[self.model.slack_columns] *= factor
        lower[self.model.target_rows] *= 1 + margin
        return replace(given, cost=cost, row_lower=lower)

    @cached_property
    def always_free(self) -> np.ndarray:
        """Columns of no day and no slot: tours, and what is missing."""
        programme = self.model.programme
        free: np.ndarray = (programme.day_of_column == EVERY_DAY) & (programme.slot_of_column < 0)
        return free

    @cached_property
    def promising(self) -> np.ndarray:
        """Columns the relaxation uses, or would at little more cost."""
        used = self.relaxed.values > 1e-6
        reach = np.full(used.size, PLACE_REACH)
        reach[self.model.all_shift_columns] = SHIFT_REACH
        reach[self.model.slack_columns] = np.inf
        near: np.ndarray = used | (self.relaxed.reduced_costs <= reach)
        return near

    @cached_property
    def worth(self) -> np.ndarray:
        """Columns a step looks at."""
        worth: np.ndarray = self.promising | self.always_free
        return worth

    def days_free(self, days: range) -> np.ndarray:
        """Columns of some days, to the end of their last shift."""
        model = self.model
        day, slot = model.programme.day_of_column, model.programme.slot_of_column
        step_min = model.problem.step_min
        ends = [shift.end_min for shift in model.problem.shifts if shift.day in days]
        first = model.problem.horizon.midnight_min(days.start) // step_min
        last = -(-max([*ends, model.problem.horizon.midnight_min(days.stop)]) // step_min)
        free: np.ndarray = (
            ((day >= days.start) & (day < days.stop)) | ((slot >= first) & (slot < last)) | self.always_free
        )
        return free


def first_roster(search: Search) -> np.ndarray | Status:
    """Find whole numbers of shifts and tours day by day; breaks may still be fractions.

    With two threads two days half the horizon apart are solved side by side; where their tours do not go
    together the second is solved again after the first.

    Returns
    -------
    ndarray
        A value per column; or NO_SOLUTION or CANCELLED.
    """
    watch, days = search.watch, search.model.problem.days
    values = search.relaxed.values.copy()
    apart = -(-days // search.watch.limits.threads)
    reached: set[int] = set()
    for first in range(apart):
        together = list(range(first, days, apart))
        names = " and ".join(str(day + 1) for day in together)
        watch.tell(f"whole numbers, day {names} of {days}")
        steps = _side_by_side(search, values, reached, together)
        for day, step in zip(together, steps, strict=True):
            ended = _take(search, values, reached, day, step)
            if ended is not None:
                return ended
    return values


Step = tuple[Part, Solved]


def _side_by_side(search: Search, values: np.ndarray, reached: set[int], days: list[int]) -> list[Step]:
    threads = min(search.watch.limits.threads, len(days))
    if threads == 1:
        # In this thread: who asks `stop` something may be bound to it.
        return [_step(search, values, reached, day) for day in days]
    with ThreadPoolExecutor(threads) as pool:
        return list(pool.map(lambda day: _step(search, values, reached, day), days))


def _step(search: Search, values: np.ndarray, reached: set[int], day: int) -> Step:
    """Solve one day with all tours, days not reached being pulled towards the relaxation."""
    days = search.model.problem.days
    part = search.rough.part(search.days_free(range(day, day + 1)) & search.worth, values)
    programme = with_slack(part.programme, *_pulled(search, part.rows, reached | {day}))
    share_s = search.watch.left_s / (days - len(reached) + 2)
    solved = _solve(search, programme, share_s, share=1 / days, nodes=STEP_NODES)
    if solved.values is None and solved.status is Status.NO_SOLUTION:
        solved = _solve(search, programme, search.watch.left_s / 2, share=1 / days, nodes=None)
    return part, solved


def _take(search: Search, values: np.ndarray, reached: set[int], day: int, step: Step) -> Status | None:
    """Take over a day's whole numbers; a status where there are none."""
    part, solved = step
    if solved.values is None:
        return solved.status
    taken = values.copy()
    taken[part.columns] = solved.values[: part.columns.size]
    alone = search.watch.limits.threads == 1
    if not alone and reached and _tours(search, taken, reached | {day}).values is None:
        # Solved beside another day, whose tours leave no room for these: once more, knowing the other.
        part, solved = _step(search, values, reached, day)
        if solved.values is None:
            return solved.status
        taken = values.copy()
        taken[part.columns] = solved.values[: part.columns.size]
    values[:] = taken
    reached.add(day)
    return None


def _tours(search: Search, values: np.ndarray, reached: set[int]) -> Solved:
    """Any tours that go with the shifts of the days reached."""
    part = search.rough.part(search.always_free, values)
    programme = with_slack(part.programme, *_pulled(search, part.rows, reached))
    watch = search.watch
    return minimise(
        programme,
        time_s=max(1.0, watch.left_s / 10),
        seed=watch.limits.seed,
        stop=watch.stopped,
        options={"mip_max_improving_sols": 1},
    )


def place_breaks(search: Search, values: np.ndarray) -> np.ndarray | Status:
    """Put breaks in whole numbers, day by day, for the shifts as they are.

    Returns
    -------
    ndarray
        A value per column; or NO_SOLUTION or CANCELLED.
    """
    model, watch = search.model, search.watch
    watch.tell("breaks")
    held = np.zeros(values.size, dtype=bool)
    held[model.all_shift_columns] = True
    for flows in model.flow_columns:
        for columns in flows:
            held[list(columns)] = True
    placed = values.copy()
    for day in range(model.problem.days):
        part = search.exact.part(search.days_free(range(day, day + 1)) & ~held, placed)
        solved = _solve(search, part.programme, max(1.0, watch.left_s / 10), share=0.0, nodes=STEP_NODES)
        if solved.values is None:
            return solved.status
        placed[part.columns] = solved.values
    return placed


def mend(search: Search, values: np.ndarray, until_s: float) -> Iterator[np.ndarray]:
    """Improve a roster piece by piece, each solved exactly; yields every better one.

    Parameters
    ----------
    search
        What is searched.
    values
        A roster in whole numbers.
    until_s
        Wall time, since the start of everything, to end at.
    """
    model, watch, best = search.model, search.watch, values
    days = model.problem.days
    for span in _spans(search, best):
        left_s = until_s - watch.elapsed_s
        if left_s <= 0 or watch.stopped() or watch.good_enough:
            return
        watch.tell(f"mending {len(span)} of {days} days")
        whole = len(span) == days
        free = search.days_free(span)
        if not whole:
            free &= search.worth | (best > 1e-6)
        part = search.exact.part(free, best)
        time_s = min(left_s, PIECE_S)
        if whole:
            time_s = max(time_s, SMALL_SHARE * left_s)
        solved = _solve(search, part.programme, time_s, share=len(span) / days / 2, start=best[part.columns])
        if whole and solved.bound is not None and search.relaxed.bound is not None:
            # Everything was free: what the tree proved holds for the whole problem.
            watch.bound = max(watch.bound or search.relaxed.bound, lifted(solved.bound * (1 - 1e-6), model))
        if solved.values is None or solved.objective is None:
            continue
        if solved.objective < float(part.programme.cost @ best[part.columns]) - 1e-6:
            best = best.copy()
            best[part.columns] = solved.values
            yield best


def _spans(search: Search, values: np.ndarray) -> Iterator[range]:
    """Days to mend together: first those where something is missing, then all, in growing spans."""
    days = search.model.problem.days
    yield from (range(day, day + 1) for day in _days_missing(search, values))
    if values.size <= SMALL:
        yield range(days)
    for width in sorted({min(width, days) for width in (1, 2, 3, days)}):
        yield from (range(first, first + width) for first in range(days - width + 1))


def _days_missing(search: Search, values: np.ndarray) -> list[int]:
    """Days on which a target or a floor is missed."""
    model = search.model
    slots = [slot for (_, slot), column in model.floor_slack.items() if values[column] > 1e-9]
    for target, column in zip(model.targets, model.target_slack, strict=True):
        if values[column] > 1e-9:
            slots += target.slots
    horizon, step_min = model.problem.horizon, model.problem.step_min
    midnights = [horizon.midnight_min(day) for day in range(model.problem.days)]
    days = {int(np.searchsorted(midnights, slot * step_min, side="right")) - 1 for slot in slots}
    return sorted(days)


def _solve(
    search: Search,
    programme: Arrays,
    time_s: float,
    *,
    share: float,
    start: np.ndarray | None = None,
    nodes: int | None = None,
) -> Solved:
    """Solve a piece; it may miss its own optimum by its share of the gap asked for."""
    limits = search.watch.limits
    slack = min(limits.gap, WIDEST_GAP) * share * (search.relaxed.bound or 0.0)
    options: dict[str, float | int | bool] = {
        "mip_heuristic_effort": EFFORT,
        "mip_abs_gap": max(slack, 1e-6),
    }
    if nodes is not None:
        # A restart would search the root a second time for little.
        options |= {"mip_max_nodes": nodes, "mip_allow_restart": False}
    return minimise(
        programme,
        time_s=time_s,
        seed=limits.seed,
        start=start,
        stop=search.watch.stopped,
        options=options,
    )


def _pulled(search: Search, rows: np.ndarray, reached: set[int]) -> tuple[np.ndarray, np.ndarray]:
    """Rows of a piece that tie tours to days not reached yet, and the price of leaving the relaxation there."""
    model = search.model
    prices = {
        row: PULL * paid_min / 60 * model.classes[number].contract.cost_per_h
        for (number, day, paid_min, _), row in model.link_rows.items()
        if day not in reached
    }
    places = [(place, prices[row]) for place, row in enumerate(rows.tolist()) if row in prices]
    return np.array([p for p, _ in places], dtype=np.int64), np.array([price for _, price in places])

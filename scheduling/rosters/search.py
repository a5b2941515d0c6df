"""What a search for whole numbers works on: the programmes it cuts pieces from, and which columns are worth a look."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass, replace
from functools import cached_property

import numpy as np

from data.domain import Status
from scheduling.rosters.limits import Watch
from scheduling.rosters.model import Model
from scheduling.rosters.parts import Whole
from scheduling.rosters.programme import EVERY_DAY
from scheduling.rosters.relaxation import MISSING, Relaxed, missing_share, priced
from scheduling.solver import Arrays, Solved, minimise

MARGIN = 4e-4
"""Share of a target the first roster goes beyond it: breaks in whole numbers answer a little less."""
EXACT_MARGIN = 1e-7
"""Share of a target that makes up for the solver's tolerance."""
ROUGH_FACTOR, EXACT_FACTOR = 5.0, 100.0
"""Whole shifts are lumpy: what is missing must cost more than in the relaxation, and in the final roster so much
that it pays to work a whole shift for a fiftieth of a position."""
SHIFT_REACH, PLACE_REACH = 0.1, 0.05
"""Columns at 0 whose reduced cost is above this stay out of a piece: shifts, and everything else."""
STEP_NODES = 50
"""Nodes of the search tree a step may visit: its first rosters come from heuristics at the root."""
EFFORT = 0.2
"""Share of HiGHS's work that goes into heuristics."""
WIDEST_GAP = 0.02
"""No piece is solved more loosely, whatever gap is asked for: a missed target would pass for good enough."""


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
        given = priced(self.model, self.relaxed.dearer * factor)
        lower = given.row_lower.copy()
        lower[self.model.target_rows] *= 1 + margin
        return replace(given, row_lower=lower)

    @cached_property
    def always_free(self) -> np.ndarray:
        """Columns of no day and no slot: tours, and what is missing."""
        programme = self.model.programme
        free: np.ndarray = (programme.day_of_column == EVERY_DAY) & (programme.slot_of_column < 0)
        return free

    @cached_property
    def is_flow(self) -> np.ndarray:
        """Whether each column counts people on an arc."""
        flow = np.zeros(self.model.arrays.cost.size, dtype=bool)
        flow[self.model.all_flow_columns] = True
        return flow

    @cached_property
    def tour_rows(self) -> np.ndarray:
        """Rows that tie shifts to tours, and those that keep rest between days."""
        model = self.model
        rest = self.model.arrays.matrix.tocsc()[:, model.rest_slack].indices
        return np.unique(np.r_[list(model.link_rows.values()), rest]).astype(np.int64)

    @cached_property
    def worth(self) -> np.ndarray:
        """Columns a step looks at: those the relaxation uses, or would at little more cost."""
        used = self.relaxed.values > 1e-6
        reach = np.full(used.size, PLACE_REACH)
        reach[self.model.all_shift_columns] = SHIFT_REACH
        reach[self.model.slack_columns] = np.inf
        near: np.ndarray = used | (self.relaxed.reduced_costs <= reach) | self.always_free
        return near

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

    def reaches(self, values: np.ndarray) -> bool:
        """Whether counts miss no target, no floor and no rest."""
        rested = not np.any(values[self.model.rest_slack] > 1e-6)
        return rested and missing_share(self.model, values) <= MISSING

    def cost(self, values: np.ndarray) -> float:
        """Cost of the shifts counted, of what a class works beyond its normal hours, and of what soft targets miss."""
        model = self.model
        paid = np.r_[model.all_shift_columns, model.overtime_columns, model.soft_slack].astype(np.int64)
        return float(model.arrays.cost[paid] @ values[paid])

    def solve(
        self,
        programme: Arrays,
        time_s: float,
        *,
        share: float,
        start: np.ndarray | None = None,
        nodes: int | None = None,
    ) -> Solved:
        """Solve a piece; it may miss its own optimum by its share of the gap asked for."""
        limits = self.watch.limits
        slack = min(limits.gap, WIDEST_GAP) * share * (self.relaxed.bound or 0.0)
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
            stop=self.watch.stopped,
            options=options,
        )


def place_breaks(
    search: Search, values: np.ndarray, until_s: float, days: Collection[int] | None = None
) -> np.ndarray | Status:
    """Put breaks in whole numbers, day by day, for the shifts as they are.

    Parameters
    ----------
    search, values
        Counts of shifts and tours.
    until_s
        Wall time, since the start of everything, to end at.
    days
        Those that need it; all where not given.

    Returns
    -------
    ndarray
        A value per column; or NO_SOLUTION or CANCELLED.
    """
    model, watch = search.model, search.watch
    due = sorted(range(model.problem.days) if days is None else days)
    watch.tell("breaks")
    held = np.zeros(values.size, dtype=bool)
    held[model.all_shift_columns] = True
    held[model.all_flow_columns] = True
    placed = values.copy()
    for number, day in enumerate(due):
        part = search.exact.part(search.days_free(range(day, day + 1)) & ~held, placed)
        time_s = max(1.0, (until_s - watch.elapsed_s) / (len(due) - number))
        solved = search.solve(part.programme, time_s, share=0.0, nodes=STEP_NODES)
        if solved.values is None:
            return solved.status
        placed[part.columns] = solved.values
    return placed

"""Planners' decisions laid out over the cells of a day matrix."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from data.corrections import Decision, Verdict
from forecasting.day_matrix import DayMatrix


@dataclass(frozen=True, slots=True)
class Verdicts:
    """Which decision holds where.

    Parameters
    ----------
    decisions
        In their order.
    place
        Place of the decision that holds in each cell, −1 where none does, shape (days, slots).
    """

    decisions: tuple[Decision, ...]
    place: np.ndarray

    @property
    def kept(self) -> np.ndarray:
        """Cells somebody keeps as they are, shape (days, slots)."""
        return self._of(Verdict.KEEP)

    @property
    def dropped(self) -> np.ndarray:
        """Cells somebody leaves out, shape (days, slots)."""
        return self._of(Verdict.DROP)

    def name_at(self, day: int, slot: int) -> str | None:
        """Who decided about a cell; None where nobody did."""
        place = int(self.place[day, slot])
        return None if place < 0 else self.decisions[place].name

    def _of(self, verdict: Verdict) -> np.ndarray:
        chosen = np.array([each.verdict is verdict for each in self.decisions] + [False])
        cells: np.ndarray = chosen[self.place]
        return cells


def verdicts_on(matrix: DayMatrix) -> Verdicts:
    """Lay the decisions of a matrix out over its cells; a cell belongs to the span its start lies in."""
    place = np.full(matrix.counts.shape, -1)
    if matrix.decisions:
        starts = matrix.local_starts()
        for index, decision in enumerate(matrix.decisions):
            first, end = (matrix.local(moment) for moment in (decision.start, decision.end))
            place[(starts >= first) & (starts < end)] = index
    return Verdicts(matrix.decisions, place)

"""Whole numbers by rounding: a relaxation, some columns rounded, the next one from its basis, until all are whole.

Each relaxation makes up for what the roundings before it cost; the next begins where the last ended and takes a few
steps (diving; Berthold 2006, "Primal Heuristics for Mixed Integer Programs", section 3.1). It takes a tenth of the time
of a search tree, and the first relaxation tells how good its result is.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import highspy
import numpy as np

WHOLE = 1e-6
"""What is this close to a whole number is one."""
SHARE = 0.25
"""Share of the fractional columns that is rounded at once, those nearest to a whole number first."""
UP_FROM = (0.4, 0.25, 0.5)
"""Fraction from which a column is rounded up, dive after dive: what is bought too much costs less than what is missed."""
MOST_ROUNDS = 400


@dataclass(frozen=True, slots=True)
class Dived:
    """The best of some dives.

    Parameters
    ----------
    values, objective
        With whole numbers where they were asked for; None where no dive came to its end.
    bound
        Objective of the relaxation.
    """

    values: np.ndarray | None
    objective: float | None
    bound: float


def dive(highs: highspy.Highs, columns: np.ndarray, slack: float, stopped: Callable[[], bool]) -> Dived:
    """Round until columns are whole, in one way after another until the objective is close to the relaxation's.

    Parameters
    ----------
    highs
        A programme without integrality.
    columns
        Numbers of the columns to be whole.
    slack
        How far above the relaxation the objective may be.
    stopped
        Asked before each relaxation; true ends the dive.
    """
    if not _solved(highs):
        return Dived(None, None, -np.inf)
    bound, basis = _objective(highs), highs.getBasis()
    best = Dived(None, None, bound)
    bounds = _Bounds(highs, columns)
    for up_from in UP_FROM:
        if _dived(highs, bounds, up_from, stopped):
            objective = _objective(highs)
            if best.objective is None or objective < best.objective:
                best = Dived(np.array(highs.getSolution().col_value), objective, bound)
            if objective <= bound + slack:
                break
        bounds.reset()
        highs.setBasis(basis)
    return best


def _dived(highs: highspy.Highs, bounds: _Bounds, up_from: float, stopped: Callable[[], bool]) -> bool:
    """Round until all is whole; false where that is impossible or takes too long."""
    for turn in range(MOST_ROUNDS):
        if stopped() or (turn == 0 and not _solved(highs)):
            return False
        values = np.array(highs.getSolution().col_value)[bounds.columns]
        off = np.abs(values - np.round(values))
        fractional = np.flatnonzero(off > WHOLE)
        if not fractional.size:
            return True
        nearest = fractional[np.argsort(off[fractional], kind="stable")]
        batch = nearest[: int(np.ceil(SHARE * nearest.size))]
        if not _rounded(highs, bounds, batch, values, up_from):
            return False
    return False


def _rounded(
    highs: highspy.Highs, bounds: _Bounds, batch: np.ndarray, values: np.ndarray, up_from: float
) -> bool:
    """Round a batch; fewer of it, or its first column the other way, where that is impossible."""
    while True:
        up = values[batch] - np.floor(values[batch]) >= up_from
        was = bounds.tighten(batch, values[batch], up)
        if _solved(highs):
            return True
        bounds.put(*was)
        if batch.size == 1:
            bounds.tighten(batch, values[batch], ~up)
            return _solved(highs)
        batch = batch[: batch.size // 2]


class _Bounds:
    """Bounds of the columns to be whole, as they get tighter."""

    def __init__(self, highs: highspy.Highs, columns: np.ndarray) -> None:
        model = highs.getLp()
        self.columns = columns
        self._highs, self._numbers = highs, columns.astype(np.int32)
        self._lower = np.array(model.col_lower_)[columns]
        self._upper = np.array(model.col_upper_)[columns]
        self._first = self._lower, self._upper

    def tighten(self, batch: np.ndarray, values: np.ndarray, up: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
        """At least the next whole number for those that go up, at most the last one for others; returns what was."""
        was = self._lower, self._upper
        lower, upper = self._lower.copy(), self._upper.copy()
        lower[batch[up]] = np.ceil(values[up] - WHOLE)
        upper[batch[~up]] = np.floor(values[~up] + WHOLE)
        self.put(lower, upper)
        return was

    def reset(self) -> None:
        """As they were at first."""
        self.put(*self._first)

    def put(self, lower: np.ndarray, upper: np.ndarray) -> None:
        """Set all of them."""
        self._lower, self._upper = lower, upper
        self._highs.changeColsBounds(self._numbers.size, self._numbers, lower, upper)


def _solved(highs: highspy.Highs) -> bool:
    highs.run()
    return bool(highs.getModelStatus() == highspy.HighsModelStatus.kOptimal)


def _objective(highs: highspy.Highs) -> float:
    return float(highs.getInfo().objective_function_value)

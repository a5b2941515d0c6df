"""The linear relaxation: the proven bound, the proof that a target is out of reach, and where to search."""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np

from data.domain import Status
from scheduling.rosters.limits import Watch
from scheduling.rosters.model import Model
from scheduling.solver import Arrays, Solved, dual_bound, relax

MISSING = 1e-6
"""Shares of a target or a floor below this are rounding of the solver."""
DEARER = 10.0
ATTEMPTS = 4
"""Prices tried: each `DEARER` times the one before."""


@dataclass(frozen=True)
class Relaxed:
    """What the relaxation tells.

    Parameters
    ----------
    values
        One per column.
    reduced_costs
        Cost of raising each column from 0.
    bound
        No roster that reaches every target costs less; None where the targets are proven out of reach.
    out_of_reach
        Whether no roster at all reaches every target, proven by multipliers recounted from the data.
    programme
        The programme with the prices of shortfalls that were needed.
    """

    values: np.ndarray
    reduced_costs: np.ndarray
    bound: float | None
    out_of_reach: bool
    programme: Arrays


def relaxation(model: Model, watch: Watch) -> Relaxed | Status:
    """Solve the relaxation, dearer shortfalls first where it pays to miss a target.

    Returns
    -------
    Relaxed
        Or NO_SOLUTION or CANCELLED, when it did not come to an end.
    """
    programme = model.arrays
    for attempt in range(ATTEMPTS):
        solved = _relax(programme, watch)
        if isinstance(solved, Status):
            return solved
        values, duals = solved
        reduced: np.ndarray = programme.cost - programme.matrix.T @ duals
        if missing_share(model, values) <= MISSING:
            break
        if attempt == 0:
            watch.tell("is the target in reach?")
            shortfall = replace(model.arrays, cost=_shares(model))
            least = _relax(shortfall, watch)
            if isinstance(least, Status):
                return least
            if dual_bound(shortfall, least[1]) > MISSING:
                return Relaxed(values, reduced, None, out_of_reach=True, programme=programme)
        if attempt < ATTEMPTS - 1:
            programme = _dearer(model, programme)
    bound = lifted(dual_bound(programme, duals), model)
    return Relaxed(values, reduced, bound, out_of_reach=False, programme=programme)


def missing_share(model: Model, values: np.ndarray) -> float:
    """Sum over targets and floors of the share that is missing; 0 where everything is reached."""
    weights = _shares(model)
    return float(weights @ np.maximum(values, 0.0))


def _shares(model: Model) -> np.ndarray:
    """One over what is wanted, in the columns of what is missing."""
    upper = model.arrays.upper
    weights = np.zeros(upper.size)
    slack = model.slack_columns
    weights[slack] = 1 / np.maximum(upper[slack], 1e-9)
    return weights


def _dearer(model: Model, programme: Arrays) -> Arrays:
    cost = programme.cost.copy()
    cost[model.slack_columns] *= DEARER
    return replace(programme, cost=cost)


def _relax(programme: Arrays, watch: Watch) -> tuple[np.ndarray, np.ndarray] | Status:
    solved: Solved = relax(programme, time_s=watch.left_s, stop=watch.stopped)
    if solved.values is None or solved.row_duals is None:
        return solved.status
    return solved.values, solved.row_duals


def lifted(bound: float, model: Model) -> float:
    """Round a bound up to the next cost a roster can have: every cost is a multiple of the shifts' common measure.

    Costs are read to a millionth; a measure that small lifts nothing.
    """
    costs = np.unique(np.round(model.arrays.cost[model.all_shift_columns] * 1e6)).astype(np.int64)
    measure = float(np.gcd.reduce(costs)) / 1e6 if costs.size else 0.0
    # A little is given back, for the multipliers were summed in floating point.
    safe = max(0.0, bound - 1e-7 * max(1.0, abs(bound)))
    if measure <= 1e-6:
        return safe
    return float(max(safe, np.ceil(safe / measure - 1e-6) * measure))

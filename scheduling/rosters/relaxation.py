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
"""Factor from one price of what is missing to the next."""
ATTEMPTS = 4
"""Prices tried."""


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
    dearer
        Factor on the prices of shortfalls that was needed.
    """

    values: np.ndarray
    reduced_costs: np.ndarray
    bound: float | None
    out_of_reach: bool
    dearer: float

    @property
    def known(self) -> bool:
        """Whether there was time for it."""
        return bool(self.values.any() or self.reduced_costs.any())

    def told_in(self, model: Model) -> Relaxed:
        """The same for another programme of the problem, which differs in its tours alone."""
        size, kept = model.arrays.cost.size, model.first_flow
        values, reduced = np.zeros(size), np.zeros(size)
        values[:kept], reduced[:kept] = self.values[:kept], self.reduced_costs[:kept]
        return replace(self, values=values, reduced_costs=reduced)


def unknown(model: Model) -> Relaxed:
    """What is known without a relaxation: nothing is proven, and every column is worth looking at."""
    nothing = np.zeros(model.arrays.cost.size)
    return Relaxed(nothing, nothing, None, out_of_reach=False, dearer=1.0)


def relaxation(model: Model, watch: Watch, until_s: float) -> Relaxed | Status:
    """Solve the relaxation, dearer shortfalls first where it pays to miss a target.

    Parameters
    ----------
    model
        The programme.
    watch
        Whether to stop.
    until_s
        Wall time, since the start of everything, to end at.

    Returns
    -------
    Relaxed
        Or NO_SOLUTION or CANCELLED, when it did not come to an end.
    """
    dearer = 1.0
    for attempt in range(ATTEMPTS):
        programme = priced(model, dearer)
        solved = _relax(programme, watch, until_s)
        if isinstance(solved, Status):
            return solved
        values, duals = solved
        reduced: np.ndarray = programme.cost - programme.matrix.T @ duals
        if missing_share(model, values) <= MISSING:
            break
        if attempt == 0:
            watch.tell("is the target in reach?")
            shortfall = replace(model.arrays, cost=shares(model))
            least = _relax(shortfall, watch, until_s)
            if isinstance(least, Status):
                return least
            if dual_bound(shortfall, least[1]) > MISSING:
                return Relaxed(values, reduced, None, out_of_reach=True, dearer=dearer)
        if attempt < ATTEMPTS - 1:
            dearer *= DEARER
    bound = lifted(dual_bound(programme, duals), model)
    return Relaxed(values, reduced, bound, out_of_reach=False, dearer=dearer)


def priced(model: Model, factor: float) -> Arrays:
    """The programme with the prices of what is missing that many times as high."""
    cost = model.arrays.cost.copy()
    cost[model.slack_columns] *= factor
    return replace(model.arrays, cost=cost)


def missing_share(model: Model, values: np.ndarray) -> float:
    """Sum over targets and floors of the share that is missing; 0 where everything is reached."""
    weights = shares(model)
    return float(weights @ np.maximum(values, 0.0))


def shares(model: Model) -> np.ndarray:
    """One over what is wanted, in the columns of what is missing."""
    upper = model.arrays.upper
    weights = np.zeros(upper.size)
    slack = model.slack_columns
    weights[slack] = 1 / np.maximum(upper[slack], 1e-9)
    return weights


def _relax(programme: Arrays, watch: Watch, until_s: float) -> tuple[np.ndarray, np.ndarray] | Status:
    left_s = until_s - watch.elapsed_s
    if left_s <= 0:
        return Status.NO_SOLUTION
    solved: Solved = relax(programme, time_s=left_s, stop=watch.stopped)
    if solved.values is None or solved.row_duals is None:
        return solved.status
    return solved.values, solved.row_duals


def lifted(bound: float, model: Model) -> float:
    """Round a bound up to the next cost a roster can have: every cost is a multiple of the shifts' common measure.

    Costs are read to a millionth; a measure that small lifts nothing, and neither does any where targets are soft.
    """
    costs = np.unique(np.round(model.arrays.cost[model.all_shift_columns] * 1e6)).astype(np.int64)
    measure = float(np.gcd.reduce(costs)) / 1e6 if costs.size else 0.0
    # A little is given back, for the multipliers were summed in floating point.
    safe = max(0.0, bound - 1e-7 * max(1.0, abs(bound)))
    if measure <= 1e-6 or model.soft_slack:
        return safe
    return float(max(safe, np.ceil(safe / measure - 1e-6) * measure))

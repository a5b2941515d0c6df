"""The one door to PuLP and HiGHS, and the only reader of solver status.

PuLP states a programme; `arrays` hands it over as one sparse matrix, which takes HiGHS a tenth of the time of
PuLP's own hand-over and keeps the objective's constant. Status, bound and gap are read from HiGHS itself: at a
time limit PuLP says "Optimal", and an infeasible programme leaves zeros that read as an empty roster. HiGHS runs
in a process of its own (`scheduling.highs`), so that every time limit and every wish to stop holds.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import pulp
from scipy import sparse

from data.domain import Status
from scheduling.highs import highs
from scheduling.highs_messages import Better, Ended, Found, Task

INFINITY = float("inf")
OPTIMAL_GAP = 1e-6
"""A solution within this gap of its bound is called optimal."""


@dataclass(frozen=True, slots=True)
class Arrays:
    """A programme: minimise cost · x + offset, lower ≤ x ≤ upper, row_lower ≤ matrix · x ≤ row_upper.

    Parameters
    ----------
    cost, lower, upper, integer
        One entry per column; `integer` is boolean.
    matrix
        Rows × columns, compressed by row.
    row_lower, row_upper
        One entry per row.
    offset
        Constant of the objective.
    """

    cost: np.ndarray
    lower: np.ndarray
    upper: np.ndarray
    integer: np.ndarray
    matrix: sparse.csr_array
    row_lower: np.ndarray
    row_upper: np.ndarray
    offset: float = 0.0


@dataclass(frozen=True, slots=True)
class Solved:
    """What HiGHS found, and what it proved.

    Parameters
    ----------
    status
        OPTIMAL: within `OPTIMAL_GAP` of the bound. FEASIBLE: a solution and nothing more. INFEASIBLE: proven.
        CANCELLED: `stop` said so; there may be values. NO_SOLUTION: none found in time.
    values
        One per column; None where there is no solution.
    objective
        Of `values`.
    bound
        Proven by HiGHS; None for a programme without integers, see `dual_bound`.
    row_duals
        Multipliers of the rows; only of a programme without integers.
    """

    status: Status
    values: np.ndarray | None
    objective: float | None
    bound: float | None
    row_duals: np.ndarray | None = None


def arrays(problem: pulp.LpProblem, columns: Sequence[pulp.LpVariable]) -> Arrays:
    """Read a PuLP minimisation into arrays, its columns in the order given."""
    index = {id(variable): number for number, variable in enumerate(columns)}
    cost = np.zeros(len(columns))
    for variable, factor in problem.objective.items():
        cost[index[id(variable)]] += factor
    constraints = problem.constraints()
    lengths = [len(constraint) for constraint in constraints]
    starts = np.concatenate([[0], np.cumsum(lengths, dtype=np.int64)])
    entries = [index[id(variable)] for constraint in constraints for variable in constraint]
    factors = [factor for constraint in constraints for factor in constraint.values()]
    right = np.array([-constraint.constant for constraint in constraints], dtype=float)
    sense = np.array([constraint.sense for constraint in constraints])
    return Arrays(
        cost=cost,
        lower=np.array([-INFINITY if v.lowBound is None else v.lowBound for v in columns], dtype=float),
        upper=np.array([INFINITY if v.upBound is None else v.upBound for v in columns], dtype=float),
        integer=np.array([v.cat == pulp.LpInteger for v in columns], dtype=bool),
        matrix=sparse.csr_array(
            (np.array(factors, dtype=float), np.array(entries, dtype=np.int32), starts),
            shape=(len(constraints), len(columns)),
        ),
        row_lower=np.where(sense >= 0, right, -INFINITY),
        row_upper=np.where(sense <= 0, right, INFINITY),
        offset=float(problem.objective.constant),
    )


def relax(
    programme: Arrays,
    *,
    time_s: float = INFINITY,
    method: str = "ipm",
    crossover: bool = False,
    stop: Callable[[], bool] | None = None,
) -> Solved:
    """Solve the linear relaxation.

    Parameters
    ----------
    programme
        Its integrality is left out.
    time_s
        Wall time.
    method
        "ipm" for interior point, "simplex", or "choose".
    crossover
        Whether an interior solution is moved to a vertex.
    stop
        Asked now and then; true stops.
    """
    if programme.cost.size == 0:
        return _empty(programme)
    options = {"solver": method, "run_crossover": "on" if crossover else "off"}
    found, stopped = _run(_task(programme, options, time_s), time_s, stop)
    if found.values is None:
        return Solved(_without_solution(found, stopped=stopped), None, None, None)
    return Solved(Status.OPTIMAL, found.values, found.objective, None, found.row_duals)


def minimise(
    programme: Arrays,
    *,
    time_s: float = INFINITY,
    gap: float = 0.0,
    seed: int = 0,
    start: np.ndarray | None = None,
    stop: Callable[[], bool] | None = None,
    improved: Callable[[float, float], None] | None = None,
    enough: Callable[[np.ndarray], bool] | None = None,
    options: dict[str, Any] | None = None,
) -> Solved:
    """Solve with integers.

    Parameters
    ----------
    programme
        What to minimise.
    time_s, gap
        Stop after that much wall time, or once (objective − bound) / objective is at most `gap`.
    seed
        Seed of HiGHS.
    start
        A solution to begin with, one value per column; NaN for those HiGHS shall complete.
    stop
        Asked now and then; true stops.
    improved
        Called with (objective, bound) at each better solution.
    enough
        Asked of each better solution's values; true ends the search with it.
    options
        Further options of HiGHS by name.
    """
    if programme.cost.size == 0:
        return _empty(programme)

    def heard(better: Better) -> bool:
        if improved is not None:
            improved(better.objective, better.bound)
        return enough is not None and enough(better.values)

    given = {"mip_rel_gap": gap, "random_seed": seed, **(options or {})}
    task = _task(programme, given, time_s, integer=programme.integer, start=start)
    found, stopped = _run(task, time_s, stop, heard)
    proven = found.bound if np.isfinite(found.bound) else None
    if found.values is None or found.objective is None:
        return Solved(_without_solution(found, stopped=stopped), None, None, proven)
    values = found.values.copy()
    values[programme.integer] = np.round(values[programme.integer])
    objective = found.objective
    if stopped:
        return Solved(Status.CANCELLED, values, objective, proven)
    closed = proven is not None and objective - proven <= OPTIMAL_GAP * max(1.0, abs(objective))
    return Solved(Status.OPTIMAL if closed else Status.FEASIBLE, values, objective, proven)


def dive(
    programme: Arrays,
    *,
    slack: float,
    time_s: float = INFINITY,
    stop: Callable[[], bool] | None = None,
) -> Solved:
    """Round one relaxation after another until the integers are whole; soon done, see `scheduling.highs_dive`.

    Parameters
    ----------
    programme
        What to minimise.
    slack
        Done at once where the objective is at most so far above the relaxation.
    time_s
        Wall time.
    stop
        Asked now and then; true stops.
    """
    if programme.cost.size == 0:
        return _empty(programme)
    task = _task(programme, {"solver": "simplex"}, time_s, rounded=programme.integer, slack=slack)
    found, stopped = _run(task, time_s, stop)
    proven = found.bound if np.isfinite(found.bound) else None
    if found.values is None:
        return Solved(_without_solution(found, stopped=stopped), None, None, proven)
    values = found.values.copy()
    values[programme.integer] = np.round(values[programme.integer])
    return Solved(Status.CANCELLED if stopped else Status.FEASIBLE, values, found.objective, proven)


def dual_bound(programme: Arrays, row_duals: np.ndarray) -> float:
    """Lower bound on the objective that follows from any multipliers of the rows (Lagrangian relaxation).

    It is recounted from the data, so it holds even where the solver's multipliers are only nearly optimal. Every
    column whose reduced cost is not zero needs a finite bound on that side; otherwise the bound is −∞.
    """
    duals = np.where(np.isinf(programme.row_lower), np.minimum(row_duals, 0.0), row_duals)
    duals = np.where(np.isinf(programme.row_upper), np.maximum(duals, 0.0), duals)
    rows = np.where(duals > 0, programme.row_lower, programme.row_upper)
    reduced = programme.cost - programme.matrix.T @ duals
    columns = np.where(reduced > 0, programme.lower, programme.upper)
    at_rows = np.where(duals == 0, 0.0, duals * np.where(duals == 0, 0.0, rows))
    at_columns = np.where(reduced == 0, 0.0, reduced * np.where(reduced == 0, 0.0, columns))
    return float(at_rows.sum() + at_columns.sum() + programme.offset)


def _empty(programme: Arrays) -> Solved:
    """A programme without columns, to which HiGHS gives no verdict: its rows are all 0."""
    if (programme.row_lower > 0).any() or (programme.row_upper < 0).any():
        return Solved(Status.INFEASIBLE, None, None, None)
    duals = np.zeros(programme.row_lower.size)
    return Solved(Status.OPTIMAL, np.zeros(0), programme.offset, programme.offset, duals)


def _task(
    programme: Arrays,
    options: dict[str, Any],
    time_s: float,
    *,
    integer: np.ndarray | None = None,
    start: np.ndarray | None = None,
    rounded: np.ndarray | None = None,
    slack: float = 0.0,
) -> Task:
    limit = {"time_limit": max(time_s, 0.01)} if np.isfinite(time_s) else {}
    return Task(
        cost=programme.cost,
        lower=programme.lower,
        upper=programme.upper,
        integer=integer,
        starts=programme.matrix.indptr,
        entries=programme.matrix.indices,
        factors=programme.matrix.data,
        row_lower=programme.row_lower,
        row_upper=programme.row_upper,
        offset=programme.offset,
        options={**options, **limit},
        start=start,
        rounded=rounded,
        slack=slack,
    )


def _run(
    task: Task,
    time_s: float,
    stop: Callable[[], bool] | None,
    heard: Callable[[Better], bool] | None = None,
) -> tuple[Found, bool]:
    """Run; what was found, and whether `stop` ended it."""
    with highs() as process:
        return process.solve(task, time_s=time_s, stop=stop, heard=heard)


def _without_solution(found: Found, *, stopped: bool) -> Status:
    if stopped:
        return Status.CANCELLED
    return Status.INFEASIBLE if found.ended is Ended.INFEASIBLE else Status.NO_SOLUTION

"""The one door to PuLP and HiGHS, and the only reader of solver status.

PuLP states a programme; `arrays` hands it over as one sparse matrix, which takes HiGHS a tenth of the time of
PuLP's own hand-over and keeps the objective's constant. Status, bound and gap are read from HiGHS itself: at a
time limit PuLP says "Optimal", and an infeasible programme leaves zeros that read as an empty roster.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

import highspy
import numpy as np
import pulp
from scipy import sparse

from data.domain import Status

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
    highs = _load(programme, integers=False)
    _set(highs, solver=method, run_crossover="on" if crossover else "off")
    cancelled = _run(highs, time_s, stop)
    status = highs.getModelStatus()
    if status == highspy.HighsModelStatus.kOptimal:
        solution, info = highs.getSolution(), highs.getInfo()
        values, duals = np.array(solution.col_value), np.array(solution.row_dual)
        return Solved(Status.OPTIMAL, values, float(info.objective_function_value), None, duals)
    return Solved(_without_solution(status, cancelled=cancelled), None, None, None)


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
    highs = _load(programme, integers=True)
    _set(highs, mip_rel_gap=gap, random_seed=seed, **(options or {}))
    if start is not None:
        known = np.flatnonzero(np.isfinite(start))
        highs.setSolution(known.size, known.astype(np.int32), start[known].astype(float))
    if improved is not None:
        highs.cbMipImprovingSolution.subscribe(
            lambda event: improved(event.data_out.objective_function_value, event.data_out.mip_dual_bound)
        )
    done = False
    if enough is not None:

        def judge(event: Any) -> None:
            nonlocal done
            done = done or enough(np.array(event.data_out.mip_solution))

        highs.cbMipImprovingSolution.subscribe(judge)
    cancelled = _run(highs, time_s, lambda: done or (stop is not None and stop())) and not done
    status, info = highs.getModelStatus(), highs.getInfo()
    has_solution = info.primal_solution_status == highspy.SolutionStatus.kSolutionStatusFeasible
    bound = float(info.mip_dual_bound)
    proven = bound if np.isfinite(bound) else None
    if not has_solution:
        return Solved(_without_solution(status, cancelled=cancelled), None, None, proven)
    values = np.array(highs.getSolution().col_value)
    values[programme.integer] = np.round(values[programme.integer])
    objective = float(info.objective_function_value)
    if cancelled:
        return Solved(Status.CANCELLED, values, objective, proven)
    closed = proven is not None and objective - proven <= OPTIMAL_GAP * max(1.0, abs(objective))
    return Solved(Status.OPTIMAL if closed else Status.FEASIBLE, values, objective, proven)


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


def _load(programme: Arrays, *, integers: bool) -> highspy.Highs:
    model = highspy.HighsLp()
    model.num_row_, model.num_col_ = programme.matrix.shape
    model.col_cost_, model.offset_ = programme.cost, programme.offset
    model.col_lower_, model.col_upper_ = programme.lower, programme.upper
    model.row_lower_, model.row_upper_ = programme.row_lower, programme.row_upper
    model.a_matrix_.format_ = highspy.MatrixFormat.kRowwise
    model.a_matrix_.start_ = programme.matrix.indptr.astype(np.int32)
    model.a_matrix_.index_ = programme.matrix.indices.astype(np.int32)
    model.a_matrix_.value_ = programme.matrix.data
    if integers:
        kinds = (highspy.HighsVarType.kContinuous, highspy.HighsVarType.kInteger)
        model.integrality_ = [kinds[int(flag)] for flag in programme.integer]
    highs = highspy.Highs()  # type: ignore[no-untyped-call] # highspy's class has no annotations
    # One thread each: pieces of a problem run side by side instead, and the result does not depend on it.
    _set(highs, output_flag=False, threads=1)
    if highs.passModel(model) == highspy.HighsStatus.kError:
        raise ValueError("HiGHS refused the programme: its arrays do not fit together.")
    return highs


def _set(highs: highspy.Highs, **options: Any) -> None:
    for name, value in options.items():
        if highs.setOptionValue(name, value) != highspy.HighsStatus.kOk:
            raise ValueError(f"HiGHS knows no option {name} = {value!r}.")


def _run(highs: highspy.Highs, time_s: float, stop: Callable[[], bool] | None) -> bool:
    """Run; true when `stop` ended it."""
    if np.isfinite(time_s):
        _set(highs, time_limit=max(time_s, 0.01))
    stopped = False
    failure: BaseException | None = None
    if stop is not None:

        def ask(event: Any) -> None:
            nonlocal stopped, failure
            try:
                stopped = stopped or stop()
            except BaseException as error:  # noqa: BLE001 - an error must not cross HiGHS; it is raised below
                stopped, failure = True, error
            # The flag stays as it was left at the last call: it has to be set both ways.
            event.data_in.user_interrupt = stopped

        for callback in (highs.cbMipInterrupt, highs.cbSimplexInterrupt, highs.cbIpmInterrupt):
            callback.subscribe(ask)
    highs.run()
    if failure is not None:
        raise failure
    return stopped


def _without_solution(status: highspy.HighsModelStatus, *, cancelled: bool) -> Status:
    if cancelled:
        return Status.CANCELLED
    # Every programme here is bounded below, so "unbounded or infeasible" can only be the latter.
    proofs = (highspy.HighsModelStatus.kInfeasible, highspy.HighsModelStatus.kUnboundedOrInfeasible)
    return Status.INFEASIBLE if status in proofs else Status.NO_SOLUTION

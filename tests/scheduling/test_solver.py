"""The door to HiGHS: what is handed over, and what is said of the result."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pulp
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy import sparse
from scipy.optimize import linprog, milp

from data.domain import Status
from scheduling.solver import Arrays, arrays, dive, dual_bound, minimise, relax


def cover(sets: int = 12, items: int = 10, seed: int = 1) -> Arrays:
    """A covering programme: every item in at least two of the sets chosen, sets at random costs."""
    draw = np.random.default_rng(seed)
    matrix = (draw.random((items, sets)) < 0.5).astype(float)
    matrix[:, :2] = 1.0
    return Arrays(
        cost=draw.integers(1, 20, sets).astype(float),
        lower=np.zeros(sets),
        upper=np.ones(sets),
        integer=np.ones(sets, dtype=bool),
        matrix=sparse.csr_array(matrix),
        row_lower=np.full(items, 2.0),
        row_upper=np.full(items, np.inf),
    )


def market_split(rows: int = 5, columns: int = 40, seed: int = 3) -> Arrays:
    """Halve a market by several products at once, misses priced (Cornuéjols & Dawande 1998): hard, never infeasible."""
    draw = np.random.default_rng(seed)
    sales = draw.integers(0, 100, (rows, columns)).astype(float)
    half = sales.sum(axis=1) // 2
    return Arrays(
        cost=np.r_[np.zeros(columns), np.ones(2 * rows)],
        lower=np.zeros(columns + 2 * rows),
        upper=np.r_[np.ones(columns), np.full(2 * rows, 1e4)],
        integer=np.r_[np.ones(columns, dtype=bool), np.zeros(2 * rows, dtype=bool)],
        matrix=sparse.csr_array(np.hstack([sales, np.eye(rows), -np.eye(rows)])),
        row_lower=half,
        row_upper=half,
    )


def test_a_pulp_problem_is_handed_over_whole() -> None:
    problem = pulp.LpProblem("p", pulp.LpMinimize)
    x = problem.add_variable("x", 0, 4, pulp.LpInteger)
    y = problem.add_variable("y", None, 3)
    problem += 2 * x - y + 7
    problem += x + 2 * y <= 5
    problem += x - y >= 1
    problem += x + y == 2
    given_arrays = arrays(problem, [x, y])
    assert given_arrays.cost.tolist() == [2, -1]
    assert given_arrays.offset == 7
    assert given_arrays.lower.tolist() == [0, -np.inf]
    assert given_arrays.upper.tolist() == [4, 3]
    assert given_arrays.integer.tolist() == [True, False]
    assert given_arrays.matrix.toarray().tolist() == [[1, 2], [1, -1], [1, 1]]
    assert given_arrays.row_lower.tolist() == [-np.inf, 1, 2]
    assert given_arrays.row_upper.tolist() == [5, np.inf, 2]


def test_the_objective_keeps_its_constant() -> None:
    programme = replace(cover(), offset=100.0)
    without, with_constant = minimise(cover()), minimise(programme)
    assert with_constant.objective == pytest.approx((without.objective or 0) + 100)
    assert with_constant.bound == pytest.approx((without.bound or 0) + 100)


@pytest.mark.parametrize("seed", range(5))
def test_the_optimum_is_scipy_s(seed: int) -> None:
    programme = cover(seed=seed)
    limits = (programme.matrix, programme.row_lower, programme.row_upper)
    expected = milp(programme.cost, constraints=limits, integrality=np.ones(12), bounds=(0, 1))
    found = minimise(programme)
    assert found.status is Status.OPTIMAL
    assert found.objective == pytest.approx(expected.fun)
    assert found.bound == pytest.approx(expected.fun)


def test_an_infeasible_programme_is_called_so_and_has_no_values() -> None:
    impossible = replace(cover(), row_lower=np.full(10, 13.0))
    for found in (minimise(impossible), relax(impossible), relax(impossible, method="simplex")):
        assert found.status is Status.INFEASIBLE
        assert found.values is None
        assert found.objective is None


def test_a_time_limit_is_not_called_optimal() -> None:
    found = minimise(market_split(), time_s=0.3)
    assert found.status is Status.FEASIBLE
    assert found.objective is not None
    assert found.bound is not None
    assert found.bound < found.objective


def test_without_a_solution_in_time_it_says_so_and_not_infeasible() -> None:
    found = relax(cover(400, 300), time_s=0.0)
    assert found.status is Status.NO_SOLUTION


def test_stop_ends_the_search_and_says_cancelled() -> None:
    found = minimise(market_split(), time_s=60, stop=lambda: True)
    assert found.status is Status.CANCELLED


def test_an_error_in_stop_comes_out_of_the_solver() -> None:
    def broken() -> bool:
        raise KeyError("lost")

    with pytest.raises(KeyError, match="lost"):
        minimise(market_split(), time_s=60, stop=broken)


def test_better_solutions_are_told_with_their_bound() -> None:
    told: list[tuple[float, float]] = []
    found = minimise(cover(40, 60), improved=lambda objective, bound: told.append((objective, bound)))
    assert told
    assert told[-1][0] == pytest.approx(found.objective)
    assert all(bound <= objective + 1e-9 for objective, bound in told)


def test_a_solution_to_start_from_is_taken() -> None:
    programme = cover(40, 60)
    best = minimise(programme)
    again = minimise(programme, start=best.values, time_s=5, options={"mip_max_nodes": 0})
    assert again.objective == pytest.approx(best.objective)


def test_the_same_seed_gives_the_same_solution() -> None:
    first, second = (minimise(cover(60, 80, seed=9), seed=5) for _ in range(2))
    assert first.values is not None
    assert second.values is not None
    assert first.values.tolist() == second.values.tolist()


def test_an_option_highs_does_not_know_is_an_error() -> None:
    with pytest.raises(ValueError, match="no option mip_magic"):
        minimise(cover(), options={"mip_magic": 1})


def test_the_multipliers_of_a_relaxation_prove_its_value() -> None:
    programme = cover(30, 20)
    solved = relax(programme)
    assert solved.row_duals is not None
    assert dual_bound(programme, solved.row_duals) == pytest.approx(solved.objective, rel=1e-6)


@settings(max_examples=40, deadline=None)
@given(st.integers(0, 10_000), st.lists(st.floats(-20, 20), min_size=8, max_size=8))
def test_any_multipliers_give_a_bound_that_holds(seed: int, duals: list[float]) -> None:
    draw = np.random.default_rng(seed)
    lower = draw.integers(-5, 5, 8).astype(float)
    programme = Arrays(
        cost=draw.normal(size=6),
        lower=np.zeros(6),
        upper=np.full(6, 3.0),
        integer=np.zeros(6, dtype=bool),
        matrix=sparse.csr_array(draw.integers(-2, 3, (8, 6)).astype(float)),
        row_lower=np.where(draw.random(8) < 0.3, -np.inf, lower),
        row_upper=np.where(draw.random(8) < 0.3, np.inf, lower + 4),
        offset=1.5,
    )
    matrix = programme.matrix.toarray()
    finite_up, finite_low = np.isfinite(programme.row_upper), np.isfinite(programme.row_lower)
    best = linprog(
        programme.cost,
        A_ub=np.vstack([matrix[finite_up], -matrix[finite_low]]),
        b_ub=np.r_[programme.row_upper[finite_up], -programme.row_lower[finite_low]],
        bounds=(0, 3),
    )
    if best.status == 0:
        assert dual_bound(programme, np.array(duals)) <= best.fun + 1.5 + 1e-6


def test_a_column_without_an_end_gives_no_bound_where_it_would_pay() -> None:
    programme = replace(cover(), upper=np.full(12, np.inf), cost=np.full(12, -1.0))
    assert dual_bound(programme, np.zeros(10)) == -np.inf


def test_a_programme_without_columns_is_solved_or_infeasible_by_its_rows() -> None:
    nothing = Arrays(
        cost=np.zeros(0),
        lower=np.zeros(0),
        upper=np.zeros(0),
        integer=np.zeros(0, dtype=bool),
        matrix=sparse.csr_array((1, 0)),
        row_lower=np.zeros(1),
        row_upper=np.ones(1),
        offset=3.0,
    )
    assert minimise(nothing).objective == 3.0
    assert relax(nothing).status is Status.OPTIMAL
    assert relax(replace(nothing, row_lower=np.ones(1))).status is Status.INFEASIBLE


@pytest.mark.parametrize("seed", range(4))
def test_a_dive_ends_whole_and_between_the_relaxation_and_what_it_says(seed: int) -> None:
    programme = cover(seed=seed)
    dived, exact = dive(programme, slack=0.0), minimise(programme)
    assert dived.values is not None
    assert dived.objective is not None
    assert dived.bound is not None
    assert exact.objective is not None
    assert dived.values == pytest.approx(np.round(dived.values))
    assert (programme.matrix @ dived.values >= programme.row_lower - 1e-6).all()
    assert dived.objective == pytest.approx(float(programme.cost @ dived.values))
    assert dived.bound - 1e-6 <= exact.objective <= dived.objective + 1e-6


def test_a_dive_where_rounding_is_impossible_goes_the_other_way() -> None:
    """0.6 of the only column is enough, and one is too much."""
    programme = Arrays(
        cost=np.array([1.0, 3.0]),
        lower=np.zeros(2),
        upper=np.array([0.9, 1.0]),
        integer=np.ones(2, dtype=bool),
        matrix=sparse.csr_array(np.array([[1.0, 1.0]])),
        row_lower=np.array([0.6]),
        row_upper=np.array([1.0]),
    )
    dived = dive(programme, slack=0.0)
    assert dived.values is not None
    assert dived.values.tolist() == [0.0, 1.0]


def test_a_dive_that_is_stopped_or_infeasible_says_so() -> None:
    programme = cover()
    assert dive(programme, slack=0.0, stop=lambda: True).status is Status.CANCELLED
    nothing = replace(programme, row_lower=np.full(programme.row_lower.size, 1e6))
    assert dive(nothing, slack=0.0).status is Status.NO_SOLUTION

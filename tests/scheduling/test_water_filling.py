"""Water filling against a linear programme, and by what it promises."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.optimize import linprog

from scheduling.arguments import Floats
from scheduling.water_filling import fill, unmet


def bounds(came: Floats, deadline: int) -> tuple[Floats, Floats]:
    come = np.cumsum(came)
    due = np.concatenate((np.zeros(deadline), come))[: come.size]
    due[-1] = come[-1]
    return come, due


def lowest_sum_above(come: Floats, due: Floats, load: Floats, worth: Floats, level: float) -> float:
    """Least Σ worth · max(0, people − level) any work within the bounds leaves, by linear programming."""
    n = come.size
    open_ = np.isfinite(load)
    cumulative = np.hstack((np.tril(np.ones((n, n))), np.zeros((n, n))))
    above = np.hstack((np.eye(n), -np.eye(n)))
    found = linprog(
        np.concatenate((np.zeros(n), np.ones(n))),
        A_ub=np.vstack((cumulative, -cumulative, above[open_])),
        b_ub=np.concatenate((come + 1e-9, -due + 1e-9, ((level - load) * worth)[open_])),
        bounds=[(0, None if free else 0) for free in open_] + [(0, None)] * n,
    )
    assert found.status == 0
    return float(found.fun)


@st.composite
def cases(draw: st.DrawFn) -> tuple[Floats, Floats, Floats, Floats]:
    n = draw(st.integers(2, 14))
    came = np.array(draw(st.lists(st.integers(0, 9), min_size=n, max_size=n)), dtype=float)
    load = np.array(draw(st.lists(st.integers(0, 12), min_size=n, max_size=n)), dtype=float)
    worth = np.array(draw(st.lists(st.sampled_from([0.5, 0.7, 1.0]), min_size=n, max_size=n)))
    closed = np.array(draw(st.lists(st.booleans(), min_size=n, max_size=n)))
    closed[-1] = False
    load[closed] = np.inf
    come, due = bounds(came, draw(st.integers(0, n)))
    return come, np.minimum(due, due - unmet(come, due, load)), load, worth


@settings(max_examples=30, deadline=None)
@given(case=cases())
def test_no_work_within_the_bounds_leaves_less_above_any_level(
    case: tuple[Floats, Floats, Floats, Floats],
) -> None:
    # Less above every level than all others: the most even total there is (Hardy, Littlewood & Pólya 1929).
    come, due, load, worth = case
    work = fill(come, due, load, worth)
    done = np.cumsum(work)
    assert (work >= 0).all()
    assert (work[np.isinf(load)] == 0).all()
    assert (done <= come + 1e-6).all()
    assert (done >= due - 1e-6).all()
    people = np.where(np.isfinite(load), load, 0.0) + work / worth
    for level in np.unique(np.round(people[work > 1e-6], 6)):
        mine = (worth * np.maximum(0.0, people - level))[np.isfinite(load)].sum()
        assert mine == pytest.approx(lowest_sum_above(come, due, load, worth, float(level)), abs=1e-5)


def test_quiet_slots_fill_first_up_to_one_level() -> None:
    come, due = bounds(np.array([12.0, 0, 0, 0, 0, 0]), 6)
    load = np.array([10.0, 4.0, 2.0, 9.0, 4.0, 10.0])
    work = fill(come, due, load, np.ones(6))
    np.testing.assert_allclose(work, [0, 10 / 3, 16 / 3, 0, 10 / 3, 0])


def test_work_is_done_by_its_deadline_also_where_it_is_busy() -> None:
    come, due = bounds(np.array([6.0, 0, 0, 0]), 1)
    work = fill(come, due, np.array([9.0, 9.0, 0.0, 0.0]), np.ones(4))
    np.testing.assert_allclose(work, [3, 3, 0, 0])


def test_work_is_not_done_before_it_comes() -> None:
    come, due = bounds(np.array([1.0, 0, 0, 8.0]), 3)
    work = fill(come, due, np.array([0.0, 0.0, 0.0, 9.0]), np.ones(4))
    np.testing.assert_allclose(work, [1 / 3, 1 / 3, 1 / 3, 8])


def test_work_due_while_nobody_can_work_is_told_and_done_as_soon_as_somebody_can() -> None:
    come, due = bounds(np.array([0.0, 5.0, 0, 0, 0]), 1)
    load = np.array([0.0, np.inf, np.inf, 3.0, 0.0])
    np.testing.assert_allclose(unmet(come, due, load), [0, 0, 5, 0, 0])
    np.testing.assert_allclose(fill(come, due, load, np.ones(5)), [0, 0, 0, 5, 0])


def test_no_work_is_no_work() -> None:
    assert fill(np.zeros(3), np.zeros(3), np.zeros(3), np.ones(3)).tolist() == [0, 0, 0]


def test_four_weeks_of_quarter_hours_with_a_deadline_of_days_meet_every_bound() -> None:
    random = np.random.default_rng(5)
    came = random.gamma(2.0, 3.0, 2688)
    come, due = bounds(came, 192)
    load = 40 + 30 * np.sin(np.arange(2688) * 2 * np.pi / 96) + random.normal(0, 2, 2688)
    done = np.cumsum(fill(come, due, load, np.full(2688, 0.7)))
    assert (done <= come + 1e-6).all()
    assert (done >= due - 1e-6).all()

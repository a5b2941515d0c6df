from __future__ import annotations

from collections import Counter
from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from data.activities import Activity, Gathering
from data.domain import Status
from scheduling.activities.laying import laid, planned
from scheduling.activities.shifted_curves import moved_curve
from scheduling.activities.solving import solve_with_activities, without_activities
from scheduling.problem import RosterProblem
from scheduling.rosters.found import RosterOutcome
from scheduling.rosters.limits import Limits
from scheduling.rosters.recount import shortfalls
from scheduling.rosters.solve import solve
from scheduling.rules import violations
from tests.scheduling.roster_cases import pattern, people, problem, queue

MEETING = Activity(id="meeting", kind="meeting", length_min=60, edge_min=0)
TRAINING = replace(MEETING, id="training", gathering=Gathering.GROUPS, most=2)
LIMITS = Limits(time_s=20, gap=0.0)


def solved(asked: RosterProblem, limits: Limits) -> RosterOutcome:
    return solve(asked, limits=limits)


@given(
    st.lists(st.floats(0.1, 3.0), min_size=1, max_size=6),
    st.lists(st.floats(0.05, 1.0), min_size=6, max_size=6),
    st.floats(0.01, 5.0),
)
def test_a_shifted_curve_is_the_least_concave_one_over_the_curve_of_fewer_agents(
    runs: list[float], falls: list[float], by: float
) -> None:
    agents = np.r_[0.0, np.cumsum(runs)]
    slopes = np.cumprod(falls[: len(runs)])
    answered = np.r_[0.0, np.cumsum(slopes * runs)]
    moved, got = moved_curve(agents, answered, by)
    grid = np.linspace(0, float(moved[-1]) + 1, 200)
    fewer = np.interp(np.maximum(grid - by, 0.0), agents, answered)
    found = np.interp(grid, moved, got)
    assert (found >= fewer - 1e-9).all()
    rises = np.diff(got) / np.diff(moved)
    assert (np.diff(rises) <= 1e-9).all()
    # It leaves the curve only on the first line, and touches where that ends.
    beyond = grid >= moved[1]
    assert found[beyond] == pytest.approx(fewer[beyond])


def test_heads_go_into_a_lull_first_and_add_up_to_what_is_due() -> None:
    asked = problem(agents=people(6), full={"calls": [4, 4, 1, 4, 4, 4, 4, 4]}, patterns=[pattern(breaks=())])
    heads = laid(asked, [TRAINING])
    assert heads[0, 10] >= 2.0  # the slot that begins at 10:00
    assert sum(heads.values()) == pytest.approx(6.0)
    assert laid(asked, []) == {}


def test_people_who_are_off_all_the_time_need_no_heads() -> None:
    crew = people(4)
    away = (replace(crew[0], time_off=frozenset({problem().first})), *crew[1:])
    asked = problem(agents=away, full=3.0, patterns=[pattern(breaks=())])
    assert sum(laid(asked, [TRAINING]).values()) == pytest.approx(3.0)


def test_a_roster_has_the_people_its_activities_take() -> None:
    """Four are needed all day; with an hour of training for each of six the optimiser rosters one more."""
    crew = people(6)
    asked = problem(agents=crew, full=4.0, patterns=[pattern(breaks=())], queues=[queue(rate=1.0, floor=0.9)])
    plain = solve(asked, limits=LIMITS)
    found = solve_with_activities(asked, [TRAINING], solved, limits=LIMITS)
    assert plain.value is not None
    assert found.value is not None
    assert (len(plain.value.assignments), len(found.value.assignments)) == (4, 5)
    parts = [part.activity for shift in found.value.assignments for part in shift.activities]
    assert Counter(parts) == {"training": 5}
    assert found.missed == ()
    assert found.status in {Status.OPTIMAL, Status.FEASIBLE}
    assert violations(found.value, crew, asked.contracts, asked.patterns, activities=[TRAINING]) == []


def test_what_a_roster_misses_is_counted_with_its_activities() -> None:
    crew = people(2)
    asked = problem(agents=crew, full=2.0, patterns=[pattern(breaks=())], queues=[queue(rate=1.0)])
    found = solve_with_activities(asked, [MEETING], solved, limits=replace(LIMITS, allow_shortfall=True))
    assert found.value is not None
    assert any(shift.activities for shift in found.value.assignments)
    assert list(found.missed) == shortfalls(found.value, asked) != []
    assert found.status not in {Status.OPTIMAL, Status.FEASIBLE}


def test_without_activities_a_problem_is_solved_as_it_is() -> None:
    asked = problem()
    assert planned(asked, []) is asked
    handed: list[tuple[RosterProblem, Limits]] = []

    def told(given: RosterProblem, limits: Limits) -> RosterOutcome:
        handed.append((given, limits))
        return solve(given, limits=limits)

    found = solve_with_activities(asked, [], told, limits=LIMITS)
    assert handed == [(asked, LIMITS)]
    assert found.value is not None
    assert without_activities(found.value) == found.value

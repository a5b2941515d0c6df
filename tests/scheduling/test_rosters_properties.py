"""Random small centres: whatever the optimiser returns is clean, reaches its targets and respects its bound."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta

import pytest
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from data.domain import Agent, BreakRule, Contract, Outcome, Roster, ShiftPattern, Status
from data.errors import InfeasibleError, InputError
from scheduling.problem import RosterProblem
from scheduling.rosters.recount import cost_of, shortfalls
from scheduling.rosters.solve import Limits, solve
from scheduling.rules import violations
from tests.oracles.roster_enumeration import presence, reaches
from tests.scheduling.roster_cases import MONDAY, problem, queue

NO_SHRINK = (Phase.explicit, Phase.generate)
"""Every step of shrinking would solve a roster; the centre found is printed whole."""
SKILLS = (frozenset({"calls"}), frozenset({"chat"}), frozenset({"calls", "chat"}))


@st.composite
def shift_patterns(draw: st.DrawFn, name: str) -> ShiftPattern:
    length = 60 * draw(st.integers(4, 9))
    first = 60 * draw(st.integers(6, 14))
    meal = BreakRule(
        kind="meal", length_min=draw(st.sampled_from((30, 60))), earliest_min=60, latest_min=length - 120
    )
    rest = BreakRule(kind="rest", length_min=15, earliest_min=90, latest_min=length - 60, paid=True)
    breaks = draw(st.sampled_from(((), (meal,), (meal, rest))))
    return ShiftPattern(
        id=name,
        start_earliest_min=first,
        start_latest_min=first + 60 * draw(st.integers(0, 4)),
        start_step_min=60,
        length_min=length,
        breaks=breaks,
    )


@st.composite
def centres(draw: st.DrawFn) -> RosterProblem:
    days = draw(st.integers(2, 7))
    first = MONDAY + timedelta(days=draw(st.integers(0, 6)))
    names = ("a", "b", "c")[: draw(st.integers(1, 3))]
    contract = Contract(
        id="standard",
        max_h_per_week=draw(st.sampled_from((24, 40))),
        max_days_per_week=draw(st.integers(2, 6)),
        max_consecutive_days=draw(st.integers(1, 6)),
        min_rest_h=draw(st.sampled_from((0, 11, 14))),
    )
    agents = tuple(
        Agent(
            id=f"P{number}",
            skills=draw(st.sampled_from(SKILLS)),
            time_off=frozenset(
                first + timedelta(days=day) for day in draw(st.sets(st.integers(0, days), max_size=2))
            ),
        )
        for number in range(draw(st.integers(4, 9)))
    )
    kinds = (
        queue("calls", rate=0.9, floor=0.4, open_min=540, close_min=1020, shrinkage=0.1),
        queue("chat", rate=0.8, floor=0.0, open_min=600, close_min=900),
    )
    full = {
        "calls": draw(st.lists(st.sampled_from((0.0, 0.5, 1.0)), min_size=8, max_size=8)),
        "chat": draw(st.sampled_from((0.0, 0.4))),
    }
    return problem(
        queues=kinds,
        agents=agents,
        contracts=(contract,),
        patterns=tuple(draw(shift_patterns(name)) for name in names),
        full=full,
        first=first,
        days=days,
        step_min=draw(st.sampled_from((30, 60))),
    )


@settings(
    max_examples=25,
    deadline=None,
    suppress_health_check=list(HealthCheck),
    derandomize=True,
    phases=NO_SHRINK,
)
@given(st.data())
def test_what_is_returned_is_clean_reaches_its_targets_and_costs_at_least_its_bound(
    data: st.DataObject,
) -> None:
    try:
        asked = data.draw(centres())
    except InputError:
        return
    try:
        found = solve(asked, limits=Limits(time_s=6, gap=0.02))
    except InfeasibleError:
        assert_kept_apart(asked)
        return
    assert found.status in (Status.OPTIMAL, Status.FEASIBLE, Status.NO_SOLUTION)
    if found.value is not None:
        assert_sound(asked, found)


def assert_sound(asked: RosterProblem, found: Outcome[Roster]) -> None:
    roster = found.value
    assert roster is not None
    assert violations(roster, asked.agents, asked.contracts, asked.patterns) == []
    assert shortfalls(roster, asked) == []
    assert reaches(presence(roster, asked), asked)
    assert found.objective == pytest.approx(cost_of(roster, asked))
    assert found.bound is not None
    assert found.bound <= (found.objective or 0) + 1e-6


def assert_kept_apart(asked: RosterProblem) -> None:
    """With a shortfall allowed the best roster comes back, clean, and misses what was said to be out of reach."""
    found = solve(asked, limits=Limits(time_s=6, gap=0.02, allow_shortfall=True))
    assert found.status is Status.INFEASIBLE
    assert found.bound is None
    assert found.value is not None
    assert violations(found.value, asked.agents, asked.contracts, asked.patterns) == []
    assert shortfalls(found.value, asked)


def test_without_demand_nobody_works_and_nothing_is_paid() -> None:
    found = solve(problem(full=0.0, days=2))
    assert found.status is Status.OPTIMAL
    assert (found.objective, found.bound) == (0.0, 0.0)
    assert found.value is not None
    assert found.value.assignments == ()


def test_infeasible_is_said_only_of_what_more_people_would_cure() -> None:
    """The same centre is out of reach with few people and not with many."""
    few = problem(full=9.0)
    with pytest.raises(InfeasibleError, match=r"queue 'calls', 2025-06-02"):
        solve(few)
    many = replace(few, agents=tuple(Agent(id=f"P{n}", skills=frozenset({"calls"})) for n in range(9)))
    found = solve(many, limits=Limits(time_s=20, gap=0.0))
    assert found.status is Status.OPTIMAL
    assert date(2025, 6, 2) == many.first

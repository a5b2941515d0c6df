"""What the optimiser tells while it runs only ever gets better, and the same work gives the same roster."""

from __future__ import annotations

from collections.abc import Callable
from itertools import pairwise

import pytest

from data.domain import Contract, Status
from scheduling.problem import RosterProblem
from scheduling.rosters.limits import Limits, Progress
from scheduling.rosters.solve import solve
from tests.scheduling.roster_cases import pattern, people, problem, queue


def week(**parts: object) -> RosterProblem:
    given: dict[str, object] = {
        "agents": people(9),
        "days": 7,
        "contracts": (Contract(id="standard", min_h_per_week=16),),
        "patterns": (
            pattern("early", 420, 540, latest_min=540),
            pattern("late", 660, 540, latest_min=780),
        ),
        "queues": (queue(rate=0.9, floor=0.3, open_min=480, close_min=1260),),
        "full": 2.0,
    }
    return problem(**(given | parts))  # type: ignore[arg-type] # a test's shorthand


CASES: dict[str, Callable[[], RosterProblem]] = {
    "one week": week,
    "rest that binds": lambda: week(contracts=(Contract(id="standard", min_rest_h=14),)),
    "two weeks": lambda: week(days=14, agents=people(6), full=1.0),
}


@pytest.mark.parametrize("case", CASES)
def test_bounds_never_fall_incumbents_never_rise_and_a_bound_is_never_above_its_incumbent(case: str) -> None:
    told: list[Progress] = []
    found = solve(CASES[case](), limits=Limits(time_s=4, gap=0.0), progress=told.append)
    phases: dict[str, list[Progress]] = {}
    for step in told:
        which = step.phase.split(":")[0] if step.phase.startswith("week") else ""
        phases.setdefault(which, []).append(step)
    for steps in phases.values():
        bounds = [step.bound for step in steps if step.bound is not None]
        incumbents = [step.incumbent for step in steps if step.incumbent is not None]
        assert all(before <= after + 1e-6 for before, after in pairwise(bounds))
        assert all(before >= after - 1e-6 for before, after in pairwise(incumbents))
        for step in steps:
            if step.bound is not None and step.incumbent is not None:
                assert step.bound <= step.incumbent + 1e-6
                assert step.gap == pytest.approx(max(0.0, 1 - step.bound / step.incumbent), abs=1e-9)
    assert [step.elapsed_s for step in told] == sorted(step.elapsed_s for step in told)
    assert told[-1].phase == "done"
    if found.status in (Status.OPTIMAL, Status.FEASIBLE):
        assert told[-1].incumbent == found.objective


def test_good_enough_ends_the_search_with_less_work() -> None:
    def phases(gap: float) -> int:
        told: list[Progress] = []
        found = solve(week(), limits=Limits(time_s=3, gap=gap), progress=told.append)
        assert found.gap is not None
        assert found.gap <= max(gap, 0.2)
        return len(told)

    assert phases(0.9) < phases(0.0)


def test_the_same_seed_gives_the_same_roster_where_the_time_limit_does_not_bind() -> None:
    first, second = (
        solve(week(days=5, agents=people(6)), limits=Limits(time_s=300, gap=0.02, seed=3)) for _ in range(2)
    )
    assert first.value == second.value
    assert (first.status, first.objective, first.bound) == (second.status, second.objective, second.bound)

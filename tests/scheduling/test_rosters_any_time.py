"""From the draft on there is a clean roster: time, a wish to stop and a busy machine only decide how good it is."""

from __future__ import annotations

from dataclasses import replace
from itertools import count

import numpy as np
import pytest

from data.domain import BreakRule, Contract, Status
from scheduling.problem import RosterProblem
from scheduling.rosters.build import build
from scheduling.rosters.draft import Draft
from scheduling.rosters.first import first_roster
from scheduling.rosters.limits import Limits, Watch
from scheduling.rosters.reaching import reach
from scheduling.rosters.recollect import values_of
from scheduling.rosters.recount import cost_of, shortfalls
from scheduling.rosters.relaxation import Relaxed, relaxation, unknown
from scheduling.rosters.search import Search, place_breaks
from scheduling.rosters.solve import RosterOutcome, solve
from scheduling.rules import violations
from tests.scheduling.roster_cases import pattern, people, problem, queue

MEAL = BreakRule(kind="meal", length_min=60, earliest_min=180, latest_min=300)
REST = BreakRule(kind="rest", length_min=30, earliest_min=240, latest_min=420, paid=True)


def week(count: int = 9, **parts: object) -> RosterProblem:
    given: dict[str, object] = {
        "agents": people(count),
        "days": 7,
        "contracts": (Contract(id="standard", min_h_per_week=16),),
        "patterns": (
            pattern("early", 420, 540, latest_min=540, breaks=(MEAL, REST)),
            pattern("late", 660, 540, latest_min=780, breaks=(MEAL,)),
        ),
        "queues": (queue(rate=0.9, floor=0.3, open_min=480, close_min=1260),),
        "full": 2.0,
    }
    return problem(**(given | parts))  # type: ignore[arg-type] # a test's shorthand


def assert_honest(asked: RosterProblem, found: RosterOutcome) -> None:
    """The roster is clean, its cost its own, and what it misses is told."""
    assert found.value is not None
    assert violations(found.value, asked.agents, asked.contracts, asked.patterns) == []
    assert found.objective == pytest.approx(cost_of(found.value, asked))
    assert list(found.missed) == shortfalls(found.value, asked)
    assert (found.status in (Status.OPTIMAL, Status.FEASIBLE)) <= (not found.missed)


@pytest.mark.parametrize("time_s", [1e-6, 0.2, 1.0])
def test_however_short_the_time_there_is_a_clean_roster(time_s: float) -> None:
    asked = week()
    assert_honest(asked, solve(asked, limits=Limits(time_s=time_s)))


@pytest.mark.parametrize("tick_s", [0.05, 0.5, 20.0])
def test_a_machine_so_busy_that_every_look_at_the_clock_costs_time_still_gets_one(tick_s: float) -> None:
    ticks = count()
    asked = week()
    found = solve(asked, limits=Limits(time_s=8, gap=0.02), clock=lambda: tick_s * next(ticks))
    assert found.status is not Status.CANCELLED
    assert_honest(asked, found)


@pytest.mark.parametrize("asks", [2, 5, 12, 40, 150, 600])
def test_stopped_after_so_many_questions_it_returns_the_best_so_far(asks: int) -> None:
    asked, left = week(), count(asks, -1)
    found = solve(asked, limits=Limits(time_s=60, gap=0.0), stop=lambda: next(left) <= 0)
    assert found.status in (Status.CANCELLED, Status.OPTIMAL)
    assert_honest(asked, found)


def test_without_a_relaxation_the_draft_is_mended() -> None:
    asked = week()
    watch = Watch(limits=Limits(time_s=60, gap=0.0))
    model = build(asked)
    roster = Draft(model, watch).begin()
    search = Search(model, unknown(model), watch)
    values = values_of(model, roster, search.exact, watch)
    assert isinstance(values, np.ndarray)
    assert search.cost(values) == pytest.approx(cost_of(roster, asked))
    assert search.reaches(values) == (shortfalls(roster, asked) == [])


@pytest.mark.parametrize("exact", [True, False])
def test_counts_told_again_from_a_roster_keep_every_row(exact: bool) -> None:  # noqa: FBT001 - a parameter
    asked = week(contracts=(Contract(id="standard", min_rest_h=14),))
    watch = Watch(limits=Limits(time_s=60))
    model = build(asked, exact=frozenset({0} if exact else ()))
    search = Search(model, unknown(model), watch)
    values = values_of(model, Draft(model, watch).begin(), search.exact, watch)
    assert isinstance(values, np.ndarray)
    programme = search.exact.programme
    rows = programme.matrix @ values
    assert (rows >= programme.row_lower - 1e-5).all()
    assert (rows <= programme.row_upper + 1e-5).all()
    assert values[programme.integer] == pytest.approx(np.round(values[programme.integer]))


def test_without_any_time_the_first_roster_is_the_relaxation_s_rounded() -> None:
    asked = week()
    watch = Watch(limits=Limits(time_s=60))
    model = build(asked)
    relaxed = relaxation(model, watch, 60.0)
    assert isinstance(relaxed, Relaxed)
    search = Search(model, relaxed, watch)
    values = place_breaks(search, first_roster(search, watch.elapsed_s), 60.0)
    assert isinstance(values, np.ndarray)
    whole = values[search.exact.programme.integer]
    assert whole == pytest.approx(np.round(whole))
    assert whole.sum() > 0


def test_what_a_roster_misses_is_made_up_for() -> None:
    """From nobody at work to every target, by searches alone."""
    asked = week(contracts=(Contract(id="standard"),))
    watch = Watch(limits=Limits(time_s=60))
    model = build(asked)
    search = Search(model, unknown(model), watch)
    nobody = values_of(model, replace(Draft(model, watch).begin(), assignments=()), search.exact, watch)
    assert isinstance(nobody, np.ndarray)
    assert not search.reaches(nobody)
    reached = reach(search, nobody, 60.0)
    assert search.reaches(reached.values)
    assert not reached.impossible

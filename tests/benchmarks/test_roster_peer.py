"""The case that pyworkforce can express: ours and its own shifts, counted by code that knows neither."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from benchmarks.roster_peer.adapter import FIRST, counts_of, counts_of_values, problems_of
from benchmarks.roster_peer.case import Case, Goal, make_case, shift_types
from benchmarks.roster_peer.count import count
from benchmarks.roster_peer.peer import peer_python, solve_with_peer
from data.domain import BreakRule, ShiftPattern
from scheduling.rosters.build import build
from scheduling.rosters.solve import Limits, solve
from scheduling.solver import minimise

EARLY = ShiftPattern(
    id="early",
    start_earliest_min=480,
    start_latest_min=540,
    start_step_min=60,
    length_min=240,
    breaks=(BreakRule(kind="lunch", length_min=60, earliest_min=60, latest_min=120),),
)
LATE = ShiftPattern(id="late", start_earliest_min=720, start_latest_min=720, length_min=120)


def case(required: dict[int, int]) -> Case:
    """A day by the hour; agents required by hour."""
    hours = np.zeros((1, 24), dtype=np.int64)
    hours[0, list(required)] = list(required.values())
    return Case(hours, (EARLY, LATE), 10, 60)


def test_a_shift_works_in_all_its_periods_but_its_break() -> None:
    types = shift_types(case({9: 1}))
    assert set(types) == {"early-480-60", "early-480-120", "early-540-60", "early-540-120", "late-720"}
    assert np.flatnonzero(types["early-540-120"]).tolist() == [9, 10, 12]
    assert np.flatnonzero(types["late-720"]).tolist() == [12, 13]


def test_missing_and_spare_hours_are_counted_apart() -> None:
    found = count(case({9: 2, 10: 1, 13: 1}), {(0, "early-540-120"): 1})
    assert (found.hours, found.missing_h, found.spare_h, found.difference_h) == (3.0, 2.0, 1.0, 3.0)


def test_a_shift_that_is_none_of_the_case_is_not_counted() -> None:
    with pytest.raises(KeyError, match="early-500"):
        count(case({9: 1}), {(0, "early-500-60"): 1})


def test_named_rosters_cover_what_is_required_at_the_hours_they_cost() -> None:
    asked = case({8: 1, 9: 2, 10: 1, 12: 2, 13: 1})
    found = [solve(problem, limits=Limits(time_s=10, gap=0.0)) for problem in problems_of(asked)]
    counted = count(asked, counts_of([outcome.value for outcome in found if outcome.value is not None]))
    assert counted.missing_h == 0
    assert counted.hours == sum(outcome.objective or 0 for outcome in found)


def test_the_programme_counts_shifts_by_where_their_break_is() -> None:
    # Two are at work from 9 and 10 is the only hour in which one may be missing: both breaks are told apart.
    asked = case({9: 2, 10: 1, 11: 1, 12: 2})
    (problem,) = problems_of(asked)
    model = build(problem)
    solved = minimise(model.arrays)
    assert solved.values is not None
    counted = count(asked, counts_of_values(model, solved.values, 0))
    assert (counted.missing_h, counted.hours) == (0.0, solved.objective)


def test_the_difference_is_the_cost_but_for_what_is_required() -> None:
    # Two people with their break at eleven: nothing is missing or to spare.
    asked = case({9: 2, 10: 2, 12: 2})
    (problem,) = problems_of(asked, Goal.DIFFERENCE)
    model = build(problem)
    solved = minimise(model.arrays)
    assert solved.values is not None
    assert solved.objective is not None
    counted = count(asked, counts_of_values(model, solved.values, 0))
    assert counted.difference_h == pytest.approx(solved.objective - 6)
    assert counted.difference_h == 0


def test_a_shift_that_is_mostly_spare_is_left_out_of_the_least_difference() -> None:
    # Four hours with a break for one hour that is required: to spare two, or missing one.
    asked = case({9: 1})
    (problem,) = problems_of(asked, Goal.DIFFERENCE)
    solved = minimise(build(problem).arrays)
    assert solved.objective == pytest.approx(2.0)
    (strict,) = problems_of(asked)
    assert minimise(build(strict).arrays).objective == pytest.approx(3.0)


def test_every_period_that_requires_somebody_has_a_curve_up_to_what_it_requires() -> None:
    problems = problems_of(make_case(40, 2, 1, 30))
    assert [problem.first for problem in problems] == [FIRST, FIRST.replace(day=FIRST.day + 1)]
    curves = problems[0].curves
    tops = curves.loc[curves["agents"] > 0]
    assert tops["answered"].tolist() == tops["offered"].tolist() == tops["agents"].tolist()
    assert len(tops) == 2 * (22 - 7)


@pytest.mark.skipif(
    peer_python(Path(".venv-peers/bin/python")) is None, reason="pyworkforce: not found, skipped"
)
def test_the_peer_needs_as_many_hours_where_both_prove_that_there_are_no_fewer() -> None:
    asked = case({8: 1, 9: 2, 10: 1, 12: 2, 13: 1})
    theirs = solve_with_peer(Path(".venv-peers/bin/python"), asked, time_s=10.0, threads=1)
    (ours,) = (solve(problem, limits=Limits(time_s=10, gap=0.0)) for problem in problems_of(asked))
    counted = count(asked, theirs.chosen)
    assert theirs.status == "OPTIMAL"
    assert (counted.missing_h, counted.hours) == (0.0, ours.objective)

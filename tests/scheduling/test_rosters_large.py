"""Large programmes: counted week by week without a look at names, then named and refitted day by day."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from data.domain import Contract
from scheduling.problem import RosterProblem
from scheduling.rosters import build as building
from scheduling.rosters.build import build
from scheduling.rosters.counting import Counted, count
from scheduling.rosters.first import first_roster
from scheduling.rosters.limits import Limits, Progress, Watch
from scheduling.rosters.names import Person, name_class
from scheduling.rosters.reaching import days_missing
from scheduling.rosters.recount import cost_of
from scheduling.rosters.refitting import refit
from scheduling.rosters.relaxation import Relaxed, missing_share, relaxation
from scheduling.rosters.search import Search, place_breaks
from scheduling.rosters.solve import solve
from scheduling.rules import violations
from tests.scheduling.roster_cases import pattern, people, problem, queue

EARLY, LATE = pattern("early", 420, 480, latest_min=540), pattern("late", 840, 480, latest_min=900)


def large(days: int = 7, **parts: object) -> RosterProblem:
    given: dict[str, object] = {
        "agents": people(12),
        "days": days,
        "patterns": (EARLY, LATE),
        "contracts": (Contract(id="standard", min_h_per_week=16, min_rest_h=12),),
        "queues": (queue(rate=0.9, floor=0.4, open_min=420, close_min=1380),),
        "full": 3.0,
    }
    return problem(**(given | parts))  # type: ignore[arg-type] # a test's shorthand


@pytest.fixture(autouse=True)
def _every_problem_is_large(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(building, "MOST_EXACT_ARCS", 0)


def searched(asked: RosterProblem) -> Search:
    watch = Watch(limits=Limits(time_s=60))
    model = build(asked)
    relaxed = relaxation(model, watch, 60.0)
    assert isinstance(relaxed, Relaxed)
    return Search(model, relaxed, watch)


@pytest.mark.parametrize("threads", [1, 2])
def test_weeks_counted_before_names_make_a_clean_roster_above_the_bound(threads: int) -> None:
    asked, told = large(days=14), list[Progress]()
    found = solve(asked, limits=Limits(time_s=60, gap=0.05, threads=threads), progress=told.append)
    assert found.value is not None
    assert found.missed == ()
    assert violations(found.value, asked.agents, asked.contracts, asked.patterns) == []
    assert found.bound is not None
    assert found.bound <= cost_of(found.value, asked) + 1e-6
    assert not any("draft" in step.phase for step in told)


def test_the_number_of_threads_does_not_change_the_roster() -> None:
    asked = large(days=14)
    one, two = (solve(asked, limits=Limits(time_s=60, gap=0.05, threads=threads)) for threads in (1, 2))
    assert one.value == two.value


def test_a_week_stopped_while_it_is_counted_is_left_to_the_draft() -> None:
    counted = count(large(), Watch(limits=Limits(time_s=60), asked=lambda: True))
    assert isinstance(counted, Counted)
    assert counted.values is None
    assert not counted.relaxed.known


def test_the_first_counts_are_whole_and_every_shift_has_its_tour() -> None:
    search = searched(large())
    values = first_roster(search, 60.0)
    whole = np.r_[search.model.all_shift_columns, search.model.all_flow_columns]
    assert values[whole] == pytest.approx(np.round(values[whole]))
    left = search.model.arrays.matrix @ values
    assert left[list(search.model.link_rows.values())] == pytest.approx(0.0, abs=1e-6)


def test_refitting_makes_up_for_what_is_missing_and_keeps_every_rule() -> None:
    """Nobody works on the third day until it is refitted."""
    search = searched(large())
    model = search.model
    values = place_breaks(search, first_roster(search, 60.0), 60.0)
    assert isinstance(values, np.ndarray)
    named = [name_class(model, number, values) for number in range(len(model.classes))]
    for person in named[0]:
        person.tour.pop(2, None)
    for shift, column in model.shift_columns[0].items():
        if model.problem.shifts[shift].day == 2:
            values[column] = 0.0
    emptied = place_breaks(search, values, 60.0, days={2})
    assert isinstance(emptied, np.ndarray)
    assert days_missing(search, emptied) == [2]
    better = refit(search, named, emptied, [2], 60.0)
    assert missing_share(model, better) < missing_share(model, emptied) / 2
    assert worked(named[0]) == pytest.approx(better[list(model.shift_columns[0].values())].sum())
    assert all(
        person.rules.allows(person.tour, day, person.tour.get(day)) for person in named[0] for day in range(7)
    )


def test_refitting_gives_nobody_a_shift_that_nobody_may_work() -> None:
    """With everybody off on the third day, what is missing there stays missing."""
    asked = large()
    day = asked.horizon.day(2)
    off = tuple(replace(agent, time_off=frozenset({day})) for agent in asked.agents)
    search = searched(replace(asked, agents=off))
    values = place_breaks(search, first_roster(search, 60.0), 60.0)
    assert isinstance(values, np.ndarray)
    named = [name_class(search.model, number, values) for number in range(len(search.model.classes))]
    before = missing_share(search.model, values)
    better = refit(search, named, values, [2], 60.0)
    assert missing_share(search.model, better) == pytest.approx(before)
    assert all(2 not in person.tour for own in named for person in own)


def worked(named: list[Person]) -> int:
    return sum(len(person.tour) for person in named)

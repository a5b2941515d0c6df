from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import timedelta

import pytest

from data.domain import Assignment, Break, Contract, Period, Severity, Status
from data.errors import FaultyFileError
from scheduling.problem import RosterProblem
from scheduling.rosters.limits import Limits
from scheduling.rosters.recount import present, shortfalls
from scheduling.rosters.solve import solve
from scheduling.rules import violations
from scheduling.shifts import wall_clock
from tests.scheduling.roster_cases import MONDAY, pattern, people, problem, queue

QUICK = Limits(time_s=60)
NIGHT = pattern("night", 22 * 60, 480)
DAY = pattern("day", 8 * 60, 480)


def worked(agent_id: str, day: int, name: str = "day", *breaks: Break) -> Assignment:
    """A shift begun so many days from Monday, below 0 before it."""
    kind = NIGHT if name == "night" else DAY
    local = MONDAY + timedelta(days=day)
    start = wall_clock(local, kind.start_earliest_min, "UTC")
    end = start + timedelta(minutes=kind.length_min)
    return Assignment(agent_id=agent_id, day=local, pattern=name, start=start, end=end, breaks=breaks)


def broken(asked: RosterProblem, *shifts: Assignment) -> list[tuple[str, Severity]]:
    found = violations(
        replace(solve(asked, limits=QUICK).value, assignments=shifts),  # type: ignore[type-var] # there is one
        asked.agents,
        asked.contracts,
        asked.patterns,
        before=asked.before,
    )
    return [(violation.rule, violation.severity) for violation in found]


def night_queue(before: Sequence[Assignment]) -> RosterProblem:
    kind = queue(open_min=0, close_min=360, floor=0.9)
    patterns = (NIGHT, DAY)
    asked = problem(queues=[kind], agents=people(2), patterns=patterns, full=1.0, days=1)
    return replace(asked, before=tuple(before))


def test_people_who_come_out_of_the_night_staff_the_first_hours() -> None:
    missed = solve(night_queue([]), limits=Limits(time_s=60, allow_shortfall=True))
    assert missed.status is Status.INFEASIBLE
    found = solve(night_queue([worked("P0", -1, "night")]), limits=QUICK)
    assert found.status is Status.OPTIMAL
    assert found.objective == 0


def test_breaks_before_midnight_do_not_count_and_those_after_it_do() -> None:
    start = wall_clock(MONDAY, 60, "UTC")
    early, late = (start - timedelta(hours=2), start + timedelta(hours=1))
    breaks = [Break(kind="rest", start=at, end=at + timedelta(minutes=30), paid=True) for at in (early, late)]
    asked = night_queue([worked("P0", -1, "night", *breaks)])
    empty = solve(asked, limits=Limits(time_s=60, allow_shortfall=True)).value
    assert empty is not None
    there = {slot: size for (_, slot), size in present(empty, asked).items()}
    assert there == {0: 1, 1: 1, 2: 0.5, 3: 1, 4: 1, 5: 1}
    assert [short.start.hour for short in shortfalls(empty, asked) if short.span == "interval"] == [2]


def test_rest_and_runs_of_days_carry_over_into_the_first_day() -> None:
    contract = Contract(id="standard", max_consecutive_days=3, max_days_per_week=7, max_h_per_week=60)
    asked = problem(agents=people(3), contracts=[contract], patterns=(DAY, NIGHT), full=1.0)
    ran = [worked("P0", day) for day in (-3, -2, -1)]
    tired = [worked("P1", -1, "night")]
    found = solve(replace(asked, before=(*ran, *tired)), limits=QUICK)
    assert found.value is not None
    assert {shift.agent_id for shift in found.value.assignments} == {"P2"}


def test_the_checker_counts_what_was_worked_before_and_lists_only_what_the_roster_breaks() -> None:
    contract = Contract(id="standard", max_consecutive_days=3, max_days_per_week=7, max_h_per_week=60)
    asked = problem(agents=people(1), contracts=[contract], patterns=(DAY, NIGHT), full=0.0)
    ran = tuple(worked("P0", day) for day in (-4, -3, -2, -1))
    assert broken(replace(asked, before=ran)) == []
    assert broken(replace(asked, before=ran), worked("P0", 0)) == [("consecutive days", Severity.HARD)]
    assert broken(replace(asked, before=ran[1:]), worked("P0", 0)) == [("consecutive days", Severity.HARD)]
    assert broken(replace(asked, before=ran[2:]), worked("P0", 0)) == []
    tired = (worked("P0", -1, "night"),)
    assert broken(replace(asked, before=tired), worked("P0", 0)) == [("rest", Severity.HARD)]


def test_a_shift_said_to_be_from_before_cannot_begin_within_the_horizon() -> None:
    with pytest.raises(FaultyFileError, match=r"first day or later.*P0 on 2025-06-02"):
        replace(problem(), before=(worked("P0", 0),))


def test_a_shift_of_a_pattern_that_is_another_by_now_counts_as_it_was_worked() -> None:
    rest = Break(
        kind="lunch",
        start=wall_clock(MONDAY - timedelta(days=1), 720, "UTC"),
        end=wall_clock(MONDAY - timedelta(days=1), 780, "UTC"),
        paid=False,
    )
    gone = replace(worked("P0", -1, "day", rest), pattern="gone")
    known = replace(problem(), before=(gone, worked("left", -1))).worked_before
    shift = known["P0"][-1]
    assert (shift.pattern.length_min, shift.pattern.paid_min) == (480, 420)
    assert (shift.start_min, shift.end_min) == (-960, -480)


WEDNESDAY = MONDAY + timedelta(days=2)


def torn(
    contract: Contract, worked_days: Sequence[int], *, first: int = 2, days: int = 5, count: int = 1
) -> RosterProblem:
    """A roster from Wednesday to Sunday of people who all worked on these days of its week."""
    asked = problem(
        queues=[queue(floor=0.0, rate=0.0)],
        agents=people(count),
        contracts=[contract],
        patterns=(DAY,),
        full=0.0,
        first=MONDAY + timedelta(days=first),
        days=days,
    )
    before = tuple(worked(f"P{number}", day) for number in range(count) for day in worked_days)
    return replace(asked, before=before)


def days_worked(asked: RosterProblem) -> list[int]:
    found = solve(asked, limits=QUICK).value
    assert found is not None
    told = violations(found, asked.agents, asked.contracts, asked.patterns, before=asked.before)
    assert [violation for violation in told if violation.severity is Severity.HARD] == []
    return sorted(sum(s.agent_id == agent.id for s in found.assignments) for agent in asked.agents)


def test_a_torn_week_asks_for_the_hours_its_first_days_left_open() -> None:
    contract = Contract(id="standard", min_h_per_week=32, max_h_per_week=40)
    assert days_worked(torn(contract, [0, 1])) == [2]
    assert days_worked(torn(contract, [0], count=3)) == [3, 3, 3]
    # Nothing is known of a week that goes on past the horizon, nor of one whose first days nobody told of.
    assert days_worked(torn(contract, [0, 1], days=4)) == [0]
    assert days_worked(torn(contract, [])) == [0]


def test_a_torn_week_holds_no_more_days_and_hours_than_the_contract_allows() -> None:
    hours = Contract(id="standard", max_h_per_week=24, max_days_per_week=7)
    days = Contract(id="standard", max_h_per_week=60, max_days_per_week=3)
    needed = problem(first=WEDNESDAY, days=5, full=1.0).curves
    for contract in (hours, days):
        asked = replace(
            torn(contract, [0, 1], count=2),
            curves=needed,
            queues=(queue(floor=0.0, rate=0.4, period=Period.WEEK),),
        )
        assert days_worked(asked) == [1, 1]


def test_hours_of_a_torn_week_that_are_out_of_reach_are_told_and_not_asked_for() -> None:
    contract = Contract(id="standard", min_h_per_week=40, max_h_per_week=40)
    asked = torn(contract, [0], first=5, days=2)
    assert days_worked(asked) == [0]
    assert broken(asked) == [("weekly hours at least", Severity.SOFT)]
    assert broken(asked, worked("P0", 5), worked("P0", 6)) == [("weekly hours at least", Severity.SOFT)]


def test_weeks_solved_one_after_another_go_on_from_the_same_days() -> None:
    contract = Contract(id="standard", min_h_per_week=32, max_h_per_week=40)
    asked = torn(contract, [0, 1], days=12, count=2)
    found = solve(asked, limits=QUICK).value
    assert found is not None
    assert violations(found, asked.agents, asked.contracts, asked.patterns, before=asked.before) == []
    for agent in asked.agents:
        days = [(shift.day - MONDAY).days for shift in found.assignments if shift.agent_id == agent.id]
        assert sum(day < 7 for day in days) == 2
        assert sum(day >= 7 for day in days) == 4

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from data.activities import Activity, Gathering
from data.domain import Agent, Assignment, Break, Contract, PlacedActivity, Roster
from scheduling.activities.market import prices_of
from scheduling.activities.placing import place
from scheduling.problem import RosterProblem
from scheduling.rules import RULES, TOGETHER, violations
from tests.oracles.activity_enumeration import best_cost, cost
from tests.scheduling.roster_cases import MONDAY, pattern, people, problem, queue

DAY = pattern(breaks=())
WIDE = Contract(id="standard", max_h_per_week=56, max_days_per_week=7, max_consecutive_days=7)


def at(hour: float, day: int = 0) -> datetime:
    return datetime(MONDAY.year, MONDAY.month, MONDAY.day, tzinfo=UTC) + timedelta(days=day, hours=hour)


def shift(agent_id: str, day: int = 0, *, rest: float | None = 12, begin: float = 8) -> Assignment:
    breaks = (
        () if rest is None else (Break(kind="meal", start=at(rest, day), end=at(rest + 0.5, day), paid=True),)
    )
    return Assignment(
        agent_id=agent_id,
        day=at(0, day).date(),
        pattern="day",
        start=at(begin, day),
        end=at(begin + 8, day),
        breaks=breaks,
    )


def roster(*assignments: Assignment, days: int = 1) -> Roster:
    return Roster(name="test", first=MONDAY, days=days, timezone="UTC", assignments=assignments)


def at_work(asked: RosterProblem) -> Roster:
    """Everybody of a problem at work on each of its days."""
    shifts = [shift(agent.id, day) for agent in asked.agents for day in range(asked.days)]
    return roster(*shifts, days=asked.days)


def seats(found: Roster) -> list[tuple[str, str, datetime]]:
    return [
        (shift.agent_id, part.activity, part.start)
        for shift in found.assignments
        for part in shift.activities
    ]


def broken(found: Roster, asked: RosterProblem, activities: Sequence[Activity]) -> list[str]:
    rules = [rule for rule in (*RULES, *TOGETHER) if rule.__module__.endswith("by_activity")]
    listed = violations(
        found,
        asked.agents,
        asked.contracts,
        asked.patterns,
        rules,
        before=asked.before,
        activities=activities,
    )
    return [violation.message for violation in listed]


GROUP = Activity(
    id="group", length_min=60, gathering=Gathering.GROUPS, most=2, from_min=540, until_min=690, edge_min=0
)
MEETING = Activity(id="meeting", length_min=30, from_min=570, until_min=630, edge_min=0)
COACHED = Activity(
    id="coached",
    length_min=30,
    gathering=Gathering.ALONE,
    coach="P2",
    from_min=600,
    until_min=750,
    edge_min=0,
)


@settings(max_examples=8, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(
    full=st.lists(st.sampled_from([0.5, 1.5, 2.5, 4.0]), min_size=8, max_size=8),
    kinds=st.sampled_from([(GROUP,), (COACHED,), (MEETING, GROUP), (replace(GROUP, least=2),)]),
    price=st.sampled_from([0.0, 1.0, 30.0]),
    later=st.sampled_from([(), ("P0",)]),
)
def test_no_placement_that_keeps_the_rules_costs_less(
    full: list[float], kinds: tuple[Activity, ...], price: float, later: tuple[str, ...]
) -> None:
    activities = tuple(replace(activity, price=price) for activity in kinds)
    asked = problem(agents=people(3), full={"calls": full}, patterns=[DAY])
    plan = at_work(asked)
    if later:  # somebody begins later, and has a break when others have none
        plan = replace(plan, assignments=(shift("P0", begin=9, rest=10), *plan.assignments[1:]))
    found = place(plan, asked, activities)
    assert broken(found, asked, activities) == []
    prices = prices_of(asked)
    worth = {"contact": prices.missing[0], "beyond": prices.beyond[0], "floor": prices.floor}
    least = best_cost(plan, asked, activities, **worth)
    assert cost(found, asked, activities, **worth) == pytest.approx(least, abs=2e-4 * abs(least) + 1e-6)


def test_everybody_is_placed_where_nobody_has_a_price() -> None:
    asked = problem(agents=people(3), full=4.0, patterns=[DAY])
    found = place(at_work(asked), asked, [GROUP, MEETING, COACHED])
    assert Counter(name for _, name, _ in seats(found)) == {"group": 3, "meeting": 3, "coached": 4}
    assert broken(found, asked, [GROUP, MEETING, COACHED]) == []


def test_activities_go_where_people_are_idle() -> None:
    asked = problem(agents=people(3), full={"calls": [3, 3, 3, 3, 1, 3, 3, 3]}, patterns=[DAY])
    plan = roster(*(shift(agent.id, rest=None) for agent in asked.agents))
    found = place(plan, asked, [replace(MEETING, from_min=0, until_min=1440)])
    assert {start for *_, start in seats(found)} <= {at(12), at(12.5)}
    assert len(seats(found)) == 3


def test_a_session_without_its_least_people_is_not_held() -> None:
    asked = problem(agents=people(3), patterns=[DAY])
    plan = roster(*(shift(f"P{number}", begin=number * 4) for number in range(3)))
    wide = replace(MEETING, from_min=0, until_min=1440)
    assert len(seats(place(plan, asked, [replace(wide, least=2)]))) == 2
    assert seats(place(plan, asked, [replace(wide, least=3)])) == []


def test_the_coach_is_in_every_session_and_nowhere_without_one() -> None:
    asked = problem(agents=people(3), patterns=[DAY])
    found = seats(place(at_work(asked), asked, [COACHED]))
    times = Counter(start for *_, start in found)
    assert set(times.values()) == {2}
    assert [start for name, _, start in found if name == "P2"] == sorted(times)
    alone = place(roster(shift("P2")), asked, [COACHED])
    assert seats(alone) == []


def test_a_weekly_activity_comes_once_a_week_and_not_again_in_a_torn_one() -> None:
    asked = problem(agents=people(2), contracts=[WIDE], patterns=[DAY], days=9, first=MONDAY)
    weekly = replace(MEETING, weekly=True)
    found = place(at_work(asked), asked, [weekly])
    assert Counter((name, start.date() >= date(2025, 6, 9)) for name, _, start in seats(found)) == {
        ("P0", False): 1,
        ("P1", False): 1,
        ("P0", True): 1,
        ("P1", True): 1,
    }
    first = next(each for each in found.assignments if each.activities)
    had = replace(first, day=at(0, -1).date(), start=at(8, -1), end=at(16, -1), breaks=(), activities=())
    had = replace(
        had,
        activities=(PlacedActivity(activity="meeting", kind="training", start=at(10, -1), end=at(10.5, -1)),),
    )
    torn = replace(asked, first=MONDAY, days=3, before=(had,), curves=problem(days=3).curves)
    once = replace(MEETING, first=at(0, -1).date(), last=at(0, 2).date())
    again = place(at_work(torn), torn, [once])
    assert {name for name, *_ in seats(again)} == {agent.id for agent in asked.agents} - {had.agent_id}


def test_what_everybody_has_once_is_spread_over_the_weeks_it_may_lie_in() -> None:
    asked = problem(agents=people(4), contracts=[WIDE], patterns=[DAY], days=14)
    alone = Activity(
        id="study", gathering=Gathering.ALONE, last=at(0, 27).date(), from_min=480, until_min=960, edge_min=0
    )
    found = seats(place(at_work(asked), asked, [alone]))
    assert Counter(start.date() >= at(0, 7).date() for *_, start in found) == {False: 1, True: 1}
    ends = seats(place(at_work(asked), asked, [replace(alone, last=None)]))
    assert Counter(start.date() >= at(0, 7).date() for *_, start in ends) == {False: 2, True: 2}


def test_what_stands_in_the_roster_stays_and_is_not_placed_again() -> None:
    asked = problem(agents=people(3), patterns=[DAY])
    first = place(at_work(asked), asked, [GROUP])
    assert place(first, asked, [GROUP]) == first
    both = place(first, asked, [GROUP, MEETING])
    assert [seat for seat in seats(both) if seat[1] == "group"] == seats(first)
    assert broken(both, asked, [GROUP, MEETING]) == []


def test_people_of_two_queues_leave_the_one_that_can_spare_them() -> None:
    """Cards is short of people all day, funds has one more than it needs: who speaks both is missed at cards."""
    kinds = [queue("cards"), queue("funds")]
    crew = (*people(2, "cards"), *people(1, "cards", "funds", prefix="B"), *people(2, "funds", prefix="F"))
    asked = problem(queues=kinds, agents=crew, patterns=[DAY], full={"cards": 4.0, "funds": 1.0})
    study = Activity(id="study", gathering=Gathering.GROUPS, most=1, price=8.0, edge_min=0, length_min=60)
    found = {name for name, *_ in seats(place(at_work(asked), asked, [study]))}
    assert {"F0", "F1"} <= found
    assert not {"P0", "P1"} & found


def test_the_same_again_gives_the_same() -> None:
    asked = problem(agents=people(3), full=2.5, patterns=[DAY])
    runs: list[Any] = [place(at_work(asked), asked, [GROUP, MEETING], seed=3) for _ in range(2)]
    assert runs[0] == runs[1]


def test_nothing_is_placed_on_people_the_activity_is_not_for() -> None:
    crew = (Agent(id="N", team="north", skills=frozenset({"calls"})), *people(2))
    asked = problem(agents=crew, patterns=[DAY])
    found = seats(place(at_work(asked), asked, [replace(MEETING, team="north")]))
    assert [name for name, *_ in found] == ["N"]

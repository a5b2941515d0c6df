from __future__ import annotations

from dataclasses import replace

import pandas as pd

from data.activities import Activity, Gathering
from data.domain import Assignment, PlacedActivity, Roster
from scheduling.activities.left_out import left_out
from tests.scheduling.small_forecasts import MONDAY
from tests.scheduling.small_rosters import agents, at, roster, shift

TEAM = Activity(
    id="team", kind="meeting", length_min=60, from_min=600, until_min=960, weekly=True, edge_min=0
)
PEOPLE = agents(a=["x"], b=["x"])


def with_team(made: Assignment, clock: str) -> Assignment:
    start = at(clock)
    part = PlacedActivity(activity="team", kind="meeting", start=start, end=start + pd.Timedelta(hours=1))
    return replace(made, activities=(part,))


def told(
    made: Roster, activity: Activity = TEAM, before: tuple[Assignment, ...] = ()
) -> list[tuple[str, str]]:
    found = left_out(made, [activity], PEOPLE, before)
    return list(zip(found["agent_id"], found["reason"], strict=True))


def test_nobody_is_left_out_who_was_placed_here_or_before() -> None:
    here = with_team(shift("a", "08:00-16:00"), "10:00")
    earlier = with_team(shift("b", "08:00-16:00"), "12:00")
    assert [name for name, _ in told(roster(here))] == ["b"]
    torn = replace(roster(here, days=2), first=here.day)
    assert told(torn, before=(earlier,)) == []


def test_the_reason_says_what_stands_in_the_way() -> None:
    a = shift("a", "08:00-16:00")
    held = with_team(a, "10:00")
    late = shift("b", "17:00-21:00")
    broken_up = shift("b", "08:00-13:00", "10:30-10:45", "11:30-12:15")
    able = shift("b", "12:00-16:00")
    assert told(roster(held, late)) == [("b", "not at work at its times")]
    assert told(roster(held, broken_up)) == [
        ("b", "no 60 min in one piece between breaks, other activities and the shift's ends")
    ]
    assert told(roster(held, able)) == [("b", "not free when it is held, Mon 2 Mar 10:00")]
    assert {reason for _, reason in told(roster(a, able), replace(TEAM, least=3))} == {
        "never 3 people free at once"
    }
    alone = replace(TEAM, gathering=Gathering.ALONE, coach="a")
    assert told(roster(shift("a", "18:00-20:00"), able), alone) == [("b", "a is not free when they are")]
    dear = replace(TEAM, gathering=Gathering.ALONE, price=2.0)
    assert told(roster(able), dear) == [
        ("a", "not at work at its times"),
        ("b", "no room in a session at their times, or dearer than its price of 2"),
    ]


def test_what_can_still_be_made_up_for_is_not_due() -> None:
    made = roster(shift("a", "08:00-16:00"))
    once = replace(TEAM, weekly=False)
    assert left_out(made, [once], PEOPLE)["due"].all()
    later = left_out(made, [replace(once, last=at("00:00", 7).date())], PEOPLE)
    assert not later["due"].any()
    assert set(later["until"]) == {pd.Timestamp(at("00:00", 7).date())}
    assert left_out(made, [TEAM], PEOPLE)["week"].tolist() == [pd.Timestamp(MONDAY)] * 2


def test_an_activity_of_other_days_is_not_asked_for() -> None:
    assert told(roster(shift("a", "08:00-16:00")), replace(TEAM, weekdays=frozenset({3}))) == []

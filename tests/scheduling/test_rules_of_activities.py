"""Every rule about activities: one roster that breaks it, one that just does not."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date

import pytest

from data.activities import Activity, Gathering
from data.domain import (
    Agent,
    Assignment,
    Contract,
    OpeningSpan,
    PlacedActivity,
    Queue,
    Severity,
    ShiftPattern,
)
from scheduling.rescore import Change, rescored, scored
from scheduling.rules import RULES, TOGETHER, Rule, by_activity, violations
from tests.scheduling.small_forecasts import MONDAY, flat_forecast
from tests.scheduling.small_rosters import at, roster, shift

PEOPLE = tuple(
    Agent(id=name, team="north" if name in "abc" else "south", skills=frozenset({"cards"})) for name in "abcd"
)
PATTERN = ShiftPattern(id="early", start_earliest_min=480, start_latest_min=480, length_min=480)
TEAM = Activity(
    id="team",
    kind="meeting",
    length_min=30,
    team="north",
    least=2,
    weekdays=frozenset({0, 1}),
    from_min=600,
    until_min=900,
    first=date(2026, 3, 2),
    last=date(2026, 3, 6),
    weekly=True,
    edge_min=15,
)
TRAINING = Activity(id="training", gathering=Gathering.GROUPS, least=1, most=2, edge_min=0)
COACHING = Activity(
    id="coaching", kind="coaching", length_min=30, gathering=Gathering.ALONE, coach="d", edge_min=0
)
STUDY = Activity(id="study", length_min=30, gathering=Gathering.ALONE, edge_min=0)
ACTIVITIES = (TEAM, TRAINING, COACHING, STUDY)


def day(agent_id: str, *parts: str, on: int = 0, rest: str = "12:00-12:30") -> Assignment:
    """A shift from 8 to 16 with a break and parts such as "team 10:00-10:30"."""
    made = shift(agent_id, "08:00-16:00", rest, day=on)
    placed = []
    for part in parts:
        name, _, span = part.partition(" ")
        first, last = span.split("-")
        kind = next((activity.kind for activity in ACTIVITIES if activity.id == name), "training")
        placed.append(PlacedActivity(activity=name, kind=kind, start=at(first, on), end=at(last, on)))
    return replace(made, activities=tuple(placed))


@dataclass(frozen=True)
class Case:
    """A roster of two weeks."""

    shifts: Sequence[Assignment]


def meeting(span: str, on: int = 0) -> Case:
    return Case([day("a", f"team {span}", on=on), day("b", on=on)])


def other_kind() -> Case:
    made = day("a", "team 10:00-10:30")
    return Case([replace(made, activities=(replace(made.activities[0], kind="training"),))])


def out_of_order() -> Case:
    made = day("a", "team 10:00-10:30", "study 11:00-11:30")
    return Case([replace(made, activities=made.activities[::-1])])


CASES: dict[str, list[tuple[Case, Case]]] = {
    "activities_apart": [
        (Case([day("a", "team 11:45-12:15")]), Case([day("a", "team 11:30-12:00")])),
        (Case([day("a", "study 07:45-08:15")]), Case([day("a", "study 08:00-08:30")])),
        (Case([day("a", "study 15:45-16:15")]), Case([day("a", "study 15:30-16:00")])),
        (
            Case([day("a", "team 10:00-10:30", "study 10:15-10:45")]),
            Case([day("a", "team 10:00-10:30", "study 10:30-11:00")]),
        ),
        (out_of_order(), Case([day("a", "team 10:00-10:30", "study 11:00-11:30")])),
    ],
    "known_activity": [
        (Case([day("a", "yoga 10:00-10:30")]), Case([day("a", "study 10:00-10:30")])),
        (other_kind(), Case([day("a", "team 10:00-10:30")])),
    ],
    "activity_person": [
        (Case([day("d", "team 10:00-10:30")]), Case([day("c", "team 10:00-10:30")])),
        (Case([day("d", "team 10:00-10:30")]), Case([day("d", "coaching 10:00-10:30")])),
    ],
    "activity_length": [(meeting("10:00-10:45"), meeting("10:00-10:30"))],
    "activity_window": [
        (meeting("09:59-10:29"), meeting("10:00-10:30")),
        (meeting("14:31-15:01"), meeting("14:30-15:00")),
        (meeting("10:00-10:30", on=2), meeting("10:00-10:30", on=1)),
        (meeting("10:00-10:30", on=7), meeting("10:00-10:30", on=0)),
    ],
    "activity_edges": [
        (Case([day("a", "team 08:14-08:44")]), Case([day("a", "team 08:15-08:45")])),
        (Case([day("a", "team 15:16-15:46")]), Case([day("a", "team 15:15-15:45")])),
    ],
    "activity_once": [
        (
            Case([day("a", "team 10:00-10:30"), day("a", "team 10:00-10:30", on=1)]),
            Case([day("a", "team 10:00-10:30"), day("a", "team 10:00-10:30", on=8)]),
        ),
        (
            Case([day("a", "study 10:00-10:30"), day("a", "study 10:00-10:30", on=8)]),
            Case([day("a", "study 10:00-10:30"), day("b", "study 10:00-10:30", on=8)]),
        ),
        (
            Case([day("a", "coaching 10:00-10:30"), day("a", "coaching 11:00-11:30")]),
            Case([day("d", "coaching 10:00-10:30"), day("d", "coaching 11:00-11:30")]),
        ),
    ],
    "session_size": [
        (meeting("10:00-10:30"), Case([day("a", "team 10:00-10:30"), day("b", "team 10:00-10:30")])),
        (
            Case([day(name, "training 10:00-11:00") for name in "abc"]),
            Case([day(name, "training 10:00-11:00") for name in "ab"]),
        ),
        (
            Case([day(name, "coaching 10:00-10:30") for name in "abd"]),
            Case([day(name, "coaching 10:00-10:30") for name in "ad"]),
        ),
        (
            Case([day("d", "coaching 10:00-10:30")]),
            Case([day(name, "study 10:00-10:30") for name in "abcd"]),
        ),
    ],
    "session_coach": [
        (
            Case([day("a", "coaching 10:00-10:30"), day("d", "coaching 10:15-10:45")]),
            Case([day("a", "coaching 10:00-10:30"), day("d", "coaching 10:00-10:30")]),
        ),
    ],
    "sessions_apart": [
        (
            Case([day("a", "training 10:00-11:00"), day("b", "training 10:30-11:30")]),
            Case([day("a", "training 10:00-11:00"), day("b", "training 11:00-12:00")]),
        ),
        (
            Case([day("a", "training 10:00-11:00"), day("b", "training 10:30-11:30")]),
            Case([day("a", "study 10:00-10:30"), day("b", "study 10:15-10:45")]),
        ),
    ],
}
EVERY = (by_activity.APART, *by_activity.OWN, *TOGETHER)
PAIRS = [
    pytest.param(rule, *pair, id=f"{rule.__name__}-{number}")
    for rule in EVERY
    for number, pair in enumerate(CASES.get(rule.__name__, []))
]


def judge(case: Case, rule: Rule) -> list[str]:
    made = roster(*case.shifts, days=14)
    found = violations(made, PEOPLE, [Contract(id="standard")], [PATTERN], (rule,), activities=ACTIVITIES)
    assert all(broken.severity is Severity.HARD and broken.start.tzinfo is not None for broken in found)
    assert all(broken.rule == rule.__name__.replace("_", " ") for broken in found)
    return [broken.message for broken in found]


def test_every_rule_has_a_roster_that_breaks_it_and_one_that_does_not() -> None:
    assert set(CASES) == {rule.__name__ for rule in EVERY}
    assert {*RULES, *TOGETHER} >= set(EVERY)


@pytest.mark.parametrize(("rule", "breaking", "passing"), PAIRS)
def test_the_rule_finds_its_breach_and_lets_pass_what_just_keeps_it(
    rule: Rule, breaking: Case, passing: Case
) -> None:
    assert len(judge(breaking, rule)) == 1
    assert judge(passing, rule) == []


def test_what_was_placed_before_the_roster_counts() -> None:
    earlier = day("a", "study 10:00-10:30")
    later = replace(roster(day("a", "study 10:00-10:30", on=8), days=7), first=at("00:00", 7).date())

    def found(before: list[Assignment]) -> list[str]:
        rules = [rule for rule in RULES if rule.__name__ == "activity_once"]
        broken = violations(
            later, PEOPLE, [Contract(id="standard")], [PATTERN], rules, before=before, activities=ACTIVITIES
        )
        return [violation.message for violation in broken]

    assert len(found([earlier])) == 1
    assert found([]) == []


def test_without_the_activities_at_hand_only_their_place_in_the_shift_is_judged() -> None:
    made = roster(day("a", "yoga 10:00-10:45"), day("b", "yoga 11:45-12:15"), days=14)
    found = violations(
        made, PEOPLE, [Contract(id="standard", max_h_per_week=40)], [replace(PATTERN, breaks=())]
    )
    assert {broken.rule for broken in found} == {"breaks of pattern", "activities apart"}


def test_an_edit_that_empties_a_session_is_found_as_in_the_whole_roster() -> None:
    queue = Queue(id="cards", hours=(OpeningSpan(open_min=480, close_min=960),))
    made = roster(day("a", "team 10:00-10:30"), day("b", "team 10:00-10:30"))
    known = {"contracts": [Contract(id="standard")], "patterns": [PATTERN], "activities": ACTIVITIES}
    forecast = flat_forecast(queue, 5.0, first=MONDAY)
    score = scored(made, PEOPLE, [queue], forecast, **known)  # type: ignore[arg-type] # three lists by name
    old = score.people["a"].shifts[0]
    edited = rescored(score, Change(removed=(old,), added=(replace(old, activities=()),)))
    assert {broken.rule for broken in score.violations} == {"breaks of pattern"}
    assert {broken.rule for broken in edited.violations} == {"breaks of pattern", "session size"}
    assert edited.violations == violations(
        edited.roster,
        PEOPLE,
        known["contracts"],
        known["patterns"],
        activities=ACTIVITIES,  # type: ignore[arg-type] # as above
    )

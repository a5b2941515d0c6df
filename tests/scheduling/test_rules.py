"""Every work rule: one roster that breaks it, one that just does not."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from data.domain import Agent, Assignment, Break, BreakRule, Contract, Roster, Severity, ShiftPattern
from scheduling.rules import RULES as ALL_RULES
from scheduling.rules import Rule, least_h, violations
from scheduling.shifts import wall_clock

RULES = [rule for rule in ALL_RULES if rule.__module__ != "scheduling.rules.by_activity"]
"""Those about activities are tried in test_rules_of_activities."""

MONDAY = date(2025, 6, 2)
ZONE = "Europe/Berlin"
MEAL = BreakRule(kind="meal", length_min=60, earliest_min=180, latest_min=300)
REST = BreakRule(kind="rest", length_min=15, earliest_min=330, latest_min=420, paid=True)
DAY = ShiftPattern(
    id="day", start_earliest_min=420, start_latest_min=840, length_min=540, breaks=(MEAL, REST)
)
SHORT = ShiftPattern(id="short", start_earliest_min=0, start_latest_min=1200, length_min=240)
WEEKDAY = replace(SHORT, id="weekday", weekdays=frozenset(range(5)))
CONTRACT = Contract(
    id="standard",
    max_h_per_week=40,
    max_days_per_week=5,
    max_consecutive_days=4,
    min_rest_h=11,
    patterns=frozenset({"day", "short", "weekday"}),
)
ANN = Agent(id="Ann", skills=frozenset({"s"}), time_off=frozenset({date(2025, 6, 12)}))


@dataclass(frozen=True)
class Case:
    """People and their roster."""

    shifts: tuple[Assignment, ...]
    agents: tuple[Agent, ...] = (ANN,)
    contracts: tuple[Contract, ...] = (CONTRACT,)
    patterns: tuple[ShiftPattern, ...] = (DAY, SHORT, WEEKDAY)
    days: int = 14


def shift(
    day: int,
    start_min: int = 480,
    pattern: ShiftPattern = SHORT,
    *,
    length_min: int | None = None,
    breaks_min: tuple[int, ...] | None = None,
) -> Assignment:
    """A shift of Ann's, day 0 being a Monday; breaks begin at those minutes from its start."""
    local_day = MONDAY + timedelta(days=day)
    start = wall_clock(local_day, start_min, ZONE)
    offsets = [rule.earliest_min for rule in pattern.breaks] if breaks_min is None else breaks_min
    breaks = tuple(
        Break(
            kind=rule.kind,
            start=start + timedelta(minutes=offset),
            end=start + timedelta(minutes=offset + rule.length_min),
            paid=rule.paid,
        )
        for rule, offset in zip(pattern.breaks, offsets, strict=False)
    )
    return Assignment(
        agent_id="Ann",
        day=local_day,
        pattern=pattern.id,
        start=start,
        end=start + timedelta(minutes=length_min or pattern.length_min),
        breaks=breaks,
    )


def week(*days: int, pattern: ShiftPattern = SHORT) -> tuple[Assignment, ...]:
    return tuple(shift(day, pattern=pattern) for day in days)


def early_meal(minutes: int) -> Assignment:
    """A day whose rest starts that many minutes after the meal."""
    wide = replace(DAY, breaks=(replace(MEAL, latest_min=400), replace(REST, earliest_min=180)))
    return shift(0, pattern=wide, breaks_min=(200, 200 + minutes))


def split(first_min: int, split_min: int, *, paid: bool = False) -> Assignment:
    """Seven hours with a split that many minutes after their start."""
    made = shift(0, length_min=420)
    begin = made.start + timedelta(minutes=first_min)
    middle = Break(kind="split", start=begin, end=begin + timedelta(minutes=split_min), paid=paid)
    return replace(made, breaks=(middle,))


def nights(*days: int) -> tuple[Assignment, ...]:
    return tuple(shift(day, 1081) for day in days)


GUARANTEED = replace(CONTRACT, min_h_per_week=20.0)
WEEKENDS_OFF = replace(CONTRACT, min_weekends_off=2)
STEADY = replace(CONTRACT, max_start_spread_min=60)
FORWARD = replace(CONTRACT, forward_rotation=True)
PAIRS_OFF = replace(CONTRACT, min_consecutive_days_off=2)
ANN_HERE = replace(ANN, time_off=frozenset())

CASES: dict[str, tuple[Case, Case]] = {
    "known_person": (Case(week(0), agents=()), Case(week(0))),
    "known_contract": (Case(week(0), contracts=()), Case(week(0))),
    "known_pattern": (Case(week(0), patterns=(DAY,)), Case(week(0))),
    "contract_allows_pattern": (
        Case(week(0), contracts=(replace(CONTRACT, patterns=frozenset({"day"})),)),
        Case(week(0), contracts=(replace(CONTRACT, patterns=frozenset()),)),
    ),
    "pattern_weekday": (Case(week(5, pattern=WEEKDAY)), Case(week(4, pattern=WEEKDAY))),
    "pattern_start": (Case((shift(0, 1230),)), Case((shift(0, 1200),))),
    "pattern_length": (Case((shift(0, length_min=255),)), Case((shift(0, length_min=240),))),
    "breaks_of_pattern": (
        Case((shift(0, pattern=DAY, breaks_min=(180,)),)),
        Case((shift(0, pattern=DAY, breaks_min=(180, 330)),)),
    ),
    "break_window": (
        Case((shift(0, pattern=DAY, breaks_min=(315, 400)),)),
        Case((shift(0, pattern=DAY, breaks_min=(300, 420)),)),
    ),
    "breaks_apart": (Case((early_meal(45),)), Case((early_meal(60),))),
    "split_shift": (Case((split(119, 180),)), Case((split(120, 180),))),
    "one_shift_a_day": (Case((shift(0, 0), shift(0, 1200))), Case((shift(0, 0), shift(1, 1200)))),
    "weekly_days": (Case(week(0, 1, 2, 4, 5, 6)), Case(week(0, 1, 2, 4, 5, 7, 8))),
    "weekly_hours_most": (
        Case(week(0, 1, 2, 4, 5, pattern=DAY), contracts=(replace(CONTRACT, max_h_per_week=39.9),)),
        Case(week(0, 1, 2, 4, 5, pattern=DAY)),
    ),
    "weekly_hours_least": (
        Case(week(0, 1, 2, 4, 7, 8, 9, 11, 12), contracts=(GUARANTEED,)),
        Case(week(0, 1, 2, 4, 5, 7, 8, 9, 11), contracts=(GUARANTEED,)),
    ),
    "consecutive_days": (Case(week(4, 5, 6, 7, 8)), Case(week(4, 5, 6, 7, 9))),
    "rest": (Case((shift(0, 1200), shift(1, 630))), Case((shift(0, 1200), shift(1, 660)))),
    "time_off": (Case((shift(9, 1201),)), Case((shift(9, 1200), shift(11, 0)))),
    "consecutive_nights": (
        Case((*nights(0, 1, 2), shift(3)), contracts=(replace(CONTRACT, max_consecutive_nights=2),)),
        Case((*nights(0, 1), shift(2), *nights(3)), contracts=(replace(CONTRACT, max_consecutive_nights=2),)),
    ),
    "weekends_off": (
        Case(week(6, 12, 20), contracts=(WEEKENDS_OFF,), agents=(ANN_HERE,), days=28),
        Case(week(6, 12, 18, 33), contracts=(WEEKENDS_OFF,), agents=(ANN_HERE,), days=35),
    ),
    "start_spread": (
        Case((shift(0, 480), shift(6, 541)), contracts=(STEADY,)),
        Case((shift(0, 480), shift(6, 540), shift(7, 0)), contracts=(STEADY,)),
    ),
    "forward_rotation": (
        Case((shift(0, 480), shift(1, 450)), contracts=(FORWARD,)),
        Case((shift(0, 480), shift(1, 480), shift(2, 600), shift(4, 0)), contracts=(FORWARD,)),
    ),
    "days_off_together": (
        Case(week(0, 1, 3, 4), contracts=(PAIRS_OFF,)),
        Case(week(1, 2, 5, 6), contracts=(PAIRS_OFF,)),
    ),
    "inside_horizon": (Case(week(7), days=7), Case(week(6), days=7)),
}


def judge(case: Case, rule: Rule) -> list[str]:
    roster = Roster(name="r", first=MONDAY, days=case.days, timezone=ZONE, assignments=case.shifts)
    found = violations(roster, case.agents, case.contracts, case.patterns, (rule,))
    return [violation.message for violation in found]


def test_every_rule_has_a_roster_that_breaks_it_and_one_that_does_not() -> None:
    assert set(CASES) == {rule.__name__ for rule in RULES}


@pytest.mark.parametrize("rule", RULES, ids=lambda rule: rule.__name__)
def test_the_rule_finds_its_breach_and_lets_pass_what_just_keeps_it(rule: Rule) -> None:
    breaking, passing = CASES[rule.__name__]
    assert len(judge(breaking, rule)) == 1
    assert judge(passing, rule) == []


@pytest.mark.parametrize("rule", RULES, ids=lambda rule: rule.__name__)
def test_a_violation_names_person_day_and_rule(rule: Rule) -> None:
    case, _ = CASES[rule.__name__]
    roster = Roster(name="r", first=MONDAY, days=case.days, timezone=ZONE, assignments=case.shifts)
    (found,) = violations(roster, case.agents, case.contracts, case.patterns, (rule,))
    assert found.agent_id == "Ann"
    assert "Ann" in found.message
    assert found.rule == rule.__name__.replace("_", " ") or found.rule.startswith("weekly hours")
    assert found.severity is Severity.HARD
    assert found.start.tzinfo is not None


@pytest.mark.parametrize(
    ("breaking", "passing"),
    [
        (split(120, 119), split(120, 120)),
        (split(120, 180, paid=True), split(120, 180)),
        (split(121, 180), split(120, 180)),
        (replace(split(120, 120), breaks=split(120, 120).breaks * 2), split(120, 120)),
    ],
)
def test_a_split_is_long_enough_and_unpaid_and_both_parts_are(
    breaking: Assignment, passing: Assignment
) -> None:
    rule = next(rule for rule in RULES if rule.__name__ == "split_shift")
    assert len(judge(Case((breaking,)), rule)) == 1
    assert judge(Case((passing,)), rule) == []


def test_a_whole_clean_roster_has_no_violation() -> None:
    case = Case(week(0, 1, 2, 4, 7, 8, pattern=DAY))
    roster = Roster(name="r", first=MONDAY, days=14, timezone=ZONE, assignments=case.shifts)
    assert violations(roster, case.agents, case.contracts, case.patterns) == []


def test_rest_is_counted_by_instants_when_the_clock_changes() -> None:
    """From 20:00 to 07:00 lie 11 hours, but 10 in the night the clock skips one and 12 when it shows one twice."""

    def rest_found(first: date) -> int:
        late, early = (
            datetime(first.year, first.month, first.day, 16, tzinfo=ZoneInfo(ZONE)),
            first + timedelta(1),
        )
        begin = datetime(early.year, early.month, early.day, 7, tzinfo=ZoneInfo(ZONE))
        shifts = tuple(
            Assignment(agent_id="Ann", day=at.date(), pattern="short", start=at, end=at + timedelta(hours=4))
            for at in (late, begin)
        )
        roster = Roster(name="r", first=first, days=2, timezone=ZONE, assignments=shifts)
        return len(violations(roster, (ANN,), (CONTRACT,), (SHORT,), (by_name("rest"),)))

    assert rest_found(date(2025, 3, 29)) == 1
    assert rest_found(date(2025, 6, 7)) == 0
    assert rest_found(date(2025, 10, 25)) == 0


def by_name(name: str) -> Callable[..., object]:
    return next(rule for rule in RULES if rule.__name__ == name)


def test_a_day_off_counts_as_an_average_working_day_of_the_least_hours() -> None:
    contract = replace(CONTRACT, min_h_per_week=35.0)
    assert least_h(contract, 0) == 35.0
    assert least_h(contract, 2) == pytest.approx(21.0)
    assert least_h(contract, 7) == 0.0


def test_least_hours_hold_only_in_weeks_that_lie_whole_in_the_horizon() -> None:
    rule = by_name("weekly_hours_least")
    tuesday = Roster(name="r", first=MONDAY + timedelta(1), days=6, timezone=ZONE)
    monday = Roster(name="r", first=MONDAY, days=7, timezone=ZONE)
    assert violations(tuesday, (ANN,), (GUARANTEED,), (SHORT,), (rule,)) == []
    assert len(violations(monday, (ANN,), (GUARANTEED,), (SHORT,), (rule,))) == 1

"""Every rule of rule sets: one roster that breaks it, one that just does not."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta

import pytest

from data.calendars import statutory_holidays
from data.domain import Agent, Assignment, Break, Contract, Roster, Severity
from data.notices import HolidayNotice
from data.rule_sets import Cycle, CycleHours, OvertimePay, RuleSet, RuleVersion, load_rule_sets
from scheduling.rules import violations
from scheduling.rules.by_law import LAW_RULES, rules_of_law
from scheduling.rules.law import Law
from scheduling.rules.overtime import PaidHours, first_of, paid_hours
from scheduling.shifts import wall_clock

MONDAY = date(2026, 3, 2)
ZONE = "Asia/Shanghai"
CHINA, CYCLE, EU = "china_standard_hours", "china_comprehensive_hours", "eu_working_time"
SETS = load_rule_sets()
ANN = Agent(
    id="Ann", skills=frozenset({"s"}), protected_from=date(2026, 6, 1), protected_until=date(2026, 8, 1)
)
JUNE = (date(2026, 6, 1) - MONDAY).days


def shift(day: int, begin_h: float, hours: float, break_min: int = 0) -> Assignment:
    local = MONDAY + timedelta(days=day)
    start = wall_clock(local, round(60 * begin_h), ZONE)
    end = start + timedelta(hours=hours, minutes=break_min)
    rest = Break(
        kind="meal",
        start=end - timedelta(minutes=60 + break_min),
        end=end - timedelta(minutes=60),
        paid=False,
    )
    return Assignment(
        agent_id="Ann", day=local, pattern="p", start=start, end=end, breaks=(rest,) if break_min else ()
    )


def broken(
    name: str, shifts: list[Assignment], law: Law | None = None, days: int = 28
) -> list[tuple[str, Severity]]:
    first = min(each.day for each in shifts)
    first -= timedelta(days=first.weekday())
    roster = Roster(name="r", first=first, days=days, timezone=ZONE, assignments=tuple(shifts))
    contracts = [Contract(id="standard", rule_set=name)]
    rules = rules_of_law(law or Law(SETS))
    return [(found.rule, found.severity) for found in violations(roster, [ANN], contracts, [], rules)]


def week(first: int = 0, days: int = 5, begin_h: float = 9, hours: float = 8) -> list[Assignment]:
    return [shift(first + day, begin_h, hours) for day in range(days)]


CASES: dict[str, tuple[str, list[Assignment], list[Assignment]]] = {
    "known rule set": ("nowhere", week(), []),
    "overtime per day": (CHINA, [shift(0, 8, 11.5)], [shift(0, 8, 11)]),
    "overtime per month": (
        CHINA,
        [each for n in range(4) for each in week(7 * n, 5, 8, 10)],
        [each for n in range(4) for each in week(7 * n, 5, 8, 9.8)],
    ),
    "cycle hours": (CYCLE, week(0, 21, 8, 9.6), week(0, 21, 8, 9.5)),
    "daily rest": (EU, [shift(0, 14, 6), shift(1, 6.5, 4)], [shift(0, 14, 6), shift(1, 7, 4)]),
    "weekly rest": (CHINA, week(0, 8, 8, 4), [*week(0, 6, 8, 4), shift(7, 8, 4)]),
    "break after": (EU, [shift(0, 8, 6.5)], [shift(0, 8, 6.5, 15)]),
    "night hours": (
        EU,
        [shift(day, 22, 10, 30) for day in range(5)],
        [shift(day, 22, 9.6, 30) for day in range(5)],
    ),
    "protected nights": (CHINA, [shift(JUNE, 15, 7.5)], [shift(JUNE, 14, 8)]),
    "protected hours": (CHINA, [shift(JUNE, 9, 8.5)], [shift(JUNE, 9, 8)]),
}


@pytest.mark.parametrize("rule", CASES)
def test_a_roster_that_breaks_a_rule_of_law_is_told_and_one_that_just_keeps_it_is_clean(rule: str) -> None:
    rule_set, bad, good = CASES[rule]
    assert {name for name, _ in broken(rule_set, bad)} == {rule}
    assert not good or broken(rule_set, good) == []
    assert broken("none", bad) == []


def test_every_rule_of_law_has_a_case() -> None:
    assert {rule.__name__.replace("_", " ") for rule in LAW_RULES} == {*CASES, "average hours"}


def test_an_average_is_broken_for_sure_by_its_weeks_and_softly_by_a_shorter_roster() -> None:
    (version,) = SETS[EU].versions
    rules = tuple(replace(rule, weeks=2) if hasattr(rule, "weeks") else rule for rule in version.rules)
    law = Law({EU: replace(SETS[EU], versions=(replace(version, rules=rules),))})
    long = [shift(7 * n + day, 7, 8.2, 15) for n in range(2) for day in range(6)]
    just = [shift(7 * n + day, 7, 8.0, 15) for n in range(2) for day in range(6)]
    assert broken(EU, long, law) == [("average hours", Severity.HARD)]
    assert broken(EU, just, law) == []
    assert broken(EU, long, days=14) == [("average hours", Severity.SOFT)]
    assert broken(EU, just, days=14) == []


def test_work_into_a_holiday_or_a_span_of_protection_counts_from_midnight() -> None:
    eve = [shift(JUNE - 1, 21, 8)]
    assert broken(CHINA, eve) == [("protected nights", Severity.HARD)]
    night = [shift((date(2026, 9, 30) - MONDAY).days, 20, 8)]
    (hours,) = paid_hours(Law(SETS), SETS[CHINA], night, ZONE).values()
    assert hours == PaidHours(normal_h=4, statutory_holiday_h=4)


def test_rest_of_a_week_may_begin_on_its_sunday() -> None:
    nights = [shift(day, 22, 8) for day in range(6)]
    assert broken(CHINA, [*nights, shift(7, 22, 8)]) == []
    assert broken(CHINA, [*nights, shift(6, 23, 8)]) == [("weekly rest", Severity.HARD)]


def test_a_rule_counts_on_the_days_of_its_version_only() -> None:
    (china,) = SETS[CHINA].versions
    late = RuleVersion(valid_from=MONDAY + timedelta(days=1), valid_until=None, rules=china.rules)
    law = Law({CHINA: RuleSet(id=CHINA, region="CN", versions=(late,))})
    assert broken(CHINA, [shift(0, 8, 12)], law) == []
    assert broken(CHINA, [shift(1, 8, 12)], law) == [("overtime per day", Severity.HARD)]


def paid(shifts: list[Assignment], name: str = CHINA, notices: tuple[HolidayNotice, ...] = ()) -> PaidHours:
    found = paid_hours(Law(SETS, notices), SETS[name], shifts, ZONE)
    return sum(found.values(), PaidHours())


def test_hours_are_paid_by_working_day_rest_day_and_statutory_holiday() -> None:
    assert paid(week(0, 5, 8, 9)) == PaidHours(normal_h=40, working_day_h=5)
    assert paid(week(0, 6)) == PaidHours(normal_h=40, rest_day_h=8)
    assert paid(week(2, 5)) == PaidHours(normal_h=40), "a weekend in exchange for two other days"
    may = (date(2026, 5, 1) - MONDAY).days
    assert paid(week(may - 4)) == PaidHours(normal_h=32, statutory_holiday_h=8)
    pay = SETS[CHINA].rule(OvertimePay, MONDAY)
    assert pay is not None
    assert PaidHours(40, 5, 8, 4).pay_h(pay) == 40 + 7.5 + 16 + 12


def test_a_notice_that_was_imported_says_which_days_are_working_days() -> None:
    notice = HolidayNotice(region="CN", year=2026, holidays={date(2026, 3, 6): "Day off"})
    assert paid(week(), notices=(notice,)) == PaidHours(normal_h=32, rest_day_h=8)


def test_a_cycle_pays_what_is_above_it_and_statutory_holidays() -> None:
    hours = paid(week(0, 22), CYCLE)
    assert (hours.normal_h, hours.rest_day_h) == (pytest.approx(165.36), 0)
    assert hours.working_day_h == pytest.approx(22 * 8 - 165.36)
    assert paid([shift((date(2026, 10, 2) - MONDAY).days, 9, 8)], CYCLE).statutory_holiday_h == 8


@pytest.mark.parametrize(
    ("cycle", "first"),
    [
        (Cycle.WEEK, date(2026, 8, 3)),
        (Cycle.MONTH, date(2026, 8, 1)),
        (Cycle.QUARTER, date(2026, 7, 1)),
        (Cycle.YEAR, date(2026, 1, 1)),
    ],
)
def test_every_cycle_has_its_first_day_and_its_limit(cycle: Cycle, first: date) -> None:
    day = date(2026, 8, 5)
    assert first_of(cycle, day) == first
    rule = CycleHours(source="s", cycle=cycle, normal_h=10, overtime_h=1)
    law = Law(
        {
            CYCLE: RuleSet(
                id=CYCLE,
                versions=(
                    RuleVersion(valid_from=MONDAY.replace(month=1, day=1), valid_until=None, rules=(rule,)),
                ),
            )
        }
    )
    at = (day - MONDAY).days
    assert broken(CYCLE, [shift(at, 9, 6), shift(at + 1, 9, 5.1)], law) == [("cycle hours", Severity.HARD)]
    assert broken(CYCLE, [shift(at, 9, 6), shift(at + 1, 9, 5)], law) == []


def test_statutory_holidays_are_the_days_the_law_names() -> None:
    october = statutory_holidays("CN", date(2026, 10, 1), date(2026, 10, 31))
    assert october == {date(2026, 10, day) for day in (1, 2, 3)}
    assert len(statutory_holidays("CN", date(2026, 1, 1), date(2026, 12, 31))) == 13
    assert len(statutory_holidays("CN", date(2024, 1, 1), date(2024, 12, 31))) == 11

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import date, timedelta

import pytest

from data.domain import Assignment, Break, Contract
from data.rule_sets import OvertimePay, load_rule_sets
from scheduling.pay import Part, Pay, Premium, payroll
from scheduling.rules.law import Law
from scheduling.rules.overtime import paid_hours
from scheduling.shifts import wall_clock

ZONE = "Asia/Shanghai"
LAW = Law(load_rule_sets())
CHINA = Contract(id="c", cost_per_h=20.0, rule_set="china_standard_hours")
MONDAY = date(2026, 8, 17)
"""Of a week without holidays or days to make up for them."""
NATIONAL_DAY = date(2026, 10, 1)


def shift(day: date, start_h: float, length_h: float, *, unpaid_h: float = 0.0) -> Assignment:
    start = wall_clock(day, round(60 * start_h), ZONE)
    rest_start = start + timedelta(hours=length_h / 2)
    rest = Break(kind="meal", start=rest_start, end=rest_start + timedelta(hours=unpaid_h), paid=False)
    return Assignment(
        agent_id="a",
        day=day,
        pattern="p",
        start=start,
        end=start + timedelta(hours=length_h),
        breaks=(rest,) if unpaid_h else (),
    )


def pay(contract: Contract) -> Pay:
    return payroll([contract], LAW, ZONE)[contract.id]


def days(count: int, first: date = MONDAY, length_h: float = 8) -> list[Assignment]:
    return [shift(first + timedelta(days=n), 9, length_h) for n in range(count)]


def test_who_has_no_premium_is_not_on_the_payroll() -> None:
    plain = [
        Contract(id="none"),
        Contract(id="eu", rule_set="eu_working_time"),
        Contract(id="own", night_pay=1),
    ]
    assert payroll(plain, LAW, ZONE) == {}
    assert set(payroll([CHINA, *plain], LAW, ZONE)) == {"c"}


# By hand: hours above 8 a day cost 1.5, above 40 a week 2, on a statutory holiday 3 times an hour.
@pytest.mark.parametrize(
    ("shifts", "expected"),
    [
        (days(5), Premium()),
        (days(5, length_h=9), Premium(overtime=Part(5, 2.5))),
        (days(6), Premium(rest_day=Part(8, 8))),
        (days(6, length_h=10), Premium(overtime=Part(12, 6), rest_day=Part(8, 8))),
        ([shift(NATIONAL_DAY, 9, 9, unpaid_h=1)], Premium(holiday=Part(8, 16))),
        # From the eve into the holiday: four of eight hours.
        ([shift(NATIONAL_DAY - timedelta(days=1), 20, 8)], Premium(holiday=Part(4, 8))),
    ],
)
def test_chinese_hours_are_paid_as_the_law_says(shifts: Sequence[Assignment], expected: Premium) -> None:
    assert pay(CHINA).of_person(shifts) == expected


@pytest.mark.parametrize("rule_set", ["china_standard_hours", "china_comprehensive_hours"])
def test_premiums_are_those_of_the_hours_by_which_the_law_is_checked(rule_set: str) -> None:
    shifts = [
        shift(date(2026, 9, 1) + timedelta(days=n), 7 + n % 5 * 3, 6 + n % 4 * 1.5)
        for n in range(45)
        if n % 13 not in {3, 7}
    ]
    rules = LAW.sets[rule_set]
    multiples = rules.rule(OvertimePay, MONDAY)
    assert multiples is not None
    hours = paid_hours(LAW, rules, shifts, ZONE).values()
    found = pay(replace(CHINA, rule_set=rule_set)).of_person(shifts)
    assert found.extra_h == pytest.approx(
        sum(own.pay_h(multiples) for own in hours) - sum(one.paid / timedelta(hours=1) for one in shifts)
    )
    assert found.overtime.h + found.rest_day.h + found.holiday.h == pytest.approx(
        sum(own.overtime_h for own in hours)
    )
    assert found.extra_h > 10


def test_a_contract_says_its_own_hours_and_multiples_without_any_law() -> None:
    contract = Contract(id="c", regular_h_per_week=30, overtime_pay=1.25, night_pay=1.5)
    # 32 h, two of them above 30; from 20:00 to 4:00 six hours of each at night.
    nights = [shift(MONDAY + timedelta(days=n), 20, 8) for n in range(4)]
    found = pay(contract).of_person(nights)
    assert found == Premium(rest_day=Part(2, 0.5), night=Part(24, 12))


def test_an_unpaid_break_is_taken_off_night_and_day_alike() -> None:
    contract = Contract(id="c", night_pay=2)
    # 18:00 to 2:00, half of it at night, seven hours paid.
    assert pay(contract).of_person([shift(MONDAY, 18, 8, unpaid_h=1)]).night.h == pytest.approx(3.5)


def test_hours_before_the_roster_fill_the_week_and_are_not_paid_again() -> None:
    worked = days(6)
    own = pay(CHINA)
    assert own.of_person(worked[4:], worked[:4]) == Premium(rest_day=Part(8, 8))
    assert own.of_person(worked[5:], worked[:5]) == Premium(rest_day=Part(8, 8))
    seven = days(7)
    assert own.of_person(seven[6:], seven[:6]) == Premium(rest_day=Part(8, 8))
    assert own.of_person(days(1, MONDAY + timedelta(days=7)), worked) == Premium()

"""What of a person's paid hours is normal, and what is overtime of which pay."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from data.domain import Assignment
from data.rule_sets import Cycle, CycleHours, NormalHours, OvertimePay, RuleSet
from scheduling.rules.facts import by_week, monday
from scheduling.rules.law import Law, hours_by_day

USUAL_WORKING_DAYS = 5


@dataclass(frozen=True, slots=True)
class PaidHours:
    """Paid hours by what they are paid.

    Parameters
    ----------
    normal_h
        Paid once.
    working_day_h
        Above the normal hours of a day, or of a cycle.
    rest_day_h
        On days beyond those that fill a week's normal hours.
    statutory_holiday_h
        On statutory holidays.
    """

    normal_h: float = 0.0
    working_day_h: float = 0.0
    rest_day_h: float = 0.0
    statutory_holiday_h: float = 0.0

    @property
    def overtime_h(self) -> float:
        """Hours above the normal ones."""
        return self.working_day_h + self.rest_day_h + self.statutory_holiday_h

    def __add__(self, other: PaidHours) -> PaidHours:
        return PaidHours(
            self.normal_h + other.normal_h,
            self.working_day_h + other.working_day_h,
            self.rest_day_h + other.rest_day_h,
            self.statutory_holiday_h + other.statutory_holiday_h,
        )

    def pay_h(self, pay: OvertimePay) -> float:
        """Normal hours that cost as much as these."""
        return (
            self.normal_h
            + pay.working_day * self.working_day_h
            + pay.rest_day * self.rest_day_h
            + pay.statutory_holiday * self.statutory_holiday_h
        )


def paid_hours(
    law: Law, rules: RuleSet, shifts: Sequence[Assignment], timezone: str
) -> dict[date, PaidHours]:
    """Hours of one person by the day their shifts begin on; under a cycle by its first day.

    Hours on a statutory holiday are told apart at midnight. Of the rest, those above the normal hours of a day are
    overtime. What remains fills the week's normal hours, calendar working days first, and is work on a rest day beyond:
    a person whose days off lie within the week works a Saturday like any other day, and in the week of a holiday fewer
    days are normal. Hours of a day without rules are normal.

    Parameters
    ----------
    law
        For its calendars.
    rules
        The person's rule set.
    shifts
        In order of start.
    timezone
        Of the local days.
    """
    found: dict[date, PaidHours] = defaultdict(PaidHours)
    plain: list[tuple[Assignment, float]] = []
    for shift in shifts:
        hours = hours_by_day(shift, timezone)
        cycle, normal = rules.rule(CycleHours, shift.day), rules.rule(NormalHours, shift.day)
        judged = cycle is not None or normal is not None
        holiday = sum(h for day, h in hours.items() if judged and law.statutory(rules.region, day))
        ordinary = sum(hours.values()) - holiday
        key = shift.day if cycle is None else first_of(cycle.cycle, shift.day)
        found[key] += PaidHours(statutory_holiday_h=holiday)
        if cycle is not None or normal is None:
            found[key] += PaidHours(normal_h=ordinary)
        else:
            above = max(0.0, ordinary - normal.day_h)
            found[key] += PaidHours(working_day_h=above)
            plain.append((shift, ordinary - above))
    for day, filled in _filled(law, rules, plain):
        found[day] += filled
    return {day: _balanced(rules, day, held) for day, held in found.items()}


def first_of(cycle: Cycle, day: date) -> date:
    """First day of the cycle a day lies in."""
    if cycle is Cycle.WEEK:
        return day - timedelta(days=day.weekday())
    month = {Cycle.MONTH: day.month, Cycle.QUARTER: day.month - (day.month - 1) % 3, Cycle.YEAR: 1}[cycle]
    return date(day.year, month, 1)


def _filled(
    law: Law, rules: RuleSet, plain: Sequence[tuple[Assignment, float]]
) -> Iterator[tuple[date, PaidHours]]:
    """Parts each week's hours into those that fill its normal ones and those on a rest day."""
    hours: dict[date, float] = defaultdict(float)
    for shift, h in plain:
        hours[shift.day] += h
    for week, members in by_week([shift for shift, _ in plain]):
        first = monday(week)
        working = law.working_days(rules.region, first, first + timedelta(days=6))
        days = sorted({shift.day for shift in members}, key=lambda day: (day not in working, day))
        normal = rules.rule(NormalHours, days[0])
        left = 0.0 if normal is None else normal.week_h * len(working) / USUAL_WORKING_DAYS
        for day in days:
            kept = min(hours[day], left)
            left -= kept
            yield day, PaidHours(normal_h=kept, rest_day_h=hours[day] - kept)


def _balanced(rules: RuleSet, first: date, hours: PaidHours) -> PaidHours:
    """Hours of a cycle above its normal ones are overtime."""
    cycle = rules.rule(CycleHours, first)
    above = 0.0 if cycle is None else max(0.0, hours.normal_h - cycle.normal_h)
    return hours + PaidHours(normal_h=-above, working_day_h=above)

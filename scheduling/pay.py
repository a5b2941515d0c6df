"""What paid hours cost beyond their rate: overtime, rest days, statutory holidays, nights.

A premium is the part of a multiple above 1, on the contract's cost per hour. Holidays, nights and hours above the normal
ones of a day belong to a shift; hours above the normal ones of a week, or of a cycle, to all of a person's shifts in it.
The optimiser's objective and every report count with this one module.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from typing import NamedTuple

from data.domain import Assignment, Contract
from data.domain.invariants import FIRST_DAY
from data.rule_sets import CycleHours, NormalHours, OvertimePay, RuleSet, RuleVersion, WorkRule
from scheduling.rules.facts import elapsed, monday
from scheduling.rules.law import HOUR, Law
from scheduling.rules.overtime import USUAL_WORKING_DAYS, first_of
from scheduling.shifts import wall_clock, week_of

NIGHT_FROM_H, NIGHT_UNTIL_H = 22, 6
"""Local hours paid as night, past midnight."""
ALL_DAY_H, ALL_WEEK_H = 24.0, 168.0


class Account(NamedTuple):
    """Hours that are added up before it shows which are overtime: of a week or of a cycle, from its first day on."""

    first: date
    normal_h: float
    premium: float
    cyclic: bool


class Part(NamedTuple):
    """Paid hours of one kind, and the hours at the plain rate that cost as much as what they are paid in addition."""

    h: float = 0.0
    extra_h: float = 0.0


@dataclass(frozen=True, slots=True)
class ShiftPay:
    """What of one shift's paid hours is paid beyond their rate.

    Parameters
    ----------
    overtime, holiday, night
        Hours above the normal ones of a day, on statutory holidays and at night.
    plain_h, account
        Hours that count towards a week or a cycle, and which; None where nothing is added up.
    """

    overtime: Part
    holiday: Part
    night: Part
    plain_h: float
    account: Account | None

    @property
    def extra_h(self) -> float:
        """Hours at the plain rate that cost as much as what the shift alone is paid in addition."""
        return self.overtime.extra_h + self.holiday.extra_h + self.night.extra_h


@dataclass(frozen=True, slots=True)
class Premium:
    """What of a person's paid hours is paid beyond their rate.

    Parameters
    ----------
    overtime
        Above the normal hours of a day or of a cycle.
    rest_day
        Above the normal hours of a week.
    holiday, night
        On statutory holidays, at night.
    """

    overtime: Part = Part()  # noqa: RUF009 - a tuple
    rest_day: Part = Part()  # noqa: RUF009 - a tuple
    holiday: Part = Part()  # noqa: RUF009 - a tuple
    night: Part = Part()  # noqa: RUF009 - a tuple

    @property
    def extra_h(self) -> float:
        """Hours at the plain rate that cost as much as all this does in addition."""
        return self.overtime.extra_h + self.rest_day.extra_h + self.holiday.extra_h + self.night.extra_h


NOTHING = Premium()


@dataclass(frozen=True, eq=False)
class Pay:
    """How people of one contract are paid beyond its cost per hour.

    Parameters
    ----------
    rules
        Normal hours and multiples as they hold for the contract, by day.
    night
        Premium of an hour at night.
    law
        For its calendars.
    timezone
        Of the local days.
    """

    rules: RuleSet
    night: float
    law: Law
    timezone: str
    _known: dict[tuple[datetime, datetime, timedelta], ShiftPay] = field(default_factory=dict, repr=False)

    def of_shift(self, shift: Assignment) -> ShiftPay:
        """What a shift is paid beyond its rate; unpaid breaks are taken off it evenly, wherever they lie."""
        key = shift.start, shift.end, shift.paid
        if key not in self._known:
            self._known[key] = self._counted(shift)
        return self._known[key]

    def of_person(self, shifts: Iterable[Assignment], before: Iterable[Assignment] = ()) -> Premium:
        """What a person's shifts are paid beyond their rate, on top of what was worked before them.

        Parameters
        ----------
        shifts
            Of one person.
        before
            Earlier ones, whose hours count towards weeks and cycles and are paid already.
        """
        earlier = self._accounts(before)
        kept = list(shifts)
        alone = [self.of_shift(shift) for shift in kept]
        overtime, rest_day = sum_of(own.overtime for own in alone), Part()
        for account, hours in self._accounts(kept).items():
            worked = earlier.get(account, 0.0)
            above = _above(worked + hours, account) - _above(worked, account)
            part = Part(above, account.premium * above)
            if account.cyclic:
                overtime = sum_of((overtime, part))
            else:
                rest_day = sum_of((rest_day, part))
        return Premium(
            overtime, rest_day, sum_of(own.holiday for own in alone), sum_of(own.night for own in alone)
        )

    def _accounts(self, shifts: Iterable[Assignment]) -> dict[Account, float]:
        found: dict[Account, float] = defaultdict(float)
        for shift in shifts:
            own = self.of_shift(shift)
            if own.account is not None:
                found[own.account] += own.plain_h
        return found

    def _counted(self, shift: Assignment) -> ShiftPay:
        rules, day = self.rules, shift.day
        cycle, normal = rules.rule(CycleHours, day), rules.rule(NormalHours, day)
        by_day = self._hours_by_day(shift)
        holiday = sum(h for each, h in by_day.items() if self.law.statutory(rules.region, each))
        ordinary = sum(by_day.values()) - holiday
        night_h = self._night_h(shift)
        above, account = 0.0, None
        if cycle is not None:
            first = first_of(cycle.cycle, day)
            account = Account(first, cycle.normal_h, self._multiples(first)[0] - 1, cyclic=True)
        elif normal is not None:
            above = max(0.0, ordinary - normal.day_h)
            account = self._week(day, normal)
        working_day, _, statutory = self._multiples(day)
        return ShiftPay(
            Part(above, (working_day - 1) * above),
            Part(holiday, (statutory - 1) * holiday),
            Part(night_h, self.night * night_h),
            ordinary - above,
            account,
        )

    def _week(self, day: date, normal: NormalHours) -> Account:
        first = monday(week_of(day))
        if normal.week_h >= ALL_WEEK_H:
            return Account(first, ALL_WEEK_H, 0.0, cyclic=False)
        working = self.law.working_days(self.rules.region, first, first + timedelta(days=6))
        normal_h = normal.week_h * len(working) / USUAL_WORKING_DAYS
        return Account(first, normal_h, self._multiples(day)[1] - 1, cyclic=False)

    def _multiples(self, day: date) -> tuple[float, float, float]:
        """On a working day, on a rest day, on a statutory holiday."""
        pay = self.rules.rule(OvertimePay, day)
        return (1.0, 1.0, 1.0) if pay is None else (pay.working_day, pay.rest_day, pay.statutory_holiday)

    def _hours_by_day(self, shift: Assignment) -> dict[date, float]:
        found: dict[date, float] = {}
        day, end = shift.day, shift.end.astimezone(UTC)
        while wall_clock(day, 0, self.timezone).astimezone(UTC) < end:
            share = self._share(shift, day, 0, 24 * 60)
            if share > 0:
                found[day] = share * (shift.paid / HOUR)
            day += timedelta(days=1)
        return found

    def _night_h(self, shift: Assignment) -> float:
        if not self.night:
            return 0.0
        until_min = (24 + NIGHT_UNTIL_H) * 60
        days = (shift.day + timedelta(days=offset) for offset in (-1, 0, 1))
        share = sum(self._share(shift, day, NIGHT_FROM_H * 60, until_min) for day in days)
        return share * (shift.paid / HOUR)

    def _share(self, shift: Assignment, day: date, from_min: int, until_min: int) -> float:
        """Share of a shift that lies between two minutes of a local day."""
        start, end = shift.start.astimezone(UTC), shift.end.astimezone(UTC)
        begin = wall_clock(day, from_min, self.timezone).astimezone(UTC)
        until = wall_clock(day, until_min, self.timezone).astimezone(UTC)
        return max(timedelta(), min(end, until) - max(start, begin)) / elapsed(start, end)


def sum_of(parts: Iterable[Part]) -> Part:
    """Hours of one kind together."""
    kept = list(parts)
    return Part(sum(part.h for part in kept), sum(part.extra_h for part in kept))


def payroll(contracts: Iterable[Contract], law: Law, timezone: str) -> dict[str, Pay]:
    """How people are paid, by contract; those without any premium are left out."""
    found = {}
    for contract in contracts:
        rules = _rules_of(contract, law.sets.get(contract.rule_set))
        night = (contract.night_pay or 1.0) - 1.0
        pays = [pay for version in rules.versions if (pay := version.rule(OvertimePay)) is not None]
        if night or any((pay.working_day, pay.rest_day, pay.statutory_holiday) != (1, 1, 1) for pay in pays):
            found[contract.id] = Pay(rules, night, law, timezone)
    return found


def _rules_of(contract: Contract, held: RuleSet | None) -> RuleSet:
    """Normal hours and multiples of a contract: its own, its rule set's where it gives none."""
    versions: tuple[RuleVersion, ...] = () if held is None else held.versions
    always = RuleVersion(valid_from=FIRST_DAY, valid_until=None, rules=())
    return RuleSet(
        id=contract.id,
        region=None if held is None else held.region,
        versions=tuple(
            RuleVersion(
                valid_from=version.valid_from,
                valid_until=version.valid_until,
                rules=tuple(_own_rules(contract, version)),
            )
            for version in versions or (always,)
        ),
    )


def _own_rules(contract: Contract, version: RuleVersion) -> Iterable[WorkRule]:
    source = f"contract {contract.id}"
    normal, pay = version.rule(NormalHours), version.rule(OvertimePay)
    own_hours = contract.regular_h_per_day is not None or contract.regular_h_per_week is not None
    cycle = version.rule(CycleHours)
    if cycle is not None and not own_hours:
        yield cycle
    elif normal is not None or own_hours:
        yield NormalHours(
            day_h=_first(contract.regular_h_per_day, None if normal is None else normal.day_h, ALL_DAY_H),
            week_h=_first(contract.regular_h_per_week, None if normal is None else normal.week_h, ALL_WEEK_H),
            source=source,
        )
    yield OvertimePay(
        working_day=_first(contract.overtime_pay, None if pay is None else pay.working_day, 1.0),
        rest_day=_first(
            contract.rest_day_pay, None if pay is None else pay.rest_day, _first(contract.overtime_pay, 1.0)
        ),
        statutory_holiday=_first(contract.holiday_pay, None if pay is None else pay.statutory_holiday, 1.0),
        source=source,
    )


def _first(*values: float | None) -> float:
    """The first that is given; the last one is."""
    return next(value for value in values if value is not None)


def _above(hours: float, account: Account) -> float:
    return max(0.0, hours - account.normal_h)

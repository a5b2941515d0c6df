"""What the rule set of a contract leaves of its shifts, hours and tours; rules that cannot bind are left out."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from typing import TypeVar

from data.domain import Contract
from data.rule_sets import (
    AverageHours,
    BreakAfter,
    Cycle,
    CycleHours,
    DailyRest,
    NightHours,
    NormalHours,
    OvertimePerDay,
    OvertimePerMonth,
    ProtectedHours,
    ProtectedNights,
    RuleSet,
    WeeklyRest,
    WorkRule,
)
from scheduling.rosters.day_rules import DayRule, Worked
from scheduling.rosters.hours_rules import CycleBalance, MonthlyOvertime, holiday_min
from scheduling.rosters.rest_rules import Protection, WeeklyRestKept
from scheduling.rosters.week_hours import AverageKept, NightWeeksKept, monday_of
from scheduling.rules import TOLERANCE_H
from scheduling.rules.by_law import WORKED_DAYS
from scheduling.rules.law import Law
from scheduling.rules.overtime import first_of
from scheduling.shifts import Horizon, Shift

DAYS_OF_WEEK = 7
Kind = TypeVar("Kind", bound=WorkRule)


def lawful_contract(contract: Contract, rules: RuleSet | None, horizon: Horizon) -> Contract:
    """The contract with the rest its rule set asks for, where that is longer than its own."""
    if rules is None:
        return contract
    found = (rules.rule(DailyRest, horizon.day(day)) for day in range(horizon.days))
    rest_h = max([contract.min_rest_h, *(rule.least_h for rule in found if rule is not None)])
    return contract if rest_h == contract.min_rest_h else replace(contract, min_rest_h=rest_h)


def lawful(shift: Shift, rules: RuleSet | None, horizon: Horizon) -> bool:
    """Whether a rule set allows a shift to anybody: its hours of overtime, and its breaks."""
    if rules is None:
        return True
    day, paid_h = horizon.day(shift.day), shift.pattern.paid_min / 60
    normal, over = rules.rule(NormalHours, day), rules.rule(OvertimePerDay, day)
    if normal is not None and over is not None and paid_h > normal.day_h + over.most_h + TOLERANCE_H:
        return False
    due = rules.rule(BreakAfter, day)
    breaks_min = sum(rule.length_min for rule in shift.pattern.breaks)
    return due is None or paid_h <= due.after_h + TOLERANCE_H or breaks_min >= due.least_min


def protects(rules: RuleSet | None, horizon: Horizon) -> bool:
    """Whether a rule set protects anybody on these days."""
    return bool(_held(rules, ProtectedHours, horizon) or _held(rules, ProtectedNights, horizon))


@dataclass(frozen=True)
class Asked:
    """What a contract's tours are asked about.

    Parameters
    ----------
    contract
        The contract.
    law, rules
        Calendars, and the rule set.
    shifts
        What the contract may work.
    worked
        What its people worked before the first day, person by person.
    known_weeks
        Whole weeks known before the first day's week; None where nothing is known.
    protected
        Whether somebody is protected on one of the days.
    horizon
        The days.
    """

    contract: Contract
    law: Law
    rules: RuleSet
    shifts: Sequence[Shift]
    worked: Sequence[Worked]
    known_weeks: int | None
    protected: bool
    horizon: Horizon


def law_rules(asked: Asked) -> list[DayRule]:
    """Rules of the rule set that are kept day by day and could be broken."""
    contract, rules, horizon = asked.contract, asked.rules, asked.horizon
    found: list[DayRule] = []
    if asked.protected:
        found.append(Protection(rules, horizon))
    if _rest_binds(asked):
        found.append(WeeklyRestKept(rules, horizon))
    averages = _held(rules, AverageHours, horizon)
    if any(contract.max_h_per_week > rule.most_h for rule in averages):
        found.append(AverageKept(rules, horizon, asked.known_weeks))
    nights = _held(rules, NightHours, horizon)
    if any(contract.max_h_per_week > WORKED_DAYS * rule.most_h for rule in nights):
        found.append(NightWeeksKept(rules, horizon))
    least_min = round(60 * contract.min_h_per_week)
    overtime = MonthlyOvertime(asked.law, rules, horizon, least_min)
    if _held(rules, OvertimePerMonth, horizon) and _overtime_binds(asked, overtime):
        found.append(overtime)
    balance = CycleBalance(asked.law, rules, horizon, least_min)
    if _held(rules, CycleHours, horizon) and _balance_binds(asked, balance):
        found.append(balance)
    return found


def _rest_binds(asked: Asked) -> bool:
    """Whether a week with a day off may lack its rest, or a week may have no day off."""
    horizon, worked = asked.horizon, asked.worked
    long_min = max((60 * rule.least_h for rule in _held(asked.rules, WeeklyRest, horizon)), default=None)
    if long_min is None:
        return False
    week = range(-DAYS_OF_WEEK - horizon.first.weekday(), -horizon.first.weekday())
    if asked.contract.max_days_per_week >= DAYS_OF_WEEK or any(all(d in own for d in week) for own in worked):
        return True
    known = [*asked.shifts, *(shift for own in worked for shift in own.values())]
    for day in range(week.start, horizon.days):
        begin = horizon.midnight_min(day - horizon.day(day).weekday())
        end = max([begin, *(shift.end_min for shift in known if shift.day < day)])
        start = min((shift.start_min for shift in known if shift.day > day), default=None)
        if start is not None and start - end < long_min:
            return True
    return False


def _overtime_binds(asked: Asked, overtime: MonthlyOvertime) -> bool:
    """Whether some month may have more overtime than is allowed."""
    horizon, most = asked.horizon, defaultdict[date, int](int)
    for own in asked.worked:
        for month, minutes in overtime.used_min(own).items():
            most[month] = max(most[month], minutes)
    extra = defaultdict[int, int](int)
    for shift in asked.shifts:
        extra[shift.day] = max(extra[shift.day], overtime.sees(shift)[1])
    for first in _mondays(horizon):
        monday = monday_of(horizon, first)
        days = sorted((extra[day] for day in range(first, first + DAYS_OF_WEEK)), reverse=True)
        above = max(0, round(60 * asked.contract.max_h_per_week) - overtime.normal_min(monday))
        for month in {
            first_of(Cycle.MONTH, monday),
            first_of(Cycle.MONTH, monday + timedelta(days=DAYS_OF_WEEK - 1)),
        }:
            most[month] += above + sum(days[: asked.contract.max_days_per_week])
    return any(minutes > overtime.most_min(month) for month, minutes in most.items())


def _balance_binds(asked: Asked, balance: CycleBalance) -> bool:
    """Whether some cycle may have more hours than are allowed."""
    horizon = asked.horizon
    had = [balance.begin(own) for own in asked.worked]
    ordinary, on_holiday = (max((each[n] for each in had), default=0) for n in (0, 1))
    ordinary += len(_mondays(horizon)) * round(60 * asked.contract.max_h_per_week)
    for day in range(horizon.days):
        own = [shift for shift in asked.shifts if shift.day == day]
        on_holiday += max(
            (holiday_min(asked.law, asked.rules, horizon, shift)[1] for shift in own), default=0
        )
    return any(
        balance.above(rule, first_of(rule.cycle, horizon.day(day)), (ordinary, on_holiday))
        > 60 * rule.overtime_h
        for rule in _held(asked.rules, CycleHours, horizon)
        for day in (0, horizon.days - 1)
    )


def _mondays(horizon: Horizon) -> list[int]:
    """First day of each week the horizon touches, the first below 0 where it is torn."""
    return list(range(-horizon.first.weekday(), horizon.days, DAYS_OF_WEEK))


def _held(rules: RuleSet | None, kind: type[Kind], horizon: Horizon) -> list[Kind]:
    """Rules of a kind that hold on some of the days, or on the first day of a week or cycle they lie in."""
    first = min(monday_of(horizon, 0), date(horizon.first.year, 1, 1))
    last = horizon.day(horizon.days - 1)
    return [
        rule
        for version in (rules.versions if rules is not None else ())
        if version.valid_from <= last and (version.valid_until is None or version.valid_until > first)
        if (rule := version.rule(kind)) is not None
    ]

"""Rules of rule sets about hours over months and cycles, kept day by day, see `scheduling.rules.by_law`.

What was worked leaves the rest of an allowance to the days that follow, and what later weeks of a month or cycle cannot
do without is left to them.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta

from data.rule_sets import (
    Cycle,
    CycleHours,
    NormalHours,
    OvertimePerMonth,
    RuleSet,
)
from scheduling.rosters.day_rules import Memory, Seen, Worked
from scheduling.rosters.rest_rules import SUNDAY
from scheduling.rosters.week_hours import TOLERANCE_MIN, monday_of
from scheduling.rules.law import Law
from scheduling.rules.overtime import USUAL_WORKING_DAYS, first_of
from scheduling.shifts import Horizon, Shift


@dataclass(frozen=True)
class MonthlyOvertime:
    """A calendar month has few hours of overtime, see `scheduling.rules.overtime`.

    Remembered are the minutes of overtime so far in the month of this week's Monday and in that of its Sunday, and the
    minutes that fill the week's normal ones: on working days of the first and the second month, and on its other days.
    In a week of one month all are the first's.

    Parameters
    ----------
    law, rules, horizon
        What holds, and when.
    least_min
        Minutes a week has at least.
    """

    law: Law
    rules: RuleSet
    horizon: Horizon
    least_min: int = 0
    coarse: bool = True
    _normal: dict[date, int] = field(default_factory=dict, init=False, repr=False, compare=False)
    _most: dict[date, int] = field(default_factory=dict, init=False, repr=False, compare=False)
    _spans: dict[int, tuple[date, date]] = field(default_factory=dict, init=False, repr=False, compare=False)

    def sees(self, shift: Shift) -> Seen:
        """Minutes that fill the week's normal ones, and those that are overtime whatever else is worked."""
        normal = self.rules.rule(NormalHours, self.horizon.day(shift.day))
        if normal is None:
            return 0, 0
        least, most = holiday_min(self.law, self.rules, self.horizon, shift)
        above = max(0, shift.pattern.paid_min - least - round(60 * normal.day_h))
        return shift.pattern.paid_min - least - above, most + above

    def begin(self, worked: Worked) -> Memory:
        """Overtime and the days of a torn week before."""
        memory: Memory = (0,) * 6
        first = min(worked, default=0)
        for day in range(first - self.horizon.day(first).weekday(), 0):
            memory = self._begun(memory, day)
            if day in worked:
                memory = self._with(memory, day, self.sees(worked[day]))
        return memory

    def used_min(self, worked: Worked) -> dict[date, int]:
        """Overtime of the days before, by the first day of its month."""
        return dict(zip(self._months(-1), self._overtime(self.begin(worked), -1), strict=True))

    def after(self, memory: Memory, day: int, seen: Seen | None) -> Sequence[Memory]:
        """The minutes, where there are not too many of overtime."""
        begun = self._begun(memory, day)
        if seen is None:
            return (begun,)
        found, begins = self._with(begun, day, seen), first_of(Cycle.MONTH, self.horizon.first)
        overtime = zip(self._months(day), self._overtime(begun, day), self._overtime(found, day), strict=True)
        # What was too much before stays as it is; nothing may come on top.
        broken = any(
            now > max(self._most_min(month), before) for month, before, now in overtime if month >= begins
        )
        return () if broken else (found,)

    def _begun(self, memory: Memory, day: int) -> Memory:
        """Memory as a day begins: on Mondays the week before is over."""
        if self.horizon.day(day).weekday():
            return memory
        months = self._months(day - 7)
        over = dict(zip(months, self._overtime(memory, day - 7), strict=True))
        return (over.get(self._months(day)[0], 0), 0, 0, 0, 0, 0)

    def _with(self, memory: Memory, day: int, seen: Seen) -> Memory:
        plain, extra = seen
        local = self.horizon.day(day)
        first, last = self._months(day)
        second = first_of(Cycle.MONTH, local) != first
        found = list(memory)
        found[int(second)] += extra
        working = first == last or local in self._working(monday_of(self.horizon, day))
        found[2 + int(second) + (0 if working else 2)] += plain
        return tuple(found)

    def _overtime(self, memory: Memory, day: int) -> tuple[int, int]:
        """Minutes of overtime in the months of a day's week; the normal ones are filled working days first."""
        over, second, *plain = memory
        left = self.normal_min(monday_of(self.horizon, day))
        for number, minutes in enumerate(plain):
            kept = min(minutes, left)
            left -= kept
            if number % 2:
                second += minutes - kept
            else:
                over += minutes - kept
        first, last = self._months(day)
        return (over, second) if first != last else (over, over)

    def normal_min(self, monday: date) -> int:
        """Normal minutes of a week."""
        if monday not in self._normal:
            self._normal[monday] = self._normal_min(monday)
        return self._normal[monday]

    def _normal_min(self, monday: date) -> int:
        days = (monday + timedelta(days=number) for number in range(7))
        weeks = [rule.week_h for day in days if (rule := self.rules.rule(NormalHours, day)) is not None]
        working = len(self._working(monday))
        return round(60 * min(weeks) * working / USUAL_WORKING_DAYS) if weeks else 0

    def _working(self, monday: date) -> frozenset[date]:
        return self.law.working_days(self.rules.region, monday, monday + timedelta(days=SUNDAY))

    def _most_min(self, month: date) -> int:
        if month not in self._most:
            self._most[month] = self.most_min(month)
        return self._most[month]

    def most_min(self, month: date) -> int:
        """Minutes of overtime a month may have; what later weeks cannot do without is left to them."""
        rule = self.rules.rule(OvertimePerMonth, month)
        if rule is None:
            return 60 * 24 * 31
        later = later_weeks(self.horizon, Cycle.MONTH, month)
        forced = sum(max(0, self.least_min - self.normal_min(monday)) for monday in later)
        return round(60 * rule.most_h) - forced

    def _months(self, day: int) -> tuple[date, date]:
        if day not in self._spans:
            monday = monday_of(self.horizon, day)
            self._spans[day] = (
                first_of(Cycle.MONTH, monday),
                first_of(Cycle.MONTH, monday + timedelta(days=SUNDAY)),
            )
        return self._spans[day]


@dataclass(frozen=True)
class CycleBalance:
    """A cycle has few hours above those that are normal over it.

    Remembered are the minutes of the cycle so far, and those of them on statutory holidays.

    Parameters
    ----------
    law, rules, horizon
        What holds, and when.
    least_min
        Minutes a week has at least.
    """

    law: Law
    rules: RuleSet
    horizon: Horizon
    least_min: int = 0
    coarse: bool = True

    def sees(self, shift: Shift) -> Seen:
        """Minutes on ordinary days, and on statutory holidays."""
        least, most = holiday_min(self.law, self.rules, self.horizon, shift)
        return shift.pattern.paid_min - least, most

    def begin(self, worked: Worked) -> Memory:
        """The cycle's days before."""
        ordinary = holiday = 0
        for day in range(min(worked, default=0), 0):
            ordinary, holiday = self._begun((ordinary, holiday), day)
            if day in worked:
                more, on_holiday = self.sees(worked[day])
                ordinary, holiday = ordinary + more, holiday + on_holiday
        return ordinary, holiday

    def after(self, memory: Memory, day: int, seen: Seen | None) -> Sequence[Memory]:
        """The minutes, where there are not too many above the normal ones."""
        begun = self._begun(memory, day)
        if seen is None:
            return (begun,)
        found = begun[0] + seen[0], begun[1] + seen[1]
        cycle = self._cycle(day)
        if cycle is None:
            return (found,)
        rule, first = cycle
        # What was too much before stays as it is; nothing may come on top.
        most_min = max(60 * rule.overtime_h, self.above(rule, first, begun))
        return () if self.above(rule, first, found) > most_min + TOLERANCE_MIN else (found,)

    def above(self, rule: CycleHours, first: date, minutes: tuple[int, int]) -> float:
        """Minutes above the normal ones of a cycle, told by its first day; later weeks have their least."""
        needed_min = self.least_min * len(later_weeks(self.horizon, rule.cycle, first))
        return max(0.0, minutes[0] + needed_min - 60 * rule.normal_h) + minutes[1]

    def _begun(self, memory: Memory, day: int) -> tuple[int, int]:
        """Memory as a day begins: with a cycle's first day the one before is over."""
        cycle = self._cycle(day)
        ordinary, holiday = memory
        return (0, 0) if cycle is not None and cycle[1] == self.horizon.day(day) else (ordinary, holiday)

    def _cycle(self, day: int) -> tuple[CycleHours, date] | None:
        """The rule of the cycle a day lies in, and the cycle's first day."""
        local = self.horizon.day(day)
        rule = self.rules.rule(CycleHours, local)
        if rule is None:
            return None
        first = first_of(rule.cycle, local)
        held = self.rules.rule(CycleHours, first)
        return None if held is None else (held, first)


def later_weeks(horizon: Horizon, cycle: Cycle, first: date) -> list[date]:
    """Mondays of the whole weeks of a cycle, told by its first day, that come after the horizon."""
    begin = max(first, horizon.day(horizon.days))
    monday = begin + timedelta(days=-begin.weekday() % 7)
    found = []
    while first_of(cycle, monday + timedelta(days=SUNDAY)) == first:
        found.append(monday)
        monday += timedelta(days=7)
    return found


def holiday_min(law: Law, rules: RuleSet, horizon: Horizon, shift: Shift) -> tuple[int, int]:
    """Least and most paid minutes of a shift on statutory holidays, wherever its breaks are."""
    found = 0
    for day in (shift.day, shift.day + 1):
        if law.statutory(rules.region, horizon.day(day)):
            begin, end = horizon.midnight_min(day), horizon.midnight_min(day + 1)
            found += max(0, min(shift.end_min, end) - max(shift.start_min, begin))
    unpaid_min = shift.end_min - shift.start_min - shift.pattern.paid_min
    return max(0, found - unpaid_min), min(found, shift.pattern.paid_min)

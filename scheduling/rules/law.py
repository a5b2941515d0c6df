"""The law people work under: their contract's rule set, and what calendars say of a day."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from functools import lru_cache

from data.calendars import statutory_holidays, work_days
from data.domain import Agent, Assignment
from data.notices import HolidayNotice
from data.rule_sets import RuleSet
from scheduling.rules.facts import Facts
from scheduling.shifts import wall_clock

HOUR = timedelta(hours=1)


@dataclass(frozen=True)
class Law:
    """Rule sets by name, and the official holiday notices that were imported.

    Parameters
    ----------
    sets
        Every rule set there is; a contract whose set is not among them is reported, and judged by none.
    notices
        Official holiday notices.
    """

    sets: Mapping[str, RuleSet] = field(default_factory=dict)
    notices: tuple[HolidayNotice, ...] = ()
    _years: dict[tuple[str, int], frozenset[date]] = field(
        default_factory=dict, init=False, repr=False, compare=False
    )

    def governed(self, facts: Facts) -> Iterator[tuple[Agent, RuleSet, tuple[Assignment, ...]]]:
        """People whose rule set asks for something, with the shifts of the roster they have: one at least."""
        for agent, contract, shifts in facts.people():
            found = self.sets.get(contract.rule_set)
            if found is not None and found.versions and shifts:
                yield agent, found, shifts

    def working_days(self, region: str | None, first: date, last: date) -> frozenset[date]:
        """Working days of a span by the calendar; Monday to Friday where there is none."""
        days = (first + timedelta(days=n) for n in range((last - first).days + 1))
        if region is None:
            return frozenset(day for day in days if day.weekday() < 5)
        return frozenset(day for day in days if day in self._working(region, day.year))

    def _working(self, region: str, year: int) -> frozenset[date]:
        if (region, year) not in self._years:
            days = work_days(region, date(year, 1, 1), date(year, 12, 31), self.notices)
            self._years[region, year] = frozenset(day.date() for day in days.loc[days["working"], "date"])
        return self._years[region, year]

    def statutory(self, region: str | None, day: date) -> bool:
        """Whether a day is a statutory holiday."""
        return region is not None and day in _statutory(region, day.year)


def hours_by_day(shift: Assignment, timezone: str) -> dict[date, float]:
    """Paid hours of a shift on each local day it touches."""
    found: dict[date, float] = {}
    day, end = shift.start.astimezone(wall_clock(shift.day, 0, timezone).tzinfo).date(), shift.end
    while (begin := wall_clock(day, 0, timezone)).astimezone(UTC) < end.astimezone(UTC):
        after = wall_clock(day + timedelta(days=1), 0, timezone)
        paid = _shared(shift, begin, after)
        if paid > timedelta():
            found[day] = paid / HOUR
        day += timedelta(days=1)
    return found


def night_h(shift: Assignment, timezone: str, from_min: int, until_min: int) -> float:
    """Paid hours of a shift between two minutes of the local day, past midnight where the second is not later."""
    end_min = until_min if until_min > from_min else until_min + 24 * 60
    paid = timedelta()
    for offset in (-1, 0, 1):
        day = shift.day + timedelta(days=offset)
        paid += _shared(shift, wall_clock(day, from_min, timezone), wall_clock(day, end_min, timezone))
    return paid / HOUR


def _shared(shift: Assignment, start: datetime, end: datetime) -> timedelta:
    """Paid time of a shift inside a span."""
    spans = [
        (shift.start, shift.end, 1),
        *((rest.start, rest.end, -1) for rest in shift.breaks if not rest.paid),
    ]
    return sum((sign * _overlap(begin, until, start, end) for begin, until, sign in spans), timedelta())


def _overlap(begin: datetime, until: datetime, start: datetime, end: datetime) -> timedelta:
    shared = min(until.astimezone(UTC), end.astimezone(UTC)) - max(
        begin.astimezone(UTC), start.astimezone(UTC)
    )
    return max(timedelta(), shared)


@lru_cache(maxsize=64)
def _statutory(region: str, year: int) -> frozenset[date]:
    return statutory_holidays(region, date(year, 1, 1), date(year, 12, 31))

"""Rules of rule sets about rest and about protected people, kept day by day, see `scheduling.rules.by_law`."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from data.rule_sets import ProtectedHours, ProtectedNights, RuleSet, WeeklyRest
from scheduling.rosters.day_rules import Memory, Seen, Worked
from scheduling.shifts import Horizon, Shift, wall_clock

LONG_AGO = -(10**9)
"""Instant before everything."""
SUNDAY = 6


@dataclass(frozen=True)
class WeeklyRestKept:
    """Every week with work has a long stretch without, which lies or begins in it.

    Remembered are the end of the last shift; before when none may begin, for the week before is still to have its rest;
    whether this week has had it; and whether it was worked in.
    """

    rules: RuleSet
    horizon: Horizon
    coarse: bool = False

    def sees(self, shift: Shift) -> Seen:
        """From when to when it is worked."""
        return shift.start_min, shift.end_min

    def begin(self, worked: Worked) -> Memory:
        """Days before, back to the week before the first day's."""
        torn = self.horizon.first.weekday()
        last_end, due, rested, works = LONG_AGO, LONG_AGO, 0, 0
        for day in range(-torn - 7, 0):
            if self.horizon.day(day).weekday() == 0:
                rested = works = 0
                due = LONG_AGO
            shift = worked.get(day)
            if shift is not None:
                rested |= self._rests(day, last_end, shift.start_min)
                last_end, works, due = max(last_end, shift.end_min), 1, LONG_AGO
            if self.horizon.day(day).weekday() == SUNDAY and works and not rested:
                due = self._due(day, last_end) or LONG_AGO
        return last_end, due, rested, works

    def after(self, memory: Memory, day: int, seen: Seen | None) -> Sequence[Memory]:
        """A stretch that goes on, or ends with the shift."""
        last_end, due, rested, works = memory
        weekday = self.horizon.day(day).weekday()
        if weekday == 0:
            rested = works = 0
        if seen is not None:
            start, end = seen
            if start < due:
                return ()
            rested |= self._rests(day, last_end, start)
            last_end, due, works = max(last_end, end), LONG_AGO, 1
        if weekday == SUNDAY and works and not rested:
            least = self._due(day, last_end)
            if least is None:
                return ()
            due = least
        return ((last_end, due, rested, works),)

    def _long_min(self, day: int) -> int | None:
        monday = self.horizon.day(day - self.horizon.day(day).weekday())
        rule = self.rules.rule(WeeklyRest, monday)
        return None if rule is None else round(60 * rule.least_h)

    def _rests(self, day: int, last_end: int, start: int) -> int:
        """Whether the stretch before a shift of that day is long enough as far as it is of the day's week."""
        long_min = self._long_min(day)
        begin = self.horizon.midnight_min(day - self.horizon.day(day).weekday())
        return int(long_min is None or start - max(last_end, begin) >= long_min)

    def _due(self, sunday: int, last_end: int) -> int | None:
        """Until when the stretch that begins before Sunday ends has to last; None where none does."""
        long_min = self._long_min(sunday)
        if long_min is None:
            return LONG_AGO
        return last_end + long_min if last_end < self.horizon.midnight_min(sunday + 1) else None


@dataclass(frozen=True)
class Protection:
    """Protected people work neither nights nor more than so many hours a day and a week.

    Remembered are the minutes worked this week while protected.

    Parameters
    ----------
    rules, horizon
        What holds, and when.
    protected
        Days of the person's protection, see `classes.Crew`.
    """

    rules: RuleSet
    horizon: Horizon
    protected: frozenset[int] = frozenset()
    coarse: bool = True

    def sees(self, shift: Shift) -> Seen:
        """Paid minutes, whether it is over by midnight, and whether it touches the night."""
        return shift.pattern.paid_min, int(shift.overnight), int(self._at_night(shift))

    def begin(self, worked: Worked) -> Memory:
        """Protected minutes of a week torn by the first day."""
        torn = self.horizon.first.weekday()
        return (
            sum(
                shift.pattern.paid_min
                for day, shift in worked.items()
                if day >= -torn and self._touches(day, int(shift.overnight))
            ),
        )

    def after(self, memory: Memory, day: int, seen: Seen | None) -> Sequence[Memory]:
        """The minutes, where there are not too many and none of them at night."""
        (minutes,) = memory
        local = self.horizon.day(day)
        if local.weekday() == 0:
            minutes = 0
        if seen is None:
            return ((minutes,),)
        paid_min, overnight, night = seen
        if not self._touches(day, overnight):
            return ((minutes,),)
        minutes += paid_min
        rule = self.rules.rule(ProtectedHours, local)
        if night or (rule is not None and (paid_min > 60 * rule.day_h or minutes > 60 * rule.week_h)):
            return ()
        return ((minutes,),)

    def _touches(self, day: int, overnight: int) -> bool:
        return day in self.protected or (bool(overnight) and day + 1 in self.protected)

    def _at_night(self, shift: Shift) -> bool:
        """Whether some of it lies in the night that the law means."""
        local = self.horizon.day(shift.day)
        rule = self.rules.rule(ProtectedNights, local)
        return (
            rule is not None and night_min(shift, self.horizon, rule.night_from_min, rule.night_until_min) > 0
        )


def night_min(shift: Shift, horizon: Horizon, from_min: int, until_min: int) -> int:
    """Minutes of a shift between two minutes of the local day, breaks among them, see `rules.law.night_h`."""
    end_min = until_min if until_min > from_min else until_min + 24 * 60
    found = 0
    for day in (shift.day - 1, shift.day, shift.day + 1):
        begin, end = (
            horizon.elapsed_min(wall_clock(horizon.day(day), minute, horizon.timezone))
            for minute in (from_min, end_min)
        )
        found += max(0, min(shift.end_min, end) - max(shift.start_min, begin))
    return found

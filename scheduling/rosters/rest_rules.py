"""Rules of rule sets about rest and about protected people, kept day by day, see `scheduling.rules.by_law`."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

from data.rule_sets import ProtectedHours, ProtectedNights, RuleSet, WeeklyRest
from scheduling.rosters.day_rules import Memory, Seen, Worked
from scheduling.shifts import Horizon, Shift, wall_clock

LONG_AGO, NEVER = -(10**9), 10**9
"""Instants before and after everything."""
SUNDAY = 6


@dataclass(frozen=True, slots=True)
class _Day:
    """A day of a week, in elapsed minutes; the week's rest is to last so long."""

    week_begin: int
    week_end: int
    end: int
    last_of_week: bool
    long_min: int


@dataclass(frozen=True)
class WeeklyRestKept:
    """Every week with work has a long stretch without, which lies or begins in it.

    Remembered are the end of the last shift; before when none may begin, for the week before is still to have its rest;
    whether this week has had it; and whether it was worked in.
    """

    rules: RuleSet
    horizon: Horizon
    coarse: bool = False
    _days: dict[int, _Day] = field(default_factory=dict, init=False, repr=False, compare=False)

    def sees(self, shift: Shift) -> Seen:
        """From when to when it is worked."""
        return shift.start_min, shift.end_min

    def begin(self, worked: Worked) -> Memory:
        """Days before, back to the week before the first day's."""
        memory: Memory = (LONG_AGO, LONG_AGO, 0, 0)
        for day in range(-self.horizon.first.weekday() - 7, 0):
            shift = worked.get(day)
            memory = self._remembered(memory, day, None if shift is None else self.sees(shift))
        return memory

    def after(self, memory: Memory, day: int, seen: Seen | None) -> Sequence[Memory]:
        """A stretch that goes on, or ends with the shift."""
        if seen is not None and seen[0] < memory[1]:
            return ()
        found = self._remembered(memory, day, seen)
        return () if found[1] == NEVER else (found,)

    def _remembered(self, memory: Memory, day: int, seen: Seen | None) -> Memory:
        """What there is to remember after a day; of a week that had no rest to have it before `NEVER`."""
        last_end, due, rested, works = memory
        at = self._day(day)
        if seen is not None:
            start, end = seen
            rested |= int(start - max(last_end, at.week_begin) >= at.long_min)
            last_end, due, works = max(last_end, end), LONG_AGO, 1
        # Whatever comes next begins after midnight.
        rested |= int(at.end - max(last_end, at.week_begin) >= at.long_min)
        if at.last_of_week:
            if works and not rested:
                due = last_end + at.long_min if last_end < at.week_end else NEVER if day >= 0 else LONG_AGO
            rested = works = 0
        if (rested or at.last_of_week) and last_end <= (at.end if at.last_of_week else at.week_end):
            # The next stretch that is asked for begins later.
            last_end = LONG_AGO
        return last_end, due if due > at.end else LONG_AGO, rested, works

    def _day(self, day: int) -> _Day:
        if day not in self._days:
            weekday = self.horizon.day(day).weekday()
            rule = self.rules.rule(WeeklyRest, self.horizon.day(day - weekday))
            self._days[day] = _Day(
                week_begin=self.horizon.midnight_min(day - weekday),
                week_end=self.horizon.midnight_min(day - weekday + 7),
                end=self.horizon.midnight_min(day + 1),
                last_of_week=weekday == SUNDAY,
                long_min=LONG_AGO if rule is None else round(60 * rule.least_h),
            )
        return self._days[day]


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

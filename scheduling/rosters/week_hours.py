"""Rules of rule sets about the hours of weeks, kept day by day, see `scheduling.rules.by_law`."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from data.rule_sets import AverageHours, NightHours, RuleSet
from scheduling.rosters.day_rules import Memory, Seen, Worked
from scheduling.rosters.rest_rules import SUNDAY, night_min
from scheduling.rules.by_law import WORKED_DAYS
from scheduling.shifts import Horizon, Shift

TOLERANCE_MIN = 1e-6


@dataclass(frozen=True)
class AverageKept:
    """Weeks hold few hours on average, those before among them.

    Remembered are this week's minutes, those of the weeks before it, and how many whole weeks these are.

    Parameters
    ----------
    rules, horizon
        What holds, and when.
    known_weeks
        Whole weeks known before the first day's week; None where nothing is known, not even of that week.
    """

    rules: RuleSet
    horizon: Horizon
    known_weeks: int | None
    coarse: bool = False

    def sees(self, shift: Shift) -> Seen:
        """Paid minutes."""
        return (shift.pattern.paid_min,)

    def begin(self, worked: Worked) -> Memory:
        """As many weeks as are averaged with one more."""
        torn = self.horizon.first.weekday()
        rule = self.rules.rule(AverageHours, self.horizon.first)
        weeks = 0 if rule is None else min(self.known_weeks or 0, rule.weeks - 1)
        this = sum(shift.pattern.paid_min for day, shift in worked.items() if day >= -torn)
        span = range(-torn - 7 * weeks, -torn)
        return this, sum(shift.pattern.paid_min for day, shift in worked.items() if day in span), weeks

    def after(self, memory: Memory, day: int, seen: Seen | None) -> Sequence[Memory]:
        """The minutes, where a week has not too many."""
        this, earlier, weeks = memory
        sunday = day + SUNDAY - self.horizon.day(day).weekday()
        whole = sunday < self.horizon.days and (sunday >= SUNDAY or self.known_weeks is not None)
        if seen is not None:
            this += seen[0]
            rule = self.rules.rule(AverageHours, monday_of(self.horizon, day))
            most_min = math.inf if rule is None or not whole else 60 * rule.most_h * (weeks + 1)
            if this + earlier > most_min + TOLERANCE_MIN:
                return ()
        if day < sunday:
            return ((this, earlier, weeks),)
        return ((0, earlier + this, weeks + 1) if whole else (0, earlier, weeks),)


@dataclass(frozen=True)
class NightWeeksKept:
    """Weeks of the horizon with a night shift hold few hours on average.

    Remembered are this week's minutes, whether it has a night, and by how many minutes the weeks before are above.
    """

    rules: RuleSet
    horizon: Horizon
    coarse: bool = True

    def sees(self, shift: Shift) -> Seen:
        """Paid minutes, and whether it is a night."""
        rule = self.rules.rule(NightHours, monday_of(self.horizon, shift.day))
        if rule is None:
            return shift.pattern.paid_min, 0
        minutes = night_min(shift, self.horizon, rule.night_from_min, rule.night_until_min)
        return shift.pattern.paid_min, int(minutes >= 60 * rule.night_shift_h)

    def begin(self, worked: Worked) -> Memory:
        """Days of a week torn by the first day."""
        torn = [self.sees(shift) for day, shift in worked.items() if day >= -self.horizon.first.weekday()]
        night = max((at_night for _, at_night in torn), default=0)
        this = sum(minutes for minutes, _ in torn)
        most = self._most_min(0)
        return (min(this, most) if night and most is not None else this), night, 0

    def after(self, memory: Memory, day: int, seen: Seen | None) -> Sequence[Memory]:
        """The minutes, where there are not too many in the end."""
        this, night, above = memory
        if self.horizon.day(day).weekday() == 0:
            before = self._most_min(day - 1)
            above += this - before if night and before is not None else 0
            this = night = 0
        minutes, at_night = (0, 0) if seen is None else seen
        this, night, most = this + minutes, night | at_night, self._most_min(day)
        total = above + (this - most if night and most is not None else 0)
        return () if day + 1 == self.horizon.days and total > 0 else ((this, night, above),)

    def _most_min(self, day: int) -> int | None:
        """Minutes on average of a day's week; None where there is no rule."""
        rule = self.rules.rule(NightHours, monday_of(self.horizon, day))
        return None if rule is None else round(60 * WORKED_DAYS * rule.most_h)


def monday_of(horizon: Horizon, day: int) -> date:
    """First day of the week a day of the horizon lies in."""
    local = horizon.day(day)
    return local - timedelta(days=local.weekday())

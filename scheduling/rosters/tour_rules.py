"""Whether a person may take a shift, given the rest of their tour; used where names are given."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property

from data.domain import Contract
from scheduling.rosters.day_rules import DayRule, Memory, Seen
from scheduling.rules import TOLERANCE_H, least_h
from scheduling.shifts import Horizon, Shift

Tour = Mapping[int, Shift]
"""A person's shifts by day; days of rest are absent."""


TOLERANCE_MIN = 1e-6


@dataclass(frozen=True)
class TourRules:
    """Rules of a contract for people with the same days off.

    Parameters
    ----------
    contract
        The contract.
    days_off
        Days that are not worked; `horizon.days` is the day after the last.
    horizon
        The days.
    torn_least_h
        Hours that a week which began before the horizon should hold, shifts of the tour before it among them.
    rules
        What else is kept day by day.
    """

    contract: Contract
    days_off: frozenset[int]
    horizon: Horizon
    torn_least_h: float = 0.0
    rules: tuple[DayRule, ...] = ()
    _seen: dict[Shift, tuple[Seen, ...]] = field(default_factory=dict, init=False, repr=False, compare=False)

    @cached_property
    def _week_days(self) -> dict[int, range]:
        """Days of the week that each day lies in, those before the horizon among them, up to its end."""
        torn = self.horizon.first.weekday()
        mondays = [day - self.horizon.day(day).weekday() for day in range(self.horizon.days)]
        return {
            day: range(max(monday, -torn), min(monday + 7, self.horizon.days))
            for day, monday in enumerate(mondays)
        }

    def allows(self, tour: Tour, day: int, shift: Shift | None) -> bool:
        """Whether the tour may hold that shift, or rest for None, on that day; its other days count as they are."""
        return self.allowed(tour, day, (shift,))[0]

    def allowed(self, tour: Tour, day: int, shifts: Sequence[Shift | None]) -> list[bool]:
        """Which of some shifts, or rest for None, the tour may hold on that day; its other days count as they are."""
        week = self._week_days[day]
        others = [tour[other].pattern.paid_min for other in week if other != day and other in tour]
        minutes, least = sum(others), 0.0
        if len(week) == 7:
            off = sum(other in self.days_off for other in week)
            least = least_h(self.contract, off) if week.start >= 0 else self.torn_least_h
        free = (
            day not in self.days_off
            and len(others) < self.contract.max_days_per_week
            and self._run(tour, day) <= self.contract.max_consecutive_days
        )
        from_min, until_min = self._rested_between(tour, day)
        forward = self.contract.forward_rotation

        def fits(paid_min: int) -> bool:
            hours = (minutes + paid_min) / 60
            if hours > self.contract.max_h_per_week + TOLERANCE_H:
                return paid_min == 0
            return hours >= least - TOLERANCE_H

        found = [
            fits(0)
            if shift is None
            else free
            and from_min <= shift.start_min
            and shift.end_min <= until_min
            and (not forward or self._goes_forward(tour, day, shift))
            and not (shift.overnight and day + 1 in self.days_off)
            and fits(shift.pattern.paid_min)
            for shift in shifts
        ]
        return self._remembered(tour, day, shifts, found) if self.rules else found

    def rested(self, tour: Tour, day: int, shift: Shift) -> bool:
        """Whether enough rest lies on both sides of the shift, and starts do not go back where they must not."""
        from_min, until_min = self._rested_between(tour, day)
        rested = from_min <= shift.start_min and shift.end_min <= until_min
        return rested and self._goes_forward(tour, day, shift)

    def _rested_between(self, tour: Tour, day: int) -> tuple[float, float]:
        """First start and last end that leave enough rest after the days before and before the days after."""
        rest_min = 60 * self.contract.min_rest_h
        ends = [tour[other].end_min + rest_min for other in (day - 2, day - 1) if other in tour]
        starts = [tour[other].start_min - rest_min for other in (day + 1, day + 2) if other in tour]
        return max(ends, default=-math.inf) - TOLERANCE_MIN, min(starts, default=math.inf) + TOLERANCE_MIN

    def _goes_forward(self, tour: Tour, day: int, shift: Shift) -> bool:
        """Whether the shift may follow the day before and be followed by the day after, where starts go forward."""
        if not self.contract.forward_rotation:
            return True
        before, after = tour.get(day - 1), tour.get(day + 1)
        return (before is None or before.start_tomorrow_min <= shift.start_min) and (
            after is None or shift.start_tomorrow_min <= after.start_min
        )

    def _remembered(
        self, tour: Tour, day: int, shifts: Sequence[Shift | None], fits: Sequence[bool]
    ) -> list[bool]:
        """Which of the shifts that fit leave every rule that is kept day by day something to remember to the end."""
        before = self._ways(self._begun(tour), tour, range(day))
        known: dict[tuple[Seen, ...] | None, bool] = {}
        found = []
        for shift, fit in zip(shifts, fits, strict=True):
            seen = None if shift is None else self._sees(shift)
            if fit and seen not in known:
                known[seen] = self._lasts(before, seen, tour, day)
            found.append(fit and known[seen])
        return found

    def _lasts(self, before: list[list[Memory]], seen: tuple[Seen, ...] | None, tour: Tour, day: int) -> bool:
        for number, (rule, memories) in enumerate(zip(self.rules, before, strict=True)):
            own = None if seen is None else seen[number]
            ways = [after for memory in memories for after in rule.after(memory, day, own)]
            for other in range(day + 1, self.horizon.days):
                if not ways:
                    return False
                ways = self._after(number, ways, tour, other)
            if not ways:
                return False
        return True

    def _ways(self, memories: list[list[Memory]], tour: Tour, days: range) -> list[list[Memory]]:
        """What each rule may remember after some days; after one that breaks it, as if nothing had been."""
        for number, rule in enumerate(self.rules):
            ways = memories[number]
            for day in days:
                ways = self._after(number, ways, tour, day) or [rule.begin({})]
            memories[number] = ways
        return memories

    def _after(self, number: int, ways: list[Memory], tour: Tour, day: int) -> list[Memory]:
        shift, rule = tour.get(day), self.rules[number]
        seen = None if shift is None else self._sees(shift)[number]
        return list(dict.fromkeys(after for memory in ways for after in rule.after(memory, day, seen)))

    def _begun(self, tour: Tour) -> list[list[Memory]]:
        worked = {day: shift for day, shift in tour.items() if day < 0}
        return [[rule.begin(worked)] for rule in self.rules]

    def _sees(self, shift: Shift) -> tuple[Seen, ...]:
        if shift not in self._seen:
            self._seen[shift] = tuple(rule.sees(shift) for rule in self.rules)
        return self._seen[shift]

    @staticmethod
    def _run(tour: Tour, day: int) -> int:
        """Length of the run of working days with that day in it."""
        before, after = day, day
        while before - 1 in tour:
            before -= 1
        while after + 1 in tour:
            after += 1
        return after - before + 1

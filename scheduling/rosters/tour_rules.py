"""Whether a person may take a shift, given the rest of their tour; used where names are given."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property

from data.domain import Contract
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
    """

    contract: Contract
    days_off: frozenset[int]
    horizon: Horizon
    torn_least_h: float = 0.0

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

        def fits(paid_min: int) -> bool:
            hours = (minutes + paid_min) / 60
            if hours > self.contract.max_h_per_week + TOLERANCE_H:
                return paid_min == 0
            return hours >= least - TOLERANCE_H

        return [
            fits(0)
            if shift is None
            else free
            and from_min <= shift.start_min
            and shift.end_min <= until_min
            and not (shift.overnight and day + 1 in self.days_off)
            and fits(shift.pattern.paid_min)
            for shift in shifts
        ]

    def rested(self, tour: Tour, day: int, shift: Shift) -> bool:
        """Whether enough rest lies on both sides of the shift."""
        from_min, until_min = self._rested_between(tour, day)
        return from_min <= shift.start_min and shift.end_min <= until_min

    def _rested_between(self, tour: Tour, day: int) -> tuple[float, float]:
        """First start and last end that leave enough rest after the days before and before the days after."""
        rest_min = 60 * self.contract.min_rest_h
        ends = [tour[other].end_min + rest_min for other in (day - 2, day - 1) if other in tour]
        starts = [tour[other].start_min - rest_min for other in (day + 1, day + 2) if other in tour]
        return max(ends, default=-math.inf) - TOLERANCE_MIN, min(starts, default=math.inf) + TOLERANCE_MIN

    @staticmethod
    def _run(tour: Tour, day: int) -> int:
        """Length of the run of working days with that day in it."""
        before, after = day, day
        while before - 1 in tour:
            before -= 1
        while after + 1 in tour:
            after += 1
        return after - before + 1

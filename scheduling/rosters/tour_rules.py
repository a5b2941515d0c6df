"""Whether a person may take a shift, given the rest of their tour; used where names are given."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property

from data.domain import Contract
from scheduling.rules import TOLERANCE_H, least_h
from scheduling.shifts import Horizon, Shift, week_of

Tour = Mapping[int, Shift]
"""A person's shifts by day; days of rest are absent."""


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
    """

    contract: Contract
    days_off: frozenset[int]
    horizon: Horizon

    @cached_property
    def _week_days(self) -> dict[int, range]:
        """Days of the week that each day lies in, as far as the horizon reaches."""
        weeks = [week_of(self.horizon.day(day)) for day in range(self.horizon.days)]
        return {
            day: range(weeks.index(week), len(weeks) - weeks[::-1].index(week))
            for day, week in enumerate(weeks)
        }

    def allows(self, tour: Tour, day: int, shift: Shift | None) -> bool:
        """Whether the tour may hold that shift, or rest for None, on that day; its other days count as they are."""
        if shift is None:
            return self._hours_fit(tour, day, 0)
        off = day in self.days_off or (shift.overnight and day + 1 in self.days_off)
        return not off and self._days_fit(tour, day, shift) and self.rested(tour, day, shift)

    def _days_fit(self, tour: Tour, day: int, shift: Shift) -> bool:
        worked = sum(other in tour for other in self._week_days[day] if other != day)
        if worked + 1 > self.contract.max_days_per_week or not self._hours_fit(
            tour, day, shift.pattern.paid_min
        ):
            return False
        before, after = day, day
        while before - 1 in tour:
            before -= 1
        while after + 1 in tour:
            after += 1
        return after - before + 1 <= self.contract.max_consecutive_days

    def _hours_fit(self, tour: Tour, day: int, paid_min: int) -> bool:
        week = self._week_days[day]
        others = sum(tour[other].pattern.paid_min for other in week if other != day and other in tour)
        hours = (others + paid_min) / 60
        if hours > self.contract.max_h_per_week + TOLERANCE_H:
            return paid_min == 0
        if len(week) < 7:
            return True
        days_off = sum(other in self.days_off for other in week)
        return hours >= least_h(self.contract, days_off) - TOLERANCE_H

    def rested(self, tour: Tour, day: int, shift: Shift) -> bool:
        """Whether enough rest lies on both sides of the shift."""
        rest_min = 60 * self.contract.min_rest_h
        for other in (day - 2, day - 1):
            if other in tour and tour[other].end_min + rest_min > shift.start_min + 1e-6:
                return False
        for other in (day + 1, day + 2):
            if other in tour and shift.end_min + rest_min > tour[other].start_min + 1e-6:
                return False
        return True

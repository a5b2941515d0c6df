"""What makes one named roster better than another of the same cost: wishes, fair shares, steady starts."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from functools import cached_property

from data.domain import Agent, Wish
from scheduling.rosters.premiums import Overtime
from scheduling.rosters.tour_rules import Tour
from scheduling.shifts import Horizon, Shift

WISH = 10.0
"""Worth of an ordinary wish."""
FAIR = 1.0
"""Cost of one further hour at unsocial times, per hour the person has already."""
STEADY = 0.2
"""Cost of an hour between the starts of neighbouring days."""
OVERTIME = 1000.0
"""Cost of an hour's pay for hours above the normal ones of a week: money comes before wishes."""
SOCIAL_MIN = (7 * 60, 20 * 60)
"""Times of a working day that nobody minds, in minutes from midnight."""


@dataclass(frozen=True)
class Likings:
    """What one person would like.

    Parameters
    ----------
    agent
        The person.
    horizon
        The days.
    overtime
        What hours above the normal ones of a week or a cycle are paid; None where nobody can work any.
    """

    agent: Agent
    horizon: Horizon
    overtime: Overtime | None = None

    @cached_property
    def _wishes(self) -> Mapping[date, tuple[Wish, ...]]:
        days = {wish.day for wish in self.agent.wishes}
        return {day: tuple(wish for wish in self.agent.wishes if wish.day == day) for day in days}

    def dislike(self, tour: Tour, day: int, shift: Shift | None) -> float:
        """How little the person would like that shift, or rest for None, on that day of the tour; lower is better."""
        return self.dislikes(tour, day, (shift,))[0]

    def dislikes(self, tour: Tour, day: int, shifts: Sequence[Shift | None]) -> list[float]:
        """How little the person would like each of some shifts, or rest for None, on that day of the tour."""
        wishes = self._wishes.get(self.horizon.day(day), ())
        had = sum(unsocial_h(other, self.horizon) for number, other in tour.items() if number != day)
        starts = [_of_day(tour[other].start_min) for other in (day - 1, day + 1) if other in tour]
        found = []
        for shift in shifts:
            pattern = None if shift is None else shift.pattern.id
            cost = -WISH * sum(wish.weight for wish in wishes if wish.pattern == pattern)
            if shift is not None:
                hours = unsocial_h(shift, self.horizon)
                moved = sum(abs(_of_day(shift.start_min) - start) for start in starts) / 60
                cost += FAIR * hours * (2 * had + hours) / 8 + STEADY * moved
            found.append(cost)
        if self.overtime is not None:
            paid = self.overtime.extra_h(tour, day, shifts)
            found = [cost + OVERTIME * hours for cost, hours in zip(found, paid, strict=True)]
        return found


def unsocial_h(shift: Shift, horizon: Horizon) -> float:
    """Hours of a shift on a weekend, or early or late on a working day."""
    if (horizon.first.weekday() + shift.day) % 7 >= 5:
        return shift.pattern.length_min / 60
    midnight = shift.next_midnight_min - 1440
    begin, end = shift.start_min - midnight, shift.end_min - midnight
    social = max(0, min(end, SOCIAL_MIN[1]) - max(begin, SOCIAL_MIN[0]))
    return (end - begin - social) / 60


def _of_day(minute: int) -> int:
    return minute % 1440

"""Times that should be shared fairly: nights, weekends, early and late shifts."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import NamedTuple

from data.domain import Assignment, zone

DAY_MIN = 24 * 60
SATURDAY = 5
NIGHT_FROM_H, NIGHT_TO_H = 22, 6
"""A shift that touches these local hours is a night (the window of national night-work rules)."""


class Load(NamedTuple):
    """Shifts of each kind."""

    nights: int = 0
    weekends: int = 0
    early: int = 0
    late: int = 0


KINDS = Load._fields


@dataclass(frozen=True, slots=True)
class Unsocial:
    """What counts as which kind, by local minutes of the day, and how much one shift of it weighs.

    Parameters
    ----------
    night_from_min, night_until_min
        A shift that touches this span, past midnight where the second is not later, is a night.
    weekend
        Weekdays a shift of the weekend begins on, 0 for Monday.
    early_before_min, late_after_min
        A shift, no night, that begins before the one is early, that ends after the other late; it may be both.
    weights
        Of each kind against the others.
    """

    night_from_min: int = NIGHT_FROM_H * 60
    night_until_min: int = NIGHT_TO_H * 60
    weekend: frozenset[int] = frozenset({SATURDAY, SATURDAY + 1})
    early_before_min: int = 7 * 60
    late_after_min: int = 20 * 60
    weights: tuple[float, float, float, float] = (2.0, 1.5, 1.0, 1.0)

    def load(self, shift: Assignment, timezone: str) -> Load:
        """What one shift counts as; local hours are those of the zone."""
        place = zone(timezone)
        start, end = shift.start.astimezone(place), shift.end.astimezone(place)
        weekend = int(shift.day.weekday() in self.weekend)
        if self.at_night(start, end):
            return Load(nights=1, weekends=weekend)
        start_min = 60 * start.hour + start.minute
        end_min = (end.date() - start.date()).days * DAY_MIN + 60 * end.hour + end.minute
        return Load(
            weekends=weekend,
            early=int(start_min < self.early_before_min),
            late=int(end_min > self.late_after_min),
        )

    def at_night(self, start: datetime, end: datetime) -> bool:
        """Whether a span of less than a day, in local times of one zone, touches the night."""
        from_min, until_min = self.night_from_min, self.night_until_min
        past = until_min + (DAY_MIN if until_min <= from_min else 0)
        midnight = start.replace(hour=0, minute=0, second=0, microsecond=0)
        # By the wall clock on both sides, as a person would say it.
        spans = (
            (midnight + timedelta(days=n, minutes=from_min), midnight + timedelta(days=n, minutes=past))
            for n in (-1, 0, 1)
        )
        return any(start < until and begin < end for begin, until in spans)


UNSOCIAL = Unsocial()
"""What counts where nobody says otherwise."""


def at_night(start: datetime, end: datetime, timezone: str) -> bool:
    """Whether a span of less than a day touches the night, 22:00 to 6:00 local time."""
    place = zone(timezone)
    return UNSOCIAL.at_night(start.astimezone(place), end.astimezone(place))


def is_night(shift: Assignment, timezone: str) -> bool:
    """Whether a shift touches the night, see `at_night`."""
    return at_night(shift.start, shift.end, timezone)

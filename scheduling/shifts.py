"""Patterns become shifts: starts and ends on the local days of a horizon, counted in elapsed minutes.

Inside the optimiser an instant is the number of minutes since the horizon's first local midnight. Elapsed
minutes make a day of 23 or 25 hours an ordinary one: a shift begins at a wall-clock time and lasts its length.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from functools import lru_cache

from data.domain import BreakRule, ShiftPattern, zone


@lru_cache(maxsize=4096)
def wall_clock(day: date, minute: int, timezone: str) -> datetime:
    """Return the aware instant at which a local day's clock shows a minute, counted from midnight.

    A time the clock skips in spring counts on from the hour before; of a time it shows twice the first is meant.
    """
    naive = datetime.combine(day, time()) + timedelta(minutes=minute)
    local = zone(timezone)
    return naive.replace(tzinfo=local, fold=0).astimezone(UTC).astimezone(local)


def a_day_later(instant: datetime, timezone: str) -> datetime:
    """The instant at which the local clock shows the same a day later."""
    local = instant.astimezone(zone(timezone))
    return wall_clock(local.date() + timedelta(days=1), 60 * local.hour + local.minute, timezone)


def week_of(day: date) -> int:
    """Number of the Monday–Sunday week a day belongs to, counted from the calendar's first."""
    return (day.toordinal() - 1) // 7


@dataclass(frozen=True, slots=True)
class Horizon:
    """Local days [first, first + days) of a time zone.

    Parameters
    ----------
    first
        First local day.
    days
        Number of local days.
    timezone
        IANA name of the zone.
    """

    first: date
    days: int
    timezone: str

    def day(self, index: int) -> date:
        """Local day of that index, 0 for the first."""
        return self.first + timedelta(days=index)

    def midnight_min(self, index: int) -> int:
        """Elapsed minutes from the horizon's start to the local midnight a day begins with."""
        return self.elapsed_min(wall_clock(self.day(index), 0, self.timezone))

    def elapsed_min(self, instant: datetime) -> int:
        """Whole minutes from the horizon's start to an aware instant; negative before it."""
        start = wall_clock(self.first, 0, self.timezone)
        return (instant.astimezone(UTC) - start.astimezone(UTC)) // timedelta(minutes=1)

    def instant(self, elapsed_min: int) -> datetime:
        """Aware local instant that many minutes after the horizon's start."""
        start = wall_clock(self.first, 0, self.timezone).astimezone(UTC)
        return (start + timedelta(minutes=elapsed_min)).astimezone(zone(self.timezone))


@dataclass(frozen=True, slots=True)
class Shift:
    """A pattern at one start on one day.

    Parameters
    ----------
    pattern
        The template.
    day
        Index of the local day it begins on.
    start_min, end_min
        Elapsed minutes since the horizon's start, half-open.
    next_midnight_min
        Elapsed minutes at which the next local day begins.
    start_tomorrow_min
        Elapsed minutes at which the clock shows, a day later, what it shows at the start.
    """

    pattern: ShiftPattern
    day: int
    start_min: int
    end_min: int
    next_midnight_min: int
    start_tomorrow_min: int

    @property
    def spans_min(self) -> tuple[tuple[int, int], ...]:
        """Elapsed minutes at which somebody on it can be at work: all of it but what lies in its split in any case."""
        split = self.pattern.split
        if split is None or split.latest_min >= split.earliest_min + split.length_min:
            return ((self.start_min, self.end_min),)
        out, back = self.start_min + split.latest_min, self.start_min + split.earliest_min + split.length_min
        return ((self.start_min, out), (back, self.end_min))

    @property
    def overnight(self) -> bool:
        """Whether it reaches into the next local day."""
        return self.end_min > self.next_midnight_min


def shifts_on(pattern: ShiftPattern, horizon: Horizon, day: int) -> list[Shift]:
    """Every shift a pattern allows on one day, by start; none on a weekday the pattern does not start on."""
    local_day, tomorrow = horizon.day(day), horizon.day(day + 1)
    if local_day.weekday() not in pattern.weekdays:
        return []
    next_midnight = horizon.midnight_min(day + 1)
    minutes = range(pattern.start_earliest_min, pattern.start_latest_min + 1, pattern.start_step_min)
    starts = {
        horizon.elapsed_min(wall_clock(local_day, minute, horizon.timezone)): minute for minute in minutes
    }
    return [
        Shift(
            pattern,
            day,
            start,
            start + pattern.length_min,
            next_midnight,
            horizon.elapsed_min(wall_clock(tomorrow, minute, horizon.timezone)),
        )
        for start, minute in sorted(starts.items())
        if start < next_midnight
    ]


def all_shifts(patterns: Iterable[ShiftPattern], horizon: Horizon) -> list[Shift]:
    """Every shift the patterns allow over the horizon, by day, pattern and start."""
    ordered = sorted(patterns, key=lambda pattern: pattern.id)
    return [
        shift
        for day in range(horizon.days)
        for pattern in ordered
        for shift in shifts_on(pattern, horizon, day)
    ]


def break_offsets(rule: BreakRule, step_min: int) -> range:
    """Starts of a break the optimiser may choose, in minutes from the shift's start, on a grid of `step_min`."""
    return range(rule.earliest_min, rule.latest_min + 1, step_min)


def cover(start_min: int, end_min: int, step_min: int) -> list[tuple[int, float]]:
    """Share of each slot of the grid that a span covers.

    Returns
    -------
    list of (slot, share)
        Slot s spans [s · step_min, (s + 1) · step_min); shares lie in (0, 1].
    """
    slots = range(start_min // step_min, -(-end_min // step_min))
    return [
        (slot, (min(end_min, (slot + 1) * step_min) - max(start_min, slot * step_min)) / step_min)
        for slot in slots
    ]

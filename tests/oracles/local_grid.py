"""The time grid of a queue, interval by interval, with the standard library's clock only."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

from data.domain import OpeningSpan, Queue


def day_start(day: date, zone: ZoneInfo) -> datetime:
    """First instant whose local day is `day` or later, found minute by minute."""
    moment = datetime(day.year, day.month, day.day, tzinfo=UTC) - timedelta(hours=16)
    while moment.astimezone(zone).date() < day:
        moment += timedelta(minutes=15)
    return moment


def is_open(local: datetime, hours: tuple[OpeningSpan, ...]) -> bool:
    """Whether a local wall-clock time lies in the hours of its own day or in the night of the day before."""
    minute = 60 * local.hour + local.minute
    for span in hours:
        if local.weekday() in span.weekdays and span.open_min <= minute < span.close_min:
            return True
        if (local.weekday() - 1) % 7 in span.weekdays and minute + 1440 < span.close_min:
            return True
    return False


def local_grid(queue: Queue, first: date, days: int) -> list[datetime]:
    """Starts of the open intervals, each day stepped from its own midnight, whole intervals only."""
    zone, step = ZoneInfo(queue.timezone), timedelta(minutes=queue.interval_min)
    starts = []
    for n in range(days):
        start = day_start(first + timedelta(days=n), zone)
        end = day_start(first + timedelta(days=n + 1), zone)
        while start + step <= end:
            if is_open(start.astimezone(zone), queue.hours):
                starts.append(start)
            start += step
    return starts

"""Queues as the data show them, for a workspace into which nobody imported queues."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace

import pandas as pd

from data.domain import DAY_MIN, OpeningSpan, Queue
from data.intervals import clock


def derive_queue(name: str, starts: pd.Series, *, interval_min: int, timezone: str) -> Queue:
    """Make a queue whose opening hours reach, per weekday, from the earliest interval to the latest one seen.

    Parameters
    ----------
    name
        Of the queue.
    starts
        UTC starts of intervals, or arrivals of contacts.
    interval_min
        Its planning step.
    timezone
        Its zone.
    """
    return Queue(
        id=name,
        hours=_hours(_seen(starts, interval_min, timezone)),
        timezone=timezone,
        interval_min=interval_min,
    )


def widen_queue(queue: Queue, starts: pd.Series) -> Queue:
    """Stretch a derived queue's opening hours to what is seen now."""
    seen = _seen(starts, queue.interval_min, queue.timezone)
    for span in queue.hours:
        for weekday in span.weekdays:
            first, last = seen.get(weekday, (DAY_MIN, 0))
            seen[weekday] = (min(first, span.open_min), max(last, span.close_min))
    return replace(queue, hours=_hours(seen))


def _seen(starts: pd.Series, interval_min: int, timezone: str) -> dict[int, tuple[int, int]]:
    """Minutes [open, close) by weekday."""
    local = clock(pd.DatetimeIndex(starts), timezone)
    local["minute"] -= local["minute"] % interval_min
    spans = local.groupby("weekday")["minute"].agg(["min", "max"])
    return {
        int(weekday): (int(first), int(last) + interval_min)
        for weekday, first, last in zip(spans.index, spans["min"], spans["max"], strict=True)
    }


def _hours(seen: dict[int, tuple[int, int]]) -> tuple[OpeningSpan, ...]:
    """One span for all weekdays of the same hours, in order of the first weekday."""
    weekdays: dict[tuple[int, int], set[int]] = {}
    for weekday, span in sorted(seen.items()):
        weekdays.setdefault(span, set()).add(weekday)
    return tuple(
        OpeningSpan(weekdays=frozenset(days), open_min=first, close_min=last)
        for (first, last), days in weekdays.items()
    )


def by_queue(frames: Iterable[pd.DataFrame]) -> dict[str, pd.Series]:
    """Starts of each queue over several frames with the columns queue and start, each start once."""
    joined = pd.concat(list(frames), ignore_index=True)
    return {
        str(name): rows["start"].drop_duplicates().reset_index(drop=True)
        for name, rows in joined.groupby("queue", sort=False)
    }

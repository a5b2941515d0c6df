"""The time grid of a queue: which intervals of which local days it is open in.

An interval belongs to the local calendar day it starts on, also when the opening hours run past midnight.
A day has as many intervals as it has minutes: 23 or 25 hours when the clock changes.
"""

from __future__ import annotations

from datetime import UTC as UTC_ZONE
from datetime import date, datetime, timedelta

import numpy as np
import pandas as pd

from data.domain import DAY_MIN, OpeningSpan, Queue, zone

UTC = "UTC"


def local_midnight(day: date, timezone: str) -> pd.Timestamp:
    """Return the instant a local day begins, in UTC.

    Where the clock skips midnight it is the first instant after; where midnight comes twice, the first of them.
    A day the clock skips whole (Apia, 30 December 2011) begins when the next one does.
    """
    return pd.Timestamp(_midnight(day, timezone)).as_unit("us")


def day_span(first: date, days: int, timezone: str) -> tuple[pd.Timestamp, pd.Timestamp]:
    """Return the instants [start, end) of `days` local days from `first`, in UTC."""
    return local_midnight(first, timezone), local_midnight(first + timedelta(days=days), timezone)


def clock(starts: pd.DatetimeIndex, timezone: str) -> pd.DataFrame:
    """Local day, weekday and minute of the day of each instant.

    Returns
    -------
    DataFrame
        Columns date (local midnight without zone), weekday (0 Monday), minute (0–1439, wall clock).
    """
    local = starts.tz_convert(timezone)
    return pd.DataFrame(
        {
            "date": local.tz_localize(None).normalize().as_unit("us"),
            "weekday": local.day_of_week.to_numpy(dtype=np.int64),
            "minute": (60 * local.hour + local.minute).to_numpy(dtype=np.int64),
        },
    )


def is_open(weekday: np.ndarray, minute: np.ndarray, hours: tuple[OpeningSpan, ...]) -> np.ndarray:
    """Whether the queue is open at each local weekday and minute; booleans of the same shape."""
    opened = np.zeros(np.shape(weekday), dtype=bool)
    yesterday = (weekday - 1) % 7
    for span in hours:
        days = sorted(span.weekdays)
        opened |= np.isin(weekday, days) & (minute >= span.open_min) & (minute < span.close_min)
        opened |= np.isin(yesterday, days) & (minute + DAY_MIN < span.close_min)
    return opened


def grid(queue: Queue, first: date, days: int, step_min: int | None = None) -> pd.DataFrame:
    """Open intervals of a queue over local days.

    Parameters
    ----------
    queue
        Its opening hours, zone and interval.
    first, days
        Local days [first, first + days).
    step_min
        Length of an interval, the queue's own when None.

    Every local day's intervals count from its own midnight. Where a clock changes by less than an interval
    (Lord Howe Island, 30 min), the rest at the end of that day is in none.

    Returns
    -------
    DataFrame
        Columns start (UTC), date, weekday, minute, in order of time; empty when the queue stays closed.
    """
    step = pd.Timedelta(minutes=step_min or queue.interval_min)
    starts = _whole_steps(_midnights(first, days, queue.timezone), step)
    frame = clock(starts, queue.timezone)
    frame.insert(0, "start", starts)
    kept = is_open(frame["weekday"].to_numpy(), frame["minute"].to_numpy(), queue.hours)
    return frame.loc[kept].reset_index(drop=True)


def _midnight(day: date, timezone: str) -> datetime:
    # Python reads a skipped midnight by the offset before the gap, which is the gap's own instant; pandas'
    # shift_forward goes an hour too far where a whole day is skipped.
    return datetime(day.year, day.month, day.day, tzinfo=zone(timezone)).astimezone(UTC_ZONE)


def _midnights(first: date, days: int, timezone: str) -> pd.DatetimeIndex:
    """Instants at which days + 1 local days begin."""
    begun = [_midnight(first + timedelta(days=n), timezone) for n in range(max(days, 0) + 1)]
    return pd.DatetimeIndex(begun).as_unit("us").tz_convert(UTC)


def _whole_steps(midnights: pd.DatetimeIndex, step: pd.Timedelta) -> pd.DatetimeIndex:
    begun = midnights[:-1]
    counts = np.asarray((midnights[1:] - begun) // step, dtype=np.int64)
    ordinal = np.arange(counts.sum()) - np.repeat(np.cumsum(counts) - counts, counts)
    return pd.DatetimeIndex(begun.repeat(counts) + ordinal * step).as_unit("us")

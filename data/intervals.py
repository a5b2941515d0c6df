"""The time grid of a queue: which intervals of which local days it is open in.

An interval belongs to the local calendar day it starts on, also when the opening hours run past midnight.
A day has as many intervals as it has minutes: 23 or 25 hours when the clock changes.
"""

from __future__ import annotations

from datetime import date, timedelta

import numpy as np
import pandas as pd

from data.domain import DAY_MIN, OpeningSpan, Queue

UTC = "UTC"


def local_midnight(day: date, timezone: str) -> pd.Timestamp:
    """Return the instant a local day begins, in UTC; the first valid one where the clock skips midnight."""
    moment = pd.Timestamp(day).tz_localize(timezone, ambiguous=True, nonexistent="shift_forward")
    return moment.tz_convert(UTC).as_unit("us")


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

    Returns
    -------
    DataFrame
        Columns start (UTC), date, weekday, minute, in order of time; empty when the queue stays closed.
    """
    start, end = day_span(first, days, queue.timezone)
    step = pd.Timedelta(minutes=step_min or queue.interval_min)
    starts = pd.date_range(start, end, freq=step, inclusive="left", unit="us")
    frame = clock(starts, queue.timezone)
    frame.insert(0, "start", starts)
    kept = is_open(frame["weekday"].to_numpy(), frame["minute"].to_numpy(), queue.hours)
    return frame.loc[kept].reset_index(drop=True)

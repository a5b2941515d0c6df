"""By when contacts that can wait are to be begun: deadlines on the clock of a queue's opening hours."""

from __future__ import annotations

from datetime import timedelta

import numpy as np
import pandas as pd

from data.domain import Queue
from data.errors import InputError
from data.intervals import grid

SPARE_DAYS = 14
"""Days looked at beyond what an ordinary week of opening hours needs, for clocks that change."""


def due(queue: Queue, arrivals: pd.DatetimeIndex) -> pd.DatetimeIndex:
    """Instants at which `due_within_h` opening hours have gone by since each contact came.

    Only hours in which the queue is open count. A contact that comes while it is closed counts as come at the next
    opening; a deadline on the minute the queue closes is that minute, not the next opening.

    Parameters
    ----------
    queue
        One whose contacts can wait.
    arrivals
        UTC instants, shape (n,), in any order.

    Returns
    -------
    DatetimeIndex
        UTC, shape (n,).

    Raises
    ------
    InputError
        The queue's contacts do not wait.
    """
    if not queue.can_wait:
        raise InputError(f"queue {queue.id!r}: {queue.channel} contacts do not wait for a deadline.")
    if arrivals.empty:
        return arrivals
    allowed_s = 3600.0 * queue.due_within_h
    first = arrivals.min().tz_convert(queue.timezone).date() - timedelta(days=1)
    last = arrivals.max().tz_convert(queue.timezone).date()
    step_s = 60.0 * queue.interval_min
    week_s = step_s * len(grid(queue, last, 7))
    more_days = 7 * int(np.ceil(allowed_s / week_s)) + SPARE_DAYS
    starts = grid(queue, first, (last - first).days + 1 + more_days)["start"]
    begins = pd.DatetimeIndex(starts).as_unit("us").astype("int64").to_numpy() / 1e6
    came = arrivals.as_unit("us").astype("int64").to_numpy() / 1e6
    # Open time passed since the first interval: that of whole intervals, and of the one it came in.
    at = np.searchsorted(begins, came, side="right") - 1
    open_s = step_s * at + np.minimum(came - begins[np.maximum(at, 0)], step_s)
    open_s = np.where(at < 0, 0.0, open_s) + allowed_s
    into = np.ceil(np.round(open_s / step_s, 9)).astype(np.int64) - 1
    ends = begins[into] + open_s - step_s * into
    return pd.DatetimeIndex(
        pd.to_datetime(np.round(ends * 1e6).astype("int64"), unit="us", utc=True)
    ).as_unit("us")

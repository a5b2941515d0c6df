"""Figures of one queue laid on the slots of another, by the wall clock of each."""

from __future__ import annotations

import numpy as np
import pandas as pd

from data.domain import DAY_MIN, Queue
from data.intervals import clock


def by_slot(values: np.ndarray, slots: int, *, summed: bool) -> np.ndarray:
    """Lay figures by slot over finer or coarser slots of the same day.

    Parameters
    ----------
    values
        Shape (…, slots of the one queue); NaN where unknown.
    slots
        Slots a day of the other.
    summed
        Whether the figures add up over time, as contacts do; handle times are averaged instead.

    Returns
    -------
    ndarray
        Shape (…, slots); NaN where any part is unknown.
    """
    own = values.shape[-1]
    if own == slots:
        return values
    if own < slots:
        parts = slots // own
        return np.repeat(values / parts if summed else values, parts, axis=-1)
    grouped = values.reshape(*values.shape[:-1], slots, own // slots)
    laid: np.ndarray = grouped.sum(axis=-1) if summed else grouped.mean(axis=-1)
    return laid


def by_day(queue: Queue, starts: pd.Series, values: pd.Series, days: pd.DatetimeIndex) -> np.ndarray:
    """Lay a column of a frame out as days × slots, NaN where it has no row; intervals that share a slot are averaged."""
    local = clock(pd.DatetimeIndex(starts), queue.timezone)
    slots = DAY_MIN // queue.interval_min
    day = days.get_indexer(pd.DatetimeIndex(local["date"]))
    kept = day >= 0
    cell = day[kept] * slots + local["minute"].to_numpy()[kept] // queue.interval_min
    sums = np.bincount(cell, weights=values.to_numpy(dtype=float)[kept], minlength=len(days) * slots)
    times = np.bincount(cell, minlength=len(days) * slots)
    laid = np.divide(sums, times, out=np.full(len(sums), np.nan), where=times > 0)
    matrix: np.ndarray = laid.reshape(len(days), slots)
    return matrix

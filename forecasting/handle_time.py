"""Expected handle time (AHT) by time of day."""

from __future__ import annotations

import numpy as np
import pandas as pd

from data.domain import Queue
from data.intervals import clock
from forecasting.weekly import same_hours

PRIOR_CONTACTS = 50.0
"""A slot's own handle time counts fully once it rests on many more contacts than this."""
NEIGHBOUR_WEIGHTS = np.array([0.25, 0.5, 0.25])


def handle_time_by_slot(
    queue: Queue, rows: pd.DataFrame, opened: np.ndarray, weeks: int
) -> np.ndarray | None:
    """Handle time of an answered contact by weekday and slot, from the latest weeks that have any.

    Weighted by answered contacts; a slot borrows from its neighbours in time, and where few contacts were
    answered from the whole of the weekdays with the same hours.

    Parameters
    ----------
    queue
        For its time zone and interval.
    rows
        Known history rows of the queue.
    opened
        Shape (7, slots).
    weeks
        Weeks to read, counted back from the latest handle time.

    Returns
    -------
    ndarray or None
        Seconds, shape (7, slots); None where the history has no handle times.
    """
    answered = rows["answered"] if "answered" in rows else pd.Series(np.nan, index=rows.index)
    handle_time = rows["handle_time_s"] if "handle_time_s" in rows else pd.Series(np.nan, index=rows.index)
    told = answered.gt(0) & np.isfinite(handle_time) & handle_time.gt(0) & np.isfinite(answered)
    if not told.any():
        return None
    kept = rows.loc[told]
    kept = kept.loc[kept["start"] > kept["start"].iloc[-1] - pd.Timedelta(weeks=weeks)]
    local = clock(pd.DatetimeIndex(kept["start"]), queue.timezone)
    cell = (local["weekday"].to_numpy(), local["minute"].to_numpy() // queue.interval_min)
    seconds, contacts = np.zeros(opened.shape), np.zeros(opened.shape)
    np.add.at(seconds, cell, kept["handle_time_s"].to_numpy(dtype=float))
    np.add.at(contacts, cell, kept["answered"].to_numpy(dtype=float))
    kin = same_hours(opened)
    seconds, contacts = _with_neighbours(kin @ seconds), _with_neighbours(kin @ contacts)
    overall = seconds.sum() / contacts.sum()
    whole, whole_contacts = seconds.sum(axis=1, keepdims=True), contacts.sum(axis=1, keepdims=True)
    typical = (whole + PRIOR_CONTACTS * overall) / (whole_contacts + PRIOR_CONTACTS)
    by_slot: np.ndarray = (seconds + PRIOR_CONTACTS * typical) / (contacts + PRIOR_CONTACTS)
    return by_slot


def _with_neighbours(sums: np.ndarray) -> np.ndarray:
    padded = np.pad(sums, ((0, 0), (1, 1)))
    weights = NEIGHBOUR_WEIGHTS
    smooth: np.ndarray = (
        weights[0] * padded[:, :-2] + weights[1] * padded[:, 1:-1] + weights[2] * padded[:, 2:]
    )
    return smooth

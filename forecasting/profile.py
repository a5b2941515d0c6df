"""The shape of a day: which share of its contacts falls into which slot, by weekday."""

from __future__ import annotations

import numpy as np

from forecasting.prepare import Series
from forecasting.weekly import same_hours, weekly_means

POOLED_DAYS = 2.0
"""Weight, in days, of the shape pooled over weekdays with the same hours, against a weekday's own."""


def weekly_profile(series: Series, weeks: int) -> np.ndarray:
    """Share of a day's contacts by weekday and slot.

    The shape of a weekday's last `weeks` ordinary days, shrunk towards the shape of all weekdays with the same
    opening hours, since a slot of a small queue has seen few contacts.

    Parameters
    ----------
    series
        History of the queue.
    weeks
        How many of the latest days of each weekday count.

    Returns
    -------
    ndarray
        Shape (7, slots); each open weekday sums to 1, closed slots are 0.
    """
    opened, weekdays = series.opened, series.weekdays
    recent = series.ordinary & (series.same_weekday_age() < weeks)
    sums = np.zeros(opened.shape)
    np.add.at(sums, weekdays[recent], series.filled[recent])
    days = np.bincount(weekdays[recent], minlength=7)
    own = _shares(sums)
    pooled = _shares(same_hours(opened) @ sums)
    weight = days[:, None]
    shape = np.where(opened, (weight * own + POOLED_DAYS * pooled) / (weight + POOLED_DAYS), 0.0)
    # A weekday of hours never seen borrows from whatever is known about each slot.
    fallback = weekly_means(series.filled[series.usable], weekdays[series.usable], opened)
    fallback = np.where(fallback.sum(axis=1, keepdims=True) > 0, fallback, opened)
    return _shares(np.where(shape.sum(axis=1, keepdims=True) > 0, shape, fallback))


def _shares(sums: np.ndarray) -> np.ndarray:
    totals = sums.sum(axis=1, keepdims=True)
    shares: np.ndarray = np.divide(sums, totals, out=np.zeros(sums.shape), where=totals > 0)
    return shares

"""Means by weekday and slot that never come out empty: what is not known is borrowed from the nearest kin."""

from __future__ import annotations

import numpy as np


def same_hours(opened: np.ndarray) -> np.ndarray:
    """Which weekdays share their opening hours; floats 0 or 1 of shape (7, 7)."""
    same: np.ndarray = (opened[:, None, :] == opened[None, :, :]).all(axis=2)
    return same.astype(float)


def weekly_means(
    counts: np.ndarray, weekdays: np.ndarray, opened: np.ndarray, weights: np.ndarray | None = None
) -> np.ndarray:
    """Mean contacts by weekday and slot.

    A cell without any count takes the mean of the weekdays with the same hours, then of all weekdays, then of the
    nearest slot in time that has one.

    Parameters
    ----------
    counts
        Contacts per interval, shape (days, slots); NaN where unknown.
    weekdays
        Shape (days,), 0 for Monday.
    opened
        Shape (7, slots).
    weights
        Weight of each day, shape (days,), above 0; all alike when None.

    Returns
    -------
    ndarray
        Shape (7, slots), 0 in closed slots, and everywhere without a single count.
    """
    known = np.isfinite(counts)
    weight = known if weights is None else known * weights[:, None]
    sums, times = np.zeros(opened.shape), np.zeros(opened.shape)
    np.add.at(sums, weekdays, weight * np.where(known, counts, 0.0))
    np.add.at(times, weekdays, weight.astype(float))
    kin = same_hours(opened)
    means = _ratio(sums, times)
    means = np.where(times > 0, means, _ratio(kin @ sums, kin @ times))
    means = np.where(kin @ times > 0, means, _ratio(sums.sum(axis=0), times.sum(axis=0))[None, :])
    seen = times.sum(axis=0) > 0
    if not seen.any():
        return np.zeros(opened.shape)
    slots = np.arange(opened.shape[1])
    known_slots = slots[seen]
    nearest = known_slots[np.abs(slots[:, None] - known_slots[None, :]).argmin(axis=1)]
    return np.where(opened, means[:, nearest], 0.0)


def _ratio(sums: np.ndarray, times: np.ndarray) -> np.ndarray:
    ratio: np.ndarray = np.divide(sums, times, out=np.zeros(np.shape(sums)), where=times > 0)
    return ratio

"""A level that wanders, seen through noise: the local-level model, filtered.

Kalman filter of a random walk (Harvey 1989, Forecasting, Structural Time Series Models and the Kalman Filter, ch. 2);
how fast it wanders and how noisy a day is beyond its contacts are those under which the days are likeliest. One
strange day counts like one three standard deviations off.
"""

from __future__ import annotations

import numpy as np

WALKS = (0.0, 1e-6, 1e-5, 1e-4, 4e-4, 1.6e-3)
NOISES = (0.0, 4e-4, 2.5e-3, 1e-2)
"""Daily variance of the walk and variance of a day that are tried, over the squared level."""
FIRST_VARIANCE = 0.05
CLIPPED = 3.0


def latest_level(found: np.ndarray, expected: np.ndarray, variation: float) -> float:
    """Level after the last day.

    Parameters
    ----------
    found
        What was found each day, shape (days,).
    expected
        What a level of 1 gives, in contacts, shape (days,); days of 0 are passed over.
    variation
        Squared coefficient of variation of one contact.

    Returns
    -------
    float
        In the unit of found / expected; 0 where no day has anything.
    """
    days = np.flatnonzero(expected > 0)
    if not len(days) or not found[days].sum() > 0:
        return 0.0
    whole = found[days].sum() / expected[days].sum()
    measured, noise = found[days] / expected[days] / whole, variation / expected[days]
    gaps = np.diff(days, prepend=days[0])
    walk, extra = (grid.ravel() for grid in np.meshgrid(WALKS, NOISES, indexing="ij"))
    level, variance = np.ones(len(walk)), np.full(len(walk), FIRST_VARIANCE)
    surprise = np.zeros(len(walk))
    for value, own, gap in zip(measured, noise, gaps, strict=True):
        variance = variance + walk * gap
        total = variance + own + extra
        off = (value - level) / np.sqrt(total)
        surprise += np.log(total) + np.where(
            np.abs(off) < CLIPPED,
            off**2,
            CLIPPED**2 * (1 + 2 * np.log(np.maximum(np.abs(off), 1e-9) / CLIPPED)),
        )
        gain = variance / total
        level = level + gain * np.clip(off, -CLIPPED, CLIPPED) * np.sqrt(total)
        variance = variance * (1 - gain)
    return float(whole * level[int(surprise.argmin())])

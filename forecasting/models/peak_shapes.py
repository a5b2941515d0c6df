"""What a peak does to the shape of a day: a message sent at ten lifts the hours after ten.

The day's total is taken out first, so a shape moves contacts within the day and leaves the uplift to the level.
Each slot's deviation is a ridge regression on the peak terms, shrunk by its own noise and smoothed over the day.
"""

from __future__ import annotations

import numpy as np

PRIOR_SD = 0.05
"""Standard deviation of a slot's relative deviation, in root counts: 0.05 is about 10 % of the contacts."""
SMOOTHING = np.array([0.25, 0.5, 0.25])
PASSES = 2
LEAST_ROOT = 0.3
BOUNDS = (0.6, 1.6)
"""Of the factors on root counts, whatever peaks meet on a day and however big they are."""


def fit_peak_shapes(
    deviation: np.ndarray, expected: np.ndarray, noise: float, terms: np.ndarray
) -> np.ndarray:
    """Relative deviation of each slot for a unit of each term.

    Parameters
    ----------
    deviation
        Root counts less what the day's level makes of its weekday's shape, shape (days, slots).
    expected
        Root counts the weekday's shape and the level make, shape (days, slots); 0 in closed slots.
    noise
        Variance of a root count around its expectation.
    terms
        Peak terms of the days, shape (days, terms).

    Returns
    -------
    ndarray
        Shape (terms, slots).
    """
    relative = np.divide(deviation, expected, out=np.zeros_like(expected), where=expected > LEAST_ROOT)
    typical = np.maximum((expected**2).mean(axis=0), LEAST_ROOT**2)
    shrinkage = noise / typical / PRIOR_SD**2
    values, vectors = np.linalg.eigh(terms.T @ terms)
    turned = vectors.T @ (terms.T @ relative)
    shapes: np.ndarray = vectors @ (turned / (np.maximum(values, 0.0)[:, None] + shrinkage[None, :]))
    for _ in range(PASSES):
        padded = np.pad(shapes, ((0, 0), (1, 1)), mode="edge")
        shapes = SMOOTHING[0] * padded[:, :-2] + SMOOTHING[1] * padded[:, 1:-1] + SMOOTHING[2] * padded[:, 2:]
    return shapes


def shape_factors(shapes: np.ndarray, terms: np.ndarray) -> np.ndarray:
    """Factors on the root counts of days with these terms, shape (days, slots)."""
    factors: np.ndarray = np.clip(1 + terms @ shapes, *BOUNDS)
    return factors

"""Day effects by the plain conditional mean and variance of a joint Gaussian, for tests only."""

from __future__ import annotations

import numpy as np


def level_covariance(
    one: float,
    other: float,
    *,
    walk: float,
    deviation: float,
    start: float,
    fading: float,
    mean_variance: float,
) -> float:
    """Covariance of the level on two days."""
    return mean_variance + walk * (min(one, other) - start) + deviation * fading ** abs(one - other)


def condition(
    covariance: np.ndarray, seen: list[int], values: np.ndarray, asked: list[int]
) -> tuple[np.ndarray, np.ndarray]:
    """Mean and variance of some coordinates of a zero-mean Gaussian, given others."""
    among = np.linalg.inv(covariance[np.ix_(seen, seen)])
    across = covariance[np.ix_(asked, seen)]
    mean = across @ among @ values
    variance = np.diag(covariance[np.ix_(asked, asked)] - across @ among @ across.T)
    return mean, variance

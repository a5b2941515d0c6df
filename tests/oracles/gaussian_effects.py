"""Day effects by the plain conditional mean and variance of a joint Gaussian, for tests only."""

from __future__ import annotations

import numpy as np


def level_covariance(
    one: float,
    other: float,
    *,
    walk: float,
    deviations: dict[float, float],
    start: float,
    mean_variance: float,
) -> float:
    """Covariance of the level on two days; variances of its passing deviations by what is left of them a day later."""
    passing = sum(variance * fading ** abs(one - other) for fading, variance in deviations.items())
    return mean_variance + walk * (min(one, other) - start) + passing


def condition(
    covariance: np.ndarray, seen: list[int], values: np.ndarray, asked: list[int]
) -> tuple[np.ndarray, np.ndarray]:
    """Mean and variance of some coordinates of a zero-mean Gaussian, given others."""
    among = np.linalg.inv(covariance[np.ix_(seen, seen)])
    across = covariance[np.ix_(asked, seen)]
    mean = across @ among @ values
    variance = np.diag(covariance[np.ix_(asked, asked)] - across @ among @ across.T)
    return mean, variance

"""Counts that scatter more than Poisson: the negative binomial by its mean and its variance beyond Poisson.

A count has gaps between its values, so that no band of whole numbers holds 80 % of a small queue's intervals: the
one that holds at least 80 % of a Poisson count holds 86 % on average over means of 6 to 8. Quantiles are therefore
those of the count spread evenly over ± 0.5 around itself, fractions included. A band of such quantiles, both ends
included, holds its share on average over intervals of different means; an actual's place in its distribution is
its middle rank P(below) + P(equal) / 2 (Lancaster 1961; Czado, Gneiting & Held 2009).
"""

from __future__ import annotations

import numpy as np
from numpy.typing import ArrayLike
from scipy.stats import nbinom

LEAST_VARIANCE = 1e-6
"""Below it the negative binomial is a Poisson in all but the cost of computing it."""
LEAST_RANK = 1e-9
KNOTS = 400
"""Distributions over more whole numbers than this are read off between knots: 1/40 of a standard deviation."""


def rank(count: ArrayLike, mean: ArrayLike, variance: ArrayLike, within: ArrayLike = 0.5) -> np.ndarray:
    """Share of a distribution below a count and a part of the count's own share; the arguments broadcast.

    Parameters
    ----------
    count, mean
        Contacts; a mean is above 0.
    variance
        Relative variance c² beyond Poisson: the count's variance is mean + c² mean².
    within
        Part of the count's own share that is counted, 0–1: half of it for the middle rank.
    """
    counts = np.asarray(count, dtype=float)
    size, share = _shape(mean, variance)
    own = np.asarray(within, dtype=float) * nbinom.pmf(counts, size, share)
    return np.asarray(nbinom.cdf(counts - 1, size, share) + own)


def quantile(level: ArrayLike, mean: ArrayLike, variance: ArrayLike) -> np.ndarray:
    """Contacts, fractions included, that a count spread over ± 0.5 stays below with each probability.

    Never below 0, and 0 where nothing is expected. The arguments broadcast; see `rank` for their meaning.
    """
    ranks, means, variances = np.broadcast_arrays(
        np.clip(level, LEAST_RANK, 1 - LEAST_RANK), np.asarray(mean, dtype=float), variance
    )
    size, share = _shape(np.where(means > 0, means, 1.0), variances)
    count = np.maximum(nbinom.ppf(ranks, size, share), 0.0)
    own = np.maximum(nbinom.pmf(count, size, share), np.finfo(float).tiny)
    within = np.clip((ranks - nbinom.cdf(count - 1, size, share)) / own, 0.0, 1.0)
    return np.where(means > 0, np.maximum(count - 0.5 + within, 0.0), 0.0)


def draw(level: np.ndarray, mean: np.ndarray, variance: np.ndarray) -> np.ndarray:
    """Whole numbers of contacts at ranks 0–1, the count not yet spread.

    Parameters
    ----------
    level
        Ranks, shape (draws, intervals).
    mean, variance
        Shape (intervals,), see `rank`.

    Returns
    -------
    ndarray
        Integers of shape (draws, intervals).
    """
    drawn = np.zeros(level.shape, dtype=np.int64)
    size, share = _shape(np.where(mean > 0, mean, 1.0), variance)
    ends = np.asarray(nbinom.ppf([[LEAST_RANK], [1 - LEAST_RANK]], size, share))
    for interval in np.flatnonzero(mean > 0):
        low, high = ends[:, interval]
        knots = np.unique(np.floor(np.linspace(low, high, min(int(high - low) + 1, KNOTS))))
        reached = nbinom.cdf(knots, size[interval], share[interval])
        upper = np.interp(level[:, interval], reached, knots + 0.5)
        drawn[:, interval] = np.ceil(upper - 0.5)
    return drawn


def _shape(mean: ArrayLike, variance: ArrayLike) -> tuple[np.ndarray, np.ndarray]:
    size = 1 / np.maximum(np.asarray(variance, dtype=float), LEAST_VARIANCE)
    return size, size / (size + np.asarray(mean, dtype=float))

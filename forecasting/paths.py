"""Sampled futures of a forecast, for the simulation."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from forecasting.counts import draw
from forecasting.forecast import Forecast


def sample_paths(forecast: Forecast, *, paths: int, seed: int) -> np.ndarray:
    """Draw whole numbers of contacts whose intervals share the fate of their day.

    Each interval by itself is distributed as the forecast's quantiles say: a standard normal value becomes a rank
    by the forecast's calibration, and the rank a count. A Gaussian copula (normal to anything: Cario & Nelson
    1997) ties the values of a day together by the day's share in an interval's variance, and the days of the
    horizon by their correlation.

    Parameters
    ----------
    forecast
        As made by `forecasting.forecast.forecast`.
    paths
        How many futures to draw.
    seed
        The same seed gives the same paths.

    Returns
    -------
    ndarray
        Integers of shape (paths, rows of `forecast.frame`).
    """
    drawn = np.zeros((paths, len(forecast.frame)), dtype=np.int64)
    for rows, contacts in draw_days(forecast, paths=paths, seed=seed):
        drawn[:, rows] = contacts
    return drawn


def draw_days(forecast: Forecast, *, paths: int, seed: int) -> Iterator[tuple[np.ndarray, np.ndarray]]:
    """Draw the paths of `sample_paths` one day after the other, for who need not hold all of them at once.

    Yields
    ------
    rows, contacts
        Places of the day's intervals in `forecast.frame`, shape (intervals,); integers of shape (paths, intervals).
    """
    spread = forecast.spread
    mean = forecast.frame["mean"].to_numpy(dtype=float)
    variance = spread.variance
    # Of the variance μ + c² μ² the day's level holds day² μ².
    shared = np.clip(spread.day_sd**2 * mean / (1 + variance * mean), 0.0, 1.0)
    between = spread.day_correlation
    generator = np.random.default_rng(seed)
    horizon = generator.standard_normal(paths)
    for day in np.unique(spread.day):
        rows = np.flatnonzero(spread.day == day)
        level = np.sqrt(between) * horizon + np.sqrt(1 - between) * generator.standard_normal(paths)
        own = generator.standard_normal((paths, len(rows)))
        normal = np.sqrt(shared[rows]) * level[:, None] + np.sqrt(1 - shared[rows]) * own
        yield rows, draw(spread.calibration.rank(normal), mean[rows], variance[rows])

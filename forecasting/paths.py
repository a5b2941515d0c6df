"""Sampled futures of a forecast, for the simulation."""

from __future__ import annotations

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
    spread = forecast.spread
    mean = forecast.frame["mean"].to_numpy(dtype=float)
    generator = np.random.default_rng(seed)
    variance = spread.variance
    # Of the variance μ + c² μ² the day's level holds day² μ².
    shared = np.clip(spread.day_sd**2 * mean / (1 + variance * mean), 0.0, 1.0)
    days = int(spread.day.max()) + 1
    between = spread.day_correlation
    horizon = np.sqrt(between) * generator.standard_normal((paths, 1))
    levels = horizon + np.sqrt(1 - between) * generator.standard_normal((paths, days))
    own = generator.standard_normal((paths, len(mean)))
    normal = np.sqrt(shared) * levels[:, spread.day] + np.sqrt(1 - shared) * own
    return draw(spread.calibration.rank(normal), mean, variance)

"""What a day may bring: quantiles of day totals, which are not sums of the quantiles of intervals."""

from __future__ import annotations

import numpy as np
import pandas as pd

from data.intervals import clock
from data.schema import QUANTILE_COLUMNS, QUANTILES
from forecasting.forecast import Forecast
from forecasting.paths import sample_paths

PATHS = 2000
"""Enough to know the ends of a 95 % band to 6 % of a standard deviation."""


def day_quantiles(forecast: Forecast, *, paths: int = PATHS) -> pd.DataFrame:
    """Quantiles of the contacts of each local day, read off the forecast's own sample paths.

    Intervals of a day err together, less than fully and more than not at all: the band of a day is narrower than
    the sum of its intervals' bands and wider than if they were independent. Totals are taken as spread over ± 0.5,
    as counts of intervals are.

    Parameters
    ----------
    forecast
        As made by `forecasting.forecast.forecast`.
    paths
        How many futures to draw; the forecast's seed gives the same ones each time.

    Returns
    -------
    DataFrame
        queue, date (local day), mean, q025 … q975; days the queue is closed on have no row.
    """
    drawn = sample_paths(forecast, paths=paths, seed=forecast.seed)
    date = clock(pd.DatetimeIndex(forecast.frame["start"]), forecast.queue.timezone)["date"].to_numpy()
    first = np.flatnonzero(np.r_[True, date[1:] != date[:-1]])
    totals = np.add.reduceat(drawn, first, axis=1)
    mean = np.add.reduceat(forecast.frame["mean"].to_numpy(dtype=float), first)
    ordered = np.sort(totals, axis=0)
    found = np.maximum(np.quantile(ordered + _within_ties(ordered), QUANTILES, axis=0), 0.0)
    found = np.where(mean > 0, found, 0.0)
    columns = dict(zip(QUANTILE_COLUMNS, found, strict=True))
    return pd.DataFrame({"queue": forecast.queue.id, "date": date[first], "mean": mean, **columns})


def _within_ties(ordered: np.ndarray) -> np.ndarray:
    """Places of equal values along a sorted column, evenly over ± 0.5."""
    places = np.empty(ordered.shape)
    for day, column in enumerate(ordered.T):
        _, first, times = np.unique(column, return_index=True, return_counts=True)
        rank = np.arange(len(column)) - np.repeat(first, times)
        places[:, day] = (rank + 0.5) / np.repeat(times, times) - 0.5
    return places

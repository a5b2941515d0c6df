"""What a day may bring: quantiles of day totals, which are not sums of the quantiles of intervals."""

from __future__ import annotations

import numpy as np
import pandas as pd

from data.intervals import clock
from data.schema import QUANTILE_COLUMNS, QUANTILES
from forecasting.forecast import Forecast
from forecasting.paths import draw_days

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
    date = clock(pd.DatetimeIndex(forecast.frame["start"]), forecast.queue.timezone)["date"].to_numpy()
    expected = forecast.frame["mean"].to_numpy(dtype=float)
    dates, mean, found = [], [], []
    for rows, contacts in draw_days(forecast, paths=paths, seed=forecast.seed):
        dates.append(date[rows[0]])
        mean.append(expected[rows].sum())
        total = np.sort(contacts.sum(axis=1))
        within = np.maximum(np.quantile(total + _within_ties(total), QUANTILES), 0.0)
        found.append(within if mean[-1] > 0 else np.zeros(len(QUANTILES)))
    columns = dict(zip(QUANTILE_COLUMNS, np.array(found).T, strict=True))
    return pd.DataFrame({"queue": forecast.queue.id, "date": dates, "mean": mean, **columns})


def _within_ties(ordered: np.ndarray) -> np.ndarray:
    """Places of equal values in sorted ones, evenly over ± 0.5."""
    _, first, times = np.unique(ordered, return_index=True, return_counts=True)
    rank = np.arange(len(ordered)) - np.repeat(first, times)
    places: np.ndarray = (rank + 0.5) / np.repeat(times, times) - 0.5
    return places

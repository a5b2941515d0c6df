"""Forecasts the parts of the benchmark share."""

from __future__ import annotations

from datetime import date

import numpy as np
import pandas as pd
from scipy.stats import norm

from data.domain import Queue
from data.intervals import grid
from data.schema import FORECAST, QUANTILE_COLUMNS, QUANTILES, conform

MONDAY = date(2026, 3, 2)


def shaped_forecast(queue: Queue, peak: float, *, days: int) -> pd.DataFrame:
    """A forecast with a morning and an afternoon peak, no two days alike, and 10 % uncertainty."""
    starts = grid(queue, MONDAY, days)
    hour = starts["minute"].to_numpy() / 60.0
    of_day = np.random.default_rng(1).uniform(0.8, 1.2, days)
    level = of_day[pd.factorize(starts["date"])[0]]
    mean = (
        peak
        * level
        * (np.exp(-(((hour - 10.5) / 2.2) ** 2)) + 0.8 * np.exp(-(((hour - 15.5) / 2.5) ** 2)) + 0.03)
    )
    spread = np.sqrt(mean + (0.1 * mean) ** 2)
    frame = pd.DataFrame({"queue": queue.id, "start": starts["start"], "mean": mean, "aht_s": 240.0})
    for column, quantile in zip(QUANTILE_COLUMNS, QUANTILES, strict=True):
        frame[column] = np.maximum(0.0, mean + norm.ppf(quantile) * spread)
    return conform(frame, FORECAST)

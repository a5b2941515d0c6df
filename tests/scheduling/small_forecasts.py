"""Small forecasts with a shape that is easy to reason about."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

import numpy as np
import pandas as pd
from scipy.stats import norm

from data.domain import Queue
from data.intervals import grid
from data.schema import FORECAST, QUANTILE_COLUMNS, QUANTILES, conform

MONDAY = date(2026, 3, 2)


def flat_forecast(
    queue: Queue,
    mean: float | Sequence[float],
    *,
    first: date = MONDAY,
    days: int = 1,
    aht_s: float = 240.0,
    over: float = 0.0,
) -> pd.DataFrame:
    """The same mean in every open interval, or the ones given in turn.

    `over` is the standard deviation of the expected number as a share of it; arrivals are Poisson around it.
    """
    starts = grid(queue, first, days)["start"]
    means = np.resize(np.asarray(mean, dtype=float), len(starts))
    spread = np.sqrt(means + (over * means) ** 2)
    frame = pd.DataFrame({"queue": queue.id, "start": starts, "mean": means, "aht_s": aht_s})
    for column, level in zip(QUANTILE_COLUMNS, QUANTILES, strict=True):
        frame[column] = np.maximum(0.0, means + norm.ppf(level) * spread)
    return conform(frame, FORECAST)


def day_shape(peak: float, intervals: int) -> list[float]:
    """Two humps over a day, a quiet start and end."""
    at = np.linspace(0.0, 1.0, intervals)
    shape = np.exp(-(((at - 0.4) / 0.12) ** 2)) + 0.8 * np.exp(-(((at - 0.7) / 0.15) ** 2)) + 0.02
    return (peak * shape).tolist()

"""Where today will close: what came in so far and what is still expected."""

from __future__ import annotations

import numpy as np
import pandas as pd

from data.intervals import clock
from data.schema import QUANTILE_COLUMNS, QUANTILES
from forecasting.forecast import Forecast
from forecasting.paths import sample_paths

PATHS = 2000
"""Enough to know the ends of a 95 % band to 6 % of a standard deviation."""


def projected_close(forecast: Forecast, history: pd.DataFrame, *, paths: int = PATHS) -> pd.DataFrame:
    """Contacts of the forecast's first day at its close: counted where it is over, expected where it is not.

    Parameters
    ----------
    forecast
        Made with a cutoff within its first day.
    history
        HISTORY rows of the queue, or of several. An interval that is over and has no row counts as forecast.
    paths
        How many futures the quantiles rest on; the forecast's seed gives the same ones each time.

    Returns
    -------
    DataFrame
        One row: queue, date (local day), so_far, to_come, mean (their sum), q025 … q975 of the sum.
    """
    queue, frame = forecast.queue, forecast.frame
    date = clock(pd.DatetimeIndex(frame["start"]), queue.timezone)["date"].to_numpy()
    today = date == date[0]
    start, mean = frame.loc[today, "start"], frame.loc[today, "mean"].to_numpy(dtype=float)
    over = (start + pd.Timedelta(minutes=queue.interval_min) <= forecast.cutoff).to_numpy()
    rows = history.loc[history["queue"].eq(queue.id)].set_index("start")["offered"]
    counted = rows.reindex(start).to_numpy(dtype=float)
    so_far = float(np.where(np.isfinite(counted), counted, mean)[over].sum())
    to_come = float(mean[~over].sum())
    drawn = sample_paths(forecast, paths=paths, seed=forecast.seed)[:, : len(start)][:, ~over].sum(axis=1)
    quantiles = so_far + np.quantile(drawn, QUANTILES)
    columns = {name: [value] for name, value in zip(QUANTILE_COLUMNS, quantiles, strict=True)}
    total = so_far + to_come
    return pd.DataFrame(
        {"queue": queue.id, "date": date[:1], "so_far": so_far, "to_come": to_come, "mean": total, **columns}
    )

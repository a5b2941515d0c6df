"""The peer: Prophet as it comes, fitted on intervals. What a planner gets without any of this."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd

from forecasting.models.prophet_totals import prophet_class, third_party_warnings
from forecasting.prepare import Series

PEER = "prophet_intervals"


@dataclass(frozen=True, slots=True)
class FittedPeer:
    """Prophet with every setting left alone, fitted on the open intervals of a series."""

    prophet: Any
    opened: np.ndarray

    def predict(self, ahead: pd.DatetimeIndex) -> np.ndarray:
        """Contacts per interval, shape (days, slots)."""
        opened = self.opened[ahead.dayofweek.to_numpy()]
        means = np.zeros(opened.shape)
        with third_party_warnings():
            found = self.prophet.predict(pd.DataFrame({"ds": _starts(ahead, opened)}))["yhat"]
        means[opened] = np.maximum(found.to_numpy(dtype=float), 0.0)
        return means


def fit_peer(series: Series, seed: int = 0) -> FittedPeer:
    """Fit on the same days as every other method, broken days left out, so that the comparison is fair."""
    known = np.isfinite(series.counts) & series.usable[:, None]
    frame = pd.DataFrame({"ds": _starts(series.days, known), "y": series.counts[known]})
    # Its bands are not judged, and sampling them would only take time.
    prophet = prophet_class()(uncertainty_samples=0)
    with third_party_warnings():
        prophet.fit(frame, seed=seed)
    return FittedPeer(prophet, series.opened)


def _starts(days: pd.DatetimeIndex, chosen: np.ndarray) -> pd.DatetimeIndex:
    """Local starts of the chosen cells of a day × slot matrix, without zone."""
    day, slot = np.nonzero(chosen)
    return pd.DatetimeIndex(days[day] + pd.to_timedelta(slot * (1440 // chosen.shape[1]), unit="min"))

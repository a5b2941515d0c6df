"""What a forecasting model is: fitted to a series, it predicts contacts per slot of coming days."""

from __future__ import annotations

from typing import Protocol

import numpy as np
import pandas as pd

from forecasting.prepare import Series
from forecasting.terms import DayTerms


class ModelFailedError(RuntimeError):
    """A model found no fit; it is no candidate for this series, and the forecast says so."""


class Fitted(Protocol):
    """A model that has seen a series."""

    def predict(self, ahead: pd.DatetimeIndex) -> np.ndarray:
        """Expected contacts per interval.

        Parameters
        ----------
        ahead
            Local days without zone, after the series, covered by the terms of the fit.

        Returns
        -------
        ndarray
            Shape (days, slots); finite, not negative, 0 in closed slots.
        """
        ...


class Model(Protocol):
    """One way to forecast."""

    @property
    def name(self) -> str:
        """Name in settings, scores and forecasts."""
        ...

    @property
    def least_days(self) -> int:
        """Usable days below which it is no candidate."""
        ...

    def fit(self, series: Series, terms: DayTerms) -> Fitted:
        """Fit to the usable days of the series; deterministic.

        Raises
        ------
        ModelFailedError
            No fit was found.
        """
        ...

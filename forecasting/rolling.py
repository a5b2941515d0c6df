"""Rolling origins: what each model would have said at moments of the past, and what came."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from time import perf_counter

import numpy as np
import pandas as pd

from forecasting.day_matrix import DayMatrix
from forecasting.models.base import Fitted, Model, ModelFailedError
from forecasting.prepare import Series, prepare
from forecasting.settings import Settings
from forecasting.terms import DayTerms


@dataclass(frozen=True, slots=True)
class Trial:
    """One model's predictions from several origins beside what came; one row a day ahead of an origin.

    Parameters
    ----------
    origin
        Days known at each row's origin, shape (rows,).
    lead
        Days ahead, 1 for the day after the last one known.
    actual, mean
        Contacts per interval, shape (rows, slots); actual is NaN where unknown, closed or broken.
    """

    origin: np.ndarray
    lead: np.ndarray
    actual: np.ndarray
    mean: np.ndarray


@dataclass(slots=True)
class Rolling:
    """Models over the origins of one queue; a model is fitted at most once an origin.

    Parameters
    ----------
    matrix
        Everything known at the cutoff.
    terms
        Known in advance, from the first day to the end of the horizon.
    settings
        As given.
    failures
        Why a model could not be fitted, by model.
    seconds
        Wall time of each fit with its first prediction, by model.
    """

    matrix: DayMatrix
    terms: DayTerms
    settings: Settings
    failures: dict[str, str] = field(default_factory=dict)
    seconds: dict[str, list[float]] = field(default_factory=dict)
    _series: dict[int, Series] = field(default_factory=dict)
    _fitted: dict[tuple[str, int], Fitted | None] = field(default_factory=dict)

    def series(self, origin: int) -> Series:
        """The series as it stood when `origin` days were known."""
        if origin not in self._series:
            self._series[origin] = prepare(self.matrix.until(origin), self.terms, self.settings)
        return self._series[origin]

    def predict(self, model: Model, origin: int, ahead: pd.DatetimeIndex) -> np.ndarray | None:
        """Contacts per interval predicted at an origin, shape (days, slots); None when the model failed."""
        key = (model.name, origin)
        began = perf_counter()
        try:
            fresh = key not in self._fitted
            if fresh:
                self._fitted[key] = None
                self._fitted[key] = model.fit(self.series(origin), self.terms)
            fitted = self._fitted[key]
            mean = None if fitted is None else fitted.predict(ahead)
        except ModelFailedError as error:
            self.failures[model.name] = str(error)
            return None
        if fresh:
            self.seconds.setdefault(model.name, []).append(perf_counter() - began)
        return mean

    def trial(self, model: Model, origins: Sequence[int], horizon_days: int, known: int) -> Trial | None:
        """Predict from each origin as far as the horizon and the first `known` days reach.

        None when the model failed at any of them.
        """
        rows = []
        for origin in origins:
            end = min(origin + horizon_days, known)
            mean = self.predict(model, origin, self.matrix.days[origin:end])
            if mean is None:
                return None
            rows.append((np.full(end - origin, origin), np.arange(1, end - origin + 1), mean))
        origin_of, lead, means = (np.concatenate(part) for part in zip(*rows, strict=True))
        place = origin_of + lead - 1
        series = self.series(known)
        # An outage or a doubled day says nothing about a model.
        actual = np.where(series.usable[place][:, None], series.counts[place], np.nan)
        return Trial(origin_of, lead, actual, means)

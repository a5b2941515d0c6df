"""Terms that explain a queue's days beside its peaks: weekday, day of the month, season of the year, growth."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd

from forecasting.day_matrix import weekdays_of
from forecasting.terms import DayTerms

YEAR_DAYS = 365.25
MONTH_LEAST_DAYS, GROWTH_LEAST_DAYS, YEAR_LEAST_DAYS = 60, 180, 548
YEAR_ORDERS = np.arange(1, 4)
WEEKDAY_SD, MONTH_SD, YEAR_SD, GROWTH_SD = 0.5, 0.02, 0.06, 0.15
"""Priors of log effects: of a weekday around its median day, of a bump in the month, of a yearly wave, a year."""


@dataclass(frozen=True, slots=True)
class ExplainedTerms:
    """Columns of the explanation: peak terms first, then weekday, month, year and growth as far as history bears them.

    Parameters
    ----------
    terms
        What was known in advance.
    last
        Last day known, which growth is counted from.
    month, year, growth
        Whether history was long enough for these.
    """

    terms: DayTerms
    last: pd.Timestamp
    month: bool
    year: bool
    growth: bool

    @classmethod
    def of(cls, terms: DayTerms, days: pd.DatetimeIndex, last: pd.Timestamp) -> ExplainedTerms:
        """As many as the days fitted bear."""
        span = (days[-1] - days[0]).days
        return cls(
            terms, last, len(days) >= MONTH_LEAST_DAYS, span >= YEAR_LEAST_DAYS, span >= GROWTH_LEAST_DAYS
        )

    @property
    def prior_mean(self) -> np.ndarray:
        """Mean of each coefficient before anything was seen."""
        others = sum(count for count, _ in self._sizes().values())
        return np.concatenate([self.terms.peak_means, np.zeros(others)])

    @property
    def prior_sd(self) -> np.ndarray:
        """Standard deviation of the same."""
        others = [np.full(count, sd) for count, sd in self._sizes().values()]
        return np.concatenate([self.terms.peak_sds, *others])

    def at(self, days: pd.DatetimeIndex) -> np.ndarray:
        """Values of all columns, shape (days, columns)."""
        parts = [self.terms.peak_values[self.terms.rows(days)]]
        parts += [self.part(name, days) for name in self._sizes()]
        return np.concatenate(parts, axis=1)

    def part(self, name: str, days: pd.DatetimeIndex) -> np.ndarray:
        """Values of one part, "weekday", "month", "year" or "growth", shape (days, its columns)."""
        if not self._sizes()[name][0]:
            return np.zeros((len(days), 0))
        if name == "weekday":
            return np.asarray(np.eye(7)[weekdays_of(days)])
        if name == "month":
            month: np.ndarray = self.terms.month_values[self.terms.rows(days)]
            return month
        if name == "year":
            phase = 2 * np.pi * (days.day_of_year.to_numpy() / YEAR_DAYS)[:, None] * YEAR_ORDERS
            return np.concatenate([np.sin(phase), np.cos(phase)], axis=1)
        return ((days - self.last).days.to_numpy() / YEAR_DAYS)[:, None]

    def place(self, name: str) -> slice:
        """Where the columns of one part stand."""
        begin = len(self.terms.peak_terms)
        for part, (count, _) in self._sizes().items():
            if part == name:
                return slice(begin, begin + count)
            begin += count
        raise KeyError(name)

    def _sizes(self) -> dict[str, tuple[int, float]]:
        """Number of columns and prior of each part but the peaks, in order."""
        return {
            "weekday": (7, WEEKDAY_SD),
            "month": (self.month * self.terms.month_values.shape[1], MONTH_SD),
            "year": (self.year * 2 * len(YEAR_ORDERS), YEAR_SD),
            "growth": (int(self.growth), GROWTH_SD),
        }

"""Weekday mean: the mean of the last four ordinary days of the same weekday."""

from __future__ import annotations

from dataclasses import dataclass

from forecasting.models.base import Fitted
from forecasting.models.repeated_weeks import repeat_latest
from forecasting.prepare import Series
from forecasting.terms import DayTerms

WEEKS = 4


@dataclass(frozen=True, slots=True)
class WeekdayMean:
    """Mean of the last four ordinary days of the same weekday, interval by interval."""

    name: str = "weekday_mean"
    least_days: int = 8

    def fit(self, series: Series, terms: DayTerms) -> Fitted:  # noqa: ARG002 - the Protocol's signature
        """Average the latest ordinary days of each weekday."""
        return repeat_latest(series, weeks=WEEKS)

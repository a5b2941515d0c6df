"""Seasonal naive: the last ordinary day of the same weekday. The baseline everything else must beat."""

from __future__ import annotations

from dataclasses import dataclass

from forecasting.models.base import Fitted
from forecasting.models.repeated_weeks import repeat_latest
from forecasting.prepare import Series
from forecasting.terms import DayTerms


@dataclass(frozen=True, slots=True)
class SeasonalNaive:
    """The last ordinary day of the same weekday, interval by interval."""

    name: str = "seasonal_naive"
    least_days: int = 1

    def fit(self, series: Series, terms: DayTerms) -> Fitted:  # noqa: ARG002 - the Protocol's signature
        """Keep the latest ordinary day of each weekday."""
        return repeat_latest(series, weeks=1)

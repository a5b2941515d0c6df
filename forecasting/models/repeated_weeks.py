"""The same weekdays again: what seasonal naive and the weekday mean have in common."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd

from forecasting.day_matrix import weekdays_of
from forecasting.prepare import Series
from forecasting.weekly import weekly_means


@dataclass(frozen=True, slots=True)
class RepeatedWeek:
    """One week's shape and level, for every week to come.

    Parameters
    ----------
    week
        Contacts per interval by weekday and slot, shape (7, slots).
    """

    week: np.ndarray

    def predict(self, ahead: pd.DatetimeIndex) -> np.ndarray:
        """Contacts per interval, shape (days, slots)."""
        counts: np.ndarray = self.week[weekdays_of(ahead)]
        return counts


def repeat_latest(series: Series, weeks: int) -> RepeatedWeek:
    """Mean of each weekday's latest `weeks` ordinary days; weekdays without any borrow from their kin."""
    days = series.ordinary if series.ordinary.any() else series.usable
    recent = days & (series.same_weekday_age() < weeks)
    return RepeatedWeek(weekly_means(series.filled[recent], series.weekdays[recent], series.opened))

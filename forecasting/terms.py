"""What is known in advance about each day: the peaks it lies in and its place in the month."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

import numpy as np
import pandas as pd

from data.domain import Peak, PeakKind, Queue
from forecasting.peak_terms import PeakTerm, peak_terms, summed_by_day
from forecasting.peak_windows import peak_windows

MONTH_CENTRES = np.arange(1, 32, 2)
MONTH_WIDTH_DAYS = 1.2
"""Width of the smooth day-of-month terms: the one that was tried in methods.md, not tuned to a data set."""

CUTS = (PeakKind.HOLIDAY, PeakKind.MAKEUP, PeakKind.EVENT)
"""Kinds that may explain a day far below its usual."""


@dataclass(frozen=True, slots=True)
class DayTerms:
    """Day-level terms over consecutive days.

    Parameters
    ----------
    days
        Consecutive local days, shape (days,).
    peaks
        Those that touch the queue.
    windows
        Every day of them, outages left out, as `forecasting.peak_windows.peak_windows` lays them out.
    peak_terms, peak_values
        Regressors of the peaks, and their values, shape (days, peak terms).
    loadings
        What each row of the windows adds to the values of its day, shape (rows, peak terms).
    month_values
        Smooth day-of-month terms, shape (days, month terms).
    lifted, cut
        Days a known peak may explain far above or below the usual, booleans of shape (days,).
    outage
        Days of a known outage: never fitted, never repeated.
    """

    days: pd.DatetimeIndex
    peaks: tuple[Peak, ...]
    windows: pd.DataFrame
    peak_terms: tuple[PeakTerm, ...]
    peak_values: np.ndarray
    loadings: np.ndarray
    month_values: np.ndarray
    lifted: np.ndarray
    cut: np.ndarray
    outage: np.ndarray

    @property
    def peak_names(self) -> tuple[str, ...]:
        """Name of each peak term."""
        return tuple(term.name for term in self.peak_terms)

    @property
    def peak_means(self) -> np.ndarray:
        """Log effect each peak term is expected to have at value 1 before it was seen, shape (peak terms,)."""
        return np.array([term.prior.mean for term in self.peak_terms])

    @property
    def peak_sds(self) -> np.ndarray:
        """Standard deviation of the same."""
        return np.array([term.prior.sd for term in self.peak_terms])

    def expected_factor(self, days: pd.DatetimeIndex) -> np.ndarray:
        """Factor on the contacts of days that the priors alone expect, shape (days,)."""
        factor: np.ndarray = np.exp(self.peak_values[self.rows(days)] @ self.peak_means)
        return factor

    def rows(self, days: pd.DatetimeIndex) -> np.ndarray:
        """Positions of days among these; KeyError where one is not covered."""
        place = self.days.get_indexer(days)
        if (place < 0).any():
            raise KeyError(days[place < 0][0])
        return place


def day_terms(queue: Queue, peaks: Sequence[Peak], first: date, last: date) -> DayTerms:
    """Lay the peaks that touch a queue, and the days of the month, out over [first, last]."""
    days = pd.date_range(pd.Timestamp(first), pd.Timestamp(last), freq="D", unit="us")
    mine = tuple(peak for peak in peaks if not peak.queues or queue.id in peak.queues)
    windows = peak_windows(mine, first, last)
    kinds = windows["kind"].to_numpy()
    place = windows["place"].to_numpy()

    def touched(chosen: np.ndarray) -> np.ndarray:
        flags = np.zeros(len(days), dtype=bool)
        flags[place[chosen]] = True
        return flags

    session = kinds == PeakKind.SESSION
    outage = kinds == PeakKind.OUTAGE
    cut = touched(np.isin(kinds, [kind.value for kind in CUTS]))
    if session.any():
        # A trading queue is quiet on a weekday without trading, and that is no fault of the data.
        cut |= ~touched(session)
    lasting = windows.loc[~outage].reset_index(drop=True)
    regressors, loadings = peak_terms(mine, lasting, days)
    return DayTerms(
        days,
        mine,
        lasting,
        regressors,
        summed_by_day(loadings, lasting["place"].to_numpy(dtype=int), len(days)),
        loadings,
        _month_terms(days),
        touched(~session & ~outage),
        cut,
        touched(outage),
    )


def _month_terms(days: pd.DatetimeIndex) -> np.ndarray:
    """Bumps over the day of the month; its second half is counted from the end, so the last day is always 31."""
    day = days.day.to_numpy()
    from_end = 31 - (days.days_in_month.to_numpy() - day)
    place = np.where(day <= 15, day, from_end)
    return np.exp(-0.5 * ((place[:, None] - MONTH_CENTRES) / MONTH_WIDTH_DAYS) ** 2)

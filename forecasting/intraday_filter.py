"""A day's forecast error as it shows itself, interval by interval: a Kalman filter of two states.

With Gaussian errors the filter is the best linear unbiased prediction of the rest of the day (Kalman 1960;
Henderson 1975). Two guards make it fit for real mornings: an interval far off moves the state by no more than one
at the limit of belief would (Huber 1964), and next to no contacts where many were due are taken for an outage,
which says nothing about the hours after it.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np

from forecasting.intraday_errors import DayErrors

BELIEVED_SD = 4.0
OUTAGE_SHARE = 0.2
LEAST_DUE = 1e-6
"""An interval with fewer contacts due says nothing."""


@dataclass(frozen=True, slots=True)
class DayState:
    """What is known of the errors of days after some of their intervals; arrays of shape (days,).

    Parameters
    ----------
    errors
        How errors move.
    minute
        When it is known, on the clock of the intervals.
    level, drift
        Expected relative error shared by the day, and that which fades.
    level_variance, drift_variance, shared
        Their variances and covariance.
    """

    errors: DayErrors
    minute: float
    level: np.ndarray
    drift: np.ndarray
    level_variance: np.ndarray
    drift_variance: np.ndarray
    shared: np.ndarray

    def ahead(self, minute: np.ndarray) -> np.ndarray:
        """Expected relative error of later intervals, shape (days, intervals)."""
        kept = np.exp(-(minute - self.minute) / self.errors.memory_min)
        expected: np.ndarray = self.level[:, None] + self.drift[:, None] * kept
        return expected

    def covariance(self, minute: np.ndarray) -> np.ndarray:
        """Covariance of the relative errors of later intervals, shape (days, intervals, intervals)."""
        kept = np.exp(-(minute - self.minute) / self.errors.memory_min)
        level, drift, shared = (
            part[:, None, None] for part in (self.level_variance, self.drift_variance, self.shared)
        )
        # What the drift will yet add is what a fresh one has, less what has faded of it.
        told = (
            level + shared * (kept[:, None] + kept) + (drift - self.errors.drift_sd**2) * np.outer(kept, kept)
        )
        fresh = self.errors.covariance(minute) - self.errors.level_sd**2
        covariance: np.ndarray = told + fresh
        return covariance


def follow(mean: np.ndarray, actual: np.ndarray, minute: np.ndarray, errors: DayErrors) -> DayState:
    """Follow days over all the intervals that are over; see `states`."""
    *_, last = states(mean, actual, minute, errors)
    return last


def states(mean: np.ndarray, actual: np.ndarray, minute: np.ndarray, errors: DayErrors) -> Iterator[DayState]:
    """Follow days over the intervals that are over, and tell what is known after each.

    Parameters
    ----------
    mean
        Contacts forecast before each day, shape (days, intervals).
    actual
        Contacts that came, of the same shape; NaN where not known.
    minute
        When each interval begins, increasing, shape (intervals,); not empty.
    errors
        How errors move.
    """
    days = len(mean)
    level, drift, shared = np.zeros(days), np.zeros(days), np.zeros(days)
    level_variance, drift_variance = np.full(days, errors.level_sd**2), np.full(days, errors.drift_sd**2)
    known = np.isfinite(actual) & (mean > LEAST_DUE)
    passed = np.diff(minute, prepend=minute[0])
    for at, kept in enumerate(np.exp(-passed / errors.memory_min)):
        drift, shared = drift * kept, shared * kept
        drift_variance = drift_variance * kept**2 + errors.drift_sd**2 * (1 - kept**2)
        due = np.where(known[:, at], mean[:, at], 1.0)
        came = np.where(known[:, at], actual[:, at], 0.0)
        seen_variance = level_variance + 2 * shared + drift_variance + errors.interval_sd**2 + 1 / due
        surprise = came / due - 1 - level - drift
        widths = surprise / np.sqrt(seen_variance)
        outage = (widths < -BELIEVED_SD) & (came < OUTAGE_SHARE * due)
        belief = BELIEVED_SD / np.maximum(np.abs(widths), BELIEVED_SD)
        belief = np.where(known[:, at] & ~outage, belief, 0.0)
        level_gain, drift_gain = level_variance + shared, drift_variance + shared
        step = belief / seen_variance
        level, drift = level + step * level_gain * surprise, drift + step * drift_gain * surprise
        level_variance = level_variance - step * level_gain**2
        drift_variance = drift_variance - step * drift_gain**2
        shared = shared - step * level_gain * drift_gain
        yield DayState(errors, float(minute[at]), level, drift, level_variance, drift_variance, shared)

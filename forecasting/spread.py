"""How far actuals spread around a forecast: Poisson noise, over-dispersion by interval, and the day's own level.

An interval's count is negative binomial around its mean μ with variance μ + c² μ², where
1 + c² = (1 + day²)(1 + interval²). The day's part is shared by all intervals of a day, so intervals and days are
told apart from one set of figures: the quantiles of `quantiles` and the paths of `forecasting.paths` agree.
The figures are moments of the back-test's errors, shrunk towards a guess where there are few.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
from scipy.optimize import nnls
from scipy.stats import nbinom

from forecasting.rolling import Trial

GUESSED_DAY_SD = 0.10
GUESSED_INTERVAL_SD = 0.05
GUESS_DAYS = 2.0
"""The guess weighs as much as this many days of errors."""
UNTESTED_DAY_SD = 0.20
UNTESTED_INTERVAL_SD = 0.10
"""What is assumed where no error was ever seen: wider, for nothing speaks for the model."""
CLIP_WIDTHS = 4.0
"""Errors beyond this many robust standard deviations count as this many: one strike day is not the rule."""
LONGEST_GROWTH_DAYS = 182
LARGEST_SD = 1.0
LEAST_VARIANCE = 1e-6


@dataclass(frozen=True, slots=True)
class Dispersion:
    """Relative spread of a queue around its forecast.

    Parameters
    ----------
    day_variance, day_growth
        Variance of a day's relative error: the first at once, plus the second for each day ahead.
    interval_variance
        Relative over-dispersion by slot, given the day's level, shape (slots,).
    day_correlation
        Correlation of the errors of two days of one forecast, 0–1.
    """

    day_variance: float
    day_growth: float
    interval_variance: np.ndarray
    day_correlation: float


@dataclass(frozen=True, slots=True)
class Spread:
    """Spread of each interval of a forecast, in the order of its frame.

    Parameters
    ----------
    day
        Which day of the horizon each interval belongs to, shape (intervals,).
    day_sd
        Relative standard deviation of the level of each interval's day, shape (intervals,).
    interval_sd
        Relative standard deviation of the interval around its day, beyond Poisson, shape (intervals,).
    day_correlation
        Correlation of the levels of two days, 0–1.
    """

    day: np.ndarray
    day_sd: np.ndarray
    interval_sd: np.ndarray
    day_correlation: float

    def document(self) -> dict[str, Any]:
        """The same as JSON values."""
        return {
            "day": self.day.tolist(),
            "day_sd": self.day_sd.tolist(),
            "interval_sd": self.interval_sd.tolist(),
            "day_correlation": self.day_correlation,
        }

    @classmethod
    def from_document(cls, document: Mapping[str, Any]) -> Spread:
        """Read back what `document` made."""
        return cls(
            np.asarray(document["day"], dtype=np.int64),
            np.asarray(document["day_sd"], dtype=float),
            np.asarray(document["interval_sd"], dtype=float),
            float(document["day_correlation"]),
        )

    @property
    def variance(self) -> np.ndarray:
        """Relative variance c² of each interval beyond Poisson, shape (intervals,)."""
        both = (1 + self.day_sd**2) * (1 + self.interval_sd**2) - 1
        variance: np.ndarray = np.maximum(both, LEAST_VARIANCE)
        return variance


def spread_over(dispersion: Dispersion, day: np.ndarray, lead: np.ndarray, slot: np.ndarray) -> Spread:
    """Lay a dispersion over intervals with their day of the horizon, days ahead and slot, each (intervals,)."""
    ahead = np.minimum(lead, LONGEST_GROWTH_DAYS)
    day_variance = dispersion.day_variance + dispersion.day_growth * ahead
    return Spread(
        day,
        np.minimum(np.sqrt(day_variance), LARGEST_SD),
        np.minimum(np.sqrt(dispersion.interval_variance[slot]), LARGEST_SD),
        dispersion.day_correlation,
    )


def quantiles(mean: np.ndarray, spread: Spread, levels: tuple[float, ...]) -> np.ndarray:
    """Counts not exceeded with each probability, shape (intervals, levels); integers, increasing along a row."""
    size = 1 / spread.variance
    found = nbinom.ppf(np.asarray(levels), size[:, None], (size / (size + mean))[:, None])
    return np.where(mean[:, None] > 0, found, 0.0)


def guess(slots: int) -> Dispersion:
    """What is assumed before any error was seen."""
    return Dispersion(UNTESTED_DAY_SD**2, 0.0, np.full(slots, UNTESTED_INTERVAL_SD**2), 0.5)


def estimate(trial: Trial) -> Dispersion:
    """Read the dispersion off a back-test by moments.

    Parameters
    ----------
    trial
        Errors of the model that will forecast; days without actuals are passed over.
    """
    known = np.isfinite(trial.actual)
    actual, mean = np.where(known, trial.actual, 0.0), np.where(known, trial.mean, 0.0)
    expected, found = mean.sum(axis=1), actual.sum(axis=1)
    judged = expected > 0
    if not judged.any():
        return guess(trial.mean.shape[1])
    actual, mean, expected, found = actual[judged], mean[judged], expected[judged], found[judged]
    interval_variance = _interval_variance(actual, mean, expected, found)
    noise = (expected + (interval_variance * mean**2).sum(axis=1)) / expected**2
    error = _clipped(found / expected - 1)
    variance, growth = _by_lead(error**2 - noise, trial.lead[judged], expected)
    correlation = _correlation(error, noise, trial.origin[judged])
    return Dispersion(variance, growth, interval_variance, correlation)


def _interval_variance(
    actual: np.ndarray, mean: np.ndarray, expected: np.ndarray, found: np.ndarray
) -> np.ndarray:
    """Squared deviations from the day's shape beyond Poisson, over the squared means, by slot and pooled."""
    level = found / expected
    around = level[:, None] * mean
    poisson = around * (1 - mean / expected[:, None])
    surplus = ((actual - around) ** 2 - poisson).sum(axis=0)
    square = (around**2).sum(axis=0)
    typical = square.sum() / max(int((square > 0).sum()), 1)
    guessed = GUESS_DAYS / len(actual) * square.sum()
    pooled = (max(surplus.sum(), 0.0) + GUESSED_INTERVAL_SD**2 * guessed) / max(square.sum() + guessed, 1e-12)
    if square.sum() == 0:
        return np.full(mean.shape[1], GUESSED_INTERVAL_SD**2)
    # Half a slot's own, half everyone's: twenty days say little about one slot.
    own = (np.maximum(surplus, 0.0) + pooled * typical) / (square + typical)
    shrunk: np.ndarray = 0.5 * (own + pooled)
    return shrunk


def _clipped(error: np.ndarray) -> np.ndarray:
    width = CLIP_WIDTHS * 1.4826 * np.median(np.abs(error))
    return np.clip(error, -width, width) if width > 0 else error


def _by_lead(surplus: np.ndarray, lead: np.ndarray, expected: np.ndarray) -> tuple[float, float]:
    """Level and growth with the lead, neither negative, by weighted least squares on the squared errors."""
    weight = np.sqrt(expected / expected.mean())
    guessed = np.sqrt(GUESS_DAYS)
    design = np.vstack([np.column_stack([weight, weight * lead]), [guessed, 0.0]])
    target = np.concatenate([weight * surplus, [guessed * GUESSED_DAY_SD**2]])
    (level, growth), _ = nnls(design, target)
    return float(level), float(growth)


def _correlation(error: np.ndarray, noise: np.ndarray, origin: np.ndarray) -> float:
    """Mean product of two errors of one origin over their mean square; half where there are no pairs."""
    pairs, products = 0.0, 0.0
    for one in np.unique(origin):
        mine = error[origin == one]
        pairs += len(mine) * (len(mine) - 1)
        products += mine.sum() ** 2 - (mine**2).sum()
    square = float((error**2 - noise).mean())
    if pairs == 0 or square <= 0:
        return 0.5
    return float(np.clip(products / pairs / square, 0.0, 0.95))

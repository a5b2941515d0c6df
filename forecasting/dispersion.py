"""How far a back-test's actuals lay from what was foretold: by interval, by day, and with the days ahead.

The figures are robust, for a strike or a holiday nobody told of says little about ordinary days: deviations of
intervals are cut off, and a day's variance is the one whose 80 % band holds 80 % of the days. Where there are few
errors they are shrunk towards a guess, and older ones weigh less. What the figures miss in shape and size is left
to `forecasting.calibration`.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

import numpy as np
from scipy.special import ndtri
from scipy.stats import norm

from forecasting.calibration import Calibration, calibrate, weighted_quantile
from forecasting.counts import rank
from forecasting.rolling import Trial
from forecasting.within_day import WithinDay

GUESSED_DAY_SD = 0.10
GUESSED_INTERVAL_SD = 0.05
GUESS_DAYS = 2.0
"""The guess weighs as much as this many days of errors."""
UNTESTED_DAY_SD = 0.20
UNTESTED_INTERVAL_SD = 0.10
"""What is assumed where no error was ever seen: wider, for nothing speaks for the model."""
GUESSED_GROWTH = 0.015
"""Growth of a day's variance with each day ahead, as a share of it: threefold at four months."""
GROWTHS = GUESSED_GROWTH * 2.0 ** np.arange(-4, 9)
GROWTH_DOUBLINGS = 2.0
"""Standard deviation of the guessed growth, in doublings."""
LONGEST_GROWTH_DAYS = 182
HALF_LIFE_DAYS = 42.0
"""An error of an origin six weeks older weighs half as much."""
CLIP_WIDTHS = 3.0
"""Intervals further from their day's shape than this many standard deviations count as this many."""
HELD_DAYS = 0.8
TAIL_FREEDOM = 4.0
ROUNDS = 8
PLACES = (np.arange(20) + 0.5) / 20
"""Places within a count's own share it is scored at: middle ranks of small counts lie closer than normal scores."""


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
    calibration
        What the back-test's actuals say about the distribution these figures make.
    within_day
        What the rest of a day learns from its first hours; None until a forecast during the day asked for it.
    """

    day_variance: float
    day_growth: float
    interval_variance: np.ndarray
    day_correlation: float
    calibration: Calibration = field(default_factory=Calibration)
    within_day: WithinDay | None = None

    def document(self) -> dict[str, Any]:
        """The same as JSON values."""
        return {
            "day_variance": self.day_variance,
            "day_growth": self.day_growth,
            "interval_variance": self.interval_variance.tolist(),
            "day_correlation": self.day_correlation,
            "calibration": self.calibration.document(),
            "within_day": None if self.within_day is None else self.within_day.document(),
        }

    @classmethod
    def from_document(cls, document: Mapping[str, Any]) -> Dispersion:
        """Read back what `document` made; the first versions knew nothing of the course of a day."""
        within_day = document.get("within_day")
        return cls(
            float(document["day_variance"]),
            float(document["day_growth"]),
            np.asarray(document["interval_variance"], dtype=float),
            float(document["day_correlation"]),
            Calibration.from_document(document["calibration"]),
            None if within_day is None else WithinDay.from_document(within_day),
        )

    def days_ahead(self, lead: np.ndarray) -> np.ndarray:
        """Variance of a day's relative error so many days ahead."""
        variance: np.ndarray = self.day_variance + self.day_growth * np.minimum(lead, LONGEST_GROWTH_DAYS)
        return variance


def combined(day_variance: np.ndarray, interval_variance: np.ndarray) -> np.ndarray:
    """Relative variance c² of an interval beyond Poisson: 1 + c² = (1 + day²)(1 + interval²)."""
    both: np.ndarray = (1 + day_variance) * (1 + interval_variance) - 1
    return both


def guess(slots: int) -> Dispersion:
    """What is assumed before any error was seen."""
    day_variance = UNTESTED_DAY_SD**2
    return Dispersion(
        day_variance, GUESSED_GROWTH * day_variance, np.full(slots, UNTESTED_INTERVAL_SD**2), 0.5
    )


def estimate(trial: Trial) -> Dispersion:
    """Read the dispersion off a back-test.

    Parameters
    ----------
    trial
        Errors of the model, or mix of models, that will forecast; days without actuals are passed over.
    """
    known = np.isfinite(trial.actual) & (trial.mean > 0)
    actual, mean = np.where(known, trial.actual, 0.0), np.where(known, trial.mean, 0.0)
    judged = mean.sum(axis=1) > 0
    if not judged.any():
        return guess(trial.mean.shape[1])
    actual, mean, known, lead = actual[judged], mean[judged], known[judged], trial.lead[judged]
    origin = trial.origin[judged]
    weight = 0.5 ** ((origin.max() - origin) / HALF_LIFE_DAYS)
    expected = mean.sum(axis=1)
    interval_variance = _interval_variance(actual, mean, weight)
    noise = (expected + (interval_variance * mean**2).sum(axis=1)) / expected**2
    error = actual.sum(axis=1) / expected - 1
    variance, growth = _by_lead(error, noise, lead, weight)
    correlation = _correlation(error, noise + variance * (1 + growth * lead), noise, origin)
    found = Dispersion(variance, variance * growth, interval_variance, correlation)
    spread = np.broadcast_to(combined(found.days_ahead(lead)[:, None], interval_variance), mean.shape)
    ranks = rank(actual[known][:, None], mean[known][:, None], spread[known][:, None], PLACES)
    days = weight.sum() ** 2 / (weight**2).sum()
    weights = np.broadcast_to(weight[:, None], mean.shape)[known]
    calibration = calibrate(ranks.ravel(), np.repeat(weights, len(PLACES)), days)
    return Dispersion(variance, variance * growth, interval_variance, correlation, calibration)


def _interval_variance(actual: np.ndarray, mean: np.ndarray, weight: np.ndarray) -> np.ndarray:
    """Squared deviations from the day's shape beyond Poisson, over the squared means, by slot and pooled."""
    expected = mean.sum(axis=1, keepdims=True)
    around = actual.sum(axis=1, keepdims=True) / expected * mean
    poisson = around * (1 - mean / expected)
    share = weight[:, None] / weight.sum() * len(weight)
    square = share * around**2
    if square.sum() == 0:
        return np.full(mean.shape[1], GUESSED_INTERVAL_SD**2)
    guessed = GUESS_DAYS / len(weight) * square.sum()
    held = _kept_variance(CLIP_WIDTHS)
    pooled, surplus = GUESSED_INTERVAL_SD**2, np.zeros(0)
    for _ in range(ROUNDS):
        widest = CLIP_WIDTHS**2 * (poisson + pooled * around**2)
        surplus = (share * (np.minimum((actual - around) ** 2, widest) / held - poisson)).sum(axis=0)
        pooled = (max(float(surplus.sum()), 0.0) + GUESSED_INTERVAL_SD**2 * guessed) / (
            square.sum() + guessed
        )
    by_slot = square.sum(axis=0)
    typical = by_slot.sum() / int((by_slot > 0).sum())
    # Half a slot's own, half everyone's: twenty days say little about one slot.
    own = (np.maximum(surplus, 0.0) + pooled * typical) / (by_slot + typical)
    shrunk: np.ndarray = 0.5 * (own + pooled)
    return shrunk


def _kept_variance(widths: float) -> float:
    """Variance of a standard normal value cut off at ± widths."""
    inside = norm.cdf(widths) - norm.cdf(-widths)
    return float(inside - 2 * widths * norm.pdf(widths) + widths**2 * (1 - inside))


def _by_lead(
    error: np.ndarray, noise: np.ndarray, lead: np.ndarray, weight: np.ndarray
) -> tuple[float, float]:
    """Variance of a day's error at once, and its growth with each day ahead as a share of it.

    For each growth the variance is the one whose band holds its share of the days; the growth is the one under
    which the errors are likeliest (Student's t, so that one wild day does not decide) beside the guess.
    """
    ahead = np.minimum(lead, LONGEST_GROWTH_DAYS)
    best, found = -np.inf, (0.0, 0.0)
    for growth in GROWTHS:
        widening = 1 + growth * ahead
        needed = ((error / ndtri(0.5 + HELD_DAYS / 2)) ** 2 - noise) / widening
        held = max(float(weighted_quantile(needed, weight, np.array(HELD_DAYS))), 0.0)
        variance = (weight.sum() * held + GUESS_DAYS * GUESSED_DAY_SD**2) / (weight.sum() + GUESS_DAYS)
        square = variance * widening + noise
        likelihood = -0.5 * np.log(square) - (TAIL_FREEDOM + 1) / 2 * np.log1p(
            error**2 / square / TAIL_FREEDOM
        )
        doublings = np.log2(growth / GUESSED_GROWTH) / GROWTH_DOUBLINGS
        total = float((weight * likelihood).sum() - 0.5 * doublings**2)
        if total > best:
            best, found = total, (float(variance), float(growth))
    return found


def _correlation(error: np.ndarray, square: np.ndarray, noise: np.ndarray, origin: np.ndarray) -> float:
    """Mean product of two errors of one origin over the variance they share; half where there are no pairs."""
    width = 2 * np.sqrt(square)
    clipped = np.clip(error, -width, width)
    pairs, products = 0.0, 0.0
    for one in np.unique(origin):
        mine = clipped[origin == one]
        pairs += len(mine) * (len(mine) - 1)
        products += mine.sum() ** 2 - (mine**2).sum()
    level = float((clipped**2 - noise).mean())
    if pairs == 0 or level <= 0:
        return 0.5
    return float(np.clip(products / pairs / level, 0.0, 0.95))

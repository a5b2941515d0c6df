"""How the error of a day's forecast moves over the day.

The relative error of an interval is a level the whole day shares, a part that comes and goes within the day
(Ornstein–Uhlenbeck, the continuous AR(1)), noise of its own, and Poisson noise on top. Four figures describe it,
so that a month of back-test days is enough; the same structure on root counts is Weinberg, Brown & Stroud (2007),
JASA 102:1185–1198, and Aldor-Noiman, Feigin & Mandelbaum (2009), Annals of Applied Statistics 3:1403–1447.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from scipy.optimize import minimize

from forecasting.rolling import Trial

GUESSED_LOG_SD = 0.7
"""Standard deviation of the guess below, on logarithms of its figures."""
BOUNDS = ((0.002, 1.0), (0.002, 1.0), (10.0, 10_000.0), (0.002, 1.0))
"""Least and largest value of each figure."""
BLOCK_MIN = 30
"""Counts of shorter intervals are added up to this: the cost grows with the cube of the blocks."""
LONGEST_LEAD_DAYS = 7
LONGEST_DAYS = 84
"""Newest days of the back-test that are looked at, each as it was foretold last."""
CLIP_WIDTHS = 3.0
"""Errors beyond this many robust standard deviations count as this many: one strike is not the rule."""


@dataclass(frozen=True, slots=True)
class DayErrors:
    """Relative errors of the intervals of a day beyond Poisson; the defaults are what is guessed unseen.

    Parameters
    ----------
    level_sd
        Of what all intervals of a day share.
    drift_sd, memory_min
        Of what comes and goes; its correlation falls to 1/e after the memory.
    interval_sd
        Of what an interval has for itself.
    """

    level_sd: float = 0.05
    drift_sd: float = 0.07
    memory_min: float = 300.0
    interval_sd: float = 0.03

    def covariance(self, minute: np.ndarray) -> np.ndarray:
        """Covariance of the relative errors of intervals beginning at these minutes, their own noise included."""
        distance = np.abs(minute[:, None] - minute[None, :])
        shared = self.level_sd**2 + self.drift_sd**2 * np.exp(-distance / self.memory_min)
        covariance: np.ndarray = shared + self.interval_sd**2 * np.eye(len(minute))
        return covariance


GUESS = DayErrors()


def latest_days(trial: Trial) -> tuple[np.ndarray, np.ndarray]:
    """Actual and mean of each back-test day as it was foretold last, unknown cells with mean 0 and actual 0.

    Returns
    -------
    tuple
        Two arrays of shape (days, slots), in order of time.
    """
    place = trial.origin + trial.lead - 1
    order = np.lexsort((trial.lead, place))
    latest = order[np.r_[True, np.diff(place[order]) > 0]] if len(order) else order
    latest = latest[trial.lead[latest] <= LONGEST_LEAD_DAYS]
    known = np.isfinite(trial.actual[latest]) & (trial.mean[latest] > 0)
    latest, known = latest[known.any(axis=1)], known[known.any(axis=1)]
    latest, known = latest[-LONGEST_DAYS:], known[-LONGEST_DAYS:]
    return np.where(known, trial.actual[latest], 0.0), np.where(known, trial.mean[latest], 0.0)


def estimate_errors(actual: np.ndarray, mean: np.ndarray, interval_min: int) -> DayErrors:
    """The likeliest figures beside the guess.

    Parameters
    ----------
    actual, mean
        Contacts as `latest_days` gives them, shape (days, slots).
    interval_min
        Minutes from one slot to the next.
    """
    if not mean.any():
        return GUESS
    width = max(1, BLOCK_MIN // interval_min)
    starts = np.arange(0, mean.shape[1], width)
    actual, mean = np.add.reduceat(actual, starts, axis=1), np.add.reduceat(mean, starts, axis=1)
    used = mean.any(axis=0)
    actual, mean, minute = actual[:, used], mean[:, used], (starts * float(interval_min))[used]
    error = _clipped(actual, mean)
    guess = np.log([GUESS.level_sd, GUESS.drift_sd, GUESS.memory_min, GUESS.interval_sd])

    def surprise(logs: np.ndarray) -> float:
        unlikely = float((((logs - guess) / GUESSED_LOG_SD) ** 2).sum())
        covariance = _errors(logs, width).covariance(minute)
        return unlikely + _surprise(error, mean, covariance)

    found = minimize(
        surprise,
        guess,
        method="L-BFGS-B",
        bounds=[(float(np.log(least)), float(np.log(most))) for least, most in BOUNDS],
    )
    best = _errors(found.x, width)
    return DayErrors(best.level_sd, best.drift_sd, best.memory_min, best.interval_sd * width**0.5)


def _errors(logs: np.ndarray, width: int) -> DayErrors:
    level, drift, memory, interval = (float(figure) for figure in np.exp(logs))
    # The guess is an interval's; the sum of a block has less of it.
    return DayErrors(level, drift, memory, interval / width**0.5)


def _clipped(actual: np.ndarray, mean: np.ndarray) -> np.ndarray:
    """Errors of the cells, wild ones cut off; 0 where the mean is 0."""
    relative = GUESS.level_sd**2 + GUESS.drift_sd**2 + GUESS.interval_sd**2
    usual = np.sqrt(mean + relative * mean**2)
    known = mean > 0
    error = np.where(known, actual - mean, 0.0)
    scale = 1.4826 * float(np.median(np.abs(error[known]) / usual[known]))
    clipped: np.ndarray = np.clip(error, -CLIP_WIDTHS * scale * usual, CLIP_WIDTHS * scale * usual)
    return clipped


def _surprise(error: np.ndarray, mean: np.ndarray, covariance: np.ndarray) -> float:
    """Minus twice the logarithm of the likelihood, up to a constant; cells with mean 0 are unknown."""
    noisy = covariance * mean[:, :, None] * mean[:, None, :]
    cell = np.arange(mean.shape[1])
    noisy[:, cell, cell] += np.where(mean > 0, mean, 1.0)
    factor = np.linalg.cholesky(noisy)
    white = np.linalg.solve(factor, error[:, :, None])[:, :, 0]
    return float((white**2).sum() + 2 * np.log(np.diagonal(factor, axis1=1, axis2=2)).sum())

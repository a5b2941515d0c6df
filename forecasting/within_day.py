"""What a queue's back-test days say about the rest of a day: how errors last, and how far to trust that by the hour.

A handful of figures, learnt once and kept with a choice of models, so that a forecast made during the day costs what
one made in the evening costs.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from typing import Any

import numpy as np

from forecasting.intraday_errors import DayErrors, estimate_errors, latest_days
from forecasting.intraday_filter import DayState, follow, states
from forecasting.rolling import Trial

DOUBTED_DAYS = 20.0
"""Days on which the step would have been right to the contact, for half of it to be taken."""
LEAST_FACTOR = 0.1
"""What is left of the morning's forecast however few have come."""


@dataclass(frozen=True, slots=True)
class DayUpdate:
    """What the intervals so far say about those to come.

    Parameters
    ----------
    factor
        To multiply the mean of each coming interval by, shape (intervals,).
    interval_share
        Share of its relative variance that each keeps, 0–1, shape (intervals,).
    day_share
        Share of the variance of their total that is left, 0–1.
    trust
        Share of the step that is taken, 0–1.
    """

    factor: np.ndarray
    interval_share: np.ndarray
    day_share: float
    trust: float


@dataclass(frozen=True, slots=True)
class WithinDay:
    """How a queue's errors move over the day, and what following them is worth at each time of it.

    Parameters
    ----------
    errors
        As estimated from the back-test's days.
    interval_min
        Minutes from one slot to the next.
    trusts
        See `trusts`, shape (slots + 1,).
    """

    errors: DayErrors
    interval_min: int
    trusts: np.ndarray

    @classmethod
    def of(cls, trial: Trial, interval_min: int) -> WithinDay:
        """Learn from a back-test."""
        actual, mean = latest_days(trial)
        errors = estimate_errors(actual, mean, interval_min)
        return cls(errors, interval_min, trusts(actual, mean, interval_min, errors))

    def document(self) -> dict[str, Any]:
        """The same as JSON values."""
        return {
            "errors": asdict(self.errors),
            "interval_min": self.interval_min,
            "trusts": self.trusts.tolist(),
        }

    @classmethod
    def from_document(cls, document: Mapping[str, Any]) -> WithinDay:
        """Read back what `document` made."""
        return cls(
            DayErrors(**document["errors"]),
            int(document["interval_min"]),
            np.asarray(document["trusts"], dtype=float),
        )

    def trust(self, until_min: float) -> float:
        """Share of the step that is taken at this minute of the day, 0–1."""
        over = int(np.clip(until_min // self.interval_min, 0, len(self.trusts) - 1))
        return float(self.trusts[over])

    def update(
        self, mean: np.ndarray, actual: np.ndarray, minute: np.ndarray, coming: np.ndarray, until_min: float
    ) -> DayUpdate:
        """Carry the errors of a day's first intervals on to those to come.

        Parameters
        ----------
        mean
            Contacts forecast before the day, shape (intervals,).
        actual
            Contacts that came, NaN where not known or yet to come, shape (intervals,).
        minute
            Minutes from any instant to the begin of each, increasing, shape (intervals,).
        coming
            Whether an interval is yet to come, shape (intervals,); neither all nor none are.
        until_min
            Local minute of the day it is now.
        """
        over = ~coming
        state = follow(mean[None, over], actual[None, over], minute[over], self.errors)
        trust = self.trust(until_min)
        factor = np.maximum(1 + trust * state.ahead(minute[coming])[0], LEAST_FACTOR)
        interval_share, day_share = _shares(state, mean[coming], minute[coming])
        # With the slope as trust, its square is the share of the promised gain that came true.
        kept = 1 - trust**2 * (1 - np.append(interval_share, day_share))
        return DayUpdate(factor, kept[:-1], float(kept[-1]), trust)


def trusts(actual: np.ndarray, mean: np.ndarray, interval_min: int, errors: DayErrors) -> np.ndarray:
    """Which share of the step would have been best on past days, by how many slots of the day are over.

    The slope of what came on what the step said, by least squares with a day's counts weighing as Poisson noise has
    it, shrunk towards 0: of few days little is taken.

    Parameters
    ----------
    actual, mean
        The days, as `latest_days` gives them, shape (days, slots).
    interval_min
        Minutes from one slot to the next.
    errors
        How errors move.

    Returns
    -------
    ndarray
        Shape (slots + 1,), 0–1; 0 before the day's first slot is over and when all are.
    """
    slots = mean.shape[1]
    found = np.zeros(slots + 1)
    if not mean.any():
        return found
    minute = np.arange(slots) * float(interval_min)
    for over, state in enumerate(states(mean[:, :-1], actual[:, :-1], minute[:-1], errors), start=1):
        due = mean[:, over:]
        said = due * state.ahead(minute[over:])
        weight = 1 / np.maximum(due.sum(axis=1), 1.0)
        agreed = (weight * (said * (actual[:, over:] - due)).sum(axis=1)).sum()
        square = (weight * (said**2).sum(axis=1)).sum()
        doubt = DOUBTED_DAYS * square / len(due)
        if square > 0:
            found[over] = np.clip(agreed / (square + doubt), 0.0, 1.0)
    return found


def _shares(state: DayState, mean: np.ndarray, minute: np.ndarray) -> tuple[np.ndarray, float]:
    """Variances after over variances before, of the intervals and of their total."""
    before, after = state.errors.covariance(minute), state.covariance(minute)[0]
    interval = np.diag(after) / np.diag(before)
    weight = mean / mean.max() if mean.any() else np.ones(len(mean))
    day = (weight @ after @ weight) / (weight @ before @ weight)
    return np.clip(interval, 0.0, 1.0), float(np.clip(day, 0.0, 1.0))

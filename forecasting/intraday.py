"""Today's remainder from what has come in so far: `forecast` with a cutoff within its first day.

The plain ratio of actual to forecast so far makes the rest of a day worse. The error seen is therefore carried on
only as far as past days say that errors last (`forecasting.intraday_errors`, `forecasting.intraday_filter`), and
only as far as doing so at this time of day would have helped on the back-test's days. Later days are left as they
are: even today's whole error, known, told next to nothing about the week after it.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np
import pandas as pd

from data.domain import Queue
from forecasting.combine import Combination
from forecasting.intraday_errors import DayErrors, estimate_errors, latest_days
from forecasting.intraday_filter import DayState, follow
from forecasting.origins import plan_trial
from forecasting.rolling import Trial
from forecasting.spread import Spread
from forecasting.study import FAR_MODELS, Study

LEARNT_ORIGINS = 12
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
class Intraday:
    """A queue's back-test days, and how their errors moved over the day.

    Parameters
    ----------
    errors
        As estimated from the days.
    interval_min
        Minutes from one slot to the next.
    actual, mean
        The days, as `latest_days` gives them, shape (days, slots).
    """

    errors: DayErrors
    interval_min: int
    actual: np.ndarray
    mean: np.ndarray

    @classmethod
    def of(cls, trial: Trial, interval_min: int) -> Intraday:
        """Learn from a back-test."""
        actual, mean = latest_days(trial)
        return cls(estimate_errors(actual, mean, interval_min), interval_min, actual, mean)

    def trust(self, until_min: float) -> float:
        """Which share of the step, taken at this minute of the day, would have been best on the days.

        The slope of what came on what the step said, by least squares with a day's counts weighing as Poisson
        noise has it, shrunk towards 0: of few days little is taken.
        """
        minute = np.arange(self.mean.shape[1]) * float(self.interval_min)
        over = minute + self.interval_min <= until_min
        if not over.any() or over.all() or not self.mean.any():
            return 0.0
        state = follow(self.mean[:, over], self.actual[:, over], minute[over], self.errors)
        due = self.mean[:, ~over]
        said = due * state.ahead(minute[~over])
        weight = 1 / np.maximum(due.sum(axis=1), 1.0)
        agreed = (weight * (said * (self.actual[:, ~over] - due)).sum(axis=1)).sum()
        square = (weight * (said**2).sum(axis=1)).sum()
        doubt = DOUBTED_DAYS * square / len(due)
        return float(np.clip(agreed / (square + doubt), 0.0, 1.0)) if square > 0 else 0.0

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


def _shares(state: DayState, mean: np.ndarray, minute: np.ndarray) -> tuple[np.ndarray, float]:
    """Variances after over variances before, of the intervals and of their total."""
    before, after = state.errors.covariance(minute), state.covariance(minute)[0]
    interval = np.diag(after) / np.diag(before)
    weight = mean / mean.max() if mean.any() else np.ones(len(mean))
    day = (weight @ after @ weight) / (weight @ before @ weight)
    return np.clip(interval, 0.0, 1.0), float(np.clip(day, 0.0, 1.0))


def learn(known: Study, choice: Combination, origin: int) -> Intraday | None:
    """Learn from what the chosen mix would have said of the weeks before an origin.

    More origins are asked than the choice itself rests on: how errors last is told apart from chance only by many
    days. None where history is too short for a back-test.
    """
    chosen = tuple(model for model in known.models if model.name in choice.weights)
    quick = tuple(model for model in chosen if model.name not in FAR_MODELS) or chosen
    week_days = int(known.matrix.opened.any(axis=1).sum())
    plan = plan_trial(known.rolling.series(origin).usable, 1, quick, LEARNT_ORIGINS, week_days)
    if not plan.origins:
        return None
    trials = {
        model.name: trial
        for model in plan.models
        if (trial := known.rolling.trial(model, plan.origins, plan.horizon_days, origin)) is not None
    }
    total = sum(choice.weights[name] for name in trials)
    weights = {name: choice.weights[name] / total for name in trials}
    trial = replace(choice, weights=weights, trials=trials).trial if trials else None
    return None if trial is None else Intraday.of(trial, known.queue.interval_min)


def up_to_date(
    known: Study,
    choice: Combination,
    intervals: pd.DataFrame,
    *,
    mean: np.ndarray,
    spread: Spread,
    cutoff: pd.Timestamp,
) -> tuple[np.ndarray, Spread]:
    """Bring a forecast up to date where its horizon holds a day that is not over; see `with_today`.

    Parameters
    ----------
    known
        The queue up to the cutoff.
    choice
        The mix the forecast is made by.
    intervals
        Grid of the horizon.
    mean, spread
        As forecast from whole days, one value an interval.
    cutoff
        Now.
    """
    over, coming = _today(known.queue, intervals, cutoff)
    if not over.any() or not coming.any():
        return mean, spread
    learnt = learn(known, choice, len(known.matrix.days))
    if learnt is None:
        return mean, spread
    return with_today(learnt, known.queue, known.rows, intervals, mean=mean, spread=spread, cutoff=cutoff)


def with_today(
    learnt: Intraday,
    queue: Queue,
    rows: pd.DataFrame,
    intervals: pd.DataFrame,
    *,
    mean: np.ndarray,
    spread: Spread,
    cutoff: pd.Timestamp,
) -> tuple[np.ndarray, Spread]:
    """Bring the intervals of the cutoff's day that are yet to come up to date; all others stay as they were.

    Parameters
    ----------
    learnt
        From the days before.
    queue, rows
        The queue and its history; of intervals not over at the cutoff nothing is read.
    intervals, mean, spread, cutoff
        As for `up_to_date`.
    """
    over, coming = _today(queue, intervals, cutoff)
    start = intervals["start"]
    place = pd.Index(rows["start"]).get_indexer(pd.Index(start))
    came = np.where((place >= 0) & over, rows["offered"].to_numpy(dtype=float)[place], np.nan)
    if not np.isfinite(came).any() or not coming.any():
        return mean, spread
    today = over | coming
    minute = ((start - start.iloc[0]) / pd.Timedelta(minutes=1)).to_numpy(dtype=float)
    now = cutoff.tz_convert(queue.timezone)
    update = learnt.update(mean[today], came[today], minute[today], coming[today], 60 * now.hour + now.minute)
    fresh = mean.copy()
    fresh[coming] *= update.factor
    day_variance, variance = spread.day_sd.copy() ** 2, spread.variance.copy()
    day_variance[coming] *= update.day_share
    variance[coming] *= update.interval_share
    own = np.maximum((1 + variance[coming]) / (1 + day_variance[coming]) - 1, 0.0)
    interval_sd = spread.interval_sd.copy()
    interval_sd[coming] = np.sqrt(own)
    return fresh, replace(spread, day_sd=np.sqrt(day_variance), interval_sd=interval_sd)


def _today(queue: Queue, intervals: pd.DataFrame, cutoff: pd.Timestamp) -> tuple[np.ndarray, np.ndarray]:
    """Which intervals of the cutoff's local day are over, and which are yet to come."""
    day = cutoff.tz_convert(queue.timezone).tz_localize(None).normalize()
    today = (intervals["date"] == day).to_numpy()
    ended = (intervals["start"] + pd.Timedelta(minutes=queue.interval_min) <= cutoff).to_numpy()
    return today & ended, today & ~ended

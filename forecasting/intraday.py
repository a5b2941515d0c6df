"""Today's remainder from what has come in so far: `forecast` with a cutoff within its first day.

The plain ratio of actual to forecast so far makes the rest of a day worse. The error seen is therefore carried on
only as far as past days say that errors last (`forecasting.intraday_errors`, `forecasting.intraday_filter`), and
only as far as doing so at this time of day would have helped on the back-test's days. Later days are left as they
are: even today's whole error, known, told next to nothing about the week after it.
"""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pandas as pd

from data.domain import Queue
from forecasting.combine import Combination
from forecasting.dispersion import Dispersion
from forecasting.origins import plan_trial
from forecasting.spread import Spread
from forecasting.study import FAR_MODELS, Study
from forecasting.within_day import WithinDay

LEARNT_ORIGINS = 12


def learn(known: Study, choice: Combination, origin: int) -> WithinDay | None:
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
    return None if trial is None else WithinDay.of(trial, known.queue.interval_min)


def up_to_date(
    known: Study,
    choice: Combination,
    dispersion: Dispersion,
    intervals: pd.DataFrame,
    *,
    mean: np.ndarray,
    spread: Spread,
    cutoff: pd.Timestamp,
) -> tuple[np.ndarray, Spread, Dispersion]:
    """Bring a forecast up to date where its horizon holds a day that is not over; see `with_today`.

    Parameters
    ----------
    known
        The queue up to the cutoff.
    choice
        The mix the forecast is made by.
    dispersion
        Of the same mix; what it does not say about the course of a day yet is learnt, and comes back with it.
    intervals
        Grid of the horizon.
    mean, spread
        As forecast from whole days, one value an interval.
    cutoff
        Now.
    """
    over, coming = _today(known.queue, intervals, cutoff)
    if not over.any() or not coming.any():
        return mean, spread, dispersion
    learnt = dispersion.within_day or learn(known, choice, len(known.matrix.days))
    if learnt is None:
        return mean, spread, dispersion
    fresh, left = with_today(
        learnt, known.queue, known.rows, intervals, mean=mean, spread=spread, cutoff=cutoff
    )
    return fresh, left, replace(dispersion, within_day=learnt)


def with_today(
    learnt: WithinDay,
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

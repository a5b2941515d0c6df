"""What many simulated paths say: distributions of the measures and the chance of reaching the target."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pandas as pd
from numpy.typing import ArrayLike

from data.domain import Period, Queue
from scheduling.arguments import Floats, Integers
from scheduling.requirement import local_spans
from scheduling.simulation_measures import Bound, Measure, bound, measure
from scheduling.simulation_tally import TALLIED

NORMAL_975 = 1.959964
"""97.5 % point of the normal distribution: 95 % lie between it and its negative."""

HORIZON = "horizon"
LEVELS = {"q05": 0.05, "q50": 0.5, "q95": 0.95}
CHANCE = ["p_met", "p_met_low", "p_met_high"]
COLUMNS = ["queue", "measure", "period", "date", "mean", *LEVELS, "target", *CHANCE]
INTERVAL_COLUMNS = ["queue", "measure", "start", "mean", *LEVELS, "target", *CHANCE]
LONGER = (Period.WEEK, Period.MONTH)


def summarise(days: pd.DataFrame, queues: Sequence[Queue]) -> pd.DataFrame:
    """Distribution of each measure over the paths: per queue and day, over the target's week or month, over all.

    Parameters
    ----------
    days
        Columns path, queue, date and those of `simulation_tally.TALLIED`, every path with the same queues and days.
    queues
        For their targets; the order of the rows.

    Returns
    -------
    DataFrame
        Columns queue, measure (see `Measure`), period (day, week, month, horizon), date (first local day of a day,
        week or month that there is; NaT for the horizon), mean, q05, q50, q95 over the paths, target (what is asked
        of the measure over that span), p_met (share of paths that reach it), p_met_low, p_met_high (its Wilson 95 %
        interval). The last four are missing where the target is not counted over the span; over the horizon it is
        that of its period. Weeks and months have rows where the target is counted over them. ASA is summarised
        over the paths in which anybody was answered.
    """
    frames = []
    for queue in queues:
        own = days.loc[days["queue"] == queue.id]
        if own.empty:
            continue
        path = np.unique(own["path"], return_inverse=True)[1].astype(np.int64)
        spans = [("day", own["date"])]
        if queue.target.period in LONGER:
            week_or_month = local_spans(own["date"], queue.target.period)
            spans.append((queue.target.period.value, own["date"].groupby(week_or_month).transform("min")))
        spans.append((HORIZON, pd.Series(pd.NaT, index=own.index, dtype=own["date"].dtype)))
        parts = [(period, *_summed(own, path, date)) for period, date in spans]
        for of in Measure:
            for period, first, sums in parts:
                asked = bound(queue, of, queue.target.period if period == HORIZON else Period(period))
                found = distribution(measure(queue, sums)[of], asked)
                frames.append(found.assign(queue=queue.id, measure=of.value, period=period, date=first))
    types = {"queue": "str", "measure": "str", "period": "str", "date": days["date"].dtype}
    if not frames:
        return pd.DataFrame(columns=COLUMNS).astype(types)
    return pd.concat(frames, ignore_index=True)[COLUMNS].astype(types)


def _summed(own: pd.DataFrame, path: Integers, date: pd.Series) -> tuple[pd.DatetimeIndex, dict[str, Floats]]:
    """First day of each span, and the tallied columns summed over it, each of shape (paths, spans)."""
    span, first = pd.factorize(date, sort=True, use_na_sentinel=False)
    shape = (int(path.max()) + 1, len(first))
    place = path * shape[1] + span
    sums: dict[str, Floats] = {
        name: np.bincount(place, own[name], shape[0] * shape[1]).reshape(shape).astype(float)
        for name in TALLIED
    }
    return pd.DatetimeIndex(first), sums


def distribution(values: Floats, asked: Bound | None) -> pd.DataFrame:
    """Mean, quantiles and the chance of keeping a bound, over the paths, one row a span.

    Parameters
    ----------
    values
        Shape (paths, spans); NaN where not defined, which counts as missed.
    asked
        What is to be kept, None for nothing.
    """
    count = np.isfinite(values).sum(axis=0)
    with np.errstate(invalid="ignore"):
        columns = {"mean": np.nansum(values, axis=0, dtype=float) / np.where(count > 0, count, np.nan)}
    columns |= dict(zip(LEVELS, quantiles(values, tuple(LEVELS.values())), strict=True))
    missing = np.full(values.shape[1], np.nan)
    if asked is None:
        return pd.DataFrame(columns | dict.fromkeys(("target", *CHANCE), missing))
    met = asked.met(values).sum(axis=0)
    low, high = wilson(met, len(values))
    chances = (met / len(values), low, high)
    return pd.DataFrame(
        columns | {"target": np.full(values.shape[1], asked.value)} | dict(zip(CHANCE, chances, strict=True))
    )


def quantiles(values: Floats, levels: Sequence[float]) -> list[Floats]:
    """Quantiles of each column's finite values, NaN where there are none; linear between values as in numpy."""
    ordered = np.sort(values, axis=0)
    last = np.maximum(np.isfinite(values).sum(axis=0) - 1, 0)
    column = np.arange(values.shape[1])
    found = []
    for level in levels:
        place = level * last
        below = np.floor(place).astype(np.int64)
        above = np.minimum(below + 1, last)
        weight = place - below
        found.append(ordered[below, column] * (1 - weight) + ordered[above, column] * weight)
    return found


def wilson(successes: ArrayLike, trials: int) -> tuple[Floats, Floats]:
    """Wilson's (1927) 95 % interval of a share, Journal of the American Statistical Association 22:209."""
    z2 = NORMAL_975**2
    met = np.asarray(successes, dtype=float)
    centre = (met + z2 / 2) / (trials + z2)
    share = met / trials
    half = NORMAL_975 / (trials + z2) * np.sqrt(share * (1 - share) * trials + z2 / 4)
    return np.maximum(0.0, centre - half), np.minimum(1.0, centre + half)

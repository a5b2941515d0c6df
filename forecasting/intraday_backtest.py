"""Back-test of intraday updates: what would have been said of the rest of past days, beside what came."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

import numpy as np
import pandas as pd

from data.domain import Peak, Queue
from data.errors import InputError
from data.intervals import grid, local_midnight
from data.schema import QUANTILE_COLUMNS, QUANTILES
from forecasting.day_matrix import slots_of
from forecasting.dispersion import estimate, guess
from forecasting.forecast import DEFAULTS
from forecasting.intraday import learn, with_today
from forecasting.one_thread import one_thread
from forecasting.settings import Settings
from forecasting.spread import quantiles, spread_over
from forecasting.study import Study, study

COLUMNS = ["queue", "cutoff", "start", "over", "actual", "before", "mean", *QUANTILE_COLUMNS]


@one_thread
def intraday_backtest(
    queue: Queue,
    history: pd.DataFrame,
    peaks: Sequence[Peak],
    *,
    days: Sequence[date],
    at_min: Sequence[int],
    seed: int = 0,
    settings: Settings = DEFAULTS,
) -> pd.DataFrame:
    """Forecast past days the evening before, and bring them up to date at several times of the day.

    Parameters
    ----------
    queue, history, peaks, seed, settings
        As for `forecasting.forecast.forecast`.
    days
        Local days to judge; those without actuals or without a week of history before them are left out.
    at_min
        Minutes of the day, on its clock, at which the forecast is brought up to date.

    Returns
    -------
    DataFrame
        One row a day, time and interval with an actual: queue, cutoff, start, over (whether it had ended by then),
        actual, before (mean as forecast for the day), mean, q025 … q975.

    Raises
    ------
    InputError
        No day can be judged; or the history is faulty.
    """
    until = history["start"].max() + pd.Timedelta(minutes=queue.interval_min)
    if pd.isna(until):
        raise InputError(f"queue {queue.id!r}: it has no history to test on. Import history first.")
    last = until.tz_convert(queue.timezone).date()
    known = study(queue, history, peaks, cutoff=until, last=last, seed=seed, settings=settings)
    places = known.matrix.days.get_indexer(pd.DatetimeIndex([pd.Timestamp(day) for day in sorted(days)]))
    parts = [part for place in places if place > 0 for part in _of_day(known, int(place), at_min)]
    if not parts:
        raise InputError(
            f"queue {queue.id!r}: none of the days has a week of history before it and actuals of its own. "
            "Choose later days within the history."
        )
    return pd.concat(parts, ignore_index=True)[COLUMNS]


def _of_day(known: Study, origin: int, at_min: Sequence[int]) -> list[pd.DataFrame]:
    queue = known.queue
    ahead = known.matrix.days[origin : origin + 1]
    today = ahead[0].date()
    intervals = grid(queue, today, 1)
    needed = int(known.matrix.opened.any(axis=1).sum())
    if intervals.empty or known.rolling.series(origin).usable.sum() < needed:
        return []
    start = intervals["start"]
    place = pd.Index(known.rows["start"]).get_indexer(pd.Index(start))
    actual = np.where(place >= 0, known.rows["offered"].to_numpy(dtype=float)[place], np.nan)
    if not np.isfinite(actual).any():
        return []
    choice = known.judge(origin, 1)
    slot, day = slots_of(intervals, queue), np.zeros(len(intervals), dtype=np.int64)
    choice, means = known.predict_mix(choice, origin, ahead)
    before = means[0, slot]
    dispersion = guess(known.matrix.opened.shape[1]) if choice.trial is None else estimate(choice.trial)
    spread = spread_over(dispersion, day, day + 1, slot)
    learnt = learn(known, choice, origin)
    midnight = local_midnight(today, queue.timezone)
    parts = []
    for minute in at_min:
        cutoff = midnight + pd.Timedelta(minutes=minute)
        over = (start + pd.Timedelta(minutes=queue.interval_min) <= cutoff).to_numpy()
        mean, left = before, spread
        if learnt is not None:
            mean, left = with_today(
                learnt, queue, known.rows, intervals, mean=before, spread=spread, cutoff=cutoff
            )
        columns = dict(zip(QUANTILE_COLUMNS, quantiles(mean, left, QUANTILES).T, strict=True))
        part = pd.DataFrame(
            {
                "queue": queue.id,
                "cutoff": cutoff,
                "start": start,
                "over": over,
                "actual": actual,
                "before": before,
                "mean": mean,
                **columns,
            }
        )
        parts.append(part.loc[np.isfinite(actual)])
    return parts

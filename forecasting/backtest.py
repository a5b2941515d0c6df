"""Rolling-origin evaluation: what would have been forecast at past moments, beside what came."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date

import numpy as np
import pandas as pd

from data.corrections import Decision
from data.domain import Peak, Queue
from data.errors import InputError
from data.intervals import grid, local_midnight
from data.schema import QUANTILE_COLUMNS, QUANTILES
from forecasting.accuracy import bias, coverage, interval_hit_rate, wape
from forecasting.combine import CHOICE
from forecasting.day_matrix import slots_of
from forecasting.forecast import DEFAULTS
from forecasting.one_thread import one_thread
from forecasting.settings import LONGEST_HORIZON_DAYS, Settings
from forecasting.spread import quantiles, spread_over
from forecasting.study import Study, dispersion_of, study

Progress = Callable[[str, float | None], None]
COLUMNS = ["queue", "origin", "method", "start", "actual", "mean", *QUANTILE_COLUMNS]


@dataclass(frozen=True, slots=True)
class Backtest:
    """Forecasts from past origins beside the actuals.

    Parameters
    ----------
    frame
        One row a queue, origin (instant its horizon begins, which is also its cutoff), method and interval with
        an actual: actual, mean, q05 … q95. Method "peakshift" is the forecast as it would have been made.
    scores
        One row a method, best first: wape, bias, hit_rate, cover80, cover90 (fractions), seconds (a fit).
    """

    frame: pd.DataFrame
    scores: pd.DataFrame


@one_thread
def backtest(
    queue: Queue,
    history: pd.DataFrame,
    peaks: Sequence[Peak],
    *,
    cutoff: pd.Timestamp | None = None,
    horizon_days: int = 7,
    origins: int = 8,
    step_days: int = 7,
    starts: Sequence[date] = (),
    seed: int = 0,
    settings: Settings = DEFAULTS,
    decisions: Sequence[Decision] = (),
    progress: Progress | None = None,
) -> Backtest:
    """Forecast from past origins, each knowing nothing later, and score every method on the same intervals.

    Broken days are judged as they came: only fitting leaves them out.

    Parameters
    ----------
    queue, history, peaks, seed, settings, decisions
        As for `forecasting.forecast.forecast`.
    cutoff
        Nothing after it is looked at; the end of the history when None.
    horizon_days
        Days forecast from each origin.
    origins, step_days
        How many origins, and the days between them; the last horizon ends with the last whole day known.
    starts
        First days of the horizons, instead of `origins` and `step_days`.
    progress
        Called with what is being done and the share done, 0–1.

    Raises
    ------
    InputError
        No origin has a week of history before it and a known day after it; or the history is faulty.
    """
    if min(horizon_days, step_days, origins) < 1 or horizon_days > LONGEST_HORIZON_DAYS:
        raise InputError(
            f"back-test: origins and step_days are at least 1, horizon_days is 1 to {LONGEST_HORIZON_DAYS}."
        )
    until = history["start"].max() + pd.Timedelta(minutes=queue.interval_min) if cutoff is None else cutoff
    if pd.isna(until):
        raise InputError(f"queue {queue.id!r}: it has no history to test on. Import history first.")
    last = until.tz_convert(queue.timezone).date()
    known = study(
        queue, history, peaks, cutoff=until, last=last, seed=seed, settings=settings, decisions=decisions
    )
    places = _origins(known, horizon_days, origins, step_days, starts)
    parts = []
    for index, origin in enumerate(places):
        if progress is not None:
            progress(f"Back-test: {queue.id} from {known.matrix.days[origin].date()}", index / len(places))
        parts.extend(_from_origin(known, origin, horizon_days))
    frame = pd.concat(parts, ignore_index=True)
    return Backtest(frame[COLUMNS], _scores(frame, known))


def _origins(
    known: Study, horizon_days: int, origins: int, step_days: int, starts: Sequence[date]
) -> list[int]:
    """Days known at each origin, earliest first; origins without a week before them are left out."""
    days = known.matrix.days
    if starts:
        wanted = days.get_indexer(pd.DatetimeIndex([pd.Timestamp(start) for start in sorted(starts)]))
    else:
        wanted = (len(days) - horizon_days - step_days * np.arange(origins))[::-1]
    needed = int(known.matrix.opened.any(axis=1).sum())
    usable = np.concatenate([[0], np.cumsum(known.rolling.series(len(days)).usable)])
    places = [int(place) for place in wanted if place > 0 and usable[place] >= needed]
    places = [place for place in places if known.rolling.series(place).usable.sum() >= needed]
    if not places:
        raise InputError(
            f"queue {known.queue.id!r}: {len(days)} days of history, {days[0].date()} to {days[-1].date()}, leave no "
            f"origin with a week before it and {horizon_days} days after it. Import more history or shorten the horizon."
        )
    return places


def _from_origin(known: Study, origin: int, horizon_days: int) -> list[pd.DataFrame]:
    queue, matrix = known.queue, known.matrix
    ahead = matrix.days[origin : origin + horizon_days]
    intervals = grid(queue, ahead[0].date(), len(ahead))
    day = (intervals["date"] - ahead[0]).dt.days.to_numpy()
    slot = slots_of(intervals, queue)
    place = pd.Index(known.rows["start"]).get_indexer(pd.Index(intervals["start"]))
    actual = np.where(place >= 0, known.rows["offered"].to_numpy(dtype=float)[place], np.nan)
    choice = known.judge(origin, horizon_days)
    choice, mixed = known.predict_mix(choice, origin, ahead)
    parts = []
    for name in (*known.judged(choice, origin), CHOICE):
        found = mixed if name == CHOICE else known.predict(name, origin, ahead)
        if found is None:
            continue
        mean = found[day, slot]
        dispersion = dispersion_of(choice, None if name == CHOICE else name, found.shape[1])
        spread = spread_over(dispersion, day, day + 1, slot)
        columns = dict(zip(QUANTILE_COLUMNS, quantiles(mean, spread, QUANTILES).T, strict=True))
        part = pd.DataFrame(
            {
                "queue": queue.id,
                "origin": local_midnight(ahead[0].date(), queue.timezone),
                "method": name,
                "start": intervals["start"],
                "actual": actual,
                "mean": mean,
                **columns,
            }
        )
        parts.append(part.loc[np.isfinite(actual)])
    return parts


def _scores(frame: pd.DataFrame, known: Study) -> pd.DataFrame:
    rows = []
    for method, part in frame.groupby("method", sort=False):
        actual, mean = part["actual"].to_numpy(), part["mean"].to_numpy()
        seconds = known.rolling.seconds.get(str(method), [])
        if method == CHOICE:
            seconds = [sum(float(np.mean(each)) for each in known.rolling.seconds.values())]
        rows.append(
            {
                "method": method,
                "wape": wape(actual, mean),
                "bias": bias(actual, mean),
                "hit_rate": interval_hit_rate(actual, mean, known.settings.hit_tolerance),
                "cover80": coverage(actual, part["q10"], part["q90"]),
                "cover90": coverage(actual, part["q05"], part["q95"]),
                "seconds": float(np.mean(seconds)) if seconds else 0.0,
            }
        )
    return pd.DataFrame(rows).sort_values("wape", kind="stable", ignore_index=True)

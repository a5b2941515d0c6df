"""A forecast for a queue with little history or none: profile, weekdays and peaks of a similar queue, at its own level."""

from __future__ import annotations

import hashlib
import math
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from functools import partial

import numpy as np
import pandas as pd

from data.corrections import Decision
from data.domain import Peak, Queue
from data.errors import InputError
from data.intervals import grid
from data.schema import FORECAST, QUANTILE_COLUMNS, QUANTILES, conform
from forecasting.borrowing import Borrowed, borrow
from forecasting.day_matrix import known_rows, opening, slots_of, weekdays_of
from forecasting.dispersion import UNTESTED_DAY_SD, Dispersion, guess
from forecasting.donor import day_ratios, expected_like, ordinary_week, prepared, shared_peaks
from forecasting.fingerprint import data_hash
from forecasting.forecast import DEFAULTS, Forecast, forecast
from forecasting.handle_time import handle_time_by_slot, told_rows
from forecasting.one_thread import one_thread
from forecasting.prepare import Series
from forecasting.provisional import provisional_note
from forecasting.settings import Settings
from forecasting.spread import quantiles, spread_over
from forecasting.terms import day_terms
from forecasting.wall_clock import by_slot

LEAST_INTERVAL_SD = 0.2
"""What an interval of a queue nobody knows may vary by around its day, beyond chance."""
FEW_CONTACTS = 5.0
"""Contacts an interval from which on a queue's own weeks count more than half of what they count for a busy one."""
OWN_HANDLE_TIMES = 200.0
"""Answered contacts from which on the queue's own handle times are used."""
GROWN_UP_WEEKS = 8
"""From so much history of its own on, a queue needs nobody to borrow from."""


@one_thread
def forecast_like(
    queue: Queue,
    history: pd.DataFrame,
    peaks: Sequence[Peak],
    *,
    like: Queue,
    like_history: pd.DataFrame,
    level: float | None = None,
    first: date,
    days: int,
    cutoff: pd.Timestamp,
    seed: int = 0,
    settings: Settings = DEFAULTS,
    decisions: Sequence[Decision] = (),
) -> Forecast:
    """Forecast a young queue like another one.

    The other queue is forecast by everything that is known of it; what the young queue had so far, against what the
    other had on the same days, gives its level and, the more the longer, weekdays and time of day of its own. Peaks
    that touch both lift both alike; peaks that touch only the other one are learned there and not repeated here.
    From a week of history on, the young queue's own forecast is mixed in: for a busy queue nearly half after one week
    and two thirds after two.

    Parameters
    ----------
    queue, history, peaks, first, days, cutoff, seed, settings, decisions
        As for `forecasting.forecast.forecast`; the history of the queue may be short or empty.
    like, like_history
        A similar queue, see `forecasting.similar.propose`, and HISTORY rows of it.
    level
        Contacts a planner expects in an ordinary week; needed without history, a second opinion with some.

    Returns
    -------
    Forecast
        With a wide spread, and notes that say what was borrowed. Its scores are empty: it was not back-tested.

    Raises
    ------
    InputError
        As `forecast`; or there is neither history nor level, the level is no number above 0, or the queues are one.
    """
    name = f"queue {queue.id!r}"
    if like.id == queue.id:
        raise InputError(f"{name}: it cannot borrow from itself. Name a similar queue.")
    if level is not None and not 0 < level < math.inf:
        raise InputError(
            f"{name}: level is contacts in an ordinary week, above 0, not {level:g}. Correct it."
        )
    if grid(queue, first, days).empty:
        raise InputError(f"{name}: it is closed on all {days} days from {first}. Correct its opening hours.")
    theirs = shared_peaks(queue, like, peaks, first)
    ahead = partial(
        forecast, first=first, days=days, cutoff=cutoff, seed=seed, settings=settings, decisions=decisions
    )
    known = partial(prepared, cutoff=cutoff, settings=settings, decisions=decisions)
    other, donor = ahead(like, like_history, theirs), known(like, like_history, theirs)
    if donor is None:
        raise InputError(f"{name}: queue {like.id!r} has no whole day up to {cutoff}. Name another one.")
    own = known(queue, history, peaks)
    own_rows = history.iloc[:0] if own is None else known_rows(queue, history, cutoff)
    if (own is None or not np.nansum(own.totals) > 0) and level is None:
        raise InputError(
            f"{name}: it has no contacts up to {cutoff}, so its level cannot be told. Give the contacts of an "
            "ordinary week, or import a few days of history."
        )
    opened = opening(queue)
    week = ordinary_week(donor, opened)
    if not week.sum() > 0:
        raise InputError(f"{name}: queue {like.id!r} has no contacts to borrow from. Name another one.")
    borrowed = _borrowed(own, donor, week, opened, None if level is None else level / week.sum())
    aht_s, whose = _handle_times(queue, like, own_rows, known_rows(like, like_history, cutoff), settings)
    horizon = _Horizon.of(queue, first, days, donor.days[-1])
    moved = day_terms(queue, theirs, first, horizon.days[-1].date())
    expected = expected_like(like, other, horizon.days, week, moved.lifted | moved.cut)
    mean = horizon.lay(expected * borrowed.factors[weekdays_of(horizon.days)])
    dispersion = _dispersion(other, borrowed, opened.shape[1])
    share = 0.0 if own is None else _own_share(own, opened)
    model = f"like {like.id} ({other.model})"
    if share:
        alone = ahead(queue, history, peaks)
        mean = (1 - share) * mean + share * alone.frame["mean"].to_numpy()
        model = f"{1 - share:.2f} {model} + {share:.2f} its own ({alone.model})"
    spread = spread_over(dispersion, horizon.day, horizon.lead, horizon.slot)
    columns = dict(zip(QUANTILE_COLUMNS, quantiles(mean, spread, QUANTILES).T, strict=True))
    seconds = aht_s[horizon.weekday, horizon.slot]
    frame = pd.DataFrame(
        {"queue": queue.id, "start": horizon.starts, "mean": mean, **columns, "aht_s": seconds}
    )
    own_hash = data_hash(queue, own_rows, peaks, settings, decisions)
    return Forecast(
        queue=queue,
        cutoff=cutoff,
        first=first,
        days=days,
        frame=conform(frame, FORECAST),
        model=model,
        scores=other.scores.iloc[:0],
        seed=seed,
        data_hash=hashlib.sha256(f"{own_hash} {other.data_hash} {level}".encode()).hexdigest(),
        spread=spread,
        left_out=other.left_out.iloc[:0] if own is None else own.left_out,
        notes=(
            _rests_on(like, borrowed, level),
            "The spread is an assumption: nothing could be back-tested.",
            f"Handle times are from {whose}.",
            *_warnings(queue, like, peaks, borrowed),
            *filter(None, [provisional_note(moved, first, horizon.days[-1].date())]),
        ),
        dispersion=dispersion,
    )


def _own_share(own: Series, opened: np.ndarray) -> float:
    """Weight of the queue's own forecast: more with each week, less where an interval has few contacts."""
    weeks = float(own.usable.sum() / max(opened.any(axis=1).sum(), 1))
    if weeks < 1:
        return 0.0
    busy = float(np.nanmean(own.counts[own.usable]))
    return weeks / (weeks + 1) * busy / (busy + FEW_CONTACTS)


@dataclass(frozen=True, slots=True)
class _Horizon:
    """Open intervals to forecast: start, place of the day, days ahead, weekday and slot, each (intervals,)."""

    days: pd.DatetimeIndex
    starts: pd.Series
    day: np.ndarray
    lead: np.ndarray
    weekday: np.ndarray
    slot: np.ndarray

    @classmethod
    def of(cls, queue: Queue, first: date, days: int, last_known: pd.Timestamp) -> _Horizon:
        intervals = grid(queue, first, days)
        day = (intervals["date"] - pd.Timestamp(first)).dt.days.to_numpy()
        return cls(
            pd.date_range(pd.Timestamp(first), periods=days, freq="D", unit="us"),
            intervals["start"],
            day,
            day + (pd.Timestamp(first) - last_known).days,
            intervals["weekday"].to_numpy(),
            slots_of(intervals, queue),
        )

    def lay(self, matrix: np.ndarray) -> np.ndarray:
        """Figures of the intervals out of days × slots."""
        values: np.ndarray = matrix[self.day, self.slot]
        return values


def _borrowed(
    own: Series | None, donor: Series, pattern: np.ndarray, opened: np.ndarray, prior_level: float | None
) -> Borrowed:
    if own is None:
        nothing = np.zeros((0, opened.shape[1]))
        return borrow(nothing, nothing, np.zeros(0, dtype=np.int64), opened, prior_level)
    reference = pattern[own.weekdays] * day_ratios(own, donor)[:, None]
    counts = np.where(own.usable[:, None], own.counts, np.nan)
    return borrow(counts, reference, own.weekdays, opened, prior_level)


def _dispersion(other: Forecast, borrowed: Borrowed, slots: int) -> Dispersion:
    """Spread of the other queue's forecast, widened by what is not known of the young one."""
    theirs = other.dispersion or guess(slots)
    day = max(theirs.day_variance, UNTESTED_DAY_SD**2)
    interval = np.maximum(by_slot(theirs.interval_variance, slots, summed=False), LEAST_INTERVAL_SD**2)
    level = borrowed.level_variance
    return Dispersion(
        day + level,
        theirs.day_growth,
        interval + borrowed.slot_variance,
        (day * theirs.day_correlation + level) / (day + level),
        theirs.calibration,
    )


def _handle_times(
    queue: Queue,
    like: Queue,
    own_rows: pd.DataFrame,
    their_rows: pd.DataFrame,
    settings: Settings,
) -> tuple[np.ndarray, str]:
    """Seconds by weekday and slot, shape (7, slots), and where they come from."""
    opened, weeks = opening(queue), settings.handle_time_weeks
    told = told_rows(own_rows)
    if not told.empty and told["answered"].sum() >= OWN_HANDLE_TIMES:
        own = handle_time_by_slot(queue, own_rows, opened, weeks)
        if own is not None:
            return own, "its own history"
    theirs = handle_time_by_slot(like, their_rows, opening(like), weeks)
    if theirs is not None:
        return by_slot(theirs, opened.shape[1], summed=False), f"queue {like.id!r}"
    return np.full(opened.shape, settings.default_aht_s), f"an assumption, {settings.default_aht_s:g} s"


def _rests_on(like: Queue, borrowed: Borrowed, level: float | None) -> str:
    own = f"{borrowed.days} days of its own history"
    planned = "" if level is None else f"a planner's {level:g} contacts a week"
    rests = " and ".join(part for part in (own if borrowed.days else "", planned) if part)
    return f"Profile, weekdays and peaks are borrowed from queue {like.id!r}; the level rests on {rests}."


def _warnings(queue: Queue, like: Queue, peaks: Sequence[Peak], borrowed: Borrowed) -> list[str]:
    warnings = []
    only = [peak.id for peak in peaks if queue.id in peak.queues and like.id not in peak.queues]
    if only:
        warnings.append(f"Not in it, as they do not touch queue {like.id!r}: {', '.join(only)}.")
    if borrowed.days >= 7 * GROWN_UP_WEEKS:
        warnings.append(f"The queue has {borrowed.days} days of its own: forecast it by itself.")
    return warnings

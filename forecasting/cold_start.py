"""A forecast for a queue with little history or none: profile, weekdays and peaks of a similar queue, at its own level."""

from __future__ import annotations

import hashlib
import math
from collections.abc import Sequence
from dataclasses import replace
from datetime import date, timedelta

import numpy as np
import pandas as pd

from data.domain import Peak, Queue
from data.errors import InputError
from data.intervals import grid
from data.peaks import expand
from data.schema import FORECAST, QUANTILE_COLUMNS, QUANTILES, conform
from forecasting.borrowing import Borrowed, borrow
from forecasting.day_matrix import day_matrix, known_rows, opening, slots_of, weekdays_of
from forecasting.dispersion import GUESSED_DAY_SD, UNTESTED_INTERVAL_SD, Dispersion, guess
from forecasting.fingerprint import data_hash
from forecasting.forecast import DEFAULTS, Forecast, forecast
from forecasting.handle_time import handle_time_by_slot, told_rows
from forecasting.one_thread import one_thread
from forecasting.prepare import Series, prepare
from forecasting.settings import Settings
from forecasting.spread import quantiles, spread_over
from forecasting.terms import day_terms
from forecasting.wall_clock import by_day, by_slot
from forecasting.weekly import weekly_means

PATTERN_WEEKS = 8
STEADYING = 2.0
"""Contacts added to both sides of a quotient of two intervals."""
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
) -> Forecast:
    """Forecast a young queue like another one.

    The other queue is forecast by everything that is known of it; what the young queue had so far, against what the
    other had on the same days, gives its level and, the more the longer, weekdays and time of day of its own. Peaks
    that touch both lift both alike; peaks that touch only the other one are learned there and not repeated here.

    Parameters
    ----------
    queue, history, peaks, first, days, cutoff, seed, settings
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
    theirs = _shared_peaks(queue, like, peaks, first)
    other = forecast(
        like, like_history, theirs, first=first, days=days, cutoff=cutoff, seed=seed, settings=settings
    )
    donor = _prepared(like, like_history, theirs, cutoff, settings)
    if donor is None:
        raise InputError(f"{name}: queue {like.id!r} has no whole day up to {cutoff}. Name another one.")
    own, own_rows = None, history.iloc[:0]
    if _has_rows(queue, history, cutoff):
        own_rows = known_rows(queue, history, cutoff)
        own = _prepared(queue, history, peaks, cutoff, settings)
    if (own is None or not np.nansum(own.totals) > 0) and level is None:
        raise InputError(
            f"{name}: it has no history up to {cutoff}, so its level cannot be told. Give the contacts of an "
            "ordinary week, or import a few days of history."
        )
    opened = opening(queue)
    pattern = _pattern(donor, opened)
    if not pattern.sum() > 0:
        raise InputError(f"{name}: queue {like.id!r} has no contacts to borrow from. Name another one.")
    borrowed = _borrowed(own, donor, pattern, opened, None if level is None else level / pattern.sum())

    intervals = grid(queue, first, days)
    if intervals.empty:
        raise InputError(f"{name}: it is closed on all {days} days from {first}. Correct its opening hours.")
    ahead = pd.date_range(pd.Timestamp(first), periods=days, freq="D", unit="us")
    day = (intervals["date"] - pd.Timestamp(first)).dt.days.to_numpy()
    slot = slots_of(intervals, queue)
    terms = day_terms(queue, theirs, first, ahead[-1].date())
    expected = _expected(like, other, ahead, pattern, terms.lifted | terms.cut)
    mean = (expected * borrowed.factors[weekdays_of(ahead)])[day, slot]
    dispersion = _dispersion(other, borrowed, opened.shape[1])
    lead = day + (pd.Timestamp(first) - donor.days[-1]).days
    spread = spread_over(dispersion, day, lead, slot)
    columns = dict(zip(QUANTILE_COLUMNS, quantiles(mean, spread, QUANTILES).T, strict=True))
    their_rows = known_rows(like, like_history, cutoff)
    aht_s, whose = _handle_times(queue, like, own_rows, their_rows, settings)
    frame = pd.DataFrame(
        {
            "queue": queue.id,
            "start": intervals["start"],
            "mean": mean,
            **columns,
            "aht_s": aht_s[intervals["weekday"].to_numpy(), slot],
        }
    )
    own_hash = data_hash(queue, own_rows, peaks, settings)
    return replace(
        other,
        queue=queue,
        frame=conform(frame, FORECAST),
        model=f"like {like.id} ({other.model})",
        scores=other.scores.iloc[:0],
        data_hash=hashlib.sha256(f"{own_hash} {other.data_hash} {level}".encode()).hexdigest(),
        spread=spread,
        left_out=other.left_out.iloc[:0] if own is None else own.left_out,
        notes=(
            _rests_on(like, borrowed, level),
            "The spread is an assumption: nothing could be back-tested.",
            f"Handle times are from {whose}.",
            *_warnings(queue, like, peaks, borrowed),
        ),
        weights={},
        dispersion=dispersion,
    )


def _shared_peaks(queue: Queue, like: Queue, peaks: Sequence[Peak], first: date) -> list[Peak]:
    """Peaks as the other queue is to be forecast with: of its own ones only what happened before the horizon."""
    shared = []
    for peak in peaks:
        touches = [not peak.queues or each.id in peak.queues for each in (queue, like)]
        if all(touches):
            shared.append(peak)
        elif touches[1]:
            shared.extend(_until(peak, first))
    return shared


def _until(peak: Peak, first: date) -> list[Peak]:
    past = expand([peak], date(first.year - 5, 1, 1), first - timedelta(days=1))
    past = past.loc[past["date"] < pd.Timestamp(first)]
    if past.empty:
        return []
    sizes = past["size"].to_numpy(dtype=float)
    dates = {
        day.date(): None if math.isnan(size) else float(size)
        for day, size in zip(past["date"], sizes, strict=True)
    }
    return [replace(peak, dates=dates, recurrence=None)]


def _has_rows(queue: Queue, history: pd.DataFrame, cutoff: pd.Timestamp) -> bool:
    length = pd.Timedelta(minutes=queue.interval_min)
    return bool((history["queue"].eq(queue.id) & (history["start"] + length <= cutoff)).any())


def _prepared(
    queue: Queue, history: pd.DataFrame, peaks: Sequence[Peak], cutoff: pd.Timestamp, settings: Settings
) -> Series | None:
    """Series up to the cutoff; None where there is not one whole day."""
    matrix = day_matrix(queue, known_rows(queue, history, cutoff), cutoff, settings.longest_history_days)
    if not len(matrix.days):
        return None
    terms = day_terms(queue, peaks, matrix.days[0].date(), matrix.days[-1].date())
    return prepare(matrix, terms, settings)


def _pattern(donor: Series, opened: np.ndarray) -> np.ndarray:
    """An ordinary week of the other queue in the young one's opening hours, shape (7, slots)."""
    recent = donor.ordinary & (donor.same_weekday_age() < PATTERN_WEEKS)
    recent = recent if recent.any() else donor.usable
    counts = np.where(donor.opened[donor.weekdays], donor.filled, np.nan)[recent]
    return weekly_means(by_slot(counts, opened.shape[1], summed=True), donor.weekdays[recent], opened)


def _borrowed(
    own: Series | None, donor: Series, pattern: np.ndarray, opened: np.ndarray, prior_level: float | None
) -> Borrowed:
    if own is None:
        nothing = np.zeros((0, opened.shape[1]))
        return borrow(nothing, nothing, np.zeros(0, dtype=np.int64), opened, prior_level)
    reference = pattern[own.weekdays] * _day_ratios(own, donor)[:, None]
    counts = np.where(own.usable[:, None], own.counts, np.nan)
    return borrow(counts, reference, own.weekdays, opened, prior_level)


def _day_ratios(own: Series, donor: Series) -> np.ndarray:
    """How the other queue's days compare with its ordinary ones, on the young one's days, shape (days,).

    A day a peak moves has its own ratio, for both queues share the peak; the others share one, for what else moved
    the other queue on a single day need not have moved this one.
    """
    week = weekly_means(
        np.where(donor.opened[donor.weekdays], donor.filled, np.nan), donor.weekdays, donor.opened
    ).sum(axis=1)
    place = donor.days.get_indexer(own.days)
    usual = week[own.weekdays]
    found = np.where(place >= 0, donor.totals[place], np.nan)
    known = np.isfinite(found) & (usual > 0)
    steady = known & np.isfinite(donor.marks.steady[place])
    level = found[steady].sum() / usual[steady].sum() if steady.any() else 1.0
    ratios = np.where(steady | ~known, level, found / np.where(usual > 0, usual, 1.0))
    return np.where(usual > 0, ratios, level)


def _expected(
    like: Queue, other: Forecast, ahead: pd.DatetimeIndex, pattern: np.ndarray, moved: np.ndarray
) -> np.ndarray:
    """The other queue's forecast in the young one's hours, shape (days, slots); its ordinary week where it is closed.

    Its days scale the ordinary week; only on days a peak moves their shape is taken too, steadied where it expects
    few contacts, since a quotient of two small numbers says nothing.
    """
    laid = by_slot(
        by_day(like, other.frame["start"], other.frame["mean"], ahead), pattern.shape[1], summed=True
    )
    week = pattern[weekdays_of(ahead)]
    known = np.isfinite(laid) & (week > 0)
    usual = np.where(known, week, 0.0).sum(axis=1)
    totals = np.where(known, laid, 0.0).sum(axis=1)
    overall = totals.sum() / usual.sum() if usual.sum() > 0 else 1.0
    ratio = np.divide(totals, usual, out=np.full(len(ahead), overall), where=usual > 0)[:, None]
    bent = (np.where(known, laid, ratio * week) + STEADYING) / (ratio * week + STEADYING)
    expected: np.ndarray = week * ratio * np.where(moved[:, None], bent, 1.0)
    return expected


def _dispersion(other: Forecast, borrowed: Borrowed, slots: int) -> Dispersion:
    """Spread of the other queue's forecast, widened by what is not known of the young one."""
    theirs = other.dispersion or guess(slots)
    day = max(theirs.day_variance, GUESSED_DAY_SD**2)
    interval = np.maximum(by_slot(theirs.interval_variance, slots, summed=False), UNTESTED_INTERVAL_SD**2)
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

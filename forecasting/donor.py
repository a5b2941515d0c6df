"""What a young queue takes from another one: shared peaks, an ordinary week, and how its days compare with it."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import replace
from datetime import date, timedelta

import numpy as np
import pandas as pd

from data.corrections import Decision
from data.domain import Peak, Queue
from data.peaks import expand
from forecasting.day_matrix import day_matrix, known_rows, weekdays_of
from forecasting.forecast import Forecast
from forecasting.prepare import Series, prepare
from forecasting.settings import Settings
from forecasting.terms import day_terms
from forecasting.wall_clock import by_day, by_slot
from forecasting.weekly import weekly_means

PATTERN_WEEKS = 8
PAST_YEARS = 5
STEADYING = 2.0
"""Contacts added to both sides of a quotient of two intervals."""


def shared_peaks(queue: Queue, like: Queue, peaks: Sequence[Peak], first: date) -> list[Peak]:
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
    past = expand([peak], date(first.year - PAST_YEARS, 1, 1), first - timedelta(days=1))
    past = past.loc[past["date"] < pd.Timestamp(first)]
    if past.empty:
        return []
    sizes = past["size"].to_numpy(dtype=float)
    dates = {
        day.date(): None if math.isnan(size) else float(size)
        for day, size in zip(past["date"], sizes, strict=True)
    }
    return [replace(peak, dates=dates, recurrence=None)]


def prepared(
    queue: Queue,
    history: pd.DataFrame,
    peaks: Sequence[Peak],
    *,
    cutoff: pd.Timestamp,
    settings: Settings,
    decisions: Sequence[Decision],
) -> Series | None:
    """Series up to the cutoff; None where there is no row or not one whole day."""
    length = pd.Timedelta(minutes=queue.interval_min)
    if not (history["queue"].eq(queue.id) & (history["start"] + length <= cutoff)).any():
        return None
    rows = known_rows(queue, history, cutoff)
    matrix = day_matrix(queue, rows, cutoff, settings.longest_history_days, decisions)
    if not len(matrix.days):
        return None
    terms = day_terms(queue, peaks, matrix.days[0].date(), matrix.days[-1].date())
    return prepare(matrix, terms, settings)


def ordinary_week(donor: Series, opened: np.ndarray) -> np.ndarray:
    """An ordinary week of the other queue in the young one's opening hours, shape (7, slots)."""
    recent = donor.ordinary & (donor.same_weekday_age() < PATTERN_WEEKS)
    recent = recent if recent.any() else donor.usable
    counts = np.where(donor.opened[donor.weekdays], donor.filled, np.nan)[recent]
    return weekly_means(by_slot(counts, opened.shape[1], summed=True), donor.weekdays[recent], opened)


def day_ratios(own: Series, donor: Series) -> np.ndarray:
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


def expected_like(
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

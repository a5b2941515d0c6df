"""Interval lengths as a file shows them, found from the gaps between a queue's starts.

Exports may leave out intervals without contacts, so that a gap alone says little: in a small queue every second
half-hour may be empty for a while. `data.ingest.chance` weighs how likely that is.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd

from data.domain import INTERVALS_MIN
from data.ingest.chance import first_stretch, first_without

DEFAULT_INTERVAL_MIN = 30
"""Interval of a queue nobody defined whose rows do not tell it: one row alone."""
NIGHT_MIN = 360
"""Longer gaps are closing hours and say nothing."""
FINER = 3
"""So many gaps shorter than the interval are no slips when they follow each other …"""
FINER_SHARE = 1 / 8
"""… or are so large a part of all."""
TELLING = 0.95
"""Share of the gaps an interval length must divide; the rest are slips."""
SECOND = 0.25
"""When another gap is this common, the interval length cannot be told from the gaps …"""
OMITTED = 8
"""… unless there are so many gaps, and enough of other lengths, that intervals without contacts were left out."""
DAILY, DAILY_AT_MIDNIGHT = 6, 3
"""So many starts, all at one time of day, are days and no intervals."""
LONGER_MIN = (30, 60, 120)
"""Interval lengths of other systems that are no chance of empty intervals."""
DAY_MIN = 1440


@dataclass(frozen=True, slots=True)
class Doubt:
    """Starts that are not those of the interval they should be.

    Parameters
    ----------
    length_min
        Interval they seem to have.
    place
        Of the first of them among the starts.
    """

    length_min: float
    place: int


def other_length(starts: pd.DatetimeIndex, timezone: str, interval_min: int) -> Doubt | None:
    """Find starts of intervals of another length than a queue's; None where all can be the queue's.

    Parameters
    ----------
    starts
        UTC instants in order, each once.
    timezone
        The queue's zone.
    interval_min
        Its interval.
    """
    if len(starts) < 2:
        return None
    local = starts.tz_convert(timezone)
    minutes = (60 * local.hour + local.minute).to_numpy()
    gaps_min = _gaps_min(starts)
    return (
        _daily(minutes, gaps_min)
        or _finer(minutes, gaps_min, interval_min)
        or _longer(minutes, gaps_min, interval_min)
    )


def told_interval(starts: pd.DatetimeIndex) -> int | None:
    """Interval of a queue nobody defined: the longest that divides the gaps; None where the gaps tell none.

    Parameters
    ----------
    starts
        UTC instants in order, each once.
    """
    gaps_min = _gaps_min(starts)
    short = gaps_min[gaps_min < NIGHT_MIN]
    if len(short) == 0:
        return None
    for interval_min in sorted(INTERVALS_MIN, reverse=True):
        if (short % interval_min == 0).mean() >= TELLING:
            return interval_min
    values, counts = np.unique(short, return_counts=True)
    common = float(values[np.argmax(counts)])
    return int(common) if common in INTERVALS_MIN else None


def unclear(starts: pd.DatetimeIndex, interval_min: int | None) -> Doubt | None:
    """Gaps that leave open whether the interval of a queue nobody defined is the one that was told from them.

    Parameters
    ----------
    starts
        UTC instants in order, each once.
    interval_min
        As told; None where the gaps tell none.
    """
    gaps_min = _gaps_min(starts)
    short = gaps_min[gaps_min < NIGHT_MIN]
    others, counts = np.unique(short[short != interval_min], return_counts=True)
    if len(others) == 0:
        return None
    second, n = float(others[np.argmax(counts)]), int(counts.max())
    if interval_min in short:
        left_out = len(short) >= OMITTED and counts.sum() - n >= n / 4
        if left_out or n < SECOND * len(short) or second not in INTERVALS_MIN:
            return None
    return Doubt(second, int(np.flatnonzero(gaps_min == second)[0]))


def _gaps_min(starts: pd.DatetimeIndex) -> np.ndarray:
    instants = starts.tz_localize(None).to_numpy(dtype="datetime64[us]")
    gaps: np.ndarray = np.diff(instants) / np.timedelta64(1, "m")
    return gaps


def _daily(minutes: np.ndarray, gaps_min: np.ndarray) -> Doubt | None:
    enough = DAILY_AT_MIDNIGHT if minutes[0] == 0 else DAILY
    # A day may have 23 or 25 hours.
    days = len(minutes) >= enough and (minutes == minutes[0]).all() and (gaps_min >= DAY_MIN - 60).all()
    return Doubt(DAY_MIN, 0) if days else None


def _finer(minutes: np.ndarray, gaps_min: np.ndarray, interval_min: int) -> Doubt | None:
    between = minutes % interval_min != 0
    closer = gaps_min < interval_min
    first = int(np.argmax(between))
    if between.sum() >= 2 and closer.sum() >= FINER:
        values, counts = np.unique(gaps_min[closer], return_counts=True)
        common = float(values[np.argmax(counts)])
        if _longest(gaps_min == common) >= FINER or closer.mean() >= FINER_SHARE:
            return Doubt(common, first)
    for length_min in INTERVALS_MIN:
        halves = between & (minutes % length_min == 0)
        both = FINER_SHARE <= halves.mean() <= 1 - FINER_SHARE
        if interval_min % length_min == 0 and halves.sum() >= FINER and both:
            return Doubt(float(length_min), first)
    return None


def _longer(minutes: np.ndarray, gaps_min: np.ndarray, interval_min: int) -> Doubt | None:
    """Intervals several times as long as the queue's."""
    for length_min in reversed(LONGER_MIN):
        k = length_min // interval_min
        if k < 2:
            continue
        first = first_without(minutes, interval_min, k)
        if first is None:
            short = np.flatnonzero(gaps_min < NIGHT_MIN)
            gap = first_stretch(gaps_min[short] / interval_min, k)
            first = None if gap is None else int(short[gap])
        if first is not None:
            return Doubt(length_min, first)
    return None


def _longest(where: np.ndarray) -> int:
    """Length of the longest run of True."""
    edges = np.diff(np.r_[0, where.astype(np.int8), 0])
    lengths = np.flatnonzero(edges == -1) - np.flatnonzero(edges == 1)
    return int(lengths.max(initial=0))

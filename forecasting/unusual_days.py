"""Days far off their usual: lost, low, high, counted twice; and the ones that begin a new level."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd

from data.corrections import FindingKind
from forecasting.settings import Settings

RUNNING_WEEKS = 9
NOISE_WIDTHS = 3.0
"""An unusual day also lies this many standard deviations off, so that small queues keep their quiet days."""
LOST_CONTACTS = 20.0
"""A day without a contact is lost when its weekday usually has this many."""
LONGEST_LOSS_DAYS = 28
"""Silence up to the end that is longer than this is believed: the queue has no contacts any more."""
DOUBLED = (1.85, 2.15)
"""A day with this many times its usual was probably counted twice."""
SHIFT_DAYS = 2
SHIFT_SHARE = 0.65
SHIFTED = (0.75, 1.35)
"""When this share of the last days, a week and two more, lies beyond one of these ratios to the usual, that is a new
level and no row of accidents: a running median takes three weeks to follow."""
NEW_LEVEL_DAYS = 28


@dataclass(frozen=True, slots=True)
class UnusualDays:
    """Days off their usual.

    Parameters
    ----------
    sizes
        By kind, how far off over the limit, shape (days,); 0 where a known peak explains it, from 1 on it is a
        finding.
    unusual
        Days beyond the limits, whether or not a peak explains them, shape (days,).
    shifted_from
        Place of the first day of a new level that reaches the end; None where there is none.
    """

    sizes: dict[FindingKind, np.ndarray]
    unusual: np.ndarray
    shifted_from: int | None


def running_median(totals: np.ndarray, weekdays: np.ndarray) -> np.ndarray:
    """Median of the nine known same weekdays around each day, shape (days,).

    Days without a total take that of the nearest same weekday; NaN where a weekday has fewer than three known days
    around.
    """
    usual = np.full(len(totals), np.nan)
    for weekday in np.unique(weekdays):
        mine = weekdays == weekday
        same = pd.Series(totals[mine])
        known = same.dropna()
        median = known.rolling(RUNNING_WEEKS, center=True, min_periods=3).median()
        nearest = median.reindex(same.index).ffill().bfill()
        usual[mine] = nearest.where(same.isna(), median.reindex(same.index)).to_numpy()
    return usual


def lost_days(totals: np.ndarray, weekdays: np.ndarray) -> np.ndarray:
    """Usual contacts of days without any, over the number that is plain, shape (days,); 0 on other days."""
    silent = totals == 0
    sizes = np.zeros(len(totals))
    if not silent.any():
        return sizes
    known = np.flatnonzero(np.isfinite(totals))
    loud = known[totals[known] > 0]
    if len(loud) and known[-1] - loud[-1] > LONGEST_LOSS_DAYS:
        silent[loud[-1] :] = False
    for weekday in np.unique(weekdays[silent]):
        mine = weekdays == weekday
        some = totals[mine & (totals > 0)]
        if len(some):
            sizes[mine & silent] = np.median(some) / LOST_CONTACTS
    return sizes


def unusual_days(
    totals: np.ndarray,
    usual: np.ndarray,
    *,
    opened: np.ndarray,
    settings: Settings,
    cut: np.ndarray,
    lifted: np.ndarray,
) -> UnusualDays:
    """Find days outside the shares of their usual that the settings allow, and beyond the queue's own noise.

    Parameters
    ----------
    totals, usual
        Contacts of each day and of its weekday around it, shape (days,); NaN where unknown.
    opened
        Shape (7, slots).
    settings
        For the shares.
    cut, lifted
        Days a known peak may explain far below or above their usual, shape (days,).
    """
    ratio = np.divide(totals, usual, out=np.full(len(totals), np.nan), where=usual > 0)
    low, high = _beyond(ratio, usual, settings)
    unusual = (low > 1) | (high > 1)
    shifted_from = None
    new_level = _new_level(ratio, int(opened.any(axis=1).sum()))
    if new_level is not None:
        recent = np.arange(len(ratio)) >= len(ratio) - NEW_LEVEL_DAYS
        other_low, other_high = _beyond(ratio / new_level, usual, settings)
        low, high = (
            np.where(recent, np.minimum(low, other_low), low),
            np.where(recent, np.minimum(high, other_high), high),
        )
        joined = unusual & ~((low > 1) | (high > 1))
        unusual &= ~joined
        shifted_from = int(joined.argmax()) if joined.any() else None
    low, high = np.where(cut, 0.0, low), np.where(lifted, 0.0, high)
    doubled = (ratio >= DOUBLED[0]) & (ratio <= DOUBLED[1])
    sizes = {
        FindingKind.LOW_DAY: np.where(low > 1, low, 0.0),
        FindingKind.HIGH_DAY: np.where((high > 1) & ~doubled, high, 0.0),
        FindingKind.DOUBLED_DAY: np.where((high > 1) & doubled, high, 0.0),
    }
    return UnusualDays(sizes, unusual, shifted_from)


def _beyond(ratio: np.ndarray, usual: np.ndarray, settings: Settings) -> tuple[np.ndarray, np.ndarray]:
    """How far each day lies below and above its usual over what is allowed; beyond 1 it is unusual."""
    off = np.abs(ratio - 1)
    spread = 1.4826 * np.median(off[np.isfinite(off)]) if np.isfinite(off).any() else 0.0
    noise = np.maximum(spread, 1 / np.sqrt(np.maximum(np.nan_to_num(usual), 1.0)))
    low = np.nan_to_num(off / np.maximum(1 - settings.low_share, NOISE_WIDTHS * noise)) * (ratio < 1)
    high = np.nan_to_num(off / np.maximum(settings.high_share - 1, NOISE_WIDTHS * noise)) * (ratio > 1)
    return low, high


def _new_level(ratio: np.ndarray, week_days: int) -> float | None:
    """Ratio to the usual that the last days reached for good; None where they did not."""
    last = ratio[np.isfinite(ratio)][-(week_days + SHIFT_DAYS) :]
    if len(last) < week_days + SHIFT_DAYS:
        return None
    below, above = np.quantile(last, SHIFT_SHARE), np.quantile(last, 1 - SHIFT_SHARE)
    if below < SHIFTED[0] and below > 0:
        return float(np.median(last))
    return float(np.median(last)) if above > SHIFTED[1] else None

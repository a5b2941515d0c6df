"""From a day matrix to the series models are fitted to: gaps, spikes and broken days found and shown.

Nothing is repaired in silence: what is left out is listed with its reason, and a count is only ever replaced
inside a day of which most is known.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd

from data.errors import InputError
from forecasting.day_matrix import DayMatrix, weekdays_of
from forecasting.settings import Settings
from forecasting.terms import DayTerms
from forecasting.weekly import weekly_means

LEAST_KNOWN_SHARE = 0.5
"""A day counts when the slots known carry at least this share of its usual contacts."""
SPIKE_RATIO = 10
RUNNING_WEEKS = 9
NOISE_WIDTHS = 3.0
"""An unusual day also lies this many standard deviations off, so that small queues keep their quiet days."""


@dataclass(frozen=True, slots=True)
class Series:
    """A queue's history, ready for fitting.

    Parameters
    ----------
    queue_id
        For messages.
    days
        Consecutive local days, shape (days,).
    counts
        Contacts per interval as they were, NaN where closed or unknown, shape (days, slots).
    filled
        The same with the gaps of usable days filled by the day's level and its weekday's shape; 0 in closed
        slots, NaN on days that are not usable.
    opened
        Whether a slot is open on a weekday, shape (7, slots).
    totals
        Contacts of each day as if all its slots were known; NaN where not usable.
    usable
        Days to fit on, booleans of shape (days,).
    ordinary
        Usable days that are not unusual, whether or not a peak explains them.
    left_out
        Days and intervals not fitted, with the reason: date, reason, found, usual.
    """

    queue_id: str
    days: pd.DatetimeIndex
    counts: np.ndarray
    filled: np.ndarray
    opened: np.ndarray
    totals: np.ndarray
    usable: np.ndarray
    ordinary: np.ndarray
    left_out: pd.DataFrame

    @property
    def weekdays(self) -> np.ndarray:
        """Weekday of each day, 0 for Monday."""
        return weekdays_of(self.days)

    def same_weekday_age(self) -> np.ndarray:
        """How many ordinary days of the same weekday are later than each day, shape (days,)."""
        weekdays = self.weekdays
        age = np.zeros(len(weekdays), dtype=np.int64)
        for weekday in range(7):
            mine = weekdays == weekday
            ordinary = self.ordinary[mine].astype(np.int64)
            age[mine] = ordinary[::-1].cumsum()[::-1] - ordinary
        return age


def prepare(matrix: DayMatrix, terms: DayTerms, settings: Settings) -> Series:
    """Find spikes, gaps and broken days in a day matrix.

    Only the days of the matrix are looked at, so a matrix cut at an origin gives the series of that origin.
    """
    place = terms.rows(matrix.days)
    lifted, cut, outage = terms.lifted[place], terms.cut[place], terms.outage[place]
    weekdays, opened = matrix.weekdays, matrix.opened
    counts = np.where(opened[weekdays], matrix.counts, np.nan)
    spikes = _spikes(counts, weekdays) & ~lifted[:, None]
    spikes_found = _report_spikes(matrix, counts, spikes)
    counts = np.where(spikes, np.nan, counts)

    shape = weekly_means(counts, weekdays, opened)[weekdays]
    known = np.isfinite(counts)
    share = _known_share(shape, known, opened[weekdays])
    enough = share >= LEAST_KNOWN_SHARE
    observed = np.where(known, counts, 0.0).sum(axis=1)
    totals = np.divide(observed, share, out=np.full(len(share), np.nan), where=enough)

    usual = running_median(totals, weekdays)
    low, high = _unusual(totals, usual, settings)
    broken = (low & ~cut) | (high & ~lifted) | (outage & np.isfinite(totals))
    usable = np.isfinite(totals) & ~broken
    partly = known.any(axis=1) & ~enough
    missing = opened[weekdays].any(axis=1) & ~known.any(axis=1)
    reasons = (
        (outage & np.isfinite(totals), "a known outage"),
        (low & ~cut & ~outage, "far below its usual, and no known peak explains it"),
        (high & ~lifted & ~outage, "far above its usual, and no known peak explains it"),
        (partly, "less than half of its contacts are known"),
        (missing, "no intervals"),
    )
    left_out = pd.concat(
        [
            spikes_found,
            *(
                _report_days(matrix.days, flags, why, observed, usual)
                for flags, why in reasons
                if flags.any()
            ),
        ],
        ignore_index=True,
    )
    level = np.divide(totals, shape.sum(axis=1), out=np.zeros(len(totals)), where=shape.sum(axis=1) > 0)
    filled = np.where(known, counts, shape * level[:, None])
    filled = np.where(opened[weekdays], filled, 0.0)
    filled = np.where(usable[:, None], filled, np.nan)
    return Series(
        matrix.queue_id,
        matrix.days,
        counts,
        filled,
        opened,
        np.where(usable, totals, np.nan),
        usable,
        usable & ~low & ~high,
        left_out.sort_values("date", ignore_index=True),
    )


def require_a_week(matrix: DayMatrix, usable: np.ndarray) -> int:
    """Ask for one usable day for each weekday the queue is open on, and return how many that is.

    Raises
    ------
    InputError
        There are fewer.
    """
    needed = int(matrix.opened.any(axis=1).sum())
    found = matrix.days[usable]
    if len(found) >= needed:
        return needed
    there = ", ".join(str(day.date()) for day in found) or "none"
    raise InputError(
        f"queue {matrix.queue_id!r}: a forecast needs one week of history, {needed} whole days within its opening "
        f"hours; usable up to the cutoff: {there}. Import more history, or move the cutoff."
    )


def running_median(totals: np.ndarray, weekdays: np.ndarray) -> np.ndarray:
    """Median of the nine same weekdays around each day; NaN where fewer than three are known."""
    usual = np.full(len(totals), np.nan)
    for weekday in range(7):
        mine = np.flatnonzero((weekdays == weekday) & np.isfinite(totals))
        same = pd.Series(totals[mine])
        usual[mine] = same.rolling(RUNNING_WEEKS, center=True, min_periods=3).median().to_numpy()
    return usual


def _unusual(totals: np.ndarray, usual: np.ndarray, settings: Settings) -> tuple[np.ndarray, np.ndarray]:
    ratio = np.divide(totals, usual, out=np.full(len(totals), np.nan), where=usual > 0)
    off = np.abs(ratio - 1)
    spread = 1.4826 * np.median(off[np.isfinite(off)]) if np.isfinite(off).any() else 0.0
    noise = np.maximum(spread, 1 / np.sqrt(np.maximum(np.nan_to_num(usual), 1.0)))
    clear = off > NOISE_WIDTHS * noise
    return clear & (ratio < settings.low_share), clear & (ratio > settings.high_share)


def _spikes(counts: np.ndarray, weekdays: np.ndarray) -> np.ndarray:
    """Single intervals beyond ten times their weekday's median and ten contacts more."""
    usual = pd.DataFrame(counts).groupby(weekdays).median().reindex(range(7)).to_numpy()[weekdays]
    with np.errstate(invalid="ignore"):
        spikes: np.ndarray = counts > SPIKE_RATIO * (usual + 1)
    return spikes


def _known_share(shape: np.ndarray, known: np.ndarray, opened: np.ndarray) -> np.ndarray:
    """Share of a day's usual contacts that falls into the slots known; by number of slots where none are usual."""
    weight = np.where(shape.sum(axis=1, keepdims=True) > 0, shape, opened)
    whole = weight.sum(axis=1)
    part = np.where(known, weight, 0.0).sum(axis=1)
    share: np.ndarray = np.divide(part, whole, out=np.zeros(len(whole)), where=whole > 0)
    return share


def _report_spikes(matrix: DayMatrix, counts: np.ndarray, spikes: np.ndarray) -> pd.DataFrame:
    day, slot = np.nonzero(spikes)
    minutes = slot * (1440 // counts.shape[1])
    reason = [f"one interval far above its usual, at {m // 60:02d}:{m % 60:02d}" for m in minutes]
    return pd.DataFrame(
        {
            "date": matrix.days[day],
            "reason": pd.Series(reason, dtype="str"),
            "found": counts[day, slot],
            "usual": np.full(len(day), np.nan),
        }
    )


def _report_days(
    days: pd.DatetimeIndex, flags: np.ndarray, reason: str, found: np.ndarray, usual: np.ndarray
) -> pd.DataFrame:
    reasons = pd.Series([reason] * int(flags.sum()), dtype="str")
    return pd.DataFrame(
        {"date": days[flags], "reason": reasons, "found": found[flags], "usual": usual[flags]}
    )

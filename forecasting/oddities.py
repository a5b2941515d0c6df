"""Cells of a day matrix that say nothing about demand: spikes, outages within a day, hours the queue did not have.

Every function looks at the whole matrix at once and returns what it found as booleans of its shape.
"""

from __future__ import annotations

import numpy as np
import pandas as pd

from forecasting.weekly import same_hours

LEAST_SAME_DAYS = 3
SPIKE_RATIO = 3.0
SPIKE_WIDTHS = 5.0
LIFTED_SPIKE_RATIO = 50.0
"""An interval is a spike beyond this many times its usual and this many Poisson standard deviations more; on a day
a known peak lifts it takes far more, for a peak may fall into one hour."""
OUTAGE_CONTACTS = 40.0
"""Silence counts as an outage once this many contacts would have come: not even a queue that varies far more than
Poisson is silent that long by chance."""
OUTAGE_SHARE = 0.05
"""What may still come in an interval of an outage, as a share of its usual."""
OUTAGE_INTERVALS = 2
EDGE_TIMES = 3.0
HABIT_SHARE = 0.5
SPELL_CONTACTS = 20.0
SPELL_DAYS = 10
"""Hours without a contact over this many days, and so many contacts missed, were not served then."""
COPY_CONTACTS = 50
COPY_VALUES = 6
COPY_SHARE = 0.02
"""Contacts and different counts a day needs to be told from another, and the share of copies that is believed."""


def usual_by_slot(counts: np.ndarray, weekdays: np.ndarray, opened: np.ndarray) -> np.ndarray:
    """Median of each slot over its weekday, laid out over the days, shape (days, slots); NaN where never known.

    A weekday known fewer than three times is judged by all weekdays with its hours: with one day, any day is usual.
    """
    medians = np.full(opened.shape, np.nan)
    known = np.isfinite(counts)
    kin = same_hours(opened) > 0
    for weekday in np.unique(weekdays):
        same = weekdays == weekday
        few = known[same].any(axis=1).sum() < LEAST_SAME_DAYS
        mine = (kin[weekday][weekdays] if few else same) & known.any(axis=1)
        there = known[mine].any(axis=0)
        medians[weekday, there] = np.nanmedian(counts[mine][:, there], axis=0)
    laid: np.ndarray = medians[weekdays]
    return laid


def day_levels(counts: np.ndarray, usual: np.ndarray) -> np.ndarray:
    """Median over a day's intervals of count + 1 over usual + 1, shape (days,); 1 where nothing is known."""
    ratio = pd.DataFrame((counts + 1) / (usual + 1))
    return ratio.median(axis=1).fillna(1.0).to_numpy()


def spike_sizes(counts: np.ndarray, usual: np.ndarray, levels: np.ndarray, lifted: np.ndarray) -> np.ndarray:
    """Each count over the limit beyond which it is a spike, shape (days, slots); 0 where unknown.

    Parameters
    ----------
    counts, usual
        Contacts, shape (days, slots).
    levels
        How busy each day is as a whole: a loud day is not a day of spikes, shape (days,).
    lifted
        Whether a known peak lifts the day, shape (days,).
    """
    expected = (usual + 1) * np.maximum(levels, 1.0)[:, None]
    ratio = np.where(lifted, LIFTED_SPIKE_RATIO, SPIKE_RATIO)[:, None]
    sizes: np.ndarray = np.nan_to_num(counts / (ratio * expected + SPIKE_WIDTHS * np.sqrt(expected)))
    return sizes


def outage_sizes(
    counts: np.ndarray, usual: np.ndarray, levels: np.ndarray, weekdays: np.ndarray
) -> np.ndarray:
    """Contacts missed in a run of silent intervals over the number that makes it an outage, shape (days, slots).

    0 in intervals that are not silent and in single ones. A run that fills the whole day is no outage within it; one
    at the edge of the day may be a late opening and takes more; one that comes in the same hours of the next same
    weekday, or did in the last, is a habit.
    """
    expected = np.nan_to_num(usual) * np.minimum(levels, 1.0)[:, None]
    silent = np.isfinite(counts) & (counts <= OUTAGE_SHARE * expected) & (expected > 0)
    sizes = np.zeros(counts.shape)
    busy = np.isfinite(counts) & (counts > OUTAGE_SHARE * expected) & (expected > 0)
    for day in np.flatnonzero((silent * expected).sum(axis=1) >= OUTAGE_CONTACTS):
        if not busy[day].any():
            continue
        begun, ended = np.flatnonzero(busy[day])[[0, -1]]
        beside = _same_weekdays_beside(int(day), weekdays, np.isfinite(counts).any(axis=1))
        for first, end in runs(silent[day]):
            habit = any(silent[other, first:end].mean() >= HABIT_SHARE for other in beside)
            if end - first < OUTAGE_INTERVALS or habit:
                continue
            least = OUTAGE_CONTACTS * (1 if begun < first < ended else EDGE_TIMES)
            sizes[day, first:end] = expected[day, first:end].sum() / least
    return sizes


def _same_weekdays_beside(day: int, weekdays: np.ndarray, known: np.ndarray) -> list[int]:
    """Places of the last known same weekday before a day and of the next after it."""
    same = np.flatnonzero((weekdays == weekdays[day]) & known)
    place = int(np.searchsorted(same, day))
    return [int(same[other]) for other in (place - 1, place + 1) if 0 <= other < len(same)]


def unserved(
    counts: np.ndarray, weekdays: np.ndarray, opened: np.ndarray, judged: np.ndarray
) -> tuple[np.ndarray, np.ndarray]:
    """Hours a queue did not serve yet, and hours it serves no more, over the weekdays with the same hours.

    Parameters
    ----------
    counts
        Contacts, shape (days, slots); NaN where unknown.
    weekdays
        Shape (days,).
    opened
        Shape (7, slots).
    judged
        Days that say something about hours, shape (days,): not those of a closure.

    Returns
    -------
    then, since : ndarray
        Contacts missed over the number that is plain, 0 where served: `then` shape (days, slots), before the first
        contact of a slot; `since` shape (7, slots), from its last contact to the end.
    """
    then, since = np.zeros(counts.shape), np.zeros(opened.shape)
    kin = same_hours(opened) > 0
    for weekday in np.flatnonzero(kin.argmax(axis=1) == np.arange(7)):
        places = np.flatnonzero(judged & kin[weekday][weekdays])
        mine = counts[places]
        some = mine > 0
        served = some.any(axis=0)
        if not served.any():
            continue
        first, last = some.argmax(axis=0), len(places) - 1 - some[::-1].argmax(axis=0)
        order, known = np.arange(len(places))[:, None], np.isfinite(mine)
        early, late = known & (order < first) & served, known & (order > last) & served
        # Measured by the day's other hours, so that growth from next to nothing is not taken for new hours.
        totals = np.nansum(mine, axis=1)[:, None]
        within = known & (order >= first) & (order <= last)
        share = np.where(within, mine, 0.0).sum(axis=0) / np.maximum((within * totals).sum(axis=0), 1.0)
        then[places] = early * _missed(early, totals * share)
        since[kin[weekday]] = _missed(late, totals * share)
    return then, since


def _missed(spell: np.ndarray, expected: np.ndarray) -> np.ndarray:
    missed = (spell * expected).sum(axis=0) / SPELL_CONTACTS
    plain: np.ndarray = np.where(spell.sum(axis=0) >= SPELL_DAYS, missed, 0.0)
    return plain


def copied_days(counts: np.ndarray) -> np.ndarray:
    """Place of the earlier day each day equals interval by interval, −1 where there is none, shape (days,).

    Days of few contacts or few different counts equal each other by chance, and in a made-up history all do:
    copies are believed only where they are rare.
    """
    copied = np.full(len(counts), -1)
    seen: dict[bytes, int] = {}
    for day, row in enumerate(counts):
        first = seen.setdefault(row.tobytes(), day)
        values = row[np.isfinite(row)] if first != day else row[:0]
        if values.sum() >= COPY_CONTACTS and len(np.unique(values)) >= COPY_VALUES:
            copied[day] = first
    rare = (copied >= 0).sum() <= max(1, COPY_SHARE * len(counts))
    return copied if rare else np.full(len(counts), -1)


def runs(flags: np.ndarray) -> list[tuple[int, int]]:
    """Spans [first, end) of consecutive true values."""
    edges = np.diff(np.concatenate([[0], flags.astype(np.int8), [0]]))
    return [
        (int(first), int(end))
        for first, end in zip(np.flatnonzero(edges == 1), np.flatnonzero(edges == -1), strict=True)
    ]

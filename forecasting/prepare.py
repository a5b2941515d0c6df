"""From a day matrix to the series models are fitted to: what says nothing about demand is left out, and shown.

Nothing is repaired in silence: what was found stands in `Series.findings` with what was done about it, a planner's
decision reverses it, and a count is only ever replaced inside a day of which most is known.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd

from data.corrections import FindingKind, Treatment
from data.errors import InputError
from forecasting.day_matrix import DayMatrix, weekdays_of
from forecasting.findings import Marks, findings_frame
from forecasting.oddities import (
    copied_days,
    day_levels,
    outage_sizes,
    spike_sizes,
    unserved,
    usual_by_slot,
)
from forecasting.settings import Settings
from forecasting.terms import DayTerms
from forecasting.unusual_days import lost_days, running_median, unusual_days
from forecasting.verdicts import verdicts_on
from forecasting.weekly import weekly_means

LEAST_KNOWN_SHARE = 0.5
"""A day counts when the slots known carry at least this share of its usual contacts."""


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
        Contacts per interval as they were, NaN where closed, unknown or left out, shape (days, slots).
    filled
        The same with the gaps of usable days filled by the day's level and its weekday's shape; 0 in closed
        slots, NaN on days that are not usable.
    opened
        Whether a slot is open on a weekday and still served, shape (7, slots).
    totals
        Contacts of each day as if all its slots were known; NaN where not usable.
    usable
        Days to fit on, booleans of shape (days,).
    ordinary
        Usable days that are not unusual, whether or not a peak explains them.
    marks
        What was found strange, and where.
    """

    queue_id: str
    days: pd.DatetimeIndex
    counts: np.ndarray
    filled: np.ndarray
    opened: np.ndarray
    totals: np.ndarray
    usable: np.ndarray
    ordinary: np.ndarray
    marks: Marks

    @property
    def weekdays(self) -> np.ndarray:
        """Weekday of each day, 0 for Monday."""
        return weekdays_of(self.days)

    @property
    def findings(self) -> pd.DataFrame:
        """Everything strange and what was done about it, schema `data.corrections.FINDINGS`."""
        return findings_frame(self.marks)

    @property
    def left_out(self) -> pd.DataFrame:
        """Findings that are not fitted, by local day: date, reason, found, usual."""
        findings = self.findings
        gone = findings.loc[findings["done"].eq(Treatment.LEFT_OUT)]
        local = gone["start"].dt.tz_convert(self.marks.matrix.queue.timezone).dt.tz_localize(None)
        frame = gone[["reason", "found", "usual"]].reset_index(drop=True)
        frame.insert(0, "date", pd.DatetimeIndex(local).normalize().as_unit("us"))
        return frame.sort_values("date", kind="stable", ignore_index=True)

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
    """Find what is strange in a day matrix, and leave out what says nothing about demand.

    Only the days of the matrix are looked at, so a matrix cut at an origin gives the series of that origin. The
    matrix carries the planners' decisions: a span that is kept is fitted whatever seems strange, one that is
    dropped is not.

    Parameters
    ----------
    matrix
        History by day and slot.
    terms
        Known peaks: they explain unusual days.
    settings
        For the shares beyond which a day is unusual.
    """
    place = terms.rows(matrix.days)
    lifted, cut, outage = terms.lifted[place], terms.cut[place], terms.outage[place]
    weekdays, verdicts = matrix.weekdays, verdicts_on(matrix)
    open_cells = matrix.opened[weekdays]
    found = np.where(open_cells, matrix.counts, np.nan)
    counts = np.where(verdicts.dropped, np.nan, found)

    alive = (np.nansum(counts, axis=1) > 0) & ~cut & ~outage
    then, since = unserved(counts, weekdays, matrix.opened, alive)
    cells = {FindingKind.CLOSED_THEN: then}
    since = np.where(_kept_at_the_end(verdicts.kept, weekdays), 0.0, since)
    opened = matrix.opened & (since < 1)
    open_cells = opened[weekdays]
    counts = np.where(open_cells & ((then < 1) | verdicts.kept), counts, np.nan)

    slot_usual = usual_by_slot(counts, weekdays, opened)
    levels = day_levels(counts, slot_usual)
    cells[FindingKind.SPIKE] = spike_sizes(counts, slot_usual, levels, lifted)
    cells[FindingKind.OUTAGE] = np.where(
        (cut | outage)[:, None], 0.0, outage_sizes(counts, slot_usual, levels, weekdays)
    )
    odd = (cells[FindingKind.SPIKE] >= 1) | (cells[FindingKind.OUTAGE] >= 1)
    counts = np.where(odd & ~verdicts.kept, np.nan, counts)

    shape = weekly_means(counts, weekdays, opened)[weekdays]
    known = np.isfinite(counts)
    share = _known_share(shape, known, open_cells)
    kept_day = open_cells.any(axis=1) & (verdicts.kept | ~open_cells).all(axis=1)
    enough = (share >= LEAST_KNOWN_SHARE) | (kept_day & (share > 0))
    observed = np.where(known, counts, 0.0).sum(axis=1)
    totals = np.divide(observed, share, out=np.full(len(share), np.nan), where=enough)
    known_day = np.isfinite(totals)

    copied = copied_days(found)
    lost = lost_days(totals, weekdays) * ~cut
    no_level = (lost >= 1) | (copied >= 0) | outage
    usual = running_median(np.where(no_level, np.nan, totals), weekdays)
    odd_days = unusual_days(
        np.where(lost >= 1, np.nan, totals), usual, opened=opened, settings=settings, cut=cut, lifted=lifted
    )
    sizes = {
        FindingKind.MISSING_DAY: (matrix.opened[weekdays].any(axis=1) & ~np.isfinite(found).any(axis=1))
        * 1.0,
        FindingKind.PARTLY_KNOWN: (known.any(axis=1) & ~enough) * 1.0,
        FindingKind.KNOWN_OUTAGE: (outage & known_day) * 1.0,
        FindingKind.COPIED_DAY: ((copied >= 0) & known_day & ~outage) * 1.0,
        FindingKind.LOST_DAY: np.where(known_day & ~outage, lost, 0.0),
        **{kind: np.where(outage | (copied >= 0), 0.0, size) for kind, size in odd_days.sizes.items()},
    }
    broken = np.logical_or.reduce([size >= 1 for size in sizes.values()]) & ~kept_day
    usable = known_day & ~broken

    level = np.divide(totals, shape.sum(axis=1), out=np.zeros(len(totals)), where=shape.sum(axis=1) > 0)
    filled = np.where(known, counts, shape * level[:, None])
    filled = np.where(open_cells, filled, 0.0)
    filled = np.where(usable[:, None], filled, np.nan)
    marks = Marks(
        matrix=matrix,
        verdicts=verdicts,
        found=found,
        expected=slot_usual * day_levels(counts, slot_usual)[:, None],
        cells=cells,
        since=since,
        days=sizes,
        copied=copied,
        kept_day=kept_day,
        usable=usable,
        usual=usual,
        steady=np.where(usable & ~lifted & ~cut, totals, np.nan),
        shifted_from=odd_days.shifted_from,
    )
    return Series(
        matrix.queue_id,
        matrix.days,
        counts,
        filled,
        opened,
        np.where(usable, totals, np.nan),
        usable,
        usable & ~odd_days.unusual,
        marks,
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


def _kept_at_the_end(kept: np.ndarray, weekdays: np.ndarray) -> np.ndarray:
    """Whether somebody keeps the latest cell of each weekday and slot, shape (7, slots)."""
    latest = np.zeros((7, kept.shape[1]), dtype=bool)
    for weekday in np.unique(weekdays):
        latest[weekday] = kept[np.flatnonzero(weekdays == weekday)[-1]]
    return latest


def _known_share(shape: np.ndarray, known: np.ndarray, opened: np.ndarray) -> np.ndarray:
    """Share of a day's usual contacts that falls into the slots known; by number of slots where none are usual."""
    weight = np.where(shape.sum(axis=1, keepdims=True) > 0, shape, opened)
    whole = weight.sum(axis=1)
    part = np.where(known, weight, 0.0).sum(axis=1)
    share: np.ndarray = np.divide(part, whole, out=np.zeros(len(whole)), where=whole > 0)
    return share

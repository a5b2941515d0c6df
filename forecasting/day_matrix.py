"""History of one queue as a matrix of local days × slots of the day.

A slot is an interval's place on the wall clock, so 9:00 is the same slot in summer and winter. On the day the
clock is put back two intervals share a slot and the cell holds their mean, or nothing where only one of them is
known, since an export in local time adds both up in one; on the day it is put forward one slot has no interval
and its cell stays unknown. Unknown is NaN, never 0.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta

import numpy as np
import pandas as pd

from data.corrections import Decision, decisions_on
from data.domain import DAY_MIN, INTERVALS_MIN, Queue, zone
from data.errors import InputError
from data.intervals import clock, grid, is_open


@dataclass(frozen=True, slots=True)
class DayMatrix:
    """Contacts offered per interval, by local day and slot.

    Parameters
    ----------
    queue
        As given.
    days
        Consecutive local days without zone, shape (days,).
    counts
        Contacts per interval, shape (days, slots); NaN where the queue is closed or nothing is known.
    opened
        Whether a slot is open on a weekday, shape (7, slots).
    intervals
        How many intervals share each cell, shape (days, slots): 1 where open, 0 where closed or skipped by the
        clock, 2 where the clock is put back.
    outside
        Contacts of each day outside the opening hours, which are never fitted, shape (days,).
    decisions
        What planners decided about spans of this queue's history, in their order.
    """

    queue: Queue
    days: pd.DatetimeIndex
    counts: np.ndarray
    opened: np.ndarray
    intervals: np.ndarray
    outside: np.ndarray
    decisions: tuple[Decision, ...] = ()

    @property
    def queue_id(self) -> str:
        """For messages."""
        return self.queue.id

    @property
    def weekdays(self) -> np.ndarray:
        """Weekday of each day, 0 for Monday."""
        return weekdays_of(self.days)

    def local_starts(self) -> np.ndarray:
        """Wall-clock start of each cell, datetime64[us] without zone, shape (days, slots)."""
        slots = self.counts.shape[1]
        step = np.timedelta64(DAY_MIN // slots, "m")
        starts: np.ndarray = self.days.to_numpy(dtype="datetime64[us]")[:, None] + step * np.arange(slots)
        return starts

    def local(self, moment: datetime) -> np.datetime64:
        """Wall-clock time of an instant in the queue's zone."""
        return np.datetime64(moment.astimezone(zone(self.queue.timezone)).replace(tzinfo=None), "us")

    def until(self, known: int) -> DayMatrix:
        """Return the matrix as it stood after the first `known` days."""
        return replace(
            self,
            days=self.days[:known],
            counts=self.counts[:known],
            intervals=self.intervals[:known],
            outside=self.outside[:known],
        )


def weekdays_of(days: pd.DatetimeIndex) -> np.ndarray:
    """Weekday of each day, 0 for Monday, shape (days,)."""
    return days.day_of_week.to_numpy(dtype=np.int64)


def opening(queue: Queue) -> np.ndarray:
    """Whether each slot is open on each weekday; booleans of shape (7, slots)."""
    minutes = np.arange(0, DAY_MIN, queue.interval_min)
    weekday, minute = np.meshgrid(np.arange(7), minutes, indexing="ij")
    return is_open(weekday, minute, queue.hours)


def slots_of(intervals: pd.DataFrame, queue: Queue) -> np.ndarray:
    """Slot of each interval of a grid, shape (intervals,)."""
    return intervals["minute"].to_numpy() // queue.interval_min


def known_rows(queue: Queue, history: pd.DataFrame, cutoff: pd.Timestamp) -> pd.DataFrame:
    """Rows of the queue whose interval ended at or before the cutoff, in order of time.

    Raises
    ------
    InputError
        There are none, an interval stands twice, or a count is negative or infinite.
    """
    length = pd.Timedelta(minutes=queue.interval_min)
    mine = history["queue"].eq(queue.id) & (history["start"] + length <= cutoff)
    rows = history.loc[mine].sort_values("start", ignore_index=True)
    name = f"queue {queue.id!r}"
    if rows.empty:
        raise InputError(f"{name}: its history has nothing up to {cutoff}. Import at least one week of it.")
    doubled = rows["start"].duplicated()
    if doubled.any():
        first = rows.loc[doubled, "start"].iloc[0]
        raise InputError(
            f"{name}: {int(doubled.sum())} intervals stand twice, the first at {first}. Keep one row of each."
        )
    offered = rows["offered"].to_numpy(dtype=float)
    wrong = np.isinf(offered) | (offered < 0)
    if wrong.any():
        first, found = rows.loc[wrong, "start"].iloc[0], offered[wrong][0]
        raise InputError(
            f"{name}: offered is {found:g} at {first} and wrong in {int(wrong.sum())} intervals. "
            "Correct these rows; leave out what is not known."
        )
    return rows


def day_matrix(
    queue: Queue,
    rows: pd.DataFrame,
    cutoff: pd.Timestamp,
    longest_days: int,
    decisions: Sequence[Decision] = (),
) -> DayMatrix:
    """Lay known rows out as days × slots, whole days up to the cutoff only.

    A day the cutoff falls into is left out unless all its open intervals have ended.

    Parameters
    ----------
    queue
        Its opening hours, zone and interval make the grid.
    rows
        As `known_rows` returns them.
    cutoff
        Last instant that may be known.
    longest_days
        Older days are not read.
    decisions
        Of planners; those on other queues are passed over.

    Raises
    ------
    InputError
        No row lies on the queue's grid within its opening hours.
    """
    last = last_whole_day(queue, cutoff)
    first = rows["start"].iloc[0].tz_convert(queue.timezone).date()
    first = max(first, last - timedelta(days=longest_days - 1))
    days = max((last - first).days + 1, 0)
    intervals = grid(queue, first, days) if days else grid(queue, first, 1).iloc[:0]
    place = pd.Index(intervals["start"]).get_indexer(pd.Index(rows["start"]))
    _require_on_grid(queue, rows.loc[place < 0], intervals)
    opened = opening(queue)
    slots = opened.shape[1]
    offered = rows["offered"].to_numpy(dtype=float)
    kept = (place >= 0) & ~np.isnan(offered)
    day = (intervals["date"] - pd.Timestamp(first)).dt.days.to_numpy()
    cell = (day * slots + slots_of(intervals, queue))[place[kept]]
    sums = np.bincount(cell, weights=offered[kept], minlength=days * slots)
    times = np.bincount(cell, minlength=days * slots)
    shared = np.bincount(day * slots + slots_of(intervals, queue), minlength=days * slots)
    whole = (times > 0) & (times >= shared)
    counts = np.divide(sums, times, out=np.full(days * slots, np.nan), where=whole)
    counts = counts.reshape(days, slots)
    _require_step(queue, counts, opened)
    dates = pd.date_range(pd.Timestamp(first), periods=days, freq="D", unit="us")
    return DayMatrix(
        queue,
        dates,
        counts,
        opened,
        shared.reshape(days, slots),
        _outside(queue, rows.loc[place < 0], dates),
        decisions_on(queue.id, decisions),
    )


def last_whole_day(queue: Queue, cutoff: pd.Timestamp) -> date:
    """Last local day of which no open interval ends after the cutoff."""
    day: date = cutoff.tz_convert(queue.timezone).date()
    intervals = grid(queue, day, 1)
    ended = intervals["start"] + pd.Timedelta(minutes=queue.interval_min) <= cutoff
    # A closed day is only over when its midnight has passed.
    return day if len(ended) and ended.all() else day - timedelta(days=1)


def _outside(queue: Queue, strays: pd.DataFrame, days: pd.DatetimeIndex) -> np.ndarray:
    """Contacts of each day in rows that are in none of its intervals, shape (days,)."""
    local = clock(pd.DatetimeIndex(strays["start"]), queue.timezone)["date"]
    place = days.get_indexer(pd.DatetimeIndex(local))
    offered = strays["offered"].to_numpy(dtype=float)
    counted = (place >= 0) & ~np.isnan(offered)
    return np.bincount(place[counted], weights=offered[counted], minlength=len(days))


def _require_on_grid(queue: Queue, strays: pd.DataFrame, intervals: pd.DataFrame) -> None:
    """Rows in closed hours may stay unread; rows between two intervals mean a wrong interval length."""
    if strays.empty or intervals.empty:
        return
    within = strays["start"].between(intervals["start"].iloc[0], intervals["start"].iloc[-1])
    local = clock(pd.DatetimeIndex(strays.loc[within, "start"]), queue.timezone)
    opened = is_open(local["weekday"].to_numpy(), local["minute"].to_numpy(), queue.hours)
    if opened.any():
        example = strays.loc[within, "start"].iloc[int(np.argmax(opened))]
        raise InputError(
            f"queue {queue.id!r}: {int(opened.sum())} rows do not start on its {queue.interval_min} min grid, "
            f"such as {example}. Set interval_min of the queue to that of the history, or import the history again."
        )


def _require_step(queue: Queue, counts: np.ndarray, opened: np.ndarray) -> None:
    """Counts of a longer interval would pass for this one's, with every other interval unknown."""
    seen = np.any(np.isfinite(counts), axis=0)
    ever_open = np.any(opened, axis=0)
    both_open = ever_open[1:] & ever_open[:-1]
    if seen.sum() > 2 and both_open.any() and not (seen[1:] & seen[:-1]).any():
        step_min = queue.interval_min * int(np.diff(np.flatnonzero(seen)).min())
        repair = "Import finer history."
        if step_min in INTERVALS_MIN:
            repair = f"Set interval_min of the queue to {step_min}, or import finer history."
        raise InputError(
            f"queue {queue.id!r}: its history has intervals of {step_min} min, the queue has "
            f"{queue.interval_min} min. {repair}"
        )

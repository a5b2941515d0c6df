"""Whether the rows of a file fit the intervals and opening hours of their queues."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
import pandas as pd

from data.domain import Queue
from data.errors import Fault
from data.ingest.history import HistoryFile
from data.ingest.steps import INTERVALS_MIN, Steps, find_steps
from data.intervals import clock, is_open
from data.tables.cells import text

OUTSIDE = "outside the queue's opening hours"


def mixed_faults(file: HistoryFile, queues: Mapping[str, Queue], derived: Mapping[str, str]) -> list[Fault]:
    """Faults of the file as a whole: intervals of several lengths, or of another length than the queue's.

    Parameters
    ----------
    file
        As read.
    queues
        Queues that are defined; their intervals hold.
    derived
        Zone by queue of those that nobody defined: their intervals must be told from the file.
    """
    faults = []
    for name, rows in _sound(file).groupby("queue", sort=False):
        queue = queues.get(str(name))
        zone = queue.timezone if queue is not None else derived[str(name)]
        steps = find_steps(rows["start"].drop_duplicates(), zone)
        found = (
            _misfit(steps, queue.interval_min)
            if queue is not None
            else _unclear(steps, file.given_min[rows.index.to_numpy()])
        )
        if found is not None:
            reason, repair = found
            column = file.rows.name("start")
            faults.append(Fault(file.rows.source, None, column, None, f"queue {name!r}: {reason}", repair))
    return faults


def interval_of(starts: pd.Series, given_min: np.ndarray, timezone: str) -> int | None:
    """Interval of a queue that nobody defined; None where its rows do not tell."""
    given = given_min[~np.isnan(given_min)]
    if len(given):
        return int(given[0])
    common = find_steps(starts, timezone).common_min
    return None if common is None else int(common)


def fit(file: HistoryFile, queues: Mapping[str, Queue]) -> None:
    """Mark rows that do not begin on their queue's grid, and leave out those outside its opening hours."""
    outside = np.zeros(file.rows.length, dtype=bool)
    for name, rows in _sound(file).groupby("queue", sort=False):
        queue = queues[str(name)]
        places = rows.index.to_numpy()
        starts = pd.DatetimeIndex(rows["start"])
        local = clock(starts, queue.timezone)
        minute = local["minute"].to_numpy()
        late_min = minute % queue.interval_min
        off = (late_min != 0) | (starts != starts.floor("min"))
        _mark_overlaps(file, queue, places[off], late_min[off])
        _mark_lengths(file, queue, places[~off])
        outside[places] = ~is_open(local["weekday"].to_numpy(), minute, queue.hours)
    file.rows.leave_out(outside, OUTSIDE)


def _mark_overlaps(file: HistoryFile, queue: Queue, places: np.ndarray, late_min: np.ndarray) -> None:
    if len(places) == 0:
        return
    shown = text(file.rows.raw("start"))
    starts = file.frame["start"]
    for place, late in zip(places.tolist(), late_min.tolist(), strict=True):
        before = starts.iloc[place].floor("min") - pd.Timedelta(minutes=late)
        begins = before.tz_convert(queue.timezone).strftime("%H:%M")
        file.rows.mark_one(
            place,
            file.rows.name("start"),
            f"queue {queue.id!r} has intervals of {queue.interval_min} min: this start overlaps the one of {begins}",
            f"Export intervals of {queue.interval_min} min, or correct the start.",
            shown.iloc[place],
        )


def _mark_lengths(file: HistoryFile, queue: Queue, places: np.ndarray) -> None:
    given = file.given_min[places]
    for place in places[~np.isnan(given) & (given != queue.interval_min)].tolist():
        length = f"{file.given_min[place]:g}"
        file.rows.mark_one(
            place,
            file.rows.name("interval_min"),
            f"the row covers {length} min, queue {queue.id!r} has intervals of {queue.interval_min} min",
            f"Export intervals of {queue.interval_min} min.",
            length,
        )


def _sound(file: HistoryFile) -> pd.DataFrame:
    return file.frame.loc[file.rows.sound, ["queue", "start"]]


def _misfit(steps: Steps, interval_min: int) -> tuple[str, str] | None:
    others = [gap for gap in steps.steady_min if gap != interval_min]
    if steps.daily:
        others = [1440]
    if not others:
        return None
    listed = " and ".join(f"{gap:g}" for gap in others)
    return (
        f"the file has intervals of {listed} min, the queue has {interval_min} min",
        f"Export intervals of {interval_min} min.",
    )


def _unclear(steps: Steps, given_min: np.ndarray) -> tuple[str, str] | None:
    given = np.unique(given_min[~np.isnan(given_min)])
    lengths = {float(value) for value in given} if len(given) else set(steps.steady_min)
    if steps.daily:
        lengths = {1440.0}
    elif not len(given) and steps.common_min is not None:
        lengths |= {steps.common_min} | ({steps.second_min} if steps.second_min is not None else set())
    if len(lengths) > 1:
        listed = " and ".join(f"{value:g}" for value in sorted(lengths))
        return (
            f"mixed intervals, of {listed} min",
            "Export one interval length; or import the queue first, when intervals without contacts are left out.",
        )
    wrong = [value for value in lengths if value not in INTERVALS_MIN]
    if wrong:
        return f"intervals of {wrong[0]:g} min", "Export intervals of 15, 30 or 60 min."
    return None

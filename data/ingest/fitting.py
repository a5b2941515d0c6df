"""Whether the rows of a file fit the intervals and opening hours of their queues."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
import pandas as pd

from data.domain import INTERVALS_MIN, Queue
from data.errors import Fault
from data.ingest.history import HistoryFile
from data.ingest.steps import DEFAULT_INTERVAL_MIN, other_length, told_interval, unclear
from data.intervals import clock, is_open
from data.tables.cells import text

OUTSIDE = "outside the queue's opening hours"
OUTSIDE_THAT_WAIT = (
    "outside the opening hours of a queue whose contacts can wait: leave it open while they come"
)

Misfit = tuple[int, str, str]
"""Place of the first row in doubt, reason and repair."""


def mixed_faults(
    file: HistoryFile, queues: Mapping[str, Queue], derived: Mapping[str, int | None], timezone: str
) -> list[Fault]:
    """Faults of the file as a whole: intervals of several lengths, or of another length than the queue's.

    Parameters
    ----------
    file
        As read.
    queues
        Queues that are defined; their intervals hold.
    derived
        Interval of those that nobody defined, as all files together tell it.
    timezone
        Zone of the latter.
    """
    faults = []
    for name, rows in _sound(file).groupby("queue", sort=False):
        ordered = rows.sort_values("start", kind="stable").drop_duplicates("start")
        queue = queues.get(str(name))
        found = (
            _misfit(file, ordered, queue)
            if queue is not None
            else _mixed(file, ordered, derived[str(name)], timezone)
        )
        if found is not None:
            place, reason, repair = found
            column = file.rows.name("start")
            shown = text(file.rows.raw("start").iloc[[place]]).iloc[0]
            line = int(file.rows.lines[place])
            faults.append(Fault(file.rows.source, line, column, shown, f"queue {name!r}: {reason}", repair))
    return faults


def interval_of(starts: pd.Series, given_min: np.ndarray) -> int | None:
    """Interval of a queue that nobody defined; None where its rows do not tell."""
    given = given_min[~np.isnan(given_min)]
    return int(given[0]) if len(given) else told_interval(pd.DatetimeIndex(starts.sort_values()))


def fit(file: HistoryFile, queues: Mapping[str, Queue]) -> None:
    """Mark rows that do not begin on their queue's grid, and leave out those outside its opening hours."""
    outside, lost = (np.zeros(file.rows.length, dtype=bool) for _ in range(2))
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
        closed = ~is_open(local["weekday"].to_numpy(), minute, queue.hours)
        waits = closed & queue.can_wait & (file.frame.loc[places, "offered"] > 0).to_numpy()
        outside[places], lost[places] = closed & ~waits, waits
    file.rows.leave_out(outside, OUTSIDE)
    file.rows.leave_out(lost, OUTSIDE_THAT_WAIT)


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


def _misfit(file: HistoryFile, ordered: pd.DataFrame, queue: Queue) -> Misfit | None:
    """Whether rows that do not name their interval have another one than their queue."""
    silent = ordered[np.isnan(file.given_min[ordered.index.to_numpy()])]
    doubt = other_length(pd.DatetimeIndex(silent["start"]), queue.timezone, queue.interval_min)
    if doubt is None:
        return None
    reason = f"the file has intervals of {doubt.length_min:g} min, the queue has {queue.interval_min} min"
    return int(silent.index[doubt.place]), reason, _repair(queue.interval_min, doubt.length_min)


def _mixed(
    file: HistoryFile, ordered: pd.DataFrame, interval_min: int | None, timezone: str
) -> Misfit | None:
    """Whether the rows of a queue that nobody defined leave its interval open."""
    given_min = file.given_min[ordered.index.to_numpy()]
    told = np.flatnonzero(~np.isnan(given_min))
    found = (
        _several(given_min, told)
        if len(told)
        else _open(pd.DatetimeIndex(ordered["start"]), interval_min, timezone)
    )
    if found is None:
        return None
    place, lengths = found
    row = int(ordered.index[place])
    if len(lengths) == 1:
        return row, f"intervals of {min(lengths):g} min", "Export intervals of 15, 30 or 60 min."
    listed = " and ".join(f"{value:g}" for value in sorted(lengths))
    repair = (
        "Export one interval length; where intervals without contacts were left out, import the queue first, "
        "or say in a column interval_min how long each is."
    )
    return row, f"mixed intervals, of {listed} min", repair


def _several(given_min: np.ndarray, told: np.ndarray) -> tuple[int, set[float]] | None:
    """First of the rows that names another interval than those before it, or one there is not."""
    others = told[given_min[told] != given_min[told[0]]]
    if len(others) == 0 and given_min[told[0]] in INTERVALS_MIN:
        return None
    return int(others[0] if len(others) else told[0]), set(given_min[told].tolist())


def _open(starts: pd.DatetimeIndex, interval_min: int | None, timezone: str) -> tuple[int, set[float]] | None:
    """First start that does not fit the interval that was told from the gaps."""
    told = set() if interval_min is None else {float(interval_min)}
    doubt = other_length(starts, timezone, interval_min or DEFAULT_INTERVAL_MIN)
    if doubt is None:
        doubt = unclear(starts, interval_min)
        told &= set((np.diff(starts) / pd.Timedelta(minutes=1)).tolist())
    return None if doubt is None else (doubt.place, told | {doubt.length_min})


def _repair(interval_min: int, length_min: float) -> str:
    repair = f"Export intervals of {interval_min} min"
    if length_min in INTERVALS_MIN:
        repair += f", or give the queue interval_min {length_min:g} before its first history"
    if length_min > interval_min:
        repair += (
            "; where intervals without contacts were left out, give them 0, "
            f"or say {interval_min} in a column interval_min"
        )
    return f"{repair}."

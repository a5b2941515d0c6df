"""Rows per call of one file: read, judged one by one, and put under our names."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
import pandas as pd

from data.domain import Queue
from data.errors import InputError
from data.ingest.limits import LONGEST_HANDLE_S, LONGEST_WAIT_S
from data.ingest.rows import Rows
from data.ingest.starts import to_days, to_instants
from data.ingest.times import NEVER, Moments, at_clock, nearest_day, read_clock, read_moments
from data.mapping import CallColumns, ColumnMapping, Kept
from data.tables import Table
from data.tables.cells import text


@dataclass(frozen=True, slots=True)
class CallFile:
    """One file's calls.

    Parameters
    ----------
    rows
        Their state; more rows may be marked or left out.
    frame
        queue, start (when the call asked for a person), day (local day the export files it under), answered (bool),
        wait_s, handle_time_s, server ("" where not known) of every row, sound or not, in the file's order.
    cut
        How many handle times were cut to the mapping's limit.
    """

    rows: Rows
    frame: pd.DataFrame
    cut: int


def call_columns(mapping: ColumnMapping) -> CallColumns:
    """How a mapping reads calls; InputError where it reads none."""
    if mapping.calls is None:
        raise InputError(
            f"the mapping {mapping.name} does not say how to read calls. Add [calls.columns] to it."
        )
    return mapping.calls


def read_calls(
    table: Table, mapping: ColumnMapping, queues: Mapping[str, Queue], *, timezone: str, strict: bool
) -> CallFile:
    """Read rows per call.

    Parameters
    ----------
    table
        As read from the file.
    mapping
        What its columns mean.
    queues
        Queues that are known; their zones hold for times without offset.
    timezone
        Zone of the others.
    strict
        Whether a queue that is not known is a fault.

    Raises
    ------
    InputError
        The mapping reads no calls, or columns are missing.
    """
    layout = call_columns(mapping)
    rows = Rows(
        table,
        "calls",
        {**layout.columns, "start": layout.start[0]},
        constants=layout.constants,
        optional=layout.optional,
        more=[*layout.start, *(name for rule in layout.rules for name in rule.when)],
    )
    kept = rows.apply(layout.rules)
    decided = np.logical_or.reduce(list(kept.values()))
    _mark_undecided(rows, layout, ~decided)
    names = rows.names()
    names = names.replace(dict(mapping.queue_names)) if mapping.queue_names else names
    counted = rows.sound
    if strict:
        unknown = ~names.isin(list(queues)).to_numpy() & counted
        repair = f"Correct the name or import the queue first. Known: {', '.join(sorted(queues))}."
        rows.mark(unknown, rows.name("queue"), "unknown queue", repair, names)
    zones = {name: queue.timezone for name, queue in queues.items()}
    moments, shown, days = _moments(rows, layout, mapping)
    starts = to_instants(
        rows,
        moments,
        shown,
        judged=~np.isnat(days) if rows.has("date") else np.ones(rows.length, dtype=bool),
        column=layout.start[0],
        queues=names,
        zones=zones,
        timezone=timezone,
        rules=mapping.times,
    )
    answered = kept[Kept.ANSWERED]
    handle_time_s = rows.amounts("handle_time_s", required=True, where=counted & answered)
    limit = np.inf if layout.max_handle_s is None else layout.max_handle_s
    with np.errstate(invalid="ignore"):
        cut = answered & (handle_time_s > limit)
    handle_time_s = rows.at_most(
        "handle_time_s",
        np.minimum(handle_time_s, limit),
        LONGEST_HANDLE_S,
        f"{LONGEST_HANDLE_S:,} s of a contact",
        where=counted & answered,
    )
    wait_s = rows.at_most(
        "wait_s",
        rows.amounts("wait_s", required=True, where=counted),
        LONGEST_WAIT_S,
        f"{LONGEST_WAIT_S:,} s of a contact",
        where=counted,
    )
    frame = pd.DataFrame(
        {
            "queue": names.to_numpy(),
            "start": pd.DatetimeIndex(starts, tz="UTC"),
            "day": days,
            "answered": answered,
            "wait_s": wait_s,
            "handle_time_s": handle_time_s,
            "server": _servers(rows, layout),
        }
    )
    return CallFile(rows, frame, int((cut & rows.sound).sum()))


def _servers(rows: Rows, layout: CallColumns) -> np.ndarray:
    if not rows.has("server"):
        return np.full(rows.length, "", dtype=object)
    found = text(rows.raw("server"))
    return found.where(~found.isin(layout.no_server), "").to_numpy(dtype=object)


def _mark_undecided(rows: Rows, layout: CallColumns, where: np.ndarray) -> None:
    names = list(dict.fromkeys(name for rule in layout.rules for name in rule.when))
    shown = rows.texts(names[0])
    for name in names[1:]:
        shown = shown + ", " + rows.texts(name)
    reason = "no rule of the mapping says what such a row is"
    rows.mark(where, ", ".join(names), reason, "Correct the cell, or add a rule to the mapping.", shown)


def _moments(
    rows: Rows, layout: CallColumns, mapping: ColumnMapping
) -> tuple[Moments, pd.Series, np.ndarray]:
    """When each call asked for a person, the text that says so, and the local day it is filed under, NaT for its own."""
    times = mapping.times
    shown = _first_given(rows, layout.start, times.none)
    if not rows.has("date"):
        return read_moments(shown, times.format), shown, np.full(rows.length, NEVER)
    days = to_days(rows, times)
    clock = read_clock(shown)
    if rows.has("after"):
        clock = nearest_day(clock, read_clock(rows.raw("after")))
    return Moments(np.full(rows.length, NEVER), at_clock(days, clock)), shown, days


def _first_given(rows: Rows, columns: tuple[str, ...], none: frozenset[str]) -> pd.Series:
    """Text of the first column that holds a time."""
    blank = {"", *none}
    found = rows.texts(columns[0])
    found = found.where(~found.isin(blank), "")
    for name in columns[1:]:
        if not (found == "").any():
            break
        more = rows.texts(name)
        found = found.where(found != "", more.where(~more.isin(blank), ""))
    return found

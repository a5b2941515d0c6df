"""Rows per interval of one file: read, judged one by one, and put under our names."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
import pandas as pd

from data.domain import Queue
from data.errors import InputError
from data.ingest.limits import LONGEST_HANDLE_S, LONGEST_WAIT_S, MOST_CONTACTS
from data.ingest.rows import Rows
from data.ingest.starts import to_days, to_instants
from data.ingest.times import NEVER, Moments, at_clock, read_clock, read_moments
from data.mapping import ColumnMapping
from data.tables import Table
from data.tables.cells import text

TOLERANCE = 1e-9
"""Counts are added up as floating-point numbers."""


@dataclass(frozen=True, slots=True)
class HistoryFile:
    """One file's rows.

    Parameters
    ----------
    rows
        Their state; more rows may be marked or left out.
    frame
        queue, start and figures of every row, sound or not, in the file's order.
    given_min
        Interval each row names, NaN where it names none.
    """

    rows: Rows
    frame: pd.DataFrame
    given_min: np.ndarray


def read_history(
    table: Table, mapping: ColumnMapping, queues: Mapping[str, Queue], *, timezone: str, strict: bool
) -> HistoryFile:
    """Read rows per interval.

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
        The mapping reads no history, or columns are missing.
    """
    layout = mapping.history
    if layout is None:
        raise InputError(
            f"the mapping {mapping.name} does not say how to read history. Add [history.columns] to it."
        )
    rows = Rows(
        table,
        "history",
        layout.columns,
        constants=layout.constants,
        optional=layout.optional,
        more=[name for rule in layout.rules for name in rule.when],
    )
    rows.apply(layout.rules)
    names = rows.names().replace(dict(mapping.queue_names)) if mapping.queue_names else rows.names()
    if strict:
        unknown = ~names.isin(list(queues)).to_numpy() & (names != "").to_numpy()
        rows.mark(unknown, rows.name("queue"), "unknown queue", _known(queues), names)
    zones = {name: queue.timezone for name, queue in queues.items()}
    moments, shown, judged = _moments(rows, mapping)
    starts = to_instants(
        rows,
        moments,
        shown,
        judged=judged,
        column=rows.name("start"),
        queues=names,
        zones=zones,
        timezone=timezone,
        rules=mapping.times,
    )
    frame = pd.DataFrame({"queue": names.to_numpy(), "start": pd.DatetimeIndex(starts, tz="UTC")})
    for column, values in _figures(rows).items():
        frame[column] = values
    _mark_doubled(rows, frame)
    given = rows.amounts("interval_min")
    return HistoryFile(rows, frame, given)


def _moments(rows: Rows, mapping: ColumnMapping) -> tuple[Moments, pd.Series, np.ndarray]:
    """When each interval starts, the text that says so, and which rows have a date."""
    times = mapping.times
    raw = rows.raw("start")
    if not rows.has("date"):
        return read_moments(raw, times.format), text(raw), np.ones(rows.length, dtype=bool)
    days = to_days(rows, times)
    walls = at_clock(days, read_clock(raw))
    return Moments(np.full(rows.length, NEVER), walls), text(raw), ~np.isnat(days)


def _figures(rows: Rows) -> dict[str, np.ndarray]:
    offered = rows.counts("offered", required=True)
    offered = rows.at_most("offered", offered, MOST_CONTACTS, f"{MOST_CONTACTS:,} contacts an interval")
    answered = rows.counts("answered")
    abandoned = rows.counts("abandoned")
    within = rows.counts("answered_in_threshold")
    contacts = np.maximum(offered, 1)
    handled = f"{LONGEST_HANDLE_S:,} s of each contact"
    handle_time_s = rows.amounts("handle_time_s")
    handle_time_s = rows.at_most("handle_time_s", handle_time_s, LONGEST_HANDLE_S * contacts, handled)
    aht_s = rows.at_most("aht_s", rows.amounts("aht_s"), LONGEST_HANDLE_S, handled)
    waited = f"{LONGEST_WAIT_S:,} s of each contact"
    wait_s = rows.at_most("wait_s", rows.amounts("wait_s"), LONGEST_WAIT_S * contacts, waited)
    shown = text(rows.raw("answered")) if rows.has("answered") else None
    with np.errstate(invalid="ignore"):
        more = answered > offered + TOLERANCE
        lost = ~more & (answered + abandoned > offered + TOLERANCE)
        early = within > answered + TOLERANCE
        left = abandoned > offered + TOLERANCE
    rows.mark(more, rows.name("answered"), "more answered than offered", "Correct one of the two.", shown)
    repair = "Correct one of the three; offered = answered + abandoned."
    rows.mark(lost, rows.name("answered"), "more answered and abandoned than offered", repair, shown)
    if rows.has("abandoned"):
        rows.mark(
            left & ~lost,
            rows.name("abandoned"),
            "more abandoned than offered",
            "Correct one of the two.",
            text(rows.raw("abandoned")),
        )
    if rows.has("answered_in_threshold"):
        rows.mark(
            early,
            rows.name("answered_in_threshold"),
            "more answered within the threshold than answered",
            "Correct one of the two.",
            text(rows.raw("answered_in_threshold")),
        )
    return {
        "offered": offered,
        "answered": answered,
        "abandoned": abandoned,
        "answered_in_threshold": within,
        "handle_time_s": np.where(np.isnan(handle_time_s), aht_s * answered, handle_time_s),
        "wait_s": wait_s,
    }


def _mark_doubled(rows: Rows, frame: pd.DataFrame) -> None:
    """The first row of an interval stands, the others are faults."""
    keys = frame.loc[rows.sound, ["queue", "start"]]
    doubled = keys.duplicated()
    if not doubled.any():
        return
    first = keys[~doubled].reset_index(names="place").set_index(["queue", "start"])["place"]
    again = keys[doubled]
    places = first.loc[pd.MultiIndex.from_frame(again)].to_numpy()
    shown = text(rows.raw("start"))
    for place, before in zip(again.index.to_list(), places, strict=True):
        reason = f"the interval is on line {rows.lines[before]} already"
        repair = "Keep one row of each queue and start."
        rows.mark_one(place, rows.name("start"), reason, repair, shown.iloc[place])


def _known(queues: Mapping[str, Queue]) -> str:
    return f"Correct the name or import the queue first. Known: {', '.join(sorted(queues))}."

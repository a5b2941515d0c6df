"""Agents present per interval from a file: read, judged row by row, and put into the workspace."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

import numpy as np
import pandas as pd

from data.domain import MOST_AGENTS, Queue
from data.errors import Fault, FaultyFileError, InputError
from data.ingest.accounting import NOTHING, Account
from data.ingest.centre import Centre
from data.ingest.fitting import OUTSIDE
from data.ingest.importing import Report, each_table, silent
from data.ingest.report import IngestReport
from data.ingest.rows import Rows
from data.ingest.starts import to_instants
from data.ingest.steps import other_length
from data.ingest.times import read_moments
from data.intervals import clock, is_open
from data.mapping import ColumnMapping
from data.presence import PRESENCE, SEPARATOR, pool_name, pool_queues
from data.schema import conform
from data.store import Workspace
from data.tables import Table
from data.tables.cells import text

REQUIRED = ("queues", "start", "agents")
OPTIONAL = ("interval_min",)


@dataclass(frozen=True, slots=True)
class _File:
    rows: Rows
    frame: pd.DataFrame
    given_min: np.ndarray


def ingest_presence(
    workspace: Workspace,
    files: Sequence[Path | str],
    *,
    mapping: str | Path = "default",
    now: datetime | None = None,
    again: bool = False,
    report: Report = silent,
) -> IngestReport:
    """Import agents present: queues (joined by ;), start, agents.

    Parameters
    ----------
    workspace
        Takes them in; its queues must be there.
    files
        CSV, TSV, xlsx or Parquet; a later file supersedes an earlier one.
    mapping
        Name or file of a column mapping; its [presence.columns] say what columns are called.
    now
        When the version is made; the workspace's clock when None.
    again
        Whether a file that was imported before supersedes what was imported after it.
    report
        Told how far the work is.

    Returns
    -------
    IngestReport
        With every faulty row; the sound rows were imported.

    Raises
    ------
    FaultyFileError
        A file cannot be read as a whole, lacks a column, or has intervals of another length than its queues; nothing
        was written.
    """
    centre = Centre(workspace, mapping)
    queues = {queue.id: queue for queue in workspace.queues()}
    if not queues:
        raise InputError(
            "the workspace has no queues yet. Import queues or history before the agents present."
        )
    tables = each_table(files, centre.mapping, report)
    report("Checking rows", None)
    found = [_read(table, centre.mapping, queues, centre.timezone) for table in tables]
    faults = [fault for file in found for fault in _length_faults(file, queues)]
    if faults:
        raise FaultyFileError(faults)
    for file in found:
        _fit(file, queues)
    frame = pd.concat([file.frame[file.rows.sound] for file in found], ignore_index=True)
    frame = frame.drop_duplicates(list(PRESENCE.key), keep="last")
    report("Writing agents present", None)
    return _write(centre, tables, [file.rows for file in found], frame, now=now, again=again)


def _read(table: Table, mapping: ColumnMapping, queues: Mapping[str, Queue], timezone: str) -> _File:
    renamed = mapping.reference.get("presence", {})
    columns = {name: renamed.get(name, name) for name in (*REQUIRED, *OPTIONAL)}
    rows = Rows(table, "presence", columns, constants={}, optional=frozenset(OPTIONAL))
    given = text(rows.raw("queues"))
    pools = given.map({cell: _pool(cell, mapping.queue_names) for cell in given.unique()})
    rows.mark((pools == "").to_numpy(), rows.name("queues"), "the value is missing", "Fill it in.", given)
    unknown = pools.map(
        {name: any(queue not in queues for queue in pool_queues(name)) for name in pools.unique()}
    )
    known = ", ".join(sorted(queues))
    repair = f"Correct the name or import the queue first. Known: {known}. Several are parted by ;."
    rows.mark((unknown & (pools != "")).to_numpy(), rows.name("queues"), "unknown queue", repair, given)
    first = pools.map({name: pool_queues(name)[0] for name in pools.unique()})
    raw = rows.raw("start")
    starts = to_instants(
        rows,
        read_moments(raw, mapping.times.format),
        text(raw),
        judged=np.ones(rows.length, dtype=bool),
        column=rows.name("start"),
        queues=first,
        zones={name: queue.timezone for name, queue in queues.items()},
        timezone=timezone,
        rules=mapping.times,
    )
    agents = rows.amounts("agents", required=True)
    agents = rows.at_most("agents", agents, MOST_AGENTS, f"{MOST_AGENTS:,} agents")
    frame = pd.DataFrame(
        {"queues": pools.to_numpy(), "start": pd.DatetimeIndex(starts, tz="UTC"), "agents": agents}
    )
    _mark_doubled(rows, frame)
    return _File(rows, frame, rows.amounts("interval_min"))


def _pool(cell: str, renamed: Mapping[str, str]) -> str:
    names = (part.strip() for part in cell.split(SEPARATOR))
    return pool_name(renamed.get(name, name) for name in names if name)


def _mark_doubled(rows: Rows, frame: pd.DataFrame) -> None:
    keys = frame.loc[rows.sound, list(PRESENCE.key)]
    doubled = np.zeros(rows.length, dtype=bool)
    doubled[keys.index[keys.duplicated()]] = True
    reason, repair = "the interval is on an earlier line already", "Keep one row of each queues and start."
    rows.mark(doubled, rows.name("start"), reason, repair, text(rows.raw("start")))
    single = frame.loc[rows.sound].assign(queue=lambda own: own["queues"].map(pool_queues)).explode("queue")
    twice = np.zeros(rows.length, dtype=bool)
    twice[single.index[single.duplicated(["queue", "start"])]] = True
    reason = "a queue of it is counted with other queues on an earlier line"
    repair = "Count each queue's agents once: name the queues the same agents serve together."
    rows.mark(twice, rows.name("queues"), reason, repair, text(rows.raw("queues")))


def _length_faults(file: _File, queues: Mapping[str, Queue]) -> list[Fault]:
    """Faults of the file as a whole: intervals of another length than the queues'."""
    faults = []
    for name, rows in file.frame[file.rows.sound].groupby("queues", sort=False):
        queue = queues[pool_queues(str(name))[0]]
        silent_rows = rows[np.isnan(file.given_min[rows.index.to_numpy()])]
        ordered = silent_rows.sort_values("start").drop_duplicates("start")
        doubt = other_length(pd.DatetimeIndex(ordered["start"]), queue.timezone, queue.interval_min)
        if doubt is not None:
            place = int(ordered.index[doubt.place])
            faults.append(
                Fault(
                    file.rows.source,
                    int(file.rows.lines[place]),
                    file.rows.name("start"),
                    None,
                    f"queue {name!r}: the file has intervals of {doubt.length_min:g} min, the queue has {queue.interval_min} min",
                    f"Export intervals of {queue.interval_min} min, or say {queue.interval_min} in a column interval_min.",
                )
            )
    return faults


def _fit(file: _File, queues: Mapping[str, Queue]) -> None:
    """Mark rows that do not begin on their queues' grid, and leave out those outside all opening hours."""
    outside = np.zeros(file.rows.length, dtype=bool)
    off = np.zeros(file.rows.length, dtype=bool)
    for name, rows in file.frame[file.rows.sound].groupby("queues", sort=False):
        pool = [queues[queue] for queue in pool_queues(str(name))]
        places, starts = rows.index.to_numpy(), pd.DatetimeIndex(rows["start"])
        local = clock(starts, pool[0].timezone)
        weekday, minute = local["weekday"].to_numpy(), local["minute"].to_numpy()
        given = file.given_min[places]
        length = pool[0].interval_min
        off[places] = (
            (minute % length != 0)
            | np.asarray(starts != starts.floor("min"))
            | (~np.isnan(given) & (given != length))
        )
        outside[places] = ~np.any([is_open(weekday, minute, queue.hours) for queue in pool], axis=0)
    reason = "the row does not cover one interval of its queues"
    repair = "Export the queues' own intervals."
    file.rows.mark(off, file.rows.name("start"), reason, repair, text(file.rows.raw("start")))
    file.rows.leave_out(outside, OUTSIDE)


def _write(
    centre: Centre,
    tables: Sequence[Table],
    rows: Sequence[Rows],
    frame: pd.DataFrame,
    *,
    now: datetime | None,
    again: bool,
) -> IngestReport:
    account = Account(tables, rows, centre.mapping)
    if frame.empty:
        return account.told(NOTHING)
    appended = centre.workspace.append_presence(
        conform(frame.reset_index(drop=True), PRESENCE),
        source=account.source,
        digest=account.digest,
        at=now,
        again=again,
    )
    return account.told(appended)

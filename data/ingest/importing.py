"""Bring history and calls into the workspace: every file is read and judged before anything is written."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from datetime import datetime
from pathlib import Path
from typing import TypeVar

import numpy as np
import pandas as pd

from data.domain import Queue
from data.errors import Fault, FaultyFileError, refused
from data.ingest.accounting import NOTHING, Account
from data.ingest.calls import CallFile, call_columns, read_calls
from data.ingest.centre import Centre
from data.ingest.counting import count_calls
from data.ingest.derive import by_queue, derive_queue
from data.ingest.fitting import fit, interval_of, mixed_faults
from data.ingest.history import HistoryFile, read_history
from data.ingest.report import IngestReport
from data.ingest.rows import Rows
from data.ingest.servers import presence_of_calls
from data.ingest.steps import DEFAULT_INTERVAL_MIN
from data.mapping import ColumnMapping
from data.schema import HISTORY, conform
from data.store import Workspace
from data.tables import Table, read_table

Report = Callable[[str, float | None], None]
"""Told the phase of the work and its share done, 0–1, None where that is not known."""

Given = TypeVar("Given")
Made = TypeVar("Made")


def silent(_phase: str, _share: float | None) -> None:
    """Tell nobody."""


def ingest_history(
    workspace: Workspace,
    files: Sequence[Path | str],
    *,
    mapping: str | Path = "default",
    now: datetime | None = None,
    again: bool = False,
    report: Report = silent,
) -> IngestReport:
    """Import rows per interval.

    Parameters
    ----------
    workspace
        Takes the history in.
    files
        CSV, TSV, xlsx or Parquet; a later file supersedes an earlier one.
    mapping
        Name or file of a column mapping.
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
        A file cannot be read as a whole, lacks a column or mixes intervals; nothing was written.
    InputError
        The mapping does not exist or does not read history.
    """
    centre = Centre(workspace, mapping)
    tables = each_table(files, centre.mapping, report)
    report("Checking rows", None)
    found: list[HistoryFile] = _each(
        tables,
        lambda table: read_history(
            table, centre.mapping, centre.queues, timezone=centre.timezone, strict=centre.strict
        ),
    )
    made = _define(found, centre)
    queues = {**centre.queues, **made}
    for file in found:
        fit(file, queues)
    frame = pd.concat([file.frame[file.rows.sound] for file in found], ignore_index=True)
    frame = frame.drop_duplicates(["queue", "start"], keep="last")
    rows = [file.rows for file in found]
    return _write(centre, tables, rows, frame, made, now=now, again=again, report=report)


def ingest_calls(
    workspace: Workspace,
    files: Sequence[Path | str],
    *,
    mapping: str | Path = "default",
    now: datetime | None = None,
    again: bool = False,
    report: Report = silent,
) -> IngestReport:
    """Import rows per call, counted into intervals.

    Parameters
    ----------
    workspace
        Takes the history in.
    files
        CSV, TSV, xlsx or Parquet; together they are one export.
    mapping
        Name or file of a column mapping.
    now
        When the version is made; the workspace's clock when None.
    again
        Whether a file that was imported before supersedes what was imported after it.
    report
        Told how far the work is.

    Returns
    -------
    IngestReport
        With every faulty row; the sound rows were counted.

    Raises
    ------
    FaultyFileError
        A file cannot be read as a whole or lacks a column; nothing was written.
    InputError
        The mapping does not exist or does not read calls.
    """
    centre = Centre(workspace, mapping)
    tables = each_table(files, centre.mapping, report)
    report("Checking calls", None)
    found: list[CallFile] = _each(
        tables,
        lambda table: read_calls(
            table, centre.mapping, centre.queues, timezone=centre.timezone, strict=centre.strict
        ),
    )
    layout = call_columns(centre.mapping)
    starts = by_queue(file.frame.loc[file.rows.sound, ["queue", "start"]] for file in found)
    made = {
        name: derive_queue(name, seen, interval_min=layout.interval_min, timezone=centre.timezone)
        for name, seen in starts.items()
        if name not in centre.queues
    }
    made |= centre.widened(starts)
    report("Counting calls", None)
    frame = count_calls(found, {**centre.queues, **made}, layout.threshold_s)
    notes = []
    cut = sum(file.cut for file in found)
    if cut:
        notes.append(f"{cut} handle times above {layout.max_handle_s:g} s were cut to that")
    if not all(file.rows.has("wait_s") for file in found):
        frame["wait_s"] = frame["answered_in_threshold"] = np.nan
    if not all(file.rows.has("handle_time_s") for file in found):
        frame["handle_time_s"] = np.nan
    rows = [file.rows for file in found]
    seen = _agents_seen(found, {**centre.queues, **made})
    if len(seen):
        pools = sorted(seen["queues"].unique())
        notes.append(
            f"agents seen serving were counted for {', '.join(pools)}; peakshift calibrate uses them"
        )
    return _write(
        centre, tables, rows, frame, made, now=now, again=again, report=report, notes=notes, presence=seen
    )


def _agents_seen(files: Sequence[CallFile], queues: Mapping[str, Queue]) -> pd.DataFrame:
    calls = pd.concat([file.frame[file.rows.sound & file.frame["answered"]] for file in files])
    return presence_of_calls(calls, [queues[name] for name in calls["queue"].unique()])


def each_table(files: Sequence[Path | str], mapping: ColumnMapping, report: Report) -> list[Table]:
    """Read every file; the faults of all are raised together."""
    if not files:
        raise refused("import", "no file was given", "Give at least one file.")

    def read(numbered: tuple[int, Path | str]) -> Table:
        place, path = numbered
        report("Reading files", place / len(files))
        return read_table(path, skip_lines=mapping.skip_lines)

    return _each(list(enumerate(files)), read)


def _each(things: Sequence[Given], make: Callable[[Given], Made]) -> list[Made]:
    """Make something of each; the faults of all are raised together."""
    made: list[Made] = []
    faults: list[Fault] = []
    for thing in things:
        try:
            made.append(make(thing))
        except FaultyFileError as error:
            faults.extend(error.faults)
    if faults:
        raise FaultyFileError(faults)
    return made


def _define(files: Sequence[HistoryFile], centre: Centre) -> dict[str, Queue]:
    """Queues the files show, new or wider than before; mixed intervals are refused."""
    starts = by_queue(file.frame.loc[file.rows.sound, ["queue", "start"]] for file in files)
    told: dict[str, int | None] = {}
    for name in starts.keys() - centre.queues.keys():
        given = np.concatenate(
            [file.given_min[file.rows.sound & (file.frame["queue"] == name).to_numpy()] for file in files]
        )
        told[name] = interval_of(starts[name], given)
    faults = [fault for file in files for fault in mixed_faults(file, centre.queues, told, centre.timezone)]
    if faults:
        raise FaultyFileError(faults)
    made = {
        name: derive_queue(
            name, starts[name], interval_min=told[name] or DEFAULT_INTERVAL_MIN, timezone=centre.timezone
        )
        for name in starts
        if name in told
    }
    return made | centre.widened(starts)


def _write(
    centre: Centre,
    tables: Sequence[Table],
    rows: Sequence[Rows],
    frame: pd.DataFrame,
    made: Mapping[str, Queue],
    *,
    now: datetime | None,
    again: bool,
    report: Report,
    notes: Sequence[str] = (),
    presence: pd.DataFrame | None = None,
) -> IngestReport:
    """Put the sound rows into the workspace, all in one version, and account for every row."""
    report("Writing history", None)
    account = Account(tables, rows, centre.mapping)
    appended = NOTHING
    used = set(frame["queue"].unique())
    defined = [queue for name, queue in centre.defined.items() if name in used]
    derived = [queue for name, queue in made.items() if name in used]
    if len(frame):
        appended = centre.workspace.append_history(
            conform(frame.reset_index(drop=True), HISTORY),
            source=account.source,
            digest=account.digest,
            define={"mapping": defined, "history": derived},
            at=now,
            again=again,
        )
    if presence is not None and len(presence):
        centre.workspace.append_presence(
            presence, source=account.source, digest=account.digest, at=now, again=again
        )
    created = tuple(queue.id for queue in (*defined, *derived) if queue.id not in centre.origins)
    return account.told(appended, created=created, notes=notes)

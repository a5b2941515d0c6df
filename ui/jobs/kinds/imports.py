"""Uploads brought into the workspace."""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import chdir
from pathlib import Path
from typing import Any, get_args

from data.errors import Fault, FaultyFileError
from data.ingest import IngestReport, ingest_calls, ingest_history
from data.reference import ReferenceKind, ReferenceReport, import_reference
from data.store import Workspace
from ui.jobs.kinds.base import Listener, Result
from ui.jobs.record import Job

MOST_FAULTS = 20_000
"""Faults that are kept to be shown; a file with more is another kind of file."""


def run(workspace: Path, job: Job, watch: Listener, files: Path) -> Result:
    """Bring uploads into the workspace: kind (history, calls, queues, …), mapping (None: the last upload)."""
    opened = Workspace.open(workspace)
    watch.report("Reading", None)
    # From inside the folder: messages and versions then name the files as the planner does.
    with chdir(files):
        found = [Path(name) for name in job.uploads]
        mapping = job.arguments["mapping"] or found.pop()
        try:
            if job.arguments["kind"] in get_args(ReferenceKind):
                return _referred(import_reference(opened, job.arguments["kind"], found, mapping=mapping))
            ingest = ingest_history if job.arguments["kind"] == "history" else ingest_calls
            return _ingested(ingest(opened, found, mapping=mapping, report=watch.report))
        except FaultyFileError as error:
            return {"refused": True, "faults": len(error.faults), "bad": _faults(error.faults)}


def _referred(report: ReferenceReport) -> Result:
    unused = [f"Columns that mean nothing here: {', '.join(report.unused)}."] if report.unused else []
    return {
        "added": report.added,
        "changed": report.changed,
        "unchanged": report.unchanged,
        "notes": [*unused, *report.notes],
        "bad": [],
    }


def _ingested(report: IngestReport) -> Result:
    return {
        "rows": report.rows,
        "good": report.good,
        "bad_rows": report.bad_rows,
        "left_out": dict(report.ignored),
        "added": report.appended.added,
        "changed": report.appended.changed,
        "unchanged": report.appended.unchanged,
        "version": report.appended.version,
        "queues_made": list(report.created),
        "notes": list(report.notes),
        "faults": len(report.faults),
        "bad": _faults(report.faults),
    }


def _faults(faults: Sequence[Fault]) -> list[dict[str, Any]]:
    return [_fault(fault) for fault in faults[:MOST_FAULTS]]


def _fault(fault: Fault) -> dict[str, Any]:
    return {
        "source": fault.source,
        "line": fault.line,
        "column": fault.column,
        "value": fault.value,
        "reason": fault.reason,
        "repair": fault.repair,
    }

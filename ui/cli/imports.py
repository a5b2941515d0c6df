"""peakshift import history|calls|presence|agents|queues|shrinkage|patterns|contracts|peaks|activities|holidays FILE..."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Annotated, Any

import typer
from rich.console import RenderableType

from data.errors import Fault, FaultyFileError
from data.ingest import IngestReport, ingest_calls, ingest_history, ingest_presence
from data.reference import ReferenceKind, import_reference
from data.reference.holidays import import_holidays
from ui.cli.session import Session, session

commands = typer.Typer(
    no_args_is_help=True, help="Bring files into the workspace: CSV, TSV, xlsx, Parquet, also .gz."
)


def register(application: typer.Typer) -> None:
    """Add the commands to the application."""
    application.add_typer(commands, name="import")


Files = Annotated[
    list[Path],
    typer.Argument(metavar="FILE...", help="Files to read; all are read before anything is written."),
]
MappingName = Annotated[
    str,
    typer.Option(
        "--mapping",
        metavar="NAME|FILE",
        help="Saved column mapping, shipped (anonymous_bank) or a TOML file.",
    ),
]

Again = Annotated[
    bool,
    typer.Option(
        "--again", help="Files imported before supersede what came after them, instead of being passed over."
    ),
]


@commands.command("history")
def history(
    context: typer.Context, files: Files, mapping: MappingName = "default", again: Again = False
) -> None:
    """Contacts per queue and interval: queue, start, offered; answered and more where known."""
    _ingest(session(context), ingest_history, files, mapping, again=again)


@commands.command("calls")
def calls(
    context: typer.Context, files: Files, mapping: MappingName = "default", again: Again = False
) -> None:
    """One row per call, as an ACD exports it, counted into intervals."""
    _ingest(session(context), ingest_calls, files, mapping, again=again)


@commands.command("presence")
def presence(
    context: typer.Context, files: Files, mapping: MappingName = "default", again: Again = False
) -> None:
    """Agents present per interval: queues (a;b where the same people serve both), start, agents."""
    _ingest(session(context), ingest_presence, files, mapping, again=again, kept="Agents present are")


@commands.command("holidays")
def holidays(context: typer.Context, files: Files) -> None:
    """Official holiday notices: date, holiday, working (yes for a make-up working day), region (CN)."""
    run = session(context)
    taken = import_holidays(run.open(), files)
    rows = [
        {
            "region": each.region,
            "year": each.year,
            "holidays": len(each.holidays),
            "makeup_days": len(each.makeup_days),
        }
        for each in taken
    ]
    said = (
        f"{row['region']} {row['year']} is official: {row['holidays']} days off, {row['makeup_days']} made up. "
        "Forecast anew to go by it."
        for row in rows
    )
    run.output.result({"kind": "holidays", "files": files, "notices": rows}, *said)


def _reference_command(kind: ReferenceKind, summary: str) -> None:
    def command(context: typer.Context, files: Files, mapping: MappingName = "default") -> None:
        run = session(context)
        counts = import_reference(run.open(), kind, files, mapping=mapping)
        if counts.unused:
            run.output.warn(f"Columns that mean nothing here: {', '.join(counts.unused)}.")
        for note in counts.notes:
            run.output.warn(note)
        what = f"the shrinkage of {counts.total} queues" if kind == "shrinkage" else f"{counts.total} {kind}"
        text = f"Imported {what}: {counts.added} new, {counts.changed} changed, {counts.unchanged} as before."
        run.output.result(
            {
                "kind": kind,
                "files": files,
                "added": counts.added,
                "changed": counts.changed,
                "unchanged": counts.unchanged,
                "unused": counts.unused,
                "notes": counts.notes,
            },
            text,
        )

    command.__doc__ = summary
    commands.command(kind)(command)


_reference_command(
    "queues", "Queues: queue, channel, skill, answer_rate, interval_min, open, close, days, timezone, …"
)
_reference_command(
    "shrinkage",
    "Shrinkage by cause: queue (none: all), cause, share, planned (yes or no), days, open, close.",
)
_reference_command("agents", "People: agent_id, name, team, skills (a;b), contract, time off and wishes.")
_reference_command("patterns", "Shift patterns: pattern, days, start window, length, breaks.")
_reference_command("contracts", "Contracts: hours a week, days, consecutive days, rest, patterns.")
_reference_command("peaks", "Peaks: peak, kind, date or recurrence, queues, lower_days, upper_days, size.")
_reference_command(
    "activities", "Trainings, meetings, coaching: activity, length_min, who, together, days, from, until, …"
)


def _ingest(
    run: Session,
    ingest: Callable[..., IngestReport],
    files: list[Path],
    mapping: str,
    *,
    again: bool,
    kept: str = "History is",
) -> None:
    workspace = run.open()
    with run.output.progress() as report:
        found = ingest(workspace, files, mapping=mapping, now=run.now(), again=again, report=report)
    run.output.result(_document(found, files), *_summary(found, kept))
    if found.faults:
        for fault in found.faults[: FaultyFileError.shown]:
            run.output.error(str(fault))
        hidden = len(found.faults) - FaultyFileError.shown
        if hidden > 0:
            run.output.error(f"… and {hidden} more; --json lists every one.")
        raise typer.Exit(2)


def _summary(found: IngestReport, kept: str) -> list[RenderableType]:
    appended = found.appended
    lines: list[RenderableType] = [
        f"Read {found.rows:,} rows: {found.good:,} good, {found.bad_rows:,} bad, {sum(found.ignored.values()):,} left out.",
    ]
    lines += [f"  left out {count:,}: {reason}" for reason, count in found.ignored.items()]
    lines.append(
        f"Intervals: {appended.added:,} new, {appended.changed:,} changed, {appended.unchanged:,} as before."
        + ("" if appended.version is None else f" {kept} now at version {appended.version}."),
    )
    lines += list(found.notes)
    if found.created:
        lines.append(f"Queues made from the file: {', '.join(found.created)}.")
    return lines


def _document(found: IngestReport, files: list[Path]) -> dict[str, Any]:
    appended = found.appended
    return {
        "files": files,
        "rows": found.rows,
        "good": found.good,
        "bad": [_fault(fault) for fault in found.faults],
        "left_out": found.ignored,
        "intervals": {"added": appended.added, "changed": appended.changed, "unchanged": appended.unchanged},
        "version": appended.version,
        "queues_made": found.created,
        "notes": found.notes,
    }


def _fault(fault: Fault) -> dict[str, Any]:
    return {name: getattr(fault, name) for name in ("source", "line", "column", "value", "reason", "repair")}

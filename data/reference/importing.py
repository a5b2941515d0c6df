"""Bring reference files into the workspace: each file whole or not at all, with every fault named at once."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Any, get_args

from data.activities import Activity
from data.domain import Agent, Contract, Peak, Queue, ShiftPattern
from data.errors import Fault, FaultyFileError, InputError
from data.mapping import ColumnMapping, load_mapping
from data.reference.activities import read_activities
from data.reference.agents import read_agents
from data.reference.contracts import read_contracts
from data.reference.kinds import REFERENCE, ReferenceKind, refuse_other_kind
from data.reference.patterns import read_patterns
from data.reference.peaks import read_peaks
from data.reference.queues import read_queues
from data.reference.sheet import Row, Sheet
from data.reference.shrinkage import read_shrinkage
from data.store import Workspace
from data.tables import Table, read_table

Thing = Activity | Agent | Contract | Peak | Queue | ShiftPattern
Found = tuple[Sheet, Sequence[tuple[Row, Any]]]
Read = Callable[[Table, Mapping[str, str], Mapping[str, Any]], Found]


@dataclass(frozen=True, slots=True, kw_only=True)
class ReferenceReport:
    """What an import of reference files did.

    Parameters
    ----------
    kind
        What the files hold.
    source
        The files.
    added, changed, unchanged
        Names that are new, names whose definition is another now, names defined so before.
    unused
        Columns of the files that mean nothing here.
    notes
        What a person should know of it.
    """

    kind: str
    source: str
    added: int
    changed: int
    unchanged: int
    unused: tuple[str, ...]
    notes: tuple[str, ...] = ()

    @property
    def total(self) -> int:
        """How many the files define."""
        return self.added + self.changed + self.unchanged


def import_reference(
    workspace: Workspace,
    kind: ReferenceKind,
    files: Sequence[Path | str],
    *,
    mapping: str | Path = "default",
) -> ReferenceReport:
    """Read files of one kind, check them against the workspace, and save all of them or none.

    What the files have no column for stays as the workspace holds it; an empty cell means the default.

    Parameters
    ----------
    workspace
        Gives the names they may use, and takes them in.
    kind
        What the files hold.
    files
        CSV, TSV, xlsx or Parquet.
    mapping
        Name or file of a column mapping, for files whose columns are called otherwise.

    Raises
    ------
    FaultyFileError
        With every fault of every file; nothing was saved.
    InputError
        There is no such kind or mapping.
    """
    if kind not in get_args(ReferenceKind):
        raise InputError(f"unknown kind of file {kind!r}. Give one of: {', '.join(get_args(ReferenceKind))}.")
    columns = load_mapping(mapping, folder=workspace.path / "mappings")
    read = _reader(workspace, kind)
    renamed = _renamed(columns, kind)
    before = {thing.id: thing for thing in _held(workspace, kind)}
    faults: list[Fault] = []
    first: dict[str, tuple[Row, Thing]] = {}
    unused: dict[str, None] = {}
    for path in files:
        try:
            table = read_table(path, skip_lines=columns.skip_lines)
            refuse_other_kind(table, kind, renamed)
            sheet, found = read(table, renamed, before)
        except FaultyFileError as error:
            faults.extend(error.faults)
            continue
        for row, thing in found:
            _once(kind, row, thing, first)
        faults.extend(sheet.faults)
        unused.update(dict.fromkeys(sheet.unused))
    if faults:
        raise FaultyFileError(faults)
    things = {name: thing for name, (_, thing) in first.items()}
    _save(workspace, kind, tuple(things.values()))
    added = sum(name not in before for name in things)
    changed = sum(name in before and before[name] != thing for name, thing in things.items())
    return ReferenceReport(
        kind=kind,
        source=", ".join(str(path) for path in files),
        added=added,
        changed=changed,
        unchanged=len(things) - added - changed,
        unused=tuple(unused),
        notes=_notes(workspace, kind, things.values()),
    )


def _once(kind: ReferenceKind, row: Row, thing: Thing, first: dict[str, tuple[Row, Thing]]) -> None:
    """A name that comes again is a fault."""
    before = first.setdefault(thing.id, (row, thing))[0]
    if before is row:
        return
    place = f"line {before.line}"
    if before.sheet.source != row.sheet.source:
        place = f"{before.sheet.source}, {place},"
    if kind == "shrinkage":
        row.fault(
            "queue", f"{thing.id!r} has rows from {place} on already", "Give a queue's causes in one file."
        )
        return
    row.fault(
        REFERENCE[kind].required[0],
        f"{thing.id!r} is on {place} already",
        "Keep one of each, or rename one.",
    )


def _notes(workspace: Workspace, kind: ReferenceKind, things: Iterable[Thing]) -> tuple[str, ...]:
    if kind == "shrinkage":
        return _shrunk_twice(things)
    return _planned_twice(things, workspace.queues()) if kind == "activities" else ()


def _planned_twice(things: Iterable[Thing], queues: Iterable[Queue]) -> tuple[str, ...]:
    """Notes on queues whose yield is lowered already by what now takes place inside shifts."""
    kinds = {activity.kind for activity in things if isinstance(activity, Activity)}
    found = sorted({(queue.id, part.cause) for queue in queues for part in queue.shrinkages if part.planned})
    return tuple(
        f"queue {queue!r} has planned shrinkage {cause!r} besides these activities. Where they are it, take it out of "
        "the shrinkage file."
        for queue, cause in found
        if cause in kinds
    )


def _shrunk_twice(things: Iterable[Thing]) -> tuple[str, ...]:
    """Notes on queues whose causes come on top of a shrinkage that holds at any time."""
    return tuple(
        f"queue {queue.id!r} has shrinkage {queue.shrinkage:g} at any time besides these causes. Where they make it "
        "up, set shrinkage to 0 in the queues file."
        for queue in things
        if isinstance(queue, Queue) and queue.shrinkage > 0 and queue.shrinkages
    )


def _renamed(columns: ColumnMapping, kind: str) -> Mapping[str, str]:
    if kind not in columns.reference:
        if columns.is_default:
            return {}
        raise InputError(f"the mapping {columns.name} does not say how to read {kind}. Add [{kind}] to it.")
    return columns.reference[kind]


def _reader(workspace: Workspace, kind: ReferenceKind) -> Read:
    queues = workspace.queues()
    names = [queue.id for queue in queues]
    patterns = [pattern.id for pattern in workspace.patterns()]
    contracts = [contract.id for contract in workspace.contracts()]
    skills = sorted({queue.skill for queue in queues})

    def read_agent_file(table: Table, renamed: Mapping[str, str], held: Mapping[str, Any]) -> Found:
        return read_agents(
            table, skills=skills, contracts=contracts, patterns=patterns, renamed=renamed, held=held
        )

    def read_queue_file(table: Table, renamed: Mapping[str, str], held: Mapping[str, Any]) -> Found:
        sheet, found = read_queues(table, timezone=workspace.timezone, renamed=renamed, held=held)
        for row, queue in found:
            row.hold("interval_min", partial(workspace.require_interval, queue))
        return sheet, found

    readers: dict[ReferenceKind, Read] = {
        "queues": read_queue_file,
        "shrinkage": lambda table, renamed, _held: read_shrinkage(table, queues=queues, renamed=renamed),
        "patterns": lambda table, renamed, held: read_patterns(table, renamed=renamed, held=held),
        "contracts": lambda table, renamed, held: read_contracts(
            table, patterns=patterns, rule_sets=list(workspace.rule_sets()), renamed=renamed, held=held
        ),
        "agents": read_agent_file,
        "peaks": lambda table, renamed, held: read_peaks(table, queues=names, renamed=renamed, held=held),
        "activities": lambda table, renamed, held: read_activities(
            table, agents=workspace.agents(), renamed=renamed, held=held
        ),
    }
    return readers[kind]


def _held(workspace: Workspace, kind: ReferenceKind) -> tuple[Thing, ...]:
    readers: dict[ReferenceKind, Callable[[], tuple[Thing, ...]]] = {
        "queues": workspace.queues,
        "shrinkage": workspace.queues,
        "agents": workspace.agents,
        "patterns": workspace.patterns,
        "contracts": workspace.contracts,
        "peaks": workspace.peaks,
        "activities": workspace.activities,
    }
    return readers[kind]()


def _save(workspace: Workspace, kind: ReferenceKind, things: tuple[Any, ...]) -> None:
    savers: dict[ReferenceKind, Callable[[tuple[Any, ...]], None]] = {
        "queues": workspace.save_queues,
        "shrinkage": workspace.change_queues,
        "agents": workspace.save_agents,
        "patterns": workspace.save_patterns,
        "contracts": workspace.save_contracts,
        "peaks": workspace.save_peaks,
        "activities": workspace.save_activities,
    }
    savers[kind](things)

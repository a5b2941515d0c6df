"""Bring reference files into the workspace: each file whole or not at all, with every fault named at once."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal, TypeVar, get_args

from data.domain import Agent, Contract, Peak, Queue, ShiftPattern
from data.errors import Fault, FaultyFileError, InputError
from data.mapping import ColumnMapping, load_mapping
from data.reference.agents import read_agents
from data.reference.contracts import read_contracts
from data.reference.patterns import read_patterns
from data.reference.peaks import read_peaks
from data.reference.queues import read_queues
from data.reference.sheet import Row, Sheet
from data.store import Workspace
from data.tables import Table, read_table

ReferenceKind = Literal["queues", "agents", "patterns", "contracts", "peaks"]

Named = TypeVar("Named", Agent, Contract, ShiftPattern)
Thing = Agent | Contract | Peak | Queue | ShiftPattern
Read = Callable[[Table, Mapping[str, str]], tuple[Sheet, Sequence[Any]]]


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
    """

    kind: str
    source: str
    added: int
    changed: int
    unchanged: int
    unused: tuple[str, ...]

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
        There is no such kind or mapping, or a queue with history would change its interval.
    """
    if kind not in get_args(ReferenceKind):
        raise InputError(f"unknown kind of file {kind!r}. Give one of: {', '.join(get_args(ReferenceKind))}.")
    columns = load_mapping(mapping, folder=workspace.path / "mappings")
    read = _reader(workspace, kind)
    renamed = _renamed(columns, kind)
    faults: list[Fault] = []
    things: dict[str, Thing] = {}
    origin: dict[str, str] = {}
    unused: dict[str, None] = {}
    for path in files:
        try:
            sheet, found = read(read_table(path), renamed)
        except FaultyFileError as error:
            faults.extend(error.faults)
            continue
        faults.extend(sheet.faults)
        unused.update(dict.fromkeys(sheet.unused))
        for thing in found:
            if thing.id in things:
                reason = f"{thing.id!r} is in {origin[thing.id]} already"
                faults.append(Fault(sheet.source, None, None, None, reason, "Keep it in one file."))
            things[thing.id], origin[thing.id] = thing, sheet.source
    if faults:
        raise FaultyFileError(faults)
    before = {thing.id: thing for thing in _held(workspace, kind)}
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
    )


def _renamed(columns: ColumnMapping, kind: str) -> Mapping[str, str]:
    if kind not in columns.reference:
        if columns.is_default:
            return {}
        raise InputError(f"the mapping {columns.name} does not say how to read {kind}. Add [{kind}] to it.")
    return columns.reference[kind]


def _reader(workspace: Workspace, kind: str) -> Read:
    queues = workspace.queues()
    patterns = [pattern.id for pattern in workspace.patterns()]
    contracts = [contract.id for contract in workspace.contracts()]
    skills = sorted({queue.skill for queue in queues})
    readers: dict[str, Read] = {
        "queues": lambda table, renamed: read_queues(table, timezone=workspace.timezone, renamed=renamed),
        "patterns": lambda table, renamed: _single(*read_patterns(table, renamed=renamed)),
        "contracts": lambda table, renamed: _single(
            *read_contracts(table, patterns=patterns, renamed=renamed)
        ),
        "agents": lambda table, renamed: _single(
            *read_agents(table, skills=skills, contracts=contracts, patterns=patterns, renamed=renamed)
        ),
        "peaks": lambda table, renamed: read_peaks(
            table, queues=[queue.id for queue in queues], renamed=renamed
        ),
    }
    return readers[kind]


def _single(sheet: Sheet, found: Sequence[tuple[Row, Named]]) -> tuple[Sheet, Sequence[Named]]:
    """One row a name: a name that comes again is a fault."""
    first: dict[str, tuple[Row, Named]] = {}
    for row, thing in found:
        if thing.id in first:
            line = first[thing.id][0].line
            row.fault(None, f"{thing.id!r} is on line {line} already", "Keep one row of each, or rename one.")
        else:
            first[thing.id] = (row, thing)
    return sheet, [thing for _, thing in first.values()]


def _held(workspace: Workspace, kind: str) -> tuple[Thing, ...]:
    readers: dict[str, Callable[[], tuple[Thing, ...]]] = {
        "queues": workspace.queues,
        "agents": workspace.agents,
        "patterns": workspace.patterns,
        "contracts": workspace.contracts,
        "peaks": workspace.peaks,
    }
    return readers[kind]()


def _save(workspace: Workspace, kind: str, things: tuple[Any, ...]) -> None:
    savers: dict[str, Callable[[tuple[Any, ...]], None]] = {
        "queues": workspace.save_queues,
        "agents": workspace.save_agents,
        "patterns": workspace.save_patterns,
        "contracts": workspace.save_contracts,
        "peaks": workspace.save_peaks,
    }
    savers[kind](things)

"""Which kind of file a header belongs to, so that one given to the wrong import is told and not half understood."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from typing import Literal, NamedTuple

from data.errors import FaultyFileError, refused
from data.reference import activities, agents, contracts, patterns, peaks, queues, shrinkage
from data.tables import Table

ReferenceKind = Literal["queues", "shrinkage", "agents", "patterns", "contracts", "peaks", "activities"]


class Columns(NamedTuple):
    """Columns of one kind of file: those that must be there, the first of them the key, and the others."""

    required: tuple[str, ...]
    optional: tuple[str, ...]


REFERENCE: Mapping[ReferenceKind, Columns] = {
    "queues": Columns(queues.REQUIRED, queues.OPTIONAL),
    "shrinkage": Columns(shrinkage.REQUIRED, shrinkage.OPTIONAL),
    "agents": Columns(agents.REQUIRED, agents.OPTIONAL),
    "patterns": Columns(patterns.REQUIRED, patterns.OPTIONAL),
    "contracts": Columns(contracts.REQUIRED, contracts.OPTIONAL),
    "peaks": Columns(peaks.REQUIRED, peaks.OPTIONAL),
    "activities": Columns(activities.REQUIRED, activities.OPTIONAL),
}

SIGNS: Mapping[str, frozenset[str]] = {
    "history": frozenset({"start", "offered"}),
    "calls": frozenset({"start", "outcome"}),
    "shrinkage": frozenset({"cause", "share"}),
    "presence": frozenset({"start", "agents"}),
}
"""Columns only a history, only calls, only a file of shrinkage and only one of agents present have."""

TELLING = {"history": "offered", "calls": "outcome", "shrinkage": "cause", "presence": "agents"}


def kind_of(names: Collection[str]) -> str | None:
    """Kind of file that has columns of these names; None where they fit none, or most of them are of no kind.

    Parameters
    ----------
    names
        Names in the header.
    """
    there = frozenset(names)
    for kind, signs in SIGNS.items():
        if signs <= there:
            return kind
    fitting = {
        kind: len(there.intersection((*columns.required, *columns.optional)))
        for kind, columns in REFERENCE.items()
        if there.issuperset(columns.required)
    }
    clear = {kind: known for kind, known in fitting.items() if known > max(1, len(there) / 2)}
    return max(clear, key=clear.__getitem__, default=None)


def refuse_other_kind(table: Table, kind: ReferenceKind, renamed: Mapping[str, str]) -> None:
    """See that a file is what it was given for.

    Parameters
    ----------
    table
        As read.
    kind
        What it was given for.
    renamed
        Names in the file of our columns that are called otherwise there.

    Raises
    ------
    FaultyFileError
        It is plainly a history, calls or shrinkage, lacks the key of its kind but fits another, or nothing but the key of its
        columns is known.
    """
    there = [str(name) for name in table.frame.columns]
    columns = REFERENCE[kind]
    key = renamed.get(columns.required[0], columns.required[0])
    found = kind_of(there)
    if found in TELLING and found != kind:
        raise other_kind(table, kind, found, TELLING[found])
    if key not in there:
        if found is not None and found != kind:
            raise other_kind(table, kind, found, key)
        return
    known = {renamed.get(name, name) for name in (*columns.required, *columns.optional)}
    others = [name for name in there if name != key]
    if others and not known.intersection(others):
        if found is not None and found != kind:
            raise other_kind(table, kind, found, key)
        reason = (
            f"of the file's columns only this one is known for {kind}; the others are {', '.join(others)}"
        )
        repair = f"Give a file of {kind}, with columns such as {', '.join(columns.optional[:4])}, or name the columns in a mapping."
        raise refused(table.source, reason, repair, column=key)


def other_kind(table: Table, kind: str, found: str, column: str) -> FaultyFileError:
    """Error about a file that was given to the wrong import, at a column that tells."""
    reason = f"this is a file of {found}, not of {kind}"
    return refused(table.source, reason, f"Import it as {found}, or give a file of {kind}.", column=column)

"""A reference file row by row: cells are parsed with a fault for each that does not fit, and none stops the others."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import TypeVar

from data.errors import Fault, FaultyFileError, FieldError, InputError
from data.reference.fields import CellError
from data.tables import Table
from data.tables.cells import shortened, text

Value = TypeVar("Value")


@dataclass(slots=True)
class Sheet:
    """The rows of a reference file under our own column names.

    Parameters
    ----------
    source
        File, for messages.
    lines
        Line of each row.
    cells
        Text of each column there is, by our name.
    names
        Name of each of our columns in the file.
    unused
        Columns of the file that are not ours.
    faults
        What was found wrong so far.
    """

    source: str
    lines: Sequence[int]
    cells: Mapping[str, Sequence[str]]
    names: Mapping[str, str]
    unused: tuple[str, ...]
    faults: list[Fault] = field(default_factory=list)

    @classmethod
    def of(
        cls, table: Table, *, required: Sequence[str], optional: Sequence[str], renamed: Mapping[str, str]
    ) -> Sheet:
        """Lay our columns over a table.

        Parameters
        ----------
        table
            As read.
        required, optional
            Our columns.
        renamed
            Name in the file of those of our columns that are called otherwise there.

        Raises
        ------
        FaultyFileError
            A required or renamed column is missing.
        """
        names = {column: renamed.get(column, column) for column in (*required, *optional)}
        there = list(table.frame.columns)
        missing = [
            name
            for column, name in names.items()
            if name not in there and (column in required or column in renamed)
        ]
        if missing:
            repair = f"Add it. Columns found: {', '.join(map(str, there))}."
            raise FaultyFileError(
                Fault(table.source, None, name, None, "the column is missing", repair) for name in missing
            )
        names = {column: name for column, name in names.items() if name in there}
        return cls(
            source=table.source,
            lines=table.lines.tolist(),
            cells={column: text(table.frame[name]).tolist() for column, name in names.items()},
            names=names,
            unused=tuple(str(name) for name in there if name not in names.values()),
            faults=list(table.faults),
        )

    def rows(self) -> Iterator[Row]:
        """Every row, in order."""
        for place, line in enumerate(self.lines):
            yield Row(self, place, line)


@dataclass(slots=True)
class Row:
    """One row of a sheet; `sound` turns False with its first fault."""

    sheet: Sheet
    place: int
    line: int
    sound: bool = True

    def cell(self, column: str) -> str:
        """Trimmed text of a cell, "" where it is empty or there is no such column."""
        cells = self.sheet.cells.get(column)
        return "" if cells is None else cells[self.place]

    def get(self, column: str, parse: Callable[[str], Value], default: Value) -> Value:
        """What the cell says; the default where it is empty or faulty."""
        cell = self.cell(column)
        if not cell:
            return default
        try:
            return parse(cell)
        except CellError as error:
            self.fault(column, error.reason, error.repair)
        except InputError as error:
            self.fault(column, *reason_and_repair(error))
        return default

    def gives(self, column: str) -> bool:
        """Whether the file has the column, whatever stands in it."""
        return column in self.sheet.cells

    def keep(self, column: str, parse: Callable[[str], Value], default: Value, held: Value) -> Value:
        """What the cell says, the default where it is empty; what is held where the file has no such column."""
        return self.get(column, parse, default) if self.gives(column) else held

    def need(self, column: str) -> str:
        """Text of a cell that must not be empty."""
        cell = self.cell(column)
        if not cell:
            self.fault(column, "the value is missing", "Fill it in.")
        return cell

    def name(self, column: str) -> str:
        """Text of a cell that names something other files list; it must not be empty or hold what parts a list."""
        cell = self.need(column)
        self.unparted(column)
        return cell

    def unparted(self, column: str) -> None:
        """Note a name that holds what parts a list."""
        if ";" in self.cell(column) or "；" in self.cell(column):
            self.fault(
                column, "a name cannot hold ;, which parts the names of a list", "Choose another name."
            )

    def fault(self, column: str | None, reason: str, repair: str) -> None:
        """Note that something is wrong with a cell, or with the whole row."""
        self.sound = False
        name = None if column is None else self.sheet.names.get(column, column)
        value = None if column is None else shortened(self.cell(column)) or None
        self.sheet.faults.append(Fault(self.sheet.source, self.line, name, value, reason, repair))

    def make(self, build: Callable[[], Value], columns: Mapping[str, str]) -> Value | None:
        """Build what the row stands for, unless the row is faulty or what it says does not hold together.

        Parameters
        ----------
        build
            Makes it.
        columns
            Our column by field, where they are called differently.
        """
        if not self.sound:
            return None
        try:
            return build()
        except FieldError as error:
            self.fault(columns.get(error.field, error.field), *reason_and_repair(error))
            return None

    def hold(self, column: str, check: Callable[[], object]) -> None:
        """Note as a fault of a cell what a check of the row finds wrong."""
        if not self.sound:
            return
        try:
            check()
        except InputError as error:
            self.fault(column, *reason_and_repair(error))

    def known(self, column: str, kind: str, found: str, names: Sequence[str]) -> None:
        """Note a name that nobody defined."""
        if found not in names:
            listed = ", ".join(sorted(names)) or "none yet"
            repair = f"Correct the name or import the {kind} first. Known: {listed}."
            self.fault(column, f"unknown {kind} {found!r}", repair)


def reason_and_repair(error: InputError) -> tuple[str, str]:
    """Split a message of the domain types at its last sentence, which tells the repair."""
    reason, parted, repair = str(error).rstrip(".").rpartition(". ")
    return (reason, f"{repair}.") if parted else (repair, "Correct it.")

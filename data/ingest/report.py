"""What an import did, row by row accounted for."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from data.errors import Fault
from data.records import Appended


@dataclass(frozen=True, slots=True, kw_only=True)
class IngestReport:
    """What an import read, kept, left out and refused: rows = good + bad_rows + everything ignored.

    Parameters
    ----------
    source
        The files.
    rows
        Rows read, blank ones and headers not counted.
    good
        Rows that went into the history.
    faults
        Everything wrong with the other rows; one row may have several.
    ignored
        Rows left out on purpose, by reason.
    appended
        What that did to the history.
    created
        Queues defined by this import.
    notes
        What else the planner should know: values that were cut, columns that were not used.
    """

    source: str
    rows: int
    good: int
    faults: tuple[Fault, ...]
    ignored: Mapping[str, int]
    appended: Appended
    created: tuple[str, ...] = ()
    notes: tuple[str, ...] = ()

    @property
    def bad_rows(self) -> int:
        """How many rows have a fault."""
        return len({(fault.source, fault.line) for fault in self.faults})

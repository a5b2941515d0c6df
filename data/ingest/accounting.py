"""Every row of an import accounted for, whatever kind of file it was."""

from __future__ import annotations

import hashlib
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

from data.ingest.report import IngestReport
from data.ingest.rows import Rows
from data.mapping import ColumnMapping
from data.records import Appended
from data.tables import Table

NOTHING = Appended(version=None, added=0, changed=0, unchanged=0)
"""What an import without a sound row did."""


@dataclass(frozen=True, slots=True)
class Account:
    """Files of one import and their rows as they were judged.

    Parameters
    ----------
    tables
        The files.
    rows
        Of each file.
    mapping
        How they were read.
    """

    tables: Sequence[Table]
    rows: Sequence[Rows]
    mapping: ColumnMapping

    @property
    def source(self) -> str:
        """Names of the files."""
        return ", ".join(table.source for table in self.tables)

    @property
    def digest(self) -> str:
        """Of the files and of how they were read."""
        digests = "".join([*(table.digest for table in self.tables), self.mapping.digest])
        return hashlib.sha256(digests.encode()).hexdigest()

    def told(
        self, appended: Appended, *, created: tuple[str, ...] = (), notes: Sequence[str] = ()
    ) -> IngestReport:
        """Tell what became of every row."""
        ignored: Counter[str] = Counter()
        for part in self.rows:
            ignored.update(part.ignored)
        unused = list(dict.fromkeys(name for part in self.rows for name in part.unused))
        ragged = sum(len(table.faults) for table in self.tables)
        guessed = [note for note in map(_guessed, self.tables) if note]
        return IngestReport(
            source=self.source,
            rows=sum(part.length for part in self.rows) + ragged,
            good=sum(int(part.sound.sum()) for part in self.rows),
            faults=tuple(fault for part in self.rows for fault in part.faults),
            ignored=dict(ignored),
            appended=appended,
            created=created,
            notes=(*notes, *guessed, *([f"columns not used: {', '.join(unused)}"] if unused else [])),
        )


def _guessed(table: Table) -> str:
    """Tell of an encoding that was guessed: names may look wrong."""
    if "GB18030" not in table.form:
        return ""
    return f"{table.source} is not UTF-8 and was read as GB18030; save it as UTF-8 where names look wrong"

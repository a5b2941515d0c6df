"""The rows of one file under our column names, with what is wrong about each."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping

import numpy as np
import pandas as pd

from data.errors import Fault, FaultyFileError
from data.mapping import Kept, Rule
from data.reference.kinds import kind_of, other_kind
from data.tables import Table
from data.tables.cells import numbers, shortened, text

THOUSANDS = r"[1-9]\d{0,2}(?:\.\d{3})+"
"""Numbers that a point may part into thousands."""


class Rows:
    """Columns by our names and the state of every row.

    Parameters
    ----------
    table
        As read.
    kind
        What it was given for: "history" or "calls".
    columns
        Column of the source by ours.
    constants
        Text of ours that are the same in every row.
    optional
        Ours whose column may be missing.
    more
        Columns of the source that must be there too.

    Attributes
    ----------
    faults
        What was found wrong.
    ignored
        Rows left out, by reason.

    Raises
    ------
    FaultyFileError
        Columns are missing, or the file is of another kind.
    """

    def __init__(
        self,
        table: Table,
        kind: str,
        columns: Mapping[str, str],
        *,
        constants: Mapping[str, str],
        optional: frozenset[str],
        more: Iterable[str] = (),
    ) -> None:
        there = [str(name) for name in table.frame.columns]
        wanted = [
            name for column, name in columns.items() if column not in optional and column not in constants
        ]
        missing = [name for name in dict.fromkeys((*wanted, *more)) if name not in there]
        found = kind_of(there)
        if missing and found not in (None, kind):
            raise other_kind(table, kind, str(found), missing[0])
        if missing:
            repair = f"Add it, or map another column. Columns found: {', '.join(there)}."
            raise FaultyFileError(
                Fault(table.source, None, name, None, "the column is missing", repair) for name in missing
            )
        self.source = table.source
        self._is_text = table.form.startswith("CSV")
        self.lines = table.lines
        self.length = len(table.frame)
        self._bad = np.zeros(self.length, dtype=bool)
        self._out = np.zeros(self.length, dtype=bool)
        self.faults: list[Fault] = list(table.faults)
        self.ignored: Counter[str] = Counter()
        self._frame = table.frame
        self._constants = constants
        self._names = {column: name for column, name in columns.items() if name in there}
        used = {*self._names.values(), *more}
        self.unused = tuple(name for name in there if name not in used)

    @property
    def sound(self) -> np.ndarray:
        """Rows that are neither faulty nor left out so far."""
        return ~(self._bad | self._out)

    def has(self, column: str) -> bool:
        """Whether the source gives one of our columns."""
        return column in self._names or column in self._constants

    def raw(self, column: str) -> pd.Series:
        """One of our columns as the file has it."""
        if column in self._constants:
            return pd.Series(self._constants[column], index=self._frame.index, dtype="str")
        values: pd.Series = self._frame[self._names[column]]
        return values

    def texts(self, name: str) -> pd.Series:
        """Column of the source as trimmed text."""
        return text(self._frame[name])

    def name(self, column: str) -> str:
        """Name one of our columns bears in the source."""
        return self._names.get(column, column)

    def names(self) -> pd.Series:
        """Queue of each row; rows without one are faults."""
        queues = text(self.raw("queue"))
        self.mark(
            (queues == "").to_numpy(), self.name("queue"), "the value is missing", "Fill it in.", queues
        )
        return queues

    def amounts(self, column: str, *, required: bool = False, where: np.ndarray | None = None) -> np.ndarray:
        """Numbers from 0 on; NaN where there is none, and faults as well where they are no such numbers.

        Parameters
        ----------
        column
            One of ours; all NaN where the source does not give it.
        required
            Whether an empty cell is a fault.
        where
            Rows that matter; the others are not judged.
        """
        if not self.has(column):
            return np.full(self.length, np.nan)
        values = self.raw(column)
        found, empty, wrong = numbers(values)
        judged = np.ones(self.length, dtype=bool) if where is None else where
        name = self.name(column)
        self.mark(
            wrong & judged,
            name,
            "this is not a finite number",
            "Give digits, with a point for decimals.",
            values,
        )
        with np.errstate(invalid="ignore"):
            negative = found < 0
        self.mark(negative & judged, name, "the number is negative", "Give 0 or more.", values)
        if required:
            self.mark(
                empty & judged, name, "the value is missing", "Fill it in; 0 where there was nothing.", values
            )
        # A number that is none is told once, and not again with what it is compared with.
        return np.where(negative, np.nan, found)

    def counts(self, column: str, *, required: bool = False) -> np.ndarray:
        """Numbers from 0 on that are counts: 1.234 is a fault where nothing shows that the point is no thousands' mark.

        Parameters
        ----------
        column
            One of ours; all NaN where the source does not give it.
        required
            Whether an empty cell is a fault.
        """
        found = self.amounts(column, required=required)
        if not (self.has(column) and self._is_text):
            return found
        cells = self.raw(column).astype("str").str.strip()
        pointed = cells.str.contains(".", regex=False, na=False)
        if not pointed.any():
            return found
        grouped = pointed & cells.str.fullmatch(THOUSANDS, na=False)
        if not grouped.equals(pointed):
            return found
        where = grouped.to_numpy(dtype=bool)
        reason = "this may be thousands or a fraction"
        repair = "Give contacts as whole numbers without marks, such as 1234."
        self.mark(where & ~np.isnan(found), self.name(column), reason, repair, cells)
        return np.where(where, np.nan, found)

    def at_most(
        self,
        column: str,
        found: np.ndarray,
        limit: np.ndarray | float,
        what: str,
        where: np.ndarray | None = None,
    ) -> np.ndarray:
        """Return the numbers of one of our columns, NaN with a fault where one is beyond all proportion.

        Parameters
        ----------
        column
            One of ours.
        found
            Its numbers.
        limit
            The largest that is taken, of each row or of all.
        what
            What the limit is, for messages.
        where
            Rows that matter; the others are not judged.
        """
        with np.errstate(invalid="ignore"):
            beyond = found > limit
        if where is not None:
            beyond &= where
        if beyond.any():
            reason = f"the number is too large: {what} at most"
            self.mark(beyond, self.name(column), reason, "Correct the number or its unit.", self.raw(column))
        return np.where(beyond, np.nan, found)

    def mark(
        self, where: np.ndarray, column: str | None, reason: str, repair: str, values: pd.Series | None = None
    ) -> None:
        """Note one fault for each of some rows that are not left out."""
        places = np.flatnonzero(where & ~self._out)
        found = [None] * len(places) if values is None else values.iloc[places].tolist()
        for place, value in zip(places.tolist(), found, strict=True):
            shown = None if value is None or pd.isna(value) or value == "" else shortened(str(value))
            self.faults.append(Fault(self.source, int(self.lines[place]), column, shown, reason, repair))
        self._bad |= where & ~self._out

    def mark_one(self, place: int, column: str | None, reason: str, repair: str, value: str | None) -> None:
        """Note a fault of one row."""
        self.faults.append(Fault(self.source, int(self.lines[place]), column, value, reason, repair))
        self._bad[place] = True

    def leave_out(self, where: np.ndarray, reason: str) -> None:
        """Leave out rows that are sound, for a reason that is counted."""
        where = where & self.sound
        if where.any():
            self.ignored[reason] += int(where.sum())
            self._out |= where

    def apply(self, rules: Iterable[Rule]) -> dict[Kept, np.ndarray]:
        """Which rows each outcome has; the first rule that fits a row decides, and ignored ones are left out."""
        open_rows = np.ones(self.length, dtype=bool)
        decided = {kept: np.zeros(self.length, dtype=bool) for kept in Kept}
        for rule in rules:
            fits = open_rows.copy()
            for name, wanted in rule.when.items():
                fits &= self.texts(name).isin(wanted).to_numpy()
            decided[rule.kept] |= fits
            open_rows &= ~fits
            if rule.kept is Kept.IGNORED:
                self.leave_out(fits, rule.reason)
        return decided

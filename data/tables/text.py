"""Text tables: encoding, delimiter, quoted cells, and the line each row stands on."""

from __future__ import annotations

import csv

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.csv as pacsv

from data.errors import Fault, refused
from data.tables.header import name_columns

DELIMITERS = {",": "a comma", ";": "a semicolon", "\t": "a tab"}
BLOCK_BYTES = 1 << 24
"""Read at once; a row must fit into it."""


def read_text(
    source: str, content: bytes, skip_lines: int
) -> tuple[pd.DataFrame, np.ndarray, str, list[Fault]]:
    """Read a delimited text.

    Parameters
    ----------
    source
        File name for messages.
    content
        The text's bytes.
    skip_lines
        Lines above the header.

    Returns
    -------
    tuple
        Columns as text, line of each row, how it was read, and a fault for each line with another number of cells.

    Raises
    ------
    FaultyFileError
        It is no text, has no header, or names a column twice.
    """
    content, encoding = _to_utf8(source, content)
    header, above = _header(source, content, skip_lines)
    delimiter = _delimiter(header)
    names, kept = name_columns(source, next(csv.reader([header], delimiter=delimiter)))
    form = f"CSV in {encoding}, cells parted by {DELIMITERS[delimiter]}"
    bad: list[pacsv.InvalidRow] = []
    table = _parse(source, content, skip=above + 1, names=names, delimiter=delimiter, bad=bad)
    records = np.setdiff1d(
        np.arange(above + 2, above + 2 + table.num_rows + len(bad)),
        [row.number for row in bad],
        assume_unique=True,
    )
    line_of = LineOf(content)
    faults = [_ragged(source, row, form, int(line_of(np.array([row.number]))[0])) for row in bad]
    filled = _filled(table)
    table, records = table.filter(pa.array(filled)), records[filled]
    # Arrow's text goes into pandas as it is, without a copy.
    frame: pd.DataFrame = table.select(kept).to_pandas(use_threads=False)
    return frame, line_of(records), form, faults


def _to_utf8(source: str, content: bytes) -> tuple[bytes, str]:
    """UTF-8 with or without a mark, UTF-16 with one (Excel's "Unicode text"), else GB18030 (Chinese Windows)."""
    if content.startswith(b"\xef\xbb\xbf"):
        content, encoding = content[3:], "UTF-8"
    elif content.startswith((b"\xff\xfe", b"\xfe\xff")):
        content, encoding = _decode(source, content, "utf-16").encode(), "UTF-16"
    else:
        encoding = "UTF-8"
    if b"\x00" in content:
        raise refused(source, "the file is not what its name says: it is no text", "Export it again as CSV.")
    try:
        content.decode("utf-8")
    except UnicodeDecodeError:
        content, encoding = _decode(source, content, "gb18030").encode(), "GB18030"
    if b"\n" not in content and b"\r" in content:
        content = content.replace(b"\r", b"\n")
    return content, encoding


def _decode(source: str, content: bytes, encoding: str) -> str:
    try:
        return content.decode(encoding)
    except UnicodeDecodeError as error:
        reason = f"the text is neither UTF-8 nor GB18030, at byte {error.start}"
        raise refused(source, reason, "Save it as CSV in UTF-8.") from error


def _header(source: str, content: bytes, skip_lines: int) -> tuple[str, int]:
    """First line with text after the skipped ones, and how many lines stand above it."""
    start = 0
    for number in range(content.count(b"\n") + 1):
        end = content.find(b"\n", start)
        line = content[start : end if end >= 0 else len(content)].decode().strip("\r")
        if number >= skip_lines and line.strip():
            return line, number
        start = end + 1
    raise refused(source, "the file is empty", "Export it again.")


def _delimiter(header: str) -> str:
    outside = "".join(header.split('"')[::2])
    return max(DELIMITERS, key=outside.count)


def _parse(
    source: str, content: bytes, *, skip: int, names: list[str], delimiter: str, bad: list[pacsv.InvalidRow]
) -> pa.Table:
    def remember(row: pacsv.InvalidRow) -> str:
        bad.append(row)
        return "skip"

    try:
        return pacsv.read_csv(
            pa.BufferReader(content),
            # One thread: only then do faulty rows know their number.
            pacsv.ReadOptions(use_threads=False, skip_rows=skip, column_names=names, block_size=BLOCK_BYTES),
            pacsv.ParseOptions(
                delimiter=delimiter,
                newlines_in_values=b'"' in content,
                ignore_empty_lines=False,
                invalid_row_handler=remember,
            ),
            pacsv.ConvertOptions(
                column_types=dict.fromkeys(names, pa.string()),
                strings_can_be_null=False,
            ),
        )
    except pa.ArrowInvalid as error:
        if "Empty CSV" in str(error):
            return pa.table({name: pa.array([], pa.string()) for name in names})
        raise refused(source, f"the text cannot be read: {error}", "Save it as CSV again.") from error


class LineOf:
    """Line a record begins on: its number, unless quoted cells hold line ends.

    Parameters
    ----------
    content
        The whole text.
    """

    def __init__(self, content: bytes) -> None:
        self._ends: np.ndarray | None = None
        if b'"' in content:
            signs = np.frombuffer(content, dtype=np.uint8)
            line_ends = np.flatnonzero(signs == ord("\n"))
            quotes_before = np.searchsorted(np.flatnonzero(signs == ord('"')), line_ends)
            self._ends = np.flatnonzero(quotes_before % 2 == 0)

    def __call__(self, records: np.ndarray) -> np.ndarray:
        """Lines of records, both counted from 1."""
        if self._ends is None or len(self._ends) == 0:
            return records
        before = np.clip(records - 2, 0, len(self._ends) - 1)
        return np.where(records == 1, 1, self._ends[before] + 2)


def _ragged(source: str, row: pacsv.InvalidRow, form: str, line: int) -> Fault:
    reason = f"the line has {row.actual_columns} cells where the header has {row.expected_columns} ({form})"
    repair = "Correct the line; put quotes around text that holds the delimiter."
    return Fault(source, line, None, row.text, reason, repair)


def _filled(table: pa.Table) -> np.ndarray:
    """Rows with text in any cell."""
    blank = np.ones(table.num_rows, dtype=bool)
    for column in table.itercolumns():
        if not blank.any():
            break
        blank &= pc.equal(column, "").to_numpy()
    return ~blank

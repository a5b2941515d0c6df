"""Text tables: encoding, delimiter, quoted cells, and the line each row stands on."""

from __future__ import annotations

import csv
import re
from typing import NamedTuple

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.csv as pacsv

from data.errors import Fault, refused
from data.tables.cells import shortened
from data.tables.header import name_columns

DELIMITERS = {",": "a comma", ";": "a semicolon", "\t": "a tab", "|": "a bar"}
SEPARATOR = re.compile(r'"?sep=([,;\t|])"?', re.IGNORECASE)
"""First line of a text written for Excel."""
MOST_LINES = 100
"""Lines of a header; one that goes on has a quote too many."""
LONGEST_NAME = 1000
"""Characters of a column's name; a longer one is no header."""
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
    header = _header(source, content, skip_lines)
    names, kept = name_columns(source, header.cells)
    form = f"CSV in {encoding}, cells parted by {DELIMITERS[header.delimiter]}"
    bad: list[pacsv.InvalidRow] = []
    body, quoted = memoryview(content)[header.end :], content.find(b'"', header.end) >= 0
    table = _parse(source, body, names=names, delimiter=header.delimiter, quoted=quoted, bad=bad)
    records = np.setdiff1d(
        np.arange(1, 1 + table.num_rows + len(bad)), [row.number for row in bad], assume_unique=True
    )
    line_of = LineOf(body if quoted else None, header.lines)
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
        reason = "the file is not what its name says: it is no text"
        raise refused(source, reason, "Save it as CSV in UTF-8.")
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


class Header(NamedTuple):
    """The line that names the columns.

    Parameters
    ----------
    cells
        What it says.
    delimiter
        What parts its cells.
    end
        Byte the rows begin at.
    lines
        Lines down to its last.
    """

    cells: list[str]
    delimiter: str
    end: int
    lines: int


def _header(source: str, content: bytes, skip_lines: int) -> Header:
    """First line with text after the skipped ones; it goes on where a name in quotes holds line ends."""
    told, start = None, 0
    for number in range(content.count(b"\n") + 1):
        end = _line_end(content, start)
        line = content[start:end].decode().strip("\r\n")
        separator = SEPARATOR.fullmatch(line)
        if number >= skip_lines and separator:
            told = separator[1]
        elif number >= skip_lines and line.strip():
            return _named(source, content, start, number, told)
        start = end
    raise refused(source, "the file is empty", "Export it again.")


def _named(source: str, content: bytes, start: int, above: int, told: str | None) -> Header:
    end = first = _line_end(content, start)
    quotes, lines = content.count(b'"', start, end), 1
    while quotes % 2 and end < len(content) and lines < MOST_LINES:
        begun, end, lines = end, _line_end(content, end), lines + 1
        quotes += content.count(b'"', begun, end)
    if quotes % 2:
        end, lines = first, 1
    text = content[start:end].decode().strip("\r\n")
    delimiter = told or _delimiter(text)
    try:
        cells = next(csv.reader([text], delimiter=delimiter))
    except csv.Error:
        cells = [text]
    if any(len(cell) > LONGEST_NAME for cell in cells):
        reason = f"the header names a column with more than {LONGEST_NAME} characters ({shortened(text)})"
        raise refused(source, reason, "Put a line with the names of the columns above the rows.")
    return Header(cells, delimiter, end, above + lines)


def _line_end(content: bytes, start: int) -> int:
    end = content.find(b"\n", start)
    return len(content) if end < 0 else end + 1


def _delimiter(header: str) -> str:
    outside = "".join(header.split('"')[::2])
    return max(DELIMITERS, key=outside.count)


def _parse(
    source: str,
    body: memoryview,
    *,
    names: list[str],
    delimiter: str,
    quoted: bool,
    bad: list[pacsv.InvalidRow],
) -> pa.Table:
    def remember(row: pacsv.InvalidRow) -> str:
        bad.append(row)
        return "skip"

    try:
        return pacsv.read_csv(
            pa.BufferReader(pa.py_buffer(body)),
            # One thread: only then do faulty rows know their number.
            pacsv.ReadOptions(use_threads=False, column_names=names, block_size=BLOCK_BYTES),
            pacsv.ParseOptions(
                delimiter=delimiter,
                newlines_in_values=quoted,
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
    """Line a record begins on: its number below the header, unless quoted cells hold line ends.

    Parameters
    ----------
    body
        The text below the header; None where it has no quotes.
    above
        Lines down to the header's last.
    """

    def __init__(self, body: memoryview | None, above: int) -> None:
        self._above = above
        self._ends: np.ndarray | None = None
        if body is not None:
            signs = np.frombuffer(body, dtype=np.uint8)
            line_ends = np.flatnonzero(signs == ord("\n"))
            quotes_before = np.searchsorted(np.flatnonzero(signs == ord('"')), line_ends)
            self._ends = np.flatnonzero(quotes_before % 2 == 0)

    def __call__(self, records: np.ndarray) -> np.ndarray:
        """Lines of records, both counted from 1."""
        if self._ends is None or len(self._ends) == 0:
            return self._above + records
        before = np.clip(records - 2, 0, len(self._ends) - 1)
        return self._above + np.where(records == 1, 1, self._ends[before] + 2)


def _ragged(source: str, row: pacsv.InvalidRow, form: str, line: int) -> Fault:
    reason = f"the line has {row.actual_columns} cells where the header has {row.expected_columns} ({form})"
    repair = "Correct the line; put quotes around text that holds the delimiter."
    return Fault(source, line, None, shortened(row.text), reason, repair)


def _filled(table: pa.Table) -> np.ndarray:
    """Rows with text in any cell."""
    blank = np.ones(table.num_rows, dtype=bool)
    for column in table.itercolumns():
        if not blank.any():
            break
        blank &= pc.equal(pc.utf8_trim_whitespace(column), "").to_numpy()
    return ~blank

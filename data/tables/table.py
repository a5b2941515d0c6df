"""Read one table from CSV, TSV (also .gz), xlsx or Parquet, with the line each row stands on.

CSV cells stay text, and so do those of xlsx; Parquet keeps its types. What a file is, is told by its name and checked
by its first bytes; how text is encoded and what parts the cells is decided here, once, and said in the messages.
"""

from __future__ import annotations

import gzip
import hashlib
import zlib
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq

from data.errors import Fault, refused
from data.tables.text import read_text
from data.tables.workbook import read_workbook

KINDS = {".csv": "CSV", ".tsv": "CSV", ".txt": "CSV", ".xlsx": "xlsx", ".parquet": "Parquet"}
"""Kind of file by the end of its name."""

MAGIC = {
    b"PK\x03\x04": "xlsx",
    b"PAR1": "Parquet",
    b"\x1f\x8b": "gzip",
    b"\xd0\xcf\x11\xe0": "old Excel (.xls)",
}
"""What a file is by its first bytes; none of them begins a text."""


@dataclass(frozen=True, slots=True)
class Table:
    """A table as it stands in a file.

    Parameters
    ----------
    source
        Path as it was given, for messages.
    frame
        Its columns by the names in the header, without blank rows.
    lines
        Line of each row, the header being line 1; in a Parquet file the row's number plus 1.
    form
        How it was read, such as "CSV in UTF-8, cells parted by ;".
    faults
        Lines that are no rows of this table.
    digest
        SHA-256 of the file.
    """

    source: str
    frame: pd.DataFrame
    lines: np.ndarray
    form: str
    faults: tuple[Fault, ...]
    digest: str


def read_table(path: Path | str, *, skip_lines: int = 0) -> Table:
    """Read the table in a file.

    Parameters
    ----------
    path
        File whose name ends in .csv, .tsv, .txt, each also with .gz, in .xlsx or in .parquet.
    skip_lines
        Lines above the header, such as a report's title.

    Raises
    ------
    FaultyFileError
        There is no such file, it is not what its name says, it is empty, or its header names a column twice.
    """
    path = Path(path)
    source = str(path)
    kind, packed = _kind_by_name(path)
    content = _content(path)
    digest = hashlib.sha256(content).hexdigest()
    if not content:
        raise refused(source, "the file is empty", "Export it again.")
    _check_content(source, content, "gzip" if packed else kind)
    faults: list[Fault] = []
    if kind == "Parquet":
        frame, form = _read_parquet(source, content), "Parquet"
        lines = np.arange(2, len(frame) + 2)
    elif kind == "xlsx":
        frame, lines, form = read_workbook(source, content, skip_lines)
    else:
        unpacked = _unpack(source, content) if packed else content
        frame, lines, form, faults = read_text(source, unpacked, skip_lines)
    if frame.empty and not faults:
        raise refused(source, "the file has a header but no rows", "Export it again.")
    return Table(source, frame, lines, form, tuple(faults), digest)


def _kind_by_name(path: Path) -> tuple[str, bool]:
    name = path.name.lower()
    packed = name.endswith(".gz")
    kind = KINDS.get(Path(name.removesuffix(".gz")).suffix)
    if kind is None or (packed and kind != "CSV"):
        repair = f"Give a file that ends in {', '.join(KINDS)}, .csv.gz or .tsv.gz."
        raise refused(str(path), "its name does not say what kind of file it is", repair)
    return kind, packed


def _content(path: Path) -> bytes:
    try:
        return path.read_bytes()
    except FileNotFoundError as error:
        raise refused(str(path), "there is no such file", "Correct the path.") from error
    except OSError as error:
        reason = f"the file cannot be read: {error.strerror}"
        raise refused(str(path), reason, "Correct the path or its permissions.") from error


def _check_content(source: str, content: bytes, expected: str) -> None:
    found = next((kind for magic, kind in MAGIC.items() if content.startswith(magic)), "CSV")
    if found == "CSV" and expected == "CSV":
        return
    if found != expected:
        what = "text" if found == "CSV" else f"a file of kind {found}"
        reason = f"the file is not what its name says: it holds {what}"
        raise refused(source, reason, "Give it the right name, or export it again as its name says.")


def _unpack(source: str, content: bytes) -> bytes:
    try:
        unpacked = gzip.decompress(content)
    except (EOFError, zlib.error, gzip.BadGzipFile) as error:
        reason = f"the compressed file is cut off or damaged: {error}"
        raise refused(source, reason, "Copy or export it again.") from error
    if not unpacked:
        raise refused(source, "the file is empty", "Export it again.")
    return unpacked


def _read_parquet(source: str, content: bytes) -> pd.DataFrame:
    try:
        table = pq.read_table(pa.BufferReader(content), use_threads=False)
    except (OSError, pa.ArrowInvalid) as error:
        reason = f"the Parquet file is cut off or damaged: {error}"
        raise refused(source, reason, "Copy or export it again.") from error
    names = table.column_names
    doubled = sorted({name for name in names if names.count(name) > 1})
    if doubled:
        reason = f"the column {doubled[0]!r} is there twice"
        raise refused(source, reason, "Name each column once.", column=doubled[0])
    return pd.DataFrame({name: _plain(table.column(name)) for name in names})


def _plain(column: pa.ChunkedArray) -> pd.Series:
    """Values of types a table of figures has: decimals as numbers, lists and structures as their text."""
    if pa.types.is_decimal(column.type):
        column = column.cast(pa.float64())
    values: pd.Series = column.to_pandas(use_threads=False)
    return values.map(str, na_action="ignore").astype("str") if pa.types.is_nested(column.type) else values

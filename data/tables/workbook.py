"""The first sheet of an Excel workbook as text cells."""

from __future__ import annotations

import io
import warnings
import zipfile
import zlib
from collections.abc import Iterator
from datetime import date, datetime, time, timedelta
from xml.etree.ElementTree import ParseError

import numpy as np
import openpyxl
import pandas as pd
from openpyxl.utils.exceptions import InvalidFileException

from data.errors import refused
from data.tables.header import name_columns

UNREADABLE = (
    zipfile.BadZipFile,
    zlib.error,
    InvalidFileException,
    KeyError,
    ValueError,
    ParseError,
    # openpyxl stumbles over chart sheets, and over books without a sheet of cells.
    AttributeError,
    IndexError,
    TypeError,
)


def read_workbook(source: str, content: bytes, skip_lines: int) -> tuple[pd.DataFrame, np.ndarray, str]:
    """Read the first sheet.

    Parameters
    ----------
    source
        File name for messages.
    content
        The file's bytes.
    skip_lines
        Rows above the header.

    Returns
    -------
    tuple
        Columns as text, row number of each row, and how it was read.

    Raises
    ------
    FaultyFileError
        It is no workbook, has no header, or names a column twice.
    """
    try:
        with warnings.catch_warnings():
            # openpyxl tells of styles and extensions it leaves out; we read values only.
            warnings.simplefilter("ignore", UserWarning)
            title, rows = _rows(content)
    except UNREADABLE as error:
        repair = "Save it again, with the table on the first sheet."
        raise refused(source, f"the workbook cannot be opened: {error}", repair) from error
    header_at = next(
        (place for place, row in enumerate(rows) if place >= skip_lines and any(row)),
        None,
    )
    if header_at is None:
        raise refused(source, f"the sheet {title!r} is empty", "Put the table on the first sheet.")
    width = max(len(row) for row in rows)
    filled = [(place, row + [""] * (width - len(row))) for place, row in enumerate(rows) if any(row)]
    body = [(place, row) for place, row in filled if place > header_at]
    header = rows[header_at]
    names, kept = name_columns(source, header + [""] * (width - len(header)))
    frame = pd.DataFrame([row for _, row in body], columns=names, dtype="str")[kept]
    lines = np.array([place + 1 for place, _ in body], dtype=np.int64)
    return frame, lines, f"xlsx, sheet {title!r}"


def _rows(content: bytes) -> tuple[str, list[list[str]]]:
    workbook = openpyxl.load_workbook(io.BytesIO(content), read_only=True, data_only=True)
    try:
        sheet = workbook.worksheets[0]
        # The size a file claims for itself is often wrong; the rows are not.
        sheet.reset_dimensions()
        return sheet.title, [list(_texts(row)) for row in sheet.iter_rows(values_only=True)]
    finally:
        workbook.close()


def _texts(row: tuple[object, ...]) -> Iterator[str]:
    for value in row:
        if value is None:
            yield ""
        elif isinstance(value, datetime):
            # Excel counts days as a fraction: a full second comes back some microseconds off.
            yield str((value + timedelta(milliseconds=500)).replace(microsecond=0))
        elif isinstance(value, float) and value.is_integer():
            yield str(int(value))
        elif isinstance(value, timedelta):
            # Excel's 24:00 is a day.
            minutes, seconds = divmod(round(value.total_seconds()), 60)
            yield f"{minutes // 60}:{minutes % 60:02d}:{seconds:02d}"
        elif isinstance(value, date | time | bool | int | float):
            yield str(value)
        else:
            yield str(value).strip()

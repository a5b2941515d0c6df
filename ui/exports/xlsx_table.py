"""Long tables in a workbook: typed columns, frozen header, filter, print set-up."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, time
from typing import Any, Literal

from data.domain import Roster
from ui.exports.text import printable

HEADER_FILL = "#22384F"
WEEKEND_FILL = "#EEF0F2"
RULE = "#D5D9DD"
MISS = "#B3261E"
EXCEL_EPOCH = datetime(1899, 12, 30)  # noqa: DTZ001 - a workbook's times have no zone
A3, A4 = 8, 9
"""Paper sizes by their number in the file format."""

Kind = Literal["text", "number", "hours", "rate", "date", "time"]
NUMBER_FORMATS: dict[Kind, str] = {
    "text": "@",
    "number": "#,##0.0",
    "hours": "0.00",
    "rate": "0.0%",
    "date": "yyyy-mm-dd ddd",
    "time": "yyyy-mm-dd hh:mm",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Column:
    """One column of a table.

    Parameters
    ----------
    title
        Its header, with unit or formula where it has one.
    kind
        How its values are shown.
    width
        In letters.
    values
        Text, numbers, or Excel day numbers (`day_number`) for dates and times; None and NaN stay empty.
    """

    title: str
    kind: Kind
    width: float
    values: Sequence[Any]


class Styles:
    """Cell formats of one workbook, each made once."""

    def __init__(self, workbook: Any) -> None:
        self._workbook = workbook
        self._made: dict[tuple[tuple[str, object], ...], Any] = {}

    def get(self, **properties: object) -> Any:
        """Return the format with those properties of xlsxwriter."""
        key = tuple(sorted(properties.items()))
        if key not in self._made:
            self._made[key] = self._workbook.add_format(dict(key))
        return self._made[key]

    def header(self, **properties: object) -> Any:
        """Return the format of the first row of every sheet, with further properties."""
        common = {"bold": True, "font_color": "#FFFFFF", "bg_color": HEADER_FILL, "text_wrap": True}
        return self.get(**(common | {"valign": "vcenter"} | properties))


def day_number(moment: date) -> float:
    """Return a day, or a wall-clock time, in days since the workbook's epoch."""
    wall = moment.replace(tzinfo=None) if isinstance(moment, datetime) else datetime.combine(moment, time())
    return (wall - EXCEL_EPOCH).total_seconds() / 86400


def write_table(sheet: Any, styles: Styles, roster: Roster, columns: Sequence[Column]) -> None:
    """Fill a sheet with a table."""
    for place, column in enumerate(columns):
        align = "right" if column.kind in ("number", "hours", "rate") else "left"
        style = styles.get(num_format=NUMBER_FORMATS[column.kind], align=align)
        sheet.write_string(0, place, column.title, styles.header(align=align))
        sheet.set_column(place, place, column.width, style)
        _write_column(sheet, place, column, style)
    height = len(columns[0].values)
    sheet.set_row(0, 32)
    sheet.freeze_panes(1, 1)
    sheet.autofilter(0, 0, max(height, 1), len(columns) - 1)
    set_up_print(sheet, roster, paper=A4)


def _write_column(sheet: Any, place: int, column: Column, style: Any) -> None:
    if column.kind == "text":
        for row, value in enumerate(column.values, start=1):
            sheet.write_string(row, place, printable(value), style)
        return
    for row, value in enumerate(column.values, start=1):
        if value is not None and not math.isnan(value):
            sheet.write_number(row, place, value, style)


def set_up_print(sheet: Any, roster: Roster, *, paper: int) -> None:
    """Landscape, as wide as the page, the header row on every page."""
    sheet.set_landscape()
    sheet.set_paper(paper)
    sheet.fit_to_pages(1, 0)
    sheet.repeat_rows(0)
    sheet.set_margins(left=0.4, right=0.4, top=0.75, bottom=0.6)
    # The header takes 255 letters and reads & as the start of a command.
    title = printable(roster.name)[:80].replace("&", "&&")
    sheet.set_header(f"&L{title}&C&A&R{roster.first} – {roster.last}")
    sheet.set_footer(f"&LTimes in {roster.timezone}&RPage &P of &N")

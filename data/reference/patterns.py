"""Shift patterns: one row a pattern."""

from __future__ import annotations

from collections.abc import Mapping

from data.domain import ShiftPattern
from data.reference import fields
from data.reference.sheet import Row, Sheet
from data.tables import Table

REQUIRED = ("pattern",)
OPTIONAL = ("days", "start_earliest", "start_latest", "start_step_min", "length_min", "breaks", "cost_per_h")
COLUMNS = {
    "id": "pattern",
    "weekdays": "days",
    "start_earliest_min": "start_earliest",
    "start_latest_min": "start_latest",
}
"""Column by field, where they are called differently."""


def read_patterns(
    table: Table,
    *,
    renamed: Mapping[str, str] | None = None,
    held: Mapping[str, ShiftPattern] | None = None,
) -> tuple[Sheet, list[tuple[Row, ShiftPattern]]]:
    """Read shift patterns.

    Parameters
    ----------
    table
        As read from the file.
    renamed
        Names in the file of our columns that are called otherwise there.
    held
        Patterns there are, by name; what the file has no column for stays.

    Returns
    -------
    tuple
        The sheet with the faults found, and the patterns of sound rows with their rows.
    """
    sheet = Sheet.of(table, required=REQUIRED, optional=OPTIONAL, renamed=renamed or {})
    found = [(row, _pattern(row, held or {})) for row in sheet.rows()]
    return sheet, [(row, pattern) for row, pattern in found if pattern is not None]


def _pattern(row: Row, held: Mapping[str, ShiftPattern]) -> ShiftPattern | None:
    name = row.name("pattern")
    blank = ShiftPattern(id="-")
    before = held.get(name, blank)
    earliest = row.keep(
        "start_earliest", fields.clock_min, blank.start_earliest_min, before.start_earliest_min
    )
    latest = row.keep(
        "start_latest",
        fields.clock_min,
        max(earliest, blank.start_latest_min),
        max(earliest, before.start_latest_min),
    )
    weekdays = row.keep("days", fields.weekdays, blank.weekdays, before.weekdays)
    step = row.keep("start_step_min", fields.whole, blank.start_step_min, before.start_step_min)
    length = row.keep("length_min", fields.whole, blank.length_min, before.length_min)
    breaks = row.keep("breaks", fields.breaks, blank.breaks, before.breaks)
    cost = row.keep("cost_per_h", fields.not_negative, blank.cost_per_h, before.cost_per_h)
    return row.make(
        lambda: ShiftPattern(
            id=name,
            weekdays=weekdays,
            start_earliest_min=earliest,
            start_latest_min=latest,
            start_step_min=step,
            length_min=length,
            breaks=breaks,
            cost_per_h=cost,
        ),
        COLUMNS,
    )

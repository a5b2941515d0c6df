"""Shift patterns: one row a pattern."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from data.domain import ALL_WEEKDAYS, BreakRule, ShiftPattern
from data.reference import fields
from data.reference.sheet import Row, Sheet
from data.tables import Table

REQUIRED = ("pattern",)
OPTIONAL = ("days", "start_earliest", "start_latest", "start_step_min", "length_min", "breaks", "cost_per_h")


def read_patterns(
    table: Table, *, renamed: Mapping[str, str] | None = None
) -> tuple[Sheet, list[tuple[Row, ShiftPattern]]]:
    """Read shift patterns.

    Parameters
    ----------
    table
        As read from the file.
    renamed
        Names in the file of our columns that are called otherwise there.

    Returns
    -------
    tuple
        The sheet with the faults found, and the patterns of sound rows with their rows.
    """
    sheet = Sheet.of(table, required=REQUIRED, optional=OPTIONAL, renamed=renamed or {})
    found = [(row, _pattern(row)) for row in sheet.rows()]
    return sheet, [(row, pattern) for row, pattern in found if pattern is not None]


def _pattern(row: Row) -> ShiftPattern | None:
    blank = ShiftPattern(id="-")
    name = row.need("pattern")
    earliest = row.get("start_earliest", fields.clock_min, blank.start_earliest_min)
    pattern: dict[str, Any] = {
        "weekdays": row.get("days", fields.weekdays, ALL_WEEKDAYS),
        "start_earliest_min": earliest,
        "start_latest_min": row.get("start_latest", fields.clock_min, max(earliest, blank.start_latest_min)),
        "start_step_min": row.get("start_step_min", fields.whole, blank.start_step_min),
        "length_min": row.get("length_min", fields.whole, blank.length_min),
        "breaks": row.get("breaks", fields.breaks, tuple[BreakRule, ...]()),
        "cost_per_h": row.get("cost_per_h", fields.number, blank.cost_per_h),
    }
    return row.make(lambda: ShiftPattern(id=name, **pattern))

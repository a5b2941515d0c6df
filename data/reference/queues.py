"""Queues: one row a queue and opening span."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from data.domain import DAY_MIN, Channel, OpeningSpan, Period, Queue, Target
from data.reference import fields
from data.reference.sheet import Row, Sheet
from data.tables import Table

TARGET: Mapping[str, Callable[[str], Any]] = {
    "answer_rate": fields.fraction,
    "period": fields.choice(Period),
    "interval_floor": fields.fraction,
    "service_level": fields.fraction,
    "threshold_s": fields.not_negative,
    "max_asa_s": fields.not_negative,
    "max_occupancy": fields.fraction,
    "min_agents": fields.whole,
    "confidence": fields.fraction,
}
OWN: Mapping[str, Callable[[str], Any]] = {
    "channel": fields.choice(Channel),
    "skill": fields.text,
    "timezone": fields.timezone,
    "interval_min": fields.whole,
    "patience_s": fields.number,
    "concurrency": fields.whole,
    "priority": fields.whole,
    "shrinkage": fields.fraction,
}
HOURS = ("days", "open", "close")
REQUIRED = ("queue",)
OPTIONAL = (*OWN, *TARGET, *HOURS)


def read_queues(
    table: Table, *, timezone: str, renamed: Mapping[str, str] | None = None
) -> tuple[Sheet, list[Queue]]:
    """Read queues; rows of one queue give its opening spans and must agree in everything else.

    Parameters
    ----------
    table
        As read from the file.
    timezone
        Zone of queues that name none.
    renamed
        Names in the file of our columns that are called otherwise there.

    Returns
    -------
    tuple
        The sheet with the faults found, and the queues of sound rows.
    """
    sheet = Sheet.of(table, required=REQUIRED, optional=OPTIONAL, renamed=renamed or {})
    grouped: dict[str, list[Row]] = {}
    for row in sheet.rows():
        grouped.setdefault(row.need("queue"), []).append(row)
    queues = [_queue(name, rows, timezone) for name, rows in grouped.items()]
    return sheet, [queue for queue in queues if queue is not None]


def _queue(name: str, rows: list[Row], timezone: str) -> Queue | None:
    spans = tuple(_span(row) for row in rows)
    head = rows[0]
    own = {"timezone": timezone} | _given(rows, OWN)
    target = _given(rows, TARGET)
    if not all(row.sound for row in rows):
        return None
    return head.make(lambda: Queue(id=name, hours=spans, target=Target(**target), **own))


def _given(rows: list[Row], parsers: Mapping[str, Callable[[str], Any]]) -> dict[str, Any]:
    """What the first row gives; later rows may leave it out or repeat it."""
    given = {}
    for column, parse in parsers.items():
        cell = rows[0].cell(column)
        if cell:
            given[column] = rows[0].get(column, parse, None)
        for row in rows[1:]:
            if row.cell(column) not in ("", cell):
                reason = f"the queue's row on line {rows[0].line} says otherwise ({cell or 'nothing'})"
                row.fault(column, reason, "Say the same in each row of a queue, or leave it empty.")
    return given


def _span(row: Row) -> OpeningSpan:
    open_min = row.get("open", fields.clock_min, 0)
    close_min = row.get("close", fields.clock_min, DAY_MIN)
    weekdays = row.get("days", fields.weekdays, frozenset(range(7)))
    # Closing at or before the opening time means on the next day.
    past_midnight = close_min if close_min > open_min else close_min + DAY_MIN
    span = row.make(lambda: OpeningSpan(weekdays=weekdays, open_min=open_min, close_min=past_midnight))
    return span or OpeningSpan()

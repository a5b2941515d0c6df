"""Queues: one row a queue and opening span."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import partial
from typing import Any

from data.domain import DAY_MIN, Channel, OpeningSpan, Period, Queue, ServiceLevelFormula, Target
from data.reference import fields
from data.reference.sheet import Row, Sheet
from data.tables import Table

TARGET: Mapping[str, Callable[[str], Any]] = {
    "answer_rate": fields.fraction,
    "period": fields.choice(Period),
    "interval_floor": fields.fraction,
    "service_level": fields.fraction,
    "threshold_s": fields.not_negative,
    "service_level_formula": fields.choice(ServiceLevelFormula),
    "max_asa_s": fields.not_negative,
    "max_occupancy": fields.fraction,
    "min_agents": fields.whole,
    "confidence": fields.fraction,
    "price_per_contact": fields.not_negative,
}
OWN: Mapping[str, Callable[[str], Any]] = {
    "channel": fields.choice(Channel),
    "skill": fields.text,
    "timezone": fields.timezone,
    "interval_min": fields.whole,
    "patience_s": fields.number,
    "concurrency": fields.whole,
    "deadline_h": fields.number,
    "priority": fields.whole,
    "shrinkage": fields.fraction,
    "adherence": fields.fraction,
}
ALL = "no number of people answers every contact, for somebody may hang up at once"
BELOW_ALL = "Give a share below 1, such as 0.99; only contacts that can wait may all be answered."
HOURS = ("days", "open", "close")
REQUIRED = ("queue",)
OPTIONAL = (*OWN, *TARGET, *HOURS)
COLUMNS = {"id": "queue", "weekdays": "days", "open_min": "open", "close_min": "close"}
"""Column by field, where they are called differently."""


def read_queues(
    table: Table,
    *,
    timezone: str,
    renamed: Mapping[str, str] | None = None,
    held: Mapping[str, Queue] | None = None,
) -> tuple[Sheet, list[tuple[Row, Queue]]]:
    """Read queues; rows of one queue give its opening spans and must agree in everything else.

    Parameters
    ----------
    table
        As read from the file.
    timezone
        Zone of queues that name none.
    renamed
        Names in the file of our columns that are called otherwise there.
    held
        Queues there are, by name; what the file has no column for stays.

    Returns
    -------
    tuple
        The sheet with the faults found, and the queues of sound rows, each with its first row.
    """
    sheet = Sheet.of(table, required=REQUIRED, optional=OPTIONAL, renamed=renamed or {})
    grouped: dict[str, list[Row]] = {}
    for row in sheet.rows():
        row.unparted("skill")
        grouped.setdefault(row.name("queue"), []).append(row)
    known = held or {}
    queues = [(rows[0], _queue(name, rows, timezone, known.get(name))) for name, rows in grouped.items()]
    return sheet, [(row, queue) for row, queue in queues if queue is not None]


def _queue(name: str, rows: list[Row], timezone: str, held: Queue | None) -> Queue | None:
    spans = _spans(rows, held)
    own = {"timezone": timezone} | _given(rows, OWN, held)
    if held is not None:  # Files of their own tell these.
        own |= {"shrinkages": held.shrinkages, "availability": held.availability}
    target = _given(rows, TARGET, None if held is None else held.target)
    if not all(row.sound for row in rows):
        return None

    def with_hours(*hours: OpeningSpan) -> Queue:
        return Queue(id=name, hours=hours, target=Target(**target), **own)

    # Each row by itself, so that a span off the grid is told where it stands.
    built = [row.make(partial(with_hours, span), COLUMNS) for row, span in zip(rows, spans, strict=False)]
    # Hours that stay as they were may be more spans than the file has rows.
    queue = rows[0].make(partial(with_hours, *spans), COLUMNS) if None not in built else None
    for column in () if queue is None else queue.out_of_reach:
        rows[0].fault(column, ALL, BELOW_ALL)
    return queue if rows[0].sound else None


def _given(
    rows: list[Row], parsers: Mapping[str, Callable[[str], Any]], held: Queue | Target | None
) -> dict[str, Any]:
    """What the first row gives, later rows leave it out or repeat it; what there is no column for stays."""
    head = rows[0]
    given = {}
    for column, parse in parsers.items():
        cell = head.cell(column)
        if cell:
            given[column] = head.get(column, parse, None)
        elif held is not None and not head.gives(column):
            given[column] = getattr(held, column)
        for row in rows[1:]:
            if row.cell(column) not in ("", cell):
                reason = f"the queue's row on line {head.line} says otherwise ({cell or 'nothing'})"
                row.fault(column, reason, "Say the same in each row of a queue, or leave it empty.")
    return given


def _spans(rows: list[Row], held: Queue | None) -> tuple[OpeningSpan, ...]:
    before = (OpeningSpan(),) if held is None else held.hours
    absent = [column for column in HOURS if not rows[0].gives(column)]
    if len(absent) == len(HOURS):
        return before
    for column, field in (("days", "weekdays"), ("open", "open_min"), ("close", "close_min")):
        if column in absent and len({getattr(span, field) for span in before}) > 1:
            reason = "the queue has several opening spans, and the file does not tell this of them"
            rows[0].fault(column, reason, "Add the column: days, open and close go together.")
    return tuple(_span(row, before[0]) for row in rows)


def _span(row: Row, before: OpeningSpan) -> OpeningSpan:
    blank = OpeningSpan()
    weekdays = row.keep("days", fields.weekdays, blank.weekdays, before.weekdays)
    open_min = row.keep("open", fields.clock_min, blank.open_min, before.open_min)
    close_min = row.keep("close", fields.clock_min, blank.close_min, _of_one_day(before.close_min))
    close_min = past_midnight(open_min, close_min)
    span = row.make(lambda: OpeningSpan(weekdays=weekdays, open_min=open_min, close_min=close_min), COLUMNS)
    return span or blank


def past_midnight(open_min: int, close_min: int) -> int:
    """Minute a span closes, counted from the midnight before it opens: at or before that, it is the next day's."""
    return close_min if close_min > open_min else close_min + DAY_MIN


def _of_one_day(close_min: int) -> int:
    return close_min if close_min <= DAY_MIN else close_min - DAY_MIN

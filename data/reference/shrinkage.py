"""Shrinkage of queues: one row a cause, its share and the time of the week it holds."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from functools import partial

from data.domain import Queue
from data.reference import fields
from data.reference.queues import COLUMNS as HOURS_COLUMNS
from data.reference.queues import HOURS, past_midnight
from data.reference.sheet import Row, Sheet
from data.shrinkage import Shrinkage
from data.tables import Table
from data.week import ALL_WEEKDAYS, DAY_MIN

REQUIRED = ("cause", "share")
OPTIONAL = ("queue", "planned", *HOURS)
COLUMNS = {**HOURS_COLUMNS, "shrinkages": "cause"}
"""Column by field, where they are called differently."""


def read_shrinkage(
    table: Table, *, queues: Sequence[Queue], renamed: Mapping[str, str] | None = None
) -> tuple[Sheet, list[tuple[Row, Queue]]]:
    """Read shrinkage by cause; the rows that touch a queue are all the causes it has from then on.

    A row without a queue is for every queue, but for causes a queue has rows of its own for. A share of 0 takes a
    cause away.

    Parameters
    ----------
    table
        As read from the file.
    queues
        Queues there are.
    renamed
        Names in the file of our columns that are called otherwise there.

    Returns
    -------
    tuple
        The sheet with the faults found, and the queues touched by sound rows, each with the first row it has.
    """
    sheet = Sheet.of(table, required=REQUIRED, optional=OPTIONAL, renamed=renamed or {})
    names = [queue.id for queue in queues]
    read = [(row, row.cell("queue"), _shrinkage(row, names)) for row in sheet.rows()]
    parts = [(row, name, part) for row, name, part in read if part is not None]
    changed = [_with(queue, parts) for queue in queues]
    return sheet, [each for each in changed if each is not None]


def _shrinkage(row: Row, queues: Sequence[str]) -> Shrinkage | None:
    name = row.cell("queue")
    if name or not queues:
        row.known("queue", "queue", name, queues)
    cause = row.need("cause")
    row.need("share")
    share = row.get("share", fields.fraction, 0.0)
    planned = row.get("planned", fields.yes_no, default=False)
    weekdays = row.get("days", fields.weekdays, ALL_WEEKDAYS)
    open_min = row.get("open", fields.clock_min, 0)
    close_min = past_midnight(open_min, row.get("close", fields.clock_min, DAY_MIN))

    def build() -> Shrinkage:
        return Shrinkage(
            cause=cause,
            share=share,
            planned=planned,
            weekdays=weekdays,
            open_min=open_min,
            close_min=close_min,
        )

    return row.make(build, COLUMNS)


def _with(queue: Queue, parts: Sequence[tuple[Row, str, Shrinkage]]) -> tuple[Row, Queue] | None:
    """The queue with the causes of its rows, added one by one so that one that overlaps is told where it stands."""
    own = {part.cause for _, name, part in parts if name == queue.id}
    rows = [
        (row, part) for row, name, part in parts if name == queue.id or (not name and part.cause not in own)
    ]
    if not rows:
        return None
    changed = replace(queue, shrinkages=())
    for row, part in rows:
        if part.share == 0:
            continue
        more = (*changed.shrinkages, part)
        changed = row.make(partial(replace, changed, shrinkages=more), COLUMNS) or changed
    return rows[0][0], changed

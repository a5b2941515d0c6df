"""Queues, contracts, patterns, agents, activities and peaks in the ledger: saved by name, read in the order they first came."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Generic, TypeVar

import pandas as pd
from sqlalchemy import select
from sqlalchemy.orm import Session

from data.activities import Activity
from data.activity_documents import activity_document, activity_from
from data.documents import (
    Document,
    agent_document,
    agent_from,
    contract_document,
    contract_from,
    notice_document,
    notice_from,
    pattern_document,
    pattern_from,
    peak_document,
    peak_from,
    queue_document,
    queue_from,
)
from data.domain import Agent, Contract, Peak, Queue, ShiftPattern
from data.errors import InputError, UnknownNameError
from data.intervals import clock
from data.ledger import (
    ActivityRow,
    AgentRow,
    ContractRow,
    NoticeRow,
    PartRow,
    PatternRow,
    PeakRow,
    QueueRow,
    Reference,
)
from data.notices import HolidayNotice
from data.store import versions

Thing = TypeVar("Thing")


@dataclass(frozen=True)
class Shelf(Generic[Thing]):
    """Where things of one type lie and how they turn into documents and back."""

    table: type[Reference]
    name: Callable[[Thing], str]
    write: Callable[[Thing], dict[str, Any]]
    read: Callable[[Document], Thing]


QUEUES = Shelf[Queue](QueueRow, lambda queue: queue.id, queue_document, queue_from)
CONTRACTS = Shelf[Contract](ContractRow, lambda contract: contract.id, contract_document, contract_from)
PATTERNS = Shelf[ShiftPattern](PatternRow, lambda pattern: pattern.id, pattern_document, pattern_from)
AGENTS = Shelf[Agent](AgentRow, lambda agent: agent.id, agent_document, agent_from)
ACTIVITIES = Shelf[Activity](ActivityRow, lambda activity: activity.id, activity_document, activity_from)
NOTICES = Shelf[HolidayNotice](NoticeRow, lambda notice: notice.id, notice_document, notice_from)
PEAKS = Shelf[Peak](PeakRow, lambda peak: peak.id, peak_document, peak_from)


def load(session: Session, shelf: Shelf[Thing]) -> tuple[Thing, ...]:
    """Everything on a shelf, in the order the names first came."""
    rows = session.scalars(select(shelf.table).order_by(shelf.table.position))
    return tuple(shelf.read(row.document) for row in rows)


def save(session: Session, shelf: Shelf[Thing], things: Iterable[Thing], **columns: str) -> None:
    """Put things on their shelf; one of the same name is replaced, the others stay."""
    known = {row.id: row for row in session.scalars(select(shelf.table))}
    for thing in things:
        name, document = shelf.name(thing), shelf.write(thing)
        row = known.get(name)
        if row is None:
            known[name] = row = shelf.table(id=name, document=document, **columns)
            session.add(row)
            continue
        row.document = document
        for column, value in columns.items():
            setattr(row, column, value)


def change_queues(session: Session, lake: Path, queues: Iterable[Queue]) -> None:
    """Save queues that are there already; where they come from stays.

    Raises
    ------
    UnknownNameError
        One is not there.
    InputError
        The history of a queue is in intervals of another length than the queue would have.
    """
    queues, known = tuple(queues), origins(session)
    for queue in queues:
        if queue.id not in known:
            raise UnknownNameError("queue", queue.id, list(known))
        require_interval(session, lake, queue)
    save(session, QUEUES, queues)


def save_queues(session: Session, lake: Path, queues: Iterable[Queue], origin: str) -> None:
    """Save queues with where they come from.

    Raises
    ------
    InputError
        The history of a queue is in intervals of another length than the queue would have.
    """
    queues = tuple(queues)
    for queue in queues:
        require_interval(session, lake, queue)
    save(session, QUEUES, queues, origin=origin)


def require_interval(session: Session, lake: Path, queue: Queue) -> None:
    """See that a queue's interval is the one its history is in.

    A longer one is taken where every start lies on its grid: the rows were of that length all along, or those in
    between were left out because nothing came.

    Raises
    ------
    InputError
        It is not.
    """
    before = session.scalar(select(QueueRow.document).where(QueueRow.id == queue.id))
    if (
        before is None
        or session.scalar(select(PartRow.path).where(PartRow.queue == queue.id).limit(1)) is None
    ):
        return
    held_min = QUEUES.read(before).interval_min
    if queue.interval_min == held_min:
        return
    if queue.interval_min > held_min:
        starts = versions.read(session, lake, [queue.id], None)["start"]
        minutes = clock(pd.DatetimeIndex(starts), queue.timezone)["minute"]
        if (minutes % queue.interval_min == 0).all():
            return
    raise InputError(
        f"queue {queue.id!r} has history in intervals of {held_min} min, not {queue.interval_min}. "
        f"Give {held_min}, or bring the queue in under another name or into a new workspace."
    )


def origins(session: Session) -> dict[str, str]:
    """Where each queue's definition comes from, by queue."""
    rows = session.execute(select(QueueRow.id, QueueRow.origin).order_by(QueueRow.position))
    return {name: origin for name, origin in rows}  # noqa: C416 - dict() of a Result does not type

"""Queues, contracts, patterns, agents and peaks in the ledger: saved by name, read in the order they first came."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any, Generic, TypeVar

from sqlalchemy import select
from sqlalchemy.orm import Session

from data.documents import (
    Document,
    agent_document,
    agent_from,
    contract_document,
    contract_from,
    pattern_document,
    pattern_from,
    peak_document,
    peak_from,
    queue_document,
    queue_from,
)
from data.domain import Agent, Contract, Peak, Queue, ShiftPattern
from data.errors import InputError
from data.ledger import AgentRow, ContractRow, PartRow, PatternRow, PeakRow, QueueRow, Reference

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


def save_queues(session: Session, queues: Iterable[Queue], origin: str) -> None:
    """Save queues with where they come from.

    Raises
    ------
    InputError
        A queue with history would change its interval.
    """
    queues = tuple(queues)
    held = set(session.scalars(select(PartRow.queue).distinct()))
    steps = {queue.id: queue.interval_min for queue in load(session, QUEUES)}
    for queue in queues:
        if queue.id in held and steps[queue.id] != queue.interval_min:
            raise InputError(
                f"queue {queue.id!r} has history in intervals of {steps[queue.id]} min, not {queue.interval_min}. "
                f"Give interval_min {steps[queue.id]}, or import it into a new workspace."
            )
    save(session, QUEUES, queues, origin=origin)


def origins(session: Session) -> dict[str, str]:
    """Where each queue's definition comes from, by queue."""
    rows = session.execute(select(QueueRow.id, QueueRow.origin).order_by(QueueRow.position))
    return {name: origin for name, origin in rows}  # noqa: C416 - dict() of a Result does not type

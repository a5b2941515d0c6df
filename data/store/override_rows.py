"""Overrides in the ledger. None is ever deleted: what held at an instant can be told for ever."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict, replace
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from data.errors import InputError, UnknownNameError
from data.ledger import OverrideRow, QueueRow
from data.overrides import Override, OverrideKind
from data.store import withdrawal


def save(session: Session, override: Override, at: datetime) -> Override:
    """Add an override, numbered and dated.

    Raises
    ------
    UnknownNameError
        There is no such queue.
    InputError
        Another bears its id, or it would have expired before it was made.
    """
    queues = list(session.scalars(select(QueueRow.id).order_by(QueueRow.position)))
    if override.queue not in queues:
        raise UnknownNameError("queue", override.queue, queues)
    if override.expires_at is not None and override.expires_at <= at:
        raise InputError(
            f"override of queue {override.queue!r}: it expires at {override.expires_at}, which has passed. "
            "Give a later instant, or none."
        )
    name = override.id
    if not name:
        name = withdrawal.next_id(session, OverrideRow, "override")
    elif session.scalar(select(OverrideRow.id).where(OverrideRow.id == name)) is not None:
        raise InputError(f"override {name!r} is there already. Give it another id.")
    kept = replace(override, id=name, created_at=at, withdrawn_at=None, withdrawn_by="")
    session.add(OverrideRow(**asdict(kept)))
    return kept


def withdraw(session: Session, name: str, by: str, at: datetime) -> Override:
    """Take an override back from an instant on; raises as `withdrawal.withdraw` does."""
    return _override(withdrawal.withdraw(session, OverrideRow, "override", name, by=by, at=at))


def all_of(session: Session, queues: Sequence[str] | None) -> tuple[Override, ...]:
    """Overrides of some queues, or of all, in the order they were made."""
    wanted = select(OverrideRow).order_by(OverrideRow.position)
    if queues is not None:
        wanted = wanted.where(OverrideRow.queue.in_(list(queues)))
    return tuple(_override(row) for row in session.scalars(wanted))


def _override(row: OverrideRow) -> Override:
    return Override(
        id=row.id,
        queue=row.queue,
        start=row.start,
        end=row.end,
        kind=OverrideKind(row.kind),
        value=row.value,
        by=row.by,
        reason=row.reason,
        expires_at=row.expires_at,
        created_at=row.created_at,
        withdrawn_at=row.withdrawn_at,
        withdrawn_by=row.withdrawn_by,
    )

"""What somebody said of a workspace is numbered, and withdrawn instead of removed: what held once can be told for ever."""

from __future__ import annotations

from datetime import datetime
from typing import TypeVar

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from data.errors import InputError, UnknownNameError
from data.ledger import Withdrawable

Row = TypeVar("Row", bound=Withdrawable)


def next_id(session: Session, table: type[Withdrawable], what: str) -> str:
    """Id of the next one, such as lock-000012."""
    number = (session.scalar(select(func.max(table.position))) or 0) + 1
    return f"{what}-{number:06d}"


def withdraw(session: Session, table: type[Row], what: str, name: str, *, by: str, at: datetime) -> Row:
    """Take one back from an instant on; it stays on record.

    Raises
    ------
    UnknownNameError
        There is none of that id.
    InputError
        It was withdrawn before, or nobody is named.
    """
    row = session.scalar(select(table).where(table.id == name))
    if row is None:
        raise UnknownNameError(what, name, list(session.scalars(select(table.id))))
    if row.withdrawn_at is not None:
        raise InputError(f"{what} {name!r} was withdrawn by {row.withdrawn_by} already.")
    if not by.strip():
        raise InputError(f"{what} {name!r}: say who withdraws it.")
    row.withdrawn_at, row.withdrawn_by = at, by
    return row

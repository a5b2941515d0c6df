"""Locks of a workspace. None is ever deleted: what held a roster can be told for ever."""

from __future__ import annotations

from dataclasses import asdict, replace

from sqlalchemy import select
from sqlalchemy.orm import Session

from data.errors import InputError, UnknownNameError
from data.ledger import AgentRow, LockRow, RosterRow
from data.locks import Lock, LockKind
from data.store.base import Store
from data.store.withdrawal import next_id, withdraw


class LockStore(Store):
    """Days of people that stay as they are in a roster."""

    def save_lock(self, lock: Lock) -> Lock:
        """Save a lock and return it with the id and time it was given.

        Raises
        ------
        UnknownNameError
            There is no such roster or person.
        InputError
            Name or reason is missing, a day is not one of the roster's, or another lock holds one of the days.
        """
        if not lock.by.strip() or not lock.reason.strip():
            raise InputError(
                f"lock of {lock.agent_id} from {lock.first}: it needs a name and a reason. Say who locks, and why."
            )
        with self._writing() as session:
            _known(session, lock)
            kept = replace(
                lock,
                id=next_id(session, LockRow, "lock"),
                created_at=self._clock(),
                withdrawn_at=None,
                withdrawn_by="",
            )
            session.add(LockRow(**{**asdict(kept), "kind": kept.kind.value}))
            return kept

    def withdraw_lock(self, name: str, *, by: str) -> Lock:
        """Take a lock back; it stays on record.

        Raises
        ------
        UnknownNameError
            There is none of that id.
        InputError
            It was withdrawn before, or nobody is named.
        """
        with self._writing() as session:
            row = withdraw(session, LockRow, "lock", name, by=by, at=self._clock())
            return _lock(row)

    def locks(self, roster: str) -> tuple[Lock, ...]:
        """Locks of a roster, withdrawn ones too, in the order they were made."""
        with self._reading() as session:
            wanted = select(LockRow).where(LockRow.roster == roster).order_by(LockRow.position)
            return tuple(_lock(row) for row in session.scalars(wanted))


def _known(session: Session, lock: Lock) -> None:
    roster = session.scalar(select(RosterRow).where(RosterRow.name == lock.roster))
    if roster is None:
        raise UnknownNameError("roster", lock.roster, list(session.scalars(select(RosterRow.name))))
    people = list(session.scalars(select(AgentRow.id)))
    if lock.agent_id not in people:
        raise UnknownNameError("agent", lock.agent_id, people)
    outside = [day for day in lock.days if not 0 <= (day - roster.first).days < roster.days]
    if outside:
        raise InputError(
            f"lock of {lock.agent_id}: {outside[0]} is none of the {roster.days} days of roster {lock.roster!r} from "
            f"{roster.first} on. Give days of the roster."
        )
    other = session.scalar(
        select(LockRow).where(
            LockRow.roster == lock.roster,
            LockRow.agent_id == lock.agent_id,
            LockRow.first <= lock.last,
            LockRow.last >= lock.first,
            LockRow.withdrawn_at.is_(None),
        )
    )
    if other is not None:
        raise InputError(f"there is a lock already: {_lock(other)}. Withdraw it first.")


def _lock(row: LockRow) -> Lock:
    return Lock(
        id=row.id,
        roster=row.roster,
        agent_id=row.agent_id,
        first=row.first,
        last=row.last,
        kind=LockKind(row.kind),
        pattern=row.pattern,
        start_min=row.start_min,
        by=row.by,
        reason=row.reason,
        created_at=row.created_at,
        withdrawn_at=row.withdrawn_at,
        withdrawn_by=row.withdrawn_by,
    )

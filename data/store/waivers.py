"""Waivers of a workspace. None is ever deleted: who let a rule be broken can be told for ever."""

from __future__ import annotations

from dataclasses import asdict, replace

from sqlalchemy import select
from sqlalchemy.orm import Session

from data.errors import InputError, UnknownNameError
from data.ledger import AgentRow, RosterRow, WaiverRow
from data.store.base import Store
from data.store.withdrawal import next_id, withdraw
from data.waivers import Waiver


class WaiverStore(Store):
    """Rules that need not hold for a person on a day."""

    def save_waiver(self, waiver: Waiver) -> Waiver:
        """Save a waiver and return it with the id and time it was given.

        Raises
        ------
        UnknownNameError
            There is no such roster or person.
        InputError
            One that holds says the same.
        """
        with self._writing() as session:
            _known(session, waiver)
            kept = replace(
                waiver,
                id=next_id(session, WaiverRow, "waiver"),
                created_at=self._clock(),
                withdrawn_at=None,
                withdrawn_by="",
            )
            session.add(WaiverRow(**asdict(kept)))
            return kept

    def withdraw_waiver(self, name: str, *, by: str) -> Waiver:
        """Take a waiver back; it stays on record.

        Raises
        ------
        UnknownNameError
            There is none of that id.
        InputError
            It was withdrawn before, or nobody is named.
        """
        with self._writing() as session:
            row = withdraw(session, WaiverRow, "waiver", name, by=by, at=self._clock())
            return _waiver(row)

    def waivers(self, roster: str) -> tuple[Waiver, ...]:
        """Waivers of a roster, withdrawn ones too, in the order they were made."""
        with self._reading() as session:
            wanted = select(WaiverRow).where(WaiverRow.roster == roster).order_by(WaiverRow.position)
            return tuple(_waiver(row) for row in session.scalars(wanted))


def _known(session: Session, waiver: Waiver) -> None:
    rosters = list(session.scalars(select(RosterRow.name)))
    if waiver.roster not in rosters:
        raise UnknownNameError("roster", waiver.roster, rosters)
    people = list(session.scalars(select(AgentRow.id)))
    if waiver.agent_id not in people:
        raise UnknownNameError("agent", waiver.agent_id, people)
    same = select(WaiverRow.id).where(
        WaiverRow.roster == waiver.roster,
        WaiverRow.agent_id == waiver.agent_id,
        WaiverRow.day == waiver.day,
        WaiverRow.rule == waiver.rule,
        WaiverRow.withdrawn_at.is_(None),
    )
    held = session.scalar(same)
    if held is not None:
        raise InputError(f"{held!r} waives {waiver.rule!r} for {waiver.agent_id} on {waiver.day} already.")


def _waiver(row: WaiverRow) -> Waiver:
    return Waiver(
        id=row.id,
        roster=row.roster,
        agent_id=row.agent_id,
        day=row.day,
        rule=row.rule,
        by=row.by,
        reason=row.reason,
        created_at=row.created_at,
        withdrawn_at=row.withdrawn_at,
        withdrawn_by=row.withdrawn_by,
    )

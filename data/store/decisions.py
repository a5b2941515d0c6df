"""What planners decided about spans of the history; none is ever deleted."""

from __future__ import annotations

from collections.abc import Sequence

from sqlalchemy import select

from data.corrections import Decision, Verdict
from data.errors import UnknownNameError
from data.ledger import DecisionRow, QueueRow
from data.records import DecisionRecord
from data.store.base import Store
from data.store.withdrawal import next_id, withdraw


class DecisionStore(Store):
    """Spans of the history that are kept or dropped when a forecast learns from it."""

    def save_decision(self, decision: Decision) -> DecisionRecord:
        """Save a decision and return it with the id and time it was given.

        Raises
        ------
        UnknownNameError
            There is no such queue.
        """
        with self._writing() as session:
            queues = list(session.scalars(select(QueueRow.id).order_by(QueueRow.position)))
            if decision.queue not in queues:
                raise UnknownNameError("queue", decision.queue, queues)
            row = DecisionRow(
                id=next_id(session, DecisionRow, "decision"),
                queue=decision.queue,
                start=decision.start,
                end=decision.end,
                verdict=decision.verdict.value,
                name=decision.name,
                reason=decision.reason,
                created_at=self._clock(),
                withdrawn_at=None,
                withdrawn_by="",
            )
            session.add(row)
            return _record(row)

    def withdraw_decision(self, name: str, *, by: str) -> DecisionRecord:
        """Take a decision back; it stays on record.

        Raises
        ------
        UnknownNameError
            There is none of that id.
        InputError
            It was withdrawn before, or nobody is named.
        """
        with self._writing() as session:
            row = withdraw(session, DecisionRow, "decision", name, by=by, at=self._clock())
            return _record(row)

    def decision_records(self, queues: Sequence[str] | None = None) -> tuple[DecisionRecord, ...]:
        """Decisions on some queues, or on all, withdrawn ones too, in the order they were made."""
        wanted = select(DecisionRow).order_by(DecisionRow.position)
        if queues is not None:
            wanted = wanted.where(DecisionRow.queue.in_(list(queues)))
        with self._reading() as session:
            return tuple(_record(row) for row in session.scalars(wanted))

    def decisions(self, queues: Sequence[str] | None = None) -> tuple[Decision, ...]:
        """Decisions that hold, in the order they were made."""
        return tuple(
            record.decision for record in self.decision_records(queues) if record.withdrawn_at is None
        )


def _record(row: DecisionRow) -> DecisionRecord:
    decision = Decision(
        queue=row.queue,
        start=row.start,
        end=row.end,
        verdict=Verdict(row.verdict),
        name=row.name,
        reason=row.reason,
    )
    return DecisionRecord(
        id=row.id,
        decision=decision,
        created_at=row.created_at,
        withdrawn_at=row.withdrawn_at,
        withdrawn_by=row.withdrawn_by,
    )

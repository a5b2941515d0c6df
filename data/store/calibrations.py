"""What calibrations of a workspace found."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import asdict, replace
from datetime import datetime

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from data.calibrations import CalibrationRecord
from data.documents import plain
from data.domain import Queue
from data.ledger import CalibrationRow
from data.store import shelves
from data.store.base import Store


class CalibrationStore(Store):
    """How well people and contacts of the past agree with the answer curves; none is ever deleted."""

    def save_calibration(
        self, record: CalibrationRecord, *, apply: Iterable[Queue] = (), at: datetime | None = None
    ) -> CalibrationRecord:
        """Save what a calibration found and return it with its id and time.

        Parameters
        ----------
        record
            Of the calibration.
        apply
            Queues with its factors on them; they replace those of the same name, all in one transaction.
        at
            When it was made; the workspace's clock when None.
        """
        queues = tuple(apply)
        with self._writing() as session:
            moment = at or self._clock()
            number = (session.scalar(select(func.max(CalibrationRow.position))) or 0) + 1
            kept = replace(
                record,
                id=record.id or f"calibration-{number:06d}",
                queues=plain(record.queues),
                parts=plain(record.parts),
                error=plain(record.error),
                warnings=plain(record.warnings),
                created_at=moment,
                applied_at=moment if queues else None,
            )
            row = CalibrationRow(**asdict(kept))
            session.add(row)
            _replace(session, queues)
            return _record(row)

    def calibrations(self) -> tuple[CalibrationRecord, ...]:
        """Every calibration, oldest first."""
        with self._reading() as session:
            rows = session.scalars(select(CalibrationRow).order_by(CalibrationRow.position))
            return tuple(_record(row) for row in rows)


def _replace(session: Session, queues: Iterable[Queue]) -> None:
    """Put queues in the place of those that bear their names; where they come from stays."""
    origins = shelves.origins(session)
    for queue in queues:
        shelves.save(session, shelves.QUEUES, [queue], origin=origins[queue.id])


def _record(row: CalibrationRow) -> CalibrationRecord:
    return CalibrationRecord(
        id=row.id,
        queues=tuple(row.queues),
        first=row.first,
        last=row.last,
        factor=row.factor,
        patience_s=row.patience_s,
        parts=tuple(row.parts),
        error=row.error,
        warnings=tuple(row.warnings),
        data_hash=row.data_hash,
        product_version=row.product_version,
        created_at=row.created_at,
        applied_at=row.applied_at,
    )

"""Forecasts and runs: the record in the ledger, the frame in the lake."""

from __future__ import annotations

from dataclasses import asdict, replace
from datetime import datetime
from pathlib import Path

import pandas as pd
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from data.documents import plain
from data.errors import InputError, UnknownNameError
from data.lake import folder_name, frame_digest, write_tables
from data.ledger import ForecastRow, RunRow
from data.records import ForecastRecord, RunRecord


def save(
    session: Session, lake: Path, frame: pd.DataFrame, record: ForecastRecord, at: datetime
) -> ForecastRecord:
    """Save a forecast once; saving the very same again changes nothing.

    Raises
    ------
    InputError
        Another forecast bears that id.
    """
    digest = frame_digest(frame)
    if record.id:
        held = session.scalar(select(ForecastRow).where(ForecastRow.id == record.id))
        if held is not None and held.frame_digest == digest:
            return _forecast(held)
        if held is not None:
            raise InputError(f"forecast {record.id!r} is there already and differs. Give it another id.")
    else:
        number = (session.scalar(select(func.max(ForecastRow.position))) or 0) + 1
        record = replace(record, id=f"forecast-{number:06d}")
    record = replace(
        record,
        created_at=record.created_at or at,
        scores=plain(record.scores),
        spread=plain(record.spread),
        weights=plain(record.weights),
        dispersion=plain(record.dispersion),
        notes=plain(record.notes),
    )
    month = f"{record.first:%Y-%m}"
    path = f"forecasts/queue={folder_name(record.queue)}/month={month}/{folder_name(record.id)}.parquet"
    write_tables(lake, {path: frame})
    session.add(ForecastRow(**asdict(record), path=path, frame_digest=digest))
    return record


def find(session: Session, name: str) -> ForecastRow:
    """Row of a forecast; UnknownNameError where there is none."""
    row = session.scalar(select(ForecastRow).where(ForecastRow.id == name))
    if row is None:
        raise UnknownNameError("forecast", name, list(session.scalars(select(ForecastRow.id))))
    return row


def record(session: Session, name: str) -> ForecastRecord:
    """Record of a forecast."""
    return _forecast(find(session, name))


def records(session: Session) -> tuple[ForecastRecord, ...]:
    """Every forecast, oldest first."""
    return tuple(
        _forecast(row) for row in session.scalars(select(ForecastRow).order_by(ForecastRow.position))
    )


def publish(session: Session, name: str, by: str, at: datetime) -> ForecastRecord:
    """Freeze a forecast; one that is published already keeps its first date.

    Raises
    ------
    UnknownNameError
        There is no such forecast.
    InputError
        Nobody is named.
    """
    row = find(session, name)
    if not by.strip():
        raise InputError(f"forecast {name!r}: say who publishes it.")
    if row.published_at is None:
        row.published_at, row.published_by = at, by
    return _forecast(row)


def save_run(session: Session, record: RunRecord) -> None:
    """Add a run to the list."""
    session.add(RunRow(**asdict(record)))


def run_records(session: Session) -> tuple[RunRecord, ...]:
    """Every run, oldest first."""
    return tuple(
        RunRecord(kind=row.kind, started=row.started, ended=row.ended, status=row.status, message=row.message)
        for row in session.scalars(select(RunRow).order_by(RunRow.position))
    )


def _forecast(row: ForecastRow) -> ForecastRecord:
    return ForecastRecord(
        id=row.id,
        queue=row.queue,
        cutoff=row.cutoff,
        first=row.first,
        days=row.days,
        model=row.model,
        scores=tuple(row.scores),
        seed=row.seed,
        data_hash=row.data_hash,
        product_version=row.product_version,
        created_at=row.created_at,
        spread=row.spread,
        weights=row.weights,
        published_at=row.published_at,
        published_by=row.published_by,
        dispersion=row.dispersion,
        notes=tuple(row.notes),
        chosen_at=row.chosen_at,
    )

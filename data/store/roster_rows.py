"""Rosters: the record in the ledger, the shifts and the frames beside them in the lake."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import asdict, replace
from datetime import datetime
from pathlib import Path

import pandas as pd
from sqlalchemy import select
from sqlalchemy.orm import Session

from data.errors import InputError, UnknownNameError
from data.lake import folder_name, frame_digest, write_tables
from data.ledger import RosterRow
from data.records import RosterRecord

SHIFTS = "shifts"
"""Kind of the frame that holds the roster itself."""


def save(
    session: Session,
    lake: Path,
    record: RosterRecord,
    frames: Mapping[str, pd.DataFrame],
    at: datetime,
    *,
    overwrite: bool,
) -> RosterRecord:
    """Save a roster's record with its frames by kind.

    Raises
    ------
    InputError
        The name is taken and `overwrite` is False, or a kind is not a plain word.
    """
    held = session.scalar(select(RosterRow).where(RosterRow.name == record.name))
    if held is not None and not overwrite:
        raise InputError(f"roster {record.name!r} is there already. Choose another name, or replace it.")
    record = replace(record, created_at=record.created_at or at)
    # The time and the content in the name: a roster that is replaced never touches the files a reader has open.
    folder = f"{at:%Y%m%dT%H%M%S%f}-{frame_digest(frames[SHIFTS])[:8]}"
    paths = {}
    for kind in frames:
        if not re.fullmatch(r"[a-z][a-z0-9_]*", kind):
            raise InputError(f"a frame beside a roster is named in small letters, not {kind!r}.")
        paths[kind] = f"rosters/roster={folder_name(record.name)}/{folder}/{kind}.parquet"
    write_tables(lake, {paths[kind]: frame for kind, frame in frames.items()})
    columns = asdict(record) | {"forecast_ids": list(record.forecast_ids), "paths": paths}
    if held is None:
        session.add(RosterRow(**columns))
    else:
        for name, value in columns.items():
            setattr(held, name, value)
    return record


def find(session: Session, name: str) -> RosterRow:
    """Row of a roster; UnknownNameError where there is none."""
    row = session.scalar(select(RosterRow).where(RosterRow.name == name))
    if row is None:
        known = list(session.scalars(select(RosterRow.name)))
        raise UnknownNameError("roster", name, known, repair="Correct the name, or solve the roster first.")
    return row


def record(session: Session, name: str) -> RosterRecord:
    """Record of a roster."""
    return _roster(find(session, name))


def records(session: Session) -> tuple[RosterRecord, ...]:
    """Every roster, oldest first."""
    return tuple(_roster(row) for row in session.scalars(select(RosterRow).order_by(RosterRow.position)))


def _roster(row: RosterRow) -> RosterRecord:
    return RosterRecord(
        name=row.name,
        first=row.first,
        days=row.days,
        timezone=row.timezone,
        status=row.status,
        objective=row.objective,
        bound=row.bound,
        gap=row.gap,
        runtime_s=row.runtime_s,
        seed=row.seed,
        forecast_ids=tuple(row.forecast_ids),
        data_hash=row.data_hash,
        created_at=row.created_at,
        note=row.note,
    )

"""The history in the lake: each import adds files with the intervals it brought or changed, none is rewritten.

`history/queue=…/month=YYYY-MM/v000012.parquet` holds what version 12 brought for one queue and one month (UTC).
The ledger's row of the version makes its files visible, so that an import that dies midway leaves nothing behind.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from datetime import datetime
from itertools import groupby
from pathlib import Path

import numpy as np
import pandas as pd
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from data.lake import folder_name, frame_digest, read_table, write_tables
from data.ledger import PartRow, VersionRow
from data.records import Appended
from data.schema import HISTORY, conform, empty

FIGURES = tuple(column.name for column in HISTORY.columns if column.name not in HISTORY.key)


def append(
    session: Session, lake: Path, frame: pd.DataFrame, *, source: str, digest: str, at: datetime, again: bool
) -> Appended:
    """Add what is new or different as the next version.

    Parameters
    ----------
    session
        Open transaction that may write.
    lake
        Folder of the lake.
    frame
        HISTORY schema, already checked.
    source, digest
        Where it comes from and the digest of those files, for the record.
    at
        When the version is made.
    again
        Whether rows that were imported before in the same form count once more.
    """
    frame = frame.sort_values(["queue", "start"], ignore_index=True)
    rows_digest = frame_digest(frame)
    if not again and _imported_before(session, rows_digest):
        return Appended(version=None, added=0, changed=0, unchanged=len(frame))
    version = (session.scalar(select(func.max(VersionRow.version))) or 0) + 1
    parts, added, changed = _new_parts(session, lake, frame, version)
    unchanged = len(frame) - added - changed
    if not parts:
        return Appended(version=None, added=0, changed=0, unchanged=unchanged)
    session.add(
        VersionRow(
            version=version,
            created_at=at,
            source=source,
            digest=digest,
            rows_digest=rows_digest,
            added=added,
            changed=changed,
            unchanged=unchanged,
        )
    )
    session.flush()
    _write(session, lake, parts)
    return Appended(version=version, added=added, changed=changed, unchanged=unchanged)


def read(session: Session, lake: Path, queues: Sequence[str] | None, version: int | None) -> pd.DataFrame:
    """Latest figures of each interval, or as they stood at a version; sorted by queue and start."""
    by_queue = []
    for queue, parts in groupby(_parts(session, queues, version), key=lambda part: part.queue):
        months = [
            _latest(lake, list(versions)) for _, versions in groupby(parts, key=lambda part: part.month)
        ]
        frame = pd.concat(months, ignore_index=True)
        frame.insert(0, "queue", pd.Series(queue, index=frame.index, dtype="str"))
        by_queue.append(frame)
    return conform(pd.concat(by_queue, ignore_index=True), HISTORY) if by_queue else empty(HISTORY)


def read_versions(session: Session, lake: Path, queue: str, start: pd.Timestamp) -> pd.DataFrame:
    """Every version of one interval, oldest first: version, created_at and the figures."""
    month = f"{start.tz_convert('UTC'):%Y-%m}"
    parts = [part for part in _parts(session, [queue], None) if part.month == month]
    made = {row.version: row.created_at for row in session.scalars(select(VersionRow))}
    frames = [_read_part(lake, part) for part in parts]
    columns = ["version", "created_at", *FIGURES]
    if not frames:
        return pd.DataFrame(columns=columns)
    found = pd.concat(frames, ignore_index=True)
    found = found.loc[found["start"] == start].reset_index(drop=True)
    found["created_at"] = pd.to_datetime(found["version"].map(made), utc=True).dt.as_unit("us")
    return found[columns]


def _imported_before(session: Session, rows_digest: str) -> bool:
    return session.scalar(select(VersionRow.version).where(VersionRow.rows_digest == rows_digest)) is not None


def _parts(session: Session, queues: Sequence[str] | None, version: int | None) -> list[PartRow]:
    wanted = select(PartRow).order_by(PartRow.queue, PartRow.month, PartRow.version)
    if queues is not None:
        wanted = wanted.where(PartRow.queue.in_(queues))
    if version is not None:
        wanted = wanted.where(PartRow.version <= version)
    return list(session.scalars(wanted))


def _read_part(lake: Path, part: PartRow) -> pd.DataFrame:
    return read_table(lake, part.path)


def _latest(lake: Path, parts: Iterable[PartRow]) -> pd.DataFrame:
    """Merge the versions of one queue and month, which come in order; a later one supersedes."""
    frames = [_read_part(lake, part) for part in parts]
    if len(frames) == 1:
        return frames[0]
    return pd.concat(frames).drop_duplicates("start", keep="last").sort_values("start")


def _new_parts(
    session: Session, lake: Path, frame: pd.DataFrame, version: int
) -> tuple[list[tuple[PartRow, pd.DataFrame]], int, int]:
    """Split into queue and month and keep what is new or different, with how many of each."""
    before: dict[tuple[str, str], list[PartRow]] = {}
    for part in _parts(session, list(frame["queue"].unique()), None):
        before.setdefault((part.queue, part.month), []).append(part)
    parts, added, changed = [], 0, 0
    for queue, name, rows in _by_queue_and_month(frame):
        fresh = rows.drop(columns="queue").reset_index(drop=True)
        if (queue, name) in before:
            is_new, differs = _compare(fresh, _latest(lake, before[queue, name]))
            added, changed = added + int(is_new.sum()), changed + int(differs.sum())
            fresh = fresh.loc[is_new | differs].reset_index(drop=True)
        else:
            added += len(fresh)
        if len(fresh):
            path = f"history/queue={folder_name(queue)}/month={name}/v{version:06d}.parquet"
            row = PartRow(path=path, version=version, queue=queue, month=name, rows=len(fresh))
            parts.append((row, fresh.assign(version=version)))
    return parts, added, changed


def _by_queue_and_month(frame: pd.DataFrame) -> Iterator[tuple[str, str, pd.DataFrame]]:
    months = frame["start"].dt.tz_localize(None).to_numpy().astype("datetime64[M]")
    for (queue, month), rows in frame.groupby([frame["queue"], months], sort=True):
        yield str(queue), str(month)[:7], rows


def _compare(fresh: pd.DataFrame, held: pd.DataFrame) -> tuple[np.ndarray, np.ndarray]:
    """Which rows are not held yet, and which are held with other figures."""
    places = pd.DatetimeIndex(held["start"]).get_indexer(pd.DatetimeIndex(fresh["start"]))
    is_new = places < 0
    figures = list(FIGURES)
    now = fresh[figures].to_numpy(dtype=float)
    then = held[figures].to_numpy(dtype=float)[places]
    same = (now == then) | (np.isnan(now) & np.isnan(then))
    return is_new, ~is_new & ~same.all(axis=1)


def _write(session: Session, lake: Path, parts: list[tuple[PartRow, pd.DataFrame]]) -> None:
    """Write the files, then list them; files of a version that does not come about are taken away again."""
    try:
        write_tables(lake, {row.path: frame for row, frame in parts})
        session.add_all(row for row, _ in parts)
        session.flush()
    except BaseException:
        for row, _ in parts:
            (lake / row.path).unlink(missing_ok=True)
        raise

"""Intervals in the lake: each import adds files with the intervals it brought or changed, none is rewritten.

`history/queue=…/month=YYYY-MM/v000012.parquet` holds what version 12 brought for one queue and one month (UTC);
`presence/queues=…/` likewise. The ledger's row of the version makes its files visible, so that an import that dies
midway leaves nothing behind.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import groupby
from pathlib import Path

import numpy as np
import pandas as pd
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from data.lake import folder_name, frame_digest, read_table, write_tables
from data.ledger import Part, PartRow, PresencePartRow, PresenceVersionRow, Version, VersionRow
from data.presence import PRESENCE
from data.records import Appended
from data.schema import HISTORY, Schema, conform, empty


@dataclass(frozen=True, slots=True)
class Kept:
    """What is kept in versions, and where.

    Parameters
    ----------
    schema
        Of its frame, which has a text and `start` as its key.
    versions, parts
        Tables of the ledger.
    """

    schema: Schema
    versions: type[Version]
    parts: type[Part]

    @property
    def owner(self) -> str:
        """Column that says whose the intervals are."""
        return self.schema.key[0]

    @property
    def figures(self) -> list[str]:
        """Columns beside the key."""
        return [column.name for column in self.schema.columns if column.name not in self.schema.key]

    def path(self, owner: str, month: str, version: int) -> str:
        """File in the lake."""
        return f"{self.schema.name}/{self.owner}={folder_name(owner)}/month={month}/v{version:06d}.parquet"


HISTORY_KEPT = Kept(HISTORY, VersionRow, PartRow)
PRESENCE_KEPT = Kept(PRESENCE, PresenceVersionRow, PresencePartRow)


def append(
    session: Session,
    lake: Path,
    frame: pd.DataFrame,
    *,
    source: str,
    digest: str,
    at: datetime,
    again: bool,
    kept: Kept = HISTORY_KEPT,
    dead: pd.DataFrame | None = None,
) -> Appended:
    """Add what is new or different as the next version.

    Parameters
    ----------
    session
        Open transaction that may write.
    lake
        Folder of the lake.
    frame
        Of the schema, already checked.
    source, digest
        Where it comes from and the digest of those files, for the record.
    at
        When the version is made.
    again
        Whether rows that were imported before in the same form count once more.
    kept
        What it is.
    dead
        Keys of intervals that are held and no longer count; one that comes again is new.
    """
    frame = frame.sort_values(list(kept.schema.key), ignore_index=True)
    rows_digest = frame_digest(frame)
    revived = dead is not None and not frame.merge(dead, on=list(kept.schema.key)).empty
    if not again and not revived and _imported_before(session, kept, rows_digest):
        return Appended(version=None, added=0, changed=0, unchanged=len(frame))
    version = (session.scalar(select(func.max(kept.versions.version))) or 0) + 1
    parts, added, changed = _new_parts(session, lake, kept, frame, version, dead=dead)
    unchanged = len(frame) - added - changed
    if not parts:
        return Appended(version=None, added=0, changed=0, unchanged=unchanged)
    session.add(
        kept.versions(
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


def read(
    session: Session,
    lake: Path,
    owners: Sequence[str] | None,
    version: int | None,
    *,
    kept: Kept = HISTORY_KEPT,
) -> pd.DataFrame:
    """Latest figures of each interval, or as they stood at a version; sorted by the key."""
    found = read_numbered(session, lake, owners, version, kept=kept)
    return conform(found, kept.schema) if len(found) else empty(kept.schema)


def read_numbered(
    session: Session,
    lake: Path,
    owners: Sequence[str] | None,
    version: int | None,
    *,
    kept: Kept = HISTORY_KEPT,
) -> pd.DataFrame:
    """What `read` gives, with the version of each interval."""
    by_owner = []
    for owner, parts in groupby(_parts(session, kept, owners, version), key=lambda part: part.queue):
        months = [
            _latest(lake, list(versions)) for _, versions in groupby(parts, key=lambda part: part.month)
        ]
        frame = pd.concat(months, ignore_index=True)
        frame.insert(0, kept.owner, pd.Series(owner, index=frame.index, dtype="str"))
        by_owner.append(frame)
    return pd.concat(by_owner, ignore_index=True) if by_owner else empty(kept.schema).assign(version=0)


def read_versions(session: Session, lake: Path, queue: str, start: pd.Timestamp) -> pd.DataFrame:
    """Every version of one interval of the history, oldest first: version, created_at and the figures."""
    month = f"{start.tz_convert('UTC'):%Y-%m}"
    parts = [part for part in _parts(session, HISTORY_KEPT, [queue], None) if part.month == month]
    made = {row.version: row.created_at for row in session.scalars(select(VersionRow))}
    frames = [_read_part(lake, part) for part in parts]
    columns = ["version", "created_at", *HISTORY_KEPT.figures]
    if not frames:
        return pd.DataFrame(columns=columns)
    found = pd.concat(frames, ignore_index=True)
    found = found.loc[found["start"] == start].reset_index(drop=True)
    found["created_at"] = pd.to_datetime(found["version"].map(made), utc=True).dt.as_unit("us")
    return found[columns]


def _imported_before(session: Session, kept: Kept, rows_digest: str) -> bool:
    table = kept.versions
    return session.scalar(select(table.version).where(table.rows_digest == rows_digest)) is not None


def _parts(session: Session, kept: Kept, owners: Sequence[str] | None, version: int | None) -> list[Part]:
    table = kept.parts
    wanted = select(table).order_by(table.queue, table.month, table.version)
    if owners is not None:
        wanted = wanted.where(table.queue.in_(owners))
    if version is not None:
        wanted = wanted.where(table.version <= version)
    return list(session.scalars(wanted))


def _read_part(lake: Path, part: Part) -> pd.DataFrame:
    return read_table(lake, part.path)


def _latest(lake: Path, parts: Iterable[Part]) -> pd.DataFrame:
    """Merge the versions of one owner and month, which come in order; a later one supersedes."""
    frames = [_read_part(lake, part) for part in parts]
    if len(frames) == 1:
        return frames[0]
    return pd.concat(frames).drop_duplicates("start", keep="last").sort_values("start")


def _new_parts(
    session: Session, lake: Path, kept: Kept, frame: pd.DataFrame, version: int, *, dead: pd.DataFrame | None
) -> tuple[list[tuple[Part, pd.DataFrame]], int, int]:
    """Split into owner and month and keep what is new or different, with how many of each."""
    before: dict[tuple[str, str], list[Part]] = {}
    for part in _parts(session, kept, list(frame[kept.owner].unique()), None):
        before.setdefault((part.queue, part.month), []).append(part)
    parts, added, changed = [], 0, 0
    for owner, name, rows in _by_owner_and_month(frame, kept.owner):
        fresh = rows.drop(columns=kept.owner).reset_index(drop=True)
        if (owner, name) in before:
            held = _latest(lake, before[owner, name])
            if dead is not None:
                held = held[~held["start"].isin(dead.loc[dead[kept.owner] == owner, "start"])]
            is_new, differs = _compare(fresh, held, kept.figures)
            added, changed = added + int(is_new.sum()), changed + int(differs.sum())
            fresh = fresh.loc[is_new | differs].reset_index(drop=True)
        else:
            added += len(fresh)
        if len(fresh):
            path = kept.path(owner, name, version)
            row = kept.parts(path=path, version=version, queue=owner, month=name, rows=len(fresh))
            parts.append((row, fresh.assign(version=version)))
    return parts, added, changed


def _by_owner_and_month(frame: pd.DataFrame, owner: str) -> Iterator[tuple[str, str, pd.DataFrame]]:
    months = frame["start"].dt.tz_localize(None).to_numpy().astype("datetime64[M]")
    for (name, month), rows in frame.groupby([frame[owner], months], sort=True):
        yield str(name), str(month)[:7], rows


def _compare(fresh: pd.DataFrame, held: pd.DataFrame, figures: list[str]) -> tuple[np.ndarray, np.ndarray]:
    """Which rows are not held yet, and which are held with other figures."""
    if held.empty:
        return np.ones(len(fresh), dtype=bool), np.zeros(len(fresh), dtype=bool)
    places = pd.DatetimeIndex(held["start"]).get_indexer(pd.DatetimeIndex(fresh["start"]))
    is_new = places < 0
    now = fresh[figures].to_numpy(dtype=float)
    then = held[figures].to_numpy(dtype=float)[places]
    same = (now == then) | (np.isnan(now) & np.isnan(then))
    return is_new, ~is_new & ~same.all(axis=1)


def _write(session: Session, lake: Path, parts: list[tuple[Part, pd.DataFrame]]) -> None:
    """Write the files, then list them; files of a version that does not come about are taken away again."""
    try:
        write_tables(lake, {row.path: frame for row, frame in parts})
        session.add_all(row for row, _ in parts)
        session.flush()
    except BaseException:
        for row, _ in parts:
            (lake / row.path).unlink(missing_ok=True)
        raise

"""The history of a workspace and its versions."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime

import pandas as pd
from sqlalchemy import select

from data.domain import Queue
from data.errors import InputError, UnknownNameError
from data.ledger import VersionRow
from data.records import Appended, VersionRecord
from data.schema import HISTORY, conform, require
from data.store import shelves, versions
from data.store.base import Store


class HistoryStore(Store):
    """Intervals as they were counted, with every version of them."""

    def append_history(
        self,
        frame: pd.DataFrame,
        *,
        source: str,
        digest: str,
        define: Mapping[str, Sequence[Queue]] | None = None,
        at: datetime | None = None,
        again: bool = False,
    ) -> Appended:
        """Add intervals; figures that differ supersede the ones held, which stay readable as older versions.

        Parameters
        ----------
        frame
            HISTORY schema; rows that were imported before in the same form change nothing.
        source, digest
            Files it comes from and their digest, for the record.
        define
            Queues to save in the same transaction, by origin.
        at
            When the version is made; the workspace's clock when None.
        again
            Whether rows that were imported before in the same form count once more: they then supersede what came
            after them.

        Raises
        ------
        SchemaError
            The frame does not keep its schema.
        UnknownNameError
            It names a queue nobody defined.
        """
        frame = require(conform(frame, HISTORY), HISTORY)
        with self._writing() as session:
            for origin, queues in (define or {}).items():
                shelves.save_queues(session, self._lake, queues, origin)
            session.flush()
            known = shelves.origins(session)
            for name in frame["queue"].unique():
                if name not in known:
                    raise UnknownNameError("queue", name, list(known))
            return versions.append(
                session, self._lake, frame, source=source, digest=digest, at=at or self._clock(), again=again
            )

    def history(
        self,
        queues: Sequence[str] | None = None,
        *,
        cutoff: pd.Timestamp | None = None,
        version: int | None = None,
    ) -> pd.DataFrame:
        """Return the history, latest figures first of all.

        Parameters
        ----------
        queues
            Only these; all when None.
        cutoff
            Only intervals that end at or before this instant.
        version
            As it stood after that version; the latest when None.

        Returns
        -------
        DataFrame
            HISTORY schema, sorted by queue and start.

        Raises
        ------
        UnknownNameError
            A queue is not known.
        InputError
            The cutoff has no time zone.
        """
        steps = self._steps()
        for name in queues or ():
            if name not in steps:
                raise UnknownNameError("queue", name, list(steps))
        with self._reading() as session:
            frame = versions.read(session, self._lake, queues, version)
        if cutoff is None:
            return frame
        if cutoff.tzinfo is None:
            raise InputError(f"the cutoff {cutoff} has no time zone. Add its UTC offset.")
        length = pd.to_timedelta(frame["queue"].map(steps), unit="min")
        return frame.loc[frame["start"] + length <= cutoff].reset_index(drop=True)

    def history_versions(self, queue: str, start: pd.Timestamp) -> pd.DataFrame:
        """Every version of one interval, oldest first: version, created_at and the figures."""
        with self._reading() as session:
            return versions.read_versions(session, self._lake, queue, start)

    def versions(self) -> tuple[VersionRecord, ...]:
        """Every version of the history, oldest first."""
        with self._reading() as session:
            return tuple(
                VersionRecord(
                    version=row.version,
                    created_at=row.created_at,
                    source=row.source,
                    digest=row.digest,
                    added=row.added,
                    changed=row.changed,
                    unchanged=row.unchanged,
                )
                for row in session.scalars(select(VersionRow).order_by(VersionRow.version))
            )

    def _steps(self) -> dict[str, int]:
        with self._reading() as session:
            return {queue.id: queue.interval_min for queue in shelves.load(session, shelves.QUEUES)}

"""Agents present in a workspace."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

import pandas as pd
from sqlalchemy import select
from sqlalchemy.orm import Session

from data.errors import UnknownNameError
from data.ledger import QueueRow
from data.presence import PRESENCE, pool_queues, superseded
from data.records import Appended
from data.schema import conform, require
from data.store import versions
from data.store.base import Store
from data.store.versions import PRESENCE_KEPT


class PresenceStore(Store):
    """Agents present per interval, with every version of them."""

    def append_presence(
        self,
        frame: pd.DataFrame,
        *,
        source: str,
        digest: str,
        at: datetime | None = None,
        again: bool = False,
    ) -> Appended:
        """Add intervals; figures that differ supersede the ones held, which stay in the lake as older versions.

        So do agents of another set of queues that shares one with them: nobody is counted twice.

        Parameters
        ----------
        frame
            PRESENCE schema.
        source, digest
            Files it comes from and their digest, for the record.
        at
            When the version is made; the workspace's clock when None.
        again
            Whether rows that were imported before in the same form count once more.

        Raises
        ------
        SchemaError
            The frame does not keep its schema.
        UnknownNameError
            It names a queue nobody defined.
        """
        frame = require(conform(frame, PRESENCE), PRESENCE)
        with self._writing() as session:
            known = list(session.scalars(select(QueueRow.id).order_by(QueueRow.position)))
            for pool in frame["queues"].unique():
                for name in pool_queues(pool):
                    if name not in known:
                        raise UnknownNameError("queue", name, known)
            made = at or self._clock()
            held = self._numbered(session)
            return versions.append(
                session,
                self._lake,
                frame,
                source=source,
                digest=digest,
                at=made,
                again=again,
                kept=PRESENCE_KEPT,
                dead=held.loc[superseded(held), list(PRESENCE.key)],
            )

    def presence(self, pools: Sequence[str] | None = None) -> pd.DataFrame:
        """Agents present as last imported, PRESENCE schema; of some sets of queues, or of all.

        Of sets that share a queue the one imported last counts, interval by interval.
        """
        with self._reading() as session:
            held = self._numbered(session)
        found = conform(held[~superseded(held)].reset_index(drop=True), PRESENCE)
        return found if pools is None else found[found["queues"].isin(pools)].reset_index(drop=True)

    def _numbered(self, session: Session) -> pd.DataFrame:
        return versions.read_numbered(session, self._lake, None, None, kept=PRESENCE_KEPT)

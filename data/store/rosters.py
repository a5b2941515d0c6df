"""Rosters of a workspace."""

from __future__ import annotations

from collections.abc import Mapping

import pandas as pd

from data.domain import Roster
from data.errors import InputError, UnknownNameError
from data.lake import read_table
from data.records import RosterRecord
from data.rosters import roster_frame, roster_from_frame
from data.store import roster_rows, shelves
from data.store.base import Store


class RosterStore(Store):
    """Rosters under their names, with the frames that belong to them."""

    def save_roster(
        self,
        roster: Roster,
        record: RosterRecord,
        frames: Mapping[str, pd.DataFrame] | None = None,
        *,
        replace: bool = False,
    ) -> RosterRecord:
        """Save a roster, its record and any frames that belong to it, such as its coverage.

        Parameters
        ----------
        roster
            Of people the workspace knows.
        record
            How it came to be, under the same name and horizon.
        frames
            More frames by kind, such as "coverage"; `roster_part` reads them back.
        replace
            Whether a roster of that name may be replaced.

        Raises
        ------
        InputError
            The name is taken, the record is another roster's, or someone in it is not known.
        """
        if (roster.name, roster.first, roster.days) != (record.name, record.first, record.days):
            raise InputError(f"the record of {record.name!r} does not belong to roster {roster.name!r}.")
        with self._reading() as session:
            agents = shelves.load(session, shelves.AGENTS)
        parts = {**(frames or {}), roster_rows.SHIFTS: roster_frame(roster, agents)}
        with self._writing() as session:
            return roster_rows.save(session, self._lake, record, parts, self._clock(), overwrite=replace)

    def rosters(self) -> tuple[RosterRecord, ...]:
        """Record of every roster, oldest first."""
        with self._reading() as session:
            return roster_rows.records(session)

    def roster_record(self, name: str) -> RosterRecord:
        """Record of one roster; UnknownNameError where there is none."""
        with self._reading() as session:
            return roster_rows.record(session, name)

    def roster(self, name: str) -> Roster:
        """Return one roster; UnknownNameError where there is none."""
        record = self.roster_record(name)
        shifts = self.roster_part(name, roster_rows.SHIFTS)
        return roster_from_frame(shifts, record.name, record.first, record.days, record.timezone)

    def roster_part(self, name: str, kind: str) -> pd.DataFrame:
        """Frame that was saved beside a roster; "shifts" is the roster itself.

        Raises
        ------
        UnknownNameError
            There is no such roster, or no such frame beside it.
        """
        with self._reading() as session:
            paths = roster_rows.find(session, name).paths
        if kind not in paths:
            raise UnknownNameError("part of a roster", kind, list(paths))
        return read_table(self._lake, paths[kind])

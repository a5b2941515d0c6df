"""Overrides of a workspace."""

from __future__ import annotations

from collections.abc import Sequence

from data.overrides import Override
from data.store import override_rows
from data.store.base import Store


class OverrideStore(Store):
    """What planners changed about forecasts; the model's own figures stay beside it."""

    def save_override(self, override: Override) -> Override:
        """Save an override and return it with the id and time it was given.

        Raises
        ------
        UnknownNameError
            There is no such queue.
        InputError
            It is there already, or has expired.
        """
        with self._writing() as session:
            return override_rows.save(session, override, self._clock())

    def withdraw_override(self, name: str, *, by: str) -> Override:
        """Take an override back; it stays on record.

        Raises
        ------
        UnknownNameError
            There is none of that id.
        InputError
            It was withdrawn before.
        """
        with self._writing() as session:
            return override_rows.withdraw(session, name, by, self._clock())

    def overrides(self, queues: Sequence[str] | None = None) -> tuple[Override, ...]:
        """Overrides of some queues, or of all, withdrawn ones too, in the order they were made."""
        with self._reading() as session:
            return override_rows.all_of(session, queues)

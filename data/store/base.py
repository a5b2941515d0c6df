"""What every part of the workspace stands on: its folder, its clock and transactions on its ledger."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from datetime import UTC, datetime
from pathlib import Path

from sqlalchemy import Engine
from sqlalchemy.exc import DatabaseError, OperationalError
from sqlalchemy.orm import Session

from data.errors import WorkspaceError

Clock = Callable[[], datetime]
"""Gives the time; a test gives its own."""


def system_clock() -> datetime:
    """Now, in UTC."""
    return datetime.now(UTC)


class Store:
    """A workspace's folder, clock and ledger; the parts of `Workspace` build on it."""

    def __init__(self, path: Path, timezone: str, engine: Engine, clock: Clock) -> None:
        self.path = path
        self.timezone = timezone
        self._engine = engine
        self._clock = clock
        self._lake = path / "lake"

    def now(self) -> datetime:
        """The time by the workspace's clock."""
        return self._clock()

    def _reading(self) -> AbstractContextManager[Session]:
        return transaction(self._engine, self.path, writes=False)

    def _writing(self) -> AbstractContextManager[Session]:
        return transaction(self._engine, self.path, writes=True)


@contextmanager
def transaction(engine: Engine, path: Path, *, writes: bool) -> Iterator[Session]:
    """One transaction: all of it or nothing, and the ledger's own errors in a planner's words."""
    try:
        with Session(engine.execution_options(writes=writes)) as session, session.begin():
            yield session
    except OperationalError as error:
        if "locked" in str(error.orig):
            raise WorkspaceError(
                f"the workspace {path} is in use by another process. Try again when it is done."
            ) from error
        raise WorkspaceError(f"the workspace {path} cannot be used: {error.orig}.") from error
    except DatabaseError as error:
        raise WorkspaceError(
            f"the ledger of {path} is damaged: {error.orig}. Restore it from a backup."
        ) from error

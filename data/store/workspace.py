"""The workspace as one class, made or opened by its path."""

from __future__ import annotations

from pathlib import Path

from sqlalchemy import Engine, inspect, select

from data import defaults
from data.domain import zone
from data.errors import WorkspaceError
from data.ledger import Setting, connect
from data.store import shelves
from data.store.base import Clock, system_clock, transaction
from data.store.calibrations import CalibrationStore
from data.store.decisions import DecisionStore
from data.store.forecasts import ForecastStore
from data.store.history import HistoryStore
from data.store.locks import LockStore
from data.store.overrides import OverrideStore
from data.store.presence import PresenceStore
from data.store.reference import ReferenceStore
from data.store.rosters import RosterStore
from data.store.waivers import WaiverStore
from data.upgrades import is_current, upgrade

LEDGER = "ledger.sqlite"


class Workspace(
    ReferenceStore,
    HistoryStore,
    PresenceStore,
    CalibrationStore,
    DecisionStore,
    ForecastStore,
    OverrideStore,
    RosterStore,
    WaiverStore,
    LockStore,
):
    """Everything one centre's planners work on. Use `create` or `open`.

    Attributes
    ----------
    path
        Its folder.
    timezone
        IANA zone of everything that has none of its own.
    """

    @classmethod
    def create(cls, path: Path | str, *, timezone: str = "UTC", clock: Clock = system_clock) -> Workspace:
        """Make a workspace with the default contract and patterns.

        Raises
        ------
        WorkspaceError
            There is one already, or the folder cannot be made.
        InputError
            The time zone is not known.
        """
        path = Path(path)
        zone(timezone)
        if (path / LEDGER).exists():
            raise WorkspaceError(f"there is a workspace at {path} already. Use it, or choose another folder.")
        try:
            (path / "lake").mkdir(parents=True, exist_ok=True)
        except OSError as error:
            raise WorkspaceError(f"no workspace can be made at {path}: {error.strerror}.") from error
        # Built under another name and renamed last: a workspace is either there in full or not there.
        unfinished = path / f"{LEDGER}.new"
        for ending in ("", "-wal", "-shm", "-journal"):
            unfinished.with_name(unfinished.name + ending).unlink(missing_ok=True)
        engine = connect(unfinished)
        with transaction(engine, path, writes=True) as session:
            upgrade(session.connection())
            session.add(Setting(name="timezone", value=timezone))
            shelves.save(session, shelves.CONTRACTS, defaults.CONTRACTS)
            shelves.save(session, shelves.PATTERNS, defaults.PATTERNS)
        _keep_log(engine)
        unfinished.replace(path / LEDGER)
        return cls.open(path, clock=clock)

    @classmethod
    def open(cls, path: Path | str, *, clock: Clock = system_clock) -> Workspace:
        """Open a workspace, bringing an older one to the form of this version.

        Raises
        ------
        WorkspaceError
            There is none, it is damaged, in use, or made by a newer version.
        """
        path = Path(path)
        if not (path / LEDGER).is_file():
            raise WorkspaceError(f"there is no workspace at {path}. Run: peakshift --workspace {path} init")
        engine = connect(path / LEDGER)
        with transaction(engine, path, writes=False) as session:
            if not inspect(session.connection()).has_table("alembic_version"):
                raise WorkspaceError(f"{path / LEDGER} is not a Peakshift ledger. Restore it, or remove it.")
            current = is_current(session.connection(), path)
        if not current:
            with transaction(engine, path, writes=True) as session:
                upgrade(session.connection())
        with transaction(engine, path, writes=False) as session:
            timezone = session.scalars(select(Setting.value).where(Setting.name == "timezone")).one()
        return cls(path, timezone, engine, clock)


def _keep_log(engine: Engine) -> None:
    """Let readers go on while one writes: SQLite's write-ahead log, which the file remembers."""
    connection = engine.raw_connection()
    try:
        connection.cursor().execute("PRAGMA journal_mode=WAL")
    finally:
        connection.close()

"""The SQL tables of a workspace. Reference data are JSON documents of the domain types, see `data.documents`.

SQLite is what a workspace is created with; nothing here is particular to it but `_connected` and `_begun`.
Instants are stored as UTC and come back aware.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any, ClassVar

from sqlalchemy import (
    JSON,
    Connection,
    Date,
    DateTime,
    Dialect,
    Double,
    Engine,
    ForeignKey,
    MetaData,
    create_engine,
    event,
)
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column
from sqlalchemy.pool import NullPool
from sqlalchemy.types import TypeDecorator

BUSY_TIMEOUT_S = 30.0
"""How long a writer waits for another one before it gives up."""


class Instant(TypeDecorator[datetime]):
    """An aware instant, held as UTC without a zone since SQLite knows none."""

    impl = DateTime
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        """Drop the zone after turning to UTC."""
        del dialect
        return None if value is None else value.astimezone(UTC).replace(tzinfo=None)

    def process_result_value(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        """Put UTC back."""
        del dialect
        return None if value is None else value.replace(tzinfo=UTC)


class Base(DeclarativeBase):
    """Root of the tables."""

    metadata = MetaData(
        naming_convention={
            "ix": "ix_%(column_0_label)s",
            "uq": "uq_%(table_name)s_%(column_0_name)s",
            "fk": "fk_%(table_name)s_%(column_0_name)s_%(referred_table_name)s",
            "pk": "pk_%(table_name)s",
        }
    )
    type_annotation_map: ClassVar[Mapping[Any, Any]] = {
        datetime: Instant,
        date: Date,
        float: Double,
        dict[str, Any]: JSON,
        list[Any]: JSON,
    }


class Setting(Base):
    """What holds for the whole workspace, such as its time zone."""

    __tablename__ = "workspace"
    name: Mapped[str] = mapped_column(primary_key=True)
    value: Mapped[str]


class Reference(Base):
    """A named document; `position` keeps the order in which the names first came."""

    __abstract__ = True
    position: Mapped[int] = mapped_column(primary_key=True, autoincrement=True)
    id: Mapped[str] = mapped_column(unique=True)
    document: Mapped[dict[str, Any]]


class QueueRow(Reference):
    """A queue and where its definition comes from: file, mapping, history or demo."""

    __tablename__ = "queues"
    origin: Mapped[str]


class ContractRow(Reference):
    """A contract."""

    __tablename__ = "contracts"


class PatternRow(Reference):
    """A shift pattern."""

    __tablename__ = "patterns"


class AgentRow(Reference):
    """An agent."""

    __tablename__ = "agents"


class PeakRow(Reference):
    """A peak."""

    __tablename__ = "peaks"


class ActivityRow(Reference):
    """An activity inside shifts."""

    __tablename__ = "activities"


class NoticeRow(Reference):
    """An official holiday notice."""

    __tablename__ = "holiday_notices"


class Version(Base):
    """One import that changed something."""

    __abstract__ = True
    version: Mapped[int] = mapped_column(primary_key=True)
    created_at: Mapped[datetime]
    source: Mapped[str]
    digest: Mapped[str]
    rows_digest: Mapped[str] = mapped_column(index=True)
    added: Mapped[int]
    changed: Mapped[int]
    unchanged: Mapped[int]


class Part(Base):
    """A file of a version in the lake, by its path there."""

    __abstract__ = True
    path: Mapped[str] = mapped_column(primary_key=True)
    version: Mapped[int]
    queue: Mapped[str] = mapped_column(index=True)
    month: Mapped[str]
    rows: Mapped[int]


class VersionRow(Version):
    """A version of the history: one import that changed something."""

    __tablename__ = "history_versions"


class PartRow(Part):
    """A file of the history in the lake, by its path there."""

    __tablename__ = "history_parts"
    version: Mapped[int] = mapped_column(ForeignKey("history_versions.version"), index=True)


class PresenceVersionRow(Version):
    """A version of the agents present."""

    __tablename__ = "presence_versions"


class PresencePartRow(Part):
    """A file of the agents present; `queue` holds the queues they serve together, joined by ;."""

    __tablename__ = "presence_parts"
    version: Mapped[int] = mapped_column(ForeignKey("presence_versions.version"), index=True)


class CalibrationRow(Base):
    """How well people and contacts of the past agree with the answer curves."""

    __tablename__ = "calibrations"
    position: Mapped[int] = mapped_column(primary_key=True, autoincrement=True)
    id: Mapped[str] = mapped_column(unique=True)
    queues: Mapped[list[Any]]
    first: Mapped[date]
    last: Mapped[date]
    factor: Mapped[float]
    patience_s: Mapped[float]
    parts: Mapped[list[Any]]
    error: Mapped[dict[str, Any]]
    warnings: Mapped[list[Any]]
    data_hash: Mapped[str]
    product_version: Mapped[str]
    created_at: Mapped[datetime]
    applied_at: Mapped[datetime | None]


class ForecastRow(Base):
    """A forecast; its frame lies at `path` in the lake."""

    __tablename__ = "forecasts"
    position: Mapped[int] = mapped_column(primary_key=True, autoincrement=True)
    id: Mapped[str] = mapped_column(unique=True)
    queue: Mapped[str] = mapped_column(index=True)
    cutoff: Mapped[datetime]
    first: Mapped[date]
    days: Mapped[int]
    model: Mapped[str]
    scores: Mapped[list[Any]]
    seed: Mapped[int]
    data_hash: Mapped[str]
    product_version: Mapped[str]
    created_at: Mapped[datetime]
    spread: Mapped[dict[str, Any]]
    path: Mapped[str]
    frame_digest: Mapped[str]
    weights: Mapped[dict[str, Any]]
    published_at: Mapped[datetime | None]
    published_by: Mapped[str]
    dispersion: Mapped[dict[str, Any]]
    notes: Mapped[list[Any]]
    chosen_at: Mapped[datetime | None]


class Withdrawable(Base):
    """What somebody said, numbered and dated; it is withdrawn and never removed."""

    __abstract__ = True
    position: Mapped[int] = mapped_column(primary_key=True, autoincrement=True)
    id: Mapped[str] = mapped_column(unique=True)
    created_at: Mapped[datetime]
    withdrawn_at: Mapped[datetime | None]
    withdrawn_by: Mapped[str]


class OverrideRow(Withdrawable):
    """A planner's change to a forecast; withdrawn ones stay."""

    __tablename__ = "overrides"
    queue: Mapped[str] = mapped_column(index=True)
    start: Mapped[datetime]
    end: Mapped[datetime]
    kind: Mapped[str]
    value: Mapped[float]
    by: Mapped[str]
    reason: Mapped[str]
    expires_at: Mapped[datetime | None]


class WaiverRow(Withdrawable):
    """A rule that need not hold for a person on a day of a roster; withdrawn ones stay."""

    __tablename__ = "waivers"
    roster: Mapped[str] = mapped_column(index=True)
    agent_id: Mapped[str]
    day: Mapped[date]
    rule: Mapped[str]
    by: Mapped[str]
    reason: Mapped[str]


class LockRow(Withdrawable):
    """Days of a person that stay as they are in a roster; withdrawn ones stay."""

    __tablename__ = "locks"
    roster: Mapped[str] = mapped_column(index=True)
    agent_id: Mapped[str]
    first: Mapped[date]
    last: Mapped[date]
    kind: Mapped[str]
    pattern: Mapped[str]
    start_min: Mapped[int | None]
    by: Mapped[str]
    reason: Mapped[str]


class DecisionRow(Withdrawable):
    """A planner's word on a span of the history; withdrawn ones stay."""

    __tablename__ = "decisions"
    queue: Mapped[str] = mapped_column(index=True)
    start: Mapped[datetime]
    end: Mapped[datetime]
    verdict: Mapped[str]
    name: Mapped[str]
    reason: Mapped[str]


class RosterRow(Base):
    """A roster; its shifts and the frames beside them lie in the lake, path by kind."""

    __tablename__ = "rosters"
    position: Mapped[int] = mapped_column(primary_key=True, autoincrement=True)
    name: Mapped[str] = mapped_column(unique=True)
    first: Mapped[date]
    days: Mapped[int]
    timezone: Mapped[str]
    status: Mapped[str]
    objective: Mapped[float | None]
    bound: Mapped[float | None]
    gap: Mapped[float | None]
    runtime_s: Mapped[float]
    seed: Mapped[int]
    forecast_ids: Mapped[list[Any]]
    data_hash: Mapped[str]
    created_at: Mapped[datetime]
    note: Mapped[str]
    paths: Mapped[dict[str, Any]]


class RunRow(Base):
    """One run of a command or of the nightly batch."""

    __tablename__ = "runs"
    position: Mapped[int] = mapped_column(primary_key=True, autoincrement=True)
    kind: Mapped[str]
    started: Mapped[datetime]
    ended: Mapped[datetime]
    status: Mapped[str]
    message: Mapped[str]


def connect(file: Path) -> Engine:
    """Return an engine over a SQLite ledger; connections are opened per transaction and closed after it."""
    engine = create_engine(
        f"sqlite:///{file}",
        poolclass=NullPool,
        connect_args={"timeout": BUSY_TIMEOUT_S},
    )
    event.listen(engine, "connect", _connected)
    event.listen(engine, "begin", _begun)
    return engine


def _connected(connection: Any, record: object) -> None:
    del record
    # None: the driver must not begin transactions by itself, `_begun` does, so that reads see one snapshot.
    connection.isolation_level = None
    connection.execute("PRAGMA foreign_keys=ON")


def _begun(connection: Connection) -> None:
    writes = connection.get_execution_options().get("writes", False)
    # A writer takes its lock at once: two imports then follow each other instead of failing half-way.
    connection.exec_driver_sql("BEGIN IMMEDIATE" if writes else "BEGIN")

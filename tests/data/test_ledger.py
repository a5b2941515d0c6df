from __future__ import annotations

import sqlite3
from datetime import UTC, datetime, timedelta, timezone
from pathlib import Path

import pytest
from alembic.autogenerate import compare_metadata
from alembic.config import Config
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import insert, select

from data.errors import WorkspaceError
from data.ledger import Base, RunRow, connect
from data.store import Workspace
from data.upgrades import MIGRATIONS, is_current, upgrade

FIRST = "0001"


def revisions() -> list[str]:
    config = Config()
    config.set_main_option("script_location", str(MIGRATIONS))
    return [step.revision for step in ScriptDirectory.from_config(config).walk_revisions()][::-1]


def set_revision(path: Path, revision: str) -> None:
    connection = sqlite3.connect(path / "ledger.sqlite")
    with connection:
        connection.execute("UPDATE alembic_version SET version_num = ?", (revision,))
    connection.close()


def test_the_migrations_lead_to_the_tables_the_code_declares(tmp_path: Path) -> None:
    Workspace.create(tmp_path / "w")
    with connect(tmp_path / "w" / "ledger.sqlite").connect() as connection:
        context = MigrationContext.configure(connection, opts={"compare_type": True})
        assert compare_metadata(context, Base.metadata) == []


def test_the_steps_form_one_line_from_the_first() -> None:
    assert revisions()[0] == FIRST
    assert len(set(revisions())) == len(revisions())


def test_a_workspace_of_a_newer_version_is_told_and_left_as_it_is(tmp_path: Path) -> None:
    Workspace.create(tmp_path / "w")
    set_revision(tmp_path / "w", "9999")
    before = (tmp_path / "w" / "ledger.sqlite").read_bytes()
    with pytest.raises(
        WorkspaceError, match=r"made by a newer version of Peakshift.*'9999'.*Upgrade Peakshift"
    ):
        Workspace.open(tmp_path / "w")
    assert (tmp_path / "w" / "ledger.sqlite").read_bytes() == before


def test_a_ledger_that_lacks_steps_is_not_current_until_they_are_run(tmp_path: Path) -> None:
    engine = connect(tmp_path / "ledger.sqlite").execution_options(writes=True)
    with engine.begin() as connection:
        assert not is_current(connection, tmp_path)
        upgrade(connection)
        assert is_current(connection, tmp_path)
    with engine.begin() as connection:
        assert connection.execute(select(RunRow.kind)).all() == []


def test_steps_that_are_rolled_back_leave_no_table(tmp_path: Path) -> None:
    engine = connect(tmp_path / "ledger.sqlite").execution_options(writes=True)
    with engine.connect() as connection, connection.begin() as steps:
        upgrade(connection)
        steps.rollback()
    with engine.begin() as connection:
        assert not is_current(connection, tmp_path)


def test_instants_of_any_zone_come_back_in_utc(tmp_path: Path) -> None:
    Workspace.create(tmp_path / "w")
    engine = connect(tmp_path / "w" / "ledger.sqlite").execution_options(writes=True)
    east = datetime(2026, 11, 23, 8, 30, 0, 123_456, tzinfo=timezone(timedelta(hours=8)))
    with engine.begin() as connection:
        row = {"kind": "a", "started": east, "ended": east, "status": "done", "message": ""}
        connection.execute(insert(RunRow).values(row))
    with engine.begin() as connection:
        found = connection.execute(select(RunRow.started)).scalar_one()
    assert found == east
    assert found.tzinfo is UTC

"""Bring a ledger to the form this version of the product knows, by the steps in `data.migrations`."""

from __future__ import annotations

from pathlib import Path

from alembic import command
from alembic.config import Config
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Connection

from data.errors import WorkspaceError

MIGRATIONS = Path(__file__).parent / "migrations"


def is_current(connection: Connection, path: Path) -> bool:
    """Whether the ledger has the form this version knows; False when it is older.

    Parameters
    ----------
    connection
        Open transaction.
    path
        Workspace, for the messages.

    Raises
    ------
    WorkspaceError
        The ledger is of a form that a newer version of the product made.
    """
    steps = ScriptDirectory.from_config(_config(connection))
    current = MigrationContext.configure(connection).get_current_revision()
    known = {step.revision for step in steps.walk_revisions()}
    if current is not None and current not in known:
        raise WorkspaceError(
            f"the workspace {path} was made by a newer version of Peakshift (its form is {current!r}). "
            "Upgrade Peakshift, or use a workspace of this version."
        )
    return current == steps.get_current_head()


def upgrade(connection: Connection) -> None:
    """Run the steps that are still missing, inside the caller's transaction."""
    command.upgrade(_config(connection), "head")


def _config(connection: Connection) -> Config:
    config = Config()
    config.set_main_option("script_location", str(MIGRATIONS).replace("%", "%%"))
    config.attributes["connection"] = connection
    return config

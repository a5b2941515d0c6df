"""Run the steps over the connection that was handed in; alembic loads this file by its path."""

from __future__ import annotations

from alembic import context
from sqlalchemy import Connection

from data.ledger import Base

connection: Connection = context.config.attributes["connection"]
# SQLite can undo changes of tables, though alembic does not expect it to: an upgrade is done whole or not at all.
context.configure(
    connection=connection,
    target_metadata=Base.metadata,
    render_as_batch=True,
    transactional_ddl=True,
)
with context.begin_transaction():
    context.run_migrations()

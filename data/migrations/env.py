"""Run the steps over the connection that was handed in; alembic loads this file by its path."""

from __future__ import annotations

from alembic import context
from sqlalchemy import Connection

from data.ledger import Base

connection: Connection = context.config.attributes["connection"]
# The caller's transaction is open: the steps are done whole or not at all.
context.configure(connection=connection, target_metadata=Base.metadata, render_as_batch=True)
context.run_migrations()

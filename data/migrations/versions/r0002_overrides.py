"""Overrides of forecasts; weights of models; when a forecast was published."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "overrides",
        sa.Column("position", sa.Integer(), autoincrement=True, nullable=False),
        sa.Column("id", sa.String(), nullable=False),
        sa.Column("queue", sa.String(), nullable=False),
        sa.Column("start", sa.DateTime(), nullable=False),
        sa.Column("end", sa.DateTime(), nullable=False),
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("value", sa.Double(), nullable=False),
        sa.Column("by", sa.String(), nullable=False),
        sa.Column("reason", sa.String(), nullable=False),
        sa.Column("expires_at", sa.DateTime(), nullable=True),
        sa.Column("created_at", sa.DateTime(), nullable=False),
        sa.Column("withdrawn_at", sa.DateTime(), nullable=True),
        sa.Column("withdrawn_by", sa.String(), nullable=False),
        sa.PrimaryKeyConstraint("position", name=op.f("pk_overrides")),
        sa.UniqueConstraint("id", name=op.f("uq_overrides_id")),
    )
    op.create_index(op.f("ix_overrides_queue"), "overrides", ["queue"], unique=False)
    with op.batch_alter_table("forecasts") as forecasts:
        forecasts.add_column(sa.Column("weights", sa.JSON(), nullable=False, server_default="{}"))
        forecasts.add_column(sa.Column("published_at", sa.DateTime(), nullable=True))
        forecasts.add_column(sa.Column("published_by", sa.String(), nullable=False, server_default=""))

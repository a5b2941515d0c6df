"""Agents present, kept in versions like the history; calibrations."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "presence_versions",
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("created_at", sa.DateTime(), nullable=False),
        sa.Column("source", sa.String(), nullable=False),
        sa.Column("digest", sa.String(), nullable=False),
        sa.Column("rows_digest", sa.String(), nullable=False),
        sa.Column("added", sa.Integer(), nullable=False),
        sa.Column("changed", sa.Integer(), nullable=False),
        sa.Column("unchanged", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("version", name=op.f("pk_presence_versions")),
    )
    op.create_index(
        op.f("ix_presence_versions_rows_digest"), "presence_versions", ["rows_digest"], unique=False
    )
    op.create_table(
        "presence_parts",
        sa.Column("path", sa.String(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("queue", sa.String(), nullable=False),
        sa.Column("month", sa.String(), nullable=False),
        sa.Column("rows", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["version"],
            ["presence_versions.version"],
            name=op.f("fk_presence_parts_version_presence_versions"),
        ),
        sa.PrimaryKeyConstraint("path", name=op.f("pk_presence_parts")),
    )
    op.create_index(op.f("ix_presence_parts_queue"), "presence_parts", ["queue"], unique=False)
    op.create_index(op.f("ix_presence_parts_version"), "presence_parts", ["version"], unique=False)
    op.create_table(
        "calibrations",
        sa.Column("position", sa.Integer(), autoincrement=True, nullable=False),
        sa.Column("id", sa.String(), nullable=False),
        sa.Column("queues", sa.JSON(), nullable=False),
        sa.Column("first", sa.Date(), nullable=False),
        sa.Column("last", sa.Date(), nullable=False),
        sa.Column("factor", sa.Double(), nullable=False),
        sa.Column("patience_s", sa.Double(), nullable=False),
        sa.Column("parts", sa.JSON(), nullable=False),
        sa.Column("error", sa.JSON(), nullable=False),
        sa.Column("warnings", sa.JSON(), nullable=False),
        sa.Column("data_hash", sa.String(), nullable=False),
        sa.Column("product_version", sa.String(), nullable=False),
        sa.Column("created_at", sa.DateTime(), nullable=False),
        sa.Column("applied_at", sa.DateTime(), nullable=True),
        sa.PrimaryKeyConstraint("position", name=op.f("pk_calibrations")),
        sa.UniqueConstraint("id", name=op.f("uq_calibrations_id")),
    )

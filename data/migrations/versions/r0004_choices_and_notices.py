"""What a later forecast needs to keep the choice of an earlier one; official holiday notices."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "holiday_notices",
        sa.Column("position", sa.Integer(), autoincrement=True, nullable=False),
        sa.Column("id", sa.String(), nullable=False),
        sa.Column("document", sa.JSON(), nullable=False),
        sa.PrimaryKeyConstraint("position", name=op.f("pk_holiday_notices")),
        sa.UniqueConstraint("id", name=op.f("uq_holiday_notices_id")),
    )
    with op.batch_alter_table("forecasts") as forecasts:
        forecasts.add_column(sa.Column("dispersion", sa.JSON(), nullable=False, server_default="{}"))
        forecasts.add_column(sa.Column("notes", sa.JSON(), nullable=False, server_default="[]"))
        forecasts.add_column(sa.Column("chosen_at", sa.DateTime(), nullable=True))

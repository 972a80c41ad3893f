"""Which address of a unit is the one to write to, and since when a unit stands on no roster any more."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("units", sa.Column("left_roster_at", sa.DateTime(), nullable=True))
    op.add_column("unit_addresses", sa.Column("role", sa.String(length=8), server_default="main", nullable=False))
    op.create_index(op.f("ix_letters_campaign_kind"), "letters", ["campaign", "kind"], unique=False)

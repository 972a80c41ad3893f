"""Letters that wait for a person's approval, and letters that a person wrote from the mailbox."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0007"
down_revision = "0005"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_index(op.f("ix_held_letter_id"), "held", ["letter_id"], unique=False)
    # By hand: SQLite adds a foreign key only together with its column.
    op.execute("ALTER TABLE tokens ADD COLUMN letter_id INTEGER CONSTRAINT fk_tokens_letter_id REFERENCES letters (id)")
    op.create_table(
        "handwritten",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("identity", sa.String(length=64), nullable=False),
        sa.Column("state", sa.String(length=8), nullable=False),
        sa.Column("written_at", sa.DateTime(), nullable=False),
        sa.Column("subject", sa.Text(), nullable=False),
        sa.Column("recipients", sa.JSON(), nullable=True),
        sa.Column("seen_at", sa.DateTime(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_handwritten")),
        sa.UniqueConstraint("identity", name=op.f("uq_handwritten_identity")),
    )
    op.create_index(op.f("ix_handwritten_state"), "handwritten", ["state"], unique=False)
    op.create_table(
        "handwritten_to",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("handwritten_id", sa.Integer(), nullable=False),
        sa.Column("address", sa.String(length=320), nullable=False),
        sa.Column("unit_id", sa.Integer(), nullable=True),
        sa.Column("alone", sa.Boolean(), nullable=False),
        sa.Column("written_at", sa.DateTime(), nullable=False),
        sa.ForeignKeyConstraint(["handwritten_id"], ["handwritten.id"], name=op.f("fk_handwritten_to_handwritten_id")),
        sa.ForeignKeyConstraint(["unit_id"], ["units.id"], name=op.f("fk_handwritten_to_unit_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_handwritten_to")),
    )
    op.create_index(op.f("ix_handwritten_to_handwritten_id"), "handwritten_to", ["handwritten_id"], unique=False)
    by_unit = ["unit_id", "written_at"]
    op.create_index(op.f("ix_handwritten_to_unit_id_written_at"), "handwritten_to", by_unit, unique=False)
    op.create_index(op.f("ix_handwritten_to_address"), "handwritten_to", ["address"], unique=False)

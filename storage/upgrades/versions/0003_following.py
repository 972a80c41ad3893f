"""What a unit owes at each stage, its status and liaison, later deadlines."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None


def upgrade() -> None:
    _columns()
    op.create_table(
        "chasings",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("followup_id", sa.Integer(), nullable=False),
        sa.Column("round", sa.String(length=10), nullable=False),
        sa.Column("letter_id", sa.Integer(), nullable=True),
        sa.Column("at", sa.DateTime(), nullable=False),
        sa.ForeignKeyConstraint(["followup_id"], ["followups.id"], name=op.f("fk_chasings_followup_id")),
        sa.ForeignKeyConstraint(["letter_id"], ["letters.id"], name=op.f("fk_chasings_letter_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_chasings")),
        sa.UniqueConstraint("followup_id", "round", name=op.f("uq_chasings_followup_id_round")),
    )
    op.create_index(op.f("ix_chasings_letter_id"), "chasings", ["letter_id"])
    op.create_table(
        "stages",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("campaign", sa.String(length=80), nullable=False),
        sa.Column("name", sa.String(length=40), nullable=False),
        sa.Column("opened_at", sa.DateTime(), nullable=False),
        sa.Column("opened_by", sa.String(length=320), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_stages")),
        sa.UniqueConstraint("campaign", "name", name=op.f("uq_stages_campaign_name")),
    )
    _of_units()


def _columns() -> None:
    op.add_column("submissions", sa.Column("accepted_at", sa.DateTime(), nullable=True))
    op.add_column("submissions", sa.Column("accepted_by", sa.String(length=320), nullable=True))
    op.add_column("followups", sa.Column("original_due_at", sa.DateTime(), nullable=True))
    op.add_column("followups", sa.Column("handed_at", sa.DateTime(), nullable=True))
    op.add_column("followups", sa.Column("closed_by", sa.String(length=320), nullable=True))
    op.create_index(op.f("ix_followups_state_due_at"), "followups", ["state", "due_at"])
    # By hand: SQLite adds a foreign key only together with its column.
    op.execute("ALTER TABLE held ADD COLUMN unit_id INTEGER CONSTRAINT fk_held_unit_id REFERENCES units (id)")
    op.add_column("held", sa.Column("details", sa.JSON(), nullable=True))


def _of_units() -> None:
    op.create_table(
        "standings",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("campaign", sa.String(length=80), nullable=False),
        sa.Column("unit_id", sa.Integer(), nullable=False),
        sa.Column("step", sa.Integer(), nullable=False),
        sa.Column("status", sa.String(length=16), nullable=False),
        sa.Column("at", sa.DateTime(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("moved_by", sa.String(length=320), nullable=True),
        sa.ForeignKeyConstraint(["unit_id"], ["units.id"], name=op.f("fk_standings_unit_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_standings")),
        sa.UniqueConstraint("campaign", "unit_id", "step", name=op.f("uq_standings_campaign_unit_id_step")),
    )
    op.create_table(
        "liaisons",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("campaign", sa.String(length=80), nullable=False),
        sa.Column("unit_id", sa.Integer(), nullable=False),
        sa.Column("values", sa.JSON(), nullable=False),
        sa.Column("since", sa.DateTime(), nullable=False),
        sa.Column("until", sa.DateTime(), nullable=True),
        sa.Column("confirmed_by", sa.String(length=320), nullable=True),
        sa.ForeignKeyConstraint(["unit_id"], ["units.id"], name=op.f("fk_liaisons_unit_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_liaisons")),
    )
    op.create_index(op.f("ix_liaisons_campaign_unit_id_until"), "liaisons", ["campaign", "unit_id", "until"])
    op.create_table(
        "extensions",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("campaign", sa.String(length=80), nullable=False),
        sa.Column("unit_id", sa.Integer(), nullable=True),
        sa.Column("original", sa.DateTime(), nullable=False),
        sa.Column("deadline", sa.DateTime(), nullable=False),
        sa.Column("at", sa.DateTime(), nullable=False),
        sa.Column("granted_by", sa.String(length=320), nullable=False),
        sa.ForeignKeyConstraint(["unit_id"], ["units.id"], name=op.f("fk_extensions_unit_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_extensions")),
    )
    op.create_index(op.f("ix_extensions_campaign_unit_id"), "extensions", ["campaign", "unit_id"])

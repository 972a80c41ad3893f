"""Who has written, and what was sent to a unit, is found without looking through all mails and letters."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0009"
down_revision = "0008"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("messages", sa.Column("sender_domain", sa.String(length=320), nullable=True))
    _fill_domains(op.get_bind())
    op.create_index(op.f("ix_messages_sender_domain"), "messages", ["sender_domain"], unique=False)
    op.create_index(op.f("ix_messages_handled_at"), "messages", ["handled_at"], unique=False)
    op.drop_index(op.f("ix_letters_campaign_kind"), "letters")
    op.create_index(op.f("ix_letters_campaign_kind_unit_id"), "letters", ["campaign", "kind", "unit_id"], unique=False)


def _fill_domains(tx: sa.Connection) -> None:
    senders = tx.scalars(sa.text("SELECT DISTINCT sender FROM messages WHERE sender IS NOT NULL")).all()
    fill = sa.text("UPDATE messages SET sender_domain = :domain WHERE sender = :sender")
    rows = [{"sender": sender, "domain": sender.rpartition("@")[2]} for sender in senders]
    if rows:
        tx.execute(fill, rows)

"""Held replies that may be what a unit was asked for: done with once a person has closed what they are about."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime

from sqlalchemy import Connection, exists, select, update

from storage.sql import plain
from storage.tables import followups, held, messages

_WAITING = select(held.c.id, held.c.message_id, held.c.details).where(
    held.c.state == "open", held.c.reason == "question"
)
_DECISION = "所欠事项已由工作人员登记"


def close(tx: Connection, closed: Collection[int], now: datetime, by: str) -> None:
    """Close the items that concern these follow-ups and no other that is still open; their mails are handled."""
    items = [(row, set((row.details or {}).get("followups", ()))) for row in tx.execute(_WAITING)] if closed else []
    items = [(row, ids) for row, ids in items if ids & set(closed)]
    if not items:
        return
    among = followups.c.id.in_({one for _, ids in items for one in ids})
    waiting = set(tx.scalars(select(followups.c.id).where(among, followups.c.state.in_(("open", "overdue")))))
    rows = [row for row, ids in items if not waiting & ids]
    values = {"state": "decided", "closed_at": now, "decision": _DECISION, "decided_by": plain(by, 320)}
    tx.execute(update(held).where(held.c.id.in_([row.id for row in rows])).values(**values))
    waits = exists().where(held.c.message_id == messages.c.id, held.c.state == "open")
    mails = messages.c.id.in_([row.message_id for row in rows])
    tx.execute(update(messages).where(mails, messages.c.state == "held", ~waits).values(state="handled"))

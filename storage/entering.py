"""Forms that came another way than by the unit's own mail, as a colleague sent them in."""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy import Connection, select, update

from storage.sql import plain
from storage.tables import submissions


@dataclass(frozen=True, slots=True)
class Entered:
    id: int
    campaign: str
    unit_id: int
    unit_name: str
    state: str


def recorded_by(tx: Connection, message_id: int) -> list[Entered]:
    """What a mail brought, in order."""
    columns = [submissions.c[name] for name in Entered.__slots__]
    rows = tx.execute(select(*columns).where(submissions.c.message_id == message_id).order_by(submissions.c.id))
    return [Entered(**row._mapping) for row in rows]


def set_channel(tx: Connection, message_id: int, channel: str) -> None:
    """How the forms of a mail really came: 微信, 传真, 纸质, 电话."""
    where = submissions.c.message_id == message_id
    tx.execute(update(submissions).where(where).values(channel=plain(channel, 20)))

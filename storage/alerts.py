"""Who has been told of an outage: one row an outage, phase and way.

    trying -> told | failed      failed -> trying, when its time has come

Promises: a way is tried after its row stands, so that nobody is told twice however the program is stopped; one that
surely told nobody (`failed`) is tried again.
"""

from __future__ import annotations

from datetime import datetime
from typing import Literal, TypeAlias

from sqlalchemy import ColumnElement, Connection, select, update

from storage.sql import insert_new, plain
from storage.tables import alerts, letters

Phase: TypeAlias = Literal["begun", "ended"]
Key: TypeAlias = tuple[int, Phase, str]  # outage, phase, way


def waiting(tx: Connection, outage_id: int) -> dict[tuple[Phase, str], datetime | None]:
    """By phase and way of what was tried: when it is to be tried again, None where it is settled or in doubt."""
    rows = tx.execute(select(alerts).where(alerts.c.outage_id == outage_id))
    return {(row.phase, row.way): row.next_at if row.state == "failed" else None for row in rows}


def begin(tx: Connection, key: Key, now: datetime) -> bool:
    """Claim it; False if somebody has, and did not surely fail before now."""
    outage_id, phase, way = key
    row = {"outage_id": outage_id, "phase": phase, "way": way, "state": "trying", "at": now, "said": ""}
    if tx.execute(insert_new(tx, alerts, "id"), row).first() is not None:
        return True
    again = update(alerts).where(*_is(key), alerts.c.state == "failed", alerts.c.next_at <= now)
    return tx.execute(again.values(state="trying", at=now).returning(alerts.c.id)).first() is not None


def told(tx: Connection, key: Key, now: datetime) -> None:
    tx.execute(update(alerts).where(*_is(key)).values(state="told", at=now, next_at=None, said=""))


def failed(tx: Connection, key: Key, said: str, next_at: datetime, now: datetime) -> None:
    """Surely nobody was told by this way; it is tried again then."""
    tx.execute(update(alerts).where(*_is(key)).values(state="failed", at=now, next_at=next_at, said=plain(said)))


def letters_of(tx: Connection, occasion: str) -> list[int]:
    """The letters of an alert, by what their keys name as their occasion."""
    return list(tx.scalars(select(letters.c.id).where(letters.c.kind == "alert", letters.c.key.contains(occasion))))


def _is(key: Key) -> tuple[ColumnElement[bool], ...]:
    outage_id, phase, way = key
    return alerts.c.outage_id == outage_id, alerts.c.phase == phase, alerts.c.way == way

"""Gates: why an edge is shut, since when and until when; a restart does not open one.

Names in use: `smtp`, `imap sign-in`, `smtp sign-in`, `campaign:ID`, `units` (a person stopped all
letters to units). Never opens one by itself but for its date: what a changed secret means is the
caller's to say.
"""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import Connection, delete, select

from storage.plain_rows import Gate
from storage.sql import plain, upsert
from storage.tables import gates

TO_UNITS = "units"  # stops every letter but those to the secretariat; shut and opened by a person


def of_campaign(campaign: str) -> str:
    """The gate that stops a campaign's letters."""
    return f"campaign:{campaign}"


def shut(
    tx: Connection, name: str, reason: str, until: datetime | None, secret_hash: str | None = None, *, now: datetime
) -> None:
    """Shut a gate; one already shut keeps its `since` and takes the new reason and date."""
    standing = tx.scalar(select(gates.c.since).where(gates.c.name == name))
    row = {"name": name, "reason": plain(reason), "until": until, "secret_hash": secret_hash}
    statement = upsert(tx, gates, ("name",), ("reason", "until", "secret_hash"))
    tx.execute(statement, row | {"since": standing or now})


def open_gate(tx: Connection, name: str) -> bool:
    """Open a gate; False if it was not shut."""
    return tx.execute(delete(gates).where(gates.c.name == name).returning(gates.c.name)).first() is not None


def shut_now(tx: Connection, name: str, now: datetime) -> Gate | None:
    """The gate if it is shut at `now`, else None."""
    gate = _gate(tx, name)
    return gate if gate is not None and (gate.until is None or gate.until > now) else None


def all_shut(tx: Connection, now: datetime) -> list[Gate]:
    rows = tx.execute(select(gates).order_by(gates.c.name))
    shut_gates = (Gate(**row._mapping) for row in rows)
    return [gate for gate in shut_gates if gate.until is None or gate.until > now]


def _gate(tx: Connection, name: str) -> Gate | None:
    row = tx.execute(select(gates).where(gates.c.name == name)).first()
    return None if row is None else Gate(**row._mapping)

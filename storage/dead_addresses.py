"""Addresses that a letter came back from for good: neither reminder nor circular goes there.

Only a permanent delivery failure of a letter of ours marks an address, with what the bounce said and
which mail said it; giving the address anew in a corrected roster lifts the mark. Never sends.
"""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime

from sqlalchemy import Connection, bindparam, select, update

from storage.plain_rows import DeadAddress
from storage.sql import keyed, plain, upsert
from storage.tables import dead_addresses, unit_addresses, units
from storage.units import LISTED

_DEAD = keyed(
    lambda among: select(dead_addresses).where(among(dead_addresses.c.address), dead_addresses.c.lifted_at.is_(None))
)
_LIFT = (
    update(dead_addresses)
    .where(dead_addresses.c.address == bindparam("to"), dead_addresses.c.lifted_at.is_(None))
    .values(lifted_at=bindparam("now"), lifted_by=bindparam("by"))
)
_CHANGED = ("since", "said", "letter_id", "message_id", "lifted_at", "lifted_by")


def mark(tx: Connection, address: str, *, letter_id: int, message_id: int, said: str, now: datetime) -> None:
    """A letter came back from it for good; a mark that was lifted stands again."""
    row = {"address": plain(address.lower(), 320), "since": now, "said": plain(said), "letter_id": letter_id}
    row |= {"message_id": message_id, "lifted_at": None, "lifted_by": None}
    tx.execute(upsert(tx, dead_addresses, ("address",), _CHANGED), row)


def among(tx: Connection, addresses: Collection[str]) -> dict[str, DeadAddress]:
    """Which of these are marked."""
    rows = _DEAD.run(tx, sorted({address.lower() for address in addresses}))
    return {row.address: _of(row) for row in rows}


def lift(tx: Connection, address: str, now: datetime, by: str = "") -> None:
    """A person gave the address anew: letters go there again."""
    tx.execute(_LIFT, {"to": address.lower(), "now": now, "by": plain(by, 320) or None})


def all_dead(tx: Connection) -> list[DeadAddress]:
    """Every marked address, the newest first."""
    rows = tx.execute(
        select(dead_addresses)
        .where(dead_addresses.c.lifted_at.is_(None))
        .order_by(dead_addresses.c.since.desc(), dead_addresses.c.id)
    )
    return [_of(row) for row in rows]


def on_roster(tx: Connection) -> list[str]:
    """The marked addresses that still stand on the roster loaded last, in order."""
    mine = unit_addresses.join(units, unit_addresses.c.unit_id == units.c.id)
    standing = select(unit_addresses.c.address).select_from(mine).where(LISTED)
    dead = select(dead_addresses.c.address).where(
        dead_addresses.c.lifted_at.is_(None), dead_addresses.c.address.in_(standing)
    )
    return list(tx.scalars(dead.order_by(dead_addresses.c.address)))


def _of(row: object) -> DeadAddress:
    return DeadAddress(**{name: getattr(row, name) for name in DeadAddress.__slots__})

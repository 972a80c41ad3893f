"""Units as a person looks for them: by a part of a name, an address, a receipt number. Only reads."""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy import Connection, select

from storage import units
from storage.names import name_key
from storage.sql import plain
from storage.tables import receipts, submissions, unit_addresses, unit_names
from storage.tables import units as units_table

MOST = 50


@dataclass(frozen=True, slots=True)
class Found:
    """The units meant, the surest first; `near` are names that come near where none is found."""

    ids: tuple[int, ...]
    near: tuple[str, ...] = ()


def find(tx: Connection, words: str) -> Found:
    """The one unit of that name; else all whose name holds it, or whose address or receipt number it is."""
    key, said = name_key(words), plain(words.strip())
    exact = units.find(tx, words)
    if exact is not None:
        return Found((exact,))
    found = dict.fromkeys((*_by_sign(tx, said), *_holding(tx, key)))
    if found:
        return Found(tuple(found)[:MOST])
    near = (units.get(tx, unit_id) for unit_id in units.near_ids(tx, words))
    return Found((), tuple(unit.name for unit in near if unit)[:MOST])


def is_sign(tx: Connection, words: str) -> bool:
    """Whether it is a receipt number, or an address that is known."""
    return bool(_by_sign(tx, plain(words.strip())))


def _by_sign(tx: Connection, said: str) -> list[int]:
    by_receipt = select(receipts.c.unit_id).where(receipts.c.number == said)
    by_address = select(unit_addresses.c.unit_id).where(unit_addresses.c.address == said.lower())
    wrote = select(submissions.c.unit_id).where(submissions.c.sender == said.lower())
    return [unit_id for statement in (by_receipt, by_address, wrote) for unit_id in tx.scalars(statement.distinct())]


def _holding(tx: Connection, key: str) -> list[int]:
    if len(key) < 2:
        return []
    own = select(units_table.c.id).where(units_table.c.name_key.contains(key, autoescape=True))
    other = select(unit_names.c.unit_id).where(unit_names.c.name_key.contains(key, autoescape=True))
    return [unit_id for statement in (own, other) for unit_id in tx.scalars(statement.limit(MOST))]

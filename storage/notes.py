"""Single values that the program remembers from one run to the next, by name."""

from __future__ import annotations

from sqlalchemy import Connection, select

from storage.sql import upsert
from storage.tables import facts


def read(tx: Connection, name: str) -> str:
    """The value under a name, "" where there is none."""
    return tx.scalar(select(facts.c.value).where(facts.c.name == name)) or ""


def write(tx: Connection, name: str, value: str) -> None:
    """Remember a value in place of an earlier one."""
    tx.execute(upsert(tx, facts, ("name",), ("value",)), {"name": name, "value": value})

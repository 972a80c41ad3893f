"""What SQLite and PostgreSQL say differently, and text as both can hold it.

Never touches a table by itself.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import cache
from typing import Any

from sqlalchemy import Connection, Select, Table, bindparam, true

from storage.prepared import Prepared

# PostgreSQL refuses NUL, UTF-8 lone surrogates; a terminal obeys the other control characters.
_UNSTORABLE = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\ud800-\udfff]")
# What is stored holds no circle; looking for one costs almost as much again.
_JSON = json.JSONEncoder(separators=(",", ":"), ensure_ascii=False, check_circular=False)
_ESCAPED = re.compile(r"\\u00|\\[bf]|" + _UNSTORABLE.pattern)  # JSON writes the first thirty-two as escapes


@cache
def _insert(dialect: str, table: Table) -> Any:
    """Of the dialect in use alone: importing both costs every start a twentieth of a second."""
    if dialect == "postgresql":
        from sqlalchemy.dialects import postgresql

        return postgresql.insert(table)
    from sqlalchemy.dialects import sqlite

    return sqlite.insert(table)


@cache
def _insert_new(dialect: str, table: Table, returning: tuple[str, ...]) -> Any:
    statement = _insert(dialect, table).on_conflict_do_nothing()
    return statement.returning(*(table.c[name] for name in returning)) if returning else statement


@cache
def _upsert(dialect: str, table: Table, unique: tuple[str, ...], update: tuple[str, ...]) -> Any:
    statement = _insert(dialect, table)
    return statement.on_conflict_do_update(
        index_elements=list(unique), set_={name: statement.excluded[name] for name in update}
    )


def insert_new(tx: Connection, table: Table, *returning: str) -> Any:
    """An INSERT that leaves a row alone which stands already, under any unique key.

    Look for a returned row, never at the row count: after ON CONFLICT DO NOTHING psycopg
    gives -1 whether a row was written or not.
    """
    return _insert_new(tx.dialect.name, table, returning)


def adding(table: Table, *returning: str) -> Prepared[Any]:
    """`insert_new`, prepared; for rows of always the same columns."""
    return Prepared(lambda dialect: _insert_new(dialect, table, returning))


def overwriting(table: Table, unique: tuple[str, ...], update: tuple[str, ...]) -> Prepared[Any]:
    """`upsert`, prepared; for rows of always the same columns."""
    return Prepared(lambda dialect: _upsert(dialect, table, unique, update))


def upsert(tx: Connection, table: Table, unique: Sequence[str], update: Sequence[str]) -> Any:
    """An INSERT that overwrites the `update` columns of the row with the same `unique` columns."""
    return _upsert(tx.dialect.name, table, tuple(unique), tuple(update))


@dataclass(frozen=True)
class Keyed:
    """A statement about some keys, in a form for one, for several, and for all: the first costs a tenth."""

    one: Prepared[Any]
    several: Select[Any]
    every: Select[Any]

    def run(self, tx: Connection, keys: Sequence[Any] | None, **values: Any) -> Sequence[Any]:
        """The rows for these keys; none for no key, every row for None."""
        if keys is None:
            return tx.execute(self.every, values).all()
        if not keys:
            return ()
        if len(keys) == 1:
            return self.one.all(tx, values | {"key_": keys[0]})
        return tx.execute(self.several, values | {"key_": list(keys)}).all()


def keyed(build: Callable[[Callable[[Any], Any]], Select[Any]]) -> Keyed:
    """Build the forms; `build` is given a function that makes "this column is among the keys"."""
    return Keyed(
        Prepared(build(lambda column: column == bindparam("key_"))),
        build(lambda column: column.in_(bindparam("key_", expanding=True))),
        build(lambda column: true()),
    )


def plain(text: str | None, limit: int | None = None) -> str:
    """The text without what a database refuses or a terminal obeys, cut to `limit` characters."""
    text = text or ""
    cleaned = text if text.isprintable() else _UNSTORABLE.sub("\ufffd", text)  # nothing printable is unstorable
    return cleaned if limit is None else cleaned[:limit]


def to_json(value: Any) -> str:
    """JSON as the register stores it; strings are made `plain` where they need it."""
    text = _JSON.encode(value)
    if ("\\" in text or not text.isprintable()) and _ESCAPED.search(text):
        text = _JSON.encode(_plain_deep(value))
    return text


def _plain_deep(value: Any) -> Any:
    if isinstance(value, str):
        return plain(value)
    if isinstance(value, dict):
        return {plain(str(key)): _plain_deep(item) for key, item in value.items()}
    if isinstance(value, (list, tuple)):
        return [_plain_deep(item) for item in value]
    return value

"""What a person's word has changed: who, when, through what, and what stood before and after.

Whoever changes something by a person's word notes it here, in the same transaction. Rows are never changed,
but for `undone_by`.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Literal, TypeAlias

from sqlalchemy import Connection, insert, select, update

from storage.plain_rows import Audit
from storage.sql import plain
from storage.tables import audits

Through: TypeAlias = Literal["mail", "shell"]
OF_MANY = ("extend", "late", "recompute", "roster", "backlog")  # which may be about several units at once


@dataclass(frozen=True, slots=True)
class Person:
    """Whose word it is: an address, or the name of the user of the shell; `message_id` is the mail that said so."""

    by: str
    through: Through
    message_id: int | None = None


_ROWS = select(*(audits.c[name] for name in Audit.__slots__)).order_by(audits.c.id)


def note(
    tx: Connection,
    *,
    at: datetime,
    by: str,
    through: Through,
    what: str,
    word: str,
    reference: str = "",
    unit_id: int | None = None,
    campaign: str = "",
    before: Mapping[str, Any] | None = None,
    after: Mapping[str, Any] | None = None,
    message_id: int | None = None,
) -> int:
    """Note what was done; `before` and `after` are JSON-safe. Gives the entry's id."""
    row = {
        "at": at,
        "by": plain(by, 320),
        "through": through,
        "what": what,
        "reference": plain(reference, 80),
        "word": plain(word),
        "unit_id": unit_id,
        "campaign": campaign,
        "before": None if before is None else dict(before),
        "after": None if after is None else dict(after),
        "message_id": message_id,
    }
    return int(tx.execute(insert(audits).returning(audits.c.id), row).scalar_one())


def since(tx: Connection, begin: datetime, end: datetime | None = None) -> list[Audit]:
    """Entries after `begin`, up to and with `end`, oldest first."""
    where = [audits.c.at > begin] + ([] if end is None else [audits.c.at <= end])
    return _select(tx, *where)


def all_rows(tx: Connection) -> list[Audit]:
    """Every entry, oldest first."""
    return _select(tx)


def of_unit(tx: Connection, unit_id: int) -> list[Audit]:
    """What persons have said about a unit, alone or with others, oldest first."""
    rows = _select(tx, (audits.c.unit_id == unit_id) | (audits.c.unit_id.is_(None) & audits.c.what.in_(OF_MANY)))
    return [row for row in rows if row.is_about(unit_id)]


def of_campaign(tx: Connection, campaign: str, what: str) -> list[Audit]:
    """Entries of one kind about a campaign, oldest first."""
    return _select(tx, audits.c.campaign == campaign, audits.c.what == what)


def of_many(tx: Connection, after_id: int) -> list[Audit]:
    """Entries newer than this one that are about several units at once, oldest first."""
    return _select(tx, audits.c.id > after_id, audits.c.unit_id.is_(None), audits.c.what.in_(OF_MANY))


def last_decision(tx: Connection, reference: str) -> Audit | None:
    """The newest decision about a held item that stands."""
    same = (audits.c.reference == reference, audits.c.what == "held", audits.c.undone_by.is_(None))
    return next(reversed(_select(tx, *same)), None)


def newest(tx: Connection, what: str) -> int | None:
    """The newest entry of a kind."""
    newest_first = select(audits.c.id).where(audits.c.what == what).order_by(audits.c.id.desc()).limit(1)
    found: int | None = tx.scalar(newest_first)
    return found


def by_id(tx: Connection, audit_id: int) -> Audit | None:
    return next(iter(_select(tx, audits.c.id == audit_id)), None)


def mark_undone(tx: Connection, audit_id: int, undone_by: int) -> None:
    tx.execute(update(audits).where(audits.c.id == audit_id).values(undone_by=undone_by))


def _select(tx: Connection, *where: Any) -> list[Audit]:
    return [Audit(**row._mapping) for row in tx.execute(_ROWS.where(*where))]

"""Single-use tokens: by one a mail may decide one held item, or all that a letter shows, or undo an entry of the audit.

Promises: a token comes from the system's randomness (60 bits), is stored as its SHA-256 alone, opens one thing
and that once; every token of a thing is worthless from the moment the thing is closed.
"""

from __future__ import annotations

import hashlib
import secrets
from dataclasses import dataclass
from datetime import datetime
from typing import Literal, TypeAlias

from sqlalchemy import Connection, insert, select, update

from storage.references import ALPHABET
from storage.tables import held, tokens

LENGTH = 12
State: TypeAlias = Literal["valid", "unknown", "used", "closed", "expired", "another"]


@dataclass(frozen=True, slots=True)
class Issued:
    """What a letter to the secretariat shows of a held item: `code` is written before one of its words."""

    reference: str
    token: str

    @property
    def code(self) -> str:
        return f"{self.reference}-{self.token}"

    def line(self, word: str) -> str:
        """The line to copy, and the subject of a mailto: link: `A7K2QX-4J7MPW3KQ9TZ 是`."""
        return f"{self.code} {word}"


def issue(tx: Connection, held_id: int, now: datetime) -> Issued:
    """A new token for a held item; those issued before stay valid until one is used or the item is closed."""
    reference = tx.execute(select(held.c.reference).where(held.c.id == held_id)).scalar_one()
    return Issued(reference, _add(tx, now, held_id=held_id))


def issue_undo(tx: Connection, audit_id: int, now: datetime, expires_at: datetime | None) -> str:
    """A token that undoes an entry of the audit until it expires."""
    return _add(tx, now, audit_id=audit_id, expires_at=expires_at)


def issue_all(tx: Connection, letter_id: int, now: datetime) -> str:
    """A token for all the letters that a request for approval shows."""
    return _add(tx, now, letter_id=letter_id)


def letter_of(tx: Connection, token: str) -> tuple[int | None, State]:
    """The request for approval all of whose letters a token decides, and whether it was used."""
    row = tx.execute(select(tokens).where(tokens.c.digest == _digest(token))).first()
    if row is None or row.letter_id is None:
        return None, "unknown"
    return row.letter_id, "valid" if row.used_at is None else "used"


def state_for(tx: Connection, token: str, held_id: int) -> State:
    """Whether a token opens this held item now, and why not."""
    row = tx.execute(
        select(tokens.c.held_id, tokens.c.used_at, held.c.state)
        .join_from(tokens, held, tokens.c.held_id == held.c.id, isouter=True)
        .where(tokens.c.digest == _digest(token))
    ).first()
    if row is None:
        return "unknown"
    if row.held_id != held_id:
        return "another"
    return "used" if row.used_at is not None else "valid" if row.state == "open" else "closed"


def undo_of(tx: Connection, token: str, now: datetime | None) -> tuple[int | None, State]:
    """The entry of the audit that a token undoes, and whether it may do so at `now` (None: whenever)."""
    row = tx.execute(select(tokens).where(tokens.c.digest == _digest(token))).first()
    if row is None or row.audit_id is None:
        return None, "unknown"
    if row.used_at is not None:
        return row.audit_id, "used"
    expired = row.expires_at is not None and now is not None and row.expires_at <= now
    return row.audit_id, "expired" if expired else "valid"


def use(tx: Connection, token: str, now: datetime) -> None:
    tx.execute(update(tokens).where(tokens.c.digest == _digest(token)).values(used_at=now))


def _add(
    tx: Connection,
    now: datetime,
    *,
    held_id: int | None = None,
    audit_id: int | None = None,
    letter_id: int | None = None,
    expires_at: datetime | None = None,
) -> str:
    token = "".join(secrets.choice(ALPHABET) for _ in range(LENGTH))
    row = {"digest": _digest(token), "held_id": held_id, "audit_id": audit_id, "letter_id": letter_id}
    tx.execute(insert(tokens), row | {"issued_at": now, "expires_at": expires_at})
    return token


def _digest(token: str) -> str:
    return hashlib.sha256(token.strip().upper().encode("utf-8", "replace")).hexdigest()

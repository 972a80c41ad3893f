"""Mails handled before that say exactly what one says that has come: by sender, words and files."""

from __future__ import annotations

from collections.abc import Sequence

from sqlalchemy import Connection, bindparam, select

from intake.contents import Reading
from storage.prepared import Prepared
from storage.sql import plain
from storage.tables import messages

MOST = 100  # that are looked at, the oldest; a machine writes the same mail thousands of times
_OTHERS = (
    messages.c.fingerprint == bindparam("print_"),
    messages.c.id != bindparam("but"),
    messages.c.state.in_(("handled", "held")),
)
_SAME = Prepared(select(messages.c.id).where(*_OTHERS).order_by(messages.c.id).limit(MOST))
ANY = select(messages.c.id).where(*_OTHERS).limit(1).scalar_subquery()  # one of them, for a larger statement
_COPY = Prepared(select(messages.c.id).where(*_OTHERS, messages.c.message_id == bindparam("own_id")).limit(1))


def of(tx: Connection, mail_id: int, reading: Reading) -> Sequence[int]:
    """The oldest of them, by their ids."""
    if not reading.fingerprint:
        return ()
    return list(_SAME.scalars(tx, {"print_": plain(reading.fingerprint, 64), "but": mail_id}))


def same_as(tx: Connection, mail_id: int) -> Sequence[int]:
    """The oldest that say what a recorded mail says."""
    fingerprint = tx.scalar(select(messages.c.fingerprint).where(messages.c.id == mail_id))
    return list(_SAME.scalars(tx, {"print_": fingerprint, "but": mail_id})) if fingerprint else ()


def is_copy(tx: Connection, mail_id: int, reading: Reading) -> bool:
    """Whether one has the same Message-ID; one that is missing proves nothing: then it is a repeat."""
    own_id = plain(reading.message_id, 400)
    where = {"print_": plain(reading.fingerprint, 64), "own_id": own_id, "but": mail_id}
    return own_id != "" and _COPY.scalar(tx, where) is not None

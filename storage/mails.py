"""Mails as rows: received once by the hash of their bytes, seen perhaps in several places.

Promises: the caller has the raw bytes on disk before `receive`; after its commit a mail is in state
`received` until `recording` has handled it. The first sighting's time stays. The ledger of UIDs and
folders (`sightings`) is offered here too, so that a poll needs one module.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, bindparam, exists, false, func, select, update

from intake.mailbox.polling import UNKNOWN_DATE
from intake.raw_mail import RawMail
from storage.prepared import Prepared
from storage.sightings import (
    FolderState,
    folder_marks,
    folder_states,
    forget_others,
    known,
    known_uids,
    lost,
    note,
    note_present,
    raise_mark,
    set_compared,
    set_complete,
    to_fetch,
    vanished,
)
from storage.sql import adding, insert_new, overwriting
from storage.tables import held, messages, sendings, sightings

__all__ = [
    "FolderState",
    "MailRow",
    "by_id",
    "enter",
    "folder_marks",
    "folder_states",
    "forget_others",
    "known",
    "known_uids",
    "lost",
    "newest_marked",
    "newest_written",
    "note",
    "note_present",
    "raise_mark",
    "receive",
    "removable",
    "set_compared",
    "set_complete",
    "set_removed",
    "to_fetch",
    "unhandled",
    "unrecorded",
    "vanished",
]


@dataclass(frozen=True, slots=True)
class MailRow:
    """A mail to handle. `folder` and `account` are of its first sighting; `junk` if it was seen in junk folders only.

    `retried`: it was handled before and a person asked for it to be read again.
    """

    id: int
    raw_hash: str
    internal_date: datetime
    received_at: datetime
    backlog: bool
    fault: str
    size: int
    state: str
    account: str
    folder: str
    junk: bool
    retried: bool


_UNIQUE = ("account", "folder", "uidvalidity", "uid")
_LATER = ("state", "message_id", "internal_date", "size", "junk", "seen_at")
_ADD = adding(messages, "id")
_SEE = overwriting(sightings, _UNIQUE, _LATER)
_elsewhere = sightings.alias("elsewhere")
_FIRST = select(func.min(_elsewhere.c.id)).where(_elsewhere.c.message_id == messages.c.id).scalar_subquery()
_IN_JUNK = sightings.c.junk & ~exists().where(_elsewhere.c.message_id == messages.c.id, _elsewhere.c.junk.is_(False))
_ROWS = select(
    *(messages.c[name] for name in MailRow.__slots__ if name in messages.c),
    func.coalesce(sightings.c.account, "").label("account"),
    func.coalesce(sightings.c.folder, "").label("folder"),
    func.coalesce(_IN_JUNK, false()).label("junk"),
    messages.c.handled_at.is_not(None).label("retried"),
).select_from(messages.outerjoin(sightings, sightings.c.id == _FIRST))
_UNHANDLED = Prepared(
    _ROWS.where(messages.c.state == "received")
    .order_by(messages.c.internal_date, messages.c.id)
    .limit(bindparam("most")),
    MailRow,
)


def receive(
    tx: Connection,
    batch: Sequence[tuple[RawMail, str | None]],
    *,
    now: datetime,
    made_at: datetime,
    time_of: Callable[[RawMail], datetime] | None = None,
    junk_folders: Collection[str] = (),
) -> int:
    """Write a row for each mail of a batch: (mail, hash of its stored bytes, or None where it gave none).

    A hash known already gets a sighting only. A mail without bytes (`missing`, `short`) is a sighting
    `to fetch`, one try counted. `time_of` gives the time received, by default INTERNALDATE, or `now`
    where the server gave none. Gives the number of new mails.
    """
    whole = {_place(mail): (mail, raw_hash) for mail, raw_hash in batch if raw_hash is not None}
    broken = {_place(mail): mail for mail, raw_hash in batch if raw_hash is None}
    fresh = _add_messages(tx, whole.values(), now, made_at, time_of or (lambda mail: _dated(mail, now)))
    ids = _ids(tx, [raw_hash for _, raw_hash in whole.values()], fresh)
    junk = frozenset(junk_folders)
    stored = {"state": "stored", "tries": 0}
    seen = [_sighting(mail, now, junk) | stored | {"message_id": ids[raw_hash]} for mail, raw_hash in whole.values()]
    _SEE.run_many(tx, seen)
    _add_broken(tx, broken.values(), now, junk)
    return len(fresh)


def enter(tx: Connection, raw_hash: str, size: int, now: datetime) -> MailRow:
    """A row for a mail that was written down here and lies in no folder; the caller has its bytes on disk."""
    row = {"raw_hash": raw_hash, "state": "received", "fault": "", "size": size, "backlog": False}
    times = {"fetched_at": now, "received_at": now, "internal_date": now}
    found = by_id(tx, int(_ADD.scalar(tx, row | times)))
    assert found is not None
    return found


def unhandled(tx: Connection, limit: int) -> list[MailRow]:
    """Mails still to be handled, in the order they arrived."""
    return _UNHANDLED.all(tx, {"most": limit})


def by_id(tx: Connection, message_id: int) -> MailRow | None:
    row = tx.execute(_ROWS.where(messages.c.id == message_id)).first()
    return None if row is None else MailRow(**row._mapping)


def newest_written(tx: Connection) -> datetime | None:
    """The newest time that a run has written of what came and went."""
    newest = (
        select(column).order_by(column.table.c.id.desc()).limit(1).scalar_subquery()
        for column in (sightings.c.seen_at, sendings.c.at, messages.c.fetched_at)
    )
    return max((moment for moment in tx.execute(select(*newest)).one() if moment is not None), default=None)


def newest_marked(tx: Connection) -> datetime | None:
    """What the server has put on the newest mail by both of its marks."""
    marks = select(messages.c.internal_date, messages.c.top_received).order_by(messages.c.id.desc()).limit(1)
    mail = tx.execute(marks).first()
    return min(mail.internal_date, mail.top_received) if mail and mail.top_received else None


def unrecorded(tx: Connection) -> int:
    """Mails on the server that the register knows of and has no bytes of: to fetch, or lost."""
    states = ("to fetch", "lost")
    return tx.scalar(select(func.count()).select_from(sightings).where(sightings.c.state.in_(states))) or 0


def removable(tx: Connection, before: datetime) -> list[MailRow]:
    """Unrelated mails handled before a moment whose content is still kept; none that a person had to look at."""
    condition = (messages.c.kind == "unrelated", messages.c.state == "handled", messages.c.handled_at < before)
    looked_at = exists().where(held.c.message_id == messages.c.id)
    statement = _ROWS.where(*condition, messages.c.removed_at.is_(None), ~looked_at).order_by(messages.c.id)
    return [MailRow(**row._mapping) for row in tx.execute(statement)]


def set_removed(tx: Connection, ids: Sequence[int], now: datetime) -> None:
    """Their content was deleted; subject and note go with it, the row stays."""
    values = {"removed_at": now, "subject": None, "note": None}
    tx.execute(update(messages).where(messages.c.id.in_(ids)).values(**values))


def _place(mail: RawMail) -> tuple[str, str, int, int]:
    seen = mail.sighting
    return seen.account, seen.folder, seen.uidvalidity, seen.uid


def _dated(mail: RawMail, now: datetime) -> datetime:
    return now if mail.internal_date == UNKNOWN_DATE else mail.internal_date


def _add_messages(
    tx: Connection,
    mails: Collection[tuple[RawMail, str]],
    now: datetime,
    made_at: datetime,
    time_of: Callable[[RawMail], datetime],
) -> dict[str, int]:
    rows: dict[str, dict[str, Any]] = {}
    for mail, raw_hash in mails:
        received_at = time_of(mail)
        row = {"raw_hash": raw_hash, "state": "received", "fault": mail.fault, "size": mail.size, "fetched_at": now}
        times = {"received_at": received_at, "internal_date": _dated(mail, now), "backlog": received_at < made_at}
        rows.setdefault(raw_hash, row | times)
    written = {raw_hash: _ADD.scalar(tx, row) for raw_hash, row in rows.items()}
    return {raw_hash: message_id for raw_hash, message_id in written.items() if message_id is not None}


def _ids(tx: Connection, hashes: Sequence[str], fresh: Mapping[str, int]) -> dict[str, int]:
    old = [raw_hash for raw_hash in hashes if raw_hash not in fresh]
    if not old:
        return dict(fresh)
    rows = tx.execute(select(messages.c.raw_hash, messages.c.id).where(messages.c.raw_hash.in_(old)))
    return dict(fresh) | {row.raw_hash: row.id for row in rows}


def _sighting(mail: RawMail, now: datetime, junk: frozenset[str]) -> dict[str, Any]:
    place = dict(zip(_UNIQUE, _place(mail), strict=True))
    dated = None if mail.internal_date == UNKNOWN_DATE else mail.internal_date
    known_of = {"internal_date": dated, "size": mail.size, "seen_at": now}
    return place | known_of | {"junk": mail.sighting.folder in junk}


def _add_broken(tx: Connection, mails: Collection[RawMail], now: datetime, junk: frozenset[str]) -> None:
    if not mails:
        return
    rows = [_sighting(mail, now, junk) | {"state": "to fetch", "tries": 0} for mail in mails]
    tx.execute(insert_new(tx, sightings), rows)
    tried = [{f"in_{name}": row[name] for name in _UNIQUE} for row in rows]
    tx.execute(
        update(sightings)
        .where(*(sightings.c[name] == bindparam(f"in_{name}") for name in _UNIQUE))
        .where(sightings.c.state == "to fetch")
        .values(tries=sightings.c.tries + 1),
        tried,
    )

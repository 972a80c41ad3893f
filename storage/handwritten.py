"""Letters that a person wrote from the mailbox to units, as its sent folder shows them: history, never answered.

A mail is written down with its recipients when it is seen, and kept once these are known: for the units whose
roster row or submission has the address, and for senders whose mail is held. One with no relation is forgotten but
for its UID. Promises: a mail counts once, under whatever UID it is seen again; what it means is read from its date each
time, so that it makes no difference whether it is seen before or after what it answers.
"""

from __future__ import annotations

import hashlib
from collections.abc import Collection, Iterable, Mapping, Sequence
from datetime import datetime
from typing import TYPE_CHECKING, Any

from sqlalchemy import Connection, delete, func, select, update

from intake.mailbox.polling import UNKNOWN_DATE
from storage import claims, sightings
from storage.plain_rows import Handwritten
from storage.sql import Keyed, insert_new, keyed, plain
from storage.tables import handwritten, handwritten_to, held, letters, messages, submissions, unit_addresses, units

if TYPE_CHECKING:
    from intake.mailbox.sent_mails import SentMail
    from storage.plain_rows import HeldRow

FEW = 10  # recipients whom one mail answers; one to more is a circular of the office
AT_ONCE = 50  # mails whose recipients are looked up in one transaction
FOUND = "在“已发送”中找到"
_SOME = 500  # values in one IN


def _newest_to_units(*where: Any) -> Keyed:
    at = func.max(handwritten_to.c.written_at).label("at")
    statement = select(handwritten_to.c.unit_id, at).where(handwritten_to.c.unit_id.is_not(None), *where)
    return keyed(lambda among: statement.where(among(handwritten_to.c.unit_id)).group_by(handwritten_to.c.unit_id))


_NEWEST, _NEWEST_ALONE = _newest_to_units(), _newest_to_units(handwritten_to.c.alone.is_(True))


# ---- seen ---------------------------------------------------------------------------------------


def see(tx: Connection, account: str, folder: str, uidvalidity: int, mails: Sequence[SentMail], now: datetime) -> None:
    """Note the UIDs, settle what these prove of our own letters, and write down what a person wrote."""
    sightings.note(tx, account, folder, uidvalidity, [mail.uid for mail in mails], now)
    _settle(tx, [mail.message_id for mail in mails if mail.message_id], now)
    ours = _our_ids(tx, [mail.message_id for mail in mails if mail.message_id])
    rows = [
        {
            "identity": _identity(mail),
            "state": "new",
            "written_at": now if mail.written_at == UNKNOWN_DATE else mail.written_at,
            "subject": plain(mail.subject, 400),
            "recipients": [plain(address, 320) for address in mail.recipients],
            "seen_at": now,
        }
        for mail in mails
        if mail.recipients and not mail.is_ours and mail.message_id not in ours
    ]
    if rows:
        tx.execute(insert_new(tx, handwritten), rows)


def has_new(tx: Connection) -> bool:
    """Whether mails wait to be related, and all mails that they may answer are handled."""
    new = tx.scalar(select(handwritten.c.id).where(handwritten.c.state == "new").limit(1))
    return new is not None and tx.scalar(select(messages.c.id).where(messages.c.state == "received").limit(1)) is None


def relate(tx: Connection, office: Collection[str]) -> int:
    """Keep some of the new mails for those of ours whom they went to, `office` not among them; gives how many."""
    rows = tx.execute(
        select(handwritten).where(handwritten.c.state == "new").order_by(handwritten.c.id).limit(AT_ONCE)
    ).all()
    found: list[dict[str, Any]] = []
    for row in rows:
        to = [address for address in row.recipients or () if address not in office]
        found += [
            {"handwritten_id": row.id, "address": address, "unit_id": unit_id}
            | {"alone": len(row.recipients) <= FEW, "written_at": row.written_at}
            for address, unit_id in _ours(tx, to)
        ]
    if found:
        tx.execute(handwritten_to.insert(), found)
    kept = {each["handwritten_id"] for each in found}
    tx.execute(update(handwritten).where(handwritten.c.id.in_(kept)).values(state="kept", recipients=None))
    tx.execute(delete(handwritten).where(handwritten.c.id.in_([row.id for row in rows if row.id not in kept])))
    return len(rows)


def _ours(tx: Connection, addresses: Sequence[str]) -> list[tuple[str, int | None]]:
    """The addresses that are ours to know, each with its unit; None for a sender whose mail is held."""
    found: dict[tuple[str, int | None], None] = {}
    for first in range(0, len(addresses), _SOME):
        some = addresses[first : first + _SOME]
        on_roster = select(unit_addresses.c.address, unit_addresses.c.unit_id).where(unit_addresses.c.address.in_(some))
        wrote = select(submissions.c.sender, submissions.c.unit_id).where(submissions.c.sender.in_(some)).distinct()
        for statement in (on_roster, wrote):
            found |= dict.fromkeys((row[0], row[1]) for row in tx.execute(statement))
        known = {address for address, _ in found}
        waits = (held.c.state == "open", messages.c.sender.in_([each for each in some if each not in known]))
        senders = select(messages.c.sender).join(held, held.c.message_id == messages.c.id).where(*waits).distinct()
        found |= dict.fromkeys((address, None) for address in tx.scalars(senders))
    return list(found)


def _identity(mail: SentMail) -> str:
    """A mail without a Message-ID is known by its other headers."""
    said = mail.message_id or f"{mail.written_at.isoformat()}\n{mail.subject}\n{mail.recipients}"
    return hashlib.sha256(said.encode("utf-8", "replace")).hexdigest()


def _our_ids(tx: Connection, message_ids: Sequence[str]) -> set[str]:
    return set(tx.scalars(select(letters.c.message_id).where(letters.c.message_id.in_(message_ids))))


def _settle(tx: Connection, message_ids: Sequence[str], now: datetime) -> None:
    """Our letter lies in the sent folder, so it went out, whatever its last try seemed to end in (part 8)."""
    unsure = (letters.c.state.in_(("doubt", "deferred")), letters.c.claimed_at.is_not(None))
    for letter_id in tx.scalars(select(letters.c.id).where(letters.c.message_id.in_(message_ids), *unsure)).all():
        claims.arrived(tx, letter_id, now, FOUND)


# ---- what it means ------------------------------------------------------------------------------


def to_unit(tx: Connection, unit_id: int, most: int) -> list[tuple[datetime, str, str]]:
    """When a person wrote to a unit, under which subject, and where to; oldest first, the newest of them."""
    rows = tx.execute(
        select(handwritten.c.written_at, handwritten.c.subject, func.min(handwritten_to.c.address).label("address"))
        .join(handwritten_to, handwritten_to.c.handwritten_id == handwritten.c.id)
        .where(handwritten_to.c.unit_id == unit_id)
        .group_by(handwritten.c.id, handwritten.c.written_at, handwritten.c.subject)
        .order_by(handwritten.c.written_at.desc())
        .limit(most)
    ).all()
    return [(row.written_at, row.subject, row.address) for row in reversed(rows)]


def newest(tx: Connection, unit_ids: Collection[int] | None = None, *, alone: bool = False) -> dict[int, datetime]:
    """When a person last wrote to each unit (of these; None: of all); `alone`: to it and few others."""
    statement = _NEWEST_ALONE if alone else _NEWEST
    rows = statement.run(tx, None if unit_ids is None else sorted(unit_ids))
    return {row.unit_id: row.at for row in rows}


def answered(tx: Connection, rows: Iterable[HeldRow]) -> dict[int, datetime]:
    """Which held items a person has answered by a letter of his own since, by their ids, and when last.

    To the unit that an item is about, or to the sender of its mail; one to many answers nobody.
    """
    items = list(rows)
    if not items or tx.scalar(select(handwritten_to.c.id).limit(1)) is None:
        return {}
    ids = sorted({row.submission_id for row in items if row.submission_id is not None})
    of_submission = _units_of(tx, ids)
    by_unit, by_address = newest(tx, alone=True), _newest_to(tx)
    found: dict[int, datetime] = {}
    for row in items:
        unit_id = row.unit_id or of_submission.get(row.submission_id or 0)
        times = (by_unit.get(unit_id or 0), by_address.get(row.sender))
        at = max((at for at in times if at is not None), default=None)
        if at is not None and at > (row.received_at or row.opened_at):
            found[row.id] = at
    return found


def _units_of(tx: Connection, submission_ids: Sequence[int]) -> dict[int, int]:
    found: dict[int, int] = {}
    for first in range(0, len(submission_ids), _SOME):
        some = submission_ids[first : first + _SOME]
        rows = tx.execute(select(submissions.c.id, submissions.c.unit_id).where(submissions.c.id.in_(some)))
        found |= {row.id: row.unit_id for row in rows}
    return found


def _newest_to(tx: Connection) -> Mapping[str, datetime]:
    at = func.max(handwritten_to.c.written_at).label("at")
    where = handwritten_to.c.alone.is_(True)
    rows = tx.execute(select(handwritten_to.c.address, at).where(where).group_by(handwritten_to.c.address))
    return {row.address: row.at for row in rows}


def between(tx: Connection, begin: datetime, end: datetime, most: int) -> tuple[list[Handwritten], int]:
    """What was seen after `begin` and not after `end`, the newest letters; and how many there are."""
    seen = (handwritten.c.state == "kept", handwritten.c.seen_at > begin, handwritten.c.seen_at <= end)
    of_units, to = func.count(handwritten_to.c.unit_id.distinct()), func.min(handwritten_to.c.address)
    rows = tx.execute(
        select(
            handwritten.c.written_at, handwritten.c.subject, func.min(units.c.name).label("unit"),
            to.label("address"), of_units.label("number"),
        )
        .join(handwritten_to, handwritten_to.c.handwritten_id == handwritten.c.id)
        .outerjoin(units, units.c.id == handwritten_to.c.unit_id)
        .where(*seen)
        .group_by(handwritten.c.id, handwritten.c.written_at, handwritten.c.subject)
        .order_by(handwritten.c.written_at.desc())
        .limit(most)
    )  # fmt: skip
    found = [Handwritten(row.written_at, row.subject, row.unit or "", row.address, row.number) for row in rows]
    return found, tx.scalar(select(func.count()).select_from(handwritten).where(*seen)) or 0

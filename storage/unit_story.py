"""The story of a unit in one campaign: what came from it, what was read, which letters went out. Only reads."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Connection, or_, select

from intake.known import Earlier
from storage import audits, handwritten, units
from storage import submissions as kept
from storage.plain_rows import Audit
from storage.tables import letters, messages, receipts, submissions, unit_addresses

BY_HAND = "handwritten"
MOST = 20  # mails, and letters, the newest


@dataclass(frozen=True, slots=True)
class Came:
    """A mail that brought a form of the unit, or came from an address of its roster row."""

    received_at: datetime
    sender: str
    subject: str
    files: tuple[str, ...]
    channel: str
    state: str  # of its submission: standing, replaced, proposed, dropped; "" where it brought none


@dataclass(frozen=True, slots=True)
class Went:
    """A letter to the unit. `at` is when it was sent, or what it waits for."""

    kind: str
    recipient: str
    state: str
    at: datetime
    reference: str
    subject: str = ""  # of one that a person wrote from the mailbox: its kind is `handwritten`


@dataclass(frozen=True, slots=True)
class Story:
    unit: units.Unit
    receipt: str
    stands: Earlier | None
    came: tuple[Came, ...]
    went: tuple[Went, ...]
    said: tuple[Audit, ...] = ()  # what persons changed by their word


def tell(tx: Connection, campaign: str, unit_id: int) -> Story:
    """All of it, oldest first; raises LookupError where there is no such unit."""
    unit = units.get(tx, unit_id)
    if unit is None:
        raise LookupError(unit_id)
    number = tx.scalar(select(receipts.c.number).where(receipts.c.campaign == campaign, receipts.c.unit_id == unit_id))
    came = sorted((*_forms(tx, campaign, unit_id), *_mails(tx, campaign, unit_id)), key=lambda one: one.received_at)
    stands = kept.earlier(tx, campaign, unit_id)
    said = [entry for entry in audits.of_unit(tx, unit_id) if entry.campaign in ("", campaign)]
    return Story(unit, number or "", stands, tuple(came[-MOST:]), _went(tx, campaign, unit_id), tuple(said[-MOST:]))


def _forms(tx: Connection, campaign: str, unit_id: int) -> list[Came]:
    rows = tx.execute(
        select(submissions, messages.c.subject)
        .outerjoin(messages, messages.c.id == submissions.c.message_id)
        .where(submissions.c.campaign == campaign, submissions.c.unit_id == unit_id)
        .order_by(submissions.c.id)
    )
    return [
        Came(row.received_at, row.sender, row.subject or "", tuple(row.sources), row.channel, row.state) for row in rows
    ]


def _mails(tx: Connection, campaign: str, unit_id: int) -> list[Came]:
    """Mails from its roster row that brought no form of it."""
    addresses = select(unit_addresses.c.address).where(unit_addresses.c.unit_id == unit_id)
    brought = select(submissions.c.message_id).where(
        submissions.c.unit_id == unit_id, submissions.c.message_id.is_not(None)
    )
    of_campaign = or_(messages.c.campaign == campaign, messages.c.campaign.is_(None))
    rows = tx.execute(
        select(messages.c.received_at, messages.c.sender, messages.c.subject)
        .where(messages.c.sender.in_(addresses), messages.c.id.not_in(brought), of_campaign)
        .order_by(messages.c.id)
    )
    return [Came(row.received_at, row.sender, row.subject or "", (), "mail", "") for row in rows]


def _went(tx: Connection, campaign: str, unit_id: int) -> tuple[Went, ...]:
    rows = tx.execute(
        select(letters)
        .where(letters.c.campaign == campaign, letters.c.unit_id == unit_id, letters.c.merged_into_id.is_(None))
        .order_by(letters.c.id.desc())
        .limit(MOST)
    )
    found = [
        Went(row.kind, row.recipient, row.state, row.settled_at or row.claimed_at or row.next_at, row.reference)
        for row in rows
    ]
    by_hand = [
        Went(BY_HAND, address, "sent", at, "", subject)
        for at, subject, address in handwritten.to_unit(tx, unit_id, MOST)
    ]
    oldest_first = [*reversed(found)]
    return tuple(sorted((*oldest_first, *by_hand), key=lambda one: one.at)[-MOST:] if by_hand else oldest_first)

"""Forms that came another way than by the unit's own mail: how, when, and by whom they were entered.

An entry belongs to a mail: a colleague's 代录, or one that the shell wrote down with the form in it. It is noted in
the transaction that records the mail, and stays with it when that is read again.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import ColumnElement, Connection, select, update

from storage.audits import Through
from storage.sql import insert_new, plain
from storage.tables import entries, messages, submissions, unit_addresses


@dataclass(frozen=True, slots=True)
class Entry:
    """`begin` is when the form truly came, `end` the latest moment it may have, where only the day was said.

    `receipt_to`: where the unit's receipt goes, "" for nowhere.
    """

    channel: str
    begin: datetime
    end: datetime
    by: str
    through: Through
    receipt_to: str = ""


@dataclass(frozen=True, slots=True)
class Entered:
    """What a mail brought of one unit; `problems` are {code, field, sentence} of its form."""

    id: int
    campaign: str
    unit_id: int
    unit_name: str
    state: str
    lateness: str
    problems: Sequence[Mapping[str, str]]
    message_id: int
    replaces_id: int | None  # what stood of the unit before, and was joined with it


def note(tx: Connection, message_id: int, received_at: datetime, entry: Entry) -> None:
    """How the forms of a recorded mail really came; the mail itself came at `received_at`, its forms did at theirs."""
    row = {name: getattr(entry, name) for name in Entry.__slots__}
    row |= {"by": plain(entry.by, 320), "channel": plain(entry.channel, 20), "message_id": message_id}
    tx.execute(insert_new(tx, entries), row)
    where = submissions.c.message_id == message_id
    tx.execute(update(submissions).where(where).values(channel=row["channel"]))
    tx.execute(update(messages).where(messages.c.id == message_id).values(received_at=received_at))


def of_mail(tx: Connection, message_id: int) -> Entry | None:
    """What was noted when the mail was recorded before."""
    columns = [entries.c[name] for name in Entry.__slots__]
    row = tx.execute(select(*columns).where(entries.c.message_id == message_id)).first()
    return None if row is None else Entry(**row._mapping)


def recorded_by(tx: Connection, message_id: int) -> list[Entered]:
    """What a mail brought and was not dropped since, in order."""
    return _rows(tx, submissions.c.message_id == message_id, submissions.c.state != "dropped")


def standing_since(tx: Connection, message_ids: Sequence[int]) -> list[Entered]:
    """What stands, or is proposed, as one of these mails brought it, in order."""
    return _rows(tx, submissions.c.message_id.in_(message_ids), submissions.c.state.in_(("standing", "proposed")))


def standing_of(tx: Connection, campaign: str, unit_id: int) -> list[Entered]:
    """What stands of a unit in a campaign."""
    of_unit = (submissions.c.campaign == campaign, submissions.c.unit_id == unit_id)
    return _rows(tx, *of_unit, submissions.c.state == "standing")


def _rows(tx: Connection, *where: ColumnElement[bool]) -> list[Entered]:
    columns = [submissions.c[name] for name in Entered.__slots__]
    rows = tx.execute(select(*columns).where(*where).order_by(submissions.c.id))
    return [Entered(**row._mapping) for row in rows]


def holds_more(tx: Connection, row: Entered) -> bool:
    """Whether a submission has been joined with what another mail had brought."""
    before = row.replaces_id
    while before is not None:
        columns = (submissions.c.message_id, submissions.c.replaces_id)
        message_id, replaces_id = tx.execute(select(*columns).where(submissions.c.id == before)).one()
        if message_id != row.message_id:
            return True
        before = replaces_id
    return False


def speaks_for(tx: Connection, unit_id: int, address: str) -> bool:
    """Whether the unit has written from an address, or has it on its roster row."""
    wrote = select(submissions.c.id).where(submissions.c.unit_id == unit_id, submissions.c.sender == address)
    listed = select(unit_addresses.c.id).where(unit_addresses.c.unit_id == unit_id, unit_addresses.c.address == address)
    return any(tx.scalar(found.limit(1)) is not None for found in (wrote, listed))

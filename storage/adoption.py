"""The first day: letters about mails that came before the register was made wait for a person.

Never sends; releasing only lets them be sent.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Connection, select

from storage import letters
from storage.tables import letters as letters_table
from storage.tables import messages, units


@dataclass(frozen=True, slots=True)
class BacklogLetter:
    """A letter that would go out, with the mail it answers and the unit it is about (None where it is about none)."""

    id: int
    kind: str
    recipient: str
    reference: str
    subject: str
    received_at: datetime | None
    unit_name: str | None
    unit_id: int | None


def waiting(tx: Connection) -> list[BacklogLetter]:
    """The letters of the backlog that were neither released nor dropped, in the order their mails arrived."""
    statement = (
        select(
            letters_table.c.id,
            letters_table.c.kind,
            letters_table.c.recipient,
            letters_table.c.reference,
            messages.c.subject,
            messages.c.received_at,
            units.c.name.label("unit_name"),
            letters_table.c.unit_id,
        )
        .select_from(
            letters_table.outerjoin(messages, letters_table.c.about_id == messages.c.id).outerjoin(
                units, letters_table.c.unit_id == units.c.id
            )
        )
        .where(letters_table.c.held_back == letters.BACKLOG, letters_table.c.state == "waiting")
        .order_by(messages.c.received_at, letters_table.c.id)
    )
    return [BacklogLetter(**{**row._mapping, "subject": row.subject or ""}) for row in tx.execute(statement)]


def release(tx: Connection, ids: Sequence[int] | None) -> int:
    """Let these letters go (None: all); gives how many."""
    return letters.release_backlog(tx, ids)


def drop(tx: Connection, ids: Sequence[int] | None, now: datetime) -> int:
    """These letters shall not go (None: all): a person has answered already. Gives how many."""
    chosen = {letter.id for letter in waiting(tx)}
    return letters.withdraw(tx, chosen if ids is None else chosen & set(ids), now, "首日核对后不再发送")

"""A letter taken for sending, and what became of it.

Promises: a claim stores the exact bytes and a row in `sendings` in the same transaction, before
SMTP begins; what the limits count survives a restart. The states are told in `letters`.
"""

from __future__ import annotations

import functools
from collections.abc import Callable
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, bindparam, func, insert, or_, update

from storage import followups
from storage.letters import ASKING, OPEN, TRIED
from storage.prepared import Prepared
from storage.sql import plain
from storage.tables import letters, sendings

_CLAIM = Prepared(
    update(letters)
    .where(letters.c.id == bindparam("letter"), OPEN, letters.c.held_back == "")
    .values(
        state="sending",
        subject=bindparam("subject_"),
        raw=bindparam("raw_"),
        claimed_at=bindparam("now"),
        tries=letters.c.tries + 1,
    )
    .returning(letters.c.recipient, letters.c.kind)
)
_SETTLE = Prepared(
    update(letters)
    .where(letters.c.id == bindparam("letter"), letters.c.state.in_(("sending", "doubt")))
    .values(
        state=bindparam("state_"),
        settled_at=bindparam("now"),
        reply=bindparam("reply_"),
        queue_id=func.coalesce(bindparam("queue_"), letters.c.queue_id),
        next_at=func.coalesce(bindparam("next_", type_=letters.c.next_at.type), letters.c.next_at),
    )
    .returning(letters.c.priority, letters.c.campaign, letters.c.recipient)
)
_END_TRY = Prepared(  # by the recipient, since by it there is an index
    update(sendings)
    .where(sendings.c.recipient == bindparam("to"), sendings.c.letter_id == bindparam("letter"))
    .where(sendings.c.state.in_(("sending", "doubt")))
    .values(state=bindparam("state_"))
)
_TRY = Prepared(insert(sendings).inline())


def claim(tx: Connection, letter_id: int, subject: str, raw: bytes, now: datetime) -> bool:
    """Take the letter for sending, with its exact bytes; False if it may not be sent any more."""
    values = {"letter": letter_id, "subject_": plain(subject), "raw_": raw, "now": now}
    taken = _CLAIM.first(tx, values)
    if taken is None:
        return False
    row = {"letter_id": letter_id, "recipient": taken.recipient, "kind": taken.kind, "at": now, "state": "sending"}
    _TRY.run(tx, row)
    return True


def settle(
    tx: Connection,
    letter_id: int,
    state: str,
    now: datetime,
    reply: str = "",
    queue_id: str = "",
    next_at: datetime | None = None,
    *,
    due: Callable[[str, str, datetime], datetime] | None = None,
) -> bool:
    """Write the fate of a claimed letter: sent, deferred (with `next_at`), refused or doubt.

    A letter that asks starts the clock of its questions when sent; `due(campaign, reason, asked_at)`
    gives their date, else the one named in the letter stands. False if the letter had a fate already.
    """
    if state not in ("sent", "deferred", "refused", "doubt"):
        raise ValueError(f"no fate: {state}")
    values = {"letter": letter_id, "state_": state, "now": now}
    more = {"reply_": plain(reply), "queue_": plain(queue_id, 200) or None, "next_": next_at}
    settled = _SETTLE.first(tx, values | more)
    if settled is None:
        return False
    _END_TRY.run(tx, {"to": settled.recipient, "letter": letter_id, "state_": state})
    if state == "sent" and settled.priority <= ASKING:
        followups.start(tx, letter_id, now, functools.partial(_due, due, settled.campaign, now) if due else None)
    return True


def _due(due: Callable[[str, str, datetime], datetime], campaign: str, now: datetime, reason: str) -> datetime:
    return due(campaign, reason, now)


def mark_bounced(tx: Connection, letter_id: int, now: datetime, diagnostic: str, permanent: bool) -> None:
    """A delivery failure came back: final for a permanent one, noted for a temporary one.

    Either proves that the letter went out, so one in doubt is settled by it.
    """
    tried = or_(letters.c.state.in_(("sent", "doubt")), TRIED)
    values: dict[str, Any] = {"reply": plain(diagnostic), "settled_at": now}
    if permanent:
        bounced = update(letters).where(letters.c.id == letter_id, tried).values(state="bounced", **values)
        if (recipient := tx.scalar(bounced.returning(letters.c.recipient))) is not None:
            _END_TRY.run(tx, {"to": recipient, "letter": letter_id, "state_": "bounced"})
        return
    tx.execute(update(letters).where(letters.c.id == letter_id, tried).values(reply=values["reply"]))
    settle(tx, letter_id, "sent", now, diagnostic)


def arrived(tx: Connection, letter_id: int, now: datetime, reply: str) -> bool:
    """Somebody answers it, so it went out, whatever its last try seemed to end in. False if that was known."""
    tx.execute(update(letters).where(letters.c.id == letter_id, TRIED).values(state="doubt"))
    return settle(tx, letter_id, "sent", now, reply)

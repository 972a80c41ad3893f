"""Letters that wait: one row each, its key unique, until it is claimed.

States and who moves them (anything else is left alone, and the caller is told so):

  waiting, deferred --claims.claim--> sending --claims.settle--> sent | deferred | refused | doubt
  doubt --claims.settle--> sent | deferred | refused
  sent, doubt, sending, deferred --claims.mark_bounced--> bounced (permanent) or a note (temporary)
  doubt, sending, deferred --claims.arrived--> sent
  waiting, deferred --withdraw, merge--> withdrawn
  refused --write_anew--> waiting (by a person, after a refusal as spam)

Never composes and never sends.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, bindparam, select, update

from intake.outcome import LetterDraft
from storage import followups
from storage.prepared import Prepared
from storage.references import message_id_of, new_reference
from storage.sql import adding, plain
from storage.tables import letters

BACKLOG = "backlog"
ASKING = 3
PRIORITIES = {
    "alert": 0,
    "confirmation": 1,
    "digest": 2,
    "worklist": 2,
    "question": ASKING,
    "no-form": ASKING,
    "unreadable": ASKING,
    "cloud-link": ASKING,
    "acknowledgement": 4,
    "received": 4,
    "repeat": 4,
    "correction": 5,
    "late": 5,
    "reminder": 6,
    "circular": 7,
}
OPEN = letters.c.state.in_(("waiting", "deferred"))
TRIED = letters.c.state.in_(("sending", "deferred")) & letters.c.claimed_at.is_not(None)
_ADD = adding(letters, "id")
_BY_KEY = Prepared(select(letters.c.id).where(letters.c.key == bindparam("key_")))


def write(
    tx: Connection,
    draft: LetterDraft,
    *,
    now: datetime,
    domain: str,
    about_id: int | None = None,
    unit_id: int | None = None,
    held_back: str = "",
    next_at: datetime | None = None,
    asks: bool = False,
) -> tuple[int, bool]:
    """Add a letter that waits; gives its id, and whether it is new: a key that stands already keeps the first.

    `domain` is the sender's, for the Message-ID; `asks` puts it among the letters that ask something.
    """
    row = {
        "key": plain(draft.key, 300),
        "campaign": draft.campaign,
        "kind": draft.kind,
        "state": "waiting",
        "recipient": plain(draft.recipient, 320),
        "unit_id": unit_id,
        "about_id": about_id,
        "facts": dict(draft.facts),
        "attach_form": draft.attach_form,
        "message_id": message_id_of(draft.key, domain),
        "priority": min(PRIORITIES[draft.kind], ASKING) if asks else PRIORITIES[draft.kind],
        "held_back": held_back,
        "created_at": now,
        "next_at": next_at or now,
        "tries": 0,
    }
    return _add_once(tx, row)


def _add_once(tx: Connection, row: Mapping[str, Any]) -> tuple[int, bool]:
    """Add the row under a new reference, unless a letter with its key stands."""
    while True:  # ends at once but for two equal references in a thousand million
        written = _ADD.scalar(tx, {**row, "reference": new_reference()})
        if written is not None:
            return int(written), True
        standing = _BY_KEY.scalar(tx, {"key_": row["key"]})
        if standing is not None:
            return int(standing), False


def merge(tx: Connection, ids: Sequence[int], into: int, now: datetime) -> None:
    """The letters `ids` are said in the letter `into`: they go no more by themselves and share its fate.

    They stand as withdrawn with `merged_into_id`; what they ask is asked by `into`.
    """
    merged = tx.execute(
        update(letters)
        .where(letters.c.id.in_(ids), letters.c.id != into, OPEN)
        .values(state="withdrawn", merged_into_id=into, settled_at=now)
        .returning(letters.c.id, letters.c.priority)
    ).all()
    if not merged:
        return
    first = min(row.priority for row in merged)
    tx.execute(update(letters).where(letters.c.id == into, letters.c.priority > first).values(priority=first))
    followups.asked_by(tx, [row.id for row in merged], into)


def withdraw(tx: Connection, ids: Iterable[int], now: datetime, reason: str = "") -> int:
    """Take back letters that have not been claimed; gives how many."""
    done = tx.execute(
        update(letters)
        .where(letters.c.id.in_(list(ids)), OPEN)
        .values(state="withdrawn", settled_at=now, reply=plain(reason))
        .returning(letters.c.id)
    )
    return len(done.all())


def postpone(tx: Connection, letter_id: int, until: datetime) -> None:
    """A capped letter waits, with its next date."""
    tx.execute(update(letters).where(letters.c.id == letter_id, OPEN).values(next_at=until))


def postpone_kind(tx: Connection, campaign: str, kind: str, until: datetime) -> int:
    """All letters of a kind wait for the same moment, those that would have gone before it; gives how many."""
    waiting = letters.c.campaign == campaign, letters.c.kind == kind, OPEN, letters.c.held_back == ""
    done = tx.execute(
        update(letters).where(*waiting, letters.c.next_at < until).values(next_at=until).returning(letters.c.id)
    )
    return len(done.all())


def set_facts(tx: Connection, letter_id: int, facts: Mapping[str, Any]) -> None:
    """What an unsent letter shall say, as it is now."""
    tx.execute(update(letters).where(letters.c.id == letter_id, OPEN).values(facts=dict(facts)))


def set_bytes(tx: Connection, letter_id: int, subject: str, raw: bytes) -> None:
    """The exact bytes of a letter that was never tried: composed before its claim."""
    values = {"subject": plain(subject), "raw": raw}
    tx.execute(update(letters).where(letters.c.id == letter_id, OPEN, letters.c.tries == 0).values(**values))


def write_anew(tx: Connection, letter_id: int | None, now: datetime) -> None:
    """A refused letter waits again, to be composed anew: a person has changed what was wrong with it."""
    anew = {"state": "waiting", "subject": None, "raw": None, "tries": 0, "next_at": now}
    tx.execute(update(letters).where(letters.c.id == letter_id, letters.c.state == "refused").values(**anew))


def release_backlog(tx: Connection, ids: Sequence[int] | None) -> int:
    """Let letters of the backlog go (None: all), each not before its own date; gives how many."""
    chosen = letters.c.id.in_(ids) if ids is not None else letters.c.id.is_not(None)
    done = tx.execute(
        update(letters).where(letters.c.held_back == BACKLOG, OPEN, chosen).values(held_back="").returning(letters.c.id)
    )
    return len(done.all())

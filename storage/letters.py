"""Letters: one row each, its key unique, from waiting to its fate.

States and who moves them (anything else is left alone, and the caller is told so):

  waiting, deferred --claim--> sending --settle--> sent | deferred | refused | doubt
  doubt --settle--> sent | deferred | refused
  sent, doubt, sending, deferred --mark_bounced--> bounced (permanent) or a note (temporary)
  doubt, sending, deferred --arrived--> sent
  waiting, deferred --withdraw, merge--> withdrawn
  refused --write_anew--> waiting (by a person, after a refusal as spam)

Promises: a claim stores the exact bytes and a row in `sendings` in the same transaction, before
SMTP begins; what the limits count survives a restart. Never composes and never sends.
"""

from __future__ import annotations

import functools
import hashlib
import secrets
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Connection, Row, Select, bindparam, func, insert, or_, select, update

from intake.outcome import LetterDraft
from storage import followups
from storage.letter_row import LetterRow as LetterRow
from storage.prepared import Prepared
from storage.sql import adding, plain
from storage.tables import letters, messages, sendings

ALPHABET = "23456789ABCDEFGHJKLMNPQRSTUVWXYZ"  # nothing that reads like another; as in classify.REFERENCE
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
REACHED = ("sending", "sent", "doubt", "bounced")  # tries after which the address may have got something


@dataclass(frozen=True, slots=True)
class Counts:
    """Tries in the sliding windows before `now`; those to one address count only where something may have arrived."""

    quarter_hour: int = 0
    hour: int = 0
    day: int = 0
    address_hour: int = 0
    address_day: int = 0
    last_at: datetime | None = None


_COLUMNS = [letters.c[name] for name in LetterRow.__slots__ if name in letters.c]
_ROWS = select(
    *_COLUMNS,
    func.coalesce(messages.c.message_id, "").label("answers_message_id"),
).select_from(letters.outerjoin(messages, letters.c.about_id == messages.c.id))
_OPEN = letters.c.state.in_(("waiting", "deferred"))

_DUE = Prepared(
    _ROWS.where(_OPEN, letters.c.held_back == "", letters.c.next_at <= bindparam("now"))
    .order_by(letters.c.priority, letters.c.id)
    .limit(bindparam("most")),
    LetterRow,
)
_SIBLINGS = Prepared(
    _ROWS.where(
        letters.c.state == "waiting",
        letters.c.held_back == "",
        letters.c.recipient == bindparam("to"),
        letters.c.campaign == bindparam("in_campaign"),
        letters.c.id != bindparam("but"),
    ).order_by(letters.c.priority, letters.c.id),
    LetterRow,
)
_BY_ID = Prepared(_ROWS.where(letters.c.id == bindparam("letter")), LetterRow)
_BY_MESSAGE_ID = Prepared(_ROWS.where(letters.c.message_id == bindparam("named")), LetterRow)
_BY_REFERENCE = Prepared(_ROWS.where(letters.c.reference == bindparam("named")), LetterRow)
_SHARED = (
    select(letters.c.campaign, letters.c.recipient)
    .where(letters.c.state == "waiting", letters.c.held_back == "")
    .group_by(letters.c.campaign, letters.c.recipient)
    .having(func.count() > 1)
)
_IN_STATE = _ROWS.where(letters.c.state == bindparam("in_state")).order_by(letters.c.id)
_CLAIM = Prepared(
    update(letters)
    .where(letters.c.id == bindparam("letter"), _OPEN, letters.c.held_back == "")
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
    .returning(letters.c.priority, letters.c.campaign)
)
_END_TRY = Prepared(
    update(sendings)
    .where(sendings.c.letter_id == bindparam("letter"), sendings.c.state.in_(("sending", "doubt")))
    .values(state=bindparam("state_"))
)
_TRY = Prepared(insert(sendings).inline())
_ADD = adding(letters, "id")
_BY_KEY = Prepared(select(letters.c.id).where(letters.c.key == bindparam("key_")))


def _since(name: str, *where: Any) -> Any:
    after = bindparam(name, type_=sendings.c.at.type)
    return select(func.count()).select_from(sendings).where(sendings.c.at > after, *where).scalar_subquery()


_TO = (sendings.c.recipient == bindparam("to"), sendings.c.state.in_(REACHED))
_COUNTS = Prepared(
    select(
        _since("quarter"),
        _since("hour"),
        _since("day"),
        _since("hour", *_TO),
        _since("day", *_TO),
        select(func.max(sendings.c.at)).scalar_subquery(),
    ),
    Counts,
)


def new_reference() -> str:
    """Six characters that can be typed from paper; from the system's randomness, so they reveal no order."""
    return "".join(secrets.choice(ALPHABET) for _ in range(6))


def message_id_of(key: str, domain: str) -> str:
    """The Message-ID of a letter: the same for the same key, so that a second try is the same mail."""
    return f"<{hashlib.sha256(key.encode('utf-8', 'replace')).hexdigest()[:24]}.intake@{domain}>"


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


def due(tx: Connection, now: datetime, limit: int) -> list[LetterRow]:
    """Letters that may go now, in the order of the policy; those held back are not among them."""
    return _DUE.all(tx, {"now": now, "most": limit})


def open_ones(tx: Connection, ids: Collection[int]) -> list[LetterRow]:
    """Those of the letters that may still be claimed, due or not."""
    return _rows(tx, _ROWS.where(letters.c.id.in_(sorted(ids)), _OPEN).order_by(letters.c.id), {})


def shared_addresses(tx: Connection) -> frozenset[tuple[str, str]]:
    """Campaign and recipient of those to whom more than one letter waits that was never tried."""
    return frozenset((row.campaign, row.recipient) for row in tx.execute(_SHARED))


def siblings(tx: Connection, letter: LetterRow) -> list[LetterRow]:
    """Other letters of the campaign to the same address that were never tried, due or not."""
    return _SIBLINGS.all(tx, {"to": letter.recipient, "in_campaign": letter.campaign, "but": letter.id})


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
    _END_TRY.run(tx, {"letter": letter_id, "state_": state})
    if state == "sent" and settled.priority <= ASKING:
        followups.start(tx, letter_id, now, functools.partial(_due, due, settled.campaign, now) if due else None)
    return True


def _due(due: Callable[[str, str, datetime], datetime], campaign: str, now: datetime, reason: str) -> datetime:
    return due(campaign, reason, now)


def merge(tx: Connection, ids: Sequence[int], into: int, now: datetime) -> None:
    """The letters `ids` are said in the letter `into`: they go no more by themselves and share its fate.

    They stand as withdrawn with `merged_into_id`; what they ask is asked by `into`.
    """
    merged = tx.execute(
        update(letters)
        .where(letters.c.id.in_(ids), letters.c.id != into, _OPEN)
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
        .where(letters.c.id.in_(list(ids)), _OPEN)
        .values(state="withdrawn", settled_at=now, reply=plain(reason))
        .returning(letters.c.id)
    )
    return len(done.all())


def postpone(tx: Connection, letter_id: int, until: datetime) -> None:
    """A capped letter waits, with its next date."""
    tx.execute(update(letters).where(letters.c.id == letter_id, _OPEN).values(next_at=until))


def postpone_kind(tx: Connection, campaign: str, kind: str, until: datetime) -> int:
    """All letters of a kind wait for the same moment, those that would have gone before it; gives how many."""
    waiting = letters.c.campaign == campaign, letters.c.kind == kind, _OPEN, letters.c.held_back == ""
    done = tx.execute(
        update(letters).where(*waiting, letters.c.next_at < until).values(next_at=until).returning(letters.c.id)
    )
    return len(done.all())


def set_facts(tx: Connection, letter_id: int, facts: Mapping[str, Any]) -> None:
    """What an unsent letter shall say, as it is now."""
    tx.execute(update(letters).where(letters.c.id == letter_id, _OPEN).values(facts=dict(facts)))


def write_anew(tx: Connection, letter_id: int | None, now: datetime) -> None:
    """A refused letter waits again, to be composed anew: a person has changed what was wrong with it."""
    anew = {"state": "waiting", "raw": None, "tries": 0, "next_at": now}
    tx.execute(update(letters).where(letters.c.id == letter_id, letters.c.state == "refused").values(**anew))


def in_doubt(tx: Connection) -> list[LetterRow]:
    return _rows(tx, _IN_STATE, {"in_state": "doubt"})


def interrupted(tx: Connection) -> list[LetterRow]:
    """Letters that a stopped program had claimed and not settled."""
    return _rows(tx, _IN_STATE, {"in_state": "sending"})


def release_backlog(tx: Connection, ids: Sequence[int] | None) -> int:
    """Let letters of the backlog go (None: all), each not before its own date; gives how many."""
    chosen = letters.c.id.in_(ids) if ids is not None else letters.c.id.is_not(None)
    done = tx.execute(
        update(letters)
        .where(letters.c.held_back == BACKLOG, _OPEN, chosen)
        .values(held_back="")
        .returning(letters.c.id)
    )
    return len(done.all())


def by_id(tx: Connection, letter_id: int) -> LetterRow | None:
    return _BY_ID.first(tx, {"letter": letter_id})


def by_message_id(tx: Connection, message_id: str) -> LetterRow | None:
    return _BY_MESSAGE_ID.first(tx, {"named": message_id})


def by_reference(tx: Connection, reference: str) -> LetterRow | None:
    return _BY_REFERENCE.first(tx, {"named": reference})


def has_answered(tx: Connection, about_id: int, kind: str) -> bool:
    """Whether a letter of the kind answers a mail."""
    where = (letters.c.about_id == about_id, letters.c.kind == kind)
    return tx.scalar(select(letters.c.id).where(*where).limit(1)) is not None


def units_of(tx: Connection, letter_id: int) -> list[int]:
    """The units that a letter went to: its own, and those of the letters said in it."""
    said = or_(letters.c.id == letter_id, letters.c.merged_into_id == letter_id)
    return list(tx.scalars(select(letters.c.unit_id).where(said, letters.c.unit_id.is_not(None)).distinct()))


def last_to_unit(tx: Connection, campaign: str, kind: str, unit_id: int) -> LetterRow | None:
    """The newest letter of a kind to a unit, whatever became of it."""
    where = (letters.c.campaign == campaign, letters.c.kind == kind, letters.c.unit_id == unit_id)
    return _one(tx, _ROWS.where(*where).order_by(letters.c.id.desc()).limit(1))


def sent_counts(tx: Connection, recipient: str, now: datetime) -> Counts:
    """What the limits count, over every try since a day ago, other programs' runs included."""
    ages = {"quarter": timedelta(minutes=15), "hour": timedelta(hours=1), "day": timedelta(days=1)}
    return _COUNTS.all(tx, {name: now - age for name, age in ages.items()} | {"to": recipient})[0]


def last_sent_to(tx: Connection, recipients: Sequence[str]) -> LetterRow | None:
    """The newest letter that one of the addresses may have got: whom a bounce without Message-ID is about."""
    return _one(
        tx,
        _ROWS.where(letters.c.recipient.in_(recipients), or_(letters.c.state.in_(("sent", "doubt")), _TRIED))
        .order_by(letters.c.claimed_at.desc())
        .limit(1),
    )


_TRIED = letters.c.state.in_(("sending", "deferred")) & letters.c.claimed_at.is_not(None)


def mark_bounced(tx: Connection, letter_id: int, now: datetime, diagnostic: str, permanent: bool) -> None:
    """A delivery failure came back: final for a permanent one, noted for a temporary one.

    Either proves that the letter went out, so one in doubt is settled by it.
    """
    tried = or_(letters.c.state.in_(("sent", "doubt")), _TRIED)
    values: dict[str, Any] = {"reply": plain(diagnostic), "settled_at": now}
    if permanent:
        tx.execute(update(letters).where(letters.c.id == letter_id, tried).values(state="bounced", **values))
        _END_TRY.run(tx, {"letter": letter_id, "state_": "bounced"})
        return
    tx.execute(update(letters).where(letters.c.id == letter_id, tried).values(reply=values["reply"]))
    settle(tx, letter_id, "sent", now, diagnostic)


def arrived(tx: Connection, letter_id: int, now: datetime, reply: str) -> bool:
    """Somebody answers it, so it went out, whatever its last try seemed to end in. False if that was known."""
    tx.execute(update(letters).where(letters.c.id == letter_id, _TRIED).values(state="doubt"))
    return settle(tx, letter_id, "sent", now, reply)


def _rows(tx: Connection, statement: Select[Any], values: Mapping[str, Any]) -> list[LetterRow]:
    return [_row(row) for row in tx.execute(statement, dict(values))]


def _one(tx: Connection, statement: Select[Any]) -> LetterRow | None:
    row = tx.execute(statement).first()
    return None if row is None else _row(row)


def _row(row: Row[Any]) -> LetterRow:
    return LetterRow(**row._mapping)

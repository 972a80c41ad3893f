"""Open follow-ups with what decides their next step; each step one row, written before anything is sent.

Promises: a step of a follow-up happens once, whoever else tries; a unit gets one letter of this kind a
day, which holds everything it owes. Never decides a step.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, Integer, bindparam, func, insert, or_, select, update

from intake.outcome import LetterDraft
from storage import handwritten, letters, references
from storage.sql import insert_new, plain
from storage.tables import chasings, followups, held, liaisons, messages, receipts, submissions, units
from storage.tables import letters as letters_table

TO_SEND = frozenset({"waiting", "sending", "deferred", "doubt"})
QUIET = ("unclear", "overdue", "term", "bounced")  # held items that are no sign that the unit has answered


@dataclass(frozen=True, slots=True)
class Open:
    """A follow-up that has not been handed to the secretariat.

    `letter_state` is that of the letter that asks, "" where there is none; `recipient` "" where nobody
    may be asked; `answered_at` when a mail came from there that waits for a person; `hears`: another letter
    to the unit is still to leave, and shall come before the first question.
    """

    id: int
    campaign: str
    unit_id: int
    unit_name: str
    mode: str
    salutation: str
    reason: str
    awaits: str
    state: str
    asked_at: datetime | None
    due_at: datetime | None
    letter_id: int | None
    letter_state: str
    recipient: str
    receipt: str
    done: frozenset[str]
    answered_at: datetime | None
    hears: bool
    by_hand_at: datetime | None = None  # when a person wrote to the unit since it owes this, of the mailbox itself


_IS_OPEN = (
    followups.c.campaign == bindparam("in_campaign"),
    followups.c.state.in_(("open", "overdue")),
    followups.c.handed_at.is_(None),
    or_(bindparam("unit", type_=Integer).is_(None), followups.c.unit_id == bindparam("unit", type_=Integer)),
)
_ROWS = (
    select(
        followups.c.id, followups.c.campaign, followups.c.unit_id, units.c.name.label("unit_name"), units.c.mode,
        func.coalesce(units.c.salutation, "").label("salutation"), followups.c.reason, followups.c.awaits,
        followups.c.state, followups.c.opened_at, followups.c.asked_at, followups.c.due_at, followups.c.letter_id,
        func.coalesce(letters_table.c.state, "").label("letter_state"),
    )
    .select_from(followups.join(units).outerjoin(letters_table, letters_table.c.id == followups.c.letter_id))
    .where(*_IS_OPEN)
    .order_by(followups.c.unit_id, followups.c.id)
)  # fmt: skip
_OWING = select(followups.c.unit_id).where(*_IS_OPEN)
_DONE = (
    select(chasings.c.followup_id, chasings.c.round)
    .join(followups, followups.c.id == chasings.c.followup_id)
    .where(*_IS_OPEN)
)
_SENDERS = select(submissions.c.unit_id, submissions.c.sender).where(
    submissions.c.campaign == bindparam("in_campaign"),
    submissions.c.state == "standing",
    submissions.c.unit_id.in_(_OWING),
)
_CONFIRMED = select(liaisons.c.unit_id, liaisons.c["values"]).where(
    liaisons.c.campaign == bindparam("in_campaign"),
    liaisons.c.until.is_(None),
    liaisons.c.confirmed_by.is_not(None),
    liaisons.c.unit_id.in_(_OWING),
)
_NUMBERS = select(receipts.c.unit_id, receipts.c.number).where(
    receipts.c.campaign == bindparam("in_campaign"), receipts.c.unit_id.in_(_OWING)
)
_HEARS = select(letters_table.c.unit_id).where(
    letters_table.c.campaign == bindparam("in_campaign"),
    letters_table.c.state.in_(("waiting", "sending", "deferred")),
    letters_table.c.unit_id.in_(_OWING),
)
_ANSWERS = (
    select(messages.c.sender, func.max(messages.c.received_at).label("at"))
    .join(held, held.c.message_id == messages.c.id)
    .where(messages.c.state == "held", held.c.state == "open", held.c.reason.not_in(QUIET))
    .group_by(messages.c.sender)
)
_OF_LETTER = (
    select(followups.c.id)
    .join(chasings, chasings.c.followup_id == followups.c.id)
    .where(chasings.c.letter_id == bindparam("letter"), followups.c.state.in_(("open", "overdue")))
)


def all_open(tx: Connection, campaign: str, email_field: str, unit_id: int | None = None) -> list[Open]:
    """What is owed in a campaign (by one unit) and was not handed over.

    `email_field` is the form's field for an address: a liaison that a person confirmed is written to.
    """
    where = {"in_campaign": campaign, "unit": unit_id}
    rows = tx.execute(_ROWS, where).all()
    if not rows:
        return []
    done: dict[int, set[str]] = {}
    for row in tx.execute(_DONE, where):
        done.setdefault(row.followup_id, set()).add(row.round)
    to = {row.unit_id: row.sender for row in tx.execute(_SENDERS, where)}
    confirmed = {row.unit_id: row._mapping["values"].get(email_field, "") for row in tx.execute(_CONFIRMED, where)}
    to |= {unit_id: address.lower() for unit_id, address in confirmed.items() if address}
    numbers = {row.unit_id: row.number for row in tx.execute(_NUMBERS, where)}
    hears = set(tx.scalars(_HEARS, where))
    answers = {row.sender: row.at for row in tx.execute(_ANSWERS)}
    by_hand = handwritten.newest(tx, None if unit_id is None else [unit_id], alone=True)
    return [
        Open(
            **{name: value for name, value in row._mapping.items() if name != "opened_at"},
            recipient=to.get(row.unit_id, ""),
            receipt=numbers.get(row.unit_id, ""),
            done=frozenset(done.get(row.id, ())),
            answered_at=answers.get(to.get(row.unit_id, "")),
            hears=row.unit_id in hears,
            by_hand_at=at if (at := by_hand.get(row.unit_id)) and at > row.opened_at else None,
        )
        for row in rows
    ]


def still_asked(tx: Connection, letter_id: int) -> list[int]:
    """The follow-ups for which a letter was written and which are open."""
    return list(tx.scalars(_OF_LETTER, {"letter": letter_id}))


def is_first_question(tx: Connection, letter_id: int) -> bool:
    """Whether a letter asks for something for the first time."""
    first = (chasings.c.letter_id == letter_id, chasings.c.round == "ask")
    return tx.scalar(select(chasings.c.id).where(*first).limit(1)) is not None


def write_letter(
    tx: Connection, draft: LetterDraft, unit_id: int, steps: Mapping[int, str], now: datetime, *, domain: str
) -> bool:
    """Write the day's letter to a unit, and the step that it is for each follow-up; False if it went already.

    A letter of the day that still waits is joined: it says everything owed at the moment it leaves.
    """
    letter_id, new = letters.write(tx, draft, now=now, domain=domain, unit_id=unit_id)
    if not new and tx.scalar(select(letters_table.c.state).where(letters_table.c.id == letter_id)) != "waiting":
        return False
    rows = [{"followup_id": id_, "round": step, "letter_id": letter_id, "at": now} for id_, step in steps.items()]
    tx.execute(insert_new(tx, chasings), rows)
    asked = [id_ for id_, step in steps.items() if step == "ask"]
    if asked:
        tx.execute(update(followups).where(followups.c.id.in_(asked)).values(letter_id=letter_id))
    return True


def hand_over(
    tx: Connection, campaign: str, unit_id: int, ids: Sequence[int], reason: str, sentence: str, now: datetime
) -> None:
    """Give follow-ups of a unit to the secretariat as one held item."""
    where = (followups.c.id.in_(ids), followups.c.handed_at.is_(None), followups.c.state.in_(("open", "overdue")))
    taken = tx.execute(update(followups).where(*where).values(handed_at=now).returning(followups.c.id)).all()
    if not taken:
        return
    due = (followups.c.id.in_(ids), followups.c.state == "open", followups.c.due_at <= now)
    tx.execute(update(followups).where(*due).values(state="overdue"))
    rows = [{"followup_id": row.id, "round": "person", "letter_id": None, "at": now} for row in taken]
    tx.execute(insert_new(tx, chasings), rows)
    item: dict[str, Any] = {"reference": references.new_reference(), "campaign": campaign, "unit_id": unit_id}
    item["reason"] = reason
    details = {"followups": [row.id for row in taken]}
    tx.execute(
        insert(held), item | {"sentence": plain(sentence), "details": details, "state": "open", "opened_at": now}
    )


def ended_items(tx: Connection) -> list[int]:
    """The open held items about follow-ups that are all closed by now."""
    items = tx.execute(
        select(held.c.id, held.c.details).where(
            held.c.state == "open", held.c.reason.in_(("overdue", "term", "bounced"))
        )
    ).all()
    if not items:
        return []
    waiting = set(tx.scalars(select(followups.c.id).where(followups.c.state.in_(("open", "overdue")))))
    about = {item.id: set((item.details or {}).get("followups", ())) for item in items}
    return [item_id for item_id, ids in about.items() if ids and not waiting & ids]


def end_items(tx: Connection, now: datetime, words: str) -> None:
    """Close them."""
    values: dict[str, Any] = {"state": "decided", "closed_at": now, "decision": words}
    tx.execute(update(held).where(held.c.id.in_(ended_items(tx)), held.c.state == "open").values(**values))

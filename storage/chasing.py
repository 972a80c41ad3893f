"""Open follow-ups with what decides their next step; each step one row, written before anything is sent.

Promises: a step of a follow-up happens once, whoever else tries; a unit gets one letter of this kind a
day, which holds everything it owes. Never decides a step.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, TypeAlias

from sqlalchemy import Connection, and_, bindparam, exists, func, insert, or_, select, update

from intake.outcome import LetterDraft
from storage import handwritten, letters, references
from storage.prepared import Prepared
from storage.sql import insert_new, keyed, plain
from storage.tables import chasings, followups, held, liaisons, messages, receipts, submissions, units
from storage.tables import letters as letters_table

TO_SEND = frozenset({"waiting", "sending", "deferred", "doubt"})
FEW = 500  # units that a statement may name
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


Among: TypeAlias = Callable[[Any], Any]
_CAMPAIGN: Any = bindparam("in_campaign")
_NOT_HANDED = (
    followups.c.campaign == _CAMPAIGN, followups.c.state.in_(("open", "overdue")), followups.c.handed_at.is_(None),
)  # fmt: skip


def _is_open(among: Among) -> tuple[Any, ...]:
    return (*_NOT_HANDED, among(followups.c.unit_id))


def _of_owing(unit_id: Any, among: Among) -> Any:
    """Whether the unit owes anything."""
    return among(unit_id) & unit_id.in_(select(followups.c.unit_id).where(*_is_open(among)))


_ROWS = keyed(
    lambda among: select(
        followups.c.id, followups.c.campaign, followups.c.unit_id, units.c.name.label("unit_name"), units.c.mode,
        func.coalesce(units.c.salutation, "").label("salutation"), followups.c.reason, followups.c.awaits,
        followups.c.state, followups.c.opened_at, followups.c.asked_at, followups.c.due_at, followups.c.letter_id,
        func.coalesce(letters_table.c.state, "").label("letter_state"),
    )
    .select_from(followups.join(units).outerjoin(letters_table, letters_table.c.id == followups.c.letter_id))
    .where(*_is_open(among))
    .order_by(followups.c.unit_id, followups.c.id)
)  # fmt: skip
_DONE = keyed(
    lambda among: (
        select(chasings.c.followup_id, chasings.c.round)
        .join(followups, followups.c.id == chasings.c.followup_id)
        .where(*_is_open(among))
    )
)
_SENDERS = keyed(
    lambda among: select(submissions.c.unit_id, submissions.c.sender).where(
        submissions.c.campaign == _CAMPAIGN,
        submissions.c.state == "standing",
        _of_owing(submissions.c.unit_id, among),
    )
)
_CONFIRMED = keyed(
    lambda among: select(liaisons.c.unit_id, liaisons.c["values"].label("said")).where(
        liaisons.c.campaign == _CAMPAIGN,
        liaisons.c.until.is_(None),
        liaisons.c.confirmed_by.is_not(None),
        _of_owing(liaisons.c.unit_id, among),
    )
)
_NUMBERS = keyed(
    lambda among: select(receipts.c.unit_id, receipts.c.number).where(
        receipts.c.campaign == _CAMPAIGN, _of_owing(receipts.c.unit_id, among)
    )
)
_HEARS = keyed(
    lambda among: select(letters_table.c.unit_id).where(
        letters_table.c.campaign == _CAMPAIGN,
        letters_table.c.kind.in_(tuple(letters.PRIORITIES)),  # all of them: in the index it stands before the unit
        letters_table.c.state.in_(("waiting", "sending", "deferred")),
        _of_owing(letters_table.c.unit_id, among),
    )
)
_WAITS = exists().where(held.c.message_id == messages.c.id, held.c.state == "open", held.c.reason.not_in(QUIET))
_ANSWERS = keyed(
    lambda among: (
        select(messages.c.sender, func.max(messages.c.received_at).label("at"))
        .where(among(messages.c.sender), messages.c.state == "held", _WAITS)
        .group_by(messages.c.sender)
    )
)
_OF_LETTER = Prepared(
    select(followups.c.id)
    .join(chasings, chasings.c.followup_id == followups.c.id)
    .where(chasings.c.letter_id == bindparam("letter"), followups.c.state.in_(("open", "overdue")))
)
_FIRST = Prepared(
    select(chasings.c.id).where(chasings.c.letter_id == bindparam("letter"), chasings.c.round == "ask").limit(1)
)
_NOW, _HORIZON = (bindparam(name, type_=followups.c.due_at.type) for name in ("now", "horizon"))
_REMINDED = exists().where(chasings.c.followup_id == followups.c.id, chasings.c.round == "before")
_TO_LOOK_AT = Prepared(
    select(followups.c.unit_id)
    .select_from(followups.outerjoin(letters_table, letters_table.c.id == followups.c.letter_id))
    .where(
        *_NOT_HANDED,
        or_(
            followups.c.due_at <= _NOW,
            and_(followups.c.asked_at.is_(None), func.coalesce(letters_table.c.state, "").not_in(TO_SEND)),
            and_(followups.c.asked_at.is_not(None), followups.c.due_at <= _HORIZON, ~_REMINDED),
        ),
    )
    .distinct()
)
_OF_FOLLOWUPS = (held.c.state == "open", held.c.reason.in_(("overdue", "term", "bounced")))
_ITEMS = Prepared(select(held.c.id, held.c.reference).where(*_OF_FOLLOWUPS))
_DETAILS = keyed(lambda among: select(held.c.reference, held.c.details).where(*_OF_FOLLOWUPS, among(held.c.reference)))
_WAITING = Prepared(select(followups.c.id).where(followups.c.state.in_(("open", "overdue"))))


def to_look_at(tx: Connection, campaign: str, now: datetime, horizon: datetime) -> list[int]:
    """The units of which something owed may have its next step now, in order; all others surely have none.

    `horizon` is that of `intake.chasing.horizon`. Left out is what waits for its date, was reminded and
    waits for it, or waits for the letter that asks to leave.
    """
    return sorted(_TO_LOOK_AT.scalars(tx, {"in_campaign": campaign, "now": now, "horizon": horizon}))


def all_open(tx: Connection, campaign: str, email_field: str, unit_ids: Collection[int] | None = None) -> list[Open]:
    """What is owed in a campaign (by these units) and was not handed over.

    `email_field` is the form's field for an address: a liaison that a person confirmed is written to.
    """
    some = _some(unit_ids)
    rows = _ROWS.run(tx, some, in_campaign=campaign)
    if not rows:
        return []
    done: dict[int, set[str]] = {}
    for row in _DONE.run(tx, some, in_campaign=campaign):
        done.setdefault(row.followup_id, set()).add(row.round)
    to = {row.unit_id: row.sender for row in _SENDERS.run(tx, some, in_campaign=campaign)}
    confirmed = {row.unit_id: row.said.get(email_field, "") for row in _CONFIRMED.run(tx, some, in_campaign=campaign)}
    to |= {unit_id: address.lower() for unit_id, address in confirmed.items() if address}
    numbers = {row.unit_id: row.number for row in _NUMBERS.run(tx, some, in_campaign=campaign)}
    hears = {row.unit_id for row in _HEARS.run(tx, some, in_campaign=campaign)}
    answers = {row.sender: row.at for row in _ANSWERS.run(tx, _some(set(to.values())))}
    by_hand = handwritten.newest(tx, some, alone=True)
    return [
        Open(
            id=row.id, campaign=row.campaign, unit_id=row.unit_id, unit_name=row.unit_name, mode=row.mode,
            salutation=row.salutation, reason=row.reason, awaits=row.awaits, state=row.state, asked_at=row.asked_at,
            due_at=row.due_at, letter_id=row.letter_id, letter_state=row.letter_state,
            recipient=to.get(row.unit_id, ""),
            receipt=numbers.get(row.unit_id, ""),
            done=frozenset(done.get(row.id, ())),
            answered_at=answers.get(to.get(row.unit_id, "")),
            hears=row.unit_id in hears,
            by_hand_at=at if (at := by_hand.get(row.unit_id)) and at > row.opened_at else None,
        )
        for row in rows
        if unit_ids is None or row.unit_id in unit_ids
    ]  # fmt: skip


def _some(keys: Collection[Any] | None) -> list[Any] | None:
    """The keys to ask for; None where they are so many that all rows are read instead."""
    return list(keys) if keys is not None and len(keys) <= FEW else None


def still_asked(tx: Connection, letter_id: int) -> list[int]:
    """The follow-ups for which a letter was written and which are open."""
    return _OF_LETTER.scalars(tx, {"letter": letter_id})


def is_first_question(tx: Connection, letter_id: int) -> bool:
    """Whether a letter asks for something for the first time."""
    return _FIRST.scalar(tx, {"letter": letter_id}) is not None


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


def ended_items(tx: Connection, about: dict[str, frozenset[int]] | None = None) -> list[int]:
    """The open held items about follow-ups that are all closed by now.

    `about` remembers from one look to the next which follow-ups an item is about, by its reference: that
    never changes.
    """
    about = {} if about is None else about
    items = {row.reference: row.id for row in _ITEMS.all(tx)}
    for row in _DETAILS.run(tx, _some(items.keys() - about.keys())):
        about[row.reference] = frozenset((row.details or {}).get("followups", ()))
    for gone in about.keys() - items.keys():
        del about[gone]
    if not items:
        return []
    waiting = frozenset(_WAITING.scalars(tx))
    return [items[item] for item, ids in about.items() if ids and waiting.isdisjoint(ids)]


def end_items(tx: Connection, now: datetime, words: str) -> None:
    """Close them."""
    values: dict[str, Any] = {"state": "decided", "closed_at": now, "decision": words}
    tx.execute(update(held).where(held.c.id.in_(ended_items(tx)), held.c.state == "open").values(**values))

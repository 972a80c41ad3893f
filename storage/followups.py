"""What a unit still owes: rows whose clock starts when the letter that asks was sent.

Never computes a date: due dates come from deciding, or from the caller.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, bindparam, insert, select, update

from storage.tables import followups, units


@dataclass(frozen=True, slots=True)
class FollowUp:
    """Something owed: `awaits` is the key of a field or choice, `reason` missing or unclear."""

    id: int
    campaign: str
    unit_id: int
    unit_name: str
    reason: str
    awaits: str
    opened_at: datetime
    asked_at: datetime | None
    due_at: datetime | None
    state: str


_OPEN = followups.c.state.in_(("open", "overdue"))
_CLOSE = (
    update(followups)
    .where(
        followups.c.campaign == bindparam("in_campaign"),
        followups.c.unit_id == bindparam("unit"),
        followups.c.awaits.in_(bindparam("keys", expanding=True)),
        _OPEN,
    )
    .values(state=bindparam("state_"), closed_at=bindparam("now"))
)


_ASKED = select(followups).where(
    followups.c.campaign == bindparam("in_campaign"), followups.c.unit_id == bindparam("unit"), _OPEN
)


@dataclass(frozen=True, slots=True)
class Question:
    """A key asked of a unit, with the letter that asks it (None: no letter goes) and its date."""

    awaits: str
    reason: str
    letter_id: int | None
    due_at: datetime | None


def open_all(
    tx: Connection, campaign: str, unit_id: int, submission_id: int, questions: Sequence[Question], now: datetime
) -> None:
    """Open a row for each question. A key asked already keeps its row and its clock; the date may move."""
    if not questions:
        return
    standing = {row.awaits: row for row in tx.execute(_ASKED, {"in_campaign": campaign, "unit": unit_id})}
    for question in questions:
        if question.awaits in standing:
            _ask_again(tx, standing[question.awaits], submission_id, question)
    common = {"campaign": campaign, "unit_id": unit_id, "submission_id": submission_id}
    rows = [
        common
        | {"awaits": question.awaits, "reason": question.reason, "letter_id": question.letter_id}
        | {"state": "open", "opened_at": now, "due_at": question.due_at}
        for question in questions
        if question.awaits not in standing
    ]
    if rows:
        tx.execute(insert(followups), rows)


def _ask_again(tx: Connection, row: Any, submission_id: int, question: Question) -> None:
    asked = row.asked_at is not None or question.letter_id is None
    values = {
        "submission_id": submission_id,
        "reason": question.reason,
        "letter_id": row.letter_id if asked else question.letter_id,
        "due_at": question.due_at or row.due_at,
    }
    tx.execute(update(followups).where(followups.c.id == row.id).values(**values))


def settle_keys(tx: Connection, campaign: str, unit_id: int, keys: Sequence[str], now: datetime) -> None:
    """The unit, or a person, has answered these keys."""
    _close(tx, campaign, unit_id, keys, "settled", now)


def start(tx: Connection, letter_id: int, asked_at: datetime, due_at: datetime | None) -> None:
    """The letter that asks was sent; `due_at` None keeps the date that the letter names."""
    values = {"asked_at": asked_at} if due_at is None else {"asked_at": asked_at, "due_at": due_at}
    tx.execute(
        update(followups)
        .where(followups.c.letter_id == letter_id, followups.c.asked_at.is_(None), _OPEN)
        .values(**values)
    )


def asked_by(tx: Connection, letter_ids: Sequence[int], into: int) -> None:
    """What these letters ask is asked by another one."""
    tx.execute(update(followups).where(followups.c.letter_id.in_(letter_ids)).values(letter_id=into))


def move_unit(tx: Connection, submission_id: int, unit_id: int) -> None:
    """The submission turned out to be another unit's; what it owes goes along."""
    tx.execute(update(followups).where(followups.c.submission_id == submission_id).values(unit_id=unit_id))


def overdue(tx: Connection, now: datetime) -> list[FollowUp]:
    """Open rows whose date has passed, now marked overdue; those marked before are not given again."""
    passed = (
        update(followups)
        .where(followups.c.state == "open", followups.c.asked_at.is_not(None), followups.c.due_at < now)
        .values(state="overdue")
        .returning(followups.c.id)
    )
    ids = [row.id for row in tx.execute(passed)]
    return _rows(tx, ids) if ids else []


def _rows(tx: Connection, ids: Sequence[int]) -> list[FollowUp]:
    columns = [
        units.c.name.label("unit_name") if name == "unit_name" else followups.c[name] for name in FollowUp.__slots__
    ]
    statement = select(*columns).join_from(followups, units).where(followups.c.id.in_(ids)).order_by(followups.c.id)
    return [FollowUp(**row._mapping) for row in tx.execute(statement)]


def _close(tx: Connection, campaign: str, unit_id: int, keys: Sequence[str], state: str, now: datetime) -> None:
    if keys:
        values = {"in_campaign": campaign, "unit": unit_id, "keys": list(keys), "state_": state, "now": now}
        tx.execute(_CLOSE, values)

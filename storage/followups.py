"""What a unit still owes: rows whose clock starts when the letter that asks was sent.

Never computes a date: due dates come from deciding, or from the caller.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, bindparam, case, delete, func, insert, or_, select, update

from storage import doubtful_replies
from storage.prepared import Prepared
from storage.sql import plain
from storage.tables import chasings, followups, letters, units


@dataclass(frozen=True, slots=True)
class FollowUp:
    """Something owed: `reason` is one of intake/followups.py, `awaits` the key of a field, choice or material."""

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
    original_due_at: datetime | None
    closed_at: datetime | None
    closed_by: str | None


_OPEN = followups.c.state.in_(("open", "overdue"))
_OF_FORM = followups.c.reason.in_(("missing", "unclear"))
_CLOSE = (
    update(followups)
    .where(
        followups.c.campaign == bindparam("in_campaign"),
        followups.c.unit_id == bindparam("unit"),
        followups.c.awaits.in_(bindparam("keys", expanding=True)),
        _OF_FORM,
        _OPEN,
    )
    .values(state=bindparam("state_"), closed_at=bindparam("now"))
)


_ASKED = Prepared(
    select(followups).where(
        followups.c.campaign == bindparam("in_campaign"), followups.c.unit_id == bindparam("unit"), _OF_FORM, _OPEN
    )
)
_ADD = Prepared(insert(followups).inline())
_STARTED = (followups.c.letter_id == bindparam("letter"), followups.c.asked_at.is_(None), _OPEN)
_REASONS = Prepared(select(followups.c.reason).where(*_STARTED).distinct())
_START = Prepared(
    update(followups)
    .where(*_STARTED, followups.c.reason == bindparam("for_reason"))
    .values(asked_at=bindparam("now"), due_at=bindparam("due"))
)


_SENT_THERE = select(letters.c.id).where(letters.c.recipient == bindparam("address"))
_ASKED_THERE = Prepared(
    select(followups.c.awaits, followups.c.id)
    .where(
        followups.c.campaign == bindparam("in_campaign"),
        followups.c.unit_id == bindparam("unit"),
        _OF_FORM,
        _OPEN,
        or_(
            followups.c.letter_id.in_(_SENT_THERE),
            followups.c.id.in_(select(chasings.c.followup_id).where(chasings.c.letter_id.in_(_SENT_THERE))),
        ),
    )
    .order_by(followups.c.id)
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
    standing = {row.awaits: row for row in _ASKED.all(tx, {"in_campaign": campaign, "unit": unit_id})}
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
    _ADD.run_many(tx, rows)


def _ask_again(tx: Connection, row: Any, submission_id: int, question: Question) -> None:
    asked = row.asked_at is not None or question.letter_id is None
    values: dict[str, Any] = {
        "submission_id": submission_id,
        "reason": question.reason,
        "letter_id": row.letter_id if asked else question.letter_id,
        "due_at": question.due_at or row.due_at,
    }
    if question.due_at and row.due_at and question.due_at > row.due_at:  # a later date was named: all begins anew
        values |= {"state": "open", "handed_at": None}
        _forget_steps(tx, row.id)
    tx.execute(update(followups).where(followups.c.id == row.id).values(**values))


def _forget_steps(tx: Connection, followup_id: int) -> None:
    """Reminders of a date that stands no more."""
    tx.execute(delete(chasings).where(chasings.c.followup_id == followup_id, chasings.c.round != "ask"))


def settle_keys(tx: Connection, campaign: str, unit_id: int, keys: Sequence[str], now: datetime) -> None:
    """The unit, or a person, has answered these keys."""
    _close(tx, campaign, unit_id, keys, "settled", now)


def start(tx: Connection, letter_id: int, asked_at: datetime, due: Callable[[str], datetime] | None) -> None:
    """The letter that asks was sent; `due` gives the date of a reason, without it the letter's own date stands."""
    if due is None:
        tx.execute(update(followups).where(*_STARTED).values(asked_at=asked_at), {"letter": letter_id})
        return
    for reason in _REASONS.scalars(tx, {"letter": letter_id}):
        _START.run(tx, {"letter": letter_id, "for_reason": reason, "now": asked_at, "due": due(reason)})


def begin(
    tx: Connection,
    campaign: str,
    unit_id: int,
    reason: str,
    awaits: str,
    now: datetime,
    *,
    asked_at: datetime | None = None,
    due_at: datetime | None = None,
) -> bool:
    """Open a follow-up that no submission asks for; False if the unit owes this already, or has given it.

    One that ends with time alone (a withdrawal) begins at `asked_at`; the others when their letter is sent.
    """
    same = (followups.c.campaign == campaign, followups.c.unit_id == unit_id, followups.c.awaits == awaits)
    answered = (followups.c.state == "settled") & (followups.c.reason == "material")
    if tx.scalar(select(followups.c.id).where(*same, _OPEN | answered).limit(1)) is not None:
        return False
    row = {"campaign": campaign, "unit_id": unit_id, "reason": reason, "awaits": awaits, "state": "open"}
    tx.execute(insert(followups), row | {"opened_at": now, "asked_at": asked_at, "due_at": due_at})
    return True


def end(
    tx: Connection, campaign: str, unit_id: int, awaits: str, now: datetime, *, by: str | None, waived: bool = False
) -> bool:
    """Close what a unit owes under this key, by a person's word or because it arrived; False if nothing was open."""
    where = (followups.c.campaign == campaign, followups.c.unit_id == unit_id, followups.c.awaits == awaits, _OPEN)
    values = {"state": "waived" if waived else "settled", "closed_at": now, "closed_by": by and plain(by, 320)}
    closed = tx.scalars(update(followups).where(*where).values(**values).returning(followups.c.id)).all()
    if by:
        doubtful_replies.close(tx, closed, now, by)
    return bool(closed)


def asked_at(tx: Connection, campaign: str, unit_id: int, address: str) -> dict[str, int]:
    """The follow-up of each key that a letter to this address asks of the unit and that is still open."""
    rows = _ASKED_THERE.all(tx, {"in_campaign": campaign, "unit": unit_id, "address": address})
    return {row.awaits: row.id for row in rows}


def end_all(tx: Connection, ids: Sequence[int], now: datetime, *, by: str, waived: bool) -> None:
    """Close these by a person's word."""
    values = {"state": "waived" if waived else "settled", "closed_at": now, "closed_by": plain(by, 320)}
    tx.execute(update(followups).where(followups.c.id.in_(ids), _OPEN).values(**values))
    doubtful_replies.close(tx, ids, now, by)


def move_due(tx: Connection, followup_id: int, due_at: datetime, now: datetime) -> None:
    """Another date; the first one stays beside it, and what follows from a date begins anew where it lies ahead."""
    first = func.coalesce(followups.c.original_due_at, followups.c.due_at)
    values: dict[str, Any] = {"due_at": due_at, "original_due_at": first}
    if due_at > now:
        values |= {"state": "open", "handed_at": None}
        _forget_steps(tx, followup_id)
    tx.execute(update(followups).where(followups.c.id == followup_id, _OPEN).values(**values))


def all_open(tx: Connection, campaign: str | None = None, unit_id: int | None = None) -> list[FollowUp]:
    """What is owed now, by date; what has no date yet comes last."""
    where: list[Any] = [_OPEN]
    where += [] if campaign is None else [followups.c.campaign == campaign]
    where += [] if unit_id is None else [followups.c.unit_id == unit_id]
    dateless = case((followups.c.due_at.is_(None), 1), else_=0)
    return _select(tx, *where, by=(dateless, followups.c.due_at, followups.c.id))


def steps(tx: Connection, ids: Sequence[int]) -> dict[int, set[str]]:
    """The steps taken of these: ask, before, after, person."""
    found: dict[int, set[str]] = {}
    if ids:
        between = chasings.c.followup_id.between(min(ids), max(ids))  # not IN: there may be thousands
        for row in tx.execute(select(chasings.c.followup_id, chasings.c.round).where(between)):
            found.setdefault(row.followup_id, set()).add(row.round)
    return found


def of_unit(tx: Connection, campaign: str, unit_id: int) -> list[FollowUp]:
    """All that the unit owed or owes."""
    return _select(tx, followups.c.campaign == campaign, followups.c.unit_id == unit_id, by=(followups.c.id,))


def asked_by(tx: Connection, letter_ids: Sequence[int], into: int) -> None:
    """What these letters ask is asked by another one."""
    tx.execute(update(followups).where(followups.c.letter_id.in_(letter_ids)).values(letter_id=into))


def move_unit(tx: Connection, submission_id: int, unit_id: int) -> None:
    """The submission turned out to be another unit's; what it owes goes along."""
    tx.execute(update(followups).where(followups.c.submission_id == submission_id).values(unit_id=unit_id))


def overdue(tx: Connection, now: datetime) -> list[int]:
    """Mark what is open and whose date has passed; gives the ids, not those marked before."""
    passed = (
        update(followups)
        .where(followups.c.state == "open", followups.c.asked_at.is_not(None), followups.c.due_at < now)
        .values(state="overdue")
        .returning(followups.c.id)
    )
    return list(tx.scalars(passed))


def _select(tx: Connection, *where: Any, by: Sequence[Any]) -> list[FollowUp]:
    columns = [
        units.c.name.label("unit_name") if name == "unit_name" else followups.c[name] for name in FollowUp.__slots__
    ]
    statement = select(*columns).join_from(followups, units).where(*where).order_by(*by)
    return [FollowUp(**row._mapping) for row in tx.execute(statement)]


def _close(tx: Connection, campaign: str, unit_id: int, keys: Sequence[str], state: str, now: datetime) -> None:
    if keys:
        values = {"in_campaign": campaign, "unit": unit_id, "keys": list(keys), "state_": state, "now": now}
        tx.execute(_CLOSE, values)

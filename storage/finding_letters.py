"""Letters found again: those that are due, by their names, by whom they went to. Only reads."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, Row, Select, bindparam, func, or_, select

from storage.letter_row import LetterRow
from storage.letters import OPEN, TRIED
from storage.prepared import Prepared
from storage.tables import letters, messages

_COLUMNS = [letters.c[name] for name in LetterRow.__slots__ if name in letters.c]
_ROWS = select(
    *_COLUMNS,
    func.coalesce(messages.c.message_id, "").label("answers_message_id"),
).select_from(letters.outerjoin(messages, letters.c.about_id == messages.c.id))
_DUE = Prepared(
    _ROWS.where(OPEN, letters.c.held_back == "", letters.c.next_at <= bindparam("now"))
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


def by_id(tx: Connection, letter_id: int) -> LetterRow | None:
    return _BY_ID.first(tx, {"letter": letter_id})


def by_message_id(tx: Connection, message_id: str) -> LetterRow | None:
    return _BY_MESSAGE_ID.first(tx, {"named": message_id})


def by_reference(tx: Connection, reference: str) -> LetterRow | None:
    return _BY_REFERENCE.first(tx, {"named": reference})


def due(tx: Connection, now: datetime, limit: int) -> list[LetterRow]:
    """Letters that may go now, in the order of the policy; those held back are not among them."""
    return _DUE.all(tx, {"now": now, "most": limit})


def open_ones(tx: Connection, ids: Collection[int]) -> list[LetterRow]:
    """Those of the letters that may still be claimed, due or not."""
    return _rows(tx, _ROWS.where(letters.c.id.in_(sorted(ids)), OPEN).order_by(letters.c.id), {})


def shared_addresses(tx: Connection) -> frozenset[tuple[str, str]]:
    """Campaign and recipient of those to whom more than one letter waits that was never tried."""
    return frozenset((row.campaign, row.recipient) for row in tx.execute(_SHARED))


def siblings(tx: Connection, letter: LetterRow) -> list[LetterRow]:
    """Other letters of the campaign to the same address that were never tried, due or not."""
    return _SIBLINGS.all(tx, {"to": letter.recipient, "in_campaign": letter.campaign, "but": letter.id})


def in_doubt(tx: Connection) -> list[LetterRow]:
    return _rows(tx, _IN_STATE, {"in_state": "doubt"})


def interrupted(tx: Connection) -> list[LetterRow]:
    """Letters that a stopped program had claimed and not settled."""
    return _rows(tx, _IN_STATE, {"in_state": "sending"})


def has_answered(tx: Connection, about_id: int, kind: str) -> bool:
    """Whether a letter of the kind answers a mail."""
    where = (letters.c.about_id == about_id, letters.c.kind == kind)
    return tx.scalar(select(letters.c.id).where(*where).limit(1)) is not None


def written_at(tx: Connection, unit_id: int, kind: str, moment: datetime) -> list[int]:
    """The letters of a kind about a unit that were written at this very moment, that is by one word of a person."""
    where = (letters.c.unit_id == unit_id, letters.c.kind == kind, letters.c.created_at == moment)
    return list(tx.scalars(select(letters.c.id).where(*where)))


def units_of(tx: Connection, letter_id: int) -> list[int]:
    """The units that a letter went to: its own, and those of the letters said in it."""
    said = or_(letters.c.id == letter_id, letters.c.merged_into_id == letter_id)
    return list(tx.scalars(select(letters.c.unit_id).where(said, letters.c.unit_id.is_not(None)).distinct()))


def last_to_unit(tx: Connection, campaign: str, kind: str, unit_id: int) -> LetterRow | None:
    """The newest letter of a kind to a unit, whatever became of it."""
    where = (letters.c.campaign == campaign, letters.c.kind == kind, letters.c.unit_id == unit_id)
    return _one(tx, _ROWS.where(*where).order_by(letters.c.id.desc()).limit(1))


def last_sent_to(tx: Connection, recipients: Sequence[str]) -> LetterRow | None:
    """The newest letter that one of the addresses may have got: whom a bounce without Message-ID is about."""
    return _one(
        tx,
        _ROWS.where(letters.c.recipient.in_(recipients), or_(letters.c.state.in_(("sent", "doubt")), TRIED))
        .order_by(letters.c.claimed_at.desc())
        .limit(1),
    )


def _rows(tx: Connection, statement: Select[Any], values: Mapping[str, Any]) -> list[LetterRow]:
    return [_row(row) for row in tx.execute(statement, dict(values))]


def _one(tx: Connection, statement: Select[Any]) -> LetterRow | None:
    row = tx.execute(statement).first()
    return None if row is None else _row(row)


def _row(row: Row[Any]) -> LetterRow:
    return LetterRow(**row._mapping)

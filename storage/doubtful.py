"""Circulars and reminders of which nobody knows whether they went: a person says what becomes of them.

Source: part 8, Letters in doubt: such letters are held, never sent once more by themselves.
"""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING

from sqlalchemy import Connection, insert, select, update

from intake.errors import WrongUsage
from storage import claims, references
from storage.letter_row import LetterRow
from storage.sql import plain
from storage.tables import held
from storage.tables import letters as letters_table

if TYPE_CHECKING:
    from storage.plain_rows import HeldRow

REASON = "doubt"
SENT, AGAIN, NEVER = ("已发", "sent"), ("重发", "again"), ("不发", "drop")
_SENTENCE = "发往{}的信函[#{}]发送时中断，不能确定是否发出；请向对方核实后决定：已发、重发或不发。"
CAME_OUT = "其后的来信已说明该信是否发出"
_OPEN = (held.c.reason == REASON, held.c.state == "open")
_SETTLED = (
    select(held.c.id)
    .join(letters_table, held.c.letter_id == letters_table.c.id)
    .where(*_OPEN, letters_table.c.state.not_in(("doubt", "sending")))
)


def waiting(tx: Connection) -> set[int]:
    """The letters in doubt that a person has been asked about."""
    return set(tx.scalars(select(held.c.letter_id).where(*_OPEN)))


def has_settled(tx: Connection) -> bool:
    """Whether a bounce or an answer has settled a letter that a person is asked about."""
    return tx.scalar(_SETTLED.limit(1)) is not None


def end_settled(tx: Connection, now: datetime) -> None:
    """Nobody need look at those any more."""
    values = {"state": "decided", "closed_at": now, "decision": CAME_OUT}
    tx.execute(update(held).where(held.c.id.in_(_SETTLED)).values(**values))


def hold(tx: Connection, letter: LetterRow, now: datetime) -> None:
    """Let a person look at a letter that stays in doubt."""
    row = {
        "reference": references.new_reference(),
        "campaign": letter.campaign,
        "letter_id": letter.id,
        "unit_id": letter.unit_id,
        "reason": REASON,
        "sentence": plain(_SENTENCE.format(letter.recipient, letter.reference)),
        "state": "open",
        "opened_at": now,
    }
    tx.execute(insert(held), row)


def decide(tx: Connection, row: HeldRow, words: str, by: str, now: datetime) -> None:
    """已发, 重发 (the same bytes and Message-ID), 不发; a letter that was settled meanwhile stays as it is."""
    letter_id = tx.scalar(select(held.c.letter_id).where(held.c.reference == row.reference))
    assert letter_id is not None
    said = f"{by}：{words}"
    if words.lower() in SENT:
        claims.settle(tx, letter_id, "sent", now, said)
    elif words.lower() in AGAIN:
        claims.settle(tx, letter_id, "deferred", now, said)  # its date has come long ago
    elif words.lower() in NEVER:
        claims.settle(tx, letter_id, "refused", now, said)
    else:
        raise WrongUsage(words, sentence=f"“{words}”不是可用的决定，请写：已发、重发、不发。")

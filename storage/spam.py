"""Letters that a provider took for spam: their campaign sends nothing more until a person says 恢复."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING

from sqlalchemy import Connection, insert, select

from intake.errors import WrongUsage
from storage import gates, letters, references
from storage.letter_row import LetterRow
from storage.sql import plain
from storage.tables import held

if TYPE_CHECKING:
    from storage.plain_rows import HeldRow

REASON = "spam"
RESUME = ("恢复", "resume")


def hold(tx: Connection, letter: LetterRow, sentence: str, now: datetime) -> None:
    """The gate of the letter's campaign is shut: let a person look at the letter, and why it was refused."""
    row = {
        "reference": references.new_reference(),
        "campaign": letter.campaign,
        "letter_id": letter.id,
        "reason": REASON,
        "sentence": plain(sentence),
        "state": "open",
        "opened_at": now,
    }
    tx.execute(insert(held), row)


def decide(tx: Connection, row: HeldRow, words: str, by: str, now: datetime) -> None:
    """恢复 opens the gate, and the letter goes again with its campaign's others."""
    if words.lower() not in RESUME:
        raise WrongUsage(words, sentence=f"“{words}”不是可用的决定；检查并修改信函后，请写：恢复。")
    letter_id = tx.scalar(select(held.c.letter_id).where(held.c.reference == row.reference))
    gates.open_gate(tx, gates.of_campaign(row.campaign))
    letters.write_anew(tx, letter_id, now)

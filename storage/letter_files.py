"""The exact bytes of letters: in their rows as long as they may be sent, later in a file each.

A circular with its annexes is 200 KB; thousands of them would make every copy of the register heavy. Promises: a
letter's bytes are never nowhere: its file is on disk before its row is emptied. Of one that may still be sent,
or whose fate is unknown, they stay in the row. Whoever wants the bytes of a letter asks `LetterFiles.of`.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from datetime import datetime
from pathlib import Path

from sqlalchemy import Connection, func, select, update

from intake.errors import Permanent
from storage import durable
from storage.letter_row import LetterRow
from storage.tables import letters

SETTLED = ("sent", "refused", "bounced", "withdrawn")
_STATE = func.coalesce(letters.c.state, "")  # not by the index of states: nearly all letters are sent
_MOVABLE = _STATE.in_(SETTLED) & letters.c.raw.is_not(None)


class LetterFiles:
    """One .eml a letter, named by its reference; subfolders by the first two characters of it."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    def keep(self, found: Mapping[str, bytes]) -> None:
        """Write the bytes of letters, by reference. Durable when it returns; raises OSError."""
        durable.write_all(self.folder, {self.path_of(reference): raw for reference, raw in found.items()})

    def of(self, letter: LetterRow) -> bytes | None:
        """The bytes as they left, or would leave; None where it was never claimed, Permanent where they are gone."""
        if letter.raw is not None or letter.state not in SETTLED or letter.subject is None:
            return letter.raw
        try:
            return self.path_of(letter.reference).read_bytes()
        except OSError as error:
            sentence = f"信函 {letter.reference} 的原文已不在 {self.folder} 中，请从备份恢复。"
            raise Permanent(str(error), sentence=sentence) from error

    def path_of(self, reference: str) -> Path:
        return self.folder / reference[:2] / f"{reference}.eml"


def movable(tx: Connection, before: datetime, most: int) -> dict[str, bytes]:
    """The bytes of letters settled before a moment that still lie in their rows, by reference, the oldest first."""
    found = select(letters.c.reference, letters.c.raw).where(_MOVABLE, letters.c.settled_at < before)
    rows = tx.execute(found.order_by(letters.c.settled_at).limit(most)).all()
    return {row.reference: bytes(row.raw) for row in rows}


def empty(tx: Connection, references: Collection[str]) -> None:
    """The bytes of these letters stand in files now; a letter that is wanted again meanwhile keeps them."""
    tx.execute(update(letters).where(letters.c.reference.in_(list(references)), _MOVABLE).values(raw=None))

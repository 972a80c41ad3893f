"""What the secretariat has been told already: the rows of its digests and worklists.

Promises: one letter a slot and recipient, its key unique; it is written with its exact bytes, so that a second try is
the same mail; one that never left is taken back when the next is written, which then tells of its time too.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, select

from intake.outcome import LetterDraft
from storage import finding_letters, letters
from storage.letter_row import LetterRow
from storage.tables import letters as letters_table

REACHED = ("sending", "sent", "doubt")  # states in which somebody may have read it
OPEN = ("waiting", "deferred")
SUPERSEDED = "尚未发出，并入下一期"
_MOST = 60  # of the newest that are looked at


@dataclass(frozen=True, slots=True)
class Told:
    """A digest or worklist: `paper` digest, leaders or worklist; it tells what happened up to `end`."""

    id: int
    state: str
    paper: str
    slot: str
    end: datetime
    closing: bool


@dataclass(frozen=True, slots=True)
class Draft:
    """A letter to the secretariat before it has a row; `slot` names it among those of its paper."""

    campaign: str
    paper: str
    slot: str
    recipient: str
    begin: datetime
    end: datetime
    closing: bool = False

    @property
    def key(self) -> str:
        return f"{self.campaign}/{self.paper}/{self.slot}/{self.recipient}"

    @property
    def facts(self) -> Mapping[str, Any]:
        moments = {"begin": self.begin.isoformat(), "end": self.end.isoformat()}
        return {"paper": self.paper, "slot": self.slot, "closing": self.closing, **moments}


def told(tx: Connection, campaign: str, recipient: str, papers: Sequence[str]) -> list[Told]:
    """The newest letters of these papers, the newest first, whatever became of them."""
    columns = letters_table.c
    where = (columns.campaign == campaign, columns.recipient == recipient, columns.kind.in_(("digest", "worklist")))
    statement = select(columns.id, columns.state, columns.facts).where(*where).order_by(columns.id.desc()).limit(_MOST)
    rows = [row for row in tx.execute(statement) if row.facts.get("paper") in papers]
    return [
        Told(
            row.id,
            row.state,
            row.facts["paper"],
            row.facts["slot"],
            datetime.fromisoformat(row.facts["end"]),
            row.facts["closing"],
        )
        for row in rows
    ]


def write(
    tx: Connection, draft: Draft, address: Callable[[LetterRow], tuple[str, bytes]], *, now: datetime, domain: str
) -> bool:
    """Write the letter with the subject and bytes that `address` gives its row; False if it stands already.

    Regular ones of the same paper that never left are taken back.
    """
    kind: Any = "worklist" if draft.paper == "worklist" else "digest"
    row = LetterDraft(draft.key, kind, draft.campaign, draft.recipient, draft.facts)
    letter_id, is_new = letters.write(tx, row, now=now, domain=domain)
    if not is_new:
        return False
    written = finding_letters.by_id(tx, letter_id)
    assert written is not None
    subject, raw = address(written)
    letters.set_bytes(tx, letter_id, subject, raw)
    letters.withdraw(tx, _superseded(tx, draft, letter_id), now, SUPERSEDED)
    return True


def _superseded(tx: Connection, draft: Draft, but: int) -> Iterable[int]:
    for one in told(tx, draft.campaign, draft.recipient, (draft.paper,)):
        if one.id != but and one.state in OPEN and not one.closing and draft.paper != "worklist":
            yield one.id

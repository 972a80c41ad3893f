"""What nobody has decided after a working day also goes to the deputy, once.

A job may be stopped at any instant and started again: the letter and the mark up to which items have gone stand in
one transaction. What is due is told from its own moment, not from its age: an item of Saturday is due before one of
Friday afternoon.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Connection

from intake.beijing import moment
from intake.office_words import REASONS
from intake.outcome import LetterDraft
from scheduler import deciding
from scheduler.clock import Clock
from scheduler.deciding import Desk
from scheduler.secretariat import Secretariat
from storage import handwritten, held, letters, notes, tokens
from storage.plain_rows import HeldRow
from storage.register import Register

MARK = "deputy told what was due by"
OPENED_MARK = "deputy told up to"  # the newest opening time that had gone, as registers kept it before
MOST = 40  # items shown in full in one letter


@dataclass(frozen=True, slots=True)
class Deputising:
    register: Register
    desk: Desk
    secretariat: Secretariat
    clock: Clock

    def pass_on(self) -> int:
        """Write the letter where its time has come; gives how many items it holds."""
        if not self.secretariat.deputy:
            return 0
        now = self.clock.now()
        with self.register.reading() as tx:
            waiting = self._waiting(tx, now)
        if not waiting:
            return 0
        with self.register.writing() as tx:
            waiting = self._waiting(tx, now)
            if waiting:
                self._write(tx, waiting, now)
        return len(waiting)

    def _waiting(self, tx: Connection, now: datetime) -> list[HeldRow]:
        told = self._told(tx)
        due = [row for row in held.list_open(tx) if self._due(row) <= now and (told is None or self._due(row) > told)]
        answered = handwritten.answered(tx, due)
        return [row for row in due if row.id not in answered]

    def _told(self, tx: Connection) -> datetime | None:
        """What was due by this moment has gone."""
        if mark := notes.read(tx, MARK):
            return datetime.fromisoformat(mark)
        opened = notes.read(tx, OPENED_MARK)
        return self.desk.calendar.later(datetime.fromisoformat(opened), 1) if opened else None

    def _due(self, row: HeldRow) -> datetime:
        return self.desk.calendar.later(row.opened_at, 1)

    def _write(self, tx: Connection, waiting: Sequence[HeldRow], now: datetime) -> None:
        latest, campaign = max(map(self._due, waiting)).isoformat(), self._campaign(waiting[-1])
        facts = {"items": [self._item(tx, row, now) for row in waiting[:MOST]], "more": max(0, len(waiting) - MOST)}
        draft = LetterDraft(
            key=f"{campaign}/deputy/{latest}/{self.secretariat.deputy}",
            kind="worklist",
            campaign=campaign,
            recipient=self.secretariat.deputy,
            facts={"template": "desk-deputy", "desk": facts},
        )
        letters.write(tx, draft, now=now, domain=self.desk.domain)
        notes.write(tx, MARK, latest)

    def _campaign(self, row: HeldRow) -> str:
        """Whose letters can say it: the item's own, or the first that is served."""
        return row.campaign if row.campaign in self.desk.campaigns else next(iter(self.desk.campaigns))

    def _item(self, tx: Connection, row: HeldRow, now: datetime) -> dict[str, Any]:
        words = held.words_of(tx, row, deciding.options_of(self.desk.campaigns, row))
        return {
            "reference": row.reference,
            "reason": REASONS.get(row.reason, row.reason),
            "about": row.unit_name or row.sender,
            "item": row.sentence,
            "since": moment(row.opened_at),
            "lines": self.secretariat.lines(tokens.issue(tx, row.id, now), words),
        }

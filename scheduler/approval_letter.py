"""The letter that shows the approver what waits: each letter as it would leave, and the lines that decide it."""

from __future__ import annotations

import email
import email.policy
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from email.message import EmailMessage
from typing import Any

from sqlalchemy import Connection

from intake.beijing import moment
from intake.instructing.words import ALL, APPROVE, REFUSED
from intake.office_words import LETTERS
from intake.outcome import LetterDraft
from outbox import mime
from outbox.compose import Letters
from scheduler.secretariat import Secretariat
from storage import finding_letters, letters, tokens
from storage.approvals import Shown
from storage.letter_row import LetterRow
from storage.tokens import Issued

WORDS = (APPROVE, *REFUSED)
MOST_OCTETS = 6 << 20  # of letters attached whole: the request must itself pass every mail server
LONGEST = 1900  # characters of a line in the letter: a longer paragraph is carried over


@dataclass(frozen=True, slots=True)
class Asking:
    """`to` are the approvers: those of the configuration, else the secretariat's list, else the mailbox itself."""

    composer: Letters
    secretariat: Secretariat
    to: tuple[str, ...]

    def write(self, tx: Connection, campaign: str, items: Sequence[Shown], more: int, now: datetime) -> list[int]:
        """One letter to each approver about these items; gives the letters' ids. Raises BrokenTemplate.

        `more` wait behind and will be shown when these are decided.
        """
        return [self._write(tx, campaign, items, more, address, now) for address in self.to]

    def _write(
        self, tx: Connection, campaign: str, items: Sequence[Shown], more: int, address: str, now: datetime
    ) -> int:
        key = f"{campaign}/approval/{items[0].reference}/{address}"
        draft = LetterDraft(key=key, kind="worklist", campaign=campaign, recipient=address, facts={})
        letter_id, _ = letters.write(tx, draft, now=now, domain=self.secretariat.domain)
        letter = finding_letters.by_id(tx, letter_id)
        assert letter is not None
        shown = [self._item(tx, one, now) for one in items]
        facts = {"items": shown, "more": more, "all": self._for_all(tx, letter, items, now)}
        letters.set_facts(tx, letter_id, {"template": "desk-approval", "desk": facts})
        whole = finding_letters.by_id(tx, letter_id)
        assert whole is not None
        composed = self.composer.compose(whole, now=now, attached=_attached(items))
        letters.set_bytes(tx, letter_id, composed.subject, composed.raw)
        return letter_id

    def _item(self, tx: Connection, one: Shown, now: datetime) -> dict[str, Any]:
        message = _parsed(one.letter.raw or b"")
        issued = tokens.issue(tx, one.held_id, now)
        return {
            "reference": one.reference,
            "kind": LETTERS.get(one.letter.kind, one.letter.kind),
            "unit": one.unit_name,
            "to": one.letter.recipient,
            "subject": one.letter.subject or "",
            "since": moment(one.since),
            "text": list(_lines(message)),
            "files": [f"{part.get_filename() or '附件'}（{_size(part)}）" for part in message.iter_attachments()],
            "lines": self.secretariat.lines(issued, WORDS),
        }

    def _for_all(
        self, tx: Connection, letter: LetterRow, items: Sequence[Shown], now: datetime
    ) -> list[dict[str, str]]:
        if len(items) < 2:
            return []
        issued = Issued(letter.reference, tokens.issue_all(tx, letter.id, now))
        return self.secretariat.lines(issued, tuple(ALL))


def _parsed(raw: bytes) -> EmailMessage:
    return email.message_from_bytes(raw, EmailMessage, policy=email.policy.default)


def _lines(message: EmailMessage) -> Iterator[str]:
    """The letter's text, a line at a time; nothing is left out."""
    part = message.get_body(("plain",))
    for line in part.get_content().splitlines() if part else ():
        for first in range(0, len(line.strip()), LONGEST):
            yield line.strip()[first : first + LONGEST]


def _size(part: Any) -> str:
    octets = len(part.get_payload(decode=True) or b"")
    return f"{octets / (1 << 20):.1f}MB" if octets >= 1 << 20 else f"{max(1, octets >> 10)}KB"


def _attached(items: Sequence[Shown]) -> list[mime.Attachment]:
    """The letters whole, as many as one mail can carry."""
    files, room = [], MOST_OCTETS
    for number, one in enumerate(items, 1):
        raw = one.letter.raw or b""
        if len(raw) <= room:
            room -= len(raw)
            files.append(mime.Attachment(f"{number} {one.reference}.eml", raw, mime.WHOLE_MAIL))
    return files

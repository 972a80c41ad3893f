"""Invented mails, readings and outcomes for the tests of the register."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from itertools import count
from typing import Any

from sqlalchemy import select

from intake.answers import Choice, Form, Value
from intake.contents import Bounce, Reading
from intake.mail import Address
from intake.outcome import HeldDraft, LetterDraft, Outcome, SubmissionDraft
from intake.raw_mail import RawMail, Sighting
from intake.verdict import Signs, Verdict
from storage import claims, finding_letters, knowing, letters, mails, recording
from storage.letter_row import LetterRow
from storage.register import Register
from storage.tables import messages

MADE_AT = datetime(2016, 11, 18, 1, 0, tzinfo=UTC)
NOW = datetime(2016, 11, 21, 2, 0, tzinfo=UTC)
CAMPAIGN = "sample-2016"
DOMAIN = "office.example.com"
UNIT = "北京示例知识产权代理有限公司"
FORM = Verdict("form", ("one form",))


def raw_mail(uid: int, at: datetime = NOW, *, folder: str = "INBOX", fault: Any = "", validity: int = 1) -> RawMail:
    return RawMail(Sighting("box", folder, validity, uid), at, 1000, b"", fault)


def digest(text: str) -> str:
    return hashlib.sha256(text.encode("utf-8", "replace")).hexdigest()


def reading(
    sender: str = "a@unit.example.com",
    *,
    message_id: str = "<1@unit.example.com>",
    text: str = "",
    units: tuple[str, ...] = (),
    answers_to: tuple[str, ...] = (),
    reply_to: tuple[str, ...] = (),
    refs: tuple[str, ...] = (),
    own: bool = False,
) -> Reading:
    return Reading(
        message_id=message_id,
        sender=Address(sender),
        reply_to=tuple(map(Address, reply_to)),
        subject="意向书",
        answers_to=answers_to,
        top_received=None,
        fingerprint=digest(text or f"{sender}{message_id}"),
        signs=Signs(forms=len(units), refs=refs, own=own),
        verdict=FORM,
        forms=tuple(Form(CAMPAIGN, "意向书.docx", {"unit": Value(name)}, {}) for name in units),
    )


def answers(**given: str) -> dict[str, Choice]:
    return {key: Choice(key, answer, "☑", "第4行") for key, answer in given.items()}


def draft(unit: str = UNIT, unit_id: int | None = None, join: str = "yes", **more: Any) -> SubmissionDraft:
    values = {"unit": Value(unit, "第1行第2列"), "contact": Value("示例联系人", "第2行第2列")}
    given: dict[str, Any] = {
        "campaign": CAMPAIGN,
        "unit": unit,
        "unit_id": unit_id,
        "values": values,
        "choices": answers(join=join, member="blank"),
        "problems": (),
        "sources": ("意向书.docx",),
        "lateness": "in time",
    }
    return SubmissionDraft(**(given | more))


def letter(key: str = "k", kind: Any = "acknowledgement", to: str = "a@unit.example.com", **more: Any) -> LetterDraft:
    given: dict[str, Any] = {"facts": {"subject": "意向书"}} | more
    return LetterDraft(key=f"{CAMPAIGN}/{key}/{kind}/1", kind=kind, campaign=CAMPAIGN, recipient=to, **given)


def outcome(
    *submissions: SubmissionDraft,
    letters: tuple[LetterDraft, ...] = (),
    held: tuple[HeldDraft, ...] = (),
    bounced: Bounce | None = None,
    received_at: datetime = NOW,
    verdict: Verdict = FORM,
) -> Outcome:
    return Outcome(verdict, CAMPAIGN, received_at, submissions, letters, held, bounced)


def office(now: datetime = NOW, **more: Any) -> knowing.Office:
    return knowing.Office((CAMPAIGN,), "office@example.com", now, **more)


@dataclass
class Desk:
    """Receives and records in short; each mail gets the next UID."""

    register: Register
    uids: Any = field(default_factory=lambda: count(1))

    def receive(self, at: datetime = NOW, text: str = "", *, folder: str = "INBOX") -> mails.MailRow:
        uid = next(self.uids)
        raw_hash = digest(text or f"mail {uid}")
        with self.register.writing() as tx:
            batch = [(raw_mail(uid, at, folder=folder), raw_hash)]
            mails.receive(tx, batch, now=max(at, NOW), made_at=self.register.made_at)
            message_id = tx.scalars(select(messages.c.id).where(messages.c.raw_hash == raw_hash)).one()
            found = mails.by_id(tx, message_id)
        assert found is not None
        return found

    def record(self, what: Outcome, read: Reading | None = None, **more: Any) -> mails.MailRow:
        """A mail comes in, and this is decided about it."""
        at = more.pop("at", NOW)
        mail = self.receive(at, more.pop("text", ""))
        self.record_again(mail, what, read, **more)
        return mail

    def record_again(self, mail: mails.MailRow, what: Outcome, read: Reading | None = None, **more: Any) -> bool:
        now = more.pop("now", NOW)
        with self.register.writing() as tx:
            return recording.record(tx, mail, read or reading(), what, now, domain=DOMAIN, **more)

    def write(self, one: LetterDraft, **more: Any) -> LetterRow:
        """A letter that waits."""
        with self.register.writing() as tx:
            letter_id, _ = letters.write(tx, one, now=more.pop("now", NOW), domain=DOMAIN, **more)
        return self.letter(letter_id)

    def letter(self, letter_id: int) -> LetterRow:
        with self.register.reading() as tx:
            found = finding_letters.by_id(tx, letter_id)
        assert found is not None
        return found

    def send(self, letter_id: int, at: datetime = NOW, state: str = "sent", **more: Any) -> LetterRow:
        """Claim it, and give it its fate."""
        with self.register.writing() as tx:
            assert claims.claim(tx, letter_id, "主题", b"raw", at)
        with self.register.writing() as tx:
            assert claims.settle(tx, letter_id, state, at, **more)
        return self.letter(letter_id)

    def due(self, now: datetime = NOW) -> list[LetterRow]:
        with self.register.reading() as tx:
            return finding_letters.due(tx, now, 100)

    def known(self, read: Reading, mail: mails.MailRow | None = None, **more: Any) -> Any:
        row = mail or self.receive()
        with self.register.reading() as tx:
            return knowing.known_for(tx, row, read, office(**more))


def hours(number: float) -> timedelta:
    return timedelta(hours=number)

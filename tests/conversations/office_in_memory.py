"""The whole office in memory: mailbox and letter box are a fake NetEase, the clock is set, the daemon is the real one.

    office.form(UNITS[0], "11-18 09:00")      a mail with a filled form comes in
    office.round()                            the daemon fetches, reads, decides, answers
    office.letters_to(UNITS[0].email)         what was really sent there, parsed
    office.standing(UNITS[0].name)            what the register holds of the unit
    office.held()                             what waits for a person, by reason
    office.wait(days=1)                       time goes by

At the end of every conversation `close` audits the promises that no conversation may break: the
mailbox is as people left it, no letter was accepted twice, what was sent is what was stored, and no
telephone or address of a unit stands in a letter to somebody who neither sent it nor is on its roster.
"""

from __future__ import annotations

import email
import email.policy
import functools
import json
import re
import shutil
import sqlite3
from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from contextlib import ExitStack
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from email.message import EmailMessage, Message
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from netease import NETEASE, FakeNetease, Moods, StoredMail
from sqlalchemy import select

from program import bundled, wiring
from program.demo import forms, mails
from program.demo.forms import Answers
from program.demo.mails import MANNERS, File
from program.demo.units import UNITS, Unit
from program.settings import load_settings
from scheduler.clock import SetClock
from scheduler.jobs import Summary
from storage import finding_letters, gates, rosters, submissions, tokens, units
from storage import held as held_desk
from storage.letter_files import LetterFiles
from storage.roster_sheet import RosterRow
from storage.tables import held, letters, messages
from storage.tokens import Issued

BEIJING = ZoneInfo("Asia/Shanghai")
CAMPAIGN = "cipoa-2016"
SECRETARY = "secretariat@example.com"
SEEN_AFTER = timedelta(seconds=40)
FOLDERS = (("INBOX", ""), ("草稿箱", "\\Drafts"), ("已发送", "\\Sent"), ("垃圾邮件", "\\Junk"), ("订阅邮件", ""))
FORM_FILE = "入盟意向书.docx"
TITLE = "首都知识产权运营联盟入盟意向书"
GREETING = "您好，意向书见附件，请查收。"


def at(text: str) -> datetime:
    """A Beijing moment of 2016: `11-18 09:30` or `12-02 17:00:01`; a year may stand before it."""
    day, _, time = text.partition(" ")
    return datetime.fromisoformat(f"{day if day.count('-') == 2 else f'2016-{day}'}T{time}").replace(tzinfo=BEIJING)


@dataclass(frozen=True, slots=True)
class Letter:
    """A letter as it arrived: `text` is the plain part without blanks, to look for sentences in."""

    kind: str
    recipient: str
    subject: str
    text: str
    html: str
    message: EmailMessage
    raw: bytes
    files: tuple[str, ...] = ()

    @property
    def message_id(self) -> str:
        return str(self.message["Message-ID"])

    @property
    def reference(self) -> str:
        """The short reference at the end of its subject."""
        found = re.search(r"\[#([2-9A-HJ-NP-Z]{6})\]$", self.subject)
        assert found, self.subject
        return found[1]


@dataclass(frozen=True, slots=True)
class Standing:
    """What the register holds of a unit."""

    join: str
    member: str
    values: Mapping[str, str]
    lateness: str
    receipt: str
    sender: str
    asked: frozenset[str]


class OfficeClock(SetClock):
    """The daemon's clock and the provider's are one: whatever is slept on one passes on the other."""

    def __init__(self, moment: datetime, server: FakeNetease) -> None:
        super().__init__(moment)
        self._server = server
        server.clock.set(self.now())

    def sleep(self, seconds: float) -> None:
        super().sleep(seconds)
        self._server.clock.set(self.now())


class Office:
    """`settings` are INTAKE_ variables without that prefix; `blank` an empty register to be copied."""

    def __init__(
        self, folder: Path, blank: Path, *, now: str = "11-17 08:00", moods: Moods | None = None,
        campaign: Path | None = None, **settings: object,
    ) -> None:  # fmt: skip
        self.folder = folder
        self._stack = ExitStack()
        self.server = self._stack.enter_context(FakeNetease(moods or NETEASE(folders=FOLDERS)))
        self.clock = OfficeClock(at(now), self.server)
        place = folder / "register.sqlite"
        copy_register(blank, place, self.clock.now())
        self.environment = environment(self.server, folder) | {key: str(value) for key, value in settings.items()}
        if campaign:
            self.environment["CAMPAIGN"] = str(campaign)
        self.flags: list[tuple[StoredMail, frozenset[str]]] = []
        self.private: dict[str, set[str]] = {}  # who may read a telephone number, an address
        self.secretariat = {*_listed(self.environment["DIGEST__TO"]), self.server.username}
        self.twice: set[str] = set()  # Message-IDs that the rule of doubt let go twice
        self._works: ExitStack | None = None
        self.start()

    # ---- life -------------------------------------------------------------------------------

    def start(self, **settings: object) -> None:
        """Start the daemon, or start it again; changed settings may be given."""
        self.stop()
        self.environment |= {key: str(value) for key, value in settings.items()}
        variables = {f"INTAKE_{key}": value for key, value in self.environment.items()}
        self._works = ExitStack()
        built = wiring.build(load_settings(None, variables, self.folder), self.clock)
        self.works = self._works.enter_context(built)

    def stop(self) -> None:
        if self._works:
            self._works.close()
        self._works = None

    def close(self, *, audited: bool = True) -> None:
        try:
            if audited:
                self.audit()
        finally:
            self.stop()
            self._stack.close()

    # ---- time -------------------------------------------------------------------------------

    def wait(self, **time: float) -> None:
        """Let time go by: wait(hours=1)."""
        self.clock.sleep(timedelta(**time).total_seconds())

    def until(self, moment: datetime | str) -> None:
        """Let time go by until then; never back."""
        moment = at(moment) if isinstance(moment, str) else moment
        self.clock.sleep(max(0.0, (moment - self.clock.now()).total_seconds()))

    # ---- mails ------------------------------------------------------------------------------

    def mail(
        self, raw: bytes, when: str | datetime, *, folder: str = "INBOX", flags: Iterable[str] = (), **trouble: Any
    ) -> StoredMail:
        """Let a mail arrive at that moment; the daemon's clock goes on to shortly after it."""
        moment = at(when) if isinstance(when, str) else when
        stored = self.server.store.deliver(raw, folder, moment, flags=flags, **trouble)
        self.flags.append((stored, frozenset(stored.flags)))
        self.until(moment + SEEN_AFTER)
        return stored

    def write(
        self, sender: Unit | str, when: str, subject: str, *, marked: str = "", reply_to: Letter | None = None,
        folder: str = "INBOX", flags: Iterable[str] = (), headers: Sequence[tuple[str, str]] = (), **body: Any,
    ) -> StoredMail:  # fmt: skip
        """A person's mail: text=, html=, files=. `marked` is our provider's Received where it differs from `when`."""
        raw = self.compose(sender, when, subject, marked=marked, reply_to=reply_to, headers=headers, **body)
        return self.mail(raw, when, folder=folder, flags=flags)

    def compose(
        self, sender: Unit | str, when: str, subject: str, *, marked: str = "", reply_to: Letter | None = None,
        headers: Sequence[tuple[str, str]] = (), **body: Any,
    ) -> bytes:  # fmt: skip
        who = (sender.contact, sender.email) if isinstance(sender, Unit) else ("示例人员", sender)
        manner = MANNERS[len(who[1]) % len(MANNERS)]
        answered: Message | None = reply_to.message if reply_to else None
        return mails.compose(manner, who, at(marked or when), subject, reply_to=answered, headers=headers, **body)

    def form(
        self, of: Unit, when: str, join: str = "yes", member: str = "no", *, sender: str = "", mark: str = "☑",
        more: Sequence[File] = (), subject: str = "", text: str = GREETING, name: str = "", **options: Any,
    ) -> StoredMail:  # fmt: skip
        """A mail with a filled Word form; keyword arguments named like fields change what it says."""
        changed = {key: options.pop(key) for key in tuple(options) if key in forms.LABELS}
        file = self.file(of, join, member, sender=sender, mark=mark, name=name, **changed)
        subject = subject or f"{of.name}入盟意向书"
        return self.write(sender or of, when, subject, text=text, files=[file, *more], **options)

    def file(
        self, of: Unit, join: str = "yes", member: str = "no", *, sender: str = "", mark: str = "☑",
        name: str = "", **changed: str,
    ) -> File:  # fmt: skip
        """The form as a Word file; who sends it may read its values."""
        filled = self.answers(of, join, member, sender=sender, **changed)
        return File(name or f"{of.name}{FORM_FILE}", _docx(tuple(filled.values.items()), join, member, mark))

    def answers(self, of: Unit, join: str = "yes", member: str = "no", *, sender: str = "", **changed: str) -> Answers:
        filled = Answers({**of.values, **changed}, join, member)
        for key in ("office_phone", "mobile", "email"):
            if value := filled.values[key]:
                self.private.setdefault(value, set()).add(sender or of.email)
        return filled

    def pasted(self, of: Unit, when: str, join: str = "yes", member: str = "no", *, sender: str = "") -> StoredMail:
        """A form typed into the body: quickly made where there are many."""
        text = forms.pasted(self.answers(of, join, member, sender=sender))
        return self.write(sender or of, when, f"{of.name}入盟意向书", text=text)

    def roster(self, *rows: Unit | RosterRow) -> None:
        """Load a roster; a unit's own row holds its address and whether it is a member."""
        given = [row if isinstance(row, RosterRow) else roster_row(row) for row in rows]
        numbered = [replace(row, line=line) for line, row in enumerate(given, 2)]
        with self.works.register.writing() as tx:
            rosters.load(tx, numbered, self.clock.now())
        for row, unit in zip(numbered, rows, strict=True):
            if isinstance(unit, Unit):
                for value in (unit.office_phone, unit.mobile, unit.email):
                    self.private.setdefault(value, set()).update(row.addresses)

    def allow(self, unit: Unit, reader: str) -> None:
        """Somebody else may read the unit's values too: the address stands on its roster row."""
        for value in (unit.office_phone, unit.mobile, unit.email):
            self.private.setdefault(value, set()).add(reader)

    # ---- people at the desk -----------------------------------------------------------------

    def decide(self, words: str, *, reason: str = "", by: str = "liu") -> None:
        """A person decides what waits (of that reason, where several do)."""
        (row,) = [row for row in self.held_rows() if reason in ("", row.reason)]
        with self.works.register.writing() as tx:
            held_desk.decide(tx, row.reference, words, by, self.clock.now())

    def issue(self, *, reason: str = "") -> Issued:
        """A token for what waits (of that reason), as a digest would show it."""
        (row,) = [row for row in self.held_rows() if reason in ("", row.reason)]
        with self.works.register.writing() as tx:
            return tokens.issue(tx, row.id, self.clock.now())

    def pause(self) -> None:
        """A person stops all letters to units from the shell."""
        with self.works.register.writing() as tx:
            gates.shut(tx, gates.TO_UNITS, "暂停", None, now=self.clock.now())

    def resume(self) -> None:
        with self.works.register.writing() as tx:
            gates.open_gate(tx, gates.TO_UNITS)

    def retry(self, reference: str) -> None:
        with self.works.register.writing() as tx:
            held_desk.retry(tx, reference, self.clock.now())

    # ---- the daemon -------------------------------------------------------------------------

    def round(self) -> Summary:
        """One round that must go well."""
        summary = self.try_round()
        assert not summary.failures, summary.failures
        assert not summary.broken, summary.broken
        return summary

    def try_round(self) -> Summary:
        return self.works.jobs.once()

    # ---- what came of it --------------------------------------------------------------------

    def letters(self) -> list[Letter]:
        return [parsed(mail.raw, mail.recipients[0]) for mail in self.server.sent]

    def letters_to(self, unit: Unit | str) -> list[Letter]:
        address = unit.email if isinstance(unit, Unit) else unit
        return [letter for letter in self.letters() if letter.recipient == address]

    def letter_to(self, unit: Unit | str) -> Letter:
        """The one letter sent there."""
        (letter,) = self.letters_to(unit)
        return letter

    def kinds_to(self, unit: Unit | str) -> list[str]:
        return [letter.kind for letter in self.letters_to(unit)]

    def kinds(self) -> dict[str, list[str]]:
        """The kinds of the letters sent, by recipient."""
        found: dict[str, list[str]] = {}
        for letter in self.letters():
            found.setdefault(letter.recipient, []).append(letter.kind)
        return found

    def held(self) -> list[str]:
        """The reasons of what waits for a person."""
        return [row.reason for row in self.held_rows()]

    def held_rows(self) -> list[Any]:
        with self.works.register.reading() as tx:
            return list(tx.execute(select(held).where(held.c.state == "open").order_by(held.c.id)))

    def mail_kinds(self) -> list[str]:
        """The kinds of the mails handled, in the order they arrived."""
        with self.works.register.reading() as tx:
            return list(tx.scalars(select(messages.c.kind).order_by(messages.c.internal_date, messages.c.id)))

    def letter_rows(self) -> list[Any]:
        with self.works.register.reading() as tx:
            return list(tx.execute(select(letters).order_by(letters.c.id)))

    def letter_states(self) -> list[tuple[str, str]]:
        return [(row.kind, row.state) for row in self.letter_rows()]

    def standing(self, unit: Unit | str) -> Standing | None:
        """What stands of the unit; None where nothing does."""
        name = unit.name if isinstance(unit, Unit) else unit
        with self.works.register.reading() as tx:
            unit_id = units.find(tx, name)
            found = None if unit_id is None else submissions.earlier(tx, CAMPAIGN, unit_id)
        if found is None:
            return None
        answers = {key: choice.answer for key, choice in found.choices.items()}
        values = {key: value.text for key, value in found.values.items()}
        return Standing(
            answers.get("join", "blank"), answers.get("member", "blank"), values, found.lateness, found.receipt,
            found.sender, found.asked,
        )  # fmt: skip

    def answers_of(self, unit: Unit | str) -> tuple[str, str] | None:
        """Both answers as they stand."""
        found = self.standing(unit)
        return (found.join, found.member) if found else None

    def query(self, statement: str) -> list[tuple[Any, ...]]:
        with sqlite3.connect(self.folder / "register.sqlite") as register:
            return register.execute(statement).fetchall()

    # ---- the promises -----------------------------------------------------------------------

    def audit(self) -> None:
        assert self.server.changing_commands() == []
        for mail, flags in self.flags:
            assert mail.flags == flags
        self._audit_letters()
        self._audit_privacy()

    def _audit_letters(self) -> None:
        sent = Counter(letter.message_id for letter in self.letters())
        assert {id_ for id_, count in sent.items() if count > 1} <= self.twice
        files = LetterFiles(self.folder / "data" / "letters")
        with self.works.register.reading() as tx:
            found = [finding_letters.by_id(tx, row.id) for row in self.letter_rows()]
        kept = {letter.message_id: files.of(letter) for letter in found if letter}
        for letter in self.letters():
            assert kept[letter.message_id] == letter.raw

    def _audit_privacy(self) -> None:
        """Promise 8, for whatever conversation: values reach only who sent them or stands on the roster row.

        The secretariat may read what it keeps.
        """
        for letter in self.letters():
            if letter.recipient in self.secretariat:
                continue
            for value, readers in self.private.items():
                if value in letter.text or value in letter.html:
                    assert letter.recipient in readers, f"{value} was told to {letter.recipient}"


@functools.cache
def _docx(values: tuple[tuple[str, str], ...], join: str, member: str, mark: str) -> bytes:
    return forms.docx(Answers(dict(values), join, member), mark)


def environment(server: FakeNetease, folder: Path) -> dict[str, str]:
    """The settings of an office, as INTAKE_ variables without the prefix."""
    found = {
        "DATA": str(folder / "data"),
        "STORAGE__URL": f"sqlite:///{folder}/register.sqlite",
        "DIGEST__TO": SECRETARY,
        "DIGEST__SEND": "false",
        "LOG__LEVEL": "error",
    }
    for section, port in (("MAILBOX", server.imap_port), ("SMTP", server.smtp_port)):
        login = {"HOST": server.host, "PORT": port, "SECURITY": "none", "TIMEOUT_SECONDS": 10}
        login |= {"USERNAME": server.username, "PASSWORD": server.password}
        found |= {f"{section}__{key}": str(value) for key, value in login.items()}
    return found


def _listed(setting: str) -> list[str]:
    return json.loads(setting) if setting.startswith("[") else [setting]


def copy_register(blank: Path, place: Path, made_at: datetime) -> None:
    """An empty register, as if it had been made at that moment."""
    place.write_bytes(blank.read_bytes())
    with sqlite3.connect(place) as register:
        moment = made_at.astimezone(UTC).isoformat()
        register.execute("UPDATE facts SET value = ? WHERE name = 'made_at'", (moment,))


def roster_row(unit: Unit, **changes: Any) -> RosterRow:
    row = RosterRow(0, unit.name, contact=unit.contact, addresses=(unit.email,), member=unit.member)
    return replace(row, **changes)


@functools.lru_cache(maxsize=500)
def parsed(raw: bytes, recipient: str) -> Letter:
    """A letter as its reader sees it."""
    message = email.message_from_bytes(raw, EmailMessage, policy=email.policy.default)
    plain, html = message.get_body(("plain",)), message.get_body(("html",))
    assert plain is not None
    assert html is not None
    files = tuple(part.get_filename() or "" for part in message.iter_attachments())
    return Letter(
        kind=str(message["X-CIPSA-Intake"]),
        recipient=recipient,
        subject=str(message["Subject"]),
        text=flat(plain.get_content()),
        html=flat(html.get_content()),
        message=message,
        raw=raw,
        files=files,
    )


def flat(text: str) -> str:
    """Without tags and blanks, to look for sentences."""
    text = re.sub(r"<(style|head).*?</\1>", "", text, flags=re.DOTALL)
    return re.sub(r"[\s\u3000]+", "", re.sub(r"<[^>]+>", "", text))


def campaign_with(folder: Path, old: str, new: str) -> Path:
    """A copy of the first campaign with one line changed."""
    copy = folder / "campaign"
    shutil.copytree(bundled.campaigns()[bundled.DEFAULT_CAMPAIGN], copy)
    file = copy / "campaign.toml"
    text = file.read_text("utf-8")
    assert old in text
    file.write_text(text.replace(old, new), "utf-8")
    return copy


def without_member(count: int, start: int = 0) -> list[Unit]:
    """Units that are no members."""
    return [unit for unit in UNITS if not unit.member][start : start + count]


MakeOffice = Callable[..., Office]

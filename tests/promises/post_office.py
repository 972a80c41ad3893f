"""An office whose daemon is another process: mails lie in a fake NetEase, commands are run, the end is audited."""

from __future__ import annotations

import functools
import hashlib
import shutil
import sqlite3
from collections import Counter
from pathlib import Path
from typing import Any

from conversations.office_in_memory import Letter, at, copy_register, environment, parsed, without_member
from netease import FakeNetease, StoredMail
from promises.nursery import Ended, Nursery, Running

from program.demo import forms, mails
from program.demo.forms import Answers
from program.demo.mails import File
from program.demo.units import Unit

A, B, C, D = without_member(4)
SETTINGS = {"LIMITS__GAP_SECONDS": "0", "OUTBOX__BACKLOG": "send", "READING__WORKERS": "1"}
NOW = "2016-11-18T10:{:02d}:00+08:00"


@functools.cache
def _docx() -> bytes:
    return forms.docx(Answers(A.values, "yes", "no"), "☑")


_WRITTEN: dict[tuple[int, str, str], bytes] = {}


class PostOffice:
    """The story: two forms, one of them incomplete, a question, an auto-reply, and a form in another folder."""

    def __init__(self, folder: Path, blank: Path, server: FakeNetease, nursery: Nursery) -> None:
        self.folder, self.server, self.nursery = folder, server, nursery
        self.place = folder / "register.sqlite"
        copy_register(blank, self.place, at("11-17 08:00"))
        self.environment = environment(server, folder) | SETTINGS
        self.mails: list[StoredMail] = []
        self.expected: Counter[tuple[str, str]] = Counter()
        self.truth: dict[str, str] = {}
        self.with_file = False  # a Word file takes a child longer than pasted text
        self._minute = 0

    # ---- mails --------------------------------------------------------------------------------

    def story(self) -> None:
        self.form(A)
        self.form(B, office_phone="", mobile="")
        self.write(C, "咨询", "received", text="请问加入联盟是否需要缴纳会费？")
        self.write(C, "自动回复:您好", "", text="我正在休假。")
        self.form(D, folder="订阅邮件")

    def form(self, unit: Unit, folder: str = "INBOX", **changed: str) -> None:
        filled = Answers({**unit.values, **changed}, "yes", "no")
        if unit is A and self.with_file:
            body: dict[str, Any] = {"text": "见附件。", "files": [File("意向书.docx", _docx())]}
        else:
            body = {"text": forms.pasted(filled)}
        self.truth[unit.name] = "yes"
        self.write(unit, f"{unit.name}意向书", "acknowledgement", folder=folder, **body)

    def write(self, unit: Unit, subject: str, letter: str, folder: str = "INBOX", **body: Any) -> None:
        when = at(f"11-18 09:{self._minute:02d}")
        self._minute += 1
        key = (unit.number, subject, when.isoformat())  # a story told twice is the same to the octet
        raw = _WRITTEN.setdefault(key, mails.compose("outlook", (unit.contact, unit.email), when, subject, **body))
        self.mails.append(self.server.store.deliver(raw, folder, when))
        if letter:
            self.expected[unit.email, letter] += 1

    # ---- commands -----------------------------------------------------------------------------

    def restore(self, snapshot: Path) -> None:
        """Go on from what another office with the same story had on its disk."""
        shutil.copytree(snapshot, self.folder, dirs_exist_ok=True)

    def once(self, minute: int = 0, stop: str = "", nth: int = 1) -> Ended:
        return self.start(minute, stop, nth).wait()

    def start(self, minute: int = 0, stop: str = "", nth: int = 1) -> Running:
        return self.nursery.start(
            "run", "--once", "--now", NOW.format(minute),
            folder=self.folder, environment=self.environment, stop=stop, nth=nth,
        )  # fmt: skip

    def command(self, *arguments: str) -> Ended:
        return self.nursery.run(*arguments, folder=self.folder, environment=self.environment)

    # ---- the end ------------------------------------------------------------------------------

    def query(self, statement: str) -> list[tuple[Any, ...]]:
        with sqlite3.connect(self.place) as register:
            return register.execute(statement).fetchall()

    def letters(self) -> list[Letter]:
        return [parsed(mail.raw, mail.recipients[0]) for mail in self.server.sent]

    def twice(self) -> list[str]:
        """The Message-IDs that the server took more than once."""
        return [id_ for id_, count in Counter(letter.message_id for letter in self.letters()).items() if count > 1]

    def audit(self, *, doubt: bool = False) -> None:
        """Nothing lost, nothing half written, nothing said twice but the same bytes, the mailbox untouched.

        `doubt`: a letter that was interrupted twice may be left to a person.
        """
        self._audit_mails()
        self._audit_letters(doubt)
        assert self.server.changing_commands() == []
        assert all(mail.flags == set() for mail in self.mails)

    def _audit_mails(self) -> None:
        hashes = sorted(hashlib.sha256(mail.raw).hexdigest() for mail in self.mails)
        assert sorted(row[0] for row in self.query("SELECT raw_hash FROM messages")) == hashes
        assert self.query("SELECT count(*) FROM messages WHERE state = 'received'") == [(0,)]
        assert self.query("SELECT DISTINCT state FROM sightings WHERE folder = 'INBOX'") == [("stored",)]
        kept = [path for path in (self.folder / "data" / "mails").rglob("*") if path.is_file()]
        assert sorted(path.name for path in kept) == [f"{each}.eml" for each in hashes]
        assert all(hashlib.sha256(path.read_bytes()).hexdigest() == path.stem for path in kept)
        standing = "SELECT unit_name, answer FROM submissions s JOIN choices ON submission_id = s.id WHERE key = 'join'"
        assert dict(self.query(standing)) == self.truth
        assert self.query("SELECT count(*) FROM submissions") == [(len(self.truth),)]
        assert self.query("SELECT count(*) FROM receipts") == [(len(self.truth),)]

    def _audit_letters(self, doubt: bool) -> None:
        bytes_of: dict[str, set[bytes]] = {}
        for letter in self.letters():
            bytes_of.setdefault(letter.message_id, set()).add(letter.raw)
        assert all(len(each) == 1 for each in bytes_of.values())
        rows = self.query("SELECT message_id, raw, state, recipient, kind FROM letters")
        assert Counter((recipient, kind) for *_, recipient, kind in rows) == self.expected
        assert {state for _, _, state, *_ in rows} <= ({"sent", "doubt"} if doubt else {"sent"})
        sent = {id_: {raw} for id_, raw, state, *_ in rows if state == "sent"}
        assert sent.items() <= bytes_of.items()
        assert bytes_of.keys() <= {id_ for id_, *_ in rows}

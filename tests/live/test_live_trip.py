"""The whole trip over real protocols: mails lie in a real Dovecot, `intake run --once` runs as a process of its own,
and its letters arrive at a real SMTP server."""

from __future__ import annotations

import email
import email.policy
import os
import sqlite3
import stat
import subprocess
import sys
from contextlib import closing
from datetime import UTC, datetime, timedelta
from email.message import EmailMessage
from pathlib import Path

import pytest
from live_mails import form_mail, plain_mail
from live_servers import Dovecot, Received, SmtpSink

WHEN = datetime(2016, 11, 20, 1, 2, 3, tzinfo=UTC)
pytestmark = pytest.mark.live


class Office:
    """The daemon of a test: its folder, its servers, and `run --once` as a person would type it."""

    def __init__(self, folder: Path, dovecot: Dovecot, smtp_sink: SmtpSink) -> None:
        self.folder = folder
        ours = {
            "MAILBOX__HOST": dovecot.host,
            "MAILBOX__PORT": str(dovecot.port),
            "MAILBOX__SECURITY": "none",
            "MAILBOX__USERNAME": dovecot.username,
            "MAILBOX__PASSWORD": dovecot.password,
            "SMTP__HOST": smtp_sink.host,
            "SMTP__PORT": str(smtp_sink.port),
            "SMTP__SECURITY": "none",
            "SMTP__USERNAME": "",
            "SMTP__FROM": dovecot.username,
            "STORAGE__URL": f"sqlite:///{folder}/register.sqlite",
            "DATA": str(folder / "data"),
            "OUTBOX__BACKLOG": "send",
            "LIMITS__GAP_SECONDS": "0",
        }
        self.environment = {key: value for key, value in os.environ.items() if not key.startswith("INTAKE_")}
        self.environment |= {f"INTAKE_{key}": value for key, value in ours.items()}

    def once(self, now: datetime, code: int = 0) -> str:
        """Run one round at that moment; gives what it printed."""
        command = [sys.executable, "-m", "program.cli", "run", "--once", "--now", now.isoformat()]
        done = subprocess.run(
            command, cwd=self.folder, env=self.environment, capture_output=True, text=True, timeout=100, check=False
        )
        assert done.returncode == code, done.stdout + done.stderr
        assert "Traceback" not in done.stderr
        return done.stdout

    def rows(self, query: str) -> list[tuple[object, ...]]:
        with closing(sqlite3.connect(self.folder / "register.sqlite")) as register:
            return register.execute(query).fetchall()


@pytest.fixture
def office(tmp_path: Path, dovecot: Dovecot, smtp_sink: SmtpSink) -> Office:
    return Office(tmp_path, dovecot, smtp_sink)


def text_of(letter: Received) -> str:
    parsed = email.message_from_bytes(letter.raw, EmailMessage, policy=email.policy.default)
    body = parsed.get_body(("plain",))
    assert body is not None
    return str(body.get_content())


def test_forms_are_recorded_and_each_unit_gets_its_letter(
    office: Office, dovecot: Dovecot, smtp_sink: SmtpSink
) -> None:
    for number, mark in enumerate(("☑", "Wingdings符号", "内容控件", "旧式复选框", "带框字符", "（√）"), 1):
        dovecot.append(form_mail(number, WHEN, mark), WHEN + timedelta(minutes=number))
    dovecot.append(plain_mail(8, WHEN, "会议通知", "明天下午两点在三层开会，请准时参加。"), WHEN)
    before = dovecot.contents()
    printed = office.once(WHEN + timedelta(hours=2))
    assert len(printed.strip().splitlines()) == 1
    assert dovecot.contents() == before
    assert office.rows("SELECT count(*), sum(late) FROM submissions") == [(6, 0)]
    assert office.rows("SELECT DISTINCT key, answer FROM choices ORDER BY key") == [("join", "yes"), ("member", "no")]
    letters = smtp_sink.received()
    assert sorted(letter.recipients for letter in letters) == [
        (f"contact{number:04d}@unit{number:04d}.example.com",) for number in range(1, 7)
    ]
    assert {letter.sender for letter in letters} == {dovecot.username}
    for letter in letters:
        number = letter.recipients[0].partition("@")[0].removeprefix("contact")
        assert f"示例{number}知识产权服务有限公司" in text_of(letter)
        assert "13800138000" in text_of(letter)


def test_a_second_run_with_nothing_new_sends_nothing(office: Office, dovecot: Dovecot, smtp_sink: SmtpSink) -> None:
    dovecot.append(form_mail(1, WHEN), WHEN)
    office.once(WHEN + timedelta(hours=1))
    first = smtp_sink.received()
    office.once(WHEN + timedelta(hours=2))
    assert len(first) == 1
    assert smtp_sink.received() == first


def test_the_letter_is_stored_with_the_very_bytes_that_were_sent(
    office: Office, dovecot: Dovecot, smtp_sink: SmtpSink
) -> None:
    dovecot.append(form_mail(1, WHEN), WHEN)
    office.once(WHEN + timedelta(hours=1))
    ((kind, recipient, state, message_id),) = office.rows("SELECT kind, recipient, state, message_id FROM letters")
    (letter,) = smtp_sink.received()
    assert (kind, state) == ("acknowledgement", "sent")
    assert letter.recipients == (recipient,)
    assert str(message_id).strip("<>") in letter.raw.decode("ascii", "replace")


def test_a_late_form_is_recorded_as_late_and_answered_so(office: Office, dovecot: Dovecot, smtp_sink: SmtpSink) -> None:
    late = datetime(2016, 12, 2, 9, 0, 1, tzinfo=UTC)
    dovecot.append(form_mail(1, late - timedelta(hours=5)), late)
    office.once(late + timedelta(minutes=10))
    assert office.rows("SELECT late FROM submissions") == [(1,)]
    assert office.rows("SELECT kind FROM letters") == [("late",)]
    (letter,) = smtp_sink.received()
    assert "逾期" in text_of(letter)


def test_nobody_else_can_read_what_is_kept(office: Office, dovecot: Dovecot, smtp_sink: SmtpSink) -> None:
    dovecot.append(form_mail(1, WHEN), WHEN)
    office.once(WHEN + timedelta(hours=1))
    kept = [*(office.folder / "data").rglob("*"), *office.folder.glob("register.sqlite*")]
    assert [path for path in kept if path.suffix == ".eml"]
    modes = {path: stat.S_IMODE(path.stat().st_mode) for path in kept}
    assert {mode for path, mode in modes.items() if path.is_file()} == {0o600}
    assert {mode for path, mode in modes.items() if path.is_dir()} <= {0o700}


def test_a_server_that_refuses_costs_only_its_own_half(office: Office, dovecot: Dovecot, smtp_sink: SmtpSink) -> None:
    dovecot.append(form_mail(1, WHEN), WHEN)
    office.environment["INTAKE_SMTP__PORT"] = "1"
    office.once(WHEN + timedelta(hours=1), code=1)
    assert office.rows("SELECT count(*) FROM submissions") == [(1,)]
    assert smtp_sink.received() == []
    office.environment["INTAKE_SMTP__PORT"] = str(smtp_sink.port)
    office.environment["INTAKE_MAILBOX__PASSWORD"] = "wrong"
    office.once(WHEN + timedelta(hours=9), code=1)
    assert len(smtp_sink.received()) == 1

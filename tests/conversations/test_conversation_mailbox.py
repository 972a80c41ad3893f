"""What may go wrong with the mailbox, and with single mails: each costs only itself, and is told."""

from __future__ import annotations

import hashlib
import io
import zipfile

import pytest
from conversations import hostile_reading
from conversations.office_in_memory import MakeOffice, Office, without_member
from netease import ALIYUN, EXCHANGE, NETEASE, QQ, Moods
from netease.fake_netease_imap import ImapConversation
from netease.utf7 import encoded
from sqlalchemy import create_engine, literal, select
from sqlalchemy.exc import OperationalError

from intake import deciding
from intake.errors import WrongUsage
from program.demo import forms
from program.demo.mails import File

A, B, C, D = without_member(4)


# ---- the mailbox stays the secretariat's --------------------------------------------------------


def test_people_read_and_write_from_the_mailbox_meanwhile(make_office: MakeOffice) -> None:
    office = make_office(moods=NETEASE(stray_flags=True, scrambled_replies=True))
    read = office.form(A, "11-18 09:00", flags=["\\Seen"])
    answered = office.form(B, "11-18 09:10", flags=["\\Seen", "\\Answered"])
    office.form(C, "11-18 09:20")
    deleted = office.form(D, "11-18 09:30", flags=["\\Deleted"])
    office.round()
    assert sorted(office.kinds()) == sorted(unit.email for unit in (A, B, C, D))  # \Seen means nothing to it
    assert [mail.flags for mail in (read, answered, deleted)] == [{"\\Seen"}, {"\\Seen", "\\Answered"}, {"\\Deleted"}]
    assert len(office.server.store.folders["INBOX"].mails) == 4
    assert {"EXAMINE", "FETCH", "ID"} <= set(office.server.names())


@pytest.mark.parametrize("moods", [NETEASE, QQ, ALIYUN, EXCHANGE])
def test_the_whole_trip_on_every_provider(make_office: MakeOffice, moods: type[Moods]) -> None:
    office = make_office(moods=moods())
    office.form(A, "11-18 09:00")
    office.round()
    office.form(B, "11-18 10:00", "no", "no")
    office.round()
    assert office.kinds() == {A.email: ["acknowledgement"], B.email: ["acknowledgement"]}


def test_a_second_round_with_nothing_new_asks_for_no_mail_and_sends_none(office: Office) -> None:
    for number, unit in enumerate((A, B, C)):
        office.form(unit, f"11-18 09:0{number}")
    office.round()
    before = len(office.server.sent), office.server.names().count("FETCH"), office.server.connections("smtp")
    summary = office.round()
    assert (summary.received.new, summary.handled.mails, summary.letters["sent"]) == (0, 0, 0)
    after = len(office.server.sent), office.server.names().count("FETCH"), office.server.connections("smtp")
    assert after == before


# ---- one half fails ------------------------------------------------------------------------------


def test_a_refused_mailbox_is_remembered_and_sending_goes_on(make_office: MakeOffice) -> None:
    office = make_office(OUTBOX__MODE="hold")
    office.form(A, "11-18 09:00")
    office.round()
    office.server.moods.login_refused = "LOGIN Login error or password error"
    office.start(OUTBOX__MODE="send")
    summary = office.try_round()
    assert office.kinds_to(A) == ["acknowledgement"]
    assert len(summary.failures) == 1
    assert "授权码" in summary.failures[0]
    tries = office.server.names().count("LOGIN")
    office.wait(hours=5)
    assert office.try_round().failures == summary.failures
    assert office.server.names().count("LOGIN") == tries  # not tried again with the same secret
    office.server.moods.login_refused = ""
    office.wait(hours=2)
    office.round()
    assert office.server.names().count("LOGIN") == tries + 1


def test_a_changed_secret_is_tried_at_once(office: Office) -> None:
    office.server.password, old = "ANOTHERCODE", office.server.password
    office.form(A, "11-18 09:00")
    assert office.try_round().failures
    office.start(MAILBOX__PASSWORD="ANOTHERCODE", SMTP__PASSWORD="ANOTHERCODE")
    office.round()
    assert office.kinds_to(A) == ["acknowledgement"]
    kept = b"".join(path.read_bytes() for path in office.folder.rglob("*") if path.is_file())
    assert old.encode() not in kept
    assert b"ANOTHERCODE" not in kept


def test_a_mailbox_out_of_reach_leaves_sending_alone(make_office: MakeOffice) -> None:
    office = make_office(OUTBOX__MODE="hold")
    office.form(A, "11-18 09:00")
    office.round()
    office.start(OUTBOX__MODE="send", MAILBOX__PORT=1)
    summary = office.try_round()
    assert "连接不上" in summary.troubles[0]
    assert office.kinds_to(A) == ["acknowledgement"]


def test_a_sending_server_out_of_reach_leaves_fetching_alone(office: Office) -> None:
    port = office.environment["SMTP__PORT"]
    office.start(SMTP__PORT=1)
    office.form(A, "11-18 09:00")
    summary = office.try_round()
    assert summary.failures
    assert office.answers_of(A) == ("yes", "no")
    assert office.letter_states() == [("acknowledgement", "waiting")]
    office.start(SMTP__PORT=port)
    office.round()
    assert office.kinds_to(A) == ["acknowledgement"]


@pytest.mark.parametrize(("command", "after"), [("LIST", 0), ("EXAMINE", 2), ("SEARCH", 0), ("FETCH", 0), ("FETCH", 1)])
@pytest.mark.parametrize("how", ["EOF", "BYE"])
def test_a_connection_dropped_anywhere_costs_time_only(
    make_office: MakeOffice, command: str, after: int, how: str
) -> None:
    office = make_office(moods=NETEASE(drop_at=command, drop_after=after, drop_with=how))
    for number, unit in enumerate((A, B, C)):
        office.form(unit, f"11-18 09:0{number}")
    assert office.try_round().failures
    office.server.moods.drop_at = ""
    office.round()
    assert office.kinds() == {unit.email: ["acknowledgement"] for unit in (A, B, C)}
    assert office.query("SELECT count(*) FROM messages") == [(3,)]


def test_a_folder_that_is_refused_costs_only_itself(office: Office, monkeypatch: pytest.MonkeyPatch) -> None:
    """Listed, and gone when it is opened: a person renamed it in that moment."""
    office.form(A, "11-18 09:00", folder="订阅邮件")
    named = ImapConversation._named
    monkeypatch.setattr(
        ImapConversation, "_named", lambda self, wire: None if wire == encoded("垃圾邮件") else named(self, wire)
    )
    summary = office.try_round()
    assert len(summary.failures) == 1
    assert office.kinds_to(A) == ["acknowledgement"]


# ---- one mail fails ------------------------------------------------------------------------------


@pytest.mark.parametrize("trouble", ["no literal", "short", "no", "bad", "eof", "bye"])
def test_a_mail_that_cannot_be_fetched_is_retried_and_after_five_tries_shown(office: Office, trouble: str) -> None:
    office.form(A, "11-18 09:00")
    bad = office.mail(
        office.compose(B, "11-18 09:01", "意向书", files=[office.file(B)]), "11-18 09:01", trouble=trouble
    )
    office.form(C, "11-18 09:02")
    for _ in range(6):
        office.try_round()
        office.wait(minutes=2)
    assert office.kinds() == {A.email: ["acknowledgement"], C.email: ["acknowledgement"]}
    assert office.held() == ["unfetched"]
    assert str(bad.uid) in office.held_rows()[0].sentence
    bad.trouble = ""
    office.retry(office.held_rows()[0].reference)
    office.round()
    assert office.kinds_to(B) == ["acknowledgement"]
    assert office.held() == []


def test_a_literal_that_was_short_once_is_whole_the_next_time(office: Office) -> None:
    raw = office.compose(A, "11-18 09:00", "意向书", files=[office.file(A)])
    stored = office.mail(raw, "11-18 09:00", trouble="short")
    office.try_round()
    assert office.letters() == []
    assert office.query("SELECT count(*) FROM messages") == [(0,)]
    stored.trouble = ""
    office.round()
    assert office.kinds_to(A) == ["acknowledgement"]


HOSTILE = {  # how a child fares with a mail: the reason it is held for, and what its sender is told
    "hang": ("unreadable", "内容过于复杂"),
    "memory": ("unreadable", "内容过于复杂"),
    "raise": ("internal", "未能读取"),
    "exit": ("internal", "未能读取"),
}


@pytest.mark.parametrize("how", HOSTILE)
def test_a_mail_that_breaks_its_child_is_held_and_the_next_goes_on(
    make_office: MakeOffice, how: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("scheduler.stored.read_stored", hostile_reading.read_stored)
    office = make_office(READING__SECONDS=6, READING__MEMORY_MB=300)
    office.form(A, "11-18 09:00")
    office.write(B, "11-18 09:01", "入盟意向书", text="见附件。", headers=[(hostile_reading.MARK, how)])
    office.form(C, "11-18 09:02")
    office.round()
    reason, told = HOSTILE[how]
    assert office.kinds() == {A.email: ["acknowledgement"], B.email: ["unreadable"], C.email: ["acknowledgement"]}
    assert office.held() == [reason]
    assert told in office.letter_to(B).text
    assert office.query("SELECT count(*) FROM messages WHERE state = 'received'") == [(0,)]


def test_a_mail_whose_header_section_alone_breaks_the_child_is_held_too(
    make_office: MakeOffice, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("scheduler.stored.read_stored", hostile_reading.read_stored)
    office = make_office(READING__MEMORY_MB=300)
    office.write(B, "11-18 09:01", "意向书", text="见附件。", headers=[(hostile_reading.MARK, "raise always")])
    office.form(C, "11-18 09:02")
    office.round()
    assert office.kinds() == {C.email: ["acknowledgement"]}
    assert office.held() == ["internal"]


def _too_much(number: int) -> Exception:
    """What SQLite says to a statement with so many variables."""
    try:
        with create_engine("sqlite://").connect() as tx:
            tx.execute(select(literal(1).in_(range(number)))).all()
    except OperationalError as error:
        return error
    raise AssertionError


@pytest.mark.parametrize("error", [ZeroDivisionError(), WrongUsage("接受"), _too_much(300_000)], ids=repr)
def test_a_mail_that_breaks_a_rule_is_held_and_the_next_goes_on(
    office: Office, monkeypatch: pytest.MonkeyPatch, error: Exception
) -> None:
    decide = deciding.decide

    def breaks(reading: object, *rest: object, **options: object) -> object:
        if reading.sender.email == B.email:  # type: ignore[attr-defined]
            raise error
        return decide(reading, *rest, **options)  # type: ignore[arg-type]

    monkeypatch.setattr(deciding, "decide", breaks)
    for number, unit in enumerate((A, B, C)):
        office.form(unit, f"11-18 09:0{number}")
    office.round()
    assert office.kinds() == {A.email: ["acknowledgement"], C.email: ["acknowledgement"]}
    assert office.held() == ["internal"]
    monkeypatch.setattr(deciding, "decide", decide)
    office.retry(office.held_rows()[0].reference)
    office.round()
    assert office.kinds_to(B) == ["acknowledgement"]
    assert office.held() == []


def _bomb() -> bytes:
    out = io.BytesIO(forms.brochure("示例"))
    with zipfile.ZipFile(out, "a", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("word/media/big.xml", bytes(60 << 20))
    return out.getvalue()


NASTY = {
    "garbage": b"\xff\xfe\x00" * 500,
    "empty": b"",
    "only a header": b"From: x\r\n",
    "no sender": b"Subject: =?gb2312?B?0uLP8srp?=\r\n\r\n" + "意向书".encode("gbk"),
    "nul bytes": b"From: a@unit.example.com\r\nSubject: \x00\x00\r\n\r\n\x00" * 10,
    "endless header": b"From: a@unit.example.com\r\nX-A: " + b"a" * 300_000 + b"\r\n\r\nhello",
    "deep multipart": b"".join(
        b'Content-Type: multipart/mixed; boundary="b%d"\r\n\r\n--b%d\r\n' % (n, n) for n in range(400)
    ),
    "deep html": b"From: a@unit.example.com\r\nContent-Type: text/html\r\n\r\n" + b"<div>" * 30_000,
    "lone surrogates": "From: a@unit.example.com\r\nSubject: \udcff\udcfe 意向书\r\n\r\n入盟".encode(
        "utf-8", "surrogatepass"
    ),
}


def test_nasty_mails_stop_nothing(office: Office) -> None:
    for number, raw in enumerate(NASTY.values()):
        office.mail(raw, f"11-18 09:{number:02d}")
    office.write(B, "11-18 09:40", "入盟意向书", text="见附件。", files=[File("意向书.docx", _bomb())])
    office.form(A, "11-18 10:00")
    office.round()
    assert office.kinds_to(A) == ["acknowledgement"]
    assert office.query("SELECT count(*) FROM messages WHERE state = 'received'") == [(0,)]
    assert len(office.mail_kinds()) >= len(NASTY) + 1


def test_what_is_kept_is_for_its_owner_alone(office: Office) -> None:
    office.form(A, "11-18 09:00")
    office.round()
    kept = [*(office.folder / "data").rglob("*")]
    assert {oct(path.stat().st_mode & 0o777) for path in kept if path.is_dir()} == {"0o700"}
    assert {oct(path.stat().st_mode & 0o777) for path in kept if path.is_file()} == {"0o600"}
    (raw,) = (path for path in kept if path.is_file())
    assert raw.read_bytes() == office.flags[0][0].raw
    assert raw.name == f"{hashlib.sha256(raw.read_bytes()).hexdigest()}.eml"

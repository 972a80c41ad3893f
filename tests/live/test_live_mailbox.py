"""intake.mailbox against a real Dovecot: everything is fetched as it lies there, and nothing there changes."""

from __future__ import annotations

import hashlib
from datetime import UTC, datetime, timedelta

import pytest
from live_mails import form_mail, plain_mail
from live_servers import Dovecot

from intake.errors import ServerUnreachable, SignInRefused
from intake.mailbox import Account, FolderMark, connect, plan
from intake.raw_mail import RawMail

OPENS = datetime(2016, 11, 16, 16, tzinfo=UTC)
WHEN = datetime(2016, 11, 20, 1, 2, 3, tzinfo=UTC)
pytestmark = pytest.mark.live


def account(server: Dovecot, **changes: object) -> Account:
    known = {"host": server.host, "port": server.port, "security": "none", "username": server.username}
    return Account(**(known | {"secret": lambda: server.password} | changes))  # type: ignore[arg-type]


def fetch_all(server: Dovecot, **changes: object) -> list[RawMail]:
    found: list[RawMail] = []
    with connect(account(server, **changes)) as session:
        for folder in session.folders():
            todo = plan(session, folder, None, OPENS)
            found += [mail for batch in session.fetch(todo.fetch) for mail in batch]
    return found


def digest(raw: bytes) -> str:
    return hashlib.sha256(raw).hexdigest()


def test_every_mail_comes_whole_with_its_time_and_stays_as_it_was(dovecot: Dovecot) -> None:
    placed = {
        ("INBOX", ""): form_mail(1, WHEN),
        ("INBOX", "\\Seen"): form_mail(2, WHEN + timedelta(hours=1), "Wingdings符号"),
        ("INBOX", "\\Deleted \\Flagged"): plain_mail(3, WHEN, "咨询", "请问截止时间？"),
        ("Junk", ""): form_mail(4, WHEN, "（√）"),
        ("项目".encode("utf-7").decode().replace("+", "&"), ""): plain_mail(5, WHEN, "意向", "见附件"),
        ("Sent", "\\Seen"): plain_mail(6, WHEN, "我们发出的信", "不应读取"),
        ("Drafts", "\\Draft"): plain_mail(7, WHEN, "草稿", "不应读取"),
    }
    for (folder, flags), raw in placed.items():
        dovecot.append(raw, WHEN, folder, flags)
    before = dovecot.contents()
    found = fetch_all(dovecot)
    assert dovecot.contents() == before
    expected = [raw for (folder, _), raw in placed.items() if folder not in ("Sent", "Drafts")]
    assert sorted(digest(mail.raw) for mail in found) == sorted(map(digest, expected))
    assert {mail.internal_date for mail in found} == {WHEN}
    assert {mail.fault for mail in found} == {""}
    assert {mail.sighting.folder for mail in found} == {"INBOX", "Junk", "项目"}
    assert all(mail.size == len(mail.raw) for mail in found)


def test_many_mails_come_in_bounded_batches(dovecot: Dovecot) -> None:
    for number in range(60):
        dovecot.drop(form_mail(number, WHEN, bytes_wanted=20_000), WHEN + timedelta(minutes=number))
    with connect(account(dovecot, batch_bytes=256 << 10, batch_mails=50)) as session:
        todo = plan(session, "INBOX", None, OPENS)
        batches = list(session.fetch(todo.fetch))
    assert sum(map(len, batches)) == 60
    assert max(sum(len(mail.raw) for mail in batch) for batch in batches) <= 256 << 10
    assert [mail.sighting.uid for batch in batches for mail in batch] == list(todo.fetch)


def test_only_what_is_new_is_fetched_the_next_time(dovecot: Dovecot) -> None:
    dovecot.append(form_mail(1, WHEN), WHEN)
    dovecot.append(plain_mail(2, WHEN, "早先的信", "征集开始之前"), OPENS - timedelta(days=3))
    with connect(account(dovecot)) as session:
        first = plan(session, "INBOX", None, OPENS)
        again = plan(session, "INBOX", FolderMark(first.uidvalidity, first.mark), OPENS)
    assert (len(first.fetch), len(first.note)) == (1, 1)
    assert (again.fetch, again.note) == ((), ())
    new = form_mail(3, WHEN)
    dovecot.append(new, WHEN)
    with connect(account(dovecot)) as session:
        third = plan(session, "INBOX", FolderMark(first.uidvalidity, first.mark), OPENS)
        (batch,) = session.fetch(third.fetch)
    assert [mail.raw for mail in batch] == [new]


def test_an_oversized_mail_comes_with_its_headers_alone(dovecot: Dovecot) -> None:
    dovecot.append(form_mail(1, WHEN, bytes_wanted=300_000), WHEN)
    (mail,) = fetch_all(dovecot, size_cap=100_000)
    assert mail.fault == "oversized"
    assert mail.size > 300_000
    assert b"Message-ID: <0001." in mail.raw
    assert len(mail.raw) < 2_000


def test_our_letter_is_found_among_the_sent_ones(dovecot: Dovecot) -> None:
    dovecot.append(plain_mail(1, WHEN, "意向已登记 [#ABC234]", "您好"), WHEN, "Sent")
    with connect(account(dovecot)) as session:
        assert session.find_sent("ABC234", OPENS.date())
        assert not session.find_sent("XYZ789", OPENS.date())


def test_what_people_wrote_is_read_from_the_headers_of_the_sent_folder(dovecot: Dovecot) -> None:
    everybody = ", ".join(f"unit{number}@example.cn" for number in range(300)).encode()
    for number in range(120):
        head = b"To: %s\r\nSubject: circular %d\r\nMessage-ID: <%d@example.cn>\r\n\r\n" % (everybody, number, number)
        dovecot.append(head + b"x" * 50_000, WHEN, "Sent", "\\Seen")
    before = dovecot.contents()
    with connect(account(dovecot)) as session:
        folder = session.sent_folder()
        assert folder == "Sent"
        todo = plan(session, folder, None, OPENS)
        pages = list(session.sent_mails(todo.fetch))
    assert dovecot.contents() == before
    assert [len(page) for page in pages] == [50, 50, 20]
    assert {(len(mail.recipients), mail.written_at, mail.is_ours) for page in pages for mail in page} == {
        (300, WHEN, False)
    }


def test_a_wrong_code_and_a_dead_port_are_told_apart(dovecot: Dovecot) -> None:
    with pytest.raises(SignInRefused), connect(account(dovecot, secret=lambda: "wrong")):
        pass
    with pytest.raises(ServerUnreachable), connect(account(dovecot, port=1)):
        pass

"""The fake SMTP server shows what was published of NetEase; numbers as in the list."""

from __future__ import annotations

import smtplib
from contextlib import contextmanager, suppress
from datetime import UTC, datetime
from email import message_from_bytes

import pytest
from netease import NETEASE, FakeNetease

TO = "unit1@example.com"


def letter(number: int = 1, sender: str = "cipsa@vip.126.com") -> bytes:
    head = f"From: =?gb2312?B?yr7A/Q==?= <{sender}>\r\nTo: {TO}\r\nSubject: {number}\r\n\r\n"
    return f"{head}.dot\r\n..\r\nend {number}\r\n".encode()


@contextmanager
def client(server, *, login=True):
    box = smtplib.SMTP(server.host, server.smtp_port, timeout=10)
    try:
        box.ehlo()
        if login:
            box.login(server.username, server.password)
        yield box
    finally:
        with suppress(smtplib.SMTPException, OSError):
            box.quit()
        box.close()


def send(box, raw=None, sender="cipsa@vip.126.com", to=(TO,)):
    """The last reply of one mail: code and text."""
    code, text = box.mail(sender)
    if code == 250:
        for recipient in to:
            code, text = box.rcpt(recipient)
    return box.data(raw or letter()) if code == 250 else (code, text)


def test_24_a_queue_id_that_comes_back_in_the_bounce():
    with FakeNetease(NETEASE(bounced_recipients={TO})) as server:
        with client(server) as box:
            code, text = send(box, letter().replace(b"Subject", b"Message-ID: <a@b>\r\nSubject"))
        (sent,) = server.sent
        assert code == 250
        assert text.decode().startswith(f"Mail OK queued as {sent.queue_id} ")
        (mail,) = server.store.folders["INBOX"].mails
        bounce = message_from_bytes(mail.raw)
        assert bounce["X-CM-TRANSID"] == sent.queue_id.partition(",")[2]
        assert bounce["X-CM-Original-Message-ID"] == "<a@b>"
        assert TO in mail.raw.decode("latin-1")


def test_the_exact_bytes_are_kept_with_their_dots():
    with FakeNetease() as server:
        with client(server) as box:
            send(box, letter(7))
        assert [(mail.sender, mail.recipients, mail.raw) for mail in server.sent] == [
            ("cipsa@vip.126.com", (TO,), letter(7))
        ]


@pytest.mark.parametrize("method", ["PLAIN", "LOGIN"])
def test_both_ways_to_sign_in(method):
    with FakeNetease() as server, client(server, login=False) as box:
        assert send(box)[0] == 553
        box.user, box.password = server.username, server.password
        assert box.auth(method, getattr(box, f"auth_{method.lower()}"))[0] == 235
        assert send(box)[0] == 250


def test_25_the_sender_must_be_the_login_in_envelope_and_header():
    with FakeNetease() as server, client(server) as box:
        assert send(box, sender="other@vip.126.com") == (553, b"Mail from must equal authorized user")
        code, text = send(box, letter(sender="other@vip.126.com"))
        assert (code, text[:6]) == (554, b"DT:SUM")
        assert send(box)[0] == 250


def test_26_too_many_in_a_quarter_of_an_hour():
    with FakeNetease(NETEASE(per_quarter_hour=2)) as server, client(server) as box:
        codes = [send(box, letter(number)) for number in range(3)]
        assert [code for code, _ in codes] == [250, 250, 451]
        assert codes[2][1].startswith(b"MI:SFQ")
        server.clock.advance(15 * 60)
        assert send(box)[0] == 250


def test_27_too_many_in_one_connection():
    with FakeNetease(NETEASE(per_connection=1)) as server:
        with client(server) as box:
            assert send(box)[0] == 250
            assert send(box)[1].startswith(b"MI:DMC")
        with client(server) as box:
            assert send(box)[0] == 250


def test_28_spam_at_first_accepted_two_minutes_later():
    with FakeNetease(NETEASE(spam_first=True)) as server, client(server) as box:
        assert (send(box)[0], send(box)[1][:6]) == (451, b"DT:SPM")
        server.clock.advance(120)
        assert send(box)[0] == 250
        assert send(box, letter(2))[0] == 451


def test_29_spam_for_good_with_the_link():
    with FakeNetease(NETEASE(spam_words=[b"end 1"])) as server, client(server) as box:
        code, text = send(box)
        assert code == 554
        assert text.startswith(b"DT:SPM 163 smtp11,")
        assert b"http://mail.163.com/help/help_spam_16.htm?ip=" in text
        assert send(box, letter(2))[0] == 250


@pytest.mark.parametrize(
    ("mood", "code", "letters"), [("mails_per_day", 554, b"MI:STC"), ("recipients_per_day", 550, b"RP:TRC")]
)
def test_30_the_cap_of_a_day_ends_at_midnight_in_beijing(mood, code, letters):
    with FakeNetease(NETEASE(**{mood: 1})) as server:
        server.clock.set(datetime(2016, 11, 20, 3, tzinfo=UTC))
        with client(server) as box:
            assert send(box)[0] == 250
            for _ in range(2):
                refused = send(box, letter(2))
                assert (refused[0], refused[1][:6]) == (code, letters)
            server.clock.set(datetime(2016, 11, 20, 15, 59, tzinfo=UTC))
            assert send(box, letter(2))[0] == code
            server.clock.advance(120)
            assert send(box, letter(2))[0] == 250


@pytest.mark.parametrize(
    ("mood", "code", "text"),
    [("535", 535, b"Error: authentication failed"), ("550", 550, "用户无权登陆".encode("gbk"))],
)
def test_31_sign_in_refused_also_in_raw_gbk(mood, code, text):
    with FakeNetease(NETEASE(auth_refused=mood)) as server, client(server, login=False) as box:
        with pytest.raises(smtplib.SMTPAuthenticationError) as refused:
            box.login(server.username, server.password)
        assert (refused.value.smtp_code, refused.value.smtp_error) == (code, text)


def test_32_a_second_connection_is_turned_away():
    with FakeNetease(NETEASE(one_connection=True)) as server, client(server):
        with pytest.raises(smtplib.SMTPConnectError) as refused:
            smtplib.SMTP(server.host, server.smtp_port, timeout=10)
        assert (refused.value.smtp_code, refused.value.smtp_error[:6]) == (421, b"HL:ICC")


def test_33_one_recipient_of_several_refused():
    with FakeNetease(NETEASE(refused_recipients={"gone@example.com"})) as server, client(server) as box:
        box.mail(server.username)
        assert box.rcpt("gone@example.com")[0] == 550
        assert box.rcpt(TO)[0] == 250
        assert box.data(letter())[0] == 250
        assert server.sent[0].recipients == (TO,)


@pytest.mark.parametrize(("mood", "taken"), [("accepted", 1), ("dropped", 0)])
def test_33_the_connection_lost_after_data(mood, taken):
    with FakeNetease(NETEASE(lost_after_data=mood)) as server, client(server) as box:
        with pytest.raises(smtplib.SMTPServerDisconnected):
            send(box)
        assert len(server.sent) == taken


def test_the_connection_lost_before_the_dot():
    with FakeNetease(NETEASE(lost_before_dot=True)) as server, client(server) as box:
        with pytest.raises((smtplib.SMTPServerDisconnected, OSError)):
            send(box)
        assert server.sent == []


def test_tls_from_the_first_octet_and_starttls(monkeypatch):
    import ssl

    with FakeNetease(tls=True) as server:
        context = ssl.create_default_context(cafile=str(server.certificate))
        with smtplib.SMTP_SSL(server.host, server.smtp_port, context=context, timeout=10) as box:
            box.login(server.username, server.password)
            assert send(box)[0] == 250
    with FakeNetease() as server, smtplib.SMTP(server.host, server.smtp_port, timeout=10) as box:
        box.starttls(context=ssl.create_default_context(cafile=str(server.certificate)))
        box.login(server.username, server.password)
        assert send(box)[0] == 250


def test_a_copy_in_the_sent_folder_where_the_mood_says_so():
    with FakeNetease(NETEASE(sent_copies=True)) as server:
        with client(server) as box:
            send(box)
        assert [mail.raw for mail in server.store.folders["已发送"].mails] == [letter()]

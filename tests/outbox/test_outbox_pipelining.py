"""MAIL FROM and RCPT TO in one write (RFC 2920): both replies are read, and the first unwanted one is the outcome."""

from __future__ import annotations

import smtplib
from typing import Any

import pytest
from netease import NETEASE, FakeNetease
from scripted_smtp import BANNER, DATA, HANGS_UP, RAW, scripted, send_to, server

from outbox import smtp
from outbox.outcomes import Lost, Refused, Sent

PIPELINING = [BANNER, ("EHLO", "250-mail\r\n250-PIPELINING\r\n250 8BITMIME\r\n")]
RSET = ("RSET", "250 ok\r\n")


@pytest.mark.parametrize(
    ("script", "expected", "alive"),
    [
        ([("RCPT", "250 ok\r\n250 ok\r\n"), DATA, (".", "250 queued as 1\r\n")], Sent("1", "queued as 1"), True),
        ([("RCPT", "250-a\r\n250 b\r\n"), "251-c\r\n251 d\r\n", DATA, (".", "250 ok\r\n")], Sent("", "ok"), True),
        ([("RCPT", "451-later\r\n451 please\r\n503-need\r\n503 MAIL\r\n"), RSET], Refused(451, "later please"), True),
        ([("RCPT", "553 not you\r\n"), "503 need MAIL\r\n", RSET], Refused(553, "not you"), True),
        ([("RCPT", "553 not you\r\n250 taken all the same\r\n"), RSET], Refused(553, "not you"), True),
        ([("RCPT", "451 later\r\n"), HANGS_UP], Refused(451, "later"), False),
        ([("RCPT", "451 later\r\n421 closing\r\n"), HANGS_UP], Refused(451, "later"), False),
        ([("RCPT", "421 HL:ICC\r\n"), HANGS_UP], Refused(421, "HL:ICC"), False),
        ([("RCPT", "421 closing\r\n421 closing\r\n"), RSET], Refused(421, "closing"), False),
        ([("RCPT", "250 ok\r\n550 no such user\r\n"), RSET], Refused(550, "no such user"), True),
        ([("RCPT", "250 ok\r\n"), "452 too many\r\n", RSET], Refused(452, "too many"), True),
        ([("RCPT", "250 ok\r\n421 closing\r\n"), HANGS_UP], Refused(421, "closing"), False),
        ([("RCPT", HANGS_UP)], Lost("SMTPServerDisconnected: Connection unexpectedly closed"), False),
        ([("RCPT", "250 ok\r\n"), HANGS_UP], Lost("SMTPServerDisconnected: Connection unexpectedly closed"), False),
        ([("RCPT", "garbage\r\n250 ok\r\n")], Lost("unreadable reply: age"), False),
        ([("RCPT", "250 ok\r\ngarbage\r\n")], Lost("unreadable reply: age"), False),
    ],
    ids=["accepted", "accepted in many lines", "MAIL 4xx", "MAIL 5xx", "MAIL 5xx, RCPT accepted", "MAIL 4xx, hang-up",
         "MAIL 4xx, RCPT 421", "MAIL 421, hang-up", "MAIL 421, RCPT 421", "RCPT 5xx", "RCPT 4xx", "RCPT 421",
         "hang-up before any reply", "hang-up after the reply to MAIL", "garbage for MAIL", "garbage for RCPT"],
)  # fmt: skip
def test_mail_and_rcpt_together(script: list[Any], expected: Any, alive: bool) -> None:
    with scripted(*PIPELINING, *script) as (heard, port):
        outcome, still = send_to(port)
    assert (outcome, still) == (expected, alive)
    assert heard[1:3] == [b"MAIL FROM:<a@example.com>\r\n", b"RCPT TO:<b@example.cn>\r\n"]
    assert (b"DATA\r\n" in heard) is isinstance(expected, Sent)


def test_the_next_letter_after_a_refused_one_hears_its_own_replies() -> None:
    refused = [("RCPT", "451 MI:SFQ\r\n503 need MAIL\r\n"), RSET]
    taken = [("RCPT", "250 ok\r\n250 ok\r\n"), DATA, (".", "250 queued as 2\r\n")]
    with scripted(*PIPELINING, *refused, *taken) as (_, port), smtp.connect(server(port)) as session:
        assert session.send("a@example.com", "b@example.cn", RAW) == Refused(451, "MI:SFQ")
        assert session.send("a@example.com", "c@example.cn", RAW) == Sent("2", "queued as 2")


@pytest.mark.parametrize(
    ("offer", "envelope"),
    [
        (True, [b"MAIL FROM:<cipsa@vip.126.com>\r\nRCPT TO:<b@example.cn>\r\n"]),
        (False, [b"MAIL FROM:<cipsa@vip.126.com>\r\n", b"RCPT TO:<b@example.cn>\r\n"]),
    ],
)
def test_commands_go_together_only_where_the_server_offers_it(
    offer: bool, envelope: list[bytes], monkeypatch: pytest.MonkeyPatch
) -> None:
    writes: list[bytes] = []
    with FakeNetease(NETEASE(pipelining=offer, from_must_match=False)) as fake:
        login = server(fake.smtp_port, username=fake.username, secret=lambda: fake.password)
        with smtp.connect(login) as session:
            send = smtplib.SMTP.send
            monkeypatch.setattr(smtplib.SMTP, "send", lambda box, said: (writes.append(said.encode()), send(box, said)))
            assert isinstance(session.send(fake.username, "b@example.cn", RAW), Sent)
            assert writes == [*envelope, b"DATA\r\n"]

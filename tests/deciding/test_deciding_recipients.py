"""To whom an answer may go."""

from __future__ import annotations

import pytest
from deciding_builders import reading

from intake.addressees import is_person
from intake.deciding.recipients import recipient
from intake.known import Known


@pytest.mark.parametrize(
    ("sender", "reply_to", "roster", "expected"),
    [
        ("a@unit.example.cn", (), (), "a@unit.example.cn"),
        ("A@Unit.example.cn", (), (), "a@unit.example.cn"),
        ("a@unit.example.cn", ("b@unit.example.cn",), (), "b@unit.example.cn"),
        ("a@unit.example.cn", ("b@other.example.net",), (), "a@unit.example.cn"),
        ("a@unit.example.cn", ("b@sub.unit.example.cn",), (), "a@unit.example.cn"),
        ("a@163.com", ("b@163.com",), (), "a@163.com"),
        ("a@vip.126.com", ("b@vip.126.com",), (), "a@vip.126.com"),
        ("a@qq.com", ("b@QQ.com",), (), "a@qq.com"),
        ("a@163.com", ("b@163.com",), ("b@163.com",), "b@163.com"),
        ("a@163.com", ("B@roster.example.cn",), ("b@roster.example.cn",), "b@roster.example.cn"),
        ("a@unit.example.cn", ("noreply@unit.example.cn",), (), "a@unit.example.cn"),
        ("noreply@unit.example.cn", ("b@unit.example.cn",), (), "b@unit.example.cn"),
        ("noreply@unit.example.cn", (), (), ""),
        ("", (), (), ""),
        ("", ("b@unit.example.cn",), (), ""),
    ],
)
def test_recipient(sender: str, reply_to: tuple[str, ...], roster: tuple[str, ...], expected: str) -> None:
    assert recipient(reading(sender=sender, reply_to=reply_to), Known(reply_to_on_roster=roster)) == expected


def test_protected_addresses_get_nothing() -> None:
    assert recipient(reading(sender="a@unit.example.cn"), Known(protected=True)) == ""


@pytest.mark.parametrize(
    ("address", "person"),
    [
        ("office@unit.example.cn", True),
        ("reply@unit.example.cn", True),
        ("bouncer@unit.example.cn", True),
        ("nullmann@unit.example.cn", True),
        ("no-reply@unit.example.cn", False),
        ("NoReply@unit.example.cn", False),
        ("do_not_reply@unit.example.cn", False),
        ("service-noreply@unit.example.cn", False),
        ("noreply+1@unit.example.cn", False),
        ("MAILER-DAEMON@unit.example.cn", False),
        ("postmaster@163.com", False),
        ("bounce-123@unit.example.cn", False),
        ("mail.delivery.system@mx.example.com", False),
        ("MDaemon@mx.example.com", False),
        ("delivery@unit.example.cn", True),
        ("owner-news@lists.example.com", False),
        ("news-request@lists.example.com", False),
        ("news-owner@lists.example.com", False),
        ("LISTSERV@lists.example.com", False),
        ("majordomo@lists.example.com", False),
        ("request@unit.example.cn", True),
        ("owner@unit.example.cn", True),
        ("not an address", False),
        ("a@b@c", False),
        ("a b@unit.example.cn", False),
    ],
)
def test_is_person(address: str, person: bool) -> None:
    assert is_person(address) is person

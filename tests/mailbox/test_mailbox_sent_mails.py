"""What the header section of a sent mail says, however it is written."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from intake.mailbox.sent_mails import read

WHEN = datetime(2016, 11, 20, tzinfo=UTC)


@pytest.mark.parametrize(
    ("head", "recipients", "subject", "is_ours"),
    [
        (b"To: A@Example.com\r\nSubject: hello\r\n", ("a@example.com",), "hello", False),
        (
            b"To: a@example.com, B <b@example.com>\r\nBcc: a@example.com\r\n",
            ("a@example.com", "b@example.com"),
            "",
            False,
        ),
        (b"To: a@example.com\r\nX-CIPSA-Intake: circular\r\n", ("a@example.com",), "", True),
        (
            "Subject: =?gb2312?B?{}?=\r\nCc: c@example.com\r\n".format("tPC4tA==").encode(),
            ("c@example.com",),
            "答复",
            False,
        ),
        (b"Subject: =?gb2312?B?6ERfcg==?=\r\nTo: c@example.com\r\n", ("c@example.com",), None, False),
        ("Subject: 请尽快回复\r\nTo: 张 <c@example.com>\r\n".encode("gbk"), ("c@example.com",), "请尽快回复", False),
        (b"Subject: =?none?B?xx?=\r\nTo: undisclosed-recipients:;\r\n", (), None, False),
        (b"", (), "", False),
    ],
)
def test_heads(head: bytes, recipients: tuple[str, ...], subject: str | None, is_ours: bool) -> None:
    mail = read(7, WHEN, head + b"\r\n")
    assert (mail.uid, mail.recipients, mail.is_ours) == (7, recipients, is_ours)
    assert subject is None or mail.subject == subject


@given(st.binary(max_size=400))
def test_no_head_raises(head: bytes) -> None:
    assert read(1, WHEN, b"To: " + head).uid == 1
    assert read(1, WHEN, b"Subject: =?utf-8?B?" + head).uid == 1

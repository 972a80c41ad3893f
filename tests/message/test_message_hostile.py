"""`parse` and `signs` never raise, whatever the bytes, and stay within bounds of time."""

# ruff: noqa: E501 - the samples are what mailers write

from __future__ import annotations

import email
import time
from pathlib import Path

import mail_builders as build
import pytest
from hypothesis import given, settings
from hypothesis import strategies as some

from intake.classify.mail_signs import signs_of
from intake.classify.table import classify
from intake.mail import Message
from intake.message import parse

SAMPLES = sorted((Path(__file__).parent.parent / "samples" / "mails").glob("*.eml"))
BASES = [
    build.plain_mail("收到，谢谢！", subject="回复：入盟"),
    build.html_mail(f"<div>{'好' * 20}</div>" + build.QQ_QUOTE.format(build.FORM_TABLE.format(unit=""))),
    build.mail(
        build.multipart(
            [
                build.multipart(
                    [build.text_part("请查收"), build.text_part("<p>请查收</p>", "html")], "alternative", "inner"
                ),
                build.file_part(build.word("材料.zip"), build.gbk_zip({"甲.docx": build.docx()})),
                b"Content-Type: message/rfc822\r\n\r\n" + build.plain_mail("内层"),
                b"Content-Type: message/delivery-status\r\n\r\nFinal-Recipient: rfc822; a@b\r\nAction: failed\r\n",
            ]
        )
    ),
    *(path.read_bytes() for path in SAMPLES[:6]),
]


def read(raw: bytes) -> Message:
    """Everything that the child does with a mail before the readers."""
    message = parse(raw)
    classify(signs_of(message, ("入盟",), forms=0, blank_forms=0, form_like=bool(message.parts)))
    shown = (message.new_text, message.quoted_text, message.subject, message.sender.name, *message.faults)
    for text in (*shown, *(value for _, value in message.headers), *(part.name for part in message.parts)):
        text.encode("utf-8")
        assert "\x00" not in text
    return message


@given(some.binary(max_size=3000))
def test_any_bytes(raw: bytes) -> None:
    read(raw)


PIECES = some.sampled_from(
    [b"\r\n", b"\n", b"\r\n\r\n", b"--b", b"--b--", b"Content-Type: multipart/mixed; boundary=b", b"Content-Type: text/html",
     b"Content-Type: message/rfc822", b"Content-Transfer-Encoding: base64", b"Content-Disposition: attachment; filename*0*=gbk''%D2",
     b"Subject: =?gb2312?B?0uL", b"From: \"a", b"<a@b>", b"begin 644 a", b"#0V%T", b"end", b"PK\x03\x04", b"<blockquote>", "发件人：".encode("gbk"),
     b"Content-Type: text/plain; charset=utf-7; format=flowed", b"+2AA-", b"\x00", b"Received: ; Fri, 2 Dec 2016 16:59:59 CST", b"=?utf-8?Q?=E5?="]
)  # fmt: skip


@given(some.lists(PIECES, max_size=40))
def test_any_pieces(pieces: list[bytes]) -> None:
    read(b"\r\n".join(pieces))


@given(some.data())
@settings(max_examples=300)
def test_mutated_mails(data: some.DataObject) -> None:
    raw = bytearray(data.draw(some.sampled_from(BASES)))
    for _ in range(data.draw(some.integers(1, 8))):
        place = data.draw(some.integers(0, len(raw)))
        length = data.draw(some.integers(0, 40))
        raw[place : place + length] = data.draw(some.one_of(some.binary(max_size=20), PIECES))
    read(bytes(raw))


@pytest.mark.parametrize("place", range(0, 2000, 97))
def test_mails_cut_short(place: int) -> None:
    for raw in BASES:
        read(raw[:place])


HOSTILE = {
    "nested multiparts": b"".join(b'Content-Type: multipart/mixed; boundary="b%d"\r\n\r\n--b%d\r\n' % (n, n) for n in range(1000)),
    "nested mails": b"Content-Type: message/rfc822\r\n\r\n" * 1000,
    "nested digests": b"".join(b"Content-Type: multipart/digest; boundary=b%d\r\n\r\n--b%d\r\n" % (n, n) for n in range(1000)),
    "many fields": b"X-A: 1\r\n" * 200_000,
    "a long field": b"Subject: " + b"=?utf-8?B?5YWl?= " * 60_000 + b"\r\n\r\n",
    "many references": b"References: " + b"<a@b> " * 50_000 + b"\r\n\r\n",
    "many recipients": b"To: " + b"a@b.example.cn, " * 50_000 + b"\r\n\r\n",
    "open quotes": b'From: "' + b"a, " * 50_000 + b"\r\n\r\n",
    "many parts": b"Content-Type: multipart/mixed; boundary=b\r\n\r\n" + b"--b\r\n\r\nx\r\n" * 20_000,
    "boundary lookalikes": b"Content-Type: multipart/mixed; boundary=b\r\n\r\n" + b"x--b\r\n" * 200_000,
    "parameters": b"Content-Type: text/plain; " + b'a*0*="x"; ' * 20_000 + b"\r\n\r\nx",
    "unclosed words": b"Subject: " + b"=?utf-8?B?" * 20_000 + b"\r\n\r\n",
    "tags": b"Content-Type: text/html\r\n\r\n" + b"<b style='border-left" * 50_000,
    "deep html": b"Content-Type: text/html\r\n\r\n" + b"<div>" * 100_000 + b"x",
    "deep quotes": b"Content-Type: text/html\r\n\r\n" + b"<blockquote type=cite>x" * 20_000,
    "quote lines": b"\r\n\r\n" + b"> x\r\ny\r\n" * 50_000,
    "attributions": b"\r\n\r\n" + "在 2016 ".encode() * 100_000,
    "long lines": b"\r\n\r\n" + "申请愿意不".encode() * 100_000,
    "header blocks": b"\r\n\r\n" + "发件人：a\n".encode() * 50_000,
    "failed recipients": b"Content-Type: message/delivery-status\r\n\r\n" + b"Final-Recipient: rfc822; a@b.example.cn\r\nAction: failed\r\n\r\n" * 120_000,
    "uu blocks": b"\r\n\r\n" + b"begin 644 a\n" * 20_000,
    "nul": bytes(100_000),
}  # fmt: skip


@pytest.mark.parametrize("name", HOSTILE)
def test_hostile_mails_end_soon(name: str) -> None:
    started = time.process_time()
    read(HOSTILE[name])
    assert time.process_time() - started < 5


def test_nested_multiparts_are_a_fault() -> None:
    assert parse(HOSTILE["nested multiparts"]).faults == ("too-deep: 邮件",)
    assert parse(HOSTILE["many parts"]).faults == ("too-large: 邮件",)


@given(some.lists(some.binary(min_size=1, max_size=200), min_size=1, max_size=4))
def test_files_are_those_of_the_standard_library(files: list[bytes]) -> None:
    parts = [build.file_part(b"%d.bin" % number, content) for number, content in enumerate(files)]
    raw = build.mail(build.multipart([build.text_part("请查收"), *parts]))
    standard = [part.get_payload(decode=True) for part in email.message_from_bytes(raw).walk() if part.get_filename()]
    ours = [part.content for part in parse(raw).parts if not part.containers]
    assert standard == files
    assert [content for content in files if content in ours] == ours


def test_a_usual_mail_is_quick() -> None:
    """A mail with a 50 KB file: 1 to 2 ms on a quiet machine; the limit leaves room for a busy one."""
    body = build.multipart([build.text_part("请查收"), build.file_part(b"a.bin", bytes(range(256)) * 200)])
    raw = build.mail(body, subject=build.word("入盟意向书"))
    parse(raw)
    best = min(timed(raw) for _ in range(30))
    assert best < 0.006


def timed(raw: bytes) -> float:
    started = time.process_time()
    parse(raw)
    return time.process_time() - started

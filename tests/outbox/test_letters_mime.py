"""Headers and parts as bytes: read back by the standard library, and by eye where mail readers differ."""

from __future__ import annotations

import email
import email.policy
from datetime import datetime, timedelta, timezone
from email.message import EmailMessage
from typing import cast

import pytest
from hypothesis import given
from hypothesis import strategies as st
from outbox_office import NOW, letters, parsed, row, unit

from outbox.mime import Attachment, Envelope, bracketed, build, encode_words

BEIJING = timezone(timedelta(hours=8))
NAME = "首都知识产权运营联盟入盟意向书（空白）.docx"


def envelope(**more: object) -> Envelope:
    base: dict[str, object] = {
        "sender": "cipsa@example.com",
        "sender_name": "首都知识产权服务业协会",
        "recipient": "unit@example.cn",
        "subject": "意向书已收到，意向已登记：示例科技有限公司 [#K7M4Q2]",
        "date": datetime(2016, 12, 2, 17, 0, tzinfo=BEIJING),
        "message_id": "abc.intake@example.com",
        "kind": "acknowledgement",
    }
    return Envelope(**(base | more))  # type: ignore[arg-type]


def read(raw: bytes) -> EmailMessage:
    return cast(EmailMessage, email.message_from_bytes(raw, policy=email.policy.default))


def body_of(mail: EmailMessage, subtype: str) -> str:
    """The body with line ends as Python has them; on the wire they are CRLF (RFC 2046, 4.1.1)."""
    part = mail.get_body((subtype,))
    assert part is not None
    return str(part.get_content()).replace("\r\n", "\n")


def test_headers_read_back() -> None:
    mail = read(build(envelope(answers=("<one@x.cn>", "two@x.cn")), "文字\n.\n末行", "<p>网页</p>"))
    assert mail["From"].addresses[0].display_name == "首都知识产权服务业协会"
    assert mail["From"].addresses[0].addr_spec == "cipsa@example.com"
    assert mail["To"] == "unit@example.cn"
    assert mail["Subject"] == "意向书已收到，意向已登记：示例科技有限公司 [#K7M4Q2]"
    assert mail["Date"] == "Fri, 02 Dec 2016 17:00:00 +0800"
    assert mail["Message-ID"] == "<abc.intake@example.com>"
    assert mail["In-Reply-To"] == "<one@x.cn>"
    assert mail["References"].split() == ["<one@x.cn>", "<two@x.cn>"]
    assert mail["Auto-Submitted"] == "auto-replied"
    assert mail["X-Auto-Response-Suppress"] == "All"
    assert mail["X-CIPSA-Intake"] == "acknowledgement"
    assert "Precedence" not in mail
    assert "Disposition-Notification-To" not in mail
    assert body_of(mail, "plain") == "文字\n.\n末行"
    assert body_of(mail, "html") == "<p>网页</p>"


def test_bytes_are_ascii_lines_short_and_the_reference_plain() -> None:
    raw = build(envelope(), "长" * 5000, "<p>" + "长" * 5000 + "</p>", [Attachment(NAME, bytes(range(256)) * 50)])
    assert raw.isascii()
    assert b"[#K7M4Q2]" in raw
    assert b"\r\n" in raw
    assert b"\n" not in raw.replace(b"\r\n", b"")
    header = raw.partition(b"\r\n\r\n")[0]
    assert max(map(len, header.split(b"\r\n"))) <= 78
    assert max(map(len, raw.split(b"\r\n"))) <= 998


def test_an_attachment_has_its_name_twice() -> None:
    raw = build(envelope(), "文", "<p>网</p>", [Attachment(NAME, b"PK\x03\x04content")])
    part = next(iter(read(raw).iter_attachments()))
    assert part.get_filename() == NAME
    assert part.get_content() == b"PK\x03\x04content"
    assert b"filename*=utf-8''%E9%A6%96" in raw
    assert b'name="=?utf-8?B?' in raw
    assert part["Content-Type"].params["name"] == NAME


def test_equal_letters_are_equal_bytes() -> None:
    assert build(envelope(), "文", "网") == build(envelope(), "文", "网")


@pytest.mark.parametrize(
    ("given_id", "written"),
    [
        ("<a@b.cn>", "<a@b.cn>"),
        ("a@b.cn", "<a@b.cn>"),
        (" <tencent_0123@qq.com> ", "<tencent_0123@qq.com>"),
        ("no-at-sign", "<no-at-sign>"),
        ("", ""),
        ("<>", ""),
        ("a b@c", ""),
        ("a@b>\r\nBcc: x@y.cn", ""),
        ("中文@b.cn", ""),
        ("x" * 2000 + "@b.cn", ""),
    ],
)
def test_only_usable_ids_are_answered(given_id: str, written: str) -> None:
    assert bracketed(given_id) == written
    assert ("In-Reply-To" in read(build(envelope(answers=(given_id,)), "文", "网"))) is bool(written)


def test_a_letter_answers_the_mail_it_answers() -> None:
    mail = parsed(letters().compose(row("received", {}, answers_message_id="<q@unit.cn>"), now=NOW))
    assert (mail["In-Reply-To"], mail["References"]) == ("<q@unit.cn>", "<q@unit.cn>")


def test_a_joint_letter_names_every_mail() -> None:
    rows = [row("received", {}, id=1, answers_message_id="<1@u>"), row("acknowledgement", {"units": [unit()]}, id=2,
            answers_message_id="<2@u>")]  # fmt: skip
    mail = parsed(letters().compose(rows[0], now=NOW, extra=rows[1:]))
    assert mail["In-Reply-To"] == "<1@u>"
    assert mail["References"].split() == ["<1@u>", "<2@u>"]


def test_a_foreign_domain_is_written_in_ascii() -> None:
    assert b"To: a@xn--fiq228c.cn\r\n" in build(envelope(recipient="a@中文.cn"), "文", "网")


@given(text=st.text(st.characters(exclude_categories=("Cc", "Cs", "Zs", "Zl", "Zp")), min_size=1, max_size=150))
def test_any_word_survives_a_header(text: str) -> None:
    raw = f"Subject: {encode_words(text, 9)}\r\n\r\n".encode("ascii")
    assert read(raw)["Subject"] == text


@given(text=st.text(max_size=300))
def test_any_body_survives(text: str) -> None:
    body = text.encode("utf-8", "replace").decode().replace("\r\n", "\n").replace("\r", "\n")
    assert body_of(read(build(envelope(), body, "网")), "plain") == body

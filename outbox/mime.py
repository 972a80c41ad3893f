"""The bytes of a mail: headers in pure ASCII, text and HTML parts, attachments.

Written out directly instead of through email.message, so that the same letter is always the same
bytes and header folding cannot break a name: encoded-words (RFC 2047) of whole characters in UTF-8,
lines of at most 76 characters, bodies in base64 (RFC 2045, 6.8), CRLF line ends.
"""

from __future__ import annotations

import re
from base64 import b64encode
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from email.utils import format_datetime
from functools import lru_cache
from hashlib import sha256
from urllib.parse import quote

CRLF = "\r\n"
_WORD = 45  # octets in one encoded-word: 60 characters of base64 and 12 around them, within 75 (RFC 2047, 2)
_LINE = 76  # characters in a line of base64 (RFC 2045, 6.8)
_ID = re.compile(r"<[!-;=?-~]{1,900}>")
WHOLE_MAIL = "message/rfc822"
DOCX = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"


@dataclass(frozen=True, slots=True)
class Attachment:
    name: str
    content: bytes
    media_type: str = DOCX


@dataclass(frozen=True, slots=True)
class Picture:
    """A PNG shown inside the HTML part, which names it `cid:` and its id (RFC 2392)."""

    id: str
    content: bytes


@dataclass(frozen=True, slots=True)
class Envelope:
    """The headers of one letter. Ids are with or without angle brackets; unusable ones in `answers` are left out."""

    sender: str
    sender_name: str
    recipient: str
    subject: str
    date: datetime
    message_id: str
    kind: str
    answers: tuple[str, ...] = ()
    auto_submitted: str = "auto-replied"  # RFC 3834, 5; auto-generated for what answers nothing


def build(
    envelope: Envelope,
    text: str,
    html: str,
    attachments: Sequence[Attachment] = (),
    pictures: Sequence[Picture] = (),
) -> bytes:
    """The whole mail, ASCII only; equal arguments give equal bytes. Pictures travel with the HTML part (RFC 2387)."""
    mark = sha256(f"{envelope.message_id}\n{envelope.subject}".encode()).hexdigest()[:24]
    shown = _text_part("html", html)
    if pictures:
        shown = _multipart("related", f"=_r{mark}", (shown, *map(_picture_part, pictures)))
    bodies = (_text_part("plain", text), shown)
    body = _multipart("alternative", f"=_a{mark}", bodies)
    if attachments:
        body = _multipart("mixed", f"=_m{mark}", (body, *map(_attachment_part, attachments)))
    return (CRLF.join(_headers(envelope)) + CRLF + body + CRLF).encode("ascii")


def bracketed(message_id: str) -> str:
    """The id in angle brackets, or "" if it could not stand in a header (RFC 5322, 3.6.4)."""
    full = f"<{message_id.strip().strip('<>')}>"
    return full if _ID.fullmatch(full) else ""


def _headers(envelope: Envelope) -> Iterator[str]:
    yield f"From: {_mailbox(envelope.sender_name, envelope.sender)}"
    yield f"To: {_address(envelope.recipient)}"
    yield f"Subject: {encode_words(envelope.subject, len('Subject: '))}"
    yield f"Date: {format_datetime(envelope.date)}"
    yield f"Message-ID: {bracketed(envelope.message_id)}"
    answers = tuple(filter(None, map(bracketed, envelope.answers)))
    if answers:
        yield f"In-Reply-To: {answers[0]}"
        yield f"References: {(CRLF + ' ').join(answers)}"
    yield f"Auto-Submitted: {envelope.auto_submitted}"
    yield "X-Auto-Response-Suppress: All"  # [MS-OXCMAIL] 2.2.3.2.14, honoured by Exchange and Outlook
    yield f"X-CIPSA-Intake: {envelope.kind}"
    yield "MIME-Version: 1.0"


def encode_words(text: str, used: int = 0) -> str:
    """Words of plain ASCII as they are, all others as encoded-words of whole characters, folded.

    `used` is the room already taken on the first line. A trailing reference in ASCII stays readable
    in the raw header.
    """
    head, blank, tail = text.rpartition(" ")
    if blank and tail.isascii() and not head.isascii():
        return f"{encode_words(head, used)}{CRLF} {tail}"
    if text.isascii() and "=?" not in text and len(text) + used <= 900 and text.isprintable():
        return text
    return (CRLF + " ").join(f"=?utf-8?B?{b64encode(piece).decode()}?=" for piece in _pieces(text, used))


def _pieces(text: str, used: int) -> Iterator[bytes]:
    octets, start, room = text.encode("utf-8", "replace"), 0, max(12, _WORD - (used * 3) // 4)
    while len(octets) - start > room:
        end = start + room
        while octets[end] & 0xC0 == 0x80:  # inside a character (RFC 3629, 3)
            end -= 1
        yield octets[start:end]
        start, room = end, _WORD
    yield octets[start:]


def _address(address: str) -> str:
    """An address as a header can hold it; the domain in ASCII (RFC 5891), anything else dropped."""
    local, _, domain = address.rpartition("@")
    if not domain.isascii():
        domain = domain.encode("idna").decode("ascii")
    return "".join(mark for mark in f"{local}@{domain}" if "!" <= mark <= "~")


@lru_cache(maxsize=16)
def _mailbox(name: str, address: str) -> str:
    return f"{encode_words(name, len('From: '))}{CRLF} <{_address(address)}>" if name else _address(address)


def _text_part(subtype: str, text: str) -> str:
    lines = CRLF.join(text.replace("\r\n", "\n").split("\n"))
    head = (f"Content-Type: text/{subtype}; charset=utf-8", "Content-Transfer-Encoding: base64")
    return CRLF.join((*head, "", _base64(lines.encode("utf-8", "replace"))))


def _attachment_part(attachment: Attachment) -> str:
    """The name twice: RFC 2231 for readers that follow it, and an encoded-word in `name` for Foxmail and QQ."""
    name = attachment.name
    whole_mail = attachment.media_type == WHOLE_MAIL  # carried as it is (RFC 2046, 5.2.1): ours are ASCII
    head = (
        f'Content-Type: {attachment.media_type};{CRLF} name="{encode_words(name, 6)}"',
        f"Content-Disposition: attachment;{CRLF} filename*=utf-8''{quote(name, safe='')}",
        f"Content-Transfer-Encoding: {'7bit' if whole_mail else 'base64'}",
    )
    return CRLF.join((*head, "", attachment.content.decode("ascii") if whole_mail else _base64(attachment.content)))


def _picture_part(picture: Picture) -> str:
    head = (
        f'Content-Type: image/png;{CRLF} name="{picture.id.partition("@")[0]}.png"',
        f"Content-ID: <{picture.id}>",
        "Content-Disposition: inline",
        "Content-Transfer-Encoding: base64",
    )
    return CRLF.join((*head, "", _base64(picture.content)))


def _multipart(subtype: str, boundary: str, parts: Sequence[str]) -> str:
    head = f'Content-Type: multipart/{subtype};{CRLF} boundary="{boundary}"'
    inner = "".join(f"--{boundary}{CRLF}{part}{CRLF}" for part in parts)
    return f"{head}{CRLF}{CRLF}{inner}--{boundary}--"


def _base64(octets: bytes) -> str:
    letters = b64encode(octets).decode("ascii")
    return CRLF.join([letters[start : start + _LINE] for start in range(0, len(letters), _LINE)])

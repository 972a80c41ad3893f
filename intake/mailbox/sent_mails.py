"""A mail of the sent folder as its header section tells it: to whom, when, under which subject, and whether it is ours.

Pure; never raises over what a header says. Bodies are never asked for.
"""

from __future__ import annotations

import email.errors
from dataclasses import dataclass
from datetime import datetime
from email.header import decode_header
from email.message import Message
from email.parser import BytesHeaderParser
from email.policy import compat32
from email.utils import getaddresses

OURS = "X-CIPSA-Intake"
_RAW = ("utf-8", "gb18030")


@dataclass(frozen=True, slots=True)
class SentMail:
    """`written_at` is the INTERNALDATE in UTC; `recipients` To, Cc and Bcc in lower case, each once; `is_ours`: it
    bears the mark of the letters that this program writes."""

    uid: int
    written_at: datetime
    message_id: str
    subject: str
    recipients: tuple[str, ...]
    is_ours: bool


def read(uid: int, written_at: datetime, head: bytes) -> SentMail:
    """What the header section of one mail says."""
    fields = BytesHeaderParser(policy=compat32).parsebytes(head)
    return SentMail(
        uid=uid,
        written_at=written_at,
        message_id="".join(str(fields.get("Message-ID", "")).split()),
        subject=_text(fields),
        recipients=_recipients(fields),
        is_ours=OURS in fields,
    )


def subject(head: bytes) -> str:
    return _text(BytesHeaderParser(policy=compat32).parsebytes(head))


def recipients(head: bytes) -> tuple[str, ...]:
    """The addresses of To, Cc and Bcc in lower case, each once."""
    return _recipients(BytesHeaderParser(policy=compat32).parsebytes(head))


def _text(fields: Message) -> str:
    raw = str(fields.get("Subject", ""))
    try:
        pieces = decode_header(raw)
    except (email.errors.HeaderParseError, ValueError):
        return raw
    return "".join(text if isinstance(text, str) else _decoded(text, charset) for text, charset in pieces)


def _decoded(text: bytes, charset: str | None) -> str:
    """In the charset that is named, else in those that senders leave unnamed."""
    for name in (charset, *_RAW):
        try:
            return text.decode(name) if name else text.decode("ascii")
        except (LookupError, UnicodeDecodeError):
            continue
    return text.decode("ascii", "replace")


def _recipients(fields: Message) -> tuple[str, ...]:
    values = [str(value) for name in ("To", "Cc", "Bcc") for value in fields.get_all(name, [])]
    return tuple(dict.fromkeys(address.lower() for _, address in getaddresses(values) if "@" in address))

"""A decoded mail: its header fields, its words and its files."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime


@dataclass(frozen=True, slots=True)
class Address:
    email: str
    name: str = ""


@dataclass(frozen=True, slots=True)
class Part:
    """A file that came with a mail, at any depth.

    `format` is decided by content, never by name (docx, xlsx, doc, pdf, jpg, zip, eml ...; "" where
    unknown). `containers` names the mails and archives it was in, outermost first.
    """

    name: str
    content: bytes = field(repr=False)
    media_type: str = ""
    format: str = ""
    containers: tuple[str, ...] = ()
    content_id: str = ""
    inline: bool = False


@dataclass(frozen=True, slots=True)
class Message:
    """A decoded mail. Never raised over: whatever could not be decoded is named in `faults`.

    `new_text` is what the sender wrote in this mail, `quoted_text` what is quoted below or between
    it; the same for `new_html` and `quoted_html` (serialised HTML, "" where the mail has none).
    `headers` are all header fields in order, names in lower case, values decoded to text.
    `top_received` is the time of the topmost Received field (RFC 5321, 4.4), None where unusable.
    """

    message_id: str = ""
    sender: Address = Address("")
    reply_to: tuple[Address, ...] = ()
    recipients: tuple[Address, ...] = ()
    subject: str = ""
    in_reply_to: tuple[str, ...] = ()
    references: tuple[str, ...] = ()
    headers: tuple[tuple[str, str], ...] = field(default=(), repr=False)
    media_type: str = ""
    top_received: datetime | None = None
    new_text: str = field(default="", repr=False)
    quoted_text: str = field(default="", repr=False)
    new_html: str = field(default="", repr=False)
    quoted_html: str = field(default="", repr=False)
    parts: tuple[Part, ...] = field(default=(), repr=False)
    reports: tuple[bytes, ...] = field(default=(), repr=False)  # message/delivery-status and the like, raw
    faults: tuple[str, ...] = ()

    def header(self, name: str) -> str:
        """The first header field of that name (lower case), or ""."""
        for key, value in self.headers:
            if key == name:
                return value
        return ""

"""What Outlook says of a message in properties (MAPI), as the mail that it stands for.

Both containers, winmail.dat and .msg, hold the same properties by the same numbers ([MS-OXPROPS]); from
them a mail is written (RFC 5322, MIME) that `parse` then reads like any other. So a file of Outlook behaves
as the mail it is, with the same rules for bodies, nested mails, limits and depth.
"""

from __future__ import annotations

import base64
import hashlib
import re
from collections.abc import Mapping
from dataclasses import dataclass, field

from intake.errors import Unreadable
from intake.message import charsets, compressed_rtf

STRING8, UNICODE, BINARY, OBJECT = 0x001E, 0x001F, 0x0102, 0x000D
SUBJECT, HEADERS, BODY, RTF, HTML = 0x0037, 0x007D, 0x1000, 0x1009, 0x1013
SENDER_NAME, SENDER_EMAIL, SENDER_SMTP, SENT_FOR_SMTP, MESSAGE_ID = 0x0C1A, 0x0C1F, 0x5D01, 0x5D02, 0x1035
SHORT_NAME, LONG_NAME, DISPLAY_NAME, MEDIA_TYPE, CONTENT_ID = 0x3704, 0x3707, 0x3001, 0x370E, 0x3712
ATTACHED, FLAGS = 0x3701, 0x3714
BODY_PAGE, TEXT_PAGE = 0x3FDE, 0x3FFD
RICH_BODY = "邮件正文.rtf"
MAX_LETTERS = 8  # levels of messages in messages; parsing says `too-deep` before that
_MIME = re.compile(r"(?im)^(?:content-[a-z-]+|mime-version)[ \t]*:[^\n]*\n?(?:[ \t][^\n]*\n?)*")
_TYPE = re.compile(r"[a-z0-9.+-]{1,40}/[a-z0-9.+-]{1,80}", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Properties:
    """Values by their number: the type and the raw bytes. `page` is the charset where they name none."""

    values: Mapping[int, tuple[int, bytes]]
    page: str = ""

    def text(self, number: int) -> str:
        """A string; 8-bit ones are in the message's code page, which senders often name wrongly."""
        kind, raw = self.values.get(number, (0, b""))
        if kind == UNICODE:
            return raw.decode("utf-16-le", "replace").rstrip("\x00")
        if kind == STRING8:
            pages = (BODY_PAGE, TEXT_PAGE) if number in (BODY, HTML) else (TEXT_PAGE, BODY_PAGE)
            return charsets.decode(raw.rstrip(b"\x00"), self._charset(*pages))
        return ""

    def data(self, number: int) -> bytes:
        kind, raw = self.values.get(number, (0, b""))
        return raw if kind in (BINARY, OBJECT) else b""

    def html(self) -> str:
        """The HTML body: bytes by their own `<meta charset>` or the code page, or a string."""
        data = self.data(HTML)
        return charsets.decode_html(data, self._charset(BODY_PAGE)) if data else self.text(HTML)

    def _charset(self, *numbers: int) -> str:
        for number in numbers:
            kind, raw = self.values.get(number, (0, b""))
            if kind == 0x0003 and (label := compressed_rtf.code_page(int.from_bytes(raw[:4], "little"))):
                return label
        return self.page


@dataclass(frozen=True, slots=True)
class Attached:
    """A file of a message, or a message in it."""

    name: str = ""
    content: bytes = field(default=b"", repr=False)
    media_type: str = ""
    content_id: str = ""
    letter: Letter | None = None


@dataclass(frozen=True, slots=True)
class Letter:
    """A message out of Outlook: its properties and what is attached."""

    properties: Properties
    attached: tuple[Attached, ...] = ()


def attached_file(properties: Properties, content: bytes, fallback: str = "") -> Attached:
    """An attachment by its properties: the long name, else the short one, else `fallback`."""
    names = (properties.text(number) for number in (LONG_NAME, SHORT_NAME, DISPLAY_NAME))
    return Attached(
        next((name for name in names if name), fallback),
        content,
        properties.text(MEDIA_TYPE).strip(),
        properties.text(CONTENT_ID).strip("<> "),
    )


# ---- the mail that it stands for ----------------------------------------------------------------


def as_mail(letter: Letter) -> bytes:
    """The whole message as a mail (RFC 5322)."""
    return _fields(letter.properties) + as_entity(letter)


def as_entity(letter: Letter, depth: int = 0) -> bytes:
    """Its bodies and attachments as a MIME entity: Content-Type, blank line, body."""
    plain, page, rich = _bodies(letter.properties)
    bodies = [_text(text, kind) for text, kind in ((plain, "plain"), (page, "html")) if text.strip()]
    parts = [_several("alternative", bodies or [_text("", "plain")])]
    if rich:
        parts.append(_file(Attached(RICH_BODY, rich, "text/rtf"), disposition="inline"))
    for attached in letter.attached:
        if attached.letter is None:
            parts.append(_file(attached))
        elif depth < MAX_LETTERS:
            inner = _fields(attached.letter.properties) + as_entity(attached.letter, depth + 1)
            parts.append(b"Content-Type: message/rfc822\r\n\r\n" + inner)
    return _several("mixed", parts)


def _fields(properties: Properties) -> bytes:
    """The header section as it came over the Internet, or one made of the properties."""
    headers = _MIME.sub("", properties.text(HEADERS).replace("\r\n", "\n").lstrip("\n")).partition("\n\n")[0].strip()
    lines = headers.split("\n") if headers else []
    said = headers.lower()
    if not re.search(r"(?m)^from:", said):
        lines.append(f"From: {_word(properties.text(SENDER_NAME))} <{_sender(properties)}>")
    if not re.search(r"(?m)^subject:", said):
        lines.append(f"Subject: {_word(properties.text(SUBJECT))}")
    if not re.search(r"(?m)^message-id:", said) and (identity := properties.text(MESSAGE_ID).strip()):
        lines.append(f"Message-ID: {_one_line(identity)}")
    return "".join(f"{line}\r\n" for line in (*lines, "MIME-Version: 1.0")).encode("utf-8", "replace")


def _sender(properties: Properties) -> str:
    """An address of the Internet; inside one office Outlook keeps another kind, which is none."""
    found = (properties.text(number).strip() for number in (SENDER_SMTP, SENT_FOR_SMTP, SENDER_EMAIL))
    return _one_line(next((address for address in found if "@" in address), ""))


def _one_line(text: str) -> str:
    return " ".join(text.split())


def _word(text: str) -> str:
    text = _one_line(text)
    return f"=?utf-8?B?{base64.b64encode(text.encode('utf-8', 'replace')).decode()}?=" if text else ""


def _bodies(properties: Properties) -> tuple[str, str, bytes]:
    """The plain, the HTML and the rich body; the last only where it has a table, which its plain version loses."""
    plain, page = properties.text(BODY), properties.html()
    rtf = b"" if page.strip() else _rtf(properties)
    page = page or compressed_rtf.wrapped_html(rtf)
    return plain, page, rtf if b"\\trowd" in rtf and not page else b""


def _rtf(properties: Properties) -> bytes:
    packed = properties.data(RTF)
    try:
        return compressed_rtf.unpack(packed) if packed else b""
    except Unreadable:
        return b""  # the plain body says the same


def _text(text: str, subtype: str) -> bytes:
    head = f"Content-Type: text/{subtype}; charset=utf-8\r\nContent-Transfer-Encoding: base64\r\n\r\n"
    return head.encode() + base64.encodebytes(text.encode("utf-8", "replace"))


def _file(attached: Attached, disposition: str = "attachment") -> bytes:
    media_type = attached.media_type.lower() if _TYPE.fullmatch(attached.media_type) else "application/octet-stream"
    if media_type.startswith(("multipart/", "message/")):
        media_type = "application/octet-stream"
    lines = [f"Content-Type: {media_type}", "Content-Transfer-Encoding: base64"]
    lines.append(f'Content-Disposition: {disposition}; filename="{_word(attached.name)}"')
    if attached.content_id:
        lines.append(f"Content-ID: <{_one_line(attached.content_id)}>")
    head = "\r\n".join(lines).encode("utf-8", "replace")
    return head + b"\r\n\r\n" + base64.encodebytes(attached.content)


def _several(subtype: str, parts: list[bytes]) -> bytes:
    """A multipart; its boundary is made of what it holds, so that nothing inside can be the same."""
    boundary = hashlib.sha256(b"".join(parts)).hexdigest()[:40]
    body = b"".join(b"--%s\r\n%s\r\n" % (boundary.encode(), part) for part in parts)
    head = f'Content-Type: multipart/{subtype}; boundary="{boundary}"\r\n\r\n'.encode()
    return head + body + b"--%s--\r\n" % boundary.encode()

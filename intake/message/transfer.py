"""Content-Transfer-Encoding undone (RFC 2045, 6; uuencode), and the text conventions of RFC 3676.

Promises: any bytes under any label give bytes; what is no encoding of that kind comes back as far
as it can be read. Base64 may hold foreign characters, wrong padding, or padding in the middle.
"""

from __future__ import annotations

import binascii
import quopri
import re
from dataclasses import dataclass

from intake.message import header_fields

_UU = re.compile(rb"(?m)^begin[ \t]+[0-7]{3,4}[ \t]+([^\r\n]{1,200})\r?\n")
_UU_END = re.compile(rb"(?m)^end[ \t]*\r?$")
_UU_NAMES = frozenset({"x-uuencode", "uuencode", "uue", "x-uue"})


@dataclass(frozen=True, slots=True)
class Uuencoded:
    """A file written into a text between `begin` and `end`."""

    name: bytes
    content: bytes
    start: int
    end: int


def undo(body: bytes, encoding: str) -> bytes:
    """The content of a part; an unknown encoding is taken as none."""
    name = encoding.strip().strip('"').lower()
    if name == "base64":
        return header_fields.base64_bytes(body)
    if name == "quoted-printable":
        return quopri.decodestring(body)
    if name in _UU_NAMES:
        files = uuencoded(body)
        return files[0].content if files else body
    return body


def uuencoded(body: bytes) -> tuple[Uuencoded, ...]:
    """The uuencoded files inside a text, as old Outlook writes them; a block without data is text."""
    found = []
    position = 0
    while match := _UU.search(body, position):
        ending = _UU_END.search(body, match.end())
        stop, position = (ending.start(), ending.end()) if ending else (len(body), len(body))
        content = b"".join(map(_uu_line, body[match.end() : stop].splitlines()))
        if content:
            found.append(Uuencoded(match[1].strip(), content, match.start(), position))
    return tuple(found)


def _uu_line(line: bytes) -> bytes:
    try:
        return binascii.a2b_uu(line)
    except binascii.Error:
        pass
    # Some encoders pad lines wrongly; the first character says how much is data (as in the old uu module).
    length = (((line[0] - 32) & 63) * 4 + 5) // 3 if line else 0
    try:
        return binascii.a2b_uu(line[:length])
    except binascii.Error:
        return b""


def unflow(text: str, *, delete_space: bool) -> str:
    """format=flowed undone: soft line breaks joined, space-stuffing removed, quote marks kept (RFC 3676, 4.1-4.4)."""
    lines: list[str] = []
    open_depth: int | None = None
    for line in text.split("\n"):
        line = line.rstrip("\r")
        content = line.lstrip(">")
        depth = len(line) - len(content)
        content = content.removeprefix(" ")
        flows = content.endswith(" ") and content != "-- "
        shown = content[:-1] if flows and delete_space else content
        if open_depth == depth and lines:
            lines[-1] += shown
        else:
            lines.append(f"{'>' * depth} {shown}" if depth else shown)
        open_depth = depth if flows else None
    return "\n".join(lines)

"""Address fields to addresses, whatever their syntax.

Promises: never fails; addresses are lower case ASCII without brackets; names are decoded text.
A display name that looks like an address is never taken for one where a bracketed address exists.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable

from intake.mail import Address
from intake.message import charsets, header_fields

MAX_ADDRESSES = 500
MAX_NAME = 200
# Whole or not at all: what is left of one that is cut is somebody else's.
_ADDRESS = re.compile(
    r"(?<![A-Za-z0-9.!#$%&'*+/=?^_`{|}~-])[A-Za-z0-9.!#$%&'*+/=?^_`{|}~-]{1,128}"
    r"@[A-Za-z0-9-]{1,63}(?:\.[A-Za-z0-9-]{1,63})*(?![A-Za-z0-9-]|\.[A-Za-z0-9])"
)
_INTERNATIONAL = re.compile(r"[^\W\x00-\x7f][\w.+-]*@|@[\w.-]*[^\W\x00-\x7f]")  # RFC 6531: no letter goes there
_ANGLE = re.compile(r"<([^<>]*)>?")
_QUOTED = re.compile(r'"((?:[^"\\]|\\.)*)"?')
_GROUP = re.compile(r"^[^<>@\",;]*:\s*")
_ID = re.compile(r"<([^<>\s]+)>")
_COMMA = re.compile("[,;，；]")


def parse_addresses(raw: bytes, most: int = MAX_ADDRESSES) -> tuple[Address, ...]:
    """The addresses of a From, To or Reply-To value in order, `most` at most, those without an @ left out."""
    if not raw:
        return ()
    text = charsets.decode(raw[: most * 200])
    found: list[Address] = []
    pending = ""  # an unquoted name that held a comma
    for piece in _split(text):
        address = _address(pending + piece)
        if address.email:
            found.append(address)
        pending = "" if address.email else f"{pending}{piece},"[-MAX_NAME:]
    return tuple(found[:most])


def sender_of(fields: Iterable[tuple[str, bytes]]) -> Address:
    """The first usable address of From, else Sender, else Return-Path; the name of From is kept."""
    fields = tuple(fields)
    name = ""
    for field in ("from", "sender", "return-path"):
        for key, value in fields:
            if key != field:
                continue
            if found := parse_addresses(value):
                return Address(found[0].email, found[0].name or name)
            name = name or _name(header_fields.text_of(value))
    return Address("", name)


def message_ids(text: str) -> tuple[str, ...]:
    """Message-IDs of a field's text in angle brackets (RFC 5322, 3.6.4), bare ones too; words are left out."""
    found = _ID.findall(text) or [word.strip("<>,;") for word in text.split() if "@" in word]
    return tuple(f"<{identifier}>" for identifier in found if identifier)


def find_emails(text: str) -> tuple[str, ...]:
    """Every address written in running text, lower case, each once, in order."""
    return tuple(dict.fromkeys(match[0].strip(".'").lower() for match in _ADDRESS.finditer(text)))


def _split(text: str) -> list[str]:
    if not _COMMA.search(text):
        return [text]
    pieces, start, depth, quoted = [], 0, 0, False
    for index, character in enumerate(text):
        if character == '"' and text[index - 1 : index] != "\\":
            quoted = not quoted
        elif not quoted and character in "<>":
            depth = 1 if character == "<" else 0
        elif character in ",;，；" and not quoted and not depth:
            pieces.append(text[start:index])
            start = index + 1
    tail = text[start:]
    # An unclosed quote would swallow the whole list.
    return [*pieces, *re.split(r"[,;]", tail)] if quoted or depth else [*pieces, tail]


def _address(piece: str) -> Address:
    piece = _GROUP.sub("", piece, count=1) if ":" in piece else piece
    for inner in reversed(_ANGLE.findall(piece)):
        if _INTERNATIONAL.search(unicodedata.normalize("NFKC", inner)):
            return Address("")
        if email := _first_email(inner):
            return Address(email, _name(header_fields.decode_words(_ANGLE.sub(" ", piece))))
    piece = unicodedata.normalize("NFKC", piece)
    email = _first_email(piece)
    return (
        Address(email, _name(header_fields.decode_words(_ADDRESS.sub(" ", piece, count=1)))) if email else Address("")
    )


def _first_email(text: str) -> str:
    found = _ADDRESS.search(unicodedata.normalize("NFKC", text).replace("mailto:", "").replace("。", "."))
    return found[0].strip(".").lower() if found else ""


def _name(text: str) -> str:
    quoted = _QUOTED.search(text)
    text = quoted[1].replace('\\"', '"') if quoted else text
    return header_fields.clean(header_fields.decode_words(text)).strip(" \"'()（）<>,;，；")[:MAX_NAME]

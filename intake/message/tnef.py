"""winmail.dat: a message as Outlook wraps it for Exchange ([MS-OXTNEF]).

A list of attributes, each with level, number, length, data and a checksum (2.1.3); the rest is in property
lists inside two of them (2.1.3.4). Names are taken from property 0x3707 before the old 8-bit title, whose
bytes are GB18030 where Chinese systems wrote it. Whatever ends early is read as far as it goes.
"""

from __future__ import annotations

import struct
from collections.abc import Iterator

from intake.errors import Damaged, Unreadable
from intake.message import charsets, compressed_rtf, mapi
from intake.message.mapi import Attached, Letter, Properties
from intake.message.unpacking import MAX_FILES

SIGNATURE = 0x223E9F78
MAX_ATTRIBUTES = 20_000
MAX_PROPERTIES = 2_000
MAX_VALUES = 2_000
_BODY, _SUBJECT, _PAGE, _PROPERTIES = 0x0002800C, 0x00018004, 0x00069007, 0x00069003
_BEGIN, _TITLE, _DATA, _ATTACHMENT = 0x00069002, 0x00018010, 0x0006800F, 0x00069005
_SIZES = {2: 4, 3: 4, 4: 4, 5: 8, 6: 8, 7: 8, 0x0A: 4, 0x0B: 4, 0x14: 8, 0x40: 8, 0x48: 16}
_LONG = frozenset({mapi.STRING8, mapi.UNICODE, mapi.BINARY, mapi.OBJECT})
_MANY, _NAMED = 0x1000, 0x8000
_MESSAGE = bytes.fromhex("0703020000000000c000000000000046")  # IID_IMessage


def read_tnef(content: bytes, depth: int = 0) -> Letter:
    """The message in a winmail.dat. Raises Damaged where there is not one whole attribute."""
    message: dict[int, tuple[int, bytes]] = {}
    page = ""
    attached: list[_Attachment] = []
    for number, data in _attributes(content):
        if number == _PAGE:
            page = compressed_rtf.code_page(int.from_bytes(data[:4], "little"))
        elif number == _PROPERTIES:
            message |= dict(_properties(data))
        elif number == _SUBJECT:
            message.setdefault(mapi.SUBJECT, (mapi.STRING8, data))
        elif number == _BODY:
            message.setdefault(mapi.BODY, (mapi.STRING8, data))
        elif number == _BEGIN:
            if len(attached) > MAX_FILES:
                break
            attached.append(_Attachment())
        elif attached:
            attached[-1].add(number, data)
    return Letter(Properties(message, page), tuple(one.attached(page, depth) for one in attached))


class _Attachment:
    """The attributes of one attachment, gathered until the next begins."""

    def __init__(self) -> None:
        self._title = b""
        self._data = b""
        self._values: dict[int, tuple[int, bytes]] = {}

    def add(self, number: int, data: bytes) -> None:
        if number == _TITLE:
            self._title = data.rstrip(b"\x00")
        elif number == _DATA:
            self._data = data
        elif number == _ATTACHMENT:
            self._values = dict(_properties(data))

    def attached(self, page: str, depth: int) -> Attached:
        properties = Properties(self._values, page)
        inner = properties.data(mapi.ATTACHED)
        if self._values.get(mapi.ATTACHED, (0,))[0] == mapi.OBJECT:
            kind, inner = inner[:16], inner[16:]
            if kind == _MESSAGE and depth < mapi.MAX_LETTERS:
                return Attached(letter=read_tnef(inner, depth + 1))
        return mapi.attached_file(properties, self._data or inner, charsets.decode(self._title, page))


def _attributes(content: bytes) -> Iterator[tuple[int, bytes]]:
    """(number, data) of each attribute; the walk ends where a length leads beyond the end.

    A wrong checksum is let pass: some gateways write none.
    """
    place, count = 6, 0
    if len(content) < 6 or int.from_bytes(content[:4], "little") != SIGNATURE:
        raise Damaged("no signature of TNEF")
    while place + 9 <= len(content) and count < MAX_ATTRIBUTES:
        level, number, length = struct.unpack_from("<BII", content, place)
        start, place = place + 9, place + 11 + length
        if level not in (1, 2) or start + length > len(content):
            break
        count += 1
        yield number, content[start : start + length]
    if not count:
        raise Damaged("no whole attribute")


def _properties(data: bytes) -> Iterator[tuple[int, tuple[int, bytes]]]:
    """(number, (type, value)) of a property list; named properties and lists of values are passed over."""
    reader = _Reader(data)
    try:
        for _ in range(min(reader.number(), MAX_PROPERTIES)):
            kind, number = struct.unpack("<HH", reader.take(4))
            if number >= _NAMED:
                reader.name()
            value = reader.value(kind)
            if number < _NAMED and not kind & _MANY:
                yield number, (kind, value)
    except Unreadable:
        return  # what was read so far stands


class _Reader:
    """Little-endian values one after the other, each filled up to a multiple of four bytes."""

    def __init__(self, data: bytes) -> None:
        self._data = data
        self._place = 0

    def take(self, size: int) -> bytes:
        start, self._place = self._place, self._place + size
        if self._place > len(self._data):
            raise Damaged("a property ends early")
        return self._data[start : self._place]

    def number(self) -> int:
        return int.from_bytes(self.take(4), "little")

    def long(self) -> bytes:
        size = self.number()
        found = self.take(size)
        self._place += -size % 4
        return found

    def name(self) -> None:
        """The name of a named property: a GUID, then a number or a string."""
        self.take(16)
        if self.number():
            self.long()
        else:
            self.take(4)

    def value(self, kind: int) -> bytes:
        many, kind = bool(kind & _MANY), kind & ~_MANY
        if kind in _LONG:
            values = [self.long() for _ in range(min(max(self.number(), 1), MAX_VALUES))]
            return values[0]
        size = _SIZES.get(kind)
        if size is None:
            raise Damaged(f"a property of type {kind:04x}")
        return self.take(size * (self.number() if many else 1))

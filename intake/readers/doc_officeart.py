"""Drawings of old Office files (OfficeArt): the shapes with their properties, and the pictures.

Sources: [MS-ODRAW] 2.2.1 (record header), OfficeArtSpContainer, OfficeArtFOPT, OfficeArtFBSE and the
blips. Promises to end on any bytes: records lie inside one another, a bounded number of levels deep.
"""

from __future__ import annotations

import struct
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from typing import TypeAlias

Record: TypeAlias = tuple[int, int, bytes]  # instance, type, content

_STORE, _GROUP, _SHAPE = 0xF001, 0xF003, 0xF004
_ENTRY, _HEAD = 0xF007, 0xF00A
_OPTIONS = (0xF00B, 0xF121, 0xF122)
_MAX_DEPTH = 16
_MAX_RECORDS = 20_000
_PICTURES = frozenset({0xF01D, 0xF01E, 0xF029, 0xF02A})  # jpg, png, tiff, jpg in CMYK
_MAX_PICTURE = 4 << 20
_TWO_IDENTITIES = frozenset({0x46B, 0x6E3, 0x6E1, 0x6E5})  # instances with two checksums before the picture
_ARRAYS = frozenset({0x145, 0x146, 0x151, 0x152, 0x155, 0x156, 0x157, 0x197, 0x1CF})
DELETED, FLIPPED = 0x08, 0xC0


@dataclass(slots=True)
class Shape:
    """A shape or a group. `options` are its properties by number, `long_options` those with own bytes."""

    identity: int = 0
    kind: int = 0
    flags: int = 0
    options: dict[int, int] = field(default_factory=dict)
    long_options: dict[int, bytes] = field(default_factory=dict)
    members: list[Shape] = field(default_factory=list)

    def switch(self, number: int, bit: int, default: bool) -> bool:
        """A switch among the boolean properties; its upper half says whether the lower one counts."""
        value = self.options.get(number, 0)
        return bool(value & bit) if value & bit << 16 else default


def records(raw: bytes) -> Iterator[Record]:
    """The records one after another; the last one may be cut off."""
    at = 0
    for _ in range(_MAX_RECORDS):
        if at + 8 > len(raw):
            return
        first, kind, size = struct.unpack_from("<HHI", raw, at)
        yield first >> 4, kind, raw[at + 8 : at + 8 + size]
        at += 8 + size


def shapes(raw: bytes, depth: int = 0) -> list[Shape]:
    """The shapes among these records; the members of a group stand in it."""
    found: list[Shape] = []
    for _, kind, content in records(raw):
        if kind == _SHAPE:
            found.append(_shape(content))
        elif kind == _GROUP and depth < _MAX_DEPTH:
            members = shapes(content, depth + 1)
            if members:
                members[0].members = members[1:]
                found.append(members[0])
    return found


def _shape(raw: bytes) -> Shape:
    found = Shape()
    for instance, kind, content in records(raw):
        if kind == _HEAD and len(content) >= 8:
            found.kind = instance
            found.identity, found.flags = struct.unpack_from("<II", content)
        elif kind in _OPTIONS:
            _read_options(content, instance, found)
    return found


def _read_options(raw: bytes, count: int, found: Shape) -> None:
    """The properties: six bytes each, the bytes of the long ones after them all."""
    at = 6 * count
    for number in range(min(count, len(raw) // 6)):
        code, value = struct.unpack_from("<HI", raw, 6 * number)
        if code & 0x8000:
            size = _array_size(raw, at, value) if code & 0x3FFF in _ARRAYS else value
            found.long_options[code & 0x3FFF] = raw[at : at + size]
            at += size
        found.options[code & 0x3FFF] = value


def _array_size(raw: bytes, at: int, size: int) -> int:
    """Some writers leave the six bytes of its head out of the size of an array (IMsoArray)."""
    count = int.from_bytes(raw[at : at + 2], "little")
    width = int.from_bytes(raw[at + 4 : at + 6], "little")
    return size + 6 if count and size == count * (4 if width == 0xFFF0 else width) else size


def store_entries(raw: bytes) -> list[bytes]:
    """The entries of the picture store in the drawing group, by number (FBSE)."""
    return [
        entry
        for _, kind, content in records(raw)
        if kind == _STORE
        for _, of, entry in records(content)
        if of == _ENTRY
    ]


def entry_picture(entry: bytes, delayed: bytes) -> bytes:
    """The picture of an entry: in it, or where it points to in the stream `delayed`; empty for a metafile."""
    if len(entry) < 36:
        return b""
    inside = next(pictures(entry[36 + entry[33] :]), None)
    if inside is not None:
        return inside
    place = int.from_bytes(entry[28:32], "little")
    size = int.from_bytes(delayed[place + 4 : place + 8], "little")
    return next(pictures(delayed[place : place + 8 + min(size, _MAX_PICTURE)], 1), b"")


def pictures(raw: bytes, limit: int = 100) -> Iterator[bytes]:
    """The pictures that stand as bare records or in entries; empty bytes for a metafile."""
    for number, (instance, kind, content) in enumerate(records(raw)):
        if number >= limit:
            return
        if kind in _PICTURES:
            yield content[17 + (16 if instance in _TWO_IDENTITIES else 0) :]
        elif kind == _ENTRY:
            yield entry_picture(content, b"")
        elif 0xF01A <= kind <= 0xF01F:
            yield b""


def points(shape: Shape) -> Sequence[tuple[int, int]]:
    """The corners of a freehand shape (pVertices); empty where they are not plain numbers in one line."""
    raw = shape.long_options.get(0x145, b"")
    if len(raw) < 6 or _strokes(shape) > 1:
        return ()
    count, _, size = struct.unpack_from("<HHH", raw)
    form, width = ("<ii", 8) if size == 8 else ("<hh", 4)
    if size not in (8, 4, 0xFFF0) or len(raw) < 6 + width * count:
        return ()
    found = [struct.unpack_from(form, raw, 6 + width * at) for at in range(count)]
    return [(x, y) for x, y in found] if all(abs(number) < 1 << 24 for pair in found for number in pair) else ()


def _strokes(shape: Shape) -> int:
    """How many lines a shape is drawn in: the moves (type 2) among its segments (pSegmentInfo)."""
    raw = shape.long_options.get(0x146, b"")[6:]
    return sum(raw[at] >> 5 == 2 for at in range(1, len(raw), 2))

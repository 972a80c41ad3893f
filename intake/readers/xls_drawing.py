"""The drawing of a sheet of an old Excel workbook: where each object lies, and the pictures in it.

Promises: ends on any bytes, each record of the drawing being read once; never raises. Sources: [MS-ODRAW]
2.2.13 (OfficeArtSpgrContainer), 2.2.14 (OfficeArtSpContainer), 2.2.39 (FSPGR), 2.2.40 (FSP), 2.3.23.2 (pib),
2.3.4.44 (fHidden), 2.3.6.6 (pVertices), 2.3.7 (fill), 2.2.32 (FBSE); [MS-XLS] 2.5.193 (OfficeArtClientAnchorSheet).
"""

from __future__ import annotations

import struct
from collections.abc import Iterator
from dataclasses import dataclass, field

from intake.readers.sheet import Corner, Sizes

_GROUP, _SHAPE, _DATA = 0xF003, 0xF004, 0xF011
_FSP, _OPTIONS, _FSPGR = 0xF00A, 0xF00B, 0xF009
_ANCHOR, _CHILD_ANCHOR = 0xF010, 0xF00F
_STORE_ENTRY, _BLIPS = 0xF007, range(0xF018, 0xF118)
_WORDS, _POINTS = 0xC0, 0x145
_MAX_POINTS = 500
_WHITE = frozenset({0xFFFFFF, 0x08000009, 0x08000041})  # white by its channels, or by a place of the palette
_COMPLEX = 0x8000
_IS_GROUP, _DELETED, _FLIPPED = 0x01, 0x08, 0xC0
_MAX_DEPTH = 32
_TALLEST = 64  # rows or columns that one thing may cross

Rectangle = tuple[float, float, float, float]  # left, top, right, bottom


@dataclass(slots=True)
class Shape:
    """A shape: its kind (MSOSPT), its corners, the number of its picture from 1 (0: none), words drawn as a
    picture (WordArt), its size in points, the points of a free line as it is seen, and whether one sees through
    it (no fill, or a white one)."""

    kind: int = 0
    start: Corner | None = None
    end: Corner | None = None
    picture: int = 0
    words: str = ""
    hidden: bool = False
    width: float = 0.0
    height: float = 0.0
    points: tuple[tuple[int, int], ...] = ()
    turned: bool = False
    clear: bool = True


@dataclass(slots=True)
class _Frame:
    """A group: the corner from which `room` is measured in points, and the coordinates that fill it."""

    base: Corner | None = None
    room: Rectangle = (0.0, 0.0, 0.0, 0.0)
    units: Rectangle = (0.0, 0.0, 0.0, 0.0)


@dataclass(slots=True)
class _Open:
    """A shape container while it is read."""

    shape: Shape = field(default_factory=Shape)
    child: Rectangle | None = None
    units: Rectangle | None = None
    is_group: bool = False
    data_end: int = -1


def shapes(drawing: bytes, sizes: Sizes) -> Iterator[tuple[int, Shape]]:
    """Each shape with client data, and the place in the drawing at which its Obj record came."""
    frames: list[tuple[int, _Frame]] = []
    for kind, begin, end, inside in _containers(drawing):
        while frames and begin >= frames[-1][0]:
            frames.pop()
        if kind == _GROUP:
            frames.append((end, _Frame()))
        elif inside:
            opened = _read_shape(drawing, begin, end)
            around = [frame for _, frame in frames]
            _measure(opened, around, sizes)
            if opened.data_end >= 0 and not opened.is_group:
                yield opened.data_end, opened.shape


def _containers(drawing: bytes) -> Iterator[tuple[int, int, int, bool]]:
    """Groups and shapes in order: kind, begin and end of the content, whether it is a shape."""
    at = 0
    while at + 8 <= len(drawing):
        head, kind, size = struct.unpack_from("<HHI", drawing, at)
        at += 8
        if kind == _SHAPE:
            yield kind, at, min(at + size, len(drawing)), True
            at += size
        elif head & 0x0F == 0x0F:
            if kind == _GROUP:
                yield kind, at, min(at + size, len(drawing)), False
        else:
            at += size


def _read_shape(drawing: bytes, at: int, end: int) -> _Open:
    opened = _Open()
    while at + 8 <= end:
        head, kind, size = struct.unpack_from("<HHI", drawing, at)
        at += 8
        body = drawing[at : min(at + size, end)]
        if kind == _DATA:
            opened.data_end = at + size
        else:
            _take(opened, kind, head >> 4, body)
        at += size
    return opened


def _take(opened: _Open, kind: int, instance: int, body: bytes) -> None:
    shape = opened.shape
    if kind == _FSP and len(body) >= 8:
        shape.kind = instance
        flags = int.from_bytes(body[4:8], "little")
        opened.is_group = bool(flags & _IS_GROUP)
        shape.hidden = shape.hidden or bool(flags & _DELETED)
        shape.turned = shape.turned or bool(flags & _FLIPPED)
    elif kind == _OPTIONS:
        _take_options(shape, instance, body)
    elif kind == _ANCHOR and len(body) >= 18:
        shape.start, shape.end = _fractions(*struct.unpack_from("<8H", body, 2))
    elif kind == _CHILD_ANCHOR and len(body) >= 16:
        opened.child = struct.unpack_from("<4i", body)
    elif kind == _FSPGR and len(body) >= 16:
        opened.units = struct.unpack_from("<4i", body)


def _fractions(*numbers: int) -> tuple[Corner, Corner]:
    """The corners of a client anchor; offsets are 1024ths of the column and 256ths of the row."""
    left, dx, top, dy, right, dx2, bottom, dy2 = numbers
    return Corner(left, dx / 1024, top, dy / 256), Corner(right, dx2 / 1024, bottom, dy2 / 256)


def _take_options(shape: Shape, count: int, body: bytes) -> None:
    """The properties: six bytes each, the long ones (strings, points) behind all of them."""
    after = count * 6
    filled, white = True, True
    for at in range(0, min(after, len(body) - 5), 6):
        number, value = struct.unpack_from("<HI", body, at)
        if number & _COMPLEX:
            _take_long(shape, number & 0x3FFF, body[after : after + value])
            after += value
            continue
        match number & 0x3FFF:
            case 0x104:
                shape.picture = value
            case 0x3BF:
                shape.hidden = shape.hidden or bool(value & 0x20000 and value & 0x2)
            case 0x004:
                shape.turned = shape.turned or bool(value)
            case 0x1BF:
                filled = not value & 0x100000 or bool(value & 0x10)
            case 0x181:
                white = value in _WHITE
    shape.clear = white or not filled


def _take_long(shape: Shape, number: int, content: bytes) -> None:
    if number == _WORDS:
        shape.words = content.decode("utf-16-le", "replace").rstrip("\x00")
    elif number == _POINTS and len(content) >= 6:
        count, _, size = struct.unpack_from("<HHH", content)
        form, step = ("<hh", 4) if size in (4, 0xFFF0) else ("<ii", 8)
        last = min(count, _MAX_POINTS, (len(content) - 6) // step)
        shape.points = tuple(struct.unpack_from(form, content, 6 + step * at) for at in range(last))


def _measure(opened: _Open, frames: list[_Frame], sizes: Sizes) -> None:
    """Corners in points, and the frame that a group's own shape gives to its members."""
    shape, room = opened.shape, (0.0, 0.0, 0.0, 0.0)
    base: Corner | None = None
    if shape.start is not None and shape.end is not None:
        shape.start, shape.end = _in_points(shape.start, sizes), _in_points(shape.end, sizes)
        base = shape.start
        room = (0.0, 0.0, *_extent(shape.start, shape.end, sizes))
    elif opened.child is not None:
        outer = frames[-2 if opened.is_group and len(frames) > 1 else -1] if frames else _Frame()
        base, room = outer.base, _scaled(opened.child, outer)
        if base is not None:
            shape.start = _moved(base, room[0], room[1], sizes)
            shape.end = _moved(base, room[2], room[3], sizes)
    shape.width, shape.height = room[2] - room[0], room[3] - room[1]
    if opened.is_group and frames and opened.units is not None:
        frames[-1].base, frames[-1].room, frames[-1].units = base, room, opened.units


def _in_points(corner: Corner, sizes: Sizes) -> Corner:
    return Corner(
        corner.column,
        corner.x * sizes.column_width(corner.column),
        corner.row,
        corner.y * sizes.row_height(corner.row),
    )


def _extent(start: Corner, end: Corner, sizes: Sizes) -> tuple[float, float]:
    columns = range(start.column, min(end.column, start.column + _TALLEST))
    rows = range(start.row, min(end.row, start.row + _TALLEST))
    width = sum(map(sizes.column_width, columns)) + end.x - start.x
    return width, sum(map(sizes.row_height, rows)) + end.y - start.y


def _scaled(child: Rectangle, outer: _Frame) -> Rectangle:
    left, top, right, bottom = outer.units
    across, down = right - left or 1.0, bottom - top or 1.0
    wide, high = outer.room[2] - outer.room[0], outer.room[3] - outer.room[1]
    return (
        outer.room[0] + (child[0] - left) / across * wide,
        outer.room[1] + (child[1] - top) / down * high,
        outer.room[0] + (child[2] - left) / across * wide,
        outer.room[1] + (child[3] - top) / down * high,
    )


def _moved(base: Corner, dx: float, dy: float, sizes: Sizes) -> Corner:
    column, x, row, y = base.column, base.x + dx, base.row, base.y + dy
    while x > sizes.column_width(column) and column < base.column + _TALLEST:
        x -= sizes.column_width(column)
        column += 1
    while y > sizes.row_height(row) and row < base.row + _TALLEST:
        y -= sizes.row_height(row)
        row += 1
    return Corner(column, x, row, y)


def pictures(group: bytes) -> tuple[bytes, ...]:
    """The pictures of a workbook in the order of their numbers; b"" for one that is not stored here."""
    found: list[bytes] = []
    at = 0
    while at + 8 <= len(group):
        head, kind, size = struct.unpack_from("<HHI", group, at)
        at += 8
        if kind == _STORE_ENTRY:
            found.append(_picture(group[at : at + size]))
            at += size
        elif head & 0x0F != 0x0F:
            at += size
    return tuple(found)


def _picture(entry: bytes) -> bytes:
    """The bytes of a bitmap out of its store entry: behind 36 bytes and a name stands a blip, whose one or two
    identities of 16 bytes and a tag come before the picture."""
    at = 36 + (entry[33] if len(entry) > 33 else 0)
    if at + 8 > len(entry) or int.from_bytes(entry[at + 2 : at + 4], "little") not in _BLIPS:
        return b""
    for before in (17, 33):
        content = entry[at + 8 + before :]
        if content.startswith((b"\x89PNG", b"\xff\xd8\xff")):
            return content
    return b""

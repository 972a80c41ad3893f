"""The objects on a sheet of an old Excel workbook: check boxes, option buttons, lists, text boxes, ActiveX.

An Obj record holds sub-records for what an object is, its state and its links; the words in it are in a TxO
record. Promises: never raises over any bytes; what is not understood is left out. Sources: [MS-XLS] 2.4.181
(Obj), 2.5.143 to 2.5.153 (FtCmo and the others), 2.4.329 (TxO), 2.5.187 (ObjFmla).
"""

from __future__ import annotations

import struct
from collections.abc import Iterator
from dataclasses import dataclass

from intake.document import BoxState

PICTURE, CHECK_BOX, OPTION, LIST, DROP_DOWN, COMMENT = 0x08, 0x0B, 0x0C, 0x12, 0x14, 0x19
_CMO, _PICTURE_FLAGS, _PICTURE_FORMULA = 0x15, 0x08, 0x09
_BOX, _BOX_DATA, _BOX_LINK, _SCROLL_LINK, _LIST_DATA = 0x0A, 0x12, 0x14, 0x0E, 0x13
_STATES: dict[int, BoxState] = {0: "empty", 1: "ticked"}
_CONTROL = 0x10


@dataclass(frozen=True, slots=True)
class Reference:
    """Cells that a control is linked to: from row and column, to row and column; `book` is the number of the 3-D
    reference, None for the sheet itself."""

    first: tuple[int, int]
    last: tuple[int, int]
    book: int | None = None


@dataclass(slots=True)
class Drawn:
    """An object.

    `state` is that of a check box, `said` that FtCblsData gave it; `choice` counts the chosen line of a list from 1
    (0: none), `several` says that more than one may be chosen; `active` and `box` that it is an ActiveX control, and
    one to tick; `stored` is its place and size in the stream Ctls; `words` with `fonts` are the text.
    """

    kind: int
    identity: int
    state: BoxState = "unknown"
    link: Reference | None = None
    source: Reference | None = None
    choice: int = 0
    active: bool = False
    box: bool = False
    stored: tuple[int, int] | None = None
    automatic: bool = False
    several: bool = False
    said: bool = False
    words: str = ""
    fonts: tuple[tuple[int, int], ...] = ()


def read_object(data: bytes) -> Drawn | None:
    """An Obj record of BIFF8; None where it has no FtCmo."""
    if len(data) < 10 or data[:2] != b"\x15\x00":
        return None
    kind, identity = struct.unpack_from("<HH", data, 4)
    found = Drawn(kind, identity)
    for number, body in _parts(data):
        try:
            _take(found, number, body)
        except (struct.error, IndexError):
            continue
    return found


def _parts(data: bytes) -> Iterator[tuple[int, bytes]]:
    at = 0
    while at + 4 <= len(data):
        number, size = struct.unpack_from("<HH", data, at)
        if number == _LIST_DATA:  # its size is no size ([MS-XLS] 2.5.148); it is the last but FtEnd
            yield number, data[at + 4 :]
            return
        yield number, data[at + 4 : at + 4 + size]
        at += 4 + size


def _take(found: Drawn, number: int, body: bytes) -> None:
    if number in (_BOX, _BOX_DATA) and found.kind in (CHECK_BOX, OPTION):
        if number == _BOX_DATA or not found.said:  # FtCblsData is the one to go by; LibreOffice writes FtCbls alone
            found.state = _STATES.get(int.from_bytes(body[:2], "little"), "unknown")
        found.said = found.said or number == _BOX_DATA
    elif number in (_BOX_LINK, _SCROLL_LINK):
        found.link = _formula(body)
    elif number == _LIST_DATA:
        _take_list(found, body)
    elif number == _PICTURE_FLAGS:
        found.active = bool(body[0] & _CONTROL)
    elif number == _PICTURE_FORMULA and found.active:
        size = 2 + int.from_bytes(body[:2], "little")
        name = body[:size].replace(b"\0", b"").lower()
        found.box = b"forms.checkbox" in name or b"forms.optionbutton" in name
        found.stored = struct.unpack_from("<II", body, size)


def _take_list(found: Drawn, body: bytes) -> None:
    """FtLbsData: the cells that hold the lines, and which of them is chosen. A list that a filter or a rule for
    the cell puts there (`lct` is not 0) is no answer."""
    size = 2 + int.from_bytes(body[:2], "little")
    found.source = _formula(body[2:])
    _, found.choice, flags = struct.unpack_from("<HHH", body, size)
    found.automatic, found.several = bool(flags >> 8), bool(flags & 0x30)


def _formula(body: bytes) -> Reference | None:
    """The formula of an ObjFmla (its size left out) that is one reference."""
    if len(body) < 7:
        return None
    token, rest = body[6], body[7:]
    match token & 0x1F | 0x20 if token >= 0x20 else 0:
        case 0x24:
            row, column = struct.unpack_from("<HH", rest)
            return _reference(row, row, column, column)
        case 0x25:
            return _reference(*struct.unpack_from("<HHHH", rest))
        case 0x3A:
            book, row, column = struct.unpack_from("<HHH", rest)
            return _reference(row, row, column, column, book)
        case 0x3B:
            book, first, last, left, right = struct.unpack_from("<HHHHH", rest)
            return _reference(first, last, left, right, book)
    return None


def _reference(first: int, last: int, left: int, right: int, book: int | None = None) -> Reference:
    return Reference((first, left & 0xFF), (last, right & 0xFF), book)


def text_sizes(data: bytes) -> tuple[int, int]:
    """Characters and bytes of runs that a TxO record announces in the Continue records after it."""
    return struct.unpack_from("<HH", data, 10) if len(data) >= 14 else (0, 0)


def text_part(data: bytes) -> str:
    """The characters in one Continue record of a TxO: the first byte says whether they take one byte or two."""
    return data[1:].decode("utf-16-le" if data[:1] == b"\x01" else "latin-1", "replace")


def text_fonts(data: bytes) -> tuple[tuple[int, int], ...]:
    """Offset and font of each stretch of the text."""
    return tuple(struct.unpack_from("<HH", data, at) for at in range(0, len(data) - 7, 8))

"""The records of an old Excel workbook (BIFF2 to BIFF8), and what xlrd need not see of them.

Promises: one walk over the stream, bounded by its length. Sources: [MS-XLS] 2.1.4 (record), 2.4.21 (BOF),
2.4.28 (BoundSheet8), 2.4.105 (ExternSheet), 2.4.271 (SupBook), 2.4.117 (FilePass).
"""

from __future__ import annotations

import struct
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

from intake.errors import Damaged, Encrypted, TooLarge
from intake.readers.ole import MAGIC as OLE_MAGIC
from intake.readers.ole import CompoundFile
from intake.readers.sheet import MAX_CELLS

BOF = frozenset({0x0009, 0x0209, 0x0409, 0x0809})
EOF, CONTINUE = 0x0A, 0x3C
OBJ, TXO, NOTE, DRAWING, DRAWING_GROUP = 0x5D, 0x1B6, 0x1C, 0xEC, 0xEB
_BOUNDSHEET, _FILEPASS, _EXTERNSHEET, _SUPBOOK = 0x85, 0x2F, 0x17, 0x1AE
_MULBLANK, _MULRK = 0xBE, 0xBD
_BLANKS = frozenset({0x01, 0x201, _MULBLANK})
_CELLS = frozenset({0x02, 0x03, 0x04, 0x05, 0x06, 0x203, 0x204, 0x205, 0x206, 0x406, 0x27E, 0xFD, 0xD6, _MULRK})
_MAX_BLANKS = 20_000  # empty cells with a format
_UNUSED = b"\xff\x0f"  # no record of Excel has this number
# Names, external references, links, conditional formats, styles, drawings: of no use to the cells, and read by
# xlrd with assertions.
_IDLE = frozenset(
    {0x18, 0x218, _EXTERNSHEET, _SUPBOOK, 0x23, 0x223, 0x1B8, 0x800, 0x1B0, 0x1B1, 0x293, 0x5C, 0x7F, 0x872}
    | {OBJ, TXO, NOTE, DRAWING, DRAWING_GROUP}
)

Record = tuple[int, int, int]  # number, start and end of its data


@dataclass(slots=True)
class Workbook:
    """The stream of a workbook. `version` is that of the first BOF (0x0600 for BIFF8); `sheets` are the places of
    the worksheets in order, `tabs` those of all sheets; `references` are the tabs named by each 3-D reference."""

    stream: bytes
    version: int = 0
    sheets: list[int] = field(default_factory=list)
    tabs: list[int] = field(default_factory=list)
    references: list[int] = field(default_factory=list)
    pictures: bytes = b""

    @property
    def is_biff8(self) -> bool:
        return self.version >= 0x0600

    @property
    def has_drawings(self) -> bool:
        return self.version >= 0x0500


def workbook_stream(content: bytes) -> tuple[bytes, CompoundFile | None]:
    """The stream with the records, and the compound file around it."""
    if not content.startswith(OLE_MAGIC):
        return content, None
    compound = CompoundFile(content)
    stream = compound.stream("workbook") or compound.stream("book")
    if not stream:
        raise Damaged("no workbook stream")
    return stream, compound


def records(stream: bytes, start: int = 0) -> Iterator[Record]:
    """The records from a place on; ends at the end of the stream, and at a record cut off."""
    while start + 4 <= len(stream):
        kind, size = struct.unpack_from("<HH", stream, start)
        end = start + 4 + size
        if end > len(stream):
            return
        yield kind, start + 4, end
        start = end


def sheet_records(stream: bytes, start: int) -> Iterator[Record]:
    """The records of one sheet, charts in it left out."""
    depth = 0
    for kind, begin, end in records(stream, start):
        if kind in BOF:
            depth += 1
        elif kind == EOF:
            depth -= 1
            if depth <= 0:
                return
        elif depth == 1:
            yield kind, begin, end


def read_globals(stream: bytes) -> Workbook:
    """What the front of the stream says of the whole workbook. Raises Encrypted or Damaged."""
    first = next(records(stream), None)
    if first is None or first[0] not in BOF or first[2] - first[1] < 4:
        raise Damaged("a workbook that does not begin with BOF")
    book = Workbook(stream, _version(first[0], stream[first[1] : first[2]]))
    if book.version < 0x0500:
        book.sheets, book.tabs = [0], [0]
        _refuse_locked(stream)
        return book
    supports: list[bool] = []
    pictures = bytearray()
    before = 0
    for kind, begin, end in sheet_records(stream, 0):
        data = stream[begin:end]
        if kind == _FILEPASS:
            raise Encrypted("a FilePass record")
        if kind == _BOUNDSHEET and len(data) >= 6:
            _add_sheet(book, data)
        elif kind == _SUPBOOK:
            supports.append(data[2:4] == b"\x01\x04")
        elif kind == _EXTERNSHEET and book.is_biff8:
            book.references = list(_tabs_named(data, supports))
        elif kind == DRAWING_GROUP or (kind == CONTINUE and before == DRAWING_GROUP):
            pictures += data
            kind = DRAWING_GROUP
        before = kind
    book.pictures = bytes(pictures)
    return book


def _version(kind: int, data: bytes) -> int:
    return {0x0009: 0x0200, 0x0209: 0x0300, 0x0409: 0x0400}.get(kind) or int.from_bytes(data[:2], "little")


def _refuse_locked(stream: bytes) -> None:
    if any(kind == _FILEPASS for kind, _, _ in sheet_records(stream, 0)):
        raise Encrypted("a FilePass record")


def _add_sheet(book: Workbook, data: bytes) -> None:
    place = int.from_bytes(data[:4], "little")
    book.tabs.append(place)
    if data[5] == 0:
        book.sheets.append(place)


def _tabs_named(data: bytes, supports: Sequence[bool]) -> Iterator[int]:
    """The tab of each reference; -1 where it lies in another workbook or spans several."""
    count = min(int.from_bytes(data[:2], "little"), (len(data) - 2) // 6)
    for at in range(count):
        support, first, last = struct.unpack_from("<HHH", data, 2 + 6 * at)
        own = support < len(supports) and supports[support]
        yield first if own and first == last else -1


def for_cells(stream: bytes) -> bytes:
    """The stream with those records renamed that say nothing of cells, and those of empty cells beyond a bound.

    Raises TooLarge where there are more filled cells than sheets may hold.
    """
    kept = bytearray(stream)
    blanks, filled, dropping = 0, 0, False
    idle = _IDLE if read_version(stream) >= 0x0600 else _IDLE - {NOTE}
    for kind, begin, end in records(stream):
        if kind in _BLANKS:
            blanks += (end - begin - 6) // 2 if kind == _MULBLANK else 1
        elif kind in _CELLS:
            filled += (end - begin - 6) // 6 if kind == _MULRK else 1
        if kind != CONTINUE:
            dropping = kind in idle or (kind in _BLANKS and blanks > _MAX_BLANKS)
        if dropping:
            kept[begin - 4 : begin - 2] = _UNUSED
    if filled > MAX_CELLS:
        raise TooLarge(f"{filled} filled cells")
    return bytes(kept)


def read_version(stream: bytes) -> int:
    """The version that the first BOF names; 0 where there is none."""
    first = next(records(stream), None)
    return 0 if first is None or first[0] not in BOF else _version(first[0], stream[first[1] : first[2]])

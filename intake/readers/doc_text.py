"""The characters of a Word 97-2003 file and their formatting, by character position (CP).

Characters lie in pieces, 8 or 16 bits each; formatting lies in pages of 512 bytes (FKP) by the
place of the bytes. Source: [MS-DOC] 2.4.1 (text), 2.4.6.1 and 2.4.6.2 (properties), Clx, PlcPcd,
ChpxFkp, PapxFkp. Promises to end on any bytes. Raises Damaged or TooLarge.
"""

from __future__ import annotations

import struct
from bisect import bisect_right
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import TypeAlias

from intake.errors import Damaged, TooLarge
from intake.readers.doc_file import Pair, WordFile, positions
from intake.readers.doc_sprms import PIECE_SPRMS, ParagraphProperties, read_paragraph

_Run: TypeAlias = tuple[int, int, bytes]
_PageReader: TypeAlias = Callable[[bytes], Iterator[_Run]]

MAX_CHARACTERS = 8 << 20
_PAGE = 512
_COMPRESSED = 1 << 30


@dataclass(frozen=True, slots=True)
class _Piece:
    """Characters from CP `start`; `place` is that of the first one's bytes, `width` that of each."""

    start: int
    end: int
    place: int
    width: int
    extra: bytes  # modifiers put on top of the formatting of the pages

    def place_of(self, position: int) -> int:
        return self.place + (position - self.start) * self.width


@dataclass(frozen=True, slots=True)
class Stretch:
    """Characters of one formatting: those from CP `start` to `end`, and their grpprl."""

    start: int
    end: int
    grpprl: bytes


class WordText:
    """`characters` holds one Python character for each CP; a pair of surrogates is two of them."""

    def __init__(self, file: WordFile) -> None:
        self._file = file
        self._pieces, texts = _pieces(file)
        self._starts = [piece.start for piece in self._pieces]
        self.characters = "".join(texts)
        self._runs = _Pages(file, Pair.CHARACTER_PAGES, _character_page)
        self._paragraphs = _Pages(file, Pair.PARAGRAPH_PAGES, _paragraph_page)
        self._known: dict[tuple[bytes, bytes], ParagraphProperties] = {}

    @property
    def is_damaged(self) -> bool:
        """Whether text or formatting that the file refers to is not in it any more."""
        body = self._file.stories.body.end
        whole = len(self.characters) >= body and "\0" not in self.characters[:body]
        return self._runs.lost or self._paragraphs.lost or not whole

    def stretches(self, start: int, end: int) -> Iterator[Stretch]:
        """The characters from one CP to another, in stretches of one formatting."""
        end = min(end, len(self.characters))
        while start < end:
            piece = self._pieces[bisect_right(self._starts, start) - 1]
            stop = min(piece.end, end)
            for until, grpprl in self._runs.runs(piece.place_of(start), piece.place_of(stop)):
                position = min(stop, piece.start + -(-(until - piece.place) // piece.width))
                if position > start:
                    yield Stretch(start, position, grpprl + piece.extra)
                    start = position
            start = max(start, stop)

    def paragraph(self, position: int) -> ParagraphProperties:
        """The properties of the paragraph whose mark is at a CP."""
        piece = self._pieces[bisect_right(self._starts, position) - 1]
        _, raw = next(self._paragraphs.runs(piece.place_of(position), piece.place_of(position) + 1))
        key = (raw, piece.extra)
        if key not in self._known:
            grpprl = raw[2:] + piece.extra
            self._known[key] = read_paragraph(int.from_bytes(raw[:2], "little"), grpprl, self._file.data)
        return self._known[key]


# ---- pieces -----------------------------------------------------------------------------------------


def _pieces(file: WordFile) -> tuple[list[_Piece], list[str]]:
    extras, table = _clx(file.pair(Pair.PIECES))
    starts, records = positions(table, 8)
    found: list[_Piece] = []
    texts: list[str] = []
    total = 0
    for start, end, record in zip(starts, starts[1:], records, strict=False):
        count = min(end - start, len(file.word))
        if start != total or count <= 0:
            break
        place, prm = struct.unpack_from("<IH", record, 2)
        width = 1 if place & _COMPRESSED else 2
        place = (place & ~_COMPRESSED) // (2 if width == 1 else 1)
        text = _decoded(file.word[place : place + count * width], width)
        if total + len(text) > MAX_CHARACTERS:
            raise TooLarge(f"more than {MAX_CHARACTERS} characters")
        found.append(_Piece(start, start + len(text), place, width, _extra(prm, extras)))
        texts.append(text)
        total += len(text)
        if len(text) < count:
            break
    if not found:
        raise Damaged("no text pieces")
    return found, texts


def _clx(raw: bytes) -> tuple[list[bytes], bytes]:
    """The grpprls that pieces refer to, and the table of pieces."""
    extras: list[bytes] = []
    at = 0
    while at + 3 <= len(raw) and raw[at] == 1:
        size = int.from_bytes(raw[at + 1 : at + 3], "little")
        extras.append(raw[at + 3 : at + 3 + size])
        at += 3 + size
    if raw[at : at + 1] != b"\x02":
        raise Damaged("no table of text pieces")
    size = int.from_bytes(raw[at + 1 : at + 5], "little")
    return extras, raw[at + 5 : at + 5 + size]


def _extra(prm: int, extras: list[bytes]) -> bytes:
    if prm & 1:
        number = prm >> 1
        return extras[number] if number < len(extras) else b""
    code = PIECE_SPRMS.get(prm >> 1 & 0x7F)
    return struct.pack("<HB", code, prm >> 8) if prm and code else b""


def _decoded(raw: bytes, width: int) -> str:
    """Bytes as characters, one for each CP. 8-bit characters are those of cp1252 (FcCompressed)."""
    if width == 1:
        return raw.decode("cp1252", "replace")
    raw = raw[: len(raw) // 2 * 2]
    text = raw.decode("utf-16-le", "replace")
    if len(text) * 2 == len(raw):
        return text
    return "".join(map(chr, struct.unpack(f"<{len(raw) // 2}H", raw)))


# ---- pages of formatting ----------------------------------------------------------------------------


class _Pages:
    """The runs of all pages of one kind: (place of the first byte, place after the last, grpprl)."""

    def __init__(self, file: WordFile, pair: Pair, read: _PageReader) -> None:
        self.lost = False
        _, records = positions(file.pair(pair), 4)
        numbers = dict.fromkeys(int.from_bytes(record, "little") & 0x3FFFFF for record in records)
        runs: list[_Run] = []
        for number in numbers:
            page = list(read(file.word[number * _PAGE : (number + 1) * _PAGE]))
            self.lost = self.lost or not page or any(start >= stop for start, stop, _ in page)
            runs.extend(page)
        self.lost = self.lost or not runs
        self._runs = sorted(runs, key=lambda run: run[:2])
        self._starts = [run[0] for run in self._runs]

    def runs(self, place: int, end: int) -> Iterator[tuple[int, bytes]]:
        """The grpprls of the bytes from a place on: each with the place where it ends."""
        while place < end:
            at = bisect_right(self._starts, place)
            stop = self._starts[at] if at < len(self._starts) else end
            grpprl = b""
            if at and place < self._runs[at - 1][1]:
                grpprl = self._runs[at - 1][2]
                stop = min(stop, self._runs[at - 1][1])
            place = stop
            yield place, grpprl


def _places(page: bytes) -> tuple[int, tuple[int, ...]]:
    count = page[_PAGE - 1] if len(page) == _PAGE else 0
    if 4 * (count + 1) > _PAGE - 1:
        return 0, ()
    return count, struct.unpack_from(f"<{count + 1}I", page) if count else ()


def _character_page(page: bytes) -> Iterator[_Run]:
    """ChpxFkp: for each run a byte that says where in the page its grpprl stands."""
    count, places = _places(page)
    for at in range(count):
        where = 4 * (count + 1) + at
        offset = 2 * page[where] if where < _PAGE - 1 else 0
        grpprl = page[offset + 1 : offset + 1 + page[offset]] if offset else b""
        yield places[at], places[at + 1], grpprl


def _paragraph_page(page: bytes) -> Iterator[_Run]:
    """PapxFkp: as in a ChpxFkp with 13 bytes for each; two bytes of style stand before the grpprl."""
    count, places = _places(page)
    for at in range(count):
        where = 4 * (count + 1) + 13 * at
        offset = 2 * page[where] if where < _PAGE - 1 else 0
        yield places[at], places[at + 1], _papx(page, offset) if offset else b""


def _papx(page: bytes, offset: int) -> bytes:
    """The size counts words: one byte less than twice it, or where it is 0 twice the byte after it."""
    if page[offset]:
        return page[offset + 1 : offset + 2 * page[offset]]
    return page[offset + 2 : offset + 2 + 2 * page[min(offset + 1, _PAGE - 1)]]

"""Word 97-2003 files written from their structures, in the manner of Word: for marks that no converter writes.

A paragraph is a list of runs (text and grpprl) with the grpprl and the character of its mark.
"""

from __future__ import annotations

import struct
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

SECTOR = 512
_TEXT_AT = 2048
_END, _FREE, _NONE = 0xFFFFFFFE, 0xFFFFFFFF, 0xFFFFFFFF
STYLES, FONTS, PIECES, CHARACTERS, PARAGRAPHS = 1, 15, 33, 12, 13
SHAPE_PLACES, DRAWINGS, TEXT_BOXES, LISTS, OVERRIDES = 40, 50, 56, 73, 74
COMMENT_PLACES, COMMENTS = 4, 5


def sprm(code: int, operand: int | bytes = 1) -> bytes:
    """A modifier; the size of the operand follows from the code, that of a variable one is put before it."""
    size = (1, 1, 2, 4, 2, 2, 0, 3)[code >> 13]
    if isinstance(operand, bytes):
        return struct.pack("<H", code) + (b"" if size else bytes([len(operand)])) + operand
    return struct.pack("<H", code) + operand.to_bytes(size, "little", signed=operand < 0)


SPECIAL = sprm(0x0855)
IN_TABLE = sprm(0x2416)
ROW_END = IN_TABLE + sprm(0x2417)


@dataclass(frozen=True)
class Run:
    text: str
    grpprl: bytes = b""


@dataclass(frozen=True)
class Par:
    runs: Sequence[Run | str] = ()
    grpprl: bytes = b""
    mark: str = "\r"
    style: int = 0
    mark_grpprl: bytes = b""

    def all_runs(self) -> list[Run]:
        runs = [Run(one) if isinstance(one, str) else one for one in self.runs]
        return [*runs, Run(self.mark, self.mark_grpprl)]

    @property
    def text(self) -> str:
        return "".join(run.text for run in self.all_runs())


def p(*runs: Run | str, grpprl: bytes = b"", style: int = 0) -> Par:
    return Par(runs, grpprl, style=style)


def cell(*runs: Run | str) -> Par:
    return Par(runs, IN_TABLE, "\x07")


def row(edges: Sequence[int], flags: Sequence[int] = (), more: bytes = b"", deleted: bool = False) -> Par:
    """The mark that ends a row; `flags` are the first two bytes of the description of each cell."""
    count = len(edges) - 1
    body = bytes([count]) + struct.pack(f"<{count + 1}h", *edges)
    body += b"".join(struct.pack("<H18x", flags[at] if at < len(flags) else 0) for at in range(count))
    definition = struct.pack("<HH", 0xD608, len(body) + 1) + body
    return Par((), ROW_END + definition + more, "\x07", mark_grpprl=sprm(0x0800) if deleted else b"")


def field_of(code: str, result: str | None = None, *, code_run: bytes = b"", mark: bytes = b"") -> list[Run]:
    """A field; `mark` goes with the data character at the end of the instruction."""
    data = [Run("\x01", SPECIAL + mark)] if mark else []
    middle = [] if result is None else [Run("\x14", SPECIAL), Run(result)]
    return [Run("\x13", SPECIAL), Run(code, code_run), *data, *middle, Run("\x15", SPECIAL)]


def form_data(kind: int, result: int, default: int = 0, entries: Sequence[str] = ()) -> bytes:
    """NilPICFAndBinData with FFData: kind 1 is a check box, 2 a list."""
    raw = struct.pack("<IHHH", 0xFFFFFFFF, kind | result << 2 | (0x8000 if kind == 2 else 0), 0, 20)
    raw += _text("Check1") + struct.pack("<H", default) + _text("") * 5
    if kind == 2:
        raw += struct.pack("<HHH", 0xFFFF, len(entries), 0)
        raw += b"".join(struct.pack("<H", len(one)) + one.encode("utf-16-le") for one in entries)
    return struct.pack("<iH62x", 68 + len(raw), 68) + raw


def _text(text: str) -> bytes:
    return struct.pack("<H", len(text)) + text.encode("utf-16-le") + b"\0\0"


def form_box(location: int) -> list[Run]:
    return field_of(" FORMCHECKBOX ", "", mark=sprm(0x6A03, location) + sprm(0x0806))


def symbol(font: int, code: int) -> Run:
    """A symbol as Word stores it: a bracket with the font and the code in its properties."""
    return Run("(", SPECIAL + sprm(0x6A09, struct.pack("<HH", font, code)))


# ---- the streams ------------------------------------------------------------------------------------


@dataclass
class Word:
    """The parts of a file; `pairs` are further stretches of the table stream by their number in the FIB."""

    body: Sequence[Par]
    fonts: Sequence[str] = ("宋体", "Wingdings", "Wingdings 2")
    styles: bytes = b""
    data: bytes = b""
    boxes: Sequence[Par] = ()
    comments: Sequence[Par] = ()
    pairs: Mapping[int, bytes] = field(default_factory=dict)
    narrow: bool = False  # 8-bit characters
    extras: Mapping[int, bytes] = field(default_factory=dict)  # by number of paragraph: its own piece with a grpprl
    nfib: int = 0xC1
    magic: int = 0xA5EC
    flags: int = 0x0200
    storages: Mapping[str, tuple[bytes, Mapping[str, bytes]]] = field(default_factory=dict)
    clsid: bytes = bytes(16)
    streams: Mapping[str, bytes] = field(default_factory=dict)

    @property
    def stories(self) -> list[Par]:
        tail = [Par()] if self.boxes or self.comments else []
        return [*self.body, *self.comments, *self.boxes, *tail]

    def bytes(self) -> bytes:
        word, table = self._streams()
        streams = {"WordDocument": word, "1Table": table, "Data": self.data, **self.streams}
        return compound({name: one for name, one in streams.items() if one}, self.storages, self.clsid)

    def _streams(self) -> tuple[bytes, bytes]:
        width = 1 if self.narrow else 2
        text = "".join(one.text for one in self.stories)
        units = text.encode("cp1252" if self.narrow else "utf-16-le")
        word = bytearray(_TEXT_AT) + units
        pages = {CHARACTERS: self._character_pages(width), PARAGRAPHS: self._paragraph_pages(width)}
        blocks = {
            PIECES: self._pieces(width),
            FONTS: self._fonts(),
            STYLES: self.styles or style_sheet(),
            **self.pairs,
        }
        for pair, (edges, made) in pages.items():
            word += bytes(-len(word) % SECTOR)
            first = len(word) // SECTOR
            word += b"".join(made)
            numbers = range(first, first + len(made))
            blocks[pair] = struct.pack(f"<{len(edges)}I", *edges) + struct.pack(f"<{len(made)}I", *numbers)
        return self._with_fib(word, blocks, len(units))

    def _with_fib(self, word: bytearray, blocks: Mapping[int, bytes], size: int) -> tuple[bytes, bytes]:
        table = bytearray()
        struct.pack_into("<HHHHHH", word, 0, self.magic, self.nfib, 0, 0x0804, 0, self.flags)
        struct.pack_into("<II", word, 24, _TEXT_AT, _TEXT_AT + size)
        struct.pack_into("<H", word, 32, 14)
        struct.pack_into("<H", word, 62, 22)
        counts = [sum(len(_units(one.text)) for one in part) for part in (self.body, self.comments, self.boxes)]
        struct.pack_into("<7i", word, 76, counts[0], 0, 0, 0, counts[1], 0, counts[2])
        struct.pack_into("<H", word, 152, 93)
        for number in sorted(blocks):
            struct.pack_into("<II", word, 154 + 8 * number, len(table), self._size(number, blocks[number]))
            table += blocks[number]
        return bytes(word), bytes(table)

    @staticmethod
    def _size(number: int, block: bytes) -> int:
        """The levels of the lists follow their table without being counted."""
        return 2 + 28 * int.from_bytes(block[:2], "little") if number == LISTS else len(block)

    def _pieces(self, width: int) -> bytes:
        edges, records, at = [0], [], 0
        for number, one in enumerate(self.stories):
            size = len(_units(one.text))
            place = _TEXT_AT + at * width
            place = place * 2 | 1 << 30 if width == 1 else place
            prm = list(self.extras).index(number) << 1 | 1 if number in self.extras else 0
            records.append(struct.pack("<HIH", 0, place, prm))
            at += size
            edges.append(at)
        extras = b"".join(b"\x01" + struct.pack("<H", len(one)) + one for one in self.extras.values())
        plc = struct.pack(f"<{len(edges)}I", *edges) + b"".join(records)
        return extras + b"\x02" + struct.pack("<I", len(plc)) + plc

    def _fonts(self) -> bytes:
        records = []
        for name in self.fonts:
            body = bytes(39) + name.encode("utf-16-le") + b"\0\0"
            records.append(bytes([len(body)]) + body)
        return struct.pack("<HH", len(records), 0) + b"".join(records)

    def _character_pages(self, width: int) -> tuple[list[int], list[bytes]]:
        runs = [run for one in self.stories for run in one.all_runs()]
        found = [(len(_units(run.text)) * width, bytes([len(run.grpprl)]) + run.grpprl) for run in runs if run.text]
        return _pages(found, 1, 8)

    def _paragraph_pages(self, width: int) -> tuple[list[int], list[bytes]]:
        found = []
        for one in self.stories:
            body = struct.pack("<H", one.style) + one.grpprl
            body = bytes([0, len(body) // 2]) + body if len(body) % 2 == 0 else bytes([(len(body) + 1) // 2]) + body
            found.append((len(_units(one.text)) * width, body))
        return _pages(found, 13, 3)


def _units(text: str) -> Sequence[int]:
    raw = text.encode("utf-16-le")
    return struct.unpack(f"<{len(raw) // 2}H", raw)


def _pages(found: Sequence[tuple[int, bytes]], record: int, each: int) -> tuple[list[int], list[bytes]]:
    """Pages of `each` runs: places from the front, properties from the back."""
    edges, made, place = [_TEXT_AT], [], _TEXT_AT
    for first in range(0, len(found), each):
        part = found[first : first + each]
        places, page, end = [place], bytearray(SECTOR), SECTOR - 1
        for number, (size, body) in enumerate(part):
            place += size
            places.append(place)
            end = (end - len(body)) // 2 * 2
            page[end : end + len(body)] = body
            page[4 * (len(part) + 1) + record * number] = end // 2
        struct.pack_into(f"<{len(places)}I", page, 0, *places)
        page[SECTOR - 1] = len(part)
        assert end > 4 * (len(part) + 1) + record * len(part)
        edges.append(place)
        made.append(bytes(page))
    return edges, made


def style_sheet(*styles: tuple[str, int, int, bytes]) -> bytes:
    """Styles from number 1 on as (name, kind, base, grpprl of the characters); 0 is Normal."""
    written = [_style("Normal", 1, 0xFFF, b"", 0), *(_style(*one, number) for number, one in enumerate(styles, 1))]
    head = struct.pack("<HHHHHHHHH", len(written), 10, 1, 0, 0, 0, 0, 0, 0)
    return struct.pack("<H", len(head)) + head + b"".join(written)


def _style(name: str, kind: int, base: int, grpprl: bytes, number: int) -> bytes:
    body = struct.pack("<HHHHH", 0, kind | base << 4, 2 if kind == 1 else 1, 0, 0)
    body += struct.pack("<H", len(name)) + name.encode("utf-16-le") + b"\0\0"
    if kind == 1:
        body += struct.pack("<HH", 2, number)
    body += struct.pack("<H", len(grpprl)) + grpprl
    return struct.pack("<H", len(body)) + body + bytes(len(body) % 2)


# ---- drawings ---------------------------------------------------------------------------------------


def record(kind: int, body: bytes, instance: int = 0, version: int = 0xF) -> bytes:
    return struct.pack("<HHI", instance << 4 | version, kind, len(body)) + body


def shape(identity: int, kind: int, options: Mapping[int, int | bytes] | None = None, flags: int = 0xA00) -> bytes:
    """A shape container with its properties; long ones are given as bytes."""
    options = options or {}
    fixed = b"".join(
        struct.pack("<HI", number | 0x8000, len(value))
        if isinstance(value, bytes)
        else struct.pack("<HI", number, value)
        for number, value in options.items()
    )
    long = b"".join(value for value in options.values() if isinstance(value, bytes))
    body = record(0xF00A, struct.pack("<II", identity, flags), kind, 2)
    return record(0xF004, body + record(0xF00B, fixed + long, len(options), 3))


def drawings(*shapes: bytes, store: Sequence[bytes] = ()) -> bytes:
    """OfficeArtContent: the drawing group with its pictures, then the drawing of the body."""
    entries = b"".join(record(0xF007, bytes(36) + record(0xF01E, bytes(17) + one, 0x6E0, 0), 6, 2) for one in store)
    group = record(0xF000, record(0xF001, entries, len(store)) if store else b"")
    patriarch = record(0xF003, shape(1024, 0, flags=5) + b"".join(shapes))
    return group + b"\0" + record(0xF002, patriarch)


def places(*found: tuple[int, int, int, int]) -> bytes:
    """PlcfSpa: for each shape its CP, identity, left edge and width in twips; height as the width."""
    edges = [cp for cp, _, _, _ in found] + [found[-1][0] + 1]
    spas = (struct.pack("<IiiiiHI", name, left, 0, left + width, width, 2 << 1, 0) for _, name, left, width in found)
    return struct.pack(f"<{len(edges)}I", *edges) + b"".join(spas)


def box_texts(*found: tuple[int, int]) -> bytes:
    """PlcftxbxTxt: for each text box the identity of its shape and the number of its characters."""
    edges, at = [0], 0
    for _, size in found:
        at += size
        edges.append(at)
    edges.append(at + 1)
    rows = [struct.pack("<8xHIiI", 0, 0, name, 0) for name, _ in found] + [bytes(22)]
    return struct.pack(f"<{len(edges)}I", *edges) + b"".join(rows)


def inline_picture(content: bytes, twips: int = 200) -> bytes:
    """PICFAndOfficeArtData with a PNG."""
    art = shape(1, 75) + record(0xF007, bytes(36) + record(0xF01E, bytes(17) + content, 0x6E0, 0), 6, 2)
    head = struct.pack("<iHH20xhhHH32x", 68 + len(art), 68, 0x64, twips, twips, 1000, 1000)
    return head + art


# ---- the compound file ------------------------------------------------------------------------------


def compound(
    streams: Mapping[str, bytes],
    storages: Mapping[str, tuple[bytes, Mapping[str, bytes]]] | None = None,
    clsid: bytes = bytes(16),
) -> bytes:
    """A compound file (`clsid`: in its head); `storages` lie in ObjectPool, each with its class and its streams."""
    entries: list[list[object]] = [["Root Entry", 5, b"", _NONE, bytes(16)]]
    last = _children(entries, 0, streams, 0)
    if storages:
        pool = len(entries)
        entries.append(["ObjectPool", 1, b"", _NONE, bytes(16)])
        entries[last].append(pool) if last else entries[0].__setitem__(3, pool)
        before = 0
        for name, (of, inner) in storages.items():
            number = len(entries)
            entries.append([name, 1, b"", _NONE, of])
            if before:
                entries[before].append(number)
            else:
                entries[pool][3] = number
            before = number
            _children(entries, number, inner, 0)
    return _sectors(entries, clsid)


def _children(entries: list[list[object]], parent: int, streams: Mapping[str, bytes], last: int) -> int:
    for name, content in streams.items():
        number = len(entries)
        entries.append([name, 2, content, _NONE, bytes(16)])
        if last:
            entries[last].append(number)
        else:
            entries[parent][3] = number
        last = number
    return last


def _sectors(entries: list[list[object]], clsid: bytes) -> bytes:
    """The sectors: streams in order, directory, allocation table. Streams are as large as to need no small sectors."""
    body, chains, rows = bytearray(), [], []
    for name, kind, content, child, of, *right in entries:
        assert isinstance(content, bytes)
        assert isinstance(name, str)
        start, size = (len(body) // SECTOR, max(4096, len(content))) if kind == 2 else (0, 0)
        if kind == 2:
            body += content + bytes(max(4096, len(content)) - len(content))
            body += bytes(-len(body) % SECTOR)
            chains.append((start, len(body) // SECTOR))
        label = name.encode("utf-16-le") + b"\0\0"
        following = right[0] if right else _NONE
        rows.append(
            struct.pack("<64sHBBIII16s20xIQ", label, len(label), kind, 1, _NONE, following, child, of, start, size)
        )
    first = len(body) // SECTOR
    body += b"".join(rows) + bytes(-len(rows) % 4 * 128)
    chains.append((first, len(body) // SECTOR))
    return _with_table(body, chains, first, clsid)


def _with_table(body: bytearray, chains: Sequence[tuple[int, int]], directory: int, clsid: bytes) -> bytes:
    used = len(body) // SECTOR
    own = 1
    while (used + own) * 4 > own * SECTOR:
        own += 1
    table = [_FREE] * (own * SECTOR // 4)
    for start, end in chains:
        for sector in range(start, end):
            table[sector] = sector + 1 if sector + 1 < end else _END
    for sector in range(used, used + own):
        table[sector] = 0xFFFFFFFD
    head = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + clsid + struct.pack("<HHHHH6x", 0x3E, 3, 0xFFFE, 9, 6)
    head += struct.pack("<9I", 0, own, directory, 0, 4096, _END, 0, _END, 0)
    head += struct.pack("<109I", *range(used, used + own), *[_FREE] * (109 - own))
    return head + bytes(body) + struct.pack(f"<{len(table)}I", *table)

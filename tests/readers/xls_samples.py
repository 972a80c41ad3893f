"""Old Excel workbooks for tests: cells by xlwt, controls and drawings by hand as Excel writes their records."""

from __future__ import annotations

import io
import struct
from collections.abc import Callable, Mapping, Sequence

import xlwt

from intake.readers.ole import CompoundFile
from intake.readers.xls_records import records


def saved(fill: Callable[[xlwt.Workbook], None]) -> bytes:
    """A workbook with one sheet or more, in its compound file."""
    book = xlwt.Workbook()
    fill(book)
    buffer = io.BytesIO()
    book.save(buffer)
    return buffer.getvalue()


def stream_of(content: bytes) -> bytes:
    found = CompoundFile(content).stream("workbook")
    assert found is not None
    return found


def record(kind: int, data: bytes) -> bytes:
    return struct.pack("<HH", kind, len(data)) + data


def with_records(content: bytes, extra: bytes, front: bytes = b"") -> bytes:
    """The bare stream of a workbook of one sheet, `extra` before the end of the sheet, `front` before that of the
    globals."""
    stream = stream_of(content).rstrip(b"\0") + b"\0\0\0"  # the last record is 0A 00 00 00
    found = list(records(stream))
    end = next(at - 4 for kind, at, _ in found if kind == 0x0A)
    sheet = next(at for kind, at, _ in found if kind == 0x85)
    place = struct.pack("<I", int.from_bytes(stream[sheet : sheet + 4], "little") + len(front))
    return stream[:sheet] + place + stream[sheet + 4 : end] + front + stream[end:-4] + extra + stream[-4:]


def atom(kind: int, body: bytes, instance: int = 0, version: int = 0) -> bytes:
    return struct.pack("<HHI", instance << 4 | version, kind, len(body)) + body


def container(kind: int, body: bytes) -> bytes:
    return atom(kind, body, version=0x0F)


def anchor(left: int, top: int, right: int, bottom: int, x: int = 0, x2: int = 512) -> bytes:
    return atom(0xF010, struct.pack("<9H", 0, left, x, top, 60, right, x2, bottom, 200))


def options(*pairs: tuple[int, int], tail: bytes = b"") -> bytes:
    body = b"".join(struct.pack("<HI", *pair) for pair in pairs) + tail
    return atom(0xF00B, body, instance=len(pairs), version=3)


def shape(where: bytes, kind: int = 201, props: bytes = b"", *, text: bool = False, flags: int = 0xA00) -> bytes:
    """A shape container up to its client data; a text box atom behind it where it has words."""
    body = atom(0xF00A, struct.pack("<II", 1025, flags), instance=kind, version=2) + props + where + atom(0xF011, b"")
    return container(0xF004, body + (atom(0xF00D, b"") if text else b""))


def drawing(shapes: Sequence[tuple[bytes, bytes, str]]) -> bytes:
    """MsoDrawing, Obj and TxO records: (shape container, Obj data, words) each."""
    group = atom(0xF009, bytes(16), version=1) + atom(0xF00A, struct.pack("<II", 1024, 5), version=2)
    patriarch = container(0xF004, group)
    inner = sum(len(one) for one, _, _ in shapes) + len(patriarch)
    head = atom(0xF008, bytes(8), 1)
    front = struct.pack("<HHI", 0x0F, 0xF002, len(head) + 8 + inner) + head
    front += struct.pack("<HHI", 0x0F, 0xF003, inner) + patriarch
    found = b""
    for escher, obj, words in shapes:
        own, tail = (escher[:-8], escher[-8:]) if words else (escher, b"")
        found += record(0xEC, front + own) + record(0x5D, obj)
        front = b""
        if words:
            found += record(0xEC, tail) + record(0x1B6, struct.pack("<HH6xHHI", 0x212, 0, len(words), 16, 0))
            found += record(0x3C, b"\x01" + words.encode("utf-16-le")) + record(0x3C, bytes(16))
    return found


def obj(kind: int, identity: int, *parts: bytes) -> bytes:
    common = record(0x15, struct.pack("<HHH12x", kind, identity, 0x6011))
    return common + b"".join(parts) + bytes(4)


def check_box(identity: int, state: int, link: tuple[int, int] | None = None, kind: int = 0x0B) -> bytes:
    """The Obj record of a check box as Excel writes it; `link` is row and column."""
    parts = [record(0x0A, bytes(12))]
    if link is not None:
        parts.append(record(0x14, struct.pack("<HIBHHx", 5, 0, 0x44, *link)))
    parts.append(record(0x12, struct.pack("<HHHH", state, 0, 0, 2)))
    return obj(kind, identity, *parts)


def drop_down(identity: int, choice: int, area: tuple[int, int, int, int], flags: int = 0) -> bytes:
    """The Obj record of a drop-down list over cells (rows, then columns)."""
    formula = struct.pack("<HIB4H", 9, 0, 0x25, *area)
    lines = struct.pack("<H", len(formula)) + formula + struct.pack("<HHHH", area[1] - area[0] + 1, choice, flags, 0)
    return obj(0x14, identity, record(0x0C, bytes(16)), struct.pack("<HH", 0x13, 0x1FEE) + lines)


def compound_file(streams: Mapping[str, bytes]) -> bytes:
    """A compound file of a few streams, each filled up to whole sectors beyond the size of small ones."""
    bodies = [content.ljust(4096, b"\0") + bytes(-max(len(content), 4096) % 512) for content in streams.values()]
    count = sum(len(body) // 512 for body in bodies)
    fats = (count + 2 + 127) // 128 + 1
    directory = _entry("Root Entry", 5, 0xFFFFFFFE, 0, child=1)
    fat, at = [0xFFFFFFFD] * fats + [0xFFFFFFFE], fats + 1
    for number, (name, body) in enumerate(zip(streams, bodies, strict=True), 1):
        following = number + 1 if number < len(bodies) else 0xFFFFFFFF
        directory += _entry(name, 2, at, len(body), following)
        fat += [*range(at + 1, at + len(body) // 512), 0xFFFFFFFE]
        at += len(body) // 512
    fat += [0xFFFFFFFF] * (fats * 128 - len(fat))
    head = bytes.fromhex("D0CF11E0A1B11AE1") + bytes(16) + struct.pack("<HHHHH6x", 0x3E, 3, 0xFFFE, 9, 6)
    head += struct.pack("<9I", 0, fats, fats, 0, 4096, 0xFFFFFFFE, 0, 0xFFFFFFFE, 0)
    head += struct.pack(f"<{fats}I", *range(fats)).ljust(436, b"\xff")
    return head + struct.pack(f"<{len(fat)}I", *fat) + directory.ljust(512, b"\0") + b"".join(bodies)


def _entry(name: str, kind: int, start: int, size: int, following: int = 0xFFFFFFFF, child: int = 0xFFFFFFFF) -> bytes:
    raw = (name + "\0").encode("utf-16-le")
    links = struct.pack("<BBIII", kind, 1, 0xFFFFFFFF, following, child)
    return raw.ljust(64, b"\0") + struct.pack("<H", len(raw)) + links + bytes(36) + struct.pack("<IQ", start, size)

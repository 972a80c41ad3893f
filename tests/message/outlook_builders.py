"""Files of Outlook byte by byte: compound files and .msg ([MS-CFB], [MS-OXMSG]), winmail.dat ([MS-OXTNEF])."""

from __future__ import annotations

import struct
from collections.abc import Mapping, Sequence
from typing import TypeAlias

Tree: TypeAlias = "Mapping[str, bytes | Tree]"
Values: TypeAlias = "Mapping[int, int | str | bytes]"  # a number, Unicode, or bytes (8-bit text or binary)

SUBJECT, BODY, RTF, HTML, HEADERS = 0x0037, 0x1000, 0x1009, 0x1013, 0x007D
SENDER, SENDER_EMAIL, TEXT_PAGE, BODY_PAGE = 0x0C1A, 0x5D01, 0x3FFD, 0x3FDE
LONG_NAME, SHORT_NAME, DATA, METHOD, CONTENT_ID = 0x3707, 0x3704, 0x3701, 0x3705, 0x3712
_BINARY = frozenset({RTF, HTML, DATA})
_FREE, _END = 0xFFFFFFFF, 0xFFFFFFFE


# ---- compound files -----------------------------------------------------------------------------


def compound(tree: Tree) -> bytes:
    """A compound file of version 3: sectors of 512 bytes, small streams in sectors of 64."""
    return _Compound(tree).file()


class _Compound:
    def __init__(self, tree: Tree) -> None:
        self._entries: list[list[object]] = [["Root Entry", 5, _FREE, _FREE, 0, 0]]
        self._fat: list[int] = []
        self._mini_fat: list[int] = []
        self._sectors = bytearray()
        self._mini = bytearray()
        self._entries[0][3] = self._storage(tree)

    def file(self) -> bytes:
        root = self._entries[0]
        root[4], root[5] = self._chain(bytes(self._mini)), len(self._mini)
        mini = self._chain(struct.pack(f"<{len(self._mini_fat)}I", *self._mini_fat))
        count = -(-len(self._mini_fat) // 128)
        directory = self._chain(b"".join(map(_entry, self._entries)))
        first = len(self._fat)
        need = 1
        while need * 128 < first + need:
            need += 1
        table = [*self._fat, *[0xFFFFFFFD] * need]
        table += [_FREE] * (need * 128 - len(table))
        header = struct.pack(
            "<8s16sHHHHH6xIIIIIIIII",
            b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", b"", 0x3E, 3, 0xFFFE, 9, 6, 0, need, directory, 0, 4096,
            mini if count else _END, count, _END, 0,
        )  # fmt: skip
        places = [first + number for number in range(need)] + [_FREE] * (109 - need)
        return header + struct.pack("<109I", *places) + bytes(self._sectors) + struct.pack(f"<{len(table)}I", *table)

    def _storage(self, tree: Tree) -> int:
        """The entries of a storage as a chain of right siblings in the order of [MS-CFB] 2.6.4; the first's number."""
        first, before = _FREE, None
        for name in sorted(tree, key=lambda name: (len(name), name.upper())):
            content = tree[name]
            number = len(self._entries)
            entry: list[object] = [name, 2 if isinstance(content, bytes) else 1, _FREE, _FREE, 0, 0]
            self._entries.append(entry)
            if isinstance(content, bytes):
                entry[4], entry[5] = self._stream(content), len(content)
            else:
                entry[3] = self._storage(content)
            if before is None:
                first = number
            else:
                before[2] = number
            before = entry
        return first

    def _stream(self, content: bytes) -> int:
        if len(content) >= 4096:
            return self._chain(content)
        if not content:
            return _END
        start, count = len(self._mini_fat), -(-len(content) // 64)
        self._mini_fat += [*range(start + 1, start + count), _END]
        self._mini += content.ljust(count * 64, b"\0")
        return start

    def _chain(self, content: bytes) -> int:
        if not content:
            return _END
        start, count = len(self._fat), -(-len(content) // 512)
        self._fat += [*range(start + 1, start + count), _END]
        self._sectors += content.ljust(count * 512, b"\0")
        return start


def _entry(entry: Sequence[object]) -> bytes:
    name, kind, right, child, start, size = entry
    raw = (str(name) + "\0").encode("utf-16-le")
    return struct.pack("<64sHBBIII36xIQ", raw, len(raw), kind, 1, _FREE, right, child, start, size)


# ---- .msg ---------------------------------------------------------------------------------------


def msg(values: Values, *attached: Tree) -> bytes:
    return compound(letter(values, *attached))


def letter(values: Values, *attached: Tree, header: int = 32) -> Tree:
    """The storage of a message; `header` is 24 for one within another."""
    return {**_streams(values, header), **{f"__attach_version1.0_#{n:08X}": part for n, part in enumerate(attached)}}


def attachment(name: str | bytes, content: bytes, **more: int | str | bytes) -> Tree:
    named = {LONG_NAME: name, DATA: content, METHOD: 1}
    return _streams(named | {int(key[1:], 16): value for key, value in more.items()}, 8)


def embedded(inner: Tree) -> Tree:
    return {**_streams({METHOD: 5}, 8), "__substg1.0_3701000D": inner}


def _streams(values: Values, header: int) -> dict[str, bytes | Tree]:
    entries = bytearray(header)
    found: dict[str, bytes | Tree] = {}
    for number, value in values.items():
        kind, raw = _typed(number, value)
        if kind == 3:
            entries += struct.pack("<HHIII", 3, number, 6, int.from_bytes(raw, "little"), 0)
        else:
            entries += struct.pack("<HHIII", kind, number, 6, len(raw), 0)
            found[f"__substg1.0_{number:04X}{kind:04X}"] = raw
    return {"__properties_version1.0": bytes(entries), **found}


def _typed(number: int, value: int | str | bytes) -> tuple[int, bytes]:
    if isinstance(value, int):
        return 3, value.to_bytes(4, "little")
    if isinstance(value, str):
        return 0x1F, value.encode("utf-16-le")
    return (0x102 if number in _BINARY else 0x1E), value


# ---- winmail.dat --------------------------------------------------------------------------------

MESSAGE = bytes.fromhex("0703020000000000c000000000000046")


def winmail(values: Values, *attached: bytes, page: int = 936, **attributes: bytes) -> bytes:
    """`attributes`: subject and body as old attributes (8-bit)."""
    numbers = {"subject": 0x00018004, "body": 0x0002800C}
    found = [_attribute(1, 0x00069007, struct.pack("<II", page, 0))]
    found += [_attribute(1, numbers[name], value + b"\0") for name, value in attributes.items()]
    found.append(_attribute(1, 0x00069003, properties(values)))
    return struct.pack("<IH", 0x223E9F78, 1) + b"".join([*found, *attached])


def tnef_file(title: bytes, content: bytes, values: Values | None = None) -> bytes:
    found = [_attribute(2, 0x00069002, bytes(14)), _attribute(2, 0x00018010, title + b"\0")]
    if content:
        found.append(_attribute(2, 0x0006800F, content))
    if values is not None:
        found.append(_attribute(2, 0x00069005, properties(values)))
    return b"".join(found)


def tnef_letter(inner: bytes) -> bytes:
    """An attachment that is a message: an object in property 0x3701."""
    raw = MESSAGE + inner
    body = struct.pack("<IHHII", 1, 0x0D, DATA, 1, len(raw)) + raw.ljust(-(-len(raw) // 4) * 4, b"\0")
    return _attribute(2, 0x00069002, bytes(14)) + _attribute(2, 0x00069005, body)


def properties(values: Values) -> bytes:
    """A property list: a named one and a list of values first, which readers pass over."""
    named = struct.pack("<HH16sII", 0x1F, 0x8001, b"", 1, 6) + "甲乙\0".encode("utf-16-le") + b"\0\0"
    named += struct.pack("<II", 1, 2) + b"x\0\0\0"
    several = struct.pack("<HHI", 0x1003, 0x6000, 2) + bytes(8)
    found = [struct.pack("<I", len(values) + 2), named, several]
    for number, value in values.items():
        kind, raw = _typed(number, value)
        if kind == 0x1F:
            raw += b"\0\0"
        head = struct.pack("<HH", kind, number)
        packed = raw if kind == 3 else struct.pack("<II", 1, len(raw)) + raw.ljust(-(-len(raw) // 4) * 4, b"\0")
        found.append(head + packed)
    return b"".join(found)


def _attribute(level: int, number: int, data: bytes) -> bytes:
    return struct.pack("<BII", level, number, len(data)) + data + struct.pack("<H", sum(data) & 0xFFFF)


# ---- rich bodies --------------------------------------------------------------------------------


def packed_rtf(rtf: bytes) -> bytes:
    """A PidTagRtfCompressed of literal bytes alone, ended as it must be."""
    body = b""
    for start in range(0, len(rtf), 8):
        body += b"\0" + rtf[start : start + 8]
    end = (207 + len(rtf)) % 4096
    spare = len(rtf) % 8
    token = struct.pack(">H", end << 4)
    if spare:
        place = len(body) - spare - 1
        body = body[:place] + bytes([1 << spare]) + body[place + 1 :] + token
    else:
        body += b"\x01" + token
    return struct.pack("<IIII", len(body) + 12, len(rtf), 0x75465A4C, 0) + body

"""Compound files (OLE2): the names of the streams and the bytes of one of them.

Reads as much as is needed to tell doc, xls, wps, locked files and ActiveX storages apart.
Promises to end on any bytes: every chain is bounded by the number of sectors. Source: [MS-CFB].
"""

from __future__ import annotations

import struct
from collections.abc import Iterator
from dataclasses import dataclass

MAGIC = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_FREE = 0xFFFFFFFA  # this and above are no sector numbers
_STREAM, _ROOT = 2, 5
_MINI_CUTOFF = 4096
_MINI_SECTOR = 64


@dataclass(frozen=True, slots=True)
class _Entry:
    name: str
    kind: int
    start: int
    size: int


class CompoundFile:
    """A compound file in memory. Entries are listed flat; names are compared without case."""

    def __init__(self, content: bytes) -> None:
        self._content = content
        shift = content[30] if len(content) > 30 else 9
        self._size = 1 << shift if shift in (9, 12) else 512
        self._count = len(content) // self._size + 1
        self._fat = self._read_fat()
        self._entries = tuple(self._read_entries())

    @property
    def names(self) -> frozenset[str]:
        return frozenset(entry.name for entry in self._entries)

    def stream(self, name: str) -> bytes | None:
        """The bytes of the first stream of that name (lower case), or None."""
        for entry in self._entries:
            if entry.name == name and entry.kind == _STREAM:
                return self._stream(entry)
        return None

    def _stream(self, entry: _Entry) -> bytes:
        if entry.size >= _MINI_CUTOFF:
            return self._chain(entry.start)[: entry.size]
        root = next((one for one in self._entries if one.kind == _ROOT), None)
        if root is None:
            return b""
        mini, table = self._chain(root.start), self._mini_fat()
        parts: list[bytes] = []
        sector = entry.start
        while sector < len(table) and len(parts) * _MINI_SECTOR < entry.size:
            parts.append(mini[sector * _MINI_SECTOR : (sector + 1) * _MINI_SECTOR])
            sector = table[sector]
        return b"".join(parts)[: entry.size]

    def _mini_fat(self) -> tuple[int, ...]:
        return _numbers(self._chain(self._header(60)))

    def _header(self, offset: int) -> int:
        if len(self._content) < offset + 4:
            return _FREE
        number: int = struct.unpack_from("<I", self._content, offset)[0]
        return number

    def _sector(self, number: int) -> bytes:
        start = (number + 1) * self._size
        return self._content[start : start + self._size]

    def _read_fat(self) -> tuple[int, ...]:
        sectors = list(_numbers(self._content[76:512]))
        following, seen = self._header(68), 0
        while following < _FREE and seen < self._count:
            numbers = _numbers(self._sector(following))
            if not numbers:
                break
            sectors.extend(numbers[:-1])
            following, seen = numbers[-1], seen + 1
        return _numbers(b"".join(self._sector(one) for one in sectors if one < self._count))

    def _chain(self, sector: int) -> bytes:
        parts: list[bytes] = []
        while sector < min(len(self._fat), self._count) and len(parts) <= self._count:
            parts.append(self._sector(sector))
            sector = self._fat[sector]
        return b"".join(parts)

    def _read_entries(self) -> Iterator[_Entry]:
        directory = self._chain(self._header(48))
        for offset in range(0, len(directory) - 127, 128):
            raw = directory[offset : offset + 128]
            length = min(struct.unpack_from("<H", raw, 64)[0], 64)
            if raw[66] and length > 2:
                name = raw[: length - 2].decode("utf-16-le", "replace").lower()
                start, size = struct.unpack_from("<II", raw, 116)
                yield _Entry(name, raw[66], start, size)


def _numbers(raw: bytes) -> tuple[int, ...]:
    return struct.unpack(f"<{len(raw) // 4}I", raw[: len(raw) // 4 * 4])

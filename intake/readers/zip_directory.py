"""The directory of an ordinary zip, read at once (APPNOTE.TXT 4.3.12 and 4.3.16).

The standard library's `zipfile`, made for all zips, takes for that half as long as the reading of a form's table. What
is not ordinary (Zip64, several disks, names in other characters, something before the archive) is left to it.
"""

from __future__ import annotations

import struct
from typing import NamedTuple

_END = struct.Struct("<4s4H2LH")
_ENTRY = struct.Struct("<4s2x3H4x3L3H8xL")  # without the times, the disk and the attributes
_VERSION = 63  # to extract; later ones are left to be refused
_MOST_COMMENT = 65_535


class Member(NamedTuple):
    """A member as the directory describes it, with the names of `zipfile.ZipInfo`; sizes in bytes."""

    filename: str
    flag_bits: int
    compress_type: int
    CRC: int
    compress_size: int
    file_size: int
    header_offset: int


def ordinary_members(content: bytes) -> list[Member] | None:
    """The members in the directory's order; None where the zip is not an ordinary one, or is broken."""
    at = content.rfind(b"PK\x05\x06", max(0, len(content) - _END.size - _MOST_COMMENT))
    if at < 0 or len(content) < at + _END.size:
        return None
    _, disk, first_disk, here, count, size, offset, comment = _END.unpack_from(content, at)
    if disk or first_disk or here != count or offset + size != at or at + _END.size + comment != len(content):
        return None
    found: list[Member] = []
    while offset < at:
        member, offset = _member(content, offset, at)
        if member is None:
            return None
        found.append(member)
    return found if len(found) == count else None


def _member(content: bytes, at: int, end: int) -> tuple[Member | None, int]:
    """The entry at an offset and the offset of the next; no member where it is not a plain one."""
    start = at + _ENTRY.size
    if start > end:
        return None, end
    sign, version, flags, method, crc, packed, size, name, extra, comment, header = _ENTRY.unpack_from(content, at)
    raw = content[start : start + name]
    after = start + name + extra + comment
    ordinary = sign == b"PK\x01\x02" and version <= _VERSION and after <= end
    if not ordinary or not raw.isascii() or b"\0" in raw or 0xFFFFFFFF in (packed, size, header):
        return None, end
    return Member(raw.decode("ascii"), flags, method, crc, packed, size, header), after

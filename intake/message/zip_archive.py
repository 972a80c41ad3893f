"""Zip archives (APPNOTE.TXT) unpacked in memory, member by member.

Names: the Unicode path of Info-ZIP (extra field 0x7075) where its checksum fits, else UTF-8 where the
flag says so, else the raw bytes as UTF-8 or GB18030, which is what Windows packs in China. Members that
lie on top of each other, as in bombs that reuse one stream, are damaged.
"""

from __future__ import annotations

import io
import lzma
import struct
import zipfile
import zlib
from collections.abc import Iterator, Sequence
from itertools import pairwise

from intake.errors import Damaged, Encrypted
from intake.message.unpacking import Archive, member_name

_ENTRY = b"PK\x01\x02"
_ENCRYPTED, _UTF8 = 0x1, 0x800
_UNICODE_PATH = 0x7075
_BROKEN = (zipfile.BadZipFile, zlib.error, lzma.LZMAError, EOFError, OSError, ValueError, struct.error, RuntimeError)


def open_zip(archive: Archive) -> Iterator[tuple[str, bytes]]:
    """(shown name, bytes) of every member that may be opened, in the archive's order.

    Raises Damaged where there is no directory, Encrypted where all members are, TooLarge for a directory too long.
    """
    archive.list_entries(archive.content.count(_ENTRY))
    with _directory(archive.content) as package:
        members = [member for member in package.infolist() if not member.is_dir()]
        if members and all(member.flag_bits & _ENCRYPTED for member in members):
            raise Encrypted("every member has a password")
        covered = _covered(members)
        for member in members:
            name = member_name(_path(member))
            if not name:
                continue
            if member.header_offset in covered:
                archive.fault("damaged", name)
            elif (data := _read(package, member, name, archive)) is not None:
                yield name, data


def _directory(content: bytes) -> zipfile.ZipFile:
    try:
        return zipfile.ZipFile(io.BytesIO(content))
    except UnicodeDecodeError:  # GBK names under the flag of UTF-8
        return zipfile.ZipFile(io.BytesIO(_without_flag(content)))
    except (*_BROKEN, NotImplementedError) as error:
        raise Damaged(str(error)) from error


def _without_flag(content: bytes) -> bytes:
    """The archive with the flag of UTF-8 cleared in each line of its directory and each member's header."""
    data = bytearray(content)
    for signature, offset in ((_ENTRY, 9), (b"PK\x03\x04", 7)):
        place = data.find(signature)
        while 0 <= place < len(data) - offset:
            data[place + offset] &= 0xFF ^ (_UTF8 >> 8)
            place = data.find(signature, place + 4)
    return bytes(data)


def _covered(members: Sequence[zipfile.ZipInfo]) -> frozenset[int]:
    """Where members begin whose packed bytes reach into the next member."""
    spans = sorted((member.header_offset, member.compress_size) for member in members)
    return frozenset(start for (start, size), (following, _) in pairwise(spans) if start + 30 + size > following)


def _path(member: zipfile.ZipInfo) -> str | bytes:
    """The path as it was typed. Without the flag zipfile reads the bytes as cp437, which loses nothing."""
    if member.flag_bits & _UTF8:
        return member.orig_filename
    try:
        raw = member.orig_filename.encode("cp437")
    except UnicodeEncodeError:
        return member.filename
    return _unicode_path(member.extra, raw) or raw


def _unicode_path(extra: bytes, raw: bytes) -> bytes:
    """The UTF-8 path of field 0x7075 (APPNOTE 4.6.9): version 1, the CRC of the raw path, the path; b"" if unfit."""
    while len(extra) >= 4:
        kind, size = struct.unpack_from("<HH", extra)
        body, extra = extra[4 : 4 + size], extra[4 + size :]
        if kind == _UNICODE_PATH and len(body) > 5 and body[0] == 1:
            return body[5:] if int.from_bytes(body[1:5], "little") == zlib.crc32(raw) else b""
    return b""


def _read(package: zipfile.ZipFile, member: zipfile.ZipInfo, name: str, archive: Archive) -> bytes | None:
    if member.flag_bits & _ENCRYPTED:
        archive.fault("encrypted", name)
        return None
    if not archive.admits(name, member.file_size, member.compress_size):
        return None
    try:
        with package.open(member) as stream:
            return stream.read(member.file_size)
    except NotImplementedError:
        archive.fault("unsupported", name)
    except _BROKEN:
        archive.fault("damaged", name)
    return None

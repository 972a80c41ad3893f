"""Archives byte by byte: rar of both kinds (stored members only), 7z, tar; all names and units are invented."""

from __future__ import annotations

import io
import struct
import tarfile
import zlib
from collections.abc import Iterable, Mapping

Files = Mapping[str, bytes]

# ---- RAR 1.5 to 4 (technote.txt of RAR 4) -------------------------------------------------------

RAR4 = b"Rar!\x1a\x07\x00"


def rar4(files: Files, *, oem: str = "", flags: int = 0, archive_flags: int = 0) -> bytes:
    """A stored RAR 4 archive. With `oem` the names are bytes of that charset only, as RAR 2 wrote them."""
    blocks = [_rar4_block(0x73, archive_flags, bytes(6))]
    for name, content in files.items():
        raw = name.encode(oem) if oem else _rar4_name(name)
        blocks.append(rar4_file(raw, content, flags | (0 if oem else 0x200)))
    return RAR4 + b"".join(blocks) + _rar4_block(0x7B, 0x4000, b"")


def rar4_file(name: bytes, content: bytes, flags: int = 0, size: int = -1, method: int = 0x30) -> bytes:
    size = len(content) if size < 0 else size
    fields = (len(content), size, 2, zlib.crc32(content), 0x4972_5000, 29, method, len(name), 0x20)
    return _rar4_block(0x74, 0x8000 | flags, struct.pack("<IIBIIBBHI", *fields) + name) + content


def _rar4_block(kind: int, flags: int, body: bytes) -> bytes:
    head = struct.pack("<BHH", kind, flags, 7 + len(body)) + body
    return struct.pack("<H", zlib.crc32(head) & 0xFFFF) + head


def _rar4_name(name: str) -> bytes:
    """The name twice: for old programs, and encoded with every character as two bytes."""
    packed = bytearray(b"\x00")
    for start in range(0, len(name), 4):
        packed += b"\xaa" + name[start : start + 4].encode("utf-16-le")
    return name.encode("ascii", "replace") + b"\x00" + bytes(packed)


# ---- RAR 5 (RAR 5.0 archive format) -------------------------------------------------------------

RAR5 = b"Rar!\x1a\x07\x01\x00"
ENCRYPTION = bytes([1, 0, 0, 15]) + bytes(32)  # type, version, flags, rounds, salt and vector
HARD_LINK = bytes([5, 4, 0, 1]) + b"a"


def rar5(files: Files, *, archive_flags: int = 0, **looks: int | bytes) -> bytes:
    blocks = [_rar5_block(1, 0, _number(archive_flags))]
    blocks += [rar5_file(name, content, **looks) for name, content in files.items()]  # type: ignore[arg-type]
    return RAR5 + b"".join(blocks) + _rar5_block(5, 0, b"\x00")


def rar5_file(
    name: str, content: bytes, *, size: int = -1, compression: int = 0, extra: bytes = b"", flags: int = 0
) -> bytes:
    size = len(content) if size < 0 else size
    record = _number(len(extra)) + extra if extra else b""
    raw = name.encode()
    body = _number(4) + _number(size) + _number(0x20) + struct.pack("<I", zlib.crc32(content))
    body += _number(compression) + _number(0) + _number(len(raw)) + raw + record
    sizes = (_number(len(record)) if record else b"") + _number(len(content))
    return _rar5_block(2, flags | (3 if record else 2), body, sizes) + content


def _rar5_block(kind: int, flags: int, body: bytes, sizes: bytes = b"") -> bytes:
    head = _number(kind) + _number(flags) + sizes + body
    head = _number(len(head)) + head
    return struct.pack("<I", zlib.crc32(head)) + head


def _number(value: int) -> bytes:
    """A vint: seven bits a byte, the lowest first."""
    found = bytearray()
    while value > 127:
        found.append(value & 127 | 128)
        value >>= 7
    return bytes([*found, value])


# ---- 7z, tar ------------------------------------------------------------------------------------


def seven_zip(files: Files, **settings: object) -> bytes:
    import py7zr

    target = io.BytesIO()
    with py7zr.SevenZipFile(target, "w", **settings) as archive:  # type: ignore[arg-type]
        for name, content in files.items():
            archive.writestr(content, name)
    return target.getvalue()


def tar(files: Files, *, kind: int = tarfile.GNU_FORMAT, charset: str = "utf-8", mode: str = "w") -> bytes:
    target = io.BytesIO()
    with tarfile.open(fileobj=target, mode=mode, format=kind, encoding=charset) as archive:  # type: ignore[call-overload]
        for name, content in files.items():
            member = tarfile.TarInfo(name)
            member.size = len(content)
            archive.addfile(member, io.BytesIO(content))
    return target.getvalue()


def flipped(content: bytes, places: Iterable[int]) -> bytes:
    data = bytearray(content)
    for place in places:
        data[place % len(data)] ^= 1 << (place % 8)
    return bytes(data)

"""gzip, bzip2, xz and tar, alone or one in the other, unpacked in memory.

A stream around a tar is one archive (form.tar.gz); a stream around anything else holds that one file.
Sources: RFC 1952 for the name inside gzip; POSIX pax and GNU tar for the rest, by the standard library.
"""

from __future__ import annotations

import bz2
import io
import lzma
import re
import tarfile
import zlib
from collections.abc import Callable, Iterator
from typing import Protocol

from intake.errors import Damaged, TooLarge
from intake.message.unpacking import Archive, member_name

_LZMA_MEMORY = 160 << 20  # bytes; the strongest setting of xz takes 65 MB
_SUFFIX = re.compile(r"\.(gz|gzip|bz2|xz|tgz|tbz2?|txz)$", re.IGNORECASE)
_NAMED, _EXTRA = 0x08, 0x04


class _Decompressor(Protocol):
    @property
    def eof(self) -> bool: ...
    @property
    def unused_data(self) -> bytes: ...
    def decompress(self, data: bytes, max_length: int, /) -> bytes: ...


def open_gz(archive: Archive) -> Iterator[tuple[str, bytes]]:
    """What a gzip holds. Raises Damaged, TooLarge."""
    return _inside(archive, lambda: zlib.decompressobj(31), _gzip_name(archive.content))


def open_bz2(archive: Archive) -> Iterator[tuple[str, bytes]]:
    """What a bzip2 stream holds. Raises Damaged, TooLarge."""
    return _inside(archive, bz2.BZ2Decompressor)


def open_xz(archive: Archive) -> Iterator[tuple[str, bytes]]:
    """What an xz stream holds. Raises Damaged, TooLarge."""
    return _inside(archive, lambda: lzma.LZMADecompressor(memlimit=_LZMA_MEMORY))


def open_tar(archive: Archive) -> Iterator[tuple[str, bytes]]:
    """The regular files of a tar in order; links and devices are no files. Raises Damaged."""
    source = io.BytesIO(archive.content)
    try:
        with tarfile.open(fileobj=source, mode="r:", encoding="utf-8", errors="surrogateescape") as package:
            yield from _files(package, archive)
    except (tarfile.TarError, RecursionError, ValueError, OverflowError, OSError) as error:
        raise Damaged(str(error)) from error


def _files(package: tarfile.TarFile, archive: Archive) -> Iterator[tuple[str, bytes]]:
    while (member := package.next()) is not None:
        archive.list_entries()
        name = member_name(member.name.encode("utf-8", "surrogateescape")) if member.isreg() else ""
        if not name or not _fits(member, name, archive):
            continue
        stream = package.extractfile(member)
        if stream is not None:
            yield name, stream.read()


def _fits(member: tarfile.TarInfo, name: str, archive: Archive) -> bool:
    if member.issparse():
        archive.fault("unsupported", name)
        return False
    return archive.admits(name, member.size, member.size)


def _inside(
    archive: Archive, decompressor: Callable[[], _Decompressor], name: bytes = b""
) -> Iterator[tuple[str, bytes]]:
    from intake.readers.sniff import sniff

    data = _unpacked(archive, decompressor)
    own = _SUFFIX.sub("", archive.path.rpartition("/")[2])
    shown = member_name(name) or member_name(own) or "附件"
    if not archive.admits(shown, len(data), len(archive.content)):
        return
    if sniff(data, shown) == "tar":
        yield from open_tar(Archive(data, archive.path, archive.budget))
    else:
        yield shown, data


def _unpacked(archive: Archive, decompressor: Callable[[], _Decompressor]) -> bytes:
    """All streams of a file, one after the other; what follows the last one is padding."""
    room = archive.room()
    found = bytearray()
    rest = archive.content
    while rest:
        stream = decompressor()
        try:
            found += stream.decompress(rest, room + 1 - len(found))
        except (zlib.error, lzma.LZMAError, OSError, EOFError, ValueError) as error:
            if found and rest is not archive.content:
                break
            raise Damaged(str(error)) from error
        if len(found) > room:
            raise TooLarge(f"over {room} bytes")
        if not stream.eof:
            raise Damaged("the stream ends early")
        rest = stream.unused_data.lstrip(b"\x00")
    return bytes(found)


def _gzip_name(content: bytes) -> bytes:
    """The name of the packed file (RFC 1952, 2.3), or b""."""
    flags = content[3] if len(content) > 10 else 0
    start = 10
    if flags & _EXTRA:
        start += 2 + int.from_bytes(content[10:12], "little")
    end = content.find(b"\x00", start, start + 300) if flags & _NAMED else -1
    return content[start:end] if end > 0 else b""

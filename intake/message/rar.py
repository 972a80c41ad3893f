"""Rar archives (1.5 to 5, solid ones too) unpacked in memory by UnRAR, through unrar2-cffi.

UnRAR reads from a file and from nothing else: this is the one reader that opens one. It is a memory file
without a name (memfd), or where the system has none a file in a folder of its own that only this user may
enter, gone when the archive is closed. Nothing is ever extracted to a file: members are only "tested", and
the bytes come through the callback, which stops at the size that was admitted. Members of split archives are
never processed, since UnRAR would look for the next volume beside the file. Source of the numbers: unrar.dll's
manual (RAROpenArchiveDataEx, RARHeaderDataEx).
"""

from __future__ import annotations

import contextlib
import os
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from intake.errors import Damaged, Encrypted, TookTooMuchMemory, TooLarge, Unreadable
from intake.message.unpacking import Archive, member_name

MAX_WINDOW = 256 << 10  # kilobytes of dictionary; WinRAR's own setting is 32 MB, a limited mail needs no more
_LIST, _EXTRACT = 0, 1
_VOLUME, _ENCRYPTED_HEADERS = 0x01, 0x80
_SPLIT, _ENCRYPTED, _SOLID, _FOLDER = 0x03, 0x04, 0x10, 0x20
_END = 10
_CODES: dict[int, type[Unreadable]] = {
    11: TookTooMuchMemory,
    22: Encrypted,
    24: Encrypted,
    25: TooLarge,
}
_STOP, _GO_ON = -1, 1
_STARTS = 30  # walks through one archive, one more than it may have damaged members


@dataclass(frozen=True, slots=True)
class _Member:
    """A line of the archive's directory; sizes in bytes, the dictionary in kilobytes."""

    name: str
    size: int
    packed: int
    flags: int
    window: int
    link: int

    @property
    def is_file(self) -> bool:
        """Neither a folder nor a link; what a link within the archive points to is read for itself."""
        return not self.flags & _FOLDER and not self.link


def open_rar(archive: Archive) -> Iterator[tuple[str, bytes]]:
    """(shown name, bytes) of every member that may be opened, in the archive's order.

    Raises Encrypted where every member or the directory has a password, Damaged, TooLarge, TookTooMuchMemory.
    """
    with _as_file(archive.content) as path:
        with _opened(path, _LIST) as package:
            members = list(_listed(package, archive))
        if not members:
            raise Damaged("no members")
        files = [member for member in members if member.is_file]
        if files and all(member.flags & _ENCRYPTED for member in files):
            raise Encrypted("every member has a password")
        reading = _Reading(path, archive)
        for _ in range(_STARTS):
            yield from reading.go_on()
            if reading.done:
                return
        archive.fault("damaged")


def _listed(package: _Package, archive: Archive) -> Iterator[_Member]:
    for member in package.members():
        archive.list_entries()
        yield member


class _Reading:
    """The walk through an archive. UnRAR cannot go on behind a member that it failed at; a new walk goes past it."""

    def __init__(self, path: str, archive: Archive) -> None:
        self.done = False
        self._path = path
        self._archive = archive
        self._seen = 0

    def go_on(self) -> Iterator[tuple[str, bytes]]:
        """The files from where the last walk failed to where this one fails, or to the end."""
        with _opened(self._path, _EXTRACT) as package:
            for number, member in enumerate(package.members()):
                if number < self._seen:
                    continue
                self._seen = number + 1
                if not member.is_file or not member.size:
                    continue
                if not _allowed(member, self._archive):
                    if package.solid:  # what follows cannot be had without unpacking this one
                        self._archive.fault("too-large")
                        break
                    continue
                data = _read(package, member, self._archive)
                if data is None:
                    self.done = package.solid
                    return
                if member.name:
                    yield member.name, data
        self.done = True


def _read(package: _Package, member: _Member, archive: Archive) -> bytes | None:
    try:
        return package.read(member.size)
    except Unreadable as error:
        archive.fault(error.code, member.name or "附件")
        return None


def _allowed(member: _Member, archive: Archive) -> bool:
    name = member.name or "附件"
    if member.flags & _ENCRYPTED:
        archive.fault("encrypted", name)
        return False
    if member.window > MAX_WINDOW:
        archive.fault("too-large", name)
        return False
    return archive.admits(name, member.size, len(archive.content))


# ---- UnRAR --------------------------------------------------------------------------------------


class _Package:
    """An open archive. `members` walks its directory; `read` unpacks the member it stands at."""

    def __init__(self, path: str, mode: int) -> None:
        from unrar.cffi._unrarlib import ffi, lib

        self._ffi, self._lib = ffi, lib
        self._data = bytearray()
        self._room = 0
        self._itself = ffi.new_handle(self._called)
        name = ffi.new("wchar_t[]", path)
        opening = ffi.new("struct RAROpenArchiveDataEx *", {"ArcNameW": name, "OpenMode": mode})
        self._handle = lib.RAROpenArchiveEx(opening)
        if opening.OpenResult or not self._handle:
            raise _error(opening.OpenResult)
        lib.RARSetCallbackPtr(self._handle, lib.PyUNRARCALLBACKStub, self._itself)
        self.flags: int = opening.Flags
        self.solid = bool(opening.Flags & 0x08)
        self._fresh = False

    def close(self) -> None:
        self._lib.RARCloseArchive(self._handle)

    def members(self) -> Iterator[_Member]:
        """The directory line by line; the walk ends before a member that goes on in another volume."""
        while True:
            header = self._ffi.new("struct RARHeaderDataEx *")
            result = self._lib.RARReadHeaderEx(self._handle, header)
            if result == _END:
                return
            if result:
                raise _error(result)
            if header.Flags & _SPLIT:
                raise Damaged("split over several volumes")
            self._fresh = True
            yield _member(self._ffi, header)
            if self._fresh:
                self._process(0)

    def read(self, size: int) -> bytes:
        """The bytes of the member; raises Damaged, Encrypted, TookTooMuchMemory."""
        self._data, self._room = bytearray(), size
        self._process(1)
        data, self._data = bytes(self._data), bytearray()
        if len(data) != size:
            raise Damaged(f"{len(data)} of {size} bytes")
        return data

    def _process(self, operation: int) -> None:
        self._fresh = False
        null = self._ffi.NULL
        result = self._lib.RARProcessFileW(self._handle, operation, null, null)
        if result:
            raise _error(result)

    def _called(self, message: int, first: int, second: int) -> int:
        """UnRAR's callback: data is taken up to what was admitted; a volume, a password, a big window: no."""
        if message != self._lib.UCM_PROCESSDATA or len(self._data) + second > self._room:
            return _STOP
        self._data += self._ffi.buffer(self._ffi.cast("char *", first), second)
        return _GO_ON


def _member(ffi: Any, header: Any) -> _Member:
    return _Member(
        name=member_name(_typed(ffi.string(header.FileNameW))),
        size=header.UnpSize + (header.UnpSizeHigh << 32),
        packed=header.PackSize + (header.PackSizeHigh << 32),
        flags=header.Flags,
        window=header.DictSize,
        link=header.RedirType,
    )


def _typed(name: str) -> str | bytes:
    """UnRAR maps bytes of old names that the system's charset lacks to U+E080 to U+E0FF after a mark U+FFFE."""
    if "\ufffe" not in name:
        return name
    return b"".join(_byte(character) for character in name if character != "\ufffe")


def _byte(character: str) -> bytes:
    mapped = "\ue080" <= character <= "\ue0ff"
    return bytes([ord(character) - 0xE000]) if mapped else character.encode("utf-8", "replace")


def _error(code: int) -> Unreadable:
    return _CODES.get(code, Damaged)(f"UnRAR code {code}")


@contextlib.contextmanager
def _opened(path: str, mode: int) -> Iterator[_Package]:
    package = _Package(path, mode)
    try:
        if package.flags & _ENCRYPTED_HEADERS:
            raise Encrypted("the directory has a password")
        if package.flags & _VOLUME:
            raise Damaged("one of several volumes")
        yield package
    finally:
        package.close()


@contextlib.contextmanager
def _as_file(content: bytes) -> Iterator[str]:
    """A path under which UnRAR finds the bytes while the block runs."""
    if hasattr(os, "memfd_create") and os.path.exists("/proc/self/fd"):
        with os.fdopen(os.memfd_create("archive"), "wb") as file:
            file.write(content)
            file.flush()
            yield f"/proc/self/fd/{file.fileno()}"
    else:
        with tempfile.TemporaryDirectory() as folder:
            path = Path(folder) / "archive.rar"
            path.write_bytes(content)
            yield str(path)

"""7z archives unpacked in memory by py7zr, one block of members after the other.

A block is unpacked as a whole (7z packs many members as one stream), so the limits are checked for its
members in their order and what follows the first one too large in its block is left closed with it.
"""

from __future__ import annotations

import io
from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING, Any

from intake.errors import Damaged, Encrypted, Unsupported
from intake.message.unpacking import Archive, member_name

if TYPE_CHECKING:
    from py7zr import SevenZipFile


def open_7z(archive: Archive) -> Iterator[tuple[str, bytes]]:
    """(shown name, bytes) of every member that may be opened, in the archive's order.

    Raises Encrypted where a password is needed (for the members or for their names), Damaged, TooLarge, Unsupported.
    """
    with _directory(archive) as package:
        if package.needs_password():
            raise Encrypted("the members have a password")
        entries = package.files.files_list
        archive.list_entries(len(entries))
        names = _numbered(entries)
        blocks: dict[int, list[int]] = {}
        for number, (entry, file) in enumerate(zip(entries, package.files, strict=True)):
            if file.is_file and not file.emptystream:
                blocks.setdefault(id(entry["folder"]), []).append(number)
        for block in blocks.values():
            yield from _unpacked(package, [(number, names[number]) for number in block], archive)


def _directory(archive: Archive) -> SevenZipFile:
    import py7zr
    from py7zr.exceptions import PasswordRequired, UnsupportedCompressionMethodError

    try:
        return py7zr.SevenZipFile(io.BytesIO(archive.content), "r")
    except PasswordRequired as error:
        raise Encrypted(str(error)) from error
    except UnsupportedCompressionMethodError as error:
        raise Unsupported(str(error)) from error
    except MemoryError:
        raise
    except Exception as error:  # py7zr stumbles in many ways over headers that no program wrote
        raise Damaged(f"{type(error).__name__}: {error}") from error


def _numbered(entries: Sequence[dict[str, Any]]) -> list[str]:
    """The names to show. The library is given numbers in their place: it refuses an archive whose paths lead out."""
    names = [member_name(str(entry.get("filename", ""))) for entry in entries]
    for number, entry in enumerate(entries):
        entry["filename"] = str(number)
    return names


def _unpacked(package: SevenZipFile, block: Sequence[tuple[int, str]], archive: Archive) -> Iterator[tuple[str, bytes]]:
    from py7zr.exceptions import UnsupportedCompressionMethodError

    wanted = _admitted(package, block, archive)
    if not wanted:
        return
    files = _Files()
    code = ""
    try:
        package.reset()
        package.extract(targets=[str(number) for number in wanted], factory=files.factory())
    except UnsupportedCompressionMethodError:
        code = "unsupported"
    except MemoryError:
        code = "memory"
    except Exception:  # noqa: BLE001 - whatever the library stumbles over, the members are at fault
        code = "damaged"
    for number, name in wanted.items():
        if number in files.whole:
            yield name, files.whole[number]
        else:
            archive.fault(code or "damaged", name)


def _admitted(package: SevenZipFile, block: Sequence[tuple[int, str]], archive: Archive) -> dict[int, str]:
    wanted: dict[int, str] = {}
    for number, name in block:
        if not archive.admits(name or "附件", package.files[number].uncompressed, len(archive.content)):
            if number != block[-1][0]:
                archive.fault("too-large")
            break
        if name:
            wanted[number] = name
    return wanted


class _Files:
    """The members as the library writes them; only one that it closes without an error is whole."""

    def __init__(self) -> None:
        self.whole: dict[int, bytes] = {}

    def factory(self) -> Any:
        from py7zr.io import Py7zIO, WriterFactory

        whole = self.whole

        class Member(Py7zIO):
            def __init__(self, number: int) -> None:
                self._number = number
                self._data = io.BytesIO()

            def write(self, s: bytes | bytearray) -> int:
                return self._data.write(s)

            def read(self, size: int | None = None) -> bytes:
                return self._data.read(-1 if size is None else size)

            def seek(self, offset: int, whence: int = 0) -> int:
                return self._data.seek(offset, whence)

            def flush(self) -> None:
                pass

            def size(self) -> int:
                return self._data.getbuffer().nbytes

            def close(self) -> None:
                whole[self._number] = self._data.getvalue()

        class Members(WriterFactory):
            def create(self, filename: str) -> Py7zIO:
                return Member(int(filename.rpartition("/")[2]))

        return Members()

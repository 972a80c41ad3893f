"""Archives opened into their files, whatever packed them: one table by format.

Promises: member names are shown, never used as paths; no member is written to disk; the budget bounds the
number of files, their total size and the ratio of a member (unpacking.py). Opening never raises: what could
not be opened is a fault of the budget, and the members that can be read are read all the same.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping

from intake.errors import Damaged, Unreadable
from intake.message.unpacking import Archive, Budget


def open_archive(kind: str, content: bytes, path: str, budget: Budget) -> Iterator[tuple[str, bytes]]:
    """(shown name, bytes) of each member of an archive of a kind in ARCHIVES; `path` is how faults name it."""
    archive = Archive(content, path, budget)
    try:
        yield from _members(kind, archive)
    except Unreadable as error:
        archive.fault(error.code)
    except MemoryError:
        archive.fault("memory")


def _members(kind: str, archive: Archive) -> Iterator[tuple[str, bytes]]:
    try:
        yield from ARCHIVES[kind](archive)
    except (Unreadable, MemoryError):
        raise
    except Exception as error:  # an archive that no program wrote is at fault, not its reader
        raise Damaged(f"{kind}: {type(error).__name__}: {error}") from error


def _zip(archive: Archive) -> Iterator[tuple[str, bytes]]:
    from intake.message.zip_archive import open_zip

    return open_zip(archive)


def _rar(archive: Archive) -> Iterator[tuple[str, bytes]]:
    from intake.message.rar import open_rar

    return open_rar(archive)


def _seven_zip(archive: Archive) -> Iterator[tuple[str, bytes]]:
    from intake.message.seven_zip import open_7z

    return open_7z(archive)


def _stream(archive: Archive, opener: str) -> Iterator[tuple[str, bytes]]:
    from intake.message import gz_tar

    opened: Iterator[tuple[str, bytes]] = getattr(gz_tar, opener)(archive)
    return opened


ARCHIVES: Mapping[str, Callable[[Archive], Iterator[tuple[str, bytes]]]] = {
    "zip": _zip,
    "rar": _rar,
    "7z": _seven_zip,
    "gz": lambda archive: _stream(archive, "open_gz"),
    "bz2": lambda archive: _stream(archive, "open_bz2"),
    "xz": lambda archive: _stream(archive, "open_xz"),
    "tar": lambda archive: _stream(archive, "open_tar"),
}

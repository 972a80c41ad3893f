"""Archives and nested mails opened into their files.

Promises: member names are shown, never used as paths; nothing is written to disk; the budget bounds
the number of files, their total size and the ratio of a member, whatever the archive's directory
claims. What was left closed is a fault `code: name` with a code of the contract (encrypted, damaged,
unsupported, too-large, too-deep). rar and 7z are left to readers.
"""

from __future__ import annotations

import io
import lzma
import struct
import zipfile
import zlib
from dataclasses import dataclass, field

from intake.message import charsets
from intake.message.parameters import shown_name

MAX_FILES = 300
MAX_BYTES = 100 << 20
MAX_RATIO = 200
RATIO_FROM = 5 << 20  # smaller members may shrink as they like: an empty form is mostly zeros
MAX_LEVELS = 5
_BROKEN = (
    zipfile.BadZipFile,
    zlib.error,
    lzma.LZMAError,
    EOFError,
    OSError,
    ValueError,
    struct.error,
    IndexError,
    KeyError,
)
_LITTER = ("__MACOSX/", "._", ".DS_Store", "Thumbs.db", "desktop.ini")


@dataclass(slots=True)
class Budget:
    """What one mail may still unpack; shared by all its archives and nested mails."""

    files: int = MAX_FILES
    size: int = MAX_BYTES
    faults: list[str] = field(default_factory=list)

    def fault(self, code: str, name: str) -> None:
        said = f"{code}: {name}"
        if said not in self.faults:
            self.faults.append(said)

    def take(self, size: int, name: str) -> bool:
        """Whether one more file of that size may be kept; the refusal is a fault."""
        if self.files <= 0 or size > self.size:
            self.fault("too-large", name)
            return False
        self.files -= 1
        self.size -= size
        return True


def open_zip(content: bytes, name: str, budget: Budget) -> list[tuple[str, bytes]]:
    """(shown name, bytes) of every file in a zip that may be opened, in the archive's order."""
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            return _members(archive, name, budget)
    except (*_BROKEN, NotImplementedError, RuntimeError):
        budget.fault("damaged", name)
        return []


def _members(archive: zipfile.ZipFile, name: str, budget: Budget) -> list[tuple[str, bytes]]:
    """What may be read within the budget; whoever keeps a file takes it from the budget."""
    found: list[tuple[str, bytes]] = []
    left = budget.size
    for member in archive.infolist():
        shown = _member_name(member)
        if member.is_dir() or not shown or _is_litter(member.filename, shown):
            continue
        if len(found) >= budget.files:
            budget.fault("too-large", name)
            break
        data = _read(archive, member, shown, name, left, budget)
        if data is not None:
            left -= len(data)
            found.append((shown, data))
    return found


def _member_name(member: zipfile.ZipInfo) -> str:
    """The name as it was typed: archives without the UTF-8 flag hold GBK bytes that zipfile reads as cp437."""
    name = member.orig_filename
    if not member.flag_bits & 0x800:
        try:
            name = charsets.decode(name.encode("cp437"))
        except UnicodeEncodeError:
            name = member.filename
    return shown_name(name)


def _is_litter(path: str, shown: str) -> bool:
    return path.startswith(_LITTER[0]) or shown.startswith(_LITTER[1:])


def _read(
    archive: zipfile.ZipFile, member: zipfile.ZipInfo, shown: str, name: str, left: int, budget: Budget
) -> bytes | None:
    if member.flag_bits & 0x1:
        budget.fault("encrypted", name)
        return None
    packed = max(member.compress_size, 1)
    if member.file_size > left or (member.file_size > RATIO_FROM and member.file_size > MAX_RATIO * packed):
        budget.fault("too-large", name)
        return None
    try:
        with archive.open(member) as stream:
            return stream.read(member.file_size)
    except NotImplementedError:
        budget.fault("unsupported", shown)
    except (*_BROKEN, RuntimeError):
        budget.fault("damaged", shown)
    return None

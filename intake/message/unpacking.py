"""What one mail may unpack, and one archive being unpacked under that limit.

Promises: every size and number is checked before anything is unpacked, whatever an archive's directory
claims. The budget counts each unpacked file once, nested archives too, so that archives in archives do
not multiply. What was left closed is a fault `code: path` with a code of the contract (encrypted,
damaged, unsupported, too-large, too-deep, memory); a path is `archive.zip/member.docx`.
"""

from __future__ import annotations

from dataclasses import dataclass, field

from intake.errors import TooLarge
from intake.message import charsets
from intake.message.parameters import shown_name

MAX_FILES = 300
MAX_BYTES = 100 << 20
MAX_RATIO = 200
RATIO_FROM = 5 << 20  # smaller members may shrink as they like: an empty form is mostly zeros
MAX_LEVELS = 5
MAX_ENTRIES = 20_000  # lines of all the archives' directories, folders and litter included
_LITTER = ("._", ".DS_Store", "Thumbs.db", "desktop.ini", "~$")


@dataclass(slots=True)
class Budget:
    """What one mail may still hold; shared by all its files, archives and nested mails. Sizes in bytes."""

    files: int = MAX_FILES
    size: int = MAX_BYTES
    entries: int = MAX_ENTRIES
    faults: list[str] = field(default_factory=list)

    def fault(self, code: str, name: str) -> None:
        said = f"{code}: {name}"
        if len(self.faults) < MAX_FILES and said not in self.faults:
            self.faults.append(said)

    def take(self, size: int, name: str) -> bool:
        """Whether one more file of that size may be kept; the refusal is a fault."""
        if self.files <= 0 or size > self.size:
            self.fault("too-large", name)
            return False
        self.files -= 1
        self.size -= size
        return True


@dataclass(frozen=True, slots=True)
class Archive:
    """An archive in memory, the path it is shown under, and the budget it draws on."""

    content: bytes = field(repr=False)
    path: str
    budget: Budget

    def fault(self, code: str, member: str = "") -> None:
        """Note what was left closed: a member, or the whole archive."""
        self.budget.fault(code, f"{self.path}/{member}" if member else self.path)

    def admits(self, member: str, size: int, packed: int) -> bool:
        """Whether a member of `size` bytes, `packed` bytes in the archive, may be unpacked; it is charged at once."""
        if self.budget.files <= 0:
            self.fault("too-large")
            return False
        if size > RATIO_FROM and size > MAX_RATIO * max(packed, 1):
            self.fault("too-large", member)
            return False
        return self.budget.take(size, f"{self.path}/{member}")

    def list_entries(self, count: int = 1) -> None:
        """Charge lines of the directory before they are looked at. Raises TooLarge where the mail has had enough."""
        if count > self.budget.entries:
            raise TooLarge(f"over {MAX_ENTRIES} members")
        self.budget.entries -= count

    def room(self) -> int:
        """How many bytes a stream of unstated size may unpack to."""
        return min(self.budget.size, max(RATIO_FROM, MAX_RATIO * len(self.content)))


def member_name(path: str | bytes) -> str:
    """The last part of a member's path as it may be shown; "" for litter of operating systems and editors.

    Bytes are UTF-8 or GB18030. A path is never used as one: folders, drives and `..` are dropped.
    """
    text = charsets.decode(path) if isinstance(path, bytes) else charsets.whole(path)
    if text.startswith("__MACOSX/") or "/__MACOSX/" in text:
        return ""
    name = shown_name(text)
    if len(name) > 1 and name[1] == ":":  # C:form.docx
        name = name[2:].strip()
    return "" if name.startswith(_LITTER) or not name.strip(". ") else name

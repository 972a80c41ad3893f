"""What LIST says: the folders of a mailbox, which of them are read, and which hold junk or sent mail.

Promises: a pure reading of the server's lines that never raises; a line it cannot read is left out,
a name it cannot decode is shown as well as it can be and still opened by its exact bytes.
Never touches a connection.
"""

from __future__ import annotations

import base64
import binascii
import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

DRAFTS = frozenset({"草稿箱", "草稿夹", "草稿", "草稿邮件", "drafts", "draft"})
SENT = frozenset(
    {"已发送", "已发送邮件", "已发邮件", "已发送消息", "发件箱", "已傳送", "寄件備份", "寄件匣"}
    | {"sent", "sent messages", "sent items", "sent mail", "sent-mail", "sentmail", "outbox"}
)
VIRUS = frozenset({"病毒文件夹", "病毒邮件", "病毒邮件夹", "病毒夹", "virus", "viruses", "virus mail"})
JUNK = frozenset(
    {"垃圾邮件", "垃圾郵件", "垃圾邮件箱", "垃圾箱", "广告邮件", "廣告郵件", "可疑邮件", "隔离邮件"}
    | {"junk", "junk email", "junk e-mail", "junk mail", "spam", "bulk mail", "bulk"}
)
_ROOTS = frozenset({"inbox", "[gmail]", "[google mail]"})

_LINE = re.compile(rb'^\((?P<flags>[^)]*)\) (?P<delimiter>"(?:\\.|[^"\\])*"|[^ ]+) (?P<name>.*)$', re.DOTALL)
_SHIFTED = re.compile(rb"&([^&-]*)-")


@dataclass(frozen=True, slots=True)
class Folder:
    """A folder of the mailbox: `name` as a person reads it, `wire` the server's own bytes for it.

    `flags` as LIST gave them (`\\Junk`, `\\Noselect`). `junk` is told by the flag (RFC 6154, or the older
    XLIST `\\Spam`) or by the name a provider gives it; NetEase flags 垃圾邮件 but not 广告邮件.
    """

    name: str
    junk: bool = False
    flags: tuple[str, ...] = ()
    delimiter: str = "/"
    wire: bytes = field(default=b"", repr=False)

    def flagged(self, *names: str) -> bool:
        return any(flag.casefold() in names for flag in self.flags)

    @property
    def role_name(self) -> str:
        """The last part of a name that stands at the top, or under INBOX or [Gmail]; else "".

        A person's own folder deeper down (项目/Sent) is never taken for the provider's.
        """
        head, _, last = self.name.rpartition(self.delimiter) if self.delimiter else ("", "", self.name)
        return last.strip().casefold() if not head or head.casefold() in _ROOTS else ""

    @property
    def selectable(self) -> bool:
        return not self.flagged("\\noselect", "\\nonexistent")

    @property
    def drafts(self) -> bool:
        return self.flagged("\\drafts") or self.role_name in DRAFTS

    @property
    def sent(self) -> bool:
        return self.flagged("\\sent") or self.role_name in SENT

    @property
    def virus(self) -> bool:
        return self.role_name in VIRUS


def parse_list(items: Iterable[bytes | tuple[bytes, bytes] | None]) -> tuple[Folder, ...]:
    """Folders from the data of a LIST command, as imaplib gives it (a name sent as a literal is a tuple)."""
    found = (_folder(item) for item in items if item)
    return tuple(folder for folder in found if folder is not None)


def to_poll(folders: Sequence[Folder]) -> tuple[Folder, ...]:
    """The folders to read: all that can be opened but drafts, sent and virus; INBOX first, junk last."""
    chosen = [each for each in folders if each.selectable and not (each.drafts or each.sent or each.virus)]
    return tuple(sorted(chosen, key=lambda each: (each.junk, each.name.casefold() != "inbox")))


def named(folders: Sequence[Folder], names: Sequence[str]) -> tuple[Folder, ...]:
    """The folders somebody named in the configuration, in that order.

    A name that the mailbox does not hold stays in the list, so that opening it says so.
    """
    by_name = {each.name.casefold(): each for each in folders}
    return tuple(by_name.get(name.casefold()) or Folder(name) for name in names)


def sent_folder(folders: Sequence[Folder]) -> Folder | None:
    """Where the provider keeps copies of sent mail: the flagged folder, else one so named, else None."""
    chosen = [each for each in folders if each.selectable and each.sent]
    chosen.sort(key=lambda each: (not each.flagged("\\sent"), each.role_name in {"发件箱", "outbox"}))
    return chosen[0] if chosen else None


def decode_name(wire: bytes) -> str:
    """A mailbox name from modified UTF-7 (RFC 3501, 5.1.3); raw UTF-8 or GB18030 where a server sends that."""
    if any(octet > 0x7F for octet in wire):
        return _eight_bit(wire)
    try:
        return _SHIFTED.sub(_unshift, wire).decode("utf-8")
    except (binascii.Error, UnicodeDecodeError):
        return wire.decode("ascii")


def encode_name(name: str) -> bytes:
    """A mailbox name in modified UTF-7 (RFC 3501, 5.1.3)."""
    pieces = re.split(r"([^\x20-\x7e]+)", name.replace("&", "&-"))
    return b"".join(_shift(piece) if number % 2 else piece.encode("ascii") for number, piece in enumerate(pieces))


def quoted(wire: bytes) -> bytes:
    """The name as an IMAP quoted string."""
    return b'"' + wire.replace(b"\\", b"\\\\").replace(b'"', b'\\"') + b'"'


def _folder(item: bytes | tuple[bytes, bytes]) -> Folder | None:
    head = item if isinstance(item, bytes) else item[0]
    match = _LINE.match(head)
    if match is None:
        return None
    wire = _unquoted(match["name"]) if isinstance(item, bytes) else item[1]
    flags = tuple(match["flags"].decode("ascii", "replace").split())
    delimiter = "" if match["delimiter"].upper() == b"NIL" else _unquoted(match["delimiter"]).decode("ascii", "replace")
    folder = Folder(decode_name(wire), False, flags, delimiter, wire)
    junk = folder.flagged("\\junk", "\\spam") or folder.role_name in JUNK
    return Folder(folder.name, junk, flags, delimiter, wire)


def _unquoted(text: bytes) -> bytes:
    if len(text) >= 2 and text.startswith(b'"') and text.endswith(b'"'):
        return re.sub(rb"\\(.)", rb"\1", text[1:-1])
    return text


def _unshift(match: re.Match[bytes]) -> bytes:
    code = match[1]
    if not code:
        return b"&"
    padded = code.replace(b",", b"/") + b"=" * (-len(code) % 4)
    return base64.b64decode(padded, validate=True).decode("utf-16-be").encode("utf-8")


def _shift(text: str) -> bytes:
    code = base64.b64encode(text.encode("utf-16-be", "surrogatepass")).rstrip(b"=").replace(b"/", b",")
    return b"&" + code + b"-"


def _eight_bit(wire: bytes) -> str:
    try:
        return wire.decode("utf-8")
    except UnicodeDecodeError:
        return wire.decode("gb18030", "replace")

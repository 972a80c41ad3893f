"""Messages saved by Outlook (.msg): a compound file of properties ([MS-OXMSG]).

python-oxmsg gives the tree of storages and streams. Its own properties are not used: they decode 8-bit
strings strictly by the code page that the message names, which in GBK mails is often the wrong one, and
they know no message in a message. Before the tree is loaded the directory is measured, because a few
bytes of it can claim the same sectors thousands of times.
"""

from __future__ import annotations

import io
import re
import struct
from collections.abc import Mapping
from typing import TYPE_CHECKING

from intake.errors import Damaged, TooLarge
from intake.message import mapi
from intake.message.mapi import Attached, Letter, Properties
from intake.message.unpacking import MAX_FILES

if TYPE_CHECKING:
    from olefile import OleFileIO
    from oxmsg.storage import Storage

MAX_STREAMS = 4_000
_PROPERTIES = "__properties_version1.0"
_ATTACHMENT = "__attach_version1.0_#"
_TOP, _EMBEDDED, _PART = 32, 24, 8  # bytes before the first entry of a property stream (2.4.1)
_INNER = "__SUBSTG1.0_3701000D"
_MESSAGE, _METHOD = 5, 0x3705
_NUMBERED = re.compile(r"__SUBSTG1\.0_([0-9A-F]{4})([0-9A-F]{4})")


def mail_of_msg(content: bytes) -> bytes:
    """The mail that a .msg stands for. Raises Damaged, TooLarge."""
    return mapi.as_mail(read_msg(content))


def read_msg(content: bytes) -> Letter:
    """The message in a .msg. Raises Damaged, TooLarge."""
    from olefile import OleFileIO
    from oxmsg.storage import Storage

    try:
        with OleFileIO(io.BytesIO(content)) as compound:
            _measure(compound, len(content))
            root = Storage.from_ole(compound)
    except (TooLarge, MemoryError):
        raise
    except Exception as error:  # the library stumbles in many ways over directories that no program wrote
        raise Damaged(f"{type(error).__name__}: {error}") from error
    return _letter(root, _TOP, 0)


def _measure(compound: OleFileIO, size: int) -> None:
    entries = [entry for entry in compound.direntries if entry is not None]
    if len(entries) > MAX_STREAMS or sum(entry.size for entry in entries) > 4 * size + (1 << 20):
        raise TooLarge(f"{len(entries)} streams in {size} bytes")


def _letter(storage: Storage, header: int, depth: int) -> Letter:
    parts = sorted((one for one in storage.storages if one.name.startswith(_ATTACHMENT)), key=lambda one: one.name)
    return Letter(_properties(storage, header), tuple(_attached(one, depth) for one in parts[: MAX_FILES + 1]))


def _attached(storage: Storage, depth: int) -> Attached:
    properties = _properties(storage, _PART)
    inner = next((one for one in storage.storages if one.name.upper() == _INNER), None)
    if inner is not None and _method(properties) == _MESSAGE:
        if depth >= mapi.MAX_LETTERS:
            return Attached(letter=Letter(Properties({})))
        return Attached(letter=_letter(inner, _EMBEDDED, depth + 1))
    return mapi.attached_file(properties, properties.data(mapi.ATTACHED))


def _method(properties: Properties) -> int:
    return int.from_bytes(properties.values.get(_METHOD, (0, b""))[1][:4], "little")


def _properties(storage: Storage, header: int) -> Properties:
    """The values of a storage: short ones in the property stream, long ones in a stream each (2.4.2)."""
    streams: Mapping[str, bytes] = {stream.name.upper(): stream.bytes_ for stream in storage.streams}
    values: dict[int, tuple[int, bytes]] = {}
    entries = streams.get(_PROPERTIES.upper(), b"")[header:]
    for place in range(0, len(entries) - 15, 16):
        kind, number = struct.unpack_from("<HH", entries, place)
        values[number] = (kind, entries[place + 8 : place + 16])
    for name, content in streams.items():
        match = _NUMBERED.fullmatch(name)
        if match and (kind := int(match[2], 16)) in (mapi.STRING8, mapi.UNICODE, mapi.BINARY):
            values[int(match[1], 16)] = (kind, content)
    return Properties(values)

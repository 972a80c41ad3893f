"""Form fields of a Word 97-2003 file: the state of a FORMCHECKBOX, the entries of a FORMDROPDOWN.

The state stands in the Data stream, where the sprmCPicLocation of the field's data character points.
Source: [MS-DOC] NilPICFAndBinData (the header), FFData, FFDataBits. Never raises: what cannot be
read is an empty string, which the reader of fields takes for unknown.
"""

from __future__ import annotations

import struct
from xml.sax.saxutils import quoteattr

_USE_DEFAULT = 25
_CHECK_BOX, _DROP_DOWN = 1, 2
_MAX_ENTRIES = 200
_MAX_BYTES = 1 << 16


def form_data(data: bytes, location: int) -> str:
    """The `w:ffData` for the form data at a place of the Data stream, or ""."""
    try:
        return _form_data(data, location)
    except (struct.error, IndexError):
        return ""


def _form_data(data: bytes, location: int) -> str:
    size, head = struct.unpack_from("<iH", data, location)
    raw = data[location + head : location + min(size, _MAX_BYTES)]
    version, bits, _, _ = struct.unpack_from("<IHHH", raw)
    if version != 0xFFFFFFFF:
        return ""
    kind, result = bits & 3, bits >> 2 & 31
    _, at = _text(raw, 10)  # the field's name
    if kind not in (_CHECK_BOX, _DROP_DOWN):
        return ""
    default = struct.unpack_from("<H", raw, at)[0]
    if kind == _CHECK_BOX:
        return _check_box(default, result)
    return _drop_down(_entries(raw, at + 2), default, result)


def _check_box(default: int, result: int) -> str:
    if result not in (0, 1, _USE_DEFAULT) or default not in (0, 1):
        return ""
    checked = "" if result == _USE_DEFAULT else f'<w:checked w:val="{result}"/>'
    return f'<w:ffData><w:checkBox><w:default w:val="{default}"/>{checked}</w:checkBox></w:ffData>'


def _drop_down(entries: list[str], default: int, result: int) -> str:
    chosen = "" if result == _USE_DEFAULT else f'<w:result w:val="{result}"/>'
    rows = "".join(f"<w:listEntry w:val={quoteattr(entry)}/>" for entry in entries)
    return f'<w:ffData><w:ddList>{chosen}<w:default w:val="{default}"/>{rows}</w:ddList></w:ffData>'


def _entries(raw: bytes, at: int) -> list[str]:
    """The table of strings (Sttb) after the five texts and names of the field."""
    for _ in range(5):
        _, at = _text(raw, at)
    extended, count, extra = struct.unpack_from("<HHH", raw, at)
    if extended != 0xFFFF:
        return []
    at += 6
    entries: list[str] = []
    for _ in range(min(count, _MAX_ENTRIES)):
        size = struct.unpack_from("<H", raw, at)[0]
        text = raw[at + 2 : at + 2 + 2 * size].decode("utf-16-le", "ignore")
        entries.append("".join(character for character in text if character >= " "))
        at += 2 + 2 * size + extra
    return entries


def _text(raw: bytes, at: int) -> tuple[str, int]:
    """A counted, zero-ended text (Xstz), and where it ends."""
    size = struct.unpack_from("<H", raw, at)[0]
    return raw[at + 2 : at + 2 + 2 * size].decode("utf-16-le", "ignore"), at + 4 + 2 * size

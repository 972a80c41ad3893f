"""The custom properties of an old Office file, as the part of a docx that holds them.

They tell our own documents and WPS's version. Source: [MS-OLEPS] 2.21 (property set stream), 2.17
(dictionary). Never raises: what cannot be read is left out.
"""

from __future__ import annotations

import struct
from collections.abc import Iterator
from xml.sax.saxutils import escape, quoteattr

from intake.readers.ole import CompoundFile

_STREAM = "\x05documentsummaryinformation"
_CUSTOM = bytes.fromhex("05D5CDD59C2E1B10939708002B2CF9AE")
_UNICODE = 1200
_TEXT, _WIDE_TEXT, _SHORT = 30, 31, 2
_MAX_PROPERTIES = 200


def custom_part(compound: CompoundFile) -> dict[str, bytes]:
    """The part docProps/custom.xml with the properties that are text; nothing where there are none."""
    stream = compound.stream(_STREAM) or b""
    try:
        rows = "".join(
            f"<p:property name={quoteattr(name)}>{escape(text)}</p:property>" for name, text in _properties(stream)
        )
    except (struct.error, IndexError):
        return {}
    if not rows:
        return {}
    spaces = "http://schemas.openxmlformats.org/officeDocument/2006/custom-properties"
    return {"docProps/custom.xml": f'<p:Properties xmlns:p="{spaces}">{rows}</p:Properties>'.encode()}


def _properties(stream: bytes) -> Iterator[tuple[str, str]]:
    count = min(int.from_bytes(stream[24:28], "little"), 4)
    for number in range(count):
        at = 28 + 20 * number
        if stream[at : at + 16] == _CUSTOM:
            yield from _section(stream[struct.unpack_from("<I", stream, at + 16)[0] :])


def _section(raw: bytes) -> Iterator[tuple[str, str]]:
    count = min(struct.unpack_from("<I", raw, 4)[0], _MAX_PROPERTIES)
    places = dict(struct.unpack_from("<II", raw, 8 + 8 * number) for number in range(count))
    page = struct.unpack_from("<IH", raw, places[1])[1] if 1 in places else _UNICODE
    names = dict(_names(raw, places[0], page)) if 0 in places else {}
    for number, name in names.items():
        text = _value(raw, places.get(number, len(raw)), page)
        if name and text:
            yield name, text


def _names(raw: bytes, at: int, page: int) -> Iterator[tuple[int, str]]:
    count = min(struct.unpack_from("<I", raw, at)[0], _MAX_PROPERTIES)
    at += 4
    for _ in range(count):
        number, size = struct.unpack_from("<II", raw, at)
        size = 2 * size if page == _UNICODE else size
        yield number, _decoded(raw[at + 8 : at + 8 + size], page)
        at += 8 + size + (-size % 4 if page == _UNICODE else 0)


def _value(raw: bytes, at: int, page: int) -> str:
    if at + 8 > len(raw):
        return ""
    kind, size = struct.unpack_from("<II", raw, at)
    if kind == _WIDE_TEXT:
        return _decoded(raw[at + 8 : at + 8 + 2 * size], _UNICODE)
    return _decoded(raw[at + 8 : at + 8 + size], page) if kind == _TEXT else ""


def _decoded(raw: bytes, page: int) -> str:
    names = {_UNICODE: "utf-16-le", 65001: "utf-8", 936: "gb18030"}
    text = raw.decode(names.get(page, "latin-1"), "ignore").partition("\0")[0]
    return "".join(character for character in text if character >= " " and character not in "\ufffe\uffff")

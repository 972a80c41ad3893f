"""The parameters of Content-Type and Content-Disposition, and the file name they give.

Promises: any value gives a main word and a dictionary. Reads RFC 2231 (charsets, continuations),
RFC 2047 inside quotes as Foxmail writes it, raw 8-bit names in UTF-8 or GBK, percent-encoded names,
unquoted names with spaces. A file name is for show: it has no path and no control characters.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from urllib.parse import unquote_to_bytes

from intake.message import charsets, header_fields

MAX_NAME = 150
_PARAMETER = re.compile(r"""\s*([^\s=;"]+)\s*=\s*(?:"((?:[^"\\]|\\.)*)(?:"[^;]*|$)|([^;]*))(?:;|$)""", re.DOTALL)
_EXTENDED = re.compile(r"^(.+?)\*(?:(\d{1,3})(\*)?)?$")
_CHARSET = re.compile(r"^([\w.:-]{0,40})'([\w-]*)'(.*)$", re.DOTALL)
_PERCENTS = re.compile(r"(?:%[0-9A-Fa-f]{2}){2,}")
_ESCAPED = re.compile(r"\\(.)")
_UNSAFE = re.compile(r"[\x00-\x1f\x7f\u200e\u200f\u202a-\u202e\u2066-\u2069\ufffe\uffff]")


def parse_parameters(raw: bytes) -> tuple[str, dict[str, str]]:
    """The main word in lower case and the parameters by name in lower case, decoded."""
    text = charsets.decode(raw)
    main, _, rest = text.partition(";")
    plain: dict[str, str] = {}
    pieces: dict[str, dict[int, tuple[str, bool]]] = {}
    for match in _PARAMETER.finditer(rest):
        name = match[1].lower()
        value = _ESCAPED.sub(_unescaped, match[2]) if match[2] is not None else (match[3] or "").strip()
        extended = _EXTENDED.match(name)
        if extended is None:
            plain.setdefault(name, header_fields.decode_words(value))
        else:
            index = int(extended[2] or 0)
            pieces.setdefault(extended[1], {})[index] = (value, bool(extended[3]) or extended[2] is None)
    plain.update({name: _joined(found) for name, found in pieces.items()})
    return main.strip().lower(), plain


def _unescaped(match: re.Match[str]) -> str:
    """RFC 2822 escapes only quotes and backslashes; some webmails write Windows paths unescaped."""
    return match[1] if match[1] in '"\\' else match[0]


def _joined(pieces: Mapping[int, tuple[str, bool]]) -> str:
    """RFC 2231, 3 and 4: sections in order of their numbers, percent-decoded where starred."""
    label = ""
    data = b""
    for index, (value, starred) in sorted(pieces.items()):
        if starred:
            if index == 0 and (found := _CHARSET.match(value)):
                label, value = found[1], found[3]
            data += unquote_to_bytes(value)
        else:
            data += value.encode("utf-8", "surrogatepass")
    return header_fields.decode_words(charsets.decode(data, label))


def file_name(disposition: Mapping[str, str], content_type: Mapping[str, str]) -> str:
    """The name of a part, the readable one of filename and name; "" where it has none."""
    names = [shown_name(found) for found in (disposition.get("filename", ""), content_type.get("name", "")) if found]
    return next((name for name in names if name and "\ufffd" not in name), names[0] if names else "")


def shown_name(name: str) -> str:
    """A name as a person may see it: percent codes read, no folders, no control characters, not endless."""
    if _PERCENTS.search(name):
        name = charsets.decode(unquote_to_bytes(name))
    name = _UNSAFE.sub("", header_fields.clean(name)).replace("\\", "/").rstrip("/ ").rpartition("/")[2].strip()
    if len(name) <= MAX_NAME:
        return name
    stem, dot, suffix = name.rpartition(".")
    return f"{stem[: MAX_NAME - 11]}…{dot}{suffix[:9]}" if dot else name[:MAX_NAME]

"""Bytes to text: the declared charset first, then UTF-8, then GB18030.

Promises: never fails on any bytes, calls no guesser, returns text without a byte order mark. GB
labels are widened to GB18030, for senders label GBK and GB18030 bytes as gb2312 (enmime#338,
mail-parser#30) and the widest of the family decodes all of them.
Never touches headers, parts or HTML structure.
"""

from __future__ import annotations

import codecs
import re
from functools import lru_cache

GB = "gb18030"
_GB_LABELS = re.compile(r"^(x-)?(gb[-_]?2312.*|gbk|gb|cp936|ms936|windows-936|euc-?cn|csgb2312|chinese|gb18030.*)$")
# Only codecs of text: zlib, idna, unicode_escape and their like are names a hostile label may hold.
_TEXT_CODECS = re.compile(
    r"^(utf-?(7|8|16|32)(-?[bl]e)?|big5.*|cp\d{3,4}|windows-125\d|iso-?8859-\d{1,2}|iso-?2022-\w+|koi8-\w|"
    r"euc-\w+|shift-jis|hz(-gb-2312)?|johab|mac-?roman|latin-?\d)$"
)
# Labels that say nothing: mailers put them on whatever they could not name.
_VOID = frozenset(
    {"", "us-ascii", "ascii", "default", "unknown", "unknown-8bit", "x-unknown", "none", "8bit", "binary"}
)
_ONE_BYTE = re.compile(r"^(iso-?8859-\d{1,2}|windows-125\d|latin-?\d|cp125\d)$")
_META = re.compile(rb"""<meta[^>]{0,200}?charset\s*=\s*["']?\s*([A-Za-z0-9_.:-]{2,40})""", re.IGNORECASE)
_HIGH_RUN = re.compile(rb"[\x80-\xff]+")
_HALVES = re.compile(r"[\ud800-\udfff]")
_BOMS = ((codecs.BOM_UTF8, "utf-8"), (codecs.BOM_UTF16_LE, "utf-16-le"), (codecs.BOM_UTF16_BE, "utf-16-be"))


@lru_cache(maxsize=256)
def codec(label: str) -> str:
    """The codec for a charset label, GB labels widened; "" where the label says nothing usable.

    The one-byte Western charsets come back under their own name; `decode` treats them with doubt.
    """
    name = label.strip().strip("\"'").lower().replace("_", "-")
    if _GB_LABELS.match(name):
        return GB
    if name in _VOID or not _TEXT_CODECS.match(name):
        return ""
    try:
        return "big5hkscs" if name.startswith("big5") else codecs.lookup(name).name
    except LookupError:
        return ""


def decode(data: bytes, label: str = "") -> str:
    """Text of `data`. A label that the bytes contradict is dropped; what no rule can read becomes U+FFFD."""
    name = codec(label)
    if data.isascii() and name in ("", "utf-8", GB):
        return data.decode("ascii")
    for mark, marked in _BOMS:
        if data.startswith(mark):
            name = marked
    return whole(_decode(data, name)).lstrip("\ufeff")


def decode_html(data: bytes, label: str = "") -> str:
    """Text of an HTML file or part: byte order mark, then the declared charset, then `<meta charset>`."""
    if not codec(label) and (found := _META.search(data[:4096])):
        label = found[1].decode("ascii")
    return decode(data, label)


def _decode(data: bytes, name: str) -> str:
    if name == GB and _is_chinese_utf8(data):
        return data.decode("utf-8")
    if _ONE_BYTE.match(name) and (_is_chinese_utf8(data) or _is_paired_gb(data)):
        return _undeclared(data)
    if name and (text := _strictly(data, name)) is not None:
        return text
    if name.startswith(("utf-16", "utf-32")):
        return data.decode(name, "replace")
    return _undeclared(data)


def whole(text: str) -> str:
    """Half surrogate pairs, which UTF-7 and UTF-16 may hold and no database takes, become U+FFFD."""
    if text.isascii() or not _HALVES.search(text):
        return text
    return text.encode("utf-16", "surrogatepass").decode("utf-16", "replace")


def _undeclared(data: bytes) -> str:
    text = _strictly(data, "utf-8")
    if text is not None:
        return _strictly_gb_name(data, text) or text
    text = data.decode("utf-8", "replace")
    return text if _few_faults(text) else data.decode(GB, "replace")


def _strictly(data: bytes, name: str) -> str | None:
    try:
        return data.decode(name)
    except (UnicodeError, LookupError):
        return None


def _few_faults(text: str) -> bool:
    """UTF-8 with a cut end or a flipped byte, against GB bytes that are not UTF-8 at all."""
    faults = text.count("\ufffd")
    if faults == 1 and text.endswith("\ufffd") and _is_chinese_utf8(text[:-1].encode()):
        return True
    wide = sum(character > "\u07ff" for character in text) - faults
    return faults * 8 <= wide


def _is_chinese_utf8(data: bytes) -> bool:
    """UTF-8 under a GB label: every wide character is one that Chinese text holds, and there are two or more."""
    text = _strictly(data, "utf-8")
    wide = [character for character in text or "" if character > "\x7f"]
    return len(wide) > 1 and all(_is_chinese(character) for character in wide)


def _strictly_gb_name(data: bytes, text: str) -> str | None:
    """A short GBK name whose bytes happen to be valid UTF-8 (two-byte letters of Latin Extended to NKo)."""
    wide = [character for character in text if character > "\x7f"]
    if not 0 < len(wide) <= 4 or min(wide) < "\u0100" or max(wide) > "\u07ff":
        return None
    name = _strictly(data, GB)
    return name if name and all(_is_hanzi(character) for character in name if character > "\x7f") else None


def _is_paired_gb(data: bytes) -> bool:
    """GB bytes under a Western label: the high bytes come in even or long runs and read as Chinese."""
    runs = _HIGH_RUN.findall(data)
    if not runs or (any(len(run) % 2 for run in runs) and max(map(len, runs)) < 4):
        return False
    text = _strictly(data, GB)
    return text is not None and all(_is_chinese(character) for character in text if character > "\x7f")


def _is_hanzi(character: str) -> bool:
    return "\u4e00" <= character <= "\u9fff"


def _is_chinese(character: str) -> bool:
    return (
        _is_hanzi(character)
        or "\u2010" <= character <= "\u27bf"  # dashes, quotes, boxes, ticks
        or "\u3000" <= character <= "\u30ff"
        or "\u3400" <= character <= "\u4dbf"
        or "\uff00" <= character <= "\uffef"
        or "\U00020000" <= character <= "\U0003ffff"
        or character in "\u00a0·×÷°±"
    )

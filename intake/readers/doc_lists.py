"""Lists of a Word 97-2003 file as a numbering part of WordprocessingML.

Sources: [MS-DOC] PlfLst and LSTF (lists), LVL and LVLF (levels), PlfLfo and LFO (what paragraphs refer
to). Never raises: a table that breaks off gives the lists before that.
"""

from __future__ import annotations

import struct
from dataclasses import dataclass
from xml.sax.saxutils import quoteattr

from intake.readers.doc_characters import read_character

_LSTF, _LFO, _LVLF = 28, 16, 28
_MAX_LISTS = 2_000
_NUMBERS = {
    0: "decimal", 1: "upperRoman", 2: "lowerRoman", 3: "upperLetter", 4: "lowerLetter", 10: "japaneseCounting",
    11: "japaneseCounting", 14: "decimalFullWidth", 18: "decimalEnclosedCircle", 22: "decimalZero", 23: "bullet",
    28: "decimalEnclosedCircleChinese", 30: "ideographTraditional", 33: "taiwaneseCountingThousand",
    37: "chineseCounting", 38: "chineseLegalSimplified", 39: "chineseCountingThousand", 255: "none",
}  # fmt: skip
_SUFFIXES = ("tab", "space", "nothing")


def numbering(lists: bytes, overrides: bytes, after: bytes, fonts: tuple[str, ...]) -> str:
    """The inside of a `w:numbering`. `after` are the bytes behind `lists` in the table stream: its levels."""
    identities: list[int] = []
    written: list[str] = []
    try:
        _write_lists(lists, after, fonts, identities, written)
    except (struct.error, IndexError):
        written.append("")  # the levels break off here
    return "".join(written) + _overrides(overrides, identities)


def _write_lists(lists: bytes, after: bytes, fonts: tuple[str, ...], identities: list[int], written: list[str]) -> None:
    count = min(struct.unpack_from("<h", lists)[0], _MAX_LISTS)
    at = 0
    for number in range(count):
        record = lists[2 + _LSTF * number : 2 + _LSTF * (number + 1)]
        identity = struct.unpack_from("<i", record)[0]
        levels: list[str] = []
        for level in range(1 if record[26] & 1 else 9):
            shown, at = _level(after, at, level, fonts)
            levels.append(shown)
        identities.append(identity)
        written.append(f'<w:abstractNum w:abstractNumId="{number}">{"".join(levels)}</w:abstractNum>')


@dataclass(frozen=True, slots=True)
class _Head:
    start: int
    form: int
    suffix: int
    characters: int  # bytes of the grpprls
    paragraph: int


def _level(raw: bytes, at: int, level: int, fonts: tuple[str, ...]) -> tuple[str, int]:
    """A level and where the next one begins: the fixed part, two grpprls, the text."""
    start, form, _ = struct.unpack_from("<iBB", raw, at)
    head = _Head(start, form, raw[at + 15], raw[at + 24], raw[at + 25])
    at += _LVLF + head.paragraph
    grpprl = raw[at : at + head.characters]
    at += head.characters
    size = struct.unpack_from("<H", raw, at)[0]
    text = raw[at + 2 : at + 2 + 2 * size].decode("utf-16-le", "ignore")
    return _written(head, level, grpprl, text, fonts), at + 2 + 2 * size


def _written(head: _Head, level: int, grpprl: bytes, text: str, fonts: tuple[str, ...]) -> str:
    """In the text a character below 9 stands for the number of that level."""
    shown = "".join(f"%{ord(one) + 1}" if ord(one) < 9 else one for one in text if ord(one) < 9 or one >= " ")
    suffix = _SUFFIXES[head.suffix] if head.suffix < len(_SUFFIXES) else "tab"
    return (
        f'<w:lvl w:ilvl="{level}"><w:start w:val="{head.start}"/>'
        f'<w:numFmt w:val="{_NUMBERS.get(head.form, "decimal")}"/><w:suff w:val="{suffix}"/>'
        f"<w:lvlText w:val={quoteattr(shown)}/>"
        f"<w:rPr>{read_character(grpprl, fonts, lambda name: False).properties}</w:rPr></w:lvl>"
    )


def _overrides(raw: bytes, identities: list[int]) -> str:
    """What paragraphs refer to, counted from 1."""
    count = min(int.from_bytes(raw[:4], "little"), _MAX_LISTS, len(raw) // _LFO)
    written = []
    for number in range(count):
        identity = struct.unpack_from("<i", raw, 4 + _LFO * number)[0] if 4 + _LFO * number + 4 <= len(raw) else 0
        if identity in identities:
            at = identities.index(identity)
            written.append(f'<w:num w:numId="{number + 1}"><w:abstractNumId w:val="{at}"/></w:num>')
    return "".join(written)

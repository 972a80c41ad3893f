"""Property modifiers (sprm) of Word 97-2003 files: the steps through a grpprl, and what they say.

A grpprl is a row of modifiers; a later one overrules an earlier one. Sources: [MS-DOC] 2.2.5 and
2.6.1 to 2.6.3. Never raises: a grpprl that breaks off says what it said before that.
"""

from __future__ import annotations

import struct
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import TypeAlias

Sprm: TypeAlias = tuple[int, bytes]

_SIZES = (1, 1, 2, 4, 2, 2, 0, 3)  # bytes of the operand by the three bits spra; 0: as its first byte says
_DEF_TABLE, _CHANGE_TABS = 0xD608, 0xC615
_PARAGRAPH, _CHARACTER, _TABLE = 1, 2, 5


def sprms(grpprl: bytes) -> Iterator[Sprm]:
    """The modifiers of a grpprl as (code, operand), the size byte of a variable operand left out."""
    at, end = 0, len(grpprl)
    while at + 3 <= end:
        code = grpprl[at] | grpprl[at + 1] << 8
        at += 2
        size = _SIZES[code >> 13]
        if not size:
            at, size = _variable(grpprl, code, at)
        if at + size > end:
            return
        yield code, grpprl[at : at + size]
        at += size


def _variable(grpprl: bytes, code: int, at: int) -> tuple[int, int]:
    """Where a variable operand begins and how long it is ([MS-DOC] Sprm)."""
    if code == _DEF_TABLE:  # two bytes of size, one too much
        return at + 2, max(0, int.from_bytes(grpprl[at : at + 2], "little") - 1)
    size = grpprl[at]
    if code == _CHANGE_TABS and size == 0xFF:
        deleted = grpprl[at + 1] if at + 1 < len(grpprl) else 0
        added_at = at + 2 + 4 * deleted
        added = grpprl[added_at] if added_at < len(grpprl) else 0
        return at + 1, 2 + 4 * deleted + 3 * added
    return at + 1, size


def kind(code: int) -> int:
    """What a modifier speaks of: 1 paragraphs, 2 characters, 5 tables (the bits sgc)."""
    return code >> 10 & 7


# Modifiers of one byte that a piece may carry instead of a grpprl ([MS-DOC] Prm0).
PIECE_SPRMS: Mapping[int, int] = {
    0x05: 0x2461, 0x0C: 0x260A, 0x18: 0x2416, 0x19: 0x2417, 0x41: 0x0800, 0x42: 0x0801, 0x47: 0x0806,
    0x4B: 0x080A, 0x4D: 0x2A0C, 0x53: 0x2A33, 0x55: 0x0835, 0x57: 0x0837, 0x5C: 0x083C, 0x5E: 0x2A3E,
    0x62: 0x2A42, 0x73: 0x2A53, 0x75: 0x0855, 0x76: 0x0856,
}  # fmt: skip


@dataclass(slots=True)
class ParagraphProperties:
    """Of a paragraph, by its mark. `table` holds the modifiers of the row that this mark ends."""

    style: int = 0
    align: int | None = None
    left: int = 0
    first: int = 0
    shading: str = ""
    list_level: int = 0
    list_number: int | None = None
    in_table: bool = False
    depth: int | None = None
    row_end: bool = False
    inner_cell_end: bool = False
    inner_row_end: bool = False
    hidden_table: bool = False
    table: list[Sprm] = field(default_factory=list)

    @property
    def level(self) -> int:
        """How many tables the paragraph stands in."""
        if not self.in_table and not self.depth:
            return 0
        return max(1, min(self.depth if self.depth is not None else 1, MAX_DEPTH))


MAX_DEPTH = 30  # tables in tables; Word's own limit is 31


def read_paragraph(style: int, grpprl: bytes, data: bytes) -> ParagraphProperties:
    """The properties of a paragraph; `data` is the Data stream, where long grpprls are kept."""
    found = ParagraphProperties(style)
    for code, operand in _with_huge(grpprl, data):
        if kind(code) == _TABLE:
            found.table.append((code, operand))
        else:
            _apply(found, code, operand)
    return found


def _with_huge(grpprl: bytes, data: bytes) -> Iterator[Sprm]:
    """The modifiers, those that sprmPHugePapx and sprmPTableProps point to put in their place."""
    for code, operand in sprms(grpprl):
        if code in (0x6645, 0x6646, 0x646B):
            at = int.from_bytes(operand, "little")
            size = int.from_bytes(data[at : at + 2], "little")
            yield from sprms(data[at + 2 : at + 2 + size])
        else:
            yield code, operand


def _apply(found: ParagraphProperties, code: int, operand: bytes) -> None:
    match code:
        case 0x4600:
            found.style = _unsigned(operand)
        case 0x2403 | 0x2461:
            found.align = operand[0]
        case 0x840F | 0x845E:
            found.left = _signed(operand)
        case 0x8411 | 0x8460:
            found.first = _signed(operand)
        case 0x442D:
            found.shading = shading_80(operand)
        case 0xC64D:
            found.shading = shading(operand)
        case 0x260A:
            found.list_level = operand[0]
        case 0x460B:
            found.list_number = _unsigned(operand)
        case _:
            _apply_table(found, code, operand)


def _apply_table(found: ParagraphProperties, code: int, operand: bytes) -> None:
    match code:
        case 0x2416:
            found.in_table = bool(operand[0])
        case 0x2417:
            found.row_end = bool(operand[0])
        case 0x6649:
            found.depth = _unsigned(operand)
        case 0x664A:
            found.depth = (found.depth or 0) + int.from_bytes(operand, "little", signed=True)
        case 0x244B:
            found.inner_cell_end = bool(operand[0])
        case 0x244C:
            found.inner_row_end = bool(operand[0])


# ---- colours ----------------------------------------------------------------------------------------

COLOURS = (
    "auto", "000000", "0000FF", "00FFFF", "00FF00", "FF00FF", "FF0000", "FFFF00", "FFFFFF",
    "000080", "008080", "008000", "800080", "800000", "808000", "808080", "C0C0C0",
)  # fmt: skip
HIGHLIGHTS = (
    "none", "black", "blue", "cyan", "green", "magenta", "red", "yellow", "white",
    "darkBlue", "darkCyan", "darkGreen", "darkMagenta", "darkRed", "darkYellow", "darkGray", "lightGray",
)  # fmt: skip


def colour(number: int) -> str:
    """A colour by its number ([MS-DOC] Ico)."""
    return COLOURS[number] if number < len(COLOURS) else "auto"


def colour_ref(raw: bytes) -> str:
    """A COLORREF: red, green, blue, and FF for automatic ([MS-DOC] COLORREF)."""
    return "auto" if len(raw) < 4 or raw[3] == 0xFF else raw[:3].hex().upper()


def shading_80(operand: bytes) -> str:
    """A `w:shd` for a Shd80: two colours by number and a pattern ([MS-DOC] Shd80)."""
    number = _unsigned(operand)
    if number == 0xFFFF:
        return ""
    return _shading(colour(number & 31), colour(number >> 5 & 31), number >> 10)


def shading(operand: bytes) -> str:
    """A `w:shd` for a Shd: two COLORREFs and a pattern ([MS-DOC] Shd)."""
    if len(operand) < 10:
        return ""
    pattern = _unsigned(operand[8:10])
    return "" if pattern == 0xFFFF else _shading(colour_ref(operand[:4]), colour_ref(operand[4:8]), pattern)


def _shading(fore: str, back: str, pattern: int) -> str:
    """Pattern 0 shows the background alone, 1 the foreground alone, all others a mixture of both."""
    if pattern == 1:
        back = "000000" if fore == "auto" else fore
    plain = pattern in (0, 1) or ({fore, back} <= {"FFFFFF", "auto"} and fore == back)
    return f'<w:shd w:val="{"clear" if plain else "pct50"}" w:color="{fore}" w:fill="{back}"/>'


def _unsigned(operand: bytes) -> int:
    return int.from_bytes(operand, "little")


def _signed(operand: bytes) -> int:
    return struct.unpack("<h", operand[:2])[0] if len(operand) >= 2 else 0

"""Symbol fonts: from font and code to the Unicode character that a person sees.

Only characters that can be a mark or stand near one are in the table (boxes, ticks, crosses, dots,
circled numbers, hands, telephones, arrows); any other code of a symbol font shows as U+FFFD, so
that the letter behind a picture is never taken for writing.

Sources: the Wingdings and Webdings repertoire of Unicode 7.0 (Unicode document L2/12-368) with the
names of its code chart; Adobe's symbol.txt and zdingbat.txt mapping files for Symbol and Zapf
Dingbats; the Microsoft typography pages for Marlett. Newer characters of the same picture are
folded to the old plain one (U+1F5F9 to U+2611, U+25FC to U+25A0), because everything after this
file reads pictures, not code points.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from functools import lru_cache

from intake.document import BoxState

UNKNOWN = "\ufffd"

_PRIVATE = re.compile("[\uf000-\uf0ff]")
_CIRCLED = "⓪①②③④⑤⑥⑦⑧⑨⑩"
_NEGATIVE = "⓿❶❷❸❹❺❻❼❽❾❿"


def _run(first: int, characters: str) -> dict[int, str]:
    return {first + offset: character for offset, character in enumerate(characters)}


_WINGDINGS = {
    0x22: "✂", 0x28: "☎", 0x29: "✆", 0x2A: "✉", 0x3F: "✍", 0x41: "✌", 0x43: "👍", 0x44: "👎",
    0x45: "☜", 0x46: "☞", 0x47: "☝", 0x48: "☟", 0x4A: "☺", 0x4C: "☹", 0x52: "☼", 0x58: "✠",
    0x6C: "●", 0x6D: "○", 0x6E: "■", 0x6F: "□", 0x70: "□", 0x71: "❑", 0x72: "❒", 0x73: "◆", 0x74: "◆",
    0x75: "◆", 0x76: "❖", 0x77: "◆", 0x78: "☒", 0x7F: "▯",
    0x9E: "·", 0x9F: "•", 0xA0: "▪", 0xA1: "○", 0xA2: "○", 0xA3: "○", 0xA4: "◉", 0xA5: "◎", 0xA6: "○",
    0xA7: "▪", 0xA8: "□", 0xAB: "★", 0xB5: "✪", 0xB6: "✰",
    0xD8: "➢", 0xDF: "←", 0xE0: "→", 0xE1: "↑", 0xE2: "↓", 0xE8: "➔", 0xEF: "⇦", 0xF0: "⇨", 0xF1: "⇧",
    0xF2: "⇩", 0xFB: "✗", 0xFC: "✓", 0xFD: "☒", 0xFE: "☑",
    **_run(0x80, _CIRCLED), **_run(0x8B, _NEGATIVE),
}  # fmt: skip

_WINGDINGS_2 = {
    0x4F: "✗", 0x50: "✓", 0x51: "☒", 0x52: "☑", 0x53: "☒", 0x54: "☒", 0x55: "⊗", 0x56: "⊗", 0x57: "⊘",
    0x58: "⊘", 0x95: "·", 0x96: "•", 0x97: "●", 0x98: "●", 0x99: "○", 0x9A: "○", 0x9B: "○", 0x9C: "◉",
    0x9D: "◉", 0x9E: "◉", 0x9F: "▪", 0xA0: "▪", 0xA1: "■", 0xA2: "■", 0xA3: "□", 0xA4: "□", 0xA5: "□",
    0xA6: "□", 0xA7: "▣", 0xA8: "▣", 0xA9: "▣", 0xAA: "▣", 0xAB: "▣", 0xAC: "▣", 0xAE: "◆", 0xAF: "◇",
    0xB0: "◇", 0xB1: "◈", 0xF8: "※", **_run(0x69, _CIRCLED), **_run(0x74, _NEGATIVE),
}  # fmt: skip

_WINGDINGS_3 = {
    0x21: "←", 0x22: "→", 0x23: "↑", 0x24: "↓", 0x70: "▲", 0x71: "▼", 0x72: "△", 0x73: "▽", 0x74: "◀",
    0x75: "▶", 0x76: "◁", 0x77: "▷",
}  # fmt: skip

_WEBDINGS = {
    0x3C: "■", 0x3D: "●", 0x61: "✔", 0x63: "□", 0x67: "■", 0x6E: "●", 0x72: "✗", 0x73: "❓", 0x78: "⊘",
    0x79: "⊖", 0xC8: "☎",
}  # fmt: skip

_MARLETT = {0x61: "✓", 0x62: "✓", 0x67: "■", 0x68: "●", 0x69: "●", 0x6E: "●", 0x72: "✗"}

_ZAPF_DINGBATS = {
    0x25: "☎", 0x29: "✉", 0x33: "✓", 0x34: "✔", 0x35: "✕", 0x36: "✖", 0x37: "✗", 0x38: "✘", 0x48: "★",
    0x6C: "●", 0x6D: "❍", 0x6E: "■", 0x6F: "❏", 0x70: "❐", 0x71: "❑", 0x72: "❒", 0x73: "▲", 0x74: "▼",
    0x75: "◆", 0x76: "❖", **_run(0xAC, _CIRCLED[1:]), **_run(0xB6, _NEGATIVE[1:]), 0xD4: "➔", 0xD5: "→",
}  # fmt: skip

_SYMBOL = {
    **{code: chr(code) for code in b"!#%&()+,./0123456789:;<=>?[]_{|}"},
    **_run(0x41, "ΑΒΧΔΕΦΓΗΙϑΚΛΜΝΟΠΘΡΣΤΥςΩΞΨΖ"), **_run(0x61, "αβχδεφγηιϕκλμνοπθρστυϖωξψζ"),
    0x2A: "∗", 0x2D: "−", 0x5C: "∴", 0x5E: "⊥", 0x7E: "~", 0xA2: "′", 0xA3: "≤", 0xA4: "⁄", 0xA5: "∞",
    0xA7: "♣", 0xA8: "♦", 0xA9: "♥", 0xAA: "♠", 0xAB: "↔", 0xAC: "←", 0xAD: "↑", 0xAE: "→", 0xAF: "↓",
    0xB0: "°", 0xB1: "±", 0xB2: "″", 0xB3: "≥", 0xB4: "×", 0xB7: "•", 0xB8: "÷", 0xB9: "≠", 0xBC: "…",
    0xC4: "⊗", 0xC5: "⊕", 0xC6: "∅", 0xD2: "®", 0xD3: "©", 0xD4: "™", 0xD6: "√", 0xD7: "⋅", 0xE0: "◊",
}  # fmt: skip

TABLES: Mapping[str, Mapping[int, str]] = {
    "wingdings": _WINGDINGS,
    "wingdings2": _WINGDINGS_2,
    "wingdings3": _WINGDINGS_3,
    "webdings": _WEBDINGS,
    "marlett": _MARLETT,
    "zapfdingbats": _ZAPF_DINGBATS,
    "monotypesorts": _ZAPF_DINGBATS,
    "dingbats": _ZAPF_DINGBATS,
    "symbol": _SYMBOL,
}

# A private-use character whose font is not known (plain text, or a font that has no such character):
# Wingdings is by far the commonest, but these codes are boxes and ticks only in Wingdings 2.
_WITHOUT_FONT = {**_WINGDINGS, **{code: _WINGDINGS_2[code] for code in (0x50, 0x51, 0x52, 0x53, 0x54, 0xA3)}}

TICKED_GLYPHS = frozenset("☑☒✓✔√■●▣◉⊗⊠🗹🗷🗸✅⬛◼")
EMPTY_GLYPHS = frozenset("□☐○◯❑❒❏❐▢◻▯⬜❍")
CROSS_GLYPHS = frozenset("✗✘✕✖×╳🗶")


@lru_cache(maxsize=512)
def family(name: str) -> str:
    """The key of TABLES for a font name as files write it ("Wingdings 2", "Wingdings-Regular"), or ""."""
    key = name.strip().strip("'\"").lower().replace(" ", "").replace("-", "").replace("_", "")
    key = key.removesuffix("regular").removesuffix("mt").removesuffix("itc").removeprefix("itc")
    return key if key in TABLES else ""


def glyph(font: str, code: int) -> str:
    """The character shown for a code in a font, as `w:sym` names them.

    A symbol font uses the low byte (F0FE and FE are the same); any other code is the character itself,
    unless it lies in the private-use block.
    """
    table = TABLES.get(family(font))
    if table is not None and (code <= 0xFF or 0xF000 <= code <= 0xF0FF):
        return table.get(code & 0xFF, UNKNOWN) if (code & 0xFF) != 0x20 else " "
    if 0xF000 <= code <= 0xF0FF:
        return _WITHOUT_FONT.get(code & 0xFF, UNKNOWN)
    return chr(code) if 0x20 <= code <= 0x10FFFF and not 0xD800 <= code <= 0xDFFF else UNKNOWN


def shown(text: str, low: str, high: str, private: str) -> str:
    """Text as shown when its letters stand in symbol fonts.

    `low`, `high` and `private` are families (keys of TABLES, or "") for codes below 80, for 80 to
    FF, and for the private-use block F000 to F0FF: Word chooses the font of each of these ranges
    separately (ECMA-376 part 1, 17.3.2.26).
    """
    if not low and (text.isascii() or not (high or _PRIVATE.search(text))):
        return text
    return "".join(_shown(character, low, high, private) for character in text)


def _shown(character: str, low: str, high: str, private: str) -> str:
    code = ord(character)
    if 0xF000 <= code <= 0xF0FF:
        return glyph(private or low or high, code)
    if 0x20 < code < 0x80 and low:
        return glyph(low, code)
    if 0x80 <= code <= 0xFF and high:
        return " " if code == 0xA0 else glyph(high, code)
    return character


def state_of(character: str) -> BoxState | None:
    """What a glyph says when it stands for a check box; None where it is no mark.

    A cross in a box counts as a tick; a cross without a box may also mean no, so it is unknown.
    """
    if character in CROSS_GLYPHS:
        return "unknown"
    if character in TICKED_GLYPHS:
        return "ticked"
    return "empty" if character in EMPTY_GLYPHS else None

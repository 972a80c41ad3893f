"""The characters of a PDF page with their places and looks.

Promises: characters as PDFium maps them (ToUnicode, ActualText), those of symbol fonts as the picture they show;
nothing is taken from their order. What no person sees is left out and counted: render mode 3 and 7, no opacity,
outside the page or its clip. Text that does not stand upright (a watermark) is left out too.
Sources: ISO 32000-1 9.3.6 (render modes), 9.8 (font descriptors).
"""

from __future__ import annotations

import ctypes
import re
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from math import hypot
from typing import Any

from intake.document import PLAIN, Looks
from intake.errors import TooLarge
from intake.readers import colours, symbols
from intake.readers.page_items import Word
from intake.readers.pdf_page import Frame, address, colour_of

ASKEW = 4  # no quarter: a watermark
MAX_CHARACTERS = 60_000  # of one page
_UNSEEN_MODES = frozenset({3, 7})
_STROKED_MODES = frozenset({1, 2, 5, 6})
_BOLD = re.compile(r"bold|heavy|black|semibold|demi|[-_ ]?(?:gb)?w[789]\b|粗", re.I)
_SUBSET = re.compile(r"^[A-Z]{6}\+")
_ASCENT, _DESCENT = 0.88, 0.12  # of a Chinese font, by which all lines are measured
_BREAKS = frozenset("\r\n\uffff")
_LINE_END_HYPHENS = frozenset((0x02, 0xFFFE))  # what PDFium gives for a hyphen with which a line ends


@dataclass(frozen=True, slots=True)
class Glyph:
    """A character on the page; `order` is the place of its object `item` in the drawing order, `pale` that its
    colour is close to white."""

    word: Word
    order: int = 0
    pale: bool = False
    item: Any = None


@dataclass(slots=True)
class Script:
    """The text of a page."""

    glyphs: list[Glyph] = field(default_factory=list)
    unseen: int = 0  # characters no person sees
    askew: Counter[int] = field(default_factory=Counter)  # characters by the quarters they are turned, clockwise


@dataclass(frozen=True, slots=True)
class _Style:
    """What all characters of a text object share; a text object stands on one line."""

    looks: Looks = PLAIN
    family: str = ""
    seen: bool = True
    pale: bool = False
    order: int = 0
    item: Any = None
    size: float = 0.0
    base: float = 0.0
    turns: int = 0


@dataclass(frozen=True, slots=True)
class Standing:
    """Of a text object: its place in the drawing order, and whether it is on a layer that is switched off."""

    order: int
    hidden: bool = False


def read_script(text: Any, frame: Frame, standings: Mapping[int, Standing]) -> Script:
    """The characters of a pypdfium2 text page; `standings` by the address of their objects.

    Raises TooLarge.
    """
    return _Reader(text, frame, standings).read()


class _Reader:
    def __init__(self, text: Any, frame: Frame, standings: Mapping[int, Standing]) -> None:
        self._text = text.raw
        self._frame = frame
        self._standings = standings
        self._styles: dict[int, _Style] = {}
        self._x, self._y = ctypes.c_double(), ctypes.c_double()
        from pypdfium2 import raw

        self._raw = raw
        self._box = raw.FS_RECTF()
        self._box_reference = ctypes.byref(self._box)
        self._matrix = raw.FS_MATRIX()

    def read(self) -> Script:
        count = self._raw.FPDFText_CountChars(self._text)
        if count > MAX_CHARACTERS:
            raise TooLarge(f"{count} characters on one page")
        script = Script()
        high = 0
        for index in range(count):
            code = self._raw.FPDFText_GetUnicode(self._text, index)
            code = 0x2D if code in _LINE_END_HYPHENS else code
            if 0xD800 <= code < 0xDC00:
                high = code
                continue
            if 0xDC00 <= code < 0xE000:
                code = 0x10000 + ((high - 0xD800) << 10) + code - 0xDC00 if high else 0xFFFD
            high = 0
            if chr(code) not in _BREAKS and not self._raw.FPDFText_IsGenerated(self._text, index):
                self._add(script, index, code)
        return script

    def _add(self, script: Script, index: int, code: int) -> None:
        item = self._raw.FPDFText_GetTextObject(self._text, index)
        style = self._style(item, index) if item else _Style()
        word = self._placed(index, _shown(code, style.family), style) if style.seen else None
        if style.turns:
            script.askew[style.turns] += 1
        elif word is None:
            script.unseen += 1
        else:
            script.glyphs.append(Glyph(word, style.order, style.pale, style.item))

    def _placed(self, index: int, character: str, style: _Style) -> Word | None:
        """The character where it stands; None where it stands off the page."""
        box = self._box
        if not self._raw.FPDFText_GetLooseCharBox(self._text, index, self._box_reference):
            return None
        left, top, right, bottom = place = self._frame.box(box.left, box.bottom, box.right, box.top)
        if not self._frame.holds(place):
            return None
        if style.size and -style.size <= (top + bottom) / 2 - style.base <= 0.4 * style.size:
            top, bottom = style.base - _ASCENT * style.size, style.base + _DESCENT * style.size
        return Word(character, left, top, right, bottom, style.looks)

    def _style(self, item: Any, index: int) -> _Style:
        key = address(item)
        known = self._styles.get(key)
        if known is None:
            known = self._styles[key] = self._resolve(item, index, self._standings.get(key, Standing(0)))
        return known

    def _resolve(self, item: Any, index: int, standing: Standing) -> _Style:
        mode = self._raw.FPDFTextObj_GetTextRenderMode(item)
        red, green, blue, alpha = colour_of(item, stroke=mode in (1, 5))
        name = self._font_name(item)
        bold = bool(_BOLD.search(name)) or mode in _STROKED_MODES
        looks = replace(PLAIN, bold=bold) if bold else PLAIN
        tone = colours.tone(f"{red:02x}{green:02x}{blue:02x}")
        if tone != "plain":
            looks = replace(looks, coloured=tone == "coloured", faint=tone == "faint")
        pale = 299 * red + 587 * green + 114 * blue > 215_000
        turns, size, base = self._line(index)
        seen = mode not in _UNSEEN_MODES and alpha > 12 and not turns and not standing.hidden
        return _Style(looks, symbols.family(name), seen, pale, standing.order, item, size, base, turns)

    def _line(self, index: int) -> tuple[int, float, float]:
        """Of the line a character stands on: the quarters it is turned, clockwise (ASKEW where it is none of
        them), its height (0: not known) and its base line."""
        matrix = self._matrix
        if not self._raw.FPDFText_GetMatrix(self._text, index, ctypes.byref(matrix)):
            return 0, 0.0, 0.0
        turns = _turns(*self._frame.turned(matrix.a, matrix.b))
        self._raw.FPDFText_GetCharOrigin(self._text, index, ctypes.byref(self._x), ctypes.byref(self._y))
        size = self._raw.FPDFText_GetFontSize(self._text, index) * hypot(matrix.c, matrix.d)
        return turns, size if size > 0.5 else 0.0, self._frame.point(self._x.value, self._y.value)[1]

    def _font_name(self, item: Any) -> str:
        font = self._raw.FPDFTextObj_GetFont(item)
        held = ctypes.create_string_buffer(256)
        if not font or not self._raw.FPDFFont_GetBaseFontName(font, held, 256):
            return ""
        name = _SUBSET.sub("", held.value.decode("utf-8", "replace"))
        return name.partition(",")[0] + (" bold" if "bold" in name.partition(",")[2].lower() else "")


def _shown(code: int, family: str) -> str:
    if code < 0x20:
        return " " if code == 9 else symbols.UNKNOWN
    character = chr(code)
    if code == 0xA0 and not family:
        return " "
    return symbols.shown(character, family, family, family)


def _turns(across: float, down: float) -> int:
    if abs(down) <= 0.15 * abs(across):
        return 0 if across > 0 else 2
    if abs(across) <= 0.15 * abs(down):
        return 1 if down > 0 else 3
    return ASKEW

"""Numbers and bullets of OpenDocument lists, which a person sees but the text does not hold.

A bullet is given only where it is a box or a tick (it may be the answer itself); a number always.
Source: OpenDocument 1.3 part 3, 5.3 (lists), 16.30 to 16.32 (list styles), 19.875 (text:start-value).
"""

from __future__ import annotations

from lxml import etree

from intake.document import PLAIN, Piece, Text
from intake.readers import symbols
from intake.readers.docx_numbering import FORMATS
from intake.readers.fields import symbol_piece
from intake.readers.odt_names import STYLE, TEXT, count, is_true
from intake.readers.odt_styles import Styles

_BULLET_BOXES = frozenset("□☐☑☒✓✔√")
_MAX_COUNT = 100_000
_BY_FIRST_SIGN = {
    "a": "lowerLetter",
    "A": "upperLetter",
    "i": "lowerRoman",
    "I": "upperRoman",
    "一": "chineseCounting",
    "壹": "chineseCounting",
    "①": "decimalEnclosedCircle",
    "甲": "ideographTraditional",
    "１": "decimalFullWidth",
    "": "none",
}


class Lists:
    """Counts the items of the lists of one document, in reading order."""

    def __init__(self, styles: Styles) -> None:
        self._styles = styles
        self._counts: dict[tuple[str, int], int] = {}

    def begin(self, element: etree._Element, style: str, level: int) -> None:
        """A `text:list` begins: it counts anew unless it says that it goes on."""
        goes_on = is_true(element.get(TEXT + "continue-numbering")) or element.get(TEXT + "continue-list")
        if level > 1 or not goes_on:
            for key in [key for key in self._counts if key[0] == style and key[1] >= level]:
                del self._counts[key]

    def label(self, style: str, level: int, start: str) -> Piece | None:
        """The number or bullet of the next item; `start` is its own `text:start-value`, or ""."""
        definition = self._level(style, level)
        if definition is None:
            return None
        if definition.tag == TEXT + "list-level-style-bullet":
            return self._bullet(definition)
        if definition.tag != TEXT + "list-level-style-number":
            return None
        self._count(style, level, definition, start)
        levels = count(definition, TEXT + "display-levels", 10)
        figures = [self._figure(style, one) for one in range(max(1, level - levels + 1), level + 1)]
        shown = ".".join(figure for figure in figures if figure)
        affixes = definition.get(STYLE + "num-prefix", ""), definition.get(STYLE + "num-suffix", "")
        return Text(f"{affixes[0]}{shown}{affixes[1]}\t") if shown else None

    def _level(self, style: str, level: int) -> etree._Element | None:
        found = self._styles.list_style(style)
        levels = () if found is None else found
        return next((one for one in levels if one.get(TEXT + "level") == str(level)), None)

    def _count(self, style: str, level: int, definition: etree._Element, start: str) -> None:
        before = self._counts.get((style, level))
        first = start if start.isdecimal() else definition.get(TEXT + "start-value", "1")
        if before is None or start.isdecimal():
            self._counts[(style, level)] = min(int(first), _MAX_COUNT) if first.isdecimal() and len(first) < 9 else 1
        else:
            self._counts[(style, level)] = before + 1
        for deeper in [key for key in self._counts if key[0] == style and key[1] > level]:
            del self._counts[deeper]

    def _figure(self, style: str, level: int) -> str:
        definition = self._level(style, level)
        form = "" if definition is None else definition.get(STYLE + "num-format", "")
        return FORMATS.get(_BY_FIRST_SIGN.get(form[:1], ""), str)(self._counts.get((style, level), 1))

    def _bullet(self, definition: etree._Element) -> Piece | None:
        text = definition.get(TEXT + "bullet-char", "")
        if len(text) != 1:
            return None
        family = self._styles.bullet_family(definition)
        shown = symbols.shown(text, family, family, family)
        if shown not in _BULLET_BOXES:
            return None
        return symbol_piece(family, ord(text), PLAIN) if family else Text(shown)

"""Automatic numbers and bullets of paragraphs, which a person sees but the text does not hold.

A bullet is given only where it is a box or a tick (it may be the answer itself); a number always.
Source: ECMA-376 part 1, 17.9. Formats that are not listed count in plain figures.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence

from lxml import etree

from intake.document import PLAIN, Looks, Piece, Text
from intake.readers import symbols
from intake.readers.docx_styles import Character, properties
from intake.readers.fields import symbol_piece
from intake.readers.wordml import W, number, value

_DIGITS = "〇一二三四五六七八九"
_STEMS = "甲乙丙丁戊己庚辛壬癸"
_BULLET_BOXES = frozenset("□☐☑☒✓✔√")


def chinese(count: int) -> str:
    """A count below 100 in Chinese figures: 12 is 十二."""
    if not 0 < count < 100:
        return str(count)
    tens, ones = divmod(count, 10)
    head = "" if tens == 0 else ("十" if tens == 1 else _DIGITS[tens] + "十")
    return head + (_DIGITS[ones] if ones else "")


def _letter(count: int) -> str:
    return chr(64 + (count - 1) % 26 + 1) * ((count - 1) // 26 + 1) if 0 < count < 500 else str(count)


def _roman(count: int) -> str:
    if not 0 < count < 4000:
        return str(count)
    shown = ""
    for weight, sign in zip(
        (1000, 900, 500, 400, 100, 90, 50, 40, 10, 9, 5, 4, 1),
        ("M", "CM", "D", "CD", "C", "XC", "L", "XL", "X", "IX", "V", "IV", "I"),
        strict=True,
    ):
        shown += sign * (count // weight)
        count %= weight
    return shown


FORMATS: dict[str, Callable[[int], str]] = {
    "upperLetter": _letter,
    "lowerLetter": lambda count: _letter(count).lower(),
    "upperRoman": _roman,
    "lowerRoman": lambda count: _roman(count).lower(),
    "chineseCounting": chinese,
    "chineseCountingThousand": chinese,
    "chineseLegalSimplified": chinese,
    "japaneseCounting": chinese,
    "taiwaneseCountingThousand": chinese,
    "ideographTraditional": lambda count: _STEMS[count - 1] if 0 < count <= 10 else str(count),
    "decimalEnclosedCircle": lambda count: chr(0x245F + count) if 0 < count <= 20 else str(count),
    "decimalEnclosedCircleChinese": lambda count: chr(0x245F + count) if 0 < count <= 20 else str(count),
    "decimalFullWidth": lambda count: "".join(chr(ord(digit) + 0xFEE0) for digit in str(count)),
    "decimalZero": lambda count: f"{count:02d}",
    "none": lambda count: "",
}


class Numbering:
    """Counts the numbered paragraphs of one document, in reading order."""

    def __init__(self, root: etree._Element | None) -> None:
        self._abstract: dict[str, etree._Element] = {}
        self._numbers: dict[str, etree._Element] = {}
        self._counts: dict[tuple[str, int], int] = {}
        if root is not None:
            self._abstract = {one.get(W + "abstractNumId", ""): one for one in root.iterfind(W + "abstractNum")}
            self._numbers = {one.get(W + "numId", ""): one for one in root.iterfind(W + "num")}

    def label(self, properties_: Sequence[etree._Element | None], looks: Looks = PLAIN) -> Piece | None:
        """The number or bullet before a paragraph; `properties_` are its `w:numPr`, own before inherited."""
        identity = next((found for one in properties_ if (found := _child(one, "numId"))), "")
        level = number(next((found for one in properties_ if (found := _child(one, "ilvl"))), "0"))
        if identity in ("", "0") or identity not in self._numbers:
            return None
        definition = self._level(identity, level)
        if definition is None:
            return None
        if value(definition.find(W + "numFmt")) == "bullet":
            return _bullet(definition, looks)
        self._count(identity, level, definition)
        shown = re.sub(r"%(\d)", lambda match: self._figure(identity, int(match.group(1)) - 1), _text(definition))
        return Text(shown + _suffix(definition), looks) if shown.strip() else None

    def _level(self, identity: str, level: int) -> etree._Element | None:
        chosen = self._numbers[identity]
        for override in chosen.iterfind(W + "lvlOverride"):
            own = override.find(W + "lvl")
            if number(override.get(W + "ilvl")) == level and own is not None:
                return own
        abstract = self._abstract.get(value(chosen.find(W + "abstractNumId")))
        if abstract is None:
            return None
        return next((one for one in abstract.iterfind(W + "lvl") if number(one.get(W + "ilvl")) == level), None)

    def _start(self, identity: str, level: int) -> int:
        for override in self._numbers[identity].iterfind(W + "lvlOverride"):
            start = override.find(W + "startOverride")
            if number(override.get(W + "ilvl")) == level and start is not None:
                return number(value(start), 1)
        definition = self._level(identity, level)
        return 1 if definition is None else number(value(definition.find(W + "start")), 1)

    def _key(self, identity: str) -> str:
        """Lists of one abstract definition count on, unless one of them starts anew."""
        chosen = self._numbers[identity]
        if chosen.find(f"{W}lvlOverride/{W}startOverride") is not None:
            return "num " + identity
        return value(chosen.find(W + "abstractNumId"))

    def _count(self, identity: str, level: int, definition: etree._Element) -> None:
        key = self._key(identity)
        before = self._counts.get((key, level))
        self._counts[(key, level)] = self._start(identity, level) if before is None else before + 1
        for deeper in [at for at in self._counts if at[0] == key and at[1] > level]:
            del self._counts[deeper]

    def _figure(self, identity: str, level: int) -> str:
        definition = self._level(identity, level)
        count = self._counts.get((self._key(identity), level), self._start(identity, level))
        form = "" if definition is None else value(definition.find(W + "numFmt"))
        return FORMATS.get(form, str)(count)


def _child(element: etree._Element | None, name: str) -> str:
    return "" if element is None else value(element.find(W + name))


def _text(definition: etree._Element) -> str:
    return value(definition.find(W + "lvlText"))


def _suffix(definition: etree._Element) -> str:
    return {"nothing": "", "space": " "}.get(value(definition.find(W + "suff")), "\t")


def _bullet(definition: etree._Element, looks: Looks) -> Piece | None:
    fonts = properties(definition.find(W + "rPr"))
    text = _text(definition)
    font = next(
        (name for slot in ("ascii", "hAnsi", "eastAsia") if symbols.family(name := str(fonts.get(slot, "")))), ""
    )
    family = symbols.family(font)
    shown = Character(low=family, high=family, private=family).shown(text)
    if shown not in _BULLET_BOXES:
        return None
    return symbol_piece(font, ord(text), looks) if family else Text(shown, looks)

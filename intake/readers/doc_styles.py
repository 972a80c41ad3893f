"""Fonts and styles of a Word 97-2003 file as a styles part of WordprocessingML.

Sources: [MS-DOC] SttbfFfn and FFN (fonts), STSH and STD (styles). Never raises: what cannot be read
is left out.
"""

from __future__ import annotations

import struct
from dataclasses import dataclass
from xml.sax.saxutils import quoteattr

from intake.readers.doc_characters import Character, read_character
from intake.readers.doc_sprms import read_paragraph

_MAX_STYLES = 4_095
_MAX_CHAIN = 32
_PARAGRAPH_STYLE, _CHARACTER_STYLE = 1, 2
_NO_BASE = 0xFFF


def read_fonts(raw: bytes) -> tuple[str, ...]:
    """The names of the fonts by their number."""
    fonts: list[str] = []
    at = 4
    for _ in range(int.from_bytes(raw[:2], "little")):
        if at >= len(raw):
            break
        size = raw[at]
        name = raw[at + 40 : at + 1 + size].decode("utf-16-le", "ignore")
        fonts.append(_clean(name.partition("\0")[0]))
        at += 1 + size
    return tuple(fonts)


@dataclass(frozen=True, slots=True)
class _Style:
    name: str
    kind: int
    base: int
    paragraph: bytes  # grpprl
    character: bytes


class StyleSheet:
    """The styles by number; those of paragraphs and characters only."""

    def __init__(self, raw: bytes, fonts: tuple[str, ...], data: bytes) -> None:
        self._fonts = fonts
        self._data = data
        self._styles = _styles(raw)
        self._toggles: dict[tuple[int, str], bool] = {}

    def toggle(self, style: int, name: str) -> bool:
        """Whether a paragraph style has a toggle such as bold (b) on."""
        key = (style, name)
        if key not in self._toggles:
            self._toggles[key] = False  # for a style that is based on itself
            self._toggles[key] = self._toggle(style, name)
        return self._toggles[key]

    def _toggle(self, style: int, name: str) -> bool:
        for _ in range(_MAX_CHAIN):
            found = self._styles.get(style)
            if found is None:
                return False
            shown = self._character(found).properties
            if f"<w:{name} w:val=" in shown:
                return f'<w:{name} w:val="1"/>' in shown
            style = found.base
        return False

    def _character(self, style: _Style) -> Character:
        return read_character(style.character, self._fonts, lambda name: self.toggle(style.base, name))

    def xml(self) -> str:
        """The inside of a `w:styles` element."""
        defaults = '<w:docDefaults><w:rPrDefault><w:rPr><w:sz w:val="20"/></w:rPr></w:rPrDefault></w:docDefaults>'
        return defaults + "".join(self._one(number, style) for number, style in self._styles.items())

    def _one(self, number: int, style: _Style) -> str:
        base = f'<w:basedOn w:val="s{style.base}"/>' if style.base in self._styles else ""
        default = ' w:default="1"' if number == 0 else ""
        kind = "paragraph" if style.kind == _PARAGRAPH_STYLE else "character"
        return (
            f'<w:style w:type="{kind}" w:styleId="s{number}"{default}><w:name w:val={quoteattr(style.name)}/>{base}'
            f"<w:pPr>{self._paragraph(number, style)}</w:pPr>"
            f"<w:rPr>{self._character(style).properties}</w:rPr></w:style>"
        )

    def _paragraph(self, number: int, style: _Style) -> str:
        found = read_paragraph(number, style.paragraph, self._data)
        align = "" if found.align is None else f'<w:jc w:val="{alignment(found.align)}"/>'
        return align + list_reference(found.list_number, found.list_level)


def alignment(number: int) -> str:
    return {0: "left", 1: "center", 2: "right"}.get(number, "both")


def list_reference(number: int | None, level: int) -> str:
    """The `w:numPr` for the number of a list override; 0 and those above 7FE are no list ([MS-DOC] sprmPIlfo)."""
    if number is None:
        return ""
    identity = number if number <= 0x7FE else 0
    return f'<w:numPr><w:ilvl w:val="{level}"/><w:numId w:val="{identity}"/></w:numPr>'


def _styles(raw: bytes) -> dict[int, _Style]:
    head = int.from_bytes(raw[:2], "little")
    if head < 4 or len(raw) < 2 + head:
        return {}
    count, base_size = struct.unpack_from("<HH", raw, 2)
    found: dict[int, _Style] = {}
    at = 2 + head
    for number in range(min(count, _MAX_STYLES)):
        if at + 2 > len(raw):
            break
        size = int.from_bytes(raw[at : at + 2], "little")
        style = _style(raw[at + 2 : at + 2 + size], base_size) if size else None
        if style is not None:
            found[number] = style
        at += 2 + size + (size & 1)
    return found


def _style(raw: bytes, base_size: int) -> _Style | None:
    if len(raw) < base_size + 2 or base_size < 8:
        return None
    second = int.from_bytes(raw[2:4], "little")
    kind, base = second & 15, second >> 4
    if kind not in (_PARAGRAPH_STYLE, _CHARACTER_STYLE):
        return None
    letters = int.from_bytes(raw[base_size : base_size + 2], "little")
    at = base_size + 2 + 2 * letters + 2
    name = _clean(raw[base_size + 2 : at - 2].decode("utf-16-le", "ignore"))
    first, at = _part(raw, at)
    if kind == _CHARACTER_STYLE:
        return _Style(name, kind, base, b"", first)
    second_part, _ = _part(raw, at)
    return _Style(name, kind, base, first[2:], second_part)


def _part(raw: bytes, at: int) -> tuple[bytes, int]:
    """A property block (LPUpx) of a style, and where the next one begins: on an even byte."""
    at += at & 1
    size = int.from_bytes(raw[at : at + 2], "little")
    return raw[at + 2 : at + 2 + size], at + 2 + size


def _clean(text: str) -> str:
    return "".join(character for character in text if character >= " " and character not in "\ufffe\uffff")

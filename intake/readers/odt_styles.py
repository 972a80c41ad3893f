"""How characters of an OpenDocument text are shown: styles and their parents brought together.

Formatting comes from the default style, the style of the paragraph with its parents, and the
styles of the spans around the characters from the outside in (OpenDocument 1.3 part 3, 16.2).
Attributes are read by name from the text, paragraph, graphic and cell properties of a style.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import TypeAlias

from lxml import etree

from intake.document import PLAIN, Looks
from intake.readers import symbols
from intake.readers.colours import tone
from intake.readers.docx_styles import Character
from intake.readers.odt_names import FO, OFFICE, STYLE, SVG, TEXT, is_true, points

Properties: TypeAlias = dict[str, str]

_MAX_CHAIN = 32
_NO_FILL = frozenset({"", "transparent", "#ffffff", "white", "none"})
_NO_LINE = frozenset({"", "none"})
_LINES = ("text-line-through", "text-underline")
_LINE_ATTRIBUTES = [
    pair for name in _LINES for pair in ((f"{name}-style", f"{name}-type"), (f"{name}-type", f"{name}-style"))
]
_SIDES = ("border", "border-left", "border-top")


class Styles:
    """The styles of a document; `roots` are its content and its styles part, in that order."""

    def __init__(self, roots: Iterable[etree._Element]) -> None:
        self._styles: dict[tuple[str, str], etree._Element] = {}
        self._defaults: dict[str, etree._Element] = {}
        self._fonts: dict[str, str] = {}
        self._lists: dict[str, etree._Element] = {}
        self._merged: dict[tuple[str, str, str], Properties] = {}
        self._shown: dict[tuple[object, ...], Character] = {}
        for root in roots:
            for group in root.iterfind("*"):
                if group.tag in (OFFICE + "styles", OFFICE + "automatic-styles"):
                    self._index(group)
                elif group.tag == OFFICE + "font-face-decls":
                    self._index_fonts(group)

    def _index(self, group: etree._Element) -> None:
        for style in group:
            name = style.get(STYLE + "name", "")
            if style.tag == STYLE + "style":
                self._styles.setdefault((style.get(STYLE + "family", ""), name), style)
            elif style.tag == STYLE + "default-style":
                self._defaults.setdefault(style.get(STYLE + "family", ""), style)
            elif style.tag == TEXT + "list-style":
                self._lists.setdefault(name, style)

    def _index_fonts(self, group: etree._Element) -> None:
        for face in group.iterfind(STYLE + "font-face"):
            self._fonts.setdefault(face.get(STYLE + "name", ""), face.get(SVG + "font-family", ""))

    # ---- styles -----------------------------------------------------------------------------------

    def properties(self, family: str, name: str, kind: str) -> Properties:
        """The attributes of one kind (`text`, `paragraph`, `graphic`, `table-cell` ...) along a style's chain.

        Attributes are named without their namespace (`font-weight-asian`).
        """
        key = (family, name, kind)
        known = self._merged.get(key)
        if known is None:
            known = self._merged[key] = {}
            for style in reversed(self._chain(family, name)):
                for group in style.iterfind(f"{STYLE}{kind}-properties"):
                    overrule(known, {str(key).rpartition("}")[2]: str(value) for key, value in group.attrib.items()})
        return known

    def _chain(self, family: str, name: str) -> list[etree._Element]:
        found: list[etree._Element] = []
        style = self._styles.get((family, name))
        while style is not None and len(found) < _MAX_CHAIN:
            found.append(style)
            style = self._styles.get((family, style.get(STYLE + "parent-style-name", "")))
        default = self._defaults.get(family)
        return found if default is None else [*found, default]

    def parents(self, name: str) -> str:
        """The names of a text style and of all that it is based on."""
        return " ".join(style.get(STYLE + "name", "") for style in self._chain("text", name))

    def list_style(self, name: str) -> etree._Element | None:
        return self._lists.get(name)

    def paragraph_list(self, name: str) -> str:
        """The list style that a paragraph style names, or ""."""
        chain = self._chain("paragraph", name)
        return next((one.get(STYLE + "list-style-name", "") for one in chain if one.get(STYLE + "list-style-name")), "")

    # ---- characters -------------------------------------------------------------------------------

    def character(
        self, paragraph: str, spans: tuple[str, ...], *, shaded: bool, inserted: bool, cell: str = ""
    ) -> Character:
        """How characters are shown in spans of these styles, in a paragraph of that style, in a cell of a sheet."""
        key = (paragraph, spans, shaded, inserted, cell)
        known = self._shown.get(key)
        if known is None:
            merged = dict(self.properties("paragraph", paragraph, "text"))
            if cell:
                overrule(merged, self.properties("table-cell", cell, "text"))
            for span in spans:
                overrule(merged, self.properties("text", span, "text"))
            shaded = shaded or fills(self.properties("paragraph", paragraph, "paragraph"))
            known = self._shown[key] = self._character(merged, shaded, inserted)
        return known

    def _character(self, found: Mapping[str, str], shaded: bool, inserted: bool) -> Character:
        colour = "" if is_true(found.get("use-window-font-color")) else found.get("color", "")
        shown = tone(colour)
        looks = Looks(
            struck=_line(found, "text-line-through"),
            highlighted=fills(found),
            shaded=shaded,
            underlined=_line(found, "text-underline") or found.get("text-emphasize", "none").split(" ")[0] != "none",
            bold=any(_is_bold(found.get(name, "")) for name in ("font-weight", "font-weight-asian")),
            coloured=shown == "coloured",
            bordered=has_border(found),
            inserted=inserted,
            faint=shown == "faint",
        )
        low, asian = self._family(found, ""), self._family(found, "-asian")
        return Character(
            looks=PLAIN if looks == PLAIN else looks,
            hidden=found.get("display") == "none",
            low=low,
            high=low,
            private=low or asian or self._family(found, "-complex"),
            half_points=_half_points(found),
        )

    def _family(self, found: Mapping[str, str], script: str) -> str:
        """The symbol font in which characters of a script stand: a key of `symbols.TABLES`, or ""."""
        name = found.get("font-name" + script, "")
        named = self._fonts.get(name, name) or found.get("font-family" + script, "")
        return symbols.family(named) if named else ""

    def bullet_family(self, level: etree._Element) -> str:
        """The symbol font of a bullet, or ""."""
        properties = level.find(STYLE + "text-properties")
        if properties is None:
            return ""
        name = properties.get(STYLE + "font-name", "")
        return symbols.family(self._fonts.get(name, name) or properties.get(FO + "font-family", ""))


def overrule(found: Properties, own: Properties) -> None:
    """Put a style's own attributes over those inherited: its colour ends the colour of the window, and where it
    says but one of style and type of a line, the other is not inherited."""
    if "color" in own:
        found.pop("use-window-font-color", None)
    for one, other in _LINE_ATTRIBUTES:
        if one in own and other not in own:
            found.pop(other, None)
    found.update(own)


def fills(found: Mapping[str, str]) -> bool:
    """Whether there is a colour behind that shows."""
    return found.get("background-color", "").strip().lower() not in _NO_FILL


def has_border(found: Mapping[str, str]) -> bool:
    """Whether a line is drawn round it."""
    return any(found.get(side, "").split(" ")[0] not in _NO_LINE for side in _SIDES)


def _line(found: Mapping[str, str], name: str) -> bool:
    """Whether a line is drawn: one of its style and type is given, and neither says none (20.394, 20.395)."""
    said = [found[f"{name}-{one}"] for one in ("style", "type") if f"{name}-{one}" in found]
    return bool(said) and all(one not in _NO_LINE for one in said)


def _is_bold(weight: str) -> bool:
    return weight == "bold" or (weight.isdecimal() and len(weight) < 5 and int(weight) >= 600)


def _half_points(found: Mapping[str, str]) -> int:
    size = points(found.get("font-size-asian")) or points(found.get("font-size"))
    return int(size * 2) if 0 < size < 200 else 24

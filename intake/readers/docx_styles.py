"""How the characters of a run are shown: style chains and direct formatting brought together.

Formatting comes from the document's defaults, the paragraph style and what it is based on, the
character style and what it is based on, and the run itself, each overruling the one before
(ECMA-376 part 1, 17.7.2). Bold, strike and hidden are toggles: set by both styles they cancel out
(17.7.3). Table styles are not looked at: they shape whole rows, never one option.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import TypeAlias

from lxml import etree

from intake.document import PLAIN, Looks
from intake.readers import symbols
from intake.readers.colours import tone
from intake.readers.wordml import A, W, on, value

Properties: TypeAlias = dict[str, str | bool]

_TOGGLES = ("bold", "strike", "double", "hidden")
_NO_FILL = frozenset({"", "auto", "ffffff", "white"})
_MAX_CHAIN = 32
_MOST_SHOWN = 2_000  # ways to format a run that are remembered
_SLOTS = ("ascii", "hAnsi", "eastAsia", "cs")


@dataclass(frozen=True, slots=True)
class Character:
    """How characters are shown. `low`, `high` and `private` are symbol font families, see symbols.shown."""

    looks: Looks = PLAIN
    hidden: bool = False
    low: str = ""
    high: str = ""
    private: str = ""
    half_points: int = 21

    def shown(self, text: str) -> str:
        return symbols.shown(text, self.low, self.high, self.private)


def _fonts(element: etree._Element, found: Properties) -> None:
    for slot in _SLOTS:
        theme = element.get(W + slot + "Theme") if slot != "cs" else element.get(W + "cstheme")
        name = "+" + theme if theme else element.get(W + slot)
        if name is not None:
            found[slot] = name


def _underline(element: etree._Element, found: Properties) -> None:
    found["underline"] = value(element) not in ("none", "")


def _dotted(element: etree._Element, found: Properties) -> None:
    """着重号: dots under (or over) the characters set them apart as a line does."""
    found["dotted"] = value(element) not in ("none", "")


def _colour(element: etree._Element, found: Properties) -> None:
    shown = tone(value(element))
    found["coloured"], found["faint"] = shown == "coloured", shown == "faint"


def _shading(element: etree._Element, found: Properties) -> None:
    found["shaded"] = is_shaded(element)


def is_shaded(element: etree._Element | None) -> bool:
    """Whether a `w:shd` shows anything but white."""
    if element is None:
        return False
    if value(element) in ("clear", "nil", ""):
        theme = element.get(W + "themeFill") is not None and element.get(W + "fill") is None
        return theme or element.get(W + "fill", "").lower() not in _NO_FILL
    return True


_READERS: Mapping[str, Callable[[etree._Element, Properties], None]] = {
    W + "rFonts": _fonts,
    W + "u": _underline,
    W + "em": _dotted,
    W + "color": _colour,
    W + "shd": _shading,
    W + "b": lambda element, found: found.__setitem__("bold", on(element)),
    W + "strike": lambda element, found: found.__setitem__("strike", on(element)),
    W + "dstrike": lambda element, found: found.__setitem__("double", on(element)),
    W + "vanish": lambda element, found: found.__setitem__("hidden", on(element)),
    W + "highlight": lambda element, found: found.__setitem__("highlight", value(element) not in ("none", "white", "")),
    W + "bdr": lambda element, found: found.__setitem__("border", value(element) not in ("none", "nil", "")),
    W + "rStyle": lambda element, found: found.__setitem__("style", value(element)),
    W + "sz": lambda element, found: found.__setitem__("size", value(element)),
}


def properties(element: etree._Element | None) -> Properties:
    """The properties of a `w:rPr` that a person can see."""
    found: Properties = {}
    if element is not None:
        for child in element:
            if (read := _READERS.get(child.tag)) is not None:
                read(child, found)
    return found


class Styles:
    """The styles of a document. `styles` and `theme` are the roots of those parts, or None."""

    def __init__(self, styles: etree._Element | None, theme: Callable[[], etree._Element | None]) -> None:
        self._theme = theme
        self._theme_fonts: dict[str, str] | None = None
        self._elements: dict[str, etree._Element] = {}
        self._defaults: Properties = {}
        self._default_paragraph = ""
        self._chains: dict[str, Properties] = {}
        self._inherited: dict[tuple[str, str], etree._Element | None] = {}
        self._shown: dict[tuple[object, ...], Character] = {}
        if styles is not None:
            self._index(styles)

    def character(
        self, run: etree._Element | None, paragraph_style: str, *, shaded: bool = False, inserted: bool = False
    ) -> Character:
        """How a run with these properties (its `w:rPr`, or None) is shown."""
        own = () if run is None else tuple([(tag, *child.items()) for child in run if (tag := child.tag) in _READERS])
        key = (paragraph_style, shaded, inserted, own)
        known = self._shown.get(key)
        if known is None:
            if len(self._shown) >= _MOST_SHOWN:
                self._shown.clear()
            known = self._shown[key] = self._resolve(properties(run), paragraph_style, shaded, inserted)
        return known

    def paragraph_property(self, style: str, name: str) -> etree._Element | None:
        """A child of `w:pPr` as inherited along the chain of a paragraph style, or None."""
        key = (style, name)
        if key not in self._inherited:
            chain = self._chain_elements(style or self._default_paragraph)
            own = (element.find(f"{W}pPr/{W}{name}") for element in chain)
            self._inherited[key] = next((found for found in own if found is not None), None)
        return self._inherited[key]

    def name(self, style: str) -> str:
        """The name of a style in lower case, or ""."""
        element = self._elements.get(style)
        return "" if element is None else value(element.find(W + "name")).lower()

    def _index(self, root: etree._Element) -> None:
        self._defaults = properties(root.find(f"{W}docDefaults/{W}rPrDefault/{W}rPr"))
        for element in root.iterfind(W + "style"):
            identity = element.get(W + "styleId", "")
            self._elements.setdefault(identity, element)
            if element.get(W + "type") == "paragraph" and element.get(W + "default") in ("1", "true", "on"):
                self._default_paragraph = self._default_paragraph or identity

    def _chain_elements(self, style: str) -> list[etree._Element]:
        found: list[etree._Element] = []
        element = self._elements.get(style)
        while element is not None and len(found) < _MAX_CHAIN:
            found.append(element)
            element = self._elements.get(value(element.find(W + "basedOn")))
        return found

    def _chain(self, style: str) -> Properties:
        known = self._chains.get(style)
        if known is None:
            known = {}
            for element in reversed(self._chain_elements(style)):
                known.update(properties(element.find(W + "rPr")))
            self._chains[style] = known
        return known

    def _resolve(self, direct: Properties, paragraph_style: str, shaded: bool, inserted: bool) -> Character:
        paragraph = self._chain(paragraph_style or self._default_paragraph)
        character = self._chain(str(direct.get("style", "")))
        merged = {**self._defaults, **paragraph, **character, **direct}
        for toggle in _TOGGLES:
            if toggle not in direct:
                merged[toggle] = bool(paragraph.get(toggle)) != bool(character.get(toggle))
                if toggle not in paragraph and toggle not in character:
                    merged[toggle] = self._defaults.get(toggle, False)
        fonts = [self._family(str(merged.get(slot, ""))) for slot in _SLOTS]
        looks = Looks(
            struck=bool(merged["strike"] or merged["double"]),
            highlighted=bool(merged.get("highlight", False)),
            shaded=shaded or bool(merged.get("shaded", False)),
            underlined=bool(merged.get("underline", False) or merged.get("dotted", False)),
            bold=bool(merged["bold"]),
            coloured=bool(merged.get("coloured", False)),
            bordered=bool(merged.get("border", False)),
            inserted=inserted,
            faint=bool(merged.get("faint", False)),
        )
        size = str(merged.get("size", ""))
        return Character(
            looks=PLAIN if looks == PLAIN else looks,
            hidden=bool(merged["hidden"]),
            low=fonts[0],
            high=fonts[1],
            private=next((font for font in fonts if font), ""),
            half_points=int(size) if size.isdecimal() and 0 < int(size) < 400 else 21,
        )

    def _family(self, font: str) -> str:
        if font.startswith("+"):
            return symbols.family(self._themed(font[1:]))
        return symbols.family(font)

    def _themed(self, token: str) -> str:
        """The font of a theme token such as minorHAnsi (ECMA-376 part 1, 17.18.96)."""
        if self._theme_fonts is None:
            self._theme_fonts = _theme_fonts(self._theme())
        group = token[:5].lower()
        script = "ea" if "EastAsia" in token else "cs" if "Bidi" in token else "latin"
        return self._theme_fonts.get(f"{group}-{script}", "")


def _theme_fonts(root: etree._Element | None) -> dict[str, str]:
    found: dict[str, str] = {}
    if root is None:
        return found
    for group in ("major", "minor"):
        for script in ("latin", "ea", "cs"):
            element = root.find(f".//{A}{group}Font/{A}{script}")
            if element is not None:
                found[f"{group}-{script}"] = element.get("typeface", "")
    return found

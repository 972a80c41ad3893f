"""How a stretch of HTML is shown: elements, attributes, inline style, and the plain rules of <style>.

Only what a person could use to choose or reject an option, and what hides text or changes its font.
Selectors understood: element, .class, element.class, #id; a rule with any other selector is left
out. Later rules overrule earlier ones; the inline style overrules both (CSS 2.1, 6.4, simplified).
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace

from lxml import etree

from intake.document import PLAIN, Looks
from intake.readers import symbols
from intake.readers.colours import tone

_COMMENT = re.compile(r"/\*.*?\*/|<!--|-->", re.S)
_RULE = re.compile(r"([^{}]+)\{([^{}]*)\}")
_SELECTOR = re.compile(r"^([a-zA-Z][\w]*)?(?:([.#])([\w-]+))?$")
_ZERO = re.compile(r"^0+(?:\.0+)?(?:px|pt|em|rem|%)?$")
_TINY = re.compile(r"^(?:0+(?:\.\d+)?|1(?:\.0+)?)(?:px|pt)?$|^0+(?:\.0+)?(?:em|rem|%)$")
_AWAY = re.compile(r"^-\d{3,}(?:\.\d+)?(?:px|pt|em)$")
_TABLES = frozenset({"table", "tbody", "thead", "tfoot", "tr", "td", "th"})
_WHITE = frozenset(
    {
        "", "white", "#fff", "#ffffff", "transparent", "none", "inherit", "initial", "window", "auto",
        "rgb(255,255,255)", "rgba(0,0,0,0)", "rgba(255,255,255,1)",
    }
)  # fmt: skip
_ELEMENTS: Mapping[str, str] = {
    "s": "struck", "strike": "struck", "del": "struck",
    "u": "underlined", "ins": "underlined",
    "b": "bold", "strong": "bold", "th": "bold", "h1": "bold", "h2": "bold", "h3": "bold", "h4": "bold",
    "mark": "highlighted",
}  # fmt: skip
_TELLING = frozenset({"class", "id", "style", "hidden", "color", "face", "bgcolor"})
BLOCK_GROUNDS = frozenset({"td", "th", "tr", "table", "tbody", "p", "div", "body", "html", "li", "section"})


@dataclass(frozen=True, slots=True)
class Style:
    """Of a stretch of text: its looks, the family of its symbol font ("" for none), whether it is hidden."""

    looks: Looks = PLAIN
    font: str = ""
    hidden: bool = False
    preformatted: bool = False


class Sheet:
    """The rules of the style elements of a page."""

    def __init__(self, texts: Iterable[str]) -> None:
        self._rules: dict[str, dict[str, str]] = {}
        self._found: dict[tuple[Style, str, tuple[tuple[str | bytes, str | bytes], ...]], Style] = {}
        for text in texts:
            for selectors, body in _RULE.findall(_COMMENT.sub(" ", text)[: 1 << 20]):
                declarations = parse(body)
                for selector in selectors.split(","):
                    self._add(selector.strip(), declarations)

    def style(self, element: etree._Element, outer: Style) -> Style:
        """The style inside an element; of elements written alike in the same surroundings it is found once."""
        telling = tuple(item for item in element.items() if item[0] in _TELLING)
        tag = str(element.tag)
        if not telling and tag not in self._rules and tag not in _ELEMENTS and tag != "pre":
            return outer
        key = outer, tag, telling
        found = self._found.get(key)
        if found is None:
            found = self._found[key] = styled(element, outer, self._declarations(element))
        return found

    def _declarations(self, element: etree._Element) -> dict[str, str]:
        """What the sheet, then the element's own style attribute, say about it."""
        found: dict[str, str] = {}
        if self._rules:
            tag = str(element.tag).lower()
            names = ["." + name.lower() for name in element.get("class", "").split()]
            keys = [tag, *names, *(tag + name for name in names), "#" + element.get("id", "").lower()]
            for key in keys:
                found.update(self._rules.get(key, {}))
        own = element.get("style")
        if own:
            found.update(parse(own))
        return found

    def _add(self, selector: str, declarations: Mapping[str, str]) -> None:
        match = _SELECTOR.match(selector)
        if match is not None and selector:
            key = (match.group(1) or "").lower() + (match.group(2) or "") + (match.group(3) or "").lower()
            self._rules.setdefault(key, {}).update(declarations)


def parse(body: str) -> dict[str, str]:
    """The declarations of a rule or style attribute, names and values in lower case."""
    found = {}
    for item in body.split(";"):
        name, colon, text = item.partition(":")
        if colon:
            found[name.strip().lower()] = text.replace("!important", "").strip().lower()
    return found


def styled(element: etree._Element, outer: Style, declarations: Mapping[str, str]) -> Style:
    """The style inside an element."""
    tag = str(element.tag).lower()
    if _hides(tag, element, declarations):
        return replace(outer, hidden=True)
    looks = outer.looks
    name = _ELEMENTS.get(tag)
    if name is not None:
        looks = _with(looks, name, True)
    looks = _by_attributes(tag, element, looks)
    looks = _by_declarations(tag, declarations, looks)
    face = declarations.get("font-family") or _font_shorthand(declarations) or element.get("face") or ""
    font = symbols.family(face.split(",")[0]) if face else outer.font
    preformatted = outer.preformatted or tag == "pre" or declarations.get("white-space", "").startswith("pre")
    return Style(PLAIN if looks == PLAIN else looks, font, outer.hidden, preformatted)


def _with(looks: Looks, name: str, value: bool) -> Looks:
    return replace(looks, **{name: value})


def _hides(tag: str, element: etree._Element, declarations: Mapping[str, str]) -> bool:
    """Hidden outright, or in one of the ways in which mails hide the words of a preview."""
    return (
        declarations.get("display") == "none"
        or declarations.get("visibility") in ("hidden", "collapse")
        or declarations.get("mso-hide") == "all"
        or bool(_TINY.match(declarations.get("font-size", "12px")))
        or bool(_ZERO.match(declarations.get("opacity", "1")))
        or "hidden" in element.attrib
        or (tag not in _TABLES and declarations.get("overflow") == "hidden" and _has_no_room(declarations))
        or any(_AWAY.match(declarations.get(side, "")) for side in ("left", "top", "text-indent"))
    )


def _has_no_room(declarations: Mapping[str, str]) -> bool:
    return any(_ZERO.match(declarations.get(size, "1")) for size in ("height", "max-height", "width", "max-width"))


def _font_shorthand(declarations: Mapping[str, str]) -> str:
    """The family at the end of the `font` shorthand, if it is one of a symbol font."""
    shorthand = declarations.get("font", "")
    return next((name for name in ("wingdings 3", "wingdings 2", "wingdings", "webdings") if name in shorthand), "")


def _by_attributes(tag: str, element: etree._Element, looks: Looks) -> Looks:
    if tag == "font" and element.get("color"):
        looks = _in_colour(looks, element.get("color", ""))
    if element.get("bgcolor") is not None:
        looks = _with(looks, "shaded", looks.shaded or not _is_white(element.get("bgcolor", "")))
    return looks


def _by_declarations(tag: str, declarations: Mapping[str, str], looks: Looks) -> Looks:
    line = " ".join(declarations.get(name, "") for name in ("text-decoration", "text-decoration-line"))
    if "line-through" in line:
        looks = _with(looks, "struck", True)
    if "underline" in line or declarations.get("text-underline", "none") not in ("none", ""):
        looks = _with(looks, "underlined", True)
    weight = declarations.get("font-weight", "")
    if weight:
        heavy = weight in ("bold", "bolder") or (weight.isdecimal() and int(weight) >= 600)
        looks = _with(looks, "bold", heavy)
    if "color" in declarations:
        looks = _in_colour(looks, declarations["color"])
    looks = _by_background(tag, declarations, looks)
    border = declarations.get("border", "") or declarations.get("mso-border-alt", "")
    if border and tag in ("span", "font", "b", "u") and not border.startswith(("none", "0")):
        looks = _with(looks, "bordered", True)
    return looks


def _by_background(tag: str, declarations: Mapping[str, str], looks: Looks) -> Looks:
    colour = declarations.get("background-color") or declarations.get("background", "").split("url(")[0]
    marker = declarations.get("mso-highlight", "")
    if marker and not _is_white(marker):
        return _with(looks, "highlighted", True)
    if not colour or _is_white(colour):
        return looks
    return _with(looks, "shaded" if tag in BLOCK_GROUNDS else "highlighted", True)


def _in_colour(looks: Looks, colour: str) -> Looks:
    shown = tone(colour)
    return replace(looks, coloured=shown == "coloured", faint=shown == "faint")


def _is_white(colour: str) -> bool:
    return colour.strip().lower().replace(" ", "").split(";")[0] in _WHITE

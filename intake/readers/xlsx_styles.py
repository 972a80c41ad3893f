"""The style sheet of an Excel workbook: fonts, fills, number formats, and the check boxes of 2024.

Sources: ECMA-376 part 1, 18.8; [MS-XLSX] 2.3.11 and 2.6.264 (feature property bag: a boolean cell
whose format carries a complement is drawn as a check box).
"""

from __future__ import annotations

from dataclasses import replace

from lxml import etree

from intake.document import PLAIN
from intake.readers import symbols
from intake.readers.colours import Tone, tone
from intake.readers.sheet_styles import BUILT_IN, DATE_IDS, DEFAULT_STYLE, CellStyle, Font, hides, is_date_pattern

S = "{http://schemas.openxmlformats.org/spreadsheetml/2006/main}"
_CHECK_BOX_URI = "{C7286773-470A-42A8-94C5-96B5CB345126}"
_WHITE = frozenset({"FFFFFFFF", "00FFFFFF", "FFFFFF"})
_OFF = frozenset({"0", "false"})
_WHITE_THEME, _BLACK_THEME = "0", "1"  # lt1 and dk1
_AUTOMATIC = frozenset({"8", "64", "65", "81"})  # indexed black, and the system's own colours
_GREYS = frozenset({"9", "22", "23", "55"})  # white, grey of 25, 50 and 40 % (ECMA-376 part 1, 18.8.27)


class Styles:
    """The cell formats of a workbook by their index."""

    def __init__(self, root: etree._Element | None, *, check_boxes: bool) -> None:
        self._styles: list[CellStyle] = []
        if root is None:
            return
        fonts = {index: font(one) for index, one in enumerate(root.iterfind(f"{S}fonts/{S}font"))}
        frames = [_is_framed(one) for one in root.iterfind(f"{S}borders/{S}border")]
        fills = {index: _is_filled(one) for index, one in enumerate(root.iterfind(f"{S}fills/{S}fill"))}
        formats = {
            number(one.get("numFmtId")): one.get("formatCode", "") for one in root.iterfind(f"{S}numFmts/{S}numFmt")
        }
        for xf in root.iterfind(f"{S}cellXfs/{S}xf"):
            own = fonts.get(number(xf.get("fontId")), Font())
            if fills.get(number(xf.get("fillId")), False):
                own = replace(own, looks=replace(own.looks, shaded=True))
            border = number(xf.get("borderId"))
            framed = border < len(frames) and frames[border]
            self._styles.append(replace(_cell_style(xf, own, formats, check_boxes), framed=framed))

    def __getitem__(self, index: int) -> CellStyle:
        return self._styles[index] if 0 <= index < len(self._styles) else DEFAULT_STYLE


def _cell_style(xf: etree._Element, own: Font, formats: dict[int, str], check_boxes: bool) -> CellStyle:
    identity = number(xf.get("numFmtId"))
    pattern = formats.get(identity) or BUILT_IN.get(identity, "General")
    alignment = xf.find(S + "alignment")
    return CellStyle(
        font=own,
        pattern=pattern,
        date=identity in DATE_IDS if identity not in formats else is_date_pattern(pattern),
        check_box=check_boxes and any(one.get("uri") == _CHECK_BOX_URI for one in xf.iter(S + "ext")),
        hidden=hides(pattern),
        align="left" if alignment is None else alignment.get("horizontal", "left"),
    )


def font(element: etree._Element | None) -> Font:
    """A `font` of the style sheet or the `rPr` of a stretch of rich text."""
    if element is None:
        return Font()
    looks, family, size = PLAIN, "", 11.0
    for child in element:
        match child.tag.rpartition("}")[2] if isinstance(child.tag, str) else "":
            case "b":
                looks = replace(looks, bold=_on(child))
            case "strike":
                looks = replace(looks, struck=_on(child))
            case "u":
                looks = replace(looks, underlined=child.get("val", "single") != "none")
            case "color":
                shown = _tone(child)
                looks = replace(looks, coloured=shown == "coloured", faint=shown == "faint")
            case "name" | "rFont":
                family = symbols.family(child.get("val", ""))
            case "sz":
                size = float(number(child.get("val"), 11)) or 11.0
    return Font(looks, family, size)


def _on(element: etree._Element) -> bool:
    return element.get("val", "1").lower() not in _OFF


def _tone(element: etree._Element) -> Tone:
    rgb, indexed, theme = element.get("rgb"), element.get("indexed"), element.get("theme")
    if rgb is not None:
        return tone(rgb)
    if indexed is not None:
        return "plain" if indexed in _AUTOMATIC else "faint" if indexed in _GREYS else "coloured"
    if theme in (None, _BLACK_THEME):
        return "plain"
    return "faint" if theme == _WHITE_THEME else "coloured"


def _is_framed(border: etree._Element) -> bool:
    """Whether the right side is drawn: it ends a cell of its own."""
    right = border.find(S + "right")
    return right is not None and right.get("style", "none") != "none"


def _is_filled(fill: etree._Element) -> bool:
    pattern = fill.find(S + "patternFill")
    if pattern is None:
        return fill.find(S + "gradientFill") is not None
    if pattern.get("patternType", "none") in ("none",):
        return False
    colour = pattern.find(S + "fgColor")
    if colour is None:
        return pattern.get("patternType") not in ("solid", "gray125")
    if (rgb := colour.get("rgb")) is not None:
        return rgb.upper() not in _WHITE
    if colour.get("theme") == _WHITE_THEME:
        return bool(number(colour.get("tint")) or colour.get("tint", "0").startswith("-0."))
    return colour.get("indexed") not in ("9", "64", "65") or colour.get("theme") is not None


def number(text: str | None, default: int = 0) -> int:
    """An attribute that should be a number; the default where it is absent or no number."""
    try:
        return int(float(text)) if text else default
    except (ValueError, OverflowError):
        return default

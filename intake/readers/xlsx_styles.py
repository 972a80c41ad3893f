"""How the cells of a workbook are shown: fonts, fills, number formats, and the check boxes of 2024.

Sources: ECMA-376 part 1, 18.8; [MS-XLSX] 2.3.11 and 2.6.264 (feature property bag: a boolean cell
whose format carries a complement is drawn as a check box).
"""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from decimal import Decimal, InvalidOperation

from lxml import etree

from intake.document import PLAIN, Looks
from intake.readers import symbols
from intake.readers.colours import Tone, tone

S = "{http://schemas.openxmlformats.org/spreadsheetml/2006/main}"
_CHECK_BOX_URI = "{C7286773-470A-42A8-94C5-96B5CB345126}"
_DATE_IDS = frozenset([*range(14, 23), *range(27, 37), *range(45, 48), *range(50, 59)])
_LITERAL = re.compile(r'"[^"]*"|\\.|\[[^\]]*\]|_.|\*.')
_FORMATS = {9: "0%", 10: "0.00%"}
_WHITE = frozenset({"FFFFFFFF", "00FFFFFF", "FFFFFF"})
_OFF = frozenset({"0", "false"})
_WHITE_THEME, _BLACK_THEME = "0", "1"  # lt1 and dk1
_AUTOMATIC = frozenset({"8", "64", "65", "81"})  # indexed black, and the system's own colours
_GREYS = frozenset({"9", "22", "23", "55"})  # white, grey of 25, 50 and 40 % (ECMA-376 part 1, 18.8.27)
_MAX_DAYS = 2_958_465  # 9999-12-31


@dataclass(frozen=True, slots=True)
class Font:
    """Looks, symbol font family and size of a font."""

    looks: Looks = PLAIN
    family: str = ""
    size: float = 11.0


@dataclass(frozen=True, slots=True)
class CellStyle:
    """How a cell is shown. `check_box`: a boolean in it is drawn as a box; `hidden`: its format shows nothing;
    `framed`: it has a border, so that a person sees it even when empty."""

    font: Font = Font()
    pattern: str = "General"
    date: bool = False
    check_box: bool = False
    hidden: bool = False
    framed: bool = False
    align: str = "left"


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
        return self._styles[index] if 0 <= index < len(self._styles) else _DEFAULT


_DEFAULT = CellStyle()


def _cell_style(xf: etree._Element, own: Font, formats: dict[int, str], check_boxes: bool) -> CellStyle:
    identity = number(xf.get("numFmtId"))
    pattern = formats.get(identity) or _FORMATS.get(identity, "General")
    alignment = xf.find(S + "alignment")
    return CellStyle(
        font=own,
        pattern=pattern,
        date=identity in _DATE_IDS if identity not in formats else is_date_pattern(pattern),
        check_box=check_boxes and any(one.get("uri") == _CHECK_BOX_URI for one in xf.iter(S + "ext")),
        hidden=pattern.replace(" ", "").startswith(";;;"),
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


def is_date_pattern(pattern: str) -> bool:
    """Whether a number format shows a date or time: letters of it outside literals and brackets."""
    bare = _LITERAL.sub("", pattern.split(";")[0]).lower()
    return "general" not in bare and re.search(r"[ymdhs年月日]", bare) is not None


def shown_number(text: str, style: CellStyle, *, from_1904: bool = False) -> str:
    """A stored number as a person reads it: dates as dates, whole numbers as digits without .0."""
    try:
        value = Decimal(text.strip())
    except InvalidOperation:
        return text
    if not value.is_finite():
        return text
    if style.date and 0 <= value < _MAX_DAYS:
        return _date(float(value), from_1904)
    if style.pattern.startswith(("0%", "0.0")) and style.pattern.rstrip().endswith("%"):
        return f"{float(value) * 100:g}%"
    if abs(value) >= Decimal("1e30") or (value and abs(value) < Decimal("1e-12")):
        return text
    if value == value.to_integral_value():
        digits = format(value.to_integral_value(), "f")
        padded = re.fullmatch(r"0{2,20}", style.pattern)
        return digits.zfill(len(style.pattern)) if padded else digits
    return f"{float(value):.12g}"


def _date(days: float, from_1904: bool) -> str:
    """Days since 1899-12-30 (or 1904-01-01) as 2016-12-02, with the time where there is one."""
    start = datetime(1904, 1, 1) if from_1904 else datetime(1899, 12, 30)  # noqa: DTZ001 (a calendar day, no instant)
    moment = start + timedelta(seconds=round(days * 86_400))
    if days < 1:
        return f"{moment:%H:%M}"
    clock = f"{moment:%H:%M:%S}".removesuffix(":00")
    return f"{moment:%Y-%m-%d}" + ("" if clock == "00:00" else f" {clock}")


def number(text: str | None, default: int = 0) -> int:
    """An attribute that should be a number; the default where it is absent or no number."""
    try:
        return int(float(text)) if text else default
    except (ValueError, OverflowError):
        return default

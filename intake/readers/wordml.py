"""Names of WordprocessingML and of the drawing languages inside it, and the reading of switches."""

from __future__ import annotations

from lxml import etree

W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
_VAL = W + "val"
W14 = "{http://schemas.microsoft.com/office/word/2010/wordml}"
R = "{http://schemas.openxmlformats.org/officeDocument/2006/relationships}"
MC = "{http://schemas.openxmlformats.org/markup-compatibility/2006}"
WP = "{http://schemas.openxmlformats.org/drawingml/2006/wordprocessingDrawing}"
WPS = "{http://schemas.microsoft.com/office/word/2010/wordprocessingShape}"
WPG = "{http://schemas.microsoft.com/office/word/2010/wordprocessingGroup}"
A = "{http://schemas.openxmlformats.org/drawingml/2006/main}"
PIC = "{http://schemas.openxmlformats.org/drawingml/2006/picture}"
M = "{http://schemas.openxmlformats.org/officeDocument/2006/math}"
V = "{urn:schemas-microsoft-com:vml}"
O = "{urn:schemas-microsoft-com:office:office}"  # noqa: E741

_OFF = frozenset({"0", "false", "off", "none"})


def on(element: etree._Element) -> bool:
    """An on/off property: present without a value means on (ECMA-376 part 1, 22.9.2.7)."""
    return element.get(_VAL, "1").lower() not in _OFF


def value(element: etree._Element | None) -> str:
    """The `w:val` of an element, or ""."""
    return "" if element is None else element.get(_VAL, "")


def first_of_each(element: etree._Element | None) -> dict[str, etree._Element]:
    """The children of a properties element by tag, the first of each: one walk where several are asked for."""
    found: dict[str, etree._Element] = {}
    for child in () if element is None else element:
        found.setdefault(child.tag, child)
    return found


def number(text: str | None, default: int = 0) -> int:
    """A decimal attribute; the default where it is absent or no number."""
    try:
        return int(float(text)) if text else default
    except (ValueError, OverflowError):
        return default

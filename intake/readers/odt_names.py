"""Names of OpenDocument XML, and the reading of its measures.

Source: OASIS OpenDocument 1.3, part 3, 18.3.18 (length). Never raises.
"""

from __future__ import annotations

import re

from lxml import etree

_ODF = "{urn:oasis:names:tc:opendocument:xmlns:%s:1.0}"
OFFICE, TEXT, TABLE, STYLE, DRAW, FORM, META = (
    _ODF % name for name in ("office", "text", "table", "style", "drawing", "form", "meta")
)
FO = _ODF % "xsl-fo-compatible"
SVG = _ODF % "svg-compatible"
XLINK = "{http://www.w3.org/1999/xlink}"
XML_ID = "{http://www.w3.org/XML/1998/namespace}id"
FIELD = "{urn:openoffice:names:experimental:ooo-ms-interop:xmlns:field:1.0}"
LOEXT = "{urn:org:documentfoundation:names:experimental:office:xmlns:loext:1.0}"

POINTS = {"pt": 1.0, "in": 72.0, "cm": 28.346, "mm": 2.8346, "pc": 12.0, "px": 0.75}
_LENGTH = re.compile(r"\s*(-?\d{1,9}(?:\.\d{0,9})?)\s*(pt|in|cm|mm|pc|px)")


def points(text: str | None) -> float:
    """A length in points; 0 where it is absent or none."""
    match = _LENGTH.match(text or "")
    return float(match.group(1)) * POINTS[match.group(2)] if match else 0.0


def count(element: etree._Element, name: str, limit: int) -> int:
    """How often a thing is repeated or spanned: at least once, at most `limit` times."""
    text = element.get(name, "1")
    return max(1, min(int(text), limit)) if text.isdecimal() and len(text) < 12 else 1


def is_true(text: str | None) -> bool:
    return (text or "").lower() in ("true", "1")


def local(element: etree._Element) -> str:
    """The name without its namespace."""
    return str(element.tag).rpartition("}")[2]

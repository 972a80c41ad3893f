"""What is drawn over the cells of a sheet of a newer workbook: text boxes, shapes, little pictures.

Sources: ECMA-376 part 1, 20.5 (spreadsheet drawing) and 20.1.7.5 (the coordinates of a group).
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from lxml import etree

from intake.document import PLAIN, Box, Piece, Text
from intake.readers import ink
from intake.readers.docx_drawings import EMU_PER_POINT, SMALL_PICTURE, SMALL_SHAPE, drawn_box
from intake.readers.ooxml_package import Package
from intake.readers.sheet import Corner, Overlay, Overlays
from intake.readers.wordml import MC, A, R
from intake.readers.xlsx_styles import number

XDR = "{http://schemas.openxmlformats.org/drawingml/2006/spreadsheetDrawing}"
_A14 = "{http://schemas.microsoft.com/office/drawing/2010/main}"
_SPID = re.compile(r"_s(\d+)$")
_PICTURE_LIMIT = 4 << 20
_MAX_DEPTH = 16


@dataclass(frozen=True, slots=True)
class _Room:
    """Where things of an anchor or a group stand: the corner from which is measured, the coordinates that lie on
    it, and the scale; None for coordinates where the anchor itself says it all."""

    start: Corner
    end: Corner
    origin: tuple[float, float] | None = None
    scale: tuple[float, float] = (1.0, 1.0)


def read_drawing(package: Package, target: str, found: Overlays, captions: dict[str, str]) -> None:
    """Everything in a drawing part; the words of controls, whose numbers are in `captions`, go there."""
    root = package.root(target)
    for anchor in () if root is None else _anchors(root):
        start = corner(anchor.find(XDR + "from")) or _absolute(anchor)
        if start is not None:
            room = _Room(start, corner(anchor.find(XDR + "to")) or start)
            for element, place in _members(anchor, room, 0):
                _read_member(package, target, element, _size(element, anchor), place, found, captions)


def _anchors(root: etree._Element) -> Iterator[etree._Element]:
    """The anchors of a drawing, old branches left out."""
    for child in root:
        if child.tag == MC + "AlternateContent":
            branch = child.find(MC + "Choice")
            yield from () if branch is None else _anchors(branch)
        else:
            yield child


def _members(parent: etree._Element, room: _Room, depth: int) -> Iterator[tuple[etree._Element, _Room]]:
    """The shapes and pictures of an anchor, those of groups at their own places."""
    for child in parent:
        if child.tag in (XDR + "sp", XDR + "cxnSp", XDR + "pic"):
            yield child, _placed(child, room)
        elif child.tag == XDR + "grpSp" and depth < _MAX_DEPTH:
            yield from _members(child, _inner(child, room), depth + 1)
        elif child.tag == MC + "AlternateContent":  # ink: its picture stands in the old branch
            for branch in child.iter(XDR + "pic", XDR + "sp"):
                yield branch, _placed(branch, room)


def _inner(group: etree._Element, room: _Room) -> _Room:
    frame = group.find(f"{XDR}grpSpPr/{A}xfrm")
    if frame is None:
        return room
    extent, inner = _pair(frame.find(A + "ext"), "cx", "cy"), _pair(frame.find(A + "chExt"), "cx", "cy")
    scale = (extent[0] / (inner[0] or 1.0) * room.scale[0], extent[1] / (inner[1] or 1.0) * room.scale[1])
    start = _moved(_pair(frame.find(A + "off"), "x", "y"), room)
    return _Room(start, room.end, _pair(frame.find(A + "chOff"), "x", "y"), scale)


def _placed(element: etree._Element, room: _Room) -> _Room:
    frame = element.find(f"{XDR}spPr/{A}xfrm")
    if room.origin is None or frame is None:
        return room
    start = _moved(_pair(frame.find(A + "off"), "x", "y"), room)
    width, height = _pair(frame.find(A + "ext"), "cx", "cy")
    across, down = width * room.scale[0] / EMU_PER_POINT, height * room.scale[1] / EMU_PER_POINT
    return _Room(start, Corner(start.column, start.x + across, start.row, start.y + down))


def _moved(offset: tuple[float, float], room: _Room) -> Corner:
    if room.origin is None:
        return room.start
    dx = (offset[0] - room.origin[0]) * room.scale[0] / EMU_PER_POINT
    dy = (offset[1] - room.origin[1]) * room.scale[1] / EMU_PER_POINT
    return Corner(room.start.column, room.start.x + dx, room.start.row, room.start.y + dy)


def _pair(element: etree._Element | None, first: str, second: str) -> tuple[float, float]:
    return (0.0, 0.0) if element is None else (float(number(element.get(first))), float(number(element.get(second))))


def _read_member(
    package: Package,
    target: str,
    element: etree._Element,
    size: int,
    room: _Room,
    found: Overlays,
    captions: dict[str, str],
) -> None:
    pieces: tuple[Piece, ...] = ()
    words = _drawn_text(element)
    named = next(element.iter(XDR + "cNvPr"), None)
    compat = next(element.iter(_A14 + "compatExt"), None)
    match = _SPID.search(compat.get("spid", "")) if compat is not None else None
    if match is not None:
        captions[match.group(1)] = words
    elif named is not None and named.get("id", "") in captions:
        captions[named.get("id", "")] = words
    elif named is not None and named.get("hidden", "0") in ("1", "true"):
        return
    elif element.tag == XDR + "pic":
        pieces = _picture(package, target, element, size, found)
    elif words:
        pieces = (Text(words),)
    elif 0 < size <= SMALL_SHAPE:
        pieces = (_shape(element),)
    if pieces:
        found.items.append(Overlay(room.start, room.end, pieces))


def _shape(element: etree._Element) -> Box:
    properties = element.find(XDR + "spPr")
    if properties is None or element.tag == XDR + "cxnSp":
        return Box("unknown", "shape")
    width, height = _pair(properties.find(f"{A}xfrm/{A}ext"), "cx", "cy")
    return drawn_box(properties, int(width), int(height), PLAIN)


def _drawn_text(shape: etree._Element) -> str:
    paragraphs = ("".join(text.text or "" for text in one.iter(A + "t")) for one in shape.iter(A + "p"))
    return "\n".join(text for text in paragraphs if text.strip())


def _size(element: etree._Element, anchor: etree._Element) -> int:
    """The larger side in EMU; 0 where it is not given."""
    extent = element.find(f"{XDR}spPr/{A}xfrm/{A}ext")
    if extent is None or not number(extent.get("cx")):
        extent = anchor.find(XDR + "ext")
    return 0 if extent is None else max(number(extent.get("cx")), number(extent.get("cy")))


def _picture(package: Package, target: str, picture: etree._Element, size: int, found: Overlays) -> tuple[Piece, ...]:
    blip = next(picture.iter(A + "blip"), None)
    if blip is None:
        return ()
    if size > SMALL_PICTURE or not size:
        found.large_pictures += 1
        return ()
    relation = package.relations(target).get(blip.get(R + "embed", ""))
    content = package.part(relation.target, _PICTURE_LIMIT) if relation is not None and not relation.external else None
    state, glyph = ink.look(content or b"")
    return (Box(state, "picture", glyph),)


def _absolute(anchor: etree._Element) -> Corner | None:
    """The corner of a thing that stands at a place of the sheet, not of a cell."""
    if anchor.find(XDR + "pos") is None:
        return None
    x, y = _pair(anchor.find(XDR + "pos"), "x", "y")
    return Corner(0, x / EMU_PER_POINT, 0, y / EMU_PER_POINT)


def corner(element: etree._Element | None) -> Corner | None:
    """The corner that a from or to names; None where there is none."""
    if element is None:
        return None
    column, x, row, y = (number(element.findtext(XDR + name)) for name in ("col", "colOff", "row", "rowOff"))
    return Corner(column, x / EMU_PER_POINT, row, y / EMU_PER_POINT)

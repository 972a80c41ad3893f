"""Drawn things in an OpenDocument text: frames, text boxes, pictures, shapes.

The rules are those of a docx: a text box gives its text, a small picture is looked at, a small
shape is a box whose state is known only where its geometry is plainly a tick or an empty square.
Source: OpenDocument 1.3 part 3, 10 (graphic content) and 19.153 (draw:enhanced-path).
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence

from lxml import etree

from intake.document import Block, Box, Looks, Paragraph, Piece
from intake.readers import ink
from intake.readers.docx_drawings import EMU_PER_POINT, SMALL_PICTURE, SMALL_SHAPE, Drawn, Place, is_tick
from intake.readers.odt_names import DRAW, OFFICE, SVG, TABLE, TEXT, XLINK, points
from intake.readers.odt_styles import Styles
from intake.readers.ooxml_package import Package

_SMALL_BOX = 400_000  # EMU, 1.1 cm
_PICTURE_LIMIT = 4 << 20
_PATH_LIMIT = 20_000  # characters
_RELATIVE = {
    "paragraph": "column", "paragraph-content": "column", "paragraph-start-margin": "column", "frame": "column",
    "frame-content": "column", "char": "character", "page": "page", "page-content": "margin",
}  # fmt: skip
_PATH = re.compile(r"([A-Za-z])|(-?\d{1,9}(?:\.\d{1,9})?)")
_FIGURE = re.compile(r"-?\d{1,9}(?:\.\d{1,9})?")
_STRAIGHT = frozenset("MLNFSZ")


class Drawings:
    """Reads the drawn things of a document; `blocks` reads the text of a box. `package` is None for a flat file."""

    def __init__(
        self, package: Package | None, styles: Styles, blocks: Callable[[etree._Element], Sequence[Block]]
    ) -> None:
        self._package = package
        self._styles = styles
        self._blocks = blocks
        self.large_pictures = 0

    def drawn(self, element: etree._Element, looks: Looks) -> Drawn:
        """A `draw:frame` or a shape."""
        if element.get(DRAW + "display") == "none":
            return Drawn()
        width, height = points(element.get(SVG + "width")), points(element.get(SVG + "height"))
        place = self._place(element, width)
        boxes = list(_text_boxes(element))
        if boxes and (drawn := self._text(boxes, place)) is not None:
            return drawn
        image = element.find(DRAW + "image")
        if image is not None:
            return Drawn(self._picture(image, max(width, height) * EMU_PER_POINT, looks), place=place)
        if element.find(DRAW + "text-box") is not None:
            return Drawn()
        if max(width, height) * EMU_PER_POINT > SMALL_SHAPE:
            return Drawn()
        return Drawn((self._shape(element, width, height, looks),), place=place)

    def _text(self, boxes: Sequence[etree._Element], place: Place | None) -> Drawn | None:
        """The text of text boxes; None where all are empty."""
        blocks = [block for box in boxes for block in self._blocks(box) if block.text.strip()]
        if not blocks:
            return None
        if len(blocks) == 1 and isinstance(blocks[0], Paragraph):
            return Drawn(blocks[0].pieces, place=place)
        return Drawn(blocks=tuple(blocks), place=place)

    def _picture(self, image: etree._Element, size: float, looks: Looks) -> tuple[Piece, ...]:
        if size > SMALL_PICTURE:
            self.large_pictures += 1
            return ()
        state, glyph = ink.look(self._bytes(image))
        return (Box(state, "picture", glyph, looks),)

    def _bytes(self, image: etree._Element) -> bytes:
        """The bytes of a picture inside the package or, in a flat file, inside the element."""
        inside = image.findtext(OFFICE + "binary-data")
        if inside:
            return _from_base64(inside)
        name = image.get(XLINK + "href", "").removeprefix("./")
        if self._package is None or not name or ":" in name:
            return b""
        return self._package.part(name, _PICTURE_LIMIT) or b""

    def _place(self, element: etree._Element, width: float) -> Place | None:
        """Where a floating thing stands; None for one in the line, or aligned to something."""
        if element.get(TEXT + "anchor-type", "as-char") == "as-char" or element.get(SVG + "x") is None:
            return None
        style = self._graphic(element)
        if style.get("horizontal-pos", "from-left") != "from-left":
            return None
        relative = _RELATIVE.get(style.get("horizontal-rel", "paragraph"), "page")
        offset = int(points(element.get(SVG + "x")) * EMU_PER_POINT)
        return Place(relative, offset, int(width * EMU_PER_POINT))

    def _graphic(self, element: etree._Element) -> dict[str, str]:
        return self._styles.properties("graphic", element.get(DRAW + "style-name", ""), "graphic")

    def _shape(self, element: etree._Element, width: float, height: float, looks: Looks) -> Box:
        geometry = element.find(DRAW + "enhanced-geometry")
        kind = "" if geometry is None else geometry.get(DRAW + "type", "")
        hollow = self._graphic(element).get("fill", "solid") == "none"
        turned = bool(element.get(DRAW + "transform")) or _is_mirrored(geometry)
        if element.tag == DRAW + "rect" or kind in ("rectangle", "ooxml-rect", "round-rectangle", "ooxml-roundRect"):
            small = 0 < max(width, height) * EMU_PER_POINT <= _SMALL_BOX
            if hollow and small and 0.6 <= width / max(height, 0.1) <= 1.6:
                return Box("empty", "shape", "□", looks)
        elif not turned and is_tick(_corners(element, geometry)):
            return Box("ticked", "shape", "√", looks)
        return Box("unknown", "shape", looks=looks)


_SHAPES = tuple(
    DRAW + name
    for name in ("custom-shape", "rect", "ellipse", "circle", "line", "polyline", "polygon", "path", "connector", "g")
)
SHAPES = frozenset({DRAW + "frame", *_SHAPES})


def _text_boxes(element: etree._Element) -> Iterator[etree._Element]:
    """The outermost things that hold text."""
    if any(element.find(name) is not None for name in (TEXT + "p", TEXT + "list", TABLE + "table")):
        yield element
        return
    for child in element:
        yield from _text_boxes(child)


def _from_base64(text: str) -> bytes:
    import base64

    if len(text) > 2 * _PICTURE_LIMIT:
        return b""
    try:
        return base64.b64decode(text)
    except ValueError:
        return b""


def _is_mirrored(geometry: etree._Element | None) -> bool:
    names = ("mirror-horizontal", "mirror-vertical")
    return geometry is not None and any(geometry.get(DRAW + name) == "true" for name in names)


def _corners(element: etree._Element, geometry: etree._Element | None) -> list[tuple[int, int]]:
    """The corners of one line drawn without a lift; none where it cannot be told."""
    if element.tag == DRAW + "polyline":
        figures = [
            int(float(one)) for one in re.findall(r"-?\d{1,9}(?:\.\d{1,9})?", _attribute(element, DRAW + "points"))
        ]
        return list(zip(figures[::2], figures[1::2], strict=False))
    path = _attribute(element, SVG + "d") if geometry is None else _attribute(geometry, DRAW + "enhanced-path")
    return _path_corners(path)


def _attribute(element: etree._Element, name: str) -> str:
    text = element.get(name, "")
    return text if len(text) <= _PATH_LIMIT else ""


def _path_corners(path: str) -> list[tuple[int, int]]:
    """The corners of a path of straight lines, absolute or relative (SVG 1.1, 8.3); none for any other."""
    command, moves = "", 0
    found: list[tuple[int, int]] = []
    waiting: list[float] = []
    if "?" in path or "$" in path:
        return []
    for match in _PATH.finditer(path):
        if match.group(1):
            command = match.group(1)
            moves += command in "Mm"
            if command.upper() not in _STRAIGHT or moves > 1:
                return []
            continue
        waiting.append(float(match.group(2)))
        if len(waiting) == 2:
            x, y = (int(one) for one in waiting)
            if command.islower() and found:
                x, y = x + found[-1][0], y + found[-1][1]
            found.append((x, y))
            waiting = []
    return found

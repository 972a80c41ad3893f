"""Drawn things in a docx: text boxes, pictures, shapes, ink, ActiveX controls, in both drawing languages.

A text box gives its text; a small picture is looked at; a small shape is a box whose state is known
only where its geometry is plainly a tick or an empty square. What is larger than a mark can be is
no mark: a large picture is counted, because a page that holds nothing else is a scan.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

from lxml import etree

from intake.document import Block, Box, Looks, Paragraph, Piece, Text
from intake.readers import ink
from intake.readers.controls import SOURCE as ACTIVEX
from intake.readers.controls import read_control
from intake.readers.ooxml_package import Package
from intake.readers.wordml import MC, PIC, WP, WPG, WPS, A, R, V, W, number

EMU_PER_POINT = 12_700
SMALL_PICTURE = 500_000  # EMU, 1.4 cm: a mark, not a logo
SMALL_SHAPE = 1_080_000  # EMU, 3 cm: a hand-drawn tick or a ring around an option
_SMALL_BOX = 400_000
_PICTURE_LIMIT = 4 << 20
_LENGTH = re.compile(r"(-?[\d.]+)\s*(pt|cm|mm|in|px|pc|)")
_POINTS = {"pt": 1.0, "cm": 28.35, "mm": 2.835, "in": 72.0, "px": 0.75, "pc": 12.0, "": 0.75}


@dataclass(frozen=True, slots=True)
class Place:
    """Where a floating thing stands: horizontal offset in EMU from `relative`, and its width."""

    relative: str
    offset: int
    width: int


@dataclass(frozen=True, slots=True)
class Drawn:
    """`pieces` stand in the line at the anchor, `blocks` after the paragraph; `place` is None for inline things."""

    pieces: tuple[Piece, ...] = ()
    blocks: tuple[Block, ...] = ()
    place: Place | None = None


_NOTHING = Drawn()


class Drawings:
    """Reads the drawn things of one part; `blocks` reads the content of a text box."""

    def __init__(self, package: Package, part: str, blocks: Callable[[etree._Element], Sequence[Block]]) -> None:
        self._package = package
        self._part = part
        self._blocks = blocks
        self.large_pictures = 0

    def drawing(self, element: etree._Element, looks: Looks) -> Drawn:
        """A `w:drawing`: DrawingML, inline or floating."""
        for frame in element:
            if frame.tag not in (WP + "inline", WP + "anchor"):
                continue
            properties = frame.find(WP + "docPr")
            if properties is not None and properties.get("hidden") in ("1", "true"):
                continue
            place = _place(frame) if frame.tag == WP + "anchor" else None
            return self._frame(frame, looks, place)
        return _NOTHING

    def _frame(self, frame: etree._Element, looks: Looks, place: Place | None) -> Drawn:
        extent = frame.find(WP + "extent")
        width, height = (0, 0) if extent is None else (number(extent.get("cx")), number(extent.get("cy")))
        boxes = list(_text_boxes(frame))
        if boxes:
            drawn = self._text(boxes, place)
            if drawn is not None:
                return drawn
        blip = next(frame.iter(A + "blip"), None)
        if blip is not None and next(frame.iter(PIC + "pic", V + "imagedata"), None) is not None:
            return Drawn(self._picture(blip.get(R + "embed", ""), max(width, height), looks), place=place)
        if max(width, height) > SMALL_SHAPE:
            return _NOTHING
        return Drawn((_shape(frame, width, height, looks),), place=place)

    def _text(self, boxes: Sequence[etree._Element], place: Place | None) -> Drawn | None:
        """The text of text boxes; None where all are empty."""
        blocks = [block for box in boxes for block in self._blocks(box) if block.text.strip()]
        if not blocks:
            return None
        if len(blocks) == 1 and isinstance(blocks[0], Paragraph):
            return Drawn(blocks[0].pieces, place=place)
        return Drawn(blocks=tuple(blocks), place=place)

    def _picture(self, identity: str, size: int, looks: Looks) -> tuple[Piece, ...]:
        if size > SMALL_PICTURE:
            self.large_pictures += 1
            return ()
        relation = self._package.relations(self._part).get(identity)
        content = self._package.part(relation.target, _PICTURE_LIMIT) if relation and not relation.external else None
        state, glyph = ink.look(content or b"")
        return (Box(state, "picture", glyph, looks),)

    # ---- VML --------------------------------------------------------------------------------------

    def vml(self, element: etree._Element, looks: Looks) -> Drawn:
        """A `w:pict` or `w:object`: VML shapes, old text boxes, ActiveX controls."""
        control = next(element.iter(W + "control"), None)
        if control is not None:
            return Drawn(self._control(control, element, looks))
        boxes = list(_text_boxes(element))
        if boxes:
            drawn = self._text(boxes, _vml_place(element))
            if drawn is not None:
                return drawn
        pieces: list[Piece] = []
        for shape in element:
            if isinstance(shape.tag, str) and shape.tag.startswith(V) and shape.tag != V + "shapetype":
                pieces.extend(self._vml_shape(shape, looks))
        return Drawn(tuple(pieces), place=_vml_place(element))

    def _vml_shape(self, shape: etree._Element, looks: Looks) -> Sequence[Piece]:
        style = shape.get("style", "")
        if "visibility:hidden" in style.replace(" ", ""):
            return ()
        words = next(shape.iter(V + "textpath"), None)
        if words is not None and words.get("string"):
            return (Text(words.get("string", ""), looks),)
        size = _vml_size(shape, style)
        image = next(shape.iter(V + "imagedata"), None)
        if image is not None:
            return self._picture(image.get(R + "id", ""), size, looks)
        if not 0 < size <= SMALL_SHAPE:
            return ()
        if shape.tag in (V + "rect", V + "roundrect") and size <= _SMALL_BOX and _vml_clear(shape):
            return (Box("empty", "shape", "□", looks),)
        return (Box("unknown", "shape", looks=looks),)

    def _control(self, element: etree._Element, holder: etree._Element, looks: Looks) -> tuple[Piece, ...]:
        """An ActiveX control; where its state is not stored, the picture of it that Word keeps is looked at."""
        relation = self._package.relations(self._part).get(element.get(R + "id", ""))
        control = read_control(self._package, relation.target) if relation and not relation.external else None
        if control is not None and not (control.is_box and control.state == "unknown"):
            return control.pieces(looks)
        image = next(holder.iter(V + "imagedata"), None)
        seen = self._picture(image.get(R + "id", ""), 0, looks) if image is not None else ()
        state, glyph = (seen[0].state, seen[0].glyph) if seen and isinstance(seen[0], Box) else ("unknown", "")
        caption = (Text(control.caption, looks),) if control is not None and control.caption else ()
        source = ACTIVEX if state == "unknown" else f"{ACTIVEX} picture"
        return (Box(state, source, glyph if state != "unknown" else "", looks), *caption)


def choice(element: etree._Element) -> etree._Element | None:
    """The branch of an `mc:AlternateContent` that a current Word shows."""
    found = element.find(MC + "Choice")
    return found if found is not None else element.find(MC + "Fallback")


def _text_boxes(element: etree._Element) -> Iterator[etree._Element]:
    """The outermost contents of text boxes, old branches left out."""
    for child in element:
        if child.tag == W + "txbxContent":
            yield child
        elif child.tag != MC + "Fallback":
            yield from _text_boxes(child)


def _place(frame: etree._Element) -> Place | None:
    position = frame.find(WP + "positionH")
    extent = frame.find(WP + "extent")
    offset = None if position is None else position.find(WP + "posOffset")
    if position is None or offset is None:
        return None
    width = 0 if extent is None else number(extent.get("cx"))
    return Place(position.get("relativeFrom", ""), number(offset.text), width)


def _shape(frame: etree._Element, width: int, height: int, looks: Looks) -> Box:
    shapes = list(frame.iter(WPS + "wsp", WPG + "wgp"))
    properties = shapes[0].find(WPS + "spPr") if len(shapes) == 1 else None
    if properties is None:
        ink_drawn = any(isinstance(one.tag, str) and one.tag.endswith("}contentPart") for one in frame.iter())
        return Box("unknown", "ink" if ink_drawn else "shape", looks=looks)
    return drawn_box(properties, width, height, looks)


def drawn_box(properties: etree._Element, width: int, height: int, looks: Looks) -> Box:
    """What a drawn shape (its spPr) of that size in EMU says: a clear square is a box, a line down and up a tick."""
    geometry = properties.find(A + "prstGeom")
    if geometry is not None and geometry.get("prst") in ("rect", "roundRect"):
        square = 0 < max(width, height) <= _SMALL_BOX and 0.6 <= width / max(height, 1) <= 1.6
        if square and _is_clear(properties):
            return Box("empty", "shape", "□", looks)
    path = list(properties.iterfind(f"{A}custGeom/{A}pathLst/{A}path"))
    transform = properties.find(A + "xfrm")
    turned = transform is not None and any(transform.get(name) not in (None, "0") for name in ("rot", "flipH", "flipV"))
    if (
        len(path) == 1
        and not turned
        and is_tick([(number(p.get("x")), number(p.get("y"))) for p in path[0].iter(A + "pt")])
    ):
        return Box("ticked", "shape", "√", looks)
    return Box("unknown", "shape", looks=looks)


def _is_clear(properties: etree._Element) -> bool:
    """Whether a shape is not filled, neither by its own properties nor by the style that Word gives a drawn one."""
    if properties.find(A + "noFill") is not None:
        return True
    if any(properties.find(A + name) is not None for name in ("solidFill", "gradFill", "pattFill", "blipFill")):
        return False
    shape = properties.getparent()
    styled = None if shape is None else next(shape.iterfind("{*}style/" + A + "fillRef"), None)
    return styled is None or styled.get("idx", "0") == "0"


def is_tick(points: Sequence[tuple[int, int]]) -> bool:
    """Whether a line (y grows downwards) goes down to a point left of the middle and up to the right."""
    if len(points) < 3:
        return False
    if points[0][0] > points[-1][0]:
        points = points[::-1]
    xs, ys = [x for x, _ in points], [y for _, y in points]
    width, height = max(xs) - min(xs), max(ys) - min(ys)
    if not width or not height:
        return False
    foot = ys.index(max(ys))
    at = (xs[foot] - min(xs)) / width
    tip, start = (ys[-1] - min(ys)) / height, (ys[0] - min(ys)) / height
    return 0 < foot < len(points) - 1 and 0.1 <= at <= 0.6 and tip <= 0.2 and 0.2 <= start <= 0.9


def _vml_clear(shape: etree._Element) -> bool:
    """Whether a VML shape shows as an outline; one that says nothing is filled with white (VML, fillcolor)."""
    white = shape.get("fillcolor", "white").split(" ")[0].lower() in ("white", "#fff", "#ffffff", "window")
    return shape.get("filled") in ("f", "false") or (white and shape.find(V + "fill") is None)


def _vml_size(shape: etree._Element, style: str) -> int:
    """The larger side of a VML shape in EMU; 0 where it is not given."""
    sides = []
    for item in style.split(";"):
        name, _, text = item.partition(":")
        if name.strip().lower() in ("width", "height"):
            sides.append(_points(text))
    if not sides and shape.get("from") and shape.get("to"):
        start, end = shape.get("from", "").split(","), shape.get("to", "").split(",")
        sides = [abs(_points(b) - _points(a)) for a, b in zip(start, end, strict=False)]
    return int(max(sides, default=0) * EMU_PER_POINT)


def _vml_place(element: etree._Element) -> Place | None:
    """Where a floating VML shape stands; None for one that stands in the line."""
    shape = next((one for one in element if "position:absolute" in one.get("style", "").replace(" ", "")), None)
    if shape is None:
        return None
    style = dict(item.strip().lower().partition(":")[::2] for item in shape.get("style", "").split(";"))
    relative = style.get("mso-position-horizontal-relative", "text")
    if "margin-left" not in style or style.get("mso-position-horizontal", "absolute") != "absolute":
        return None
    offset, width = (int(_points(style.get(name, "")) * EMU_PER_POINT) for name in ("margin-left", "width"))
    return Place({"text": "column", "char": "character"}.get(relative, relative), offset, width)


def _points(text: str) -> float:
    match = _LENGTH.match(text.strip())
    try:
        return float(match.group(1)) * _POINTS[match.group(2)] if match else 0.0
    except ValueError:
        return 0.0

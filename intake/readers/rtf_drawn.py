r"""Drawn things in an RTF file: shapes (\shp), drawings of older programs (\do), pictures, controls.

The rules are those of a docx: a text box gives its text, a small picture is looked at, a small
shape is a box whose state is known only where its geometry is plainly a tick or an empty square.
Sources: RTF 1.9.1, "Pictures", "Objects", "Drawing Objects" and its Word 97 to 2007 form;
[MS-OLEDS] 2.2.5 (EmbeddedObject) for the bytes of a control.
"""

from __future__ import annotations

import re
import struct
from collections.abc import Callable, Sequence

from intake.document import Block, Box, Looks, Paragraph, Piece, Text
from intake.readers import ink
from intake.readers.controls import SOURCE as ACTIVEX
from intake.readers.controls import Control, morph_data
from intake.readers.docx_drawings import SMALL_PICTURE, SMALL_SHAPE, Drawn, Place, is_tick
from intake.readers.ole import CompoundFile
from intake.readers.rtf_tokens import Group, every_group, first_group, groups, parameters, raw_text

EMU_PER_TWIP = 635
_SMALL_BOX = 400_000  # EMU, 1.1 cm
_PICTURE_LIMIT = 4 << 20
_CONTROL_LIMIT = 1 << 20
_RELATIVE = ("margin", "page", "column", "character")  # posrelh
_POINT = re.compile(r"\((-?\d{1,9}),(-?\d{1,9})\)")
_MAX_POINTS = 2_000
_TEXT_SHAPES = frozenset({"dptxbx"})
_CLASSES = {
    "Forms.CheckBox.1": "8BD21D40-EC42-11CE-9E0D-00AA006002F3",
    "Forms.OptionButton.1": "8BD21D50-EC42-11CE-9E0D-00AA006002F3",
    "Forms.ToggleButton.1": "8BD21D60-EC42-11CE-9E0D-00AA006002F3",
    "Forms.TextBox.1": "8BD21D10-EC42-11CE-9E0D-00AA006002F3",
    "Forms.ListBox.1": "8BD21D20-EC42-11CE-9E0D-00AA006002F3",
    "Forms.ComboBox.1": "8BD21D30-EC42-11CE-9E0D-00AA006002F3",
}


class Drawings:
    """Reads the drawn things of one document; `blocks` reads the text of a box."""

    def __init__(self, blocks: Callable[[Group], Sequence[Block]]) -> None:
        self._blocks = blocks
        self.large_pictures = 0

    # ---- shapes of Word 97 and later ----------------------------------------------------------------

    def shape(self, group: Group, looks: Looks) -> Drawn:
        r"""A \shp, or a \shpgrp of several."""
        instruction = first_group(group, "shpinst") or group
        values = _properties(instruction)
        if values.get("fHidden", "0") == "1":
            return Drawn()
        words = parameters(instruction)
        width, height = (abs(words.get(f"shp{b}", 0) - words.get(f"shp{a}", 0)) for a, b in _SIDES)
        place = _place(words, values, width)
        boxes = list(every_group(instruction, "shptxt"))
        if boxes and (drawn := self._text(boxes, place)) is not None:
            return drawn
        size = max(width, height) * EMU_PER_TWIP
        if picture := first_group(_property(instruction, "pib"), "pict"):
            return Drawn(self._look(picture, size, looks), place=place)
        if writing := values.get("gtextUNICODE", ""):
            return Drawn((Text(writing, looks),), place=place)
        if size > SMALL_SHAPE:
            return Drawn()
        single = not first_group(group, "shpgrp")
        piece = _shape_piece(values, width, height, looks) if single else Box("unknown", "shape", looks=looks)
        return Drawn((piece,), place=place)

    def _text(self, boxes: Sequence[Group], place: Place | None) -> Drawn | None:
        """The text of text boxes; None where all are empty."""
        blocks = [block for box in boxes for block in self._blocks(box) if block.text.strip()]
        if not blocks:
            return None
        if len(blocks) == 1 and isinstance(blocks[0], Paragraph):
            return Drawn(blocks[0].pieces, place=place)
        return Drawn(blocks=tuple(blocks), place=place)

    # ---- drawings of Word 6 and 95, still written by some -------------------------------------------

    def old_shape(self, group: Group, looks: Looks) -> Drawn:
        r"""A \do."""
        words = parameters(group)
        relative = next((name for name in ("page", "margin", "column") if f"dobx{name}" in words), "column")
        width, height = abs(words.get("dpxsize", 0)), abs(words.get("dpysize", 0))
        place = Place(relative, words.get("dpx", 0) * EMU_PER_TWIP, width * EMU_PER_TWIP)
        boxes = list(every_group(group, "dptxbxtext"))
        if boxes and (drawn := self._text(boxes, place)) is not None:
            return drawn
        if max(width, height) * EMU_PER_TWIP > SMALL_SHAPE or _TEXT_SHAPES & words.keys():
            return Drawn()
        hollow = words.get("dpfillpat", 0) == 0
        square = "dprect" in words and _is_square(width, height) and hollow
        piece = Box("empty", "shape", "□", looks) if square else Box("unknown", "shape", looks=looks)
        return Drawn((piece,), place=place)

    # ---- pictures and controls ----------------------------------------------------------------------

    def picture(self, group: Group, looks: Looks) -> tuple[Piece, ...]:
        r"""A \pict in the line; its size is what it is to be shown at."""
        words = parameters(group)
        sides = (_side(words, *names) for names in _SIDES_OF_PICTURES)
        return self._look(group, max(sides) * EMU_PER_TWIP, looks)

    def _look(self, group: Group, size: int, looks: Looks) -> tuple[Piece, ...]:
        if size > SMALL_PICTURE:
            self.large_pictures += 1
            return ()
        state, glyph = ink.look(_bytes(group, _PICTURE_LIMIT))
        return (Box(state, "picture", glyph, looks),)

    def control(self, group: Group, looks: Looks) -> tuple[Piece, ...] | None:
        r"""An \object that is a control of Microsoft Forms; None for any other object.

        Where its state is not stored, the picture of it that the program keeps is looked at.
        """
        control = _control(group)
        if control is None:
            return None
        if not (control.is_box and control.state == "unknown"):
            return control.pieces(looks)
        picture = first_group(group, "pict")
        state, glyph = ink.look(_bytes(picture, _PICTURE_LIMIT)) if picture else ("unknown", "")
        caption = (Text(control.caption, looks),) if control.caption else ()
        source = ACTIVEX if state == "unknown" else f"{ACTIVEX} picture"
        return (Box(state, source, glyph if state != "unknown" else "", looks), *caption)


_SIDES = (("left", "right"), ("top", "bottom"))
_SIDES_OF_PICTURES = (("picwgoal", "picw", "picscalex"), ("pichgoal", "pich", "picscaley"))


def _side(words: dict[str, int], goal: str, own: str, scale: str) -> int:
    """A side of a picture in twips; without a goal from its own measure, in pixels or in hundredths of a millimetre."""
    twips = words.get(goal, 0) or words.get(own, 0) * (15 if "pngblip" in words or "jpegblip" in words else 0.567)
    return int(abs(twips) * abs(words.get(scale, 100)) / 100)


def _properties(instruction: Group) -> dict[str, str]:
    r"""The properties of a shape that are plain text: {\sp{\sn NAME}{\sv VALUE}}."""
    found: dict[str, str] = {}
    for one in groups(instruction, "sp"):
        value = raw_text(first_group(one, "sv"))
        if len(value) < 200_000:
            found[_text(first_group(one, "sn"))] = value.decode("latin-1").strip()
    return found


def _property(instruction: Group, name: str) -> Group:
    """The property group of a shape by its name; an empty one where there is none."""
    return next((one for one in every_group(instruction, "sp") if _text(first_group(one, "sn")) == name), [])


def _text(group: Group) -> str:
    return raw_text(group).decode("latin-1").strip()


def _place(words: dict[str, int], values: dict[str, str], width: int) -> Place | None:
    """Where a floating shape stands; None for one in the line, or aligned to something."""
    if values.get("fPseudoInline") == "1" or values.get("posh", "0") != "0" or "shpleft" not in words:
        return None
    relative = next((name for name in ("page", "margin", "column") if f"shpbx{name}" in words), "column")
    chosen = values.get("posrelh", "")
    if chosen.isdecimal() and int(chosen) < len(_RELATIVE):
        relative = _RELATIVE[int(chosen)]
    return Place(relative, words["shpleft"] * EMU_PER_TWIP, width * EMU_PER_TWIP)


def _shape_piece(values: dict[str, str], width: int, height: int, looks: Looks) -> Box:
    """A small shape: an unfilled square is an empty box, a line that goes down and up a tick."""
    turned = any(values.get(name, "0") not in ("0", "") for name in ("rotation", "fFlipH", "fFlipV"))
    if values.get("shapeType") in ("1", "2") and values.get("fFilled") == "0" and _is_square(width, height):
        return Box("empty", "shape", "□", looks)
    points = [(int(x), int(y)) for x, y in _POINT.findall(values.get("pVerticies", ""))[:_MAX_POINTS]]
    if not turned and is_tick(points):
        return Box("ticked", "shape", "√", looks)
    return Box("unknown", "shape", looks=looks)


def _is_square(width: int, height: int) -> bool:
    small = 0 < max(width, height) * EMU_PER_TWIP <= _SMALL_BOX
    return small and 0.6 <= width / max(height, 1) <= 1.6


def _bytes(group: Group, limit: int) -> bytes:
    r"""The bytes of a picture or object: hexadecimal figures, or raw after \bin; none beyond the limit."""
    raw = [item.raw for item in group if not isinstance(item, bytes | list) and item.word == "bin"]
    if raw:
        return raw[0][:limit]
    figures = b"".join(item for item in group if isinstance(item, bytes)).translate(None, b" \t")
    try:
        return bytes.fromhex(figures[: len(figures) // 2 * 2].decode("ascii")) if len(figures) <= 2 * limit else b""
    except ValueError:
        return b""


def _control(group: Group) -> Control | None:
    name = _text(first_group(group, "objclass"))
    data = _bytes(first_group(group, "objdata"), _CONTROL_LIMIT)
    stored, native = _embedded(data)
    name = name or stored
    if not name.startswith("Forms."):
        return None
    class_id = _CLASSES.get(name, "")
    return morph_data(class_id, CompoundFile(native).stream("contents") or b"")


def _embedded(data: bytes) -> tuple[str, bytes]:
    """Class name and native data of an embedded object; nothing where it is not one."""
    try:
        names, offset = [], 8
        for _ in range(3):
            (length,) = struct.unpack_from("<I", data, offset)
            names.append(data[offset + 4 : offset + 4 + length].rstrip(b"\x00").decode("latin-1"))
            offset += 4 + length
        (size,) = struct.unpack_from("<I", data, offset)
    except struct.error:
        return "", b""
    return names[0], data[offset + 4 : offset + 4 + size]

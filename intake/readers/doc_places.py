"""Where floating shapes of a Word 97-2003 file stand, and which characters their text is.

Sources: [MS-DOC] PlcfSpa and SPA (places), PlcftxbxTxt and FTXBXS (texts of text boxes); [MS-ODRAW] posh
and posrelh (horizontal alignment).
"""

from __future__ import annotations

import struct
from dataclasses import dataclass

from intake.readers.doc_file import Pair, WordFile, ascending, positions
from intake.readers.doc_officeart import Shape

EMU_PER_TWIP = 635
_RELATIVES = ("margin", "page", "column", "character")
_ALIGN, _RELATIVE = 0x38F, 0x390
_SAME_SIZE = 40  # twips


@dataclass(frozen=True, slots=True)
class Place:
    """Where a floating shape stands (SPA), in twips; `relative` is what `left` counts from."""

    identity: int
    left: int
    width: int
    height: int
    relative: int

    def like(self, other: Place) -> bool:
        """Whether two are of one size and stand at one place, or one of them at its anchor itself."""
        sides = ((self.width, other.width), (self.height, other.height))
        at_one = abs(self.left - other.left) <= _SAME_SIZE or not (self.left and other.left)
        return at_one and all(abs(one - two) <= _SAME_SIZE for one, two in sides)


def read_places(file: WordFile) -> dict[int, Place]:
    starts, found = positions(file.pair(Pair.SHAPE_PLACES), 26)
    places: dict[int, tuple[int, Place]] = {}
    for start, record in zip(starts, found, strict=False):
        place = _place(record)
        places.setdefault(place.identity, (start, place))
    return dict(places.values())


def _place(record: bytes) -> Place:
    identity, left, top, right, bottom, flags = struct.unpack_from("<IiiiiH", record)
    return Place(identity, _limited(left), _limited(right - left), _limited(bottom - top), flags >> 1 & 3)


def read_boxes(file: WordFile) -> dict[int, tuple[int, int]]:
    """For each shape with text its characters, by the identity of the shape (FTXBXS.lid)."""
    starts, found = positions(file.pair(Pair.TEXT_BOXES), 22)
    story = file.stories.text_boxes
    spans: dict[int, tuple[int, int]] = {}
    for start, end, record in zip(*ascending(starts), found, strict=False):
        identity = int.from_bytes(record[14:18], "little")
        first, last = story.start + start, min(story.start + end, story.end)
        if identity and first < last:
            spans.setdefault(identity, (first, last))
    return spans


def position_of(shape: Shape, place: Place) -> str:
    """An offset counts only where the shape is not aligned by a word such as centre (posh).

    A shape that begins at the very character of its anchor stands in the line: LibreOffice writes its
    inline controls so.
    """
    relative = shape.options.get(_RELATIVE, place.relative)
    if shape.options.get(_ALIGN, 0) or (relative == _RELATIVES.index("character") and not place.left):
        return ""
    name = _RELATIVES[relative] if relative < len(_RELATIVES) else "page"
    offset = f"<wp:posOffset>{place.left * EMU_PER_TWIP}</wp:posOffset>"
    return f'<wp:positionH relativeFrom="{name}">{offset}</wp:positionH>'


def _limited(twips: int) -> int:
    return max(-32768, min(twips, 32767))

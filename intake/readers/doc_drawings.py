"""Pictures, shapes, text boxes and controls of a Word 97-2003 file in the language of docx drawings.

Sources: [MS-DOC] PICFAndOfficeArtData (a picture in the line), OfficeArtContent; [MS-ODRAW] for the property numbers.
"""

from __future__ import annotations

import re
import struct
from collections.abc import Callable, Iterator
from xml.sax.saxutils import escape

from intake.readers.doc_file import Pair, WordFile
from intake.readers.doc_objects import ControlPool
from intake.readers.doc_officeart import (
    DELETED,
    FLIPPED,
    Shape,
    entry_picture,
    pictures,
    points,
    records,
    shapes,
    store_entries,
)
from intake.readers.doc_places import EMU_PER_TWIP, Place, position_of, read_boxes, read_places
from intake.readers.doc_runs import shown_text

_GROUP_STORE = 0xF000
_RECTANGLES = {1: "rect", 2: "roundRect", 202: "rect"}
_PICTURE_NUMBER, _WORDS, _FILL_COLOUR = 0x104, 0xC0, 0x181
_FILL, _LINE, _GROUP_SWITCHES = 0x1BF, 0x1FF, 0x3BF
_ROTATION = 0x004
_MAX_PICTURES = 500
_MAX_BYTES = 16 << 20
_MAX_ALL = 64 << 20  # bytes of pictures that are looked at
_SEEN = re.compile("<w:(?:t|sym|drawing|object|fldChar)[ >]")


_UNKNOWN = (  # something is drawn here, but the file does not hold it
    '<w:drawing><wp:inline><wp:extent cx="0" cy="0"/><a:graphic><a:graphicData><wps:wsp/></a:graphicData></a:graphic>'
    "</wp:inline></w:drawing>"
)


class WordDrawings:
    """Writes what is drawn; the parts it refers to are collected in `parts` and `relations`."""

    def __init__(self, file: WordFile, write: Callable[[int, int], str]) -> None:
        self._file = file
        self._write = write
        self.parts: dict[str, bytes] = {}
        self.relations: dict[str, tuple[str, str]] = {}
        self._pool = ControlPool(file.content)
        self._written: dict[int, str] = {}
        self._room = _MAX_ALL
        self._texts: dict[int, str] = {}
        self._places = read_places(file)
        self._boxes = read_boxes(file)
        self._shapes: dict[int, Shape] | None = None
        self._store: list[bytes] = []

    # ---- in the line ------------------------------------------------------------------------------

    def picture(self, location: int) -> str:
        """The picture at a place of the Data stream."""
        if location not in self._written:
            self._written[location] = self._picture(location) if len(self._written) < _MAX_PICTURES else _UNKNOWN
        return self._written[location]

    def _picture(self, location: int) -> str:
        data = self._file.data
        size, head, kind = struct.unpack_from("<iHH", data, location) if location + 68 <= len(data) else (0, 0, 0)
        if head < 44 or not head < size < _MAX_BYTES:
            return _UNKNOWN
        goal_x, goal_y, scale_x, scale_y = struct.unpack_from("<hhHH", data, location + 28)
        width, height = (_scaled(goal, scale) for goal, scale in ((goal_x, scale_x), (goal_y, scale_y)))
        content = data[location + head : location + size]
        if kind == 0x66 and content:
            content = content[1 + content[0] :]
        picture = next(pictures(content), None)
        if picture is None and (shape := next(iter(shapes(content)), None)) is not None:
            picture = next(pictures(content[_first_size(content) :]), None)
            if picture is None:
                return f"<w:drawing><wp:inline>{_extent(width, height)}{self._graphic(shape)}</wp:inline></w:drawing>"
        return f"<w:drawing><wp:inline>{_extent(width, height)}{self._blip(picture or b'')}</wp:inline></w:drawing>"

    def control(self, identity: int) -> str:
        """The ActiveX control in the object pool under a number; "" where there is none."""
        content = self._pool.control(identity)
        if content is None:
            return ""
        class_id, stream = content
        number = len(self.parts)
        self.parts[f"word/activeX/activeX{number}.xml"] = (
            '<ax:ocx xmlns:ax="http://schemas.microsoft.com/office/2006/activeX" xmlns:r="http://schemas.openxmlformats'
            f'.org/officeDocument/2006/relationships" ax:classid="{{{class_id}}}" ax:persistence="persistStream"'
            ' r:id="rId1"/>'
        ).encode()
        self.parts[f"word/activeX/activeX{number}.bin"] = stream
        self.parts[f"word/activeX/_rels/activeX{number}.xml.rels"] = relations_part(
            {"rId1": ("activeXControlBinary", f"activeX{number}.bin")}
        )
        self.relations[f"rIdC{number}"] = ("control", f"activeX/activeX{number}.xml")
        return f'<w:object><w:control r:id="rIdC{number}"/></w:object>'

    def _blip(self, picture: bytes) -> str:
        identity = f"rIdP{len(self.parts)}"
        self._room -= len(picture)
        if picture and self._room > 0 and len(self.parts) < _MAX_PICTURES:
            name = f"media/image{len(self.parts)}"
            self.parts["word/" + name] = picture
            self.relations[identity] = ("image", name)
        return (
            "<a:graphic><a:graphicData><pic:pic><pic:blipFill>"
            f'<a:blip r:embed="{identity}"/></pic:blipFill></pic:pic></a:graphicData></a:graphic>'
        )

    # ---- floating ---------------------------------------------------------------------------------

    def shape(self, position: int) -> str:
        """The thing whose anchor is at a CP of the body."""
        if position not in self._places:
            return _UNKNOWN
        place = self._places[position]
        shape = self._shape_of(place.identity)
        if shape.flags & DELETED or shape.switch(_GROUP_SWITCHES, 0x02, False):
            return ""
        partner = self._partner(position)
        if partner is not None and not self._text(shape):
            return ""
        graphic = self._graphic(shape)
        if not graphic:
            return ""
        extent = _extent(place.width, place.height)
        if partner is not None and not position_of(self._shape_of(partner.identity), partner):
            return f"<w:drawing><wp:anchor>{extent}{graphic}</wp:anchor></w:drawing>"
        return f"<w:drawing><wp:anchor>{position_of(shape, place)}{extent}{graphic}</wp:anchor></w:drawing>"

    def _partner(self, position: int) -> Place | None:
        """The other half of a shape with text, which LibreOffice writes as two: its outline and its text."""
        place = self._places[position]
        own = bool(self._text(self._shape_of(place.identity)))
        for near in (position - 1, position + 1):
            other = self._places.get(near)
            if other is not None and place.like(other) and bool(self._text(self._shape_of(other.identity))) != own:
                return other
        return None

    def _shape_of(self, identity: int) -> Shape:
        if self._shapes is None:
            self._shapes = {}
            for shape in self._read_drawings():
                self._shapes.setdefault(shape.identity, shape)
        return self._shapes.get(identity, Shape(identity))

    def _read_drawings(self) -> Iterator[Shape]:
        """The shapes of the document: behind the drawing group each drawing has a byte before it."""
        raw = self._file.pair(Pair.DRAWINGS)
        first = next(records(raw), None)
        if first is None:
            return
        self._store = store_entries(first[2])
        at = 8 + len(first[2])
        while at + 9 <= len(raw):
            drawing = next(records(raw[at + 1 :]), None)
            if drawing is None:
                return
            for patriarch in shapes(drawing[2]):
                yield from (patriarch, *patriarch.members)
            at += 9 + len(drawing[2])

    def _graphic(self, shape: Shape) -> str:
        """What a shape shows: its text, its picture, or its outline; "" where nothing of it is seen."""
        members = list(_all_members(shape))
        text = "".join(self._text(one) for one in members)
        if text:
            return _data(f"<wps:wsp><wps:txbx><w:txbxContent>{text}</w:txbxContent></wps:txbx></wps:wsp>")
        number = shape.options.get(_PICTURE_NUMBER, 0)
        if number:
            entry = self._store[number - 1] if number <= len(self._store) else b""
            return self._blip(entry_picture(entry, self._file.word))
        if shape.members:
            return _data("<wpg:wgp/>")
        return _data(f"<wps:wsp><wps:spPr>{_geometry(shape)}</wps:spPr></wps:wsp>") if _is_seen(shape) else ""

    def _text(self, shape: Shape) -> str:
        if shape.identity not in self._texts:
            self._texts[shape.identity] = self._read_text(shape)
        return self._texts[shape.identity]

    def _read_text(self, shape: Shape) -> str:
        words = shape.long_options.get(_WORDS)
        if words:
            shown = shown_text(words.decode("utf-16-le", "ignore").rstrip("\0"))
            return f"<w:p><w:r><w:t>{escape(shown)}</w:t></w:r></w:p>"
        span = self._boxes.get(shape.identity)
        written = self._write(*span) if span else ""
        return written if _SEEN.search(written) else ""


def _all_members(shape: Shape) -> Iterator[Shape]:
    yield shape
    for member in shape.members:
        yield from _all_members(member)


def _is_seen(shape: Shape) -> bool:
    return shape.switch(_FILL, 0x10, True) or shape.switch(_LINE, 0x08, True)


def _geometry(shape: Shape) -> str:
    turned = ' rot="1"' if shape.options.get(_ROTATION, 0) or shape.flags & FLIPPED else ""
    found = f"<a:xfrm{turned}/>"
    if shape.kind in _RECTANGLES:
        white = shape.options.get(_FILL_COLOUR, 0xFFFFFF) & 0xFFFFFF == 0xFFFFFF
        outlined = shape.switch(_LINE, 0x08, True)
        covers = shape.switch(_FILL, 0x10, True) and not (white and outlined)
        return found + f'<a:prstGeom prst="{_RECTANGLES[shape.kind]}"/>' + ("<a:solidFill/>" if covers else "")
    corners = "".join(f'<a:lnTo><a:pt x="{x}" y="{y}"/></a:lnTo>' for x, y in points(shape))
    return found + (f"<a:custGeom><a:pathLst><a:path>{corners}</a:path></a:pathLst></a:custGeom>" if corners else "")


def _data(content: str) -> str:
    return f"<a:graphic><a:graphicData>{content}</a:graphicData></a:graphic>"


def _extent(width: int, height: int) -> str:
    return f'<wp:extent cx="{width * EMU_PER_TWIP}" cy="{height * EMU_PER_TWIP}"/>'


def _scaled(goal: int, scale: int) -> int:
    """Twips by the wanted size and a scale in thousandths (PICMID)."""
    return abs(goal) * scale // 1000 if scale else abs(goal)


def _first_size(raw: bytes) -> int:
    return 8 + int.from_bytes(raw[4:8], "little")


def relations_part(relations: dict[str, tuple[str, str]]) -> bytes:
    """A part of relationships: for each id the last word of its type, and its target."""
    kind = "http://schemas.openxmlformats.org/officeDocument/2006/relationships/"
    rows = "".join(
        f'<Relationship Id="{key}" Type="{kind}{name}" Target="{target}"/>' for key, (name, target) in relations.items()
    )
    spaces = "http://schemas.openxmlformats.org/package/2006/relationships"
    return f'<Relationships xmlns="{spaces}">{rows}</Relationships>'.encode()

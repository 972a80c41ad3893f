"""What lies over the cells of an old Excel sheet, as overlays: the objects of xls_objects at the places of
xls_drawing, and the comments.

Promises: one walk over the records of a sheet; never raises over their content.
"""

from __future__ import annotations

import struct
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace

from intake.document import Box, Piece, Text
from intake.readers import ink
from intake.readers.controls import SOURCE, control_in_stream
from intake.readers.docx_drawings import EMU_PER_POINT, SMALL_PICTURE, SMALL_SHAPE, is_tick
from intake.readers.sheet import Corner, Overlay, Overlays, Sizes, lines_of, runs
from intake.readers.sheet_styles import Font
from intake.readers.xls_drawing import Shape, shapes
from intake.readers.xls_objects import (
    CHECK_BOX,
    COMMENT,
    DROP_DOWN,
    LIST,
    OPTION,
    PICTURE,
    Drawn,
    Reference,
    read_object,
    text_fonts,
    text_part,
    text_sizes,
)
from intake.readers.xls_records import CONTINUE, DRAWING, NOTE, OBJ, TXO, Workbook, sheet_records

_RECTANGLES = frozenset({1, 2})  # MSOSPT: rectangle, rectangle with round corners
_SMALL_BOX = 400_000  # EMU; a drawn square up to this size is a check box


@dataclass(frozen=True, slots=True)
class Surroundings:
    """Of the workbook: fonts by number, pictures, the stream of the ActiveX controls, and what the cells that a
    reference names show (a function from reference and number of the sheet)."""

    fonts: Callable[[int], Font]
    pictures: Sequence[bytes]
    controls: bytes
    cells: Callable[[Reference], list[str]]
    is_here: Callable[[Reference], bool]


@dataclass(slots=True)
class _Walk:
    """What the records of a sheet hold: the drawing, the objects by the place in it at which they came, the cell
    of each comment by the object's identity."""

    drawing: bytearray = field(default_factory=bytearray)
    objects: list[tuple[int, Drawn]] = field(default_factory=list)
    notes: list[tuple[int, int, int]] = field(default_factory=list)
    characters: int = 0  # of the TxO at hand, still to come
    fonts: int = 0  # bytes of its runs, still to come

    def take(self, kind: int, data: bytes, before: int) -> int:
        """Take a record; returns the kind that Continue records after it continue."""
        if kind == CONTINUE:
            return self._continue(data, before)
        if kind == DRAWING:
            self.drawing += data
        elif kind == OBJ:
            found = read_object(data)
            if found is not None:
                self.objects.append((len(self.drawing), found))
        elif kind == TXO:
            self.characters, self.fonts = text_sizes(data)
        elif kind == NOTE and len(data) >= 8:
            row, column, _, identity = struct.unpack_from("<HHHH", data)
            self.notes.append((identity, row, column))
        return kind

    def _continue(self, data: bytes, before: int) -> int:
        """Text, then runs of a TxO; any other continues the drawing ([MS-XLS] 2.4.58)."""
        owner = self.objects[-1][1] if self.objects else None
        if before == TXO and self.characters > 0 and owner is not None:
            part = text_part(data)
            owner.words += part
            self.characters -= max(1, len(part))
            return TXO
        if before == TXO and self.fonts > 0 and owner is not None:
            owner.fonts += text_fonts(data)
            self.fonts -= max(1, len(data))
            return TXO
        if before in (TXO, OBJ, DRAWING):
            self.drawing += data
            return DRAWING
        return before


def read_overlays(book: Workbook, place: int, sizes: Sizes, around: Surroundings) -> Overlays:
    """Everything that lies over the sheet whose records begin at `place`."""
    found = Overlays()
    if not book.has_drawings:
        return found
    walk, before = _Walk(), 0
    for kind, begin, end in sheet_records(book.stream, place):
        if not book.is_biff8:
            _take_old_object(kind, book.stream[begin:end], sizes, found)
        elif kind in (CONTINUE, DRAWING, OBJ, TXO, NOTE):
            before = walk.take(kind, book.stream[begin:end], before)
        else:
            before = kind
    anchors = dict(shapes(bytes(walk.drawing), sizes))
    for at, drawn in walk.objects:
        shape = anchors.get(at)
        if shape is not None and not shape.hidden and drawn.kind != COMMENT:
            _add(found, drawn, shape, around)
    _add_comments(found, walk)
    return found


def _add_comments(found: Overlays, walk: _Walk) -> None:
    words = {drawn.identity: drawn.words for _, drawn in walk.objects if drawn.kind == COMMENT}
    for identity, row, column in walk.notes:
        if words.get(identity, "").strip():
            found.comments[row, column] = words[identity].strip()


def _take_old_object(kind: int, data: bytes, sizes: Sizes, found: Overlays) -> None:
    """A check box or option button of BIFF5 ([MS-XLS] has none; Excel 5 OBJ): its state is not known to us."""
    if kind != OBJ or len(data) < 30:
        return
    what, _, _, left, dx, top, dy, right, dx2, bottom, dy2 = struct.unpack_from("<11H", data, 4)
    if what not in (CHECK_BOX, OPTION):
        return
    start = Corner(left, dx / 1024 * sizes.column_width(left), top, dy / 256 * sizes.row_height(top))
    end = Corner(right, dx2 / 1024 * sizes.column_width(right), bottom, dy2 / 256 * sizes.row_height(bottom))
    found.items.append(Overlay(start, end, (Box("unknown", "form control"),)))


def _add(found: Overlays, drawn: Drawn, shape: Shape, around: Surroundings) -> None:
    if shape.start is None or shape.end is None:
        return
    pieces = _pieces(drawn, shape, around, found)
    if not pieces:
        return
    words = any(isinstance(piece, Text) for piece in pieces) and isinstance(pieces[0], Box)
    overlay = Overlay(shape.start, shape.end, pieces, words)
    found.items.append(overlay)
    link = drawn.link
    if link is None or not around.is_here(link):
        return
    if drawn.kind == CHECK_BOX:
        found.linked.setdefault(link.first, []).append(overlay)
    else:
        found.feeding.add(link.first)


def _pieces(drawn: Drawn, shape: Shape, around: Surroundings, found: Overlays) -> tuple[Piece, ...]:
    words = _words(drawn, shape, around.fonts)
    if drawn.kind in (CHECK_BOX, OPTION):
        return (Box(drawn.state, "form control" if drawn.kind == CHECK_BOX else "option button"), *words)
    if drawn.kind in (LIST, DROP_DOWN):
        return _chosen(drawn, around)
    if drawn.kind == PICTURE and drawn.active:
        return _active(drawn, around.controls)
    if words:
        return words
    size = max(shape.width, shape.height) * EMU_PER_POINT
    if shape.picture:
        return _picture(shape, size, around, found)
    if not 0 < size <= SMALL_SHAPE:
        return ()
    return (_drawn(shape, size),)


def _chosen(drawn: Drawn, around: Surroundings) -> tuple[Piece, ...]:
    """The chosen line of a list; where the lines cannot be told, or several may be chosen, a mark not understood."""
    if drawn.automatic or not (drawn.choice or drawn.several):
        return ()
    lines = around.cells(drawn.source) if drawn.source is not None and not drawn.several else []
    if 0 < drawn.choice <= len(lines):
        return (Text(lines[drawn.choice - 1]),) if lines[drawn.choice - 1] else ()
    return (Box("unknown", "list"),)


def _drawn(shape: Shape, size: float) -> Box:
    """A drawn shape without words: an empty square is a box, a line down and up again a tick."""
    square = size <= _SMALL_BOX and 0.6 <= shape.width / max(shape.height, 0.1) <= 1.6
    if shape.kind in _RECTANGLES and square and shape.clear:
        return Box("empty", "shape", "□")
    if not shape.turned and is_tick(shape.points):
        return Box("ticked", "shape", "√")
    return Box("unknown", "shape")


def _words(drawn: Drawn, shape: Shape, fonts: Callable[[int], Font]) -> tuple[Piece, ...]:
    text = drawn.words.strip() or shape.words.strip()
    if not text:
        return ()
    starts = [(offset, replace(fonts(number), looks=Font().looks)) for offset, number in drawn.fonts]
    lines = lines_of(runs(drawn.words, starts, Font()) if drawn.words.strip() else [(text, Font())])
    pieces: list[Piece] = []
    for line in lines:
        if pieces:
            pieces.append(Text("\n"))
        pieces.extend(line.pieces())
    return tuple(pieces)


def _active(drawn: Drawn, controls: bytes) -> tuple[Piece, ...]:
    """An ActiveX control out of the stream Ctls; a check box that is not there is of unknown state."""
    place, size = drawn.stored or (0, 0)
    content = controls[place : place + size]
    pieces = control_in_stream("", content).pieces() if content else ()
    return pieces or ((Box("unknown", SOURCE),) if drawn.box else ())


def _picture(shape: Shape, size: float, around: Surroundings, found: Overlays) -> tuple[Piece, ...]:
    if size > SMALL_PICTURE or not size:
        found.large_pictures += 1
        return ()
    content = around.pictures[shape.picture - 1] if 0 < shape.picture <= len(around.pictures) else b""
    state, glyph = ink.look(content)
    return (Box(state, "picture", glyph),)

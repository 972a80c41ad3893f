"""Floating marks brought to the character over which they are drawn.

Word anchors a floating text box or tick at a paragraph, often at its start, and draws it at an
offset. The widths of the characters are estimated (a Chinese character is as wide as its size, a
Latin one half of that); this is enough to tell the boxes of one line apart. Where the estimate and
an anchor in the middle of the line speak for different places, the mark's state is unknown; so it is
where nothing can be estimated and the line offers several boxes.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from intake.document import Box, Piece, Text
from intake.readers.docx_drawings import EMU_PER_POINT, Place
from intake.readers.pieces import MARKS, Line
from intake.readers.symbols import EMPTY_GLYPHS

_OPTION_SIGNS = EMPTY_GLYPHS | frozenset("（(")


@dataclass(frozen=True, slots=True)
class Float:
    """Floating pieces and the number of pieces of the line before their anchor."""

    index: int
    pieces: tuple[Piece, ...]
    place: Place


@dataclass(frozen=True, slots=True)
class Metrics:
    """Of the line: size of its characters and of the room in points (0: unknown), and its alignment."""

    size: float = 10.5
    room: float = 0.0
    indent: float = 0.0
    align: str = "left"


@dataclass(frozen=True, slots=True)
class _Spot:
    """A character (or box) of the line, by piece and offset, with its left edge and width in points."""

    piece: int
    offset: int
    left: float
    width: float
    shown: str


def place(pieces: Sequence[Piece], floats: Sequence[Float], metrics: Metrics) -> tuple[Piece, ...]:
    """The line with its floating pieces put in where they are seen."""
    spots = list(_spots(pieces, metrics))
    inserts: list[tuple[int, int, tuple[Piece, ...]]] = []
    for floating in floats:
        inserts.append(_landing(spots, floating, metrics, pieces))
    return _insert(pieces, inserts)


def _landing(
    spots: Sequence[_Spot], floating: Float, metrics: Metrics, pieces: Sequence[Piece]
) -> tuple[int, int, tuple[Piece, ...]]:
    anchor = (floating.index, 0, floating.pieces)
    spot = _under(spots, floating, metrics)
    if spot is None:
        return (
            (*anchor[:2], tuple(map(_doubtful, floating.pieces))) if _could_be_any(pieces, floating.index) else anchor
        )
    here = (spot.piece, spot.offset + 1, floating.pieces)
    before = [one for one in spots if one.piece < floating.index]
    after = [one for one in spots if one.piece >= floating.index]
    if not any(one.shown.strip() for one in before) or not any(one.shown.strip() for one in after):
        return here  # an anchor at either end of the line says nothing
    near = abs(spot.left - before[-1].left) <= 2.2 * metrics.size and before[-1].shown.strip()
    if near or (abs(spot.left - after[0].left) <= 1.2 * metrics.size and after[0].shown.strip()):
        return here
    return floating.index, 0, tuple(_doubtful(piece) for piece in floating.pieces)


def _could_be_any(pieces: Sequence[Piece], index: int) -> bool:
    """Whether the line offers several boxes and the anchor, at either end of it, speaks for none."""
    before, after = ("".join(map(_shown, part)) for part in (pieces[:index], pieces[index:]))
    several = sum(character in _OPTION_SIGNS for character in before + after) > 1
    return several and not (before.strip() and after.strip())


def _shown(piece: Piece) -> str:
    return piece.text if isinstance(piece, Text) else "□" if isinstance(piece, Box) else ""


def _doubtful(piece: Piece) -> Piece:
    if isinstance(piece, Text) and piece.text.strip() in MARKS:
        return Box("unknown", "floating text", piece.text.strip(), piece.looks)
    return Box("unknown", piece.source, piece.glyph, piece.looks) if isinstance(piece, Box) else piece


def _under(spots: Sequence[_Spot], floating: Float, metrics: Metrics) -> _Spot | None:
    """The visible character nearest to the middle of the floating thing, if one is near."""
    spots = [spot for spot in spots if spot.shown.strip()]
    if not spots:
        return None
    middle = (floating.place.offset + floating.place.width / 2) / EMU_PER_POINT
    if floating.place.relative == "character":
        before = [spot for spot in spots if spot.piece < floating.index]
        middle += before[-1].left + before[-1].width if before else spots[0].left
    elif not _measurable(floating.place.relative, metrics):
        return None
    nearest = min(spots, key=lambda spot: abs(spot.left + spot.width / 2 - middle))
    far = abs(nearest.left + nearest.width / 2 - middle)
    return nearest if far <= 1.5 * metrics.size else None


def _measurable(relative: str, metrics: Metrics) -> bool:
    """Whether an offset can be told from the left edge of the text; outside a table margin and column are one."""
    known = relative == "column" or (relative == "margin" and not metrics.room)
    return known and (bool(metrics.room) or metrics.align not in ("center", "right", "end"))


def _spots(pieces: Sequence[Piece], metrics: Metrics) -> Iterator[_Spot]:
    total = sum(_width(piece, metrics) for piece in pieces)
    left = metrics.indent
    if metrics.room and total > metrics.room:  # more than one line: nothing can be said
        return
    if metrics.room and metrics.align in ("center", "right", "end"):
        left = (metrics.room - total) / (2 if metrics.align == "center" else 1)
    for index, piece in enumerate(pieces):
        for offset, character in enumerate(_shown(piece)):
            width = _character_width(character, metrics)
            yield _Spot(index, offset, left, width, character)
            left += width


def _width(piece: Piece, metrics: Metrics) -> float:
    return sum(_character_width(character, metrics) for character in _shown(piece))


def _character_width(character: str, metrics: Metrics) -> float:
    if character == "\t":
        return 2 * metrics.size
    wide = unicodedata.east_asian_width(character) in "WFA"
    return metrics.size * (1.0 if wide else 0.5)


def _insert(pieces: Sequence[Piece], inserts: Sequence[tuple[int, int, tuple[Piece, ...]]]) -> tuple[Piece, ...]:
    line = Line()
    for index in range(len(pieces) + 1):
        here = sorted((one for one in inserts if one[0] == index), key=lambda one: one[1])
        piece = pieces[index] if index < len(pieces) else None
        if isinstance(piece, Text):
            start = 0
            for _, offset, floating in here:
                line.text(piece.text[start:offset], piece.looks)
                line.extend(floating)
                start = offset
            line.text(piece.text[start:], piece.looks)
            continue
        line.extend(one for _, offset, floating in here if offset == 0 for one in floating)
        if piece is not None:
            line.add(piece)
        line.extend(one for _, offset, floating in here if offset > 0 for one in floating)
    return line.pieces()

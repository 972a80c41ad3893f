"""Lines of a page: pieces cut at line ends, and cut again where a label ends.

Promises: offsets in `Line.text` are offsets of its pieces; a Box counts as one character, a Remark as none.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace

from intake.document import Block, Box, Cell, Paragraph, Piece, Remark, Table, Text, pieces_of
from intake.form.glyphs import BOX_CHAR

_QUOTE_SIGNS = re.compile(r"^\s*(?:[>＞]\s?)+")


@dataclass(frozen=True, slots=True)
class Line:
    """One visible line. `number` is its paragraph's, from 1; `quoted`: it began with > as quoted mail does."""

    pieces: tuple[Piece, ...]
    text: str
    number: int = 0
    quoted: bool = False

    @property
    def blank(self) -> bool:
        return not self.text.strip() and not any(isinstance(piece, Box) for piece in self.pieces)


def lines_of(blocks: Iterable[Paragraph]) -> list[Line]:
    """The lines of paragraphs in order, quote signs taken off."""
    lines = []
    number = 0
    for paragraph in blocks:
        number += bool(paragraph.text.strip())
        lines += [_unquoted(make_line(pieces, number)) for pieces in _split(paragraph.pieces)]
    return lines


def make_line(pieces: Sequence[Piece], number: int = 0) -> Line:
    return Line(tuple(pieces), "".join(map(_as_text, pieces)), number)


def join_lines(first: Line, second: Line) -> Line:
    """A line and its continuation as one."""
    return replace(first, pieces=first.pieces + second.pieces, text=first.text + second.text)


def cut(line: Line, start: int, end: int | None = None) -> tuple[Piece, ...]:
    """The pieces of a stretch of a line."""
    stop = len(line.text) if end is None else end
    kept: list[Piece] = []
    at = 0
    for piece in line.pieces:
        size = len(_as_text(piece))
        if isinstance(piece, Text):
            text = piece.text[max(0, start - at) : max(0, stop - at)]
            if text:
                kept.append(Text(text, piece.looks))
        elif start <= at <= stop and (isinstance(piece, Remark) or at < stop):
            kept.append(piece)
        at += size
    return tuple(kept)


def cell_pieces(cell: Cell) -> tuple[Piece, ...]:
    """The pieces of a cell, a line end between its blocks and a tab between cells of a nested table."""
    pieces: list[Piece] = []
    for block in cell.blocks:
        if pieces:
            pieces.append(Text("\n"))
        pieces += _block_pieces(block)
    return tuple(pieces)


def _block_pieces(block: Block) -> Iterator[Piece]:
    if isinstance(block, Paragraph):
        yield from block.pieces
        return
    for row in block.rows:
        for number, cell in enumerate(row):
            if number:
                yield Text("\t")
            yield from cell_pieces(cell)
        yield Text("\n")


def remarks_in(cells: Iterable[Cell]) -> tuple[Piece, ...]:
    """The margin comments anchored in cells."""
    blocks = [block for cell in cells for block in cell.blocks]
    pieces = (block.pieces if isinstance(block, Paragraph) else pieces_of(block) for block in blocks)
    return tuple(piece for some in pieces for piece in some if isinstance(piece, Remark))


def has_table(cell: Cell) -> bool:
    return Table in map(type, cell.blocks)


def shown(pieces: Iterable[Piece]) -> str:
    """The text of pieces, boxes left out."""
    return "".join(piece.text for piece in pieces if isinstance(piece, Text))


def standing(pieces: Iterable[Piece]) -> str:
    """The text of pieces without what was struck out."""
    return "".join(piece.text for piece in pieces if isinstance(piece, Text) and not piece.looks.struck)


def struck(pieces: Iterable[Piece]) -> str:
    """The text that was struck out, in one line; "" where nothing visible was."""
    gone = (piece.text for piece in pieces if isinstance(piece, Text) and piece.looks.struck)
    return " ".join("".join(gone).split())


def visible(pieces: Iterable[Piece]) -> bool:
    """Whether a person sees anything."""
    return any(isinstance(piece, Box) or (isinstance(piece, Text) and piece.text.strip()) for piece in pieces)


def _as_text(piece: Piece) -> str:
    match piece:
        case Text(text=text):
            return text
        case Box():
            return BOX_CHAR
        case Remark():
            return ""


def _split(pieces: Sequence[Piece]) -> Iterator[list[Piece]]:
    line: list[Piece] = []
    for piece in pieces:
        if not isinstance(piece, Text) or "\n" not in piece.text:
            line.append(piece)
            continue
        first, *more = piece.text.split("\n")
        line.append(Text(first, piece.looks))
        for text in more:
            yield line
            line = [Text(text, piece.looks)]
    yield line


def _unquoted(line: Line) -> Line:
    signs = _QUOTE_SIGNS.match(line.text)
    if not signs:
        return line
    return replace(make_line(cut(line, signs.end()), line.number), quoted=True)

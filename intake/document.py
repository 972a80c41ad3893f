"""The one model of a page, whatever the file format.

A reader turns bytes into a Document; the judge sees nothing else. Text that a
person would not see (hidden, deleted by a tracked change) is not in it; what a
tracked change inserted is.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import cached_property
from typing import Literal, TypeAlias

BoxState: TypeAlias = Literal["ticked", "empty", "unknown"]


@dataclass(frozen=True, slots=True)
class Looks:
    """How a stretch of text looks; only what a person could use to choose or reject an option."""

    struck: bool = False
    highlighted: bool = False
    shaded: bool = False
    underlined: bool = False
    bold: bool = False
    coloured: bool = False
    bordered: bool = False
    inserted: bool = False
    faint: bool = False  # grey or white characters


PLAIN = Looks()


@dataclass(frozen=True, slots=True)
class Text:
    """Characters as a person sees them: symbol fonts and private-use codes already turned into
    the Unicode character they show (Wingdings FE is ☑)."""

    text: str
    looks: Looks = PLAIN


@dataclass(frozen=True, slots=True)
class Box:
    """A check box that is not plain text.

    `state` is what a person sees; `source` says how it was known (`sym F052`, `content control`,
    `FORMCHECKBOX`, `EQ field`, `form control`, `picture`, `ink 0.31`); `glyph` is the character shown, or "".
    `cutout` is a small PNG of the answer's place where it was read from pixels (40 KB at most).
    """

    state: BoxState
    source: str
    glyph: str = ""
    looks: Looks = PLAIN
    cutout: bytes = field(default=b"", repr=False)


@dataclass(frozen=True, slots=True)
class Remark:
    """A comment in the margin, standing where it is anchored."""

    text: str


Piece: TypeAlias = Text | Box | Remark


@dataclass(frozen=True, slots=True)
class Paragraph:
    """One line of pieces in reading order; a line break inside it is a Text of "\\n"."""

    pieces: tuple[Piece, ...] = ()

    @property
    def text(self) -> str:
        """The visible characters; a Box shows its glyph, or ☑ / ☐ where it has none."""
        return "".join([piece.text if isinstance(piece, Text) else _shown(piece) for piece in self.pieces])


@dataclass(frozen=True)  # without slots, so that the text can be kept: many ask for it
class Cell:
    """A cell of a table; `blocks` holds its paragraphs and nested tables in order.

    `column` counts grid columns from 0, so cells of different rows align; a cell continued by a
    vertical merge appears once, in its first row, with `row_span`.
    """

    blocks: tuple[Block, ...] = ()
    column: int = 0
    column_span: int = 1
    row_span: int = 1

    @cached_property
    def text(self) -> str:
        return "\n".join([text for block in self.blocks if (text := block.text)])


@dataclass(frozen=True, slots=True)
class Table:
    """Rows of cells. `name` is the sheet's name for a workbook, else ""."""

    rows: tuple[tuple[Cell, ...], ...] = ()
    name: str = ""
    first_row: int = 1  # the number a person sees for the first row (a sheet may start lower)

    @property
    def text(self) -> str:
        return "\n".join("\t".join(cell.text for cell in row) for row in self.rows)


Block: TypeAlias = Paragraph | Table


@dataclass(frozen=True, slots=True)
class Document:
    """A page: blocks in reading order.

    `format` is the reader's name (docx, doc, xlsx, xls, pdf, picture, html, plain ...); `drawn` is true
    where the values come from pixels; `marks` holds the marks our own documents carry, so that a receipt or ledger of
    ours that comes back is never read as a form; `notes` are facts for the log (`tracked changes`).
    `damaged`: parts of the file are lost, so a mark that is not there may have been. `prefilled`: the
    hidden key of a form that we filled in for a unit, then the ids of the fields we filled; a hint only.
    """

    blocks: tuple[Block, ...] = ()
    format: str = ""
    drawn: bool = False
    marks: tuple[str, ...] = ()
    notes: tuple[str, ...] = ()
    damaged: bool = False
    prefilled: tuple[str, ...] = ()

    @property
    def text(self) -> str:
        return "\n".join(block_text(block) for block in self.blocks)


def block_text(block: Block) -> str:
    """The visible text of a paragraph or a table."""
    return block.text


def pieces_of(block: Block) -> Iterator[Piece]:
    """Every piece of a block in reading order, nested tables included."""
    if isinstance(block, Paragraph):
        yield from block.pieces
        return
    for row in block.rows:
        for cell in row:
            for inner in cell.blocks:
                yield from pieces_of(inner)


def _shown(piece: Box | Remark) -> str:
    if isinstance(piece, Remark):
        return ""
    return piece.glyph or ("☑" if piece.state == "ticked" else "☐")

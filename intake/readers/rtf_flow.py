r"""Paragraphs, cells and rows of an RTF file, as they end, put together into blocks.

RTF has no tables, only paragraphs that stand in one: a row is defined by the right edges of its
cells (\cellx), and the columns of a table come from the edges of all its rows. Source: RTF 1.9.1,
"Table Definitions". Bounded by the size of the file and MAX_NESTING.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from intake.document import Block, Cell, Paragraph, Table
from intake.readers.rtf_tokens import Control

MAX_NESTING = 30
_SAME_EDGE = 30  # twips: edges that differ by less are one line to the eye
_CELL_MARGIN = 10.8  # points, left and right together (Word's default)
_MAX_TWIPS = 1 << 20


@dataclass(slots=True)
class Column:
    """The definition of a cell: its right edge in twips and what is said before it."""

    right: int = 0
    words: dict[str, int] = field(default_factory=dict)

    def has(self, word: str) -> bool:
        return word in self.words


@dataclass(slots=True)
class Row:
    """The definition of a row, from \\trowd on."""

    left: int = 0
    first: bool = False
    last: bool = False
    columns: list[Column] = field(default_factory=list)
    _next: dict[str, int] = field(default_factory=dict)

    def apply(self, control: Control) -> None:
        """Take one control word: \\trleft, \\cellx, or what stands before \\cellx."""
        number = max(-_MAX_TWIPS, min(control.parameter or 0, _MAX_TWIPS))
        match control.word:
            case "cellx":
                self.columns.append(Column(number, self._next))
                self._next = {}
            case "trleft":
                self.left = number
            case "irow":
                self.first = number == 0
            case "lastrow":
                self.last = True
            case word if word.startswith("cl"):
                self._next[word] = number if control.parameter is not None else 1

    def edges(self, count: int) -> list[int]:
        """The left edge of the row and the right edges of `count` cells, ever growing."""
        found = [self.left]
        for index in range(count):
            right = self.columns[index].right if index < len(self.columns) else found[-1] + 1440
            found.append(max(right, found[-1] + 1))
        return found

    def room(self, index: int) -> float:
        """The width of a cell in points, 0 where it is not known."""
        if index >= len(self.columns):
            return 0.0
        left = self.columns[index - 1].right if index else self.left
        return max(0.0, (self.columns[index].right - left) / 20 - _CELL_MARGIN)


@dataclass(slots=True)
class _Level:
    """A table being read (level 0: the page): its rows, the cells of its row, the blocks of its cell."""

    blocks: list[Block] = field(default_factory=list)
    cells: list[tuple[Block, ...]] = field(default_factory=list)
    rows: list[tuple[Row, list[tuple[Block, ...]]]] = field(default_factory=list)


class Flow:
    """The blocks of a page, note or text box under construction."""

    def __init__(self) -> None:
        self._levels = [_Level()]

    def cell_index(self, depth: int) -> int:
        """How many cells of the row at this depth have ended."""
        return len(self._levels[depth].cells) if depth < len(self._levels) else 0

    def paragraph(self, paragraph: Paragraph, after: Iterable[Block], depth: int) -> None:
        self._go_to(depth)
        self._levels[-1].blocks.append(paragraph)
        self._levels[-1].blocks.extend(after)

    def end_cell(self, depth: int) -> None:
        """The paragraph of the cell has been given before."""
        self._go_to(max(1, depth))
        level = self._levels[-1]
        filled = any(isinstance(block, Table) or block.pieces for block in level.blocks)
        level.cells.append(tuple(level.blocks) if filled else ())
        level.blocks = []

    def end_row(self, row: Row, depth: int) -> None:
        self._go_to(max(1, depth))
        level = self._levels[-1]
        if level.rows and row.first and level.rows[-1][0].last:
            self._end_table()
            self._levels.append(_Level(cells=level.cells))
            level = self._levels[-1]
        if level.cells:
            level.rows.append((row, level.cells))
        level.cells, level.blocks = [], []

    def finish(self) -> list[Block]:
        self._go_to(0)
        return self._levels[0].blocks

    def _go_to(self, depth: int) -> None:
        """Open or close tables until the next block stands in `depth` of them."""
        depth = min(depth, MAX_NESTING)
        while len(self._levels) - 1 > depth:
            self._break_off_table()
        while len(self._levels) - 1 < depth:
            self._levels.append(_Level())

    def _break_off_table(self) -> None:
        """The table ends; a row that was begun is a row, a paragraph that is in no cell comes after the table."""
        level = self._levels[-1]
        left: list[Block] = []
        if level.cells:
            if level.blocks:
                self.end_cell(len(self._levels) - 1)
            self.end_row(level.rows[-1][0] if level.rows else Row(), len(self._levels) - 1)
        else:
            left = level.blocks
        self._end_table()
        self._levels[-1].blocks.extend(left)

    def _end_table(self) -> None:
        rows = self._levels.pop().rows
        if rows:
            self._levels[-1].blocks.append(grid(rows))


@dataclass(slots=True)
class _Draft:
    """A cell whose merging may still go on."""

    blocks: tuple[Block, ...]
    column: int
    span: int
    rows: int = 1


def grid(rows: Sequence[tuple[Row, Sequence[tuple[Block, ...]]]]) -> Table:
    """Rows with the blocks of their cells as a table; merged cells are one."""
    edges = [row.edges(len(cells)) for row, cells in rows]
    places = _places(edge for line in edges for edge in line)
    merging: dict[int, _Draft] = {}
    found: list[list[_Draft]] = []
    for (row, cells), line in zip(rows, edges, strict=True):
        drafts, merging = _row(row, cells, [places[edge] for edge in line], merging)
        found.append(drafts)
    return Table(tuple(tuple(Cell(d.blocks, d.column, d.span, d.rows) for d in drafts) for drafts in found))


def _row(
    row: Row, cells: Sequence[tuple[Block, ...]], places: Sequence[int], merging: Mapping[int, _Draft]
) -> tuple[list[_Draft], dict[int, _Draft]]:
    drafts: list[_Draft] = []
    going_on: dict[int, _Draft] = {}
    for index, blocks in enumerate(cells):
        column = row.columns[index] if index < len(row.columns) else Column()
        place, span = places[index], max(1, places[index + 1] - places[index])
        if column.has("cldel"):
            continue
        if column.has("clmrg") and drafts:
            drafts[-1].span = places[index + 1] - drafts[-1].column
        elif column.has("clvmrg") and place in merging:
            merging[place].rows += 1
            going_on[place] = merging[place]
        else:
            drafts.append(_Draft(blocks, place, span))
            if column.has("clvmgf") or column.has("clvmrg"):
                going_on[place] = drafts[-1]
    return drafts, going_on


def _places(edges: Iterable[int]) -> dict[int, int]:
    """The number of the grid line for every edge, edges close together being one line."""
    found: dict[int, int] = {}
    line, start = -1, 0
    for edge in sorted(set(edges)):
        if line < 0 or edge - start > _SAME_EDGE:
            line, start = line + 1, edge
        found[edge] = line
    return found

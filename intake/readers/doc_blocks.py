"""Paragraphs and tables of a Word 97-2003 file as WordprocessingML.

A table is a row of paragraphs: a cell ends with a mark of its own, and so does a row, whose mark
carries the edges of the cells ([MS-DOC] 2.4.3 to 2.4.5, sprmTDefTable). Rows of one table may part
their width differently; the edges of all rows together make the grid.
"""

from __future__ import annotations

import re
import struct
from bisect import bisect_left
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace

from intake.readers.doc_runs import Runs
from intake.readers.doc_sprms import ParagraphProperties, Sprm, shading, shading_80
from intake.readers.doc_styles import alignment, list_reference
from intake.readers.doc_text import WordText

_CELL_MARK = "\x07"
_ENDS = re.compile("[\r\x07\x0c]")
_SAME_EDGE = 40  # twips: edges nearer than this are one
_MAX_CELLS = 64
_TC = 20  # bytes of a TC80


@dataclass(slots=True)
class _Cell:
    content: list[str] = field(default_factory=list)


@dataclass(slots=True)
class _Row:
    cells: list[_Cell] = field(default_factory=list)
    table: Sequence[Sprm] = ()
    deleted: bool = False


@dataclass(slots=True)
class _Table:
    rows: list[_Row] = field(default_factory=list)
    row: _Row = field(default_factory=_Row)
    cell: _Cell | None = None


@dataclass(slots=True)
class _Page:
    """What is being written: the finished blocks, and the open tables from the outermost in."""

    blocks: list[str] = field(default_factory=list)
    tables: list[_Table] = field(default_factory=list)

    def target(self) -> list[str]:
        if not self.tables:
            return self.blocks
        table = self.tables[-1]
        if table.cell is None:
            table.cell = _Cell()
        return table.cell.content

    def descend(self, level: int) -> None:
        """Open or close tables until as many are open as a paragraph stands in."""
        while len(self.tables) > level:
            table = self.tables.pop()
            _end_row(table)
            self.target().append(_table(table))
        while len(self.tables) < level:
            self.target()
            self.tables.append(_Table())


class Blocks:
    """Writes stretches of the document as paragraphs and tables."""

    def __init__(self, text: WordText, runs: Runs) -> None:
        self._text = text
        self._runs = runs

    def write(self, start: int, end: int) -> str:
        """The blocks of the characters from one CP to another."""
        page = _Page()
        for first, mark in self._paragraphs(start, min(end, len(self._text.characters))):
            self._paragraph(page, first, mark)
        page.descend(0)
        return "".join(page.blocks)

    def _paragraphs(self, start: int, end: int) -> Iterator[tuple[int, int]]:
        """The paragraphs as (first CP, CP of the mark); the last one may lack its mark."""
        while start < end:
            match = _ENDS.search(self._text.characters, start, end)
            mark = match.start() if match else end
            yield start, mark
            start = mark + 1

    def _paragraph(self, page: _Page, first: int, mark: int) -> None:
        properties, sign = self._properties(page, first, mark)
        page.descend(properties.level)
        if not properties.level:
            page.blocks.append(self._xml(first, mark, properties))
            return
        table = page.tables[-1]
        if properties.row_end or properties.inner_row_end:
            table.row.table = properties.table
            table.row.deleted = self._mark_is_deleted(mark)
            _end_row(table)
            return
        page.target().append(self._xml(first, mark, properties))
        if sign == _CELL_MARK or properties.inner_cell_end:
            _end_cell(table)

    def _properties(self, page: _Page, first: int, mark: int) -> tuple[ParagraphProperties, str]:
        """Where the formatting is lost, a cell mark still says that there is a table; two of them end a row."""
        last = min(mark, len(self._text.characters) - 1)
        sign = self._text.characters[last]
        properties = self._text.paragraph(last)
        if sign == _CELL_MARK and not properties.level:
            row_end = first == mark and bool(page.tables and page.tables[-1].row.cells)
            properties = replace(properties, in_table=True, depth=1, row_end=row_end)
        if mark > last:
            sign = ""
        return properties, sign

    def _mark_is_deleted(self, mark: int) -> bool:
        return any(self._runs.character(one.grpprl, 0).deleted for one in self._text.stretches(mark, mark + 1))

    def _xml(self, first: int, mark: int, properties: ParagraphProperties) -> str:
        own = [f'<w:pStyle w:val="s{properties.style}"/>', properties.shading]
        own.append(list_reference(properties.list_number, properties.list_level))
        if properties.align is not None:
            own.append(f'<w:jc w:val="{alignment(properties.align)}"/>')
        if properties.left or properties.first:
            own.append(f'<w:ind w:left="{properties.left}" w:firstLine="{properties.first}"/>')
        own.append(self._mark(mark, properties.style))
        runs = self._runs.runs(first, mark, properties.style)
        return f"<w:p><w:pPr>{''.join(own)}</w:pPr>{runs}</w:p>"

    def _mark(self, mark: int, style: int) -> str:
        """The properties of the mark: a deleted or hidden one joins the paragraph to the next."""
        if self._text.characters[mark : mark + 1] != "\r":
            return ""
        for stretch in self._text.stretches(mark, mark + 1):
            character = self._runs.character(stretch.grpprl, style)
            hidden = '<w:vanish w:val="1"/>' if '<w:vanish w:val="1"/>' in character.properties else ""
            return f"<w:rPr>{'<w:del/>' if character.deleted else ''}{hidden}</w:rPr>"
        return ""


def _end_cell(table: _Table) -> None:
    table.row.cells.append(table.cell or _Cell())
    table.cell = None


def _end_row(table: _Table) -> None:
    if table.cell is not None:
        _end_cell(table)
    if table.row.cells:
        table.rows.append(table.row)
    table.row = _Row()


# ---- tables -----------------------------------------------------------------------------------------


@dataclass(slots=True)
class _Definition:
    """Of a row: the edges of its cells in twips, and for each cell its merging and shading."""

    edges: list[int]
    across: list[int]  # 0: not merged; the first cell of a merged set has another number than the rest
    down: list[int]  # 0: not merged, 1: goes on, 3: begins
    shadings: list[str]


def _definition(row: _Row) -> _Definition:
    found = _Definition([], [0] * _MAX_CELLS, [0] * _MAX_CELLS, [""] * _MAX_CELLS)
    for code, operand in row.table:
        if code == 0xD608 and operand:
            _define(found, operand)
        elif code == 0xD609:
            _put(found.shadings, 0, [shading_80(operand[at : at + 2]) for at in range(0, len(operand) - 1, 2)])
        elif code in (0xD612, 0xD616, 0xD60C):
            first = {0xD612: 0, 0xD616: 22, 0xD60C: 44}[code]
            _put(found.shadings, first, [shading(operand[at : at + 10]) for at in range(0, len(operand) - 9, 10)])
        elif code == 0xD62B and len(operand) >= 2 and operand[0] < _MAX_CELLS:
            found.down[operand[0]] = operand[1]
        elif code == 0x5624:
            for at in range(operand[0], min(operand[1], _MAX_CELLS)):
                found.across[at] = 1 if at == operand[0] else 2
    return found


def _define(found: _Definition, operand: bytes) -> None:
    count = min(operand[0], _MAX_CELLS - 1)
    if len(operand) < 1 + 2 * (count + 1):
        return
    found.edges = list(struct.unpack_from(f"<{count + 1}h", operand, 1))
    base = 1 + 2 * (count + 1)
    for at in range(count):
        bits = int.from_bytes(operand[base + _TC * at : base + _TC * at + 2], "little")
        found.across[at], found.down[at] = bits & 3, bits >> 5 & 3


def _put(shadings: list[str], first: int, new: Sequence[str]) -> None:
    shadings[first : first + len(new)] = new[: max(0, _MAX_CELLS - first)]


def _table(table: _Table) -> str:
    definitions = [_definition(row) for row in table.rows]
    grid = _grid(edge for one in definitions for edge in one.edges)
    rows = "".join(_row(row, one, grid) for row, one in zip(table.rows, definitions, strict=True))
    return f"<w:tbl>{rows}</w:tbl>"


def _grid(edges: Iterator[int]) -> list[int]:
    found: list[int] = []
    for edge in sorted(set(edges)):
        if not found or edge - found[-1] > _SAME_EDGE:
            found.append(edge)
    return found


def _column(grid: Sequence[int], edge: int) -> int:
    """The grid line of an edge: the last one not right of it."""
    return max(0, bisect_left(grid, edge + 1) - 1)


def _row(row: _Row, definition: _Definition, grid: Sequence[int]) -> str:
    edges = definition.edges
    columns = [_column(grid, edge) for edge in edges]
    before = columns[0] if columns else 0
    deleted = "<w:del/>" if row.deleted else ""
    cells: list[str] = []
    leader = 0
    for at, cell in enumerate(row.cells):
        known = at + 1 < len(edges)
        span = max(1, columns[at + 1] - columns[at]) if known else 1
        across = definition.across[at] if at < _MAX_CELLS else 0
        continues = bool(across and leader and across != leader)
        leader = across if not continues else leader
        width = edges[at + 1] - edges[at] if known else 0
        cells.append(_cell(cell, definition, at, (span, width, continues)))
    return f'<w:tr><w:trPr><w:gridBefore w:val="{before}"/>{deleted}</w:trPr>{"".join(cells)}</w:tr>'


def _cell(cell: _Cell, definition: _Definition, at: int, room: tuple[int, int, bool]) -> str:
    span, width, continues = room
    own = [f'<w:gridSpan w:val="{span}"/>']
    if width > 0:
        own.append(f'<w:tcW w:w="{width}" w:type="dxa"/>')
    if continues:
        own.append('<w:hMerge w:val="continue"/>')
    if at < _MAX_CELLS:
        down = definition.down[at]
        own.append(f'<w:vMerge w:val="{"continue" if down == 1 else "restart"}"/>' if down else "")
        own.append(definition.shadings[at])
    return f"<w:tc><w:tcPr>{''.join(own)}</w:tcPr>{''.join(cell.content)}</w:tc>"

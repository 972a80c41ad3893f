"""Rows and cells of a Word 97-2003 file as a table of WordprocessingML.

The mark that ends a row carries the edges of its cells, their merging and their shading (sprmTDefTable and
what follows it, [MS-DOC] 2.6.3). Rows of one table may part their width differently; the edges of all rows
together make the grid.
"""

from __future__ import annotations

import struct
from bisect import bisect_left
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

from intake.readers.doc_sprms import Sprm, shading, shading_80

_SAME_EDGE = 40  # twips: edges nearer than this are one
_MAX_CELLS = 64
_TC = 20  # bytes of a TC80


@dataclass(slots=True)
class Cell:
    """A cell with its blocks as WordprocessingML."""

    content: list[str] = field(default_factory=list)


@dataclass(slots=True)
class Row:
    """A row: its cells, and the modifiers of the mark that ends it."""

    cells: list[Cell] = field(default_factory=list)
    table: Sequence[Sprm] = ()
    deleted: bool = False


@dataclass(slots=True)
class _Definition:
    """Of a row: the edges of its cells in twips, and for each cell its merging and shading."""

    edges: list[int]
    across: list[int]  # 0: not merged; the first cell of a merged set has another number than the rest
    down: list[int]  # 0: not merged, 1: goes on, 3: begins
    shadings: list[str]


def _definition(row: Row) -> _Definition:
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


def write_table(rows: Sequence[Row]) -> str:
    """A table as WordprocessingML."""
    definitions = [_definition(row) for row in rows]
    grid = _grid(edge for one in definitions for edge in one.edges)
    written = "".join(_row(row, one, grid) for row, one in zip(rows, definitions, strict=True))
    return f"<w:tbl>{written}</w:tbl>"


def _grid(edges: Iterator[int]) -> list[int]:
    found: list[int] = []
    for edge in sorted(set(edges)):
        if not found or edge - found[-1] > _SAME_EDGE:
            found.append(edge)
    return found


def _column(grid: Sequence[int], edge: int) -> int:
    """The grid line of an edge: the last one not right of it."""
    return max(0, bisect_left(grid, edge + 1) - 1)


def _row(row: Row, definition: _Definition, grid: Sequence[int]) -> str:
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


def _cell(cell: Cell, definition: _Definition, at: int, room: tuple[int, int, bool]) -> str:
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

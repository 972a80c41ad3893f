"""Sheets that are no more than paper: their rows of one wide cell as lines of text.

Promises: pure; tables of Word and sheets of real rows stay as they are, the numbers of their rows kept.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace

from intake.document import Block, Cell, Paragraph, Table


def unrolled(blocks: Sequence[Block]) -> list[Block]:
    """Sheets with their rows of one wide cell turned into lines, for a sheet may be no more than paper."""
    found: list[Block] = []
    for block in blocks:
        if isinstance(block, Table) and block.name:
            found += _unrolled(block)
        else:
            found.append(block)
    return found


def _unrolled(table: Table) -> Iterator[Block]:
    width = max((cell.column + cell.column_span for row in table.rows for cell in row), default=0)
    start = 0
    for at, row in enumerate((*table.rows, ())):
        line = _line_of(row, width) if at < len(table.rows) else None
        if line is None and at < len(table.rows):
            continue
        if at > start:
            yield replace(table, rows=table.rows[start:at], first_row=table.first_row + start)
        yield from line or ()
        start = at + 1


def _line_of(row: Sequence[Cell], width: int) -> list[Paragraph] | None:
    """The paragraphs of a row that is one line of text; None for a row of a table."""
    shown = [cell for cell in row if cell.text.strip()]
    if not shown and not any(cell.column_span > 1 or cell.row_span > 1 for cell in row):
        return None
    if len(shown) != 1 or shown[0].row_span > 1:
        return None
    wide = shown[0].column_span >= max(2, width - 1) or width == 1
    return [block for block in shown[0].blocks if isinstance(block, Paragraph)] if wide else None

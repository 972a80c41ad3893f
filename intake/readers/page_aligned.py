"""Tables without lines: rows of a page whose parts begin at the same places, as a form without borders is printed.

Two rows with a part after a wide gap at the same place make a table; a row that only goes on with parts of the row
above belongs to it.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from intake.document import Cell, Table
from intake.readers.page_items import Item, Word
from intake.readers.page_lines import Row, goes_on, paragraphs

_GAP = 0.9  # times the height of a line: the least white between two columns
_LEVEL = 0.5  # times the height: how far starts of one column may lie apart
_APART = 1.6  # times the height: white between two lines of one table
_MARGINS = 2.3  # times the height: a character that did not fit, and the margins of two cells
_MAX_LINES = 400


@dataclass(frozen=True, slots=True)
class _Line:
    """A line in its parts, which wide gaps divide."""

    row: Row
    parts: tuple[Row, ...]


def aligned(lines: Sequence[Row], height: float) -> Iterator[list[Row] | Table]:
    """The lines from top to bottom: those that make a table as one, others together as they are."""
    divided = [_Line(row, tuple(_parts(row))) for row in lines]
    starts = _starts(divided[:_MAX_LINES], height)
    loose: list[Row] = []
    at = 0
    while at < len(divided):
        end = _end(divided, at, starts, height)
        columns = _starts(divided[at:end], height)
        if columns:
            if loose:
                yield loose
            yield _table(divided[at:end], [min(line.row.left for line in divided[at:end]), *columns], height)
            loose, at = [], end
        else:
            loose.append(divided[at].row)
            at += 1
    if loose:
        yield loose


def _parts(row: Row) -> Iterator[Row]:
    held: list[Item] = []
    for item in row.items:
        if isinstance(item, Word) and item.text.isspace():
            continue
        if held and item.left - max(one.right for one in held) > _GAP * row.height:
            yield Row(held, row.top, row.bottom)
            held = []
        held.append(item)
    if held:
        yield Row(held, row.top, row.bottom)


def _starts(lines: Sequence[_Line], height: float) -> list[float]:
    """Where parts after a gap begin in at least two lines."""
    found = sorted((part.left, number) for number, line in enumerate(lines) for part in line.parts[1:])
    starts = []
    while found:
        first = found[0][0]
        level = [one for one in found if one[0] - first <= _LEVEL * height]
        if len({number for _, number in level}) > 1:
            starts.append(first)
        found = found[len(level) :]
    return starts


def _end(lines: Sequence[_Line], at: int, starts: Sequence[float], height: float) -> int:
    """Where the table ends that begins with a line; the line's own place where it begins none."""
    if not _is_tabular(lines[at], starts, height):
        return at
    end = last = at + 1
    while end < len(lines) and lines[end].row.top - lines[end - 1].row.bottom <= _APART * height:
        if _is_tabular(lines[end], starts, height):
            last = end + 1
        elif not _fits(lines[end], [lines[at].row.left, *starts], height):
            break
        else:
            last = end + 1
        end += 1
    return last


def _is_tabular(line: _Line, starts: Sequence[float], height: float) -> bool:
    return any(abs(part.left - start) <= _LEVEL * height for part in line.parts[1:] for start in starts)


def _fits(line: _Line, columns: Sequence[float], height: float) -> bool:
    """Whether each part of a line begins at a column and ends before the next."""
    for part in line.parts:
        column = bisect_right(columns, part.left + _LEVEL * height) - 1
        if column < 0 or part.left - columns[column] > 2 * height:
            return False
        if column + 1 < len(columns) and part.right > columns[column + 1] - 0.2 * height:
            return False
    return bool(line.parts)


def _table(lines: Sequence[_Line], columns: Sequence[float], height: float) -> Table:
    widths = _widths(lines, columns, height)
    table: list[list[list[Row]]] = []
    before: _Line | None = None
    for line in lines:
        cells: list[list[Row]] = [[] for _ in columns]
        for part in line.parts:
            _put(cells[max(0, bisect_right(columns, part.left + _LEVEL * height) - 1)], part)
        if before is not None and _continues(table[-1], cells, widths, height):
            for held, more in zip(table[-1], cells, strict=True):
                held += more
        else:
            table.append(cells)
        before = line
    return Table(tuple(tuple(_cells(row, widths)) for row in table))


def _widths(lines: Sequence[_Line], columns: Sequence[float], height: float) -> list[float]:
    """The room of each column: as wide as its widest part where that nearly fills it, its margins being unknown."""
    right = max(line.row.right for line in lines) + height
    widths = []
    for start, end in zip(columns, (*columns[1:], right), strict=True):
        parts = [part.right - part.left for line in lines for part in line.parts if start - height < part.left < end]
        widest = max((width for width in parts if width <= end - start), default=0.0)
        widths.append(widest if widest >= end - start - _MARGINS * height else end - start - 0.4 * height)
    return widths


def _put(cell: list[Row], part: Row) -> None:
    """A further part of the same line joins the one before it."""
    if cell:
        cell[-1] = Row([*cell[-1].items, *part.items], part.top, part.bottom)
    else:
        cell.append(part)


def _continues(above: Sequence[list[Row]], cells: Sequence[list[Row]], widths: Sequence[float], height: float) -> bool:
    """Whether a line goes on with the row above: its words continue, or it begins no label of its own; or both stand
    so close that they are one line, in different columns."""
    pairs = [(held, more, width) for held, more, width in zip(above, cells, widths, strict=True) if more]
    bottom = max(row.bottom for held in above for row in held)
    top = min(row.top for _, more, _ in pairs for row in more)
    if top - bottom < -0.2 * height and all(not held for held, _, _ in pairs):
        return True
    if not all(held for held, _, _ in pairs):
        return False
    if not cells[0] and above[0]:
        return True
    return all(goes_on(held[-1], more[0], width) for held, more, width in pairs)


def _cells(row: Sequence[list[Row]], widths: Sequence[float]) -> Iterator[Cell]:
    for column, (held, width) in enumerate(zip(row, widths, strict=True)):
        yield Cell(tuple(paragraphs(held, width, cell=True)), column)

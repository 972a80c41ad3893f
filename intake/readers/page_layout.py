"""Positioned words, boxes and ruled lines of pages to blocks: tables from the lines, paragraphs from the rest.

Shared by PDF files and pictures. Promises: a pure function that keeps every word and box given; nothing is read
from the order in which they are given. Never raises; work grows with the number of words and lines.
"""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import pairwise

from intake.document import Block, Cell, Paragraph, Table
from intake.readers.page_aligned import aligned, long_rules
from intake.readers.page_columns import columns
from intake.readers.page_grid import Lattice, Room, lattices
from intake.readers.page_items import Item, Mark, Page, Rule, Word, middle, split_word
from intake.readers.page_lines import Row, paragraphs, rows, usual_height

__all__ = ["Mark", "Page", "Rule", "Word", "lay_out", "lay_out_pages"]

_ONE_LINE = 2.6  # times the height of words
_PAGE_NUMBER = re.compile(r"[\s\-—–－·第页共/／|Page of\d]{1,24}", re.I)


@dataclass(frozen=True, slots=True)
class _Placed:
    """A block and where it stands; `xs` are the grid lines of a table."""

    block: Block
    top: float
    xs: tuple[float, ...] = ()


def lay_out(words: Iterable[Word], marks: Iterable[Mark] = (), rules: Iterable[Rule] = ()) -> tuple[Block, ...]:
    """The blocks of one page in reading order."""
    return tuple(one.block for one in _page(Page(tuple(words), tuple(marks), tuple(rules))))


def lay_out_pages(pages: Iterable[Page]) -> tuple[Block, ...]:
    """The blocks of several pages; a table that goes on at the top of the next page is one table."""
    placed: list[_Placed] = []
    for page in pages:
        following = _page(page)
        _continue(placed, following)
        placed += following
    return tuple(one.block for one in placed)


def _page(page: Page) -> list[_Placed]:
    words = tuple(word for word in page.words if word.text)
    height = usual_height(words)
    tables = lattices(page.rules, tolerance=0.3 * height, smallest=0.9 * height)
    free = [rule for rule in page.rules if not any(_holds(table, rule) for table in tables)]
    return _region((*words, *page.marks), tables, height, long_rules(free, height))


def _region(
    items: Sequence[Item], tables: Sequence[Lattice], height: float, rules: Sequence[float] = ()
) -> list[_Placed]:
    """Blocks of a page or of a cell: its outermost tables, and the text beside them."""
    outermost, inner = _nested([table for table in tables if not _is_frame(table, height)])
    held: list[list[Item]] = [[] for _ in outermost]
    loose: list[Item] = []
    for item in items:
        index = next((index for index, table in enumerate(outermost) if _holds(table, item)), None)
        (loose if index is None else held[index]).append(item)
    placed = []
    for table, inside, within in zip(outermost, held, inner, strict=True):
        if inside:
            placed.append(_table(table, inside, within, height))
        # an empty lattice is decoration
    placed += _text(loose, placed, height, _width(items), rules)
    placed.sort(key=lambda one: one.top)
    return placed


def _is_frame(table: Lattice, height: float) -> bool:
    """A frame of one line around a word or a place to write, or a row of small ones for digits: no table."""
    if len(table.ys) != 2 or table.ys[1] - table.ys[0] >= _ONE_LINE * height:
        return False
    return len(table.rooms) == 1 or all(room.right - room.left < _ONE_LINE * height for room in table.rooms)


def _nested(tables: Sequence[Lattice]) -> tuple[list[Lattice], list[list[Lattice]]]:
    """The outermost tables (given larger first), and for each the tables within it."""
    outermost: list[Lattice] = []
    inner: list[list[Lattice]] = []
    for table in tables:
        left, top, right, bottom = table.bounds
        point = (left + right) / 2, (top + bottom) / 2
        index = next((index for index, one in enumerate(outermost) if _contains(one, *point)), None)
        if index is None:
            outermost.append(table)
            inner.append([])
        else:
            inner[index].append(table)
    return outermost, inner


def _contains(table: Lattice, x: float, y: float) -> bool:
    left, top, right, bottom = table.bounds
    return left <= x <= right and top <= y <= bottom


def _holds(table: Lattice, item: Item | Rule) -> bool:
    return _contains(table, *middle(item))


# ---- tables -------------------------------------------------------------------------------------


def _table(table: Lattice, items: Sequence[Item], inner: Sequence[Lattice], height: float) -> _Placed:
    held: dict[int, list[Item]] = {}
    for item in items:
        for part in _parted(item, table):
            room = table.room_at(*middle(part))
            held.setdefault(id(room), []).append(part)
    nested: dict[int, list[Lattice]] = {}
    for one in inner:
        left, top, right, bottom = one.bounds
        room = table.room_at((left + right) / 2, (top + bottom) / 2)
        nested.setdefault(id(room), []).append(one)
    across = _kept(table.xs, [(room.column, room.column_end) for room in table.rooms if id(room) in held], height)
    down = _kept(table.ys, [(room.row, room.row_end) for room in table.rooms if id(room) in held], height)
    pad = _padding(table, held, height)
    lines: list[list[Cell]] = [[] for _ in range(max(down) + 1)]
    for room in sorted(table.rooms, key=lambda one: (one.row, one.column)):
        row, row_end = down[room.row], down[room.row_end]
        column, column_end = across[room.column], across[room.column_end]
        if row_end <= row or column_end <= column:
            continue
        blocks = _cell(room, held.get(id(room), []), nested.get(id(room), []), height, pad)
        lines[row].append(Cell(blocks, column, column_end - column, row_end - row))
    filled = tuple(tuple(line) for line in lines[: max(down)])
    kept = tuple(table.xs[across.index(number)] for number in range(max(across) + 1))
    return _Placed(Table(filled), table.ys[0], kept)


def _parted(item: Item, table: Lattice) -> tuple[Item, ...]:
    """A word that runs across lines of the table, cut at them."""
    if not isinstance(item, Word) or len(item.text) < 2:
        return (item,)
    start = table.room_at(item.left, middle(item)[1])
    if start is None or item.right <= start.right:
        return (item,)
    edge = start.right
    slack = 0.25 * (item.bottom - item.top)
    if edge - item.left < slack or item.right - edge < slack:
        return (item,)
    parts = split_word(item, edge)
    if len(parts) == 1:
        return (item,)
    return (parts[0], *_parted(replace(parts[1], left=max(parts[1].left, edge + 0.01)), table))


def _kept(lines: Sequence[float], filled: Sequence[tuple[int, int]], height: float) -> list[int]:
    """New numbers of grid lines: a strip too narrow to write in, with nothing in it, is no column or row."""
    narrow = {index for index, (start, end) in enumerate(pairwise(lines)) if end - start < 0.9 * height}
    for start, end in sorted(filled):
        if narrow.issuperset(range(start, end)):
            narrow.discard(end - 1)
    numbers = [0]
    for index in range(len(lines) - 1):
        numbers.append(numbers[-1] + (index not in narrow))
    return numbers


def _padding(table: Lattice, held: dict[int, list[Item]], height: float) -> float:
    """The least white between a cell's side and its words; at most the usual inner margin."""
    least = 0.55 * height
    for room in table.rooms:
        for item in held.get(id(room), ()):
            if isinstance(item, Word) and item.text.strip():
                least = min(least, max(0.0, item.left - room.left), max(0.0, room.right - item.right))
    return least


def _cell(room: Room, items: Sequence[Item], nested: Sequence[Lattice], height: float, pad: float) -> tuple[Block, ...]:
    if nested:
        return tuple(one.block for one in _region(items, nested, height))
    return tuple(paragraphs(rows(items), room.right - room.left - 2 * pad, cell=True))


# ---- text beside tables ---------------------------------------------------------------------------


def _text(
    items: Sequence[Item], tables: Sequence[_Placed], height: float, width: float, rules: Sequence[float]
) -> list[_Placed]:
    """Paragraphs of what stands outside tables, cut where a table lies between."""
    tops = sorted(one.top for one in tables)
    stretches: dict[int, list[Item]] = {}
    for item in items:
        stretches.setdefault(bisect_left(tops, middle(item)[1]), []).append(item)
    placed = []
    for stretch in stretches.values():
        top = min(item.top for item in stretch)
        number = 0
        parts = columns(stretch, height)
        for part in parts:
            room = width if len(parts) == 1 else _width(part)
            for block in _blocks(rows(part), room, height, rules):
                placed.append(_Placed(block, top + number * 1e-6))
                number += 1
    return placed


def _blocks(lines: Sequence[Row], room: float, height: float, rules: Sequence[float]) -> Iterator[Block]:
    for part in aligned(lines, height, rules):
        if isinstance(part, Table):
            yield part
        else:
            yield from paragraphs(part, room, cell=False)


def _width(items: Sequence[Item]) -> float:
    return max((item.right for item in items), default=0.0) - min((item.left for item in items), default=0.0)


# ---- several pages --------------------------------------------------------------------------------


def _continue(before: list[_Placed], following: list[_Placed]) -> None:
    """Joins a table at the top of a page to the one at the end of the page before, page numbers left out."""
    last = _edge(list(reversed(before)))
    first = _edge(following)
    if last is None or first is None:
        return
    above, below = before[-1 - last], following[first]
    tall = 4.0
    same = len(above.xs) == len(below.xs) and all(abs(a - b) <= tall for a, b in zip(above.xs, below.xs, strict=True))
    if not same or not isinstance(above.block, Table) or not isinstance(below.block, Table):
        return
    joined = Table(above.block.rows + below.block.rows)
    del before[len(before) - last :], following[: first + 1]
    before[-1] = replace(above, block=joined)


def _edge(placed: Sequence[_Placed]) -> int | None:
    """The index of the first block that is no page number, where it is a table."""
    for index, one in enumerate(placed):
        if one.xs:
            return index
        if not isinstance(one.block, Paragraph) or not _PAGE_NUMBER.fullmatch(one.block.text.strip() or "-"):
            return None
    return None

"""Lines of text that were a table with a column of examples: 项目 → 填写内容 → 填写示例.

Promises: only lines below a heading that names such a column change, and only into rows of the same pieces. A line
with another number of columns than the heading keeps its first one alone, for nobody can tell what the rest is.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence

from intake.document import Block, Cell, Paragraph, Piece, Table
from intake.form.lines import Line, cut, lines_of

_ASIDE = re.compile(r"(?:填写|填表)?(?:示例|样例|范例|示范|举例)")
_PARTED = (re.compile(r"\t"), re.compile(r"\t+"), re.compile(r"[ \u3000]{2,}"), re.compile(r"\s{0,9}[|｜]\s*"))


def with_tables(blocks: Sequence[Block]) -> Sequence[Block]:
    """The blocks, lines under a heading with a column of examples made a table; the same object without such."""
    if not any(isinstance(block, Paragraph) and _heading(block.text) for block in blocks):
        return blocks
    made: list[Block] = []
    rows: list[tuple[Cell, ...]] = []
    columns = 0
    for line in _one_by_one(blocks):
        if isinstance(line, Line) and columns and not line.blank:
            rows.append(_row(line, columns))
            continue
        made += [Table(tuple(rows))] if rows else []
        rows, columns = [], len(_heading(line.text)) if isinstance(line, Line) else 0
        if columns and isinstance(line, Line):
            rows.append(_row(line, columns))
        else:
            made.append(Paragraph(line.pieces) if isinstance(line, Line) else line)
    return [*made, Table(tuple(rows))] if rows else made


def _one_by_one(blocks: Sequence[Block]) -> Iterable[Line | Table]:
    for block in blocks:
        if isinstance(block, Paragraph):
            yield from lines_of([block])
        else:
            yield block


def _heading(text: str) -> list[str]:
    """The columns of a heading with one of examples behind the first; empty for any other line."""
    if "例" not in text and "示范" not in text:
        return []
    for parted in _PARTED:
        columns = [column.strip() for column in parted.split(text.strip().strip("|｜").strip())]
        if len(columns) > 2 and any(map(_ASIDE.fullmatch, columns[1:])) and all(columns):
            return columns
    return []


def _row(line: Line, columns: int) -> tuple[Cell, ...]:
    spans = next((found for parted in _PARTED if len(found := _spans(line.text, parted)) == columns), None)
    if spans is None:
        spans = min((_spans(line.text, parted) for parted in _PARTED), key=lambda found: found[0][1])[:1]
    return tuple(_cell(cut(line, *span), at) for at, span in enumerate(spans))


def _spans(text: str, parted: re.Pattern[str]) -> list[tuple[int, int]]:
    """The stretches of a line between its separators; strokes at either end are borders."""
    start = len(text) - len(text.lstrip(" |｜"))
    stop = len(text.rstrip(" |｜"))
    ends = [found.span() for found in parted.finditer(text, start, stop)]
    starts = [start, *(end for _, end in ends)]
    return list(zip(starts, [*(begin for begin, _ in ends), stop], strict=True))


def _cell(pieces: tuple[Piece, ...], column: int) -> Cell:
    return Cell((Paragraph(pieces),), column)

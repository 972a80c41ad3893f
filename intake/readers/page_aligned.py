"""Tables without upright lines: rows whose parts stand side by side with wide gaps, as a form without borders is
printed.

Which lines make a row says page_rows.py, which rows stand under a heading of answers page_headings.py. A line beside
which nothing stands is a paragraph.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterable, Iterator, Sequence

from intake.document import Cell, Table
from intake.readers import symbols
from intake.readers.page_headings import answer_columns, headed_end
from intake.readers.page_items import Item, Rule, Word, is_wide
from intake.readers.page_lines import Row, paragraphs
from intake.readers.page_rows import Block, Group, meet, middle_of, rows_of

_GAP = 0.9  # times the height of a line: the least white between two columns
_SPACED = 2.6  # times the height: white between the characters of a name or label
_ANSWERS = frozenset("是否有无")
_OPTIONS = 5  # times the height: white between the options of a question
_BOXES = symbols.EMPTY_GLYPHS | symbols.TICKED_GLYPHS | symbols.CROSS_GLYPHS
_LONG = 15  # times the height: a rule that parts rows
_MOST = 400  # lines looked at


def aligned(lines: Sequence[Row], height: float, rules: Sequence[float] = ()) -> Iterator[list[Row] | Table]:
    """The lines from top to bottom: those that make a table as one, others together as they are. `rules`: where
    long lines run across, from the top."""
    groups = rows_of([list(_parts(row)) for row in lines[:_MOST]], height, rules)
    cells = [group.blocks for group in groups]
    loose: list[Row] = []
    at = 0
    while at < len(groups):
        headed = headed_end(cells, at, height)
        end = headed if headed > at else _table_end(groups, cells, at, height)
        if end > at:
            if loose:
                yield loose
                loose = []
            yield _table(groups[at:end], _answer_columns(groups[at:end]) if headed > at else _columns(groups[at:end]))
            at = end
        else:
            loose += _as_lines(groups[at])
            at += 1
    loose += lines[_MOST:]
    if loose:
        yield loose


def _parts(row: Row) -> Iterator[Row]:
    """What stands apart on a line; the options of a question and spaced words stay together."""
    held: list[Item] = []
    for part in _divided(row):
        if held and not _belongs(held, part, row.height):
            yield Row(held, row.top, row.bottom)
            held = []
        held += part
    if held:
        yield Row(held, row.top, row.bottom)


def _divided(row: Row) -> Iterator[list[Item]]:
    held: list[Item] = []
    for item in row.items:
        if isinstance(item, Word) and item.text.isspace():
            continue
        if held and item.left - max(one.right for one in held) > _GAP * row.height:
            yield held
            held = []
        held.append(item)
    if held:
        yield held


def _belongs(held: Sequence[Item], part: Sequence[Item], height: float) -> bool:
    """是□ 否□: a word with a box, then a further short one; 张 三: the spaced characters of a word."""
    gap = part[0].left - max(one.right for one in held)
    before, after = _text(held), _text(part)
    if len(before) == len(after) == 1 and not {before, after} & _ANSWERS and is_wide(before) and is_wide(after):
        return gap < _SPACED * height
    boxed = any(one in _BOXES for one in before) and any(one.isalpha() for one in before)
    return boxed and gap < _OPTIONS * height and len(after) <= 8 and any(one.isalpha() for one in after)


def _text(items: Sequence[Item]) -> str:
    return "".join(item.text if isinstance(item, Word) else "□" for item in items)


# ---- rows to tables ---------------------------------------------------------------------------------


def _table_end(groups: Sequence[Group], cells: Sequence[list[Block]], at: int, height: float) -> int:
    """Where the table ends that begins with a row; the row's own place where it begins none."""
    if len(groups[at].blocks) < 2:
        return at
    end, wide = at + 1, 1
    while end < len(groups):
        if len(groups[end].blocks) > 1:
            if headed_end(cells, end, height) > end:
                break
            wide += 1
        elif not _is_lone_label(groups[end - 1], groups[end], height):
            break
        end += 1
    while len(groups[end - 1].blocks) < 2:
        end -= 1
    tall = any(len(block.rows) > 1 for group in groups[at:end] for block in group.blocks)
    return end if wide > 1 or tall else at


def _is_lone_label(above: Group, group: Group, height: float) -> bool:
    """A label whose value was left empty: it stands below the label above it."""
    block = group.blocks[0]
    short = block.right - block.left <= max(9 * height, above.blocks[0].right - above.blocks[0].left + height)
    return short and meet(block, above.blocks[0])


def _as_lines(group: Group) -> list[Row]:
    """The lines of a row that makes no table, as they were."""
    found: dict[float, Row] = {}
    for block in group.blocks:
        for row in block.rows:
            at = round(middle_of(row), 2)
            found[at] = Row([*found[at].items, *row.items], row.top, row.bottom) if at in found else row
    return [found[at] for at in sorted(found)]


def _table(groups: Sequence[Group], columns: Sequence[tuple[float, float]]) -> Table:
    return Table(tuple(tuple(_cells(group, columns)) for group in groups))


def _columns(groups: Sequence[Group]) -> list[tuple[float, float]]:
    """Left and right of each column, by the rows with the most cells."""
    most = max(len(group.blocks) for group in groups)
    full = [group.blocks for group in groups if len(group.blocks) == most]
    return [(min(blocks[at].left for blocks in full), max(blocks[at].right for blocks in full)) for at in range(most)]


def _answer_columns(groups: Sequence[Group]) -> list[tuple[float, float]]:
    return answer_columns(groups[0].blocks, min(group.blocks[0].left for group in groups[1:]))


def _cells(group: Group, columns: Sequence[tuple[float, float]]) -> Iterator[Cell]:
    """The cells of a row, each in the first free column it stands in; empty ones between them."""
    following = 0
    left = len(group.blocks)
    for block in group.blocks:
        left -= 1
        under = [at for at, (start, end) in enumerate(columns) if start < block.right and block.left < end]
        column = min(max(under[0] if under else _before(columns, block.left), following), len(columns) - 1 - left)
        for empty in range(following, column):
            yield Cell((), empty)
        width = max(block.right - block.left, columns[column][1] - columns[column][0])
        yield Cell(tuple(paragraphs(block.rows, width, cell=True)), column)
        following = column + 1
    for empty in range(following, len(columns)):
        yield Cell((), empty)


def _before(columns: Sequence[tuple[float, float]], place: float) -> int:
    return max(0, bisect_right([start for start, _ in columns], place) - 1)


def long_rules(rules: Iterable[Rule], height: float) -> list[float]:
    """Where level lines run across that are long enough to part the rows of a table, from the top."""
    tops = sorted(rule.top for rule in rules if rule.horizontal and rule.right - rule.left > _LONG * height)
    return [top for number, top in enumerate(tops) if not number or top - tops[number - 1] > 0.3 * height]

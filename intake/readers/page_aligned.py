"""Tables without upright lines: rows whose parts stand side by side with wide gaps, as a form without borders is
printed.

Lines belong to one row where rules above and below enclose them, where one stands between two others beside it (a
label centred beside two lines), or where one goes on in the next. A line beside which nothing stands is a paragraph.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field

from intake.document import Cell, Table
from intake.readers import symbols
from intake.readers.page_headings import answer_columns, headed_end
from intake.readers.page_items import Item, Rule, Word, is_wide
from intake.readers.page_lines import Row, both_whole, goes_on, is_cut, paragraphs

_GAP = 0.9  # times the height of a line: the least white between two columns
_WRAPS = 5.8  # times the height: a shorter line of a label is not taken to go on in the next
_NEXT = 2.8  # times the height: from the middle of a line to the middle of the next line of a cell
_CLOSE = 1.9
_SPACED = 2.6  # times the height: white between the characters of a name or label
_LABELLED = re.compile(r"\s*[^\s：:=\d]{2,14}\s*[：:=](?![/\d])")  # 联系人职务：, at the beginning of a line
_NUMBERED = re.compile(
    r"\s*(?:\d{1,2}[、.．](?!\d)|[一二三四五六七八九十]{1,3}、|[(（][一二三四五六七八九十\d]{1,2}[)）])"
)
_LIKE_A_LABEL = re.compile(r"(?:\d{1,2}[、.．])?[\s\u4e00-\u9fff]{2,10}[：:]?\s*")
_ANSWERS = frozenset("是否有无")
_QUESTION_ENDS = ("：", ":", "？", "?", "）", ")", "。")
_OPTIONS = 5  # times the height: white between the options of a question
_BOXES = symbols.EMPTY_GLYPHS | symbols.TICKED_GLYPHS | symbols.CROSS_GLYPHS
_LONG = 15  # times the height: a rule that parts rows
_MOST = 400  # lines looked at


@dataclass(slots=True)
class _Block:
    """Lines below one another in one cell."""

    rows: list[Row]

    @property
    def left(self) -> float:
        return min(row.left for row in self.rows)

    @property
    def right(self) -> float:
        return max(row.right for row in self.rows)


@dataclass(slots=True)
class _Group:
    """A row of the table: its cells from left to right; `band`: the number of the rule above it."""

    blocks: list[_Block] = field(default_factory=list)
    band: int = 0

    @property
    def middle(self) -> float:
        return max(_middle(block.rows[-1]) for block in self.blocks)


def aligned(lines: Sequence[Row], height: float, rules: Sequence[float] = ()) -> Iterator[list[Row] | Table]:
    """The lines from top to bottom: those that make a table as one, others together as they are. `rules`: where
    long lines run across, from the top."""
    groups = _groups([list(_parts(row)) for row in lines[:_MOST]], height, rules)
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


def _middle(row: Row) -> float:
    return (row.top + row.bottom) / 2


def _meet(one: Row | _Block, other: Row | _Block) -> bool:
    """Whether two stand below one another."""
    common = min(one.right, other.right) - max(one.left, other.left)
    return common > 0.4 * min(one.right - one.left, other.right - other.left)


# ---- lines to rows ----------------------------------------------------------------------------------


def _groups(lines: Sequence[list[Row]], height: float, rules: Sequence[float]) -> list[_Group]:
    lines = [parts for parts in lines if parts]
    bands = [bisect_right(rules, _middle(parts[0])) for parts in lines]
    centred: set[int] = set()
    for at in range(len(lines) - 2):
        if not {at - 1, at - 2} & centred and _is_centred(lines[at : at + 3], bands[at : at + 3], height):
            centred.add(at)
    groups: list[_Group] = []
    for at, parts in enumerate(lines):
        held = groups[-1] if groups else None
        together = held is not None and (
            (0 < bands[at] < len(rules) and held.band == bands[at])
            or at - 1 in centred
            or at - 2 in centred
            or (at not in centred and held.band == bands[at] and _continues(held, parts, height))
        )
        if held is None or not together:
            held = _Group(band=bands[at])
            groups.append(held)
        for part in parts:
            _add(held, part, flows=len(parts) == 1)
    return groups


def _is_centred(lines: Sequence[list[Row]], bands: Sequence[int], height: float) -> bool:
    """Whether the second of three lines stands in the middle beside the others, which are lines of one cell."""
    first, second, third = lines
    top, at, bottom = _middle(first[0]), _middle(second[0]), _middle(third[0])
    if len(set(bands)) > 1 or bottom - top > _NEXT * height or abs(at - (top + bottom) / 2) > 0.17 * (bottom - top):
        return False
    beside = not any(_meet(part, other) for part in second for other in (*first, *third))
    return beside and all(any(_meet(part, other) for other in first) for part in third)


def _continues(held: _Group, parts: Sequence[Row], height: float) -> bool:
    """Whether a line goes on with the row above: its words continue, or it has no label and stands close."""
    apart = _middle(parts[0]) - held.middle
    pairs = [next((block for block in held.blocks if _meet(block, part)), None) for part in parts]
    known = [(block, part) for block, part in zip(pairs, parts, strict=True) if block is not None]
    if apart > _NEXT * height or not known or any(map(_is_labelled, pairs, parts)):
        return False
    if len(parts) > 1 and pairs[0] is held.blocks[0] and not _is_open(held.blocks[0]):
        return False  # a label and its value do not both go on
    if len({id(block) for block, _ in known}) < len(known):
        return False  # several columns below one line: a heading over the table
    if len(known) < len(parts):  # only the middle line of a label has its value beside it, and it is a full line
        block, part = known[0]
        full = part.right - part.left >= 0.8 * (block.right - block.left)
        return len(held.blocks) == len(known) == 1 and full and _wraps(block, part, height)
    if len(held.blocks) > 1 and (held.blocks[0] not in pairs or _are_labels(held)):
        return apart <= _CLOSE * height
    return all(_wraps(block, part, height) for block, part in known)


def _is_labelled(block: _Block | None, part: Row) -> bool:
    """Whether a line begins with a label or a number; 已是会员，无需填写）： only ends the question above it."""
    begins = _LABELLED.match(part.text) or _NUMBERED.match(part.text)
    return begins is not None and (block is None or not _is_open(block))


def _is_open(block: _Block) -> bool:
    """Whether a bracket or a question was begun and not ended."""
    text = "".join(row.text for row in block.rows)
    bracket = max(map(text.rfind, "（("))
    asks = "是否" in text and not text.rstrip().endswith(_QUESTION_ENDS)
    return asks or bracket > max(map(text.rfind, "）)"))


def _are_labels(held: _Group) -> bool:
    """Whether a row holds labels alone, each ended by a colon: what stands below them are their values."""
    return all(block.rows[-1].text.rstrip().endswith(("：", ":")) for block in held.blocks)


def _wraps(block: _Block, part: Row, height: float) -> bool:
    last = block.rows[-1]
    if is_cut(last.text, part.text):
        return True
    widest = max(block.right - block.left, part.right - part.left)
    return last.right - last.left >= _WRAPS * height and _lines_up(last, part) and goes_on(last, part, widest)


def _lines_up(last: Row, part: Row) -> bool:
    """Whether a line begins where the one above it, or a word of that one, begins, or further left, or stands in its
    middle; a label set flush right does not."""
    slack = 0.7 * last.height
    centred = abs(part.left + part.right - last.left - last.right) <= 2 * slack
    return centred or part.left <= last.left + slack or any(abs(item.left - part.left) <= slack for item in last.items)


def _add(held: _Group, part: Row, *, flows: bool) -> None:
    """A part joins the cell it stands below, else it is a cell of its own. `flows`: it is alone on its line, so it may
    be the value of a label at the end of the line above, which a long value beside it pushed there."""
    for block in held.blocks:
        if _meet(block, part) and _middle(part) > _middle(block.rows[-1]) + 0.3 * part.height:
            last = held.blocks[-1]
            pushed = flows and block is not held.blocks[0] and both_whole(block.rows[-1].text, part.text)
            (last if pushed and _LIKE_A_LABEL.fullmatch(last.rows[-1].text) else block).rows.append(part)
            return
    held.blocks.append(_Block([part]))
    held.blocks.sort(key=lambda block: block.left)


# ---- rows to tables ---------------------------------------------------------------------------------


def _table_end(groups: Sequence[_Group], cells: Sequence[list[_Block]], at: int, height: float) -> int:
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


def _is_lone_label(above: _Group, group: _Group, height: float) -> bool:
    """A label whose value was left empty: it stands below the label above it."""
    block = group.blocks[0]
    short = block.right - block.left <= max(9 * height, above.blocks[0].right - above.blocks[0].left + height)
    return short and _meet(block, above.blocks[0])


def _as_lines(group: _Group) -> list[Row]:
    """The lines of a row that makes no table, as they were."""
    found: dict[float, Row] = {}
    for block in group.blocks:
        for row in block.rows:
            at = round(_middle(row), 2)
            found[at] = Row([*found[at].items, *row.items], row.top, row.bottom) if at in found else row
    return [found[at] for at in sorted(found)]


def _table(groups: Sequence[_Group], columns: Sequence[tuple[float, float]]) -> Table:
    return Table(tuple(tuple(_cells(group, columns)) for group in groups))


def _columns(groups: Sequence[_Group]) -> list[tuple[float, float]]:
    """Left and right of each column, by the rows with the most cells."""
    most = max(len(group.blocks) for group in groups)
    full = [group.blocks for group in groups if len(group.blocks) == most]
    return [(min(blocks[at].left for blocks in full), max(blocks[at].right for blocks in full)) for at in range(most)]


def _answer_columns(groups: Sequence[_Group]) -> list[tuple[float, float]]:
    return answer_columns(groups[0].blocks, min(group.blocks[0].left for group in groups[1:]))


def _cells(group: _Group, columns: Sequence[tuple[float, float]]) -> Iterator[Cell]:
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

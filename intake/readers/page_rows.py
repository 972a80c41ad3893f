"""Lines to the rows of a table without lines: which lines stand in one row, and which parts in one cell of it.

Lines belong to one row where rules above and below enclose them, where one stands between two others beside it (a
label centred beside two lines), or where one goes on in the next.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Sequence
from dataclasses import dataclass, field

from intake.readers.page_lines import Row, both_whole, goes_on, is_cut

_WRAPS = 5.8  # times the height: a shorter line of a label is not taken to go on in the next
_NEXT = 2.8  # times the height: from the middle of a line to the middle of the next line of a cell
_CLOSE = 1.9
_LABELLED = re.compile(r"\s*[^\s：:=\d]{2,14}\s*[：:=](?![/\d])")  # 联系人职务：, at the beginning of a line
_NUMBERED = re.compile(
    r"\s*(?:\d{1,2}[、.．](?!\d)|[一二三四五六七八九十]{1,3}、|[(（][一二三四五六七八九十\d]{1,2}[)）])"
)
_LIKE_A_LABEL = re.compile(r"(?:\d{1,2}[、.．])?[\s\u4e00-\u9fff]{2,10}[：:]?\s*")
_QUESTION_ENDS = ("：", ":", "？", "?", "）", ")", "。")


@dataclass(slots=True)
class Block:
    """Lines below one another in one cell."""

    rows: list[Row]

    @property
    def left(self) -> float:
        return min(row.left for row in self.rows)

    @property
    def right(self) -> float:
        return max(row.right for row in self.rows)


@dataclass(slots=True)
class Group:
    """A row of the table: its cells from left to right; `band`: the number of the rule above it."""

    blocks: list[Block] = field(default_factory=list)
    band: int = 0

    @property
    def middle(self) -> float:
        return max(middle_of(block.rows[-1]) for block in self.blocks)


def middle_of(row: Row) -> float:
    """Half-way between the top and the bottom of a line."""
    return (row.top + row.bottom) / 2


def meet(one: Row | Block, other: Row | Block) -> bool:
    """Whether two stand below one another."""
    common = min(one.right, other.right) - max(one.left, other.left)
    return common > 0.4 * min(one.right - one.left, other.right - other.left)


def rows_of(lines: Sequence[list[Row]], height: float, rules: Sequence[float]) -> list[Group]:
    """The rows that the parts of lines make; `rules`: where long lines run across, from the top."""
    lines = [parts for parts in lines if parts]
    bands = [bisect_right(rules, middle_of(parts[0])) for parts in lines]
    centred: set[int] = set()
    for at in range(len(lines) - 2):
        if not {at - 1, at - 2} & centred and _is_centred(lines[at : at + 3], bands[at : at + 3], height):
            centred.add(at)
    groups: list[Group] = []
    for at, parts in enumerate(lines):
        held = groups[-1] if groups else None
        together = held is not None and (
            (0 < bands[at] < len(rules) and held.band == bands[at])
            or at - 1 in centred
            or at - 2 in centred
            or (at not in centred and held.band == bands[at] and _continues(held, parts, height))
        )
        if held is None or not together:
            held = Group(band=bands[at])
            groups.append(held)
        for part in parts:
            _add(held, part, flows=len(parts) == 1)
    return groups


def _is_centred(lines: Sequence[list[Row]], bands: Sequence[int], height: float) -> bool:
    """Whether the second of three lines stands in the middle beside the others, which are lines of one cell."""
    first, second, third = lines
    top, at, bottom = middle_of(first[0]), middle_of(second[0]), middle_of(third[0])
    if len(set(bands)) > 1 or bottom - top > _NEXT * height or abs(at - (top + bottom) / 2) > 0.17 * (bottom - top):
        return False
    beside = not any(meet(part, other) for part in second for other in (*first, *third))
    return beside and all(any(meet(part, other) for other in first) for part in third)


def _continues(held: Group, parts: Sequence[Row], height: float) -> bool:
    """Whether a line goes on with the row above: its words continue, or it has no label and stands close."""
    apart = middle_of(parts[0]) - held.middle
    pairs = [next((block for block in held.blocks if meet(block, part)), None) for part in parts]
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
    return all(_wraps(block, part, height) and not _ends_label(block) for block, part in known)


def _is_labelled(block: Block | None, part: Row) -> bool:
    """Whether a line begins with a label or a number; 已是会员，无需填写）： only ends the question above it."""
    begins = _LABELLED.match(part.text) or _NUMBERED.match(part.text)
    return begins is not None and (block is None or not _is_open(block))


def _is_open(block: Block) -> bool:
    """Whether a bracket or a question was begun and not ended."""
    text = "".join(row.text for row in block.rows)
    bracket = max(map(text.rfind, "（("))
    asks = "是否" in text and not text.rstrip().endswith(_QUESTION_ENDS)
    return asks or bracket > max(map(text.rfind, "）)"))


def _are_labels(held: Group) -> bool:
    """Whether a row holds labels alone, each ended by a colon: what stands below them are their values."""
    return all(map(_ends_label, held.blocks))


def _ends_label(block: Block) -> bool:
    return block.rows[-1].text.rstrip().endswith(("：", ":"))


def _wraps(block: Block, part: Row, height: float) -> bool:
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


def _add(held: Group, part: Row, *, flows: bool) -> None:
    """A part joins the cell it stands below, else it is a cell of its own. `flows`: it is alone on its line, so it may
    be the value of a label at the end of the line above, which a long value beside it pushed there."""
    for block in held.blocks:
        if meet(block, part) and middle_of(part) > middle_of(block.rows[-1]) + 0.3 * part.height:
            last = held.blocks[-1]
            pushed = flows and block is not held.blocks[0] and both_whole(block.rows[-1].text, part.text)
            (last if pushed and _LIKE_A_LABEL.fullmatch(last.rows[-1].text) else block).rows.append(part)
            return
    held.blocks.append(Block([part]))
    held.blocks.sort(key=lambda block: block.left)

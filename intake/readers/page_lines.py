"""Words of one region (a cell, or the page beside the tables) to lines and paragraphs, as a person reads them.

A line that ends because nothing more fitted goes on in the next one without a break; a line that ends although
the next word would have fitted was ended by the writer.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from itertools import pairwise
from statistics import median

from intake.document import Paragraph, Text
from intake.readers.page_items import Item, Mark, Word, is_wide, middle
from intake.readers.pieces import Line

_WIDE_SPACE = 0.33  # times the height: less than this between Chinese characters is how they were set
_SPACE = 0.28  # times the height of a line: the width of a space
_MOST_SPACES = 12
_HANGS = 8  # times the height: a shorter value is not taken to go on in the next line
_TALL = 1.7  # times the usual height: a mark drawn large over a line, not a line of its own
_BREAKS = frozenset("-－—/、，,；;：:@._＠（(")  # a line may be broken after these without a space
_WHOLE_NUMBER = re.compile(
    r"(?:\+?86[-\s]?)?(?:1[3-9]\d{9}|(?:[(（]?0\d{2,3}[)）]?[-\s]?)?[2-8]\d{6,7})(?:(?:-|转|分机)\d{1,5})?"
)
_OF_NUMBERS = frozenset("转分内或及和（")  # begin what still belongs to a number
_SEPARATORS = re.compile(r"[\s、，,；;/]")
_HEAD = re.compile(
    r"\s*(?:[一二三四五六七八九十]{1,3}[、.．]|[(（][一二三四五六七八九十\d]{1,2}[)）]|\d{1,2}[、.．](?!\d)|[①-⑳•●■□☐☑☒√✓✔]|.{1,12}[：:])"
)
_END = frozenset("。；！？!?：:")


@dataclass(slots=True)
class Row:
    """Items standing side by side on one line, from left to right."""

    items: list[Item] = field(default_factory=list)
    top: float = 0.0
    bottom: float = 0.0

    @property
    def left(self) -> float:
        return self.items[0].left

    @property
    def right(self) -> float:
        return max(item.right for item in self.items)

    @property
    def height(self) -> float:
        return max(self.bottom - self.top, 0.1)

    @property
    def text(self) -> str:
        return "".join(item.text if isinstance(item, Word) else "□" for item in self.items)


def usual_height(items: Iterable[Item], default: float = 10.0) -> float:
    """The height of most words."""
    heights = [item.bottom - item.top for item in items if isinstance(item, Word) and item.text.strip()]
    return max(median(heights), 0.1) if heights else default


def rows(items: Sequence[Item]) -> list[Row]:
    """The lines of items, from top to bottom."""
    usual = usual_height(items)
    found: list[Row] = []
    tall = []
    for item in sorted(items, key=lambda one: middle(one)[1]):
        if item.bottom - item.top > _TALL * usual:
            tall.append(item)
        elif not _join(found[-3:], item):
            found.append(Row([item], item.top, item.bottom))
    for item in tall:
        near = min(found, key=lambda row: abs(row.top + row.bottom - item.top - item.bottom), default=None)
        if near is not None and item.top <= (near.top + near.bottom) / 2 <= item.bottom:
            near.items.append(item)
        else:
            found.append(Row([item], item.top, item.bottom))
    found.sort(key=lambda row: row.top + row.bottom)
    for row in found:
        row.items.sort(key=lambda item: (middle(item)[0], item.left))
    return found


def _join(candidates: Sequence[Row], item: Item) -> bool:
    for row in reversed(candidates):
        common = min(row.bottom, item.bottom) - max(row.top, item.top)
        if common >= 0.5 * min(row.height, item.bottom - item.top):
            count = len(row.items)
            row.top = (row.top * count + item.top) / (count + 1)
            row.bottom = (row.bottom * count + item.bottom) / (count + 1)
            row.items.append(item)
            return True
    return False


def paragraphs(found: Sequence[Row], width: float, *, cell: bool) -> list[Paragraph]:
    """The paragraphs of lines; `width` is the room a line has, `cell` whether they stand in a table."""
    if not found:
        return []
    done: list[Paragraph] = []
    line = Line()
    _put(line, found[0])
    for before, row in pairwise(found):
        glue = _glue(before, row, width, cell=cell)
        if glue is None:
            done.append(line.paragraph())
            line = Line()
        elif glue:
            line.text(glue)
        _put(line, row)
    done.append(line.paragraph())
    return done


def _put(line: Line, row: Row) -> None:
    before: Item | None = None
    white = ""
    for item in row.items:
        if isinstance(item, Word) and item.text.isspace():
            white += item.text
            continue
        if before is not None:
            line.text(_gap(before, item, white, row.height))
        line.add(Text(item.text, item.looks) if isinstance(item, Word) else item.box)
        before, white = item, ""


def _gap(before: Item, item: Item, white: str, height: float) -> str:
    """The white between two items of a line: the spaces written there, more where it is wider than they are."""
    space = item.left - before.right
    last = before.text[-1:] if isinstance(before, Word) else "□"
    first = item.text[:1] if isinstance(item, Word) else "□"
    if not white and space <= (_WIDE_SPACE if is_wide(last) or is_wide(first) else 0.22) * height:
        return ""
    wanted = min(int(space / (_SPACE * height) + 0.5), _MOST_SPACES)
    written = sum(4 if one == "\u3000" else 1 for one in white)
    return white + " " * (wanted - written if wanted > written + 1 or not white else 0)


def goes_on(before: Row, row: Row, width: float) -> bool:
    """Whether a line of a cell goes on in the next one because no more fitted."""
    return _glue(before, row, width, cell=True) is not None


def _glue(before: Row, row: Row, width: float, *, cell: bool) -> str | None:
    """What stands between two lines: nothing or a space where one goes on in the other, None where it ended."""
    first, second = before.text, row.text
    if not first.strip() or not second.strip():
        return None
    if row.top - before.bottom > (3.0 if cell else 1.6) * max(before.height, row.height):
        return None
    if is_cut(first, second):
        return ""
    if not cell and _hangs(before, row):
        return "" if "@" in first or is_wide(first.rstrip()[-1]) or is_wide(second.lstrip()[0]) else " "
    room = width - (before.right - before.left)
    if room > _first_unit(row) + 0.3 * row.height or both_whole(first, second):
        return None
    tail, head = first.rstrip()[-1], second.lstrip()[0]
    if not cell and (tail in _END or _HEAD.match(second) or _is_tabular(before) or _is_tabular(row)):
        return None
    if is_wide(tail) or is_wide(head) or tail in _BREAKS or head in _BREAKS:
        return ""
    if first[-1].isspace():
        return " "
    return "" if room <= 0.75 * row.height else " "


def _hangs(before: Row, row: Row) -> bool:
    """Whether a line stands under the value of a labelled line, which is long enough to be cut, and is no longer."""
    if _HEAD.match(row.text) or both_whole(before.text, row.text) or row.right > before.right + row.height:
        return False
    starts = [one.left for last, one in pairwise(before.items) if one.left - last.right > _SPACE * before.height]
    near = [start for start in starts if abs(start - row.left) <= 0.4 * row.height]
    return bool(near) and before.right - near[0] >= _HANGS * before.height


def _first_unit(row: Row) -> float:
    """The width of what is not parted at the start of a line: a Chinese character, or all up to a space."""
    width = 0.0
    for item in row.items:
        if isinstance(item, Mark):
            return width or item.right - item.left
        unit = (item.right - item.left) / max(sum(2 if is_wide(one) else 1 for one in item.text), 1)
        for character in item.text:
            wide = is_wide(character)
            if width and (wide or character.isspace()):
                return width
            width += unit * (2 if wide else 1)
            if wide:
                return width
    return width


def _is_tabular(row: Row) -> bool:
    """Whether a line is set in columns: a label, a wide gap, its value."""
    items = [item for item in row.items if isinstance(item, Mark) or not item.text.isspace()]
    return any(item.left - before.right > 1.8 * row.height for before, item in pairwise(items))


def is_cut(first: str, second: str) -> bool:
    """A telephone number broken over two lines, wherever there was room."""
    before, after = _last_token(first), _first_token(second)
    if re.search(r"\d[-－]$", before) and after[:1].isdigit():
        return True
    if not (before[-1:].isdigit() and after[:1].isdigit()) or _WHOLE_NUMBER.fullmatch(after):
        return False
    return bool(_WHOLE_NUMBER.fullmatch(before + after))


def both_whole(first: str, second: str) -> bool:
    """Two complete telephone numbers or addresses, one below the other, or one of them below or above other words."""
    before, after = _last_token(first), _first_token(second)
    numbers = _WHOLE_NUMBER.fullmatch(before), _WHOLE_NUMBER.fullmatch(after)
    worded = is_wide(after[:1] or "-") and after[:1] not in _OF_NUMBERS
    if "@" in before and ("@" in after or worded):
        return "." in before.rpartition("@")[2]
    if numbers[1] and is_wide(before[-1:] or "-") and before[-1:].isalpha():
        return True
    return bool(numbers[0] and (worded or numbers[1]))


def _last_token(text: str) -> str:
    return re.split(_SEPARATORS, unicodedata.normalize("NFKC", text.strip()))[-1]


def _first_token(text: str) -> str:
    return re.split(_SEPARATORS, unicodedata.normalize("NFKC", text.strip()))[0]

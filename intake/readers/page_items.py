"""What stands on a page by position: words, boxes and ruled lines.

All coordinates are of one unit a page (points or pixels), x to the right and y downwards.
"""

from __future__ import annotations

import unicodedata
from bisect import bisect_left
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from typing import TypeAlias

from intake.document import PLAIN, Box, Looks, Remark


@dataclass(frozen=True, slots=True)
class Word:
    """A stretch of text on one line, from one character to a whole line; top and bottom are those of the line
    (ascent and descent), not of the ink, where they are known."""

    text: str
    left: float
    top: float
    right: float
    bottom: float
    looks: Looks = PLAIN


@dataclass(frozen=True, slots=True)
class Mark:
    """A box standing on the page, or a remark where it is anchored."""

    box: Box | Remark
    left: float
    top: float
    right: float
    bottom: float


@dataclass(frozen=True, slots=True)
class Rule:
    """A straight drawn line: horizontal where it is wider than high, else vertical."""

    left: float
    top: float
    right: float
    bottom: float

    @property
    def horizontal(self) -> bool:
        return self.right - self.left >= self.bottom - self.top


Item: TypeAlias = Word | Mark


@dataclass(frozen=True, slots=True)
class Page:
    """All that stands on one page."""

    words: tuple[Word, ...] = ()
    marks: tuple[Mark, ...] = ()
    rules: tuple[Rule, ...] = ()


def is_wide(character: str) -> bool:
    """Whether a character takes the full width of its size, as Chinese ones do."""
    return unicodedata.east_asian_width(character) in "WF"


def middle(item: Item | Rule) -> tuple[float, float]:
    return (item.left + item.right) / 2, (item.top + item.bottom) / 2


def split_word(word: Word, at: float) -> tuple[Word, ...]:
    """The word cut at a place `at` on the x axis, widths shared out by the kind of character; the whole word
    where one side would be empty."""
    weights = [2 if is_wide(character) else 1 for character in word.text]
    unit = (word.right - word.left) / max(sum(weights), 1)
    left, count = word.left, 0
    for weight in weights:
        if left + weight * unit / 2 > at:
            break
        left += weight * unit
        count += 1
    if not 0 < count < len(word.text):
        return (word,)
    return replace(word, text=word.text[:count], right=left), replace(word, text=word.text[count:], left=left)


def joined(words: Iterable[Word], rules: Iterable[Rule]) -> list[Word]:
    """Words with those that follow one another without a gap as one, never across an upright line."""
    edges = sorted(rule.left for rule in rules if not rule.horizontal)
    done: list[Word] = []
    run: list[Word] = []
    for word in words:
        if run and not (_follows(run[-1], word) and _within(edges, run[0].left, word.right)):
            done.append(_as_one(run))
            run = []
        run.append(word)
    return [*done, _as_one(run)] if run else done


def _within(edges: Sequence[float], left: float, right: float) -> bool:
    """Whether no edge lies between two places."""
    at = bisect_left(edges, left)
    return at == len(edges) or edges[at] > right


def _as_one(run: Sequence[Word]) -> Word:
    if len(run) == 1:
        return run[0]
    return replace(run[0], text="".join(word.text for word in run), right=run[-1].right)


def _follows(last: Word, word: Word) -> bool:
    if last.text.isspace() or word.text.isspace():
        return False
    near = 0.08 * (word.bottom - word.top)
    level = abs(last.top - word.top) <= near and abs(last.bottom - word.bottom) <= near
    return level and last.looks == word.looks and -near <= word.left - last.right <= near

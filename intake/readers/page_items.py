"""What stands on a page by position: words, boxes and ruled lines.

All coordinates are of one unit a page (points or pixels), x to the right and y downwards.
"""

from __future__ import annotations

import unicodedata
from bisect import bisect_left
from collections.abc import Iterable
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


def middle(item: Item) -> tuple[float, float]:
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
    for word in words:
        last = done[-1] if done else None
        if last is not None and _follows(last, word) and not (last.text.isspace() or word.text.isspace()):
            at = bisect_left(edges, last.left)
            if at == len(edges) or edges[at] > word.right:
                done[-1] = replace(last, text=last.text + word.text, right=word.right)
                continue
        done.append(word)
    return done


def _follows(last: Word, word: Word) -> bool:
    near = 0.08 * (word.bottom - word.top)
    level = abs(last.top - word.top) <= near and abs(last.bottom - word.bottom) <= near
    return level and last.looks == word.looks and -near <= word.left - last.right <= near

"""Answers in columns without lines: 是 and 否 stand over the columns, each question to the left of them.

The heading begins right of where the questions below it end, so its words are columns of their own, whatever
stands above it on the page.
"""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise
from typing import Protocol

_WIDEST = 4.6  # times the height: a heading of a column of answers (不愿意)


class Spread(Protocol):
    """What stands in one cell, from `left` to `right`."""

    @property
    def left(self) -> float: ...

    @property
    def right(self) -> float: ...


def headed_end(rows: Sequence[Sequence[Spread]], at: int, height: float) -> int:
    """Where the rows end that stand under a heading of answers at `at`; `at` itself where none begins there."""
    heading = rows[at]
    if len(heading) < 2 or any(block.right - block.left > _WIDEST * height for block in heading):
        return at
    end = at + 1
    while end < len(rows) and _stands_under(rows[end], heading, height):
        end += 1
    return end if end > at + 1 else at


def answer_columns(heading: Sequence[Spread], left: float) -> list[tuple[float, float]]:
    """Left and right of each column: that of the questions, which begin at `left`, then one for each word of the
    heading, which reaches half-way to its neighbours."""
    middles = [(one.left + one.right) / 2 for one in heading]
    parted = [(first + second) / 2 for first, second in pairwise(middles)]
    start = max(left + 1, heading[0].left - (parted[0] - middles[0]) / 2)
    edges = [left, start, *parted, heading[-1].right + (middles[-1] - parted[-1])]
    return list(pairwise(edges))


def _stands_under(row: Sequence[Spread], heading: Sequence[Spread], height: float) -> bool:
    """A question, which ends before the heading begins, and answers no wider than the words of the heading."""
    first, *answers = row
    narrow = all(one.right - one.left <= _WIDEST * height for one in answers)
    asked = first.right < heading[0].left and first.right - first.left > _WIDEST * height
    return asked and narrow and all(one.left > first.right for one in answers)

"""Boxes alone on their lines that belong together: one below the other, or carried over to the next line.

Lengths are pixels; `em` is the size of the printed letters.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from itertools import pairwise
from statistics import median

from intake.readers.paper_words import Word
from intake.readers.pen_rows import Row, is_letter, middle, text_of

_LONGEST = 7  # letters: a longer line is a question, not an option
_NEXT_LINE = 6  # em: lines of a text set wide
_STEP = 3.4  # em: options one below the other stand closer


def stands_in_a_column(row: Row, rows: Sequence[Row], words: Sequence[Word], em: float) -> bool:
    """Whether a box alone on its line is one of several below each other, none of which is missing.

    Their words differ, their lines are evenly apart, and no words above or below them want a box.
    """
    if _goes_on(row, rows, words, em):
        return True
    column = _column(row, [other for other in rows if _below(row, other, words, em)])
    steps = [lower.y - upper.y for upper, lower in pairwise(column)]
    texts = [text_of(other.options[0].words, words) for other in column]
    if not steps or max(steps) > _STEP * em or "" in texts or len(set(texts)) < len(texts):
        return False
    left = min(words[other.options[0].words[0]].left for other in column)
    ends = (column[0].y - median(steps), column[-1].y + median(steps))
    long = {line for line, count in Counter(word.line for word in words).items() if count > _LONGEST}
    return not any(
        abs(word.left - left) < em and any(abs(middle(word)[1] - end) < 0.5 * em for end in ends)
        for word in words
        if row.left < middle(word)[0] < row.right and is_letter(word.text) and word.line not in long
    )


def _column(row: Row, others: Sequence[Row]) -> list[Row]:
    """The rows that follow each other evenly, with this one among them."""
    order = sorted(others, key=lambda one: one.y)
    step = min((abs(other.y - row.y) for other in others if other is not row), default=0.0)
    groups: list[list[Row]] = []
    for other in order:
        if groups and other.y - groups[-1][-1].y <= 1.35 * step:
            groups[-1].append(other)
        else:
            groups.append([other])
    return next((group for group in groups if row in group), [row])


def _goes_on(row: Row, rows: Sequence[Row], words: Sequence[Word], em: float) -> bool:
    """Whether a box alone on its line is the last of several, the others on the line above in the same cell."""
    if not row.options[0].words:
        return False
    text = text_of(row.options[0].words, words)
    return any(
        len(other.options) > 1
        and em < row.y - other.y < _STEP * em / 1.4
        and abs(other.left - row.left) < em
        and abs(other.right - row.right) < em
        and all(one.words for one in other.options)
        and abs(_start(other, words) - _start(row, words)) < 0.7 * em
        and text not in {text_of(one.words, words) for one in other.options}
        for other in rows
    )


def _start(row: Row, words: Sequence[Word]) -> float:
    return min(row.options[0].frame.left, words[row.options[0].words[0]].left)


def _below(row: Row, other: Row, words: Sequence[Word], em: float) -> bool:
    """Whether another box alone on its line stands in the same cell and column, at most a few lines away."""
    if len(other.options) != 1 or not other.options[0].words or not row.options[0].words:
        return other is row
    same_cell = abs(other.left - row.left) < em and abs(other.right - row.right) < em
    starts = [words[one.options[0].words[0]].left for one in (row, other)]
    aligned = (
        abs(starts[0] - starts[1]) < 0.7 * em or abs(row.options[0].frame.left - other.options[0].frame.left) < 0.5 * em
    )
    return same_cell and aligned and abs(other.y - row.y) < 3 * _STEP * em


def runs_over(row: Row, rows: Sequence[Row], words: Sequence[Word], em: float) -> bool:
    """Whether the options of a question go on at the beginning of the next line, as another row has them on one."""
    return any(
        _carried(upper, lower, rows, words, em)
        for other in rows
        if other is not row
        for upper, lower in [(row, other) if row.y < other.y else (other, row)]
    )


def _carried(upper: Row, lower: Row, rows: Sequence[Row], words: Sequence[Word], em: float) -> bool:
    both = [*upper.options, *lower.options]
    if not (upper.side == lower.side == "before" and em < lower.y - upper.y < _NEXT_LINE * em):
        return False
    if not all(option.words for option in both) or any(upper.y < one.y < lower.y for one in rows):
        return False
    last, first = words[upper.options[-1].words[-1]], lower.options[0].frame
    ends = not any(_on_line(word, upper, em) and word.left > last.right for word in words)
    begins = not any(_on_line(word, lower, em) and word.right < first.left for word in words)
    texts = {text_of(option.words, words) for option in both}
    whole = [{text_of(option.words, words) for option in other.options} for other in rows if len(other.options) > 1]
    return ends and begins and len(texts) == len(both) and texts in whole


def _on_line(word: Word, row: Row, em: float) -> bool:
    x, y = middle(word)
    return row.left < x < row.right and abs(y - row.y) < 0.6 * em and is_letter(word.text)

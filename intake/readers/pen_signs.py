"""Marked boxes that were read as letters beside the words of an option: 山否 for a ticked box, (r)是, M 否.

Promises: a word keeps its number and place; what may be print, as the letters of A是 B否, keeps its text. Lengths are
pixels; `em` is the size of the printed letters.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from intake.readers.paper_words import Word
from intake.readers.pen_rows import is_letter, middle, text_of

PAIRS = (("是", "否"), ("愿意", "不愿意"), ("同意", "不同意"), ("参加", "不参加"), ("加入", "不加入"), ("有", "无"))
OPTIONS = frozenset(text for pair in PAIRS for text in pair)
REACH = 11.0  # em: how far from an option its fellow stands
_BOX = "口"  # a sign that stands for a box, and tells nothing of what is in it
_APART = 0.35  # em: a gap that parts options from other print
_SURE = 0.9  # score of print
_CLINGING, _BRACKETED = 0.9, 1.9  # em between a box and its option, and where a bracket stands there
_LIKE_TICKS = frozenset("VvMrYyWwNJLU7")
_BRACKETS = frozenset("()（）[]【】")
_PRINTED = frozenset("/／、，,；;|:：或和及不未非无")  # between options, or the beginning of one


@dataclass(frozen=True, slots=True)
class Run:
    """Characters that stand together, and their numbers among the words."""

    text: str
    at: tuple[int, ...]


def runs_of(words: Sequence[Word], em: float) -> Iterator[Run]:
    """The stretches of Chinese characters that stand apart."""
    run: list[int] = []
    for at, word in enumerate(words):
        letter = len(word.text) == 1 and "\u4e00" <= word.text <= "\u9fff" and is_letter(word.text)
        last = words[run[-1]] if run else None
        joins = last is not None and letter and word.line == last.line and word.left - last.right <= _APART * em
        if run and not joins:
            yield Run(text_of(run, words), tuple(run))
            run = []
        if letter:
            run.append(at)
    if run:
        yield Run(text_of(run, words), tuple(run))


def on_line(run: Run, other: Run, words: Sequence[Word], em: float) -> bool:
    """Whether two runs stand on one line, as near as options do."""
    (x, y), (x1, y1) = middle(words[run.at[0]]), middle(words[other.at[0]])
    return abs(y - y1) < 0.7 * em and abs(x - x1) < 2 * REACH * em


def without_signs(words: Sequence[Word], em: float) -> list[Word]:
    """The words; what was read where the box of an option stands, its fellow on the same line, as a box."""
    made = list(words)
    runs = list(runs_of(words, em))
    for run in runs:
        at = _clinging(run, [one for one in runs if one is not run and on_line(run, one, words, em)], words)
        if at is not None:
            made[at] = replace(words[at], text=_BOX)
    runs = list(runs_of(made, em))
    options = [run for run in runs if run.text in OPTIONS]
    taken = {at for run in runs if run in options or len(run.at) > 1 for at in run.at}
    signs = {at for at, word in enumerate(made) if at not in taken and _may_be_sign(word)}
    for run in options:
        fellows = [one for one in options if one is not run and on_line(run, one, words, em)]
        printed = any(_beside(at, one, made, em) and made[at].text.isascii() for one in fellows for at in signs)
        for at in sorted(signs) if fellows else ():
            like = made[at].score < _SURE or made[at].text in _LIKE_TICKS or len(made[at].text) > 1
            if like and not printed and _beside(at, run, made, em):
                made[at] = replace(made[at], text=_BOX if len(made[at].text) == 1 else f"({_BOX})")
    return made


def _clinging(run: Run, fellows: Sequence[Run], words: Sequence[Word]) -> int | None:
    """The number of the one character too many in a run, where the other option of its pair stands on the line."""
    for pair in PAIRS:
        for text, other in (pair, pair[::-1]):
            if run.text in pair or len(run.at) - len(text) != 1 or text not in (run.text[1:], run.text[:-1]):
                continue
            at = run.at[0] if run.text[1:] == text else run.at[-1]
            if words[at].score < _SURE and any(_names(one.text, other) for one in fellows):
                return at
    return None


def _names(text: str, option: str) -> bool:
    return text == option or (len(text) == len(option) + 1 and option in (text[1:], text[:-1]))


def _may_be_sign(word: Word) -> bool:
    """Whether a word is one sign that is no box, by itself or in brackets that were read with it."""
    inside = word.text[1:-1] if len(word.text) == 3 and {word.text[0], word.text[-1]} <= _BRACKETS else word.text
    return len(inside) == 1 and is_letter(inside) and inside not in _PRINTED


def _beside(at: int, run: Run, words: Sequence[Word], em: float) -> bool:
    """Whether a word stands close to an option, or in brackets beside it."""
    word, first, last = words[at], words[run.at[0]], words[run.at[-1]]
    gap = max(first.left - word.right, word.left - last.right)
    if abs(middle(word)[1] - middle(first)[1]) > 0.7 * em or gap < -0.5 * em:
        return False
    between = any(
        words[near].text in _BRACKETS and words[near].line == word.line
        for near in (at - 1, at + 1)
        if 0 <= near < len(words)
    )
    return gap < (_BRACKETED if between else _CLINGING) * em

"""The words of an option that a pen has hidden from the OCR: 否 beside a 是, found again by its print.

A printed form shows its options in sets, and a pen only adds ink: where a set lacks one of its words, the place is
sought on the line of the other where all the ink of that word lies, as it is printed elsewhere on the page. Lengths
are pixels; `em` is the size of the printed letters.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from statistics import median

from intake.readers.paper_words import Word, moved
from intake.readers.pen_ink import Ink, Picture, clipped
from intake.readers.pen_patterns import alike_place, covered_place, word_pattern
from intake.readers.pen_rows import is_letter, middle, text_of

PAIRS = (("是", "否"), ("愿意", "不愿意"), ("同意", "不同意"), ("参加", "不参加"), ("加入", "不加入"), ("有", "无"))
_OPTIONS = frozenset(text for pair in PAIRS for text in pair)
_MOVED = 0.12  # em: less is the grain of the places
_OFF = 0.8  # em: how far a word may be read from its print
SCORE = 0.6  # of a word that was found again
_BOX = "口"  # a sign that stands for a box, and tells nothing of what is in it
_DOUBTED, _CLINGING = 0.8, 0.8  # score of a letter or digit that may be a box; em between it and the option
_REACH = 11.0  # em: how far from an option its fellow stands
_APART = 0.35  # em: a gap that parts options from other print
_SENTENCE = 3  # letters: a longer run of print is no option
_SURE = 0.9  # of words that are no option hidden by a pen


@dataclass(frozen=True, slots=True)
class _Run:
    text: str
    at: tuple[int, ...]


def with_fellows(ink: Ink, words: Sequence[Word], rules: Picture) -> list[Word]:
    """The words, and those that the options read on the page lack; what was read in their place instead is left out.

    `rules` are the upright lines of tables.
    """
    words = _settled(ink, _without_clinging(words, ink.em))
    runs = list(_runs(words, ink.em))
    found: list[tuple[_Run, list[Word]]] = []
    for first, second in PAIRS:
        for text, other, ahead in ((first, second, True), (second, first, False)):
            alike = [run for run in runs if run.text == other]
            for run in runs:
                if run.text == text and not any(_on_line(run, one, words, ink.em) for one in alike):
                    place = _sought(ink, run, other, words, rules, ahead=ahead)
                    found += [(run, place)] if place else []
    return _placed(words, found)


def _settled(ink: Ink, words: Sequence[Word]) -> list[Word]:
    """The words, those of options moved to where their print is: beside a box or a tick they were read out of place."""
    made = list(words)
    for run in _runs(words, ink.em):
        if run.text not in _OPTIONS:
            continue
        own = [words[at] for at in run.at]
        x, y = (own[0].left + own[-1].right) / 2, median(middle(word)[1] for word in own)
        pattern = word_pattern(ink, run.text, own, words, besides=run.at)
        if pattern is None:
            continue
        high, wide = pattern.shape
        height, width = ink.mask.shape
        half, slack = wide / 2 + _OFF * ink.em, high / 2 + 0.25 * ink.em
        left, top, right, bottom = clipped((x - half, y - slack, x + half, y + slack), width, height)
        part = ink.mask[top:bottom, left:right]
        place = alike_place(part, pattern) if right - left >= wide and bottom - top >= high else None
        if place is None:
            continue
        moved_by = left + place[0] + wide / 2 - x
        for at in run.at if abs(moved_by) > _MOVED * ink.em else ():
            made[at] = moved(words[at], moved_by, 0.0)
    return made


def _without_clinging(words: Sequence[Word], em: float) -> list[Word]:
    """The words; a character that clings to an option whose fellow is on its line, where its box stands, as a box."""
    made, runs = list(words), list(_runs(words, em))
    for pair in PAIRS:
        for text, other in (pair, pair[::-1]):
            for run in runs:
                spare = len(run.at) - len(text)
                if spare != 1 or run.text in pair or text not in (run.text[1:], run.text[:-1]):
                    continue
                if any(_names(one.text, other) and one is not run and _on_line(run, one, words, em) for one in runs):
                    at = run.at[0] if run.text[1:] == text else run.at[-1]
                    made[at] = replace(words[at], text=_BOX) if words[at].score < _SURE else words[at]
    return [_as_box(at, word, made, runs, em) for at, word in enumerate(made)]


def _as_box(at: int, word: Word, words: Sequence[Word], runs: Sequence[_Run], em: float) -> Word:
    """A digit or letter that was read with doubt close to an option as a box."""
    if not (len(word.text) == 1 and word.text.isascii() and word.text.isalnum() and word.score < _DOUBTED):
        return word
    for run in runs:
        first, last = words[run.at[0]], words[run.at[-1]]
        near = at in (run.at[0] - 1, run.at[-1] + 1) and word.line == first.line
        if near and run.text in _OPTIONS and max(first.left - word.right, word.left - last.right) < _CLINGING * em:
            return replace(word, text=_BOX)
    return word


def _names(text: str, option: str) -> bool:
    return text == option or (len(text) == len(option) + 1 and option in (text[1:], text[:-1]))


def _runs(words: Sequence[Word], em: float) -> Iterator[_Run]:
    """The stretches of Chinese characters that stand apart."""
    run: list[int] = []
    for at, word in enumerate(words):
        letter = len(word.text) == 1 and "\u4e00" <= word.text <= "\u9fff" and is_letter(word.text)
        last = words[run[-1]] if run else None
        joins = last is not None and letter and word.line == last.line and word.left - last.right <= _APART * em
        if run and not joins:
            yield _Run(text_of(run, words), tuple(run))
            run = []
        if letter:
            run.append(at)
    if run:
        yield _Run(text_of(run, words), tuple(run))


def _on_line(run: _Run, other: _Run, words: Sequence[Word], em: float) -> bool:
    (x, y), (x1, y1) = middle(words[run.at[0]]), middle(words[other.at[0]])
    return abs(y - y1) < 0.7 * em and abs(x - x1) < 2 * _REACH * em


def _placed(words: Sequence[Word], found: Sequence[tuple[_Run, list[Word]]]) -> list[Word]:
    """The words with those found in their lines, after or before the option they belong to."""
    made: list[Word] = []
    hidden = [new for _, place in found for new in place]
    for at, word in enumerate(words):
        for run, place in found:
            made += place if at == run.at[0] and place[0].left < word.left else []
        if not any(_lies_on(word, new) for new in hidden):
            made.append(word)
        for run, place in found:
            made += place if at == run.at[-1] and place[0].left > word.left else []
    return made


def _lies_on(word: Word, new: Word) -> bool:
    x, y = middle(word)
    within = new.left < x < new.right and new.top < y < new.bottom
    wide = min(word.right, new.right) - max(word.left, new.left)
    return within or (wide > 0.6 * (word.right - word.left) and new.top < y < new.bottom)


def _sought(ink: Ink, run: _Run, text: str, words: Sequence[Word], rules: Picture, *, ahead: bool) -> list[Word] | None:
    """The word of an option on the line of its fellow, to the right where that comes first (`ahead`)."""

    own = [words[at] for at in run.at]
    y = median(middle(word)[1] for word in own)
    pattern = word_pattern(ink, text, own, words)
    area = _area(ink, own, y, rules, ahead=ahead)
    if pattern is None or area[2] - area[0] <= pattern.shape[1] or area[3] - area[1] <= pattern.shape[0]:
        return None
    if _read_well(area, ink, words):
        return None
    place = covered_place(_without_sentences(ink, area, words), pattern)
    if place is None:
        return None
    (x, top), (high, wide) = place, pattern.shape
    left, y = area[0] + x, area[1] + top + high / 2
    step, half = wide / len(text), median(word.bottom - word.top for word in own) / 2
    return [
        Word(letter, left + at * step, y - half, left + (at + 1) * step, y + half, SCORE, own[0].line)
        for at, letter in enumerate(text)
    ]


def _area(ink: Ink, own: Sequence[Word], y: float, rules: Picture, *, ahead: bool) -> tuple[int, int, int, int]:
    """Where on the line of an option its fellow may stand: up to the next upright rule."""
    import numpy as np

    height, width = ink.mask.shape
    line = rules[max(0, min(height - 1, round(y)))]
    start, end = own[0].left, own[-1].right
    if ahead:
        bound = np.flatnonzero(line[min(width, round(end)) :])
        right = end + float(bound[0]) if len(bound) else float(width)
        left, right = end + 0.1 * ink.em, min(right, end + _REACH * ink.em)
    else:
        bound = np.flatnonzero(line[: max(0, round(start))])
        left = float(bound[-1]) if len(bound) else 0.0
        left, right = max(left, start - _REACH * ink.em), start - 0.1 * ink.em
    return clipped((left, y - 0.75 * ink.em, right, y + 0.75 * ink.em), width, height)


def _read_well(area: tuple[int, int, int, int], ink: Ink, words: Sequence[Word]) -> bool:
    """Whether other words of several letters were read with certainty in an area: the options are no such pair."""
    return any(
        1 < len(run.at) <= _SENTENCE
        and all(words[at].score > _SURE for at in run.at)
        and area[0] < middle(words[run.at[0]])[0] < area[2]
        and area[1] < middle(words[run.at[0]])[1] < area[3]
        for run in _runs(words, ink.em)
    )


def _without_sentences(ink: Ink, area: tuple[int, int, int, int], words: Sequence[Word]) -> Picture:
    """The ink of an area, 1 and 0; print that is no option taken out."""
    left, top, right, bottom = area
    part = ink.mask[top:bottom, left:right].copy()
    for run in _runs(words, ink.em):
        if len(run.text) > _SENTENCE:
            first, last = words[run.at[0]], words[run.at[-1]]
            box = (first.left - left, first.top - top, last.right - left, last.bottom - top)
            x0, y0, x1, y1 = clipped(box, right - left, bottom - top)
            part[y0:y1, x0:x1] = 0
    return part

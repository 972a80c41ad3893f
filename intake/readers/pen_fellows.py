"""The words of an option that a pen has hidden from the OCR: 否 beside a 是, found again by its print.

A printed form shows its options in sets, and a pen only adds ink: where a set lacks one of its words, the place is
sought on the line of the other where all the ink of that word lies, as it is printed elsewhere on the page. Lengths
are pixels; `em` is the size of the printed letters.
"""

from __future__ import annotations

from collections.abc import Sequence
from statistics import median

from intake.readers.paper_words import Word, moved
from intake.readers.pen_ink import Ink, Picture, clipped
from intake.readers.pen_patterns import alike_place, covered_place, word_pattern
from intake.readers.pen_rows import middle
from intake.readers.pen_signs import OPTIONS, PAIRS, REACH, Run, on_line, runs_of, without_signs

_MOVED = 0.12  # em: less is the grain of the places
_OFF = 0.8  # em: how far a word may be read from its print
SCORE = 0.6  # of a word that was found again
_SENTENCE = 3  # letters: a longer run of print is no option
_SURE = 0.9  # of words that are no option hidden by a pen


def with_fellows(ink: Ink, words: Sequence[Word], rules: Picture) -> list[Word]:
    """The words, and those that the options read on the page lack; what was read in their place instead is left out.

    `rules` are the upright lines of tables.
    """
    words = _settled(ink, without_signs(words, ink.em))
    runs = list(runs_of(words, ink.em))
    found: list[tuple[Run, list[Word]]] = []
    for first, second in PAIRS:
        for text, other, ahead in ((first, second, True), (second, first, False)):
            alike = [run for run in runs if run.text == other]
            for run in runs:
                if run.text == text and not any(on_line(run, one, words, ink.em) for one in alike):
                    place = _sought(ink, run, other, words, rules, ahead=ahead)
                    found += [(run, place)] if place else []
    return _placed(words, found)


def _settled(ink: Ink, words: Sequence[Word]) -> list[Word]:
    """The words, those of options moved to where their print is: beside a box or a tick they were read out of place."""
    made = list(words)
    for run in runs_of(words, ink.em):
        if run.text not in OPTIONS:
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


def _placed(words: Sequence[Word], found: Sequence[tuple[Run, list[Word]]]) -> list[Word]:
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


def _sought(ink: Ink, run: Run, text: str, words: Sequence[Word], rules: Picture, *, ahead: bool) -> list[Word] | None:
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
        left, right = end + 0.1 * ink.em, min(right, end + REACH * ink.em)
    else:
        bound = np.flatnonzero(line[: max(0, round(start))])
        left = float(bound[-1]) if len(bound) else 0.0
        left, right = max(left, start - REACH * ink.em), start - 0.1 * ink.em
    return clipped((left, y - 0.75 * ink.em, right, y + 0.75 * ink.em), width, height)


def _read_well(area: tuple[int, int, int, int], ink: Ink, words: Sequence[Word]) -> bool:
    """Whether other words of several letters were read with certainty in an area: the options are no such pair."""
    return any(
        1 < len(run.at) <= _SENTENCE
        and all(words[at].score > _SURE for at in run.at)
        and area[0] < middle(words[run.at[0]])[0] < area[2]
        and area[1] < middle(words[run.at[0]])[1] < area[3]
        for run in runs_of(words, ink.em)
    )


def _without_sentences(ink: Ink, area: tuple[int, int, int, int], words: Sequence[Word]) -> Picture:
    """The ink of an area, 1 and 0; print that is no option taken out."""
    left, top, right, bottom = area
    part = ink.mask[top:bottom, left:right].copy()
    for run in runs_of(words, ink.em):
        if len(run.text) > _SENTENCE:
            first, last = words[run.at[0]], words[run.at[-1]]
            box = (first.left - left, first.top - top, last.right - left, last.bottom - top)
            x0, y0, x1, y1 = clipped(box, right - left, bottom - top)
            part[y0:y1, x0:x1] = 0
    return part

"""The marks of a pen on a page of paper: which box is ticked, which is empty, and which a person must look at.

The boxes of a row are compared with each other; a seal over the row, two marked boxes where one looks
scribbled out, or ink that could mean either, is never decided. The rules follow how people tick: in the
box, across it, over it, beside the words, a cross, a filled box, a ring, the other option struck out.
"""

from __future__ import annotations

from collections.abc import Sequence

from intake.readers.paper_words import Mark, Word
from intake.readers.pen_boxes import Frame, find_squares, overlap
from intake.readers.pen_frames import choose_frames
from intake.readers.pen_ink import Ink, Picture, clipped, ink_of, letter_size
from intake.readers.pen_patches import find_brackets, find_filled
from intake.readers.pen_rings import foreign, lined, pen_colour, ring, struck
from intake.readers.pen_rows import (
    Option,
    Row,
    assign,
    crowded,
    lost_frames,
    options_lost,
    rows_of,
    single_letters,
    upright_rules,
)
from intake.readers.pen_seek import covered_boxes, expected_places
from intake.readers.pen_strokes import Stroke, Surroundings, inside_of, strokes_beside, surroundings
from intake.readers.pen_verdict import DOUBT, NO_RING, Seen, Verdict, judge

MAX_PIXELS = 40_000_000
_SHORT = 3  # letters: an option as short as 是 or 不同意 does not stand alone


def find_marks(page: Picture, words: Sequence[Word]) -> list[Mark]:
    """Every check box of an upright page (uint8, h x w x 3, BGR), and rings and strokes over the words beside one.

    Nothing is found where no word tells how large the print is. Raises nothing on any picture.
    """
    if getattr(page, "ndim", 0) != 3 or page.shape[2] != 3 or min(page.shape[:2]) < 16 or page.size > 3 * MAX_PIXELS:
        return []
    em = letter_size(words)
    if not 5 <= em <= 400:
        return []
    ink = ink_of(page, words, em)
    rows = _rows(ink, words)
    return [mark for row in rows for mark in _marks(ink, row, rows, words)]


def _rows(ink: Ink, words: Sequence[Word]) -> list[Row]:
    letters = single_letters(words, ink.em)
    frames = find_squares(ink, letters)
    filled = [full for full in find_filled(ink, letters) if all(overlap(full, frame) < 0.3 for frame in frames)]
    brackets = find_brackets(ink, letters)
    hollow = frozenset(frame for frame in frames if inside_of(ink, frame).fill == "empty")
    kept = choose_frames([*frames, *filled, *brackets], hollow, words, letters, ink.em)
    rows = rows_of(kept, words, upright_rules(ink), ink.em)
    lost = lost_frames(rows, words, ink.em)
    for row in rows:
        expected = expected_places(row, rows, [option.frame for other, option in lost if other is row], words)
        for frame in covered_boxes(ink, row, expected, letters):
            row.options.append(Option(frame))
        row.options.sort(key=lambda one: one.frame.left)
    assign(rows, words, ink.em)
    for row, option in lost_frames(rows, words, ink.em):
        found = _seek(ink, option.frame)
        if found is not None:
            row.options.append(option.moved(found))
            row.options.sort(key=lambda one: one.frame.left)
    return rows


def _seek(ink: Ink, guess: Frame) -> Frame | None:
    """The place near the guess that holds most ink, or None where there is none: then no box was there."""
    import cv2
    import numpy as np

    height, width = ink.mask.shape
    slack = 0.45 * ink.em
    area = clipped((guess.left - slack, guess.top - slack, guess.right + slack, guess.bottom + slack), width, height)
    part = ink.mask[area[1] : area[3], area[0] : area[2]].astype(np.float32)
    wide, tall = round(guess.right - guess.left), round(guess.bottom - guess.top)
    if part.shape[0] < tall or part.shape[1] < wide or wide < 3 or tall < 3:
        return None
    shares = cv2.blur(part, (wide, tall), borderType=cv2.BORDER_CONSTANT)
    _, most, _, place = cv2.minMaxLoc(shares)
    if most < 0.12:
        return None
    left, top = area[0] + place[0] - wide // 2, area[1] + place[1] - tall // 2
    return Frame(left, top, left + wide, top + tall, 1.0, most, "full" if most > 0.62 else "guess")


def _marks(ink: Ink, row: Row, rows: Sequence[Row], words: Sequence[Word]) -> list[Mark]:
    around = surroundings(ink, row)
    strokes = strokes_beside(ink, around, row, words)
    shares, stray = _shared_out(strokes, row, words, ink.em)
    seen = [_see(ink, around, row, option, words, tuple(own)) for option, own in zip(row.options, shares, strict=True)]
    states: list[Verdict] = judge(seen, stray)
    if foreign(strokes, around, row, ink.em) or crowded(row, ink.em):
        states = [DOUBT for _ in states]
    if _incomplete(row, rows, words, ink.em):
        states = [("unknown", "ink, but a box or a word is missing") for _ in states]
    marks = []
    for option, one, (state, source) in zip(row.options, seen, states, strict=True):
        frame, near = option.frame, option.words[0] if option.words else None
        marks.append(Mark(frame.left, frame.top, frame.right, frame.bottom, state, source, near))
        if one.struck and option.words and state != "ticked":
            left, top, right, bottom = _place(option, words)
            marks.append(Mark(left, top, right, bottom, "struck", "ink through", near))
    return marks


def _incomplete(row: Row, rows: Sequence[Row], words: Sequence[Word], em: float) -> bool:
    """Whether an option of the row has lost its box or its words, so that a mark may be missed or misplaced."""
    boxed = {option.words for option in row.options}
    if () in boxed or any(run not in boxed for run in options_lost(row, rows, words, em)):
        return True
    first = row.options[0]
    alone = first.frame.kind != "square" or len(first.words) <= _SHORT or any(len(other.options) > 1 for other in rows)
    return len(row.options) == 1 and alone


def _place(option: Option, words: Sequence[Word]) -> tuple[float, float, float, float]:
    own = [words[at] for at in option.words]
    return (min(w.left for w in own), min(w.top for w in own), max(w.right for w in own), max(w.bottom for w in own))


def _see(
    ink: Ink, around: Surroundings, row: Row, option: Option, words: Sequence[Word], beside: tuple[Stroke, ...]
) -> Seen:
    frame = option.frame
    target = (frame.left, frame.top, frame.right, frame.bottom)
    others = [other.frame for other in row.options if other is not option]
    rings = [ring(around, target, others, ink.em)]
    line, maybe, colour = False, False, 0.0
    if option.words:
        left, top, right, bottom = _place(option, words)
        y = (top + bottom) / 2
        place = (left, y - ink.em / 2, right, y + ink.em / 2)
        both = (min(left, frame.left), min(place[1], frame.top), max(right, frame.right), max(place[3], frame.bottom))
        rings += [ring(around, place, others, ink.em), ring(around, both, others, ink.em)]
        line, colour = struck(around, place, ink.em), pen_colour(ink, place)
        maybe = lined(around, place, len(option.words), ink.em)
    if max(rings) > NO_RING:  # what goes round the words strikes nothing out
        line = False
    height, width = ink.seal.shape
    x0, y0, x1, y1 = clipped((frame.left - 2, frame.top - 2, frame.right + 2, frame.bottom + 2), width, height)
    return Seen(
        option, inside_of(ink, frame), max(rings), line, bool(ink.seal[y0:y1, x0:x1].any()), maybe, colour, beside
    )


def _shared_out(
    strokes: Sequence[Stroke], row: Row, words: Sequence[Word], em: float
) -> tuple[list[list[Stroke]], list[Stroke]]:
    """The strokes of each option, and those that lie between two or are larger than a tick."""
    own: list[list[Stroke]] = [[] for _ in row.options]
    stray = []
    extents = []
    for option in row.options:
        frame = option.frame
        place = _place(option, words) if option.words else (frame.left, 0.0, frame.right, 0.0)
        extents.append((min(frame.left, place[0]), max(frame.right, place[2])))
    for stroke in strokes:
        x = (stroke.box[0] + stroke.box[2]) / 2
        away = [max(left - x, x - right, 0.0) for left, right in extents]
        order = sorted(range(len(away)), key=lambda at: away[at])
        first = away[order[0]]
        second = away[order[1]] if len(order) > 1 else 9e9
        if first > 2.0 * em:
            continue
        if second < first * 1.5 + 0.3 * em:
            stray.append(stroke)
        else:
            own[order[0]].append(stroke)
    return own, stray

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
from intake.readers.pen_rings import foreign, lined, overwritten, pen_colour, ring, struck, struck_with_box, underlined
from intake.readers.pen_rows import (
    Option,
    Row,
    assign,
    beside_its_letter,
    crowded,
    is_letter,
    lost_frames,
    middle,
    options_lost,
    rows_of,
    single_letters,
    stands_in_a_column,
    upright_rules,
)
from intake.readers.pen_seek import covered_boxes, expected_places
from intake.readers.pen_strokes import Stroke, Surroundings, inside_of, strokes_beside, surroundings
from intake.readers.pen_verdict import DOUBT, FLAT, NO_RING, RING, Seen, Verdict, judge

MAX_PIXELS = 40_000_000
_HEAVIER = 1.22  # times the ink of the same letters elsewhere: a pen may have written over them
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
    for row in rows:
        row.options = [option for option in row.options if not beside_its_letter(option, row, hollow, ink.em)]
    assign(rows, words, ink.em)
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
    strokes = _without_ring(strokes_beside(ink, around, row, rows, words), around, row, words, ink.em)
    shares, stray = _shared_out(strokes, row, words, ink.em)
    seen = [_see(ink, around, row, option, words, tuple(own)) for option, own in zip(row.options, shares, strict=True)]
    states: list[Verdict] = judge(seen, stray)
    if foreign(strokes, around, row, ink.em) or crowded(row, ink.em):
        states = [DOUBT for _ in states]
    if _incomplete(row, rows, words, ink.em):
        states = [("unknown", "ink, but a box or a word is missing") for _ in states]
    if _blank(states, seen) and any(overwritten(ink, option.words, words) > _HEAVIER for option in row.options):
        states = [DOUBT for _ in states]
    marks = []
    for option, one, (state, source) in zip(row.options, seen, states, strict=True):
        frame, near = option.frame, option.words[0] if option.words else None
        marks.append(Mark(frame.left, frame.top, frame.right, frame.bottom, state, source, near))
        if one.struck and option.words and state != "ticked":
            left, top, right, bottom = _place(option, words)
            marks.append(Mark(left, top, right, bottom, "struck", "ink through", near))
    return marks


def _blank(states: Sequence[Verdict], seen: Sequence[Seen]) -> bool:
    return all(state == "empty" for state, _ in states) and not any(one.struck for one in seen)


def _without_ring(
    strokes: Sequence[Stroke], around: Surroundings, row: Row, words: Sequence[Word], em: float
) -> list[Stroke]:
    """The strokes that are not a ring round one option, as tight as a ring is."""
    rest = list(strokes)
    for option in row.options:
        others = [other.frame for other in row.options if other is not option]
        for target in targets(option, words, em):
            if ring(around, target, others, em) < RING:
                continue
            rest = [stroke for stroke in rest if not _goes_round(stroke, target, em)]
    return rest


def _goes_round(stroke: Stroke, target: Sequence[float], em: float) -> bool:
    slack, room = 0.25 * em, 1.1 * em
    left, top, right, bottom = stroke.box
    reaches = left < target[0] + slack and right > target[2] - slack and top < target[1] + slack
    tight = left > target[0] - room and right < target[2] + room and top > target[1] - room
    return reaches and tight and target[3] - slack < bottom < target[3] + room


def targets(option: Option, words: Sequence[Word], em: float) -> list[tuple[float, float, float, float]]:
    """What a ring may go round: the box, the words, both."""
    frame = option.frame
    box = (frame.left, frame.top, frame.right, frame.bottom)
    if not option.words:
        return [box]
    place = _letters_place(option, words, em)
    both = (min(place[0], box[0]), min(place[1], box[1]), max(place[2], box[2]), max(place[3], box[3]))
    return [box, place, both]


def _letters_place(option: Option, words: Sequence[Word], em: float) -> tuple[float, float, float, float]:
    """The words of an option, as tall as print is."""
    left, top, right, bottom = _place(option, words)
    y = (top + bottom) / 2
    return (left, y - em / 2, right, y + em / 2)


def _incomplete(row: Row, rows: Sequence[Row], words: Sequence[Word], em: float) -> bool:
    """Whether an option of the row has lost its box or its words, so that a mark may be missed or misplaced."""
    if _in_cells_of_their_own(row, rows, em):
        return False
    boxed = {option.words for option in row.options}
    if () in boxed or any(run not in boxed for run in options_lost(row, rows, words, em)):
        return True
    if len(row.options) > 1:
        return False
    first = row.options[0]
    alone = first.frame.kind != "square" or len(first.words) <= _SHORT or any(len(other.options) > 1 for other in rows)
    return alone and not stands_in_a_column(row, rows, words, em)


def _in_cells_of_their_own(row: Row, rows: Sequence[Row], em: float) -> bool:
    """Whether a box stands alone in its cell, as another on the same line does: its words are in other cells."""

    def alone(one: Row) -> bool:
        return (
            len(one.options) == 1 and not one.options[0].words and one.left > 0 and one.options[0].frame.kind != "guess"
        )

    return alone(row) and any(alone(other) and other is not row and abs(other.y - row.y) < 0.5 * em for other in rows)


def _place(option: Option, words: Sequence[Word]) -> tuple[float, float, float, float]:
    own = [words[at] for at in option.words]
    return (min(w.left for w in own), min(w.top for w in own), max(w.right for w in own), max(w.bottom for w in own))


def _see(
    ink: Ink, around: Surroundings, row: Row, option: Option, words: Sequence[Word], beside: tuple[Stroke, ...]
) -> Seen:
    frame = option.frame
    others = [other.frame for other in row.options if other is not option]
    rings = [ring(around, target, others, ink.em) for target in targets(option, words, ink.em)]
    inside = inside_of(ink, frame)
    line, maybe, colour = False, False, 0.0
    if option.words:
        place = _letters_place(option, words, ink.em)
        line = struck(around, place, ink.em)
        if not line and inside.tall < FLAT:
            line = struck_with_box(around, place, frame, ink.em)
        colour = pen_colour(ink, place)
        maybe = lined(around, place, len(option.words), ink.em) or underlined(around, place, ink.em)
    if max(rings) > NO_RING:  # what goes round the words strikes nothing out
        line = False
    height, width = ink.seal.shape
    x0, y0, x1, y1 = clipped((frame.left - 2, frame.top - 2, frame.right + 2, frame.bottom + 2), width, height)
    return Seen(
        option, inside_of(ink, frame), max(rings), line, bool(ink.seal[y0:y1, x0:x1].any()), maybe, colour, beside,
        sign_read(frame, words),
    )  # fmt: skip


def sign_read(frame: Frame, words: Sequence[Word]) -> str:
    """The one sign that was read in the place of a box; empty where none or several were."""
    x, y = frame.middle
    reach_x = 0.5 * (frame.right - frame.left) + (0.5 if frame.kind == "guess" else 0.2) * frame.size
    reach_y = 0.6 * frame.size
    signs = [
        sign
        for word in words
        if abs(middle(word)[0] - x) < reach_x and abs(middle(word)[1] - y) < reach_y
        for sign in word.text.strip("()（）[]【】")
        if not is_letter(sign)
    ]
    return signs[0] if len(signs) == 1 else ""


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

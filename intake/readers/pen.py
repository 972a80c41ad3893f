"""The marks of a pen on a page of paper: which box is ticked, which is empty, and which a person must look at.

The boxes of a row are compared with each other; a seal over the row, two marked boxes where one looks
scribbled out, or ink that could mean either, is never decided. The rules follow how people tick: in the
box, across it, over it, beside the words, a cross, a filled box, a ring, the other option struck out.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from intake.readers.paper_words import Mark, Word, moved
from intake.readers.pen_bare import bare_marks
from intake.readers.pen_border import over_border
from intake.readers.pen_boxes import Frame
from intake.readers.pen_excess import any_overwritten
from intake.readers.pen_fellows import with_fellows
from intake.readers.pen_ink import Ink, Picture, Rectangle, clipped, ink_of, letter_size
from intake.readers.pen_inside import inside_of, uneven
from intake.readers.pen_lines import colour_through, lined, struck, struck_with_box, underlined
from intake.readers.pen_misread import without_misread
from intake.readers.pen_options import incomplete, option_rows
from intake.readers.pen_over import with_words
from intake.readers.pen_rings import encircled, foreign, pen_colour, ring
from intake.readers.pen_rows import Option, Row, astray, crowded, is_letter, middle, upright_rules
from intake.readers.pen_share import letters_place, place_of, shared_out, targets, without_ring
from intake.readers.pen_strokes import TICK_SIGNS, Stroke, Surroundings, strokes_beside, surroundings, without_print
from intake.readers.pen_verdict import DOUBT, FLAT, NO_RING, RING, Seen, Verdict, judge, with_lines

MAX_PIXELS = 40_000_000
_CERTAIN = 0.8  # of a tick read
_CROSSING = 0.28  # em: how far from the middle of words a line goes through them
_ROOM = 12  # em


def find_marks(page: Picture, words: Sequence[Word]) -> list[Mark]:
    """The marks of `read_marks`."""
    return read_marks(page, words)[1]


def read_marks(page: Picture, words: Sequence[Word]) -> tuple[list[Word], list[Mark]]:
    """Every check box of an upright page (uint8, h x w x 3, BGR), and rings and strokes over the words beside one.

    With them come the words, those of options that a pen has hidden added. Nothing is found where no word tells how
    large the print is. Raises nothing on any picture.
    """
    if getattr(page, "ndim", 0) != 3 or page.shape[2] != 3 or min(page.shape[:2]) < 16 or page.size > 3 * MAX_PIXELS:
        return list(words), []
    em = letter_size(words)
    if not 5 <= em <= 400:
        return list(words), []
    left, top, right, bottom = _written_part(page, words, em)
    words = [moved(word, -left, -top) for word in words]
    ink = ink_of(page[top:bottom, left:right], words, em)
    rules = upright_rules(ink)
    words = with_fellows(ink, words, rules)
    read, words = words, without_misread(ink, words)
    rows = option_rows(ink, words, rules)
    marks = [mark for row in rows for mark in _marks(ink, row, rows, words, rules)]
    marks += bare_marks(ink, words, rows, rules)
    return [moved(word, left, top) for word in read], [moved(mark, left, top) for mark in marks]


def _written_part(page: Picture, words: Sequence[Word], em: float) -> Rectangle:
    """Where words stand, with room for boxes about them; the rest of a page is not looked at."""
    height, width = page.shape[:2]
    room = _ROOM * em
    left, top = min(word.left for word in words), min(word.top for word in words)
    right, bottom = max(word.right for word in words), max(word.bottom for word in words)
    return clipped((left - room, top - room, right + room, bottom + room), width, height)


def _marks(ink: Ink, row: Row, rows: Sequence[Row], words: Sequence[Word], rules: Picture) -> list[Mark]:
    around = surroundings(ink, row)
    penned = without_print(around, row, words, ink.em)
    strokes = without_ring(strokes_beside(ink, around, row, rows, words), around, row, words, ink.em)
    shares, stray = shared_out(strokes, row, words, ink.em)
    seen = [
        _see(ink, (around, penned), row, option, words, tuple(own))
        for option, own in zip(row.options, shares, strict=True)
    ]
    seen = with_lines(seen, stray)
    states: list[Verdict] = judge(seen, stray)
    if foreign(strokes, around, row, ink.em) or crowded(row, ink.em):
        states = [DOUBT for _ in states]
    elif not any(state == "ticked" and source != "underline" for state, source in states):
        seen, states = with_words(ink, row, seen, states, words, between=bool(stray))
    if incomplete(row, rows, words, ink.em):
        states = [("unknown", "ink, but a box or a word is missing") for _ in states]
    if all(one.bare for one in seen) and _ticks_read(row, words, ink.em) == 1:  # under a seal, but read
        states = [one.empty for one in seen]
    if _blank(states, seen) and (
        any_overwritten(ink, [option.words for option in row.options], words)
        or uneven(ink, row)
        or over_border(ink, row, rules)
    ):
        states = [DOUBT for _ in states]
    marks = []
    for option, one, (state, source) in zip(row.options, seen, states, strict=True):
        frame, near = option.frame, option.words[0] if option.words else None
        marks.append(Mark(frame.left, frame.top, frame.right, frame.bottom, state, source, near))
        if one.struck and option.words and state != "ticked":
            left, top, right, bottom = place_of(option, words)
            marks.append(Mark(left, top, right, bottom, "struck", "ink through", near))
    return marks


def _ticks_read(row: Row, words: Sequence[Word], em: float) -> int:
    """How many ticks were read with certainty on a row, outside its boxes."""
    return sum(
        word.text in TICK_SIGNS
        and word.score > _CERTAIN
        and row.left < middle(word)[0] < row.right
        and abs(middle(word)[1] - row.y) < 0.6 * em
        and not any(option.frame.left < middle(word)[0] < option.frame.right for option in row.options)
        for word in words
    )


def _blank(states: Sequence[Verdict], seen: Sequence[Seen]) -> bool:
    return all(state == "empty" for state, _ in states) and not any(one.struck for one in seen)


def _see(
    ink: Ink,
    surroundings: tuple[Surroundings, Surroundings],
    row: Row,
    option: Option,
    words: Sequence[Word],
    beside: tuple[Stroke, ...],
) -> Seen:
    (around, penned), frame, em = surroundings, option.frame, ink.em
    others = [other.frame for other in row.options if other is not option]
    way_round = max(ring(around, target, others, em) for target in targets(option, words, em))
    if way_round < RING:  # letters beside it are no part of a ring
        way_round = max(ring(penned, target, others, em) for target in targets(option, words, em))
    sealed, sign = _sealed(ink, frame), sign_read(frame, words)
    one = Seen(option, inside_of(ink, frame), way_round, sealed=sealed, beside=beside, sign=sign)
    if frame.kind == "guess":
        one = replace(one, astray=astray(option, row, words, em))
    if not option.words:
        return one
    place = letters_place(option, words, em)
    way_round = 1.0 if encircled(around, place, em) else way_round
    below = underlined(around, place, em)
    line = struck(around, place, em)
    if not line and one.inside.fill != "empty" and one.inside.tall < FLAT:
        line = struck_with_box(around, place, frame, em)
    return replace(
        one,
        ring=way_round,
        struck=line and way_round <= NO_RING,  # what goes round the words strikes nothing out
        lined=lined(around, place, len(option.words), em, 0.4 if below else 0.65),  # a line below goes through nothing
        crossed=lined(around, place, len(option.words), em, _CROSSING) or _blue_through(ink, place, one),
        underlined=below,
        colour=0.0 if one.sealed else pen_colour(ink, place),
    )


def _blue_through(ink: Ink, place: Sequence[float], one: Seen) -> bool:
    return not one.sealed and colour_through(ink, place) and not colour_through(ink, place, below=True)


def _sealed(ink: Ink, frame: Frame) -> bool:
    height, width = ink.seal.shape
    x0, y0, x1, y1 = clipped((frame.left - 2, frame.top - 2, frame.right + 2, frame.bottom + 2), width, height)
    return bool(ink.seal[y0:y1, x0:x1].any())


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

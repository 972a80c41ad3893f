"""The rows of options on a page: their boxes, those that a pen has covered too, and whether any is missing.

Lengths are pixels; `em` is the size of the printed letters.
"""

from __future__ import annotations

from collections.abc import Sequence

from intake.readers.paper_words import Word
from intake.readers.pen_boxes import Frame, find_squares, overlap
from intake.readers.pen_columns import runs_over, stands_in_a_column
from intake.readers.pen_frames import choose_frames
from intake.readers.pen_ink import Ink, Picture, clipped, pieces_of
from intake.readers.pen_inside import inside_of
from intake.readers.pen_lost import densest_near, lost_frames, options_lost
from intake.readers.pen_patches import find_brackets, find_filled, read_brackets
from intake.readers.pen_rounds import find_rounds
from intake.readers.pen_rows import Option, Row, assign, beside_its_letter, rows_of, single_letters
from intake.readers.pen_seek import covered_boxes, expected_places

_RED = 70  # how far the lines of a frame in a seal are from grey
_SHORT = 3  # letters: an option as short as 是 or 不同意 does not stand alone


def option_rows(ink: Ink, words: Sequence[Word], rules: Picture) -> list[Row]:
    """The rows on a page whose upright lines are `rules`."""
    letters = single_letters(words, ink.em)
    frames = [frame for frame in find_squares(ink, letters) if not _of_a_seal(ink, frame)]
    filled = [full for full in find_filled(ink, letters) if all(overlap(full, frame) < 0.3 for frame in frames)]
    pieces = pieces_of(ink)
    rounds = find_rounds(pieces, ink.em, words, letters)
    frames += [one for one in rounds if all(overlap(one, frame) < 0.3 for frame in frames)]
    brackets = find_brackets(pieces, ink.em, letters)
    brackets += [room for room in read_brackets(words) if all(overlap(room, other) < 0.3 for other in brackets)]
    hollow = frozenset(frame for frame in frames if inside_of(ink, frame).fill == "empty")
    kept = choose_frames([*frames, *filled, *brackets], hollow, words, letters, ink.em)
    rows = rows_of(kept, words, rules, ink.em)
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
        found = densest_near(ink, option.frame)
        if found is not None and all(overlap(found, other.frame) < 0.3 for other in row.options):
            row.options.append(option.moved(found))
            row.options.sort(key=lambda one: one.frame.left)
    return rows


def _of_a_seal(ink: Ink, frame: Frame) -> bool:
    """Whether a frame is drawn in the red of a seal: a square letter of its own, as 口 in a name."""
    height, width = ink.seal.shape
    left, top, right, bottom = clipped((frame.left, frame.top, frame.right, frame.bottom), width, height)
    if not ink.seal[top:bottom, left:right].any():
        return False
    edge = max(1, round(frame.edge))
    drawn = ink.mask[top:bottom, left:right].copy()
    drawn[edge : bottom - top - edge, edge : right - left - edge] = 0
    lines = ink.colour[top:bottom, left:right][drawn > 0]
    return bool(lines.size) and float(lines.mean()) > _RED


def incomplete(row: Row, rows: Sequence[Row], words: Sequence[Word], em: float) -> bool:
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
    together = stands_in_a_column(row, rows, words, em) or runs_over(row, rows, words, em)
    return alone and not together


def _in_cells_of_their_own(row: Row, rows: Sequence[Row], em: float) -> bool:
    """Whether a box stands alone in its cell, as another on the same line does: its words are in other cells."""

    def alone(one: Row) -> bool:
        return (
            len(one.options) == 1 and not one.options[0].words and one.left > 0 and one.options[0].frame.kind != "guess"
        )

    return alone(row) and any(alone(other) and other is not row and abs(other.y - row.y) < 0.5 * em for other in rows)

"""Ticked boxes that were read as rare characters: 髓 for ☒, with a low score.

Promises: a word keeps its number and place; only one that was read with doubt, and stands where a plain square is
drawn, gives up its character.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from intake.readers.paper_words import Word
from intake.readers.pen_boxes import Frame, find_squares
from intake.readers.pen_ink import Ink
from intake.readers.pen_patches import find_filled
from intake.readers.pen_rows import FRAMED_LETTERS

DOUBTFUL = 0.5  # score of a character that may be a box
_PLAIN = 0.85  # of the four sides
_BOX = "口"  # a sign that stands for a box, and tells nothing of what is in it


def without_misread(ink: Ink, words: Sequence[Word]) -> list[Word]:
    """The words, those read with doubt where a box stands as signs of a box."""
    doubtful = [word for word in words if is_doubtful(word)]
    if not doubtful:
        return list(words)
    letters = _read_well(words)
    squares = [frame for frame in find_squares(ink, letters) if frame.quality > _PLAIN] + find_filled(ink, letters)
    return [
        replace(word, text=_BOX)
        if is_doubtful(word) and any(_lies_in(word, frame, ink.em) for frame in squares)
        else word
        for word in words
    ]


def _read_well(words: Sequence[Word]) -> list[Word]:
    """The words that were read well: no box stands where these are."""
    return [word for word in words if not is_doubtful(word) and len(word.text) == 1]


def is_doubtful(word: Word) -> bool:
    """Whether a character was read with so much doubt that it may be a box."""
    return word.score < DOUBTFUL and len(word.text) == 1 and _is_rare(word.text)


def _is_rare(text: str) -> bool:
    """Whether a character is neither plain nor one that a frame belongs to, as 团."""
    return text.isalpha() and not text.isascii() and text not in FRAMED_LETTERS


def _lies_in(word: Word, frame: Frame, em: float) -> bool:
    x, y = frame.middle
    near = abs((word.left + word.right) / 2 - x) < 0.35 * em and abs((word.top + word.bottom) / 2 - y) < 0.35 * em
    return near and frame.size > 0.7 * em

"""Round boxes printed on a page of paper: ○.

Lengths are pixels; `em` is the size of the printed letters.
"""

from __future__ import annotations

from collections.abc import Sequence

from intake.readers.paper_words import Word
from intake.readers.pen_boxes import Frame, frame_of, on_letters
from intake.readers.pen_ink import Picture, Pieces

_SMALLEST, _LARGEST = 0.45, 1.2  # em: widths of a round box
_ALIKE = 0.15  # of their size: how much the round boxes of a page differ


def find_rounds(pieces: Pieces, em: float, words: Sequence[Word], letters: Sequence[Word]) -> list[Frame]:
    """Every hollow circle as large as a letter outside the letters and numbers, where another of its size stands."""
    import numpy as np

    labels, stats = pieces.labels, pieces.stats
    wide, high = stats[:, 2], stats[:, 3]
    fits = (np.minimum(wide, high) > _SMALLEST * em) & (np.maximum(wide, high) < _LARGEST * em)
    fits &= (wide < 1.2 * high) & (high < 1.2 * wide)
    boxes = stats[fits, :4].astype(np.float64)
    boxes[:, 2:] += boxes[:, :2]
    numbers = np.flatnonzero(fits)[~on_letters(boxes, letters, em)]
    found = []
    for number in numbers[:2000]:
        x, y, w, h = (int(value) for value in stats[number, :4])
        if _is_circle(labels[y : y + h, x : x + w] == number):
            found.append(frame_of((x, y, x + w, y + h), 1.0, "round"))
    runs = [word for word in words if len(word.text) > 1]
    found = [frame for frame in found if not any(_lies_in(frame, run) for run in runs)]
    return [frame for frame in found if any(_mates(frame, other) for other in found)]


def _is_circle(piece: Picture) -> bool:
    """Whether ink keeps to one distance from the middle all the way round."""
    import numpy as np

    height, width = piece.shape
    ys, xs = np.nonzero(piece)
    dx, dy = (xs - (width - 1) / 2) / (width / 2), (ys - (height - 1) / 2) / (height / 2)
    away = np.hypot(dx, dy)
    if float(np.percentile(away, 4)) < 0.62 or float(away.max()) > 1.12:
        return False
    bins = ((np.arctan2(dy, dx) + np.pi) / (2 * np.pi) * 24).astype(int) % 24
    return len(np.unique(bins)) == 24


def _lies_in(frame: Frame, run: Word) -> bool:
    """Whether a circle is a letter or digit of a longer word."""
    x, y = frame.middle
    return run.left - frame.size < x < run.right + frame.size and run.top < y < run.bottom


def _mates(one: Frame, other: Frame) -> bool:
    apart = max(abs(one.middle[0] - other.middle[0]), abs(one.middle[1] - other.middle[1]))
    return one is not other and abs(one.size - other.size) < _ALIKE * one.size and apart > 1.5 * one.size

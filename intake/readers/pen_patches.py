"""Boxes without a hollow frame on a page of paper: ■, a box scribbled over, and the room between ( and ).

Lengths are pixels; `em` is the size of the printed letters.
"""

from __future__ import annotations

from collections.abc import Sequence

from intake.readers.paper_words import Word
from intake.readers.pen_boxes import LARGEST, MOST_FRAMES, Box, Frame, frame_of, on_letters
from intake.readers.pen_ink import Ink, Picture, Pieces

_OPENING, _CLOSING, _TICKS = frozenset("(（"), frozenset(")）"), frozenset("√✓✔")
_CERTAIN = 0.6  # of a sign read


def find_filled(ink: Ink, letters: Sequence[Word]) -> list[Frame]:
    """Every solid patch as large as a check box: ■, or a box scribbled over."""
    import cv2
    import numpy as np

    core = max(3, round(0.42 * ink.em))
    solid = (ink.dark > 0.42 * ink.black).astype(np.uint8)
    dense = cv2.blur(solid * np.uint8(255), (core, core)) > 218
    count, _, stats, _ = cv2.connectedComponentsWithStats(dense.astype(np.uint8))
    if count < 2 or count > MOST_FRAMES:
        return []
    x, y, w, h = stats[1:, :4].T.astype(np.float64)
    margin = core / 2 - 1
    boxes = np.stack([x - margin, y - margin, x + w + margin, y + h + margin], axis=1)
    wide, tall = boxes[:, 2] - boxes[:, 0], boxes[:, 3] - boxes[:, 1]
    fits = (np.minimum(wide, tall) > 0.5 * ink.em) & (np.maximum(wide, tall) < LARGEST * ink.em)
    fits &= (wide / tall > 0.6) & (wide / tall < 1.9) & ~on_letters(boxes, letters, ink.em)
    found = [frame_of(box, 0.5, "full") for box in boxes[fits]]
    return [frame for frame in found if _covered(solid, frame) > 0.78]


def _covered(solid: Picture, frame: Frame) -> float:
    part = solid[max(0, int(frame.top)) : int(frame.bottom), max(0, int(frame.left)) : int(frame.right)]
    return float(part.mean()) if part.size else 0.0


def find_brackets(pieces: Pieces, em: float, letters: Sequence[Word]) -> list[Frame]:
    """The room between ( and ) where nothing is printed: a box to tick in."""
    import numpy as np

    labels, stats = pieces.labels, pieces.stats
    fits = (stats[:, 3] > 0.6 * em) & (stats[:, 3] < 1.35 * em) & (stats[:, 2] > 0.08 * em) & (stats[:, 2] < 0.5 * em)
    opening: list[Box] = []
    closing: list[Box] = []
    for number in np.flatnonzero(fits)[:2000]:
        x, y, w, h = (int(value) for value in stats[number, :4])
        bend = _bend(labels[y : y + h, x : x + w] == number, em)
        if bend < 0:
            opening.append((x, y, x + w, y + h))
        elif bend > 0:
            closing.append((x, y, x + w, y + h))
    rooms = (_room_between(first, closing, letters, em) for first in opening)
    return [room for room in rooms if room is not None]


def read_brackets(words: Sequence[Word]) -> list[Frame]:
    """The room between brackets in which a tick was read, though it touches them."""
    return [
        Frame(first.right, first.top, last.left, first.bottom, 0.0, 1.0, "bracket")
        for first, sign, last in zip(words, words[1:], words[2:], strict=False)
        if first.text in _OPENING and last.text in _CLOSING and sign.text in _TICKS and sign.score > _CERTAIN
        if first.line == sign.line == last.line and last.left - first.right > 0.3 * (first.bottom - first.top)
    ]


def _bend(piece: Picture, em: float) -> int:
    """-1 for (, 1 for ), 0 for neither: a thin upright stroke whose middle lies to the left or right of its ends."""
    import numpy as np

    height, width = piece.shape
    thick = piece.sum(axis=1)
    if (thick == 0).any() or np.median(thick) > 0.24 * em:
        return 0
    places = (piece * np.arange(width)).sum(axis=1) / thick
    fifth = max(1, height // 5)
    top, centre, bottom = places[:fifth].mean(), places[2 * fifth : 3 * fifth + 1].mean(), places[-fifth:].mean()
    if abs(top - bottom) > 0.13 * em:
        return 0
    lean = centre - (top + bottom) / 2
    return 0 if abs(lean) < 0.055 * em else -1 if lean < 0 else 1


def _room_between(first: Box, closing: Sequence[Box], letters: Sequence[Word], em: float) -> Frame | None:
    near = [
        other for other in closing
        if abs(other[1] + other[3] - first[1] - first[3]) < 0.5 * em and 0.3 * em < other[0] - first[2] < 4.5 * em
    ]  # fmt: skip
    if not near:
        return None
    other = min(near, key=lambda one: one[0])
    y = (first[1] + first[3]) / 2
    for word in letters:
        if first[2] < (word.left + word.right) / 2 < other[0] and abs((word.top + word.bottom) / 2 - y) < 0.7 * em:
            return None
    top, bottom = min(first[1], other[1]), max(first[3], other[3])
    return Frame(first[2] + 1, top, other[0] - 1, bottom, 0.0, 1.0, "bracket")

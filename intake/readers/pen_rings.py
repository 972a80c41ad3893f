"""What a pen has drawn round the words of an option, or written over them; ink too large for a mark.

Lengths are pixels; `em` is the size of the printed letters.
"""

from __future__ import annotations

from collections.abc import Sequence

from intake.readers.pen_boxes import Frame
from intake.readers.pen_ink import COLOURED, Ink, Rectangle, clipped
from intake.readers.pen_rows import Row
from intake.readers.pen_strokes import Stroke, Surroundings

_RAYS = 36
_ENCLOSED = 0.97  # of the place of the words


def ring(around: Surroundings, target: Sequence[float], others: Sequence[Frame], em: float) -> float:
    """How much of the way round a target there is ink close by: 1 for a circle drawn round it."""
    import numpy as np

    x, y = (target[0] + target[2]) / 2 - around.left, (target[1] + target[3]) / 2 - around.top
    half_x, half_y = (target[2] - target[0]) / 2, (target[3] - target[1]) / 2
    wide, tall = half_x + 0.9 * em, half_y + 0.85 * em
    x0, y0, x1, y1 = clipped(
        (x - wide, y - tall, x + wide, y + tall), around.rest.mask.shape[1], around.rest.mask.shape[0]
    )
    ys, xs = np.nonzero(around.rest.mask[y0:y1, x0:x1])
    dx, dy = xs + x0 - x, ys + y0 - y
    outside = (np.abs(dx) > half_x + 0.02 * em) | (np.abs(dy) > half_y + 0.02 * em)
    dx, dy = dx[outside] / (half_x + 0.4 * em), dy[outside] / (half_y + 0.4 * em)
    bins = ((np.arctan2(dy, dx) + np.pi) / (2 * np.pi) * _RAYS).astype(int) % _RAYS
    return len(np.unique(bins)) / _RAYS


def encircled(around: Surroundings, target: Sequence[float], em: float) -> bool:
    """Whether a closed line goes round words, though it runs through their box: no blank paper leads out.

    What it encloses reaches beyond the words above, below and to one side at least; a letter such as 国 does not.
    """
    import cv2
    import numpy as np

    height, width = around.whole.mask.shape
    moved = [value - (around.left, around.top)[at % 2] for at, value in enumerate(target)]
    left, top, right, bottom = clipped(moved, width, height)
    if right - left < 3 or bottom - top < 3:
        return False
    ink = cv2.copyMakeBorder(cv2.dilate(around.whole.mask, np.ones((2, 2), np.uint8)), 1, 1, 1, 1, cv2.BORDER_CONSTANT)
    _, paper, _, _ = cv2.connectedComponentsWithStats(1 - ink, connectivity=4)
    enclosed = (paper != paper[0, 0]).astype(np.uint8)
    inset = round(0.12 * em)
    if enclosed[top + 1 + inset : bottom + 1 - inset, left + 1 + inset : right + 1 - inset].mean() < _ENCLOSED:
        return False
    _, labels, stats, _ = cv2.connectedComponentsWithStats(enclosed, connectivity=4)
    x, y, w, h, _ = stats[labels[(top + bottom) // 2 + 1, (left + right) // 2 + 1]]
    beyond = [left - x, x + w - right, top - y, y + h - bottom]
    tight = h < (bottom - top) + 1.6 * em and w < (right - left) + 3.4 * em
    return bool(tight and min(beyond[2:]) > 0.04 * em and max(beyond[:2]) > 0.04 * em)


def _passes(frame: Frame, close: Sequence[Rectangle], em: float) -> bool:
    """Whether one line goes in above a box and out below it; a tick leaves it above, a large cross four times."""
    far = 0.4 * em
    above = [box for box in close if box[1] < frame.top - far and box[3] < frame.top + far]
    below = [box for box in close if box[3] > frame.bottom + far and box[1] > frame.bottom - far]
    return len(above) == 1 and len(below) == 1


def foreign(strokes: Sequence[Stroke], around: Surroundings, row: Row, em: float) -> bool:
    """Whether ink too large for a mark (a seal without colour, a signature) runs over or close by a box of the row."""
    top, bottom = around.top + 2, around.top + around.rest.mask.shape[0] - 2
    for option in row.options:
        frame, near = option.frame, 0.3 * em
        close = [
            box
            for box in (stroke.box for stroke in strokes)
            if box[0] < frame.right + near
            and box[2] > frame.left - near
            and box[1] < frame.bottom + near
            and box[3] > frame.top - near
        ]
        if any(max(box[2] - box[0], box[3] - box[1]) > 2.9 * em and not _on_line(box, row, em) for box in close):
            return True
        if any(box[1] <= top for box in close) and any(box[3] >= bottom for box in close):
            return True
        if _passes(frame, close, em):
            return True
    return False


def _on_line(box: Rectangle, row: Row, em: float) -> bool:
    """Whether ink stays as low as the letters of a row, as a line through its words does."""
    return box[1] > row.y - 0.8 * em and box[3] < row.y + 0.8 * em


def pen_colour(ink: Ink, target: Sequence[float]) -> float:
    """The area of coloured ink round a word, in squares of the letters' size."""
    height, width = ink.mask.shape
    grow = 0.25 * ink.em
    left, top, right, bottom = clipped(
        (target[0] - grow, target[1] - grow, target[2] + grow, target[3] + grow), width, height
    )
    coloured = (ink.colour[top:bottom, left:right] > COLOURED) & (ink.mask[top:bottom, left:right] > 0)
    return float(coloured.sum()) / ink.em**2

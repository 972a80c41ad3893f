"""Lines that a pen has drawn through the words of an option, or below them.

Lengths are pixels; `em` is the size of the printed letters.
"""

from __future__ import annotations

from collections.abc import Sequence

from intake.readers.pen_boxes import Frame
from intake.readers.pen_ink import COLOURED, Ink, Picture, clipped
from intake.readers.pen_strokes import Pieces, Surroundings

_TALL = 0.65  # em: half the height in which a line may run through letters
_WAVY = 0.1  # em: how far a line through words strays from a straight one
_JOINED = 0.93  # of its length
_SLANT = 0.3  # em
_THROUGH = 0.42  # em from the middle of words: a line that ends lower is below them


def struck(around: Surroundings, target: Sequence[float], em: float) -> bool:
    """A line drawn through the words: ink that hangs together, longer than they are, thin at both ends."""
    return any(_struck(part, around, target, em) for part in (around.whole, around.rest))


def lined(around: Surroundings, target: Sequence[float], letters: int, em: float, reach: float = _TALL) -> bool:
    """Whether a level line longer than the letters runs through them, wherever it ends: perhaps a pen's."""
    import cv2
    import numpy as np

    middle = (target[1] + target[3]) / 2 - around.top
    height, width = around.rest.mask.shape
    high = _TALL * em
    left, top, right, bottom = clipped(
        (target[0] - around.left - em, middle - high, target[2] - around.left + em, middle + high), width, height
    )
    part = around.rest.mask[top:bottom, left:right]
    rows = np.flatnonzero(
        around.rest.mask[top:bottom, max(0, left + round(em)) : max(0, right - round(em))].any(axis=1)
    )
    size = min(1.25 * em, max(0.85 * em, float(rows[-1] - rows[0] + 1) if len(rows) else 0.0))  # of the ink of a letter
    long = round(letters * size + 0.12 * em)
    part = part[max(0, round(middle - reach * em) - top) : max(0, round(middle + reach * em) - top)]
    if not part.size or part.shape[1] < long:
        return False
    level = cv2.dilate(part, np.ones((3, 1), np.uint8))
    return bool(cv2.morphologyEx(level, cv2.MORPH_OPEN, np.ones((1, long), np.uint8), borderValue=0).any())


def struck_with_box(around: Surroundings, target: Sequence[float], frame: Frame, em: float) -> bool:
    """A level line through the middle of the words and of their box, though it ends with them, as a typed one does."""
    left, right = min(target[0], frame.left), max(target[2], frame.right)
    middle = (target[1] + target[3]) / 2
    place = (left, middle - 0.3 * em, right, middle + 0.3 * em)
    return _level_run(around, around.whole, place, 0.86 * (right - left), em, wavy=0.0)


def underlined(around: Surroundings, target: Sequence[float], em: float) -> bool:
    """A level line close below the words, nearly as long as they are; what runs on is a rule."""
    middle, wide = (target[1] + target[3]) / 2, target[2] - target[0]
    top, bottom = middle + 0.46 * em, middle + 0.85 * em
    near, far = 0.3 * em, 1.5 * em
    if not _level_run(
        around, around.rest, (target[0] - near, top, target[2] + near, bottom), max(0.8, 0.8 * wide / em) * em, em
    ):
        return False
    if _level_run(around, around.rest, (target[0] - far, top, target[2] + far, bottom), wide + 1.3 * em, em):
        return False
    longer = _level_run(
        around, around.rest, (target[0] - near, top, target[2] + near, bottom), wide + 0.1 * em, em, wavy=0.06
    )
    return longer or _apart(around, (target[0], middle, target[2], bottom))


def colour_through(ink: Ink, target: Sequence[float], *, below: bool = False) -> bool:
    """Whether a level line of coloured ink runs through the middle of words, or `below` them; their print has none."""
    import cv2
    import numpy as np

    em, wide = ink.em, target[2] - target[0]
    middle = (target[1] + target[3]) / 2
    low, high = (0.4, 0.85) if below else (-0.28, 0.28)
    height, width = ink.mask.shape
    left, top, right, bottom = clipped((target[0], middle + low * em, target[2], middle + high * em), width, height)
    part = (ink.colour[top:bottom, left:right] > COLOURED).astype(np.uint8)
    long = round(0.8 * wide)
    if not part.size or long < 3 or part.shape[1] < long:
        return False
    level = cv2.dilate(part, np.ones((max(3, round(0.1 * em)), 3), np.uint8))
    return bool(cv2.morphologyEx(level, cv2.MORPH_OPEN, np.ones((1, long), np.uint8), borderValue=0).any())


def _apart(around: Surroundings, place: Sequence[float]) -> bool:
    """Whether a blank row of pixels parts what stands in a place: letters from the line below them."""
    import numpy as np

    height, width = around.rest.mask.shape
    moved = [value - (around.left, around.top)[at % 2] for at, value in enumerate(place)]
    left, top, right, bottom = clipped(moved, width, height)
    inked = np.flatnonzero(around.rest.mask[top:bottom, left:right].any(axis=1))
    return len(inked) > 0 and int(inked[-1] - inked[0]) + 1 > len(inked)


def _level_run(
    around: Surroundings, pieces: Pieces, place: Sequence[float], least: float, em: float, *, wavy: float = 0.12
) -> bool:
    """Whether a level line, a little wavy, runs on for a length within a place."""
    import cv2
    import numpy as np

    height, width = pieces.mask.shape
    moved = [value - (around.left, around.top)[at % 2] for at, value in enumerate(place)]
    left, top, right, bottom = clipped(moved, width, height)
    part, long = pieces.mask[top:bottom, left:right], max(3, round(least))
    if not part.size or part.shape[1] < long:
        return False
    level = cv2.dilate(part, np.ones((max(3, round(wavy * em)), 3), np.uint8))
    return bool(cv2.morphologyEx(level, cv2.MORPH_OPEN, np.ones((1, long), np.uint8), borderValue=0).any())


def _struck(part: Pieces, around: Surroundings, target: Sequence[float], em: float) -> bool:
    import numpy as np

    labels, stats = part.labels, part.stats
    left, top, right, bottom = (value - (around.left, around.top)[at % 2] for at, value in enumerate(target))
    x0, y0, x1, y1 = clipped((left + 0.15 * em, top + 0.25 * em, right - 0.15 * em, bottom - 0.25 * em),
                             labels.shape[1], labels.shape[0])  # fmt: skip
    end = max(2, round(0.14 * em))
    for number in np.unique(labels[y0:y1, x0:x1]):
        x, _, w, h, _ = (int(value) for value in stats[number])
        if number == 0 or w < (right - left) + 0.2 * em or h > 1.6 * em or x > left or x + w < right:
            continue
        piece = labels[:, x : x + w] == number
        ends = piece[:, :end], piece[:, -end:]
        if not all(_thin(part, em) and abs(_level(part) - (top + bottom) / 2) < _THROUGH * em for part in ends):
            continue
        if _straight(piece, _level(ends[0]), _level(ends[1]), em):
            return True
    return False


def _straight(piece: Picture, start: float, end: float, em: float) -> bool:
    """Whether ink joins the ends of a piece by a straight line; a ring leaves blank what lies between its sides."""
    import numpy as np

    width = piece.shape[1]
    columns = np.arange(width)
    level = start + (end - start) * columns / max(1, width - 1)
    slack = max(1, round(_WAVY * em))
    inked = np.zeros(width, bool)
    for step in range(-slack, slack + 1):
        rows = np.clip(np.round(level + step).astype(int), 0, len(piece) - 1)
        inked |= piece[rows, columns]
    return bool(inked.mean() > _JOINED) and abs(end - start) < _SLANT * em + 0.15 * width


def _level(part: Picture) -> float:
    import numpy as np

    return float(np.flatnonzero(part.any(axis=1)).mean())


def _thin(part: Picture, em: float) -> bool:
    import numpy as np

    ys = np.flatnonzero(part.any(axis=1))
    return len(ys) > 0 and int(ys[-1] - ys[0]) < 0.5 * em

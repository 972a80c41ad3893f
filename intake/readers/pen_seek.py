"""The boxes of a row that a pen has covered: sought with the size and height of those that are plain to see.

Lengths are pixels; `em` is the size of the printed letters.
"""

from __future__ import annotations

from collections.abc import Sequence
from statistics import median

from intake.readers.paper_words import Word
from intake.readers.pen_boxes import Frame, overlap
from intake.readers.pen_ink import Ink, Picture, clipped
from intake.readers.pen_lost import on_print
from intake.readers.pen_rows import Row, is_letter, middle

_PLAIN = 0.3  # of the blackness of print
_SURE, _LIKELY = 3.6, 3.25  # of the four sides


def covered_boxes(ink: Ink, row: Row, expected: Sequence[float], letters: Sequence[Word]) -> list[Frame]:
    """Further boxes on the line of a row, as large as its hollow ones, near the places `expected` (their middles).

    `guess` where their sides are badly drawn.
    """
    import numpy as np

    plain = [option.frame for option in row.options if option.frame.kind == "square"]
    if not plain:
        return []
    wide = round(median(frame.right - frame.left for frame in plain))
    tall = round(median(frame.bottom - frame.top for frame in plain))
    height, width = ink.mask.shape
    reach = 14 * ink.em
    slack = max(2, round(0.1 * tall))
    y = row.y
    start, end = max(row.left + 3, plain[0].left - reach), min(row.right - 2, plain[-1].right + reach)
    half = tall / 2 + slack + 1
    left, top, right, bottom = clipped((start, y - half, end, y + half + 1), width, height)
    if right - left <= wide + 2 or bottom - top < tall + 2:
        return []
    part = (ink.dark[top:bottom, left:right] > max(_PLAIN * ink.black, 20.0)).astype(np.float32)
    found: list[Frame] = []
    for score, x, place in _best_places(part, wide, tall):
        frame = Frame(left + x, top + place, left + x + wide, top + place + tall, _edge(plain), score / 4,
                      "square" if score >= _SURE else "guess")  # fmt: skip
        if not any(abs(frame.middle[0] - spot) < 0.5 * ink.em for spot in expected):
            continue
        taken = [option.frame for option in row.options] + found
        if all(overlap(frame, other) < 0.15 for other in taken) and not on_print(frame, letters):
            found.append(frame)
    return found


def expected_places(row: Row, rows: Sequence[Row], guesses: Sequence[Frame], words: Sequence[Word]) -> list[float]:
    """Where a box of a row may stand: in a column with others, beside words that lack one, where OCR read one."""
    places = [option.frame.middle[0] for other in rows if other is not row for option in other.options]
    places += [frame.middle[0] for frame in guesses]
    tall = row.options[0].frame.size
    places += [middle(w)[0] for w in words if not is_letter(w.text) and abs(middle(w)[1] - row.y) < 0.6 * tall]
    return places


def _edge(plain: Sequence[Frame]) -> float:
    return median(frame.edge for frame in plain)


def _best_places(part: Picture, wide: int, tall: int) -> list[tuple[float, int, int]]:
    """(sum of the four sides, x, y) of the places where a box may stand, the best first."""
    import cv2
    import numpy as np

    near = cv2.dilate(part, np.ones((3, 3), np.uint8))
    places = []
    for place in range(part.shape[0] - tall):
        upper, lower = near[place], near[place + tall - 1]
        across = np.stack([_mean(upper, wide), _mean(lower, wide)])
        columns = near[place : place + tall].mean(axis=0)
        along = np.stack([columns[: len(columns) - wide + 1], columns[wide - 1 :]])
        sides = np.vstack([across, along])
        score = np.where(sides.min(axis=0) >= 0.6, sides.sum(axis=0), 0.0)
        places += [(float(score[x]), int(x), place) for x in np.flatnonzero(score >= _LIKELY)]
    return sorted(places, key=lambda one: -one[0])[:2000]


def _mean(line: Picture, wide: int) -> Picture:
    import numpy as np

    sums = np.concatenate([[0.0], np.cumsum(line)])
    return (sums[wide:] - sums[:-wide]) / wide

"""Ink across the border of a cell: a tick that had no more room beside the last option, or before the first.

Lengths are pixels; `em` is the size of the printed letters.
"""

from __future__ import annotations

from intake.readers.pen_ink import Ink, Picture, clipped
from intake.readers.pen_rows import Row

_HIGH = 0.8  # em above and below the middle of the row
_REACH = 0.9  # em to each side of the border
_BEYOND = 0.15  # em: what the blur of print and rules leaves beside a border is narrower
_LEAST = 0.02  # squares of the letters' size


def over_border(ink: Ink, row: Row, rules: Picture) -> bool:
    """Whether more than a border hangs together with it on the height of a row; `rules` as `upright_rules` tells."""
    return any(_hangs_on(ink, x, row.y, rules) for x in (row.left, row.right))


def _hangs_on(ink: Ink, x: float, y: float, rules: Picture) -> bool:
    import cv2
    import numpy as np

    em, (height, width) = ink.em, ink.mask.shape
    around = (x - _REACH * em, y - _HIGH * em, x + _REACH * em, y + _HIGH * em)
    left, top, right, bottom = clipped(around, width, height)
    border, mask = rules[top:bottom, left:right], ink.mask[top:bottom, left:right]
    if not border.any():
        return False
    level = cv2.morphologyEx(mask, cv2.MORPH_OPEN, np.ones((1, max(3, round(0.8 * em))), np.uint8))
    rest = mask & (1 - cv2.dilate(border | level, np.ones((3, 3), np.uint8)))
    near = cv2.dilate(border, np.ones((1, 2 * max(2, round(0.06 * em)) + 3), np.uint8))
    _, labels, stats, _ = cv2.connectedComponentsWithStats(rest, connectivity=8)
    touching = set(np.unique(labels[near > 0]).tolist()) - {0}
    return any(
        stats[piece, cv2.CC_STAT_WIDTH] > _BEYOND * em and stats[piece, cv2.CC_STAT_AREA] > _LEAST * em**2
        for piece in touching
    )

"""The lines printed on a page: borders of tables, as straight segments; and the page squared by them.

Promises: pure functions of pixels; text, ink and seals give no lines unless they are as long and straight as borders.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from intake.readers.page_items import Rule

if TYPE_CHECKING:
    from collections.abc import Sequence

    from intake.readers.ocr import Image, Quads
    from intake.readers.paper_words import Word

_SHORTEST = 0.028  # share of the page's long side: longer than the stroke of a character
_MOST = 400  # segments of a page that are looked at
_PALE = 0.4  # of the darkness of the other lines: paler ones are folds and shadows
_FRAMING = 0.35  # of the longest line: shorter ones frame no table
_EDGE = 0.012  # of the long side: nothing is printed so near the edge of a sheet
_STEEP = 20.0  # degrees a border may lean


def dark(page: Image) -> Image:
    """A mask of what is printed: darker than its surroundings; red (seals) left out."""
    import cv2

    red = page[:, :, 2]
    grey = cv2.max(cv2.cvtColor(page, cv2.COLOR_BGR2GRAY), red)
    size = max(15, (max(page.shape[:2]) // 50) | 1)
    return cv2.adaptiveThreshold(grey, 255, cv2.ADAPTIVE_THRESH_MEAN_C, cv2.THRESH_BINARY_INV, size, 18)


def find_rules(page: Image, words: Sequence[Word] = ()) -> list[Rule]:
    """The borders across and down a page whose tilt is taken away; strokes of its words and folds are none."""
    import cv2

    mask = dark(page)
    across = [rule for rule in _segments(mask) if not _is_stroke(rule, words)]
    down = [_flipped(rule) for rule in _segments(cv2.transpose(mask))]
    found = across + [rule for rule in down if not _is_stroke(_flipped(rule), [_flipped(word) for word in words])]
    return _black([rule for rule in found if not _on_the_edge(rule, page)], page)


def _on_the_edge(rule: Rule, page: Image) -> bool:
    """Whether a line is the edge of the sheet, or of the lid of the scanner."""
    height, width = page.shape[:2]
    at, end = (rule.top, height) if rule.horizontal else (rule.left, width)
    return not _EDGE * max(height, width) < at < end - _EDGE * max(height, width)


def _flipped(place: Rule | Word) -> Rule:
    return Rule(place.top, place.left, place.bottom, place.right)


def _is_stroke(rule: Rule, words: Sequence[Word | Rule]) -> bool:
    """Whether most of a run from left to right lies inside words."""
    inside = 0.0
    for word in words:
        high = word.bottom - word.top
        if word.top + 0.1 * high < rule.top < word.bottom - 0.1 * high:
            inside += max(0.0, min(rule.right, word.right) - max(rule.left, word.left))
    return inside > 0.6 * (rule.right - rule.left)


def _black(rules: list[Rule], page: Image) -> list[Rule]:
    """The rules that are as dark as print: a fold is a pale shadow."""
    import cv2
    import numpy as np

    grey = cv2.cvtColor(page, cv2.COLOR_BGR2GRAY)
    inks = []
    for rule in rules:
        strip = grey[
            max(0, round(rule.top) - 2) : round(rule.bottom) + 3, max(0, round(rule.left) - 2) : round(rule.right) + 3
        ]
        axis = 0 if rule.horizontal else 1
        inks.append(255 - float(np.median(strip.min(axis=axis))) if strip.size else 0.0)
    usual = float(np.percentile(inks, 70)) if inks else 0.0
    return [rule for rule, ink in zip(rules, inks, strict=True) if ink >= _PALE * usual]


def _segments(mask: Image) -> list[Rule]:
    """Runs from left to right, each as a flat Rule in the middle of its thickness."""
    import cv2
    import numpy as np

    shortest = max(24, round(max(mask.shape) * _SHORTEST))
    thick = cv2.dilate(mask, np.ones((3, 1), np.uint8))
    thick = cv2.morphologyEx(thick, cv2.MORPH_CLOSE, np.ones((1, 7), np.uint8))
    opened = cv2.morphologyEx(thick, cv2.MORPH_OPEN, np.ones((1, shortest), np.uint8))
    x, y, wide, high = cv2.boundingRect(opened)
    if not wide:
        return []
    count, _, stats, _ = cv2.connectedComponentsWithStats(opened[y : y + high, x : x + wide], connectivity=8)
    found = []
    for left, top, width, height, area in sorted(stats[1:count].tolist(), key=lambda one: -one[2])[:_MOST]:
        if area / width <= max(12, shortest / 6):  # a filled area or a photograph is no line
            middle = y + top + height / 2
            found.append(Rule(x + left, middle, x + left + width, middle))
    return found


# ---- perspective by the borders ---------------------------------------------------------------


def squared(page: Image, quads: Quads) -> tuple[Image, Quads]:
    """The page warped until the outer borders of its table are a rectangle; unchanged where there is none."""
    import cv2
    import numpy as np

    from intake.readers.paper_upright import moved

    corners = _table_corners(page, quads)
    if corners is None:
        return page, quads
    left, right = corners[[0, 3], 0].mean(), corners[[1, 2], 0].mean()
    top, bottom = corners[[0, 1], 1].mean(), corners[[2, 3], 1].mean()
    target = np.array([[left, top], [right, top], [right, bottom], [left, bottom]], np.float32)
    if np.abs(corners - target).max() < 2:
        return page, quads
    matrix = cv2.getPerspectiveTransform(corners, target)
    size = (page.shape[1], page.shape[0])
    warped = cv2.warpPerspective(page, matrix, size, flags=cv2.INTER_CUBIC, borderValue=(250, 250, 250))
    return warped, moved(quads, matrix)


def _table_corners(page: Image, quads: Quads) -> Quads | None:
    """The corners of the outer borders: two long lines across and two down that frame most of the others."""
    import cv2
    import numpy as np

    height, width = page.shape[:2]
    shortest = max(40, min(width, height) // 7)
    mask = dark(page)
    for quad in quads:  # strokes of bold characters make lines too
        cv2.fillConvexPoly(mask, np.round(quad).astype(np.int32), 0)
    half = cv2.dilate(mask, np.ones((2, 2), np.uint8))[::2, ::2]
    lines = cv2.HoughLinesP(
        np.ascontiguousarray(half), 1, np.pi / 720, shortest // 2, minLineLength=shortest // 2, maxLineGap=4
    )
    if lines is None:
        return None
    ends = 2.0 * lines.reshape(-1, 4)[:_MOST]
    middle = np.stack([ends[:, [0, 2]].mean(1), ends[:, [1, 3]].mean(1)], axis=1)
    edge = _EDGE * max(width, height)
    ends = ends[((middle > edge) & (middle < [width - edge, height - edge])).all(1)]
    angle = np.degrees(np.arctan2(ends[:, 3] - ends[:, 1], ends[:, 2] - ends[:, 0]))
    across = ends[np.abs(angle) < _STEEP]
    down = ends[np.abs(np.abs(angle) - 90) < _STEEP]
    if len(across) < 2 or len(down) < 2:
        return None
    top, bottom = _outer(across, 1)
    left, right = _outer(down, 0)
    if bottom[0][1] - top[0][1] < shortest / 2 or right[0][0] - left[0][0] < shortest:
        return None
    corners = [_crossing(top, left), _crossing(top, right), _crossing(bottom, right), _crossing(bottom, left)]
    return None if None in corners else np.asarray(corners, np.float32)


def _outer(ends: Quads, axis: int) -> tuple[list[Sequence[float]], list[Sequence[float]]]:
    """The first and the last line by their middles on an axis, the longest of those that lie close; as two points."""
    import numpy as np

    middle = (ends[:, axis] + ends[:, axis + 2]) / 2
    length = np.abs(ends[:, 3 - axis] - ends[:, 1 - axis])
    ends, middle, length = (values[length >= _FRAMING * length.max()] for values in (ends, middle, length))
    near = 0.02 * (middle.max() - middle.min()) + 4
    first = ends[np.where(middle <= middle.min() + near, length, -1).argmax()]
    last = ends[np.where(middle >= middle.max() - near, length, -1).argmax()]
    return [first[:2], first[2:]], [last[:2], last[2:]]


def _crossing(one: Sequence[Sequence[float]], other: Sequence[Sequence[float]]) -> tuple[float, float] | None:
    (ax, ay), (bx, by) = one
    (cx, cy), (dx, dy) = other
    bottom = (ax - bx) * (cy - dy) - (ay - by) * (cx - dx)
    if abs(bottom) < 1e-6:
        return None
    a, c = ax * by - ay * bx, cx * dy - cy * dx
    return (a * (cx - dx) - (ax - bx) * c) / bottom, (a * (cy - dy) - (ay - by) * c) / bottom

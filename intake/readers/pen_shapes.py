"""What the ink that a pen has left over words looks like: a tick, a cross, a line, a scrawl.

`other` is ink of no such shape; `untold` where it cannot be told from print. Lengths are pixels; `em` is the size
of the printed letters. Places are those of the mask.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Literal, TypeAlias

from intake.readers.pen_ink import Picture

Shape: TypeAlias = Literal["none", "tick", "cross", "ring", "line", "underline", "scrawl", "other", "untold"]
Point: TypeAlias = tuple[float, float]
_NOTHING, _SOME = 0.05, 0.08  # squares of the letters' size: of ink badly told from print; of a pen's
_NEAR = 0.16  # em: how far ink strays from the line that it is
_MOST = 0.9  # of the ink that keeps to a line
_DRAWN = 0.85  # of a line that is inked
_RIGHT_ARM, _LEFT_ARM = 0.55, 0.2  # em: lengths of a tick's arms
_BINS, _ROUND, _GAP = 36, 0.68, 6  # directions; of those with ink; next to each other without
_HOLLOW = 0.62  # of a ring's width: its inside is blank
_BAND = 0.38  # em from the middle of words: a line lies through them
_DENSE, _SCRAWLED = 0.55, 0.22  # of the place of a word: ink, and what of it is no print


def shape_of(pen: Picture, ink: Picture, place: Sequence[float], em: float) -> Shape:
    """The shape of what a pen has left (`pen`) among all `ink` about words that stand in a place."""
    import cv2
    import numpy as np

    count, labels, stats, _ = cv2.connectedComponentsWithStats(pen, connectivity=8)
    sizes = stats[1:, 4] / em**2 if count > 1 else np.zeros(0)
    if not len(sizes) or sizes.max() < _NOTHING:
        return "none"
    ys, xs = np.nonzero(np.isin(labels, 1 + np.flatnonzero(sizes > 0.02)))
    if sizes.sum() < _SOME or max(np.ptp(xs), np.ptp(ys)) < 0.38 * em:
        return "other"
    points = np.stack([xs, ys], axis=1).astype(float)
    if _is_tick(points, ink, em):
        return "tick"
    if is_ring(points, place, em):
        return "ring"
    if _hidden(ink, pen, place, em):
        return "scrawl"
    if _crossed(ink, pen, place, em):
        return "cross"
    return _line(points, ink, place, em)


def _hidden(ink: Picture, pen: Picture, place: Sequence[float], em: float) -> bool:
    """Whether ink lies so thick over words that no print could: they are scribbled out."""
    left, top, right, bottom = (round(value) for value in place)
    inset = round(0.1 * em)
    area = slice(max(0, top + inset), bottom - inset), slice(max(0, left), right)
    half = (right - left) // 2
    if half < 2 or bottom - top <= 2 * inset:
        return False
    thick = min(ink[area][:, :half].mean(), ink[area][:, -half:].mean())
    return bool(thick > _DENSE and min(pen[area][:, :half].mean(), pen[area][:, -half:].mean()) > _SCRAWLED)


def _crossed(ink: Picture, pen: Picture, place: Sequence[float], em: float) -> bool:
    """Whether two strokes cross over the middle of words, each going on to both sides."""
    x, y = (place[0] + place[2]) / 2, (place[1] + place[3]) / 2
    return all(_stroke_through(ink, pen, (x, y), (place[2] - place[0]) / 2, sign, em) for sign in (1, -1))


def _stroke_through(ink: Picture, pen: Picture, middle: Point, half: float, sign: int, em: float) -> bool:
    """A slanting stroke that rises to the right (`sign` 1) or falls, through or close by the middle of words."""
    import numpy as np

    for across in np.linspace(0.3, 1.0, 4) * max(half, 0.5 * em):
        for rise in np.linspace(0.3, 0.55, 4) * em:
            for dx in np.linspace(-0.15, 0.15, 3) * em:
                for dy in np.linspace(-0.12, 0.12, 3) * em:
                    start = (middle[0] + dx - across, middle[1] + dy + sign * rise)
                    end = (middle[0] + dx + across, middle[1] + dy - sign * rise)
                    if np.hypot(2 * across, 2 * rise) < 0.95 * em:
                        continue
                    if drawn(ink, start, end, 0.03 * em) > 0.95 and drawn(pen, start, end, 0.05 * em) > 0.55:
                        return True
    return False


def drawn(mask: Picture, start: Point, end: Point, slack: float) -> float:
    """The share of a straight line that is inked, or has ink as near as `slack`."""
    import numpy as np

    steps = max(4, round(float(np.hypot(end[0] - start[0], end[1] - start[1]))))
    xs, ys = np.linspace(start[0], end[0], steps), np.linspace(start[1], end[1], steps)
    near = max(1, round(slack))
    inked = np.zeros(steps, bool)
    height, width = mask.shape
    for dx, dy in ((0, 0), (near, 0), (-near, 0), (0, near), (0, -near)):
        cx, cy = np.round(xs + dx).astype(int), np.round(ys + dy).astype(int)
        inside = (cx >= 0) & (cx < width) & (cy >= 0) & (cy < height)
        inked |= inside & (mask[np.clip(cy, 0, height - 1), np.clip(cx, 0, width - 1)] > 0)
    return float(inked.mean())


def _is_tick(points: Picture, ink: Picture, em: float) -> bool:
    """A short arm that falls to an elbow and a longer one that rises to the right, and nothing else."""
    import numpy as np

    bottom = points[points[:, 1] >= points[:, 1].max() - 0.06 * em]
    elbow = (float(bottom[:, 0].mean()), float(points[:, 1].max() - 0.04 * em))
    after, before = points[points[:, 0] > elbow[0] + 0.1 * em], points[points[:, 0] < elbow[0] - 0.02 * em]
    if not len(after) or not len(before):
        return False
    tip = after[(after[:, 1] - after[:, 0]).argmin()]
    start = before[(before[:, 1] + 2 * before[:, 0]).argmin()]
    right, left = np.hypot(*(tip - elbow)), np.hypot(*(start - elbow))
    if right < max(_RIGHT_ARM * em, 1.15 * left) or left < _LEFT_ARM * em:
        return False
    rises = elbow[1] - tip[1] > 0.3 * em and elbow[1] - start[1] > 0.12 * em and elbow[0] - start[0] > 0.06 * em
    if not rises or start[1] < tip[1] - 0.05 * em:
        return False
    tip, start = (float(tip[0]), float(tip[1])), (float(start[0]), float(start[1]))
    away = np.minimum(_away(points, elbow, tip), _away(points, elbow, start))
    whole = min(drawn(ink, elbow, tip, 0.1 * em), drawn(ink, elbow, start, 0.1 * em))
    return bool((away < _NEAR * em).mean() > _MOST and whole > _DRAWN)


def is_ring(points: Picture, place: Sequence[float], em: float) -> bool:
    """Whether ink goes round a place at one distance; gaps are where it crosses print that was taken away."""
    import numpy as np

    (left, top), (right, bottom) = points.min(axis=0), points.max(axis=0)
    wide, tall = right - left, bottom - top
    inside = left < place[0] + 0.2 * em and right > place[2] - 0.2 * em
    inside = inside and top < place[1] + 0.3 * em and bottom > place[3] - 0.3 * em
    if not inside or min(wide, tall) < 0.85 * em or wide > place[2] - place[0] + 1.7 * em or tall > 2.4 * em:
        return False
    dx, dy = (points[:, 0] - (left + right) / 2) / (wide / 2), (points[:, 1] - (top + bottom) / 2) / (tall / 2)
    bins = ((np.arctan2(dy, dx) + np.pi) / (2 * np.pi) * _BINS).astype(int) % _BINS
    drawn_bins = np.unique(bins[np.hypot(dx, dy) > _HOLLOW])
    gaps = np.diff([*drawn_bins, drawn_bins[0] + _BINS]) if len(drawn_bins) else np.array([_BINS])
    on_it = (np.hypot(dx, dy) > _HOLLOW).mean()
    return bool(on_it > _MOST and len(drawn_bins) > _ROUND * _BINS and gaps.max() <= _GAP)


def _away(points: Picture, start: Point, end: Point) -> Picture:
    """How far points lie from a stretch of a straight line."""
    import numpy as np

    along = np.array([end[0] - start[0], end[1] - start[1]])
    from_start = points - np.array(start)
    share = np.clip((from_start @ along) / max(1.0, float(along @ along)), 0, 1)
    return np.hypot(*(from_start - share[:, None] * along).T)


def _line(points: Picture, ink: Picture, place: Sequence[float], em: float) -> Shape:
    """Whether it is a level line or two as long as the words, through them or below; else something else."""
    import numpy as np

    left, right, middle = place[0], place[2], (place[1] + place[3]) / 2
    inset = min(0.2 * em, 0.15 * (right - left))
    first, last = points[points[:, 0] < left + inset], points[points[:, 0] > right - inset]
    if not len(first) or not len(last):
        return "other"
    beyond = min(left - float(points[:, 0].min()), float(points[:, 0].max()) - right)
    heights = points[:, 1] - middle
    if (np.abs(heights) < _BAND * em).mean() > _MOST and beyond > -inset:
        ends = [(float(end[:, 0].mean()), end[:, 1]) for end in (first, last)]
        for start, end in ((np.median(ends[0][1]), np.median(ends[1][1])), *_levels(ends[0][1], ends[1][1])):
            if abs(start - end) < 0.15 * em + 0.12 * (right - left) and _drawn_level(
                ink, (ends[0][0], float(start)), (ends[1][0], float(end)), em
            ):
                return "line"
    low = (heights > 0.4 * em) & (heights < 1.0 * em)
    ends_here = points[:, 0].min() > 0.15 * em and points[:, 0].max() < ink.shape[1] - 0.15 * em  # a rule runs on
    if ends_here and low.mean() > _MOST and np.ptp(points[low][:, 1]) < 0.45 * em and beyond > -inset:
        return "underline"
    return "other"


def _levels(first: Picture, last: Picture) -> list[tuple[float, float]]:
    """The upper and the lower ends of lines."""
    return [(float(first.min()), float(last.min())), (float(first.max()), float(last.max()))]


def _drawn_level(ink: Picture, start: Point, end: Point, em: float) -> bool:
    return drawn(ink, start, end, 0.1 * em) > _DRAWN

"""The check boxes printed on a page of paper: hollow squares of any size.

A square is found by its four straight edges, so a pen's stroke across it does not hide it.
Lengths are pixels; `em` is the size of the printed letters.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal, TypeAlias

from intake.readers.paper_words import Word
from intake.readers.pen_ink import Ink, Picture

Box: TypeAlias = tuple[int, int, int, int]
FrameKind: TypeAlias = Literal["square", "round", "full", "bracket", "guess", "bare"]  # bare: the words alone
SMALLEST, LARGEST = 0.42, 2.1  # em: edges of a check box
_ROUNDED = 0.8  # of an edge: blur takes its ends away
_MOST_EDGES = 12_000  # a page of noise has more
_MOST_CANDIDATES = 3_000
MOST_FRAMES = 400


@dataclass(frozen=True, slots=True)
class Frame:
    """The outline of a box, its outer edges. `edge` is the thickness of its line, `quality` 0 to 1."""

    left: float
    top: float
    right: float
    bottom: float
    edge: float = 1.0
    quality: float = 1.0
    kind: FrameKind = "square"

    @property
    def size(self) -> float:
        return (self.right - self.left + self.bottom - self.top) / 2

    @property
    def middle(self) -> tuple[float, float]:
        return (self.left + self.right) / 2, (self.top + self.bottom) / 2


def find_squares(ink: Ink, letters: Sequence[Word]) -> list[Frame]:
    """Every hollow square as large as a check box outside the letters, the best of those that overlap."""
    import numpy as np

    level, upright = _lines(ink, across=True), _lines(ink, across=False)
    edges = _edges(level, ink.em), _edges(upright, ink.em)
    if max(map(len, edges)) > _MOST_EDGES:
        return []
    sums = _Sums(level, upright)
    boxes = np.vstack([_beside(edges[0]), _beside(edges[1])[:, [1, 0, 3, 2]]])
    sides = sums.sides(boxes)
    ranked = np.sort(sides, axis=0)
    good = (ranked[1] >= 0.7) & (ranked[1:].sum(axis=0) >= 2.55)
    good &= ~on_letters(boxes, letters, ink.em)
    boxes, quality = boxes[good], sides[:, good].mean(axis=0)
    order = np.argsort(-quality - 0.02 * (boxes[:, 2] - boxes[:, 0]) / ink.em, kind="stable")[:_MOST_CANDIDATES]
    kept: list[Frame] = []
    for at in order:
        rough = frame_of(boxes[at], float(quality[at]), "square")
        if any(overlap(rough, other) > 0.2 for other in kept):
            continue
        frame = _framed(ink, rough)
        if frame is not None and len(kept) < MOST_FRAMES:
            kept.append(frame)
    return kept


def frame_of(box: Sequence[float], quality: float, kind: FrameKind) -> Frame:
    left, top, right, bottom = (float(value) for value in box)
    return Frame(left, top, right, bottom, 1.0, quality, kind)


def on_letters(boxes: Picture, letters: Sequence[Word], em: float) -> Picture:
    """Whether the middle of each box is the middle of a letter, as with the squares in 国 or 知."""
    import numpy as np

    on = np.zeros(len(boxes), bool)
    if not len(boxes) or not letters:
        return on
    places = np.array(
        [
            ((w.left + w.right) / 2, (w.top + w.bottom) / 2, 0.5 * max(em, min(w.right - w.left, w.bottom - w.top)))
            for w in letters
        ]
    )
    places = places[np.argsort(places[:, 1])]
    x, y = (boxes[:, 0] + boxes[:, 2]) / 2, (boxes[:, 1] + boxes[:, 3]) / 2
    low, high = np.searchsorted(places[:, 1], y - 0.4 * em), np.searchsorted(places[:, 1], y + 0.4 * em)
    for step in range(min(int((high - low).max()), 400)):
        at = np.minimum(low + step, len(places) - 1)
        on |= (low + step < high) & (np.abs(places[at, 0] - x) < places[at, 2])
    return on


def _lines(ink: Ink, *, across: bool) -> Picture:
    """1 on thin straight lines, here the level ones; `across` False gives the upright ones with the axes exchanged.

    What is thicker than a line across its run (a letter, an upright stroke that touches it) falls away.
    """
    import cv2
    import numpy as np

    dark = ink.dark if across else cv2.transpose(ink.dark)
    thick = max(5, round(0.3 * ink.em))
    thin = cv2.morphologyEx(dark, cv2.MORPH_TOPHAT, np.ones((thick, 1), np.uint8))
    mask: Picture = (thin > max(12.0, 0.14 * ink.black)).astype(np.uint8)
    mask = cv2.dilate(mask, np.ones((2, 1), np.uint8))
    mask = cv2.morphologyEx(mask, cv2.MORPH_CLOSE, np.ones((1, 3), np.uint8))
    return cv2.morphologyEx(mask, cv2.MORPH_OPEN, np.ones((1, max(4, round(0.28 * ink.em))), np.uint8))


def _edges(lines: Picture, em: float) -> Picture:
    """Lines as long as a box's edge: rows of (start, from, end, to) along the axis."""
    import cv2
    import numpy as np

    _, _, stats, _ = cv2.connectedComponentsWithStats(lines, connectivity=4)
    stats = stats[1:]
    fits = (
        (stats[:, 2] >= _ROUNDED * SMALLEST * em) & (stats[:, 2] <= LARGEST * em) & (stats[:, 3] <= max(5.0, 0.35 * em))
    )
    x, y, w, h = stats[fits, :4].T.astype(np.float64)
    return np.stack([x, y, x + w, y + h], axis=1)


def _beside(edges: Picture) -> Picture:
    """The squares that may stand on either side of each edge: (left, top, right, bottom)."""
    import numpy as np

    found = []
    long = edges[:, 2] - edges[:, 0]
    for ratio in np.linspace(0.76, 1.3, 13):
        found.append(np.stack([edges[:, 0], edges[:, 1], edges[:, 2], edges[:, 1] + long * ratio], axis=1))
        found.append(np.stack([edges[:, 0], edges[:, 3] - long * ratio, edges[:, 2], edges[:, 3]], axis=1))
    return np.round(np.vstack(found))


class _Sums:
    """Running sums of the level and upright lines, to tell quickly how much of a side is drawn."""

    def __init__(self, level: Picture, upright: Picture) -> None:
        import cv2
        import numpy as np

        def summed(lines: Picture) -> Picture:
            wide = cv2.dilate(lines, np.ones((3, 1), np.uint8))
            return np.pad(np.cumsum(wide, axis=1, dtype=np.int32), ((0, 0), (1, 0)))

        self.level, self.upright = summed(level), summed(upright)

    def sides(self, boxes: Picture) -> Picture:
        """The drawn share of top, bottom, left and right, one column a box; 0 outside the page."""
        import numpy as np

        left, top, right, bottom = boxes.T.astype(np.int64)
        return np.stack(
            [
                _drawn(self.level, top + 1, left, right),
                _drawn(self.level, bottom - 2, left, right),
                _drawn(self.upright, left + 1, top, bottom),
                _drawn(self.upright, right - 2, top, bottom),
            ]
        )


def _drawn(sums: Picture, place: Picture, start: Picture, end: Picture) -> Picture:
    import numpy as np

    inside = (place >= 0) & (place < sums.shape[0]) & (start >= 0) & (end < sums.shape[1]) & (end > start)
    place, start, end = (np.where(inside, value, 0) for value in (place, start, end))
    return np.where(inside, (sums[place, end] - sums[place, start]) / np.maximum(1, end - start), 0.0)


def _framed(ink: Ink, rough: Frame) -> Frame | None:
    """The frame with its outer edges and the thickness of its line, where nothing printed clings to it."""
    box, edge = _snug(ink, (round(rough.left), round(rough.top), round(rough.right), round(rough.bottom)))
    left, top, right, bottom = box
    wide, tall = right - left, bottom - top
    if min(wide, tall) < max(5.0, SMALLEST * ink.em) or not 0.7 <= wide / tall <= 1.4:
        return None
    if not _closed(ink, box, edge) or not _stands_alone(ink, box, sure=rough.quality > 0.85):
        return None
    return Frame(left, top, right, bottom, edge, rough.quality)


def _snug(ink: Ink, box: Box) -> tuple[Box, float]:
    """The outer edges of the lines near a box, and their thickness."""
    left, top, right, bottom = box
    deep = max(3, round(0.2 * (bottom - top)))
    inset_x, inset_y = (right - left) // 4, (bottom - top) // 4
    across, along = slice(left + inset_x, right - inset_x), slice(top + inset_y, bottom - inset_y)
    places = []
    for start, along_rows, outward in (
        (top, True, -1),
        (bottom - 1, True, 1),
        (left, False, -1),
        (right - 1, False, 1),
    ):
        low = max(0, start - deep)
        part = ink.dark[low : start + deep + 1, across].T if along_rows else ink.dark[along, low : start + deep + 1]
        places.append(_line_at(part, low, start, outward))
    outer = (places[2][0], places[0][0], places[3][0] + 1, places[1][0] + 1)
    return outer, float(sorted(place[1] for place in places)[1])


def _line_at(part: Picture, low: int, start: int, outward: int) -> tuple[int, int]:
    """Outer edge and thickness of the line that crosses the middle of each row of `part`."""
    import numpy as np

    if part.size == 0:
        return start, 1
    half_way = len(part) // 2
    profile = np.partition(part, half_way, axis=0)[half_way].astype(float)
    drawn = np.flatnonzero(profile >= 0.45 * profile.max())
    peak = int(drawn[np.argmin(np.abs(drawn - (start - low)))])
    while 0 < peak < len(profile) - 1 and profile[peak] < max(profile[peak - 1], profile[peak + 1]):
        peak += 1 if profile[peak + 1] > profile[peak - 1] else -1
    half = profile[peak] * 0.5
    first = last = peak
    while first > 0 and profile[first - 1] > half:
        first -= 1
    while last + 1 < len(profile) and profile[last + 1] > half:
        last += 1
    return low + (first if outward < 0 else last), last - first + 1


def _closed(ink: Ink, box: Box, edge: float) -> bool:
    """Whether all four sides are drawn in plain ink."""
    left, top, right, bottom = box
    deep = max(2, round(edge))
    sides = (
        ink.mask[top : top + deep, left:right].max(axis=0),
        ink.mask[bottom - deep : bottom, left:right].max(axis=0),
        ink.mask[top:bottom, left : left + deep].max(axis=1),
        ink.mask[top:bottom, right - deep : right].max(axis=1),
    )
    return all(side.size > 0 and side.mean() >= 0.75 for side in sides)


def _stands_alone(ink: Ink, box: Box, *, sure: bool) -> bool:
    """Whether white paper lies round the frame; a letter's strokes run on, a pen crosses in a few places only."""
    left, top, right, bottom = box
    height, width = ink.dark.shape
    away = max(2, round(0.07 * ink.em))
    x0, y0, x1, y1 = left - away, top - away, right + away - 1, bottom + away - 1
    if x0 < 0 or y0 < 0 or x1 >= width or y1 >= height:
        return True
    sides = (ink.dark[y0, x0:x1], ink.dark[y1, x0:x1], ink.dark[y0:y1, x0], ink.dark[y0:y1, x1])
    busy = sorted(float((side > 0.4 * ink.black).mean()) for side in sides)
    return (busy[2] < 0.45 and sum(busy[:3]) < 0.75) or (sure and busy[1] < 0.6)


def overlap(one: Frame, other: Frame) -> float:
    """The common area as a share of the smaller."""
    wide = min(one.right, other.right) - max(one.left, other.left)
    tall = min(one.bottom, other.bottom) - max(one.top, other.top)
    if wide <= 0 or tall <= 0:
        return 0.0
    small = min((f.right - f.left) * (f.bottom - f.top) for f in (one, other))
    return wide * tall / small if small > 0 else 0.0

"""A page of a PDF as it is shown: user space turned to a page seen upright, with y downwards.

Sources: ISO 32000-1 7.7.3.3 (CropBox, Rotate), 8.3 (coordinates and matrices).
"""

from __future__ import annotations

import ctypes
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any, TypeAlias

Point: TypeAlias = tuple[float, float]
Box: TypeAlias = tuple[float, float, float, float]  # left, top, right, bottom, y downwards
Matrix: TypeAlias = tuple[float, float, float, float, float, float]

IDENTITY: Matrix = (1.0, 0.0, 0.0, 1.0, 0.0, 0.0)
_FURTHEST = 1e9


@dataclass(frozen=True, slots=True)
class Frame:
    """Turns points of user space to points of the page shown; `turns` are quarters, clockwise."""

    left: float
    bottom: float
    right: float
    top: float
    turns: int = 0

    @property
    def size(self) -> tuple[float, float]:
        width, height = self.right - self.left, self.top - self.bottom
        return (height, width) if self.turns % 2 else (width, height)

    def again(self, turns: int) -> Frame:
        """The frame of the page turned by further quarters, clockwise."""
        return replace(self, turns=(self.turns + turns) % 4)

    def point(self, x: float, y: float) -> Point:
        if self.turns == 0:
            shown = (x - self.left, self.top - y)
        elif self.turns == 1:
            shown = (y - self.bottom, x - self.left)
        elif self.turns == 2:
            shown = (self.right - x, y - self.bottom)
        else:
            shown = (self.top - y, self.right - x)
        return min(max(shown[0], -_FURTHEST), _FURTHEST), min(max(shown[1], -_FURTHEST), _FURTHEST)

    def box(self, left: float, bottom: float, right: float, top: float) -> Box:
        """The rectangle of two corners in user space."""
        if self.turns == 0 and abs(left) + abs(right) + abs(bottom) + abs(top) < _FURTHEST:
            return left - self.left, self.top - top, right - self.left, self.top - bottom
        return bounds((self.point(left, bottom), self.point(right, top)))

    def turned(self, x: float, y: float) -> Point:
        """A direction of user space as it is seen, y downwards."""
        shown = ((x, -y), (y, x), (-x, y), (-y, -x))
        return shown[self.turns]

    def holds(self, box: Box) -> bool:
        """Whether the middle of a box lies on the page."""
        width, height = self.size
        return 0 <= box[0] + box[2] <= 2 * width and 0 <= box[1] + box[3] <= 2 * height


def bounds(points: Sequence[Point]) -> Box:
    xs, ys = [point[0] for point in points], [point[1] for point in points]
    return min(xs), min(ys), max(xs), max(ys)


def frame_of(page: Any) -> Frame:
    """The frame of a pypdfium2 page."""
    media, crop = page.get_mediabox(), page.get_cropbox()
    left, bottom = max(min(media[0], media[2]), min(crop[0], crop[2])), max(media[1], crop[1])
    right, top = min(max(media[0], media[2]), max(crop[0], crop[2])), min(media[3], crop[3])
    if right - left < 1 or top - bottom < 1:
        left, bottom, right, top = media
    return Frame(left, bottom, right, top, page.get_rotation() // 90 % 4)


def times(inner: Matrix, outer: Matrix) -> Matrix:
    """The matrix that applies `inner`, then `outer`."""
    a, b, c, d, e, f = inner
    g, h, i, j, k, m = outer
    return a * g + b * i, a * h + b * j, c * g + d * i, c * h + d * j, e * g + f * i + k, e * h + f * j + m


def matrix_of(item: Any) -> Matrix:
    """The matrix of a page object; the identity where it has none."""
    from pypdfium2 import raw

    held = raw.FS_MATRIX()
    if not raw.FPDFPageObj_GetMatrix(item, ctypes.byref(held)):
        return IDENTITY
    return held.a, held.b, held.c, held.d, held.e, held.f


def address(item: Any) -> int:
    """The address of a page object, by which its text is known again."""
    return ctypes.addressof(item.contents)


def colour_of(item: Any, *, stroke: bool = False) -> tuple[int, int, int, int]:
    """Red, green, blue and opacity (0 to 255) of what an object is filled or drawn with; black where unknown."""
    from pypdfium2 import raw

    channels = [ctypes.c_uint(), ctypes.c_uint(), ctypes.c_uint(), ctypes.c_uint(255)]
    read = raw.FPDFPageObj_GetStrokeColor if stroke else raw.FPDFPageObj_GetFillColor
    if not read(item, *map(ctypes.byref, channels)):
        return 0, 0, 0, 255
    red, green, blue, alpha = (channel.value for channel in channels)
    return red, green, blue, alpha

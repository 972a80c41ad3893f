"""The shapes that pieces of a PDF path make: lines, rectangles, rounds, and any other stroke.

Promises: a line drawn as a thin filled rectangle is a line; white ones are none.
Source: ISO 32000-1 8.5 (paths).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from itertools import pairwise
from math import hypot

from intake.readers.page_items import Rule
from intake.readers.pdf_page import Box, Point, bounds
from intake.readers.pdf_text import Standing

THIN = 2.4  # points: a rectangle not thicker is a line
_BLOCK = 30.0  # points: the largest filled square that can be a mark


@dataclass(frozen=True, slots=True)
class Line:
    """A straight line along an axis."""

    rule: Rule
    colour: tuple[int, int, int] = (0, 0, 0)


@dataclass(frozen=True, slots=True)
class Fill:
    """A filled rectangle; `alpha` 255 covers what was drawn before it."""

    box: Box
    colour: tuple[int, int, int]
    alpha: int
    order: int


@dataclass(frozen=True, slots=True)
class Outline:
    """A rectangle or a round drawn as a line, perhaps filled (`solid`)."""

    box: Box
    round: bool = False
    solid: bool = False


@dataclass(frozen=True, slots=True)
class Stroke:
    """Any other drawn thing: its lines as points; `solid` where they bound a filled area."""

    lines: tuple[tuple[Point, ...], ...]
    box: Box
    solid: bool = False
    colour: tuple[int, int, int] = (0, 0, 0)


@dataclass(frozen=True, slots=True)
class Picture:
    """An image on the page."""

    box: Box
    order: int


@dataclass(slots=True)
class Drawing:
    """All that is drawn on a page beside its text; `standings` tell of the text objects by address."""

    lines: list[Line] = field(default_factory=list)
    fills: list[Fill] = field(default_factory=list)
    outlines: list[Outline] = field(default_factory=list)
    strokes: list[Stroke] = field(default_factory=list)
    pictures: list[Picture] = field(default_factory=list)
    standings: dict[int, Standing] = field(default_factory=dict)
    cut: bool = False


@dataclass(frozen=True, slots=True)
class Paint:
    filled: bool
    stroked: bool
    colour: tuple[int, int, int]
    alpha: int
    order: int


def sort(drawing: Drawing, points: Sequence[Point], closed: bool, curved: bool, paint: Paint) -> bool:
    """Puts a piece of a path where it belongs; False where it is neither line, rectangle nor round."""
    left, top, right, bottom = box = bounds(points)
    if curved:
        if not (closed and _is_round(points, box)):
            return False
        drawing.outlines.append(Outline(box, round=True, solid=_is_dark(paint)))
        return True
    if min(right - left, bottom - top) <= THIN and (paint.filled or _is_straight(points)):
        if max(right - left, bottom - top) <= THIN:
            return True
        if not _is_white(paint):
            drawing.lines.append(Line(Rule(left, top, right, bottom), paint.colour))
        return True
    if not _is_rectangle(points, box, closed):
        return _axes(drawing, points, paint) if not paint.filled else False
    if paint.filled:
        drawing.fills.append(Fill(box, paint.colour, paint.alpha, paint.order))
    if paint.stroked or (_is_dark(paint) and max(right - left, bottom - top) <= _BLOCK):
        drawing.outlines.append(Outline(box, solid=_is_dark(paint)))
    return True


def _is_white(paint: Paint) -> bool:
    return min(paint.colour) > 248


def _is_dark(paint: Paint) -> bool:
    """Whether a shape is filled with ink."""
    return paint.filled and paint.alpha > 127 and sum(paint.colour) < 420


def _is_straight(points: Sequence[Point]) -> bool:
    """A line of two points, or one drawn forth and back."""
    left, top, right, bottom = bounds(points)
    return min(right - left, bottom - top) <= 0.06 * max(right - left, bottom - top) or len(points) == 5


def _is_rectangle(points: Sequence[Point], box: Box, closed: bool) -> bool:
    left, top, right, bottom = box
    slack = 0.02 * max(right - left, bottom - top) + 0.2
    if len(points) not in (4, 5) or not (closed or points[0] == points[-1]):
        return False
    corners = {
        (abs(x - left) <= slack, abs(y - top) <= slack)
        for x, y in points
        if min(abs(x - left), abs(x - right)) <= slack and min(abs(y - top), abs(y - bottom)) <= slack
    }
    return len(corners) == 4


def _is_round(points: Sequence[Point], box: Box) -> bool:
    """A closed curve whose points keep to an ellipse; control points lie a little outside it."""
    left, top, right, bottom = box
    width, height = right - left, bottom - top
    if min(width, height) < 1.5 or len(points) < 9:
        return False
    x, y = (left + right) / 2, (top + bottom) / 2
    reach = [hypot(2 * (px - x) / width, 2 * (py - y) / height) for px, py in points]
    return min(reach) > 0.8 and max(reach) < 1.3


def _axes(drawing: Drawing, points: Sequence[Point], paint: Paint) -> bool:
    """A line that turns only at right angles, as its straight parts."""
    parts = []
    for start, end in pairwise(points):
        box = bounds((start, end))
        if min(box[2] - box[0], box[3] - box[1]) > 0.3:
            return False
        if max(box[2] - box[0], box[3] - box[1]) > 0.3:
            parts.append(Line(Rule(*box), paint.colour))
    drawing.lines += parts
    return True

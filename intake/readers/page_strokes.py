"""Pen strokes and drawn shapes to the mark they show, whatever drew them.

Promises: never raises; a stroke is a tick, a cross, a ring, a flat line, or unknown.
"""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise
from typing import Literal, TypeAlias

from intake.readers import ink

Point: TypeAlias = tuple[float, float]
Kind: TypeAlias = Literal["tick", "cross", "ring", "flat", "full", "unknown"]

_SIDE = 40  # cells of the grid on the longer side
_STEPS = 400


def kind_of(lines: Sequence[Sequence[Point]], *, solid: bool, size: float) -> Kind:
    """What lines (y downwards) show; `solid`: they bound filled areas; `size`: the height of the text around."""
    points = [point for line in lines for point in line]
    left, right = min(point[0] for point in points), max(point[0] for point in points)
    top, bottom = min(point[1] for point in points), max(point[1] for point in points)
    width, height = right - left, bottom - top
    if height <= 0.4 * size and width >= 0.8 * size and width >= 3 * height:
        return "flat"
    if max(width, height) < 0.25 * size:
        return "unknown"
    state, glyph = ink.judge(_grid(lines, left, top, max(width, height), max(width, height), solid))
    if state == "ticked":
        return "tick" if glyph == "√" else "full"
    if glyph == "×":
        return "cross"
    if not solid and width > 0 and height > 0 and _closes(lines):
        _, shape = ink.judge(_grid(lines, left, top, width, height, solid))
        if shape in ("○", "□"):
            return "ring"
    return "unknown"


def _closes(lines: Sequence[Sequence[Point]]) -> bool:
    """Whether one line comes back to where it began, or nearly."""
    for line in lines:
        (x0, y0), (x1, y1) = line[0], line[-1]
        xs, ys = [point[0] for point in line], [point[1] for point in line]
        reach = max(max(xs) - min(xs), max(ys) - min(ys))
        if len(line) > 5 and max(abs(x1 - x0), abs(y1 - y0)) < 0.45 * reach:
            return True
    return False


def _grid(
    lines: Sequence[Sequence[Point]], left: float, top: float, width: float, height: float, solid: bool
) -> ink.Grid:
    """The lines as a grid of ink; x and y are scaled to `width` and `height`."""
    across, down = (_SIDE - 2) / max(width, 0.01), (_SIDE - 2) / max(height, 0.01)
    grid = [[False] * _SIDE for _ in range(_SIDE)]
    scaled = [[((x - left) * across + 0.5, (y - top) * down + 0.5) for x, y in line] for line in lines]
    if solid:
        _flood(grid, scaled)
    for line in scaled:
        for start, end in pairwise(line):
            _draw(grid, start, end, thick=not solid)
    return grid


def _draw(grid: ink.Grid, start: Point, end: Point, *, thick: bool) -> None:
    steps = min(_STEPS, int(2 * max(abs(end[0] - start[0]), abs(end[1] - start[1]))) + 1)
    for step in range(steps + 1):
        x = int(start[0] + (end[0] - start[0]) * step / steps)
        y = int(start[1] + (end[1] - start[1]) * step / steps)
        for dx in (0, 1) if thick else (0,):
            for dy in (0, 1) if thick else (0,):
                if 0 <= y + dy < _SIDE and 0 <= x + dx < _SIDE:
                    grid[y + dy][x + dx] = True


def _flood(grid: ink.Grid, lines: Sequence[Sequence[Point]]) -> None:
    """Fills the areas the lines bound, by the even-odd rule."""
    for row in range(_SIDE):
        y = row + 0.5
        crossings = []
        for line in lines:
            for (x0, y0), (x1, y1) in pairwise((*line, line[0])):
                if (y0 <= y) != (y1 <= y):
                    crossings.append(x0 + (y - y0) * (x1 - x0) / (y1 - y0))
        crossings.sort()
        for start, end in zip(crossings[::2], crossings[1::2], strict=False):
            for x in range(max(0, int(start)), min(_SIDE, int(end) + 1)):
                grid[row][x] = True

"""Strokes on a PDF page that belong together, and what they show.

Promises: what is larger than a mark, and strokes beyond _MAX_STROKES, are decoration.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from intake.readers.page_items import Rule
from intake.readers.page_strokes import Kind, kind_of
from intake.readers.pdf_page import Box, Point
from intake.readers.pdf_shapes import Line, Stroke

_LARGEST = 4.5  # times the height of the text: a tick or a ring, not a signature
_MAX_STROKES = 400


@dataclass(frozen=True, slots=True)
class Ink:
    """Strokes that belong together, and what they show."""

    lines: tuple[tuple[Point, ...], ...]
    box: Box
    kind: Kind

    @property
    def foot(self) -> Point:
        """The lowest point: where a tick is set."""
        return max((point for line in self.lines for point in line), key=lambda point: point[1])


def gather(strokes: Sequence[Stroke], height: float) -> list[Ink]:
    """Strokes that touch one another as one ink each; decoration left out."""
    groups: list[list[Stroke]] = []
    for stroke in strokes[:_MAX_STROKES]:
        near = [group for group in groups if any(_close(one.box, stroke.box, 0.15 * height) for one in group)]
        for group in near[1:]:
            near[0].extend(group)
            groups.remove(group)
        if near:
            near[0].append(stroke)
        else:
            groups.append([stroke])
    found = []
    for group in groups:
        box = around([stroke.box for stroke in group])
        if max(box[2] - box[0], box[3] - box[1]) > _LARGEST * height and box[3] - box[1] > 0.5 * height:
            continue
        lines = tuple(line for stroke in group for line in stroke.lines)
        found.append(Ink(lines, box, kind_of(lines, solid=all(one.solid for one in group), size=height)))
    return found


def flat_lines(inks: Sequence[Ink]) -> list[Line]:
    """Flat strokes as lines, which strike a word out or stand under it."""
    return [Line(Rule(*_flat(ink.box))) for ink in inks if ink.kind == "flat"]


def _flat(box: Box) -> Box:
    at = (box[1] + box[3]) / 2
    return box[0], at, box[2], at


def _close(box: Box, other: Box, gap: float) -> bool:
    across = box[0] <= other[2] + gap and other[0] <= box[2] + gap
    return across and box[1] <= other[3] + gap and other[1] <= box[3] + gap


def around(boxes: Sequence[Box]) -> Box:
    return (
        min(box[0] for box in boxes),
        min(box[1] for box in boxes),
        max(box[2] for box in boxes),
        max(box[3] for box in boxes),
    )

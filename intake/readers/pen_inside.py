"""The ink inside a box: full, empty or unsure.

Lengths are pixels; `em` is the size of the printed letters. Shares are 0 to 1.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal, TypeAlias

from intake.readers.pen_boxes import Frame
from intake.readers.pen_ink import COLOURED, Ink, Picture, Rectangle, clipped
from intake.readers.pen_rows import Row

_TALL = 0.6  # of the middle of a room: lower ink is a level line
_ROUND = 0.28  # of the width of a round box: the square inside its line
_HEAVIER, _TINT = 1.6, 0.012  # times the ink of the faintest box; squares of the letters' size
Fill: TypeAlias = Literal["full", "empty", "unsure"]


@dataclass(frozen=True, slots=True)
class Inside:
    """The ink inside a box: how far its largest stroke reaches (as a share of the box's diagonal), how much
    of the room it covers, and how flat it lies (its height as a share of the box's)."""

    reach: float
    share: float
    tall: float
    wide: float
    fill: Fill
    depth: float = 0.0  # how dark the ink is, as a share of the blackness of print
    core: float = 0.0  # of the middle of the room that the ink covers; the lines of the box itself leave it blank


def inside_of(ink: Ink, frame: Frame) -> Inside:
    """The ink within the lines of a box."""
    import numpy as np

    left, top, right, bottom = _room(ink, frame)
    height, width = bottom - top, right - left
    if height < 3 or width < 3:
        return Inside(0.0, 0.0, 0.0, 0.0, "unsure")
    spans, area = _pieces(ink, (left, top, right, bottom))
    if not spans:
        return Inside(0.0, 0.0, 0.0, 0.0, "empty")
    used = min(width, 1.3 * height)  # brackets may be wider than the tick that is put between them
    reach = max(float(np.hypot(x1 - x0, y1 - y0)) for x0, y0, x1, y1 in spans) / float(np.hypot(used, height))
    tall = (max(span[3] for span in spans) - min(span[1] for span in spans)) / height
    wide = (max(span[2] for span in spans) - min(span[0] for span in spans)) / used
    share = area / (height * used)
    fill = _fill(reach, share, tall, wide)
    room = (left, top, right, bottom)
    if fill == "full" and (share < 0.62 or _uneven(ink, room)) and _crossed(ink, frame, room):
        fill = "unsure"
    return Inside(reach, share, tall, wide, fill, _depth(ink, room), _core(ink, room))


def _depth(ink: Ink, room: Rectangle) -> float:
    """How dark the ink in a room is, as a share of the blackness of print; 0 where there is none."""
    import numpy as np

    left, top, right, bottom = room
    inked = ink.dark[top:bottom, left:right][ink.mask[top:bottom, left:right] > 0]
    return float(np.percentile(inked, 60)) / max(ink.black, 1.0) if inked.size else 0.0


def _core(ink: Ink, room: Rectangle) -> float:
    """The share of the middle of a room that is inked; 0 where that ink lies flat, as a line does that strikes out."""
    import numpy as np

    left, top, right, bottom = room
    inset_x, inset_y = (right - left) // 4, (bottom - top) // 4
    part = ink.mask[top + inset_y : bottom - inset_y, left + inset_x : right - inset_x]
    inked = np.flatnonzero(part.any(axis=1))
    if not len(inked) or inked[-1] - inked[0] + 1 < _TALL * len(part):
        return 0.0
    return float(part.mean())


def _uneven(ink: Ink, room: Rectangle) -> bool:
    """Whether the upper or the lower quarter of a room is less inked than one who fills a box leaves it."""
    left, top, right, bottom = room
    black = ink.dark[top:bottom, left:right] > 0.45 * ink.black
    quarter = max(1, (bottom - top) // 4)
    return bool(min(black[:quarter].mean(), black[-quarter:].mean()) < 0.6)


def _crossed(ink: Ink, frame: Frame, room: Rectangle) -> bool:
    """Whether a level line runs through the whole width and on outside, where an option is struck out, box and all."""
    import cv2
    import numpy as np

    left, top, right, bottom = room
    level = cv2.dilate(ink.mask[top:bottom, left:right], np.ones((3, 1), np.uint8)).mean(axis=1)
    height, width = ink.mask.shape
    near, far = 0.07 * ink.em, 0.2 * ink.em
    for row in np.flatnonzero(level > 0.88):
        low, high = top + int(row) - 0.12 * frame.size, top + int(row) + 0.12 * frame.size + 1
        before = clipped((frame.left - far, low, frame.left - near, high), width, height)
        after = clipped((frame.right + near, low, frame.right + far + 1, high), width, height)
        if all(ink.mask[y0:y1, x0:x1].any() for x0, y0, x1, y1 in (before, after)):
            return True
    return False


def _pieces(ink: Ink, room: Rectangle) -> tuple[list[Rectangle], int]:
    """The rectangles of the strokes in a room and the area of their ink; specks and faint stains left out."""
    import cv2

    part, dark = (picture[room[1] : room[3], room[0] : room[2]] for picture in (ink.mask, ink.dark))
    count, labels, stats, _ = cv2.connectedComponentsWithStats(part, connectivity=8)
    least = max(3.0, (0.055 * ink.em) ** 2)
    spans: list[Rectangle] = []
    area = 0
    for number in range(1, min(count, 200)):
        x, y, w, h, size = (int(value) for value in stats[number])
        if size >= least and float(dark[labels == number].max()) >= 0.28 * ink.black:
            area += size
            spans.append((x, y, x + w, y + h))
    return spans, area


def _fill(reach: float, share: float, tall: float, wide: float) -> Fill:
    if min(tall, wide) >= 0.45 and reach >= 0.5 and share >= 0.035:
        return "full"
    return "empty" if reach <= 0.2 and share <= 0.02 else "unsure"


def _room(ink: Ink, frame: Frame) -> Rectangle:
    """The inside of a box, past the blur of its lines; a pen's stroke across a line does not move it."""
    import numpy as np

    height, width = ink.mask.shape
    left, top, right, bottom = clipped((frame.left, frame.top, frame.right, frame.bottom), width, height)
    if frame.kind in ("bracket", "full", "guess"):
        return left, top, right, bottom
    if frame.kind == "round":
        inset = round(_ROUND * frame.size)
        return left + inset, top + inset, right - inset, bottom - inset
    deep = max(1, round(0.3 * frame.size))
    part = ink.mask[top:bottom, left:right]
    inset_y, inset_x = part.shape[0] // 5, part.shape[1] // 5
    middle_rows, middle_columns = part[inset_y : part.shape[0] - inset_y], part[:, inset_x : part.shape[1] - inset_x]

    def depth(profile: Picture) -> int:
        clear = np.flatnonzero(profile[1:deep] < 0.35)
        return int(clear[0]) + 2 if len(clear) else min(deep, round(frame.edge) + 1)

    return (
        left + depth(middle_rows.mean(axis=0)),
        top + depth(middle_columns.mean(axis=1)),
        right - depth(middle_rows.mean(axis=0)[::-1]),
        bottom - depth(middle_columns.mean(axis=1)[::-1]),
    )


def uneven(ink: Ink, row: Row) -> bool:
    """Whether boxes of a row that look empty are not drawn alike: on one of them a pen may have been."""
    frames = [option.frame for option in row.options if option.frame.kind in ("square", "round", "bracket")]
    if len(frames) < 2:
        return False
    inks = sorted(_ink_about(ink, frame) for frame in frames if frame.kind in ("square", "round")) or [0.0]
    colours = sorted(_colour_about(ink, frame) for frame in frames)
    return inks[-1] > _HEAVIER * max(inks[0], 1.0) or colours[-1] > max(_TINT, 5 * colours[0])


def _about(ink: Ink, frame: Frame) -> Rectangle:
    near = 0.1 * ink.em
    height, width = ink.mask.shape
    return clipped((frame.left - near, frame.top - near, frame.right + near, frame.bottom + near), width, height)


def _ink_about(ink: Ink, frame: Frame) -> float:
    left, top, right, bottom = _about(ink, frame)
    return float((ink.dark[top:bottom, left:right] * ink.mask[top:bottom, left:right]).sum(dtype=float))


def _colour_about(ink: Ink, frame: Frame) -> float:
    left, top, right, bottom = _about(ink, frame)
    return float((ink.colour[top:bottom, left:right] > COLOURED).sum()) / ink.em**2

"""What a pen has left in and around the boxes of a row of options.

Lengths are pixels; `em` is the size of the printed letters. Shares and coverages are 0 to 1.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal, TypeAlias

from intake.readers.paper_words import Word
from intake.readers.pen_boxes import Frame
from intake.readers.pen_ink import Ink, Picture, Rectangle, clipped
from intake.readers.pen_rows import Row, is_letter, middle

Fill: TypeAlias = Literal["full", "empty", "unsure"]
TICK_SIGNS = frozenset("√✓✔∨VvＶ")
_FLAT = 0.18  # em
_PLAIN = 0.33  # of the blackness of print: above the blur that joins letters


@dataclass(frozen=True, slots=True)
class Inside:
    """The ink inside a box: how far its largest stroke reaches (as a share of the box's diagonal), how much
    of the room it covers, and how flat it lies (its height as a share of the box's)."""

    reach: float
    share: float
    tall: float
    wide: float
    fill: Fill


@dataclass(frozen=True, slots=True)
class Stroke:
    """Ink near a row that is neither print nor rule nor box."""

    box: Rectangle
    share: float  # of its rectangle
    tick: bool  # the shape of a tick
    coloured: bool


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
    return Inside(reach, share, tall, wide, fill)


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


@dataclass(frozen=True, slots=True)
class Pieces:
    """Ink that hangs together: a number for each pixel (0 for paper), and x, y, width, height, area of each number."""

    mask: Picture
    labels: Picture
    stats: Picture


def _pieces_of(mask: Picture) -> Pieces:
    import cv2
    import numpy as np

    if not mask.size:
        return Pieces(mask, mask, np.zeros((1, 5), np.int32))
    _, labels, stats, _ = cv2.connectedComponentsWithStats(mask, connectivity=8)
    return Pieces(mask, labels, stats)


@dataclass(frozen=True, slots=True)
class Surroundings:
    """The ink round a row, rules taken out: `whole` with the boxes, `rest` without their lines; from (left, top)."""

    whole: Pieces
    rest: Pieces
    left: int
    top: int


def surroundings(ink: Ink, row: Row) -> Surroundings:
    import cv2
    import numpy as np

    em, (height, width) = ink.em, ink.mask.shape
    size = max(option.frame.size for option in row.options)
    high = max(1.7 * em, 0.5 * size + em)
    reach = 8 * em
    bounds = (
        max(row.left + 0.15 * em, row.options[0].frame.left - reach),
        row.y - high,
        min(row.right - 0.15 * em, row.options[-1].frame.right + reach),
        row.y + high,
    )
    left, top, right, bottom = clipped(bounds, width, height)
    dark = ink.dark[top:bottom, left:right]
    whole = (dark > max(_PLAIN * ink.black, 22.0)).astype(np.uint8) & ink.mask[top:bottom, left:right]
    if whole.size:
        long = min(max(1, whole.shape[1] - 1), round(5 * em))
        rules = cv2.morphologyEx(whole, cv2.MORPH_OPEN, np.ones((1, long), np.uint8))
        whole[cv2.dilate(rules, np.ones((5, 1), np.uint8)) > 0] = 0
    rest = whole.copy()
    for option in row.options:
        _wipe_lines(rest, option.frame, left, top)
    return Surroundings(_pieces_of(whole), _pieces_of(rest), left, top)


def _wipe_lines(part: Picture, frame: Frame, left: int, top: int) -> None:
    edge = round(frame.edge) + 2
    outer = (frame.left - left - 2, frame.top - top - 2, frame.right - left + 2, frame.bottom - top + 2)
    x0, y0, x1, y1 = clipped(outer, part.shape[1], part.shape[0])
    if frame.kind == "bracket":
        _wipe_brackets(part, frame, left, top)
        return
    inner = part[y0 + edge : y1 - edge, x0 + edge : x1 - edge].copy()
    part[y0:y1, x0:x1] = 0
    if inner.size:
        part[y0 + edge : y1 - edge, x0 + edge : x1 - edge] = inner


def _wipe_brackets(part: Picture, frame: Frame, left: int, top: int) -> None:
    wide = 0.42 * (frame.bottom - frame.top)
    for x0, x1 in ((frame.left - wide, frame.left + 2), (frame.right - 2, frame.right + wide)):
        box = clipped((x0 - left, frame.top - top - 2, x1 - left, frame.bottom - top + 2), part.shape[1], part.shape[0])
        part[box[1] : box[3], box[0] : box[2]] = 0


def strokes_beside(
    ink: Ink, around: Surroundings, row: Row, rows: Sequence[Row], words: Sequence[Word]
) -> list[Stroke]:
    """Ink outside the boxes that no printed letter explains, and that no other row is nearer to."""
    em = ink.em
    labels, stats = around.rest.labels, around.rest.stats
    signs = [middle(word) for word in words if word.text in TICK_SIGNS]
    printed = _printed(row, words, em)
    found = []
    for number in range(1, min(len(stats), 600)):
        x, y, w, h, area = (int(value) for value in stats[number])
        if max(w, h) < 0.38 * em or area < (0.12 * em) ** 2:
            continue
        box = (x + around.left, y + around.top, x + w + around.left, y + h + around.top)
        if h < _FLAT * em and abs(y + h / 2 + around.top - row.y) > 0.95 * em:  # a piece of a table's broken border
            continue
        if _in_a_box(box, row) or _of_another(box, row, rows, em):
            continue
        piece = labels[y : y + h, x : x + w] == number
        colour = float(ink.colour[box[1] : box[3], box[0] : box[2]][piece].mean())
        coloured = colour > 45
        if not coloured and _is_print(box, printed, em):
            continue
        named = any(box[0] - 4 <= sx <= box[2] + 4 and box[1] - 4 <= sy <= box[3] + 4 for sx, sy in signs)
        tick = tick_shaped(piece, em) or (named and area / (w * h) < 0.45 and max(w, h) < 2.5 * em)
        found.append(Stroke(box, area / (w * h), tick, coloured))
    return found


def _printed(row: Row, words: Sequence[Word], em: float) -> list[Rectangle]:
    """Where print may lie: the letters, and the room for the words of an option whose words were not read."""
    places = [(int(w.left - 0.18 * em), int(w.top - 0.25 * em), int(w.right + 0.18 * em), int(w.bottom + 0.25 * em))
              for w in words if is_letter(w.text) or (w.text.isalnum() and w.text not in TICK_SIGNS)]  # fmt: skip
    most = max([len(option.words) for option in row.options] + [2])
    for option in row.options:
        if not option.words:
            frame, room = option.frame, (most + 0.8) * em
            x = (frame.right, frame.right + room) if row.side == "before" else (frame.left - room, frame.left)
            places.append((int(x[0]), int(row.y - 0.75 * em), int(x[1]), int(row.y + 0.75 * em)))
    return places


def _is_print(box: Rectangle, printed: list[Rectangle], em: float) -> bool:
    """Whether a piece of ink keeps within the places of letters, one or several that touch."""
    if box[3] - box[1] > 1.3 * em:
        return False
    slack = 0.12 * em
    places = [p for p in printed if box[1] >= p[1] - slack and box[3] <= p[3] + slack]
    reached = box[0]
    for left, _, right, _ in sorted(places):
        if left - slack <= reached:
            reached = max(reached, right)
    return bool(places) and reached > box[0] and reached + slack >= box[2]


def _of_another(box: Rectangle, row: Row, rows: Sequence[Row], em: float) -> bool:
    """Whether ink lies on the line of another row of the same cell, above or below."""
    y = (box[1] + box[3]) / 2
    away = abs(y - row.y)
    return any(
        abs(y - other.y) < 0.6 * away and other.left - em < box[0] and box[2] < other.right + em
        for other in rows
        if other is not row
    )


def _in_a_box(box: Rectangle, row: Row) -> bool:
    x, y = (box[0] + box[2]) / 2, (box[1] + box[3]) / 2
    return any(
        o.frame.left <= x <= o.frame.right and o.frame.top <= y <= o.frame.bottom
        and box[0] >= o.frame.left - 3 and box[2] <= o.frame.right + 3
        for o in row.options
    )  # fmt: skip


def tick_shaped(piece: Picture, em: float) -> bool:
    """A short arm falling to an elbow and a longer one rising to the right, as thin as a pen."""
    import numpy as np

    height, width = piece.shape
    if not (0.42 * em <= height <= 2.6 * em and 0.3 * em <= width <= 2.8 * em) or piece.mean() > 0.42:
        return False
    columns = piece.sum(axis=0)
    rows = np.arange(height)[:, None]
    with np.errstate(invalid="ignore", divide="ignore"):
        level = (piece * rows).sum(axis=0) / columns / height
    if (columns == 0).any() or float(np.median(columns)) > 0.5 * height:
        return False
    elbow = int(np.argmax(level))
    if not 0.05 * width <= elbow <= 0.65 * width or level[-1] > 0.3 or level[elbow] < 0.65:
        return False
    rising = level[elbow:]
    return bool(level[0] < level[elbow] - 0.12 and (np.diff(rising) < 0.04).all())

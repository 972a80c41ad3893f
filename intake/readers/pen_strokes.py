"""What a pen has left in and around the boxes of a row of options.

Lengths are pixels; `em` is the size of the printed letters. Shares and coverages are 0 to 1.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from intake.readers.paper_words import Word
from intake.readers.pen_boxes import Frame
from intake.readers.pen_ink import Ink, Picture, Rectangle, clipped
from intake.readers.pen_rows import Row, is_letter, middle
from intake.readers.pen_ticks import arm_shaped, tick_shaped

TICK_SIGNS = frozenset("√✓✔∨VvＶ")
_PARTING = frozenset("/／、，,；;|")  # print between options
_FLAT = 0.18  # em
_BORDER = 4.0  # em: a mark is shorter
_PLAIN = 0.33  # of the blackness of print: above the blur that joins letters


@dataclass(frozen=True, slots=True)
class Stroke:
    """Ink near a row that is neither print nor rule nor box."""

    box: Rectangle
    share: float  # of its rectangle
    tick: bool  # the shape of a tick
    coloured: bool
    depth: float = 1.0  # how dark it is, as a share of the blackness of print


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
    if frame.kind == "bare":
        return
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
        if _is_border(labels == number, box, around, row, em) or _runs_past(box, around, row, em):
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
        tick = tick or (_leaves_a_box(box, row, words, em) and arm_shaped(piece, em))
        depth = float(ink.dark[box[1] : box[3], box[0] : box[2]][piece].mean()) / max(ink.black, 1.0)
        found.append(Stroke(box, area / (w * h), tick, coloured, depth))
    return found


def without_print(around: Surroundings, row: Row, words: Sequence[Word], em: float) -> Surroundings:
    """The surroundings, in `rest` only what a pen may have left: pieces that are printed letters taken out."""
    import numpy as np

    printed = _printed(row, words, em)
    stats = around.rest.stats
    keep = np.ones(len(stats), np.uint8)
    for number, (x, y, w, h, _) in enumerate(stats[:600].tolist()):
        left, top = x + around.left, y + around.top
        keep[number] = number > 0 and not _is_print((left, top, left + w, top + h), printed, em)
    if not around.rest.mask.size:
        return around
    return replace(around, rest=replace(around.rest, mask=keep[around.rest.labels]))


def _printed(row: Row, words: Sequence[Word], em: float) -> list[Rectangle]:
    """Where print may lie: the letters, and the room for the words of an option whose words were not read."""
    places = [(int(w.left - 0.18 * em), int(w.top - 0.25 * em), int(w.right + 0.18 * em), int(w.bottom + 0.25 * em))
              for w in words if is_letter(w.text) or (w.text.isalnum() and w.text not in TICK_SIGNS)
              or w.text in _PARTING or (abs(middle(w)[1] - row.y) > em and w.text not in TICK_SIGNS)]  # fmt: skip
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


def _is_border(piece: Picture, box: Rectangle, around: Surroundings, row: Row, em: float) -> bool:
    """Whether ink is the border of a table that is a little out of true: long, and not where the options stand."""
    if max(box[2] - box[0], box[3] - box[1]) < _BORDER * em:
        return False
    left, right = row.options[0].frame.left - em, row.options[-1].frame.right + em
    if row.side == "before":
        right += 2 * em
    else:
        left -= 2 * em
    place = (left - around.left, row.y - 0.8 * em - around.top, right - around.left, row.y + 0.8 * em - around.top)
    x0, y0, x1, y1 = clipped(place, piece.shape[1], piece.shape[0])
    return int(piece[y0:y1, x0:x1].sum()) < 0.02 * em**2


def _runs_past(box: Rectangle, around: Surroundings, row: Row, em: float) -> bool:
    """Whether thin upright ink beside the options goes on above and below: a border a little out of true."""
    whole = box[1] <= around.top + 2 and box[3] >= around.top + around.rest.mask.shape[0] - 2
    beside = box[2] < row.options[0].frame.left - 0.4 * em or box[0] > row.options[-1].frame.right + 0.4 * em
    return whole and beside and box[2] - box[0] < 0.6 * em


def _of_another(box: Rectangle, row: Row, rows: Sequence[Row], em: float) -> bool:
    """Whether ink lies on the line of another row of the same cell, above or below."""
    y = (box[1] + box[3]) / 2
    away = abs(y - row.y)
    return any(
        abs(y - other.y) < 0.6 * away and other.left - em < box[0] and box[2] < other.right + em
        for other in rows
        if other is not row
    )


def _leaves_a_box(box: Rectangle, row: Row, words: Sequence[Word], em: float) -> bool:
    """Whether ink begins at the right line of a box and goes over no words of the row."""
    begins = any(
        option.frame.kind == "square"
        and abs(box[0] - option.frame.right) < 0.2 * em
        and option.frame.top < box[3] < option.frame.bottom + 0.4 * em
        for option in row.options
    )
    over = any(words[at].left < box[2] and box[0] < words[at].right for option in row.options for at in option.words)
    return begins and not over


def _in_a_box(box: Rectangle, row: Row) -> bool:
    x, y = (box[0] + box[2]) / 2, (box[1] + box[3]) / 2
    return any(
        o.frame.left <= x <= o.frame.right and o.frame.top <= y <= o.frame.bottom
        and box[0] >= o.frame.left - 3 and box[2] <= o.frame.right + 3 and o.frame.kind != "bare"
        for o in row.options
    )  # fmt: skip

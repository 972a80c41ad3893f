"""Which strokes near a row belong to which of its options.

Lengths are pixels; `em` is the size of the printed letters.
"""

from __future__ import annotations

from collections.abc import Sequence

from intake.readers.paper_words import Word
from intake.readers.pen_boxes import Frame
from intake.readers.pen_ink import Rectangle
from intake.readers.pen_rings import ring
from intake.readers.pen_rows import Option, Row
from intake.readers.pen_strokes import Stroke, Surroundings
from intake.readers.pen_verdict import RING

_BETWEEN = -1


def without_ring(
    strokes: Sequence[Stroke], around: Surroundings, row: Row, words: Sequence[Word], em: float
) -> list[Stroke]:
    """The strokes that are not a ring round one option, as tight as a ring is."""
    rest = list(strokes)
    for option in row.options:
        others = [other.frame for other in row.options if other is not option]
        for target in targets(option, words, em):
            if ring(around, target, others, em) < RING:
                continue
            rest = [stroke for stroke in rest if not _goes_round(stroke, target, option.frame, em)]
    return rest


def _goes_round(stroke: Stroke, target: Sequence[float], frame: Frame, em: float) -> bool:
    slack, room = 0.25 * em, 1.1 * em
    left, top, right, bottom = stroke.box
    if frame.left <= target[0] and left < frame.right + 0.15 * em:  # the rest of it lies on the lines of the box
        left = min(left, int(target[0]))
    if frame.right >= target[2] and right > frame.left - 0.15 * em:
        right = max(right, int(target[2]))
    reaches = left < target[0] + slack and right > target[2] - slack and top < target[1] + slack
    tight = left > target[0] - room and right < target[2] + room and top > target[1] - room
    return reaches and tight and target[3] - slack < bottom < target[3] + room


def targets(option: Option, words: Sequence[Word], em: float) -> list[tuple[float, float, float, float]]:
    """What a ring may go round: the box, the words, both."""
    frame = option.frame
    box = (frame.left, frame.top, frame.right, frame.bottom)
    if not option.words:
        return [box]
    place = letters_place(option, words, em)
    both = (min(place[0], box[0]), min(place[1], box[1]), max(place[2], box[2]), max(place[3], box[3]))
    return [box, place, both]


def letters_place(option: Option, words: Sequence[Word], em: float) -> tuple[float, float, float, float]:
    """The words of an option, as tall as print is."""
    left, top, right, bottom = place_of(option, words)
    y = (top + bottom) / 2
    return (left, y - em / 2, right, y + em / 2)


def place_of(option: Option, words: Sequence[Word]) -> tuple[float, float, float, float]:
    own = [words[at] for at in option.words]
    return (min(w.left for w in own), min(w.top for w in own), max(w.right for w in own), max(w.bottom for w in own))


def shared_out(
    strokes: Sequence[Stroke], row: Row, words: Sequence[Word], em: float
) -> tuple[list[list[Stroke]], list[Stroke]]:
    """The strokes of each option, and those that lie between two or are larger than a tick."""
    own: list[list[Stroke]] = [[] for _ in row.options]
    stray = []
    extents = []
    for option in row.options:
        frame = option.frame
        place = place_of(option, words) if option.words else (frame.left, 0.0, frame.right, 0.0)
        extents.append((min(frame.left, place[0]), max(frame.right, place[2])))
    for stroke in strokes:
        owners = {_owner(box, extents, em) for box in _places(stroke)}
        if owners == {None}:
            continue
        owner = owners.pop()
        if owners or owner == _BETWEEN or owner is None:
            stray.append(stroke)
        else:
            own[owner].append(stroke)
    return own, stray


def _places(stroke: Stroke) -> list[Rectangle]:
    """The place of a stroke, and of a tick also that of its elbow: its long arm may reach the next option."""
    left, top, right, bottom = stroke.box
    return [stroke.box, (left, top, (left + right) // 2, bottom)] if stroke.tick else [stroke.box]


def _owner(box: Rectangle, extents: Sequence[tuple[float, float]], em: float) -> int | None:
    """The number of the option that is nearest by far, `_BETWEEN` where none is, None where all are far away."""
    away = [max(left - box[2], box[0] - right, 0.0) for left, right in extents]
    order = sorted(range(len(away)), key=lambda at: away[at])
    first = away[order[0]]
    second = away[order[1]] if len(order) > 1 else 9e9
    if first > 2.0 * em:
        return None
    return _BETWEEN if second < first * 1.5 + 0.12 * em else order[0]

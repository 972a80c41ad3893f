"""What a pen has left over and about the words of an option, their own print taken away.

The print is known by the same letters elsewhere on the page. It is sought where the ink covers it best, for a pen only
adds ink. Masks are uint8, 1 and 0. Lengths are pixels; `em` is the size of the printed letters.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from intake.readers.paper_words import Word
from intake.readers.pen_boxes import Frame
from intake.readers.pen_ink import COLOURED, Ink, Picture, Rectangle, clipped
from intake.readers.pen_patterns import best_cover, letter_pattern
from intake.readers.pen_rows import is_letter
from intake.readers.pen_strokes import TICK_SIGNS

_ROOM_X, _ROOM_Y = 1.1, 0.6  # em about the words that are looked at
_PLAIN = 0.3  # of the blackness of print
_COVERED = 0.8  # of the print of a letter
_FULLER = 0.25
_SLACK = 0.3  # em: how far a letter stands from where it was read
_BLUR = 0.13  # em: what the blur adds to a line of print
_GAP = 0.06  # em: what print that was taken away leaves of a stroke is joined over it
_COLOUR = 0.08  # squares of the letters' size: the pen's colour tells it from print
_PARTING = frozenset("/／、，,；;|:：")  # print between options


@dataclass(frozen=True, slots=True)
class Residue:
    """What is left about words: `pen` that is no print, `ink` all there was, and the `place` of their print therein."""

    pen: Picture
    ink: Picture
    place: tuple[float, float, float, float]


def residue_of(ink: Ink, own: Sequence[int], words: Sequence[Word], frames: Sequence[Frame]) -> Residue | None:
    """What a pen has left at some words; None where their letters stand nowhere else, or not where they were read."""
    import cv2
    import numpy as np

    left, top, right, bottom = box = _place(ink, [words[at] for at in own])
    whole = (ink.dark[top:bottom, left:right] > max(_PLAIN * ink.black, 20.0)).astype(np.uint8)
    plain = whole & ink.mask[top:bottom, left:right]
    spots = [_taken_away(ink, plain, whole, at, own, words, (left, top)) for at in own]
    part = _coloured(ink, box)
    if part.sum() > _COLOUR * ink.em**2:
        frames = ()
    elif all(spots):
        part = plain
    else:
        return None
    _without_the_rest(part, box, own, words, frames, ink.em)
    gap = max(2, round(_GAP * ink.em))
    part = cv2.morphologyEx(part, cv2.MORPH_OPEN, np.ones((2, 2), np.uint8))
    part = cv2.morphologyEx(part, cv2.MORPH_CLOSE, cv2.getStructuringElement(cv2.MORPH_ELLIPSE, (2 * gap + 1,) * 2))
    return Residue(part, whole, _print_place(spots, [words[at] for at in own], (left, top), ink.em))


def _coloured(ink: Ink, box: Rectangle) -> Picture:
    """Where the ink of a coloured pen lies, outside seals."""
    import numpy as np

    left, top, right, bottom = box
    inked = (ink.mask[top:bottom, left:right] > 0) & (ink.seal[top:bottom, left:right] == 0)
    return (inked & (ink.colour[top:bottom, left:right] > COLOURED)).astype(np.uint8)


def _place(ink: Ink, own: Sequence[Word]) -> Rectangle:
    height, width = ink.mask.shape
    y = sum(word.top + word.bottom for word in own) / (2 * len(own))
    x, high = _ROOM_X * ink.em, (0.5 + _ROOM_Y) * ink.em
    return clipped((own[0].left - x, y - high, own[-1].right + x, y + high), width, height)


def _print_place(
    spots: Sequence[Rectangle | None], own: Sequence[Word], origin: tuple[int, int], em: float
) -> tuple[float, float, float, float]:
    """Where the print of words was found, or where they were read."""
    left, right = own[0].left - origin[0], own[-1].right - origin[0]
    known = [spot for spot in spots if spot is not None]
    if not known:
        y = sum(word.top + word.bottom for word in own) / (2 * len(own)) - origin[1]
        return left, y - em / 2, right, y + em / 2
    if spots[0] is not None:
        left = spots[0][0]
    if spots[-1] is not None:
        right = spots[-1][2]
    return left, min(spot[1] for spot in known), right, max(spot[3] for spot in known)


def _taken_away(
    ink: Ink,
    part: Picture,
    whole: Picture,
    at: int,
    own: Sequence[int],
    words: Sequence[Word],
    origin: tuple[int, int],
) -> Rectangle | None:
    """Blank the print of a letter in `part` where it is covered best, and tell where; None where that is nowhere."""
    import cv2
    import numpy as np

    word, em = words[at], ink.em
    pattern = letter_pattern(ink, word.text, word.bottom - word.top, words, besides=own)
    if pattern is None:
        return None
    high, wide = pattern.shape
    x, y = (word.left + word.right) / 2 - origin[0], (word.top + word.bottom) / 2 - origin[1]
    slack = _SLACK * em
    room = (x - wide / 2 - slack, y - high / 2 - slack, x + wide / 2 + slack, y + high / 2 + slack)
    left, top, right, bottom = clipped(room, part.shape[1], part.shape[0])
    window = whole[top:bottom, left:right]
    if window.shape[0] < high or window.shape[1] < wide:
        return None
    covered, dx, dy = best_cover(window, pattern, _FULLER)
    if covered < _COVERED:
        return None
    print_ = cv2.dilate(pattern.astype(np.uint8), np.ones((max(3, round(_BLUR * em) | 1),) * 2, np.uint8))
    part[top + dy : top + dy + high, left + dx : left + dx + wide][print_ > 0] = 0
    return left + dx, top + dy, left + dx + wide, top + dy + high


def _without_the_rest(
    part: Picture,
    box: Rectangle,
    own: Sequence[int],
    words: Sequence[Word],
    frames: Sequence[Frame],
    em: float,
) -> None:
    """Take other words, the boxes and the lines of tables out of a mask."""
    import cv2
    import numpy as np

    height, width = part.shape
    for at, word in enumerate(words):
        if at not in own and _is_print(word) and word.bottom - word.top < 1.6 * em:
            place = word.left - box[0], word.top - box[1], word.right - box[0] + 1, word.bottom - box[1] + 1
            left, top, right, bottom = clipped(place, width, height)
            part[top:bottom, left:right] = 0
    for frame in frames:
        place = frame.left - box[0] - 2, frame.top - box[1] - 2, frame.right - box[0] + 2, frame.bottom - box[1] + 2
        left, top, right, bottom = clipped(place, width, height)
        part[top:bottom, left:right] = 0
    for line in (np.ones((1, width), np.uint8), np.ones((height, 1), np.uint8)):
        rules = cv2.morphologyEx(part, cv2.MORPH_OPEN, line, borderValue=0)
        part[cv2.dilate(rules, np.ones((5, 5), np.uint8)) > 0] = 0


def _is_print(word: Word) -> bool:
    return is_letter(word.text) or word.text in _PARTING or (word.text.isalnum() and word.text not in TICK_SIGNS)

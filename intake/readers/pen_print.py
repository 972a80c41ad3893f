"""What a pen has written over printed letters: their own print taken away, by the same letters elsewhere on the page.

Lengths are pixels; `em` is the size of the printed letters.
"""

from __future__ import annotations

from collections.abc import Sequence

from intake.readers.paper_words import Word
from intake.readers.pen_ink import Ink, Picture, Rectangle, clipped

_ALIKE = 0.55  # correlation of a letter with the same letter elsewhere
_PLAIN = 0.3  # of the blackness of print
_LEAST = 0.15  # squares of the letters' size: print badly taken away leaves less, a tick more


def written_over(ink: Ink, own: Sequence[int], words: Sequence[Word]) -> bool:
    """Whether much is left over words when their print is taken away; False too where their letters stand nowhere
    else, so that this cannot be told."""
    import cv2
    import numpy as np

    left, top, right, bottom = _place(ink, own, words)
    part = (ink.dark[top:bottom, left:right] > _PLAIN * ink.black).astype(np.uint8)
    for at in own:
        pattern = _pattern(ink, at, own, words)
        if pattern is None or not _take_away(part, pattern, words[at], (left, top)):
            return False
    _blank_the_rest(part, own, words, (left, top))
    part = cv2.morphologyEx(part, cv2.MORPH_OPEN, np.ones((2, 2), np.uint8))
    return int(part.sum()) > _LEAST * ink.em**2


def _blank_the_rest(part: Picture, own: Sequence[int], words: Sequence[Word], origin: tuple[int, int]) -> None:
    """Take other words and the lines of tables out of a mask."""
    import cv2
    import numpy as np

    height, width = part.shape
    for at, word in enumerate(words):
        if at not in own:
            place = word.left - origin[0], word.top - origin[1], word.right - origin[0] + 1, word.bottom - origin[1]
            left, top, right, bottom = clipped(place, width, height)
            part[top:bottom, left:right] = 0
    for line in (np.ones((1, width), np.uint8), np.ones((height, 1), np.uint8)):
        rules = cv2.morphologyEx(part, cv2.MORPH_OPEN, line, borderValue=0)
        part[cv2.dilate(rules, np.ones((5, 5), np.uint8)) > 0] = 0


def _place(ink: Ink, own: Sequence[int], words: Sequence[Word]) -> Rectangle:
    height, width = ink.mask.shape
    near = [words[at] for at in own]
    room = 0.5 * ink.em
    return clipped(
        (near[0].left - room, near[0].top - room, near[-1].right + room, near[-1].bottom + room), width, height
    )


def _pattern(ink: Ink, at: int, own: Sequence[int], words: Sequence[Word]) -> Picture | None:
    """The same letter where it is printed elsewhere, the one with the least ink of those of its size."""
    tall = words[at].bottom - words[at].top
    found = []
    for other, word in enumerate(words):
        if other in own or word.text != words[at].text or not 0.8 < (word.bottom - word.top) / tall < 1.25:
            continue
        height, width = ink.mask.shape
        x, y, half = (word.left + word.right) / 2, (word.top + word.bottom) / 2, 0.5 * ink.em
        left, top, right, bottom = clipped((x - half, y - half, x + half, y + half), width, height)
        part = ink.dark[top:bottom, left:right]
        if min(part.shape) > 0.8 * ink.em:
            found.append((float(part.sum()), other, part))
    return min(found)[2] if found else None


def _take_away(part: Picture, pattern: Picture, word: Word, origin: tuple[int, int]) -> bool:
    """Blank the print of a letter in a mask where its pattern fits best; False where it fits nowhere."""
    import cv2
    import numpy as np

    high, wide = pattern.shape
    x, y = (word.left + word.right) / 2 - origin[0], (word.top + word.bottom) / 2 - origin[1]
    slack = round(0.3 * min(high, wide))
    left, top, right, bottom = clipped(
        (x - wide / 2 - slack, y - high / 2 - slack, x + wide / 2 + slack, y + high / 2 + slack),
        part.shape[1],
        part.shape[0],
    )
    window = part[top:bottom, left:right]
    if window.shape[0] < high or window.shape[1] < wide:
        return False
    shape = (pattern > 0.35 * pattern.max()).astype(np.uint8)
    fit = cv2.matchTemplate(window.astype(np.float32), shape.astype(np.float32), cv2.TM_CCOEFF_NORMED)
    _, best, _, (dx, dy) = cv2.minMaxLoc(fit)
    if best < _ALIKE:
        return False
    covered = cv2.dilate(shape, np.ones((max(3, round(0.14 * min(high, wide)) | 1),) * 2, np.uint8))
    window[dy : dy + high, dx : dx + wide][covered > 0] = 0
    return True

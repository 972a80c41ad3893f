"""Ink on printed words that the same letters elsewhere on the page do not have: a pen was there.

Lengths are pixels; `em` is the size of the printed letters.
"""

from __future__ import annotations

from collections.abc import Sequence

from intake.readers.paper_words import Word
from intake.readers.pen_ink import Ink, Picture, clipped
from intake.readers.pen_rows import middle

_CLEAN, _MOST, _ANYWHERE = 0.01, 0.03, 0.06  # squares of the letters' size: the grain of paper and print leaves less
_SLACK = 0.3  # em: how far a letter stands from where it was read
_FELLOWS = 8  # letters that one is compared with
_ALIKE = 0.5  # correlation with the same letter elsewhere
_PLAIN = 0.35  # of the blackness of print


def any_overwritten(ink: Ink, options: Sequence[Sequence[int]], words: Sequence[Word]) -> bool:
    """Whether the words of an option have ink that is not their print, more so where those of another have none.

    Letters that stand nowhere else on the page, or look otherwise there, tell nothing.
    """
    known = [value for own in options if (value := excess(ink, own, words)) is not None]
    most = _MOST if known and min(known) < _CLEAN else _ANYWHERE
    return any(value > most for value in known)


def excess(ink: Ink, own: Sequence[int], words: Sequence[Word]) -> float | None:
    """The most ink on a letter of an option that its fellows lack, in squares of the letters' size."""
    return max((value for at in own if (value := _on_letter(ink, at, own, words)) is not None), default=None)


def _on_letter(ink: Ink, at: int, own: Sequence[int], words: Sequence[Word]) -> float | None:
    """The barer half of its fellows is asked, since a pen may have been on others."""
    room = _around(ink, words[at], 0.5 + _SLACK)
    patterns = [_around(ink, word, 0.5) for word in _fellows(at, own, words)]
    patterns.sort(key=lambda part: float(part.sum(dtype=float)))
    values = [_besides(room, pattern, ink) for pattern in patterns[: 1 + len(patterns) // 2]]
    known = sorted(value for value in values if value is not None)
    return known[len(known) // 2] if known else None


def _fellows(at: int, own: Sequence[int], words: Sequence[Word]) -> list[Word]:
    """The same letter elsewhere, in about the same size."""
    tall = words[at].bottom - words[at].top
    return [
        word
        for other, word in enumerate(words)
        if other not in own and word.text == words[at].text and 0.7 < (word.bottom - word.top) / tall < 1.4
    ][:_FELLOWS]


def _around(ink: Ink, word: Word, reach: float) -> Picture:
    """The darkness about the middle of a letter, `reach` em to each side."""
    height, width = ink.dark.shape
    (x, y), half = middle(word), reach * ink.em
    left, top, right, bottom = clipped((x - half, y - half, x + half, y + half), width, height)
    return ink.dark[top:bottom, left:right]


def _besides(room: Picture, pattern: Picture, ink: Ink) -> float | None:
    """What of the ink in a room is not that of a pattern, where the two agree best; None where they are not alike."""
    import cv2
    import numpy as np

    high, wide = pattern.shape
    if min(high, wide) < 0.8 * ink.em or room.shape[0] < high or room.shape[1] < wide:
        return None
    fit = cv2.matchTemplate(room, pattern, cv2.TM_CCOEFF_NORMED)
    _, best, _, (x, y) = cv2.minMaxLoc(fit)
    if best < _ALIKE:
        return None
    beyond = cv2.subtract(room[y : y + high, x : x + wide], pattern)
    beyond = cv2.morphologyEx(beyond, cv2.MORPH_OPEN, np.ones((2, 2), np.uint8))
    beyond[beyond < _PLAIN * ink.black] = 0
    return float(beyond.sum(dtype=float)) / max(ink.black, 1.0) / ink.em**2

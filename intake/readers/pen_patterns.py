"""The print of letters as it stands elsewhere on a page, and where ink covers it.

Patterns are float32, 1 and 0; masks uint8, 1 and 0. Lengths are pixels; `em` is the size of the printed letters.
"""

from __future__ import annotations

from collections.abc import Sequence
from statistics import median

from intake.readers.paper_words import Word
from intake.readers.pen_ink import Ink, Picture, clipped
from intake.readers.pen_rows import middle

_COVERED = 0.88  # of the print of a word: the rest is the grain of the paper
_ALIKE = 0.5  # correlation of ink with the print of a word
_FULLER = 0.5  # what a place loses by ink that is not the word's
_CORE = 0.5  # of the blackness of a letter
_CERTAIN = 0.75  # of a letter that serves as pattern


def word_pattern(
    ink: Ink, text: str, own: Sequence[Word], words: Sequence[Word], besides: Sequence[int] = ()
) -> Picture | None:
    """The print of a word, 1 and 0 (float32), of letters that were read elsewhere; None where one of them nowhere is.

    A letter 不 that stands nowhere is left blank before others that do.
    """
    import numpy as np

    size = median(word.bottom - word.top for word in own)
    letters = [letter_pattern(ink, letter, size, words, besides) for letter in text]
    known = [letter for letter in letters if letter is not None]
    if not known or (len(known) < len(letters) and len(text) == 1):
        return None
    if any(letter is None for letter in letters[1:]):
        return None
    blank = np.zeros_like(known[0])
    return np.hstack([blank if letter is None else letter for letter in letters])


def letter_pattern(
    ink: Ink, letter: str, size: float, words: Sequence[Word], besides: Sequence[int] = ()
) -> Picture | None:
    """The print of a letter in a square of an em, a bare one of those of its size, `besides` left out."""
    import cv2
    import numpy as np

    side = round(ink.em)
    found: list[tuple[float, int, Picture]] = []
    for number, word in enumerate(words):
        alike = word.text == letter and 0.75 < (word.bottom - word.top) / size < 1.33
        if number in besides or not alike or word.score < _CERTAIN:
            continue
        part = _centred(ink, word, side)
        if part is not None:
            found.append((float(part.sum()), len(found), part))
    if not found:
        return None
    barest = sorted(found)[len(found) // 3][2]
    core = (barest > max(_CORE * float(np.percentile(barest, 97)), 20.0)).astype(np.uint8)
    core[:1], core[-1:], core[:, :1], core[:, -1:] = 0, 0, 0, 0
    return np.asarray(cv2.medianBlur(core, 3) if side > 40 else core, np.float32)


def _centred(ink: Ink, word: Word, side: int) -> Picture | None:
    """The square of an em about the ink of a letter: its place is that between the blanks to its sides."""
    import numpy as np

    height, width = ink.mask.shape
    x, y = middle(word)
    left, top, right, bottom = clipped((x - 0.8 * side, y - 0.6 * side, x + 0.8 * side, y + 0.6 * side), width, height)
    columns = ink.mask[top:bottom, left:right].sum(axis=0).astype(float)
    if len(columns) < round(1.5 * side):
        return None
    sums = np.convolve(columns, [1, 1, 1], "same")
    costs = [sums[at] + sums[at + side - 1] for at in range(len(columns) - side + 1)]
    away = np.abs(np.arange(len(costs)) + side / 2 - (x - left)) / side
    x0 = left + int(np.argmin(np.array(costs) + 6 * away))
    y0 = round(y - side / 2)
    if y0 < 0 or y0 + side > height or x0 + side > width:
        return None
    return ink.dark[y0 : y0 + side, x0 : x0 + side]


def alike_place(part: Picture, pattern: Picture) -> tuple[int, int] | None:
    """Where ink looks most like a pattern; None where it looks little like it."""
    import cv2
    import numpy as np

    fit = cv2.matchTemplate(part.astype(np.float32), pattern, cv2.TM_CCOEFF_NORMED)
    _, best, _, (x, y) = cv2.minMaxLoc(fit)
    return (x, y) if best > _ALIKE else None


def covered_place(part: Picture, pattern: Picture) -> tuple[int, int] | None:
    """Where ink covers a pattern, with least ink besides; None where it nowhere does."""
    share, x, y = best_cover(part, pattern, _FULLER)
    return (x, y) if share >= _COVERED else None


def best_cover(part: Picture, pattern: Picture, fuller: float) -> tuple[float, int, int]:
    """The share of a pattern that is inked where most of it is and least besides, and where.

    `fuller`: what a place loses by ink that is not the pattern's, against what it has of it.
    """
    import cv2
    import numpy as np

    high, wide = pattern.shape
    size = max(1.0, float(pattern.sum()))
    near = cv2.dilate(part, np.ones((3, 3), np.uint8)).astype(np.float32)
    covered = cv2.matchTemplate(near, pattern, cv2.TM_CCORR) / size
    exact = cv2.matchTemplate(part.astype(np.float32), pattern, cv2.TM_CCORR) / size
    fill = cv2.boxFilter(part.astype(np.float32), -1, (wide, high), anchor=(0, 0), borderType=cv2.BORDER_CONSTANT)
    scores = covered + exact - fuller * fill[: covered.shape[0], : covered.shape[1]]
    _, _, _, (x, y) = cv2.minMaxLoc(scores)
    return float(covered[y, x]), x, y

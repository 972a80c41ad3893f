"""Where there is ink on a page of paper, and where a seal.

Pictures are numpy uint8: a page (h, w, 3) in BGR, every other (h, w). Lengths are pixels; `em` is the
size of the printed letters. No function raises on any picture.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, TypeAlias

from intake.readers.paper_words import Word

Picture: TypeAlias = Any  # numpy.ndarray; numpy is an extra, and loaded only where a picture is read
Rectangle: TypeAlias = tuple[int, int, int, int]  # left, top, right, bottom; right and bottom outside
_FAINT = 0.2  # of the blackness of print: a thin edge in a blurred scan is still ink
_LEAST = 18.0  # grey levels: below lie the paper's grain and the squares of JPEG
_SEAL_REDNESS = 36.0  # red over the stronger of green and blue
_SEAL_COLOUR = 60
COLOURED = 48  # how far from grey the ink of a coloured pen is
_SEAL_WIDTH = 4.0  # em: a red tick is smaller
_MOST_PIECES = 12_000


@dataclass(frozen=True, slots=True)
class Ink:
    """`mask` 1 where there is ink (inside a seal only what is not red); `dark` grey levels below the paper;
    `colour` how far the ink is from grey; `seal` 1 where a seal lies; `black` the darkness of print."""

    mask: Picture
    dark: Picture
    colour: Picture
    seal: Picture
    em: float
    black: float


@dataclass(frozen=True, slots=True)
class Pieces:
    """Ink that hangs together: `labels` the number of each pixel's piece, 0 where there is none; `stats` one row a
    piece, 0 the paper: left, top, width, height, pixels."""

    labels: Picture
    stats: Picture


def pieces_of(ink: Ink) -> Pieces:
    """The pieces of ink on a page; no rows where they are more than a form has."""
    import cv2

    count, labels, stats, _ = cv2.connectedComponentsWithStats(ink.mask, connectivity=8)
    return Pieces(labels, stats if count <= _MOST_PIECES else stats[:0])


def letter_size(words: Sequence[Word]) -> float:
    """Size of the printed letters in pixels, 0 where no word tells it: the median of the widths and heights."""
    sizes = sorted(min(word.right - word.left, word.bottom - word.top) for word in words if _is_letter(word.text))
    return float(sizes[len(sizes) // 2]) if sizes else 0.0


def _is_letter(text: str) -> bool:
    return len(text) == 1 and "\u4e00" <= text <= "\u9fff"


def ink_of(page: Picture, words: Sequence[Word], em: float) -> Ink:
    """The ink of a page."""
    import cv2
    import numpy as np

    blue, green, red = cv2.split(page)
    darkest, brightest = cv2.min(cv2.min(blue, green), red), cv2.max(cv2.max(blue, green), red)
    dark = _below_paper(darkest, em)
    colour = cv2.subtract(brightest, darkest)
    paper_tint = int(np.median(colour[::7, ::7]))
    colour = cv2.subtract(colour, np.full_like(colour, paper_tint))
    seal = _seal(page, em)
    if seal.any():
        dark = np.where(seal > 0, _below_paper(red, em), dark)
    black = _blackness(dark, words)
    dark[(seal > 0) & (colour > _SEAL_COLOUR) & (dark < 0.5 * black)] = 0  # what red light leaves of a seal
    level = max(_LEAST, _FAINT * black, 4.0 * _grain(dark))
    mask = (dark > min(level, 110.0)).astype(np.uint8)
    return Ink(mask, dark, colour, seal, em, black)


def _below_paper(grey: Picture, em: float) -> Picture:
    """Grey levels below the paper around, whose light may change over the page."""
    import cv2

    height, width = grey.shape
    size = (max(1, width // 4), max(1, height // 4))
    small = cv2.resize(grey, size, interpolation=cv2.INTER_AREA)
    reach = max(3, int(em / 2) | 1)
    kernel = cv2.getStructuringElement(cv2.MORPH_RECT, (reach, reach))
    paper = cv2.GaussianBlur(cv2.morphologyEx(small, cv2.MORPH_CLOSE, kernel), (0, 0), max(1.0, em / 4))
    return cv2.subtract(cv2.resize(paper, (width, height), interpolation=cv2.INTER_LINEAR), grey)


def _seal(page: Picture, em: float) -> Picture:
    """1 over each large red thing and a margin round it."""
    import cv2
    import numpy as np

    height, width = page.shape[:2]
    step = 4
    small = cv2.resize(page, (max(1, width // step), max(1, height // step)), interpolation=cv2.INTER_AREA).astype(
        np.int16
    )
    red = (small[:, :, 2] - np.maximum(small[:, :, 0], small[:, :, 1]) > _SEAL_REDNESS).astype(np.uint8)
    found = np.zeros_like(red)
    if red.any():
        reach = max(3, int(em / step) | 1)
        joined = cv2.morphologyEx(red, cv2.MORPH_CLOSE, np.ones((reach, reach), np.uint8))
        _, _, stats, _ = cv2.connectedComponentsWithStats(joined)
        for x, y, w, h, _area in stats[1:][np.minimum(stats[1:, 2], stats[1:, 3]) * step > _SEAL_WIDTH * em]:
            margin = max(1, int(em / step / 2))
            found[max(0, y - margin) : y + h + margin, max(0, x - margin) : x + w + margin] = 1
    return cv2.resize(found, (width, height), interpolation=cv2.INTER_NEAREST)


def _blackness(dark: Picture, words: Sequence[Word]) -> float:
    """How dark print is: the darkest twenty-fifth inside the words."""
    import numpy as np

    height, width = dark.shape
    levels = []
    for word in words[:: 1 + len(words) // 80]:
        left, top, right, bottom = clipped((word.left, word.top, word.right, word.bottom), width, height)
        part = dark[top:bottom:2, left:right:2].ravel()
        if part.size:
            at = int(0.96 * (part.size - 1))
            levels.append(float(np.partition(part, at)[at]))
    return float(np.median(levels)) if levels else 200.0


def _grain(dark: Picture) -> float:
    """Spread of the bare paper in grey levels."""
    import numpy as np

    sample = dark[::5, ::5]
    paper = sample[sample < 40]
    return float(np.percentile(paper, 75)) / 1.35 if paper.size else 0.0


def clipped(box: Sequence[float], width: int, height: int) -> Rectangle:
    """A rectangle in whole pixels inside a picture; it may be empty."""
    left, top = max(0, min(width, int(box[0]))), max(0, min(height, int(box[1])))
    return left, top, max(left, min(width, int(box[2]))), max(top, min(height, int(box[3])))

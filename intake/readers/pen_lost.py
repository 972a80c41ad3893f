"""Options whose box was not found: their words, and where the box should stand.

Lengths are pixels; `em` is the size of the printed letters.
"""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise
from statistics import median

from intake.readers.paper_words import Word
from intake.readers.pen_boxes import Frame, overlap
from intake.readers.pen_ink import Ink, clipped
from intake.readers.pen_rows import Option, Row, is_letter, middle, text_of
from intake.readers.pen_signs import PAIRS

_ENDS = frozenset(")）:：")
_OFF = 0.1  # share of ink that a place loses by standing as far off as is looked


def lost_frames(rows: Sequence[Row], words: Sequence[Word], em: float) -> list[tuple[Row, Option]]:
    """Where the box of a word should stand that has none, after the habit of the boxes that were found."""
    gaps, sizes = [], []
    for row in rows:
        for option in row.options:
            if option.words:
                near = words[option.words[0]] if row.side == "before" else words[option.words[-1]]
                gap = near.left - option.frame.right if row.side == "before" else option.frame.left - near.right
                gaps.append(gap)
                sizes.append((option.frame.right - option.frame.left, option.frame.bottom - option.frame.top))
    if not gaps:
        return []
    gap = median(gaps)
    wide, tall = median(size[0] for size in sizes), median(size[1] for size in sizes)
    found = []
    for row in rows:
        for run in options_lost(row, rows, words, em):
            left = words[run[0]].left - gap - wide if row.side == "before" else words[run[-1]].right + gap
            frame = Frame(left, row.y - tall / 2, left + wide, row.y + tall / 2, 1.0, 0.0, "guess")
            if all(overlap(frame, option.frame) < 0.3 for option in row.options) and not on_print(frame, words):
                found.append((row, Option(frame, run)))
    return found


def options_lost(row: Row, rows: Sequence[Row], words: Sequence[Word], em: float) -> list[tuple[int, ...]]:
    """Words on a row that look like those of an option but have no box."""
    known = {text_of(option.words, words) for other in rows for option in other.options}
    known |= {other for pair in PAIRS if known & set(pair) for other in pair}
    lost = []
    for run in row.lost:
        text = text_of(run, words)
        if _ends_a_question(run, words):
            continue
        part = any(text in other and text != other for other in known)
        if text in known or (not part and _among(run, row, words)):
            lost.append(run)
    return lost


def _ends_a_question(run: Sequence[int], words: Sequence[Word]) -> bool:
    """Whether words are no more than signs, or a colon or closing bracket follows them on their line."""
    last, after = words[run[-1]], words[run[-1] + 1 : run[-1] + 2]
    if not any(character.isalnum() for character in text_of(run, words)):
        return True
    return any(word.line == last.line and word.text[:1] in _ENDS for word in after)


def on_print(frame: Frame, words: Sequence[Word]) -> bool:
    """Whether letters lie over a third of a frame's width."""
    covered = 0.0
    for word in words:
        if is_letter(word.text) and abs(middle(word)[1] - frame.middle[1]) < 0.5 * (word.bottom - word.top):
            covered += max(0.0, min(frame.right, word.right) - max(frame.left, word.left))
    return covered > 0.34 * (frame.right - frame.left)


def _among(run: Sequence[int], row: Row, words: Sequence[Word]) -> bool:
    """Whether words stand between the options of a row, or about as near to them as these to each other."""
    x = [option.frame.middle[0] for option in row.options]
    place = (words[run[0]].left + words[run[-1]].right) / 2
    spread = 0.0
    if len(run) <= 3:
        letter = words[run[0]].bottom - words[run[0]].top
        apart = [b - a for a, b in pairwise(x)]
        spread = 2.0 * max([*apart, 5 * letter]) if row.left > 0 else 1.6 * max(apart, default=0.0)
    return x[0] - spread < place < x[-1] + spread


def densest_near(ink: Ink, guess: Frame) -> Frame | None:
    """The place near the guess that holds most ink, or None where there is none: then no box was there."""
    import cv2
    import numpy as np

    height, width = ink.mask.shape
    slack = 0.45 * ink.em
    area = clipped((guess.left - slack, guess.top - slack, guess.right + slack, guess.bottom + slack), width, height)
    part = ink.mask[area[1] : area[3], area[0] : area[2]].astype(np.float32)
    wide, tall = round(guess.right - guess.left), round(guess.bottom - guess.top)
    if part.shape[0] < tall or part.shape[1] < wide or wide < 3 or tall < 3:
        return None
    shares = cv2.blur(part, (wide, tall), borderType=cv2.BORDER_CONSTANT)
    ys, xs = np.mgrid[: part.shape[0], : part.shape[1]]
    middle_x, middle_y = guess.middle[0] - area[0], guess.middle[1] - area[1]
    away = np.hypot(xs - middle_x, ys - middle_y) / max(1.0, slack)
    _, _, _, place = cv2.minMaxLoc(shares - _OFF * away.astype(np.float32))
    most = float(shares[place[1], place[0]])
    if most < 0.12:
        return None
    left, top = area[0] + place[0] - wide // 2, area[1] + place[1] - tall // 2
    return Frame(left, top, left + wide, top + tall, 1.0, most, "full" if most > 0.62 else "guess")

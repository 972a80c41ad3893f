"""Which boxes of a page belong together and to which words: the rows of options.

An option is a box and the words before or after it; a row is the options on one line inside one
cell of a table. Lengths are pixels; `em` is the size of the printed letters.
"""

from __future__ import annotations

import functools
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from itertools import pairwise
from statistics import median
from typing import Literal, TypeAlias

from intake.readers.paper_words import Word
from intake.readers.pen_boxes import Frame
from intake.readers.pen_ink import Ink, Picture

Side: TypeAlias = Literal["before", "after"]  # where the box stands, seen from its words

BOX_SIGNS = frozenset("□☐☑☒■口囗ロ回O0〇○DUVv√✓✔∨✗×xX区囚凶乙丿⊠⊗☒●√/|(（)）[]【】_-一、.·,，。…")
# letters that are a frame with something inside: a ticked box is read so, and so are the letters themselves
FRAMED_LETTERS = frozenset("日国田四图固圆目因困园围团曰囤囱显冈図")
_SLACK, _WIDE = 0.25, 0.45  # em: what the places of letters are off; and of the room between brackets
_TOO_HIGH = 2.2  # em
_COLONS = frozenset("：:")
WORDS_FAR = 1.6  # em: a box further from every word is no option's box


@dataclass(frozen=True, slots=True)
class Option:
    frame: Frame
    words: tuple[int, ...] = ()

    def moved(self, frame: Frame) -> Option:
        return replace(self, frame=frame)


@dataclass(slots=True)
class Row:
    """Options from left to right; `left` and `right` are the bounds of their cell."""

    options: list[Option]
    side: Side
    left: float
    right: float
    lost: list[tuple[int, ...]] = field(default_factory=list)  # words of an option whose box was not found

    @property
    def y(self) -> float:
        return median(option.frame.middle[1] for option in self.options)


@functools.lru_cache(4096)
def is_letter(text: str) -> bool:
    """Whether a word is print of its own and not a box misread."""
    return not all(character in BOX_SIGNS or character in FRAMED_LETTERS for character in text)


def single_letters(words: Sequence[Word], em: float) -> list[Word]:
    """The printed letters one by one; a run of Latin letters or digits is cut into its characters.

    A word far higher than print was read together with a pen's stroke and tells no place.
    """
    letters = []
    for word in words:
        if word.bottom - word.top > _TOO_HIGH * em:
            continue
        if len(word.text) == 1:
            letters += [word] if is_letter(word.text) else []
            continue
        step = (word.right - word.left) / max(1, len(word.text))
        for at, character in enumerate(word.text[:60]):
            left = word.left + at * step
            letters.append(replace(word, text=character, left=left, right=left + step))
    return letters


def middle(word: Word) -> tuple[float, float]:
    return (word.left + word.right) / 2, (word.top + word.bottom) / 2


def upright_rules(ink: Ink) -> Picture:
    """1 on the upright lines of tables."""
    import cv2
    import numpy as np

    long = max(9, round(2.2 * ink.em))
    wide = cv2.dilate(ink.mask, np.ones((1, 2), np.uint8))
    return cv2.morphologyEx(wide, cv2.MORPH_OPEN, np.ones((long, 1), np.uint8))


def rows_of(frames: Sequence[Frame], words: Sequence[Word], rules: Picture, em: float) -> list[Row]:
    """The frames in rows, with the words of each."""
    lines: list[list[Frame]] = []
    for frame in sorted(frames, key=lambda one: one.middle[1]):
        if lines and abs(median(f.middle[1] for f in lines[-1]) - frame.middle[1]) < 0.55 * max(em, frame.size):
            lines[-1].append(frame)
        else:
            lines.append([frame])
    rows = [row for line in lines for row in _cells(sorted(line, key=lambda one: one.left), rules, em)]
    assign(rows, words, em)
    return rows


def assign(rows: Sequence[Row], words: Sequence[Word], em: float) -> None:
    """Give each box of the rows its words: on the side where the boxes of its row, or of the page, have them."""
    usual = Counter(side for row in rows if (side := _side(row, words, em)) is not None).most_common(1)
    for row in rows:
        row.side = _side(row, words, em) or (usual[0][0] if usual else "before")
        _give_words(row, words, em)


def _cells(frames: list[Frame], rules: Picture, em: float) -> list[Row]:
    rows: list[Row] = []
    for frame in frames:
        left, right = _bounds(frame, rules)
        if rows and frame.left < rows[-1].right:
            rows[-1].options.append(Option(frame))
        else:
            rows.append(Row([Option(frame)], "before", left, right))
    return rows


def _bounds(frame: Frame, rules: Picture) -> tuple[float, float]:
    """The upright lines to the left and right of a frame, or the edges of the page."""
    import numpy as np

    height, width = rules.shape
    x, y = frame.middle
    line = rules[max(0, min(height - 1, round(y)))]
    reach = round(frame.size * 0.6)
    left = np.flatnonzero(line[: max(0, round(x) - reach)])
    right = np.flatnonzero(line[min(width, round(x) + reach) :])
    return (float(left[-1]) if len(left) else 0.0, float(right[0]) + round(x) + reach if len(right) else float(width))


def _letters_in(row: Row, words: Sequence[Word], em: float) -> list[int]:
    """Numbers of the letters on the row's line, from left to right; those under its frames left out."""
    y = row.y
    found = [
        at
        for at, word in enumerate(words)
        if abs(middle(word)[1] - y) < 0.6 * em
        and row.left <= middle(word)[0] <= row.right
        and is_letter(word.text)
        and not any(o.frame.left < middle(word)[0] < o.frame.right for o in row.options)
    ]
    return sorted(found, key=lambda at: words[at].left)


def _side(row: Row, words: Sequence[Word], em: float) -> Side | None:
    """Where the boxes of a row stand: the first thing is a box, or the last one is, or the gaps tell."""
    letters = _letters_in(row, words, em)
    first, last = row.options[0].frame, row.options[-1].frame
    before = [at for at in letters if middle(words[at])[0] < first.left]
    asked = before and words[before[-1]].text in _COLONS  # what a colon ends is the question, no option
    to_left = [] if asked else [first.left - words[at].right for at in before]
    to_right = [words[at].left - last.right for at in letters if middle(words[at])[0] > last.right]
    near_left, near_right = min(to_left, default=9e9), min(to_right, default=9e9)
    if min(near_left, near_right) > WORDS_FAR * em:
        return None
    if near_left > WORDS_FAR * em or near_right > WORDS_FAR * em:
        return "before" if near_left > near_right else "after"
    if abs(near_left - near_right) > 0.35 * em:
        return "before" if near_right < near_left else "after"
    return None


def _give_words(row: Row, words: Sequence[Word], em: float) -> None:
    """Give each frame the letters that follow it (or go before it) up to the next frame or a wide gap."""
    letters = _letters_in(row, words, em)
    taken: set[int] = set()
    options = []
    for number, option in enumerate(row.options):
        frame = option.frame
        if row.side == "before":
            end = row.options[number + 1].frame.left if number + 1 < len(row.options) else row.right
            chain = [at for at in letters if frame.left < middle(words[at])[0] < end]
        else:
            start = row.options[number - 1].frame.right if number else row.left
            chain = [at for at in reversed(letters) if start < middle(words[at])[0] < frame.right]
        own = _unbroken(chain, words, frame, em)
        taken.update(own)
        options.append(Option(frame, tuple(sorted(own, key=lambda at: words[at].left))))
    row.options = options
    row.lost = _segments([at for at in letters if at not in taken], words, em)


def _unbroken(chain: list[int], words: Sequence[Word], frame: Frame, em: float) -> list[int]:
    own: list[int] = []
    for at in chain[:10]:
        if words[at].text in _COLONS:
            break
        last = words[own[-1]] if own else frame
        gap = max(words[at].left - last.right, last.left - words[at].right)
        far = WORDS_FAR + (
            0.5 if frame.kind == "bracket" else 0.0
        )  # a bracket is as wide as a letter, half of it blank
        if gap > (0.75 if own else far) * em:
            break
        own.append(at)
    return own


def _segments(letters: list[int], words: Sequence[Word], em: float) -> list[tuple[int, ...]]:
    """Short runs of letters: words of options whose box was not found."""
    runs: list[list[int]] = []
    for at in letters:
        if runs and words[at].left - words[runs[-1][-1]].right < 0.6 * em:
            runs[-1].append(at)
        else:
            runs.append([at])
    return [tuple(run) for run in runs if len(run) <= 4]


def text_of(run: Sequence[int], words: Sequence[Word]) -> str:
    return "".join(words[at].text for at in run)


def crowded(row: Row, em: float) -> bool:
    """Whether two boxes stand so close that no word has room between them: one of them is none."""
    frames = [option.frame for option in row.options]
    return any(b.left - a.right < 0.8 * em for a, b in pairwise(frames))


def beside_its_letter(option: Option, row: Row, hollow: frozenset[Frame], em: float) -> bool:
    """Whether a frame with ink in it touches an empty box: the letter beside that box, as 同 or 否, is framed too.

    Not where nearly every box of the row has a neighbour as close: 是□□否.
    """
    frame = option.frame
    close = [
        other.frame
        for other in row.options
        if other is not option and max(other.frame.left - frame.right, frame.left - other.frame.right) < 0.35 * em
    ]
    plain = [other for other in row.options if other.frame in hollow]
    return frame not in hollow and len(plain) > 1 and any(other in hollow for other in close)


def astray(option: Option, row: Row, words: Sequence[Word], em: float) -> bool:
    """Whether a box stands nearer to its words, or further from them, than those of the other options of a row."""
    gaps = [_gap(other, row.side, words) for other in row.options if other is not option and other.words]
    slack = _WIDE if any(other.frame.kind == "bracket" for other in row.options) else _SLACK
    return not gaps or not option.words or abs(_gap(option, row.side, words) - median(gaps)) > slack * em


def _gap(option: Option, side: Side, words: Sequence[Word]) -> float:
    first, last = words[option.words[0]], words[option.words[-1]]
    return first.left - option.frame.right if side == "before" else option.frame.left - last.right

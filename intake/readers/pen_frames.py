"""Which frames on a page of paper are check boxes, and which are letters like 国, 口 or 日.

Lengths are pixels; `em` is the size of the printed letters.
"""

from __future__ import annotations

from collections.abc import Sequence
from statistics import median

from intake.readers.paper_words import Word
from intake.readers.pen_boxes import Frame
from intake.readers.pen_lost import on_print
from intake.readers.pen_rows import FRAMED_LETTERS, WORDS_FAR, is_letter, middle
from intake.readers.pen_signs import OPTIONS

_FIRST, _LAST = frozenset(text[0] for text in OPTIONS), frozenset(text[-1] for text in OPTIONS)
_PORTS = frozenset("人出入进户窗港门路")  # 人口, 出口, 窗口: here 口 is a letter


def choose_frames(
    frames: Sequence[Frame], hollow: frozenset[Frame], words: Sequence[Word], letters: Sequence[Word], em: float
) -> list[Frame]:
    """The frames that are check boxes: beside words, and not a letter like 国 or 口 in a text.

    A clean hollow square (`hollow`) is rare in print and stands for itself. One with something inside may be a
    letter: it needs a hollow one of its size in its row or column, or a place where nothing else was read.
    """
    near = [frame for frame in frames if not _part_of_letter(frame, letters, em)]
    near = [frame for frame in near if frame in hollow or not on_print(frame, letters)]
    readings = {frame: "" if frame.kind == "bracket" else _reading(frame, words, em) for frame in near}
    seeds = [f for f in near if f in hollow or f.kind == "bracket"]
    seeds = [frame for frame in seeds if _beside_words(frame, words, em) or readings[frame] in ("□", "☐")]
    seeds = [frame for frame in seeds if not (readings[frame] == "口" and _in_text(frame, words, em, _PORTS))]
    seeds = _of_a_size(seeds + _marked_ones(near, seeds, readings, words, em), words, em)
    kept = list(seeds)
    for frame in near:
        if frame in kept:
            continue
        fits = any(_mates(frame, seed, words, em) for seed in seeds)
        if readings[frame] not in FRAMED_LETTERS:
            fits = fits or any(_in_line(frame, seed, em) for seed in seeds)
            fits = fits or (sum(_alike(frame, seed) for seed in seeds) > 1 and frame.quality > 0.8)
        if on_print(frame, words):  # on a word read together with a pen's stroke
            fits = any(_in_line(frame, seed, em) for seed in seeds if seed in hollow)
        if fits and _clinging(frame, words, em) <= 3:
            kept.append(frame)
    return kept


def _marked_ones(
    near: Sequence[Frame], hollow: Sequence[Frame], readings: dict[Frame, str], words: Sequence[Word], em: float
) -> list[Frame]:
    """Plain frames with ink inside that need no hollow one: two in a line, or one that OCR too read as a box."""
    plain = [
        frame
        for frame in near
        if frame not in hollow
        and not on_print(frame, words)
        and frame.quality > 0.75
        and readings[frame] not in FRAMED_LETTERS
        and _beside_words(frame, words, em)
        and _clinging(frame, words, em) <= 3
    ]
    return [f for f in plain if readings[f] or any(_in_line(f, other, em) for other in plain if other is not f)]


def _reading(frame: Frame, words: Sequence[Word], em: float) -> str:
    """What OCR read where the frame stands."""
    x, y = frame.middle
    best, text = 0.45 * em, ""
    for word in words:
        wx, wy = middle(word)
        away = max(abs(wx - x) * 0.75, abs(wy - y))
        if away < best:
            best, text = away, word.text
    return text


def _part_of_letter(frame: Frame, words: Sequence[Word], em: float) -> bool:
    """A square smaller than the letter it lies in, as in 知 or 名."""
    area = (frame.right - frame.left) * (frame.bottom - frame.top)
    for word in words:
        if not is_letter(word.text) or frame.size > 0.72 * max(em, word.bottom - word.top):
            continue
        wide = min(frame.right, word.right) - max(frame.left, word.left)
        tall = min(frame.bottom, word.bottom) - max(frame.top, word.top)
        if wide > 0 and tall > 0 and wide * tall > 0.6 * area:
            return True
    return False


def _beside_words(frame: Frame, words: Sequence[Word], em: float) -> bool:
    y = frame.middle[1]
    for word in words:
        if abs(middle(word)[1] - y) < 0.8 * em and is_letter(word.text):
            gap = max(word.left - frame.right, frame.left - word.right)
            if -0.5 * em < gap < WORDS_FAR * em:
                return True
    return False


def _in_text(frame: Frame, words: Sequence[Word], em: float, before: frozenset[str] | None) -> bool:
    """Whether letters cling to both sides of the frame (to the left, one of `before`)."""
    left = right = False
    for word in words:
        if abs(middle(word)[1] - frame.middle[1]) > 0.5 * em or not "\u4e00" <= word.text[:1] <= "\u9fff":
            continue
        if abs(frame.left - word.right) < 0.3 * em:
            left = left or before is None or word.text in before
        if abs(word.left - frame.right) < 0.3 * em:
            right = True
    return left if before is not None else left and right


def _clinging(frame: Frame, words: Sequence[Word], em: float) -> int:
    """The letters that follow without a gap to the left or right of a frame, the longer run."""
    x, y = frame.middle
    line = [w for w in words if abs(middle(w)[1] - y) < 0.5 * em and "\u4e00" <= w.text[:1] <= "\u9fff"]
    before = sorted((w for w in line if middle(w)[0] < x - 0.5 * em), key=lambda w: -w.right)
    after = sorted((w for w in line if middle(w)[0] > x + 0.5 * em), key=lambda w: w.left)
    return max(_run(before, frame, em), _run(after, frame, em))


def _run(line: list[Word], frame: Frame, em: float) -> int:
    last: Word | Frame = frame
    for count, word in enumerate(line[:6]):
        if max(word.left - last.right, last.left - word.right) > 0.45 * max(em, word.bottom - word.top):
            return count
        last = word
    return len(line[:6])


def _mates(one: Frame, other: Frame, words: Sequence[Word], em: float) -> bool:
    """Two boxes of one form: of a size, in one column or with few letters between them in one row."""
    if not _alike(one, other):
        return False
    dx, dy = abs(one.middle[0] - other.middle[0]), abs(one.middle[1] - other.middle[1])
    if dx < 0.4 * em and dy > em:
        return True
    low, high = sorted((one.middle[0], other.middle[0]))
    between = [
        w
        for w in words
        if low < middle(w)[0] < high and abs(middle(w)[1] - one.middle[1]) < 0.5 * em and is_letter(w.text)
    ]
    return dy < 0.35 * em and dx < 9 * em and len(between) <= 4


def _alike(one: Frame, other: Frame) -> bool:
    slack = 0.35 if one.kind == "full" else 0.15
    return abs(one.size - other.size) <= slack * max(one.size, other.size)


def _of_a_size(frames: list[Frame], words: Sequence[Word], em: float) -> list[Frame]:
    """Boxes of one form are of a size, that of those beside options: a stranger without a mate is none."""
    if len(frames) < 4:
        return frames
    beside = [frame for frame in frames if _beside_an_option(frame, words, em)]
    usual = median(frame.size for frame in beside or frames)
    alike = [frame for frame in frames if abs(frame.size - usual) <= 0.2 * usual]
    if len(alike) < 0.6 * len(frames) and len(beside) < 2:
        return frames
    others = [frame for frame in frames if frame not in alike]
    return alike + [f for f in others if any(_in_line(f, o, em) for o in others if o is not f)]


def _beside_an_option(frame: Frame, words: Sequence[Word], em: float) -> bool:
    """Whether words that begin an option follow a frame, or such that end one go before it, and no other letter."""
    y = frame.middle[1]
    line = [word for word in words if abs(middle(word)[1] - y) < 0.6 * em and is_letter(word.text)]
    after = min((w for w in line if middle(w)[0] > frame.right), key=lambda w: w.left, default=None)
    before = max((w for w in line if middle(w)[0] < frame.left), key=lambda w: w.right, default=None)
    starts = after is not None and after.text in _FIRST and after.left - frame.right < em
    ends = before is not None and before.text in _LAST and frame.left - before.right < em
    near = [word for word in (before, after) if word is not None and _gap(word, frame) < 0.3 * em]
    return (starts or ends) and all(word.text in _FIRST | _LAST for word in near)


def _gap(word: Word, frame: Frame) -> float:
    return max(word.left - frame.right, frame.left - word.right)


def _in_line(one: Frame, other: Frame, em: float) -> bool:
    return _alike(one, other) and abs(one.middle[1] - other.middle[1]) < 0.35 * em

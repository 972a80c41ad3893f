"""A page of paper, scanned or photographed: pixels to blocks.

Promises: bounded work for a picture in working size; what stands on the page comes out in reading order, its tables
by their printed borders, its boxes as the judge of ink sees them, each with a cut-out for a person to look at.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from statistics import median
from typing import TYPE_CHECKING

from intake.document import Block, Box, Looks
from intake.readers import ocr, page_items
from intake.readers import paper_upright as upright
from intake.readers.page_layout import lay_out_pages
from intake.readers.paper_cutouts import CutOuts
from intake.readers.paper_trim import trimmed
from intake.readers.paper_words import OVER_WORDS, Mark, Word
from intake.readers.pen_ink import letter_size
from intake.readers.pen_misread import is_doubtful

if TYPE_CHECKING:
    from collections.abc import Sequence, Set

    from intake.readers.ocr import Image, Quads

_SEEN_AT = 1_280  # pixels on the long side of a page where lines are looked for
_CROP_HEIGHT = 48  # pixels; a line is read at this height
_LONGEST = 60  # times its height; what is longer is a border, not a line
_CERTAIN = 0.9  # of a character read
_INKED = 190  # grey level; paper is near 250
_TICKS = frozenset("√✓✔∨VvＶ")
_BESIDE = 6  # times the size of a box: the words of its option lie between it and its tick
_SIGNS = frozenset("□■☐☑☒√✓")
_BRACKETS = "()（）[]【】"
_READ_AS_BOX = frozenset("□■☐☑☒◻◼▢▣◇◆○◯◎⊙")
_LIKE_A_BOX = frozenset("口囗冈図图⊠⊗☒日曰田目四回凶区国困因由甲申白百自旦且Oo0D□■☐☑◻◼▢○●√✓✔✗✘×xXvVyY/乙丿Z一")


@dataclass(frozen=True, slots=True)
class Sheet:
    """An upright page with what was read on it."""

    page: Image
    words: list[Word]
    marks: list[Mark]
    rules: list[page_items.Rule]

    @property
    def usual_height(self) -> float:
        return median(word.bottom - word.top for word in self.words) if self.words else 30.0


def read_paper(image: Image) -> tuple[Block, ...]:
    """The blocks of all sheets in a picture (height x width x 3 bytes, blue green red)."""
    return lay_out_pages(pages_of(image))


def pages_of(image: Image) -> list[page_items.Page]:
    """The sheets in a picture as pages of words, boxes and borders, in pixels of the upright sheet."""
    ocr.work_alone()
    return [_page(read_sheet(sheet)) for sheet in upright.sheets(image)]


def read_sheet(image: Image) -> Sheet:
    """One sheet set upright and read."""
    from intake.readers.paper_rules import find_rules, squared
    from intake.readers.paper_seals import without_seals
    from intake.readers.pen import read_marks

    page = upright.lit(upright.fitted(image))
    page, quads = _upright(page, _lines(without_seals(page)))
    page, quads = squared(page, quads)
    plain = without_seals(page)
    words = _inked_words(plain, _words(plain, trimmed(plain, quads)))
    words, marks = read_marks(page, words)
    return Sheet(page, words, marks, find_rules(plain, words))


# ---- lines ------------------------------------------------------------------------------------


def _lines(page: Image) -> Quads:
    """Where lines stand; looked for in a smaller copy of what is not blank."""
    import cv2
    import numpy as np

    scale = min(1.0, _SEEN_AT / max(page.shape[:2]))
    small = cv2.resize(page, None, fx=scale, fy=scale, interpolation=cv2.INTER_AREA) if scale < 1 else page
    left, top, right, bottom = _inked(small)
    quads = ocr.find_lines(np.ascontiguousarray(small[top:bottom, left:right]))
    return np.asarray((quads + np.array([left, top], np.float32)) / scale, np.float32)


def _inked(page: Image) -> tuple[int, int, int, int]:
    """The part of a page that is not blank, with a margin."""
    import cv2

    height, width = page.shape[:2]
    grey = cv2.medianBlur(cv2.cvtColor(page, cv2.COLOR_BGR2GRAY), 3)
    points = cv2.findNonZero((grey < 170).astype("uint8"))
    if points is None:
        return 0, 0, width, height
    left, top, wide, high = cv2.boundingRect(points)
    return max(0, left - 24), max(0, top - 24), min(width, left + wide + 24), min(height, top + high + 24)


def _upright(page: Image, quads: Quads) -> tuple[Image, Quads]:
    """Quarter turns and tilt taken away."""
    if not len(quads):
        return page, quads
    if upright.lies_on_its_side(quads):
        page, quads = upright.quarter_turn(page, quads, 1)
    tilt = upright.tilt_of(quads)
    if abs(tilt) > 0.1:
        page, quads = upright.turned(page, quads, tilt)
    if ocr.upside_down(_crops(page, quads)):
        page, quads = upright.quarter_turn(page, quads, 2)
    return page, quads


def _crops(page: Image, quads: Quads) -> list[Image]:
    """Each line cut out and straightened, at the height that the model reads."""
    import cv2
    import numpy as np

    crops = []
    for quad in quads:
        wide = float(np.linalg.norm(quad[1] - quad[0]) + np.linalg.norm(quad[2] - quad[3])) / 2
        high = float(np.linalg.norm(quad[3] - quad[0]) + np.linalg.norm(quad[2] - quad[1])) / 2
        width = max(8, min(round(wide / max(high, 1.0) * _CROP_HEIGHT), _LONGEST * _CROP_HEIGHT))
        target = np.array([[0, 0], [width, 0], [width, _CROP_HEIGHT], [0, _CROP_HEIGHT]], np.float32)
        matrix = cv2.getPerspectiveTransform(quad.astype(np.float32), target)
        size = (width, _CROP_HEIGHT)
        crops.append(cv2.warpPerspective(page, matrix, size, flags=cv2.INTER_LINEAR, borderMode=cv2.BORDER_REPLICATE))
    return crops


def _words(page: Image, quads: Quads) -> list[Word]:
    """Every word with its place, line by line."""
    words = []
    for number, (quad, glyphs) in enumerate(zip(quads, ocr.read_lines(_crops(page, quads)), strict=True)):
        left, right = float(quad[[0, 3], 0].mean()), float(quad[[1, 2], 0].mean())
        for one in glyphs:
            middle = (one.start + one.end) / 2
            top = float(quad[0, 1] + (quad[1, 1] - quad[0, 1]) * middle)
            bottom = float(quad[3, 1] + (quad[2, 1] - quad[3, 1]) * middle)
            start, end = left + (right - left) * one.start, left + (right - left) * one.end
            words.append(Word(one.text, start, top, end, bottom, one.score, number))
    return words


def _inked_words(page: Image, words: Sequence[Word]) -> list[Word]:
    """The words without boxes and ticks that were read on bare paper, as between options far apart."""
    import cv2

    grey = cv2.cvtColor(page, cv2.COLOR_BGR2GRAY)

    def bare(word: Word) -> bool:
        inset = (word.bottom - word.top) / 6
        top, bottom, left, right = (round(v) for v in (word.top + inset, word.bottom - inset, word.left, word.right))
        part = grey[max(0, top) : bottom, max(0, left) : right]
        return bool(part.size and (part < _INKED).mean() < 0.01)

    return [word for word in words if word.text not in _SIGNS or word.score > _CERTAIN or not bare(word)]


# ---- items ------------------------------------------------------------------------------------


def _page(sheet: Sheet) -> page_items.Page:
    drawn = [mark for mark in sheet.marks if mark.state in OVER_WORDS]
    boxes = [mark for mark in sheet.marks if mark not in drawn and not _in_a_character(mark, sheet.words)]
    cut = CutOuts(sheet.page, sheet.rules, sheet.usual_height)
    marks = [_box(mark, cut) for mark in boxes]
    words = []
    for word in sheet.words:
        if any(_is_the_box(word, mark) or _is_its_tick(word, mark) for mark in boxes):
            continue
        if word.text in _READ_AS_BOX:
            marks.append(_unread(word, cut))
            continue
        looks = _looks({mark.state for mark in drawn if _covers(mark, word)})
        if looks.bordered and len(word.text) == 1:
            word = _as_large_as_print(word, letter_size(sheet.words))
        words.append(page_items.Word(word.text, word.left, word.top, word.right, word.bottom, looks))
    return page_items.Page(tuple(words), tuple(marks), tuple(sheet.rules))


def _as_large_as_print(word: Word, em: float) -> Word:
    """A letter without the ring that was read with it: it would touch its neighbours."""
    x, y = (word.left + word.right) / 2, (word.top + word.bottom) / 2
    wide, tall = min(word.right - word.left, em) / 2, min(word.bottom - word.top, 1.2 * em) / 2
    return replace(word, left=x - wide, top=y - tall, right=x + wide, bottom=y + tall)


def _looks(states: Set[str]) -> Looks:
    return Looks(struck="struck" in states, bordered="ringed" in states, underlined="underlined" in states)


def _box(mark: Mark, cut: CutOuts) -> page_items.Mark:
    """A box where it stands, also where a circle goes round the words of its option."""
    assert mark.state == "ticked" or mark.state == "empty" or mark.state == "unknown"
    box = Box(mark.state, mark.source, cutout=cut.around(mark))
    return page_items.Mark(box, mark.left, mark.top, mark.right, mark.bottom)


def _unread(word: Word, cut: CutOuts) -> page_items.Mark:
    """A box that was read as a sign but not found in the ink: nobody knows what is in it."""
    box = Box("unknown", "ink unread", word.text, cutout=cut.around(word))
    return page_items.Mark(box, word.left, word.top, word.right, word.bottom)


def _is_the_box(word: Word, mark: Mark) -> bool:
    """Whether a sign that was read is the box itself, or the tick in it."""
    sign = word.text.strip(_BRACKETS)
    like = set(sign) <= _LIKE_A_BOX and len(sign) <= 2 and (sign != "" or word.text in ("()", "（）"))
    return (like or is_doubtful(word)) and _covers(mark, word)


def _is_its_tick(word: Word, mark: Mark) -> bool:
    """Whether a tick that was read is the one beside a box by which that box was found ticked."""
    if mark.source not in ("ink beside", "ink over") or word.text not in _TICKS:
        return False
    size = mark.bottom - mark.top
    apart = max(mark.left - word.right, word.left - mark.right)
    return abs(mark.top + mark.bottom - word.top - word.bottom) < 1.6 * size and apart < _BESIDE * size


def _in_a_character(mark: Mark, words: Sequence[Word]) -> bool:
    """Whether a small square is part of a character that was read with certainty: the 口 of 话."""
    return "circle" not in mark.source and any(
        word.score > _CERTAIN
        and word.text.isalnum()
        and not set(word.text) <= _LIKE_A_BOX
        and word.left <= mark.left
        and mark.right <= word.right
        and word.top <= mark.top
        and mark.bottom <= word.bottom
        and mark.right - mark.left < 0.6 * (word.right - word.left)
        for word in words
        if len(word.text) == 1
    )


def _covers(mark: Mark, word: Word) -> bool:
    """Whether the middle of a word lies in a mark, or that of the mark in the word; its place may be a little off."""
    high = min(word.bottom, mark.bottom) - max(word.top, mark.top)
    if high < 0.4 * min(word.bottom - word.top, mark.bottom - mark.top):
        return False
    wide = min(word.right, mark.right) - max(word.left, mark.left)
    return wide > 0.45 * min(word.right - word.left, mark.right - mark.left)

"""Ticks, crosses and pictures drawn over a PDF page, brought to the box or word they are drawn at.

Promises: a stroke that could belong to two boxes makes an unknown box; strokes far from any writing, or larger than
a mark, are decoration.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from math import hypot

from intake.document import Box as CheckBox
from intake.document import BoxState
from intake.readers import symbols
from intake.readers.page_items import Mark, Word, middle
from intake.readers.pdf_frames import place
from intake.readers.pdf_ink import Ink, around
from intake.readers.pdf_page import Box, Point
from intake.readers.pdf_shapes import Picture
from intake.readers.pdf_sight import Sight

SOURCE = "drawn tick"
_PICTURE = 42.0  # points, 1.5 cm: a picture of a tick, not a logo
_BOXES = symbols.EMPTY_GLYPHS | symbols.TICKED_GLYPHS - {"✓", "✔", "√"}


class Settling:
    """Brings inks and pictures to the words and boxes of a page; `words` and `marks` are the outcome."""

    def __init__(self, words: Sequence[Word], marks: Sequence[Mark], height: float, sight: Sight) -> None:
        self._height = height
        self._sight = sight
        self.words = [word for word in words if not _is_box(word)]
        self.marks = [*marks, *(_as_mark(word) for word in words if _is_box(word))]

    def overprint(self) -> None:
        """Typed ticks and crosses that stand on a box make it ticked."""
        kept = []
        for word in self.words:
            on = None
            if word.text in symbols.TICKED_GLYPHS | symbols.CROSS_GLYPHS:
                on = next((at for at, mark in enumerate(self.marks) if _on(mark, word)), None)
            if on is None:
                kept.append(word)
            else:
                self._tick(on, "☒" if word.text in symbols.CROSS_GLYPHS else "☑", "overprint")
        self.words = kept

    def ink(self, ink: Ink) -> None:
        if ink.kind == "flat":
            return
        if ink.kind == "ring":
            self._ring(ink)
            return
        targets = self._targets(ink)
        if len(targets) > 1:
            self._add(ink.box, "unknown", "")
        elif targets:
            self._set(targets[0], ink)
        elif ink.kind in ("tick", "full"):
            self._at_word(ink, "ticked", "√" if ink.kind == "tick" else "■")
        elif self._crossed(ink):
            self._at_word(ink, "unknown", "×" if ink.kind == "cross" else "")

    def _set(self, at: int, ink: Ink) -> None:
        """Ink in a box ticks it, unless it reaches far beyond without being a tick or a cross."""
        mark = self.marks[at]
        wide = max(ink.box[2] - ink.box[0], ink.box[3] - ink.box[1])
        if ink.kind == "cross":
            self._tick(at, "☒", SOURCE)
        elif ink.kind in ("tick", "full") or wide <= 1.6 * (mark.right - mark.left):
            self._tick(at, "☑", SOURCE)
        elif isinstance(mark.box, CheckBox):
            self.marks[at] = replace(mark, box=replace(mark.box, state="unknown", source=SOURCE, glyph=""))

    def _tick(self, at: int, glyph: str, source: str) -> None:
        mark = self.marks[at]
        if isinstance(mark.box, CheckBox):
            self.marks[at] = replace(mark, box=CheckBox("ticked", source, glyph, mark.box.looks))

    def _targets(self, ink: Ink) -> list[int]:
        """The boxes an ink may belong to: those its foot or middle lies in; several where it cannot be told."""
        middle_point = (ink.box[0] + ink.box[2]) / 2, (ink.box[1] + ink.box[3]) / 2
        points = (ink.foot, middle_point) if ink.kind == "tick" else (middle_point,)
        reach = []
        for at, mark in enumerate(self.marks):
            x, y = middle(mark)
            side = max(mark.right - mark.left, mark.bottom - mark.top, 1.0)
            reach.append((min(hypot(px - x, py - y) for px, py in points) / side, at))
        reach.sort()
        near = [(far, at) for far, at in reach[:3] if far <= 1.1]
        if not near or (near[0][0] > 0.85 and self._word_under(ink) is not None):
            return []
        sure = near[0][0] <= 0.75
        return [at for far, at in near if far == near[0][0] or far < (0.9 if sure else 1.6) * near[0][0]]

    def _ring(self, ink: Ink) -> None:
        inside = [at for at, word in enumerate(self.words) if _holds(ink.box, middle(word))]
        writing = "".join(self.words[at].text for at in inside).strip()
        boxes = [at for at, mark in enumerate(self.marks) if _holds(ink.box, middle(mark))]
        if 0 < len(writing) <= 8:
            for at in inside:
                word = self.words[at]
                self.words[at] = replace(word, looks=replace(word.looks, bordered=True))
        elif len(boxes) == 1 and not writing:
            self._set(boxes[0], replace(ink, kind="full"))
        elif writing or boxes:
            self._add(ink.box, "unknown", "")

    def _at_word(self, ink: Ink, state: BoxState, glyph: str) -> None:
        """A mark drawn on a short word stands right before it, any other where it is drawn."""
        at = self._word_under(ink)
        run = self._run(at) if at is not None else []
        if at is None or len(run) > 8:
            self._add(ink.box, state, glyph)
            return
        if self._boxes_beside(self.words[at]):  # the word was not meant to be marked itself
            state = "unknown"
        left = min(word.left for word in run)
        word = self.words[at]
        self._add((left - 0.02, word.top, left - 0.01, word.bottom), state, glyph)

    def _boxes_beside(self, word: Word) -> bool:
        """Whether boxes to tick stand in the same line close to a word."""
        far = 3 * self._height
        return any(
            mark.top < middle(word)[1] < mark.bottom and mark.left - far < word.right and word.left < mark.right + far
            for mark in self.marks
            if isinstance(mark.box, CheckBox)
        )

    def _add(self, box: Box, state: BoxState, glyph: str) -> None:
        self.marks.append(Mark(CheckBox(state, SOURCE, glyph), *box))

    def _word_under(self, ink: Ink) -> int | None:
        points = ink.foot, ((ink.box[0] + ink.box[2]) / 2, (ink.box[1] + ink.box[3]) / 2)
        slack = 0.25 * self._height
        for point in points:
            for at, word in enumerate(self.words):
                if word.text.strip() and _holds(_grown(word, slack), point):
                    return at
        return None

    def _crossed(self, ink: Ink) -> bool:
        """Whether an ink of unknown meaning goes over writing and is no larger than a mark."""
        small = max(ink.box[2] - ink.box[0], ink.box[3] - ink.box[1]) <= 3 * self._height
        return small and len(ink.lines) <= 8 and self._word_under(ink) is not None

    def _run(self, at: int) -> list[Word]:
        """The words joined to one without a gap."""
        word = self.words[at]
        line = sorted(
            (one for one in self.words if one.top < middle(word)[1] < one.bottom and one.text.strip()),
            key=lambda one: one.left,
        )
        run: list[Word] = []
        for one in line:
            if run and one.left - run[-1].right > 0.3 * self._height:
                if word in run:
                    break
                run = []
            run.append(one)
        return run

    # ---- pictures -----------------------------------------------------------------------------

    def picture(self, picture: Picture) -> None:
        """A small picture is looked at, together with the box it lies on."""
        left, top, right, bottom = picture.box
        if max(right - left, bottom - top) > _PICTURE or min(right - left, bottom - top) < 0.3 * self._height:
            return
        on = [at for at, mark in enumerate(self.marks) if _holds(picture.box, middle(mark))]
        if len(on) > 1:
            self._add(picture.box, "unknown", "")
            return
        box = around([picture.box, *(place(self.marks[at]) for at in on)])
        state, glyph = self._sight.look(_wider(box, 1.0))
        if on:
            mark = self.marks[on[0]]
            glyph = {"√": "☑", "×": "☒"}.get(glyph, glyph)
            state = "ticked" if glyph == "☒" else state
            self.marks[on[0]] = replace(mark, box=CheckBox(state, "picture", glyph))
        else:
            self.marks.append(Mark(CheckBox(state, "picture", glyph), *picture.box))

    def unknown_glyphs(self) -> None:
        """Characters without a meaning are looked at."""
        kept = []
        for word in self.words:
            box = word.left, word.top, word.right, word.bottom
            state, glyph = self._sight.look(box) if word.text == symbols.UNKNOWN else ("unknown", "")
            if glyph:
                self.marks.append(Mark(CheckBox(state, "glyph", glyph, word.looks), *box))
            else:
                kept.append(word)
        self.words = kept

    def outcome(self) -> tuple[list[Word], list[Mark]]:
        """Words and marks; a box that was a character and that nothing changed is a character again."""
        words = list(self.words)
        marks = []
        for mark in self.marks:
            if isinstance(mark.box, CheckBox) and mark.box.source == "character":
                words.append(Word(mark.box.glyph, *place(mark), mark.box.looks))
            else:
                marks.append(mark)
        return words, marks


def _is_box(word: Word) -> bool:
    return word.text in _BOXES


def _as_mark(word: Word) -> Mark:
    state = symbols.state_of(word.text) or "unknown"
    return Mark(CheckBox(state, "character", word.text, word.looks), word.left, word.top, word.right, word.bottom)


def _on(mark: Mark, word: Word) -> bool:
    """Whether a character is printed over a box, not beside it."""
    x, y = middle(word)
    slack = 0.1 * (mark.right - mark.left)
    return mark.left - slack <= x <= mark.right + slack and mark.top <= y <= mark.bottom


def _holds(box: Box, point: Point) -> bool:
    return box[0] <= point[0] <= box[2] and box[1] <= point[1] <= box[3]


def _grown(word: Word, by: float) -> Box:
    return word.left - by, word.top, word.right + by, word.bottom


def _wider(box: Box, by: float) -> Box:
    return box[0] - by, box[1] - by, box[2] + by, box[3] + by

"""Small drawn frames: squares to tick, rounds to fill, borders round a word, and the sides of cells.

A small frame that stands alone is a box to tick or a border round what is in it; frames that touch one another or
other lines are cells.
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Sequence
from dataclasses import replace

from intake.document import Box as CheckBox
from intake.document import BoxState
from intake.readers import symbols
from intake.readers.page_grid import lattices
from intake.readers.page_items import Mark, Rule, Word, middle
from intake.readers.pdf_page import Box
from intake.readers.pdf_shapes import Line, Outline

SOURCE = "drawn box"
_LARGEST = 2.2  # times the height of the text
_LEAST = 0.42
_LONGEST_WORD = 8  # characters of an option that is ringed
_MAX_FRAMES = 1_000


class Frames:
    """Sorts the frames of a page. Afterwards `marks` are the boxes to tick, `words` the words with their borders,
    and `lines` what is left as borders of cells. `height` is that of most words;
    `marks` are boxes known already."""

    def __init__(
        self,
        words: Sequence[Word],
        marks: Sequence[Mark],
        outlines: Sequence[Outline],
        lines: Sequence[Line],
        height: float,
    ) -> None:
        self._height = height
        self._all = list(words)
        self._gone: set[int] = set()
        self._order = sorted(range(len(words)), key=lambda index: middle(words[index])[1])
        self._middles = [middle(words[index])[1] for index in self._order]
        self.marks = list(marks)
        self.lines, made = _made_of_lines(lines, height)
        self._frames = [*outlines[:_MAX_FRAMES], *made[:_MAX_FRAMES]]
        self._long = [line.rule for line in self.lines]
        for frame in self._frames:
            self._read(frame)

    @property
    def words(self) -> list[Word]:
        return [word for index, word in enumerate(self._all) if index not in self._gone]

    def _read(self, frame: Outline) -> None:
        if frame.round:
            self._read_round(frame)
        elif frame.box[3] - frame.box[1] > _LARGEST * self._height or self._is_cell(frame):
            self.lines += [Line(rule) for rule in _sides(frame.box)]
        elif is_small(frame.box, self._height):
            self._read_square(frame)
        elif self._is_close(frame.box):
            self._border(self._inside(frame.box))

    def _is_cell(self, frame: Outline) -> bool:
        """Whether a frame touches another of its kind, or a line that goes on beyond it."""
        if any(one is not frame and not one.round and _touch(frame.box, one.box) for one in self._frames):
            return True
        return any(_near(frame.box, rule) and not _belongs(rule, frame.box) for rule in self._long)

    def _read_square(self, frame: Outline) -> None:
        """A square: solid, with a mark in it, with other writing, or empty. One drawn twice counts once."""
        for index, mark in enumerate(self.marks):
            if _contains(frame.box, place(mark), 2.0) or _contains(place(mark), frame.box, 2.0):
                if frame.solid and isinstance(mark.box, CheckBox):
                    self.marks[index] = replace(mark, box=replace(mark.box, state="ticked", glyph="■"))
                return
        inside = self._inside(frame.box)
        writing = self._writing(inside)
        if not writing:
            self._mark(frame.box, *(("ticked", "■") if frame.solid else ("empty", "□")))
        elif len(writing) == 1 and writing in symbols.TICKED_GLYPHS | symbols.CROSS_GLYPHS:
            self._gone.update(inside)
            self._mark(frame.box, "ticked", "☒" if writing in symbols.CROSS_GLYPHS else "☑")
        else:
            self._border(inside)

    def _read_round(self, frame: Outline) -> None:
        """A round: a place to tick where it is small and empty, a ring where it goes round a word."""
        inside = self._inside(frame.box)
        writing = self._writing(inside)
        small = is_small(frame.box, self._height)
        if not writing:
            if small:
                self._read_dot(frame)
        elif len(writing) == 1 and small and writing in symbols.TICKED_GLYPHS:
            self._gone.update(inside)
            self._mark(frame.box, "ticked", "◉")
        elif len(writing) <= _LONGEST_WORD and frame.box[3] - frame.box[1] <= 4 * self._height:
            self._border(inside)

    def _read_dot(self, frame: Outline) -> None:
        around = (one for one in self._frames if one is not frame and one.round)
        if any(_contains(one.box, frame.box, 0.0) for one in around):
            return  # the dot in a round, or its inner line
        within = (one for one in self._frames if one is not frame and one.solid)
        dotted = any(_contains(frame.box, one.box, 0.0) for one in within)
        self._mark(frame.box, *(("ticked", "●") if frame.solid or dotted else ("empty", "○")))

    def _mark(self, box: Box, state: BoxState, glyph: str) -> None:
        self.marks.append(Mark(CheckBox(state, SOURCE, glyph), *box))

    def _inside(self, box: Box) -> list[int]:
        """The words with their middle in a box."""
        near = self._order[bisect_left(self._middles, box[1]) : bisect_right(self._middles, box[3])]
        held = [index for index in near if box[0] <= middle(self._all[index])[0] <= box[2]]
        return sorted(held, key=lambda index: self._all[index].left)

    def _writing(self, indexes: Iterable[int]) -> str:
        return "".join(self._all[index].text for index in indexes if index not in self._gone).strip()

    def _is_close(self, box: Box) -> bool:
        """Whether a frame is drawn close round a short word."""
        inside = [self._all[index] for index in self._inside(box) if self._all[index].text.strip()]
        if not 0 < sum(len(word.text) for word in inside) <= _LONGEST_WORD:
            return False
        width = max(word.right for word in inside) - min(word.left for word in inside)
        return box[2] - box[0] - width <= 0.9 * self._height

    def _border(self, indexes: Iterable[int]) -> None:
        for index in indexes:
            word = self._all[index]
            self._all[index] = replace(word, looks=replace(word.looks, bordered=True))


def is_small(box: Box, height: float) -> bool:
    """Whether a frame is as large as a box to tick."""
    width, high = box[2] - box[0], box[3] - box[1]
    least, most = min(width, high), max(width, high)
    return _LEAST * height <= least and most <= _LARGEST * height and most <= 1.43 * least


def place(mark: Mark) -> Box:
    return mark.left, mark.top, mark.right, mark.bottom


def _made_of_lines(lines: Sequence[Line], height: float) -> tuple[list[Line], list[Outline]]:
    """The lines that are part of no small frame, and the small frames drawn as four lines."""
    short = [line.rule for line in lines if _length(line.rule) <= 4 * _LARGEST * height]
    frames = []
    for lattice in lattices(short, tolerance=1.2, smallest=_LEAST * height):
        box = lattice.bounds
        if len(lattice.rooms) == 1 and box[3] - box[1] <= _LARGEST * height and _encloses(box, short):
            frames.append(box)
    others = [line.rule for line in lines if not any(_belongs(line.rule, box) for box in frames)]
    alone = [box for box in frames if not any(_near(box, rule) for rule in others)]
    kept = [line for line in lines if not any(_belongs(line.rule, box) for box in alone)]
    return kept, [Outline(box) for box in alone]


def _encloses(box: Box, rules: Iterable[Rule]) -> bool:
    """Whether all four sides are drawn."""
    x, y = (box[0] + box[2]) / 2, (box[1] + box[3]) / 2
    sides = set()
    for rule in rules:
        if _belongs(rule, box):
            sides.add((rule.horizontal, rule.top < y if rule.horizontal else rule.left < x))
    return len(sides) == 4


def _length(rule: Rule) -> float:
    return max(rule.right - rule.left, rule.bottom - rule.top)


def _belongs(rule: Rule, box: Box) -> bool:
    return _contains(box, (rule.left, rule.top, rule.right, rule.bottom), 1.5)


def _near(box: Box, rule: Rule) -> bool:
    return _meet(box, (rule.left, rule.top, rule.right, rule.bottom))


def _touch(box: Box, other: Box) -> bool:
    """Frames side by side or across one another; one drawn twice or within the other does not count."""
    return _meet(box, other) and not _contains(box, other, 1.0) and not _contains(other, box, 1.0)


def _meet(box: Box, other: Box) -> bool:
    return box[0] <= other[2] + 1 and other[0] <= box[2] + 1 and box[1] <= other[3] + 1 and other[1] <= box[3] + 1


def _contains(box: Box, inner: Box, slack: float) -> bool:
    left, top, right, bottom = inner
    across = box[0] - slack <= left and right <= box[2] + slack
    return across and box[1] - slack <= top and bottom <= box[3] + slack


def _sides(box: Box) -> tuple[Rule, ...]:
    left, top, right, bottom = box
    across = Rule(left, top, right, top), Rule(left, bottom, right, bottom)
    return (*across, Rule(left, top, left, bottom), Rule(right, top, right, bottom))

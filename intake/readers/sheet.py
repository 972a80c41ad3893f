"""A sheet of any workbook as a page: cells, merges, hidden rows and columns, and what lies over the cells.

Readers put in cells and overlays; `Sheet.tables` gives what a person sees. Promises: hidden rows and columns
are left out (a hidden row keeps its number as an empty row), merged cells appear once with their spans, things
drawn over the sheet stand in the cell they are drawn on. Raises TooLarge only. Rows and columns count from 0.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from itertools import islice, pairwise

from intake.document import Box, Cell, Paragraph, Piece, Remark, Table
from intake.errors import TooLarge
from intake.readers import symbols
from intake.readers.docx_drawings import EMU_PER_POINT, Place
from intake.readers.docx_floats import Float, Metrics, place
from intake.readers.pieces import Line
from intake.readers.sheet_styles import Font

MAX_CELLS = 400_000  # cells with content
MAX_CHARACTERS = 8_000_000
MAX_SHOWN = 1_000_000  # cells given, empty ones between filled ones included
MAX_ROWS = 1_048_576
MAX_COLUMNS = 16_384
MAX_SHEETS = 256
_MAX_OVERLAYS = 5_000
_APART = 500  # empty rows that part two tables; a stray cell may stand in the last row of a sheet
_WIDEST = 256  # columns given for a row; no form is wider
_TALLEST = 64  # rows or columns over which one thing is drawn; no mark is larger
_MAX_LINES = 1_000  # of a list to choose from
_WALK = 1_000  # rows or columns from the place that a thing is measured from
_NUMBER = re.compile(r"\d{1,4}")
_REFERENCE = re.compile(r"\$?([A-Z]{1,3})\$?(\d{1,7})")

At = tuple[int, int]  # row and column


@dataclass(frozen=True, slots=True)
class Corner:
    """The upper left or lower right corner of a thing: cell and offset into it in points."""

    column: int
    x: float
    row: int
    y: float


@dataclass(slots=True)
class Overlay:
    """Something laid over the sheet; `caption` says whether its pieces bring their own words."""

    start: Corner
    end: Corner
    pieces: tuple[Piece, ...] = ()
    caption: bool = False


@dataclass(slots=True)
class Overlays:
    """All overlays of a sheet, the comments by cell, the check boxes linked to a cell, the cells that only feed
    a control (the number of the chosen line of a list), and how many pictures are too large to be a mark."""

    items: list[Overlay] = field(default_factory=list)
    comments: dict[At, str] = field(default_factory=dict)
    linked: dict[At, list[Overlay]] = field(default_factory=dict)
    feeding: set[At] = field(default_factory=set)
    large_pictures: int = 0


@dataclass(slots=True)
class Sizes:
    """Widths of columns and heights of rows in points; 0 where hidden."""

    width: float = 54.0
    height: float = 15.0
    widths: list[tuple[int, int, float]] = field(default_factory=list)  # first, last, points
    heights: dict[int, float] = field(default_factory=dict)
    _known: dict[int, float] = field(default_factory=dict)

    def column_width(self, column: int) -> float:
        width = self._known.get(column)
        if width is None:
            width = next((points for first, last, points in self.widths if first <= column <= last), self.width)
            self._known[column] = width
        return width

    def row_height(self, row: int) -> float:
        return self.heights.get(row, self.height)

    def is_hidden(self, row: int, column: int) -> bool:
        return self.row_height(row) == 0 or self.column_width(column) == 0


class Bounds:
    """What all sheets of a workbook together may hold."""

    def __init__(self) -> None:
        self._cells = MAX_CELLS
        self._characters = MAX_CHARACTERS
        self._shown = MAX_SHOWN

    def fill(self, characters: int) -> None:
        """Count one cell with content."""
        self._cells -= 1
        self._characters -= characters
        if self._cells < 0 or self._characters < 0:
            raise TooLarge(f"more than {MAX_CELLS} filled cells or {MAX_CHARACTERS} characters")

    def show(self, cells: int) -> None:
        """Count the cells of one row given."""
        self._shown -= cells + 1
        if self._shown < 0:
            raise TooLarge(f"more than {MAX_SHOWN} cells on the sheets")


class Sheet:
    """One sheet, filled by a reader."""

    def __init__(
        self, name: str, sizes: Sizes, merges: Iterable[tuple[At, At]], overlays: Overlays, bounds: Bounds
    ) -> None:
        """`merges` are pairs of upper left and lower right cell."""
        self.sizes = sizes
        self.overlays = overlays
        self._name = name
        self._bounds = bounds
        self._merges, self._covered = _merged(merges)
        self._cells: dict[At, list[Paragraph]] = {}
        self._aligned: dict[At, tuple[str, float]] = {}
        self._framed: dict[int, set[int]] = {}  # rows of empty cells with a border, by column

    def put(self, at: At, lines: list[Line], *, align: str = "left", size: float = 11.0, framed: bool = False) -> None:
        """The content of a cell; a comment on it is added. `align` and `size` help to place what lies over it."""
        if at in self.overlays.feeding and all(_NUMBER.fullmatch(line.paragraph().text) for line in lines):
            lines = []
        comment = self.overlays.comments.pop(at, "")
        if comment:
            lines = lines or [Line()]
            lines[-1].add(Remark(comment))
        self._aligned[at] = (align, size)
        paragraphs = [line.paragraph() for line in lines]
        if any(paragraph.pieces for paragraph in paragraphs):
            self._bounds.fill(sum([len(paragraph.text) for paragraph in paragraphs]))
            self._cells[at] = paragraphs
        elif framed:
            self._framed.setdefault(at[1], set()).add(at[0])

    def take_link(self, at: At, *, ticked: bool) -> bool:
        """A linked boolean sets its controls and is not shown itself; False where no control is linked to it."""
        linked = self.overlays.linked.get(at)
        for overlay in linked or ():
            first = overlay.pieces[0]
            if isinstance(first, Box):
                overlay.pieces = (replace(first, state="ticked" if ticked else "empty"), *overlay.pieces[1:])
        return linked is not None

    def text(self, at: At) -> str:
        """What a cell shows, as plain text."""
        return "\n".join(paragraph.text for paragraph in self._cells.get(at, ()))

    def tables(self) -> Iterator[Table]:
        """What is to be seen on the sheet: a table, or several where many empty rows lie between."""
        self._lay_over()
        shown: dict[int, dict[int, list[Paragraph]]] = {}
        for (row, column), blocks in self._cells.items():
            if blocks and (row, column) not in self._covered:
                shown.setdefault(row, {})[column] = blocks
        for first, last in _stretches(sorted(shown)):
            width = self._width(first, last, shown)
            rows = tuple(self._row(row, shown.get(row), width) for row in range(first, last + 1))
            yield Table(rows, self._name, first + 1)

    def _width(self, first: int, last: int, shown: Mapping[int, Mapping[int, object]]) -> int:
        """How many columns a row has: to the last one filled or merged, and one with a border beside it."""
        filled = max(max(cells) for row, cells in shown.items() if first <= row <= last) + 1
        width = min(max(filled, self._merged_width(first, last)), _WIDEST)
        framed = any(first <= row <= last for row in self._framed.get(width, ()))
        return width + framed

    def _merged_width(self, first: int, last: int) -> int:
        return max((at[1] + span[1] for at, span in self._merges.items() if first <= at[0] <= last), default=0)

    def _row(self, row: int, cells: dict[int, list[Paragraph]] | None, width: int) -> tuple[Cell, ...]:
        self._bounds.show(0 if cells is None else width)
        if cells is None or self.sizes.row_height(row) == 0:
            return ()
        found = []
        for column in (*range(width), *sorted(one for one in cells if one >= width)):
            if (row, column) in self._covered or not self.sizes.column_width(column):
                continue
            rows, columns = self._merges.get((row, column), (1, 1))
            found.append(Cell(tuple(cells.get(column, ())), column, columns, rows))
        return tuple(found)

    # ---- what lies over the cells -----------------------------------------------------------------

    def _lay_over(self) -> None:
        placed: dict[At, list[tuple[float, Overlay]]] = {}
        if len(self.overlays.items) > _MAX_OVERLAYS:
            raise TooLarge(f"{len(self.overlays.items)} things drawn on one sheet")
        for overlay in self.overlays.items:
            if _is_on_sheet(overlay.start.row, overlay.start.column):
                at, x = self._cell_under(overlay)
                placed.setdefault(at, []).append((x, overlay))
        for at, overlays in placed.items():
            overlays.sort(key=lambda one: one[0])
            self._cells[at] = self._with_overlays(at, self._cells.get(at, []), overlays)
        for at, text in self.overlays.comments.items():
            if text and _is_on_sheet(*at) and not self.sizes.is_hidden(*at):
                self._cells.setdefault(at, []).append(Paragraph((Remark(text),)))

    def _with_overlays(
        self, at: At, blocks: Sequence[Paragraph], overlays: Sequence[tuple[float, Overlay]]
    ) -> list[Paragraph]:
        """Boxes without words of their own go to the words under them; others follow the cell's text."""
        bare = all(not overlay.caption for _, overlay in overlays)
        if bare and len(blocks) == 1:
            pieces = blocks[0].pieces
            align, size = self._aligned.get(at, ("left", 11.0))
            floats = [
                Float(len(pieces), overlay.pieces, Place("column", int(x * EMU_PER_POINT), int(12 * EMU_PER_POINT)))
                for x, overlay in overlays
            ]
            return [Paragraph(place(pieces, floats, Metrics(size, self._room(at), 2.0, align)))]
        line = Line()
        for paragraph in blocks[-1:]:
            line.extend(paragraph.pieces)
        for _, overlay in overlays:
            if not line.empty:
                line.text("  ")
            line.extend(overlay.pieces)
        return [*blocks[:-1], line.paragraph()]

    def _room(self, at: At) -> float:
        _, columns = self._merges.get(at, (1, 1))
        return sum(self.sizes.column_width(column) for column in range(at[1], at[1] + min(columns, _TALLEST)))

    def _cell_under(self, overlay: Overlay) -> tuple[At, float]:
        """The cell on which the left end of a thing lies, and the distance from that cell's left edge in points."""
        row, y = overlay.start.row, overlay.start.y
        height = sum(self.sizes.row_height(one) for one in range(row, min(overlay.end.row, row + _TALLEST)))
        y += max(0.0, height + overlay.end.y - overlay.start.y) / 2
        row, y = _walked(row, y, self.sizes.row_height)
        column, x = _walked(overlay.start.column, overlay.start.x, self.sizes.column_width)
        further = overlay.end.column > column or overlay.end.x > self.sizes.column_width(column)
        if x + 6 > self.sizes.column_width(column) > 0 and further:
            column, x = column + 1, 0.0
        owner = self._covered.get((row, column))
        if owner is not None:
            x += sum(self.sizes.column_width(one) for one in range(owner[1], column))
            row, column = owner
        return (row, column), x


def _walked(index: int, offset: float, size: Callable[[int], float]) -> tuple[int, float]:
    """The row or column in which an offset from the beginning of one before it lies."""
    for at in range(index, index + _WALK):
        if offset <= size(at):
            return at, offset
        offset -= size(at)
    return index, offset


def _is_on_sheet(row: int, column: int) -> bool:
    return 0 <= row < MAX_ROWS and 0 <= column < MAX_COLUMNS


def _stretches(rows: Sequence[int]) -> Iterator[tuple[int, int]]:
    """First and last of each stretch of rows that stand near one another."""
    start = 0
    for at in range(1, len(rows) + 1):
        if at == len(rows) or rows[at] - rows[at - 1] > _APART:
            yield rows[start], rows[at - 1]
            start = at


def _merged(merges: Iterable[tuple[At, At]]) -> tuple[dict[At, At], dict[At, At]]:
    """Spans by the upper left cell, and the upper left cell by each cell it covers."""
    spans: dict[At, At] = {}
    covered: dict[At, At] = {}
    for first, last in merges:
        rows, columns = last[0] - first[0] + 1, last[1] - first[1] + 1
        if rows < 1 or columns < 1 or not _is_on_sheet(*last) or len(covered) + rows * columns > MAX_CELLS:
            continue
        spans[first] = (rows, columns)
        for row in range(first[0], last[0] + 1):
            for column in range(first[1], last[1] + 1):
                if (row, column) != first:
                    covered[row, column] = first
    return spans, covered


def lines_of(stretches: Iterable[tuple[str, Font]]) -> list[Line]:
    """Stretches of text, each in its font, as lines; [] where they hold nothing."""
    lines = [Line()]
    for text, own in stretches:
        if "\r" in text:
            text = text.replace("\r\n", "\n").replace("\r", "\n")
        shown = symbols.shown(text, own.family, own.family, own.family)
        for index, piece in enumerate(shown.split("\n")):
            if index:
                lines.append(Line())
            lines[-1].text(piece, own.looks)
    return [] if all(line.empty for line in lines) else lines


def runs(text: str, starts: Sequence[tuple[int, Font]], base: Font) -> list[tuple[str, Font]]:
    """A rich string cut where its font changes: (offset, font) pairs in order; before the first, `base`."""
    offsets = [offset for offset, _ in starts]
    cuts = sorted({0, len(text), *(one for one in offsets if 0 < one < len(text))})
    found = []
    for begin, end in pairwise(cuts):
        at = bisect_right(offsets, begin)
        found.append((text[begin:end], starts[at - 1][1] if at else base))
    return found


def area(reference: str) -> tuple[str, At, At] | None:
    """Sheet ("" where none is named), first and last cell of a reference such as 'a b'!$A$1:$B$2 or C3."""
    sheet, _, cells = reference.strip().rpartition("!")
    start, _, end = cells.partition(":")
    first, last = position(start), position(end or start)
    if first is None or last is None:
        return None
    return sheet.removeprefix("'").removesuffix("'").replace("''", "'"), first, last


def cells_of(first: At, last: At) -> Iterator[At]:
    """The cells of an area row by row, as many as a person would look through."""
    every = ((row, column) for row in range(first[0], last[0] + 1) for column in range(first[1], last[1] + 1))
    return islice(every, _MAX_LINES)


def position(reference: str) -> At | None:
    """Row and column of a reference such as B6 or $B$6; None where it is none."""
    match = _REFERENCE.fullmatch(reference.strip().upper())
    if match is None:
        return None
    column = 0
    for letter in match.group(1):
        column = column * 26 + ord(letter) - 64
    return int(match.group(2)) - 1, column - 1

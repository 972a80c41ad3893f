"""The sheets of an OpenDocument workbook (ods), given to the model of a sheet that all workbooks share.

Cells, merges, hidden rows and columns, comments, and what is drawn over the cells: controls and
shapes that hang on a cell (their offset is from its upper left corner) or on the whole sheet.
Source: OpenDocument 1.3 part 3, 9 (tables) and 9.2.8 (table:shapes). Raises children of Unreadable only.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from decimal import Decimal, InvalidOperation
from itertools import islice

from lxml import etree

from intake.document import Piece, Table, Text
from intake.errors import TooLarge
from intake.readers.odt_drawn import SHAPES
from intake.readers.odt_names import DRAW, OFFICE, SVG, TABLE, TEXT, count, points
from intake.readers.odt_runs import Inline, Setting, Story
from intake.readers.odt_styles import fills, has_border
from intake.readers.pieces import Line
from intake.readers.sheet import MAX_COLUMNS, MAX_ROWS, MAX_SHEETS, At, Bounds, Corner, Overlay, Overlays, Sheet, Sizes
from intake.readers.sheet import position as position_of

_ROW_GROUPS = frozenset(TABLE + name for name in ("table-header-rows", "table-rows", "table-row-group"))
_COLUMN_GROUPS = frozenset(TABLE + name for name in ("table-header-columns", "table-columns", "table-column-group"))
_CELL, _COVERED = TABLE + "table-cell", TABLE + "covered-table-cell"
_DRAWN = SHAPES | {DRAW + "control", DRAW + "a"}
_MOST_FRAMED = 256  # empty cells in a run whose border is looked at
_MOST_RUNS = 1_000
_MOST_REPEATED = 50_000  # cells with content that the file holds once
_ALIGNMENTS = {"center": "center", "end": "right", "right": "right"}


@dataclass(frozen=True, slots=True)
class _Run:
    """A cell of the file: its place, and how often it is repeated to the right and downwards."""

    element: etree._Element
    at: At
    columns: int
    rows: int

    def places(self) -> Iterator[At]:
        row, column = self.at
        for down in range(self.rows):
            for right in range(self.columns):
                yield row + down, column + right


@dataclass(slots=True)
class _Plan:
    """A sheet as it stands in the file, before its cells are read."""

    sizes: Sizes = field(default_factory=Sizes)
    merges: list[tuple[At, At]] = field(default_factory=list)
    runs: list[_Run] = field(default_factory=list)


class Sheets:
    """Reads the sheets of one workbook."""

    def __init__(self, story: Story, inline: Inline) -> None:
        self._story = story
        self._styles = story.styles
        self._inline = inline
        self._bounds = Bounds()
        self._runs = 0
        self._repeated = 0

    def tables(self, page: etree._Element) -> Iterator[Table]:
        """What is to be seen on the sheets that are shown, in order."""
        for index, sheet in enumerate(page.iterfind(TABLE + "table")):
            style = sheet.get(TABLE + "style-name", "")
            if index < MAX_SHEETS and self._styles.properties("table", style, "table").get("display") != "false":
                yield from self._sheet(sheet)

    def _sheet(self, element: etree._Element) -> Iterator[Table]:
        plan = self._plan(element)
        overlays = Overlays()
        name = element.get(TABLE + "name", "")
        sheet = Sheet(name, plan.sizes, plan.merges, overlays, self._bounds)
        for shapes in element.iterfind(TABLE + "shapes"):
            for shape in shapes:
                self._lay_over(shape, (0, 0), name, overlays)
        for run in plan.runs:
            for child in run.element:
                if child.tag in _DRAWN:
                    self._lay_over(child, run.at, name, overlays)
        for run in plan.runs:
            self._read(run, sheet, overlays)
        yield from sheet.tables()

    # ---- the plan ---------------------------------------------------------------------------------

    def _plan(self, sheet: etree._Element) -> _Plan:
        plan = _Plan()
        column = 0
        for one, times in self._columns(sheet):
            shown = one.get(TABLE + "visibility", "visible") == "visible"
            width = self._measure(one, "table-column", "column-width") or plan.sizes.width
            plan.sizes.widths.append((column, column + times - 1, width if shown else 0.0))
            column += times
        row = 0
        for one, times in self._rows(sheet):
            if one.get(TABLE + "visibility", "visible") != "visible":
                plan.sizes.heights.update(dict.fromkeys(range(row, row + min(times, _MOST_FRAMED)), 0.0))
            else:
                self._plan_row(one, row, times, plan)
            row += times
        return plan

    def _columns(self, container: etree._Element) -> Iterator[tuple[etree._Element, int]]:
        for child in container:
            if child.tag in _COLUMN_GROUPS:
                yield from self._columns(child)
            elif child.tag == TABLE + "table-column":
                yield child, count(child, TABLE + "number-columns-repeated", MAX_COLUMNS)

    def _rows(self, container: etree._Element) -> Iterator[tuple[etree._Element, int]]:
        for child in container:
            if child.tag in _ROW_GROUPS:
                yield from self._rows(child)
            elif child.tag == TABLE + "table-row":
                yield child, count(child, TABLE + "number-rows-repeated", MAX_ROWS)

    def _measure(self, element: etree._Element, family: str, name: str) -> float:
        return points(self._styles.properties(family, element.get(TABLE + "style-name", ""), family).get(name))

    def _plan_row(self, element: etree._Element, row: int, times: int, plan: _Plan) -> None:
        height = self._measure(element, "table-row", "row-height")
        if height:
            plan.sizes.heights.update(dict.fromkeys(range(row, row + min(times, _MOST_FRAMED)), height))
        column = 0
        for cell in element:
            if cell.tag not in (_CELL, _COVERED) or row >= MAX_ROWS or column >= MAX_COLUMNS:
                continue
            repeated = count(cell, TABLE + "number-columns-repeated", MAX_COLUMNS)
            if cell.tag == _CELL:
                rows = count(cell, TABLE + "number-rows-spanned", MAX_ROWS)
                columns = count(cell, TABLE + "number-columns-spanned", MAX_COLUMNS)
                if rows * columns > 1:
                    plan.merges.append(((row, column), (row + rows - 1, column + columns - 1)))
                if len(cell) or max(repeated, times) < _MOST_FRAMED:
                    plan.runs.append(_Run(cell, (row, column), repeated, times))
            column += repeated

    # ---- cells ------------------------------------------------------------------------------------

    def _read(self, run: _Run, sheet: Sheet, overlays: Overlays) -> None:
        style = run.element.get(TABLE + "style-name", "")
        setting = Setting(cell=style, shaded=fills(self._styles.properties("table-cell", style, "table-cell")))
        framed = has_border(self._styles.properties("table-cell", style, "table-cell"))
        align = self._styles.properties("table-cell", style, "paragraph").get("text-align", "")
        pieces = [self._inline.paragraph(one, setting)[0] for one in run.element.iterfind(TEXT + "p")]
        linked = run.element.get(OFFICE + "value-type") == "boolean" and sheet.take_link(
            run.at, ticked=run.element.get(OFFICE + "boolean-value") == "true"
        )
        lines = [] if linked else _lines(_whole_number(run.element, pieces))
        if not lines and not framed and not len(run.element):
            return
        for child in run.element:
            if child.tag == OFFICE + "annotation":
                overlays.comments[run.at] = "\n".join("".join(map(str, p.itertext())) for p in child.iter(TEXT + "p"))
        if lines:
            self._repeated += run.rows * run.columns - 1
            if self._repeated > _MOST_REPEATED:
                raise TooLarge(f"more than {_MOST_REPEATED} repeated cells")
        places = run.places() if lines else islice(run.places(), self._empty_places())
        for at in places:
            sheet.put(at, lines, align=_ALIGNMENTS.get(align, "left"), size=self._inline.size, framed=framed)

    def _empty_places(self) -> int:
        """How many empty places of a run are looked at; fewer the more runs there are."""
        self._runs += 1
        return _MOST_FRAMED if self._runs < _MOST_RUNS else 1

    def _lay_over(self, element: etree._Element, at: At, sheet: str, overlays: Overlays) -> None:
        """A thing drawn over the sheet, measured from the corner of a cell."""
        pieces, after = self._inline.alone(element, Setting())
        words = "\n".join(block.text for block in after if block.text.strip())
        pieces = (*pieces, Text(words)) if words else pieces
        if not pieces:
            return
        x, y = points(element.get(SVG + "x")), points(element.get(SVG + "y"))
        start = Corner(at[1], x, at[0], y)
        end = self._end(element) or Corner(
            at[1], x + points(element.get(SVG + "width")), at[0], y + points(element.get(SVG + "height"))
        )
        caption = any(isinstance(piece, Text) and len(piece.text.strip()) > 1 for piece in pieces)
        overlay = Overlay(start, end, pieces, caption)
        overlays.items.append(overlay)
        name, _, reference = self._story.controls.linked_cell(element.get(DRAW + "control", "")).rpartition(".")
        linked = position_of(reference)
        if linked is not None and name.strip("$'").replace("''", "'") in ("", sheet):
            overlays.linked.setdefault(linked, []).append(overlay)

    def _end(self, element: etree._Element) -> Corner | None:
        """The lower right corner as 'Sheet 1'.C5 with offsets into that cell."""
        reference = element.get(TABLE + "end-cell-address", "").rpartition(".")[2]
        at = position_of(reference)
        if at is None:
            return None
        return Corner(at[1], points(element.get(TABLE + "end-x")), at[0], points(element.get(TABLE + "end-y")))


def _lines(paragraphs: Iterable[Sequence[Piece]]) -> list[Line]:
    """The paragraphs of a cell as lines; a line break inside one begins another."""
    found: list[Line] = []
    for pieces in paragraphs:
        line = Line()
        found.append(line)
        for piece in pieces:
            if not isinstance(piece, Text):
                line.add(piece)
                continue
            for index, text in enumerate(piece.text.split("\n")):
                if index:
                    line = Line()
                    found.append(line)
                line.text(text, piece.looks)
    return [] if all(line.empty for line in found) else found


def _whole_number(cell: etree._Element, paragraphs: list[tuple[Piece, ...]]) -> list[tuple[Piece, ...]]:
    """A long number that the format shows as 1.38E+10 is given with all its figures."""
    shown = paragraphs[0][0] if len(paragraphs) == 1 and len(paragraphs[0]) == 1 else None
    if not isinstance(shown, Text) or "E+" not in shown.text or cell.get(OFFICE + "value-type") != "float":
        return paragraphs
    try:
        value = Decimal(cell.get(OFFICE + "value", ""))
    except InvalidOperation:
        return paragraphs
    if not value.is_finite() or abs(value) >= 1 << 60 or value != value.to_integral_value():
        return paragraphs
    return [(Text(format(value.to_integral_value(), "f"), shown.looks),)]

"""Excel workbooks (xlsx, xlsm) read straight from their XML: one table for every visible sheet.

Promises: what a person sees on the sheet and nothing else. Hidden sheets, rows and columns are left
out (a hidden row keeps its number as an empty row), merged cells appear once with their spans, rich
text keeps its looks, numbers are digits, dates are dates, and check boxes laid over the sheet stand in
the cell they are drawn on. Raises children of Unreadable only.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace

from lxml import etree

from intake.document import PLAIN, Box, Cell, Document, Paragraph, Table, Text
from intake.errors import Damaged, NoOcr, TooLarge
from intake.readers import symbols
from intake.readers.docx_drawings import EMU_PER_POINT, Place
from intake.readers.docx_floats import Float, Metrics, place
from intake.readers.ooxml_package import Package
from intake.readers.pieces import Line
from intake.readers.wordml import R
from intake.readers.xlsx_controls import Overlay, Overlays, read_overlays, remark
from intake.readers.xlsx_styles import CellStyle, Font, S, Styles, font, number, shown_number

OWN_PROPERTY = "cipsa-intake"
MAX_CELLS = 400_000
MAX_ROWS = 1_048_576
MAX_COLUMNS = 16_384
_APART = 500  # empty rows that part two tables; a stray cell may stand in the last row of a sheet
_WIDEST = 256  # columns given for a row; no form is wider
_REFERENCE = re.compile(r"\$?([A-Z]{1,3})\$?(\d{1,7})")
_ESCAPE = re.compile(r"_x([0-9A-Fa-f]{4})_")
_ON = frozenset({"1", "true"})


def read_xlsx(content: bytes) -> Document:
    """Read a workbook."""
    package = Package(content)
    part = package.target("", "officeDocument", "xl/workbook.xml")
    workbook = package.root(part)
    if workbook is None:
        raise Damaged("no workbook part")
    book = _Book(package, part, workbook)
    sheets = [_Sheet(book, name, target) for name, target in book.visible_sheets()]
    tables = tuple(table for sheet in sheets for table in sheet.tables())
    if not tables and any(sheet.overlays.large_pictures for sheet in sheets):
        raise NoOcr("a workbook that holds only pictures")
    properties = package.custom_properties()
    marks = tuple(text or "own" for name, text in properties.items() if name == OWN_PROPERTY)
    return Document(tables, "xlsx", marks=marks, notes=tuple(book.notes))


class _Book:
    """What the sheets of a workbook share."""

    def __init__(self, package: Package, part: str, root: etree._Element) -> None:
        self.package = package
        self._part = part
        self._root = root
        self.notes: dict[str, None] = {}
        styles = package.target(part, "styles")
        boxes = any("featurepropertybag" in name for name in package.names("xl/featurepropertybag/"))
        self.styles = Styles(package.root(styles) if styles else None, check_boxes=boxes)
        strings = package.target(part, "sharedStrings")
        root_strings = package.root(strings) if strings else None
        self._strings = [] if root_strings is None else list(root_strings.iterfind(S + "si"))
        properties = root.find(S + "workbookPr")
        self.from_1904 = properties is not None and properties.get("date1904", "0").lower() in _ON

    def visible_sheets(self) -> Iterator[tuple[str, str]]:
        """Name and part of each sheet that is shown, in order."""
        relations = self.package.relations(self._part)
        for sheet in self._root.iterfind(f"{S}sheets/{S}sheet"):
            relation = relations.get(sheet.get(R + "id", ""))
            if sheet.get("state", "visible") != "visible":
                self.notes["hidden sheets"] = None
            elif relation is not None and relation.kind == "worksheet" and self.package.has(relation.target):
                yield sheet.get("name", ""), relation.target

    def string(self, index: int) -> etree._Element | None:
        return self._strings[index] if 0 <= index < len(self._strings) else None


@dataclass(slots=True)
class _Grid:
    """Widths of columns and heights of rows in points, and which of them are hidden."""

    width: float = 54.0
    height: float = 15.0
    widths: list[tuple[int, int, float]] = field(default_factory=list)  # first, last, points; 0 where hidden
    heights: dict[int, float] = field(default_factory=dict)

    def column_width(self, column: int) -> float:
        return next((width for first, last, width in self.widths if first <= column <= last), self.width)

    def row_height(self, row: int) -> float:
        return self.heights.get(row, self.height)


class _Sheet:
    """One sheet; rows and columns count from 0."""

    def __init__(self, book: _Book, name: str, part: str) -> None:
        self._book = book
        self._name = name
        root = book.package.root(part)
        if root is None:
            raise Damaged(f"no part {part}")
        self._root = root
        self._grid = _grid(root)
        self.overlays: Overlays = read_overlays(book.package, part, root)
        self._merges, self._covered = _merges(root)
        self._cells: dict[tuple[int, int], list[Paragraph]] = {}
        self._aligned: dict[tuple[int, int], tuple[str, float]] = {}
        self._framed: set[tuple[int, int]] = set()  # empty cells with a border

    def tables(self) -> Iterator[Table]:
        """What is to be seen on the sheet: a table, or several where many empty rows lie between."""
        self._read_cells()
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
        framed = any(first <= row <= last and column == width for row, column in self._framed)
        return width + framed

    def _merged_width(self, first: int, last: int) -> int:
        return max((at[1] + span[1] for at, span in self._merges.items() if first <= at[0] <= last), default=0)

    def _row(self, row: int, cells: dict[int, list[Paragraph]] | None, width: int) -> tuple[Cell, ...]:
        if cells is None or self._is_hidden_row(row):
            return ()
        found = []
        for column in range(max(width, max(cells) + 1)):
            if (row, column) in self._covered or not self._grid.column_width(column):
                continue
            rows, columns = self._merges.get((row, column), (1, 1))
            found.append(Cell(tuple(cells.get(column, ())), column, columns, rows))
        return tuple(found)

    def _is_hidden_row(self, row: int) -> bool:
        return self._grid.row_height(row) == 0

    # ---- cells ------------------------------------------------------------------------------------

    def _read_cells(self) -> None:
        row_number, count = -1, 0
        for row in self._root.iterfind(f"{S}sheetData/{S}row"):
            row_number = number(row.get("r"), row_number + 2) - 1
            column = -1
            for cell in row.iterfind(S + "c"):
                at = position(cell.get("r", ""))
                column = at[1] if at is not None else column + 1
                count += 1
                if count > MAX_CELLS or not 0 <= row_number < MAX_ROWS or column >= MAX_COLUMNS:
                    raise TooLarge(f"more than {MAX_CELLS} cells, or a cell off the sheet")
                if not self._is_hidden_row(row_number) and self._grid.column_width(column):
                    self._read_cell(cell, row_number, column)

    def _read_cell(self, cell: etree._Element, row: int, column: int) -> None:
        style = self._book.styles[number(cell.get("s"))]
        self._aligned[row, column] = (style.align, style.font.size)
        reference = f"{column_name(column)}{row + 1}"
        if reference in self.overlays.linked and self._take_link(cell, reference):
            return
        lines = [] if style.hidden else self._lines(cell, style)
        comment = self.overlays.comments.pop(reference, "")
        if comment:
            lines = lines or [Line()]
            lines[-1].extend(remark(comment))
        paragraphs = [line.paragraph() for line in lines]
        if any(paragraph.pieces for paragraph in paragraphs):
            self._cells[row, column] = paragraphs
        elif style.framed:
            self._framed.add((row, column))

    def _take_link(self, cell: etree._Element, reference: str) -> bool:
        """A linked boolean sets its controls and is not shown itself."""
        if cell.get("t") != "b":
            return False
        ticked = (cell.findtext(S + "v") or "0").strip() == "1"
        for overlay in self.overlays.linked[reference]:
            first = overlay.pieces[0]
            if isinstance(first, Box):
                overlay.pieces = (replace(first, state="ticked" if ticked else "empty"), *overlay.pieces[1:])
        return True

    def _lines(self, cell: etree._Element, style: CellStyle) -> list[Line]:
        kind = cell.get("t", "n")
        text = cell.findtext(S + "v") or ""
        if kind == "s":
            return _rich(self._book.string(number(text, -1)), style.font)
        if kind == "inlineStr":
            return _rich(cell.find(S + "is"), style.font)
        if style.check_box and kind in ("b", "n") and text in ("", "0", "1"):
            line = Line()
            line.add(Box("ticked" if text == "1" else "empty", "cell checkbox", looks=style.font.looks))
            return [line]
        if not text:
            return []
        if kind == "b":
            text = "TRUE" if text.strip() == "1" else "FALSE"
        elif kind == "n":
            text = shown_number(text, style, from_1904=self._book.from_1904)
        elif kind == "d":
            text = text.replace("T", " ").removesuffix(" 00:00:00")
        return _split([(text, style.font)])

    # ---- what lies over the cells -----------------------------------------------------------------

    def _lay_over(self) -> None:
        placed: dict[tuple[int, int], list[tuple[float, Overlay]]] = {}
        for overlay in self.overlays.items:
            at, x = self._cell_under(overlay)
            placed.setdefault(at, []).append((x, overlay))
        for at, overlays in placed.items():
            overlays.sort(key=lambda one: one[0])
            self._cells[at] = self._with_overlays(at, self._cells.get(at, []), overlays)
        for reference, text in self.overlays.comments.items():
            cell = position(reference)
            if cell is not None and text and not self._is_hidden_row(cell[0]):
                self._cells.setdefault(cell, []).append(Paragraph(tuple(remark(text))))

    def _with_overlays(
        self, at: tuple[int, int], blocks: Sequence[Paragraph], overlays: Sequence[tuple[float, Overlay]]
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

    def _room(self, at: tuple[int, int]) -> float:
        _, columns = self._merges.get(at, (1, 1))
        return sum(self._grid.column_width(column) for column in range(at[1], min(at[1] + columns, at[1] + 64)))

    def _cell_under(self, overlay: Overlay) -> tuple[tuple[int, int], float]:
        """The cell on which the left end of a thing lies, and the distance from that cell's left edge in points."""
        row, y = overlay.start.row, overlay.start.y
        height = sum(self._grid.row_height(one) for one in range(row, min(overlay.end.row, row + 64)))
        y += max(0.0, height + overlay.end.y - overlay.start.y) / 2
        while y > self._grid.row_height(row) and row < overlay.end.row:
            y -= self._grid.row_height(row)
            row += 1
        column, x = overlay.start.column, overlay.start.x
        if x + 6 > self._grid.column_width(column) > 0 and overlay.end.column > column:
            column, x = column + 1, 0.0
        owner = self._covered.get((row, column))
        if owner is not None:
            x += sum(self._grid.column_width(one) for one in range(owner[1], column))
            row, column = owner
        return (row, column), x


def _stretches(rows: Sequence[int]) -> Iterator[tuple[int, int]]:
    """First and last of each stretch of rows that stand near one another."""
    start = 0
    for at in range(1, len(rows) + 1):
        if at == len(rows) or rows[at] - rows[at - 1] > _APART:
            yield rows[start], rows[at - 1]
            start = at


def _rich(element: etree._Element | None, base: Font) -> list[Line]:
    """A string with its stretches of rich text."""
    if element is None:
        return []
    stretches: list[tuple[str, Font]] = []
    for child in element:
        if child.tag == S + "t":
            stretches.append((child.text or "", base))
        elif child.tag == S + "r":
            properties = child.find(S + "rPr")
            own = base if properties is None else font(properties)
            if base.looks.shaded and not own.looks.shaded:
                own = replace(own, looks=replace(own.looks, shaded=True))
            stretches.append((child.findtext(S + "t") or "", own))
    return _split(stretches)


def _split(stretches: Iterable[tuple[str, Font]]) -> list[Line]:
    """Stretches of text as lines."""
    lines = [Line()]
    for text, own in stretches:
        text = _ESCAPE.sub(lambda match: _unescaped(match.group(1)), text).replace("\r\n", "\n").replace("\r", "\n")
        shown = symbols.shown(text, own.family, own.family, own.family)
        for index, piece in enumerate(shown.split("\n")):
            if index:
                lines.append(Line())
            lines[-1].add(Text(piece, own.looks if own.looks != PLAIN else PLAIN))
    return [] if all(line.empty for line in lines) else lines


def _unescaped(code: str) -> str:
    """_x000D_ and the like (ECMA-376 part 1, 22.9.2.19)."""
    value = int(code, 16)
    return chr(value) if value in (9, 10, 13) or 0x20 <= value < 0xD800 else ""


def _grid(root: etree._Element) -> _Grid:
    grid = _Grid()
    sizes = root.find(S + "sheetFormatPr")
    if sizes is not None:
        grid.height = _number(sizes.get("defaultRowHeight"), 15.0) or 15.0
        grid.width = _points_of_width(_number(sizes.get("defaultColWidth"), 8.43)) or 54.0
    for column in root.iterfind(f"{S}cols/{S}col"):
        first, last = number(column.get("min")) - 1, number(column.get("max")) - 1
        hidden = column.get("hidden", "0").lower() in _ON
        width = _points_of_width(_number(column.get("width"), 8.43))
        grid.widths.append((first, last, 0.0 if hidden else width or 54.0))
    for index, row in enumerate(root.iterfind(f"{S}sheetData/{S}row")):
        at = number(row.get("r"), index + 1) - 1
        if row.get("hidden", "0").lower() in _ON:
            grid.heights[at] = 0.0
        elif row.get("ht") is not None:
            grid.heights[at] = _number(row.get("ht"), 15.0) or 15.0
    return grid


def _number(text: str | None, default: float) -> float:
    try:
        return float(text) if text else default
    except ValueError:
        return default


def _points_of_width(characters: float) -> float:
    """A width in characters of the default font (7 pixels each, 5 of margin) in points."""
    return (characters * 7 + 5) * 0.75 if 0 < characters < 300 else 0.0


def _merges(
    root: etree._Element,
) -> tuple[dict[tuple[int, int], tuple[int, int]], dict[tuple[int, int], tuple[int, int]]]:
    """Spans by the upper left cell, and the upper left cell by each cell it covers."""
    spans: dict[tuple[int, int], tuple[int, int]] = {}
    covered: dict[tuple[int, int], tuple[int, int]] = {}
    for merge in root.iterfind(f"{S}mergeCells/{S}mergeCell"):
        start, _, end = merge.get("ref", "").partition(":")
        first, last = position(start), position(end)
        if first is None or last is None or last < first or last[1] < first[1]:
            continue
        rows, columns = last[0] - first[0] + 1, last[1] - first[1] + 1
        spans[first] = (rows, columns)
        if len(covered) + rows * columns > MAX_CELLS:
            continue
        for row in range(first[0], last[0] + 1):
            for column in range(first[1], last[1] + 1):
                if (row, column) != first:
                    covered[row, column] = first
    return spans, covered


def position(reference: str) -> tuple[int, int] | None:
    """Row and column from 0 of a reference such as B6 or $B$6; None where it is none."""
    match = _REFERENCE.fullmatch(reference.strip().upper())
    if match is None:
        return None
    column = 0
    for letter in match.group(1):
        column = column * 26 + ord(letter) - 64
    return int(match.group(2)) - 1, column - 1


def column_name(column: int) -> str:
    """The letters of a column counted from 0: 27 is AB."""
    name, column = "", column + 1
    while column:
        column, rest = divmod(column - 1, 26)
        name = chr(65 + rest) + name
    return name

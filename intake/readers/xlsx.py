"""Excel workbooks (xlsx, xlsm) read straight from their XML: one table for every visible sheet.

Promises: what a person sees on the sheet and nothing else. Hidden sheets, rows and columns are left
out (a hidden row keeps its number as an empty row), merged cells appear once with their spans, rich
text keeps its looks, numbers are digits, dates are dates, and check boxes laid over the sheet stand in
the cell they are drawn on. Raises children of Unreadable only.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import replace
from itertools import islice

from lxml import etree

from intake.document import Box, Document
from intake.errors import Damaged, NoOcr, TooLarge
from intake.readers.ooxml_package import Package
from intake.readers.pieces import Line
from intake.readers.sheet import (
    MAX_COLUMNS,
    MAX_ROWS,
    MAX_SHEETS,
    At,
    Bounds,
    Sheet,
    Sizes,
    cells_of,
    lines_of,
    position,
)
from intake.readers.sheet_styles import DEFAULT_STYLE, CellStyle, Font, shown_number
from intake.readers.wordml import R
from intake.readers.xlsx_controls import read_overlays
from intake.readers.xlsx_styles import S, Styles, font, number

OWN_PROPERTY = "cipsa-intake"
_MAX_ELEMENTS = 2_000_000  # cells as the file lists them, empty ones with a format included
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
    sheets = [_SheetReader(book, *one).read() for one in islice(book.visible_sheets(), MAX_SHEETS)]
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
        self.bounds = Bounds()
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

    def sheet_root(self, name: str) -> etree._Element | None:
        """The root of a sheet, hidden or not; None where there is none of that name."""
        relations = self.package.relations(self._part)
        for sheet in self._root.iterfind(f"{S}sheets/{S}sheet"):
            relation = relations.get(sheet.get(R + "id", ""))
            if sheet.get("name") == name and relation is not None and relation.kind == "worksheet":
                return self.package.root(relation.target)
        return None

    def string(self, index: int) -> etree._Element | None:
        return self._strings[index] if 0 <= index < len(self._strings) else None


class _SheetReader:
    """Reads the part of one sheet; rows and columns count from 0."""

    def __init__(self, book: _Book, name: str, part: str) -> None:
        self._book = book
        root = book.package.root(part)
        if root is None:
            raise Damaged(f"no part {part}")
        self._root = root
        self._named: dict[str, dict[At | None, etree._Element]] = {}
        overlays = read_overlays(book.package, part, root, name, self._lines_shown)
        self.sheet = Sheet(name, _sizes(root), _merges(root), overlays, book.bounds)

    def read(self) -> Sheet:
        row_number, count = -1, 0
        for row in self._root.iterfind(f"{S}sheetData/{S}row"):
            row_number = number(row.get("r"), row_number + 2) - 1
            column = -1
            for cell in row.iterchildren(S + "c"):
                at = position(cell.get("r", ""))
                column = at[1] if at is not None else column + 1
                count += 1
                if count > _MAX_ELEMENTS or not 0 <= row_number < MAX_ROWS or column >= MAX_COLUMNS:
                    raise TooLarge(f"more than {_MAX_ELEMENTS} cells, or a cell off the sheet")
                if not self.sheet.sizes.is_hidden(row_number, column):
                    self._read_cell(cell, row_number, column)
        return self.sheet

    def _lines_shown(self, name: str, first: At, last: At) -> list[str]:
        """What the cells of an area show, of another sheet where one is named."""
        cells = self._cells_of(name)
        wanted = (cells.get(at) for at in cells_of(first, last))
        return ["" if one is None else _joined(self._lines(one, DEFAULT_STYLE)) for one in wanted]

    def _cells_of(self, name: str) -> dict[At | None, etree._Element]:
        """The cells of the sheet of a name ("" this one) by their place; many controls may ask for them."""
        if name not in self._named:
            root = self._book.sheet_root(name) if name else self._root
            found = () if root is None else root.iter(S + "c")
            self._named[name] = {position(one.get("r", "")): one for one in found}
        return self._named[name]

    def _read_cell(self, cell: etree._Element, row: int, column: int) -> None:
        style = self._book.styles[number(cell.get("s"))]
        if cell.get("t") == "b" and self.sheet.take_link((row, column), ticked=_is_true(cell)):
            return
        lines = [] if style.hidden else self._lines(cell, style)
        self.sheet.put((row, column), lines, align=style.align, size=style.font.size, framed=style.framed)

    def _lines(self, cell: etree._Element, style: CellStyle) -> list[Line]:
        kind = cell.get("t", "n")
        text = _value(cell)
        if kind == "s":
            return _rich(self._book.string(number(text, -1)), style.font)
        if kind == "inlineStr":
            return _rich(cell.find(S + "is"), style.font)
        if style.check_box and kind in ("b", "n") and text in ("", "0", "1"):
            line = Line()
            line.add(Box("ticked" if text == "1" else "empty", "cell checkbox", looks=style.font.looks))
            return [line]
        if text.startswith("=DISPIMG(") or (kind == "e" and cell.get("vm")):  # a picture put into the cell
            line = Line()
            line.add(Box("unknown", "picture"))
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


def _joined(lines: Iterable[Line]) -> str:
    return " ".join(line.paragraph().text for line in lines)


def _is_true(cell: etree._Element) -> bool:
    return _value(cell).strip() == "1"


def _value(cell: etree._Element) -> str:
    return next((child.text or "" for child in cell.iterchildren(S + "v")), "")


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
    return lines_of((_unescaped(text), own) for text, own in stretches)


def _unescaped(text: str) -> str:
    """Text without _x000D_ and the like (ECMA-376 part 1, 22.9.2.19)."""
    return _ESCAPE.sub(lambda match: _escaped(match.group(1)), text) if "_x" in text else text


def _escaped(code: str) -> str:
    value = int(code, 16)
    return chr(value) if value in (9, 10, 13) or 0x20 <= value < 0xD800 else ""


def _sizes(root: etree._Element) -> Sizes:
    grid = Sizes()
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


def _merges(root: etree._Element) -> Iterator[tuple[At, At]]:
    """The upper left and lower right cell of each merge."""
    for merge in root.iterfind(f"{S}mergeCells/{S}mergeCell"):
        start, _, end = merge.get("ref", "").partition(":")
        first, last = position(start), position(end)
        if first is not None and last is not None:
            yield first, last

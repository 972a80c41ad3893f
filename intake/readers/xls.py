"""Old Excel workbooks (xls, BIFF2 to BIFF8; et of Kingsoft): one table for every visible sheet.

The cells and formats are read by xlrd, what lies over them by our own walk over the records. Promises the same
as the reader of xlsx: what a person sees on the sheet and nothing else. Raises children of Unreadable only.
"""

from __future__ import annotations

import io
from collections.abc import Iterator
from itertools import islice
from typing import TYPE_CHECKING

from intake.document import Document
from intake.errors import Damaged, NoOcr
from intake.readers.ole import MAGIC as OLE_MAGIC
from intake.readers.pieces import Line
from intake.readers.sheet import MAX_SHEETS, At, Bounds, Sheet, Sizes, cells_of, lines_of, runs
from intake.readers.sheet_styles import CellStyle, Font, shown_number
from intake.readers.xls_drawing import pictures
from intake.readers.xls_objects import Reference
from intake.readers.xls_overlays import Surroundings, read_overlays
from intake.readers.xls_records import Workbook, for_cells, read_globals, workbook_stream
from intake.readers.xls_styles import OldStyles, shaded
from intake.readers.xml_sheet import NAMESPACE, read_xml_sheet

if TYPE_CHECKING:
    from xlrd.book import Book
    from xlrd.sheet import Sheet as OldSheet

_WIDTH_UNIT = 256  # of a character
_TWIPS = 20  # to a point


def read_xls(content: bytes) -> Document:
    """Read a workbook; XML Spreadsheet 2003 goes by the same name."""
    if NAMESPACE in content[:8192].replace(b"\0", b"") and not content.startswith(OLE_MAGIC):
        return read_xml_sheet(content)
    stream, compound = workbook_stream(content)
    workbook = read_globals(stream)
    controls = compound.stream("ctls") if compound is not None and workbook.is_biff8 else None
    book = _Book(workbook, controls or b"")
    sheets = list(islice(book.visible_sheets(), MAX_SHEETS))
    tables = tuple(table for sheet in sheets for table in sheet.tables())
    if not tables and any(sheet.overlays.large_pictures for sheet in sheets):
        raise NoOcr("a workbook that holds only pictures")
    return Document(tables, "xls", notes=("hidden sheets",) if book.hides_sheets else ())


def _open(workbook: Workbook) -> Book:
    from xlrd import XLRDError, open_workbook

    codepage = None if workbook.is_biff8 or b"\x42\x00\x02\x00" in workbook.stream[:4096] else "gb18030"
    try:
        return open_workbook(
            file_contents=for_cells(workbook.stream),
            logfile=io.StringIO(),
            encoding_override=codepage,
            formatting_info=True,
            on_demand=True,
            ragged_rows=True,
        )
    except XLRDError as error:
        raise Damaged(f"xls: {error}") from error


class _Book:
    """What the sheets of a workbook share."""

    def __init__(self, workbook: Workbook, controls: bytes) -> None:
        self.workbook = workbook
        self.old = _open(workbook)
        self.styles = OldStyles(self.old)
        self.bounds = Bounds()
        self.pictures = pictures(workbook.pictures)
        self.controls = controls
        self.hides_sheets = False

    def visible_sheets(self) -> Iterator[Sheet]:
        for number in range(self.old.nsheets):
            old = self.old.sheet_by_index(number)
            if old.visibility:
                self.hides_sheets = True
            else:
                place = self.workbook.sheets[number] if number < len(self.workbook.sheets) else -1
                yield _read_sheet(self, old, place)

    def sheet_of(self, reference: Reference, here: int) -> int:
        """The number of the sheet that a reference names; -1 where it is none of this workbook."""
        if reference.book is None:
            return here
        tabs, named = self.workbook.tabs, self.workbook.references
        tab = named[reference.book] if reference.book < len(named) else -1
        place = tabs[tab] if 0 <= tab < len(tabs) else -1
        return self.workbook.sheets.index(place) if place in self.workbook.sheets else -1

    def shown(self, reference: Reference, here: int) -> list[str]:
        """What the cells that a reference names show, row by row."""
        number = self.sheet_of(reference, here)
        if not 0 <= number < self.old.nsheets:
            return []
        old = self.old.sheet_by_index(number)
        return [_plain(self, old, at) for at in cells_of(reference.first, reference.last)]


def _plain(book: _Book, old: OldSheet, at: At) -> str:
    row, column = at
    if row >= old.nrows or column >= old.row_len(row):
        return ""
    return " ".join(line.paragraph().text for line in _lines(book, old, at, book.styles[0]))


def _read_sheet(book: _Book, old: OldSheet, place: int) -> Sheet:
    number = old.number
    around = Surroundings(
        fonts=book.styles.font,
        pictures=book.pictures,
        controls=book.controls,
        cells=lambda reference: book.shown(reference, number),
        is_here=lambda reference: book.sheet_of(reference, number) == number,
    )
    sizes = _sizes(old)
    merges = (((top, left), (bottom - 1, right - 1)) for top, bottom, left, right in old.merged_cells)
    sheet = Sheet(old.name, sizes, merges, read_overlays(book.workbook, place, sizes, around), book.bounds)
    sheet.overlays.comments.update(((at, note.text.strip()) for at, note in old.cell_note_map.items()))
    for row in range(old.nrows):
        for column in range(old.row_len(row)):
            if not sizes.is_hidden(row, column):
                _read_cell(book, old, sheet, (row, column))
    return sheet


def _read_cell(book: _Book, old: OldSheet, sheet: Sheet, at: At) -> None:
    from xlrd import XL_CELL_BOOLEAN

    if old.cell_type(*at) == XL_CELL_BOOLEAN and sheet.take_link(at, ticked=bool(old.cell_value(*at))):
        return
    style = book.styles[old.cell_xf_index(*at)]
    lines = [] if style.hidden else _lines(book, old, at, style)
    sheet.put(at, lines, align=style.align, size=style.font.size, framed=style.framed)


def _lines(book: _Book, old: OldSheet, at: At, style: CellStyle) -> list[Line]:
    from xlrd import XL_CELL_BOOLEAN, XL_CELL_DATE, XL_CELL_ERROR, XL_CELL_NUMBER, XL_CELL_TEXT, error_text_from_code

    kind, value = old.cell_type(*at), old.cell_value(*at)
    if kind == XL_CELL_TEXT:
        return lines_of(_runs(book, old, at, str(value), style))
    if kind in (XL_CELL_NUMBER, XL_CELL_DATE):
        text = shown_number(repr(value), style, from_1904=bool(book.old.datemode))
    elif kind == XL_CELL_BOOLEAN:
        text = "TRUE" if value else "FALSE"
    elif kind == XL_CELL_ERROR:
        text = error_text_from_code.get(value, "#N/A")
    else:
        return []
    return lines_of([(text, style.font)])


def _runs(book: _Book, old: OldSheet, at: At, text: str, style: CellStyle) -> list[tuple[str, Font]]:
    found = old.rich_text_runlist_map.get(at)
    if not found:
        return [(text, style.font)]
    fonts = ((offset, book.styles.font(number)) for offset, number in found)
    starts = [(offset, shaded(font) if style.font.looks.shaded else font) for offset, font in fonts]
    return runs(text, starts, style.font)


def _sizes(old: OldSheet) -> Sizes:
    sizes = Sizes()
    if old.default_row_height:
        sizes.height = 0.0 if old.default_row_hidden else old.default_row_height / _TWIPS
    sizes.width = _points(old.standardwidth) or _points((old.defcolwidth or 0) * _WIDTH_UNIT) or 54.0
    for column, info in old.colinfo_map.items():
        sizes.widths.append((column, column, 0.0 if info.hidden else _points(info.width)))
    for row, seen in old.rowinfo_map.items():
        sizes.heights[row] = 0.0 if seen.hidden else (seen.height or 300) / _TWIPS
    return sizes


def _points(width: int | None) -> float:
    """A width in 256ths of a character of the default font (7 pixels each) in points."""
    return (width or 0) / _WIDTH_UNIT * 7 * 0.75

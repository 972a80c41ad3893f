"""Writes an .xlsx that is safe to open and the same each time: text stays text, the file is replaced whole.

The only writer of workbooks for people beside the blank roster. Knows nothing of the register.
"""

from __future__ import annotations

import io
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

from storage import office_file

MOST_CHARACTERS = 32_767  # Excel's own limit of a cell
WIDEST = 40  # columns of half width; longer text is wrapped
LINE_POINTS, MOST_LINES = 16, 25  # Excel allows a row 409 points
NARROWEST = 8
FORMULA = "=+-@\t\r"  # what begins so is marked as text, lest editing the cell makes a formula of it


@dataclass(frozen=True, slots=True)
class Sheet:
    """A sheet: its name, its headings, and rows of text or whole numbers."""

    name: str
    headings: Sequence[str]
    rows: Sequence[Sequence[str | int]]


def save(path: Path, sheets: Sequence[Sheet], *, title: str, made_at: datetime, mark: str) -> None:
    """Write the sheets, with the custom property `cipsa-intake` = `mark`; mode 0600, an older file is replaced whole.

    Raises DiskFull, or Permanent with a sentence if the file cannot be written.
    """
    office_file.replace(path, workbook(sheets, title=title, made_at=made_at, mark=mark))


def workbook(sheets: Sequence[Sheet], *, title: str, made_at: datetime, mark: str) -> bytes:
    """The bytes of the workbook; the same for the same input."""
    from openpyxl import Workbook

    book: Any = Workbook()
    book.remove(book.worksheets[0])
    for sheet in sheets:
        _add(book, sheet)
    return packed(book, title=title, made_at=made_at, mark=mark)


def packed(book: Any, *, title: str, made_at: datetime, mark: str) -> bytes:
    """The bytes of an openpyxl workbook with its title and our mark; the same for the same content and moment."""
    from openpyxl.packaging.custom import StringProperty

    book.properties.title, book.properties.creator = office_file.safe_text(title), office_file.MARK
    book.properties.created = office_file.second(made_at)
    book.custom_doc_props.append(StringProperty(name=office_file.MARK, value=mark))
    written = io.BytesIO()
    book.save(written)
    return office_file.same_bytes(written.getvalue(), made_at)


def _add(book: Any, sheet: Sheet) -> None:
    from openpyxl.styles import Alignment, Font, PatternFill
    from openpyxl.utils import get_column_letter

    page = book.create_sheet(sheet.name)
    widths = [_width(sheet, at) for at in range(len(sheet.headings))]
    for at, heading in enumerate(sheet.headings, 1):
        cell = page.cell(1, at, heading)
        cell.font, cell.fill = Font(bold=True), PatternFill("solid", start_color="DDE6F0")
        cell.alignment = Alignment(horizontal="center", vertical="center", wrap_text=True)
        page.column_dimensions[get_column_letter(at)].width = widths[at - 1]
    page.row_dimensions[1].height = 2 * LINE_POINTS + 3
    styles: dict[tuple[bool, bool, bool], Any] = {}
    for line, row in enumerate(sheet.rows, 2):
        for at, value in enumerate(row, 1):
            if value != "":
                _fill(page.cell(line, at), value, styles)
        page.row_dimensions[line].height = LINE_POINTS * _lines(row, widths)
    page.freeze_panes = "C2" if len(sheet.headings) > 4 else "A2"
    _set_print(page, wide=len(sheet.headings) > 8)
    page.auto_filter.ref = f"A1:{get_column_letter(len(sheet.headings))}{len(sheet.rows) + 1}"


def _set_print(page: Any, *, wide: bool) -> None:
    """All columns on one page across, the headings on each page."""
    page.page_setup.orientation = "landscape"
    page.page_setup.paperSize = page.PAPERSIZE_A3 if wide else page.PAPERSIZE_A4
    page.page_setup.fitToHeight = 0
    page.sheet_properties.pageSetUpPr.fitToPage = True
    page.print_title_rows = "1:1"
    page.print_options.gridLines = True
    page.page_margins.left = page.page_margins.right = 0.4
    page.oddFooter.center.text = "&A　第 &P 页，共 &N 页"


def set_text(cell: Any, value: str) -> None:
    """Text as text, whatever it begins with, and so after a person has edited the cell. "" leaves the cell empty."""
    text = office_file.safe_text(value, MOST_CHARACTERS)
    if text:
        cell.value, cell.data_type, cell.number_format = text, "s", "@"
        cell.quotePrefix = text[0] in FORMULA


def _fill(cell: Any, value: str | int, styles: dict[tuple[bool, bool, bool], Any]) -> None:
    """Text is written as text, whatever it begins with, and stays text when a person edits the cell.

    `styles` keeps each look once it is made: setting one up costs more than all else about a cell.
    """
    text = value if isinstance(value, int) else office_file.safe_text(value, MOST_CHARACTERS)
    if text == "":
        return
    cell.value = text
    is_text = isinstance(text, str)
    if is_text:
        cell.data_type = "s"
    wraps = isinstance(text, str) and 2 * len(text) > WIDEST - 2 and _columns(text) > WIDEST - 2
    look = (is_text, wraps, isinstance(text, str) and text[0] in FORMULA)
    if look not in styles:
        _dress(cell, *look)
        styles[look] = cell._style
    cell._style = styles[look]


def _dress(cell: Any, is_text: bool, wraps: bool, quoted: bool) -> None:
    from openpyxl.styles import Alignment

    if not is_text:
        cell.alignment = Alignment(horizontal="center", vertical="top")
        return
    cell.alignment = Alignment(vertical="top", wrap_text=wraps)
    cell.number_format, cell.quotePrefix = "@", quoted


def _width(sheet: Sheet, at: int) -> float:
    """As wide as its widest text; a heading may take two lines."""
    texts = [str(row[at]) for row in sheet.rows[:500] if at < len(row)]
    widest = max(map(_columns, texts), default=0)
    return min(max(widest + 2, _columns(sheet.headings[at]) / 2 + 5, NARROWEST), WIDEST)


def _lines(row: Sequence[str | int], widths: Sequence[float]) -> int:
    """How many lines the row takes: programs do not reckon it themselves when they open a file."""
    wide = [
        -(-_columns(text) // (width - 2))
        for text, width in zip(map(str, row), widths, strict=False)
        if 2 * len(text) > width - 2
    ]
    return int(min(max(wide, default=1), MOST_LINES))


def _columns(text: str) -> int:
    """In half widths: what GBK writes in two bytes is as wide as two."""
    return len(text) if text.isascii() else len(text.encode("gbk", "replace"))

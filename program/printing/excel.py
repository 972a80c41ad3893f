"""A list as a workbook that prints well: A4, one page across, the heading row on each page. Touches no file."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from program.printing.name_list import NameList
from program.printing.paper import MARGIN_MM, MM_A_POINT, POINTS, width_of, widths_mm
from program.printing.word import BODY, HEAD, TITLE, TITLE_POINTS
from storage import office_file, workbook

MM_A_CHARACTER = 1.96  # of a column's width, whose unit is a digit of the book's own font (ECMA-376 part 1, 18.3.1.13)
HEAD_ROW = 3
MOST_POINTS = 409.0  # of a row


def book(made: NameList, made_at: datetime) -> bytes:
    """The bytes of the .xlsx; the same for the same list and moment."""
    from openpyxl import Workbook

    book: Any = Workbook()
    page = book.worksheets[0]
    page.title = "名单"
    _head(page, made)
    _rows(page, made)
    _set_print(page, made)
    return workbook.packed(book, title=made.title, made_at=made_at, mark="list")


def _head(page: Any, made: NameList) -> None:
    from openpyxl.styles import Alignment, Font

    last = len(made.columns)
    page.merge_cells(start_row=1, start_column=1, end_row=1, end_column=last)
    workbook.set_text(page.cell(1, 1), made.title)
    page.cell(1, 1).font = Font(name=TITLE, size=TITLE_POINTS, bold=True)
    page.cell(1, 1).alignment = Alignment(horizontal="center", vertical="center", wrap_text=True, shrink_to_fit=False)
    page.row_dimensions[1].height = 36
    for at, text, side in ((1, made.left, "left"), (last, made.right, "right")):
        workbook.set_text(page.cell(2, at), text)
        page.cell(2, at).font, page.cell(2, at).alignment = Font(name=BODY, size=POINTS), Alignment(horizontal=side)
    page.row_dimensions[2].height = 20


def _rows(page: Any, made: NameList) -> None:
    from openpyxl.utils import get_column_letter

    widths = widths_mm(made)
    for at, width in enumerate(widths, 1):
        page.column_dimensions[get_column_letter(at)].width = round(width / MM_A_CHARACTER, 2)
    heading, centred, plain = _looks()
    for at, column in enumerate(made.columns, 1):
        _fill(page.cell(HEAD_ROW, at), column.heading, heading)
    page.row_dimensions[HEAD_ROW].height = 28
    for line, row in enumerate(made.rows, HEAD_ROW + 1):
        for at, (column, text) in enumerate(zip(made.columns, row, strict=True), 1):
            _fill(page.cell(line, at), text, centred if column.centred else plain)
        page.row_dimensions[line].height = _height(row, widths, made.row_mm)


def _looks() -> tuple[dict[str, Any], ...]:
    from openpyxl.styles import Alignment, Border, Font, Side

    edge = Side(style="thin")
    common = {"border": Border(left=edge, right=edge, top=edge, bottom=edge)}
    head, body = Font(name=HEAD, size=POINTS), Font(name=BODY, size=POINTS)
    middle = Alignment(horizontal="center", vertical="center", wrap_text=True)
    left = Alignment(horizontal="left", vertical="center", wrap_text=True)
    return (
        common | {"font": head, "alignment": middle},
        common | {"font": body, "alignment": middle},
        common | {"font": body, "alignment": left},
    )


def _fill(cell: Any, text: str, look: dict[str, Any]) -> None:
    for name, value in look.items():
        setattr(cell, name, value)
    workbook.set_text(cell, text)


def _height(row: tuple[str, ...], widths: list[float], least_mm: float) -> float:
    """In points: programs do not reckon it themselves when they open a file."""
    lines = 1
    for text, width in zip(row, widths, strict=True):
        half_widths = max(1, int((width - 3) / (POINTS / 2 * MM_A_POINT)))
        lines = max(lines, sum(max(1, -(-width_of(line) // half_widths)) for line in text.split("\n")))
    return min(max(least_mm / MM_A_POINT, lines * (POINTS + 4) + 4), MOST_POINTS)


def _set_print(page: Any, made: NameList) -> None:
    setup = page.page_setup
    setup.orientation, setup.paperSize = ("landscape" if made.landscape else "portrait"), page.PAPERSIZE_A4
    setup.fitToHeight = 0
    page.sheet_properties.pageSetUpPr.fitToPage = True
    page.print_title_rows = f"{HEAD_ROW}:{HEAD_ROW}"
    page.freeze_panes = f"A{HEAD_ROW + 1}"
    page.print_options.horizontalCentered = True
    margins = page.page_margins
    margins.left = margins.right = MARGIN_MM / 25.4
    margins.top, margins.bottom, margins.footer = 0.8, 0.8, 0.4
    page.oddFooter.left.text = office_file.safe_text(made.footer).replace("&", "&&")
    page.oddFooter.right.text = "第 &P 页　共 &N 页"

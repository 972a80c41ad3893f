# ruff: noqa: E501 (XML reads better unbroken)
"""Word and Excel files with forms of any notice, blank or filled, made of a few lines of text."""

from __future__ import annotations

import io
import re
import zipfile
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from xml.sax.saxutils import escape

W = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
W14 = "http://schemas.microsoft.com/office/word/2010/wordml"
_BORDERS = "".join(
    f'<w:{side} w:val="single" w:sz="4"/>' for side in ("top", "left", "bottom", "right", "insideH", "insideV")
)
WHEN = (2016, 11, 25, 9, 0, 0)
_PARTS = {
    "[Content_Types].xml": (
        '<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types">'
        '<Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/>'
        '<Override PartName="/word/document.xml" ContentType='
        '"application/vnd.openxmlformats-officedocument.wordprocessingml.document.main+xml"/></Types>'
    ),
    "_rels/.rels": (
        '<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships"><Relationship Id="rId1" Type='
        '"http://schemas.openxmlformats.org/officeDocument/2006/relationships/officeDocument" Target="word/document.xml"/>'
        "</Relationships>"
    ),
}


@dataclass(frozen=True, slots=True)
class C:
    """A cell: text (lines parted by newlines) or raw runs, over `span` columns and `down` rows."""

    text: str = ""
    span: int = 1
    down: int = 1


Row = Sequence[str | C]
Page = Sequence[str | Sequence[Row]]  # a paragraph, or a table of rows


def run(text: str, looks: str = "") -> str:
    """Raw XML of a run; `looks` names of properties (strike, u, b, highlight)."""
    properties = {"u": '<w:u w:val="single"/>', "highlight": '<w:highlight w:val="yellow"/>'}
    inner = "".join(properties.get(name, f"<w:{name}/>") for name in looks.split())
    return f'<w:r><w:rPr>{inner}</w:rPr><w:t xml:space="preserve">{escape(text)}</w:t></w:r>'


def symbol(code: str, font: str = "Wingdings") -> str:
    return f'<w:r><w:sym w:font="{font}" w:char="{code}"/></w:r>'


def control(checked: bool) -> str:
    glyph = "☒" if checked else "☐"
    return (
        f'<w:sdt><w:sdtPr><w14:checkbox><w14:checked w14:val="{int(checked)}"/></w14:checkbox></w:sdtPr>'
        f"<w:sdtContent><w:r><w:t>{glyph}</w:t></w:r></w:sdtContent></w:sdt>"
    )


def legacy(checked: bool) -> str:
    state = "<w:checked/>" if checked else ""
    return (
        f'<w:r><w:fldChar w:fldCharType="begin"><w:ffData><w:checkBox><w:sizeAuto/><w:default w:val="0"/>{state}'
        '</w:checkBox></w:ffData></w:fldChar></w:r><w:r><w:instrText xml:space="preserve"> FORMCHECKBOX </w:instrText></w:r>'
        '<w:r><w:fldChar w:fldCharType="end"/></w:r>'
    )


def docx(page: Page) -> bytes:
    """A Word file of paragraphs and tables; text in which XML runs stand is taken as it is."""
    body = "".join(_paragraph(part) if isinstance(part, str) else _table(part) for part in page)
    head = f'<w:document xmlns:w="{W}" xmlns:w14="{W14}"><w:body>'
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as package:
        for name, content in {**_PARTS, "word/document.xml": head + body + "</w:body></w:document>"}.items():
            package.writestr(zipfile.ZipInfo(name, WHEN), content)
    return out.getvalue()


def _paragraph(text: str) -> str:
    pieces = re.split(r"(<w:(?:r|sdt)>.*?</w:(?:r|sdt)>(?=<w:|[^<]|$))", text) if "<w:" in text else [text]
    runs = "".join(piece if piece.startswith("<w:") else run(piece) for piece in pieces if piece)
    return f"<w:p>{runs}</w:p>"


def _table(rows: Sequence[Row]) -> str:
    open_spans: dict[int, tuple[int, int]] = {}  # grid column -> rows still to go, width
    made = []
    for row in rows:
        cells, column, waiting = [], 0, list(row)
        while waiting or column in open_spans:
            if column in open_spans:
                left, width = open_spans.pop(column)
                if left > 1:
                    open_spans[column] = left - 1, width
                cells.append(_cell("", width, "<w:vMerge/>"))
                column += width
                continue
            item = waiting.pop(0)
            one = C(item) if isinstance(item, str) else item
            if one.down > 1:
                open_spans[column] = one.down - 1, one.span
            cells.append(_cell(one.text, one.span, '<w:vMerge w:val="restart"/>' if one.down > 1 else ""))
            column += one.span
        made.append(f"<w:tr>{''.join(cells)}</w:tr>")
    return f"<w:tbl><w:tblPr><w:tblBorders>{_BORDERS}</w:tblBorders></w:tblPr>{''.join(made)}</w:tbl>"


def _cell(text: str, span: int, merge: str) -> str:
    return (
        f'<w:tc><w:tcPr><w:gridSpan w:val="{span}"/>{merge}</w:tcPr>'
        + "".join(map(_paragraph, text.split("\n")))
        + "</w:tc>"
    )


def xlsx(page: Page, name: str = "Sheet1") -> bytes:
    """The same page as a sheet: a paragraph in a merged row, tables with borders."""
    import openpyxl
    from openpyxl.styles import Border, Side

    book = openpyxl.Workbook()
    sheet = book.active
    assert sheet is not None
    sheet.title = name
    thin = Border(*[Side("thin")] * 4)
    at = 1
    for part in page:
        if isinstance(part, str):
            sheet.cell(at, 1, part)
            sheet.merge_cells(start_row=at, end_row=at, start_column=1, end_column=6)
            at += 1
            continue
        taken: set[tuple[int, int]] = set()
        for row in part:
            column = 1
            for item in row:
                one = C(item) if isinstance(item, str) else item
                while (at, column) in taken:
                    column += 1
                area = [(r, c) for r in range(at, at + one.down) for c in range(column, column + one.span)]
                taken.update(area)
                for r, c in area:
                    sheet.cell(r, c).border = thin
                sheet.cell(at, column).value = one.text or None
                if len(area) > 1:
                    sheet.merge_cells(start_row=at, end_row=area[-1][0], start_column=column, end_column=area[-1][1])
                column += one.span
            at += 1
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def filled(page: Page, changes: Mapping[tuple[int, int, int], str]) -> Page:
    """A copy of a page with cells changed: (number of the part, row, number of the cell) -> text."""
    made: list[str | Sequence[Row]] = []
    for number, part in enumerate(page):
        if isinstance(part, str):
            made.append(part)
            continue
        made.append(
            [
                [_changed(item, changes.get((number, at, to))) for to, item in enumerate(row)]
                for at, row in enumerate(part)
            ]
        )
    return made


def _changed(item: str | C, text: str | None) -> str | C:
    if text is None:
        return item
    return text if isinstance(item, str) else C(text, item.span, item.down)

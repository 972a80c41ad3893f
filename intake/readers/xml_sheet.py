"""XML Spreadsheet 2003, which programs save under the name xls: one table for every visible sheet.

Promises the same as the reader of xlsx. Source: the XML Spreadsheet Reference of Office 2003 (elements of
urn:schemas-microsoft-com:office:spreadsheet). Raises children of Unreadable only.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from itertools import islice

from lxml import etree

from intake.document import PLAIN, Document
from intake.errors import TooLarge
from intake.readers import symbols
from intake.readers.colours import tone
from intake.readers.ooxml_package import parse
from intake.readers.sheet import MAX_COLUMNS, MAX_ROWS, MAX_SHEETS, At, Bounds, Overlays, Sheet, Sizes, lines_of
from intake.readers.sheet_styles import DEFAULT_STYLE, CellStyle, Font, hides, is_date_pattern, shown_number
from intake.readers.xlsx_styles import number

NAMESPACE = b"urn:schemas-microsoft-com:office:spreadsheet"
S = "{urn:schemas-microsoft-com:office:spreadsheet}"
_X = "{urn:schemas-microsoft-com:office:excel}"
_HTML = "{http://www.w3.org/TR/REC-html40}"
_MAX_CELLS = 2_000_000
_WHITE = "#ffffff"
_BOLD, _STRUCK, _UNDERLINED, _FONT = (_HTML + name for name in ("B", "S", "U", "Font"))


def read_xml_sheet(content: bytes) -> Document:
    """Read a workbook."""
    root = parse(content, "workbook")
    styles = _styles(root)
    bounds = Bounds()
    sheets = [one for one in root.iterfind(S + "Worksheet") if _is_visible(one)]
    tables = [table for one in islice(sheets, MAX_SHEETS) for table in _read_sheet(one, styles, bounds).tables()]
    hidden = len(sheets) < sum(1 for _ in root.iterfind(S + "Worksheet"))
    return Document(tuple(tables), "xls", notes=("hidden sheets",) if hidden else ())


def _is_visible(sheet: etree._Element) -> bool:
    return (sheet.findtext(f"{_X}WorksheetOptions/{_X}Visible") or "SheetVisible") == "SheetVisible"


def _read_sheet(element: etree._Element, styles: dict[str, CellStyle], bounds: Bounds) -> Sheet:
    table = element.find(S + "Table")
    name = element.get(S + "Name", "")
    if table is None:
        return Sheet(name, Sizes(), (), Overlays(), bounds)
    cells = list(_cells(table))
    merges = ((at, _corner(at, cell)) for at, cell in cells if cell.get(S + "MergeAcross") or cell.get(S + "MergeDown"))
    overlays = Overlays(comments={at: words for at, cell in cells if (words := _comment(cell))})
    sheet = Sheet(name, _sizes(table), merges, overlays, bounds)
    for at, cell in cells:
        if not sheet.sizes.is_hidden(*at):
            style = styles.get(cell.get(S + "StyleID", "Default"), DEFAULT_STYLE)
            data = cell.find(S + "Data")
            lines = [] if data is None or style.hidden else lines_of(_shown(data, style))
            sheet.put(at, lines, align=style.align, size=style.font.size, framed=style.framed)
    return sheet


def _cells(table: etree._Element) -> Iterator[tuple[At, etree._Element]]:
    """The cells with anything to tell, each with its place: empty ones without a merge are left out."""
    row, count = -1, 0
    for line in table.iterfind(S + "Row"):
        row = number(line.get(S + "Index"), row + 2) - 1
        column = -1
        for cell in line.iterfind(S + "Cell"):
            column = number(cell.get(S + "Index"), column + 2) - 1
            count += 1
            if count > _MAX_CELLS or not 0 <= row < MAX_ROWS or not 0 <= column < MAX_COLUMNS:
                raise TooLarge(f"more than {_MAX_CELLS} cells, or a cell off the sheet")
            if len(cell) or cell.get(S + "MergeAcross") or cell.get(S + "MergeDown"):
                yield (row, column), cell
            column += max(0, number(cell.get(S + "MergeAcross")))
        row += max(0, number(line.get(S + "Span")))


def _corner(at: At, cell: etree._Element) -> At:
    return at[0] + number(cell.get(S + "MergeDown")), at[1] + number(cell.get(S + "MergeAcross"))


def _comment(cell: etree._Element) -> str:
    comment = cell.find(S + "Comment")
    return "" if comment is None else "".join(str(text) for text in comment.itertext()).strip()


def _sizes(table: etree._Element) -> Sizes:
    sizes = Sizes(
        _points(table.get(S + "DefaultColumnWidth")) or 54.0, _points(table.get(S + "DefaultRowHeight")) or 15.0
    )
    at = -1
    for column in table.iterfind(S + "Column"):
        at = number(column.get(S + "Index"), at + 2) - 1
        last = at + max(0, number(column.get(S + "Span")))
        width = 0.0 if column.get(S + "Hidden") == "1" else _points(column.get(S + "Width")) or sizes.width
        sizes.widths.append((at, last, width))
        at = last
    at = -1
    for row in table.iterfind(S + "Row"):
        at = max(at + 1, number(row.get(S + "Index")) - 1)
        height = 0.0 if row.get(S + "Hidden") == "1" else _points(row.get(S + "Height")) or sizes.height
        span = min(max(0, number(row.get(S + "Span"))), MAX_ROWS - at)
        if height != sizes.height:
            sizes.heights.update(dict.fromkeys(range(at, at + span + 1), height))
        at += span
    return sizes


def _points(text: str | None) -> float:
    try:
        return float(text) if text else 0.0
    except ValueError:
        return 0.0


# ---- what a cell shows --------------------------------------------------------------------------


def _shown(data: etree._Element, style: CellStyle) -> list[tuple[str, Font]]:
    kind, text = data.get(S + "Type", "String"), "".join(str(part) for part in data.itertext())
    if kind == "Number":
        return [(shown_number(text, style), style.font)]
    if kind == "Boolean":
        return [("TRUE" if text.strip() == "1" else "FALSE", style.font)]
    if kind == "DateTime":
        return [(_moment(text), style.font)]
    return list(_runs(data, style.font))


def _moment(text: str) -> str:
    day, _, clock = text.strip().partition("T")
    clock = clock.partition(".")[0].removesuffix(":00")
    return day if clock in ("", "00:00") else f"{day} {clock}"


def _runs(element: etree._Element, own: Font) -> Iterator[tuple[str, Font]]:
    """The stretches of a rich string: B, S, U and Font of HTML inside Data."""
    if element.text:
        yield element.text, own
    for child in element:
        yield from _runs(child, _inside(child, own))
        if child.tail:
            yield child.tail, own


def _inside(element: etree._Element, own: Font) -> Font:
    looks = own.looks
    if element.tag == _BOLD:
        looks = replace(looks, bold=True)
    elif element.tag == _STRUCK:
        looks = replace(looks, struck=True)
    elif element.tag == _UNDERLINED:
        looks = replace(looks, underlined=True)
    elif element.tag == _FONT:
        face, colour = element.get(_HTML + "Face"), element.get(_HTML + "Color")
        if colour is not None:
            shown = tone(colour)
            looks = replace(looks, coloured=shown == "coloured", faint=shown == "faint")
        return Font(looks, own.family if face is None else symbols.family(face), own.size)
    return replace(own, looks=looks)


def _styles(root: etree._Element) -> dict[str, CellStyle]:
    """The styles by their identity; one that names a parent begins with what that has."""
    found: dict[str, CellStyle] = {}
    for style in root.iterfind(f"{S}Styles/{S}Style"):
        parent = found.get(style.get(S + "Parent", "Default"), DEFAULT_STYLE)
        found[style.get(S + "ID", "")] = _style(style, parent)
    return found


def _style(element: etree._Element, parent: CellStyle) -> CellStyle:
    font = element.find(S + "Font")
    own = parent.font if font is None else _font(font)
    fill = element.find(S + "Interior")
    filled = fill is not None and fill.get(S + "Pattern", "None") != "None"
    if fill is not None and filled and fill.get(S + "Color", "#000000").lower() != _WHITE:
        own = replace(own, looks=replace(own.looks, shaded=True))
    form = element.find(S + "NumberFormat")
    pattern = parent.pattern if form is None else form.get(S + "Format", "General")
    align = element.find(S + "Alignment")
    borders = element.iterfind(f"{S}Borders/{S}Border")
    return CellStyle(
        font=own,
        pattern=pattern,
        date=is_date_pattern(pattern),
        hidden=hides(pattern),
        framed=any(one.get(S + "Position") == "Right" and one.get(S + "LineStyle") for one in borders),
        align=parent.align if align is None else align.get(S + "Horizontal", "left").lower(),
    )


def _font(element: etree._Element) -> Font:
    shown = tone(element.get(S + "Color", "auto"))
    looks = replace(
        PLAIN,
        bold=element.get(S + "Bold") == "1",
        struck=element.get(S + "StrikeThrough") == "1",
        underlined=element.get(S + "Underline", "None") != "None",
        coloured=shown == "coloured",
        faint=shown == "faint",
    )
    return Font(looks, symbols.family(element.get(S + "FontName", "")), _points(element.get(S + "Size")) or 11.0)

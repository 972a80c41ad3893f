"""Small Office files written as raw XML into a zip, in the manner of Word, WPS and Excel.

Everything is built in memory; names, numbers and addresses are plainly samples.
"""

from __future__ import annotations

import io
import struct
import zipfile
import zlib
from collections.abc import Mapping, Sequence

from intake.document import Block, Box, Cell, Document, Paragraph, Piece, Remark, Table, Text

NAMESPACES = (
    'xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"'
    ' xmlns:r="http://schemas.openxmlformats.org/officeDocument/2006/relationships"'
    ' xmlns:w14="http://schemas.microsoft.com/office/word/2010/wordml"'
    ' xmlns:wp="http://schemas.openxmlformats.org/drawingml/2006/wordprocessingDrawing"'
    ' xmlns:a="http://schemas.openxmlformats.org/drawingml/2006/main"'
    ' xmlns:pic="http://schemas.openxmlformats.org/drawingml/2006/picture"'
    ' xmlns:mc="http://schemas.openxmlformats.org/markup-compatibility/2006"'
    ' xmlns:wps="http://schemas.microsoft.com/office/word/2010/wordprocessingShape"'
    ' xmlns:v="urn:schemas-microsoft-com:vml" xmlns:o="urn:schemas-microsoft-com:office:office"'
    ' xmlns:m="http://schemas.openxmlformats.org/officeDocument/2006/math"'
)
_OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships/"
_TYPES = (
    '<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types">'
    '<Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/>'
    '<Default Extension="xml" ContentType="application/xml"/></Types>'
)
DECLARATION = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n'

Relations = Mapping[str, tuple[str, str]]


def zipped(parts: Mapping[str, str | bytes]) -> bytes:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in parts.items():
            archive.writestr(name, content)
    return buffer.getvalue()


def relations(items: Relations) -> str:
    rows = "".join(
        f'<Relationship Id="{key}" Type="{kind if "://" in kind else _OFFICE + kind}" Target="{target}"/>'
        for key, (kind, target) in items.items()
    )
    return f'<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships">{rows}</Relationships>'


def part(root: str, inner: str) -> str:
    return f"{DECLARATION}<w:{root} {NAMESPACES}>{inner}</w:{root}>"


def docx(
    body: str,
    *,
    styles: str = "",
    related: Relations | None = None,
    parts: Mapping[str, str | bytes] | None = None,
    properties: Mapping[str, str] | None = None,
) -> bytes:
    """A Word document around a body of WordprocessingML."""
    extra = dict(parts or {})
    links = {"rId1": ("styles", "styles.xml"), **(related or {})}
    if properties:
        rows = "".join(
            f'<property name="{name}"><vt:lpwstr>{text}</vt:lpwstr></property>' for name, text in properties.items()
        )
        extra["docProps/custom.xml"] = (
            '<Properties xmlns="http://schemas.openxmlformats.org/officeDocument/2006/custom-properties"'
            f' xmlns:vt="http://schemas.openxmlformats.org/officeDocument/2006/docPropsVTypes">{rows}</Properties>'
        )
    return zipped(
        {
            "[Content_Types].xml": _TYPES,
            "_rels/.rels": relations({"rId1": ("officeDocument", "word/document.xml")}),
            "word/_rels/document.xml.rels": relations(links),
            "word/document.xml": part("document", f"<w:body>{body}<w:sectPr/></w:body>"),
            "word/styles.xml": part("styles", styles),
            **extra,
        }
    )


def run(text: str = "", properties: str = "", inner: str = "") -> str:
    shown = f'<w:t xml:space="preserve">{text}</w:t>' if text else ""
    return f"<w:r>{f'<w:rPr>{properties}</w:rPr>' if properties else ''}{shown}{inner}</w:r>"


def p(inner: str, properties: str = "") -> str:
    return f"<w:p>{f'<w:pPr>{properties}</w:pPr>' if properties else ''}{inner}</w:p>"


def tc(inner: str, properties: str = "") -> str:
    return f"<w:tc><w:tcPr>{properties}</w:tcPr>{inner}</w:tc>"


def tbl(*rows: str) -> str:
    return "<w:tbl>" + "".join(f"<w:tr>{row}</w:tr>" for row in rows) + "</w:tbl>"


def field(code: str, result: str | None = None, form: str = "") -> str:
    """A complex field; no `separate` where there is no result."""
    begin = f'<w:fldChar w:fldCharType="begin">{f"<w:ffData>{form}</w:ffData>" if form else ""}</w:fldChar>'
    end = run(inner='<w:fldChar w:fldCharType="end"/>')
    shown = "" if result is None else run(inner='<w:fldChar w:fldCharType="separate"/>') + result
    return run(inner=begin) + code + shown + end


def code(text: str) -> str:
    return run(inner=f'<w:instrText xml:space="preserve">{text}</w:instrText>')


def check_box(glyph: str, checked: str, extra: str = "") -> str:
    return (
        f'<w:sdt><w:sdtPr><w14:checkbox><w14:checked w14:val="{checked}"/>{extra}</w14:checkbox></w:sdtPr>'
        f"<w:sdtContent>{glyph}</w:sdtContent></w:sdt>"
    )


def drawing(content: str, *, cx: int = 180000, cy: int = 180000, anchor: str = "") -> str:
    """A `w:drawing`; inline unless `anchor` gives the offset of a floating one from its column."""
    uri = "http://schemas.microsoft.com/office/word/2010/wordprocessingShape"
    graphic = f'<a:graphic><a:graphicData uri="{uri}">{content}</a:graphicData></a:graphic>'
    kind = "anchor" if anchor else "inline"
    position = (
        f'<wp:positionH relativeFrom="column"><wp:posOffset>{anchor}</wp:posOffset></wp:positionH>' if anchor else ""
    )
    extent = f'<wp:extent cx="{cx}" cy="{cy}"/><wp:docPr id="1" name="x"/>'
    return f"<w:drawing><wp:{kind}>{position}{extent}{graphic}</wp:{kind}></w:drawing>"


def text_box(inner: str) -> str:
    return f"<wps:wsp><wps:spPr/><wps:txbx><w:txbxContent>{inner}</w:txbxContent></wps:txbx></wps:wsp>"


def either(choice: str, fallback: str) -> str:
    return (
        f'<mc:AlternateContent><mc:Choice Requires="wps">{choice}</mc:Choice>'
        f"<mc:Fallback>{fallback}</mc:Fallback></mc:AlternateContent>"
    )


def picture(identity: str = "rIdP") -> str:
    return f'<pic:pic><pic:blipFill><a:blip r:embed="{identity}"/></pic:blipFill></pic:pic>'


# ---- pictures -----------------------------------------------------------------------------------


def png(rows: Sequence[str], scale: int = 2) -> bytes:
    """A grey PNG out of rows of characters: # is ink."""
    lines = [line for row in rows for line in [row] * scale]
    raw = b"".join(b"\x00" + bytes(0 if c == "#" else 255 for c in line for _ in range(scale)) for line in lines)
    size = struct.pack(">IIBBBBB", len(rows[0]) * scale, len(lines), 8, 0, 0, 0, 0)

    def chunk(kind: bytes, body: bytes) -> bytes:
        return struct.pack(">I", len(body)) + kind + body + struct.pack(">I", zlib.crc32(kind + body))

    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", size) + chunk(b"IDAT", zlib.compress(raw)) + chunk(b"IEND", b"")


def square(inside: Mapping[tuple[int, int], str] | None = None) -> list[str]:
    """A drawn box of 16 by 16, with ink inside."""
    ink = inside or {}
    edge = lambda x, y: x in (0, 15) or y in (0, 15)  # noqa: E731
    return ["".join("#" if edge(x, y) or (x, y) in ink else "." for x in range(16)) for y in range(16)]


def tick_points() -> dict[tuple[int, int], str]:
    down = {(2 + i, 7 + i): "#" for i in range(5)} | {(3 + i, 7 + i): "#" for i in range(5)}
    up = {(6 + i, 11 - i): "#" for i in range(8)} | {(7 + i, 11 - i): "#" for i in range(8)}
    return down | up


def stroke() -> list[str]:
    """A tick without a box."""
    ink = tick_points()
    return ["".join("#" if (x, y) in ink else "." for x in range(16)) for y in range(16)]


# ---- workbooks ----------------------------------------------------------------------------------

_SHEET = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
_XDR = "http://schemas.openxmlformats.org/drawingml/2006/spreadsheetDrawing"


def xlsx(
    sheet: str,
    *,
    styles: str = "",
    strings: Sequence[str] = (),
    related: Relations | None = None,
    parts: Mapping[str, str | bytes] | None = None,
    sheets: str = '<sheet name="意向书" sheetId="1" r:id="rId1"/>',
    before: str = "",
    after: str = "",
) -> bytes:
    """A workbook with one sheet, its rows given as XML."""
    spaces = (
        f'xmlns="{_SHEET}" xmlns:r="http://schemas.openxmlformats.org/officeDocument/2006/relationships"'
        f' xmlns:xdr="{_XDR}" xmlns:mc="http://schemas.openxmlformats.org/markup-compatibility/2006"'
    )
    return zipped(
        {
            "[Content_Types].xml": _TYPES,
            "_rels/.rels": relations({"rId1": ("officeDocument", "xl/workbook.xml")}),
            "xl/workbook.xml": f"{DECLARATION}<workbook {spaces}><sheets>{sheets}</sheets></workbook>",
            "xl/_rels/workbook.xml.rels": relations(
                {
                    "rId1": ("worksheet", "worksheets/sheet1.xml"),
                    "rId2": ("styles", "styles.xml"),
                    "rId3": ("sharedStrings", "sharedStrings.xml"),
                }
            ),
            "xl/worksheets/sheet1.xml": (
                f"{DECLARATION}<worksheet {spaces}>{before}<sheetData>{sheet}</sheetData>{after}</worksheet>"
            ),
            "xl/worksheets/_rels/sheet1.xml.rels": relations(related or {}),
            "xl/styles.xml": f"{DECLARATION}<styleSheet {spaces}>{styles}</styleSheet>",
            "xl/sharedStrings.xml": f"{DECLARATION}<sst {spaces}>{''.join(f'<si>{one}</si>' for one in strings)}</sst>",
            **(parts or {}),
        }
    )


# ---- looking at what was read -------------------------------------------------------------------


def pieces(document: Document) -> list[Piece]:
    """All pieces of the first block that has any."""
    for block in document.blocks:
        if isinstance(block, Paragraph) and block.pieces:
            return list(block.pieces)
    return []


def plainly(block: Block) -> object:
    """A block in a form that is easy to write down: text, [state source glyph], {remark}, tables as lists."""
    if isinstance(block, Paragraph):
        return "".join(_piece(piece) for piece in block.pieces)
    return [[(cell.column, cell.column_span, cell.row_span, _cell(cell)) for cell in row] for row in block.rows]


def _cell(cell: Cell) -> object:
    found = [plainly(block) for block in cell.blocks]
    return found[0] if len(found) == 1 and isinstance(found[0], str) else found


def _piece(piece: Piece) -> str:
    match piece:
        case Text(text=text, looks=looks):
            names = [name for name in type(looks).__slots__ if getattr(looks, name)]
            return f"<{text}:{'+'.join(names)}>" if names else text
        case Box(state=state, source=source, glyph=glyph):
            return f"[{state} {source} {glyph}]" if glyph else f"[{state} {source}]"
        case Remark(text=text):
            return f"{{{text}}}"


def table(document: Document) -> Table:
    return next(block for block in document.blocks if isinstance(block, Table))

"""A list as a Word document: A4, the heading row on each page, the page's number below. Touches no file.

The rows are written as WordprocessingML (ECMA-376 part 1, 17.4), because python-docx takes seconds for a long table.
"""

from __future__ import annotations

from datetime import datetime
from io import BytesIO
from typing import TYPE_CHECKING, Any
from xml.sax.saxutils import escape

from outbox.blank_form import set_properties
from program.printing.columns import Column
from program.printing.name_list import NameList
from program.printing.paper import A4_MM, MARGIN_MM, POINTS, widths_mm
from storage import office_file

if TYPE_CHECKING:
    from docx.document import Document

TITLE, HEAD, BODY, LATIN = "宋体", "黑体", "仿宋", "Times New Roman"
ALSO = {"仿宋": "仿宋_GB2312,FangSong,STFangsong", "黑体": "SimHei,STHeiti", "宋体": "SimSun,STSong"}
TITLE_POINTS, SMALL_POINTS = 20.0, 10.5
TWIPS_A_MM = 1440 / 25.4
_NS = 'xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"'


def document(made: NameList, made_at: datetime) -> bytes:
    """The bytes of the .docx; the same for the same list and moment."""
    import docx

    paper = docx.Document()
    _set_page(paper, made)
    _set_fonts(paper)
    body = paper.element.body
    for element in (_title(made.title), _above(made), _table(made)):
        body.insert(len(body) - 1, element)
    body.insert(len(body) - 1, _xml(f"<w:p {_NS}><w:pPr>{_spacing(0, 0, 20)}</w:pPr></w:p>"))  # Word wants one last
    _set_footer(paper, made)
    _set_properties(paper, made.title, made_at)
    written = BytesIO()
    paper.save(written)
    return office_file.same_bytes(written.getvalue(), made_at)


def _set_page(paper: Document, made: NameList) -> None:
    from docx.enum.section import WD_ORIENT
    from docx.shared import Mm

    section = paper.sections[0]
    across, down = reversed(A4_MM) if made.landscape else A4_MM
    section.page_width, section.page_height = Mm(across), Mm(down)
    section.orientation = WD_ORIENT.LANDSCAPE if made.landscape else WD_ORIENT.PORTRAIT
    section.left_margin = section.right_margin = Mm(MARGIN_MM)
    section.top_margin, section.bottom_margin, section.footer_distance = Mm(20), Mm(20), Mm(10)


def _set_fonts(paper: Document) -> None:
    """The office's fonts with the names that other systems have for them (17.8.3.1)."""
    from docx.oxml.ns import qn

    style: Any = paper.styles["Normal"]
    style.font.name = LATIN
    style.element.get_or_add_rPr().get_or_add_rFonts().set(qn("w:eastAsia"), BODY)
    table = next(rel.target_part for rel in paper.part.rels.values() if rel.reltype.endswith("/fontTable"))
    fonts = "".join(
        f'<w:font w:name="{name}"><w:altName w:val="{also}"/><w:charset w:val="86"/></w:font>'
        for name, also in ALSO.items()
    )
    table._blob = table.blob.replace(b"</w:fonts>", f"{fonts}</w:fonts>".encode())


def _title(text: str) -> Any:
    look = f'{_spacing(0, 8)}<w:jc w:val="center"/>'
    return _xml(f"<w:p {_NS}><w:pPr>{look}</w:pPr>{_run(text, TITLE, TITLE_POINTS, bold=True)}</w:p>")


def _above(made: NameList) -> Any:
    """One line over the table: its left end and its right end."""
    stop = _right_stop(made)
    runs = _run(made.left, BODY, POINTS) + "<w:r><w:tab/></w:r>" + _run(made.right, BODY, POINTS)
    return _xml(f"<w:p {_NS}><w:pPr>{stop}{_spacing(0, 4)}</w:pPr>{runs}</w:p>")


def _table(made: NameList) -> Any:
    widths = [_twips(width) for width in widths_mm(made)]
    edges = "".join(
        f'<w:{side} w:val="single" w:sz="4" w:space="0" w:color="auto"/>'
        for side in ("top", "left", "bottom", "right", "insideH", "insideV")
    )
    grid = "".join(f'<w:gridCol w:w="{width}"/>' for width in widths)
    head = (
        f'<w:tblPr><w:tblW w:w="{sum(widths)}" w:type="dxa"/><w:jc w:val="center"/>'
        f'<w:tblBorders>{edges}</w:tblBorders><w:tblLayout w:type="fixed"/>'
        '<w:tblCellMar><w:top w:w="40" w:type="dxa"/><w:bottom w:w="40" w:type="dxa"/></w:tblCellMar></w:tblPr>'
        f"<w:tblGrid>{grid}</w:tblGrid>"
    )
    rows = [_row([column.heading for column in made.columns], made.columns, widths, 10.0, heading=True)]
    rows += [_row(row, made.columns, widths, made.row_mm) for row in made.rows]
    return _xml(f"<w:tbl {_NS}>{head}{''.join(rows)}</w:tbl>")


def _row(texts: Any, columns: tuple[Column, ...], widths: list[int], height_mm: float, *, heading: bool = False) -> str:
    """A row is never divided by the end of a page; the heading row is repeated after it (17.4.6, 17.4.50)."""
    cells = "".join(
        _cell(text, width, HEAD if heading else BODY, centred=heading or column.centred)
        for text, column, width in zip(texts, columns, widths, strict=True)
    )
    repeated = "<w:tblHeader/>" if heading else ""
    height = f'<w:trHeight w:val="{_twips(height_mm)}" w:hRule="atLeast"/>'
    return f"<w:tr><w:trPr><w:cantSplit/>{height}{repeated}</w:trPr>{cells}</w:tr>"


def _cell(text: str, width: int, font: str, *, centred: bool) -> str:
    lines = text.split("\n")
    jc = '<w:jc w:val="center"/>' if centred else ""
    paragraphs = "".join(f"<w:p><w:pPr>{_spacing(0, 0)}{jc}</w:pPr>{_run(line, font, POINTS)}</w:p>" for line in lines)
    return f'<w:tc><w:tcPr><w:tcW w:w="{width}" w:type="dxa"/><w:vAlign w:val="center"/></w:tcPr>{paragraphs}</w:tc>'


def _run(text: str, font: str, points: float, *, bold: bool = False) -> str:
    """A hyphen between digits is one at which no line ends (17.3.3.18)."""
    if not text:
        return ""
    look = f'<w:rFonts w:ascii="{LATIN}" w:hAnsi="{LATIN}" w:eastAsia="{font}" w:hint="eastAsia"/>'
    look += "<w:b/>" if bold else ""
    look += f'<w:sz w:val="{round(points * 2)}"/><w:lang w:eastAsia="zh-CN"/>'
    safe = escape(office_file.safe_text(text)).replace("-", '</w:t><w:noBreakHyphen/><w:t xml:space="preserve">')
    return f'<w:r><w:rPr>{look}</w:rPr><w:t xml:space="preserve">{safe}</w:t></w:r>'


def _set_footer(paper: Document, made: NameList) -> None:
    """第 X 页 共 Y 页, from fields that Word reckons (17.16.5.44, 17.16.5.40)."""
    line = paper.sections[0].footer.paragraphs[0]
    stop = _right_stop(made, '<w:tab w:val="clear" w:pos="4320"/><w:tab w:val="clear" w:pos="8640"/>')
    fields = {name: _field(name) for name in ("PAGE", "NUMPAGES")}
    pages = _run("第 ", BODY, SMALL_POINTS) + fields["PAGE"] + _run(" 页　共 ", BODY, SMALL_POINTS)
    pages += fields["NUMPAGES"] + _run(" 页", BODY, SMALL_POINTS)
    runs = _run(made.footer, BODY, SMALL_POINTS) + "<w:r><w:tab/></w:r>" + pages
    line._p.getparent().replace(line._p, _xml(f"<w:p {_NS}><w:pPr>{stop}</w:pPr>{runs}</w:p>"))


def _field(name: str) -> str:
    return f'<w:fldSimple w:instr=" {name} ">{_run("1", BODY, SMALL_POINTS)}</w:fldSimple>'


def _set_properties(paper: Document, title: str, made_at: datetime) -> None:
    core = paper.core_properties
    core.title, core.author, core.comments, core.last_modified_by = office_file.safe_text(title)[:255], "", "", ""
    core.created = core.modified = office_file.second(made_at)
    set_properties(paper, {office_file.MARK: "list"})


def _right_stop(made: NameList, cleared: str = "") -> str:
    """A tabulator at the table's right edge; `cleared` are those of the style."""
    return f'<w:tabs>{cleared}<w:tab w:val="right" w:pos="{_twips(sum(widths_mm(made)))}"/></w:tabs>'


def _spacing(before: float, after: float, line: int | None = None) -> str:
    exact = f' w:line="{line}" w:lineRule="exact"' if line else ' w:line="240" w:lineRule="auto"'
    return f'<w:spacing w:before="{round(before * 20)}" w:after="{round(after * 20)}"{exact}/>'


def _twips(millimetres: float) -> int:
    return round(millimetres * TWIPS_A_MM)


def _xml(text: str) -> Any:
    from docx.oxml import parse_xml

    return parse_xml(text)

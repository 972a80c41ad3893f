"""The blank form as a Word document, made from a form's definition in the manner of the annex.

Marked as ours by a custom document property, so that a reader can tell it from a form typed anew;
a copy that a unit has filled in is an ordinary form. Also the template of a pre-filled form, where a
campaign brings none of its own. Touches no file.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from functools import lru_cache
from io import BytesIO
from typing import TYPE_CHECKING

from intake.campaign import ChoiceSpec, FieldSpec, FormSpec

if TYPE_CHECKING:
    from docx.document import Document
    from docx.table import Table, _Cell, _Row
    from docx.text.paragraph import Paragraph

MARK = "cipsa-intake"
BODY, HEAD = "宋体", "黑体"
COLUMNS_MM = (34.0, 45.0, 34.0, 45.0)  # 158 mm between the margins of an A4 page
OOXML = "application/vnd.openxmlformats-officedocument"
# The property set of user-defined properties, [MS-OSHARED] 2.3.3.2.3.2.
FMTID = "{D5CDD505-2E9C-101B-9397-08002B2CF9AE}"
OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006"
_NO_PROPERTIES = f'<Properties xmlns="{OFFICE}/custom-properties" xmlns:vt="{OFFICE}/docPropsVTypes"/>'.encode()


@lru_cache(maxsize=16)
def make(spec: FormSpec, heading: str = "") -> bytes:
    """A one-page .docx with the form's title, one bordered table, fields in pairs and questions to tick.

    The unit's name has a row to itself; `heading` (附件1) stands above the title if given.
    """
    return _saved(_made(spec, heading, {}))


@lru_cache(maxsize=16)
def template(spec: FormSpec) -> bytes:
    """The blank form with {{ id }} in the place of each field's value, to be pre-filled."""
    return _saved(_made(spec, "", {field.id: f"{{{{ {field.id} }}}}" for field in spec.fields}))


def _made(spec: FormSpec, heading: str, values: Mapping[str, str]) -> Document:
    import docx

    document = docx.Document()
    _page(document)
    if heading:
        _write(document.add_paragraph(), heading, HEAD, 14)
    title = document.add_paragraph()
    _centre(title, before=8, after=14)
    _write(title, spec.title, HEAD, 18, bold=True)
    _fill(document, spec, values)
    core = document.core_properties
    core.title, core.author, core.comments, core.keywords = spec.title, "", "", spec.campaign
    set_properties(document, {MARK: "form"})
    return document


def _saved(document: Document) -> bytes:
    out = BytesIO()
    document.save(out)
    return out.getvalue()


def file_name(spec: FormSpec) -> str:
    """The attachment's name, free of what Windows forbids in names."""
    kept = "".join("_" if mark in '\\/:*?"<>|' or not mark.isprintable() else mark for mark in spec.title).strip(" .")
    return f"{kept[:60] or '表格'}（空白）.docx"


def _page(document: Document) -> None:
    from docx.oxml import OxmlElement
    from docx.oxml.ns import qn
    from docx.shared import Mm, Pt

    section = document.sections[0]
    section.page_width, section.page_height = Mm(210), Mm(297)
    section.left_margin = section.right_margin = Mm(26)
    section.top_margin = section.bottom_margin = Mm(26)
    style = document.styles["Normal"]
    style.font.name, style.font.size = BODY, Pt(12)
    properties = style.element.get_or_add_rPr()
    properties.get_or_add_rFonts().set(qn("w:eastAsia"), BODY)
    language = OxmlElement("w:lang")  # without it a full-width comma is set in the middle, as in Taiwan
    language.set(qn("w:eastAsia"), "zh-CN")
    properties.append(language)


def _rows(fields: Sequence[FieldSpec]) -> Iterator[tuple[FieldSpec, ...]]:
    """The unit alone; the others two by two, a last odd one alone."""
    waiting: list[FieldSpec] = []
    for field in fields:
        if field.kind == "unit":
            yield (field,)
            continue
        waiting.append(field)
        if len(waiting) == 2:
            yield tuple(waiting)
            waiting = []
    if waiting:
        yield tuple(waiting)


def _fill(document: Document, spec: FormSpec, values: Mapping[str, str]) -> None:
    from docx.enum.table import WD_TABLE_ALIGNMENT
    from docx.shared import Mm

    table = document.add_table(rows=0, cols=4)
    table.style = "Table Grid"
    table.alignment = WD_TABLE_ALIGNMENT.CENTER
    table.autofit = False
    for column, width in zip(table.columns, COLUMNS_MM, strict=True):
        column.width = Mm(width)
    for row in _rows(spec.fields):
        _field_row(table, row, values)
    for choice in spec.choices:
        _choice_row(table, choice)


def _field_row(table: Table, fields: tuple[FieldSpec, ...], values: Mapping[str, str]) -> None:
    cells = _cells(table, height_mm=13)
    last = cells[1].merge(cells[3]) if len(fields) == 1 else cells[3]
    places = ((cells[0], cells[1]),) if len(fields) == 1 else ((cells[0], cells[1]), (cells[2], last))
    for field, (label, answer) in zip(fields, places, strict=True):
        _label(label, field.label)
        _centre(answer.paragraphs[0])
        if value := values.get(field.id):
            _write(answer.paragraphs[0], value, BODY, 12)


def _choice_row(table: Table, choice: ChoiceSpec) -> None:
    cells = _cells(table, height_mm=17)
    asked, answer = cells[0].merge(cells[1]), cells[2].merge(cells[3])
    _label(asked, choice.label)
    for number in range(0, len(choice.options), 2):
        line = answer.paragraphs[0] if number == 0 else answer.add_paragraph()
        _centre(line)
        _write(line, "    ".join(f"{option} □" for option in choice.options[number : number + 2]), BODY, 12)


def _cells(table: Table, height_mm: float) -> tuple[_Cell, ...]:
    from docx.enum.table import WD_ALIGN_VERTICAL
    from docx.shared import Mm

    row: _Row = table.add_row()  # type: ignore[no-untyped-call]
    row.height = Mm(height_mm)
    for cell, width in zip(row.cells, COLUMNS_MM, strict=True):
        cell.width = Mm(width)
        cell.vertical_alignment = WD_ALIGN_VERTICAL.CENTER
    return tuple(row.cells)


def _label(cell: _Cell, text: str) -> None:
    line = cell.paragraphs[0]
    _centre(line)
    _write(line, text, BODY, 12)


def _centre(paragraph: Paragraph, before: float = 0, after: float = 0) -> None:
    from docx.enum.text import WD_ALIGN_PARAGRAPH
    from docx.shared import Pt

    paragraph.alignment = WD_ALIGN_PARAGRAPH.CENTER
    paragraph.paragraph_format.space_before, paragraph.paragraph_format.space_after = Pt(before), Pt(after)


def _write(paragraph: Paragraph, text: str, font: str, points: float, bold: bool = False) -> None:
    from docx.oxml.ns import qn
    from docx.shared import Pt

    run = paragraph.add_run(text)
    run.font.name, run.font.size, run.font.bold = font, Pt(points), bold
    fonts = run._element.get_or_add_rPr().get_or_add_rFonts()
    fonts.set(qn("w:eastAsia"), font)
    fonts.set(qn("w:hint"), "eastAsia")


def set_properties(document: Document, properties: Mapping[str, str]) -> None:
    """Add custom properties to a document, or change them (ECMA-376 part 1, 15.2.12.2); others stay."""
    from docx.opc.packuri import PackURI
    from docx.opc.part import Part

    package = document.part.package
    kind = f"{OFFICE}/relationships/custom-properties"
    standing = next((one.target_part for one in package.rels.values() if one.reltype == kind), None)
    content = _with_properties(standing.blob if standing else _NO_PROPERTIES, properties)
    if standing is None:
        part = Part(PackURI("/docProps/custom.xml"), f"{OOXML}.custom-properties+xml", content, package)
        package.relate_to(part, kind)
    else:
        standing._blob = content


def _with_properties(content: bytes, properties: Mapping[str, str]) -> bytes:
    from lxml import etree

    root = etree.fromstring(content, etree.XMLParser(resolve_entities=False))
    for one in list(root):
        if one.get("name") in properties:
            root.remove(one)
    numbers = [int(one.get("pid", "1")) for one in root]
    for number, (name, value) in enumerate(properties.items(), max(numbers, default=1) + 1):
        one = etree.SubElement(root, f"{{{root.nsmap[None]}}}property", fmtid=FMTID, pid=str(number), name=name)
        etree.SubElement(one, f"{{{OFFICE}/docPropsVTypes}}lpwstr").text = value
    return etree.tostring(root, xml_declaration=True, encoding="UTF-8", standalone=True)

"""Workbooks: values, looks, hidden things, merges, and every kind of check box."""
# ruff: noqa: E501 (tables of samples read best with one row a line)

from __future__ import annotations

import io
from datetime import datetime

import openpyxl
import pytest
from hypothesis import given
from hypothesis import strategies as st
from openpyxl.cell.rich_text import CellRichText, TextBlock
from openpyxl.cell.text import InlineFont
from openpyxl.comments import Comment
from openpyxl.styles import Alignment, Border, Color, Font, PatternFill, Side
from openpyxl.utils import get_column_letter
from reader_samples import plainly, png, square, tick_points, xlsx

from intake.readers import read
from intake.readers.sheet import position
from intake.readers.sheet_styles import CellStyle, is_date_pattern, shown_number


def saved(book: openpyxl.Workbook) -> bytes:
    buffer = io.BytesIO()
    book.save(buffer)
    return buffer.getvalue()


def sheet_of(content: bytes) -> object:
    (document,) = read(content)
    return plainly(document.blocks[0])


def test_values_looks_and_merges_as_openpyxl_writes_them() -> None:
    book = openpyxl.Workbook()
    sheet = book.active
    assert sheet is not None
    sheet["A1"] = "意向书"
    sheet["A1"].font = Font(bold=True)
    sheet.merge_cells("A1:C1")
    sheet.append(["手机", 13800000000, 0.5])
    sheet.append(["日期", datetime(2016, 12, 2), datetime(2016, 12, 2, 17, 0)])  # noqa: DTZ001
    sheet["A4"] = CellRichText("是 ", TextBlock(InlineFont(strike=True), "否"), " □")
    sheet["B4"] = "þ是"
    sheet["B4"].font = Font(name="Wingdings")
    sheet["C4"] = "红"
    sheet["C4"].font = Font(color="FFFF0000", underline="single")
    sheet["A5"] = "黄"
    sheet["A5"].fill = PatternFill("solid", fgColor="FFFFFF00")
    sheet["B5"] = "两行\n文字"
    sheet["B5"].alignment = Alignment(wrap_text=True)
    sheet["C5"] = "注"
    sheet["C5"].comment = Comment("改为否", "示例")
    assert sheet_of(saved(book)) == [
        [(0, 3, 1, "<意向书:bold>")],
        [(0, 1, 1, "手机"), (1, 1, 1, "13800000000"), (2, 1, 1, "0.5")],
        [(0, 1, 1, "日期"), (1, 1, 1, "2016-12-02"), (2, 1, 1, "2016-12-02 17:00")],
        [(0, 1, 1, "是 <否:struck> □"), (1, 1, 1, "☑是"), (2, 1, 1, "<红:underlined+coloured>")],
        [(0, 1, 1, "<黄:shaded>"), (1, 1, 1, ["两行", "文字"]), (2, 1, 1, "注{改为否}")],
    ]


def test_hidden_sheets_rows_and_columns_are_left_out_but_rows_keep_their_numbers() -> None:
    book = openpyxl.Workbook()
    sheet = book.active
    assert sheet is not None
    for row in range(2, 5):
        sheet.append([])
        for column in range(1, 4):
            sheet.cell(row, column, f"{row}{column}")
    sheet.row_dimensions[3].hidden = True
    sheet.column_dimensions["B"].hidden = True
    secret = book.create_sheet("密")
    secret["A1"] = "不可见"
    secret.sheet_state = "hidden"
    (document,) = read(saved(book))
    assert len(document.blocks) == 1
    table = document.blocks[0]
    assert plainly(table) == [[(0, 1, 1, "21"), (2, 1, 1, "23")], [], [(0, 1, 1, "41"), (2, 1, 1, "43")]]
    assert table.first_row == 2  # type: ignore[union-attr]
    assert document.notes == ("hidden sheets",)


def test_each_visible_sheet_is_a_table_with_its_name() -> None:
    book = openpyxl.Workbook()
    first = book.active
    assert first is not None
    first.title, first["A1"] = "甲", "一"
    book.create_sheet("空")
    book.create_sheet("乙")["B2"] = "二"
    (document,) = read(saved(book))
    assert [(block.name, block.text.strip()) for block in document.blocks] == [("甲", "一"), ("乙", "二")]  # type: ignore[union-attr]


STRING_CELL = '<row r="1"><c r="A1" t="inlineStr"><is><t>{}</t></is></c></row>'
CONTROL = "http://schemas.microsoft.com/office/spreadsheetml/2009/9/main"
VML = '<xml xmlns:v="urn:schemas-microsoft-com:vml" xmlns:x="urn:schemas-microsoft-com:office:excel">{}</xml>'
SHAPE = (
    '<v:shape id="_x0000_s{id}"><v:textbox><div><font>{label}</font></div></v:textbox><x:ClientData ObjectType="{kind}">'
    "<x:Anchor>{anchor}</x:Anchor>{extra}</x:ClientData></v:shape>"
)


def with_vml(sheet: str, *shapes: str, **more: object) -> bytes:
    related = {"rIdV": ("vmlDrawing", "../drawings/vml.vml"), **more.pop("related", {})}  # type: ignore[dict-item]
    parts = {"xl/drawings/vml.vml": VML.format("".join(shapes)), **more.pop("parts", {})}  # type: ignore[dict-item]
    return xlsx(sheet, related=related, parts=parts, **more)  # type: ignore[arg-type]


def box(number: int, column: int, pixels: int, *, ticked: bool = False, label: str = "", kind: str = "Checkbox",
        row: int = 0, link: str = "") -> str:  # fmt: skip
    extra = ("<x:Checked>1</x:Checked>" if ticked else "") + (f"<x:FmlaLink>{link}</x:FmlaLink>" if link else "")
    anchor = f"{column}, {pixels}, {row}, 2, {column}, {pixels + 20}, {row}, 18"
    return SHAPE.format(id=number, label=label, kind=kind, anchor=anchor, extra=extra)


def test_boxes_with_captions_follow_one_another_in_their_cell() -> None:
    content = with_vml(STRING_CELL.format("是否愿意"), box(1, 1, 40, label="否"), box(2, 1, 2, ticked=True, label="是"))
    assert sheet_of(content) == [[(0, 1, 1, "是否愿意"), (1, 1, 1, "[ticked form control]是  [empty form control]否")]]


def test_bare_boxes_go_to_the_words_they_are_drawn_at() -> None:
    # Eleven-point characters: 是 from 2 to 13 points, four spaces to 35, 否 to 46; the boxes stand after each.
    content = with_vml(STRING_CELL.format("是    否"), box(1, 0, 18), box(2, 0, 60, ticked=True))
    assert sheet_of(content) == [[(0, 1, 1, "是[empty form control]    否[ticked form control]")]]


def test_a_linked_cell_tells_the_state_and_is_not_shown() -> None:
    rows = '<row r="1"><c r="A1" t="b"><v>1</v></c><c r="C1" t="b"><v>0</v></c></row>'
    content = with_vml(rows, box(1, 0, 2, label="是", link="$A$1"))
    assert sheet_of(content) == [[(0, 1, 1, "[ticked form control]是"), (1, 1, 1, []), (2, 1, 1, "FALSE")]]


def test_an_option_button_counts_and_other_controls_do_not() -> None:
    content = with_vml(
        "", box(1, 0, 2, ticked=True, label="同意", kind="Radio"), box(2, 1, 2, label="钮", kind="Button")
    )
    assert sheet_of(content) == [[(0, 1, 1, "[ticked option button]同意")]]


def test_the_control_part_overrules_the_drawing_and_a_merged_cell_takes_its_boxes() -> None:
    control = (
        '<controls><control shapeId="1" r:id="rIdC"><controlPr><anchor><from><xdr:col>1</xdr:col><xdr:colOff>0</xdr:colOff>'
        "<xdr:row>0</xdr:row><xdr:rowOff>0</xdr:rowOff></from><to><xdr:col>1</xdr:col><xdr:colOff>90000</xdr:colOff>"
        "<xdr:row>0</xdr:row><xdr:rowOff>90000</xdr:rowOff></to></anchor></controlPr></control></controls>"
    )
    after = '<mergeCells><mergeCell ref="A1:C1"/></mergeCells>' + control
    content = with_vml(
        STRING_CELL.format("愿意"),
        box(1, 0, 0, label="是"),
        after=after,
        related={"rIdC": ("ctrlProp", "../ctrlProps/c.xml")},
        parts={"xl/ctrlProps/c.xml": f'<formControlPr xmlns="{CONTROL}" objectType="CheckBox" checked="Checked"/>'},
    )
    assert sheet_of(content) == [[(0, 3, 1, "愿意  [ticked form control]是")]]


def test_check_boxes_of_2024_are_boolean_cells() -> None:
    complement = (
        '<extLst><ext xmlns:x="x" uri="{C7286773-470A-42A8-94C5-96B5CB345126}"><x:xfComplement i="0"/></ext></extLst>'
    )
    styles = f"<fonts><font/></fonts><fills><fill/></fills><cellXfs><xf/><xf>{complement}</xf></cellXfs>"
    rows = '<row r="1"><c r="A1" s="1" t="b"><v>1</v></c><c r="B1" s="1" t="b"><v>0</v></c><c r="C1" t="b"><v>1</v></c></row>'
    bag = {"xl/featurePropertyBag/featurePropertyBag.xml": "<FeaturePropertyBags/>"}
    assert sheet_of(xlsx(rows, styles=styles, parts=bag)) == [
        [(0, 1, 1, "[ticked cell checkbox]"), (1, 1, 1, "[empty cell checkbox]"), (2, 1, 1, "TRUE")]
    ]


DRAWING = (
    '<xdr:wsDr xmlns:xdr="http://schemas.openxmlformats.org/drawingml/2006/spreadsheetDrawing"'
    ' xmlns:a="http://schemas.openxmlformats.org/drawingml/2006/main"'
    ' xmlns:r="http://schemas.openxmlformats.org/officeDocument/2006/relationships"><xdr:oneCellAnchor><xdr:from>'
    "<xdr:col>0</xdr:col><xdr:colOff>250000</xdr:colOff><xdr:row>0</xdr:row><xdr:rowOff>0</xdr:rowOff></xdr:from>"
    '<xdr:ext cx="150000" cy="150000"/>{}</xdr:oneCellAnchor></xdr:wsDr>'
)
DRAWN = [
    ("picture", '<xdr:pic><xdr:blipFill><a:blip r:embed="rId1"/></xdr:blipFill></xdr:pic>', "是[ticked picture ☑]"),
    ("text box", "<xdr:sp><xdr:txBody><a:p><a:r><a:t>√</a:t></a:r></a:p></xdr:txBody></xdr:sp>", "是√"),
    ("shape", '<xdr:sp><xdr:spPr><a:xfrm><a:ext cx="90000" cy="90000"/></a:xfrm></xdr:spPr></xdr:sp>', "是[unknown shape]"),
]  # fmt: skip


@pytest.mark.parametrize(("inner", "expected"), [row[1:] for row in DRAWN], ids=[row[0] for row in DRAWN])
def test_things_drawn_over_a_cell(inner: str, expected: str) -> None:
    links = '<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships"><Relationship Id="rId1" Type="x/image" Target="../media/i.png"/></Relationships>'
    parts = {
        "xl/drawings/d.xml": DRAWING.format(inner),
        "xl/drawings/_rels/d.xml.rels": links,
        "xl/media/i.png": png(square(tick_points())),
    }
    content = xlsx(STRING_CELL.format("是"), related={"rIdD": ("drawing", "../drawings/d.xml")}, parts=parts)
    assert sheet_of(content) == [[(0, 1, 1, expected)]]


def test_shared_strings_with_rich_text_and_phonetic_hints() -> None:
    strings = ['<r><t xml:space="preserve">是 </t></r><r><rPr><strike/></rPr><t>否</t></r><rPh><t>shi</t></rPh>']
    assert sheet_of(xlsx('<row><c t="s"><v>0</v></c><c t="s"><v>9</v></c></row>', strings=strings)) == [
        [(0, 1, 1, "是 <否:struck>")]
    ]


NUMBERS = [
    ("13800138000", "General", "13800138000"),
    ("13800138000.0", "General", "13800138000"),
    ("1.3800138E10", "General", "13800138000"),
    ("7", "0000", "0007"),
    ("0.25", "0%", "25%"),
    ("0.1", "General", "0.1"),
    ("1E+400", "General", "1E+400"),
    ("nan", "General", "nan"),
    ("x", "General", "x"),
]


@pytest.mark.parametrize(("text", "pattern", "expected"), NUMBERS)
def test_numbers_are_digits(text: str, pattern: str, expected: str) -> None:
    assert shown_number(text, CellStyle(pattern=pattern)) == expected


@pytest.mark.parametrize(
    ("pattern", "date"),
    [("yyyy\\-mm\\-dd", True), ('yyyy"年"m"月"d"日"', True), ("[$-804]yyyy年", True), ("General", False), ("0.00", False),
     ('#,##0"month"', False), ("@", False), ("G/通用格式", False)],
)  # fmt: skip
def test_date_patterns(pattern: str, date: bool) -> None:
    assert is_date_pattern(pattern) is date


@pytest.mark.parametrize(
    ("days", "shown"), [("42706", "2016-12-02"), ("42706.708333333336", "2016-12-02 17:00"), ("0.5", "12:00")]
)
def test_dates_from_day_numbers(days: str, shown: str) -> None:
    assert shown_number(days, CellStyle(date=True)) == shown


@given(st.integers(0, 16_383), st.integers(0, 1_048_575))
def test_references_go_both_ways(column: int, row: int) -> None:
    assert position(f"{get_column_letter(column + 1)}{row + 1}") == (row, column)
    assert position(f"${get_column_letter(column + 1)}${row + 1}") == (row, column)


def test_an_empty_cell_with_a_border_ends_the_row() -> None:
    book = openpyxl.Workbook()
    sheet = book.active
    assert sheet is not None
    sheet.append(["是", "√", "否"])
    for column in "ABCD":
        sheet[f"{column}1"].border = Border(right=Side("thin"))
    sheet["H1"].border = Border(right=Side("thin"))
    assert sheet_of(saved(book)) == [[(0, 1, 1, "是"), (1, 1, 1, "√"), (2, 1, 1, "否"), (3, 1, 1, [])]]


def test_grey_characters_are_faint() -> None:
    book = openpyxl.Workbook()
    sheet = book.active
    assert sheet is not None
    for column, colour in {"A": Color(rgb="FFA6A6A6"), "B": Color(indexed=23), "C": Color(theme=0, tint=-0.35)}.items():
        sheet[f"{column}1"] = "否"
        sheet[f"{column}1"].font = Font(color=colour)
    assert sheet_of(saved(book)) == [[(at, 1, 1, "<否:faint>") for at in range(3)]]


_OVER = (
    '<controls><control shapeId="1" r:id="rIdC"><controlPr><anchor><from><xdr:col>1</xdr:col><xdr:colOff>0</xdr:colOff>'
    "<xdr:row>0</xdr:row><xdr:rowOff>0</xdr:rowOff></from><to><xdr:col>2</xdr:col><xdr:colOff>0</xdr:colOff>"
    "<xdr:row>0</xdr:row><xdr:rowOff>90000</xdr:rowOff></to></anchor></controlPr></control></controls>"
)


@pytest.mark.parametrize(
    ("properties", "wanted"),
    [
        ('objectType="Drop" sel="2" fmlaRange="$F$1:$F$2"', "乙"),
        ('objectType="List" sel="1" fmlaRange="意向书!$F$1:$F$2"', "甲"),
        ('objectType="Drop" sel="0" fmlaRange="$F$1:$F$2"', []),
        ('objectType="Drop" sel="2" fmlaRange="Names"', "[unknown list]"),
        ('objectType="List" sel="1" selType="multi" fmlaRange="$F$1:$F$2"', "[unknown list]"),
        ('objectType="CheckBox" checked="Checked" fmlaLink="意向书!$F$3"', "[empty form control]"),
        ('objectType="CheckBox" checked="Checked" fmlaLink="别处!$F$3"', "[ticked form control]"),
    ],
)
def test_lists_to_choose_from_and_links_that_name_a_sheet(properties: str, wanted: object) -> None:
    rows = "".join(
        f'<row r="{at}"><c r="A{at}"><v>{at}</v></c><c r="F{at}" t="{kind}"><v>{text}</v></c></row>'
        for at, kind, text in ((1, "str", "甲"), (2, "str", "乙"), (3, "b", "0"))
    )
    content = xlsx(
        rows,
        after=_OVER,
        related={"rIdC": ("ctrlProp", "../ctrlProps/c.xml")},
        parts={"xl/ctrlProps/c.xml": f'<formControlPr xmlns="{CONTROL}" {properties}/>'},
    )
    (document,) = read(content)
    (first, *_) = plainly(document.blocks[0])
    assert next(shown for column, _, _, shown in first if column == 1) == wanted


def test_members_of_a_group_stand_at_their_own_places() -> None:
    def member(x: int, text: str) -> str:
        return (
            f'<xdr:sp><xdr:spPr><a:xfrm><a:off x="{x}" y="0"/><a:ext cx="100" cy="100"/></a:xfrm></xdr:spPr>'
            f"<xdr:txBody><a:p><a:r><a:t>{text}</a:t></a:r></a:p></xdr:txBody></xdr:sp>"
        )

    frame = '<a:off x="0" y="0"/><a:ext cx="2400000" cy="100000"/><a:chOff x="0" y="0"/><a:chExt cx="1200" cy="100"/>'
    drawing = (
        f'<xdr:wsDr xmlns:xdr="http://schemas.openxmlformats.org/drawingml/2006/spreadsheetDrawing" xmlns:a="http://schemas.openxmlformats.org/drawingml/2006/main">'
        "<xdr:twoCellAnchor><xdr:from><xdr:col>0</xdr:col><xdr:colOff>0</xdr:colOff><xdr:row>0</xdr:row>"
        "<xdr:rowOff>0</xdr:rowOff></xdr:from><xdr:to><xdr:col>4</xdr:col><xdr:colOff>0</xdr:colOff><xdr:row>0</xdr:row>"
        f"<xdr:rowOff>0</xdr:rowOff></xdr:to><xdr:grpSp><xdr:grpSpPr><a:xfrm>{frame}</a:xfrm></xdr:grpSpPr>"
        f"{member(10, '√')}{member(400, '甲')}</xdr:grpSp></xdr:twoCellAnchor></xdr:wsDr>"
    )
    content = xlsx(
        '<row r="1"><c r="D1"><v>1</v></c></row>',
        related={"rIdD": ("drawing", "../drawings/d.xml")},
        parts={"xl/drawings/d.xml": drawing},
    )
    (document,) = read(content)
    assert [shown for _, _, _, shown in plainly(document.blocks[0])[0]] == ["√", "甲", [], "1"]


def test_a_picture_put_into_a_cell_is_a_mark_not_understood() -> None:
    wps = '<c r="A1" t="str"><f>_xlfn.DISPIMG("ID_1",1)</f><v>=DISPIMG("ID_1",1)</v></c>'
    excel = '<c r="B1" t="e" vm="1"><v>#VALUE!</v></c>'
    assert sheet_of(xlsx(f'<row r="1">{wps}{excel}</row>')) == [
        [(0, 1, 1, "[unknown picture]"), (1, 1, 1, "[unknown picture]")]
    ]

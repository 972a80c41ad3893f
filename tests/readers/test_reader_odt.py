"""OpenDocument: one row a kind of mark, with exactly what comes out of it; tables, lists, sheets, bad files."""
# ruff: noqa: E501 (tables of samples read best with one row a line)

from __future__ import annotations

import base64

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from odt_samples import (
    COVERED,
    DEFAULT,
    FONTS,
    NAMESPACES,
    PARAGRAPHS,
    STYLES,
    cell,
    field_mark,
    frame,
    odt,
    p,
    span,
    table,
    text_box,
)
from reader_samples import plainly, png, square, stroke, tick_points, zipped
from test_reader_hostile import LAUGHS, mutated, repacked, shuffled

from intake.document import Table
from intake.errors import Damaged, Encrypted, NoOcr, TooDeep, TooLarge, Unreadable, Unsupported
from intake.readers import read
from intake.readers.sniff import sniff

FORMS = (
    '<office:forms><form:form><form:checkbox form:id="c1" form:current-state="checked"/>'
    '<form:checkbox form:id="c2" form:state="checked" form:current-state="unchecked" form:label="否"/>'
    '<form:checkbox form:id="c3"/><form:checkbox form:id="c4" form:current-state="unknown"/>'
    '<form:radio form:id="r1" form:current-selected="true"/><form:radio form:id="r2"/>'
    '<form:text form:id="t1" form:value="甲" form:current-value="示例"/>'
    '<form:listbox form:id="l1"><form:option form:label="是" form:current-selected="true"/><form:option form:label="否"/></form:listbox>'
    '<form:button form:id="b1" form:label="提交"/></form:form></office:forms>'
)
CHANGES = (
    '<text:tracked-changes><text:changed-region text:id="i1"><text:insertion/></text:changed-region>'
    '<text:changed-region text:id="d1"><text:deletion><text:p>□</text:p></text:deletion></text:changed-region>'
    '<text:changed-region text:id="f1"><text:format-change/></text:changed-region></text:tracked-changes>'
)
PICTURES = {
    "Pictures/tick.png": png(stroke()),
    "Pictures/box.png": png(square()),
    "Pictures/full.png": png(square(tick_points())),
}


def change(text: str, identity: str) -> str:
    return f'<text:change-start text:change-id="{identity}"/>{text}<text:change-end text:change-id="{identity}"/>'


def image(name: str, **more: str) -> str:
    return frame(f'<draw:image xlink:href="Pictures/{name}.png"/>', **more)


def control(identity: str) -> str:
    return f'<draw:control text:anchor-type="as-char" draw:control="{identity}"/>'


def path(d: str, more: str = "", **place: str) -> str:
    geometry = f'<draw:enhanced-geometry draw:type="non-primitive" draw:enhanced-path="{d}" {more}/>'
    return frame(geometry, tag="custom-shape", **place)


MARKS = [
    # symbols
    ("letter in Wingdings 2", span("R", "W2") + "是 " + span("£", "W2") + "否", "☑是 □否"),
    ("letter in Wingdings", span("þ", "W") + "是", "☑是"),
    ("font by its family", span("þ", "named") + "是", "☑是"),
    ("root in Symbol", span("Ö", "S"), "√"),
    ("private use with its font", span("\uf052", "W2") + span("\uf0fe", "W"), "☑☑"),
    ("private use in an Asian font", span("\uf0fe", "WA"), "☑"),
    ("private use without a font", "\uf0fe是\uf0a8否", "☑是□否"),
    ("Chinese in a symbol font", span("是", "W"), "是"),
    ("enclosing square", "√\u20de否", "[ticked enclosing square √]否"),
    # fields and controls
    ("form box", field_mark("FORMCHECKBOX", {"Checkbox_Checked": "true"}), "[ticked FORMCHECKBOX]"),
    ("form box empty", field_mark("FORMCHECKBOX"), "[empty FORMCHECKBOX]"),
    ("form box unchecked", field_mark("FORMCHECKBOX", {"Checkbox_Checked": "false"}), "[empty FORMCHECKBOX]"),
    ("form text", field_mark("FORMTEXT", tag="fieldmark-start") + "示例" + "<field:fieldmark-end/>", "示例"),
    ("form list", field_mark("FORMDROPDOWN", {"Dropdown_Selected": "0", "Dropdown_ListEntry": "是"}), "是"),
    ("EQ kept with its code", field_mark("UNHANDLED", {"vnd.oasis.opendocument.field.code": " eq \\o\\ac(□,√)"}, "fieldmark-start") + "x<field:fieldmark-end/>否", "[ticked EQ field √]否"),
    ("content control", '<loext:content-control loext:checkbox="true" loext:checked="true">☒</loext:content-control>', "[ticked content control ☒]"),
    ("glyph beats stored state", '<loext:content-control loext:checkbox="true" loext:checked="true">☐</loext:content-control>', "[empty content control ☐]"),
    ("own glyph named by the control", '<loext:content-control loext:checkbox="true" loext:checked-state="★">★</loext:content-control>', "[ticked content control ★]"),
    ("unknown glyph", '<loext:content-control loext:checkbox="true">★</loext:content-control>', "[unknown content control ★]"),
    ("no glyph", '<loext:content-control loext:checkbox="true" loext:checked="true"/>', "[ticked content control (stored state)]"),
    ("words in a check box", '<loext:content-control loext:checkbox="true">√是</loext:content-control>', "√是"),
    ("prompt", '<loext:content-control loext:showing-place-holder="true">单击此处</loext:content-control>是<text:placeholder>&lt;x&gt;</text:placeholder>', "是"),
    ("typed though flagged", '<loext:content-control loext:showing-place-holder="true">示例公司</loext:content-control>', "示例公司"),
    ("prompt by style", '<loext:content-control loext:showing-place-holder="true">' + span("姓名", "Placeholder_20_Text") + "</loext:content-control>", ""),
    ("drop-down", '<loext:content-control loext:dropdown="true">是</loext:content-control>', "是"),
    ("check box", control("c1") + "是", "[ticked form control]是"),
    ("check box with a caption", control("c2"), "[empty form control]否"),
    ("check box never touched", control("c3"), "[empty form control]"),
    ("check box of three states", control("c4"), "[unknown form control]"),
    ("control that is missing", control("none"), "[unknown form control]"),
    ("radio buttons", control("r1") + control("r2"), "[ticked form control][empty form control]"),
    ("text and list controls", control("t1") + control("l1") + control("b1"), "示例是"),
    ("link", '<text:a xlink:href="mailto:a@example.cn">a@example.cn</text:a>', "a@example.cn"),
    # looks
    ("strike", span("否", "strike"), "<否:struck>"),
    ("double strike by type alone", span("否", "double"), "<否:struck>"),
    ("type alone over an inherited style", span(span("否", "double"), "nostrike"), "<否:struck>"),
    ("strike ended inside", span(span("否", "nostrike") + "是", "strike"), "否<是:struck>"),
    ("highlight", span("是", "yellow") + span("否", "white"), "<是:highlighted>否"),
    ("underline and dots", span("是", "under") + span("否", "dots"), "<是否:underlined>"),
    ("bold", span("是", "bold"), "<是:bold>"),
    ("bold of Chinese alone", span("是", "asian"), "<是:bold>"),
    ("red over the colour of the window", span("是", "red"), "<是:coloured>"),
    ("grey", span("是", "grey"), "<是:faint>"),
    ("automatic colour inside red", span(span("是", "auto"), "red"), "是"),
    ("border", span("√", "border") + span("否", "noborder"), "<√:bordered>否"),
    ("hidden", "是" + span("否", "hidden"), "是"),
    ("hidden by a field", '是<text:hidden-text text:is-hidden="true">否</text:hidden-text>', "是"),
    ("unknown style", span("是", "none"), "是"),
    # changes, comments, other text
    ("tracked change", '<text:change text:change-id="d1"/>' + change("☑", "i1") + "是", "<☑:inserted>是"),
    ("change of format", change("是", "f1"), "是"),
    ("deletion left in place", change("否", "d1") + "是", "是"),
    ("comment", "是<office:annotation><dc:creator>A</dc:creator><text:p>改为否</text:p></office:annotation>", "是{改为否}"),
    ("comment on a stretch", '<office:annotation office:name="n"><text:p>改</text:p></office:annotation>是<office:annotation-end office:name="n"/>', "是{改}"),
    ("spaces, tabs, breaks", ' 是\n  □<text:s text:c="3"/>否<text:tab/>a<text:line-break/>b ', "是 □   否\ta\nb "),
    ("spaces between spans", span("是 ", "bold") + " □", "<是 :bold>□"),
    ("ruby that is a tick", "<text:ruby><text:ruby-base>□</text:ruby-base><text:ruby-text>√</text:ruby-text></text:ruby>", "□√"),
    ("ruby", "<text:ruby><text:ruby-base>是</text:ruby-base><text:ruby-text>shi</text:ruby-text></text:ruby>", "是"),
    # drawn things
    ("text box over the box", frame(text_box(p("√")), x="0.4cm") + "是□  否□", "是□√ 否□"),
    ("text box far away", frame(text_box(p("√")), x="15cm") + "是□ 否□", "[unknown floating text √]是□ 否□"),
    ("shape with text", frame(p("√"), x="0.4cm", tag="custom-shape") + "是□  否□", "是□√ 否□"),
    ("drawn tick", path("M 0 50 L 35 90 100 0 N", x="1.6cm") + "是□  否□", "是□ 否□[ticked shape √]"),
    ("drawn tick, relative", '<draw:path text:anchor-type="as-char" svg:width="0.5cm" svg:height="0.5cm" svg:d="m0 50l35 40 65-90"/>', "[ticked shape √]"),
    ("mirrored tick", path("M 0 50 L 35 90 100 0 N", 'draw:mirror-horizontal="true"'), "[unknown shape]"),
    ("curve", path("M 0 50 C 35 90 100 0 9 9 N"), "[unknown shape]"),
    ("line of several corners", '<draw:polyline text:anchor-type="as-char" svg:width="0.5cm" svg:height="0.5cm" draw:points="0,50 35,90 100,0"/>', "[ticked shape √]"),
    ("ring", frame("", tag="ellipse"), "[unknown shape]"),
    ("empty square", frame("", tag="rect"), "[empty shape □]"),
    ("filled square", frame("", tag="rect", style="none"), "[unknown shape]"),
    ("hidden shape", frame("", tag="rect").replace("<draw:rect", '<draw:rect draw:display="none"'), ""),
    ("large shape", frame("", tag="rect", width="9cm"), ""),
    ("group of controls", f'<draw:g text:anchor-type="as-char">{control("c1")}{control("c3")}</draw:g>', "[ticked form control][empty form control]"),
    ("picture of a tick", "是" + image("tick"), "是[ticked picture √]"),
    ("picture of an empty box", image("box"), "[empty picture □]"),
    ("picture of a ticked box", image("full"), "[ticked picture ☑]"),
    ("picture that is missing", image("none"), "[unknown picture]"),
    ("large picture", "是" + image("tick", width="9cm"), "是"),
    ("empty text box", frame(text_box("<text:p/>")) + "是", "是"),
]  # fmt: skip


@pytest.mark.parametrize(("inner", "expected"), [pytest.param(*mark[1:], id=mark[0]) for mark in MARKS])
def test_each_mark_comes_out(inner: str, expected: str) -> None:
    (document,) = read(odt(p(inner), before=FORMS + CHANGES, parts=PICTURES))
    assert document.format == "odt"
    assert plainly(document.blocks[0]) == expected


SPAN_2 = 'table:number-columns-spanned="2"'
BLOCKS = [
    ("plain", table(cell("一") + cell("二")), [[[(0, 1, 1, "一"), (1, 1, 1, "二")]]]),
    ("empty cell", table(cell("一") + cell("")), [[[(0, 1, 1, "一"), (1, 1, 1, [])]]]),
    ("spans", table(cell("一", SPAN_2) + COVERED + cell("二")), [[[(0, 2, 1, "一"), (2, 1, 1, "二")]]]),
    (
        "vertical merge",
        table(cell("一", 'table:number-rows-spanned="2"') + cell("二"), COVERED + cell("三")),
        [[[(0, 1, 2, "一"), (1, 1, 1, "二")], [(1, 1, 1, "三")]]],
    ),
    (
        "repeated covered cells",
        table(
            cell("一", 'table:number-columns-spanned="3"')
            + '<table:covered-table-cell table:number-columns-repeated="2"/>'
            + cell("二")
        ),
        [[[(0, 3, 1, "一"), (3, 1, 1, "二")]]],
    ),
    ("repeated cells", table(cell("√", 'table:number-columns-repeated="2"')), [[[(0, 1, 1, "√"), (1, 1, 1, "√")]]]),
    (
        "repeated rows",
        '<table:table><table:table-row table:number-rows-repeated="2">'
        + cell("√")
        + "</table:table-row></table:table>",
        [[[(0, 1, 1, "√")], [(0, 1, 1, "√")]]],
    ),
    (
        "head rows",
        "<table:table><table:table-header-rows><table:table-row>"
        + cell("一")
        + "</table:table-row></table:table-header-rows></table:table>",
        [[[(0, 1, 1, "一")]]],
    ),
    (
        "hidden row",
        '<table:table><table:table-row table:visibility="collapse">'
        + cell("一")
        + "</table:table-row><table:table-row>"
        + cell("二")
        + "</table:table-row></table:table>",
        [[[(0, 1, 1, "二")]]],
    ),
    (
        "nested",
        table("<table:table-cell>" + p("甲") + table(cell("一")) + "</table:table-cell>"),
        [[[(0, 1, 1, ["甲", [[(0, 1, 1, "一")]]])]]],
    ),
    ("shaded cell", table(cell("一", 'table:style-name="yellowcell"')), [[[(0, 1, 1, "<一:shaded>")]]]),
    ("shaded paragraph", p("一", "Shaded"), ["<一:shaded>"]),
    ("styles and their parents", p("一", "Child") + p("二", "Loop"), ["<一:bold+coloured>", "<二:bold>"]),
    ("heading", "<text:h>一</text:h>", ["一"]),
    (
        "sections",
        "<text:section>" + p("一") + '</text:section><text:section text:display="none">' + p("二") + "</text:section>",
        ["一"],
    ),
    (
        "numbers",
        '<text:list text:style-name="L1"><text:list-item>'
        + p("一")
        + "</text:list-item><text:list-item>"
        + p("二")
        + "<text:list><text:list-item>"
        + p("三")
        + "</text:list-item></text:list></text:list-item></text:list>",
        ["1.\t一", "2.\t二", "（一）\t三"],
    ),
    (
        "numbers that go on",
        '<text:list text:style-name="L1"><text:list-item>'
        + p("一")
        + '</text:list-item></text:list><text:list text:style-name="L1" text:continue-numbering="true"><text:list-item>'
        + p("二")
        + '</text:list-item></text:list><text:list text:style-name="L1"><text:list-item text:start-value="7">'
        + p("三")
        + "</text:list-item></text:list>",
        ["1.\t一", "2.\t二", "7.\t三"],
    ),
    (
        "bullets",
        '<text:list text:style-name="L2"><text:list-item>'
        + p("是")
        + '</text:list-item></text:list><text:list text:style-name="L3"><text:list-item>'
        + p("否")
        + "</text:list-item></text:list>",
        ["[empty sym F0A8 □]是", "否"],
    ),
    ("text box of several lines", p(frame(text_box(p("一") + p("二"))) + "三"), ["三", "一", "二"]),
    ("frame on the page", frame(text_box(p("一")), x="1cm") + p("二"), ["一", "二"]),
    (
        "footnotes come last",
        p(
            "一<text:note><text:note-citation>1</text:note-citation><text:note-body>"
            + p("注")
            + "</text:note-body></text:note>"
        )
        + p("二"),
        ["一", "二", "注"],
    ),
    (
        "index",
        "<text:table-of-content><text:index-body>" + p("目录") + "</text:index-body></text:table-of-content>",
        ["目录"],
    ),
]


@pytest.mark.parametrize(("body", "expected"), [row[1:] for row in BLOCKS], ids=[row[0] for row in BLOCKS])
def test_blocks_stand_in_order(body: str, expected: list[object]) -> None:
    (document,) = read(odt(body))
    assert [plainly(block) for block in document.blocks] == expected


def test_a_table_in_a_drawn_shape_is_a_table() -> None:
    """LibreOffice writes it under a name of its own, because OpenDocument knows none there."""
    inside = table(cell("单位名称") + cell("示例大学"), cell("联系人") + cell("张三"))
    shape = frame(inside.replace("table:table", "loext:table"), x="0cm", width="12cm", tag="custom-shape")
    for drawn in (shape, frame(text_box(inside), x="0cm")):
        (document,) = read(odt(p(drawn)))
        (found,) = (block for block in document.blocks if isinstance(block, Table))
        assert [[one.text for one in row] for row in found.rows] == [["单位名称", "示例大学"], ["联系人", "张三"]]


def test_documents_of_ours_carry_a_mark() -> None:
    (document,) = read(odt(p("是"), meta='<meta:user-defined meta:name="cipsa-intake">receipt</meta:user-defined>'))
    assert document.marks == ("receipt",)


def test_what_is_worth_knowing_is_noted() -> None:
    body = p(
        '是<text:change text:change-id="d1"/><office:annotation><text:p>改</text:p></office:annotation>'
        + image("tick", width="9cm")
    )
    (document,) = read(odt(body, parts=PICTURES))
    assert document.notes == ("tracked changes", "comments", "pictures")


def test_a_flat_file_is_read_alike() -> None:
    picture = frame(
        f"<draw:image><office:binary-data>{base64.b64encode(png(stroke())).decode()}</office:binary-data></draw:image>"
    )
    flat = (
        f'<?xml version="1.0"?>\n<office:document {NAMESPACES}><office:styles>{DEFAULT}</office:styles>{FONTS}'
        f"<office:automatic-styles>{STYLES}{PARAGRAPHS}</office:automatic-styles>"
        f"<office:body><office:text>{p(span('是', 'red') + picture)}</office:text></office:body></office:document>"
    ).encode()
    assert sniff(flat) == "odt"
    (document,) = read(flat)
    assert [plainly(block) for block in document.blocks] == ["<是:coloured>[ticked picture √]"]


def test_sheets_are_tables_with_their_names() -> None:
    rows = (
        "<table:table-row>" + cell("单位名称") + cell("示例公司") + '<table:table-cell table:number-columns-repeated="16000"/></table:table-row>'
        '<table:table-row table:number-rows-repeated="3"><table:table-cell/></table:table-row>'
        "<table:table-row><table:table-cell/>" + cell(control("c1")) + "</table:table-row>"
        '<table:table-row table:number-rows-repeated="1048000"><table:table-cell/></table:table-row>'
        "<table:table-row><table:table-cell>" + p("末") + "<office:annotation><text:p>批注</text:p></office:annotation></table:table-cell></table:table-row>"
    )  # fmt: skip
    content = odt(f'<table:table table:name="意向书">{FORMS}{rows}</table:table>', kind="spreadsheet")
    assert sniff(content) == "ods"
    (document,) = read(content)
    assert document.format == "ods"
    first, second = document.blocks
    assert (first.name, first.first_row, second.first_row) == ("意向书", 1, 1_048_006)  # type: ignore[union-attr]
    assert plainly(first) == [
        [(0, 1, 1, "单位名称"), (1, 1, 1, "示例公司")],
        [],
        [],
        [],
        [(0, 1, 1, []), (1, 1, 1, "[ticked form control]")],
    ]
    assert plainly(second) == [[(0, 1, 1, "末{批注}")]]


def test_what_lies_over_a_sheet_goes_to_its_cell() -> None:
    box = '<draw:control draw:control="c1" svg:x="0.6cm" svg:y="0.1cm" svg:width="0.4cm" svg:height="0.4cm"/>'
    rows = "<table:table-row>" + cell("加入") + f"<table:table-cell>{p('是')}{box}</table:table-cell></table:table-row>"
    high = '<table:table-row table:visibility="collapse">' + cell("藏") + "</table:table-row>"
    shapes = f"<table:shapes>{box.replace('c1', 'c3').replace('0.6cm', '0.2cm')}</table:shapes>"
    (document,) = read(
        odt(f'<table:table table:name="S">{FORMS}{shapes}{rows}{high}{rows}</table:table>', kind="spreadsheet")
    )
    first, hidden, third = plainly(document.blocks[0])  # type: ignore[misc]
    assert first == [(0, 1, 1, "加[empty form control]入"), (1, 1, 1, "是[ticked form control]")]
    assert hidden == []
    assert third == [(0, 1, 1, "加入"), (1, 1, 1, "是[ticked form control]")]


def test_a_linked_cell_sets_its_box_and_is_not_shown() -> None:
    forms = FORMS.replace('form:id="c1"', 'form:id="c1" form:linked-cell="S.B1"')
    box = '<draw:control draw:control="c1" svg:x="0.2cm" svg:y="0.1cm" svg:width="0.4cm" svg:height="0.4cm"/>'
    value = (
        f'<table:table-cell office:value-type="boolean" office:boolean-value="false">{p("FALSE")}</table:table-cell>'
    )
    rows = f"<table:table-row><table:table-cell>{p('是')}{box}</table:table-cell>{value}</table:table-row>"
    (document,) = read(odt(f'<table:table table:name="S">{forms}{rows}</table:table>', kind="spreadsheet"))
    assert document.text.strip() == "是☐"


def test_numbers_merges_and_looks_of_a_sheet() -> None:
    number = (
        f'<table:table-cell office:value-type="float" office:value="13800000001">{p("1.38E+10")}</table:table-cell>'
    )
    rows = (
        "<table:table-row>"
        + cell("一", 'table:number-columns-spanned="2" table:style-name="redcell"')
        + COVERED
        + number
        + "</table:table-row>"
        "<table:table-row>" + cell("是") + cell("二<text:line-break/>三") + "</table:table-row>"
    )
    (document,) = read(odt(f'<table:table table:name="S">{rows}</table:table>', kind="spreadsheet"))
    assert plainly(document.blocks[0]) == [
        [(0, 2, 1, "<一:coloured>"), (2, 1, 1, "13800000001")],
        [(0, 1, 1, "是"), (1, 1, 1, ["二", "三"]), (2, 1, 1, [])],
    ]


REPEATED = '<table:table><table:table-row table:number-rows-repeated="1000"><table:table-cell table:number-columns-repeated="1000">'
END = "</table:table-cell></table:table-row></table:table>"
BAD = [
    ("no content", zipped({"mimetype": "x", "content.xml": "<x/>"}), Damaged),
    ("content that is no XML", zipped({"mimetype": "x", "content.xml": "是"}), Damaged),
    ("a drawing", odt("", kind="drawing"), Unsupported),
    ("a password", odt(p("x"), parts={"META-INF/manifest.xml": "<manifest:encryption-data/>"}), Encrypted),
    (
        "a password round the whole",
        zipped({"mimetype": "application/vnd.oasis.opendocument.text", "encrypted-package": b"x"}),
        Encrypted,
    ),
    ("entities", zipped({"mimetype": "x", "content.xml": LAUGHS}), Damaged),
    ("repeated without end", odt(REPEATED + p("x") + END), TooLarge),
    ("repeated on a sheet", odt(REPEATED.replace("1000", "16000") + p("x") + END, kind="spreadsheet"), TooLarge),
    ("repeated in repeated", odt(REPEATED.replace("1000", "90") * 4 + p("x") + END * 4), TooLarge),
    ("tables 10,000 deep", odt("<table:table><table:table-row><table:table-cell>" * 10_000 + END * 10_000), TooDeep),
    ("a scan", odt(p(image("tick", width="18cm")), parts=PICTURES), NoOcr),
]


@pytest.mark.parametrize(("content", "error"), [row[1:] for row in BAD], ids=[row[0] for row in BAD])
def test_a_bad_file_is_refused_with_its_reason(content: bytes, error: type[Unreadable]) -> None:
    with pytest.raises(Unreadable) as caught:
        read(content)
    assert type(caught.value) is error


WHOLE = odt(
    "".join(p(mark[1]) for mark in MARKS) + "".join(row[1] for row in BLOCKS), before=FORMS + CHANGES, parts=PICTURES
)


def outcome(content: bytes) -> str:
    try:
        return "read" if read(content, "a.odt") else "nothing"
    except Unreadable as error:
        return error.code


SHEETS = odt(
    f'<table:table table:name="S">{FORMS}<table:shapes>{frame("", tag="rect", x="1cm")}{control("c1")}</table:shapes>'
    '<table:table-column table:number-columns-repeated="3"/><table:table-column table:visibility="collapse"/>'
    + "".join(f"<table:table-row>{cell(mark[1])}{cell('是', SPAN_2)}{COVERED}</table:table-row>" for mark in MARKS[::4])
    + '<table:table-row table:number-rows-repeated="900"><table:table-cell table:style-name="yellowcell"/></table:table-row>'
    "</table:table>",
    kind="spreadsheet",
)


@settings(max_examples=120)
@given(st.sampled_from([WHOLE, SHEETS]), st.sampled_from([mutated, repacked, shuffled]), st.integers(0, 2**32))
def test_mutated_files_raise_nothing_but_unreadable(content: bytes, alter: object, seed: int) -> None:
    code = outcome(alter(content, seed))  # type: ignore[operator]
    assert code in ("read", "damaged", "encrypted", "unsupported", "too-large", "too-deep", "no-ocr")


@given(st.text(alphabet="MLmlNFSZC 0123456789.-,?", max_size=60), st.text(max_size=12))
def test_any_path_and_measure_is_read(d: str, width: str) -> None:
    from html import escape

    shape = f'<draw:path svg:d="{d}" svg:width="0.5cm" svg:height="{escape("".join(c for c in width if c.isprintable()))}"/>'
    assert outcome(odt(p(shape))) in ("read", "damaged")

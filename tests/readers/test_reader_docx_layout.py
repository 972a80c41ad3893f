"""Word documents: paragraphs, tables, revisions of structure, numbering, packages."""
# ruff: noqa: E501 (tables of samples read best with one row a line)

from __future__ import annotations

import pytest
from reader_samples import NAMESPACES, docx, p, part, pieces, plainly, run, table, tbl, tc, zipped

from intake.errors import NoOcr
from intake.readers import read
from intake.readers.docx_numbering import chinese

SPAN_2 = '<w:gridSpan w:val="2"/>'


def cell(text: str, properties: str = "") -> str:
    return tc(p(run(text)) if text else p(""), properties)


def shown(body: str, **more: object) -> list[object]:
    (document,) = read(docx(body, **more))  # type: ignore[arg-type]
    return [plainly(block) for block in document.blocks]


def sdt(inner: str) -> str:
    return f"<w:sdt><w:sdtPr/><w:sdtContent>{inner}</w:sdtContent></w:sdt>"


TABLES = [
    ("plain", tbl(cell("一") + cell("二")), [[(0, 1, 1, "一"), (1, 1, 1, "二")]]),
    ("empty cell", tbl(cell("一") + cell("")), [[(0, 1, 1, "一"), (1, 1, 1, [])]]),
    ("spans", tbl(cell("一") + cell("二", SPAN_2) + cell("三")), [[(0, 1, 1, "一"), (1, 2, 1, "二"), (3, 1, 1, "三")]]),
    (
        "grid before",
        "<w:tbl><w:tr><w:trPr><w:gridBefore w:val='2'/></w:trPr>" + cell("一") + "</w:tr></w:tbl>",
        [[(2, 1, 1, "一")]],
    ),
    (
        "vertical merge",
        tbl(
            cell("基本", '<w:vMerge w:val="restart"/>') + cell("一"),
            cell("", "<w:vMerge/>") + cell("二"),
            cell("", '<w:vMerge w:val="continue"/>') + cell("三"),
            cell("末") + cell("四"),
        ),
        [[(0, 1, 3, "基本"), (1, 1, 1, "一")], [(1, 1, 1, "二")], [(1, 1, 1, "三")], [(0, 1, 1, "末"), (1, 1, 1, "四")]],
    ),
    (
        "a merge that continues nothing is a cell",
        tbl(cell("一", "<w:vMerge/>")),
        [[(0, 1, 1, "一")]],
    ),
    (
        "old horizontal merge",
        tbl(cell("一", '<w:hMerge w:val="restart"/>') + cell("", '<w:hMerge w:val="continue"/>') + cell("二")),
        [[(0, 2, 1, "一"), (2, 1, 1, "二")]],
    ),
    ("control round a row", "<w:tbl>" + sdt(f"<w:tr>{cell('一')}</w:tr>") + "</w:tbl>", [[(0, 1, 1, "一")]]),
    ("control round a cell", tbl(cell("一") + sdt(cell("二"))), [[(0, 1, 1, "一"), (1, 1, 1, "二")]]),
    ("control round a paragraph", tbl(tc(sdt(p(run("一"))))), [[(0, 1, 1, "一")]]),
    (
        "deleted and hidden rows",
        "<w:tbl><w:tr><w:trPr><w:del/></w:trPr>" + cell("删") + "</w:tr><w:tr><w:trPr><w:hidden/></w:trPr>"
        + cell("藏") + "</w:tr><w:tr><w:trPr><w:ins/></w:trPr>" + cell("增") + "</w:tr></w:tbl>",
        [[(0, 1, 1, "增")]],
    ),
    ("deleted cell", tbl(cell("删", "<w:cellDel/>") + cell("留")), [[(0, 1, 1, "留")]]),
    ("two paragraphs", tbl(tc(p(run("一")) + p(run("二")))), [[(0, 1, 1, ["一", "二"])]]),
    ("nested table", tbl(tc(tbl(cell("内")) + p(""))), [[(0, 1, 1, [[[(0, 1, 1, "内")]], ""])]]),
    ("shaded cell", tbl(cell("是", '<w:shd w:val="clear" w:fill="FFFF00"/>')), [[(0, 1, 1, "<是:shaded>")]]),
    ("absurd span", tbl(cell("一", '<w:gridSpan w:val="99999999"/>')), [[(0, 1000, 1, "一")]]),
    ("span that is no number", tbl(cell("一", '<w:gridSpan w:val="x"/>')), [[(0, 1, 1, "一")]]),
]  # fmt: skip


@pytest.mark.parametrize(("body", "expected"), [row[1:] for row in TABLES], ids=[row[0] for row in TABLES])
def test_a_table_keeps_its_grid(body: str, expected: object) -> None:
    (document,) = read(docx(body))
    assert plainly(table(document)) == expected


PARAGRAPHS = [
    ("deleted mark joins", p(run("一"), "<w:rPr><w:del/></w:rPr>") + p(run("二")), ["一二"]),
    ("moved mark joins", p(run("一"), "<w:rPr><w:moveFrom/></w:rPr>") + p(run("二")), ["一二"]),
    ("hidden mark joins", p(run("一"), "<w:rPr><w:vanish/></w:rPr>") + p(run("二")), ["一二"]),
    ("a deleted paragraph is gone", p(f"<w:del>{run('一')}</w:del>", "<w:rPr><w:del/></w:rPr>"), []),
    ("deleted mark before a table", p(run("一"), "<w:rPr><w:del/></w:rPr>") + tbl(cell("二")), ["一", [[(0, 1, 1, "二")]]]),
    ("empty paragraph stays", p("") + p(run("一")), ["", "一"]),
    ("field over two paragraphs", p(run(inner='<w:fldChar w:fldCharType="begin"/><w:instrText>QUOTE</w:instrText><w:fldChar w:fldCharType="separate"/>') + run("一")) + p(run("二", inner='<w:fldChar w:fldCharType="end"/>')), ["一", "二"]),
    ("control round paragraphs", sdt(p(run("一")) + p(run("二"))), ["一", "二"]),
    ("insertion round a paragraph", f"<w:ins>{p(run('一'))}</w:ins>", ["一"]),
    ("text box of several paragraphs", p(run("一") + run(inner=f"<w:pict><v:shape><v:textbox><w:txbxContent>{p(run('二'))}{p(run('三'))}</w:txbxContent></v:textbox></v:shape></w:pict>")), ["一", "二", "三"]),
    ("table in a text box", p(run(inner=f"<w:pict><v:shape><v:textbox><w:txbxContent>{tbl(cell('二'))}</w:txbxContent></v:textbox></v:shape></w:pict>")), ["", [[(0, 1, 1, "二")]]]),
    ("shaded paragraph", p(run("一"), '<w:shd w:val="clear" w:fill="FFFF00"/>'), ["<一:shaded>"]),
]  # fmt: skip


@pytest.mark.parametrize(("body", "expected"), [row[1:] for row in PARAGRAPHS], ids=[row[0] for row in PARAGRAPHS])
def test_paragraphs_stand_as_all_changes_accepted(body: str, expected: list[object]) -> None:
    assert shown(body) == expected


def numbering(*levels: str) -> dict[str, object]:
    inner = "".join(f'<w:lvl w:ilvl="{at}"><w:start w:val="1"/>{level}</w:lvl>' for at, level in enumerate(levels))
    root = part("numbering", f'<w:abstractNum w:abstractNumId="5">{inner}</w:abstractNum>'
                '<w:num w:numId="1"><w:abstractNumId w:val="5"/></w:num>')  # fmt: skip
    return {"related": {"rId7": ("numbering", "numbering.xml")}, "parts": {"word/numbering.xml": root}}


def item(text: str, level: int = 0) -> str:
    return p(run(text), f'<w:numPr><w:ilvl w:val="{level}"/><w:numId w:val="1"/></w:numPr>')


def test_automatic_numbers_are_shown() -> None:
    levels = numbering(
        '<w:numFmt w:val="chineseCounting"/><w:suff w:val="nothing"/><w:lvlText w:val="%1、"/>',
        '<w:numFmt w:val="decimal"/><w:suff w:val="space"/><w:lvlText w:val="%1.%2"/>',
    )
    body = item("单位名称") + item("甲", 1) + item("乙", 1) + item("联系人") + item("丙", 1)
    assert shown(body, **levels) == ["一、单位名称", "一.1 甲", "一.2 乙", "二、联系人", "二.1 丙"]


def test_a_bullet_is_shown_only_where_it_is_a_box() -> None:
    box = '<w:numFmt w:val="bullet"/><w:lvlText w:val="\uf0a8"/><w:rPr><w:rFonts w:ascii="Wingdings"/></w:rPr>'
    dot = '<w:numFmt w:val="bullet"/><w:lvlText w:val="\uf06c"/><w:rPr><w:rFonts w:ascii="Wingdings"/></w:rPr>'
    assert shown(item("是") + item("其他", 1), **numbering(box, dot)) == ["[empty sym F0A8 □]是", "其他"]


def test_numbers_of_a_paragraph_style() -> None:
    styles = (
        '<w:style w:type="paragraph" w:styleId="n"><w:pPr><w:numPr><w:numId w:val="1"/></w:numPr></w:pPr></w:style>'
    )
    levels = numbering('<w:numFmt w:val="decimal"/><w:lvlText w:val="%1."/>')
    assert shown(p(run("一"), '<w:pStyle w:val="n"/>'), styles=styles, **levels) == ["1.\t一"]


@pytest.mark.parametrize(
    ("count", "text"), [(1, "一"), (10, "十"), (12, "十二"), (20, "二十"), (99, "九十九"), (100, "100")]
)
def test_chinese_figures(count: int, text: str) -> None:
    assert chinese(count) == text


def test_style_looks_are_those_really_shown() -> None:
    styles = (
        '<w:style w:type="paragraph" w:styleId="label"><w:rPr><w:b/></w:rPr></w:style>'
        '<w:style w:type="character" w:styleId="strong"><w:rPr><w:b/></w:rPr></w:style>'
    )
    body = run("标签") + run("是", '<w:rStyle w:val="strong"/>') + run("否", '<w:b w:val="0"/>')
    assert shown(p(body, '<w:pStyle w:val="label"/>'), styles=styles) == ["<标签:bold>是否"]


def test_runs_of_the_same_looks_are_one_piece() -> None:
    (document,) = read(docx(p(run("是 ") + run("☑", "<w:sz w:val='30'/>") + run("　否"))))
    assert [piece.text for piece in pieces(document)] == ["是 ☑　否"]  # type: ignore[union-attr]


def test_strict_namespaces_and_other_part_names() -> None:
    strict = (
        '<w:document xmlns:w="http://purl.oclc.org/ooxml/wordprocessingml/main"><w:body><w:p><w:r>'
        '<w:sym w:font="Wingdings" w:char="F0FE"/></w:r></w:p></w:body></w:document>'
    )
    links = (
        '<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships"><Relationship Id="a"'
        ' Type="http://purl.oclc.org/ooxml/officeDocument/relationships/officeDocument" Target="/word/document2.xml"/>'
        "</Relationships>"
    )
    (document,) = read(zipped({"_rels/.rels": links, "word/document2.xml": strict}))
    assert plainly(document.blocks[0]) == "[ticked sym F0FE ☑]"


def test_a_document_in_utf_16() -> None:
    content = part("document", f"<w:body>{p(run('示例'))}</w:body>").replace("UTF-8", "UTF-16").encode("utf-16")
    links = (
        '<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships"><Relationship Id="a"'
        ' Type="x/officeDocument" Target="word/document.xml"/></Relationships>'
    )
    (document,) = read(zipped({"_rels/.rels": links, "word/document.xml": content}))
    assert document.text == "示例"


def test_documents_of_ours_carry_a_mark() -> None:
    (document,) = read(docx(p(run("回执")), properties={"cipsa-intake": "receipt", "KSOProductBuildVer": "2052-11"}))
    assert document.marks == ("receipt",)
    assert document.notes == ("WPS 2052-11",)


def test_footnotes_come_after_the_text() -> None:
    notes = part("footnotes", f'<w:footnote w:id="2">{p(run("已是会员"))}</w:footnote>')
    body = p(run("是", inner='<w:footnoteReference w:id="2"/>'))
    related = {"rId8": ("footnotes", "footnotes.xml")}
    assert shown(body, related=related, parts={"word/footnotes.xml": notes}) == ["是", "已是会员"]


def test_chunks_of_other_formats_are_left_with_a_note() -> None:
    (document,) = read(docx('<w:altChunk r:id="rId5"/>' + p(run("一"))))
    assert (document.text, document.notes) == ("一", ("altChunk ignored",))


def test_a_document_of_pictures_alone_is_a_scan() -> None:
    big = (
        '<w:drawing><wp:inline><wp:extent cx="5000000" cy="7000000"/><a:graphic><a:graphicData><pic:pic><pic:blipFill>'
        '<a:blip r:embed="rId4"/></pic:blipFill></pic:pic></a:graphicData></a:graphic></wp:inline></w:drawing>'
    )
    with pytest.raises(NoOcr):
        read(docx(p(run(inner=big))))
    assert "pictures" in read(docx(p(run("说明", inner=big))))[0].notes


def test_the_namespaces_of_the_samples_are_words_own() -> None:
    assert "wordprocessingml/2006/main" in NAMESPACES

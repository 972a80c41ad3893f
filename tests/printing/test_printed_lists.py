"""The files of `intake print`: what stands in them, that they print well, and that they are the same each time."""

from __future__ import annotations

import io
import re
import time
import zipfile
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from docx import Document
from openpyxl import load_workbook

from intake.errors import WrongConfiguration
from intake.readers.docx import read_docx
from intake.readers.xlsx import read_xlsx
from program.printing import excel, name_list, paper, word
from program.printing.columns import Column
from program.printing.name_list import NameList

NOW = datetime(2016, 12, 5, 2, 0, tzinfo=UTC)
COLUMNS = (
    Column("序号", "whole", centred=True),
    Column("单位名称"),
    Column("联系人", "whole", centred=True, most_mm=26),
    Column("职务", centred=True),
    Column("电话", "whole", centred=True),
    Column("签到", "room"),
)
LONG = "北京示例知识产权代理（集团）股份有限公司中关村科技园区第一分公司"
ROWS = (
    ("1", "示例大学", "示例甲", "处长", "010-00000001", ""),
    ("2", LONG, "欧阳示例", "知识产权部副主任", "13800000000", ""),
    ("3", "=1+1", "@SUM(A1)", "-1", "+86 10 00000002", ""),
)
SAMPLE = NameList("示例成立大会签到表", "时间：　　　地点：", "共3家", COLUMNS, ROWS, "排名不分先后", 13.0)
WRITERS = {"docx": word.document, "xlsx": excel.book}
W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"


def test_the_columns_fill_the_page_and_no_telephone_is_broken() -> None:
    widths = paper.widths_mm(SAMPLE)
    assert sum(widths) == pytest.approx(180, abs=1)
    rigid = {"序号": "3", "联系人": "欧阳示例", "电话": "+86 10 00000002"}
    for column, width in zip(COLUMNS, widths, strict=True):
        if column.heading in rigid:
            assert width >= paper.width_of(rigid[column.heading]) * 12 / 2 * 25.4 / 72 + 3.8
    assert widths[-1] >= 30  # room for a signature


@pytest.mark.parametrize("rows", [(), ROWS[:1], ROWS * 400])
def test_few_and_many_rows_fit_across(rows: tuple[tuple[str, ...], ...]) -> None:
    for landscape in (False, True):
        made = replace(SAMPLE, rows=rows, landscape=landscape)
        assert sum(paper.widths_mm(made)) <= paper.usable_mm(made) + 0.5


def test_a_word_list_has_its_heading_on_each_page_and_numbers_them() -> None:
    document = Document(io.BytesIO(word.document(SAMPLE, NOW)))
    (table,) = document.tables
    section = document.sections[0]
    assert (round(section.page_width.mm), round(section.page_height.mm)) == (210, 297)
    assert [cell.text for cell in table.rows[0].cells] == [column.heading for column in COLUMNS]
    assert [[cell.text for cell in row.cells] for row in table.rows[1:]] == [list(row) for row in ROWS]
    heads = [row._tr.find(f"{W}trPr/{W}tblHeader") is not None for row in table.rows]
    assert heads == [True, False, False, False]
    assert all(row._tr.find(f"{W}trPr/{W}cantSplit") is not None for row in table.rows)
    assert [round(row.height.mm) for row in table.rows[1:]] == [13, 13, 13]
    footer = section.footer._element
    assert [field.get(f"{W}instr").split() for field in footer.iter(f"{W}fldSimple")] == [["PAGE"], ["NUMPAGES"]]
    assert "".join(text.text or "" for text in footer.iter(f"{W}t")) == "排名不分先后第 1 页　共 1 页"
    assert [paragraph.text for paragraph in document.paragraphs[:2]] == [SAMPLE.title, f"{SAMPLE.left}\t{SAMPLE.right}"]


def test_a_telephone_s_hyphen_ends_no_line() -> None:
    table = Document(io.BytesIO(word.document(SAMPLE, NOW))).tables[0]._tbl
    assert len(list(table.iter(f"{W}noBreakHyphen"))) == 2  # 010-…, -1
    assert not [text.text for text in table.iter(f"{W}t") if "-" in (text.text or "")]


def test_a_workbook_prints_on_a4_with_its_heading_on_each_page() -> None:
    (page,) = load_workbook(io.BytesIO(excel.book(SAMPLE, NOW))).worksheets
    assert (page["A1"].value, page["A2"].value, page["F2"].value) == (SAMPLE.title, SAMPLE.left, SAMPLE.right)
    assert [[cell.value or "" for cell in row] for row in page.iter_rows(min_row=4)] == [list(row) for row in ROWS]
    setup = page.page_setup
    assert (int(setup.paperSize), setup.orientation) == (int(page.PAPERSIZE_A4), "portrait")
    assert (page.print_title_rows, page.page_setup.fitToHeight, page.freeze_panes) == ("$3:$3", 0, "A4")
    assert (page.oddFooter.left.text, page.oddFooter.right.text) == ("排名不分先后", "第 &P 页　共 &N 页")
    assert page.row_dimensions[4].height >= 36  # 13 mm
    assert page.row_dimensions[5].height > page.row_dimensions[4].height  # a name over three lines
    cells = [cell for row in page.iter_rows(min_row=4) for cell in row if cell.value]
    assert {(cell.data_type, cell.number_format) for cell in cells} == {("s", "@")}
    assert [cell.value for cell in cells if cell.quotePrefix] == list(ROWS[2][1:5])


@pytest.mark.parametrize("form", WRITERS)
def test_a_list_that_comes_back_by_mail_is_known_as_ours(form: str) -> None:
    read: Callable[[bytes], object] = {"docx": read_docx, "xlsx": read_xlsx}[form]
    assert read(WRITERS[form](SAMPLE, NOW)).marks == ("list",)  # type: ignore[attr-defined]


@pytest.mark.parametrize("form", WRITERS)
def test_two_runs_at_different_times_give_the_same_bytes(form: str, monkeypatch: pytest.MonkeyPatch) -> None:
    first = WRITERS[form](SAMPLE, NOW)
    later = time.time() + 90_000
    monkeypatch.setattr(time, "time", lambda: later)
    assert WRITERS[form](SAMPLE, NOW) == first
    assert WRITERS[form](SAMPLE, NOW + timedelta(seconds=1)) != first
    with zipfile.ZipFile(io.BytesIO(first)) as packed:
        assert {entry.date_time for entry in packed.infolist()} == {(1980, 1, 1, 0, 0, 0)}
        core = packed.read("docProps/core.xml").decode()
    assert re.findall(r"<dcterms:(?:created|modified)[^>]*>([^<]*)<", core) == ["2016-12-05T02:00:00Z"] * 2


@pytest.mark.parametrize("form", WRITERS)
@pytest.mark.parametrize("text", ["<w:p>&amp;", "\x00\x0b\ud800\ufffe", "长" * 3000, "a\tb", "]]>", "&P &N"])
def test_no_text_breaks_the_file(form: str, text: str) -> None:
    odd = replace(SAMPLE, title=text, left=text, right=text, footer=text, rows=((text,) * len(COLUMNS),))
    with zipfile.ZipFile(io.BytesIO(WRITERS[form](odd, NOW))) as packed:
        assert packed.testzip() is None
    assert Document(io.BytesIO(word.document(odd, NOW))).tables
    assert load_workbook(io.BytesIO(excel.book(odd, NOW))).worksheets


def test_titles_are_the_campaign_s_own_or_made_of_what_it_is_about() -> None:
    titles = name_list.titles({"signin": "示例大会签到表"}, "示例联盟")
    assert (titles["signin"], titles["members"]) == ("示例大会签到表", "示例联盟成员单位名单")
    for wrong in ({"sign": "签到表"}, {"signin": 1}, {"signin": " "}, ["signin"]):
        with pytest.raises(WrongConfiguration):
            name_list.titles(wrong, "示例联盟")

"""XML Spreadsheet 2003 and tab-separated text under the name xls."""

from __future__ import annotations

import contextlib
import random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from reader_samples import plainly

from intake.errors import Damaged, TooLarge, Unreadable
from intake.readers import read
from intake.readers.sniff import sniff

STYLES = """<Style ss:ID="Default"><Font ss:FontName="宋体" ss:Size="12"/></Style>
<Style ss:ID="s1"><Font ss:FontName="宋体" ss:Bold="1" ss:Color="#FF0000" ss:Underline="Single"/></Style>
<Style ss:ID="s2"><Interior ss:Color="#FFFF00" ss:Pattern="Solid"/></Style>
<Style ss:ID="s3"><Font ss:FontName="Wingdings"/></Style>
<Style ss:ID="s4"><NumberFormat ss:Format="[=1]&quot;√&quot;;[=0]&quot;×&quot;;"/></Style>
<Style ss:ID="s5"><Font ss:StrikeThrough="1"/></Style>"""


def book(rows: str, options: str = "", more: str = "") -> bytes:
    return f"""<?xml version="1.0"?>
<?mso-application progid="Excel.Sheet"?>
<Workbook xmlns="urn:schemas-microsoft-com:office:spreadsheet" xmlns:ss="urn:schemas-microsoft-com:office:spreadsheet"
 xmlns:x="urn:schemas-microsoft-com:office:excel" xmlns:html="http://www.w3.org/TR/REC-html40"><Styles>{STYLES}</Styles>
<Worksheet ss:Name="表"><Table>{rows}</Table>{options}</Worksheet>{more}</Workbook>""".encode()


def cell(text: str, kind: str = "String", attributes: str = "") -> str:
    return f'<Cell {attributes}><Data ss:Type="{kind}">{text}</Data></Cell>'


FORM = book(
    f"<Row>{cell('意向书', attributes='ss:MergeAcross=`2` ss:StyleID=`s1`'.replace('`', chr(34)))}</Row>"
    f"<Row>{cell('手机')}{cell('13800000000', 'Number')}{cell('0.5', 'Number')}</Row>"
    f"<Row>{cell('2016-12-02T00:00:00.000', 'DateTime')}{cell('1', 'Boolean')}"
    + cell("1", "Number", 'ss:StyleID="s4"')
    + '</Row><Row ss:Index="5">'
    + cell("þ是", attributes='ss:StyleID="s3"')
    + cell("黄", attributes='ss:Index="3" ss:StyleID="s2"')
    + '</Row><Row><Cell><ss:Data ss:Type="String">是 <html:S>否</html:S> □</ss:Data></Cell>'
    + '<Cell ss:MergeDown="1"><Data ss:Type="String">注</Data><Comment><Data>改为否</Data></Comment></Cell></Row>'
    + f"<Row>{cell('删', attributes='ss:StyleID=`s5`'.replace('`', chr(34)))}</Row>"
)


def test_values_looks_and_merges() -> None:
    assert sniff(FORM, "a.xls") == sniff(FORM, "a.xml") == "xls"
    (document,) = read(FORM, "a.xls")
    assert plainly(document.blocks[0]) == [
        [(0, 3, 1, "<意向书:underlined+bold+coloured>")],
        [(0, 1, 1, "手机"), (1, 1, 1, "13800000000"), (2, 1, 1, "0.5")],
        [(0, 1, 1, "2016-12-02"), (1, 1, 1, "TRUE"), (2, 1, 1, "√")],
        [],
        [(0, 1, 1, "☑是"), (1, 1, 1, []), (2, 1, 1, "<黄:shaded>")],
        [(0, 1, 1, "是 <否:struck> □"), (1, 1, 2, "注{改为否}"), (2, 1, 1, [])],
        [(0, 1, 1, "<删:struck>"), (2, 1, 1, [])],
    ]


def test_hidden_things_are_left_out() -> None:
    hidden = "<x:WorksheetOptions><x:Visible>SheetHidden</x:Visible></x:WorksheetOptions>"
    secret = f'<Worksheet ss:Name="密"><Table><Row>{cell("不可见")}</Row></Table>{hidden}</Worksheet>'
    columns = '<Column/><Column ss:Hidden="1"/>'
    rows = (
        f"<Row>{cell('甲')}{cell('乙')}{cell('丙')}</Row><Row ss:Hidden='1'>{cell('丁')}</Row><Row>{cell('戊')}</Row>"
    )
    (document,) = read(book(columns + rows, more=secret))
    (table,) = document.blocks
    assert plainly(table) == [[(0, 1, 1, "甲"), (2, 1, 1, "丙")], [], [(0, 1, 1, "戊"), (2, 1, 1, [])]]


@pytest.mark.parametrize(
    ("content", "error"),
    [
        (book('<Row ss:Index="99999999"><Cell><Data>1</Data></Cell></Row>'), TooLarge),
        (book('<Row><Cell ss:Index="999999"><Data>1</Data></Cell></Row>'), TooLarge),
        (FORM[:-40], Damaged),
        (FORM.replace(b"<Workbook", b'<!DOCTYPE w [<!ENTITY a "b">]><Workbook'), Damaged),
    ],
)
def test_a_bad_file_is_refused(content: bytes, error: type[Unreadable]) -> None:
    with pytest.raises(error):
        read(content, "a.xls")


@settings(max_examples=100)
@given(st.integers(0, 2**32))
def test_no_damage_raises_anything_else(seed: int) -> None:
    chance = random.Random(seed)
    content = bytearray(FORM)
    for _ in range(chance.randrange(1, 8)):
        content[chance.randrange(len(content))] = chance.choice(b'0987<>"/ aS:')
    with contextlib.suppress(Unreadable):
        read(bytes(content), "a.xls")


def test_text_with_tabs_under_the_name_of_a_workbook_is_a_table() -> None:
    (document,) = read("单位名称\t示例公司\r\n手机\t13800000000\r\n".encode("gb18030"), "a.xls")
    assert plainly(document.blocks[0]) == [
        [(0, 1, 1, "单位名称"), (1, 1, 1, "示例公司")],
        [(0, 1, 1, "手机"), (1, 1, 1, "13800000000")],
    ]

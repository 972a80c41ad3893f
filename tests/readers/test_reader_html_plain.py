"""HTML and plain text: one row a kind, with exactly what comes out of it."""
# ruff: noqa: E501 (tables of samples read best with one row a line)

from __future__ import annotations

import base64

import pytest
from hypothesis import given
from hypothesis import strategies as st
from reader_samples import plainly, png, square, tick_points

from intake.document import Document
from intake.errors import TooDeep, TooLarge
from intake.readers import read
from intake.readers.html import read_html
from intake.readers.plain import read_plain

IMAGE = base64.b64encode(png(square(tick_points()))).decode()


def shown(document: Document) -> list[object]:
    return [plainly(block) for block in document.blocks]


HTML = [
    ("paragraphs and breaks", "<p>一</p><p>二<br>三</p>四", ["一", "二", "三", "四"]),
    ("white space", "<p>  是\n  □ &nbsp; 否&nbsp;□ </p>", ["是 □   否 □"]),
    ("ideographic space stays", "<p>　　联系人　</p>", ["　　联系人　"]),
    ("inline elements do not break words", "<p>示<span>例</span><b>公司</b></p>", ["示例<公司:bold>"]),
    (
        "font of Outlook",
        '<p>是 <span style="font-family:Wingdings">&#254;</span> 否 <span style=\'font-family:"Wingdings"\'>&#168;</span></p>',
        ["是 ☑ 否 □"],
    ),
    ("font element", '<font face="Wingdings 2">R</font>是', ["☑是"]),
    (
        "font by class",
        "<style>.font5{color:windowtext;font-family:Wingdings}</style><p><font class=font5>o</font>否</p>",
        ["□否"],
    ),
    ("font shorthand", '<span style="font:12pt Wingdings">&#252;</span>是', ["✓是"]),
    (
        "elements written alike in other surroundings",
        '<p><span class=x>R</span><font face="Wingdings 2"><span class=x>R</span></font><s><span class=x>R</span></s></p>',
        ["R☑<R:struck>"],
    ),
    *(
        (f"words of a preview hidden by {style}", f"<div style='{style}'>是√</div><p>否√</p>", ["否√"])
        for style in (
            "opacity:0",
            "max-height:0px;overflow:hidden",
            "width:0;height:0;overflow:hidden",
            "font-size:1px;line-height:1px",
            "position:absolute;left:-9999px",
            "text-indent:-999px",
        )
    ),
    (
        "a low cell is as high as its words",
        "<table><tr><td style='height:0;overflow:hidden'>是√</td></tr></table>",
        [[[(0, 1, 1, "是√")]]],
    ),
    ("words a little transparent", "<p style='opacity:0.9;text-indent:-21pt;font-size:1em'>是</p>", ["是"]),
    ("font ends", '<span style="font-family:Wingdings"><span style="font-family:宋体">R</span></span>', ["R"]),
    ("private use", "<p>\uf0fe是\uf0a8否</p>", ["☑是□否"]),
    (
        "check boxes",
        "<p><input type=checkbox checked>是<input type='checkbox'>否</p>",
        ["[ticked html checkbox]是[empty html checkbox]否"],
    ),
    ("radio", '<input type="radio" checked="checked"/>是', ["[ticked html radio]是"]),
    (
        "typed input",
        '<p>单位<input type="text" value="示例公司"><input type="hidden" value="x"><input type=submit value="交"></p>',
        ["单位示例公司"],
    ),
    ("select", "<select><option>请选</option><option selected>是</option></select>", ["是"]),
    ("text area", "<textarea>示例</textarea>", ["示例"]),
    ("strike, deletion", "<p><s>否</s>是<del>x</del><strike>y</strike></p>", ["<否:struck>是<xy:struck>"]),
    ("strike by style", '<span style="text-decoration: line-through">否</span>', ["<否:struck>"]),
    ("underline", "<u>是</u>", ["<是:underlined>"]),
    ("mark", "<mark>是</mark>", ["<是:highlighted>"]),
    ("background of words", '<span style="background:yellow;mso-highlight:yellow">是</span>', ["<是:highlighted>"]),
    ("white background", '<span style="background-color:#FFFFFF">是</span>', ["是"]),
    (
        "background of a cell",
        '<table><tr><td bgcolor="#ffff00">是</td><td style="background:yellow">否</td></tr></table>',
        [[[(0, 1, 1, "<是:shaded>"), (1, 1, 1, "<否:shaded>")]]],
    ),
    ("grey", '<font color="gray">是</font><span style="color:#bfbfbf">否</span>', ["<是否:faint>"]),
    ("red", '<font color="red">是</font><span style="color:#C00000">否</span>', ["<是否:coloured>"]),
    (
        "black and nearly black",
        '<span style="color:#000">是</span><span style="color:rgb(0, 0, 0)">否</span><span style="color:#1f2329">x</span>',
        ["是否x"],
    ),
    ("bold by weight, and off again", '<b>是<span style="font-weight:normal">否</span></b>', ["<是:bold>否"]),
    ("border of words", '<span style="border:1px solid black">√</span>', ["<√:bordered>"]),
    (
        "hidden",
        '<p style="display:none">x</p><p hidden>y</p><span style="visibility:hidden">z</span><p style="mso-hide:all">w</p><div style="font-size:0">v</div>是',
        ["是"],
    ),
    ("hidden by class", "<style>.h{display:none}</style><p class=h>x</p>是", ["是"]),
    (
        "comments and scripts",
        "<!-- x --><script>y</script><style>z{}</style><!--[if gte vml 1]>w<![endif]-->是<title>t</title>",
        ["是"],
    ),
    ("enclosing square", "是√\u20de", ["是[ticked enclosing square √]"]),
    ("numbered list", "<ol><li>一</li><li>二</li></ol><ul><li>三</li></ul>", ["1. 一", "2. 二", "三"]),
    ("preformatted", "<pre>是\t√\n否</pre>", ["是\t√\n否"]),
    (
        "picture that stands for a sign",
        '<p><img alt="✅" src="cid:1">是 <img alt="⬜\ufe0f">否<img alt="Logo"></p>',
        ["✅是 ⬜否"],
    ),
    (
        "picture in the page",
        f'<p>是<img src="data:image/png;base64,{IMAGE}"><img src="cid:logo"></p>',
        ["是[ticked picture ☑]"],
    ),
    (
        "table with spans",
        "<table><tr><td colspan=2>一</td><td rowspan=2>二</td></tr><tr><td>三</td><td>四</td></tr></table>",
        [[[(0, 2, 1, "一"), (2, 1, 2, "二")], [(0, 1, 1, "三"), (1, 1, 1, "四")]]],
    ),
    (
        "row span pushes cells on",
        "<table><tr><td rowspan=2>一</td><td>二</td></tr><tr><td>三</td></tr></table>",
        [[[(0, 1, 2, "一"), (1, 1, 1, "二")], [(1, 1, 1, "三")]]],
    ),
    ("text round a table", "前<table><tbody><tr><td>中</td></tr></tbody></table>后", ["前", [[(0, 1, 1, "中")]], "后"]),
    (
        "nested table",
        "<table><tr><td><table><tr><td>内</td></tr></table></td></tr></table>",
        [[[(0, 1, 1, [[[(0, 1, 1, "内")]]])]]],
    ),
    (
        "hidden row and cell",
        "<table><tr style='display:none'><td>x</td></tr><tr><td style='display:none'>y</td><td>是</td></tr></table>",
        [[[(1, 1, 1, "是")]]],
    ),
    ("absurd spans", "<table><tr><td colspan=999999999 rowspan=x>一</td></tr></table>", [[[(0, 1, 1, "一")]]]),
    ("unclosed tags", "<table><tr><td>一<td>二<tr><td>三", [[[(0, 1, 1, "一"), (1, 1, 1, "二")], [(0, 1, 1, "三")]]]),
    ("XML declaration", '<?xml version="1.0" encoding="gb2312"?><html><body>示例</body></html>', ["示例"]),
    ("nothing", "   ", []),
    ("comments alone", "<!-- x -->", []),
]


@pytest.mark.parametrize(("html", "expected"), [row[1:] for row in HTML], ids=[row[0] for row in HTML])
def test_html_as_a_browser_shows_it(html: str, expected: list[object]) -> None:
    assert shown(read_html(html)) == expected


MARKS = [
    ('<meta name="x-cipsa-intake" content="receipt"><p>x', ("receipt",)),
    ('<div class="a cipsa-intake-ledger">x</div>', ("ledger",)),
    ("<!-- cipsa-intake: receipt -->x", ("receipt",)),
    ('<table id="cipsa-intake"></table>x', ("own",)),
    ("<p>cipsa@example.cn</p>", ()),
]


@pytest.mark.parametrize(("html", "marks"), MARKS)
def test_pages_of_ours_carry_a_mark(html: str, marks: tuple[str, ...]) -> None:
    assert read_html(html).marks == marks


@pytest.mark.parametrize(
    ("content", "text"),
    [
        ('<html><meta charset="gb2312"><body>褚䶮</body></html>'.encode("gb18030"), "褚䶮"),
        ("<html><body>示例</body></html>".encode("gb18030"), "示例"),
        ("<html><body>示例</body></html>".encode(), "示例"),
        ('<html><meta charset="gbk"><body>示例</body></html>'.encode("utf-8-sig"), "示例"),
        ("<html><body>示例</body></html>".encode("utf-16"), "示例"),
        ('<html><meta charset="no-such"><body>示例</body></html>'.encode(), "示例"),
        ('<html><meta charset="utf-8"><body>示例</body></html>'.encode("gb18030"), "示例"),
    ],
)
def test_charset_of_a_page(content: bytes, text: str) -> None:
    (document,) = read(content, "意向书.xls")
    assert document.text == text


def test_html_too_deep_and_too_large() -> None:
    with pytest.raises(TooLarge):
        read_html("x" * (9 << 20))
    deep = "<div>" * 100_000 + "是"
    try:
        document = read_html(deep)
    except TooDeep:
        return
    assert len(document.blocks) <= 1


PLAIN = [
    ("lines", "单位：示例\r\n\n是 √\t否 □\r", ["单位：示例", "", "是 √\t否 □", ""]),
    ("ideographic spaces", "　是　√", ["　是　√"]),
    ("private use", "\uf052是\uf0a3否", ["☑是□否"]),
    ("zero width", "是\u200b√\ufeff", ["是√"]),
]


@pytest.mark.parametrize(("text", "expected"), [row[1:] for row in PLAIN], ids=[row[0] for row in PLAIN])
def test_plain_text(text: str, expected: list[object]) -> None:
    assert shown(read_plain(text)) == expected


@pytest.mark.parametrize("charset", ["utf-8", "utf-8-sig", "utf-16", "gb18030"])
def test_charset_of_a_text(charset: str) -> None:
    (document,) = read("单位：褚䶮示例".encode(charset), "a.txt")
    assert document.text == "单位：褚䶮示例"


def test_a_comma_separated_file_is_a_table() -> None:
    (document,) = read('单位,是否\n"示例,公司",√\n'.encode("gb18030"), "a.csv")
    assert shown(document) == [[[(0, 1, 1, "单位"), (1, 1, 1, "是否")], [(0, 1, 1, "示例,公司"), (1, 1, 1, "√")]]]


@given(st.text(max_size=300))
def test_any_html_reads_or_is_unreadable(text: str) -> None:
    for html in (text, "<table><tr><td>" + text, "<style>" + text + "</style><p class=a>" + text):
        assert read_html(html).format == "html"


@given(st.text(alphabet="是否√□ \t\n　", max_size=200))
def test_plain_text_loses_nothing(text: str) -> None:
    assert read_plain(text).text == text

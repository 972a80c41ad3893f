"""RTF: one row a kind of mark, with exactly what comes out of it; tables, code pages, bad files."""
# ruff: noqa: E501 (tables of samples read best with one row a line)

from __future__ import annotations

import random
import struct

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from reader_samples import plainly, png, square, stroke, tick_points
from rtf_samples import HEADER, cell, encoded, field, picture, row, rtf, shape

from intake.errors import Damaged, NoOcr, TooDeep, Unreadable
from intake.readers import read

CHECKED = r"\fftype1\ffres25\fftypetxt0\ffhps20{\*\ffname C1}\ffdefres1"
LIST = r"\fftype2\ffres%d\ffhaslistbox{\*\ffname L}\ffdefres1{\*\ffl 是}{\*\ffl 否}"
TICK = "8;3;(0,50);(30,100);(100,0)"


def revision(text: str, word: str) -> str:
    return rf"{{\{word}\revauth1\revdttm12345 {text}}}"


def ocx(value: str, name: str = "Forms.CheckBox.1") -> bytes:
    """The bytes of an embedded control: a header of OLE 1 around a compound file."""
    from test_reader_hostile import compound

    raw = value.encode("utf-16-le")
    mask = 1 << 22
    contents = b"\x00\x02\x08\x00" + struct.pack("<Q", mask) + struct.pack("<I", len(raw)) + raw
    native = compound("contents", content=contents)
    text = name.encode() + b"\x00"
    head = struct.pack("<III", 0x501, 2, len(text)) + text + struct.pack("<II", 0, 0) + struct.pack("<I", len(native))
    return head + native


def control(value: str, name: str = "Forms.CheckBox.1", result: str = "") -> str:
    return rf"{{\object\objocx\objw300\objh300{{\*\objclass {name}}}{{\*\objdata {ocx(value, name).hex()}}}{{\result {result}}}}}"


MARKS = [
    # symbols
    ("bytes in a symbol font", r"{\f2 \'fe}是 {\f2\'a8}否", "☑是 □否"),
    ("letter in Wingdings 2", r"{\f3 R}是 {\f3 \'a3}否", "☑是 □否"),
    ("letter in Webdings", r"{\f5 a}是 {\f5 c}否", "✔是 □否"),
    ("root in Symbol", r"{\f4 \'d6}是", "√是"),
    ("private use with its font", r"{\f2 \u-3842\'3f}是", "☑是"),
    ("private use without a font", r"\u-3842?是\u-3928?", "☑是□"),
    ("private use in an Asian font", r"{\loch\af0\dbch\af3\hich\f0 \u-4014?}是", "☑是"),
    ("symbol field", field(r'SYMBOL 82 \\f "Wingdings 2" \\s 12', r"\f3\fs24") + "是", "[ticked sym F052 ☑]是"),
    ("symbol field, cross", field(r"SYMBOL 251 \\f Wingdings"), "[unknown sym F0FB ✗]"),
    # plain glyphs
    ("glyphs", "☑是 □否", "☑是 □否"),
    ("emoji as two units", r"\u-10179?\u-8703?", "\U0001f601"),
    ("enclosing square", r"√\u8414?否", "[ticked enclosing square √]否"),
    # fields
    ("EQ", field(r" eq \\o\\ac(□,√)"), "[ticked EQ field √]"),
    ("EQ over groups", field(r"eq \\o\\ac(}{\f1 □}{\f0 ,}{√)"), "[ticked EQ field √]"),
    ("EQ with a letter of Wingdings", field(r"eq \\o\\ac(□,}{\f2 \'fc}{)"), "[ticked EQ field ✓]"),
    (
        "EQ with a symbol field inside",
        field(r"eq \\o\\ac(□," + field(r"SYMBOL 252 \\f Wingdings") + ")"),
        "[ticked EQ field ✓]",
    ),
    ("EQ with a result that is not shown", field(r"eq \\o\\ac(□,√)", "□"), "[ticked EQ field √]"),
    ("EQ struck out", field(r"\strike eq \\o\\ac(○,否)"), "<否:struck+bordered>"),
    ("form box", field("FORMCHECKBOX", form=r"\fftype1\ffres1\ffdefres0"), "[ticked FORMCHECKBOX]"),
    ("form box by default", field("FORMCHECKBOX", form=CHECKED), "[ticked FORMCHECKBOX]"),
    (
        "form box unchecked over default",
        field("FORMCHECKBOX", form=r"\fftype1\ffres0\ffdefres1"),
        "[empty FORMCHECKBOX]",
    ),
    ("form box without data", field("FORMCHECKBOX"), "[unknown FORMCHECKBOX]"),
    ("form list", field("FORMDROPDOWN", form=LIST % 0), "是"),
    ("form list by default", field("FORMDROPDOWN", form=LIST % 25), "否"),
    ("form text", field("FORMTEXT", "示例公司", form=r"\fftype0"), "示例公司"),
    ("macro button", field(r"MACROBUTTON NoMacro □"), "□"),
    ("hyperlink", field(r'HYPERLINK "mailto:a@example.cn"', "a@example.cn"), "a@example.cn"),
    ("deleted field", revision(field(r"eq \\o\\ac(□,√)"), "deleted"), ""),
    # looks
    ("strike", r"{\strike 否}是", "<否:struck>是"),
    ("double strike", r"{\striked1 否}", "<否:struck>"),
    ("strike off", r"\strike{\strike0 否}\strike0 ", "否"),
    ("highlight", r"{\highlight3 是}", "<是:highlighted>"),
    ("highlight none and white", r"{\highlight0 是}{\highlight5 否}", "是否"),
    ("shading by colour", r"{\chshdng0\chcfpat0\chcbpat3 是}", "<是:shaded>"),
    ("shading by share", r"{\chshdng1500\chcfpat1\chcbpat0 是}", "<是:shaded>"),
    ("underline", r"{\ul 是}{\ulnone 否}{\ulwave 是}{\ul0 否}", "<是:underlined>否<是:underlined>否"),
    ("dots below", r"{\accunderdot 是}", "<是:underlined>"),
    ("bold", r"{\b 是}{\b0 否}", "<是:bold>否"),
    ("bold of Chinese as LibreOffice writes it", r"{\rtlch\ab \ltrch\loch\f0\dbch\ab\af1 是}", "<是:bold>"),
    ("bold of other scripts only", r"{\rtlch\fcs1 \ab\af0 \ltrch\fcs0 \f1 是}", "是"),
    ("red, grey, black", r"{\cf2 是}{\cf4 否}{\cf1 是}", "<是:coloured><否:faint>是"),
    ("border", r"{\chbrdr\brdrs\brdrw10 √}{\chbrdr\brdrnone 否}", "<√:bordered>否"),
    ("border of the paragraph is none of the character", r"\brdrt\brdrs\brdrw10 是", "是"),
    ("hidden", r"是{\v 否}", "是"),
    ("plain ends it all", r"{\b\strike\cf2\plain\f1 是}", "是"),
    # tracked changes
    ("tracked change", revision("□", "deleted") + revision("☑", "revised") + "是", "<☑:inserted>是"),
    ("moved", r"{\mvf 否}{\mvt 是}", "<是:inserted>"),
    (
        "comment",
        r"{\*\atrfstart 1}是{\*\atrfend 1}{\*\atnid A}{\*\atnauthor B}\chatn{\*\annotation{\*\atnref 1}{\*\atndate 1}\pard\plain\f1 改为否\par}",
        "是{改为否}",
    ),
    # drawn things
    ("text box over the box", shape("√", left=210) + "是□  否□", "是□√  否□"),
    ("text box far away", shape("√", left=9000) + "是□ 否□", "[unknown floating text √]是□ 否□"),
    ("drawn tick", shape(left=820, shapeType="0", pVerticies=TICK) + "是□  否□", "是□  否□[ticked shape √]"),
    ("ring round an option", shape(left=0, width=400, shapeType="3", fFilled="0") + "是□", "是[unknown shape]□"),
    ("turned tick", shape(left=210, pVerticies=TICK, rotation="5898240") + "是□", "是□[unknown shape]"),
    ("empty square", "是" + shape(shapeType="1", fFilled="0", fPseudoInline="1"), "是[empty shape □]"),
    ("shape that a program has dropped", field("SHAPE ") + "是□", "[unknown shape]是□"),
    ("shape field with its shape", field(r"SHAPE  \\* MERGEFORMAT", shape("√", fPseudoInline="1")) + "是□", "√是□"),
    ("hidden shape", shape("√", left=210, fHidden="1") + "是□", "是□"),
    ("large shape", shape(width=9000, shapeType="1") + "是□", "是□"),
    ("word art", shape(gtextUNICODE="OK", fPseudoInline="1"), "OK"),
    (
        "text box of Word 95",
        r"{\*\do\dobxcolumn\dobypara\dptxbx{\dptxbxtext \pard\plain\f1 √\par}\dpx210\dpy0\dpxsize300\dpysize300}是□  否□",
        "是□√  否□",
    ),
    ("square of Word 95", r"{\*\do\dobxcolumn\dprect\dpx0\dpy0\dpxsize200\dpysize200\dpfillpat0}", "[empty shape □]"),
    ("picture of a tick", "是" + picture(png(stroke())), "是[ticked picture √]"),
    ("picture of an empty box", "是" + picture(png(square())), "是[empty picture □]"),
    ("picture of a ticked box", picture(png(square(tick_points()))), "[ticked picture ☑]"),
    ("raw picture", r"{\pict\pngblip\picwgoal300\pichgoal300\bin5 {}\}}}是", "[unknown picture]是"),
    ("large picture", "是" + picture(png(stroke()), 9000), "是"),
    ("control ticked", control("1"), "[ticked ActiveX]"),
    ("control empty", control("0") + "否", "[empty ActiveX]否"),
    ("control that tells nothing", control("", result=picture(png(square()))), "[empty ActiveX picture □]"),
    ("text control", control("示例", "Forms.TextBox.1"), "示例"),
    (
        "other object",
        r"{\object\objemb{\*\objclass Equation.3}{\*\objdata 0105}{\result " + picture(png(stroke())) + "}}",
        "[ticked picture √]",
    ),
    # lists and other text
    ("number of a list", r"{\listtext\pard\plain 1.\tab}\ls1 是", "1.\t是"),
    ("number as LibreOffice writes it", r"{\listtext\pard\plain  一、\tab}\ls1 是", "一、\t是"),
    ("bullet that is a box", r"{\listtext\pard\plain\f2 \'a8\tab}\ls1 是", "□是"),
    ("bullet that is none", r"{\listtext\pard\plain\f4 \'b7\tab}\ls1 是", "是"),
    ("control characters", "是\x05\x07" + r"\u13?\u5?否", "是否"),
    ("both codings", r"{\upr{x}{\*\ud{是}}}", "是"),
    ("formula", r"{\mmath{\*\moMath{\mr\mscr0 □}}}{\mmathPict{\pict 00}}", "□"),
    ("tabs, breaks, hyphens", r"a\tab b\line c\_d\~e\emdash f\'20g", "a\tb\nc-d\u00a0e—f g"),
    ("unknown group is skipped", r"{\*\unknown 否{\b 否}\bin3 }}}}是", "是"),
    ("bookmarks and index entries", r"{\*\bkmkstart a}是{\xe\v 否}", "是"),
]


@pytest.mark.parametrize(("body", "expected"), [pytest.param(*mark[1:], id=mark[0]) for mark in MARKS])
def test_each_mark_comes_out(body: str, expected: str) -> None:
    (document,) = read(rtf(body))
    assert document.format == "rtf"
    assert plainly(document.blocks[0]) == expected


CODE_PAGES = [
    ("Chinese", r"\f1 \'ca\'c7", "是"),
    ("traditional", r"\f7 \'ac\'4f", "是"),
    ("Japanese, second byte a letter", r"\f6 \'90\'a5\'83A\'83\\", "是アソ"),
    ("Korean", r"\f8 \'b0\'a1", "가"),
    ("Western", r"\f0 caf\'e9 \'d7", "café ×"),
    ("Chinese in a Western font", r"\f0 \'ca\'c7 \'b7\'f1", "是 否"),
    ("four bytes", r"\f1 \'81\'39\'ef\'33", "㐄"),
    ("two bytes to skip", r"\uc2\u26159\'ca\'c7\u21542\'b7\'f1\uc1 \u9745?", "是否☑"),
    ("none to skip", r"{\uc0\u26159 \u21542}\u9745?", "是否☑"),
    ("a control word is never skipped", r"\u9745\b0 是", "☑是"),
    ("a group ends what is to be skipped", r"{\u9745}是", "☑是"),
    ("big parameter", r"\u128512 ?\fs99999999999 是", "\U0001f600是"),
    ("lone surrogate", r"\u-10179?是", "是"),
]


@pytest.mark.parametrize(("body", "expected"), [row_[1:] for row_ in CODE_PAGES], ids=[row_[0] for row_ in CODE_PAGES])
def test_bytes_mean_what_their_font_says(body: str, expected: str) -> None:
    (document,) = read(rtf(body))
    assert document.text.strip() == expected


def test_bytes_without_figures_are_read_though_they_look_like_braces() -> None:
    head = rb"{\rtf1\ansi\ansicpg936{\fonttbl{\f0\fcharset134 x;}}\f0 "
    (document,) = read(head + "是 乗 乗 否 亄".encode("gb18030") + rb"\par}")
    assert document.text.strip() == "是 乗 乗 否 亄"


def test_a_file_without_a_code_page_is_taken_as_chinese() -> None:
    (document,) = read(rb"{\rtf1\ansi\deff0{\fonttbl{\f0 SimSun;}}\f0 \'ca\'c7\par}")
    assert document.text.strip() == "是"


TABLES = [
    ("plain", row("一", "二"), [[(0, 1, 1, "一"), (1, 1, 1, "二")]]),
    ("empty cell", row("一", ""), [[(0, 1, 1, "一"), (1, 1, 1, [])]]),
    (
        "columns from the edges of all rows",
        row("一", "二", edges=(1700, 8300)) + row("三", "四", "五", "六", edges=(1690, 4150, 5850, 8305)),
        [[(0, 1, 1, "一"), (1, 3, 1, "二")], [(0, 1, 1, "三"), (1, 1, 1, "四"), (2, 1, 1, "五"), (3, 1, 1, "六")]],
    ),
    (
        "vertical merge",
        row("基本", "一", words=(r"\clvmgf", "")) + row("", "二", words=(r"\clvmrg", "")) + row("末", "三"),
        [[(0, 1, 2, "基本"), (1, 1, 1, "一")], [(1, 1, 1, "二")], [(0, 1, 1, "末"), (1, 1, 1, "三")]],
    ),
    (
        "horizontal merge",
        row("一", "", "二", words=(r"\clmgf", r"\clmrg", "")),
        [[(0, 2, 1, "一"), (2, 1, 1, "二")]],
    ),
    (
        "nested",
        r"\trowd\cellx4000\pard\intbl 甲\par\pard\intbl\itap2 一\nestcell 二\nestcell{\*\nesttableprops\trowd\cellx1000\cellx2000\nestrow}{\nonesttables\par}\pard\intbl\itap1\cell\row",
        [[(0, 1, 1, ["甲", [[(0, 1, 1, "一"), (1, 1, 1, "二")]], ""])]],
    ),
    ("deleted cell", row("一", "二", words=("", r"\cldel")), [[(0, 1, 1, "一")]]),
    ("shaded cell", row("一", words=(r"\clcbpat3",)), [[(0, 1, 1, "<一:shaded>")]]),
    ("edges that go back", row("一", "二", edges=(5000, 100)), [[(0, 1, 1, "一"), (1, 1, 1, "二")]]),
    (
        "more cells than edges",
        r"\trowd\cellx1000 \pard\intbl 一\cell 二\cell\row",
        [[(0, 1, 1, "一"), (1, 1, 1, "二")]],
    ),
    (
        "not marked as in a table",
        r"\trowd\cellx1000\cellx2000 一\cell 二\cell\row",
        [[(0, 1, 1, "一"), (1, 1, 1, "二")]],
    ),
    (
        "last mark of a cell missing",
        r"\trowd\cellx1000\cellx2000\pard\intbl 一\cell 二\row",
        [[(0, 1, 1, "一"), (1, 1, 1, "二")]],
    ),
]


@pytest.mark.parametrize(("body", "expected"), [row_[1:] for row_ in TABLES], ids=[row_[0] for row_ in TABLES])
def test_a_table_keeps_its_grid(body: str, expected: object) -> None:
    (document,) = read(rtf(body + r"\pard 末"))
    assert [plainly(block) for block in document.blocks] == [expected, "末"]


BLOCKS = [
    ("paragraphs", r"一\par 二\par\par 三", ["一", "二", "", "三"]),
    ("a deleted mark ends no line", r"一{\deleted\par}二", ["一二"]),
    ("a hidden mark ends no line", r"一{\v\par}二", ["一二"]),
    (
        "tables with text between",
        row("一") + r"\pard 二\par " + row("三"),
        [[[(0, 1, 1, "一")]], "二", [[(0, 1, 1, "三")]], ""],
    ),
    (
        "tables that follow each other",
        row("一", more=r"\irow0\lastrow") + row("二", more=r"\irow0\lastrow") + r"\pard",
        [[[(0, 1, 1, "一")]], [[(0, 1, 1, "二")]], ""],
    ),
    ("text box of several lines", shape(r"一\par 二") + "三", ["三", "一", "二"]),
    ("footnotes come last", r"一{\footnote\pard\plain\f1 注}\par 二", ["一", "二", "注"]),
    ("header is not read", r"{\header 页眉\par}一", ["一"]),
    ("section", r"一\sect 二", ["一", "二"]),
]


@pytest.mark.parametrize(("body", "expected"), [row_[1:] for row_ in BLOCKS], ids=[row_[0] for row_ in BLOCKS])
def test_blocks_stand_in_order(body: str, expected: list[object]) -> None:
    (document,) = read(rtf(body))
    assert [plainly(block) for block in document.blocks] == expected


def test_documents_of_ours_carry_a_mark() -> None:
    (document,) = read(rtf(r"{\*\userprops{\propname cipsa-intake}\proptype30{\staticval receipt}}是"))
    assert document.marks == ("receipt",)


def test_what_is_worth_knowing_is_noted() -> None:
    (document,) = read(rtf(r"{\revised 是}{\*\annotation 改}" + picture(png(stroke()), 9000)))
    assert document.notes == ("tracked changes", "comments", "pictures")


BAD = [
    ("no rtf", b"{\\rtf", Damaged),
    ("broken off in a cell", rtf(row("一", "二"))[:-40], Damaged),
    ("broken off in a group", rtf("一")[:-5] + b"{\\b ", Damaged),
    ("broken off in a group that is skipped", encoded(HEADER) + b"{\\*\\unknown x", Damaged),
    ("groups 10,000 deep", b"{\\rtf1 " + b"{" * 10_000 + b"}" * 10_001, TooDeep),
    ("a scan", rtf(picture(png(stroke()), 9000)), NoOcr),
]


@pytest.mark.parametrize(("content", "error"), [row_[1:] for row_ in BAD], ids=[row_[0] for row_ in BAD])
def test_a_bad_file_is_refused_with_its_reason(content: bytes, error: type[Unreadable]) -> None:
    with pytest.raises(Unreadable) as caught:
        read(content)
    assert type(caught.value) is error


WHOLE = rtf(
    "".join(mark[1] for mark in MARKS[::3])
    + row("一", "二", words=(r"\clvmgf", ""))
    + TABLES[5][1]
    + cell("三")
    + shape("√")
)


def outcome(content: bytes) -> str:
    try:
        return "read" if read(content) else "nothing"
    except Unreadable as error:
        return error.code


@settings(max_examples=150)
@given(st.integers(0, 2**32), st.integers(1, 30))
def test_mutated_files_raise_nothing_but_unreadable(seed: int, changes: int) -> None:
    chance = random.Random(seed)
    content = bytearray(WHOLE)
    for _ in range(changes):
        at = chance.randrange(6, len(content))
        match chance.randrange(4):
            case 0:
                content[at] = chance.randrange(256)
            case 1:
                del content[at : at + chance.randint(1, 60)]
            case 2:
                content[at:at] = content[max(6, at - 80) : at]
            case _:
                content[at:at] = chance.choice(
                    [b"{", b"}", b"\\cell ", b"\\row ", b"\\bin99999999 ", b"\\itap999999999 ", b"\\u-99999999999 "]
                )
    assert outcome(bytes(content)) in ("read", "damaged", "too-deep", "too-large", "no-ocr", "unsupported")


@settings(max_examples=150)
@given(st.lists(st.sampled_from([
    "{", "}", r"\trowd", r"\cellx100", r"\cellx-5", r"\cell", r"\row", r"\par", r"\intbl", r"\itap3", r"\nestcell", r"\nestrow",
    r"{\*\nesttableprops\trowd\cellx9", r"{\field{\*\fldinst ", r"{\fldrslt ", r"{\shp{\*\shpinst ", r"{\shptxt ", r"{\pict ", r"{\footnote ",
    r"\v", r"\deleted", r"\plain", r"\pard", "是", r"\'c", r"\'fe", r"\u-3842?", r"\uc9", r"\lastrow\irow0", r"{\*\annotation ", r"{\listtext ",
]), max_size=60))  # fmt: skip
def test_any_order_of_words_is_read(words: list[str]) -> None:
    assert outcome(rtf(" ".join(words))) in ("read", "damaged", "too-deep")


@given(st.binary(max_size=600))
def test_any_bytes_are_read_or_refused(content: bytes) -> None:
    assert outcome(b"{\\rtf1\\ansi " + content) in ("read", "damaged")


def test_truncated_files_are_never_read_as_whole() -> None:
    content = rtf(row("是□", "否☑") * 3)
    assert {outcome(content[:end]) for end in range(10, len(content), 3)} == {"damaged"}

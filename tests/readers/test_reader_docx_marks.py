"""Word documents: one row a kind of mark, with exactly what comes out of it."""
# ruff: noqa: E501 (tables of samples read best with one row a line)

from __future__ import annotations

import pytest
from reader_samples import (
    check_box,
    code,
    docx,
    drawing,
    either,
    field,
    p,
    part,
    picture,
    plainly,
    png,
    run,
    square,
    stroke,
    text_box,
    tick_points,
)

from intake.readers import read

WINGDINGS = '<w:rFonts w:ascii="Wingdings" w:hAnsi="Wingdings"/>'
WINGDINGS_2 = '<w:rFonts w:ascii="Wingdings 2" w:hAnsi="Wingdings 2"/>'
STYLES = (
    '<w:style w:type="paragraph" w:default="1" w:styleId="a"><w:name w:val="Normal"/></w:style>'
    '<w:style w:type="character" w:styleId="box"><w:name w:val="Box"/><w:rPr><w:rFonts w:ascii="Wingdings 2"'
    ' w:hAnsi="Wingdings 2"/></w:rPr></w:style>'
    '<w:style w:type="character" w:styleId="box2"><w:basedOn w:val="box"/></w:style>'
    '<w:style w:type="character" w:styleId="loop"><w:basedOn w:val="loop"/><w:rPr><w:b/></w:rPr></w:style>'
    '<w:style w:type="paragraph" w:styleId="label"><w:basedOn w:val="a"/><w:rPr><w:b/></w:rPr></w:style>'
    '<w:style w:type="character" w:styleId="strong"><w:rPr><w:b/></w:rPr></w:style>'
    '<w:style w:type="character" w:styleId="note"><w:rPr><w:vanish/></w:rPr></w:style>'
    '<w:style w:type="character" w:styleId="prompt"><w:name w:val="Placeholder Text"/></w:style>'
)
THEMED = '<w:rFonts w:asciiTheme="minorHAnsi" w:hAnsiTheme="minorHAnsi"/>'
CHECKED = '<w14:checkedState w14:val="2605" w14:font="MS Gothic"/><w14:uncheckedState w14:val="2606"/>'
SQUARE_EQ = code(" ") + code("eq \\o\\ac(") + code("□") + code(",√)")
SHAPE = '<wps:wsp><wps:spPr><a:custGeom><a:pathLst><a:path w="9" h="9">{}</a:path></a:pathLst></a:custGeom></wps:spPr></wps:wsp>'
TICK_PATH = '<a:moveTo><a:pt x="0" y="50"/></a:moveTo><a:lnTo><a:pt x="30" y="100"/></a:lnTo><a:lnTo><a:pt x="100" y="0"/></a:lnTo>'
RECTANGLE = '<wps:wsp><wps:spPr><a:prstGeom prst="rect"/></wps:spPr></wps:wsp>'
ELLIPSE = '<wps:wsp><wps:spPr><a:prstGeom prst="ellipse"/></wps:spPr></wps:wsp>'

FILLED = (
    '<wps:wsp><wps:spPr><a:prstGeom prst="rect"/>{}</wps:spPr><wps:style><a:fillRef idx="{}"/></wps:style></wps:wsp>'
)
VML_RECT = '<w:pict><v:rect style="width:10pt;height:10pt" {}/></w:pict>'
SYM_EX = '<x:symEx xmlns:x="http://schemas.microsoft.com/office/word/2015/wordml/symex" x:font="Segoe UI Emoji" x:char="{}"/>'

MARKS = [
    # symbols
    ("sym Wingdings", run(inner='<w:sym w:font="Wingdings" w:char="F0FE"/>'), "[ticked sym F0FE ☑]"),
    ("sym without F0", run(inner='<w:sym w:font="Wingdings" w:char="00A8"/>'), "[empty sym F0A8 □]"),
    ("sym Wingdings 2", run(inner='<w:sym w:font="Wingdings 2" w:char="F052"/>'), "[ticked sym F052 ☑]"),
    ("sym cross in a box", run(inner='<w:sym w:font="Wingdings 2" w:char="F054"/>'), "[ticked sym F054 ☒]"),
    ("sym bare cross", run(inner='<w:sym w:font="Wingdings" w:char="F0FB"/>'), "[unknown sym F0FB ✗]"),
    ("sym tick", run(inner='<w:sym w:font="Wingdings" w:char="F0FC"/>'), "[ticked sym F0FC ✓]"),
    ("sym root of Symbol", run(inner='<w:sym w:font="Symbol" w:char="F0D6"/>'), "[ticked sym F0D6 √]"),
    ("sym Webdings", run(inner='<w:sym w:font="Webdings" w:char="F061"/>'), "[ticked sym F061 ✔]"),
    ("sym of a plain font", run(inner='<w:sym w:font="MS Gothic" w:char="2611"/>'), "[ticked sym 2611 ☑]"),
    ("sym of a Unicode character", run(inner='<w:sym w:font="ZapfDingbats" w:char="2714"/>'), "[ticked sym 2714 ✔]"),
    ("sym beyond four digits", run(inner=either(SYM_EX.format("1F5F9"), "<w:t>?</w:t>")), "[ticked sym 1F5F9 🗹]"),
    ("sym of an emoji", run(inner=either(SYM_EX.format("2705"), "<w:t>✅</w:t>")), "[ticked sym 2705 ✅]"),
    ("sym that is no mark", run(inner='<w:sym w:font="Wingdings" w:char="F028"/>'), "☎"),
    ("sym nonsense", run(inner='<w:sym w:font="Wingdings" w:char="zz"/>') + run("是"), "是"),
    # letters in symbol fonts
    ("letter R", run("R", WINGDINGS_2) + run("是"), "☑是"),
    ("pound sign", run("£", WINGDINGS_2) + run("否"), "□否"),
    ("thorn and diaeresis", run("þ", WINGDINGS) + run("是 ") + run("¨", WINGDINGS), "☑是 □"),
    ("private use with font", run("\uf0fe", WINGDINGS), "☑"),
    ("private use without font", run("\uf0fe是\uf0a8"), "☑是□"),
    ("private use of Wingdings 2 without font", run("\uf052是\uf0a3"), "☑是□"),
    ("font from a style", run("R", '<w:rStyle w:val="box"/>'), "☑"),
    ("font from a style's base", run("R", '<w:rStyle w:val="box2"/>'), "☑"),
    ("font from the theme", run("R", THEMED), "☑"),
    ("direct font over the style", run("R", '<w:rStyle w:val="box"/><w:rFonts w:ascii="Arial" w:hAnsi="Arial"/>'), "R"),
    ("Chinese in a symbol font", run("是", WINGDINGS), "是"),
    # glyphs in plain text stay text
    ("plain glyphs", run("☑是 □否"), "☑是 □否"),
    ("variation selector", run("☑\ufe0e是"), "☑是"),
    ("enclosing square", run("是√\u20de 否"), "是[ticked enclosing square √] 否"),
    ("enclosing square round a word", run("是\u20de否"), "<是:bordered>否"),
    ("enclosing square alone", run(" \u20de"), "[empty enclosing square □]"),
    # content controls
    ("content control", check_box(run("☒"), "1"), "[ticked content control ☒]"),
    ("content control empty", check_box(run("☐"), "0"), "[empty content control ☐]"),
    ("glyph beats stored state", check_box(run("☐"), "1"), "[empty content control ☐]"),
    ("content control of Wingdings", check_box(run("þ", WINGDINGS), "1"), "[ticked content control ☑]"),
    ("content control with sym", check_box(run(inner='<w:sym w:font="Wingdings 2" w:char="F052"/>'), "1"), "[ticked content control ☑]"),
    ("own glyph named by the control", check_box(run("★"), "1", CHECKED), "[ticked content control ★]"),
    ("own empty glyph", check_box(run("☆"), "0", CHECKED), "[empty content control ☆]"),
    ("no glyph", check_box("", "1"), "[ticked content control (stored state)]"),
    ("words in a check box", check_box(run("√是"), "1"), "√是"),
    ("drop-down", f'<w:sdt><w:sdtPr><w:dropDownList/></w:sdtPr><w:sdtContent>{run("是")}</w:sdtContent></w:sdt>', "是"),
    ("prompt", f'<w:sdt><w:sdtPr><w:showingPlcHdr/></w:sdtPr><w:sdtContent>{run("单击此处输入文字。")}</w:sdtContent></w:sdt>', ""),
    ("prompt by style", f'<w:sdt><w:sdtPr><w:showingPlcHdr/></w:sdtPr><w:sdtContent>{run("姓名", chr(60) + "w:rStyle w:val=" + chr(34) + "prompt" + chr(34) + "/>")}</w:sdtContent></w:sdt>', ""),
    ("typed though flagged", f'<w:sdt><w:sdtPr><w:showingPlcHdr/></w:sdtPr><w:sdtContent>{run("示例公司")}</w:sdtContent></w:sdt>', "示例公司"),
    # fields
    ("form box checked without value", field(code(" FORMCHECKBOX "), "", '<w:checkBox><w:default w:val="0"/><w:checked/></w:checkBox>'), "[ticked FORMCHECKBOX]"),
    ("form box unchecked over default", field(code("FORMCHECKBOX"), "", '<w:checkBox><w:default/><w:checked w:val="0"/></w:checkBox>'), "[empty FORMCHECKBOX]"),
    ("form box by default", field(code("FORMCHECKBOX"), None, '<w:checkBox><w:default w:val="1"/></w:checkBox>'), "[ticked FORMCHECKBOX]"),
    ("form box untouched", field(code("FORMCHECKBOX"), "", "<w:checkBox><w:sizeAuto/></w:checkBox>"), "[empty FORMCHECKBOX]"),
    ("form text", field(code(" FORMTEXT "), run("示例公司")), "示例公司"),
    ("form list", field(code("FORMDROPDOWN"), "", '<w:ddList><w:result w:val="1"/><w:listEntry w:val="是"/><w:listEntry w:val="否"/></w:ddList>'), "否"),
    ("form list untouched", field(code("FORMDROPDOWN"), None, '<w:ddList><w:listEntry w:val="请选"/><w:listEntry w:val="否"/></w:ddList>'), "请选"),
    ("EQ split over runs", field(SQUARE_EQ), "[ticked EQ field √]"),
    ("EQ with a stored result", field(SQUARE_EQ, run("□√")), "[ticked EQ field √]"),
    ("EQ in one run", field(code(" EQ \\o\\ac(□,✓) ")), "[ticked EQ field ✓]"),
    ("EQ cross in a box", field(code("eq \\o\\ac(□,×)")), "[ticked EQ field ×]"),
    ("EQ empty", field(code("eq \\o\\ac(□, )")), "[empty EQ field □]"),
    ("EQ semicolon", field(code("EQ \\o(□;√)")), "[ticked EQ field √]"),
    ("EQ ringed word", field(code("eq \\o\\ac(○,是)")), "<是:bordered>"),
    ("EQ ringed figure", field(code("eq \\o\\ac(○,1)")), "①"),
    ("EQ frame", field(code("EQ \\x(√)")), "[ticked EQ field √]"),
    ("EQ raised", field(code("EQ \\o\\ac(□,\\s\\up5(√))")), "[ticked EQ field √]"),
    ("EQ raised by a measure set apart", field(code("EQ \\o(\\s\\up 5(□),\\s\\do 2(√))")), "[ticked EQ field √]"),
    ("EQ with a letter of Wingdings 2", field(code("EQ \\o\\ac(□,") + run("", WINGDINGS_2, "<w:instrText>P</w:instrText>") + code(")")), "[ticked EQ field ✓]"),
    ("EQ with sym", field(code("EQ \\o\\ac(□,") + run(inner='<w:sym w:font="Wingdings" w:char="F0FC"/>') + code(")")), "[ticked EQ field ✓]"),
    ("EQ fraction", field(code("EQ \\f(1,2)")), "12"),
    ("simple field EQ", '<w:fldSimple w:instr=" EQ \\o\\ac(□,√) "/>', "[ticked EQ field √]"),
    ("hyperlink field", field(code(' HYPERLINK "mailto:a@example.cn" '), run("a@example.cn")), "a@example.cn"),
    ("symbol field", field(code(" SYMBOL 254 \\f Wingdings \\s 12 ")), "[ticked sym F0FE ☑]"),
    ("symbol field quoted font", field(code('SYMBOL 0x52 \\f "Wingdings 2"'), run("R")), "[ticked sym F052 ☑]"),
    ("macro button", field(code("MACROBUTTON  NoMacro □")), "□"),
    ("nested field", field(code("QUOTE ") + field(code("PAGE"), run("9")), run("是")), "是"),
    ("field never closed", run(inner='<w:fldChar w:fldCharType="begin"/>') + code("EQ x") + "", ""),
    # looks
    ("strike", run("否", "<w:strike/>"), "<否:struck>"),
    ("double strike", run("否", "<w:dstrike/>"), "<否:struck>"),
    ("strike off", run("否", '<w:strike w:val="0"/>'), "否"),
    ("highlight", run("是", '<w:highlight w:val="yellow"/>'), "<是:highlighted>"),
    ("highlight none", run("是", '<w:highlight w:val="none"/>'), "是"),
    ("shading", run("是", '<w:shd w:val="clear" w:fill="FFFF00"/>'), "<是:shaded>"),
    ("no shading", run("是", '<w:shd w:val="clear" w:color="auto" w:fill="auto"/>'), "是"),
    ("underline", run("是", '<w:u w:val="single"/>'), "<是:underlined>"),
    ("dots below", run("是", '<w:em w:val="dot"/>'), "<是:underlined>"),
    ("bold", run("是", "<w:b/>"), "<是:bold>"),
    ("red", run("是", '<w:color w:val="FF0000"/>'), "<是:coloured>"),
    ("black", run("是", '<w:color w:val="000000"/>'), "是"),
    ("grey", run("是", '<w:color w:val="A6A6A6" w:themeColor="background1" w:themeShade="A6"/>'), "<是:faint>"),
    ("white", run("是", '<w:color w:val="FFFFFF"/>'), "<是:faint>"),
    ("character border", run("√", '<w:bdr w:val="single" w:sz="4"/>'), "<√:bordered>"),
    ("toggles cancel out", run("是", '<w:rStyle w:val="strong"/>'), "<是:bold>"),
    ("style in a circle", run("是", '<w:rStyle w:val="loop"/>'), "<是:bold>"),
    # hidden and revised
    ("hidden", run("示例", "<w:vanish/>") + run("是"), "是"),
    ("hidden by style", run("示例", '<w:rStyle w:val="note"/>') + run("是"), "是"),
    ("deletion", f"<w:del>{run(inner='<w:delText>□</w:delText>')}</w:del>" + f"<w:ins>{run('√')}</w:ins>", "<√:inserted>"),
    ("deletion of plain t", f"<w:del>{run('□')}</w:del>" + run("是"), "是"),
    ("insertion deleted again", f"<w:ins><w:del>{run('x')}</w:del></w:ins>" + run("是"), "是"),
    ("moved", f"<w:moveFrom>{run('√')}</w:moveFrom>{run('是')}<w:moveTo>{run('√')}</w:moveTo>", "是<√:inserted>"),
    # wrappers and breaks
    ("hyperlink", f"<w:hyperlink>{run('a@example.cn')}</w:hyperlink>", "a@example.cn"),
    ("smart tag", f"<w:smartTag><w:customXml>{run('示例')}</w:customXml></w:smartTag>", "示例"),
    ("tab, break, hyphen", run("一", inner="<w:tab/><w:br/><w:noBreakHyphen/><w:softHyphen/>"), "一\t\n-"),
    ("ruby that is a tick", run(inner=f"<w:ruby><w:rt>{run('√')}</w:rt><w:rubyBase>{run('□')}</w:rubyBase></w:ruby>"), "□√"),
    ("ruby", run(inner=f"<w:ruby><w:rt>{run('xx')}</w:rt><w:rubyBase>{run('是')}</w:rubyBase></w:ruby>"), "是"),
    ("root of nothing", "<m:oMath><m:rad><m:deg/><m:e/></m:rad></m:oMath>", "√"),
    ("root of a number", "<m:oMath><m:rad><m:deg/><m:e><m:r><m:t>2</m:t></m:r></m:e></m:rad></m:oMath>", "2"),
    ("formula", "<m:oMath><m:r><m:t>√</m:t></m:r></m:oMath>", "√"),
    # drawn
    ("text box at its anchor", run("是□") + run(inner=either(drawing(text_box(p(run("√")))), "<w:pict/>")) + run(" 否□"), "是□√ 否□"),
    ("old text box", run(inner=f"<w:pict><v:shape><v:textbox><w:txbxContent>{p(run('√'))}</w:txbxContent></v:textbox></v:shape></w:pict>"), "√"),
    ("word art", run(inner='<w:pict><v:shape><v:textpath string="√"/></v:shape></w:pict>'), "√"),
    ("tick drawn as a shape", run(inner=drawing(SHAPE.format(TICK_PATH))), "[ticked shape √]"),
    ("another shape", run(inner=drawing(ELLIPSE)), "[unknown shape]"),
    ("empty square", run(inner=drawing(RECTANGLE)), "[empty shape □]"),
    ("square filled by its style", run(inner=drawing(FILLED.format("", "1"))), "[unknown shape]"),
    ("square styled and not filled", run(inner=drawing(FILLED.format("<a:noFill/>", "1"))), "[empty shape □]"),
    ("square of a style without a filling", run(inner=drawing(FILLED.format("", "0"))), "[empty shape □]"),
    ("VML square", run(inner=VML_RECT.format("")), "[empty shape □]"),
    ("VML square filled", run(inner=VML_RECT.format('fillcolor="black [3213]"')), "[unknown shape]"),
    ("large shape", run("是", inner=drawing(ELLIPSE, cx=5_000_000)), "是"),
    ("VML shape", run(inner='<w:pict><v:line from="0,0" to="10pt,12pt"/></w:pict>'), "[unknown shape]"),
    ("VML hidden", run(inner='<w:pict><v:oval style="width:9pt;height:9pt;visibility:hidden"/></w:pict>'), ""),
    ("ink", run(inner=either(drawing("<w14:contentPart/>"), drawing(picture()))), "[unknown ink]"),
]  # fmt: skip

THEME = (
    '<a:theme xmlns:a="http://schemas.openxmlformats.org/drawingml/2006/main"><a:themeElements><a:fontScheme><a:minorFont>'
    '<a:latin typeface="Wingdings 2"/></a:minorFont></a:fontScheme></a:themeElements></a:theme>'
)


@pytest.mark.parametrize(("body", "expected"), [row[1:] for row in MARKS], ids=[row[0] for row in MARKS])
def test_a_mark_comes_out_as_a_person_sees_it(body: str, expected: str) -> None:
    content = docx(p(body), styles=STYLES, related={"rId2": ("theme", "theme.xml")}, parts={"word/theme.xml": THEME})
    (document,) = read(content)
    assert "\n".join(str(plainly(block)) for block in document.blocks) == expected


PICTURES = [
    ("empty box", png(square()), "[empty picture □]"),
    ("ticked box", png(square(tick_points())), "[ticked picture ☑]"),
    ("filled box", png(["#" * 16] * 16), "[ticked picture ■]"),
    ("tick alone", png(stroke()), "[ticked picture √]"),
    ("cross alone", png(["".join("#" if abs(x - y) < 2 or abs(15 - x - y) < 2 else "." for x in range(16)) for y in range(16)]), "[unknown picture ×]"),
    ("blank", png(["." * 16] * 16), "[unknown picture]"),
    ("not a PNG", b"\xff\xd8\xff\xe0 nothing", "[unknown picture]"),
    ("broken PNG", png(square())[:60], "[unknown picture]"),
]  # fmt: skip


@pytest.mark.parametrize(("content", "expected"), [row[1:] for row in PICTURES], ids=[row[0] for row in PICTURES])
def test_a_little_picture_is_looked_at(content: bytes, expected: str) -> None:
    body = p(run("是", inner=drawing(picture())))
    related = {"rIdP": ("image", "media/image1.png")}
    (document,) = read(docx(body, related=related, parts={"word/media/image1.png": content}))
    assert plainly(document.blocks[0]) == "是" + expected


CLASS = "8BD21D40-EC42-11CE-9E0D-00AA006002F3"


def active_x(inner: str, **parts: str | bytes) -> bytes:
    root = (
        '<ax:ocx xmlns:ax="http://schemas.microsoft.com/office/2006/activeX"'
        f' xmlns:r="http://schemas.openxmlformats.org/officeDocument/2006/relationships" ax:classid="{{{CLASS}}}" {inner}'
    )
    body = p(run(inner='<w:object><v:shape style="width:9pt;height:9pt"/><w:control r:id="rIdX"/></w:object>'))
    return docx(
        body,
        related={"rIdX": ("control", "activeX/activeX1.xml")},
        parts={"word/activeX/activeX1.xml": root, **parts},
    )


def morph(value: str, caption: str = "") -> bytes:
    """The binary form of a check box as Microsoft Forms writes it: bits, back colour, style, size, value, caption."""
    mask = 1 | 1 << 1 | 1 << 6 | 1 << 8 | 1 << 22 | (1 << 23 if caption else 0) | 1 << 31
    block = (0x2C80081B).to_bytes(4, "little") + (0x00FFFFFF).to_bytes(4, "little") + b"\x04" + b"\x00" * 3
    block += (len(value) | 0x80000000).to_bytes(4, "little")
    extra = (635).to_bytes(4, "little") * 2 + value.encode() + b"\x00" * (-len(value) % 4)
    if caption:
        raw = caption.encode("utf-16-le")
        block += len(raw).to_bytes(4, "little")
        extra += raw + b"\x00" * (-len(raw) % 4)
    body = mask.to_bytes(8, "little") + block + extra
    guid = bytes.fromhex("401DD28B42ECCE119E0D00AA006002F3")
    return guid + b"\x00\x02" + len(body).to_bytes(2, "little") + body


RELS = '<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships"><Relationship Id="rId1" Type="x/activeXControlBinary" Target="activeX1.bin"/></Relationships>'
BAG = 'ax:persistence="persistPropertyBag">'
CONTROLS = [
    ("bag ticked", active_x(BAG + '<ax:ocxPr ax:name="Value" ax:value="1"/></ax:ocx>'), "[ticked ActiveX]"),
    ("bag empty", active_x(BAG + '<ax:ocxPr ax:name="Value" ax:value="0"/></ax:ocx>'), "[empty ActiveX]"),
    ("bag with caption", active_x(BAG + '<ax:ocxPr ax:name="Caption" ax:value="是"/><ax:ocxPr ax:name="Value" ax:value="1"/></ax:ocx>'), "[ticked ActiveX]是"),
    ("bag without value", active_x(BAG + "</ax:ocx>"), "[unknown ActiveX]"),
    ("stream ticked", active_x('ax:persistence="persistStreamInit" r:id="rId1"/>', **{"word/activeX/_rels/activeX1.xml.rels": RELS, "word/activeX/activeX1.bin": morph("1")}), "[ticked ActiveX]"),
    ("stream with caption", active_x('ax:persistence="persistStreamInit" r:id="rId1"/>', **{"word/activeX/_rels/activeX1.xml.rels": RELS, "word/activeX/activeX1.bin": morph("0", "否")}), "[empty ActiveX]否"),
    ("stream cut short", active_x('ax:persistence="persistStreamInit" r:id="rId1"/>', **{"word/activeX/_rels/activeX1.xml.rels": RELS, "word/activeX/activeX1.bin": morph("1")[:26]}), "[unknown ActiveX]"),
    ("stream missing", active_x('ax:persistence="persistStorage" r:id="rId1"/>'), "[unknown ActiveX]"),
]  # fmt: skip


@pytest.mark.parametrize(("content", "expected"), [row[1:] for row in CONTROLS], ids=[row[0] for row in CONTROLS])
def test_an_activex_box_tells_its_state(content: bytes, expected: str) -> None:
    (document,) = read(content)
    assert plainly(document.blocks[0]) == expected


def test_a_comment_stands_where_it_is_anchored() -> None:
    comments = part("comments", f'<w:comment w:id="7">{p(run("改为否"))}</w:comment>')
    body = p(run("√是") + run(inner='<w:commentReference w:id="7"/>') + run(" □否"))
    (document,) = read(
        docx(body, related={"rId9": ("comments", "comments.xml")}, parts={"word/comments.xml": comments})
    )
    assert plainly(document.blocks[0]) == "√是{改为否} □否"
    assert "comments" in document.notes


# A line of twelve-point characters that begins at the left edge: 是□ lies at 0 to 24 points, 否□ at 48 to 72.
FLOATS = [
    ("over the first box, anchored at the start", "start", 10, "是□√  　否□"),
    ("over the second box, anchored at the start", "start", 70, "是□  　否□√"),
    ("between nothing and nothing", "start", 400, "[unknown floating text √]是□  　否□"),
    ("anchor and place speak for the same box", "middle", 10, "是□√  　否□"),
    ("anchor and place speak for different boxes", "middle", 70, "是□[unknown floating text √]  　否□"),
]


@pytest.mark.parametrize(("where", "points", "expected"), [row[1:] for row in FLOATS], ids=[row[0] for row in FLOATS])
def test_a_floating_tick_lands_where_it_is_seen(where: str, points: int, expected: str) -> None:
    size = '<w:sz w:val="24"/>'
    tick = run(inner=drawing(text_box(p(run("√"))), anchor=str((points - 3) * 12700), cx=12 * 12700))
    first, second = run("是□", size), run("  　否□", size)
    body = p(tick + first + second) if where == "start" else p(first + tick + second)
    (document,) = read(docx(body))
    assert plainly(document.blocks[0]) == expected


def test_a_floating_text_box_of_old_word_lands_where_it_is_seen() -> None:
    style = "position:absolute;margin-left:{}pt;margin-top:1pt;width:12pt;height:12pt"
    tick = "<w:pict><v:shape style='{}'><v:textbox><w:txbxContent>{}</w:txbxContent></v:textbox></v:shape></w:pict>"
    size = '<w:sz w:val="24"/>'
    for points, expected in ((10, "是□√　　否□"), (66, "是□　　否□√")):
        box = run(inner=tick.format(style.format(points), p(run("√"))))
        (document,) = read(docx(p(box + run("是□　　否□", size))))
        assert plainly(document.blocks[0]) == expected

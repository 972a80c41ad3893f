# ruff: noqa: E501 (XML reads better unbroken)
"""Makes the sample forms in tests/samples/forms/ and their truth.jsonl; run it again after a change here.

    python tests/samples/make_forms.py

All units, people, numbers and addresses are samples. The XML is that of Word and WPS; the files are the same
byte for byte each time.
"""

from __future__ import annotations

import io
import json
import zipfile
from collections.abc import Sequence
from email.message import EmailMessage
from pathlib import Path
from typing import Any

FOLDER = Path(__file__).parent / "forms"
W = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
W14 = "http://schemas.microsoft.com/office/word/2010/wordml"
JOIN = "是否愿意加入首都知识产权运营联盟"
MEMBER = "是否愿意成为首都知识产权服务业协会会员（如已是会员，无需填写）"
TITLE = "首都知识产权运营联盟入盟意向书"
FIELDS = {
    "unit": "单位名称",
    "contact": "联系人姓名",
    "office_phone": "办公电话",
    "title": "联系人职务",
    "mobile": "手机号码",
    "email": "电子邮箱",
}
WHEN = (2016, 11, 25, 9, 0, 0)


# ---- Word ---------------------------------------------------------------------------------------


def run(text: str, looks: str = "") -> str:
    return f'<w:r><w:rPr>{looks}</w:rPr><w:t xml:space="preserve">{text}</w:t></w:r>'


def symbol(font: str, code: str) -> str:
    return f'<w:r><w:sym w:font="{font}" w:char="{code}"/></w:r>'


def control(checked: bool) -> str:
    glyph = "☒" if checked else "☐"
    return (
        f'<w:sdt><w:sdtPr><w14:checkbox><w14:checked w14:val="{int(checked)}"/>'
        '<w14:checkedState w14:val="2612" w14:font="MS Gothic"/><w14:uncheckedState w14:val="2610" w14:font="MS Gothic"/>'
        f"</w14:checkbox></w:sdtPr><w:sdtContent><w:r><w:t>{glyph}</w:t></w:r></w:sdtContent></w:sdt>"
    )


def legacy(checked: bool) -> str:
    state = "<w:checked/>" if checked else ""
    return (
        f'<w:r><w:fldChar w:fldCharType="begin"><w:ffData><w:enabled/><w:checkBox><w:sizeAuto/><w:default w:val="0"/>{state}'
        '</w:checkBox></w:ffData></w:fldChar></w:r><w:r><w:instrText xml:space="preserve"> FORMCHECKBOX </w:instrText></w:r>'
        '<w:r><w:fldChar w:fldCharType="end"/></w:r>'
    )


def enclosed() -> str:
    return (
        '<w:r><w:fldChar w:fldCharType="begin"/></w:r><w:r><w:instrText xml:space="preserve"> eq \\o\\ac(</w:instrText></w:r>'
        '<w:r><w:instrText>□</w:instrText></w:r><w:r><w:instrText>,√)</w:instrText></w:r><w:r><w:fldChar w:fldCharType="end"/></w:r>'
    )


def changed(old: str, new: str, number: int) -> str:
    who = f'w:id="{number}" w:author="示例" w:date="2016-11-24T10:20:00Z"'
    return (
        f"<w:del {who}><w:r><w:delText>{old}</w:delText></w:r></w:del>"
        f"<w:ins {who.replace(str(number), str(number + 1), 1)}><w:r><w:t>{new}</w:t></w:r></w:ins>"
    )


def p(content: str) -> str:
    return f"<w:p>{content if content.startswith('<') else run(content)}</w:p>"


def tc(content: str, span: int = 1, merge: str = "") -> str:
    grid = f'<w:gridSpan w:val="{span}"/>' if span > 1 else ""
    vertical = {"": "", "restart": '<w:vMerge w:val="restart"/>', "continue": "<w:vMerge/>"}[merge]
    body = content if content.startswith(("<w:p>", "<w:tbl>")) else p(content)
    return f"<w:tc><w:tcPr>{grid}{vertical}</w:tcPr>{body}</w:tc>"


def tbl(*rows: Sequence[str]) -> str:
    return "<w:tbl><w:tblPr/><w:tblGrid/>" + "".join(f"<w:tr>{''.join(row)}</w:tr>" for row in rows) + "</w:tbl>"


def form_table(values: dict[str, str], join: str, member: str) -> str:
    v = values
    return tbl(
        (tc("单位名称"), tc(v["unit"], 3)),
        (tc("联系人姓名"), tc(v["contact"]), tc("办公电话"), tc(v["office_phone"])),
        (tc("联系人职务"), tc(v["title"]), tc("手机号码"), tc(v["mobile"])),
        (tc("电子邮箱"), tc(v["email"], 3)),
        (tc(JOIN, 2), tc(join, 2)),
        (tc(MEMBER, 2), tc(member, 2)),
    )


def docx(body: str, comment: str = "") -> bytes:
    document = f'<?xml version="1.0" encoding="UTF-8"?><w:document xmlns:w="{W}" xmlns:w14="{W14}"><w:body>{body}<w:sectPr/></w:body></w:document>'
    kinds = "application/vnd.openxmlformats-officedocument.wordprocessingml"
    override = f'<Override PartName="/word/document.xml" ContentType="{kinds}.document.main+xml"/>'
    related = ""
    files = {}
    if comment:
        override += f'<Override PartName="/word/comments.xml" ContentType="{kinds}.comments+xml"/>'
        related = '<Relationship Id="rId9" Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/comments" Target="comments.xml"/>'
        files["word/comments.xml"] = (
            f'<w:comments xmlns:w="{W}"><w:comment w:id="0" w:author="示例" w:date="2016-11-24T10:20:00Z">{p(comment)}</w:comment></w:comments>'
        )
    package = "http://schemas.openxmlformats.org/package/2006"
    files |= {
        "[Content_Types].xml": f'<Types xmlns="{package}/content-types"><Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/><Default Extension="xml" ContentType="application/xml"/>{override}</Types>',
        "_rels/.rels": f'<Relationships xmlns="{package}/relationships"><Relationship Id="rId1" Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/officeDocument" Target="word/document.xml"/></Relationships>',
        "word/document.xml": document,
        "word/_rels/document.xml.rels": f'<Relationships xmlns="{package}/relationships">{related}</Relationships>',
    }
    return packed(files)


def packed(files: dict[str, str]) -> bytes:
    """A zip of texts, the content types first, every file of the same date; stored, as zlib differs between machines."""
    held = io.BytesIO()
    with zipfile.ZipFile(held, "w", zipfile.ZIP_STORED) as archive:
        for name in sorted(files, key=lambda name: (name != "[Content_Types].xml", name)):
            archive.writestr(zipfile.ZipInfo(name, WHEN), files[name].encode("utf-8"), zipfile.ZIP_STORED)
    return held.getvalue()


# ---- Excel --------------------------------------------------------------------------------------


def xlsx(sheets: dict[str, Sequence[Sequence[str]]]) -> bytes:
    """Sheets of inline strings."""
    package = "http://schemas.openxmlformats.org/package/2006"
    main = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
    relation = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
    kinds = "application/vnd.openxmlformats-officedocument.spreadsheetml"
    names = list(sheets)
    listed = "".join(f'<sheet name="{name}" sheetId="{n}" r:id="rId{n}"/>' for n, name in enumerate(names, 1))
    related = "".join(
        f'<Relationship Id="rId{n}" Type="{relation}/worksheet" Target="worksheets/sheet{n}.xml"/>'
        for n in range(1, len(names) + 1)
    )
    overrides = "".join(
        f'<Override PartName="/xl/worksheets/sheet{n}.xml" ContentType="{kinds}.worksheet+xml"/>'
        for n in range(1, len(names) + 1)
    )
    files = {
        "[Content_Types].xml": f'<Types xmlns="{package}/content-types"><Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/><Default Extension="xml" ContentType="application/xml"/><Override PartName="/xl/workbook.xml" ContentType="{kinds}.sheet.main+xml"/>{overrides}</Types>',
        "_rels/.rels": f'<Relationships xmlns="{package}/relationships"><Relationship Id="rId1" Type="{relation}/officeDocument" Target="xl/workbook.xml"/></Relationships>',
        "xl/workbook.xml": f'<workbook xmlns="{main}" xmlns:r="{relation}"><sheets>{listed}</sheets></workbook>',
        "xl/_rels/workbook.xml.rels": f'<Relationships xmlns="{package}/relationships">{related}</Relationships>',
    }
    for n, rows in enumerate(sheets.values(), 1):
        files[f"xl/worksheets/sheet{n}.xml"] = (
            f'<worksheet xmlns="{main}"><sheetData>{"".join(map(sheet_row, range(1, len(rows) + 1), rows))}</sheetData></worksheet>'
        )
    return packed(files)


def sheet_row(number: int, texts: Sequence[str]) -> str:
    cells = "".join(
        f'<c r="{chr(64 + at)}{number}" t="inlineStr"><is><t xml:space="preserve">{text}</t></is></c>'
        for at, text in enumerate(texts, 1)
        if text
    )
    return f'<row r="{number}">{cells}</row>'


def sheet_form(values: dict[str, str], join: str, member: str) -> list[list[str]]:
    v = values
    return [
        [TITLE],
        ["单位名称", v["unit"]],
        ["联系人姓名", v["contact"], "办公电话", v["office_phone"]],
        ["联系人职务", v["title"], "手机号码", v["mobile"]],
        ["电子邮箱", v["email"]],
        [JOIN, "", join],
        [MEMBER, "", member],
    ]


# ---- the samples --------------------------------------------------------------------------------


def values(number: int, **changes: str) -> dict[str, str]:
    return {
        "unit": f"示例单位{number:02d}有限公司",
        "contact": "张示例",
        "office_phone": "010-62000000",
        "title": "主任",
        "mobile": "13800000000",
        "email": f"sample{number:02d}@example.com",
    } | changes


BLANK = dict.fromkeys(FIELDS, "")
Sample = tuple[str, str, bytes, list[dict[str, Any]]]


def sample(name: str, mark: str, content: bytes, *forms: tuple[dict[str, str], str, str]) -> Sample:
    truth = [{"values": given, "choices": {"join": join, "member": member}} for given, join, member in forms]
    return name, mark, content, truth


def word(number: int, mark: str, join: str, member: str, answers: tuple[str, str], *, comment: str = "") -> Sample:
    given = values(number)
    content = docx(p("附件1") + p(TITLE) + form_table(given, join, member), comment)
    return sample(f"{number:02d}-{mark}.docx", mark, content, (given, *answers))


STRUCK, BRIGHT = "<w:strike/>", '<w:highlight w:val="yellow"/>'


def marks() -> list[Sample]:
    """The campaign's own form with each kind of mark."""
    ticked, empty = symbol("Wingdings 2", "F052"), symbol("Wingdings 2", "F0A3")
    return [
        word(1, "glyph", "是 ☑    否 □", "是 □    否 ☑", ("yes", "no")),
        word(2, "symbol", run("是 ") + empty + run("    否 ") + ticked, run("是 ") + ticked + run("    否 ") + empty, ("no", "yes")),
        word(3, "control", run("是 ") + control(True) + run("  否 ") + control(False), run("是 ") + control(False) + run("  否 ") + control(False), ("yes", "blank")),
        word(4, "legacy", legacy(False) + run(" 是    ") + legacy(True) + run(" 否"), legacy(True) + run(" 是    ") + legacy(False) + run(" 否"), ("no", "yes")),
        word(5, "enclosed", run("是 ") + enclosed() + run("    否 □"), run("是 □    否 ") + enclosed(), ("yes", "no")),
        word(6, "tracked", run("是 ") + changed("√", "□", 1) + run("    否 ") + changed("□", "√", 3), "是 □    否 □", ("no", "blank")),
        word(7, "struck", run("是 □    ") + run("否 □", STRUCK), run("是 □", STRUCK) + run("    否 □"), ("yes", "no")),
        word(8, "highlight", run("是", BRIGHT) + run(" □    否 □"), run("是 □    ") + run("否", BRIGHT) + run(" □"), ("yes", "no")),
        word(9, "beside", "是□    否□ √", "是□ √    否□", ("no", "yes")),
        word(10, "words", "愿意加入", "已是会员", ("yes", "blank")),
        word(11, "both", "是 √    否 √", "是 □    否 √", ("unclear", "no")),
        word(12, "lost", "是 □    否", "是    否 □", ("unclear", "unclear")),
        word(13, "commented", run("是 ") + '<w:commentRangeStart w:id="0"/>' + run("√") + '<w:commentRangeEnd w:id="0"/><w:r><w:commentReference w:id="0"/></w:r>' + run("    否 □"), "是 □    否 □", ("unclear", "blank"), comment="领导意见：改为否"),
        word(14, "remark", "是 √    否 □（待定）", "是 □    否 □", ("unclear", "blank")),
        word(15, "crossed", "是 ×    否 □", "是 ☒    否 ☐", ("unclear", "yes")),
    ]  # fmt: skip


def layouts() -> list[Sample]:
    """Other arrangements in Word."""
    v = values(21)
    lines = "".join(p(f"{label}：{v[key]}") for key, label in FIELDS.items())
    paragraphs = docx(p(TITLE) + lines + p(f"{JOIN}：□ 是    √ 否") + p(f"{MEMBER}：√ 是    □ 否"))
    a, b = values(22), values(23, office_phone="")
    blank = form_table(BLANK, "是 □    否 □", "是 □    否 □")
    several = docx(
        p(TITLE)
        + form_table(a, "是 √    否 □", "是 □    否 □")
        + p(TITLE)
        + form_table(b, "是 □    否 √", "是 □    否 √")
        + p(TITLE)
        + blank
    )
    c = values(24)
    example = form_table(values(99, unit="示范单位"), "是 □    否 √", "是 □    否 √")
    worked = docx(p(TITLE) + form_table(c, "是 ■    否 □", "是 □    否 ■") + p("填写示例") + example)
    d = values(25)
    options = tbl(
        (tc("基本信息", 1, "restart"), tc("单位名称"), tc(d["unit"], 4)),
        (tc("", 1, "continue"), tc("联系人姓名"), tc(d["contact"]), tc("联系人职务"), tc(d["title"], 2)),
        (tc("", 1, "continue"), tc("办公电话"), tc(d["office_phone"]), tc("手机号码"), tc(d["mobile"], 2)),
        (tc("", 1, "continue"), tc("电子邮箱"), tc(d["email"], 4)),
        (tc(JOIN, 2), tc("是"), tc("□"), tc("否"), tc("■")),
        (tc(MEMBER, 2), tc("是"), tc("■"), tc("否"), tc("□")),
    )
    e = values(26)
    nested = docx(tbl((tc(p(TITLE) + form_table(e, "是 （√）    否 （　）", "是 （　）    否 （√）") + p("")),)))
    return [
        sample("21-paragraphs.docx", "check_replace", paragraphs, (v, "no", "yes")),
        sample("22-several.docx", "check_replace", several, (a, "yes", "blank"), (b, "no", "no")),
        sample("24-example.docx", "black_square", worked, (c, "yes", "no")),
        sample("25-option-cells.docx", "option_cells", docx(p(TITLE) + options), (d, "no", "yes")),
        sample("26-nested.docx", "paren_check", nested, (e, "yes", "no")),
    ]


def other_formats() -> list[Sample]:
    a, b, c, d, e, f = (values(number) for number in range(31, 37))
    heading = ["序号", *FIELDS.values(), JOIN, MEMBER]
    listed = [["汇总表"], heading, ["1", *b.values(), "是", "否"], ["2", *c.values(), "否", ""]]
    page = "".join(
        f"<tr><td>{label}</td><td>{text}</td></tr>"
        for label, text in [
            *((FIELDS[key], d[key]) for key in FIELDS),
            (JOIN, "是 □&nbsp;&nbsp;否 ☑"),
            (MEMBER, "是 ☑&nbsp;&nbsp;否 □"),
        ]
    )
    html = (
        f'<html><head><meta charset="utf-8"></head><body><p>您好，意向书如下：</p><table>{page}</table></body></html>'
    )
    text = "您好，我单位填写如下：\n\n" + "\n".join(f"{label}：{e[key]}" for key, label in FIELDS.items())
    text += f"\n{JOIN}：愿意\n{MEMBER}：不愿意\n\n谢谢！\n"
    return [
        sample(
            "31-sheet.xlsx",
            "black_square",
            xlsx({"意向书": sheet_form(a, "是 ■    否 □", "是 □    否 □")}),
            (a, "yes", "blank"),
        ),
        sample("32-list.xlsx", "text_answer", xlsx({"汇总": listed}), (b, "yes", "no"), (c, "no", "blank")),
        sample("34-page.html", "ballot_check", html.encode(), (d, "no", "yes")),
        sample("35-lines.txt", "text_answer", text.encode(), (e, "yes", "no")),
        sample("36-mail.eml", "check_replace", mail(f), (f, "yes", "no")),
    ]


def mail(given: dict[str, str]) -> bytes:
    """A mail with the form twice: attached, and attached again under another name."""
    letter = EmailMessage()
    letter["From"] = "sample36@example.com"
    letter["To"] = "office@example.org"
    letter["Subject"] = "入盟意向书"
    letter["Date"] = "Fri, 25 Nov 2016 09:00:00 +0800"
    letter["Message-ID"] = "<sample36@example.com>"
    letter.set_content("您好，意向书见附件，请查收。\n")
    content = docx(p(TITLE) + form_table(given, "是 √    否 □", "是 □    否 √"))
    for name in ("意向书.docx", "意向书（副本）.docx"):
        letter.add_attachment(content, maintype="application", subtype="octet-stream", filename=name)
    letter.set_boundary("=_sample36")
    return letter.as_bytes()


def main() -> None:
    FOLDER.mkdir(exist_ok=True)
    lines = []
    for name, mark, content, forms in (*marks(), *layouts(), *other_formats()):
        (FOLDER / name).write_bytes(content)
        lines.append(json.dumps({"file": name, "mark": mark, "forms": forms}, ensure_ascii=False))
    (FOLDER / "truth.jsonl").write_text("\n".join(lines) + "\n", "utf-8")


if __name__ == "__main__":
    main()

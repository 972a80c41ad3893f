"""Filled forms as units make them: Word tables ticked in a dozen ways, workbooks, and pasted text.

A form is written from plain answers, so the demonstration knows the truth about each.
"""

from __future__ import annotations

import functools
import io
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

TITLE = "首都知识产权运营联盟入盟意向书"
JOIN = "是否愿意加入首都知识产权运营联盟"
MEMBER = "是否愿意成为首都知识产权服务业协会会员（如已是会员，无需填写）"
LABELS = {
    "unit": "单位名称", "contact": "联系人姓名", "office_phone": "办公电话",
    "title": "联系人职务", "mobile": "手机号码", "email": "电子邮箱",
}  # fmt: skip
BOX = "□"
WORDS = {"yes": "是", "no": "否"}
NAMESPACES = (
    'xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main" '
    'xmlns:w14="http://schemas.microsoft.com/office/word/2010/wordml"'
)


@dataclass(frozen=True, slots=True)
class Answers:
    """What a unit fills in: the six values, and yes, no or blank for both questions."""

    values: Mapping[str, str]
    join: str
    member: str


def _run(text: str, properties: str = "") -> str:
    return f'<w:r><w:rPr>{properties}</w:rPr><w:t xml:space="preserve">{text}</w:t></w:r>'


def _glyph(ticked: str, empty: str = BOX) -> Callable[[str, bool], str]:
    return lambda word, chosen: _run(f"{word} {ticked if chosen else empty}    ")


def _symbol(word: str, chosen: bool) -> str:
    code = "F052" if chosen else "F0A3"
    return _run(f"{word} ") + f'<w:r><w:sym w:font="Wingdings 2" w:char="{code}"/></w:r>' + _run("    ")


def _letter(word: str, chosen: bool) -> str:
    font = '<w:rFonts w:ascii="Wingdings 2" w:hAnsi="Wingdings 2"/>'
    return _run(f"{word} ") + _run("R" if chosen else "\u00a3", font) + _run("    ")


def _control(word: str, chosen: bool) -> str:
    state = '<w14:checkedState w14:val="2612" w14:font="MS Gothic"/>'
    box = f'<w14:checkbox><w14:checked w14:val="{int(chosen)}"/>{state}</w14:checkbox>'
    content = _run("☒" if chosen else "☐")
    return (
        f"{_run(f'{word} ')}<w:sdt><w:sdtPr>{box}</w:sdtPr><w:sdtContent>{content}</w:sdtContent></w:sdt>{_run('   ')}"
    )


def _field(word: str, chosen: bool) -> str:
    box = f'<w:checkBox><w:sizeAuto/><w:default w:val="0"/><w:checked w:val="{int(chosen)}"/></w:checkBox>'
    begin = f'<w:r><w:fldChar w:fldCharType="begin"><w:ffData>{box}</w:ffData></w:fldChar></w:r>'
    code = '<w:r><w:instrText xml:space="preserve"> FORMCHECKBOX </w:instrText></w:r>'
    return f'{_run(f"{word} ")}{begin}{code}<w:r><w:fldChar w:fldCharType="end"/></w:r>{_run("    ")}'


def _enclosed(word: str, chosen: bool) -> str:
    if not chosen:
        return _run(f"{word} {BOX}    ")
    code = "<w:r><w:instrText> eq \\o\\ac(</w:instrText></w:r><w:r><w:instrText>□,√)</w:instrText></w:r>"
    ends = '<w:r><w:fldChar w:fldCharType="{}"/></w:r>'
    return _run(f"{word} ") + ends.format("begin") + code + ends.format("end") + _run("    ")


def _struck(word: str, chosen: bool) -> str:
    return _run(f"{word} {BOX}", "" if chosen else "<w:strike/>") + _run("    ")


def _highlighted(word: str, chosen: bool) -> str:
    return _run(f"{word} {BOX}", '<w:highlight w:val="yellow"/>' if chosen else "") + _run("    ")


def _tracked(word: str, chosen: bool) -> str:
    if not chosen:
        return _run(f"{word} {BOX}    ")
    who = 'w:author="示例" w:date="2016-11-20T09:00:00Z"'
    deleted = f'<w:del w:id="1" {who}><w:r><w:delText>{BOX}</w:delText></w:r></w:del>'
    return f'{_run(f"{word} ")}{deleted}<w:ins w:id="2" {who}>{_run("√")}</w:ins>{_run("    ")}'


MARKS: dict[str, Callable[[str, bool], str]] = {
    "☑": _glyph("☑"),
    "√替换方框": _glyph("√"),
    "■": _glyph("■"),
    "●": _glyph("●", "○"),
    "方框后√": _glyph("□√"),
    "（√）": _glyph("（√）", "（  ）"),
    "Wingdings符号": _symbol,
    "符号字体": _letter,
    "内容控件": _control,
    "旧式复选框": _field,
    "带框字符": _enclosed,
    "划掉另一项": _struck,
    "突出显示": _highlighted,
    "修订": _tracked,
}


def docx(answers: Answers, mark: str) -> bytes:
    """The one-page Word form, ticked in the manner named `mark` (a key of MARKS)."""
    document = _blank()
    table = document.tables[0]
    for (row, column), key in PLACES.items():
        table.cell(row, column).text = answers.values.get(key, "")
    _tick(table.cell(4, 2), answers.join, MARKS[mark])
    _tick(table.cell(5, 2), answers.member, MARKS[mark])
    return _saved(document)


def complete(form: bytes, answers: Answers, mark: str) -> bytes:
    """The pre-filled form of a circular, filled in where its unit has something else or more to say, and ticked."""
    from docx import Document

    document = Document(io.BytesIO(form))
    table = document.tables[0]
    for (row, column), key in PLACES.items():
        cell, value = table.cell(row, column), answers.values.get(key, "")
        if cell.text != value:
            cell.text = value
    for row, answer in ((4, answers.join), (5, answers.member)):
        if answer in WORDS:
            table.cell(row, 2).text = ""
            _tick(table.cell(row, 2), answer, MARKS[mark])
    return _saved(document)


PLACES = {(0, 1): "unit", (1, 1): "contact", (1, 3): "office_phone", (2, 1): "title", (2, 3): "mobile", (3, 1): "email"}


@functools.cache
def _blank_bytes() -> bytes:
    from docx import Document
    from docx.shared import Cm

    document = Document()
    document.add_heading(TITLE, level=1)
    table = document.add_table(rows=6, cols=4, style="Table Grid")
    for row in (0, 3):
        table.cell(row, 1).merge(table.cell(row, 3))
    for row in (4, 5):
        table.cell(row, 0).merge(table.cell(row, 1))
        table.cell(row, 2).merge(table.cell(row, 3))
    for (row, column), key in PLACES.items():
        table.cell(row, column - 1).text = LABELS[key]
    table.cell(4, 0).text, table.cell(5, 0).text = JOIN, MEMBER
    for column in table.columns:
        column.width = Cm(4)
    return _saved(document)


def _blank() -> Any:
    from docx import Document

    return Document(io.BytesIO(_blank_bytes()))


def _saved(document: Any) -> bytes:
    out = io.BytesIO()
    document.save(out)
    return out.getvalue()


def _tick(cell: Any, answer: str, mark: Callable[[str, bool], str]) -> None:
    from docx.oxml import parse_xml

    mark = mark if answer in WORDS else _glyph("☑")  # an unanswered line is as it was printed
    inner = "".join(mark(word, answer == key) for key, word in WORDS.items())
    for run in parse_xml(f"<w:p {NAMESPACES}>{inner}</w:p>"):
        cell.paragraphs[0]._p.append(run)


def xlsx(answers: Answers) -> bytes:
    """The form as a worksheet: label and value side by side, the tick typed into the cell."""
    from openpyxl import Workbook

    book = Workbook()
    sheet = book.create_sheet("意向书", 0)
    sheet.append([TITLE])
    for key, label in LABELS.items():
        sheet.append([label, answers.values.get(key, "")])
    for label, answer in ((JOIN, answers.join), (MEMBER, answers.member)):
        sheet.append([label, _ticked_line(answer)])
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def pasted(answers: Answers) -> str:
    """The form typed into the body of a mail, a line a label."""
    lines = [f"{label}：{answers.values.get(key, '')}" for key, label in LABELS.items()]
    lines += [f"{label}：{_ticked_line(answer)}" for label, answer in ((JOIN, answers.join), (MEMBER, answers.member))]
    return "\n".join([TITLE, "", *lines])


def html_table(answers: Answers) -> str:
    """The form pasted as a table into an HTML body."""
    rows = [(label, answers.values.get(key, "")) for key, label in LABELS.items()]
    rows += [(JOIN, _ticked_line(answers.join)), (MEMBER, _ticked_line(answers.member))]
    cells = "".join(f"<tr><td>{label}</td><td>{value}</td></tr>" for label, value in rows)
    return f"<p>{TITLE}</p><table border=1>{cells}</table>"


def _ticked_line(answer: str) -> str:
    return "    ".join(f"{word} {'☑' if answer == key else BOX}" for key, word in WORDS.items())


def brochure(unit: str) -> bytes:
    """A Word file that is not the form."""
    from docx import Document

    document = Document()
    document.add_heading(f"{unit}简介", level=1)
    document.add_paragraph("本单位为演示而虚构，主要从事知识产权相关服务。")
    return _saved(document)

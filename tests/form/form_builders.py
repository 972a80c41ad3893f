"""Tiny builders of Documents for the tests of the judge, the layout and the values."""

from __future__ import annotations

import tomllib
from collections.abc import Sequence
from dataclasses import fields
from pathlib import Path

from intake.answers import Choice, Form
from intake.campaign import ChoiceSpec, FormSpec
from intake.campaign_file import parse_campaign
from intake.document import Block, Box, Cell, Document, Looks, Paragraph, Piece, Remark, Table, Text
from intake.form import find_forms
from intake.form.choices import judge
from intake.form.evidence import ALONE, Surroundings

ROOT = Path(__file__).resolve().parents[2]
SPEC: FormSpec = parse_campaign(
    tomllib.loads((ROOT / "templates" / "cipoa-2016" / "campaign.toml").read_text("utf-8"))
).form
JOIN, MEMBER = SPEC.choices
JOIN_LABEL, MEMBER_LABEL = JOIN.label, MEMBER.label
VOTE = ChoiceSpec("vote", "表决意见", "表决", ("同意", "不同意", "弃权"), ("表决意见",))
TOPICS = ChoiceSpec("topics", "参加的分论坛", "分论坛", ("运营", "金融", "维权"), ("参加的分论坛",), several=True)

Bit = str | Piece


def pieces(*bits: Bit) -> tuple[Piece, ...]:
    return tuple(Text(bit) if isinstance(bit, str) else bit for bit in bits)


def looking(text: str, *names: str) -> Text:
    """A text with the named looks."""
    known = {field.name for field in fields(Looks)}
    assert set(names) <= known
    return Text(text, Looks(**dict.fromkeys(names, True)))


def ticked(source: str = "content control", glyph: str = "") -> Box:
    return Box("ticked", source, glyph)


def empty(source: str = "content control", glyph: str = "") -> Box:
    return Box("empty", source, glyph)


def unknown(source: str = "picture") -> Box:
    return Box("unknown", source)


def judged(*cells: Bit | Sequence[Bit], spec: ChoiceSpec = JOIN, around: Surroundings = ALONE) -> Choice:
    """The judge's answer to a row; a list is a cell of several pieces."""
    row = [pieces(cell) if isinstance(cell, (str, Text, Box, Remark)) else pieces(*cell) for cell in cells]
    return judge(spec, row, place="第6行第2列", around=around)


def para(*bits: Bit) -> Paragraph:
    return Paragraph(pieces(*bits))


def cell(*content: Bit | Block, column: int = 0, span: int = 1, rows: int = 1) -> Cell:
    """A cell; a text with line ends becomes several paragraphs, loose pieces one."""
    blocks: list[Block] = []
    loose: list[Bit] = []
    for item in content:
        if isinstance(item, (Paragraph, Table)):
            blocks.append(item)
        elif isinstance(item, str) and "\n" in item:
            blocks += [para(line) for line in item.split("\n")]
        else:
            loose.append(item)
    if loose:
        blocks.append(para(*loose))
    return Cell(tuple(blocks), column, span, rows)


Column = str | Piece | Block | Cell | Sequence[Bit]


def row(*columns: Column, width: int = 0) -> tuple[Cell, ...]:
    """A row of cells from grid column 0; the last cell spans up to `width`."""
    cells: list[Cell] = []
    at = 0
    for item in columns:
        if isinstance(item, Cell):
            made = Cell(item.blocks, at, item.column_span, item.row_span)
        elif isinstance(item, (str, Text, Box, Remark, Paragraph, Table)):
            made = cell(item, column=at)
        else:
            made = cell(*item, column=at)
        cells.append(made)
        at += made.column_span
    if cells and at < width:
        last = cells[-1]
        cells[-1] = Cell(last.blocks, last.column, last.column_span + width - at, last.row_span)
    return tuple(cells)


def table(*rows: tuple[Cell, ...], name: str = "") -> Table:
    return Table(rows, name)


def text(lines: str) -> tuple[Paragraph, ...]:
    return tuple(para(line) for line in lines.split("\n"))


def document(*blocks: Block | Sequence[Block], marks: tuple[str, ...] = ()) -> Document:
    flat: list[Block] = []
    for block in blocks:
        flat += [block] if isinstance(block, (Paragraph, Table)) else list(block)
    return Document(tuple(flat), "docx", marks=marks)


STANDARD = {
    "unit": "示例科技有限公司",
    "contact": "张示例",
    "office_phone": "010-62000000",
    "title": "主任",
    "mobile": "13800000000",
    "email": "zhang@example.com",
}


def standard(join: Column = "是 √    否 □", member: Column = "是 □    否 √", **values: str) -> Table:
    """The campaign's own form, filled."""
    given = STANDARD | values
    return table(
        row("单位名称", given["unit"], width=4),
        row("联系人姓名", given["contact"], "办公电话", given["office_phone"]),
        row("联系人职务", given["title"], "手机号码", given["mobile"]),
        row("电子邮箱", given["email"], width=4),
        row(cell(JOIN_LABEL, span=2), join, width=4),
        row(cell(MEMBER_LABEL, span=2), member, width=4),
    )


def forms_in(*blocks: Block | Sequence[Block], marks: tuple[str, ...] = ()) -> tuple[Form, ...]:
    return find_forms(document(*blocks, marks=marks), (SPEC,), "示例.docx").forms


def one_form(*blocks: Block | Sequence[Block]) -> Form:
    (form,) = forms_in(*blocks)
    return form


def answers(form: Form) -> tuple[str, str]:
    return form.choices["join"].answer, form.choices["member"].answer


def values_of(form: Form) -> dict[str, str]:
    return {key: value.text for key, value in form.values.items()}

"""On paper, a question whose boxes were not recognised is asked about, never taken for blank."""

from __future__ import annotations

from collections.abc import Sequence

import pytest

from intake.campaign import FormSpec
from intake.document import Box, Cell, Document, Paragraph, Piece, Table, Text
from intake.form import find_forms
from program.campaign_folders import load_campaigns

JOIN, MEMBER = "是否愿意加入首都知识产权运营联盟", "是否愿意成为首都知识产权服务业协会会员（如已是会员，无需填写）"
EMPTY = Box("empty", "ink 0.00", "□")


def spec() -> FormSpec:
    return load_campaigns()[0].campaign.form


def page(member: Sequence[Piece], unit: str = "示例科技有限公司", join: Sequence[Piece] = (), **more: bool) -> Document:
    rows: list[tuple[str, Sequence[Piece]]] = [
        ("单位名称", (Text(unit),)), ("联系人姓名", (Text("张示例" if unit else ""),)),
        (JOIN, join or (Text("愿意"),)), (MEMBER, member),
    ]  # fmt: skip
    table = Table(tuple((_cell((Text(label),), 0), _cell(pieces, 1)) for label, pieces in rows))
    return Document((table,), "picture", **more)


def _cell(pieces: Sequence[Piece], column: int) -> Cell:
    return Cell((Paragraph(tuple(pieces)),), column)


@pytest.mark.parametrize(
    ("member", "drawn", "answer"),
    [
        ((Text("是  否"),), True, "unclear"),
        ((Text("是  否"),), False, "blank"),
        ((Text("是"), EMPTY, Text("  否"), EMPTY), True, "blank"),
        ((Text("已是会员"),), True, "blank"),
    ],
    ids=["no boxes on paper", "no boxes in a file", "empty boxes", "in words"],
)
def test_options_without_boxes(member: Sequence[Piece], drawn: bool, answer: str) -> None:
    (form,) = find_forms(page(member, drawn=drawn), [spec()], "a.jpg").forms
    assert (form.choices["join"].answer, form.choices["member"].answer) == ("yes", answer)


@pytest.mark.parametrize(("drawn", "answer"), [(True, "unclear"), (False, "yes")], ids=["paper", "file"])
def test_an_option_that_stands_alone_was_left_on_purpose_only_in_a_file(drawn: bool, answer: str) -> None:
    (form,) = find_forms(page((Text("是"), EMPTY), join=(Text("是"), EMPTY), drawn=drawn), [spec()], "a.jpg").forms
    assert (form.choices["join"].answer, form.choices["member"].answer) == (answer, answer)


def test_an_untouched_form_on_paper_is_no_form_though_its_boxes_were_not_seen() -> None:
    found = find_forms(page((Text("是  否"),), "", (Text("是  否"),), drawn=True), [spec()], "a.jpg")
    assert (found.forms, found.blank) == ((), 1)


def test_a_question_that_was_not_seen_on_paper_is_asked_about() -> None:
    cells = ((("单位名称",), "示例科技有限公司"), (("联系人姓名",), "张示例"), ((JOIN,), ""))
    rows = [
        (_cell((Text(label[0]),), 0), _cell((Text(value),) if value else (Text("愿意"),), 1)) for label, value in cells
    ]
    (form,) = find_forms(Document((Table(tuple(rows)),), "picture", drawn=True), [spec()], "a.jpg").forms
    assert (form.choices["join"].answer, form.choices["member"].answer) == ("yes", "unclear")


@pytest.mark.parametrize(
    ("source", "said"),
    [
        ("circle", "圈出“是”"),
        ("underline", "“是”下划了线"),
        ("ink beside", "“是”旁有手写的勾"),
        ("ink 0.31", "“是”前的方框内有笔迹"),
    ],
)
def test_the_evidence_says_what_the_ink_is(source: str, said: str) -> None:
    ticked = (Box("ticked", source), Text("是  "), Box("empty", "ink 0.00"), Text("否"))
    (form,) = find_forms(page(ticked, join=ticked, drawn=True), [spec()], "a.jpg").forms
    assert said in form.choices["join"].evidence

"""One form over several photographs, and several forms in several photographs."""

from __future__ import annotations

from functools import cache

from intake.answers import Form
from intake.campaign import FormSpec
from intake.document import Box, Cell, Document, Paragraph, Table, Text
from intake.form import find_forms
from intake.form.photographs import PICTURE, Sheet, join_sheets
from program.campaign_folders import load_campaigns


@cache
def specs() -> tuple[FormSpec, ...]:
    return tuple(loaded.campaign.form for loaded in load_campaigns())


def line(*cells: str | tuple[str, str]) -> tuple[Cell, ...]:
    """Cells of a row; a pair of states is the boxes before 是 and 否."""
    made = []
    for cell in cells:
        pieces = (
            (Text(cell),)
            if isinstance(cell, str)
            else (Box(cell[0], "ink"), Text("是  "), Box(cell[1], "ink"), Text("否"))  # type: ignore[arg-type]
        )
        made.append(Cell((Paragraph(pieces),), len(made)))
    return tuple(made)


def sheet(name: str, *rows: tuple[Cell, ...]) -> Sheet:
    document = Document((Table(rows),), PICTURE, drawn=True)
    return Sheet(document, name, find_forms(document, specs(), name).forms)


def joined(*sheets: Sheet) -> list[Form]:
    return join_sheets(sheets, [form for one in sheets for form in one.forms], specs())


def upper(unit: str = "样本一公司") -> tuple[tuple[Cell, ...], ...]:
    return line("单位名称", unit), line("联系人姓名", "张样本"), line("手机号码", "13800138000")


LOWER = (
    line("是否愿意加入首都知识产权运营联盟", ("ticked", "empty")),
    line("是否愿意成为首都知识产权服务业协会会员", ("empty", "ticked")),
)


def test_two_halves_in_either_order_are_one_form() -> None:
    for sheets in (
        (sheet("1.jpg", *upper()), sheet("2.jpg", *LOWER)),
        (sheet("2.jpg", *LOWER), sheet("1.jpg", *upper())),
    ):
        (form,) = joined(*sheets)
        assert form.value("unit") == "样本一公司"
        assert {key: choice.answer for key, choice in form.choices.items()} == {"join": "yes", "member": "no"}
        assert form.drawn


def test_whole_forms_stay_apart() -> None:
    sheets = [sheet(f"{name}.jpg", *upper(name), *LOWER) for name in ("样本一公司", "样本二公司")]
    assert [form.value("unit") for form in joined(*sheets)] == ["样本一公司", "样本二公司"]


def test_forms_that_leave_a_question_blank_stay_apart() -> None:
    blank = line("是否愿意成为首都知识产权服务业协会会员", ("empty", "empty"))
    sheets = [sheet(f"{name}.jpg", *upper(name), LOWER[0], blank) for name in ("样本一公司", "样本二公司")]
    assert [form.value("unit") for form in joined(*sheets)] == ["样本一公司", "样本二公司"]


def test_a_picture_of_something_else_joins_nothing() -> None:
    licence = sheet("执照.jpg", line("统一社会信用代码", "91110000000000000X"))
    whole = sheet("表.jpg", *upper(), *LOWER)
    assert joined(whole, licence) == list(whole.forms)

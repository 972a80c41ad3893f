# ruff: noqa: E501 (a Chinese character counts two columns; the tables of samples read better in long lines)
"""A contact's cell that holds a title or a number too: parted where that is plain, and said; else kept as written."""

from __future__ import annotations

import pytest
from form_builders import STANDARD, cell, one_form, row, standard, table, values_of

NOTHING = {"title": "", "mobile": "", "office_phone": ""}
PARTED = (
    ("张三（主任）", {"contact": "张三", "title": "主任"}),
    ("张三（主任）13800000000", {"contact": "张三", "title": "主任", "mobile": "13800000000"}),
    ("张三 13800000000", {"contact": "张三", "mobile": "13800000000"}),
    ("张三13800000000", {"contact": "张三", "mobile": "13800000000"}),
    ("张三（138 0000 0000）", {"contact": "张三", "mobile": "13800000000"}),
    ("张三（电话：13800000000）", {"contact": "张三", "mobile": "13800000000"}),
    ("张三，综合管理部部长，010-62000000", {"contact": "张三", "title": "综合管理部部长", "office_phone": "010-62000000"}),
    ("张三/主任", {"contact": "张三", "title": "主任"}),
    ("欧阳锋 总经理助理 010-62000000 13800000000", {"contact": "欧阳锋", "title": "总经理助理", "office_phone": "010-62000000", "mobile": "13800000000"}),
)  # fmt: skip
KEPT = (
    "张三主任", "张三（女）", "张三（办公室）", "张三 先生", "张三、李四", "张三13800000000、李四13900000000", "办公室 010-62000000", "办公室（主任）",
    "张三 13800000000 13900000000", "John Smith 13800000000", "张三（请先致电）13800000000", "马副主任", "阿依古丽·买买提",
)  # fmt: skip


@pytest.mark.parametrize(("written", "said"), PARTED)
def test_what_stands_beside_the_name_goes_to_its_own_field(written: str, said: dict[str, str]) -> None:
    form = one_form(standard(contact=written, **NOTHING))
    assert values_of(form) == STANDARD | NOTHING | said
    sentence = next(problem.sentence for problem in form.problems if problem.code == "mended")
    assert f"原写作“{written}”，姓名按“{said['contact']}”" in sentence


@pytest.mark.parametrize("written", KEPT)
def test_what_is_not_plain_stays_as_written(written: str) -> None:
    form = one_form(standard(contact=written, **NOTHING))
    assert values_of(form) == STANDARD | NOTHING | {"contact": written}


@pytest.mark.parametrize(("written", "name"), [("张三（主任）13800000000", "张三"), ("张三 13900000000", "张三 13900000000"), ("张三（经理）", "张三（经理）")])  # fmt: skip
def test_a_field_that_says_otherwise_is_left(written: str, name: str) -> None:
    assert values_of(one_form(standard(contact=written))) == STANDARD | {"contact": name}


def test_labels_inside_the_contacts_cell() -> None:
    form = one_form(
        table(
            row("单位名称", "示例科技有限公司", width=4),
            row("联系人姓名", "张三 手机：13800000000", "办公电话", "010-62000000"),
            row("联系人职务", "主任", "手机号码", ""),
            row("电子邮箱", "zhang@example.com", width=4),
            row(cell("是否愿意加入首都知识产权运营联盟", span=2), "是 √    否 □", width=4),
        )
    )
    assert values_of(form) == STANDARD | {"contact": "张三"}

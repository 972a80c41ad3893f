"""Lists with one unit a column are read like lists with one unit a row; ordinary forms are left alone."""
# ruff: noqa: E501 (tables of samples read best with one row a line)

from __future__ import annotations

import pytest
from form_builders import SPEC

from intake.document import Cell, Document, Paragraph, Table, Text
from intake.form import find_forms

LABELS = [
    "单位名称",
    "联系人姓名",
    "联系人职务",
    "办公电话",
    "手机号码",
    "电子邮箱",
    "是否愿意加入首都知识产权运营联盟",
]
FIRST = ["北京甲公司", "张三", "经理", "010-51530191", "13800138001", "a@example.com", "是"]
SECOND = ["北京乙公司", "李四", "主任", "010-51530192", "13800138002", "b@example.com", "否"]
EXAMPLE = ["某某公司", "某某", "职务", "010-12345678", "13800000000", "x@example.com", "是"]
HINTS = ["全称", "填一人", "现任", "带区号", "十一位", "常用", "打勾"]


def document(rows: list[list[str]]) -> Document:
    cells = (tuple(Cell((Paragraph((Text(text),)),), at) for at, text in enumerate(row)) for row in rows)
    return Document((Table(tuple(cells), "表"),), "xlsx")


def columns(*texts: list[str]) -> list[list[str]]:
    return [list(row) for row in zip(*texts, strict=True)]


CASES = [
    ("two units", columns(LABELS, FIRST, SECOND), [("北京甲公司", "yes", 2), ("北京乙公司", "no", 3)]),
    ("a title above", [["汇总表", "", ""], *columns(LABELS, FIRST, SECOND)], [("北京甲公司", "yes", 2), ("北京乙公司", "no", 3)]),
    (
        "numbered, with an example",
        [
            ["序号", "项目", "示例", "单位一", "单位二"],
            *columns(list("1234567"), LABELS, EXAMPLE, FIRST, SECOND),
        ],
        [("北京甲公司", "yes", 4), ("北京乙公司", "no", 5)],
    ),
    ("one unit", columns(LABELS, FIRST, [""] * 7), [("北京甲公司", "yes", 2)]),
    ("one unit and hints", columns(LABELS, FIRST, HINTS), [("北京甲公司", None, 2)]),
]  # fmt: skip


@pytest.mark.parametrize(("rows", "wanted"), [case[1:] for case in CASES], ids=[case[0] for case in CASES])
def test_units_beside_each_other(rows: list[list[str]], wanted: list[tuple[str, str | None, int]]) -> None:
    forms = find_forms(document(rows), (SPEC,), "a.xlsx").forms
    assert [form.value("unit") for form in forms] == [unit for unit, _, _ in wanted]
    for form, (_, answer, column) in zip(forms, wanted, strict=True):
        assert form.choices["join"].answer == answer or answer is None
        assert f"第{column}列" in form.values["unit"].place
        assert f"第{len(rows)}行" in form.choices["join"].place

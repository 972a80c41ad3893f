"""What stands next to an answer: other questions, options in the words of the question, titles, columns of text."""

from __future__ import annotations

import pytest
from form_builders import (
    JOIN_LABEL,
    MEMBER_LABEL,
    STANDARD,
    answers,
    cell,
    forms_in,
    one_form,
    para,
    row,
    standard,
    table,
    text,
    values_of,
)

TITLE = "首都知识产权运营联盟入盟意向书"
HEAD = f"{TITLE}\n单位名称：示例科技有限公司\n联系人姓名：张示例\n"


@pytest.mark.parametrize(
    "other",
    [
        "是否参加成立大会：是 √ 否 □",
        "是否需要发票  □是 ☑否",
        "9、贵单位是否住宿：是",
        "能否到会：否",
        "说明：选“是”的请盖章。",
    ],
)
@pytest.mark.parametrize(
    ("said", "wanted"), [("", "blank"), ("/", "blank"), ("愿意", "yes"), ("不愿意", "no"), ("视情况", "unclear")]
)
def test_another_question_below_is_no_answer(other: str, said: str, wanted: str) -> None:
    page = f"{HEAD}{JOIN_LABEL}：{said}\n{other}\n{MEMBER_LABEL}：是\n{other}"
    assert answers(one_form(text(page))) == (wanted, "yes")


@pytest.mark.parametrize(
    ("said", "wanted"),
    [
        ("☑加入联盟  □不加入联盟", "yes"),
        ("□加入联盟  ☑不加入联盟", "no"),
        ("加入联盟☑  不加入联盟□", "yes"),
        ("（√）加入联盟 （ ）不加入联盟", "yes"),
    ],
)
@pytest.mark.parametrize("between", ["：", "\n"])
def test_options_may_repeat_the_question(said: str, wanted: str, between: str) -> None:
    page = f"{HEAD}{JOIN_LABEL}{between}{said}\n{MEMBER_LABEL}：是 □ 否 √"
    assert answers(one_form(text(page))) == (wanted, "no")


@pytest.mark.parametrize(
    ("said", "wanted"), [("愿意", "yes"), ("不愿意", "no"), ("是", "yes"), ("/", "blank"), ("是 □ 否 √", "no")]
)
@pytest.mark.parametrize("between", ["\n", "？ ", "  "])
def test_an_answer_in_the_cell_of_its_question(said: str, wanted: str, between: str) -> None:
    page = table(
        row("单位名称", "示例科技有限公司"),
        row("联系人姓名", "张示例"),
        row(cell(f"{JOIN_LABEL}{between}{said}", span=2)),
        row(cell(f"{MEMBER_LABEL}{between}{said}", span=2)),
    )
    assert answers(one_form(para(TITLE), page)) == (wanted, wanted)


@pytest.mark.parametrize("said", ["是 □\n否 □\n√", "例：是 ☑ 否 □\n是 □ 否 ☑"])
def test_marks_and_options_on_the_line_below_are_seen(said: str) -> None:
    page = f"{HEAD}{JOIN_LABEL}：{said}\n{MEMBER_LABEL}：是 □ 否 √"
    assert answers(one_form(text(page))) == ("unclear", "no")


def test_a_spaced_title_asks_nothing() -> None:
    cover = text("首都知识产权运营联盟\n入 盟 意 向 书\n\n申请单位：示例科技有限公司\n填表日期：2016年11月28日\n")
    form = one_form(cover, para(TITLE), standard())
    assert (values_of(form), answers(form)) == (STANDARD, ("yes", "no"))


@pytest.mark.parametrize("gap", ["\t", "    ", " \t "])
def test_rows_of_a_table_that_became_text(gap: str) -> None:
    given = STANDARD
    rows = (
        ("单位名称", given["unit"]),
        ("联系人姓名", given["contact"], "办公电话", given["office_phone"], "传真", "010-62999999"),
        ("联系人职务", given["title"], "手机号码", given["mobile"], "邮箱", given["email"]),
        (JOIN_LABEL, "是 √ 否 □"),
        (MEMBER_LABEL, "是 □ 否 √"),
    )
    rows = rows if "\t" in gap else (*rows[:1], rows[1][:4], *rows[2:])
    form = one_form(text(f"{TITLE}\n" + "\n".join(gap.join(cells) for cells in rows)))
    assert (values_of(form), answers(form)) == (STANDARD, ("yes", "no"))


@pytest.mark.parametrize("leader", ["………", "......", "··········"])
def test_dots_that_lead_to_a_value(leader: str) -> None:
    page = HEAD.replace("：", leader) + f"{JOIN_LABEL}：是\n{MEMBER_LABEL}：否"
    form = one_form(text(page))
    assert (form.value("unit"), form.value("contact")) == ("示例科技有限公司", "张示例")
    assert answers(form) == ("yes", "no")


@pytest.mark.parametrize("heading", ["填写示例", "示例", "填写说明"])
def test_a_column_of_examples_before_the_values(heading: str) -> None:
    example = dict.fromkeys(STANDARD, "某某") | {"mobile": "13911111111", "email": "li@example.com"}
    labels = ("单位名称", "联系人姓名", "办公电话", "联系人职务", "手机号码", "电子邮箱")
    rows = [row("项目", heading, "填写内容")]
    rows += [row(label, example[key], STANDARD[key]) for label, key in zip(labels, STANDARD, strict=True)]
    rows += [row(JOIN_LABEL, "是 ☑ 否 □", "是 □ 否 ☑"), row(MEMBER_LABEL, "是 □ 否 ☑", "是 ☑ 否 □")]
    (form,) = forms_in(para(TITLE), table(*rows))
    assert (values_of(form), answers(form)) == (STANDARD, ("no", "yes"))


def test_a_field_said_again_behind_an_answer_parts_no_form() -> None:
    page = HEAD + "地址：北京\n传真：010-62999999\n是否住宿：是 √ 否 □\n二、意向\n"
    page += f"{JOIN_LABEL}：是 √ 否 □ 联系人：张示例\n{MEMBER_LABEL}：是 □ 否 √"
    form = one_form(text(page))
    assert (form.value("unit"), answers(form)) == ("示例科技有限公司", ("yes", "no"))


@pytest.mark.parametrize(
    ("key", "again"), [("email", "邮箱："), ("email", "E-mail: "), ("office_phone", "电话："), ("contact", "联系人：")]
)
def test_a_label_said_again_before_its_value(key: str, again: str) -> None:
    labels = {"unit": "单位名称", "contact": "联系人姓名", "office_phone": "办公电话", "email": "电子邮箱"}
    said = [f"{label}：{again if name == key else ''}{STANDARD[name]}" for name, label in labels.items()]
    form = one_form(text(f"{TITLE}\n" + "\n".join([*said, f"{JOIN_LABEL}：是"])))
    assert [form.value(name) for name in labels] == [STANDARD[name] for name in labels]


def test_words_after_a_short_question_are_no_title() -> None:
    form = one_form(text(f"{HEAD}入盟意向 申请加入\n{MEMBER_LABEL}：否"))
    assert answers(form)[0] in ("yes", "unclear")

# ruff: noqa: E501 (a Chinese character counts two columns; the samples are lines as mailed)
"""Forms as lines of text: mail bodies, paragraphs with underlined blanks, quoted lines, wrapped lines."""

from __future__ import annotations

import pytest
from form_builders import (
    JOIN_LABEL,
    MEMBER_LABEL,
    SPEC,
    STANDARD,
    answers,
    document,
    forms_in,
    one_form,
    para,
    text,
    ticked,
    values_of,
)

from intake.form import find_forms

HEAD = "您好，我单位填写如下：\n\n"
TAIL = "\n\n谢谢！\n--\n张示例\n示例科技有限公司\n地址：北京市示例路8号"


def lines(
    style: str = "{label}：{value}", join: str = "是 √    否 □", member: str = "是 □    否 √", between: str = "\n"
) -> str:
    shown = [style.format(label=SPEC.label_of(key), value=value) for key, value in STANDARD.items()]
    shown += [style.format(label=JOIN_LABEL, value=join), style.format(label=MEMBER_LABEL, value=member)]
    return between.join(shown)


STYLES = (
    "{label}：{value}", "{label}:{value}", "{label}： {value}", "{label}\t{value}", "{label}　　{value}", "  {label} ： {value}", "* {label}：{value}",
    "【{label}】：{value}", "> {label}：{value}", ">> {label}: {value}", "{label}：____{value}____", "{label}：\n{value}", "{label}={value}", "（1）{label}：{value}",
    "1. {label}：{value}", "● {label}：{value}", "{label}（请填写）：{value}", "一、{label}：{value}",
)  # fmt: skip


@pytest.mark.parametrize("style", [style for style in STYLES if "【" not in style])
def test_lines_in_every_dress(style: str) -> None:
    form = one_form(text(HEAD + lines(style) + TAIL))
    assert values_of(form) == STANDARD
    assert answers(form) == ("yes", "no")


@pytest.mark.parametrize("between", ["\n\n", "\n \n"])
def test_lines_with_blank_lines_between(between: str) -> None:
    form = one_form(text(HEAD + lines(between=between) + TAIL))
    assert values_of(form) == STANDARD


@pytest.mark.parametrize(
    ("join", "member", "expected"),
    [
        ("是 √    否 □", "是 □    否 √", ("yes", "no")),
        ("□ 是\n√ 否", "√ 是\n□ 否", ("no", "yes")),
        ("愿意", "不愿意", ("yes", "no")),
        ("否", "是", ("no", "yes")),
        ("是 [x]    否 [ ]", "是 [ ]    否 [x]", ("yes", "no")),
        ("是", "已是会员", ("yes", "blank")),
        ("愿意", "", ("yes", "blank")),
        ("是 √ 否 □", "", ("yes", "unclear")),
        ("待定", "否", ("unclear", "no")),
        ("\n是 √    否 □", "\n是 □    否 √", ("yes", "no")),
        ("\n愿意", "\n不愿意", ("yes", "no")),
    ],
)
def test_answers_in_lines(join: str, member: str, expected: tuple[str, str]) -> None:
    assert answers(one_form(text(lines(join=join, member=member)))) == expected


def test_several_labels_in_a_line() -> None:
    form = one_form(
        text(
            "单位名称：示例科技有限公司  \n联系人姓名：张示例　　联系人职务：主任\n办公电话：010-62000000；手机号码：13800000000；电子邮箱：zhang@example.com\n"
            f"{JOIN_LABEL}：□是 ☑否  传真：010-66000000\n{MEMBER_LABEL}：☑是 □否"
        )
    )
    assert values_of(form) == STANDARD
    assert answers(form) == ("no", "yes")


def test_another_label_ends_a_value() -> None:
    form = one_form(
        text("单位名称：示例公司 地址：北京市示例路\n联系人：张示例  传真：010-66000000\n" + f"{JOIN_LABEL}：是")
    )
    assert (form.value("unit"), form.value("contact")) == ("示例公司", "张示例")


@pytest.mark.parametrize(
    "wrapped",
    [
        "是否愿意成为首都知识产权服务业协会会员（如已是会员，\n无需填写）：是 □    否 √",
        "是否愿意成为首都知识产权服务业\n协会会员（如已是会员，无需填写）：是 □    否 √",
        "是否愿意成为首都知识产权服务业协会会员\n（如已是会员，无需填写）：是 □    否 √",
        "是否愿意成为首都知识产权服务业协会会员（如已是会员，无需填写）：\n是 □    否 √",
        "> 是否愿意成为首都知识产权服务业协会会员（如已是会员，\n> 无需填写）：是 □    否 √",
    ],
)
def test_questions_wrapped_by_a_mail_program(wrapped: str) -> None:
    quote = "> " if wrapped.startswith(">") else ""
    form = one_form(text(f"{quote}单位名称：示例公司\n{quote}{JOIN_LABEL}：是 √   否 □\n{wrapped}"))
    assert answers(form) == ("yes", "no")


def test_boxes_in_paragraphs() -> None:
    form = one_form(
        para("单位名称：示例公司"),
        para(JOIN_LABEL, "：", ticked("FORMCHECKBOX"), " 是    □ 否"),
        para(MEMBER_LABEL, "：□ 是    ", ticked(), " 否"),
    )
    assert answers(form) == ("yes", "no")


def test_an_organisers_contact_before_the_lines_is_not_the_units() -> None:
    notice = (
        "联系人：秘书处 汪老师　电话：010-60000000\n邮箱：sec@example.org\n\n附件1\n首都知识产权运营联盟入盟意向书\n"
    )
    assert values_of(one_form(text(notice + lines()))) == STANDARD


def test_two_units_in_one_text() -> None:
    forms = forms_in(text(lines() + "\n\n" + lines(join="否").replace("示例科技", "示例第二")))
    assert [(form.value("unit"), form.choices["join"].answer) for form in forms] == [
        ("示例科技有限公司", "yes"),
        ("示例第二有限公司", "no"),
    ]


def test_quoted_lines_are_known_as_such() -> None:
    assert one_form(text("见下。\n" + lines("> {label}：{value}"))).quoted
    assert not one_form(text(lines())).quoted


@pytest.mark.parametrize(
    "prose",
    [
        "是否愿意加入首都知识产权运营联盟，请于12月2日前回复。",
        "请贵单位考虑是否愿意加入首都知识产权运营联盟。",
        "各单位应写明单位名称、联系人和电话。",
        "联系人：秘书处 汪老师　电话：010-60000000",
        "是否愿意加入首都知识产权运营联盟：是 □    否 □",
        "单位名称：示例公司\n联系人：张示例\n电话：010-62000000",
        "第三条 单位名称、联系人发生变化的，应当告知秘书处。",
    ],
)
def test_prose_is_no_form(prose: str) -> None:
    assert forms_in(text(prose)) == ()


def test_an_untouched_form_in_lines_is_blank() -> None:
    blank = "\n".join(
        [f"{SPEC.label_of(key)}：" for key in STANDARD] + [f"{JOIN_LABEL}：是 □  否 □", f"{MEMBER_LABEL}：是 □  否 □"]
    )
    found = find_forms(document(text(blank)), (SPEC,), "邮件正文")
    assert (found.forms, found.blank) == ((), 1)


def test_a_single_answer_in_reply_to_our_question() -> None:
    form = one_form(text("您好，\n是否愿意加入首都知识产权运营联盟：是\n谢谢"))
    assert form.choices["join"].answer == "yes"
    assert form.value("unit") == ""


EXAMPLES = """首都知识产权运营联盟入盟意向书
项目|填写内容|填写示例
单位名称|示例科技有限公司|某某有限公司
联系人姓名|张示例|李某
办公电话||010-88888888
联系人职务|主任|经理
手机号码|13800000000|13912345678
电子邮箱|zhang@example.com|abc@example.org
是否愿意加入首都知识产权运营联盟|是√ 否□|是□ 否√
是否愿意成为首都知识产权服务业协会会员（如已是会员，无需填写）|是□ 否√|是√ 否□"""


@pytest.mark.parametrize("between", ["\t", "\t\t", "      ", " | ", "｜"])
def test_lines_with_a_column_of_examples(between: str) -> None:
    lined = EXAMPLES.replace("||", "|").replace("|", between) if not between.strip() else EXAMPLES.replace("|", between)
    form = one_form(text(lined))
    assert values_of(form) == STANDARD | {"office_phone": ""}
    assert answers(form) == ("yes", "no")


DRESSED = (
    ("【{}】{}", "\n"), ("【{}】：{}", "\n"), ("{} -> {}", "\n"), ("{}→{}", "\n"), ("| {} | {} |", "\n"), ("{} {}", "\t"), ("{}\t{}", "\t"),
)  # fmt: skip


@pytest.mark.parametrize(("dress", "between"), DRESSED)
def test_labels_and_values_in_other_dress(dress: str, between: str) -> None:
    labels = ["单位名称", "联系人姓名", "办公电话", "联系人职务", "手机号码", "电子邮箱"]
    told = [dress.format(label, value) for label, value in zip(labels, STANDARD.values(), strict=True)]
    lined = [told[0], told[1] + between + told[2], told[3] + between + told[4], told[5]]
    lined += [dress.format(JOIN_LABEL, "是√  否□"), dress.format(MEMBER_LABEL, "是□  否√")]
    form = one_form(text("\n".join(lined)))
    assert values_of(form) == STANDARD
    assert answers(form) == ("yes", "no")


@pytest.mark.parametrize("label", ["*{}：", "{}*："])
def test_a_starred_label_that_lost_its_gap(label: str) -> None:
    fields = [label.format(one) for one in ("单位名称", "联系人姓名", "办公电话", "联系人职务", "手机号码", "电子邮箱")]
    told = [one + value for one, value in zip(fields, STANDARD.values(), strict=True)]
    lined = "\n".join((told[0], told[1] + told[2], told[3] + told[4], told[5]))
    assert values_of(one_form(text(f"{lined}\n{JOIN_LABEL}：是√  否□"))) == STANDARD


@pytest.mark.parametrize("more", ["\t性别\t男", "\t所在部门：\t法务部", "\t传真\t010-62000001\t邮编\t100000"])
def test_a_value_between_tabs_before_a_label_of_something_else(more: str) -> None:
    lined = [f"{SPEC.label_of(key)}\t{value}" for key, value in STANDARD.items()]
    lined[1] += more
    assert values_of(one_form(text("\n".join([*lined, f"{JOIN_LABEL}\t是√  否□"])))) == STANDARD


def test_a_numbered_label_below_an_empty_one_is_no_value() -> None:
    lined = ["1. 单位名称：示例科技有限公司", "2. 办公电话：", "3. 所属行业：制造业", f"4. {JOIN_LABEL}？是√  否□"]
    assert one_form(text("\n".join(lined))).value("office_phone") == ""


LONG = ("各位老师，附件请查收。电话 ", "联系人\t", "☑同意 ", "单位名称 ")


@pytest.mark.parametrize("words", LONG)
def test_a_line_of_any_length_hides_no_form(words: str) -> None:
    form = one_form(text(words * 15_000 + "\n\n" + lines()))
    assert (values_of(form), answers(form)) == (STANDARD, ("yes", "no"))


def test_a_label_before_many_tabs_has_its_value() -> None:
    form = one_form(text(lines().replace("单位名称：", "单位名称" + "\t" * 50_000)))
    assert values_of(form) == STANDARD

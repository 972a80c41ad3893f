# ruff: noqa: E501 (a Chinese character counts two columns; the tables of samples read better in long lines)
"""Where values stand in tables: beside, above, below and with their labels; lists; several forms; what is no form."""

from __future__ import annotations

import pytest
from form_builders import (
    JOIN_LABEL,
    MEMBER_LABEL,
    SPEC,
    STANDARD,
    answers,
    cell,
    document,
    forms_in,
    one_form,
    para,
    row,
    standard,
    table,
    text,
    values_of,
)

from intake.document import Cell, Remark, Table
from intake.form import find_forms

YES_NO = ("yes", "no")
TITLE = para("首都知识产权运营联盟入盟意向书")
J, M = "是 √    否 □", "是 □    否 √"
V = STANDARD


def test_the_standard_form() -> None:
    form = one_form(TITLE, standard())
    assert values_of(form) == STANDARD
    assert answers(form) == YES_NO
    assert form.values["unit"].place == "第1行第2列"
    assert form.choices["join"].place == "第5行第2列"


LABELS = (
    "{}：", "{} :", "*{}", "★{}", "1. {}", "（1）{}", "①{}", "一、{}", "2、{}：", "{}（必填）", "{}\n", "　{}　", "{}（如实填写）：", "【{}】",
)  # fmt: skip


@pytest.mark.parametrize("style", [style for style in LABELS if style != "【{}】"])
def test_labels_in_every_dress(style: str) -> None:
    spaced = table(
        row(style.format("单位名称"), V["unit"], width=4),
        row(style.format("联系人姓名"), V["contact"], style.format("办公电话"), V["office_phone"]),
        row(style.format("联系人职务"), V["title"], style.format("手机号码"), V["mobile"]),
        row(style.format("电子邮箱"), V["email"], width=4),
        row(cell(style.format(JOIN_LABEL), span=2), J, width=4),
        row(cell(style.format(MEMBER_LABEL), span=2), M, width=4),
    )
    form = one_form(spaced)
    assert values_of(form) == STANDARD
    assert answers(form) == YES_NO


WORDINGS = (
    ("unit", "單位名稱"), ("unit", "单 位 名 称"), ("unit", "单　位　名　称"), ("unit", "单\n位\n名\n称"), ("unit", "单位全称"), ("unit", "单位名称（盖章）"),
    ("unit", "单位名称及盖章"), ("unit", "企业名称"), ("unit", "机构名称："), ("contact", "联系人"), ("contact", "聯繫人姓名"), ("contact", "经办人"),
    ("contact", "姓 名"), ("office_phone", "固定电话"), ("office_phone", "办公电话（含区号）"), ("office_phone", "辦公電話"), ("office_phone", "联系电话"),
    ("office_phone", "电话（座机）"), ("mobile", "手机"), ("mobile", "手機號碼"), ("mobile", "联系电话（手机）"), ("mobile", "移动电话"), ("title", "职务"),
    ("title", "職務/職稱"), ("title", "职务/职称"), ("email", "E-mail"), ("email", "Ｅ－ｍａｉｌ"), ("email", "邮箱"), ("email", "電子郵箱"), ("email", "Email："),
)  # fmt: skip


@pytest.mark.parametrize(("key", "label"), WORDINGS)
def test_other_wordings_of_labels(key: str, label: str) -> None:
    own = {field.id: field.label for field in SPEC.fields}
    rows = [row(label if name == key else own[name], value) for name, value in V.items()]
    form = one_form(table(*rows, row(JOIN_LABEL, J), row(MEMBER_LABEL, M)))
    assert values_of(form) == STANDARD


QUESTIONS = (
    "是否愿意加入联盟", "我单位是否愿意加入首都知识产权运营联盟？", "是否同意加入首都知识产权运营联盟", "是否加入首都知识产权运营联盟", "是否願意加入首都知識產權運營聯盟",
    "贵单位是否愿意加入首都知识产权运营联盟（请勾选）", "3. 是否愿意加入首都知识产权运营联盟（请在□内打“√”）：", "是否入盟", "入盟意向",
)  # fmt: skip


@pytest.mark.parametrize("label", QUESTIONS)
@pytest.mark.parametrize(("mark", "answer"), [("是 √  否 □", "yes"), ("是 □  否 √", "no")])
def test_other_wordings_of_the_question(label: str, mark: str, answer: str) -> None:
    form = one_form(table(row("单位名称", V["unit"]), row(label, mark), row(MEMBER_LABEL, "是 □  否 □")))
    assert answers(form) == (answer, "blank")


OTHER_QUESTIONS = (
    "是否需要开具发票",
    "是否已是协会会员",
    "是否愿意担任联盟理事单位",
    "是否参加联盟成立大会",
    "是否为高新技术企业",
    "是否现为协会会员",
)


@pytest.mark.parametrize("label", OTHER_QUESTIONS)
@pytest.mark.parametrize("first", [True, False])
def test_other_questions_are_not_ours(label: str, first: bool) -> None:
    rows = [row(JOIN_LABEL, "是 □  否 √"), row(MEMBER_LABEL, "是 □  否 □")]
    rows.insert(0 if first else 2, row(label, "是 √  否 □"))
    form = one_form(table(row("单位名称", V["unit"]), *rows))
    assert answers(form) == ("no", "blank")


ELSE = (
    "是否愿意退出首都知识产权运营联盟", "是否愿意加入首都知识产权运营联盟专家委员会", "是否愿意承办首都知识产权运营联盟活动", "是否愿意缴纳首都知识产权运营联盟会费",
    "是否同意首都知识产权运营联盟章程", "是否推荐其他单位加入首都知识产权运营联盟", "贵单位是否愿意加入中关村知识产权运营联盟", "是否已加入首都知识产权运营联盟",
    "是否愿意成为首都知识产权服务业协会理事单位",
)  # fmt: skip


@pytest.mark.parametrize("label", ELSE)
def test_a_question_that_names_something_else_is_no_rewording(label: str) -> None:
    """Even where ours are not asked at all."""
    rows = [row("单位名称", V["unit"]), row("联系人", V["contact"]), row("手机", V["mobile"]), row("邮箱", V["email"])]
    forms = forms_in(para("首都知识产权运营联盟入盟意向书"), table(*rows, row(label, "是 √  否 □")))
    assert [answers(form) for form in forms] in ([], [("blank", "blank")])


def same_cell(mark: str = "：") -> Table:
    return table(
        row(cell(f"单位名称{mark}{V['unit']}（盖章）", span=2)),
        row(f"联系人姓名{mark}{V['contact']}", f"办公电话{mark}{V['office_phone']}"),
        row(f"联系人职务{mark}{V['title']}", f"手机号码{mark}{V['mobile']}"),
        row(cell(f"电子邮箱{mark}{V['email']}", span=2)),
        row(cell(f"{JOIN_LABEL}{mark}□ 是    ☒ 否", span=2)),
        row(cell(f"{MEMBER_LABEL}{mark}☒ 是    □ 否", span=2)),
    )


@pytest.mark.parametrize("mark", ["：", ":", "： ", "\n", "：\n", "  "])
def test_label_and_value_in_one_cell(mark: str) -> None:
    form = one_form(same_cell(mark))
    assert values_of(form) == STANDARD
    assert answers(form) == ("no", "yes")


ANSWERED_LABELS = (  # what stands behind the question in its own cell, what in the cell beside
    ("（是）", "", "yes"), ("（否）", "", "no"), ("【否】", "", "no"), ("（√）", "", "yes"), ("：是", "", "yes"), (" √", "", "yes"),
    ("（是）", "是√ 否□", "yes"), ("（否）", "是√ 否□", "unclear"), ("：否", "是√ 否□", "unclear"), ("（单选）", "是□ 否√", "no"),
)  # fmt: skip


@pytest.mark.parametrize(("behind", "beside", "answer"), ANSWERED_LABELS)
def test_an_answer_written_behind_the_question(behind: str, beside: str, answer: str) -> None:
    form = one_form(table(row("单位名称", V["unit"]), row(JOIN_LABEL + behind, beside), row(MEMBER_LABEL, "是□ 否√")))
    assert answers(form) == (answer, "no")


def test_rows_in_another_order_with_more_rows() -> None:
    form = one_form(
        table(
            row("序号", "项目", "内容", width=4),
            row("1", cell(MEMBER_LABEL, span=2), M),
            row("2", "统一社会信用代码", "91110108MA0000000X", width=4),
            row("3", "电子邮箱", V["email"], "传真", "010-66000000"),
            row("4", "通讯地址", "北京市示例路1号", "邮政编码", "100000"),
            row("5", "联系人职务", V["title"], "手机号码", V["mobile"]),
            row("6", "联系人姓名", V["contact"], "办公电话", V["office_phone"]),
            row("7", cell("是否需要开具发票", span=2), "是 □    否 √"),
            row("8", cell(JOIN_LABEL, span=2), J),
            row("9", "单位名称", V["unit"], width=4),
            row("10", "备注", "法定代表人：董示例，希望尽快收到章程", width=4),
        )
    )
    assert values_of(form) == STANDARD
    assert answers(form) == YES_NO


def test_merged_cells_before_the_labels() -> None:
    form = one_form(
        table(
            row(cell("基\n本\n信\n息", rows=4), "单位名称", V["unit"], width=5),
            (
                Cell(cell("联系人姓名").blocks, 1),
                Cell(cell(V["contact"]).blocks, 2),
                Cell(cell("办公电话").blocks, 3),
                Cell(cell(V["office_phone"]).blocks, 4),
            ),
            (
                Cell(cell("联系人职务").blocks, 1),
                Cell(cell(V["title"]).blocks, 2),
                Cell(cell("手机号码").blocks, 3),
                Cell(cell(V["mobile"]).blocks, 4),
            ),
            (Cell(cell("电子邮箱").blocks, 1), Cell(cell(V["email"]).blocks, 2, 3)),
            row(cell("意\n向", rows=2), cell(JOIN_LABEL, span=2), J, width=5),
            (Cell(cell(MEMBER_LABEL).blocks, 1, 2), Cell(cell(M).blocks, 3, 2)),
        )
    )
    assert values_of(form) == STANDARD
    assert answers(form) == YES_NO


def test_a_block_of_the_contact_beside_another_person() -> None:
    form = one_form(
        table(
            row(cell("单位名称", span=2), V["unit"], width=4),
            row(cell("法定代表人", rows=2), "姓名", "李示例", width=4),
            (Cell(cell("职务").blocks, 1), Cell(cell("董事长").blocks, 2, 2)),
            row(cell("联系人", rows=3), "姓名", V["contact"], width=4),
            (Cell(cell("职务").blocks, 1), Cell(cell(V["title"]).blocks, 2, 2)),
            (Cell(cell("手机").blocks, 1), Cell(cell(V["mobile"]).blocks, 2, 2)),
            row(cell(JOIN_LABEL, span=2), J, width=4),
            row(cell(MEMBER_LABEL, span=2), M, width=4),
        )
    )
    assert (form.value("contact"), form.value("title"), form.value("mobile")) == (V["contact"], V["title"], V["mobile"])


def test_values_under_a_row_of_labels() -> None:
    form = one_form(
        table(
            row(cell("单位名称", span=2), cell(V["unit"], span=3)),
            row("联系人姓名", "联系人职务", "办公电话", "手机号码", "电子邮箱"),
            row(V["contact"], V["title"], V["office_phone"], V["mobile"], V["email"]),
            row(cell(JOIN_LABEL, span=3), cell(J, span=2)),
            row(cell(MEMBER_LABEL, span=3), cell(M, span=2)),
        )
    )
    assert values_of(form) == STANDARD
    assert answers(form) == YES_NO


def test_values_and_options_below_their_labels() -> None:
    rows = [row(item) for key, value in V.items() for item in (SPEC.label_of(key), value)]
    form = one_form(table(*rows, row(JOIN_LABEL), row(J), row(MEMBER_LABEL), row("□ 是"), row("☑ 否")))
    assert values_of(form) == STANDARD
    assert answers(form) == YES_NO


def test_two_tables() -> None:
    first = table(*standard().rows[:4])
    second = table(row(JOIN_LABEL, J), row(MEMBER_LABEL, M))
    form = one_form(TITLE, first, para("意向选择（请勾选）："), second)
    assert values_of(form) == STANDARD
    assert answers(form) == YES_NO
    assert form.choices["join"].place == "第2个表格第1行第2列"


def test_a_form_inside_a_cell_and_options_in_a_nested_table() -> None:
    inner = table(row("是", "□", "否", "■"))
    nested = table(row(cell(TITLE, table(*standard().rows[:5], row(cell(MEMBER_LABEL, span=2), cell(inner, span=2))))))
    form = one_form(nested)
    assert values_of(form) == STANDARD
    assert answers(form) == YES_NO


def test_a_boxed_form_of_paragraphs() -> None:
    lines = [f"{SPEC.label_of(key)}：{value}" for key, value in V.items()] + [
        f"{JOIN_LABEL}：{J}",
        f"{MEMBER_LABEL}：{M}",
    ]
    form = one_form(table(row("\n".join(["首都知识产权运营联盟入盟意向书", *lines]))))
    assert values_of(form) == STANDARD
    assert answers(form) == YES_NO


OPTION_CELLS = (
    (("是", "□", "否", "■"), ("是", "■", "否", "□"), ("no", "yes")),
    (("□", "是", "√", "否"), ("√", "是", "□", "否"), ("no", "yes")),
    (("是", "√", "否", ""), ("是", "", "否", "√"), ("yes", "no")),
    (("是 √", "否 □", "", ""), ("是 □", "否 √", "", ""), ("yes", "no")),
    (("是", "", "", ""), ("是 □ 否 √", "", "", ""), ("yes", "no")),
)


@pytest.mark.parametrize(("join", "member", "expected"), OPTION_CELLS)
def test_options_in_cells(join: tuple[str, ...], member: tuple[str, ...], expected: tuple[str, str]) -> None:
    form = one_form(table(row("单位名称", V["unit"], width=5), row(JOIN_LABEL, *join), row(MEMBER_LABEL, *member)))
    assert answers(form) == expected


@pytest.mark.parametrize(
    ("join", "member", "expected"),
    [
        (("☑", "☐"), ("☐", "☑"), ("yes", "no")),
        (("√", ""), ("", "√"), ("yes", "no")),
        (("", "√"), ("", ""), ("no", "blank")),
        (("是", ""), ("", "否"), ("yes", "no")),
        (("√", "√"), ("√", ""), ("unclear", "yes")),
        (("√", ""), ("已是会员", ""), ("yes", "blank")),
        (("√", "×"), ("×", "√"), ("yes", "no")),
    ],
)
def test_options_as_headings_of_columns(
    join: tuple[str, str], member: tuple[str, str], expected: tuple[str, str]
) -> None:
    form = one_form(
        table(
            row("单位名称", cell(V["unit"], span=2)),
            row("意向事项", "是", "否"),
            row(JOIN_LABEL, *join),
            row(MEMBER_LABEL, *member),
        )
    )
    assert answers(form) == expected


LIST_LABELS = (
    "序号",
    "单位名称",
    "联系人姓名",
    "联系人职务",
    "办公电话",
    "手机号码",
    "电子邮箱",
    JOIN_LABEL,
    MEMBER_LABEL,
)


def listed(name: str, join: str, member: str, number: str = "1") -> tuple[Cell, ...]:
    return row(number, name, V["contact"], V["title"], V["office_phone"], V["mobile"], V["email"], join, member)


@pytest.mark.parametrize(
    ("yes", "no"), [("是", "否"), ("√", "×"), ("愿意", "不愿意"), ("是 √ 否 □", "是 □ 否 √"), ("☑是 □否", "□是 ☑否")]
)
def test_a_list_with_one_unit_a_row(yes: str, no: str) -> None:
    forms = forms_in(
        table(
            row(cell("首都知识产权运营联盟入盟意向书汇总表", span=9)),
            row(*LIST_LABELS),
            listed("示例一公司", yes, no),
            listed("示例二公司", no, yes),
            listed("示例三公司", yes, ""),
            row("", "", "", "", "", "", "", "", ""),
            row("合计", "合计", "", "", "", "", "", "", ""),
        )
    )
    assert [(form.value("unit"), *answers(form)) for form in forms] == [
        ("示例一公司", "yes", "no"),
        ("示例二公司", "no", "yes"),
        ("示例三公司", "yes", "blank"),
    ]


def test_a_list_with_option_columns() -> None:
    forms = forms_in(
        table(
            row("序号", "单位名称", "联系人", cell(JOIN_LABEL, span=2), cell(MEMBER_LABEL, span=2)),
            row("", "", "", "是", "否", "是", "否"),
            row("1", "示例一公司", "张示例", "√", "", "", "√"),
            row("2", "示例二公司", "李示例", "", "√", "", ""),
        )
    )
    assert [(form.value("unit"), *answers(form)) for form in forms] == [
        ("示例一公司", "yes", "no"),
        ("示例二公司", "no", "blank"),
    ]


def test_a_list_without_numbers_and_with_an_example_row() -> None:
    forms = forms_in(
        table(
            row("单位名称", "地址", "联系人", "手机", "是否愿意加入联盟", "是否愿意成为协会会员", "备注"),
            row("北京××有限公司", "海淀区", "王某某", "13800000000", "是", "是", ""),
            row("示例一公司", "海淀区", "张示例", "13800000000", "是", "否", ""),
            row("示例二公司", "海淀区", "张示例", "13800000000", "是", "否", "暂不加入联盟"),
        )
    )
    assert [(form.value("unit"), *answers(form)) for form in forms] == [
        ("示例一公司", "yes", "no"),
        ("示例二公司", "unclear", "no"),
    ]


def test_several_sheets() -> None:
    first = Table(standard(unit="示例一公司").rows, "甲")
    second = Table(standard(unit="示例二公司", join="是 □ 否 √").rows, "乙")
    forms = forms_in(first, second)
    assert [(form.value("unit"), form.choices["join"].answer) for form in forms] == [
        ("示例一公司", "yes"),
        ("示例二公司", "no"),
    ]
    assert forms[1].values["unit"].place == "工作表“乙”第1行第2列"


def test_several_forms_one_after_another() -> None:
    forms = forms_in(TITLE, standard(unit="示例一公司"), para("附件1"), TITLE, standard(unit="示例二公司"))
    assert [form.value("unit") for form in forms] == ["示例一公司", "示例二公司"]


def test_two_forms_in_one_table() -> None:
    rows = (*standard(unit="示例一公司").rows, row(cell("", span=4)), *standard("是 □ 否 √", unit="示例二公司").rows)
    forms = forms_in(table(*rows))
    assert [(form.value("unit"), form.choices["join"].answer) for form in forms] == [
        ("示例一公司", "yes"),
        ("示例二公司", "no"),
    ]


def test_a_form_in_the_middle_of_a_notice() -> None:
    notice = text(
        "关于征集首都知识产权运营联盟成员单位的通知\n各有关单位：\n　　一、联盟宗旨\n　　联系人：秘书处　汪老师　　办公电话：010-60000000　　电子邮箱：sec@example.org\n"
        "　　附件：1. 首都知识产权运营联盟入盟意向书\n首都知识产权服务业协会\n2016年11月17日\n附件1\n首都知识产权运营联盟入盟意向书"
    )
    charter = text("附件2\n章程（草案）\n第三条　单位名称、联系人发生变化的，应当告知秘书处。")
    names = table(row("序号", "单位名称", "联系人"), *(row(str(n), f"示例{n}公司", "王示例") for n in range(1, 9)))
    form = one_form(notice, standard(office_phone="", join="是 □ 否 √"), charter, names)
    assert values_of(form) == STANDARD | {"office_phone": ""}
    assert answers(form) == ("no", "no")


EXAMPLES = (
    "填写示例",
    "填表样例：",
    "（样例）",
    "范例",
    "示范文本",
    "附件2：填写范本",
    "首都知识产权运营联盟入盟意向书（示例）",
    "入盟意向书填写样表",
)


@pytest.mark.parametrize("heading", EXAMPLES)
@pytest.mark.parametrize("before", [True, False])
def test_a_worked_example_is_no_form(heading: str, before: bool) -> None:
    example = (para(heading), standard(unit="示范单位", join="是 □ 否 √"))
    mine = (TITLE, standard())
    forms = forms_in(*((*example, *mine) if before else (*mine, *example)))
    assert [form.value("unit") for form in forms] == [V["unit"]]


@pytest.mark.parametrize("unit", ["北京××科技有限公司", "某某公司", "XXX公司", "**有限公司", "例：示例公司"])
def test_a_placeholder_unit_is_an_example(unit: str) -> None:
    assert forms_in(standard(unit=unit)) == ()


BLANK = dict.fromkeys(STANDARD, "")


@pytest.mark.parametrize(
    "blank",
    [
        standard("是 □    否 □", "是 □    否 □", **BLANK),
        standard("是 □    否 □", "是 □    否 □", **(BLANK | {"unit": "（盖章）"})),
        standard("", "", **BLANK),
        standard("□ 是 □ 否", "□ 是 □ 否", **(BLANK | {"mobile": "____", "unit": "　"})),
    ],
)
def test_an_untouched_blank_is_counted_and_is_no_form(blank: Table) -> None:
    found = find_forms(document(TITLE, blank), (SPEC,), "空表.docx")
    assert (found.forms, found.blank) == ((), 1)


def test_a_blank_under_the_filled_form() -> None:
    blank = standard("是 □    否 □", "是 □    否 □", **BLANK)
    found = find_forms(document(TITLE, standard(), para("附件1"), TITLE, blank), (SPEC,), "示例.docx")
    assert (len(found.forms), found.blank) == (1, 1)


def test_both_options_deleted_is_unclear() -> None:
    assert answers(one_form(standard("", M))) == ("unclear", "no")
    assert answers(one_form(standard(J, ""))) == ("yes", "unclear")
    assert answers(one_form(standard("", ""))) == ("unclear", "unclear")
    assert answers(one_form(standard("愿意", ""))) == ("yes", "blank")


def test_a_table_of_other_things_is_no_form() -> None:
    assert (
        forms_in(
            table(row("序号", "单位名称", "联系人"), row("1", "示例公司", "张示例"), row("2", "示例二公司", "李示例"))
        )
        == ()
    )
    assert forms_in(table(row("单位名称", "示例公司"), row("电话", "010-62000000"))) == ()
    assert forms_in(text("首都知识产权运营联盟章程\n第一条 联系人：张示例")) == ()


def test_documents_of_ours_are_never_forms() -> None:
    assert forms_in(standard(), marks=("receipt",)) == ()
    assert forms_in(standard(), marks=("cipsa-intake:ledger",)) == ()
    assert len(forms_in(standard(), marks=("form",))) == 1
    assert len(forms_in(standard(), marks=("cipsa-intake:form",))) == 1


def test_a_comment_on_the_label_cell_counts() -> None:
    rows = (*standard().rows[:4], row(cell(JOIN_LABEL, Remark("应选否"), span=2), J, width=4), standard().rows[5])
    assert answers(one_form(table(*rows))) == ("unclear", "no")


def test_notes_of_the_form_are_weighed() -> None:
    def noted(note: str, **changes: str) -> tuple[str, str]:
        return answers(one_form(table(*standard(**changes).rows, row("备注", note, width=4))))

    assert noted("希望尽快收到章程") == YES_NO
    assert noted("我单位暂不加入联盟，仅关注") == ("unclear", "no")
    assert noted("我单位已是协会会员", member="是 □ 否 □") == ("yes", "blank")
    assert noted("如已是会员，无需填写") == YES_NO


def test_instructions_below_the_form_are_not_answers() -> None:
    foot = para("填表说明：请在相应选项的“□”内打“√”，是√否□表示愿意，是□否√表示不愿意。")
    assert answers(one_form(standard("是 □ 否 □", M), foot)) == ("blank", "no")


def test_a_sentence_of_the_unit_below_the_form() -> None:
    assert answers(one_form(standard(), para("我单位决定暂不加入联盟。"))) == ("unclear", "no")


@pytest.mark.parametrize(
    ("label", "value", "expected"),
    [
        ("姓名/职务", "张示例/主任", {"contact": "张示例", "title": "主任"}),
        ("联系人及电话", "张示例 010-62000000", {"contact": "张示例", "office_phone": "010-62000000"}),
        ("联系人/职务", "张示例  主任", {"contact": "张示例", "title": "主任"}),
        ("联系人、手机", "张示例13800000000", {"contact": "张示例", "mobile": "13800000000"}),
    ],
)
def test_joined_labels(label: str, value: str, expected: dict[str, str]) -> None:
    form = one_form(table(row("单位名称", V["unit"]), row(label, value), row(JOIN_LABEL, J), row(MEMBER_LABEL, M)))
    assert {key: form.value(key) for key in expected} == expected


def test_a_cell_with_labels_of_its_own() -> None:
    form = one_form(
        table(
            row("单位名称", V["unit"]),
            row("联系人", "姓名：张示例　职务：主任　手机：13800000000"),
            row("联系方式", "电话：010-62000000\n邮箱：zhang@example.com"),
            row(JOIN_LABEL, J),
            row(MEMBER_LABEL, M),
        )
    )
    assert values_of(form) == STANDARD


def test_a_mobile_number_spread_over_cells() -> None:
    form = one_form(
        table(
            row("单位名称", cell(V["unit"], span=11)), row("手机号码", *V["mobile"]), row(JOIN_LABEL, cell(J, span=11))
        )
    )
    assert form.value("mobile") == V["mobile"]


def test_a_column_of_explanations_is_not_the_value() -> None:
    form = one_form(
        table(
            row("项目", "填写内容", "填写说明"),
            row("单位名称", V["unit"], "请填写全称"),
            row("联系人姓名", "", "如：王示例"),
            row("手机号码", V["mobile"], "11位"),
            row(JOIN_LABEL, J, "请在□内打√"),
            row(MEMBER_LABEL, "是 □ 否 □", "如已是会员，无需填写"),
        )
    )
    assert (form.value("contact"), form.value("mobile")) == ("", V["mobile"])
    assert answers(form) == ("yes", "blank")


@pytest.mark.parametrize(
    ("join", "answer"), [(("□", "☑"), "no"), (("☑", "□"), "yes"), (("□", "□"), "blank"), (("☑", "☑"), "unclear")]
)
def test_options_in_rows_beside_a_question(join: tuple[str, str], answer: str) -> None:
    spanning = table(
        row("单位名称", V["unit"], width=3),
        row(cell(JOIN_LABEL, rows=2), "是", join[0]),
        (Cell(cell("否").blocks, 1), Cell(cell(join[1]).blocks, 2)),
        row(MEMBER_LABEL, "是 □ 否 √", width=3),
    )
    loose = table(
        row("单位名称", V["unit"]),
        row(JOIN_LABEL, f"是 {join[0]}"),
        row("", f"否 {join[1]}"),
        row(MEMBER_LABEL, "是 □ 否 √"),
    )
    assert answers(one_form(spanning)) == (answer, "no")
    assert answers(one_form(loose)) == (answer, "no")


def test_columns_headed_by_words_of_the_same_meaning() -> None:
    headed = table(
        row("单位名称", cell(V["unit"], span=2)),
        row("事项", "愿意", "不愿意"),
        row(JOIN_LABEL, "", "√"),
        row(MEMBER_LABEL, "√", ""),
    )
    assert answers(one_form(headed)) == ("no", "yes")


def test_a_value_that_is_also_a_word_for_a_label() -> None:
    form = one_form(standard(title="联络员"))
    assert (form.value("title"), form.value("contact")) == ("联络员", V["contact"])


def test_an_answer_that_is_also_a_wording_of_the_question() -> None:
    assert answers(one_form(standard(join="加入联盟"))) == ("yes", "no")


def test_the_line_for_the_seal_is_no_unit() -> None:
    form = one_form(
        table(*standard().rows, row("单位盖章", "2016年11月25日", width=4), row("备注", "暂不加入联盟", width=4))
    )
    assert form.value("unit") == V["unit"]
    assert answers(form) == ("unclear", "no")


@pytest.mark.parametrize(
    ("comment", "expected"),
    [("第一项改为否", ("unclear", "unclear")), ("请补盖公章", YES_NO), ("领导：暂不加入联盟", ("unclear", "no"))],
)
def test_comments_elsewhere_in_the_form(comment: str, expected: tuple[str, str]) -> None:
    rows = (row(cell("单位名称", Remark(comment)), V["unit"], width=4), *standard().rows[1:])
    assert answers(one_form(table(*rows))) == expected


@pytest.mark.parametrize(
    ("above", "below", "answer"),
    [("√", "是□    否□", "unclear"), ("", "是□    否√", "no"), ("是√", "否□", "yes"), ("是 √    否 □", "", "yes")],
)
def test_a_question_broken_over_two_rows(above: str, below: str, answer: str) -> None:
    """A page without lines: what stands beside either half answers."""
    form = one_form(
        table(
            row("单位名称", "示例科技有限公司"),
            row("联系人姓名", "张示例"),
            row("是否愿意加入首都知识", above),
            row("产权运营联盟", below),
            row(MEMBER_LABEL, "是 □    否 √"),
        )
    )
    assert form.choices["join"].answer == answer


@pytest.mark.parametrize("other", ["参会人数", "备注", "邮编"])
def test_an_empty_cell_before_another_label_is_empty(other: str) -> None:
    """The label of something that this form does not ask is no value, beside or below."""
    form = one_form(
        table(
            row("单位名称", V["unit"], width=4),
            row("联系人姓名", V["contact"], "办公电话", V["office_phone"]),
            row("联系人职务", "", other, "3人"),
            row("手机号码", V["mobile"], "邮编", ""),
            row(JOIN_LABEL, "是 √  否 □", width=4),
        )
    )
    assert values_of(form) == STANDARD | {"title": "", "email": ""}


@pytest.mark.parametrize("below", ["传真：010-62000099", "单位性质：□企业 ☑事业单位", "备注"])
def test_an_empty_label_over_another_label_is_empty(below: str) -> None:
    lines = ("单位名称：示例科技有限公司", "联系人：张示例", "办公电话：", below, "手机：13800000000")
    form = one_form(table(*(row(line) for line in lines), row(JOIN_LABEL + "：是 √  否 □")))
    assert form.value("office_phone") == ""


@pytest.mark.parametrize(
    "foot",
    [
        "协会联系人：刘示范  电话：010-51530191  邮箱：office@example.org",
        "邮箱：office@example.org\n电话：010-51530191",
    ],
)
def test_an_organisers_contact_below_the_questions_is_not_the_units(foot: str) -> None:
    """However well it is labelled: the unit's own stands above under a looser wording."""
    rows = [
        row("单位名称", V["unit"]),
        row("经办人", V["contact"]),
        row("座机", V["office_phone"]),
        row("职位", V["title"]),
    ]
    rows += [row("手机", V["mobile"]), row("Email", V["email"]), row(JOIN_LABEL, J), row(MEMBER_LABEL, M)]
    assert values_of(one_form(table(*rows), text(foot))) == STANDARD


def test_a_number_labelled_in_its_own_cell_is_not_the_empty_cells_before_it() -> None:
    """办公电话： left empty beside 手机号码：138…, each label in the cell of its value."""
    rows = (row("单位名称：示例科技有限公司", width=2), row("联系人：张示例", "职务：主任"))
    form = one_form(table(*rows, row("办公电话：", "手机号码：13800000000"), row(JOIN_LABEL, "是 √  否 □")))
    assert (form.value("office_phone"), form.value("mobile")) == ("", "13800000000")


def test_labels_over_cells_with_labels_of_their_own_head_nothing() -> None:
    rows = (row("单位名称 示例科技有限公司", "联系人姓名 张示例", ""), row("联系人职务", "办公电话", "010-62000000"))
    below = row("手机号码 13800000000", "电子邮箱 zhang@example.com", "")
    form = one_form(table(*rows, below, row(JOIN_LABEL, "是 √  否 □", "")))
    found = values_of(form)
    assert (found["office_phone"], found["title"], found["mobile"]) == ("010-62000000", "", "13800000000")


def test_an_empty_label_over_the_answer_of_a_question_is_empty() -> None:
    rows = (row("单位名称", "示例大学", "联系人 张示例"), row("手机号码", "13800000000", "电子邮箱"))
    form = one_form(table(*rows, row(JOIN_LABEL, "", "是 √  否 □")))
    assert form.value("email") == ""
    assert form.choices["join"].answer == "yes"

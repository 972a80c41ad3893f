# ruff: noqa: E501 (a Chinese character counts two columns; the tables of samples read better in long lines)
"""Values as a careful secretary writes them down, and what is suspicious about them."""

from __future__ import annotations

import pytest
from form_builders import JOIN_LABEL, SPEC, STANDARD, looking, one_form, row, standard, table, values_of
from hypothesis import given, settings
from hypothesis import strategies as st

from intake.answers import Form
from intake.campaign import KINDS, FieldKind
from intake.document import Text
from intake.form.checking import check
from intake.form.plausible import numbers, plausible_email, plausible_telephone
from intake.form.values import divide, normalise

UNITS = (
    ("  示例公司  ", "示例公司"), ("示例公司（盖章）", "示例公司"), ("示例公司(公章)", "示例公司"), ("示例公司（加盖公章）　", "示例公司"), ("示例\n公司", "示例公司"), ("示例公司，", "示例公司"),
    ("白桦里（北京）有限公司", "白桦里（北京）有限公司"), ("示例  大学", "示例大学"), ("Example Technology (Beijing) Co., Ltd.", "Example Technology (Beijing) Co., Ltd."),
    ("____示例公司____", "示例公司"), ("/", ""), ("（盖章）", ""), ("北京示例专利代理事务所（普通合伙）", "北京示例专利代理事务所（普通合伙）"), ("（此处填写单位全称）", ""),
    ("示例公司\u200b", "示例公司"), ("臺灣示例股份有限公司", "臺灣示例股份有限公司"), ("请填写单位全称", ""), ("请在此处填写单位名称。", ""), ("单击或点击此处输入文字。", ""), ("北京请示例科技有限公司", "北京请示例科技有限公司"), ("示例公司（单位公章）", "示例公司"), ("360示例公司", "360示例公司"),
)  # fmt: skip
PEOPLE = (
    ("张  三", "张三"), ("贾　刚", "贾刚"), ("褚 䶮", "褚䶮"), ("张三", "张三"), ("阿依古丽·买买提", "阿依古丽·买买提"), ("欧 阳 锋", "欧阳锋"), ("张三 李四", "张三 李四"),
    ("填表人：张三", "张三"), ("联系人：张三", "张三"), ("John Smith", "John Smith"), ("/", ""), ("无", ""), ("—", ""), ("张三（先生）", "张三（先生）"), ("张三。", "张三"), ("张三（签字）", "张三"),
)  # fmt: skip
TELEPHONES = (
    ("010-62000000", "010-62000000"), ("０１０－６２００００００", "010-62000000"), ("010—62000000", "010-62000000"), ("（010）62000000", "(010)62000000"),
    ("电话：010-62000000", "010-62000000"), ("010-62000000 转 8119 分机", "010-62000000转8119分机"), ("010-62000000/63933367", "010-62000000/63933367"),
    ("010-62000000、89400058", "010-62000000、89400058"), ("+86-10-62000000", "+86-10-62000000"), ("010 6200 0000", "010 6200 0000"), ("/", ""), ("无", ""), ("——", ""), ("-", ""),
    ("暂无", ""), ("N/A", ""), ("     ", ""), ("010-62000000，", "010-62000000"), ("010-62000000\n63933367", "010-62000000、63933367"), ("010-62000000-1301", "010-62000000-1301"),
    ("Tel: 010-62000000", "010-62000000"), ("没有", ""), ("请输入11位手机号码", ""), ("请填写010-62000000", "请填写010-62000000"), ("62000000成立时间：2005年6月", "62000000"), ("010-62000000 分机：801", "010-62000000分机:801"),
)  # fmt: skip
MOBILES = (
    ("138 0000 0000", "13800000000"), ("138-0000-0000", "13800000000"), ("１３８００００００００", "13800000000"), ("+86 13800000000", "+86 13800000000"), ("+86-138-0000-0000", "+86 13800000000"),
    ("13800000000/13900000000", "13800000000/13900000000"), ("13800000000\n13900000000", "13800000000、13900000000"), ("手机：13800000000", "13800000000"), ("13800000000.0", "13800000000"),
    ("8613800000000", "+86 13800000000"), ("/", ""), ("13800000000（微信同号）", "13800000000"), ("010-62000000", "010-62000000"),
)  # fmt: skip
ADDRESSES = (
    ("zhang@example.com", "zhang@example.com", False), ("zhang＠example.com", "zhang@example.com", True), ("zhang @ example.com", "zhang@example.com", True), ("zhang@example，com", "zhang@example.com", True),
    ("zhang@example。com", "zhang@example.com", True), ("zhang@example.com，", "zhang@example.com", False), ("zhang@example.com;", "zhang@example.com", False), ("E-mail：zhang@example.com", "zhang@example.com", False),
    ("ｚｈａｎｇ＠ｅｘａｍｐｌｅ．ｃｏｍ", "zhang@example.com", True), ("a@example.com；b@example.com", "a@example.com;b@example.com", False), ("a@example.com\nb@example.com", "a@example.com;b@example.com", False),
    ("ZHANG@EXAMPLE.COM", "ZHANG@EXAMPLE.COM", False), ("张三<zhang@example.com>", "zhang@example.com", True), ("mailto:zhang@example.com", "zhang@example.com", True), ("zhang@example.com（推荐）", "zhang@example.com", True), ("QQ：zhang@example.com", "zhang@example.com", True), ("/", "", False), ("无", "", False),
    ("zhang@examplecom", "zhang@examplecom", False), ("zhang#example.com", "zhang#example.com", False), ("a@example.com b@example.com", "a@example.com;b@example.com", True), ("zhang_x@example.com", "zhang_x@example.com", False), ("a@example.com 或 b@example.com", "a@example.com;b@example.com", True), ("邮箱zhang@example.com", "zhang@example.com", True), ("a.b-\nc@mail.example.org", "a.b-c@mail.example.org", True), ("zhang@mail.\nexample.org", "zhang@mail.example.org", True),
    ("zhang@\nexample.org", "zhang@example.org", True),
)  # fmt: skip
TITLES = (
    ("合伙人/专利代理人", "合伙人/专利代理人"),
    ("/", ""),
    ("党委委员、副总经理", "党委委员、副总经理"),
    ("主 任", "主任"),
    ("\t主任\t", "主任"),
    ("无", ""),
    ("知识产权部\n部长", "知识产权部部长"),
    ("IP Manager", "IP Manager"),
)


@pytest.mark.parametrize(("written", "kept"), UNITS)
def test_units(written: str, kept: str) -> None:
    assert normalise("unit", written).text == kept


@pytest.mark.parametrize(("written", "kept"), PEOPLE)
def test_people(written: str, kept: str) -> None:
    assert normalise("person", written).text == kept


@pytest.mark.parametrize(("written", "kept"), TELEPHONES)
def test_telephones(written: str, kept: str) -> None:
    assert normalise("telephone", written).text == kept


@pytest.mark.parametrize(("written", "kept"), MOBILES)
def test_mobiles(written: str, kept: str) -> None:
    assert normalise("mobile", written).text == kept


@pytest.mark.parametrize(("written", "kept", "mended"), ADDRESSES)
def test_addresses(written: str, kept: str, mended: bool) -> None:
    value = normalise("email", written)
    assert value.text == kept
    assert bool(value.mended) is mended
    assert not mended or kept in value.mended


@pytest.mark.parametrize(("written", "kept"), TITLES)
def test_titles(written: str, kept: str) -> None:
    assert normalise("text", written).text == kept


@settings(max_examples=300)
@given(st.sampled_from(KINDS), st.text(max_size=60))
def test_any_text_is_normalised_and_stays_so(kind: str, written: str) -> None:
    once = normalise(kind, written).text  # type: ignore[arg-type]
    assert once == once.strip()
    assert kind == "email" or normalise(kind, once).text == once  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("010-88439433/63933367", ("01088439433", "63933367")),
        ("+86-10-67349589", ("01067349589",)),
        ("010-69232290转8119分机", ("01069232290",)),
        ("010-62372934-1301", ("01062372934",)),
        ("13800000000、13900000000", ("13800000000", "13900000000")),
        ("", ()),
    ],
)
def test_numbers_of_a_value(text: str, found: tuple[str, ...]) -> None:
    assert numbers(text) == found


@pytest.mark.parametrize(
    "digits", ["01062000000", "62000000", "13800000000", "4008100000", "01067349589", "02888888888", "85221234567"]
)
def test_plausible_numbers(digits: str) -> None:
    assert plausible_telephone(digits)


@pytest.mark.parametrize("digits", ["123", "1380000000000000", "12345", "138000000"])
def test_implausible_numbers(digits: str) -> None:
    assert not plausible_telephone(digits)


def test_addresses_by_the_standard() -> None:
    assert plausible_email("zhang@example.com")
    assert plausible_email("zhang_x.y+z@mail.example.cn")
    assert not plausible_email("zhang@examplecom")
    assert not plausible_email("zhang@@example.com")
    assert not plausible_email("@example.com")


@pytest.mark.parametrize(
    ("keys", "kinds", "text", "parts"),
    [
        (("a", "b"), ("person", "text"), "张示例/主任", ["张示例", "主任"]),
        (("a", "b"), ("person", "telephone"), "张示例 010-62000000", ["张示例", "010-62000000"]),
        (
            ("a", "b", "c"),
            ("person", "mobile", "email"),
            "张示例，13800000000，z@example.com",
            ["张示例", "13800000000", "z@example.com"],
        ),
        (("a", "b"), ("person", "text"), "", ["", ""]),
    ],
)
def test_dividing_the_value_of_a_joined_label(
    keys: tuple[str, ...], kinds: tuple[str, ...], text: str, parts: list[str]
) -> None:
    assert divide(keys, kinds, text) == parts  # type: ignore[arg-type]


def codes(form: Form) -> list[tuple[str, str]]:
    return [(problem.code, problem.field) for problem in check(form, SPEC)]


CHECKED = (
    ({}, []),
    ({"contact": ""}, [("missing", "contact")]),
    ({"office_phone": "", "mobile": ""}, [("missing", "office_phone")]),
    ({"office_phone": ""}, []),
    ({"mobile": "/"}, []),
    ({"unit": ""}, [("missing", "unit")]),
    ({"join": "是 □ 否 □"}, [("blank", "join")]),
    ({"join": "是 √ 否 √"}, [("unclear", "join")]),
    ({"member": "是 □ 否 □"}, []),
    ({"member": "是 √ 否 √"}, [("unclear", "member")]),
    ({"mobile": "1380000"}, []),
    ({"mobile": "138000"}, [("suspicious", "mobile")]),
    ({"email": "zhang@examplecom"}, [("suspicious", "email")]),
    ({"email": "zhang＠example.com"}, [("mended", "email")]),
    ({"office_phone": "13800000000", "mobile": "010-62000000"}, [("swapped", "mobile")]),
    ({"office_phone": "13800000000", "mobile": "13900000000"}, []),
    ({"contact": "zhang@example.com"}, [("suspicious", "contact")]),
    ({"join": "是 □ 否 √", "contact": "", "office_phone": "", "mobile": "12"}, []),
    ({"join": "是 □ 否 √", "unit": ""}, [("missing", "unit")]),
)


@pytest.mark.parametrize(("changes", "expected"), CHECKED)
def test_problems(changes: dict[str, str], expected: list[tuple[str, str]]) -> None:
    form = one_form(standard(**changes))
    assert codes(form) == expected
    assert form.problems == check(form, SPEC)


def test_problems_are_courteous_sentences() -> None:
    form = one_form(standard("是 √ 否 √", contact="", mobile="12345"))
    assert STANDARD["contact"] not in str(form.problems)
    for problem in form.problems:
        assert problem.sentence.endswith("。")
        assert problem.sentence[0] == "“" or problem.sentence.startswith("未填写“")


MANY = 100_000  # of what some programs pad values with; a rule that looked at each from each would never end
PADDED = (
    ("unit", "示例" + " " * MANY + "公司", "示例公司"), ("unit", "示例公司" + ", " * MANY, "示例公司"), ("unit", "A" + " " * MANY + "B", "A B"), ("unit", "甲" + "\n" * MANY + "乙", "甲乙"),
    ("unit", "甲" + ", " * MANY + "乙", "甲" + ", " * MANY + "乙"), ("text", "A" + "\u200b " * MANY + "B", "A B"), ("email", "a@example.com" + "; " * MANY + "b@example.com", "a@example.com;b@example.com"),
    ("email", "a" + " " * MANY + "(at)example.com", "a@example.com"), ("telephone", "010-62000000" + "\n" * MANY + "62000001", "010-62000000、62000001"), ("person", "张" + "\u3000" * MANY + "三", "张三"),
)  # fmt: skip


@pytest.mark.parametrize(("kind", "written", "kept"), PADDED, ids=range(len(PADDED)))
def test_padding_of_any_length_is_taken_off(kind: FieldKind, written: str, kept: str) -> None:
    assert normalise(kind, written).text == kept


STRUCK = (
    ((looking("旧名称公司", "struck"), "示例科技有限公司"), "示例科技有限公司", "所填“旧名称公司”已划去，按“示例科技有限公司”登记"),
    (("示例科技有限公司", looking("（筹）", "struck")), "示例科技有限公司", "所填“（筹）”已划去，按“示例科技有限公司”登记"),
    ((looking("示例科技有限公司", "struck"),), "", "所填“示例科技有限公司”已划去，按未填写登记"),
    (("示例科技有限公司", looking("  ", "struck")), "示例科技有限公司", ""),
)  # fmt: skip


@pytest.mark.parametrize(("written", "kept", "said"), STRUCK)
def test_what_was_struck_out_is_no_value(written: tuple[Text | str, ...], kept: str, said: str) -> None:
    rest = (row("联系人姓名", "张示例"), row("手机号码", "13800000000"), row(JOIN_LABEL, "是 √    否 □"))
    form = one_form(table(row("单位名称", written), *rest))
    assert (form.values["unit"].text, form.values["unit"].mended) == (kept, said)


def test_what_was_struck_out_of_a_list_is_no_value() -> None:
    heading = row("序号", "单位名称", "联系人", "手机", "是否加入联盟")
    line = row("1", [looking("甲公司", "struck"), "乙公司"], "张示例", "13800000000", "是")
    assert values_of(one_form(table(heading, line)))["unit"] == "乙公司"

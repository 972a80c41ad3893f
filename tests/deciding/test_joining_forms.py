"""Joining forms of one mail, and a new statement with what stands."""

from __future__ import annotations

import pytest
from deciding_builders import SENDER, SPEC, UNIT, choices, earlier, form, unit, values
from hypothesis import given
from hypothesis import strategies as st

from intake.answers import Choice, Form, Problem, Value
from intake.deciding.amending import Terms, amend, may_change
from intake.deciding.joining import Statement, group_forms, join, unit_key
from intake.known import UnitKnown

ANSWERS = ("yes", "no", "blank", "unclear")
DEFINITE = {"yes", "no"}


@pytest.mark.parametrize(
    ("given", "expected"),
    [
        (("yes",), "yes"),
        (("yes", "yes"), "yes"),
        (("yes", "blank"), "yes"),
        (("blank", "no"), "no"),
        (("unclear", "yes"), "yes"),
        (("yes", "unclear"), "yes"),
        (("yes", "no"), "unclear"),
        (("yes", "no", "yes"), "unclear"),
        (("unclear", "blank"), "unclear"),
        (("blank", "blank"), "blank"),
    ],
)
def test_choices_of_one_mail(given: tuple[str, ...], expected: str) -> None:
    forms = [form(answer, source=f"{index}.docx") for index, answer in enumerate(given)]
    assert join(forms, SPEC).choices["join"].answer == expected


def test_a_contradiction_names_both_files() -> None:
    joined = join([form(source="一.docx"), form("no", source="二.docx")], SPEC)
    assert joined.choices["join"].evidence == "同一邮件中不一致：一.docx为“是”，二.docx为“否”"
    assert [problem.field for problem in joined.problems] == ["join"]


def test_the_remark_that_says_member_beats_an_unclear_mark() -> None:
    joined = join([form(member="unclear"), form(member="claim")], SPEC)
    assert (joined.choices["member"].answer, joined.choices["member"].already_member) == ("blank", True)


def test_values_come_from_the_electronic_file() -> None:
    scan = form(source="盖章.pdf", drawn=True, contact="示倒", title="经理")
    joined = join([scan, form(title="")], SPEC)
    assert (joined.values["contact"].text, joined.values["title"].text) == ("示例", "经理")
    assert joined.sources == ("意向书.docx", "盖章.pdf（盖章件）")
    assert joined.sealed_copy
    assert not joined.problems


def test_a_scan_alone_is_no_sealed_copy() -> None:
    joined = join([form(source="盖章.pdf", drawn=True)], SPEC)
    assert (joined.drawn, joined.sealed_copy, joined.sources) == (True, False, ("盖章.pdf",))


def test_a_quoted_form_says_so() -> None:
    assert join([form(source="邮件正文", quoted=True)], SPEC).sources == ("邮件正文（引文内填写）",)


def test_electronic_values_that_differ_keep_the_first_and_say_both() -> None:
    joined = join([form(), form(contact="示例二")], SPEC)
    assert joined.values["contact"].text == "示例"
    (problem,) = joined.problems
    assert (problem.code, problem.field) == ("suspicious", "contact")
    assert "“示例”、“示例二”" in problem.sentence


def test_values_that_differ_in_spaces_only_are_the_same() -> None:
    assert not join([form(mobile="13800000000"), form(mobile="138 0000 0000")], SPEC).problems


def test_problems_that_joining_solved_are_gone() -> None:
    lacks = (Problem("missing", "contact", "缺联系人。"), Problem("suspicious", "email", "邮箱可疑。"))
    joined = join([form(contact="", problems=lacks), form()], SPEC)
    assert [problem.code for problem in joined.problems] == ["suspicious"]


def test_a_group_is_solved_by_any_of_its_keys() -> None:
    lacks = (Problem("missing", "office_phone", "缺电话。"),)
    neither = form(office_phone="", mobile="", problems=lacks)
    assert not join([neither, form(office_phone="")], SPEC).problems
    assert join([neither], SPEC).problems == lacks


def test_forms_are_grouped_by_unit_whatever_the_spelling() -> None:
    forms = [form(unit="示例（北京）公司"), form(unit="示例 (北京)公司"), form(unit="示例乙")]
    groups, nameless = group_forms(forms, [UnitKnown()] * 3, [None] * 3, SPEC)
    assert [len(group.forms) for group in groups] == [2, 1]
    assert not nameless


def test_forms_are_grouped_by_the_register_where_it_knows_the_unit() -> None:
    groups, _ = group_forms([form(unit="示例甲"), form()], [unit(), unit()], [None, None], SPEC)
    assert [len(group.forms) for group in groups] == [2]


def test_a_nameless_form_beside_several_units_belongs_to_none() -> None:
    forms = [form(), form(unit="示例乙"), form(unit="")]
    groups, nameless = group_forms(forms, [], [], SPEC)
    assert (len(groups), len(nameless)) == (2, 1)


def test_what_is_known_may_be_shorter_than_the_forms() -> None:
    groups, _ = group_forms([form(), form(unit="示例乙")], [unit()], [], SPEC)
    assert [group.unit.unit_id for group in groups] == [1, None]


@pytest.mark.parametrize(
    ("one", "other", "same"),
    [
        ("示例（北京）公司", "示例(北京)公司", True),
        ("示例〔北京〕公司", "示例 (北京) 公司", True),
        ("ABC公司", "abc公司", True),
        ("示例甲公司", "示例乙公司", False),
    ],
)
def test_unit_key(one: str, other: str, same: bool) -> None:
    assert (unit_key(one) == unit_key(other)) is same


# ---- earlier and new --------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("old", "new", "expected"),
    [
        ("yes", "no", "no"),
        ("no", "yes", "yes"),
        ("yes", "blank", "yes"),
        ("no", "unclear", "no"),
        ("blank", "yes", "yes"),
        ("unclear", "no", "no"),
        ("blank", "unclear", "unclear"),
        ("unclear", "blank", "unclear"),
    ],
)
def test_a_later_answer(old: str, new: str, expected: str) -> None:
    amended = amend(earlier(old), statement(new), SPEC)
    assert amended.choices["join"].answer == expected
    assert ("join" in amended.changed) is (old != expected)


def test_a_blank_field_never_replaces_a_value() -> None:
    amended = amend(earlier(), statement(contact="", mobile="13800000001"), SPEC)
    assert (amended.values["contact"].text, amended.values["mobile"].text) == ("示例", "13800000001")
    assert amended.changed == ("mobile",)


def test_a_drawn_value_fills_blanks_only() -> None:
    scan = join([form(source="扫描.pdf", drawn=True, contact="示倒", title="经理")], SPEC)
    amended = amend(earlier(values_=values(title="")), scan, SPEC)
    assert amended.changed == ("title",)


def test_another_spelling_of_the_unit_is_no_change() -> None:
    amended = amend(earlier(), statement(unit="示例甲"), SPEC)
    assert (amended.values["unit"].text, amended.changed) == (UNIT, ())


def test_only_the_keys_of_the_terms_may_change() -> None:
    amended = amend(earlier(), statement("no", mobile="13800000001"), SPEC, Terms(only=frozenset({"mobile"})))
    assert (amended.changed, amended.choices["join"].answer) == (("mobile",), "yes")


def test_a_key_never_seen_before_is_not_let_in_beside_the_terms() -> None:
    stands = earlier(values_={"unit": Value(UNIT)})
    amended = amend(stands, statement(mobile="13800000001"), SPEC, Terms(only=frozenset()))
    assert amended.values["mobile"] == Value("")


def test_a_decided_value_withstands_another_address() -> None:
    amended = amend(earlier(decided=frozenset({"join"})), statement("no"), SPEC)
    assert (amended.withstood, amended.changed, amended.choices["join"].answer) == (("join",), (), "yes")


def test_a_decided_value_is_overruled_by_the_same_sender() -> None:
    amended = amend(earlier(decided=frozenset({"join"})), statement("no"), SPEC, Terms(overrule=True))
    assert (amended.overruled, amended.choices["join"].answer) == (("join",), "no")
    assert amended.choices["join"].evidence.startswith("与人工决定不同")


def test_what_a_person_left_blank_is_not_replaced_by_unclear() -> None:
    amended = amend(earlier("blank", decided=frozenset({"join"})), statement("unclear"), SPEC, Terms(overrule=True))
    assert amended.choices["join"].answer == "blank"


def test_the_remark_that_says_member_fills_a_blank() -> None:
    amended = amend(earlier(member="blank"), join([form(member="claim")], SPEC), SPEC)
    assert amended.choices["member"].already_member
    assert amended.changed == ("member",)


@pytest.mark.parametrize(
    ("sender", "allowed"),
    [(SENDER, True), (SENDER.upper(), True), ("office@roster.example.cn", True), ("x@unit.example.cn", False)],
)
def test_who_may_change(sender: str, allowed: bool) -> None:
    known = unit(roster_addresses=("Office@roster.example.cn",))
    assert may_change(sender, earlier(), known) is allowed


# ---- properties -------------------------------------------------------------------------------

texts = st.sampled_from(["", "示例", "示例二", "010-00000000"])
forms_ = st.builds(
    lambda join_, member, contact, phone, drawn: form(join_, member, contact=contact, office_phone=phone, drawn=drawn),
    st.sampled_from(ANSWERS),
    st.sampled_from((*ANSWERS, "claim")),
    texts,
    texts,
    st.booleans(),
)


@given(st.lists(forms_, min_size=1, max_size=4))
def test_joining_loses_no_answer_and_makes_none_up(forms: list[Form]) -> None:
    joined = join(forms, SPEC)
    for key in ("join", "member"):
        stated = {each.choices[key].answer for each in forms} & DEFINITE
        answer = joined.choices[key].answer
        if len(stated) == 1:
            assert answer == next(iter(stated))
        elif stated:
            assert answer == "unclear"
        else:
            assert answer not in DEFINITE
    for key, value in joined.values.items():
        assert value.text in {each.value(key) for each in forms}
        assert bool(value.text) is any(each.value(key) for each in forms)


@given(
    st.sampled_from(ANSWERS),
    forms_,
    st.booleans(),
    st.sets(st.sampled_from(["join", "member", "contact"])),
    st.none() | st.frozensets(st.sampled_from(["join", "contact"])),
    st.booleans(),
)
def test_amending_never_turns_an_answer_into_none(
    old: str, new: Form, overrule: bool, decided: set[str], only: frozenset[str] | None, fill_only: bool
) -> None:
    stands = earlier(old, decided=frozenset(decided))
    amended = amend(stands, join([new], SPEC), SPEC, Terms(overrule, only, fill_only))
    for key, before in stands.choices.items():
        after = amended.choices[key]
        assert before.answer not in DEFINITE or after.answer in DEFINITE
        assert after == before or key in amended.changed
        if key in decided and not overrule:
            assert after.answer == before.answer
    for key, value in stands.values.items():
        assert not value.text or amended.values[key].text
        assert amended.values[key] == value or key in amended.changed
    assert only is None or set(amended.changed) <= only


def statement(join_: str = "yes", **changed: str) -> Statement:
    return join([form(join_, **changed)], SPEC)


def test_the_builders_agree_with_the_form() -> None:
    assert statement().choices == choices()
    assert statement().choices["join"] == Choice("join", "yes", "√", "第5行")

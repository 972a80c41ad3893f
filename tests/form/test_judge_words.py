# ruff: noqa: E501 (a Chinese character counts two columns; the tables of samples read better in long lines)
"""Answers in words, remarks beside ticks, comments in the margin, and 已是会员."""

from __future__ import annotations

import pytest
from form_builders import JOIN, MEMBER, TOPICS, VOTE, judged

from intake.answers import Choice
from intake.campaign import ChoiceSpec
from intake.document import Remark
from intake.form.evidence import Surroundings
from intake.form.weighing import weigh

YES = (
    "是", "愿意", "同意", "愿意加入", "同意加入", "是的", "我单位愿意加入", "我公司同意加入首都知识产权运营联盟", "愿意。", "是，愿意加入", "自愿加入",
    "愿意加入联盟", "非常愿意", "我单位自愿加入首都知识产权运营联盟", "加入", "願意", "同意，谢谢", "yes", "YES", "经研究，我单位同意加入", "好的",
    "（愿意）", "选择：是", "本单位申请加入", "愿意！", "选“是”", "填写：是", "划勾：是", "希望加入", "我单位拟加入", "有加入意向", "是（见附件）",
    "经我所合伙人会议讨论决定加入", "同意加入首都知识产权运营联盟，并遵守章程",
)  # fmt: skip
NO = (
    "否", "不愿意", "不同意", "不加入", "暂不", "暂不加入", "暂不考虑", "暂时不愿意", "我单位暂不加入", "目前不考虑", "不参加", "放弃", "无意向",
    "不能加入", "无意加入", "没有加入的意向", "由于业务调整，暂不加入", "很遗憾，不便加入", "选“否”",
    "没有意向", "no", "否，暂不加入", "我公司不同意加入", "不願意", "经研究决定暂不加入联盟", "不需要", "谢绝", "现阶段暂不考虑加入", "不了，谢谢",
)  # fmt: skip
UNCLEAR = (
    "待定", "考虑中", "待研究", "再议", "视情况而定", "需上会研究", "同意，但需领导审批", "如会费合适则加入", "不确定", "另行答复", "待董事会批准后加入",
    "见附件", "张三", "2016年", "无异议", "不是不愿意", "支持", "可能", "尚未确定", "研究后答复", "如果条件允许愿意加入",
    "愿意参加活动", "不反对", "暂定加入", "是否", "希望了解更多", "已提交",
    "希望协会考虑", "讨论中", "由于业务调整", "不用",
)  # fmt: skip
MEMBER_WORDS = (
    "已是会员", "已是", "无需填写", "我单位已是会员", "已是协会会员单位", "已经是会员", "已是理事单位", "无须填写", "已加入", "不需填写", "已入会", "已為會員",
    "我单位现为协会常务理事单位", "已是会员，无需填写", "（已是会员）", "本单位为贵协会会员", "无需填", "老会员",
)  # fmt: skip


@pytest.mark.parametrize("word", YES)
def test_words_that_say_yes(word: str) -> None:
    assert judged(word).answer == "yes"


@pytest.mark.parametrize("word", NO)
def test_words_that_say_no(word: str) -> None:
    assert judged(word).answer == "no"


@pytest.mark.parametrize("word", UNCLEAR)
@pytest.mark.parametrize("spec", [JOIN, MEMBER], ids=["join", "member"])
def test_words_that_settle_nothing(word: str, spec: object) -> None:
    assert judged(word, spec=spec).answer == "unclear"  # type: ignore[arg-type]


@pytest.mark.parametrize("word", MEMBER_WORDS)
@pytest.mark.parametrize("print_before", ["", "是 □    否 □  ", "□ 是   □ 否 "])
def test_already_a_member_is_blank_and_said(word: str, print_before: str) -> None:
    choice = judged(print_before + word, spec=MEMBER)
    assert (choice.answer, choice.already_member) == ("blank", True)
    assert "已是会员" in choice.evidence


@pytest.mark.parametrize("word", ["已是会员", "无需填写", "已加入"])
def test_already_a_member_answers_only_the_question_that_allows_it(word: str) -> None:
    assert judged(word, spec=JOIN).answer == "unclear"


@pytest.mark.parametrize("tick", ["是 √  否 □ 已是会员", "是 □  否 √ （已是会员）"])
def test_a_tick_beside_already_a_member_is_unclear(tick: str) -> None:
    choice = judged(tick, spec=MEMBER)
    assert (choice.answer, choice.already_member) == ("unclear", True)


AFTER = (
    ("是 □    否 □    是", "yes"), ("是 □    否 □    否", "no"), ("是□ 否□ 愿意", "yes"), ("是□ 否□ 不愿意", "no"), ("□是 □否：是", "yes"),
    ("□是 □否：否", "no"), ("是/否：是", "yes"), ("是/否：否", "no"), ("是 □ 否 □（愿意加入）", "yes"), ("是 □ 否 □（暂不加入）", "no"),
    ("是 □ 否 □ 待定", "unclear"), ("是 □ 否 □ 是 否", "unclear"), ("是 □ 否 □ 见备注", "unclear"), ("愿意 □ 不愿意 □ 愿意", "yes"),
)  # fmt: skip


@pytest.mark.parametrize(("row", "answer"), AFTER)
def test_answer_written_after_the_boxes(row: str, answer: str) -> None:
    assert judged(row).answer == answer


REMARKS = (
    ("是 √  否 □ 愿意", "yes"), ("是 √  否 □ （盖章）", "yes"), ("是 √  否 □ 希望尽快收到章程", "yes"), ("是 √  否 □ 暂不考虑", "unclear"),
    ("是 √  否 □ 待定", "unclear"), ("是 √  否 □（需领导审批）", "unclear"), ("是 √  否 □ 不愿意", "unclear"), ("是 □  否 √ 愿意", "unclear"),
    ("是 □  否 √ 暂不考虑", "no"), ("是 □  否 √ 我单位不涉及知识产权业务", "no"), ("是 □  否 √ 勾错了", "unclear"), ("是 √  否 □ 否", "unclear"),
    ("是 √  否 □ 是", "yes"), ("是 √  否 □（如会费合适）", "unclear"), ("是 ☑  否 □ 2016年11月25日", "yes"), ("☑是（愿意加入） □否（不愿意加入）", "yes"),
    ("□是（愿意加入） ☑否（不愿意加入）", "no"), ("是 √  否 □（如已是会员，无需填写）", "yes"), ("是 √ 否 □ 谢谢", "yes"), ("是 ☑ 否 □，但以章程为准", "unclear"),
)  # fmt: skip


@pytest.mark.parametrize(("row", "answer"), REMARKS)
def test_remarks_beside_a_tick(row: str, answer: str) -> None:
    assert judged(row).answer == answer


COMMENTS = (
    ("此处改为否", "unclear"), ("应选“否”", "unclear"), ("领导意见：暂不加入", "unclear"), ("待领导确认", "unclear"), ("勾错了", "unclear"), ("不对吧？", "unclear"),
    ("已核对", "yes"), ("请盖章", "yes"), ("愿意", "yes"), ("", "yes"),
)  # fmt: skip


@pytest.mark.parametrize(("comment", "answer"), COMMENTS)
def test_comments_in_the_margin(comment: str, answer: str) -> None:
    choice = judged(["是 √", Remark(comment), "  否 □"])
    assert choice.answer == answer
    assert answer == "yes" or "批注" in choice.evidence


def test_a_comment_on_an_untouched_row_does_not_choose() -> None:
    assert judged(["是 □", Remark("选是"), "  否 □"]).answer in ("blank", "unclear")


LISTED = (
    ("是", "yes"), ("否", "no"), ("√", "yes"), ("×", "no"), ("", "blank"), ("/", "blank"), ("愿意", "yes"), ("不愿意", "no"), ("☑", "yes"),
    ("1", "yes"), ("0", "no"), ("待定", "unclear"), ("是 √ 否 □", "yes"), ("是 □ 否 √", "no"), ("是 □ 否 □", "blank"), ("V", "yes"), ("x", "no"),
)  # fmt: skip


@pytest.mark.parametrize(("text", "answer"), LISTED)
def test_cells_of_a_list(text: str, answer: str) -> None:
    assert judged(text, around=Surroundings(listed=True, others_printed=True)).answer == answer


SURROUNDED = (
    ("", Surroundings(others_printed=True, others_boxed=True), "unclear"),  # options deleted, nothing written
    ("", Surroundings(), "blank"),
    ("是      否", Surroundings(others_printed=True, others_boxed=True), "unclear"),  # both boxes lost
    ("是 / 否", Surroundings(others_printed=True, others_boxed=True), "blank"),
    ("是      否", Surroundings(), "blank"),
)


@pytest.mark.parametrize(("text", "around", "answer"), SURROUNDED)
def test_the_other_question_of_the_form_helps(text: str, around: Surroundings, answer: str) -> None:
    assert judged(text, around=around).answer == answer


CLASSES = ChoiceSpec(
    "class", "报名班次", "班次", ("初级班（12月5日）", "中级班（12月8日）", "不参加培训班"), ("报名班次",)
)
BILLS = ChoiceSpec("bill", "发票类型", "发票", ("增值税普通发票", "增值税专用发票"), ("发票类型",))

OTHERS = (
    (CLASSES, "中级班", "中级班（12月8日）"), (CLASSES, "培训班", "unclear"), (CLASSES, "12月8日", "unclear"), (CLASSES, "级班", "unclear"), (CLASSES, "参加培训班", "unclear"),
    (CLASSES, "中级班，但时间待定", "unclear"), (CLASSES, "不参加培训班", "不参加培训班"), (BILLS, "专用发票", "增值税专用发票"), (BILLS, "发票", "unclear"), (BILLS, "普通", "unclear"),
    (VOTE, "□同意 ☑不同意 □弃权", "不同意"), (VOTE, "☑同意 □不同意 □弃权", "同意"), (VOTE, "□同意 □不同意 ☑弃权", "弃权"), (VOTE, "同意", "同意"),
    (VOTE, "不同意", "不同意"), (VOTE, "弃权。", "弃权"), (VOTE, "☑同意 ☑不同意 □弃权", "unclear"), (VOTE, "□同意 □不同意 □弃权", "blank"),
    (VOTE, "同意√ 不同意 弃权", "同意"), (VOTE, "同意 √ 不同意 □ 弃权 □", "同意"), (VOTE, "同意 □ 不同意 □ 弃权 √", "弃权"), (VOTE, "□同意   不同意   □弃权", "unclear"),
    (VOTE, "考虑中", "unclear"), (VOTE, "√", "unclear"), (TOPICS, "☑运营 □金融 ☑维权", "运营;维权"), (TOPICS, "√运营 √金融 √维权", "运营;金融;维权"),
    (TOPICS, "□运营 ☑金融 □维权", "金融"), (TOPICS, "□运营 □金融 □维权", "blank"), (TOPICS, "运营", "运营"), (TOPICS, "运营、维权", "运营;维权"),
)  # fmt: skip


@pytest.mark.parametrize(("spec", "row", "answer"), OTHERS)
def test_other_options(spec: object, row: str, answer: str) -> None:
    assert judged(row, spec=spec).answer == answer  # type: ignore[arg-type]


NOTES = (
    ("yes", "我单位决定暂不加入联盟", "unclear"), ("yes", "希望尽快收到章程", "yes"), ("yes", "法定代表人：董示例", "yes"), ("no", "暂不加入联盟", "no"),
    ("yes", "以上勾选有误", "unclear"), ("yes", "期待与贵会合作", "yes"), ("yes", "暂不加入协会", "yes"), ("no", "我单位愿意加入运营联盟", "unclear"),
    ("yes", "无", "yes"), ("yes", "加入联盟一事待定", "unclear"), ("blank", "我单位已是协会会员", "blank"), ("yes", "如已是会员，无需填写", "yes"),
)  # fmt: skip


@pytest.mark.parametrize(("ticked", "note", "answer"), NOTES)
def test_notes_elsewhere_in_the_form(ticked: str, note: str, answer: str) -> None:
    assert weigh(Choice("join", ticked), note, JOIN, [MEMBER]).answer == answer


def test_a_note_explains_a_blank_membership() -> None:
    choice = weigh(Choice("member", "blank"), "我单位已是协会会员。", MEMBER, [JOIN])
    assert (choice.answer, choice.already_member) == ("blank", True)


FURTHER = (
    ("■ 是 □ 否 □ 待定", "yes"), ("□ 是 ■ 否 □ 待定", "no"), ("□ 是 □ 否 ■ 待定", "unclear"), ("☐是 ☐否 ☑暂不确定", "unclear"), ("□ 是 □ 否 □ 待定", "blank"),
    ("是 √ 否 □ 待定 □", "yes"), ("是 □ 否 √ 待定 □", "no"), ("是 □ 否 □ 待定 √", "unclear"), ("是 √ 否 □ 待定 √", "unclear"), ("☑是 □否 □其他", "yes"),
    ("☑是 □否 □其他：需审批", "unclear"), ("□是 ☑否 □其他：____", "no"), ("☑是 □否 □其他（请注明）：", "yes"),
)  # fmt: skip


@pytest.mark.parametrize(("row", "answer"), FURTHER)
def test_a_further_option_of_the_units_own(row: str, answer: str) -> None:
    assert judged(row).answer == answer


def test_already_a_member_as_a_further_option() -> None:
    assert judged("□是 □否 ☑已是会员", spec=MEMBER).already_member
    assert judged("☑是 □否 □已是会员", spec=MEMBER).answer == "yes"
    assert judged("□是 ☑否 □已是会员", spec=MEMBER).answer == "no"
    assert judged("□是 □否 □已是会员", spec=MEMBER).answer == "blank"


WORDED = (
    ("愿意加入☑ 暂不加入□", "yes"), ("愿意加入□ 暂不加入☑", "no"), ("☑同意 □反对", "yes"), ("□同意 ☑反对", "no"), ("有意愿√ 无意愿□", "yes"), ("加入√", "yes"),
    ("不加入√", "no"), ("同意×", "unclear"), ("同  意", "yes"), ("不 愿 意", "no"), ("暂 不", "no"), ("愿  意", "yes"), ("是！", "yes"), ("否；", "no"), ("no.", "no"),
    ("回复：否", "no"), ("答：是", "yes"), ("愿意，请发送入会材料", "yes"), ("是 Y 否", "unclear"), ("是 0 否 1", "unclear"), ("是 T 否 F", "unclear"),
    ("是 □ 愿意 否 □", "unclear"), ("是（ 是 ） 否（ ）", "yes"), ("是（ ） 否（ 否 ）", "no"), ("是（ ） 否（ 是 ）", "unclear"), ("是□（愿意） 否☑（不愿意）", "no"),
    ("是☑（愿意） 否□（不愿意）", "yes"), ("是会员", "unclear"), ("由秘书处定", "unclear"), ("同意加入联盟，不加入协会", "unclear"),
    ("愿意√ 否□", "yes"), ("□ 愿意加入  √ 否", "no"), ("□是  √暂不加入", "no"), ("否√ 愿意", "unclear"), ("否□ 愿意", "unclear"),
    ("□是 Yes ☑否 No", "no"), ("是（愿意）____  否（不愿意）__√__", "no"), ("是（愿意）____  否（不愿意）____", "blank"), ("是（愿意）□  否（不愿意）V", "no"), ("☑是 Yes □否 No", "yes"), ("是 Yes 否 No", "blank"), ("是 Yes 否", "unclear"), ("我选“是”", "yes"), ("本单位选择“否”", "no"),
)  # fmt: skip


@pytest.mark.parametrize(("row", "answer"), WORDED)
def test_options_and_answers_in_the_units_own_words(row: str, answer: str) -> None:
    assert judged(row).answer == answer


@pytest.mark.parametrize(
    "word", ["2014年起即为会员", "本单位2015年已加入协会", "会员编号：0123", "我单位是会员", "会员单位"]
)
def test_other_ways_to_say_already_a_member(word: str) -> None:
    choice = judged("是 □ 否 □ " + word, spec=MEMBER)
    assert (choice.answer, choice.already_member) == ("blank", True)


@pytest.mark.parametrize("word", ["不是会员", "非会员", "不是", "尚不是会员"])
def test_not_being_a_member_is_no_answer(word: str) -> None:
    assert judged(word, spec=MEMBER).answer == "unclear"


def test_a_row_too_long_to_be_options_is_unclear() -> None:
    assert judged("是 √ 否 □ " * 2000).answer == "unclear"


INSTRUCTIONS = (
    "（请在□内打“√”）", "（单选）", "（请勾选）", "（如已是会员，无需填写）", "（请在相应□内打√，是√否□表示愿意）", "（必填）", "【请选择】", "（只选一项）", "（请在方框内画勾）",
    "（若已是会员可不填）", "（在括号内打√）", "（打√）", "（勾选）",
)  # fmt: skip


@pytest.mark.parametrize("print_", INSTRUCTIONS)
@pytest.mark.parametrize("way", ["yes", "no"])
def test_printed_instructions_say_nothing(print_: str, way: str) -> None:
    assert judged("是 □   否 □ " + print_).answer == "blank"
    assert judged(print_ + "是 □   否 □").answer == "blank"
    ticked = "是 √   否 □" if way == "yes" else "是 □   否 √"
    assert judged(ticked + print_).answer == way
    assert judged(print_ + ticked).answer == way


@pytest.mark.parametrize(
    "remark",
    [
        "（请选否）",
        "（在研究中）",
        "（此项待定）",
        "（如会费合适）",
        "（请秘书处酌定，暂不填）",
        "（仅供参考，未定）",
        "（如需缴费则选否）",
    ],
)
def test_remarks_that_look_like_instructions_are_remarks(remark: str) -> None:
    assert judged("是 √   否 □ " + remark).answer == "unclear"


@pytest.mark.parametrize(
    ("said", "wanted"),
    [
        ("愿  意 √  不愿意", "yes"),
        ("愿 意 □   不 愿 意 √", "no"),
        ("同　意（√）  不同意（ ）", "yes"),
        ("☑是，愿意加入  □否，暂不加入", "yes"),
        ("□是，愿意加入  ☑否，暂不加入", "no"),
        ("是，愿意   否，不愿意", "blank"),
        ("是，不愿意", "unclear"),
        ("是 □  否 □，不愿意", "no"),
        ("可以考虑", "unclear"),
        ("愿意考虑", "unclear"),
        ("□愿意", "unclear"),
        ("☑愿意", "yes"),
    ],
)
def test_spaced_options_and_options_with_their_meaning(said: str, wanted: str) -> None:
    assert judged(said).answer == wanted

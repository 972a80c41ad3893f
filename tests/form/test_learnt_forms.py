# ruff: noqa: E501 (a Chinese character counts two columns; the tables of samples read better in long lines)
"""Forms of any notice: the definition is learnt from the blank form, and copies filled in many ways are read by it."""

from __future__ import annotations

import tomllib
from collections.abc import Callable, Mapping
from datetime import UTC, datetime
from email.message import EmailMessage
from functools import lru_cache

import pytest
from form import blank_forms
from form.paper_builders import C, Page, control, docx, filled, legacy, run, symbol, xlsx
from form_builders import SPEC

from intake.answers import Form
from intake.campaign import FormSpec
from intake.campaign_file import parse_campaign
from intake.form.learning import Learnt, learn
from intake.form.learning_toml import as_toml
from intake.readers import read
from intake.reading import as_json, read_file, read_mail

NOW = datetime(2016, 11, 20, 2, tzinfo=UTC)
NAMES = ("MEETING", "VOTE", "SHEET", "QUESTIONS")
MAKERS: tuple[Callable[[Page], bytes], ...] = (docx, xlsx)
Changes = Mapping[tuple[int, int, int], str]


@lru_cache(maxsize=16)
def learnt(name: str, make: Callable[[Page], bytes] = docx) -> Learnt:
    (document,) = read(make(getattr(blank_forms, name)))
    return learn(document, name.lower(), NOW)


@lru_cache(maxsize=16)
def spec_of(name: str, make: Callable[[Page], bytes] = docx) -> FormSpec:
    """The definition as it comes back from its campaign.toml."""
    return parse_campaign(tomllib.loads(as_toml(learnt(name, make), "空白.docx", NOW))).form


ALL = tuple(spec_of(name) for name in NAMES)


def forms_of(content: bytes, *specs: FormSpec) -> tuple[Form, ...]:
    return read_file("回执.docx", content, specs or ALL).forms


def one(page: Page, make: Callable[[Page], bytes] = docx, *specs: FormSpec) -> Form:
    forms = forms_of(make(page), *specs)
    assert len(forms) == 1
    return forms[0]


def answers(form: Form) -> list[str]:
    return [choice.answer for choice in form.choices.values()]


# ---- learning ---------------------------------------------------------------------------------


@pytest.mark.parametrize("make", MAKERS)
def test_a_meeting(make: Callable[[Page], bytes]) -> None:
    found = learnt("MEETING", make)
    spec = found.spec
    assert spec.title == "第三届知识产权服务业年会参会回执"
    assert [field.id for field in spec.fields] == ["unit", "contact", "title", "mobile", "email", "arrival", "remarks"]
    assert {choice.id: choice.options for choice in spec.choices} == {
        "lodging": ("单间", "合住", "不住"),
        "meals": ("是", "否"),
        "visit": ("参加", "不参加"),
    }
    assert [[field.id for field in rows.fields] for rows in spec.rows] == [
        ["name", "gender", "title", "mobile", "remarks"]
    ]
    assert spec.required == (("unit",), ("contact",), ("mobile",), ("meals",))
    assert found.deadline == datetime(2016, 12, 5, 9, tzinfo=UTC)
    assert found.doubts == ()


@pytest.mark.parametrize("make", MAKERS)
def test_a_vote(make: Callable[[Page], bytes]) -> None:
    spec = learnt("VOTE", make).spec
    assert [choice.options for choice in spec.choices] == [("同意", "不同意", "弃权")] * 3
    assert spec.choices[1].label == "关于修改《协会章程》第十二条的议案"
    assert [field.id for field in spec.fields] == ["unit", "signature"]
    assert learnt("VOTE", make).deadline == datetime(2016, 12, 2, 9, tzinfo=UTC)


@pytest.mark.parametrize("make", MAKERS)
def test_a_data_sheet(make: Callable[[Page], bytes]) -> None:
    spec = learnt("SHEET", make).spec
    by_id = {choice.id: choice for choice in spec.choices}
    assert by_id["nature"].options == ("企业", "高等院校", "科研院所", "专利代理机构", "律师事务所", "其他")
    assert not by_id["nature"].several
    assert by_id["fields_of_work"].several
    assert len(by_id["fields_of_work"].options) == 7
    assert by_id["listed"].yes_no
    assert by_id["size"].options == ("50人以下", "50-200人", "200人以上")


@pytest.mark.parametrize("make", MAKERS)
def test_a_questionnaire(make: Callable[[Page], bytes]) -> None:
    spec = learnt("QUESTIONS", make).spec
    assert [choice.lettered for choice in spec.choices] == [True, True, True, False]
    assert [choice.several for choice in spec.choices] == [False, False, True, False]
    assert spec.choices[1].options == ("100件以下", "100—1000件", "1000件以上")
    assert spec.fields[-1].label == "您对协会的建议"


@pytest.mark.parametrize("make", MAKERS)
@pytest.mark.parametrize("name", NAMES)
def test_what_is_written_is_what_was_learnt(name: str, make: Callable[[Page], bytes]) -> None:
    assert spec_of(name, make) == learnt(name, make).spec


@pytest.mark.parametrize("make", MAKERS)
@pytest.mark.parametrize("name", NAMES)
def test_an_untouched_copy_is_no_form(name: str, make: Callable[[Page], bytes]) -> None:
    assert forms_of(make(getattr(blank_forms, name)), spec_of(name)) == ()
    assert forms_of(make(getattr(blank_forms, name))) == ()


# ---- a meeting --------------------------------------------------------------------------------

BASE: Changes = {
    (2, 0, 1): "示例知识产权代理有限公司",
    (2, 1, 1): "张三",
    (2, 1, 3): "主任",
    (2, 2, 1): "13800000000",
    (2, 2, 3): "zhang@example.com",
    (2, 5, 1): "李四",
    (2, 5, 3): "经理",
    (2, 5, 4): "13900000000",
    (2, 6, 1): "王 五",
    (2, 10, 1): "12月8日15时",
}
LODGING = [
    ("□单间   ☑合住   □不住", "合住"),
    ("□单间   √合住   □不住", "合住"),
    ("□单间   □√合住   □不住", "合住"),
    ("□单间   □合住√   □不住", "合住"),
    ("■单间   □合住   □不住", "单间"),
    ("□单间   □合住   □不住（√）", "不住"),
    ("合住", "合住"),
    ("不住", "不住"),
    ("☑合住", "合住"),
    ("☑单间   ☑合住   □不住", "unclear"),
    ("□单间   □合住   □不住", "blank"),
    ("□单间   □合住   □不住   待定", "unclear"),
    ("/", "blank"),
    ("□单 间   ☑合 住   □不 住", "合住"),
    ("□单间   ☒合住   □不住", "合住"),
]
LODGING_WORD = [
    (
        f"{symbol('F0A8')}<w:r><w:t>单间   </w:t></w:r>{symbol('F0FE')}<w:r><w:t>合住   </w:t></w:r>{symbol('F0A8')}<w:r><w:t>不住</w:t></w:r>",
        "合住",
    ),
    (f"{control(False)}{run('单间   ')}{control(False)}{run('合住   ')}{control(True)}{run('不住')}", "不住"),
    (f"{legacy(True)}{run('单间   ')}{legacy(False)}{run('合住   ')}{legacy(False)}{run('不住')}", "单间"),
    (f"{run('□单间', 'strike')}{run('   □合住   ')}{run('□不住', 'strike')}", "合住"),
    (f"{run('□单间   ')}{run('□合住', 'highlight')}{run('   □不住')}", "合住"),
    (f"{control(True)}{run('单间   ')}{control(True)}{run('合住   ')}{control(False)}{run('不住')}", "unclear"),
]


@pytest.mark.parametrize("make", MAKERS)
@pytest.mark.parametrize(("written", "answer"), LODGING)
def test_lodging(written: str, answer: str, make: Callable[[Page], bytes]) -> None:
    form = one(filled(blank_forms.MEETING, {**BASE, (2, 8, 1): written}), make)
    assert form.campaign == "meeting"
    assert form.choices["lodging"].answer == answer


@pytest.mark.parametrize(("written", "answer"), LODGING_WORD)
def test_lodging_in_word(written: str, answer: str) -> None:
    form = one(filled(blank_forms.MEETING, {**BASE, (2, 8, 1): written}))
    assert form.choices["lodging"].answer == answer


@pytest.mark.parametrize("make", MAKERS)
def test_attendees_are_rows(make: Callable[[Page], bytes]) -> None:
    form = one(filled(blank_forms.MEETING, {**BASE, (2, 9, 1): "☑是   □否", (2, 11, 1): "□参加   ☑不参加"}), make)
    assert form.rows == (
        {"name": "李四", "gender": "", "title": "经理", "mobile": "13900000000", "remarks": ""},
        {"name": "王五", "gender": "", "title": "", "mobile": "", "remarks": ""},
    )
    assert {key: value.text for key, value in form.values.items()} == {
        "unit": "示例知识产权代理有限公司",
        "contact": "张三",
        "title": "主任",
        "mobile": "13800000000",
        "email": "zhang@example.com",
        "arrival": "12月8日15时",
        "remarks": "",
    }
    assert answers(form) == ["blank", "yes", "不参加"]


def test_more_attendees_than_rows_printed() -> None:
    table = list(filled(blank_forms.MEETING, BASE)[2])
    more = [*table[:8], ["4", "赵六", "男", "处长", "13700000000", ""], ["5", "钱七", "女", "", "", "素食"], *table[8:]]
    page = [*blank_forms.MEETING[:2], more, *blank_forms.MEETING[3:]]
    assert [row["name"] for row in one(page).rows] == ["李四", "王五", "赵六", "钱七"]
    shown = as_json("回执.docx", read_file("回执.docx", docx(page), ALL), ALL)["forms"][0]
    assert shown["rows"][3] == {"name": "钱七", "gender": "女", "title": "", "mobile": "", "remarks": "素食"}


def test_attendees_alone_are_a_form() -> None:
    form = one(filled(blank_forms.MEETING, {(2, 5, 1): "李四"}))
    assert [row["name"] for row in form.rows] == ["李四"]


# ---- a vote -----------------------------------------------------------------------------------

VOTES = [
    ({(2, 2, 2): "√", (2, 3, 3): "√", (2, 4, 4): "√"}, ["同意", "不同意", "弃权"]),
    ({(2, 2, 2): "✓", (2, 3, 2): "√", (2, 4, 2): "☑"}, ["同意", "同意", "同意"]),
    ({(2, 2, 2): "同意", (2, 3, 3): "不同意"}, ["同意", "不同意", "blank"]),
    ({(2, 2, 2): "√", (2, 2, 3): "√"}, ["unclear", "blank", "blank"]),
    ({(2, 2, 2): "○", (2, 3, 3): "√"}, ["unclear", "不同意", "blank"]),
    ({(2, 2, 2): "√", (2, 2, 4): "×"}, ["同意", "blank", "blank"]),
    ({(2, 2, 2): "×"}, ["unclear", "blank", "blank"]),
]


@pytest.mark.parametrize("make", MAKERS)
@pytest.mark.parametrize(("written", "expected"), VOTES)
def test_votes(written: Changes, expected: list[str], make: Callable[[Page], bytes]) -> None:
    page = filled(blank_forms.VOTE, written)
    page = [page[0], "理事单位：示例科技有限公司    代表签字：张三", *page[2:]]
    form = one(page, make)
    assert answers(form) == expected
    assert form.value("unit") == "示例科技有限公司"
    assert form.value("signature") == "张三"


BOXED_VOTE: Page = [
    "会员代表大会表决票",
    [
        ["表决事项", "表决意见"],
        ["一、关于协会换届方案", "同意□   反对□   弃权□"],
        ["二、关于会费标准", "同意□   反对□   弃权□"],
    ],
    "投票人（签名）：____________",
]


@pytest.mark.parametrize("make", MAKERS)
def test_a_vote_with_boxes(make: Callable[[Page], bytes]) -> None:
    (document,) = read(make(BOXED_VOTE))
    spec = learn(document, "boxed", NOW).spec
    assert [(choice.label, choice.options) for choice in spec.choices] == [
        ("关于协会换届方案", ("同意", "反对", "弃权")),
        ("关于会费标准", ("同意", "反对", "弃权")),
    ]
    page = filled(BOXED_VOTE, {(1, 1, 1): "同意☑   反对□   弃权□", (1, 2, 1): "同意□   反对√   弃权□"})
    assert answers(one(page, make, spec)) == ["同意", "反对"]
    assert forms_of(make(BOXED_VOTE), spec) == ()


# ---- a data sheet -----------------------------------------------------------------------------

NATURES = [
    ("☑企业    □高等院校    □科研院所\n□专利代理机构   □律师事务所\n□其他：__________", "企业"),
    ("□企业    □高等院校    □科研院所\n☑专利代理机构   □律师事务所\n□其他：__________", "专利代理机构"),
    ("□企业    □高等院校    □科研院所\n□专利代理机构   □律师事务所\n☑其他：不动产评估机构__", "其他"),
    ("□企业    □高等院校    □科研院所\n□专利代理机构   □律师事务所\n√其他：__________", "其他"),
    ("□企业    □高等院校    □科研院所\n□专利代理机构   □律师事务所\n□其他：__________", "blank"),
    ("企业", "企业"),
    ("☑企业    ☑高等院校    □科研院所\n□专利代理机构   □律师事务所\n□其他：__________", "unclear"),
    ("□企业    □高等院校    □科研院所\n□专利代理机构   □律师事务所\n□其他：评估机构__", "unclear"),
]
FIELDS = [
    ("☑专利代理 □商标代理 □版权服务\n□知识产权运营 ☑信息服务 □法律诉讼 □其他（请注明）", "专利代理;信息服务"),
    ("√专利代理 □商标代理 √版权服务\n□知识产权运营 □信息服务 □法律诉讼 □其他（请注明）", "专利代理;版权服务"),
    ("☑专利代理 ☑商标代理 □版权服务\n□知识产权运营 □信息服务 □法律诉讼 ☑其他（翻译）", "专利代理;商标代理;其他"),
    ("□专利代理 □商标代理 □版权服务\n□知识产权运营 □信息服务 □法律诉讼 □其他（请注明）", "blank"),
    ("专利代理、商标代理", "专利代理;商标代理"),
]
LISTED = [
    ("是（√）    否（  ）", "yes"),
    ("是（  ）    否（√）", "no"),
    ("是（  ）    否（  ）", "blank"),
    ("否", "no"),
    ("是（V）    否（）", "yes"),
]


@pytest.mark.parametrize("make", MAKERS)
@pytest.mark.parametrize(("row", "key", "written", "answer"), [
    *((4, "nature", *case) for case in NATURES),
    *((5, "fields_of_work", *case) for case in FIELDS),
    *((6, "listed", *case) for case in LISTED),
])  # fmt: skip
def test_a_filled_data_sheet(row: int, key: str, written: str, answer: str, make: Callable[[Page], bytes]) -> None:
    form = one(filled(blank_forms.SHEET, {(1, 0, 1): "示例大学", (1, 9, 1): "张三", (1, row, 1): written}), make)
    assert form.campaign == "sheet"
    assert form.choices[key].answer == answer
    assert all(other == "blank" for name, other in zip(form.choices, answers(form), strict=True) if name != key)
    assert form.value("unit") == "示例大学"
    assert form.value("date") == ""


# ---- a questionnaire --------------------------------------------------------------------------


def questionnaire(**changes: str) -> Page:
    """The questionnaire with some of its lines replaced: line_7="答：A"."""
    lines = list(blank_forms.QUESTIONS)
    lines[3] = "单位名称：示例大学"
    for name, text in changes.items():
        lines[int(name.removeprefix("line_"))] = text
    return lines


LETTERS = [
    ({"line_7": "答：A"}, ["专利代理", "blank", "blank", "blank"]),
    ({"line_7": "答：Ｃ"}, ["法律服务", "blank", "blank", "blank"]),
    ({"line_7": "答：AB"}, ["unclear", "blank", "blank", "blank"]),
    ({"line_7": "答：商标代理"}, ["商标代理", "blank", "blank", "blank"]),
    ({"line_6": "Ａ．专利代理　　Ｂ．商标代理√　　Ｃ．法律服务　　Ｄ．其他"}, ["商标代理", "blank", "blank", "blank"]),
    ({"line_8": "2．贵单位每年办理专利申请的数量为（ B  ）"}, ["blank", "100—1000件", "blank", "blank"]),
    ({"line_8": "2．贵单位每年办理专利申请的数量为（c）"}, ["blank", "1000件以上", "blank", "blank"]),
    ({"line_9": "√A．100件以下"}, ["blank", "100件以下", "blank", "blank"]),
    (
        {"line_8": "2．贵单位每年办理专利申请的数量为（B）", "line_9": "√A．100件以下"},
        ["blank", "unclear", "blank", "blank"],
    ),
    (
        {"line_12": "3．贵单位希望协会提供哪些服务？（可多选）（ACD）"},
        ["blank", "blank", "业务培训;行业交流;维权援助", "blank"],
    ),
    (
        {"line_12": "3．贵单位希望协会提供哪些服务？（可多选）（ A、D ）"},
        ["blank", "blank", "业务培训;维权援助", "blank"],
    ),
    ({"line_14": "4．贵单位是否愿意承办2017年的活动？　□愿意　□不愿意　☑再议"}, ["blank", "blank", "blank", "再议"]),
    ({"line_14": "4．贵单位是否愿意承办2017年的活动？　√愿意　□不愿意　□再议"}, ["blank", "blank", "blank", "愿意"]),
    ({}, ["blank", "blank", "blank", "blank"]),
]


@pytest.mark.parametrize("make", MAKERS)
@pytest.mark.parametrize(("changes", "expected"), LETTERS)
def test_letters(changes: dict[str, str], expected: list[str], make: Callable[[Page], bytes]) -> None:
    form = one(questionnaire(**changes), make)
    assert form.campaign == "questions"
    assert answers(form) == expected
    assert form.value("unit") == "示例大学"


def test_words_of_their_own() -> None:
    form = one(questionnaire(line_15="5．您对协会的建议：多办培训。", line_4="填写人：张三   联系电话：010-00000000"))
    assert form.value("field_1") == "多办培训"
    assert (form.value("filler"), form.value("office_phone")) == ("张三", "010-00000000")


# ---- whose form it is -------------------------------------------------------------------------


@pytest.mark.parametrize("make", MAKERS)
def test_each_form_finds_its_campaign(make: Callable[[Page], bytes]) -> None:
    pages = {
        "meeting": filled(blank_forms.MEETING, BASE),
        "vote": filled(blank_forms.VOTE, {(2, 2, 2): "√"}),
        "sheet": filled(blank_forms.SHEET, {(1, 0, 1): "示例大学"}),
        "questions": questionnaire(line_7="答：A"),
    }
    for order in ((SPEC, *ALL), (*reversed(ALL), SPEC)):
        assert {name: one(page, make, *order).campaign for name, page in pages.items()} == {
            name: name for name in pages
        }


FOREIGN: Page = [
    "知识产权高级研修班报名表",
    [
        ["单位名称", "示例大学"],
        ["联系人", "张三"],
        ["手机号码", "13800000000"],
        ["是否用餐", "☑是   □否"],
        ["住宿安排", "☑单间   □合住   □不住"],
    ],
]


@pytest.mark.parametrize("make", MAKERS)
def test_a_form_of_no_campaign_is_none(make: Callable[[Page], bytes]) -> None:
    assert forms_of(make(FOREIGN), SPEC, *ALL) == ()
    assert forms_of(make(FOREIGN), spec_of("MEETING")) == ()


@pytest.mark.parametrize("make", MAKERS)
def test_a_filled_form_of_no_campaign_concerns_a_person(make: Callable[[Page], bytes]) -> None:
    assert read_file("报名表", make(FOREIGN), (SPEC, *ALL)).kind == "attempt"
    empty = [FOREIGN[0], [["单位名称", ""], ["联系人", ""], ["手机号码", ""]]]
    assert read_file("报名表", make(empty), (SPEC, *ALL)).kind == "unrelated"


def test_a_mail_with_a_form_of_no_campaign_is_held() -> None:
    mail = EmailMessage()
    mail["From"], mail["Subject"] = "zhang@example.com", "报名"
    mail.set_content("请查收。")
    mail.add_attachment(docx(FOREIGN), maintype="application", subtype="octet-stream", filename="报名.docx")
    reading = read_mail(mail.as_bytes(), (SPEC, *ALL))
    assert reading.signs.strangers == 1
    assert (reading.verdict.kind, reading.verdict.rules[0]) == ("attempt", "strange-form")


def test_a_form_without_its_title_is_still_known() -> None:
    page = filled(blank_forms.MEETING, {**BASE, (2, 8, 1): "☑单间   □合住   □不住"})[2:]
    assert one(page).campaign == "meeting"


def test_nothing_to_learn() -> None:
    (document,) = read(
        docx(
            ["关于召开年会的通知", "各会员单位：", "定于2016年12月9日召开年会。", [["日程", "内容"], ["9:00", "开幕"]]]
        )
    )
    spec = learn(document, "none", NOW).spec
    assert (spec.choices, spec.rows) == ((), ())
    assert spec.fields == ()


def test_a_label_met_twice_is_said() -> None:
    page: Page = ["登记表", [["单位名称", ""], ["联系人", ""], ["联系电话", ""], [C("财务"), ""], ["联系电话", ""]]]
    (document,) = read(docx(page))
    found = learn(document, "twice", NOW)
    assert any("联系电话" in doubt for doubt in found.doubts)

# ruff: noqa: E501 (a Chinese character counts two columns; the tables of samples read better in long lines)
"""Further blank forms in other manners: what is learnt from them, and what a filled copy then says."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime

import pytest
from form import blank_forms
from form.paper_builders import C, Page, docx, xlsx

from intake.campaign import FormSpec
from intake.form import find_forms
from intake.form.learning import learn
from intake.form.learning_notice import deadline_of, number_of
from intake.readers import read

NOW = datetime(2016, 11, 20, 2, tzinfo=UTC)
MAKERS: tuple[Callable[[Page], bytes], ...] = (docx, xlsx)


@dataclass(frozen=True, slots=True)
class Case:
    """Texts of a blank form and what is written instead of each; what a copy filled so says."""

    blank: Page
    title: str
    written: Mapping[str, str]
    values: Mapping[str, str] = field(default_factory=dict)
    choices: Mapping[str, str] = field(default_factory=dict)


CASES = {
    "motions with their options below": Case(
        blank_forms.MOTIONS,
        "表决票",
        {
            "单位名称（盖章）：": "单位名称（盖章）：示例大学", "□同意　　□不同意　　□弃权": "□同意　　☑不同意　　□弃权",
            "表决人（签字）：": "表决人（签字）：张三", "日期：    年   月   日": "日期：2016年11月30日",
        },
        {"unit": "示例大学", "signature": "张三", "date": "2016年11月30日"},
        {"question_1": "不同意", "question_2": "不同意", "question_3": "不同意"},
    ),
    "a data sheet with hints and units of measure": Case(
        blank_forms.AGENCY,
        "知识产权服务机构信息采集表",
        {
            "□ 内资企业  □ 合伙企业  □ 事业单位  □ 社会团体  □ 其他（请注明）________": "□ 内资企业  ☑ 合伙企业  □ 事业单位  □ 社会团体  □ 其他（请注明）________",
            "    年   月": " 2001 年 5 月", "        万元": "500万元", "○是  ○否": "●是  ○否",
            "□代理服务  □法律服务\n□信息服务  □咨询服务\n□培训服务": "☑代理服务  □法律服务\n□信息服务  ☑咨询服务\n□培训服务",
        },
        {"founded": "2001 年 5 月", "capital": "500万元", "field_1": "", "contact": ""},
        {"nature": "合伙企业", "services": "代理服务;咨询服务", "question_1": "yes"},
    ),
    "a survey with options one a line": Case(
        blank_forms.SURVEY,
        "中小企业知识产权状况调查问卷",
        {
            "1.单位名称：": "1.单位名称：示例科技有限公司", "3.职工人数：": "3.职工人数：B", "□否": "☑否",
            "2.所在区：□海淀区 □朝阳区 □西城区 □其他区": "2.所在区：☑海淀区 □朝阳区 □西城区 □其他区",
            "□人才培训": "√人才培训", "□其他：________": "☑其他：__贷款__", "6.对政府的建议：": "6.对政府的建议：多支持",
        },
        {"unit": "示例科技有限公司", "field_1": "多支持"},
        {"question_1": "海淀区", "size": "50-300人", "question_2": "no", "question_3": "人才培训;其他"},
    ),
    "letters in brackets, ticked": Case(
        blank_forms.SURVEY,
        "中小企业知识产权状况调查问卷",
        {"（A）50人以下   （B）50-300人   （C）300人以上": "（A）50人以下   （B）50-300人   （C）300人以上√"},
        {"unit": ""},
        {"question_1": "blank", "size": "300人以上", "question_2": "blank", "question_3": "blank"},
    ),
    "lines of text": Case(
        blank_forms.INTENT,
        "合作意向书",
        {
            "单位名称：___________________": "单位名称：__示例科技有限公司__",
            "是否愿意参与知识产权质押融资项目：是（   ） 否（   ）": "是否愿意参与知识产权质押融资项目：是（ √ ） 否（   ）",
            "拟融资额度：□100万以下 □100-500万 □500万以上": "拟融资额度：□100万以下 ■100-500万 □500万以上",
        },
        {"unit": "示例科技有限公司", "contact": "", "mobile": ""},
        {"question_1": "yes", "question_2": "100-500万"},
    ),
    "brackets before, and words parted by strokes": Case(
        blank_forms.MANNER,
        "请选择参会方式回执",
        {"（ ）现场参会 （ ）线上参会 （ ）不参会": "（ ）现场参会 （√）线上参会 （ ）不参会", "普通 / 清真 / 素食（请勾选）": "普通 / 清真√ / 素食（请勾选）"},
        {},
        {"question_1": "线上参会", "question_2": "清真"},
    ),
}  # fmt: skip


def written_in(page: Page, written: Mapping[str, str]) -> Page:
    """A page with some of its texts replaced wherever they stand."""

    def cell(item: str | C) -> str | C:
        if isinstance(item, str):
            return written.get(item, item)
        return replace(item, text=written.get(item.text, item.text))

    return [
        written.get(part, part) if isinstance(part, str) else [[cell(item) for item in row] for row in part]
        for part in page
    ]


def spec_of(page: Page, make: Callable[[Page], bytes]) -> FormSpec:
    (document,) = read(make(page))
    found = learn(document, "further", NOW)
    assert found.doubts == ()
    assert find_forms(document, (found.spec,), "空白").forms == ()
    return found.spec


@pytest.mark.parametrize("make", MAKERS)
@pytest.mark.parametrize("case", CASES.values(), ids=CASES)
def test_learnt_and_read(case: Case, make: Callable[[Page], bytes]) -> None:
    spec = spec_of(case.blank, make)
    assert spec.title == case.title
    (document,) = read(make(written_in(case.blank, case.written)))
    (form,) = find_forms(document, (spec,), "回执").forms
    assert {key: form.value(key) for key in case.values} == case.values
    assert {key: choice.answer for key, choice in form.choices.items()} == case.choices


@pytest.mark.parametrize("make", MAKERS)
def test_columns_of_answers(make: Callable[[Page], bytes]) -> None:
    ballot = [
        blank_forms.BALLOT[0],
        [
            blank_forms.BALLOT[1][0],
            ["关于修改章程的议案", "☑", "□", "□", ""],
            ["关于会费标准的议案", "□", "□", "√", "保留意见"],
        ],
        "理事姓名：__张三__  单位：示例大学",
    ]
    (form,) = find_forms(read(make(ballot))[0], (spec_of(blank_forms.BALLOT, make),), "票").forms
    assert [choice.answer for choice in form.choices.values()] == ["同意", "弃权"]
    assert (form.value("name"), form.value("unit")) == ("张三", "示例大学")
    grades = [
        blank_forms.GRADES[0],
        [
            blank_forms.GRADES[1][0],
            ["服务态度", "√", "", "", ""],
            ["办事效率", "", "√", "", ""],
            ["培训质量", "", "", "", "×"],
        ],
        *blank_forms.GRADES[2:],
    ]
    (form,) = find_forms(read(make(grades))[0], (spec_of(blank_forms.GRADES, make),), "表").forms
    assert [choice.answer for choice in form.choices.values()] == ["非常满意", "满意", "unclear"]


@pytest.mark.parametrize("make", MAKERS)
def test_attendees_beside_a_tall_heading(make: Callable[[Page], bytes]) -> None:
    spec = spec_of(blank_forms.REPLY, make)
    assert spec.title == "首都知识产权服务业协会2016年年会参会回执"
    table = list(blank_forms.REPLY[3])
    table[0] = [C("单位名称"), C("示例大学", 5)]
    table[3] = ["李四", "男", "处长", "13800000000", "li@example.com"]
    table[4] = ["王五", "", "", "", ""]
    table[6] = [C("住宿需求"), C("单间__√__   标间____   不住宿____", 5)]
    table[8] = [C("往返交通"), C("去程车次：G101          返程车次：G102          ", 5)]
    page = [*blank_forms.REPLY[:3], table, *blank_forms.REPLY[4:]]
    (form,) = find_forms(read(make(page))[0], (spec,), "回执").forms
    assert [(row["name"], row["email"]) for row in form.rows] == [("李四", "li@example.com"), ("王五", "")]
    assert form.choices["lodging"].answer == "单间"
    assert (form.value("field_1"), form.value("field_2"), form.value("contact")) == ("G101", "G102", "")


@pytest.mark.parametrize("make", MAKERS)
def test_a_list_with_a_question_a_row(make: Callable[[Page], bytes]) -> None:
    spec = spec_of(blank_forms.ENROLMENT, make)
    heads, _, _, last = blank_forms.ENROLMENT[1]
    rows = [
        ["1", "示例大学", "张三", "男", "处长", "13800000000", "☑是 □否"],
        ["2", "示例公司", "李四", "女", "", "", "☑是 ☑否"],
    ]
    (form,) = find_forms(read(make([blank_forms.ENROLMENT[0], [heads, *rows, last]]))[0], (spec,), "表").forms
    assert [(row["unit"], row["name"], row["lodging"]) for row in form.rows] == [
        ("示例大学", "张三", "是"),
        ("示例公司", "李四", "unclear"),
    ]


DEADLINES = [
    ("请于2016年12月2日前将回执发回", "2016-12-02 17:00"),
    ("请于12月5日（星期一）17:30前反馈", "2016-12-05 17:30"),
    ("请各单位于 2016 年 12 月 5 日上午10时前寄回", "2016-12-05 10:00"),
    ("截止时间：２０１６年１２月８日下午５：００", "2016-12-08 17:00"),
    ("报名截止日期为1月10日", "2017-01-10 17:00"),
    ("不迟于2016年12月2日中午", "2016-12-02 12:00"),
    ("回执请12月2日前发至邮箱", "2016-12-02 17:00"),
    ("定于2016年12月9日召开年会", ""),
    ("请于2016年2月30日前", ""),
    ("", ""),
]


@pytest.mark.parametrize(("text", "when"), DEADLINES)
def test_deadlines(text: str, when: str) -> None:
    found = deadline_of(text, NOW)
    assert (f"{found:%Y-%m-%d %H:%M}" if found else "") == when


def test_numbers_of_notices() -> None:
    assert number_of("首知服协〔2016〕78号\n关于征集") == "首知服协〔2016〕78号"
    assert number_of("没有文号") == ""

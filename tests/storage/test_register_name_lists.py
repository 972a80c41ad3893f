"""Who stands on which printed list, and with which particulars."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import update
from storage_office import CAMPAIGN, NOW, Desk, answers, draft, outcome

from intake.answers import Choice, Value
from intake.campaign import Campaign, ChoiceSpec, FieldSpec, FormSpec
from intake.errors import WrongUsage
from program.printing import name_list
from program.printing.name_list import Wanted
from storage import liaisons, name_lists, rosters, standings, units
from storage.register import Register
from storage.rosters import RosterRow
from storage.tables import units as units_table

FORM = FormSpec(
    CAMPAIGN,
    "示例意向书",
    (
        FieldSpec("unit", "单位名称", "unit", ("单位名称",)),
        FieldSpec("contact", "联系人姓名", "person", ("联系人姓名",)),
        FieldSpec("office_phone", "办公电话", "telephone", ("办公电话",)),
        FieldSpec("title", "联系人职务", "text", ("联系人职务",)),
        FieldSpec("mobile", "手机号码", "mobile", ("手机号码",)),
    ),
    (
        ChoiceSpec("join", "是否愿意加入", "加入联盟", ("是", "否"), ("是否愿意加入",)),
        ChoiceSpec("member", "是否愿意成为会员", "成为会员", ("是", "否"), ("是否愿意成为会员",), may_be_member=True),
    ),
    declines="join",
)
OPENS = datetime(2016, 11, 17, tzinfo=UTC)
SAMPLE = Campaign(CAMPAIGN, "示例征集", "", OPENS, OPENS + timedelta(days=15), OPENS + timedelta(days=60), FORM)
TITLES = name_list.titles({}, "示例联盟")
WILLING, DECLINED, UNSURE, MEMBER, SILENT = (f"示例{name}单位" for name in ("愿意", "不愿", "待核", "会员", "沉默"))


def form_of(unit: str, **more: object) -> object:
    values = {"unit": Value(unit), "contact": Value("示例甲"), "title": Value("处长"), "mobile": Value("13800000000")}
    return draft(unit, **({"values": values} | more))


@pytest.fixture
def filled(register: Register, desk: Desk) -> Register:
    rows = [RosterRow(at, name) for at, name in enumerate((WILLING, DECLINED, SILENT), 2)]
    with register.writing() as tx:
        rosters.load(tx, [*rows, RosterRow(9, MEMBER, member=True)], NOW)
        roster = {"电话": "010-00000009", "手机": "13900000009", "负责人": "示例乙"}
        silent = units_table.c.name == SILENT
        tx.execute(update(units_table).where(silent).values(contact="示例丙", roster=roster))
    yes = answers(join="yes", member="yes")
    desk.record(outcome(form_of(WILLING, intent="intends", choices=yes)))
    desk.record(outcome(form_of(DECLINED, intent="declined", join="no")))
    desk.record(outcome(form_of(UNSURE, join="unclear")))
    already = {"join": Choice("join", "yes"), "member": Choice("member", "blank", already_member=True)}
    desk.record(outcome(form_of(MEMBER, intent="intends", choices=already)))
    return register


def made(register: Register, which: str, **more: object) -> name_list.NameList:
    with register.reading() as tx:
        return name_list.make(tx, SAMPLE, Wanted(which, **more), TITLES, NOW)  # type: ignore[arg-type]


def column(of: name_list.NameList, heading: str) -> list[str]:
    at = [one.heading for one in of.columns].index(heading)
    return [row[at] for row in of.rows]


def test_who_intends_is_asked_to_sign(filled: Register) -> None:
    found = made(filled, "signin")
    assert [one.heading for one in found.columns] == ["序号", "单位名称", "联系人", "职务", "电话", "签到"]
    assert found.rows == (
        ("1", MEMBER, "示例甲", "处长", "13800000000", ""),
        ("2", WILLING, "示例甲", "处长", "13800000000", ""),
    )
    assert (found.title, found.right, found.footer) == (
        "示例联盟签到表",
        "共2家",
        "排名不分先后（按单位名称拼音排序）",
    )
    with filled.reading() as tx:
        assert name_lists.undecided(tx, SAMPLE) == 1


def test_before_the_founding_the_members_are_a_draft(filled: Register) -> None:
    found = made(filled, "members", order="笔画")
    assert (found.title, column(found, "单位名称")) == ("示例联盟成员单位名单（拟）", [MEMBER, WILLING])
    assert column(found, "成为会员") == ["已是会员", "是"]
    assert "电话" not in [one.heading for one in found.columns]
    with filled.writing() as tx:
        unit_id = units.find(tx, WILLING)
        assert unit_id is not None
        standings.write(tx, CAMPAIGN, unit_id, "member", NOW)
    found = made(filled, "members")
    assert (found.title, column(found, "单位名称")) == ("示例联盟成员单位名单", [WILLING])
    assert len(made(filled, "signin").rows) == 2  # both may come


def test_those_who_said_yes_to_one_choice(filled: Register) -> None:
    found = made(filled, "members", choice="member")
    assert (found.title, column(found, "单位名称")) == ("成为会员的单位名单", [MEMBER, WILLING])
    with pytest.raises(WrongUsage) as raised:
        made(filled, "members", choice="else")
    assert "join（加入联盟）、member（成为会员）" in raised.value.sentence


def test_whom_to_call(filled: Register) -> None:
    found = made(filled, "unanswered")
    assert found.rows == (("1", SILENT, "示例丙", "010-00000009\n13900000009", "示例乙", ""),)


def test_a_liaison_named_later_takes_nothing_of_the_form_s_contact(filled: Register) -> None:
    with filled.writing() as tx:
        unit_id = units.find(tx, WILLING)
        assert unit_id is not None
        liaisons.name(tx, CAMPAIGN, unit_id, {"contact": "示例丁", "office_phone": "010-00000005"}, NOW, by="liu")
    found = made(filled, "liaisons")
    assert found.landscape
    assert [one.heading for one in found.columns] == ["序号", "单位名称", "联络员", "职务", "办公电话", "手机号码"]
    assert found.rows[1] == ("2", WILLING, "示例丁", "", "010-00000005", "")


def test_columns_left_out_rows_to_spare_and_a_line_of_one_s_own(filled: Register) -> None:
    found = made(filled, "signin", without=frozenset({"电话", "职务"}), spare=2, note="2016年12月20日", title="签到")
    assert [one.heading for one in found.columns] == ["序号", "单位名称", "联系人", "签到"]
    assert found.rows[2:] == (("", "", "", ""),) * 2
    assert (found.title, found.left, found.right) == ("签到", "2016年12月20日", "共2家")
    with pytest.raises(WrongUsage) as raised:
        made(filled, "signin", without=frozenset({"传真"}))
    assert "没有“传真”一栏" in raised.value.sentence


def test_a_form_that_declines_nothing_brings_everybody_who_sent_it(filled: Register) -> None:
    open_form = replace(SAMPLE, form=replace(FORM, declines=""))
    with filled.reading() as tx:
        found = {one.unit for one in name_lists.coming(tx, open_form)}
        assert (found, name_lists.undecided(tx, open_form)) == ({WILLING, UNSURE, MEMBER}, 0)


def test_another_campaign_has_nobody(filled: Register) -> None:
    with filled.reading() as tx:
        assert name_lists.coming(tx, replace(SAMPLE, id="another-2017")) == []

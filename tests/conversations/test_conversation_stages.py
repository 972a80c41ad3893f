"""Stages that a person opens: papers asked for and ticked off, status by status, data that change after joining."""

from __future__ import annotations

import io
from collections.abc import Callable
from dataclasses import replace
from typing import Any

import docx
import pytest
from conversations.office_in_memory import CAMPAIGN, Office, at, without_member

from intake.errors import WrongUsage
from intake.followups import parse_rules
from program import campaign_folders, parts
from program.demo.mails import File
from program.duties import desk_of, duties_of
from scheduler import deciding, moving, recomputing
from scheduler.accepting import Accepted, accept
from scheduler.duties import Duties
from storage import extensions, followups, held, liaisons, standings, units

A, B, C = without_member(3)
FORM, LICENCE, PROOF = "application-form", "licence", "capability"


class Desk:
    """A person at the desk, at the office's own time."""

    def __init__(self, office: Office) -> None:
        self.office = office
        self.duties: Duties = duties_of(campaign_folders.load_campaigns()[0])
        self.calendar = parts.calendar_of(office.works.settings)

    def __call__(self, act: Callable[..., Any], *words: Any) -> Any:
        with self.office.works.register.writing() as tx:
            return act(tx, self.duties, *words)

    def open(self, *stages: str) -> None:
        for stage in stages:
            self(moving.open_stage, stage, "liu", self.office.clock.now())

    def move(self, unit: Any, status: str) -> None:
        self(moving.move, self.calendar, self.id(unit), status, "经办", "liu", self.office.clock.now())

    def received(self, unit: Any, *papers: str) -> None:
        now = self.office.clock.now()
        with self.office.works.register.writing() as tx:
            for paper in papers:
                assert followups.end(tx, CAMPAIGN, self.id(unit), paper, now, by="liu")
                moving.advance(tx, self.duties, self.calendar, self.id(unit), now, "liu")

    def decide(self, word: str) -> None:
        """What waits, as `intake held decide` does it."""
        (row,), of_settings = self.office.held_rows(), self.office.works.settings
        known, now = desk_of(of_settings, campaign_folders.load_campaigns()), self.office.clock.now()
        with self.office.works.register.writing() as tx:
            deciding.decide(tx, known, row.reference, word, by="liu", through="shell", now=now)

    def id(self, unit: Any) -> int:
        with self.office.works.register.reading() as tx:
            found = units.find(tx, unit.name)
        assert found is not None
        return found

    def status(self, unit: Any) -> str:
        with self.office.works.register.reading() as tx:
            return standings.current(tx, CAMPAIGN, self.id(unit))

    def liaison(self, unit: Any) -> dict[str, str]:
        with self.office.works.register.reading() as tx:
            found = liaisons.current(tx, CAMPAIGN, self.id(unit))
        return dict(found.values) if found else {}

    def owes(self, unit: Any) -> list[tuple[str, str]]:
        with self.office.works.register.reading() as tx:
            return [(row.awaits, row.state) for row in followups.of_unit(tx, CAMPAIGN, self.id(unit))]


@pytest.fixture
def desk(office: Office) -> Desk:
    return Desk(office)


@pytest.fixture
def joined(office: Office, desk: Desk) -> Desk:
    """A has handed in everything, was reviewed, and is a member; the body has been founded."""
    office.form(A, "11-21 09:00")
    office.round()
    office.until("12-05 09:00")
    desk.open("筹备")
    desk.received(A, FORM, LICENCE, PROOF)
    desk.move(A, "member")
    desk.open("成立后")
    return desk


def test_what_a_form_says_is_the_units_status_until_it_applies(office: Office, desk: Desk) -> None:
    office.form(A, "11-21 09:00", "yes")
    office.form(B, "11-21 09:10", "no")
    office.round()
    assert (desk.status(A), desk.status(B)) == ("intends", "declined")
    office.form(A, "11-22 09:00", "no")
    office.form(B, "11-22 09:10", "yes")
    office.round()
    assert (desk.status(A), desk.status(B)) == ("declined", "intends")
    desk.open("筹备")
    desk.received(B, FORM)
    office.form(B, "11-23 09:10", "no")
    office.round()
    assert desk.status(B) == "applied"


def test_nothing_is_asked_before_a_person_opens_the_stage(office: Office, desk: Desk) -> None:
    office.form(A, "11-21 09:00")
    office.round()
    office.until("12-05 10:00")
    office.round()
    assert (office.kinds_to(A), desk.owes(A)) == (["acknowledgement"], [])
    with pytest.raises(WrongUsage) as refused:
        desk.open("成立后")
    assert "请先开启前一阶段“筹备”" in refused.value.sentence
    with pytest.raises(WrongUsage) as refused:
        desk.move(A, "applied")
    assert "尚未开启" in refused.value.sentence


def test_an_opened_stage_asks_each_paper_in_one_letter_and_ticks_them_off_one_by_one(
    office: Office, desk: Desk
) -> None:
    office.form(A, "11-21 09:00")
    office.form(B, "11-21 09:10", "no")
    office.round()
    office.until("12-03 12:00")  # a Saturday
    desk.open("筹备")
    office.round()
    assert office.kinds_to(A) == ["acknowledgement"]
    office.until("12-05 09:00")
    office.round()
    assert (office.kinds_to(A), office.kinds_to(B)) == (["acknowledgement", "question"], ["acknowledgement"])
    asked = office.letters_to(A)[-1]
    assert not asked.subject.startswith("提醒")
    for label in ("入盟申请表", "营业执照或组织机构代码证复印件", "知识产权运营能力证明或需求说明"):
        assert f"{label}：请于2016年12月19日（星期一）17:00前发来电子版或扫描件" in asked.text
    desk.received(A, FORM)
    assert desk.status(A) == "applied"
    office.until("12-16 10:00")  # the working day before
    office.round()
    reminder = office.letters_to(A)[-1]
    assert reminder.subject.startswith("提醒")
    assert "入盟申请表" not in reminder.text
    assert "营业执照" in reminder.text
    desk.received(A, LICENCE, PROOF)
    assert desk.status(A) == "under review"
    assert desk.owes(A)[-1] == ("review", "open")
    office.until("12-20 10:00")
    office.round()
    assert office.kinds_to(A) == ["acknowledgement", "question", "question"]


@pytest.mark.parametrize(("word", "status"), [("收到", "under review"), ("不再要求", "intends")])
def test_papers_that_a_person_ticks_off_by_the_item_about_what_is_overdue_move_the_status(
    office: Office, desk: Desk, word: str, status: str
) -> None:
    office.form(A, "11-21 09:00")
    office.round()
    office.until("12-05 09:00")
    desk.open("筹备")
    for moment in ("12-05 09:00", "12-16 10:00", "12-20 10:00", "12-21 10:00"):
        office.until(moment)
        office.round()
    assert office.held() == ["overdue"]
    desk.decide(word)
    assert desk.status(A) == status
    assert {state for _, state in desk.owes(A)} == ({"settled", "open"} if word == "收到" else {"waived"})


def test_who_comes_to_intend_after_the_opening_is_asked_too(office: Office, desk: Desk) -> None:
    desk.open("筹备")
    office.form(A, "11-21 09:00")
    office.round()
    assert office.kinds_to(A) == ["acknowledgement"]
    office.until("11-21 10:00")
    office.round()
    assert office.kinds_to(A) == ["acknowledgement", "question"]


@pytest.mark.parametrize("words", ["收到", "不是"])
def test_an_attachment_that_names_itself_is_proposed_and_never_guessed(office: Office, desk: Desk, words: str) -> None:
    office.form(A, "11-21 09:00")
    office.round()
    office.until("12-05 09:00")
    desk.open("筹备")
    office.round()
    office.write(
        A, "12-06 09:00", "材料", text="您好，材料见附件。", files=[File("我单位入盟申请表.docx", _paper("说明"))]
    )
    office.round()
    assert office.kinds_to(A)[2:] == ["received"]
    assert office.held() == ["material"]
    assert "似为所需的“入盟申请表”" in office.held_rows()[0].sentence
    assert desk.owes(A)[0] == (FORM, "open")
    office.decide(words)
    assert desk.owes(A)[0] == (FORM, "settled" if words == "收到" else "open")


def test_a_file_is_known_by_its_first_lines_too_and_an_unknown_one_is_shown(office: Office, desk: Desk) -> None:
    office.form(A, "11-21 09:00")
    office.round()
    office.until("12-05 09:00")
    desk.open("筹备")
    office.round()
    office.write(A, "12-06 09:00", "材料", text="见附件。", files=[File("扫描.docx", _paper("营业执照 副本"))])
    office.write(A, "12-06 10:00", "材料二", text="见附件。", files=[File("其他.docx", _paper("简介"))])
    office.round()
    assert office.held() == ["material", "material"]
    first, second = office.held_rows()
    assert (first.key, second.key) == (LICENCE, "")
    assert "no-form" not in office.kinds_to(A)


def test_a_members_new_form_is_proposed_with_the_differences_recorded_and_thanked(office: Office, joined: Desk) -> None:
    office.form(A, "12-06 09:00", contact="示例新联络员", mobile="13900000077")
    office.round()
    assert office.held() == ["data-change"]
    assert "联系人姓名：原为" in office.held_rows()[0].sentence
    assert joined.liaison(A)["mobile"] == A.mobile
    (row,) = office.held_rows()
    with office.works.register.writing() as tx:
        held.decide(tx, row.reference, "接受", "liu", office.clock.now(), domain="vip.example.com")
    assert (joined.liaison(A)["contact"], joined.liaison(A)["mobile"]) == ("示例新联络员", "13900000077")
    office.round()
    thanks = office.letters_to(A)[-1]
    assert thanks.kind == "correction"
    assert "登记内容已更新" in thanks.text
    assert "13900000077" in thanks.text


def test_a_sentence_that_names_a_new_contact_is_a_proposal_as_well(office: Office, joined: Desk) -> None:
    text = "您好，我单位联系人由示例旧人变更为示例新人，手机13900000088，邮箱不变。"
    office.write(A, "12-06 09:00", "联系人变更", text=text)
    office.round()
    assert office.held() == ["data-change"]
    sentence = office.held_rows()[0].sentence
    assert "来信为“示例新人”" in sentence
    assert "来信为“13900000088”" in sentence
    (row,) = office.held_rows()
    with office.works.register.writing() as tx:
        held.decide(tx, row.reference, "接受", "liu", office.clock.now(), domain="vip.example.com")
    assert joined.liaison(A)["contact"] == "示例新人"
    office.private.setdefault("13900000088", set()).add(A.email)
    office.round()
    assert office.letters_to(A)[-1].kind == "correction"


def test_withdrawal_warning_and_removal_have_their_terms(office: Office, joined: Desk) -> None:
    joined.move(A, "withdrawing")
    office.until("2017-01-04 10:00")  # 30 days after 5 December
    office.round()
    assert office.held() == []
    office.until("2017-01-05 10:00")
    office.round()
    assert office.held() == ["term"]
    assert "“退出待生效”" in office.held_rows()[0].sentence
    joined.move(A, "withdrawn")
    office.round()
    assert office.held() == []


def test_a_removed_unit_waits_two_years(office: Office, joined: Desk) -> None:
    joined.move(A, "warned")
    joined.move(A, "removed")
    with pytest.raises(WrongUsage) as refused:
        joined.move(A, "applied")
    assert "2018年12月5日" in refused.value.sentence
    office.until("2018-12-06 09:00")
    joined.move(A, "applied")
    assert joined.status(A) == "applied"


def test_the_table_refuses_what_it_does_not_allow(joined: Desk) -> None:
    with pytest.raises(WrongUsage) as refused:
        joined.move(A, "invited")
    assert refused.value.sentence == "该单位现为“成员单位”，不能改为“已邀请”；可改为：退出中、已警告。"


def _paper(text: str) -> bytes:
    paper = docx.Document()
    paper.add_paragraph(text)
    out = io.BytesIO()
    paper.save(out)
    return out.getvalue()


def test_a_later_deadline_counts_for_its_unit_alone_and_the_letter_names_it(office: Office, desk: Desk) -> None:
    office.form(A, "12-02 17:30")
    office.round()
    _extend(office, desk, A, "12-06 17:00")
    office.form(B, "12-05 09:00")
    office.form(A, "12-05 09:10", contact="示例更正人")
    office.round()
    assert [office.standing(unit).lateness for unit in (A, B)] == ["in time", "late"]
    office.form(C, "12-06 18:00")
    _extend(office, desk, C, "12-06 17:00")
    office.round()
    late = office.letters_to(C)[-1]
    assert late.kind == "late"
    assert "截止时间为2016年12月6日（星期二）17:00" in late.text


def test_a_later_deadline_for_all_changes_what_stands_only_by_recomputing(office: Office, desk: Desk) -> None:
    office.form(A, "12-02 17:30")
    office.form(B, "12-07 09:00")
    office.round()
    _extend(office, desk, None, "12-06 17:00")
    assert office.standing(A).lateness == "late"
    (found,) = desk(recomputing.differences, desk.calendar)
    assert (found.unit_name, found.old, found.new) == (A.name, "逾期", "按时")
    with office.works.register.writing() as tx:
        recomputing.apply(tx, [found], office.clock.now())
    assert [office.standing(unit).lateness for unit in (A, B)] == ["in time", "late"]
    assert desk(recomputing.differences, desk.calendar) == []


def test_a_changed_rule_changes_dates_only_by_recomputing_and_the_first_stays_beside(
    office: Office, desk: Desk
) -> None:
    office.form(A, "11-21 09:00", office_phone="", mobile="")
    office.round()
    assert desk(recomputing.differences, desk.calendar) == []
    desk.duties = replace(desk.duties, rules=parse_rules({"workdays": 5}))
    (found,) = desk(recomputing.differences, desk.calendar)
    assert found.new == "2016年11月28日（星期一）17:00"
    with office.works.register.writing() as tx:
        recomputing.apply(tx, [found], office.clock.now())
    ((due, first),) = office.query("SELECT due_at, original_due_at FROM followups")
    assert (due[:16], first[:16]) == ("2016-11-28 09:00", "2016-11-24 09:00")


def test_late_forms_are_let_count_by_a_person_and_told_so(office: Office, desk: Desk) -> None:
    office.form(A, "12-02 18:00")
    office.form(B, "12-02 18:10")
    office.round()
    rules = parts.rules_of(office.works.settings, office.works.campaigns)
    with office.works.register.writing() as tx:
        now, campaign = office.clock.now(), office.works.campaigns[0]
        assert accept(tx, campaign, [desk.id(A)], "liu", now, rules=rules, tell=True) == [
            Accepted(desk.id(A), A.name, True)
        ]
        assert accept(tx, campaign, [desk.id(A)], "liu", now, rules=rules, tell=True) == []
        assert accept(tx, campaign, None, "liu", now, rules=rules, tell=False) == [Accepted(desk.id(B), B.name, False)]
    office.round()
    assert (office.kinds_to(A), office.kinds_to(B)) == (["late", "acknowledgement"], ["late"])
    assert "来件在截止时间之后收到，经研究，准予计入" in office.letters_to(A)[-1].text
    assert office.query("SELECT late, lateness, accepted_by FROM submissions") == [(0, "in time", "liu")] * 2


def _extend(office: Office, desk: Desk, unit: Any, until: str) -> None:
    with office.works.register.writing() as tx:
        unit_id = units.make(tx, unit.name, office.clock.now(), "")[0] if unit else None
        original = desk.duties.campaign.deadline
        extensions.grant(tx, CAMPAIGN, unit_id, at(until), original, "liu", office.clock.now())

"""What a person did to units stands in their story, in one line for many, and guards a decision from being undone."""

from __future__ import annotations

import re

import pytest
from conversations.office_in_memory import MakeOffice, Office, at, without_member

from intake.errors import WrongUsage
from program import campaign_folders, parts
from program.demo import forms
from program.duties import duties_of
from scheduler import deciding, unit_acts
from scheduler.duties import Duties
from storage import audits, units
from storage.audits import Person

A, B, C = without_member(3)
LIU = "liu@example.com"
SHELL, MAIL = Person("huang", "shell"), Person(LIU, "mail")


@pytest.fixture
def office(make_office: MakeOffice) -> Office:
    return make_office(DIGEST__TO=f'["{LIU}"]')


def _duties() -> Duties:
    return duties_of(campaign_folders.load_campaigns()[0])


def _told(office: Office, when: str, subject: str) -> str:
    before = len(office.letters())
    office.write(LIU, when, subject)
    office.round()
    return next(letter.text for letter in office.letters()[before:] if letter.recipient == LIU)


def test_a_later_deadline_and_dates_reckoned_anew_are_told_of_each_unit(office: Office) -> None:
    office.form(A, "12-05 09:00")
    office.form(B, "12-05 09:10")
    office.form(C, "12-08 09:00")
    office.round()
    duties, calendar, now = _duties(), parts.calendar_of(office.works.settings), office.clock.now()
    with office.works.register.writing() as tx:
        unit_acts.extend(tx, duties.campaign, None, at("12-06 17:00"), "会议决定", SHELL, now)
        assert unit_acts.recompute(tx, duties, calendar, MAIL, now) == 2
        assert unit_acts.recompute(tx, duties, calendar, MAIL, now) == 0
    extended = "全部单位的截止时间延至2016年12月6日（星期二）17:00（会议决定）"
    reckoned = "按现行规则重算期限和逾期标记，改动2处"
    told = [_told(office, f"12-08 1{hour}:00", f"查 {unit.name}") for hour, unit in enumerate((A, B, C))]
    assert [extended in text for text in told] == [True, True, True]
    assert [reckoned in text for text in told] == [True, True, False]
    assert "huang（命令行）" in told[0]
    assert f"{LIU}（邮件）" in told[0]
    assert office.query("SELECT count(*) FROM audits") == [(2,)]


@pytest.mark.parametrize("act", ["late", "extend"])
def test_a_decision_is_not_undone_over_what_a_person_did_since(office: Office, act: str) -> None:
    text = forms.pasted(office.answers(A)).replace("是 ☑    否 □", "是 ☑    否 ☑", 1)
    office.write(A, "12-05 09:00", "入盟意向书", text=text)
    office.form(B, "12-05 09:10")
    office.round()
    issued = office.issue(reason="unclear")
    assert re.search(f"{issued.reference}已按来信办理", _told(office, "12-05 10:00", f"{issued.code} 是"))
    duties, now = _duties(), office.clock.now()
    rules = parts.rules_of(office.works.settings, office.works.campaigns)
    with office.works.register.writing() as tx:
        decision = audits.last_decision(tx, issued.reference)
        assert decision is not None
        if act == "late":
            assert len(unit_acts.accept_late(tx, duties.campaign, None, "", SHELL, now, rules=rules, tell=False)) == 2
        else:
            unit_acts.extend(tx, duties.campaign, units.find(tx, A.name), at("12-09 17:00"), "", SHELL, now)
    said = ""
    with office.works.register.writing() as tx:
        try:
            deciding.undo(tx, decision.id, by="huang", through="shell", now=now)
        except WrongUsage as refused:
            said = str(refused.sentence)
    assert ("又有人对同一单位" in said) == (act == "late")
    undone = [] if act == "late" else [("undo",)]
    assert office.query("SELECT what FROM audits WHERE what = 'undo'") == undone

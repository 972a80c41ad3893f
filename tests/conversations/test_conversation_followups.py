"""What a unit owes: asked once, reminded twice, then the secretariat's; closed by what arrives."""

from __future__ import annotations

import contextlib
from pathlib import Path

from conversations.office_in_memory import MakeOffice, Office, at, campaign_with, without_member
from sqlalchemy import update

from program.demo import forms
from storage import followups
from storage.register import Register
from storage.tables import units

A, B, C = without_member(3)


def no_telephone(office: Office, unit: object = A, when: str = "11-21 09:00", **more: str) -> None:
    """The acknowledgement asks for a telephone, due on the third working day at 17:00."""
    office.form(unit, when, office_phone="", mobile="", **more)  # type: ignore[arg-type]
    office.round()


def test_a_telephone_that_does_not_come_is_reminded_of_twice_and_then_goes_to_the_secretariat(office: Office) -> None:
    no_telephone(office)
    days = {"11-22 10:00": 0, "11-23 09:59": 0, "11-23 10:00": 1, "11-23 15:00": 1, "11-24 17:10": 1, "11-25 10:00": 2}
    for when, reminders in days.items():
        office.until(when)
        office.round()
        assert office.kinds_to(A) == ["acknowledgement", *["question"] * reminders], when
    _, before, after = office.letters_to(A)
    assert before.subject.startswith("提醒：请补充或确认所填内容")
    assert "办公电话或手机号码：请于2016年11月24日（星期四）17:00前写明" in before.text
    assert "请尽快写明，原定期限为2016年11月24日（星期四）17:00" in after.text
    assert "如已发送，请忽略本邮件" in after.text
    assert office.held() == []
    for when in ("11-28 10:00", "11-29 10:00"):
        office.until(when)
        office.round()
        assert office.held() == ["overdue"]
    assert "“办公电话或手机号码”（待补填）" in office.held_rows()[0].sentence
    assert len(office.letters_to(A)) == 3
    assert office.query("SELECT state FROM followups") == [("overdue",)]


def test_an_answer_stops_the_reminders_even_one_that_waits_already(office: Office) -> None:
    no_telephone(office)
    office.until("11-23 10:00")
    office.works.jobs.follow()
    assert office.letter_states()[-1] == ("question", "waiting")
    office.form(A, "11-23 10:01")
    office.round()
    assert office.letter_states()[1] == ("question", "withdrawn")
    assert office.kinds_to(A) == ["acknowledgement", "correction"]
    office.until("11-28 10:00")
    office.round()
    assert office.held() == []
    assert office.query("SELECT state FROM followups") == [("settled",)]


def test_an_answer_after_it_went_to_the_secretariat_takes_the_item_away(office: Office) -> None:
    no_telephone(office)
    office.until("11-28 10:00")
    office.round()
    assert office.held() == ["overdue"]
    office.form(A, "11-28 11:00")
    office.round()
    assert office.held() == []
    assert office.query("SELECT decision FROM held") == [("该单位已自行答复",)]


def test_a_unit_that_wrote_from_an_address_nobody_reads_is_asked_by_a_person(office: Office) -> None:
    ticked = f"{forms.JOIN}：是 ☑    否 □"
    text = forms.pasted(office.answers(A)).replace(ticked, f"{forms.JOIN}：是 ☑    否 ☑")
    office.write("no-reply@scanner.example.cn", "11-21 09:00", "入盟意向书", text=text)
    office.round()
    assert (office.letters(), office.held()) == ([], ["unclear"])
    office.decide("补正")
    office.round()
    assert (office.letters(), office.held()) == ([], ["overdue"])


def test_no_reminder_on_a_rest_day_nor_out_of_hours(office: Office) -> None:
    no_telephone(office, when="11-23 09:00")  # due Monday the 28th; the day before is Friday
    office.until("11-25 18:00")
    office.round()
    for day in ("26", "27"):
        office.until(f"11-{day} 10:30")
        office.round()
    assert office.kinds_to(A) == ["acknowledgement"]
    office.until("11-28 09:00")  # late, but before it is due
    office.round()
    assert office.kinds_to(A) == ["acknowledgement", "question"]


def test_the_hours_are_those_of_the_campaign(make_office: MakeOffice, tmp_path: Path) -> None:
    hours = 'hours = ["08:30", "17:30"]', 'hours = ["13:00", "20:00"]'
    office = make_office(campaign=campaign_with(tmp_path, *hours))
    no_telephone(office)  # to be reminded of from 10:00 on the 23rd
    letters = {"11-23 10:30": 0, "11-23 12:59": 0, "11-23 13:00": 1, "11-25 10:00": 1, "11-25 19:50": 2}
    for when, reminders in letters.items():
        office.until(when)
        office.round()
        assert office.kinds_to(A) == ["acknowledgement", *["question"] * reminders], when


def test_a_mail_that_waits_for_a_person_keeps_its_unit_from_being_reminded(office: Office) -> None:
    no_telephone(office)
    office.write(A, "11-22 11:00", "关于电话", text="请问办公电话没有怎么办？")
    office.round()
    assert office.held() == ["question"]
    for when in ("11-23 10:00", "11-25 10:00", "11-28 10:00"):
        office.until(when)
        office.round()
    assert "question" not in office.kinds_to(A)


def test_an_unclear_choice_is_reminded_of_though_a_person_may_settle_it(office: Office) -> None:
    ticked = f"{forms.JOIN}：是 ☑    否 □"
    text = forms.pasted(office.answers(A)).replace(ticked, f"{forms.JOIN}：是 ☑    否 ☑")
    office.write(A, "11-21 09:00", "入盟意向书", text=text)
    office.round()
    office.until("11-23 10:00")
    office.round()
    assert office.kinds_to(A) == ["acknowledgement", "question"]
    assert "写明“是”或“否”" in office.letters_to(A)[-1].text
    office.decide("是", reason="unclear")
    office.until("11-25 10:00")
    office.round()
    assert len(office.letters_to(A)) == 2


def test_a_collector_gets_one_letter_for_all_its_units(office: Office) -> None:
    for unit in (A, B):
        no_telephone(office, unit, sender="collector@example.com")
    office.until("11-23 10:00")
    office.round()
    *_, letter = office.letters_to("collector@example.com")
    assert letter.kind == "question"
    assert f"1.{A.name}——办公电话或手机号码" in letter.text
    assert f"2.{B.name}——办公电话或手机号码" in letter.text
    assert [kind for kind in office.kinds_to("collector@example.com") if kind == "question"] == ["question"]


def test_missed_days_are_not_made_up_for(office: Office) -> None:
    no_telephone(office)
    office.until("11-30 10:00")
    office.round()
    assert (office.kinds_to(A), office.held()) == (["acknowledgement"], ["overdue"])


# ---- a daemon that looks every minute and finds nothing -----------------------------------------


def looks(office: Office, when: str, times: int = 3) -> None:
    """Ticks at which nothing is due."""
    office.until(when)
    for _ in range(times):
        office.round()
        office.wait(minutes=1)


def beside(office: Office) -> Register:
    """The register as another process has it open."""
    return Register.open(f"sqlite:///{office.folder}/register.sqlite", office.clock.now())


def test_a_date_moved_by_another_process_is_heeded_at_the_next_look(office: Office) -> None:
    no_telephone(office)
    looks(office, "11-22 10:00")
    ((followup_id,),) = office.query("SELECT id FROM followups")
    with contextlib.closing(beside(office)) as register, register.writing() as tx:
        followups.move_due(tx, followup_id, at("11-23 17:00"), office.clock.now())
    office.round()
    assert office.kinds_to(A) == ["acknowledgement", "question"]
    assert "2016年11月23日（星期三）17:00" in office.letters_to(A)[-1].text


def test_a_unit_that_nobody_may_write_to_any_more_is_handed_over_at_the_next_look(office: Office) -> None:
    no_telephone(office)
    looks(office, "11-25 10:00")
    assert (office.kinds_to(A)[1:], office.held()) == (["question"], [])
    with contextlib.closing(beside(office)) as register, register.writing() as tx:
        tx.execute(update(units).values(mode="manual"))
    office.round()
    assert (office.kinds_to(A)[1:], office.held()) == (["question"], ["overdue"])


def test_an_answer_by_a_persons_word_ends_what_is_with_the_secretariat_at_the_next_look(office: Office) -> None:
    no_telephone(office)
    looks(office, "11-28 10:00")
    assert office.held() == ["overdue"]
    with contextlib.closing(beside(office)) as register, register.writing() as tx:
        followups.settle_keys(tx, "cipoa-2016", 1, ["office_phone"], office.clock.now())
    office.round()
    assert office.held() == []


def test_a_changed_calendar_moves_the_reminder(office: Office) -> None:
    no_telephone(office)  # due Thursday the 24th
    office.start(CALENDAR__REST='["2016-11-23"]')
    office.until("11-22 10:00")
    office.round()
    assert office.kinds_to(A) == ["acknowledgement", "question"]

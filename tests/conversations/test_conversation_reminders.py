"""Reminders: to whom, when, and everything that stops them."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from conversations.office_in_memory import CAMPAIGN, MakeOffice, Office, at, roster_row, without_member
from sqlalchemy import insert, update

from program.demo.units import Unit
from storage import extensions, references, units
from storage.tables import folders
from storage.tables import letters as letters_table

A, B, C, D = without_member(4)
FIRST, SECOND, THIRD = "11-25 10:00", "11-29 10:00", "12-01 10:00"


def _reminded(office: Office) -> list[str]:
    return sorted(letter.recipient for letter in office.letters() if letter.kind == "reminder")


def _rows(office: Office) -> list[tuple[str, str]]:
    return [(row.state, row.reply or "") for row in office.letter_rows() if row.kind == "reminder"]


def _at(office: Office, moment: str) -> None:
    office.until(moment)
    office.round()


def _circular(office: Office, unit: Unit, state: str, settled: str) -> None:
    """A circular as the register holds it."""
    moment = at(settled)
    with office.works.register.writing() as tx:
        row = {
            "key": f"{CAMPAIGN}/{unit.number}/circular/1", "campaign": CAMPAIGN, "kind": "circular", "state": state,
            "recipient": unit.email, "unit_id": units.find(tx, unit.name), "facts": {}, "attach_form": False,
            "reference": references.new_reference(), "message_id": f"<{unit.number}@example.com>", "priority": 7,
            "held_back": "", "created_at": moment, "next_at": moment, "tries": 1, "claimed_at": moment,
            "settled_at": moment,
        }  # fmt: skip
        tx.execute(insert(letters_table).values(**row))


# ---- when ---------------------------------------------------------------------------------------


def test_three_rounds_before_the_deadline_and_nothing_after_it(office: Office) -> None:
    office.roster(A)
    sent = []
    for moment in ("11-18 10:00", "11-25 09:59", FIRST, "11-25 15:00", "11-28 10:00", SECOND, THIRD, "12-02 17:01"):
        _at(office, moment)
        sent.append(len(office.letters()))
    assert sent == [0, 0, 1, 1, 1, 2, 3, 3]
    assert [letter.kind for letter in office.letters()] == ["reminder"] * 3
    first = office.letters()[0]
    assert "2016年12月2日（星期五）17:00" in first.text
    assert "如已发送，请忽略本提醒，或来电告知" in first.text
    assert A.name in first.subject
    assert first.message["Auto-Submitted"] == "auto-generated"
    assert first.files == ("首都知识产权运营联盟入盟意向书（空白）.docx",)


def test_rounds_missed_while_the_daemon_stood_still_collapse_into_one(office: Office) -> None:
    office.roster(A)
    _at(office, "11-30 11:00")
    _at(office, "11-30 12:00")
    assert len(office.letters()) == 1
    _at(office, THIRD)
    assert len(office.letters()) == 2


def test_what_a_cap_kept_waiting_gives_way_to_the_next_round(office: Office) -> None:
    office.start(LIMITS__PER_DAY=1)
    office.roster(A, B)
    _at(office, FIRST)
    assert sorted(state for state, _ in _rows(office)) == ["sent", "waiting"]
    office.start(LIMITS__PER_DAY=100)
    office.works.jobs.poll()
    office.until(SECOND)
    office.works.jobs.poll()
    office.works.jobs.remind()
    states = [state for state, _ in _rows(office)]
    assert states.count("withdrawn") == 1
    office.round()
    assert len(_reminded(office)) == 3


def test_a_unit_with_a_later_deadline_is_reminded_before_that_one(office: Office) -> None:
    office.roster(A, B)
    with office.works.register.writing() as tx:
        later = at("12-09 17:00")
        extensions.grant(tx, CAMPAIGN, units.find(tx, B.name), later, at("12-02 17:00"), "liu", office.clock.now())
    _at(office, FIRST)
    assert _reminded(office) == [A.email]
    _at(office, "12-02 10:00")
    assert _reminded(office) == sorted([A.email, A.email, B.email])
    assert "2016年12月9日（星期五）17:00" in office.letter_to(B).text


def test_a_deadline_moved_for_all_withdraws_what_waits_and_plans_anew(office: Office) -> None:
    office.start(OUTBOX__MODE="hold")
    office.roster(A)
    _at(office, FIRST)
    with office.works.register.writing() as tx:
        extensions.grant(tx, CAMPAIGN, None, at("12-16 17:00"), at("12-02 17:00"), "liu", office.clock.now())
    office.start(OUTBOX__MODE="send")
    _at(office, "11-25 11:00")
    assert _rows(office) == [("withdrawn", "截止时间已变更，改按新的期限提醒")]
    _at(office, "12-09 10:00")
    assert "2016年12月16日（星期五）17:00" in office.letter_to(A).text


# ---- to whom ------------------------------------------------------------------------------------


def test_only_units_whose_notice_was_sent_and_not_within_three_working_days_of_it(office: Office) -> None:
    office.roster(A, B, C, D)
    _circular(office, A, "sent", "11-17 09:00")
    _circular(office, B, "refused", "11-17 09:00")
    _circular(office, C, "sent", "11-23 09:00")  # its third working day is Monday, 28 November
    _at(office, FIRST)
    assert _reminded(office) == [A.email]
    _at(office, SECOND)
    assert _reminded(office) == sorted([A.email, A.email, C.email])


def test_units_that_a_person_looks_after_and_protected_ones_get_none(office: Office) -> None:
    protected = replace(D, email="liu@office.example.gov.cn")
    office.roster(roster_row(A, mode="manual"), roster_row(B, mode="none"), roster_row(C, addresses=()), protected)
    _at(office, FIRST)
    assert office.letters() == []


def test_two_units_that_share_an_address_get_one_reminder_naming_both(office: Office) -> None:
    office.roster(A, roster_row(B, addresses=(A.email,)))
    _at(office, FIRST)
    letter = office.letter_to(A.email)
    assert A.name in letter.text
    assert B.name in letter.text
    assert "等2家单位" in letter.subject
    assert sorted(state for state, _ in _rows(office)) == ["sent", "withdrawn"]


# ---- signs of life ------------------------------------------------------------------------------


def _form(office: Office) -> None:
    office.form(A, "11-24 09:00")


def _courtesy(office: Office) -> None:
    office.write(A, "11-24 09:00", "收到", text="收到，谢谢！")


def _colleague(office: Office) -> None:
    office.write(f"boss@{A.email.partition('@')[2]}", "11-24 09:00", "发票", text="请问发票寄到哪里？")


def _unreadable(office: Office) -> None:
    broken = replace(office.file(A), content=b"PK\x03\x04broken", name=f"{A.name}入盟意向书.docx")
    office.write("someone@163.com", "11-24 09:00", "入盟意向书", text="见附件", files=[broken])


def _subject(office: Office) -> None:
    office.write("someone@163.com", "11-24 09:00", f"{A.name}咨询入盟意向书事宜", text="请问意向书要盖章吗？")


def _near(office: Office) -> None:
    other = replace(A, name=A.name.replace("示例", "北京示例"), email="someone@163.com")
    office.form(other, "11-24 09:00")


@pytest.mark.parametrize("life", [_form, _courtesy, _colleague, _unreadable, _subject, _near])
def test_a_sign_of_life_stops_reminders(office: Office, life: Any) -> None:
    office.roster(A, B)
    life(office)
    _at(office, "11-24 10:00")
    _at(office, FIRST)
    assert _reminded(office) == [B.email]


def test_an_answer_to_our_letter_from_any_address_is_a_sign_of_life(office: Office) -> None:
    office.roster(A)
    _at(office, FIRST)
    office.allow(A, "someone@163.com")
    office.write("someone@163.com", "11-25 11:00", "回复", text="知道了", reply_to=office.letter_to(A))
    _at(office, SECOND)
    assert len(_reminded(office)) == 1


@pytest.mark.parametrize("sender", [A.email, "postmaster"])
def test_automatic_mail_is_no_sign_of_life(office: Office, sender: str) -> None:
    office.roster(A)
    address = sender if "@" in sender else f"{sender}@{A.email.partition('@')[2]}"
    office.write(
        address, "11-24 09:00", "自动回复：休假", text="我正在休假。", headers=[("Auto-Submitted", "auto-replied")]
    )
    _at(office, FIRST)
    assert _reminded(office) == [A.email]


def test_somebody_else_at_a_public_domain_is_not_the_unit(office: Office) -> None:
    office.roster(replace(A, email="unit-a@163.com"))
    office.write("stranger@163.com", "11-24 09:00", "广告", text="特价机票")
    _at(office, FIRST)
    assert _reminded(office) == ["unit-a@163.com"]


# ---- looked at again when it is claimed ---------------------------------------------------------


def _writes(office: Office) -> None:
    office.form(A, "11-25 10:05")
    office.works.jobs.poll()


def _taken_over(office: Office) -> None:
    office.roster(roster_row(A, mode="manual"))


def _moved(office: Office) -> None:
    office.roster(roster_row(A, addresses=("new@unit.example.com",)))


def _off(office: Office) -> None:
    office.roster(B)


def _too_late(office: Office) -> None:
    office.until("12-02 17:01")
    office.works.jobs.poll()


@pytest.mark.parametrize(
    ("change", "reason"),
    [
        (_writes, "该单位的表格已收到"),
        (_taken_over, "名册中该单位的方式为仅人工或勿扰"),
        (_moved, "名册中的电子邮箱已更改"),
        (_off, "该单位已不在名册中，或其通知未送达"),
        (_too_late, "截止时间已过"),
    ],
)
def test_a_reminder_nobody_needs_any_more_is_withdrawn_at_its_claim(office: Office, change: Any, reason: str) -> None:
    office.roster(A)
    office.until(FIRST)
    office.works.jobs.poll()
    office.works.jobs.remind()
    assert [state for state, _ in _rows(office)] == ["waiting"]
    change(office)
    office.works.jobs.deliver()
    assert _rows(office) == [("withdrawn", reason)]
    assert _reminded(office) == []


def test_no_reminder_is_written_or_sent_unless_every_folder_was_fetched_just_now(office: Office) -> None:
    office.roster(A)
    office.until("11-25 09:50")
    office.works.jobs.poll()
    office.until("11-25 10:06")
    office.works.jobs.remind()
    assert _rows(office) == []
    office.works.jobs.poll()
    office.works.jobs.remind()
    assert [state for state, _ in _rows(office)] == ["waiting"]
    office.wait(minutes=16)
    office.works.jobs.deliver()
    assert _reminded(office) == []
    office.works.jobs.poll()
    office.wait(minutes=6)
    office.works.jobs.deliver()
    assert _reminded(office) == [A.email]


def test_a_folder_that_was_not_fetched_keeps_reminders_waiting_and_one_that_is_no_more_does_not(
    office: Office,
) -> None:
    office.roster(A)
    office.until(FIRST)
    office.works.jobs.poll()
    with office.works.register.writing() as tx:
        old = office.clock.now() - timedelta(hours=1)
        tx.execute(update(folders).where(folders.c.folder == "INBOX").values(complete_at=old))
        gone = {"account": office.works.jobs._receiving._account.name, "folder": "旧文件夹", "uidvalidity": 1}
        tx.execute(insert(folders).values(**gone, mark=1, complete_at=old))
    office.works.jobs.remind()
    assert _rows(office) == []
    office.round()
    assert _reminded(office) == [A.email]


def test_stopped_between_writing_and_sending_each_unit_gets_one(make_office: MakeOffice) -> None:
    office = make_office()
    office.roster(A, B)
    office.until(FIRST)
    office.works.jobs.poll()
    office.works.jobs.remind()
    office.start()
    office.round()
    office.start()
    office.round()
    assert _reminded(office) == sorted([A.email, B.email])

"""The deadline is 17:00:00 Beijing on 2 December: in time, late, disputed, changed, completed, after the end."""

from __future__ import annotations

from pathlib import Path

import pytest
from conversations.office_in_memory import MakeOffice, Office, campaign_with, without_member

A, B = without_member(2)


@pytest.mark.parametrize(
    ("arrived", "marked", "lateness", "letter", "held"),
    [
        ("12-02 16:59:59", "", "in time", "acknowledgement", []),
        ("12-02 17:00:00", "", "in time", "acknowledgement", []),
        ("12-02 17:00:01", "", "late", "late", []),
        ("12-03 08:00", "", "late", "late", []),
        ("12-02 16:50", "12-02 16:40", "in time", "acknowledgement", []),
        ("12-02 17:10", "12-02 17:05", "late", "late", []),
        ("12-02 17:10", "12-02 16:55", "disputed", "received", ["disputed"]),
        ("12-02 16:59", "12-02 17:01", "disputed", "received", ["disputed"]),
    ],
)
def test_in_time_or_late(
    office: Office, arrived: str, marked: str, lateness: str, letter: str, held: list[str]
) -> None:
    office.form(A, arrived, marked=marked)
    office.round()
    standing = office.standing(A)
    assert standing is not None
    assert (standing.lateness, office.kinds_to(A), office.held()) == (lateness, [letter], held)


def test_the_senders_own_date_counts_for_nothing(office: Office) -> None:
    raw = office.compose(A, "12-02 17:30", "意向书", text="见附件。", files=[office.file(A)])
    line = next(line for line in raw.split(b"\r\n") if line.startswith(b"Date:"))
    office.mail(raw.replace(line, b"Date: Thu, 01 Dec 2016 09:00:00 +0800"), "12-02 17:30")
    office.round()
    assert office.kinds_to(A) == ["late"]


def test_the_late_letter_says_so_and_leaves_it_to_the_secretariat(office: Office) -> None:
    office.form(A, "12-02 17:00:01")
    office.round()
    letter = office.letter_to(A)
    assert "已按逾期件登记" in letter.text
    assert "截止时间为2016年12月2日（星期五）17:00" in letter.text
    assert "是否计入由秘书处另行告知" in letter.text
    assert office.query("SELECT late, lateness FROM submissions") == [(1, "late")]
    assert office.answers_of(A) == ("yes", "no")


@pytest.mark.parametrize(("words", "lateness"), [("按时", "in time"), ("逾期", "late")])
def test_a_person_decides_a_disputed_time(office: Office, words: str, lateness: str) -> None:
    office.form(A, "12-02 17:10", marked="12-02 16:55")
    office.round()
    assert "16:55:00" in office.held_rows()[0].sentence
    assert "17:10:00" in office.held_rows()[0].sentence
    office.decide(words)
    standing = office.standing(A)
    assert standing is not None
    assert (standing.lateness, office.held()) == (lateness, [])


def test_a_late_change_of_mind_is_held(office: Office) -> None:
    office.form(A, "12-01 09:00", "yes", "no")
    office.round()
    office.form(A, "12-02 18:00", "no", "no")
    office.round()
    assert office.answers_of(A) == ("yes", "no")
    assert (office.kinds_to(A), office.held()) == (["acknowledgement", "received"], ["late-change"])
    office.decide("接受")
    assert office.answers_of(A) == ("no", "no")


def test_a_correction_that_was_asked_for_is_in_time_by_its_due_date(office: Office) -> None:
    office.form(A, "12-02 16:00", office_phone="", mobile="")
    office.round()
    assert "2016年12月7日" in office.letter_to(A).text
    office.form(A, "12-06 10:00", office_phone="")
    office.round()
    standing = office.standing(A)
    assert standing is not None
    assert (standing.lateness, standing.values["mobile"], standing.asked) == ("in time", A.mobile, frozenset())
    assert (office.kinds_to(A), office.held()) == (["acknowledgement", "correction"], [])


def test_what_was_not_asked_for_waits_beside_the_answer(office: Office) -> None:
    office.form(A, "12-02 16:00", "yes", "no", office_phone="", mobile="")
    office.round()
    office.form(A, "12-06 10:00", "no", "no", office_phone="")
    office.round()
    standing = office.standing(A)
    assert standing is not None
    assert (standing.join, standing.values["mobile"]) == ("yes", A.mobile)
    assert office.held() == ["late-change"]
    assert "目前仍按原登记" in office.letters_to(A)[1].text


def test_after_its_due_date_an_answer_is_a_late_change(office: Office) -> None:
    office.form(A, "12-02 16:00", office_phone="", mobile="")
    office.round()
    office.form(A, "12-08 10:00", office_phone="")
    office.round()
    standing = office.standing(A)
    assert standing is not None
    assert standing.values["mobile"] == ""
    assert office.held() == ["late-change"]


def test_a_form_that_was_late_stays_late_when_it_is_completed(office: Office) -> None:
    office.form(A, "12-02 18:00", office_phone="", mobile="")
    office.round()
    office.form(A, "12-05 10:00", office_phone="")
    office.round()
    standing = office.standing(A)
    assert standing is not None
    assert (standing.lateness, standing.values["mobile"]) == ("late", A.mobile)


def test_grace_minutes_hold_back_the_letter_and_not_the_flag(make_office: MakeOffice, tmp_path: Path) -> None:
    office = make_office(campaign=campaign_with(tmp_path, "grace_minutes = 0 ", "grace_minutes = 30 "))
    office.form(A, "12-02 17:05")
    office.round()
    assert office.query("SELECT late FROM submissions") == [(1,)]
    assert office.letters() == []
    office.until("12-02 17:30")
    office.round()
    assert office.kinds_to(A) == ["late"]


def test_an_extension_moves_the_deadline(make_office: MakeOffice, tmp_path: Path) -> None:
    office = make_office(
        campaign=campaign_with(tmp_path, "deadline = 2016-12-02T17:00:00", "deadline = 2016-12-09T17:00:00")
    )
    office.form(A, "12-08 09:00")
    office.form(B, "12-09 17:00:01")
    office.round()
    assert (office.kinds_to(A), office.kinds_to(B)) == (["acknowledgement"], ["late"])


def test_after_the_campaign_mails_are_recorded_and_nobody_is_written_to(office: Office) -> None:
    office.until("2037-02-02 09:00")
    office.form(A, "2037-02-02 09:00")
    office.round()
    assert office.answers_of(A) == ("yes", "no")
    assert office.letters() == []


@pytest.mark.parametrize("title", ["主任", ""])
def test_an_older_mail_that_comes_to_light_late_saves_the_time_limit(office: Office, title: str) -> None:
    """Sent in time into the junk folder, and once more after the deadline, word for word or not."""
    office.form(A, "12-02 18:00", title="主任")
    office.round()
    assert office.kinds_to(A) == ["late"]
    office.form(A, "12-02 16:00", folder="垃圾邮件", title=title)
    office.round()
    standing = office.standing(A)
    assert standing is not None
    assert (standing.lateness, standing.values["title"]) == ("in time", "主任")
    assert office.kinds_to(A) == ["late", "acknowledgement"]


def test_what_completes_a_form_that_proved_to_be_in_time_is_in_time(office: Office) -> None:
    office.form(A, "12-02 18:00", office_phone="", mobile="")
    office.round()
    office.form(A, "12-02 16:00", folder="垃圾邮件", office_phone="", mobile="", title="")
    office.round()
    office.form(A, "12-05 10:00", office_phone="")
    office.round()
    standing = office.standing(A)
    assert standing is not None
    assert (standing.lateness, standing.values["mobile"]) == ("in time", A.mobile)


def test_a_disputed_form_is_acknowledged_once_a_person_has_decided(office: Office) -> None:
    office.form(A, "12-02 17:00:30", marked="12-02 16:59:50")
    office.round()
    assert (office.held(), office.kinds_to(A)) == (["disputed"], ["received"])
    office.decide("按时", reason="disputed")
    office.round()
    office.round()
    assert (office.held(), office.kinds_to(A)) == ([], ["received", "acknowledgement"])

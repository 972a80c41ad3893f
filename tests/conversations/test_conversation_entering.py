"""A colleague enters the very same file again: told as such, and answered where it is asked for then."""

from __future__ import annotations

import pytest
from conversations.office_in_memory import SECRETARY as LIU
from conversations.office_in_memory import Letter, MakeOffice, Office, without_member
from conversations.test_conversation_amending import correct

(B,) = without_member(1)


@pytest.fixture
def desk(make_office: MakeOffice) -> Office:
    return make_office()


def say(office: Office, sender: str, when: str, subject: str, **body: object) -> list[Letter]:
    """A mail of the secretariat, and the letters that follow from it."""
    before = len(office.letters())
    office.write(sender, when, subject, text="", **body)
    office.round()
    return office.letters()[before:]


def test_the_same_file_again_is_told_as_such_and_its_receipt_goes_where_it_is_named_then(desk: Office) -> None:
    file = desk.file(B, "yes", "no", sender=LIU)
    say(desk, LIU, "11-18 10:00", "代录 微信", files=[file])
    (letter,) = say(desk, LIU, "11-18 10:10", "代录 微信", files=[file])
    assert letter.subject.startswith(f"代录内容与此前相同，未重复登记：{B.name}")
    assert "与此前登记的完全相同，未重复登记" in letter.text
    desk.allow(B, "wang@example.net")
    say(desk, LIU, "11-18 10:20", "代录 微信 wang@example.net", files=[file])
    assert [one.kind for one in desk.letters_to("wang@example.net")] == ["acknowledgement"]
    assert desk.query("SELECT count(*) FROM submissions") == [(1,)]
    assert desk.query("SELECT word FROM audits") == [("代录 微信",)]


def test_the_same_file_again_tells_no_stranger_what_a_person_has_corrected(desk: Office) -> None:
    file = desk.file(B, "yes", "no", sender=LIU)
    say(desk, LIU, "11-18 10:00", "代录 微信", files=[file])
    correct(desk, B, {"contact": "李示例"}, {})
    letters = say(desk, LIU, "11-18 10:10", "代录 微信 stranger@example.net", files=[file])
    assert desk.letters_to("stranger@example.net") == []
    assert "为免单位资料外传" in letters[0].text


def test_the_same_file_again_of_what_waits_for_a_person_is_told_to_wait(desk: Office) -> None:
    file = desk.file(B, "yes", "no", sender=LIU)
    say(desk, LIU, "12-03 10:00", "代录 微信 12月2日", files=[file])
    letters = say(desk, LIU, "12-03 10:10", f"代录 微信 12月2日 {B.email}", files=[file])
    assert desk.letters_to(B.email) == []
    assert "与此前登记的完全相同，未重复登记" in letters[-1].text
    assert "请先办理待办" in letters[-1].text


def test_other_bytes_that_say_the_same_are_told_as_such_and_no_stranger_gets_more_than_they_hold(desk: Office) -> None:
    say(desk, LIU, "11-18 10:00", "代录 微信", files=[desk.file(B, "yes", "no", sender=LIU)])
    less = desk.file(B, "yes", "no", sender=LIU, title="")
    letters = say(desk, LIU, "11-18 10:10", "代录 传真 stranger@example.net", files=[less])
    assert desk.letters_to("stranger@example.net") == []
    assert letters[-1].subject.startswith("代录内容与此前相同")
    assert "为免单位资料外传" in letters[-1].text
    desk.roster(B)
    say(desk, LIU, "11-18 10:20", f"代录 传真 {B.email}", files=[less])
    assert desk.kinds_to(B) == ["acknowledgement"]

"""Letters that come back: the address marked or not, and what they had asked given to the secretariat."""

from __future__ import annotations

import base64

import pytest
from conversations.office_in_memory import Letter, MakeOffice, Office, roster_row, without_member
from netease import NETEASE

from storage import dead_addresses

A, B = without_member(2)
FIRST = "11-25 10:00"


def _dead(office: Office) -> list[str]:
    with office.works.register.reading() as tx:
        return [one.address for one in dead_addresses.all_dead(tx)]


def _html_bounce(letter: Letter, told: str) -> bytes:
    """来自qq.com的退信: HTML only, naming our letter in References alone."""
    subject = base64.b64encode("来自qq.com的退信".encode("gb18030")).decode()
    body = base64.b64encode(f"<div>{told}</div>".encode("gb18030")).decode()
    head = (
        "Return-Path: <>",
        "From: PostMaster@qq.com",
        f"Subject: =?gb18030?B?{subject}?=",
        f"References: {letter.message_id}",
        f"Message-ID: <bounce.{letter.reference}@qq.com>",
        "MIME-Version: 1.0",
        "Content-Type: text/html; charset=gb18030",
        "Content-Transfer-Encoding: base64",
    )
    return ("\r\n".join(head) + "\r\n\r\n" + body + "\r\n").encode("ascii")


def test_a_bounced_acknowledgement_leaves_the_form_and_passes_its_questions_on(make_office: MakeOffice) -> None:
    office = make_office(moods=NETEASE(bounced_recipients=(A.email,)))
    office.roster(A)
    office.form(A, "11-18 09:00", join="")
    office.round()
    office.wait(minutes=5)
    office.round()
    assert office.answers_of(A) == ("blank", "no")
    assert "bounced" in office.held()
    (row,) = [row for row in office.held_rows() if row.reason == "bounced"]
    assert A.name in row.sentence
    assert "“是否愿意加入首都知识产权运营联盟”" in row.sentence
    assert A.office_phone in row.sentence
    assert A.mobile in row.sentence
    assert _dead(office) == [A.email]
    office.until("11-30 10:00")
    office.round()
    assert office.kinds_to(A) == ["acknowledgement"]


def test_a_bounced_acknowledgement_that_asked_nothing_needs_nobody(make_office: MakeOffice) -> None:
    office = make_office(moods=NETEASE(bounced_recipients=(A.email,)))
    office.form(A, "11-18 09:00")
    office.round()
    office.wait(minutes=5)
    office.round()
    assert (office.answers_of(A), office.held()) == (("yes", "no"), [])


def test_no_reminder_goes_to_an_address_that_a_letter_came_back_from_until_the_roster_is_corrected(
    make_office: MakeOffice,
) -> None:
    office = make_office(moods=NETEASE(bounced_recipients=(A.email,)))
    office.roster(A, B)
    office.until(FIRST)
    office.round()
    office.wait(minutes=5)
    office.round()
    office.until("11-29 10:00")
    office.round()
    assert (len(office.letters_to(A)), len(office.letters_to(B))) == (1, 2)
    new = f"new@{A.email.partition('@')[2]}"
    office.roster(roster_row(A, addresses=(new,)), B)
    office.until("12-01 10:00")
    office.round()
    assert office.kinds_to(new) == ["reminder"]
    assert len(office.letters_to(A)) == 1


def test_an_address_given_anew_in_the_roster_is_written_to_again(make_office: MakeOffice) -> None:
    office = make_office(moods=NETEASE(bounced_recipients=(A.email,)))
    office.roster(A)
    office.until(FIRST)
    office.round()
    office.wait(minutes=5)
    office.round()
    assert _dead(office) == [A.email]
    office.roster(A)  # the same row again corrects nothing
    assert _dead(office) == [A.email]
    office.roster(roster_row(A, addresses=("other@unit.example.com",)))
    office.roster(A)
    assert _dead(office) == []


@pytest.mark.parametrize(
    ("told", "dead", "state", "held"),
    [
        ("您的邮件无法送达，收件人邮箱不存在", True, "bounced", []),
        ("您的邮件被退回，收件人邮箱已满", False, "sent", []),
        ("您的邮件暂时无法投递，系统稍后会自动重试", False, "sent", []),
        ("您的邮件被退回，内容涉嫌群发垃圾邮件", False, "bounced", ["bounced"]),
    ],
)
def test_only_a_failure_for_good_marks_the_address(
    office: Office, told: str, dead: bool, state: str, held: list[str]
) -> None:
    office.roster(A)
    office.until(FIRST)
    office.round()
    office.mail(_html_bounce(office.letter_to(A), told), "11-25 11:00")
    office.round()
    assert (_dead(office), office.held()) == ([A.email] if dead else [], held)
    assert office.letter_states() == [("reminder", state)]
    office.until("11-29 10:00")
    office.round()
    assert len(office.letters_to(A)) == (1 if dead else 2)


def test_two_bounces_of_one_letter_are_told_once(office: Office) -> None:
    office.form(A, "11-18 09:00", office_phone="", mobile="")
    office.round()
    for minute in (10, 20):
        office.mail(
            _html_bounce(office.letter_to(A), f"{minute}：您的邮件被退回，收件人邮箱不存在"), f"11-18 09:{minute}"
        )
        office.round()
    assert office.held() == ["bounced"]
    assert "未留电话" in office.held_rows()[0].sentence


def test_a_sender_that_was_to_send_again_and_cannot_be_told_is_the_secretariats(office: Office) -> None:
    office.write(A, "11-18 09:00", "入盟意向书", text="请查收入盟意向书")
    office.round()
    office.mail(_html_bounce(office.letter_to(A), "您的邮件被退回，收件人邮箱不存在"), "11-18 09:10")
    office.round()
    assert office.held() == ["bounced"]
    assert A.email in office.held_rows()[0].sentence
    office.decide("已电话通知")
    assert office.held() == []

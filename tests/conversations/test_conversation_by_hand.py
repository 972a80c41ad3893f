"""People write to units from the same mailbox: the sent folder shows it, and chasers stand back."""

from __future__ import annotations

import hashlib
import re
from email.message import EmailMessage
from email.utils import format_datetime

import pytest
from conversations.office_in_memory import SECRETARY, MakeOffice, Office, at, without_member
from netease import EXCHANGE, NETEASE, QQ, Moods, StoredMail

from program.demo.units import Unit
from storage import handwritten, held, unit_story, units

A, B, C, D = without_member(4)
SENT = "已发送"


def write_by_hand(
    office: Office,
    to: str | list[str],
    when: str,
    subject: str = "关于意向书",
    *,
    folder: str = SENT,
    field: str = "To",
) -> StoredMail:
    """A person writes in the web mail; the provider keeps the copy."""
    mail = EmailMessage()
    mail["From"] = office.server.username
    mail[field] = to if isinstance(to, str) else ", ".join(to)
    mail["Subject"], mail["Date"] = subject, format_datetime(at(when))
    mail["Message-ID"] = f"<{hashlib.sha256(f'{to}{when}{subject}'.encode()).hexdigest()[:20]}@vip.126.com>"
    mail.set_content("您好，请见来信。")
    office.clock.sleep(max(0, (at(when) - office.clock.now()).total_seconds()))
    return office.server.store.deliver(mail.as_bytes(), folder, at(when))


def history(office: Office, unit: Unit) -> list[str]:
    """What people wrote to the unit, as its story tells."""
    with office.works.register.reading() as tx:
        unit_id = units.find(tx, unit.name)
        assert unit_id is not None
        told = unit_story.tell(tx, "cipoa-2016", unit_id)
    return [one.subject for one in told.went if one.kind == "handwritten"]


def answered(office: Office) -> list[str]:
    """The reasons of what is open and marked 已人工回复."""
    with office.works.register.reading() as tx:
        rows = held.list_open(tx)
        marked = handwritten.answered(tx, rows)
    return [row.reason for row in rows if row.id in marked]


def go_to(office: Office, when: str) -> None:
    office.clock.sleep((at(when) - office.clock.now()).total_seconds())
    office.round()


# ---- history and open items ---------------------------------------------------------------------


def test_an_answer_by_hand_marks_the_question_and_stands_in_the_history(office: Office) -> None:
    office.roster(A)
    office.write(A, "11-18 09:00", "咨询", text="请问加入联盟需要缴纳会费吗？")
    office.round()
    assert office.held() == ["question"]
    write_by_hand(office, A.email, "11-18 10:00", "答复：咨询")
    before = len(office.letters())
    office.round()
    assert answered(office) == ["question"]
    assert office.held() == ["question"]
    assert history(office, A) == ["答复：咨询"]
    assert len(office.letters()) == before
    assert office.mail_kinds() == ["question"]


def test_it_is_marked_for_a_sender_whom_no_unit_knows(office: Office) -> None:
    office.write("stranger@example.net", "11-18 09:00", "咨询", text="请问加入联盟需要缴纳会费吗？")
    office.round()
    write_by_hand(office, "stranger@example.net", "11-18 10:00")
    office.round()
    assert answered(office) == ["question"]


def test_a_letter_from_before_marks_nothing(office: Office) -> None:
    office.roster(A)
    write_by_hand(office, A.email, "11-18 08:50")
    office.write(A, "11-18 09:00", "咨询", text="请问加入联盟需要缴纳会费吗？")
    office.round()
    assert answered(office) == []
    assert history(office, A) == ["关于意向书"]


@pytest.mark.parametrize("field", ["To", "Cc", "Bcc"])
def test_whoever_is_written_to_counts(office: Office, field: str) -> None:
    office.form(A, "11-18 09:00")
    office.round()
    write_by_hand(office, f"{A.contact} <{A.email.upper()}>", "11-18 10:00", field=field)
    office.round()
    assert history(office, A) == ["关于意向书"]


def test_an_answer_in_the_same_round_as_what_it_answers_counts(office: Office) -> None:
    office.write(A, "11-18 09:00", "咨询", text="请问加入联盟需要缴纳会费吗？")
    write_by_hand(office, A.email, "11-18 09:20")
    office.round()
    assert answered(office) == ["question"]


def test_what_concerns_nobody_is_known_by_its_uid_only(office: Office) -> None:
    write_by_hand(office, "friend@example.org", "11-18 09:00", "周末聚会")
    write_by_hand(office, SECRETARY, "11-18 09:10", "工作安排")
    office.round()
    assert office.query("SELECT count(*) FROM handwritten") == [(0,)]
    assert office.query(f"SELECT state, message_id FROM sightings WHERE folder = '{SENT}'") == [("noted", None)] * 2
    assert office.query("SELECT count(*) FROM messages") == [(0,)]


def test_letters_from_before_the_campaign_are_left_alone(office: Office) -> None:
    office.roster(A)
    office.server.store.deliver(b"To: " + A.email.encode() + b"\r\nSubject: old\r\n\r\n", SENT, at("2016-10-01 09:00"))
    office.round()
    assert history(office, A) == []
    assert office.query(f"SELECT state FROM sightings WHERE folder = '{SENT}'") == [("noted",)]


def test_the_same_letter_under_another_uid_counts_once(office: Office) -> None:
    office.roster(A)
    write_by_hand(office, A.email, "11-18 09:00")
    office.round()
    office.server.store.change_uidvalidity(SENT)
    office.round()
    office.wait(days=2)
    office.round()
    assert history(office, A) == ["关于意向书"]


def test_the_setting_turns_it_off(make_office: MakeOffice) -> None:
    office = make_office(MAILBOX__SENT="false")
    office.roster(A)
    write_by_hand(office, A.email, "11-18 09:00")
    office.round()
    assert history(office, A) == []
    assert office.query(f"SELECT count(*) FROM folders WHERE folder = '{SENT}'") == [(0,)]


@pytest.mark.parametrize(("moods", "folder"), [(NETEASE, "已发送"), (QQ, "Sent Messages"), (EXCHANGE, "已发送邮件")])
def test_the_sent_folder_of_every_provider(make_office: MakeOffice, moods: type[Moods], folder: str) -> None:
    office = make_office(moods=moods())
    office.roster(A)
    write_by_hand(office, A.email, "11-18 09:00", folder=folder)
    office.round()
    assert history(office, A) == ["关于意向书"]


# ---- our own letters ----------------------------------------------------------------------------


def test_our_own_letters_there_are_not_taken_for_a_persons(make_office: MakeOffice) -> None:
    office = make_office(moods=NETEASE(sent_copies=True))
    office.form(A, "11-18 09:00")
    office.round()
    office.wait(minutes=5)
    office.round()
    assert office.kinds_to(A) == ["acknowledgement"]
    assert history(office, A) == []
    assert answered(office) == []


def test_our_own_letter_there_settles_a_doubt(make_office: MakeOffice) -> None:
    office = make_office(moods=NETEASE(lost_after_data="accepted", sent_copies=False))
    office.form(A, "11-18 09:00")
    office.try_round()
    assert office.letter_states() == [("acknowledgement", "doubt")]
    office.server.moods.lost_after_data = ""
    (letter,) = office.letters_to(A)
    office.server.store.deliver(letter.raw, SENT, office.clock.now())
    office.works.jobs.poll()
    assert office.letter_states() == [("acknowledgement", "sent")]
    office.round()
    assert len(office.letters_to(A)) == 1


# ---- chasers ------------------------------------------------------------------------------------


def test_a_reminder_stands_back_behind_a_letter_by_hand_and_a_later_one_does_not(office: Office) -> None:
    office.roster(A, B)
    write_by_hand(office, A.email, "11-24 15:00")
    go_to(office, "11-25 10:01")
    assert (office.kinds_to(A), office.kinds_to(B)) == ([], ["reminder"])
    go_to(office, "11-30 10:01")
    go_to(office, "12-01 10:01")
    assert (office.kinds_to(A), office.kinds_to(B)) == (["reminder"], ["reminder"] * 3)


def test_a_reminder_that_waits_is_withdrawn_and_the_digest_says_so(make_office: MakeOffice) -> None:
    office = make_office(DIGEST__SEND="true")
    office.roster(A)
    office.pause()
    go_to(office, "11-25 10:01")
    assert ("reminder", "waiting") in office.letter_states()
    write_by_hand(office, A.email, "11-25 11:00", "请尽快寄回意向书")
    office.resume()
    office.round()
    assert office.kinds_to(A) == []
    assert [row.reply for row in office.letter_rows() if row.kind == "reminder"] == ["秘书处近日已人工去信"]
    go_to(office, "11-25 16:31")
    digest = next(letter for letter in office.letters_to(SECRETARY)[::-1] if "日报" in letter.subject)
    assert f"人工去信：1封，{A.name}（11月25日11:00“请尽快寄回意向书”）" in digest.text
    assert f"提醒：已撤回{A.name}" in digest.text


def test_what_a_unit_owes_is_asked_no_more_by_the_daemon_and_goes_to_a_person(office: Office) -> None:
    office.form(A, "11-18 09:00", office_phone="", mobile="")
    office.form(B, "11-18 09:00", office_phone="", mobile="")
    office.round()
    write_by_hand(office, A.email, "11-21 10:00", "请补办公电话")
    for day in ("11-21", "11-22", "11-23", "11-24", "11-25", "11-28"):
        go_to(office, f"{day} 15:00")
    assert office.kinds_to(A) == ["acknowledgement"]
    assert office.kinds_to(B) == ["acknowledgement", "question", "question"]
    assert office.held() == ["overdue", "overdue"]


def test_a_question_that_waits_is_withdrawn(office: Office) -> None:
    office.form(A, "11-18 09:00", office_phone="", mobile="")
    office.round()
    office.pause()
    go_to(office, "11-22 15:00")
    assert ("question", "waiting") in office.letter_states()
    write_by_hand(office, A.email, "11-22 16:00")
    office.resume()
    office.round()
    assert office.kinds_to(A) == ["acknowledgement"]
    assert [row.reply for row in office.letter_rows() if row.kind == "question"] == ["秘书处已人工去信"]


# ---- many at once -------------------------------------------------------------------------------


def test_a_persons_own_circular_stands_in_every_history_and_answers_nobody(office: Office) -> None:
    office.roster(A, B, C, D)
    office.write(A, "11-18 09:00", "咨询", text="请问加入联盟需要缴纳会费吗？")
    office.round()
    others = [f"unit{number}@example.org" for number in range(600)]
    write_by_hand(
        office, [*others, A.email, B.email, C.email, D.email], "11-18 10:00", "关于召开成立大会的通知", field="Bcc"
    )
    office.round()
    assert [history(office, unit) for unit in (A, B, C, D)] == [["关于召开成立大会的通知"]] * 4
    assert answered(office) == []
    assert office.query("SELECT count(*) FROM handwritten_to") == [(4,)]


def test_hundreds_of_letters_are_read_some_at_a_time(office: Office, monkeypatch: pytest.MonkeyPatch) -> None:
    office.roster(A)
    for number in range(130):
        write_by_hand(office, A.email if number % 2 else "x@example.org", "11-18 10:00", f"第{number}封")
    seen: list[int] = []
    see = handwritten.see
    monkeypatch.setattr(handwritten, "see", lambda tx, *rest: (seen.append(len(rest[3])), see(tx, *rest))[1])
    office.round()
    assert (sum(seen), max(seen)) == (130, 50)
    assert office.query("SELECT count(*) FROM handwritten_to") == [(65,)]
    office.round()
    assert sum(seen) == 130


def test_a_round_with_nothing_new_asks_one_search_more_and_no_header(office: Office) -> None:
    office.roster(A)
    write_by_hand(office, A.email, "11-18 10:00")
    office.round()
    before = len(office.server.commands)
    office.round()
    said = [command.text for command in office.server.commands[before:]]
    assert sum(bool(re.search(r"EXAMINE|SELECT", text)) for text in said) == 4
    assert not any("FETCH" in text for text in said)

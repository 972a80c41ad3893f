"""A letter of ours asks for something, and the unit answers in a line: read where nothing is in doubt, else held."""

from __future__ import annotations

import pytest
from conversations.office_in_memory import Letter, Office, without_member

A, B, C = without_member(3)
PHONE, MOBILE = "010-80000109", "13800000109"


def asked(office: Office, *, sender: str = "", **missing: str) -> Letter:
    """A form without a telephone (or what else is missing) came in; the letter that asks for it."""
    office.form(A, "11-21 10:05", sender=sender, **(missing or {"office_phone": "", "mobile": ""}))
    office.round()
    letter = office.letters_to(sender or A)[0]
    assert "直接回复本邮件写明" in letter.text
    return letter


def answer(office: Office, words: str, letter: Letter, *, sender: str = "", subject: str = "", **more: object) -> None:
    office.write(sender or A, "11-22 09:00", subject or f"回复：{letter.subject}", text=words, reply_to=letter, **more)  # type: ignore[arg-type]
    for value in (PHONE, MOBILE):
        office.private.setdefault(value, set()).add(sender or A.email)
    office.round()


def value(office: Office, key: str) -> str:
    standing = office.standing(A)
    assert standing
    return standing.values[key]


@pytest.mark.parametrize(
    ("words", "key", "text"),
    [
        (f"您好，办公电话：{PHONE}", "office_phone", PHONE),
        (f"联系电话 {MOBILE}", "office_phone", MOBILE),
        (f"老师好！\n手机：{MOBILE}，谢谢！", "mobile", MOBILE),
        (f"办公电话是{PHONE}，请查收。", "office_phone", PHONE),
        (f"收到，谢谢！\n办公电话：{PHONE}", "office_phone", PHONE),
        (f"1.办公电话：{PHONE}\n\n{A.name}\n{A.contact}\n2016年11月22日", "office_phone", PHONE),
        (f"电话：{PHONE}\n--\n{A.contact}\n手机：13800000110", "office_phone", PHONE),
        (PHONE, "office_phone", PHONE),
        (f"{MOBILE}\n\n发自我的iPhone", "mobile", MOBILE),
        (f"单位名称：{A.name}\n办公电话：{PHONE}", "office_phone", PHONE),
    ],
)
def test_a_telephone_that_was_asked_for_is_taken_from_a_line(office: Office, words: str, key: str, text: str) -> None:
    answer(office, words, asked(office))
    assert value(office, key) == text
    assert office.answers_of(A) == ("yes", "no")
    assert office.kinds_to(A) == ["acknowledgement", "correction"]
    assert text in office.letters_to(A)[-1].text
    assert office.held() == []
    assert office.mail_kinds() == ["form", "form"]
    office.until("11-28 10:00")
    office.round()
    assert len(office.letters_to(A)) == 2
    assert office.query("SELECT awaits, state FROM followups") == [("office_phone", "settled")]


def test_a_name_and_a_telephone_settle_both_questions(office: Office) -> None:
    letter = asked(office, contact="", office_phone="", mobile="")
    answer(office, f"联系人：张示例，手机：{MOBILE}", letter)
    assert (value(office, "contact"), value(office, "mobile")) == ("张示例", MOBILE)
    assert office.query("SELECT DISTINCT state FROM followups") == [("settled",)]
    assert office.held() == []


def test_what_the_answer_leaves_open_is_asked_again_with_its_date(office: Office) -> None:
    letter = asked(office, contact="", office_phone="", mobile="")
    answer(office, f"办公电话：{PHONE}", letter)
    correction = office.letters_to(A)[-1]
    assert correction.kind == "correction"
    assert "联系人姓名" in correction.text
    assert "请于2016年11月24日（星期四）17:00前" in correction.text
    assert office.query("SELECT awaits, state FROM followups ORDER BY awaits") == [
        ("contact", "open"), ("office_phone", "settled")
    ]  # fmt: skip


def test_an_answer_to_the_reminder_counts_like_one_to_the_first_letter(office: Office) -> None:
    asked(office)
    office.until("11-23 10:00")
    office.round()
    reminder = office.letters_to(A)[-1]
    assert reminder.kind == "question"
    office.write(A, "11-23 11:00", "Re: 提醒", text=f"办公电话：{PHONE}", reply_to=reminder)
    office.round()
    assert value(office, "office_phone") == PHONE
    assert office.held() == []


def test_an_answer_after_the_deadline_but_by_its_date_completes_a_form_in_time(office: Office) -> None:
    office.form(A, "12-02 16:00", office_phone="", mobile="")
    office.round()
    office.write(A, "12-05 09:00", "回复：", text=f"办公电话：{PHONE}", reply_to=office.letter_to(A))
    office.round()
    standing = office.standing(A)
    assert standing
    assert (standing.values["office_phone"], standing.lateness) == (PHONE, "in time")
    assert office.held() == []


DOUBTFUL = [
    f"办公电话：{PHONE}、010-80000110",
    f"办公电话：{PHONE}\n电话：010-80000110",
    f"{PHONE}，{MOBILE}",
    f"办公电话请打{PHONE}，以前的作废",
    f"办公电话：{PHONE}\n以前的作废",
    f"办公电话：{PHONE}，手机不方便提供",
    f"办公电话：{PHONE}，对吗？",
    f"办公电话：{PHONE}。另外我单位名称有变化。",
    f"单位名称：{B.name}\n办公电话：{PHONE}",
    f"办公电话：{PHONE}\n{B.name}",
    f"{B.name}的办公电话：{PHONE}",
    f"办公电话：{PHONE}\n联系人：李示例",
    f"邮箱：{A.email}",
    "办公电话：010-8000",
    "手机：010-80000109",
    "联系电话：稍后告知",
    f"我正在休假，急事请联系同事，电话：{PHONE}",
    f"暂无办公电话，手机：{MOBILE}",
    f"办公电话：{PHONE}（代收）张三",
    "20161122",
    "电话见附件",
]


@pytest.mark.parametrize("words", DOUBTFUL)
def test_whatever_is_not_certain_goes_to_a_person(office: Office, words: str) -> None:
    answer(office, words, asked(office))
    assert (value(office, "office_phone"), value(office, "mobile")) == ("", "")
    assert len(office.held()) == 1
    assert office.kinds_to(A) == ["acknowledgement", "received"]
    assert office.query("SELECT state FROM followups") == [("open",)]


def test_the_held_item_says_what_was_read_and_what_is_owed(office: Office) -> None:
    answer(office, f"办公电话请打{PHONE}，以前的作废", asked(office))
    (row,) = office.held_rows()
    assert f"其中写有办公电话“{PHONE}”，“{A.name}”尚欠“办公电话或手机号码”，因不能确定，未自动登记" in row.sentence


def test_a_telephone_in_the_signature_alone_is_no_answer(office: Office) -> None:
    answer(office, f"收到，谢谢！\n--\n{A.contact}\n电话：{PHONE}", asked(office))
    assert value(office, "office_phone") == ""
    assert office.query("SELECT state FROM followups") == [("open",)]


def test_quoted_text_is_no_answer(office: Office) -> None:
    letter = asked(office)
    answer(office, f"收到，谢谢！\n\n------------------ 原始邮件 ------------------\n> 办公电话：{PHONE}", letter)
    assert value(office, "office_phone") == ""


def test_a_forwarded_mail_is_no_answer(office: Office) -> None:
    letter = asked(office)
    answer(office, f"办公电话：{PHONE}", letter, subject=f"转发：{letter.subject}")
    assert value(office, "office_phone") == ""
    assert office.held() == ["question"]


def test_an_automatic_reply_with_a_telephone_is_no_answer(office: Office) -> None:
    letter = asked(office)
    answer(office, f"办公电话：{PHONE}", letter, headers=[("Auto-Submitted", "auto-replied")])
    assert value(office, "office_phone") == ""
    assert office.mail_kinds() == ["form", "auto-reply"]


def test_the_same_words_from_another_address_are_no_answer(office: Office) -> None:
    answer(office, f"办公电话：{PHONE}", asked(office), sender=B.email)
    assert value(office, "office_phone") == ""
    assert office.held() == ["question"]


def test_a_mail_that_answers_no_letter_of_ours_is_no_answer(office: Office) -> None:
    asked(office)
    office.write(A, "11-22 09:00", "回复：入盟意向书", text=f"办公电话：{PHONE}")
    office.round()
    assert value(office, "office_phone") == ""
    assert office.held() == ["question"]


def test_whoever_sends_for_several_units_is_asked_by_a_person(office: Office) -> None:
    letter = asked(office, sender="collector@example.com")
    office.form(B, "11-21 10:30", sender="collector@example.com")
    office.round()
    answer(office, f"办公电话：{PHONE}", letter, sender="collector@example.com")
    assert value(office, "office_phone") == ""
    assert office.held() == ["question"]


def test_what_is_not_owed_any_more_is_not_changed_by_a_line(office: Office) -> None:
    letter = asked(office)
    office.form(A, "11-21 15:00", office_phone="010-80000001")
    office.round()
    answer(office, f"办公电话：{PHONE}", letter)
    assert value(office, "office_phone") == "010-80000001"
    assert office.held() == ["question"]


def test_a_doubtful_answer_is_done_with_when_a_person_notes_that_it_has_come(office: Office) -> None:
    from storage import followups, units

    answer(office, f"办公电话请打{PHONE}，以前的作废", asked(office))
    office.write(A, "11-22 10:00", "咨询", text="请问何时开会？")
    office.round()
    with office.works.register.writing() as tx:
        unit_id = units.find(tx, A.name)
        assert unit_id is not None
        assert followups.end(tx, "cipoa-2016", unit_id, "office_phone", office.clock.now(), by="liu")
    (left,) = office.held_rows()
    assert "何时开会" in left.sentence
    decided = "SELECT decision, decided_by FROM held WHERE state = 'decided'"
    assert office.query(decided) == [("所欠事项已由工作人员登记", "liu")]
    assert office.query("SELECT state FROM messages ORDER BY id") == [("handled",), ("handled",), ("held",)]

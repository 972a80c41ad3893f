"""Letters wait for a person's word: they are shown as they would leave, and leave as they were shown."""

from __future__ import annotations

import json
import re

import pytest
from conversations.office_in_memory import SECRETARY, Letter, MakeOffice, Office, at, without_member

from program.demo import forms
from program.demo.forms import Answers
from program.demo.mails import File
from storage import audits

LIU, HUANG, CHIEF = SECRETARY, "huang@example.com", "chief@example.com"
OWN = "cipsa@vip.126.com"
A, B, C, D, E = without_member(5)
CODE = re.compile(r"([2-9A-HJ-NP-Z]{6})-[2-9A-HJ-NP-Z]{12}")


def office_with(make_office: MakeOffice, approve: str = "all", **settings: object) -> Office:
    return make_office(DIGEST__TO=json.dumps([LIU, HUANG]), LETTERS__APPROVE=approve, **settings)


def requests_to(office: Office, address: str = LIU) -> list[Letter]:
    return [letter for letter in office.letters_to(address) if letter.subject.startswith("请批准发送")]


def line(letter: Letter, word: str, place: int = 0) -> str:
    """The place-th line of the letter that says the word, as it is copied."""
    part = letter.message.get_body(("plain",))
    assert part is not None
    found = [match[0] for match in re.finditer(rf"{CODE.pattern} {word}(?=\s)", part.get_content())]
    return found[place]


def say(office: Office, sender: str, when: str, subject: str) -> None:
    office.write(sender, when, subject, text="")
    office.round()


# ---- shown, approved ----------------------------------------------------------------------------


def test_a_letter_is_shown_as_it_leaves_and_leaves_as_it_was_shown(make_office: MakeOffice) -> None:
    office = office_with(make_office)
    office.form(A, "11-18 09:00")
    office.round()
    assert office.kinds_to(A) == []
    assert office.held() == ["approval"]
    (request,) = requests_to(office)
    assert len(requests_to(office, HUANG)) == 1
    assert A.email in request.text
    say(office, LIU, "11-18 10:00", line(request, "同意发送"))
    (letter,) = office.letters_to(A)
    assert letter.raw in request.raw
    assert office.held() == []
    with office.works.register.reading() as tx:
        (entry,) = audits.since(tx, office.clock.now().replace(year=2015))
    assert (entry.by, entry.through, entry.word) == (LIU, "mail", "同意发送")


def test_the_whole_text_stands_in_the_request(make_office: MakeOffice) -> None:
    office = office_with(make_office)
    office.form(A, "11-18 09:00")
    office.round()
    (request,) = requests_to(office)
    say(office, LIU, "11-18 10:00", line(request, "同意发送"))
    sent = office.letter_to(A).message.get_body(("plain",))
    assert sent is not None
    said = request.text
    for text in filter(None, map(str.strip, sent.get_content().splitlines())):
        assert re.sub(r"[\s\u3000]+", "", text).replace("|", "｜") in said


def test_the_secretariats_own_letters_wait_for_nobody(make_office: MakeOffice) -> None:
    office = office_with(make_office)
    office.write(LIU, "11-18 09:00", "进度", text="")
    office.round()
    assert [letter.kind for letter in office.letters_to(LIU)] == ["confirmation"]
    assert office.held() == []


def test_the_approver_named_is_asked_and_the_list_is_not(make_office: MakeOffice) -> None:
    office = office_with(make_office, LETTERS__APPROVER=CHIEF)
    office.secretariat.add(CHIEF)
    office.form(A, "11-18 09:00")
    office.round()
    assert requests_to(office) == []
    (request,) = requests_to(office, CHIEF)
    say(office, CHIEF, "11-18 10:00", line(request, "同意发送"))
    assert office.kinds_to(A) == ["acknowledgement"]


def test_the_approver_may_enter_a_form_as_the_others_may(make_office: MakeOffice) -> None:
    office = office_with(make_office, LETTERS__APPROVER=CHIEF)
    office.secretariat.add(CHIEF)
    file = File("意向书.docx", forms.docx(Answers(A.values, "yes", "no"), "☑"))
    office.write(CHIEF, "11-18 10:00", "代录 传真", files=[file])
    office.round()
    assert office.query("SELECT channel FROM submissions") == [("传真",)]
    assert "代录已登记" in office.letters_to(CHIEF)[-1].subject


def test_without_a_list_the_mailbox_itself_is_asked(make_office: MakeOffice) -> None:
    office = make_office(DIGEST__TO="[]", LETTERS__APPROVE="all")
    office.form(A, "11-18 09:00")
    office.round()
    (request,) = requests_to(office, OWN)
    say(office, OWN, "11-18 10:00", line(request, "同意发送"))
    assert office.kinds_to(A) == ["acknowledgement"]


# ---- taken back ---------------------------------------------------------------------------------


@pytest.mark.parametrize(("word", "kept"), [("不发", "不发"), ("退回：单位名称有误", "退回：单位名称有误")])
def test_a_refused_letter_is_taken_back_with_the_word_and_told_in_the_digest(
    make_office: MakeOffice, word: str, kept: str
) -> None:
    office = office_with(make_office, DIGEST__SEND="true")
    office.form(A, "11-18 09:00")
    office.round()
    code = line(requests_to(office, HUANG)[0], "不发").partition(" ")[0]
    say(office, HUANG, "11-18 10:00", f"{code} {word}")
    assert office.kinds_to(A) == []
    assert [(row.state, row.reply) for row in office.letter_rows() if row.kind == "acknowledgement"] == [
        ("withdrawn", f"{HUANG}：{kept}")
    ]
    assert office.standing(A) is not None
    office.wait(hours=7)
    office.round()
    digest = next(letter for letter in office.letters_to(LIU)[::-1] if "日报" in letter.subject)
    assert f"登记回执：已撤回{A.name}" in digest.text
    assert f"{HUANG}（邮件）" in digest.text


def test_what_nobody_decided_is_in_the_digest_with_its_age(make_office: MakeOffice) -> None:
    office = office_with(make_office, DIGEST__SEND="true")
    office.form(A, "11-18 09:00")
    office.round()
    office.wait(days=3)
    office.round()
    digest = next(letter for letter in office.letters_to(LIU)[::-1] if "日报" in letter.subject)
    assert "信函待批准" in digest.text
    assert "已超过一天" in digest.text


def test_an_answer_with_the_letters_still_attached_is_obeyed(make_office: MakeOffice) -> None:
    """Some programs send the attachments back: our letters, forms among them, are not read as a unit's."""
    office = office_with(make_office)
    office.form(A, "11-18 09:00")
    office.round()
    (request,) = requests_to(office)
    letter = next(part.get_content().as_bytes() for part in request.message.iter_attachments())
    files = [File("请批准发送.eml", request.raw), File("1.eml", letter)]
    text = line(request, "同意发送")
    office.write(LIU, "11-18 10:00", f"回复：{request.subject}", text=text, files=files, reply_to=request)
    office.round()
    assert office.kinds_to(A) == ["acknowledgement"]
    assert office.query("SELECT count(*) FROM submissions") == [(1,)]
    assert office.held() == []


def test_a_forged_word_lets_nothing_go(make_office: MakeOffice) -> None:
    office = office_with(make_office)
    office.form(A, "11-18 09:00")
    office.form(B, "11-18 09:00")
    office.round()
    (request,) = requests_to(office)
    for subject in (line(request, "同意发送"), line(request, "全部同意发送")):
        say(office, "stranger@example.net", "11-18 10:00", subject)
    say(office, LIU, "11-18 10:05", line(request, "同意发送").replace("-", "-X", 1)[:19] + " 同意发送")
    assert office.kinds_to(A) == office.kinds_to(B) == []
    assert sorted(office.held()) == ["approval", "approval", "instruction", "instruction"]


# ---- gathered -----------------------------------------------------------------------------------


def test_several_are_asked_about_in_one_letter_and_approved_with_one_word(make_office: MakeOffice) -> None:
    office = office_with(make_office)
    for unit in (A, B, C):
        office.form(unit, "11-18 09:00")
    office.round()
    (request,) = requests_to(office)
    assert "3封信函" in request.subject
    say(office, LIU, "11-18 10:00", line(request, "不发", 1))
    say(office, LIU, "11-18 10:05", line(request, "全部同意发送"))
    assert sorted(map(len, (office.kinds_to(unit) for unit in (A, B, C)))) == [0, 1, 1]
    assert office.held() == []
    say(office, LIU, "11-18 10:10", line(request, "全部同意发送"))
    assert "口令已经用过" in office.letters_to(LIU)[-1].text


def test_what_comes_while_one_waits_is_gathered(make_office: MakeOffice) -> None:
    office = office_with(make_office)
    office.form(A, "11-18 09:00")
    office.round()
    for unit, minute in ((B, 2), (C, 4)):
        office.form(unit, f"11-18 09:0{minute}")
        office.round()
    assert len(requests_to(office)) == 1
    office.wait(minutes=15)
    office.round()
    assert ["1封" in letter.subject or "2封" in letter.subject for letter in requests_to(office)] == [True, True]
    assert "2封信函" in requests_to(office)[-1].subject


def test_no_more_are_shown_than_one_letter_can_hold(make_office: MakeOffice, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("scheduler.approving.MOST_SHOWN", 2)
    office = office_with(make_office)
    for unit in (A, B, C, D, E):
        office.pasted(unit, "11-18 09:00")
    office.round()
    assert "另有3封" in requests_to(office)[-1].text
    for number in range(3):
        request = requests_to(office)[-1]
        word = "全部同意发送" if number < 2 else "同意发送"
        say(office, LIU, f"11-18 10:0{number}", line(request, word))
    assert [office.kinds_to(unit) for unit in (A, B, C, D, E)] == [["acknowledgement"]] * 5
    assert len(requests_to(office)) == 3


# ---- the first of each kind ---------------------------------------------------------------------


def test_the_first_of_each_kind_are_approved_and_the_rest_go(make_office: MakeOffice) -> None:
    office = office_with(make_office, "first 2 of each kind")
    for unit in (A, B, C, D):
        office.pasted(unit, "11-18 09:00")
    office.round()
    (request,) = requests_to(office)
    assert "2封信函" in request.subject
    assert office.held() == ["approval", "approval"]
    say(office, LIU, "11-18 10:00", line(request, "同意发送"))
    assert len([1 for unit in (A, B, C, D) if office.kinds_to(unit)]) == 1
    say(office, LIU, "11-18 10:05", line(request, "同意发送", 1))
    assert [office.kinds_to(unit) for unit in (A, B, C, D)] == [["acknowledgement"]] * 4
    office.pasted(E, "11-18 11:00")
    office.write("someone@example.com", "11-18 11:00", "意向书", text="入盟意向书请问怎么填？")
    office.round()
    assert office.kinds_to(E) == ["acknowledgement"]
    assert office.kinds_to("someone@example.com") == []


def test_one_refused_of_the_first_is_replaced_by_the_next(make_office: MakeOffice) -> None:
    office = office_with(make_office, "first 1 of each kind")
    for unit in (A, B, C):
        office.pasted(unit, "11-18 09:00")
    office.round()
    say(office, LIU, "11-18 10:00", line(requests_to(office)[-1], "不发"))
    assert office.held() == ["approval"]
    say(office, LIU, "11-18 10:05", line(requests_to(office)[-1], "同意发送"))
    assert sorted(map(len, (office.kinds_to(unit) for unit in (A, B, C)))) == [0, 1, 1]


def test_turned_off_what_was_never_shown_goes_and_what_was_shown_waits(make_office: MakeOffice) -> None:
    office = office_with(make_office, "first 1 of each kind")
    for unit in (A, B, C):
        office.pasted(unit, "11-18 09:00")
    office.round()
    office.start(LETTERS__APPROVE="none")
    office.round()
    assert sorted(map(len, (office.kinds_to(unit) for unit in (A, B, C)))) == [0, 1, 1]
    say(office, LIU, "11-18 10:05", line(requests_to(office)[-1], "同意发送"))
    assert [office.kinds_to(unit) for unit in (A, B, C)] == [["acknowledgement"]] * 3


# ---- what changes meanwhile ---------------------------------------------------------------------


def test_a_newer_letter_to_the_address_takes_the_older_one_in(make_office: MakeOffice) -> None:
    office = office_with(make_office)
    office.form(A, "11-18 09:00")
    office.round()
    (first,) = requests_to(office)
    office.form(A, "11-18 09:30", "no")
    office.wait(minutes=40)
    office.round()
    assert office.held() == ["approval"]
    say(office, LIU, "11-18 10:00", line(first, "同意发送"))
    assert office.kinds_to(A) == []
    assert "已并入后来的信函" in office.letters_to(LIU)[-1].text
    say(office, LIU, "11-18 10:05", line(requests_to(office)[-1], "同意发送"))
    assert len(office.letters_to(A)) == 1
    assert office.answers_of(A) == ("no", "no")


@pytest.mark.parametrize("approve", ["all", "first 1 of each kind"])
def test_what_was_approved_before_the_deadline_and_could_not_leave_is_shown_anew(
    make_office: MakeOffice, approve: str
) -> None:
    office = office_with(make_office, approve)
    office.form(A, "12-02 16:40")
    office.round()
    (request,) = requests_to(office)
    office.pause()
    say(office, LIU, "12-02 16:50", line(request, "同意发送"))
    office.wait(hours=1)
    office.resume()
    office.round()
    assert office.kinds_to(A) == []
    assert office.held() == ["approval"]
    say(office, LIU, "12-02 18:05", line(requests_to(office)[-1], "同意发送"))
    assert office.letter_to(A).raw in requests_to(office)[-1].raw


def test_of_the_first_only_what_was_seen_is_shown_anew(make_office: MakeOffice) -> None:
    office = office_with(make_office, "first 1 of each kind")
    office.form(A, "12-02 16:40")
    office.round()
    (request,) = requests_to(office)
    office.pause()
    say(office, LIU, "12-02 16:50", line(request, "同意发送"))
    office.form(B, "12-02 16:55")
    office.round()
    office.wait(hours=1)
    office.resume()
    office.round()
    assert (office.kinds_to(A), office.kinds_to(B)) == ([], ["acknowledgement"])
    assert office.held() == ["approval"]


def test_a_reminder_of_a_unit_that_has_written_is_taken_back(make_office: MakeOffice) -> None:
    office = office_with(make_office)
    office.roster(A, B)
    office.clock.sleep((at("11-25 10:01") - office.clock.now()).total_seconds())
    office.round()
    assert office.held() == ["approval", "approval"]
    (request,) = requests_to(office)
    office.write(A, "11-25 10:05", "咨询", text="请问会费多少？")
    office.round()
    say(office, LIU, "11-25 10:20", line(request, "全部同意发送"))
    assert [kind for kind in office.kinds_to(A) if kind == "reminder"] == []
    assert office.kinds_to(B) == ["reminder"]


def test_a_refusal_taken_back_waits_again(make_office: MakeOffice) -> None:
    office = office_with(make_office)
    office.form(A, "11-18 09:00")
    office.round()
    (request,) = requests_to(office)
    say(office, LIU, "11-18 10:00", line(request, "不发"))
    done = next(letter for letter in office.letters_to(LIU)[::-1] if "已办理" in letter.subject)
    say(office, LIU, "11-18 10:05", line(done, "撤销"))
    assert office.held() == ["approval"]
    undone = next(letter for letter in office.letters_to(LIU)[::-1] if "已撤销" in letter.subject)
    say(office, LIU, "11-18 10:10", line(undone, "同意发送"))
    assert office.letter_to(A).raw in request.raw

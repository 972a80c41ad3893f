"""The secretariat decides and asks by mail: a staff mail comes in, a letter goes out."""

from __future__ import annotations

import json
import re
from datetime import UTC, datetime
from pathlib import Path

import pytest
from conversations.office_in_memory import SECRETARY, Letter, MakeOffice, Office, without_member

from program.demo import forms
from program.demo.mails import File
from program.demo.units import Unit
from scheduler import deputising
from storage import audits, notes, tokens

LIU, HUANG, DEPUTY = SECRETARY, "huang@example.com", "deputy@example.com"
BOTH = json.dumps([LIU, HUANG])
OWN = "cipsa@vip.126.com"
A, B, C = without_member(3)
SAMPLES = Path(__file__).parents[1] / "samples"
CODE = re.compile(r"[2-9A-HJ-NP-Z]{6}-[2-9A-HJ-NP-Z]{12}")


@pytest.fixture
def desk(make_office: MakeOffice) -> Office:
    """An office of two, with one unclear form of A on the table."""
    office = make_office(DIGEST__TO=BOTH, DIGEST__DEPUTY=DEPUTY)
    both_ticked(office, A, "11-18 09:00")
    office.round()
    assert office.held() == ["unclear"]
    return office


def both_ticked(office: Office, unit: Unit, when: str) -> None:
    text = forms.pasted(office.answers(unit)).replace("是 ☑    否 □", "是 ☑    否 ☑", 1)
    office.write(unit, when, "入盟意向书", text=text)


def undo_line(letter: Letter) -> str:
    found = CODE.search(letter.text)
    assert found, letter.text
    return f"{found[0]} 撤销"


def say(office: Office, sender: str, when: str, subject: str, text: str = "", **more: object) -> list[Letter]:
    """Write to the office; gives the letters that went out since."""
    before = len(office.letters())
    office.write(sender, when, subject, text=text, **more)  # type: ignore[arg-type]
    office.round()
    return office.letters()[before:]


def kinds(letters: list[Letter]) -> list[tuple[str, str]]:
    return sorted((letter.recipient, letter.kind) for letter in letters)


# ---- decided -----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("subject", "text"),
    [("{} 是", ""), ("回复：待办 [#K3M9QZ]", "{} 是\n\n刘\n010-00000000"), ("Re: {}　是。", "谢谢"), ("", "{}\n是")],
)
def test_a_colleague_decides_and_the_other_is_told(desk: Office, subject: str, text: str) -> None:
    issued = desk.issue()
    letters = say(desk, LIU, "11-18 10:00", subject.format(issued.code), text.format(issued.code))
    assert desk.answers_of(A) == ("yes", "no")
    assert desk.held() == []
    assert kinds(letters) == [(HUANG, "confirmation"), (LIU, "confirmation")]
    mine, other = sorted(letters, key=lambda letter: letter.recipient != LIU)
    assert f"待办{issued.reference}已按来信办理，现记为“是”" in mine.text
    assert "2016年11月18日（星期五）16:30前" in mine.text
    assert f"{LIU}已于" in other.text
    assert not CODE.search(other.text)
    with desk.works.register.reading() as tx:
        (entry,) = audits.since(tx, desk.clock.now().replace(year=2015))
    assert (entry.by, entry.through, entry.word, entry.reference) == (LIU, "mail", "是", issued.reference)


def test_the_mailbox_itself_may_decide_and_the_whole_list_is_told(desk: Office) -> None:
    letters = say(desk, OWN, "11-18 10:00", desk.issue().line("否"))
    assert desk.answers_of(A) == ("no", "no")
    assert kinds(letters) == [(OWN, "confirmation"), (HUANG, "confirmation"), (LIU, "confirmation")]


def test_the_unit_is_asked_again(desk: Office) -> None:
    say(desk, LIU, "11-18 10:00", desk.issue().line("补正"))
    assert desk.answers_of(A) == ("unclear", "no")
    desk.wait(minutes=2)
    desk.round()
    assert desk.kinds_to(A) == ["acknowledgement", "question"]


def test_an_old_token_stays_valid_beside_a_new_one_until_one_is_used(desk: Office) -> None:
    old, new = desk.issue(), desk.issue()
    say(desk, LIU, "11-18 10:00", old.line("是"))
    (letter,) = say(desk, HUANG, "11-18 10:05", new.line("否"))
    assert desk.answers_of(A) == ("yes", "no")
    assert "此前已经办结" in letter.text
    assert "记为“是”" in letter.text


# ---- undone ------------------------------------------------------------------------------------


def test_a_decision_is_undone_and_may_be_taken_anew(desk: Office) -> None:
    mine = next(each for each in say(desk, LIU, "11-18 10:00", desk.issue().line("是")) if each.recipient == LIU)
    letters = say(desk, LIU, "11-18 10:10", undo_line(mine))
    assert desk.answers_of(A) == ("unclear", "no")
    assert desk.held() == ["unclear"]
    assert kinds(letters) == [(HUANG, "confirmation"), (LIU, "confirmation")]
    undone = next(letter for letter in letters if letter.recipient == LIU)
    assert "已撤销，登记内容已恢复原状" in undone.text
    found = CODE.search(undone.text)
    assert found
    say(desk, HUANG, "11-18 10:20", f"{found[0]} 否")
    assert desk.answers_of(A) == ("no", "no")


def test_it_is_undone_once(desk: Office) -> None:
    mine = next(each for each in say(desk, LIU, "11-18 10:00", desk.issue().line("是")) if each.recipient == LIU)
    say(desk, LIU, "11-18 10:10", undo_line(mine))
    (letter,) = say(desk, LIU, "11-18 10:20", undo_line(mine))
    assert "口令已经用过" in letter.text


def test_after_the_next_digest_it_stands(desk: Office) -> None:
    mine = next(each for each in say(desk, LIU, "11-18 10:00", desk.issue().line("是")) if each.recipient == LIU)
    (letter,) = say(desk, LIU, "11-18 16:31", undo_line(mine))
    assert "撤销期限已过" in letter.text
    assert desk.answers_of(A) == ("yes", "no")


def test_where_something_newer_has_come_it_stands(desk: Office) -> None:
    mine = next(each for each in say(desk, LIU, "11-18 10:00", desk.issue().line("是")) if each.recipient == LIU)
    desk.form(A, "11-18 10:05", "no", "no")
    desk.round()
    letters = say(desk, LIU, "11-18 10:10", undo_line(mine))
    assert desk.answers_of(A) == ("no", "no")
    assert any("又有新的来件登记" in letter.text for letter in letters)


def test_a_form_read_again_by_the_decision_is_undone_with_it(make_office: MakeOffice) -> None:
    """The receipt that the unit has got cannot be called back, and the letter says so."""
    office = make_office(DIGEST__TO=BOTH)
    office.form(A, "12-02 17:10", marked="12-02 16:55")
    office.round()
    assert (office.held(), office.kinds_to(A)) == (["disputed"], ["received"])
    mine = next(each for each in say(office, LIU, "12-02 17:30", office.issue().line("按时")) if each.recipient == LIU)
    office.round()
    assert office.kinds_to(A) == ["received", "acknowledgement"]
    letters = say(office, LIU, "12-02 17:40", undo_line(mine))
    undone = next(letter for letter in letters if letter.recipient == LIU)
    assert "已发出的1封信函无法收回" in undone.text
    assert office.held() == ["disputed"]
    assert [row.lateness for row in [office.standing(A)] if row] == ["disputed"]


def test_a_near_name_is_told_apart_and_put_together_again(make_office: MakeOffice) -> None:
    office = make_office(DIGEST__TO=BOTH)
    office.form(A, "11-18 09:00")
    office.form(A, "11-18 09:10", unit=A.name.replace("有限公司", "公司"), sender=B.email)
    office.round()
    assert office.held() == ["near-name"]
    mine = next(
        each for each in say(office, LIU, "11-18 09:30", office.issue().line("不同单位")) if each.recipient == LIU
    )
    office.round()
    assert office.held() == []
    say(office, LIU, "11-18 09:40", undo_line(mine))
    assert office.held() == ["near-name"]
    say(office, LIU, "11-18 09:50", office.issue().line("同一单位"))
    assert office.held() == []
    assert office.query("SELECT count(*) FROM submissions WHERE state = 'standing'") == [(1,)]


# ---- forged and mistaken -----------------------------------------------------------------------


def test_a_stranger_hears_nothing_and_the_secretariat_is_told(desk: Office) -> None:
    issued = desk.issue()
    assert say(desk, "stranger@example.net", "11-18 10:00", issued.line("否")) == []
    assert desk.answers_of(A) == ("unclear", "no")
    assert sorted(desk.held()) == ["instruction", "unclear"]
    say(desk, LIU, "11-18 10:05", issued.line("是"))
    assert desk.answers_of(A) == ("yes", "no")


def test_a_unit_that_guesses_is_answered_like_anybody(desk: Office) -> None:
    issued = desk.issue()
    say(desk, A.email, "11-18 10:00", f"{issued.reference}-234567892345 否")
    assert "instruction" not in desk.held()


@pytest.mark.parametrize("headers", [[("Authentication-Results", "mx.example.com; spf=fail; dkim=none")], []])
def test_a_forged_sender_hears_nothing(desk: Office, headers: list[tuple[str, str]]) -> None:
    folder = "INBOX" if headers else "垃圾邮件"
    letters = say(desk, LIU, "11-18 10:00", desk.issue().line("否"), headers=headers, folder=folder)
    assert letters == []
    assert desk.answers_of(A) == ("unclear", "no")
    assert sorted(desk.held()) == ["instruction", "unclear"]


def test_a_used_token_changes_nothing(desk: Office) -> None:
    issued = desk.issue()
    say(desk, LIU, "11-18 10:00", issued.line("是"))
    (letter,) = say(desk, LIU, "11-18 10:05", issued.line("否"))
    assert desk.answers_of(A) == ("yes", "no")
    assert "口令已经用过" in letter.text


def test_a_token_in_the_quote_changes_nothing(desk: Office) -> None:
    text = (
        f"是\n\n------------------ 原始邮件 ------------------\n发件人: 系统\n主题: 待办\n\n{desk.issue().line('是')}"
    )
    (letter,) = say(desk, LIU, "11-18 10:00", "回复：待办", text)
    assert desk.held() == ["unclear"]
    assert "引用的原信不作依据" in letter.text


def test_two_references_change_nothing(desk: Office) -> None:
    both_ticked(desk, B, "11-18 09:30")
    desk.round()
    first, second = (row.id for row in desk.held_rows())
    with desk.works.register.writing() as tx:
        lines = [tokens.issue(tx, id_, desk.clock.now()).line("是") for id_ in (first, second)]
    (letter,) = say(desk, LIU, "11-18 10:00", "", "\n".join(lines))
    assert desk.held() == ["unclear", "unclear"]
    assert "不止一件待办" in letter.text


def test_a_token_of_another_item_changes_nothing(desk: Office) -> None:
    both_ticked(desk, B, "11-18 09:30")
    desk.round()
    first, second = desk.held_rows()
    with desk.works.register.writing() as tx:
        other = tokens.issue(tx, second.id, desk.clock.now())
    (letter,) = say(desk, LIU, "11-18 10:00", f"{first.reference}-{other.token} 是")
    assert desk.held() == ["unclear", "unclear"]
    assert f"不是待办{first.reference}的口令" in letter.text


@pytest.mark.parametrize(
    ("word", "sentence"),
    [("按时", "是、否、空白、补正"), ("", "没有写明"), ("是 否", "不止一种决定"), ("再等等", "没有写明")],
)
def test_another_word_changes_nothing(desk: Office, word: str, sentence: str) -> None:
    (letter,) = say(desk, LIU, "11-18 10:00", desk.issue().line(word))
    assert desk.held() == ["unclear"]
    assert sentence in letter.text


def test_without_a_token_nothing_changes(desk: Office) -> None:
    (letter,) = say(desk, LIU, "11-18 10:00", f"{desk.issue().reference} 是")
    assert desk.held() == ["unclear"]
    assert "没有写口令" in letter.text


def test_a_holiday_notice_that_repeats_the_line_is_none(desk: Office) -> None:
    assert say(desk, LIU, "11-18 10:00", f"自动回复：{desk.issue().line('是')}", "我正在休假。") == []
    assert desk.held() == ["unclear"]


# ---- asked -------------------------------------------------------------------------------------


@pytest.mark.parametrize("text", ["周五的会改到下午三点。", "收到，谢谢！", "这家我来联系，名单里的电话好像不对。"])
def test_talk_gets_no_answer(desk: Office, text: str) -> None:
    assert say(desk, LIU, "11-18 10:00", "关于周五的会", text) == []


def test_a_unit_is_found_with_what_came_and_what_went(desk: Office) -> None:
    (letter,) = say(desk, LIU, "11-18 10:00", f"查 {A.name}")
    assert letter.recipient == LIU
    assert f"2016年11月18日（星期五）09:00，{A.email}" in letter.text
    assert "邮件正文，已登记" in letter.text
    assert A.mobile in letter.text
    assert "待确认" in letter.text
    assert re.search(r"登记回执，.*，已发", letter.text)


def test_a_part_of_a_name_is_enough_and_a_wrong_one_names_what_is_near(desk: Office) -> None:
    assert A.name in say(desk, LIU, "11-18 10:00", f"查 {A.name[2:7]}")[0].text
    assert "没有找到" in say(desk, LIU, "11-18 10:05", "查 全然无关的某某单位")[0].text


def test_how_it_stands(desk: Office) -> None:
    desk.roster(A, B)
    desk.form(B, "11-18 09:30", "yes", "no")
    (letter,) = [each for each in say(desk, LIU, "11-18 10:00", "进度") if each.recipient == LIU]
    assert "应通知：2家" in letter.text
    assert "加入联盟：2=是1+待核1" in letter.text
    assert "待办：1件" in letter.text


def test_the_lists(desk: Office) -> None:
    desk.roster(A, B, C)
    desk.form(B, "11-18 09:30", "yes", "no")
    desk.round()
    (members,) = say(desk, LIU, "11-18 10:00", "", "名单\n\n刘")
    assert B.name in members.text
    assert A.name not in members.text
    (silent,) = say(desk, HUANG, "11-18 10:05", "未回复")
    assert C.name in silent.text
    assert C.contact in silent.text
    assert A.name not in silent.text


def test_letters_to_units_stop_and_go_on(desk: Office) -> None:
    letters = say(desk, LIU, "11-18 10:00", "暂停发送")
    assert kinds(letters) == [(HUANG, "confirmation"), (LIU, "confirmation")]
    desk.form(B, "11-18 10:05", "yes", "no")
    desk.round()
    assert desk.letters_to(B) == []
    assert desk.answers_of(B) == ("yes", "no")
    (again,) = say(desk, HUANG, "11-18 10:10", "暂停发送")
    assert "此前已经暂停" in again.text
    say(desk, HUANG, "11-18 10:20", resume_line(again))
    assert desk.kinds_to(B) == ["acknowledgement"]


def resume_line(letter: Letter) -> str:
    found = re.search(r"PAUSED-[2-9A-HJ-NP-Z]{12}", letter.text)
    assert found, letter.text
    return f"{found[0]} 恢复发送"


QUOTE = "恢复发送\n\n------------------ 原始邮件 ------------------\n发件人: 系统\n主题: 已暂停发送\n\n{}"


@pytest.mark.parametrize(
    ("subject", "text"),
    [("{}", ""), ("回复：已暂停发送", QUOTE), ("恢复发送", "{}"), ("", "请尽快\n{}")],
    ids=["the link", "a plain reply", "said twice", "below other words"],
)
def test_one_reply_of_any_colleague_ends_a_forged_pause(desk: Office, subject: str, text: str) -> None:
    """Where the provider checks nothing, whoever writes 暂停发送 in a colleague's name stops letters, not for long."""
    letters = say(desk, LIU, "11-18 10:00", "暂停发送")
    assert kinds(letters) == [(HUANG, "confirmation"), (LIU, "confirmation")]
    lines = {letter.recipient: resume_line(letter) for letter in letters}
    assert lines[LIU] != lines[HUANG]
    assert all("如非秘书处同事要求暂停" in letter.text for letter in letters)
    desk.form(B, "11-18 10:05", "yes", "no")
    desk.round()
    line = lines[HUANG]
    say(desk, HUANG, "11-18 10:20", subject.format(line), text.format(line))
    assert desk.query("SELECT name FROM gates") == []
    assert desk.kinds_to(B) == ["acknowledgement"]
    (late,) = say(desk, LIU, "11-18 10:30", lines[LIU])
    assert "目前没有暂停" in late.text


def test_nobody_goes_on_with_a_name_alone(desk: Office) -> None:
    """A forged 恢复发送 would let go what cannot be called back; the true colleague gets the line to confirm it."""
    first = next(one for one in say(desk, LIU, "11-18 10:00", "暂停发送") if one.recipient == LIU)
    (asked,) = say(desk, HUANG, "11-18 10:10", "恢复发送")
    assert "尚未恢复发送" in asked.subject
    assert "为防他人冒名" in asked.text
    for wrong in ("PAUSED-22222222222A 恢复发送", f"{resume_line(first)[:19]} 暂停", desk.issue().line("恢复发送")):
        say(desk, HUANG, "11-18 10:12", wrong)
        assert desk.query("SELECT name FROM gates") == [("units",)]
    say(desk, HUANG, "11-18 10:20", resume_line(asked))
    assert desk.query("SELECT name FROM gates") == []
    say(desk, LIU, "11-18 10:30", "暂停发送")
    (old,) = say(desk, LIU, "11-18 10:40", resume_line(first))
    assert "尚未恢复发送" in old.subject
    assert desk.query("SELECT name FROM gates") == [("units",)]


def test_a_stranger_with_the_line_of_a_pause_hears_nothing(desk: Office) -> None:
    letter = next(one for one in say(desk, LIU, "11-18 10:00", "暂停发送") if one.recipient == LIU)
    assert say(desk, "stranger@example.net", "11-18 10:10", resume_line(letter)) == []
    assert desk.query("SELECT name FROM gates") == [("units",)]
    assert "instruction" in desk.held()


def test_a_form_that_came_another_way_is_entered_without_a_letter_to_the_unit(desk: Office) -> None:
    letters = say(desk, LIU, "11-18 10:00", "代录 微信", "请登记。", files=[desk.file(B, "yes", "no", sender=LIU)])
    assert desk.answers_of(B) == ("yes", "no")
    assert desk.query("SELECT channel FROM submissions ORDER BY id DESC LIMIT 1") == [("微信",)]
    assert kinds(letters) == [(LIU, "confirmation")]
    assert "渠道记为“微信”" in letters[0].text
    assert B.name in letters[0].text


def test_a_receipt_goes_to_an_address_that_is_named(desk: Office) -> None:
    desk.allow(B, B.email)
    say(desk, LIU, "11-18 10:00", f"代录 传真 {B.email}", files=[desk.file(B, "yes", "no", sender=LIU)])
    assert desk.kinds_to(B) == ["acknowledgement"]


def test_what_stood_before_goes_to_no_address_that_is_not_the_unit_s(desk: Office) -> None:
    """A colleague's name on a mail is no proof: whoever forges one learns no more than what was attached."""
    say(desk, LIU, "11-18 10:00", "代录 传真", files=[desk.file(B, "yes", "no", sender=LIU)])
    blank = desk.file(B, "yes", "no", sender=LIU, office_phone="", title="示例职务")
    letters = say(desk, LIU, "11-18 10:10", "代录 微信 stranger@example.net", files=[blank])
    assert desk.letters_to("stranger@example.net") == []
    (mine,) = [letter for letter in letters if letter.recipient == LIU]
    assert "为免单位资料外传" in mine.text
    desk.roster(B)
    again = desk.file(B, "yes", "no", sender=LIU, title="另一职务")
    say(desk, LIU, "11-18 10:20", f"代录 微信 {B.email}", files=[again])
    assert desk.kinds_to(B) == ["acknowledgement"]


@pytest.mark.parametrize(
    ("said", "lateness", "sentence"),
    [
        ("12月2日 16:50", "in time", "收到时间记为2016年12月2日（星期五）16:50"),
        ("昨天下午5点半", "late", "收到时间记为2016年12月2日（星期五）17:30"),
        ("12月1日", "in time", "收到时间记为2016年12月1日（星期四）"),
        ("12月2日", "disputed", "是否按时待核"),
        ("", "late", "如实际收到的时间更早，请写明时间再发一次"),
        ("12月4日 9:00", "late", "或晚于来信，未予采用"),
    ],
)
def test_what_is_entered_counts_from_when_it_truly_came(desk: Office, said: str, lateness: str, sentence: str) -> None:
    file = desk.file(B, "yes", "no", sender=LIU)
    letters = say(desk, LIU, "12-03 10:00", f"代录 微信 {said}", files=[file])
    assert desk.standing(B).lateness == lateness  # type: ignore[union-attr]
    (mine,) = [letter for letter in letters if letter.recipient == LIU and letter.subject.startswith("代录")]
    assert sentence in mine.text
    assert ("disputed" in desk.held()) == (lateness == "disputed")


def test_entered_again_with_its_time_a_late_form_is_in_time(desk: Office) -> None:
    file = desk.file(B, "yes", "no", sender=LIU)
    say(desk, LIU, "12-03 10:00", "代录 微信", files=[file])
    assert desk.standing(B).lateness == "late"  # type: ignore[union-attr]
    say(desk, LIU, "12-03 10:20", "代录 微信 12月2日 16:50", files=[file])
    assert desk.standing(B).lateness == "in time"  # type: ignore[union-attr]


def test_what_was_entered_is_noted_and_read_again_as_it_came(desk: Office) -> None:
    desk.allow(B, B.email)
    say(desk, LIU, "12-03 10:00", f"代录 微信 12月2日 {B.email}", files=[desk.file(B, "yes", "no", sender=LIU)])
    assert desk.kinds_to(B) == []  # a person must say first whether it was in time
    assert "因有待办须先处理，处理之后，登记回执将发往" in desk.letters_to(LIU)[-1].text
    assert desk.query("SELECT by, through, word FROM audits") == [(LIU, "mail", "代录 微信")]
    desk.decide("按时", reason="disputed")
    desk.round()
    assert desk.standing(B).lateness == "in time"  # type: ignore[union-attr]
    assert desk.query("SELECT channel FROM submissions ORDER BY id DESC LIMIT 1") == [("微信",)]
    assert desk.kinds_to(B) == ["acknowledgement"]
    desk.round()
    assert desk.kinds_to(B) == ["acknowledgement"]


def test_without_a_form_nothing_is_entered(desk: Office) -> None:
    (letter,) = say(desk, LIU, "11-18 10:00", "代录 电话", "见附件")
    assert "没有附件" in letter.text


def test_several_requests_get_a_short_help(desk: Office) -> None:
    (letter,) = say(desk, LIU, "11-18 10:00", "进度", "名单")
    assert "不止一项请求" in letter.text
    (other,) = say(desk, LIU, "11-18 10:05", "帮助")
    assert "查单位名称" in other.text


def test_a_stranger_may_ask_nothing(desk: Office) -> None:
    assert say(desk, "stranger@example.net", "11-18 10:00", "暂停发送") == []
    assert desk.query("SELECT name FROM gates") == []


# ---- the deputy --------------------------------------------------------------------------------


def test_what_nobody_decides_goes_to_the_deputy_once(desk: Office) -> None:
    desk.until("11-21 08:59")  # Monday
    desk.round()
    assert desk.letters_to(DEPUTY) == []
    desk.until("11-21 09:02")
    desk.round()
    desk.wait(days=1)
    desk.round()
    letter = desk.letter_to(DEPUTY)
    assert A.name in letter.text
    found = CODE.search(letter.text)
    assert found
    say(desk, DEPUTY, "11-22 10:00", f"{found[0]} 是")
    assert desk.answers_of(A) == ("yes", "no")


def test_what_came_before_a_weekend_goes_to_the_deputy_though_what_came_in_it_goes_first(desk: Office) -> None:
    desk.until("11-19 08:00")  # Saturday
    both_ticked(desk, B, "11-19 08:00")
    desk.round()
    desk.until("11-21 08:30")
    desk.round()
    assert [B.name in letter.text for letter in desk.letters_to(DEPUTY)] == [True]
    desk.until("11-21 09:02")
    desk.round()
    *_, second = desk.letters_to(DEPUTY)
    assert A.name in second.text
    assert B.name not in second.text


def test_what_an_older_register_says_of_the_deputy_is_not_said_again(desk: Office) -> None:
    desk.until("11-21 09:02")
    desk.round()
    ((opened,),) = desk.query("SELECT max(opened_at) FROM held")
    both_ticked(desk, B, "11-21 10:00")
    desk.round()
    with desk.works.register.writing() as tx:  # as it was kept before: when the newest that had gone was opened
        notes.write(tx, deputising.MARK, "")
        notes.write(tx, deputising.OPENED_MARK, datetime.fromisoformat(opened).replace(tzinfo=UTC).isoformat())
    desk.until("11-22 10:02")
    desk.round()
    _, second = desk.letters_to(DEPUTY)
    assert B.name in second.text
    assert A.name not in second.text


def test_a_photograph_is_entered_too(desk: Office) -> None:
    picture = (SAMPLES / "pictures" / "photograph.jpg").read_bytes()
    (letter,) = say(desk, LIU, "11-18 10:00", "代录 微信", files=[File("微信图片.jpg", picture)])
    assert "渠道记为“微信”" in letter.text
    assert desk.query("SELECT channel FROM submissions ORDER BY id DESC LIMIT 1") == [("微信",)]

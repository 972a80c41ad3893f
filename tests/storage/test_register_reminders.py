"""Who is invited, what is a sign of life, when every mail is read, and addresses that letters come back from."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import select, update
from storage_office import CAMPAIGN, DOMAIN, MADE_AT, NOW, UNIT, Desk, draft, hours, letter, outcome, raw_mail, reading

from intake.contents import Bounce
from intake.outcome import HeldDraft
from intake.verdict import Verdict
from storage import claims, dead_addresses, figures, finding_letters, letters, mails, reminders, rosters, signs, units
from storage.letter_row import LetterRow
from storage.roster_sheet import RosterRow
from storage.tables import followups, held, messages

A = RosterRow(2, UNIT, addresses=("a@unit.example.com",), copies=("copy@unit.example.com",))
B = RosterRow(3, "示例研究院", former=("示例院旧称",), addresses=("b@163.com",), mode="manual")
OPENS = MADE_AT


def _load(desk: Desk, *rows: RosterRow) -> dict[str, int]:
    with desk.register.writing() as tx:
        rosters.load(tx, rows, NOW)
        return {row.name: units.find(tx, row.name) or 0 for row in rows}


def _invited(desk: Desk, among: list[int] | None = None) -> list[reminders.Invited]:
    with desk.register.reading() as tx:
        return reminders.invited(tx, CAMPAIGN, among)


def _life(desk: Desk, since: Any = None) -> dict[str, str]:
    with desk.register.reading() as tx:
        people = reminders.invited(tx, CAMPAIGN)
        found = signs.of_units(tx, CAMPAIGN, [one.someone for one in people], OPENS, since)
    return {one.name: found[one.unit_id] for one in people if one.unit_id in found}


# ---- invited ------------------------------------------------------------------------------------


def test_without_any_circular_the_whole_roster_is_invited(desk: Desk) -> None:
    _load(desk, A, B)
    first, second = _invited(desk)
    assert (first.address, first.notice_at, first.mode) == ("a@unit.example.com", None, "auto")
    assert first.someone.addresses == ("a@unit.example.com", "copy@unit.example.com")
    assert (second.mode, second.someone.domains) == ("manual", frozenset())
    assert "示例院旧称" in second.someone.names
    assert [one.name for one in _invited(desk, [second.unit_id])] == [B.name]


def test_with_circulars_only_units_whose_own_was_sent(desk: Desk) -> None:
    ids = _load(desk, A, B)
    waits = desk.write(letter("1", "circular"), unit_id=ids[A.name])
    assert _invited(desk) == []
    desk.send(waits.id, NOW + hours(1))
    assert [(one.name, one.notice_at) for one in _invited(desk)] == [(A.name, NOW + hours(1))]


def test_a_circular_said_in_another_letter_shares_its_fate(desk: Desk) -> None:
    ids = _load(desk, A, B)
    first = desk.write(letter("1", "circular"), unit_id=ids[A.name])
    second = desk.write(letter("2", "circular"), unit_id=ids[B.name])
    with desk.register.writing() as tx:
        assert claims.claim(tx, first.id, "主题", b"raw", NOW)
        letters.merge(tx, [second.id], first.id, NOW)
    with desk.register.writing() as tx:
        claims.settle(tx, first.id, "sent", NOW + hours(1))
    assert [one.name for one in _invited(desk)] == [A.name, B.name]
    with desk.register.reading() as tx:
        assert sorted(finding_letters.units_of(tx, first.id)) == sorted(ids.values())


def test_a_unit_that_left_the_roster_is_not_invited(desk: Desk) -> None:
    _load(desk, A, B)
    _load(desk, B)
    assert [one.name for one in _invited(desk)] == [B.name]


def test_a_round_is_written_once_and_takes_back_what_waits_of_the_one_before(desk: Desk) -> None:
    ids = _load(desk, A)
    for name in ("20161202-7", "20161202-7", "20161202-3"):
        one = (ids[A.name], replace(letter(name, "reminder"), key=f"{CAMPAIGN}/{name}"))
        with desk.register.writing() as tx:
            written = reminders.write(tx, [one], now=NOW, domain=DOMAIN)
            reminders.finish(tx, CAMPAIGN, name, NOW, NOW, written)
    with desk.register.reading() as tx:
        assert reminders.is_done(tx, CAMPAIGN, "20161202-7")
        assert not reminders.is_done(tx, CAMPAIGN, "20161202-1")
    assert [row.key.rpartition("/")[2] for row in desk.due()] == ["20161202-3"]


# ---- signs of life ------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("sender", "kind", "alive"),
    [
        ("a@unit.example.com", "courtesy", [A.name]),
        ("copy@unit.example.com", "unrelated", [A.name]),
        ("boss@unit.example.com", "question", [A.name]),
        ("b@163.com", "question", [B.name]),
        ("somebody@163.com", "question", []),
        ("a@sub.unit.example.com", "question", []),
        ("boss@unit.example.com", "auto-reply", []),
        ("postmaster@unit.example.com", "bounce", []),
        ("a@unit.example.com", "receipt", []),
    ],
)
def test_a_mail_of_a_person_at_the_units_address_or_own_domain(
    desk: Desk, sender: str, kind: Any, alive: list[str]
) -> None:
    _load(desk, A, B)
    desk.record(outcome(verdict=Verdict(kind, ())), reading(sender))
    assert sorted(_life(desk)) == alive


def test_a_machines_mail_that_waits_for_a_person_is_one(desk: Desk) -> None:
    _load(desk, A)
    held = (HeldDraft("protected", "自动发出的来信中有填好的表格。"),)
    desk.record(outcome(verdict=Verdict("auto-reply", ()), held=held), reading("a@unit.example.com"))
    assert _life(desk) == {A.name: signs.WROTE}


def test_mails_from_before_the_campaign_are_none(desk: Desk) -> None:
    _load(desk, A)
    at = OPENS - timedelta(days=1)
    desk.record(outcome(verdict=Verdict("question", ()), received_at=at), reading(), at=at)
    assert _life(desk) == {}


def test_a_submission_is_one_unless_it_was_dropped(desk: Desk) -> None:
    _load(desk, A)
    proposal = draft(unit_id=_invited(desk)[0].unit_id, standing=False)
    desk.record(outcome(proposal, held=(HeldDraft("other-sender", "两份", 0),)), reading("x@163.com"))
    assert _life(desk) == {A.name: signs.SUBMITTED}


def test_a_near_name_that_waits_is_one(desk: Desk) -> None:
    _load(desk, A)
    near = draft(unit=UNIT.replace("北京", ""), standing=False)
    desk.record(outcome(near, held=(HeldDraft("near-name", "相近", 0),)), reading("x@163.com"))
    assert _life(desk) == {A.name: signs.PENDING}
    with desk.register.writing() as tx:
        tx.execute(update(held).values(state="decided"))
    assert _life(desk) == {}


def test_a_mail_that_names_the_unit_in_its_subject_or_a_file_is_one(desk: Desk) -> None:
    _load(desk, A, B)
    attempt = outcome(
        letters=(letter("1", "unreadable", "x@163.com", facts={"files": [{"name": "示例研究院意向书.doc"}]}),),
        verdict=Verdict("attempt", ()),
    )
    desk.record(attempt, reading("x@163.com"))
    question = replace(reading("y@163.com"), subject=f"关于{UNIT}入盟")
    desk.record(outcome(verdict=Verdict("question", ())), question)
    assert _life(desk) == {A.name: signs.NAMED, B.name: signs.NAMED}
    assert _life(desk, NOW + hours(1)) == {}  # read before


def test_an_answer_to_a_letter_of_ours_is_one_whoever_wrote_it(desk: Desk) -> None:
    ids = _load(desk, A)
    sent = desk.write(letter("1", "reminder"), unit_id=ids[A.name])
    desk.send(sent.id)
    auto = reading("x@163.com", answers_to=(sent.message_id,), message_id="<1@163.com>")
    desk.record(outcome(verdict=Verdict("auto-reply", ())), auto)
    assert _life(desk) == {}
    person = reading("x@163.com", answers_to=(sent.message_id,), message_id="<2@163.com>")
    desk.record(outcome(verdict=Verdict("courtesy", ())), person)
    assert _life(desk) == {A.name: signs.ANSWERED}


# ---- every mail read ----------------------------------------------------------------------------


def test_every_folder_must_have_been_fetched_to_its_end_and_every_mail_be_handled(desk: Desk) -> None:
    def waits() -> str:
        with desk.register.reading() as tx:
            return signs.unread(tx, "box", NOW - hours(0.25))

    assert waits() != ""  # never fetched at all
    with desk.register.writing() as tx:
        for folder in ("INBOX", "旧文件夹"):
            mails.raise_mark(tx, "box", folder, 1, 10)
        mails.set_complete(tx, "box", "INBOX", NOW)
    assert "收取" in waits()
    with desk.register.writing() as tx:
        mails.note_present(tx, "box", {"INBOX"}, NOW)
    assert waits() == ""
    mail = desk.receive()
    assert "处理" in waits()
    desk.record_again(mail, outcome())
    with desk.register.writing() as tx:
        mails.receive(tx, [(raw_mail(99, fault="short"), None)], now=NOW, made_at=MADE_AT)
    assert "取回" in waits()
    with desk.register.writing() as tx:
        mails.note_present(tx, "box", {"旧文件夹"}, NOW)
    assert "收取" in waits()  # it is there again, and was not fetched


# ---- bounces ------------------------------------------------------------------------------------


def _dead(desk: Desk) -> dict[str, dead_addresses.DeadAddress]:
    with desk.register.reading() as tx:
        return dead_addresses.among(tx, ["A@unit.example.com", "b@163.com"])


def _bounce(desk: Desk, of: LetterRow, **more: Any) -> int:
    told = Bounce(**({"original_id": of.message_id, "permanent": True, "diagnostic": "550 不存在"} | more))
    mail = desk.record(outcome(bounced=told, verdict=Verdict("bounce", ())), reading("postmaster@163.com"))
    return mail.id


def test_a_permanent_bounce_marks_the_address_with_what_when_and_which(desk: Desk) -> None:
    _load(desk, A)
    sent = desk.send(desk.write(letter("1", "reminder")).id)
    mail_id = _bounce(desk, sent)
    (found,) = _dead(desk).values()
    assert (found.address, found.said, found.letter_id) == (sent.recipient, "550 不存在", sent.id)
    assert (found.message_id, found.since) == (mail_id, NOW)
    _load(desk, A)
    assert list(_dead(desk)) == [sent.recipient]
    with desk.register.reading() as tx:
        assert figures.status(tx, NOW).dead_addresses == (sent.recipient,)
    _load(desk, replace(A, addresses=("new@unit.example.com",)))
    _load(desk, A)
    assert _dead(desk) == {}
    again = desk.send(desk.write(letter("2", "reminder")).id)
    _bounce(desk, again)
    assert _dead(desk)[sent.recipient].letter_id == again.id


@pytest.mark.parametrize("told", [{"permanent": False}, {"of_letter": True}, {"original_id": "<nobody@example.com>"}])
def test_other_bounces_mark_nothing(desk: Desk, told: dict[str, Any]) -> None:
    sent = desk.send(desk.write(letter("1", "reminder")).id)
    _bounce(desk, sent, **told)
    assert _dead(desk) == {}


def test_the_questions_of_a_lost_letter_go_to_the_secretariat_and_the_submission_stays(desk: Desk) -> None:
    facts = {"units": [{"unit": UNIT, "choices": [{"id": "join", "label": "是否加入"}], "unclear": ["是否加入"]}]}
    asks = letter("1", "acknowledgement", facts=facts, submissions=(0,))
    values = {**draft().values, "phone": replace(draft().values["unit"], text="010-8000 0001转2")}
    desk.record(outcome(draft(values=values, asked=("join",)), letters=(asks,)))
    sent = desk.send(desk.due()[0].id)
    _bounce(desk, sent)
    with desk.register.reading() as tx:
        item = tx.execute(select(held)).one()
        assert tx.execute(select(followups.c.state, followups.c.handed_at)).one() == ("open", NOW)
        assert tx.scalar(select(messages.c.state).where(messages.c.kind == "bounce")) == "handled"
        standing = reminders.invited(tx, CAMPAIGN)
    assert standing == []
    assert item.reason == "bounced"
    assert "“是否加入”" in item.sentence
    assert "请致电010-8000 0001转2联系" in item.sentence
    assert "登记不变" in item.sentence

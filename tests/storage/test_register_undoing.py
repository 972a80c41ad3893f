"""A decision is noted with what it changed, and undone exactly where nothing newer has come."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import select
from storage_office import CAMPAIGN, NOW, UNIT, Desk, draft, letter, outcome

from intake.errors import Permanent
from intake.outcome import HeldDraft
from intake.workdays import Calendar
from scheduler import deciding
from storage import audits, chasing, doubtful, followups, gates, held, mails, spam, tokens
from storage import units as held_units
from storage.register import Register
from storage.tables import metadata, units
from storage.tables import tokens as tokens_table

BY = "secretary@example.com"
PLAIN = deciding.Desk({}, {}, Calendar(), "example.com")
UNCLEAR = HeldDraft("unclear", "“加入联盟”一项无法确认。", 0, "join")
NEAR = HeldDraft("near-name", "名称相近。", 0)
LATE = HeldDraft("late-change", "逾期更改。", 0)
DISPUTED = HeldDraft("disputed", "是否按时有争议。", 0)


def everything(register: Register) -> Mapping[str, list[Any]]:
    """Every row of every table, but for the audit and the numbers of letters."""
    with register.reading() as tx:
        return {
            table.name: [tuple(row) for row in tx.execute(select(table).order_by(*table.primary_key.columns))]
            for table in metadata.sorted_tables
            if table.name not in ("audits", "tokens")
        }


def decide(register: Register, words: str) -> deciding.Decided:
    with register.writing() as tx:
        (row,) = held.list_open(tx)
        return deciding.decide(tx, PLAIN, row.reference, words, by=BY, through="shell", now=NOW)


def undo(register: Register, audit_id: int) -> int:
    with register.writing() as tx:
        return deciding.undo(tx, audit_id, by=BY, through="mail", now=NOW + timedelta(minutes=5))[1]


@pytest.mark.parametrize("words", ["是", "否", "空白", "补正"])
def test_an_answer_is_undone_to_the_last_column(register: Register, desk: Desk, words: str) -> None:
    desk.record(outcome(draft(join="unclear", asked=("join", "contact")), held=(UNCLEAR,)))
    before = everything(register)
    decided = decide(register, words)
    assert everything(register) != before
    assert undo(register, decided.audit_id) == 0
    assert everything(register) == before


@pytest.mark.parametrize("words", ["接受", "不接受"])
def test_a_proposal_is_undone(register: Register, desk: Desk, words: str) -> None:
    desk.record(outcome(draft(join="yes")))
    desk.record(outcome(draft(join="no", standing=False), held=(LATE,)))
    before = everything(register)
    decided = decide(register, words)
    undo(register, decided.audit_id)
    assert everything(register) == before


@pytest.mark.parametrize("words", ["同一单位", "不同单位", "不接受"])
def test_a_near_name_is_undone(register: Register, desk: Desk, words: str) -> None:
    desk.record(outcome(draft()))
    desk.record(outcome(draft(unit=f"{UNIT}公司", standing=False), held=(NEAR,)))
    before = everything(register)
    decided = decide(register, words)
    undo(register, decided.audit_id)
    assert everything(register) == before


def test_what_a_mail_read_again_brought_is_undone_with_the_decision(register: Register, desk: Desk) -> None:
    mail = desk.record(outcome(draft(lateness="disputed"), held=(DISPUTED,)))
    before = everything(register)
    decided = decide(register, "按时")
    with register.reading() as tx:
        again = mails.by_id(tx, mail.id)
    assert again is not None
    assert again.state == "received"
    desk.record_again(again, outcome(draft(), letters=(letter(),)))
    undo(register, decided.audit_id)
    assert everything(register) == before


def unit_of(register: Register) -> int:
    with register.reading() as tx:
        found = held_units.find(tx, UNIT)
    assert found is not None
    return found


@pytest.mark.parametrize("words", ["收到", "不再要求", "补正", "已电话联系"])
def test_what_was_handed_over_is_undone(register: Register, desk: Desk, words: str) -> None:
    desk.record(outcome(draft(asked=("contact",), asked_due=NOW)))
    with register.writing() as tx:
        (owed,) = followups.all_open(tx, CAMPAIGN)
        chasing.hand_over(tx, CAMPAIGN, owed.unit_id, [owed.id], "overdue", "尚欠联系人。", NOW)
    before = everything(register)
    decided = decide(register, words)
    undo(register, decided.audit_id)
    assert everything(register) == before


@pytest.mark.parametrize("words", ["接受", "不接受"])
def test_a_member_s_new_data_are_undone_with_the_letter_that_waits(register: Register, desk: Desk, words: str) -> None:
    desk.record(outcome(draft(liaison={"contact": "甲"})))
    details = {"changes": {"contact": ["甲", "丁"]}, "thanks": {"units": [{"unit": UNIT}]}}
    item = HeldDraft("data-change", "联系人变更。", unit_id=unit_of(register), details=details)
    desk.record(outcome(held=(item,)), text="new data")
    before = everything(register)
    decided = decide(register, words)
    undo(register, decided.audit_id)
    assert everything(register) == before


@pytest.mark.parametrize("words", ["收到", "不是"])
def test_a_paper_is_undone(register: Register, desk: Desk, words: str) -> None:
    desk.record(outcome(draft()))
    unit_id = unit_of(register)
    with register.writing() as tx:
        followups.begin(tx, CAMPAIGN, unit_id, "material", "licence", NOW)
    desk.record(outcome(held=(HeldDraft("material", "似为执照。", key="licence", unit_id=unit_id),)), text="paper")
    before = everything(register)
    decided = decide(register, words)
    undo(register, decided.audit_id)
    assert everything(register) == before


@pytest.mark.parametrize("words", ["已发", "重发", "不发"])
def test_a_letter_in_doubt_is_undone_until_it_goes(register: Register, desk: Desk, words: str) -> None:
    sent = desk.send(desk.write(letter(kind="circular")).id, NOW, "doubt")
    with register.writing() as tx:
        doubtful.hold(tx, sent, NOW)
    before = everything(register)
    decided = decide(register, words)
    undo(register, decided.audit_id)
    assert everything(register) == before


def test_another_item_that_no_mail_brought_stands_in_no_way(register: Register, desk: Desk) -> None:
    for number in range(2):
        sent = desk.send(desk.write(letter(key=f"k{number}", kind="circular")).id, NOW, "doubt")
        with register.writing() as tx:
            doubtful.hold(tx, sent, NOW)
    before = everything(register)
    with register.reading() as tx:
        references = [row.reference for row in held.list_open(tx)]
    told = {"by": BY, "now": NOW}
    with register.writing() as tx:
        done = [deciding.decide(tx, PLAIN, each, "已发", through="shell", **told) for each in references]
    for each in done:
        undo(register, each.audit_id)
    assert everything(register) == before


def test_letters_that_went_again_keep_the_gate_open(register: Register, desk: Desk) -> None:
    refused = desk.send(desk.write(letter()).id, NOW, "refused")
    with register.writing() as tx:
        gates.shut(tx, gates.of_campaign(CAMPAIGN), "被判为垃圾邮件", None, now=NOW)
        spam.hold(tx, refused, "被判为垃圾邮件。", NOW)
    decided = decide(register, "恢复")
    desk.send(refused.id, NOW + timedelta(minutes=1))
    before = everything(register)
    with pytest.raises(Permanent) as raised:
        undo(register, decided.audit_id)
    assert "有关信函已经处理" in raised.value.sentence
    assert everything(register) == before


def test_a_newer_form_of_the_unit_stands(register: Register, desk: Desk) -> None:
    desk.record(outcome(draft(join="unclear"), held=(UNCLEAR,)))
    decided = decide(register, "是")
    desk.record(outcome(draft(join="no")))
    before = everything(register)
    with pytest.raises(Permanent) as raised:
        undo(register, decided.audit_id)
    assert "新的来件" in raised.value.sentence
    assert everything(register) == before


def test_it_is_undone_once(register: Register, desk: Desk) -> None:
    desk.record(outcome(draft(join="unclear"), held=(UNCLEAR,)))
    decided = decide(register, "是")
    undo(register, decided.audit_id)
    with pytest.raises(Permanent):
        undo(register, decided.audit_id)
    assert decide(register, "否").row.decision == "否"


def test_the_audit_says_who_what_when_and_through_what(register: Register, desk: Desk) -> None:
    desk.record(outcome(draft(join="unclear"), held=(UNCLEAR,)))
    decided = decide(register, "是")
    undo(register, decided.audit_id)
    with register.reading() as tx:
        first, second = audits.since(tx, NOW - timedelta(days=1))
        unit_id = tx.scalar(select(units.c.id).where(units.c.name == UNIT))
    assert (first.at, first.by, first.through, first.what, first.word) == (NOW, BY, "shell", "held", "是")
    assert (first.unit_id, first.reference, first.undone_by) == (unit_id, decided.row.reference, second.id)
    assert (second.what, second.through) == ("undo", "mail")


def test_a_token_opens_one_item_once(register: Register, desk: Desk) -> None:
    desk.record(outcome(draft(join="unclear"), held=(UNCLEAR,)))
    with register.writing() as tx:
        (row,) = held.list_open(tx)
        first, second = tokens.issue(tx, row.id, NOW), tokens.issue(tx, row.id, NOW)
        assert tokens.state_for(tx, first.token.lower(), row.id) == "valid"
        assert tokens.state_for(tx, first.token, row.id + 1) == "another"
        assert tokens.state_for(tx, "23456789ABCD", row.id) == "unknown"
        tokens.use(tx, first.token, NOW)
        assert tokens.state_for(tx, first.token, row.id) == "used"
        assert tokens.state_for(tx, second.token, row.id) == "valid"
        kept = list(tx.scalars(select(tokens_table.c.digest)))
    assert first.token != second.token
    assert not any(token in digest for token in (first.token, second.token) for digest in kept)
    decide(register, "是")
    with register.reading() as tx:
        assert tokens.state_for(tx, second.token, row.id) == "closed"


def test_a_token_that_undoes_expires(register: Register) -> None:
    with register.writing() as tx:
        audit_id = audits.note(tx, at=NOW, by=BY, through="mail", what="held", word="是")
        token = tokens.issue_undo(tx, audit_id, NOW, NOW + timedelta(hours=1))
        assert tokens.undo_of(tx, token, NOW) == (audit_id, "valid")
        assert tokens.undo_of(tx, token, NOW + timedelta(hours=1)) == (audit_id, "expired")
        assert tokens.state_for(tx, token, 1) == "another"


def test_a_wrong_word_is_not_noted(register: Register, desk: Desk) -> None:
    desk.record(outcome(draft(join="unclear"), held=(UNCLEAR,)))
    before = everything(register)
    with pytest.raises(Permanent):
        decide(register, "也许")
    assert everything(register) == before
    with register.reading() as tx:
        assert audits.since(tx, NOW - timedelta(days=1)) == []

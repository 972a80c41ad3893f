"""A person decides; what they decided stands."""

from __future__ import annotations

import contextlib
from typing import Any

import pytest
from sqlalchemy import func, select
from storage_office import NOW, UNIT, Desk, draft, hours, letter, outcome, reading

from intake.errors import Permanent, WrongUsage
from intake.outcome import HeldDraft
from storage import held, mails, rosters
from storage.register import Register
from storage.rosters import RosterRow
from storage.tables import followups, letters, messages, submissions

BY = "secretary@example.com"
UNCLEAR = HeldDraft("unclear", "“加入联盟”一项无法确认。", 0, "join")


def open_row(register: Register) -> held.HeldRow:
    with register.reading() as tx:
        (row,) = held.list_open(tx)
    return row


def decide(register: Register, words: str, options: tuple[str, ...] = ()) -> held.HeldRow:
    row = open_row(register)
    with register.writing() as tx:
        return held.decide(tx, row.reference.lower(), words, BY, NOW, options)


def standing(desk: Desk, unit: str = UNIT) -> Any:
    return desk.known(reading("look@x.example.com", message_id="<look>", units=(unit,))).earlier[0]


def states(register: Register) -> list[str]:
    with register.reading() as tx:
        return list(tx.scalars(select(submissions.c.state).order_by(submissions.c.id)))


def retry(register: Register, mail: mails.MailRow, reference: str) -> mails.MailRow:
    with register.writing() as tx:
        held.retry(tx, reference, NOW)
        found = mails.by_id(tx, mail.id)
    assert found is not None
    return found


@pytest.mark.parametrize(
    ("sender", "offered"), [("a@unit.example.com", True), ("noreply@unit.example.com", False), ("", False)]
)
def test_who_cannot_be_asked_anew_is_not_offered_so(register: Register, desk: Desk, sender: str, offered: bool) -> None:
    desk.record(outcome(held=(HeldDraft("attempts", "未读到表格。"),)), reading(sender))
    row = open_row(register)
    with register.writing() as tx:
        assert ("补正" in held.words_of(tx, row)) is offered
        with contextlib.nullcontext() if offered else pytest.raises(WrongUsage):
            held.decide(tx, row.reference, "补正", BY, NOW, domain="example.com")
        assert tx.scalar(select(func.count()).select_from(letters)) == offered


@pytest.mark.parametrize(("words", "answer"), [("是", "yes"), ("No", "no"), ("空白", "blank")])
def test_an_answer_is_set_with_who_gave_it(register: Register, desk: Desk, words: str, answer: str) -> None:
    mail = desk.record(outcome(draft(join="unclear", asked=("join", "contact")), held=(UNCLEAR,)))
    row = decide(register, words)
    assert (row.state, row.decision, row.decided_by, row.closed_at) == ("decided", words, BY, NOW)
    found = standing(desk)
    assert (found.choices["join"].answer, found.decided, found.asked) == (
        answer,
        frozenset({"join"}),
        frozenset({"contact"}),
    )
    assert found.choices["join"].evidence == "☑"
    with register.reading() as tx:
        assert tx.scalar(select(messages.c.state).where(messages.c.id == mail.id)) == "handled"


def test_a_campaigns_own_options_are_answers(register: Register, desk: Desk) -> None:
    desk.record(outcome(draft(join="unclear"), held=(UNCLEAR,)))
    decide(register, "弃权", ("同意", "不同意", "弃权"))
    assert standing(desk).choices["join"].answer == "弃权"


def test_a_choice_of_other_options_is_never_answered_by_yes_or_no(register: Register, desk: Desk) -> None:
    desk.record(outcome(draft(join="unclear"), held=(UNCLEAR,)))
    for words in ("是", "no"):
        with pytest.raises(WrongUsage) as refused:
            decide(register, words, ("同意", "不同意"))
        assert refused.value.sentence == f"“{words}”不是可用的答复，请写：同意、不同意、空白。"
    decide(register, "空白", ("同意", "不同意"))
    assert standing(desk).choices["join"].answer == "blank"


def test_a_wrong_word_changes_nothing(register: Register, desk: Desk) -> None:
    desk.record(outcome(draft(join="unclear"), held=(UNCLEAR,)))
    with pytest.raises(Permanent) as raised:
        decide(register, "也许")
    assert "是、否、空白" in raised.value.sentence
    assert standing(desk).choices["join"].answer == "unclear"


def test_nothing_is_decided_twice(register: Register, desk: Desk) -> None:
    desk.record(outcome(draft(join="unclear"), held=(UNCLEAR,)))
    row = decide(register, "是")
    with pytest.raises(Permanent), register.writing() as tx:
        held.decide(tx, row.reference, "否", BY, NOW)
    with pytest.raises(Permanent), register.writing() as tx:
        held.show(tx, "NOSUCH")
    assert standing(desk).choices["join"].answer == "yes"


def test_the_answer_stands_in_what_stands_now(register: Register, desk: Desk) -> None:
    desk.record(outcome(draft(join="unclear"), held=(UNCLEAR,)))
    first = standing(desk)
    desk.record(outcome(draft(unit_id=first.unit_id, replaces=first.submission_id, join="unclear")))
    decide(register, "是")
    assert standing(desk).choices["join"].answer == "yes"


def test_a_decision_lives_on_until_another_answer(desk: Desk, register: Register) -> None:
    desk.record(outcome(draft(join="unclear"), held=(UNCLEAR,)))
    decide(register, "是")
    for answer, decided in [("yes", {"join"}), ("no", set())]:
        earlier = standing(desk)
        desk.record(outcome(draft(unit_id=earlier.unit_id, replaces=earlier.submission_id, join=answer)))
        assert (standing(desk).choices["join"].answer, standing(desk).decided) == (answer, decided)


def test_reading_again_never_changes_a_decision(register: Register, desk: Desk) -> None:
    mail = desk.record(outcome(draft(join="unclear"), held=(UNCLEAR,)))
    row = decide(register, "是")
    again = retry(register, mail, row.reference)
    assert (again.state, again.retried) == ("received", True)
    earlier = standing(desk)
    desk.record_again(
        again, outcome(draft(unit_id=earlier.unit_id, replaces=earlier.submission_id, join="no"), held=(UNCLEAR,))
    )
    assert (standing(desk).choices["join"].answer, standing(desk).decided) == ("yes", {"join"})
    with register.reading() as tx:
        assert held.list_open(tx) == []
        assert tx.scalar(select(messages.c.state).where(messages.c.id == mail.id)) == "handled"


def test_reading_again_says_nothing_twice_and_drops_what_it_proposed(register: Register, desk: Desk) -> None:
    proposal = draft(standing=False)
    what = outcome(proposal, letters=(letter(),), held=(HeldDraft("other-sender", "另一地址来件。", 0),))
    mail = desk.record(what)
    again = retry(register, mail, open_row(register).reference)
    desk.record_again(again, what)
    assert states(register) == ["dropped", "proposed"]
    assert len(desk.due()) == 1
    assert open_row(register).submission_id is not None


def test_a_dropped_proposal_stays_dropped_when_read_again(register: Register, desk: Desk) -> None:
    what = outcome(draft(standing=False), held=(HeldDraft("other-sender", "另一地址来件。", 0),))
    mail = desk.record(what)
    row = decide(register, "不接受")
    desk.record_again(retry(register, mail, row.reference), what)
    assert states(register) == ["dropped", "dropped"]
    with register.reading() as tx:
        assert held.list_open(tx) == []


@pytest.mark.parametrize(("words", "after"), [("接受", ["replaced", "standing"]), ("不接受", ["standing", "dropped"])])
def test_a_proposal_is_accepted_or_dropped(register: Register, desk: Desk, words: str, after: list[str]) -> None:
    desk.record(outcome(draft()))
    first = standing(desk)
    other = draft(unit_id=first.unit_id, replaces=first.submission_id, join="no", standing=False)
    desk.record(outcome(other, held=(HeldDraft("other-sender", "另一地址来件。", 0),)))
    decide(register, words)
    assert states(register) == after
    assert standing(desk).receipt == first.receipt


@pytest.mark.parametrize(("words", "lateness", "first"), [("按时", "in time", True), ("逾期", "late", False)])
def test_a_disputed_time_is_decided(register: Register, desk: Desk, words: str, lateness: str, first: bool) -> None:
    desk.record(outcome(draft(lateness="disputed"), held=(HeldDraft("disputed", "是否按时有争议。", 0),)))
    decide(register, words)
    assert (standing(desk).lateness, standing(desk).original_in_time) == (lateness, first)


def test_a_near_name_is_the_same_unit(register: Register, desk: Desk) -> None:
    with register.writing() as tx:
        rosters.load(tx, [RosterRow(2, UNIT)], NOW)
    slip = "示例知识产权代理有限公司"
    desk.record(outcome(draft(slip, standing=False), held=(HeldDraft("near-name", "名称相近。", 0),)))
    decide(register, "同一单位")
    assert standing(desk).choices["join"].answer == "yes"
    assert standing(desk, slip) == standing(desk)
    assert standing(desk).receipt


def test_a_near_name_is_another_unit(register: Register, desk: Desk) -> None:
    with register.writing() as tx:
        rosters.load(tx, [RosterRow(2, UNIT)], NOW)
    slip = "示例知识产权代理有限公司"
    desk.record(outcome(draft(slip, standing=False), held=(HeldDraft("near-name", "名称相近。", 0),)))
    decide(register, "不同单位")
    assert standing(desk) is None
    assert standing(desk, slip).choices["join"].answer == "yes"


def test_of_several_near_names_one_must_be_named(register: Register, desk: Desk) -> None:
    names = [UNIT, "北京示例知识产权代理有限责任公司"]
    with register.writing() as tx:
        rosters.load(tx, [RosterRow(at, name) for at, name in enumerate(names)], NOW)
    slip = "示例知识产权代理公司"
    desk.record(outcome(draft(slip, standing=False), held=(HeldDraft("near-name", "名称相近。", 0),)))
    for words in ("同一单位", "同一单位：没有这家", "也许"):
        with pytest.raises(Permanent):
            decide(register, words)
    decide(register, f"同一单位：{names[1]}")
    assert standing(desk, names[1]).choices["join"].answer == "yes"
    assert standing(desk, names[0]) is None


def test_what_names_no_submission_is_closed_with_a_note(register: Register, desk: Desk) -> None:
    mail = desk.record(outcome(held=(HeldDraft("statement", "来信表示同意。"), HeldDraft("question", "来信询问。"))))
    with register.writing() as tx:
        first, second = held.list_open(tx)
        assert (first.sender, first.subject, first.received_at) == ("a@unit.example.com", "意向书", NOW)
        held.decide(tx, first.reference, "已电话答复", BY, NOW)
        assert tx.scalar(select(messages.c.state).where(messages.c.id == mail.id)) == "held"
        with pytest.raises(Permanent):
            held.decide(tx, second.reference, "  ", BY, NOW)
        held.decide(tx, second.reference, "已答复", BY, NOW)
        assert tx.scalar(select(messages.c.state).where(messages.c.id == mail.id)) == "handled"


def test_an_accepted_near_name_takes_its_questions_along(register: Register, desk: Desk) -> None:
    with register.writing() as tx:
        rosters.load(tx, [RosterRow(2, UNIT)], NOW)
    held_ = HeldDraft("near-name", "名称相近。", 0)
    desk.record(outcome(draft("示例知识产权代理有限公司", standing=False, asked=("contact",)), held=(held_,)))
    decide(register, "同一单位")
    with register.reading() as tx:
        assert tx.scalars(select(followups.c.id)).all() == []  # a proposal asks nothing
    assert standing(desk).received_at < NOW + hours(1)

"""What was decided about a mail is written whole, once, and found again."""

from __future__ import annotations

import re
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import func, select
from sqlalchemy.exc import IntegrityError
from storage_office import (
    CAMPAIGN,
    DOMAIN,
    FORM,
    NOW,
    UNIT,
    Desk,
    answers,
    draft,
    hours,
    letter,
    office,
    outcome,
    reading,
)

from intake.answers import Value
from intake.contents import Bounce
from intake.outcome import HeldDraft, Outcome
from storage import followups, held, knowing, letters, mails, recording, units
from storage.register import Register
from storage.tables import choices, messages, metadata, receipts, submissions
from storage.tables import followups as followups_table
from storage.tables import units as units_table


def column(register: Register, what: Any, *where: Any) -> list[Any]:
    with register.reading() as tx:
        return list(tx.scalars(select(what).where(*where).order_by(what.table.c.id)))


def standing(desk: Desk, unit: str = UNIT) -> Any:
    known = desk.known(reading(message_id="<look>", units=(unit,)))
    return known.earlier[0]


def test_a_first_form_makes_unit_receipt_submission_choices_and_letter(register: Register, desk: Desk) -> None:
    facts = {"subject": "意向书", "units": [{"unit": UNIT, "receipt": ""}]}
    mail = desk.record(outcome(draft(), letters=(letter(facts=facts, submissions=(0,)),)))
    found = standing(desk)
    assert (found.lateness, found.sender, found.received_at) == ("in time", "a@unit.example.com", NOW)
    assert found.values["contact"] == Value("示例联系人", "第2行第2列")
    assert found.choices == answers(join="yes", member="blank")
    assert re.fullmatch(r"[1-9][0-9]{5}", found.receipt)
    (one,) = desk.due()
    assert (one.facts["units"][0]["receipt"], one.unit_id, one.about_id) == (found.receipt, found.unit_id, mail.id)
    assert column(register, messages.c.state) == ["handled", "received"]
    assert column(register, messages.c.kind)[0] == "form"


def test_a_mail_is_recorded_once(register: Register, desk: Desk) -> None:
    mail = desk.record(outcome(draft(), letters=(letter(),)))
    assert not desk.record_again(mail, outcome(draft(), letters=(letter("second"),)))
    assert len(column(register, submissions.c.id)) == 1
    assert len(desk.due()) == 1


def test_all_or_nothing(register: Register, desk: Desk) -> None:
    mail = desk.receive()
    broken = outcome(draft(), letters=(letter(), letter("wrong", submissions=(5,))))
    with pytest.raises(IndexError):
        desk.record_again(mail, broken)
    with register.reading() as tx:
        counted = {name: tx.scalar(select(func.count()).select_from(table)) for name, table in metadata.tables.items()}
    assert {name for name, number in counted.items() if number} == {"facts", "messages", "sightings"}
    assert desk.record_again(mail, outcome(draft()))


def test_a_correction_replaces_and_keeps_the_receipt(register: Register, desk: Desk) -> None:
    desk.record(outcome(draft(join="unclear")))
    first = standing(desk)
    desk.record(outcome(draft(unit_id=first.unit_id, replaces=first.submission_id, join="no")))
    second = standing(desk)
    assert (second.receipt, second.choices["join"].answer) == (first.receipt, "no")
    assert column(register, submissions.c.state) == ["replaced", "standing"]
    assert column(register, submissions.c.replaces_id) == [None, first.submission_id]
    assert len(column(register, receipts.c.id)) == 1


def test_there_is_never_a_second_standing_submission(register: Register, desk: Desk) -> None:
    for spelling in (UNIT, f" {UNIT}（盖章） ", UNIT.replace("代理", "代理 ")):
        desk.record(outcome(draft(spelling)))
    assert column(register, submissions.c.state) == ["replaced", "replaced", "standing"]
    assert len(column(register, units_table.c.id)) == 1


def test_a_late_form_stays_late_at_first_whatever_follows(desk: Desk) -> None:
    desk.record(outcome(draft(lateness="late")))
    first = standing(desk)
    assert (first.lateness, first.original_in_time) == ("late", False)
    desk.record(outcome(draft(unit_id=first.unit_id, replaces=first.submission_id)))
    assert standing(desk).original_in_time is False


def test_a_proposal_replaces_nothing(register: Register, desk: Desk) -> None:
    desk.record(outcome(draft()))
    first = standing(desk)
    other = draft(unit_id=first.unit_id, replaces=first.submission_id, join="no", standing=False)
    desk.record(outcome(other, held=(HeldDraft("other-sender", "另一地址来件。", 0),)), reading("b@x.example.com"))
    assert standing(desk) == first
    assert column(register, submissions.c.state) == ["standing", "proposed"]
    assert column(register, messages.c.state)[:3] == ["handled", "received", "held"]


def test_several_units_in_one_mail_each_get_their_number(desk: Desk) -> None:
    names = ("示例研究院", "示例大学", "示例出版社")
    facts = {"units": [{"unit": name} for name in names]}
    desk.record(outcome(*map(draft, names), letters=(letter(facts=facts, submissions=(0, 1, 2)),)))
    (one,) = desk.due()
    assert [unit["receipt"] for unit in one.facts["units"]] == [standing(desk, name).receipt for name in names]
    assert one.unit_id is None


def test_forms_of_two_campaigns_are_recorded_together(register: Register, desk: Desk) -> None:
    mail = desk.receive()
    both = [outcome(draft()), Outcome(FORM, "another-2017", NOW, (draft(campaign="another-2017"),))]
    with register.writing() as tx:
        assert recording.record(tx, mail, reading(), both, NOW, domain=DOMAIN)
    assert column(register, submissions.c.campaign) == [CAMPAIGN, "another-2017"]
    assert column(register, submissions.c.state) == ["standing", "standing"]


def test_nameless_forms_of_two_senders_are_two_units(register: Register, desk: Desk) -> None:
    for sender in ("a@x.example.com", "b@x.example.com"):
        desk.record(outcome(draft("")), reading(sender))
    assert len(column(register, units_table.c.id)) == 2
    assert column(register, submissions.c.state) == ["standing", "standing"]


def test_the_clock_of_a_question_starts_when_its_letter_was_sent(register: Register, desk: Desk) -> None:
    asked = draft(join="unclear", asked=("join", "contact"), asked_due=NOW + hours(72))
    desk.record(outcome(asked, letters=(letter(submissions=(0,)),)))
    (one,) = desk.due()
    assert one.priority == letters.ASKING
    assert column(register, followups_table.c.asked_at) == [None, None]
    assert column(register, followups_table.c.reason) == ["unclear", "missing"]
    desk.send(one.id, NOW + hours(5), due=lambda campaign, reason, at: at + timedelta(days=3))
    assert column(register, followups_table.c.asked_at) == [NOW + hours(5)] * 2
    assert column(register, followups_table.c.due_at) == [NOW + hours(77)] * 2
    earlier = standing(desk)
    assert (earlier.asked, earlier.asked_due) == (frozenset({"join", "contact"}), NOW + hours(77))


def test_without_a_rule_the_date_that_the_letter_names_stands(register: Register, desk: Desk) -> None:
    asked = draft(asked=("contact",), asked_due=NOW + hours(72))
    desk.record(outcome(asked, letters=(letter(submissions=(0,)),)))
    desk.send(desk.due()[0].id, NOW + hours(5))
    assert column(register, followups_table.c.due_at) == [NOW + hours(72)]


def test_an_answer_settles_its_question_and_what_waits_for_a_person(register: Register, desk: Desk) -> None:
    unclear = HeldDraft("unclear", "“加入联盟”一项无法确认。", 0, "join")
    desk.record(outcome(draft(join="unclear", asked=("join", "contact")), held=(unclear,)))
    first = standing(desk)
    answered = draft(unit_id=first.unit_id, replaces=first.submission_id, settled=("join",), asked=("contact",))
    desk.record(outcome(answered))
    assert column(register, followups_table.c.state) == ["settled", "open"]
    with register.reading() as tx:
        assert held.list_open(tx) == []
    assert standing(desk).asked == frozenset({"contact"})


def test_a_question_asked_again_keeps_its_row_and_clock(register: Register, desk: Desk) -> None:
    desk.record(outcome(draft(asked=("contact",), asked_due=NOW + hours(72)), letters=(letter(submissions=(0,)),)))
    desk.send(desk.due()[0].id, NOW)
    first = standing(desk)
    again = draft(unit_id=first.unit_id, replaces=first.submission_id, asked=("contact",), asked_due=first.asked_due)
    desk.record(outcome(again, letters=(letter("again", submissions=(0,)),)))
    desk.send(desk.due()[0].id, NOW + hours(9))
    assert column(register, followups_table.c.asked_at) == [NOW]
    assert column(register, followups_table.c.submission_id) == [standing(desk).submission_id]


def test_questions_overdue_are_told_once(register: Register, desk: Desk) -> None:
    desk.record(outcome(draft(asked=("contact",), asked_due=NOW + hours(72)), letters=(letter(submissions=(0,)),)))
    with register.writing() as tx:
        assert followups.overdue(tx, NOW + hours(100)) == []  # never sent, so never due
    desk.send(desk.due()[0].id, NOW)
    with register.writing() as tx:
        (one,) = followups.all_open(tx, CAMPAIGN)
        assert followups.overdue(tx, NOW + hours(100)) == [one.id]
        assert followups.overdue(tx, NOW + hours(100)) == []
    assert column(register, followups_table.c.state) == ["overdue"]


def test_letters_of_the_backlog_wait(desk: Desk, register: Register) -> None:
    early = register.made_at - hours(1)
    desk.record(outcome(letters=(letter("held"),)), at=early, text="held")
    desk.record(outcome(letters=(letter("sent"),)), at=early, text="sent", backlog="send")
    assert [one.key.split("/")[1] for one in desk.due()] == ["sent"]


def test_a_late_letter_waits_out_the_grace(desk: Desk) -> None:
    desk.record(outcome(letters=(letter(kind="late", not_before=NOW + hours(0.5)),)))
    assert desk.due() == []
    assert len(desk.due(NOW + hours(0.5))) == 1


@pytest.mark.parametrize("by", ["message-id", "reference", "address"])
def test_a_bounce_finds_its_letter(desk: Desk, by: str) -> None:
    one = desk.send(desk.write(letter(to="gone@x.example.com")).id)
    desk.send(desk.write(letter("other", to="other@x.example.com")).id)
    bounce = Bounce(
        original_id=one.message_id if by == "message-id" else "",
        recipients=("GONE@x.example.com",) if by == "address" else (),
        permanent=True,
        diagnostic="550 Invalid User",
    )
    read = reading("postmaster@example.com", refs=(one.reference,) if by == "reference" else ())
    desk.record(outcome(bounced=bounce), read)
    assert desk.letter(one.id).state == "bounced"


def test_hostile_text_is_stored_as_well_as_it_can_be(register: Register, desk: Desk) -> None:
    wild = "\x00\ud800" + "长" * 3000
    read = reading(f"{'a' * 400}@x.example.com", message_id=wild, answers_to=(wild,) * 500, refs=(wild,) * 500)
    evil = draft(wild, values={"unit": Value(wild), "\x00": Value("\udfff", wild)}, choices=answers(join=wild))
    sent = letter(wild[:200], to="x" * 400, facts={"subject": wild, "units": [wild]}, submissions=(0,))
    mail = desk.record(outcome(evil, letters=(sent,), held=(HeldDraft("unclear", wild, 0, "join"),)), read)
    known = desk.known(read, mail)
    assert not known.copy
    assert column(register, submissions.c["values"])[0]["\ufffd"]["text"] == "\ufffd"
    assert len(column(register, messages.c.message_id)[0]) == 400


def test_a_mail_whose_reader_died_is_held(register: Register, desk: Desk) -> None:
    mail = desk.receive()
    with register.writing() as tx:
        what = outcome(held=(HeldDraft("internal", "读取时程序出错。"),))
        assert recording.record(tx, mail, None, what, NOW, domain=DOMAIN)
        (row,) = held.list_open(tx)
    assert (row.reason, row.raw_hash, row.sender) == ("internal", mail.raw_hash, "")


def test_recording_and_knowing_may_share_a_transaction(register: Register, desk: Desk) -> None:
    first, second = desk.receive(), desk.receive()
    with register.writing() as tx:
        assert knowing.known_for(tx, first, reading(units=(UNIT,)), office()).earlier == (None,)
        recording.record(tx, first, reading(units=(UNIT,)), outcome(draft()), NOW, domain=DOMAIN)
        again = knowing.known_for(tx, second, reading(message_id="<2>", units=(UNIT,)), office())
    assert again.earlier[0] is not None


def test_an_error_of_the_database_leaves_the_mail_waiting(register: Register, desk: Desk) -> None:
    mail = desk.receive()
    with pytest.raises(IntegrityError):  # no such unit
        desk.record_again(mail, outcome(draft(), draft(unit_id=424242)))
    with register.reading() as tx:
        assert [row.id for row in mails.unhandled(tx, 10)] == [mail.id]
    assert column(register, choices.c.id) == []


def test_a_receipt_that_is_drawn_twice_is_drawn_again(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    drawn = iter(["111111", "111111", "222222"])
    monkeypatch.setattr(units, "_new_number", lambda: next(drawn))
    for name in ("示例研究院", "示例大学"):
        desk.record(outcome(draft(name)))
    assert [standing(desk, name).receipt for name in ("示例研究院", "示例大学")] == ["111111", "222222"]


def test_mails_may_be_recorded_in_groups_and_one_that_breaks_costs_itself(register: Register, desk: Desk) -> None:
    """A group costs one flush of the disk; each mail of it stands or falls alone."""
    rows = [desk.receive() for _ in range(4)]
    with register.writing() as tx:
        for number, row in enumerate(rows):
            what = outcome(draft(f"示例第{number}研究所"), *([draft(unit_id=424242)] if number == 1 else []))
            try:
                with tx.begin_nested():
                    recording.record(tx, row, reading(message_id=f"<{number}>"), what, NOW, domain=DOMAIN)
            except IntegrityError:
                assert number == 1
    assert column(register, messages.c.state) == ["handled", "received", "handled", "handled"]
    assert column(register, submissions.c.unit_name) == [f"示例第{number}研究所" for number in (0, 2, 3)]

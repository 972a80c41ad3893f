"""Letters that people wrote from the mailbox, as the register keeps them."""

from __future__ import annotations

from datetime import datetime

import pytest
from storage_office import NOW, UNIT, Desk, draft, hours, letter, outcome, reading

from intake.mailbox.sent_mails import SentMail
from intake.outcome import HeldDraft
from storage import claims, handwritten, held, rosters, sightings, units
from storage.register import Register
from storage.rosters import RosterRow

WRITER, ROSTER, STRANGER = "a@unit.example.com", "roster@unit.example.com", "x@example.org"


def sent(uid: int, *to: str, at: datetime = NOW, subject: str = "答复", ours: bool = False, id_: str = "") -> SentMail:
    return SentMail(uid, at, id_ or f"<{uid}@vip.126.com>", subject, to, ours)


def see(register: Register, *mails: SentMail, office: tuple[str, ...] = ()) -> None:
    with register.writing() as tx:
        handwritten.see(tx, "box", "已发送", 1, mails, NOW)
    while True:
        with register.writing() as tx:
            if handwritten.relate(tx, office) < handwritten.AT_ONCE:
                return


@pytest.fixture
def unit_id(register: Register, desk: Desk) -> int:
    """A unit with a form from one address and another one on its roster row."""
    with register.writing() as tx:
        rosters.load(tx, [RosterRow(2, UNIT, addresses=(ROSTER,))], NOW)
        found = units.find(tx, UNIT)
    assert found is not None
    desk.record(outcome(draft(unit_id=found)), reading(WRITER))
    return found


def written(register: Register, unit_id: int) -> list[str]:
    with register.reading() as tx:
        return [subject for _, subject, _ in handwritten.to_unit(tx, unit_id, 20)]


def test_a_unit_is_known_by_roster_and_by_form(register: Register, unit_id: int) -> None:
    see(register, sent(1, ROSTER, subject="甲"), sent(2, WRITER, at=NOW + hours(1), subject="乙"), sent(3, STRANGER))
    assert written(register, unit_id) == ["甲", "乙"]
    with register.reading() as tx:
        assert sightings.known_uids(tx, "box", "已发送", 1) == {1, 2, 3}
        assert handwritten.newest(tx) == {unit_id: NOW + hours(1)}


def test_a_mail_to_both_addresses_of_a_unit_is_one(register: Register, unit_id: int) -> None:
    see(register, sent(1, ROSTER, WRITER))
    assert written(register, unit_id) == ["答复"]
    with register.reading() as tx:
        found, number = handwritten.between(tx, NOW - hours(1), NOW, 20)
    assert (number, found) == (1, [handwritten.Handwritten(NOW, "答复", UNIT, WRITER, 1)])


def test_the_office_itself_and_our_own_letters_are_nobody(register: Register, desk: Desk, unit_id: int) -> None:
    mine = desk.write(letter("1"))
    see(register, sent(1, WRITER, office := "office@example.com"), sent(2, WRITER, ours=True), office=(office, WRITER))
    see(register, sent(3, WRITER, id_=mine.message_id))
    assert written(register, unit_id) == []


def test_the_same_mail_under_another_uid_is_one(register: Register, unit_id: int) -> None:
    see(register, sent(1, WRITER, id_="<same@vip.126.com>"))
    see(register, sent(9, WRITER, id_="<same@vip.126.com>"))
    assert written(register, unit_id) == ["答复"]


@pytest.mark.parametrize("state", ["doubt", "deferred"])
def test_our_letter_there_was_sent(register: Register, desk: Desk, state: str) -> None:
    mine = desk.write(letter("1"))
    with register.writing() as tx:
        claims.claim(tx, mine.id, "回执", b"bytes", NOW)
        claims.settle(tx, mine.id, state, NOW, "", next_at=NOW + hours(1))
    see(register, sent(1, WRITER, id_=mine.message_id, ours=True))
    assert desk.letter(mine.id).state == "sent"


def test_a_letter_that_was_never_tried_is_no_proof(register: Register, desk: Desk) -> None:
    mine = desk.write(letter("1"))
    see(register, sent(1, WRITER, id_=mine.message_id, ours=True))
    assert desk.letter(mine.id).state == "waiting"


@pytest.mark.parametrize(("after", "others", "marked"), [(1, 0, True), (-1, 0, False), (1, 10, False)])
def test_what_a_letter_answers(
    register: Register, desk: Desk, unit_id: int, after: int, others: int, marked: bool
) -> None:
    item = HeldDraft("unclear", "两个方框都打了勾。", 0, "join")
    desk.record(outcome(draft(unit_id=unit_id, join="unclear"), held=(item,)), reading(WRITER, message_id="<2@x>"))
    desk.record(outcome(held=(HeldDraft("question", "来信询问。"),)), reading(STRANGER, message_id="<3@x>"))
    to = [f"u{number}@example.org" for number in range(others)]
    see(register, sent(1, ROSTER, *to, at=NOW + hours(after)), sent(2, STRANGER, *to, at=NOW + hours(after)))
    with register.reading() as tx:
        rows = held.list_open(tx)
        assert sorted(handwritten.answered(tx, rows)) == ([row.id for row in rows] if marked else [])


def test_new_ones_wait_for_mails_that_are_not_handled(register: Register, desk: Desk) -> None:
    with register.writing() as tx:
        handwritten.see(tx, "box", "已发送", 1, [sent(1, WRITER)], NOW)
    desk.receive()
    with register.reading() as tx:
        assert not handwritten.has_new(tx)

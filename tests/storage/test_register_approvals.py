"""Letters before a person, as the register keeps them."""

from __future__ import annotations

import pytest
from storage_office import CAMPAIGN, NOW, Desk, hours, letter

from intake.errors import WrongUsage
from storage import approvals, claims, finding_letters, held
from storage.letter_row import LetterRow
from storage.register import Register

DESK = ("digest", "worklist", "alert", "confirmation")


def show(register: Register, *rows: LetterRow) -> list[str]:
    """Put letters before a person; gives the references of their items."""
    with register.writing() as tx:
        for row in rows:
            approvals.show(tx, row, f"主题 {row.id}", b"exact bytes", "待批准", NOW)
        return [one.reference for one in approvals.shown(tx)]


def decide(register: Register, reference: str, words: str) -> None:
    with register.writing() as tx:
        held.decide(tx, reference, words, "liu", NOW + hours(1))


def test_kinds_that_are_due_in_the_order_in_which_they_go(register: Register, desk: Desk) -> None:
    desk.write(letter("1", "reminder"))
    desk.write(letter("2", "digest"))
    first, _ = desk.write(letter("3")), desk.write(letter("4"))
    desk.write(letter("5", "question"), next_at=NOW + hours(1))
    with register.reading() as tx:
        assert approvals.kinds_due(tx, NOW, DESK) == [(CAMPAIGN, "acknowledgement"), (CAMPAIGN, "reminder")]
        assert [row.id for row in approvals.due(tx, CAMPAIGN, "acknowledgement", NOW, 1)] == [first.id]


def test_a_letter_shown_goes_by_no_claim_until_it_is_approved_and_then_with_its_bytes(
    register: Register, desk: Desk
) -> None:
    one = desk.write(letter("1"))
    (reference,) = show(register, one)
    with register.writing() as tx:
        assert finding_letters.due(tx, NOW, 10) == []
        assert not claims.claim(tx, one.id, "主题", b"other", NOW)
        assert approvals.approved_as_of(tx, one.id) is None
    decide(register, reference, "同意发送")
    with register.reading() as tx:
        assert [row.raw for row in finding_letters.due(tx, NOW, 10)] == [b"exact bytes"]
        assert approvals.approved_as_of(tx, one.id) == NOW
        assert approvals.approved(tx) == {(CAMPAIGN, "acknowledgement"): 1}
        assert [row.id for row in approvals.approved_unsent(tx, NOW)] == [one.id]


@pytest.mark.parametrize("words", ["不发", "退回", "退回：有误", "退回: 有误"])
def test_one_refused_is_withdrawn_with_the_word(register: Register, desk: Desk, words: str) -> None:
    one = desk.write(letter("1"))
    (reference,) = show(register, one)
    decide(register, reference, words)
    after = desk.letter(one.id)
    assert (after.state, after.reply) == ("withdrawn", f"liu：{words}")


def test_another_word_and_a_letter_that_is_gone_are_refused(register: Register, desk: Desk) -> None:
    one = desk.write(letter("1"))
    (reference,) = show(register, one)
    with pytest.raises(WrongUsage):
        decide(register, reference, "是")
    with register.writing() as tx:
        approvals.letter_rows.withdraw(tx, [one.id], NOW)
    with pytest.raises(WrongUsage):
        decide(register, reference, "同意发送")
    with register.writing() as tx:
        assert approvals.has_settled(tx)
        assert approvals.end_settled(tx, NOW) == 1
        assert approvals.shown(tx) == []


def test_the_rest_waits_behind_and_is_released(register: Register, desk: Desk) -> None:
    first, *rest = (desk.write(letter(key)) for key in "123")
    show(register, first)
    with register.writing() as tx:
        approvals.hold_rest(tx, CAMPAIGN, "acknowledgement", NOW)
        assert approvals.behind(tx) == {(CAMPAIGN, "acknowledgement"): 2}
        assert finding_letters.due(tx, NOW, 10) == []
        approvals.release_rest(tx, CAMPAIGN, "acknowledgement", but_seen=True)
        assert [row.id for row in finding_letters.due(tx, NOW, 10)] == [row.id for row in rest]


def test_shown_again_it_is_not_approved(register: Register, desk: Desk) -> None:
    one = desk.write(letter("1"))
    (reference,) = show(register, one)
    decide(register, reference, "同意发送")
    with register.writing() as tx:
        approvals.show_again(tx, one.id)
    again = desk.letter(one.id)
    assert (again.raw, again.held_back) == (None, "approval")
    show(register, again)
    with register.reading() as tx:
        assert approvals.approved_as_of(tx, one.id) is None


def test_those_to_the_same_address_that_nobody_approved_can_join(register: Register, desk: Desk) -> None:
    first, second, third = (desk.write(letter(key)) for key in "123")
    desk.write(letter("4", to="b@unit.example.com"))
    references = show(register, first, second)
    decide(register, references[1], "同意发送")
    with register.reading() as tx:
        assert [(row.id, row.raw) for row in approvals.joining(tx, third)] == [(first.id, None)]

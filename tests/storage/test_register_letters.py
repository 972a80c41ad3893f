"""Letters: said once, in order, with a fate; what the limits count survives."""

from __future__ import annotations

import re
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import func, select
from storage_office import DOMAIN, NOW, Desk, draft, hours, letter, outcome

from storage import adoption, claims, finding_letters, gates, letters, references, sendings
from storage.register import Register
from storage.tables import followups
from storage.tables import sendings as sendings_table


def test_a_key_is_written_once_and_keeps_the_first(register: Register, desk: Desk) -> None:
    first = desk.write(letter(facts={"n": 1}))
    with register.writing() as tx:
        assert letters.write(tx, letter(facts={"n": 2}), now=NOW, domain=DOMAIN) == (first.id, False)
    assert desk.letter(first.id).facts == {"n": 1}


def test_references_and_message_ids(desk: Desk) -> None:
    written = [desk.write(letter(str(number))) for number in range(30)]
    assert len({one.reference for one in written}) == 30
    assert all(re.fullmatch(r"[2-9A-HJ-NP-Z]{6}", one.reference) for one in written)
    assert written[0].message_id == references.message_id_of(written[0].key, DOMAIN)
    assert re.fullmatch(r"<[0-9a-f]{24}\.intake@office\.example\.com>", written[0].message_id)


def test_an_equal_reference_is_drawn_again(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    drawn = iter(["AAAAAA", "AAAAAA", "BBBBBB"])
    monkeypatch.setattr(letters, "new_reference", lambda: next(drawn))
    assert [desk.write(letter(key)).reference for key in "xy"] == ["AAAAAA", "BBBBBB"]


def test_letters_go_in_the_order_of_the_policy(desk: Desk) -> None:
    kinds = ["circular", "reminder", "late", "acknowledgement", "no-form", "digest", "confirmation", "alert"]
    for kind in kinds:
        desk.write(letter(kind=kind))
    asking = desk.write(letter("asks"), asks=True)
    order = [one.kind for one in desk.due()]
    assert order == ["alert", "confirmation", "digest", "no-form", "acknowledgement", *kinds[3::-1]]
    assert desk.due()[4].id == asking.id


def test_a_letter_is_due_from_its_date_and_not_while_held_back(register: Register, desk: Desk) -> None:
    later = desk.write(letter("later"), next_at=NOW + hours(1))
    desk.write(letter("held"), held_back="backlog")
    assert desk.due() == []
    assert [one.id for one in desk.due(NOW + hours(1))] == [later.id]
    with register.writing() as tx:
        letters.postpone(tx, later.id, NOW + hours(2))
    assert desk.due(NOW + hours(1)) == []
    assert [one.id for one in desk.due(NOW + hours(2))] == [later.id]


def test_a_claim_is_taken_once_with_its_bytes(register: Register, desk: Desk) -> None:
    one = desk.write(letter())
    with register.writing() as tx:
        assert claims.claim(tx, one.id, "主题 [#ABCDEF]", b"exact \xff bytes", NOW)
        assert not claims.claim(tx, one.id, "again", b"other", NOW)
        (row,) = finding_letters.interrupted(tx)
    assert (row.state, row.raw, row.subject, row.tries) == ("sending", b"exact \xff bytes", "主题 [#ABCDEF]", 1)
    assert desk.due() == []


@pytest.mark.parametrize("url", ["sqlite"], indirect=True)
def test_no_table_is_looked_through_for_one_letter(register: Register, desk: Desk) -> None:
    """Its cost must not grow with the letters that have gone before."""
    one, said = desk.write(letter()), list[str]()
    with register.writing() as tx:
        driver: Any = tx.connection.driver_connection
        driver.set_trace_callback(said.append)
        assert claims.claim(tx, one.id, "s", b"r", NOW)
        assert claims.settle(tx, one.id, "sent", NOW)
        driver.set_trace_callback(None)
        plans = [row[3] for sql in said for row in tx.exec_driver_sql(f"EXPLAIN QUERY PLAN {sql}")]
    assert len(said) >= 4
    assert [plan for plan in plans if plan.startswith("SCAN") and "CONSTANT ROW" not in plan] == []


def test_a_letter_held_back_is_not_claimed(register: Register, desk: Desk) -> None:
    one = desk.write(letter(), held_back="backlog")
    with register.writing() as tx:
        assert not claims.claim(tx, one.id, "s", b"r", NOW)


@pytest.mark.parametrize("state", ["sent", "refused", "doubt"])
def test_a_fate_is_final_but_doubt(register: Register, desk: Desk, state: str) -> None:
    one = desk.send(desk.write(letter()).id, state=state, reply="250 Mail OK queued", queue_id="smtp11,示例")
    assert (one.state, one.reply, one.queue_id, one.settled_at) == (state, "250 Mail OK queued", "smtp11,示例", NOW)
    with register.writing() as tx:
        assert claims.settle(tx, one.id, "sent", NOW) is (state == "doubt")
        assert finding_letters.in_doubt(tx) == []
    assert desk.letter(one.id).state == ("sent" if state == "doubt" else state)


def test_a_deferred_letter_comes_again_at_its_date(desk: Desk) -> None:
    one = desk.send(desk.write(letter()).id, state="deferred", next_at=NOW + hours(1))
    assert desk.due() == []
    assert [row.id for row in desk.due(NOW + hours(1))] == [one.id]
    assert desk.send(one.id, NOW + hours(1)).tries == 2


def test_no_other_word_is_a_fate(register: Register, desk: Desk) -> None:
    one = desk.write(letter())
    with pytest.raises(ValueError, match="no fate"), register.writing() as tx:
        claims.settle(tx, one.id, "lost", NOW)


def test_counts_look_back_over_sliding_windows_and_survive_a_restart(register: Register, desk: Desk) -> None:
    tries = [(23.9, "a@x.example.com"), (2, "a@x.example.com"), (0.5, "b@x.example.com"), (0.1, "a@x.example.com")]
    for age, to in [(25, "a@x.example.com"), *tries]:
        desk.send(desk.write(letter(f"{age}", to=to)).id, NOW - hours(age))
    refused = desk.write(letter("refused", to="a@x.example.com"))
    desk.send(refused.id, NOW - timedelta(minutes=1), "refused")
    again = Register.open(register.engine.url.render_as_string(hide_password=False), NOW)
    with again.reading() as tx:
        counts = sendings.sent_counts(tx, "a@x.example.com", NOW)
    again.close()
    assert (counts.quarter_hour, counts.hour, counts.day) == (2, 3, 5)
    assert (counts.address_hour, counts.address_day) == (1, 3)
    assert counts.last_at == NOW - timedelta(minutes=1)


def test_an_interrupted_try_counts(register: Register, desk: Desk) -> None:
    one = desk.write(letter(to="a@x.example.com"))
    with register.writing() as tx:
        claims.claim(tx, one.id, "s", b"r", NOW)
        counts = sendings.sent_counts(tx, "a@x.example.com", NOW)
    assert (counts.hour, counts.address_hour) == (1, 1)


def test_letters_for_one_address_merge_and_share_their_fate(register: Register, desk: Desk) -> None:
    mail = desk.record(
        outcome(draft(asked=("contact",)), letters=(letter("asks", submissions=(0,)),)),
    )
    asking = desk.due()[0]
    into = desk.write(letter("other", kind="repeat"))
    elsewhere = desk.write(letter("elsewhere", to="b@unit.example.com"))
    with register.writing() as tx:
        assert [one.id for one in finding_letters.siblings(tx, into)] == [asking.id]
        letters.merge(tx, [asking.id, into.id], into.id, NOW)
    assert (desk.letter(asking.id).state, desk.letter(into.id).state) == ("withdrawn", "waiting")
    assert [one.id for one in desk.due()] == [into.id, elsewhere.id]
    assert desk.letter(into.id).priority == letters.ASKING
    desk.send(into.id, NOW + hours(1))
    with register.reading() as tx:
        assert tx.scalar(select(followups.c.asked_at)) == NOW + hours(1)
        assert tx.scalar(select(func.count()).select_from(sendings_table)) == 1
    assert mail.id == desk.letter(asking.id).about_id


def test_a_letter_answers_the_mail_it_is_about(desk: Desk) -> None:
    desk.record(outcome(letters=(letter(),)))
    (one,) = desk.due()
    assert one.answers_message_id == "<1@unit.example.com>"
    assert desk.write(letter("alone")).answers_message_id == ""


@pytest.mark.parametrize(("permanent", "state"), [(True, "bounced"), (False, "sent")])
@pytest.mark.parametrize("before", ["sent", "doubt"])
def test_a_bounce_settles_a_letter(register: Register, desk: Desk, before: str, permanent: bool, state: str) -> None:
    one = desk.send(desk.write(letter()).id, state=before)
    with register.writing() as tx:
        claims.mark_bounced(tx, one.id, NOW, "550 Invalid User", permanent)
    row = desk.letter(one.id)
    assert (row.state, row.reply) == (state, "550 Invalid User")


def test_a_bounce_that_arrives_before_the_reply_is_committed_is_not_undone(register: Register, desk: Desk) -> None:
    one = desk.write(letter())
    with register.writing() as tx:
        claims.claim(tx, one.id, "s", b"r", NOW)
        claims.mark_bounced(tx, one.id, NOW, "550", True)
        assert not claims.settle(tx, one.id, "sent", NOW)
    assert desk.letter(one.id).state == "bounced"


def test_a_letter_never_tried_cannot_bounce(register: Register, desk: Desk) -> None:
    one = desk.write(letter())
    with register.writing() as tx:
        claims.mark_bounced(tx, one.id, NOW, "550", True)
    assert desk.letter(one.id).state == "waiting"


def test_only_what_waits_can_be_withdrawn(register: Register, desk: Desk) -> None:
    waits, sent = desk.write(letter("waits")), desk.send(desk.write(letter("sent")).id)
    with register.writing() as tx:
        assert letters.withdraw(tx, [waits.id, sent.id], NOW, "截止时间已过") == 1
    assert (desk.letter(waits.id).state, desk.letter(sent.id).state) == ("withdrawn", "sent")


def test_the_backlog_is_released_or_dropped_letter_by_letter(register: Register, desk: Desk) -> None:
    first, second, third = (desk.write(letter(key), held_back="backlog") for key in "xyz")
    with register.writing() as tx:
        assert [one.id for one in adoption.waiting(tx)] == [first.id, second.id, third.id]
        assert adoption.release(tx, [first.id]) == 1
        assert adoption.drop(tx, [second.id, first.id], NOW) == 1
        assert [one.id for one in adoption.waiting(tx)] == [third.id]
    assert [one.id for one in desk.due()] == [first.id]
    with register.writing() as tx:
        assert adoption.release(tx, None) == 1
    assert [one.id for one in desk.due()] == [first.id, third.id]


def test_letters_are_found_by_what_mails_name(register: Register, desk: Desk) -> None:
    one = desk.write(letter())
    with register.reading() as tx:
        by_id, by_reference = (
            finding_letters.by_message_id(tx, one.message_id),
            finding_letters.by_reference(tx, one.reference),
        )
        assert finding_letters.by_reference(tx, "NONE22") is None
    assert by_id == by_reference == one


def test_a_gate_opens_at_its_date_or_by_hand(register: Register) -> None:
    with register.writing() as tx:
        gates.shut(tx, "smtp", "550 MI:SFQ", NOW + hours(1), now=NOW)
        gates.shut(tx, "imap sign-in", "535", None, "salted", now=NOW)
        gates.shut(tx, "smtp", "again", NOW + hours(2), now=NOW + hours(1))
    with register.writing() as tx:
        gate = gates.shut_now(tx, "smtp", NOW + hours(1))
        assert gate == gates.Gate("smtp", "again", NOW + hours(2), None, NOW)
        assert gates.shut_now(tx, "smtp", NOW + hours(2)) is None
        assert [one.name for one in gates.all_shut(tx, NOW + hours(3))] == ["imap sign-in"]
        assert gates.open_gate(tx, "imap sign-in")
        assert not gates.open_gate(tx, "imap sign-in")
        assert gates.shut_now(tx, "imap sign-in", NOW) is None

"""What units owe step by step, where they stand, whom they name, and later deadlines: on both databases."""

from __future__ import annotations

import itertools
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import select, update
from storage_office import CAMPAIGN, DOMAIN, NOW, UNIT, Desk, draft, hours, letter, outcome, reading

from intake.chasing import Pending, horizon, next_step
from intake.contents import Bounce
from intake.errors import WrongUsage
from intake.followups import RULES
from intake.outcome import HeldDraft, LetterDraft, SubmissionDraft
from intake.verdict import Verdict
from intake.workdays import Calendar
from storage import (
    chasing,
    extensions,
    finding_letters,
    followups,
    held,
    letters,
    liaisons,
    recomputing,
    stages,
    standings,
    units,
)
from storage.register import Register
from storage.tables import chasings
from storage.tables import followups as followups_table
from storage.tables import held as held_table
from storage.tables import letters as letters_table
from storage.tables import submissions as submissions_table
from storage.tables import units as units_table

DUE = NOW + hours(72)
PLAIN = Calendar()


def asked(**more: Any) -> SubmissionDraft:
    return draft(asked=("contact",), asked_due=DUE, **more)


@pytest.fixture
def unit_id(register: Register, desk: Desk) -> int:
    """A unit that was asked for its contact, and the letter sent."""
    desk.record(
        outcome(asked(intent="intends", liaison={"contact": "甲", "mobile": "1"}), letters=(letter(submissions=(0,)),))
    )
    desk.send(desk.due()[0].id, NOW)
    with register.reading() as tx:
        found = units.find(tx, UNIT)
    assert found is not None
    return found


def question(unit_id: int, day: str = "20161124") -> LetterDraft:
    return LetterDraft(f"{CAMPAIGN}/unit-{unit_id}/question/{day}", "question", CAMPAIGN, "a@unit.example.com", {})


def opened(register: Register, unit_id: int | None = None) -> list[chasing.Open]:
    with register.reading() as tx:
        return chasing.all_open(tx, CAMPAIGN, "email", None if unit_id is None else [unit_id])


# ---- who may have a step ----------------------------------------------------------------------

ROWS: tuple[Mapping[str, Any], ...] = (
    {"due_at": DUE},
    {"due_at": DUE, "steps": ("before",)},
    {"due_at": DUE, "steps": ("before", "after")},
    {"due_at": DUE, "steps": ("before",), "state": "overdue"},
    {"due_at": DUE + hours(24)},
    {"due_at": DUE + hours(24 * 5), "steps": ("ask",)},
    {"due_at": None},
    {"due_at": NOW + hours(1)},
    {"due_at": DUE, "reason": "warning"},
    {"due_at": None, "asked_at": None, "reason": "material"},
    {"due_at": None, "asked_at": None, "reason": "material", "steps": ("ask",), "letter": "refused"},
    {"due_at": None, "asked_at": None, "reason": "material", "steps": ("ask",), "letter": "waiting"},
    {"due_at": DUE, "asked_at": None, "letter": "deferred"},
    {"due_at": DUE, "handed_at": DUE},
    {"due_at": DUE, "state": "settled"},
)
LETTERS = ("refused", "waiting", "deferred")


@pytest.fixture
def rows(register: Register, desk: Desk) -> Sequence[Mapping[str, Any]]:
    """Of each row above a unit that owes it, under its number in the table."""
    names = ({"name": f"示例{number}", "name_key": f"示例{number}", "created_at": NOW} for number in range(len(ROWS)))
    with register.writing() as tx:
        ids = [tx.execute(units_table.insert(), name).inserted_primary_key[0] for name in names]
        letter_ids = {state: letters.write(tx, question(ids[0], state), now=NOW, domain=DOMAIN)[0] for state in LETTERS}
        for state, letter_id in letter_ids.items():
            tx.execute(update(letters_table).where(letters_table.c.id == letter_id).values(state=state))
        for unit_id, row in zip(ids, ROWS, strict=True):
            values = {"campaign": CAMPAIGN, "unit_id": unit_id, "reason": "missing", "awaits": "contact"}
            values |= {
                "state": "open",
                "opened_at": NOW,
                "asked_at": NOW,
                "letter_id": letter_ids.get(row.get("letter")),
            }
            values |= {key: value for key, value in row.items() if key not in ("steps", "letter")}
            (followup_id,) = tx.execute(followups_table.insert(), values).inserted_primary_key
            for step in row.get("steps", ()):
                tx.execute(chasings.insert(), {"followup_id": followup_id, "round": step, "at": NOW})
    return [{**row, "unit_id": unit_id} for unit_id, row in zip(ids, ROWS, strict=True)]


def test_nothing_that_may_have_a_step_is_left_out(register: Register, rows: Sequence[Mapping[str, Any]]) -> None:
    """Hour by hour over ten days, whatever else may become known: dead addresses, mails, a person's word."""
    seen: Counter[str] = Counter()
    for hour in range(24 * 10):
        now = NOW + hours(hour)
        with register.reading() as tx:
            looked_at = chasing.to_look_at(tx, CAMPAIGN, now, horizon(now, PLAIN))
        for row in rows:
            if row.get("state") == "settled" or "handed_at" in row:
                assert row["unit_id"] not in looked_at
                continue
            steps = {next_step(case, now, PLAIN) for case in _imaginable(row)} - {""}
            seen.update(steps)
            assert not steps or row["unit_id"] in looked_at, (hour, row, steps)
    assert set(seen) == {"ask", "before", "after", "person"}


def _imaginable(row: Mapping[str, Any]) -> Iterator[Pending]:
    asked_at = row.get("asked_at", NOW)
    waits = row.get("letter") in chasing.TO_SEND
    for reachable, answering, by_hand in itertools.product((True, False), repeat=3):
        yield Pending(
            RULES[row.get("reason", "missing")], asked_at, row["due_at"], frozenset(row.get("steps", ())),
            asking="letter" in row, waits=waits, reachable=reachable, answering=answering, by_hand=by_hand,
        )  # fmt: skip


def test_what_surely_has_no_step_is_not_looked_at(register: Register, rows: Sequence[Mapping[str, Any]]) -> None:
    with register.reading() as tx:
        looked_at = chasing.to_look_at(tx, CAMPAIGN, NOW, horizon(NOW, PLAIN))
        cases = chasing.all_open(tx, CAMPAIGN, "email", looked_at)
    assert [ROWS[at] for at, row in enumerate(rows) if row["unit_id"] in looked_at] == [ROWS[7], ROWS[9], ROWS[10]]
    assert [case.unit_id for case in cases] == looked_at


def test_more_units_than_a_statement_names_are_read_as_well(
    register: Register, rows: Sequence[Mapping[str, Any]], monkeypatch: pytest.MonkeyPatch
) -> None:
    some = [row["unit_id"] for row in rows[:3]]
    with register.reading() as tx:
        named = chasing.all_open(tx, CAMPAIGN, "email", some)
        monkeypatch.setattr(chasing, "FEW", 2)
        assert chasing.all_open(tx, CAMPAIGN, "email", some) == named
    assert [case.unit_id for case in named] == some


# ---- steps ------------------------------------------------------------------------------------


def test_an_open_question_with_all_that_decides_its_next_step(register: Register, desk: Desk, unit_id: int) -> None:
    (one,) = opened(register)
    assert (one.unit_name, one.reason, one.awaits, one.asked_at, one.due_at) == (UNIT, "missing", "contact", NOW, DUE)
    assert (one.letter_state, one.recipient, one.done, one.hears) == ("sent", "a@unit.example.com", frozenset(), False)
    assert len(one.receipt) == 6
    assert opened(register, unit_id) == [one]
    assert opened(register, unit_id + 1) == []


def test_a_step_is_written_with_its_letter_once(register: Register, unit_id: int) -> None:
    (one,) = opened(register)
    with register.writing() as tx:
        assert chasing.write_letter(tx, question(unit_id), unit_id, {one.id: "before"}, NOW, domain=DOMAIN)
        assert chasing.write_letter(tx, question(unit_id), unit_id, {one.id: "before"}, NOW, domain=DOMAIN)
    (one,) = opened(register)
    assert (one.done, one.hears) == ({"before"}, True)
    with register.reading() as tx:
        (row,) = tx.execute(select(chasings)).all()
        assert chasing.still_asked(tx, row.letter_id) == [one.id]
        assert followups.steps(tx, [one.id]) == {one.id: {"before"}}


def test_a_day_has_one_letter_and_the_rest_waits_for_the_next(register: Register, desk: Desk, unit_id: int) -> None:
    (one,) = opened(register)
    with register.writing() as tx:
        assert chasing.write_letter(tx, question(unit_id), unit_id, {one.id: "before"}, NOW, domain=DOMAIN)
        letter_id = tx.scalars(select(chasings.c.letter_id)).one()
    desk.send(letter_id, NOW)
    with register.writing() as tx:
        assert not chasing.write_letter(tx, question(unit_id), unit_id, {one.id: "after"}, NOW, domain=DOMAIN)
        assert chasing.write_letter(tx, question(unit_id, "next"), unit_id, {one.id: "after"}, NOW, domain=DOMAIN)
    assert opened(register)[0].done == {"before", "after"}


def test_what_is_handed_over_is_one_item_and_ends_with_its_last_question(register: Register, unit_id: int) -> None:
    (one,) = opened(register)
    with register.writing() as tx:
        for _ in range(2):
            chasing.hand_over(tx, CAMPAIGN, unit_id, [one.id], "overdue", "尚欠联系人。", DUE + hours(1))
    with register.reading() as tx:
        (item,) = held.list_open(tx)
        assert (item.unit_name, item.reason, item.sentence) == (UNIT, "overdue", "尚欠联系人。")
        about: dict[str, frozenset[int]] = {}
        assert chasing.ended_items(tx, about) == []
        assert about == {item.reference: {one.id}}
        assert tx.scalars(select(followups_table.c.state)).all() == ["overdue"]
    assert opened(register) == []
    with register.writing() as tx:
        followups.settle_keys(tx, CAMPAIGN, unit_id, ["contact"], NOW)
        assert chasing.ended_items(tx, about) == chasing.ended_items(tx) == [item.id]
        chasing.end_items(tx, NOW, "已答复")
        assert held.list_open(tx) == []
        assert chasing.ended_items(tx, about) == []
        assert about == {}


@pytest.mark.parametrize(("words", "state"), [("收到", "settled"), ("不再要求", "waived"), ("已电话联系", "overdue")])
def test_a_person_ends_what_was_handed_over_or_notes_something(
    register: Register, unit_id: int, words: str, state: str
) -> None:
    (one,) = opened(register)
    with register.writing() as tx:
        chasing.hand_over(tx, CAMPAIGN, unit_id, [one.id], "overdue", "尚欠联系人。", DUE + hours(1))
        (item,) = held.list_open(tx)
        held.decide(tx, item.reference, words, "liu", NOW)
        assert tx.scalars(select(followups_table.c.state)).all() == [state]
        assert held.list_open(tx) == []


def test_a_mail_that_waits_for_a_person_is_an_answer_but_an_unclear_form_is_not(
    register: Register, desk: Desk, unit_id: int
) -> None:
    unclear = HeldDraft("unclear", "无法确认。", key="join")
    desk.record(outcome(held=(unclear,), received_at=NOW + hours(1)), text="unclear")
    assert opened(register)[0].answered_at is None
    desk.record(outcome(held=(HeldDraft("question", "来信询问。"),), received_at=NOW + hours(2)), text="asks")
    assert opened(register)[0].answered_at == NOW + hours(2)


def test_asking_again_with_a_later_date_begins_anew(register: Register, desk: Desk, unit_id: int) -> None:
    (one,) = opened(register)
    with register.writing() as tx:
        chasing.write_letter(tx, question(unit_id), unit_id, {one.id: "before"}, NOW, domain=DOMAIN)
        chasing.hand_over(tx, CAMPAIGN, unit_id, [one.id], "overdue", "尚欠。", DUE + hours(1))
        submission_id = tx.scalars(select(submissions_table.c.id)).one()
        later = followups.Question("contact", "missing", None, DUE + timedelta(days=5))
        followups.open_all(tx, CAMPAIGN, unit_id, submission_id, [later], NOW)
    (one,) = opened(register)
    assert (one.due_at, one.done, one.state) == (DUE + timedelta(days=5), frozenset(), "open")


def test_a_moved_date_keeps_the_first_one_beside_it(register: Register, unit_id: int) -> None:
    for days in (2, 4):
        (one,) = opened(register)
        with register.writing() as tx:
            followups.move_due(tx, one.id, DUE + timedelta(days=days), NOW)
    with register.reading() as tx:
        (row,) = followups.all_open(tx, CAMPAIGN)
    assert (row.due_at, row.original_due_at) == (DUE + timedelta(days=4), DUE)


def test_a_bounce_that_is_before_a_person_is_not_read_again(register: Register, desk: Desk) -> None:
    """Its letter came back already: nothing would be before a person any more."""
    sent = desk.send(desk.write(letter("asks", "no-form")).id)
    bounce = Bounce(sent.message_id, (sent.recipient,), permanent=True, diagnostic="550 user unknown")
    desk.record(outcome(bounced=bounce, verdict=Verdict("bounce", ("bounce",))), text="bounce")
    with register.writing() as tx:
        (item,) = held.list_open(tx)
        with pytest.raises(WrongUsage) as refused:
            held.retry(tx, item.reference, NOW)
        assert "重读退信不会有新的结果" in refused.value.sentence
        assert held.list_open(tx) == [item]


def test_a_doubtful_reply_waits_until_a_person_has_closed_all_that_it_is_about(
    register: Register, desk: Desk, unit_id: int
) -> None:
    with register.writing() as tx:
        assert followups.begin(tx, CAMPAIGN, unit_id, "material", "licence", NOW)
        ids = {row.awaits: row.id for row in followups.all_open(tx, CAMPAIGN)}
    about = HeldDraft("question", "来信说。", unit_id=unit_id, details={"followups": list(ids.values())})
    desk.record(outcome(held=(about,)), text="doubtful")
    desk.record(outcome(held=(HeldDraft("question", "来信询问。"),)), text="asks")
    for awaits, left in (("contact", 2), ("licence", 1)):
        with register.writing() as tx:
            assert followups.end(tx, CAMPAIGN, unit_id, awaits, NOW, by="liu")
            assert len(held.list_open(tx)) == left
    with register.reading() as tx:
        assert [row.sentence for row in held.list_open(tx)] == ["来信询问。"]


# ---- materials --------------------------------------------------------------------------------


def test_a_paper_is_owed_once_and_never_again_when_it_was_given(register: Register, unit_id: int) -> None:
    with register.writing() as tx:
        assert followups.begin(tx, CAMPAIGN, unit_id, "material", "licence", NOW)
        assert not followups.begin(tx, CAMPAIGN, unit_id, "material", "licence", NOW)
        assert followups.end(tx, CAMPAIGN, unit_id, "licence", NOW, by="liu")
        assert not followups.end(tx, CAMPAIGN, unit_id, "licence", NOW, by="liu")
        assert not followups.begin(tx, CAMPAIGN, unit_id, "material", "licence", NOW)
        rows = followups.of_unit(tx, CAMPAIGN, unit_id)
    assert [(row.awaits, row.state, row.closed_by) for row in rows] == [
        ("contact", "open", None),
        ("licence", "settled", "liu"),
    ]


def test_papers_are_no_questions_of_the_form(register: Register, desk: Desk, unit_id: int) -> None:
    with register.writing() as tx:
        followups.begin(tx, CAMPAIGN, unit_id, "material", "join", NOW, due_at=DUE + timedelta(days=30))
        followups.settle_keys(tx, CAMPAIGN, unit_id, ["join"], NOW)
        assert [row.awaits for row in followups.all_open(tx, CAMPAIGN)] == ["contact", "join"]
    known = desk.known(reading(units=(UNIT,)))
    assert (known.earlier[0].asked, known.earlier[0].asked_due) == (frozenset({"contact"}), DUE)


@pytest.mark.parametrize(("words", "state"), [("收到", "settled"), ("不是", "open")])
def test_a_proposed_paper_is_decided(register: Register, desk: Desk, unit_id: int, words: str, state: str) -> None:
    with register.writing() as tx:
        followups.begin(tx, CAMPAIGN, unit_id, "material", "licence", NOW)
    desk.record(outcome(held=(HeldDraft("material", "似为执照。", key="licence", unit_id=unit_id),)), text="paper")
    with register.writing() as tx:
        (item,) = held.list_open(tx)
        assert item.unit_name == UNIT
        with pytest.raises(WrongUsage):
            held.decide(tx, item.reference, "也许", "liu", NOW)
        held.decide(tx, item.reference, words, "liu", NOW)
        assert followups.of_unit(tx, CAMPAIGN, unit_id)[-1].state == state


# ---- stages, statuses, liaisons, deadlines ----------------------------------------------------


def test_a_stage_is_opened_once(register: Register) -> None:
    with register.writing() as tx:
        assert stages.open_stage(tx, CAMPAIGN, "二", "liu", NOW)
        assert not stages.open_stage(tx, CAMPAIGN, "二", "huang", NOW + hours(1))
        assert stages.opened(tx, CAMPAIGN) == {"二": NOW}
        assert stages.opened(tx, "another") == {}


def test_every_change_of_status_is_kept(register: Register, desk: Desk, unit_id: int) -> None:
    with register.writing() as tx:
        standings.follow(tx, CAMPAIGN, unit_id, "intends", NOW)
        standings.follow(tx, CAMPAIGN, unit_id, "declined", NOW + hours(1))
        standings.write(tx, CAMPAIGN, unit_id, "intends", NOW + hours(2), reason="来电", by="liu")
        steps = standings.history(tx, CAMPAIGN, unit_id)
        assert [(step.step, step.status, step.moved_by) for step in steps] == [
            (1, "intends", None),
            (2, "declined", None),
            (3, "intends", "liu"),
        ]
        assert standings.with_status(tx, CAMPAIGN, "intends") == [unit_id]
        assert standings.with_status(tx, CAMPAIGN, "declined") == []
        assert standings.since(tx, CAMPAIGN, 0, "intends") == [unit_id]
        assert standings.since(tx, CAMPAIGN, standings.latest_step(tx), "intends") == []


def test_who_was_sent_the_notice_is_invited_unless_more_is_known(register: Register, desk: Desk, unit_id: int) -> None:
    with register.writing() as tx:
        other, _ = units.make(tx, "示例乙公司", NOW, "")
    for number, unit in enumerate((unit_id, other)):
        one = desk.write(LetterDraft(f"c{number}", "circular", CAMPAIGN, "x@example.com", {}), unit_id=unit)
        desk.send(one.id)
    with register.writing() as tx:
        assert standings.has_notified(tx, CAMPAIGN)
        assert standings.follow_circulars(tx, CAMPAIGN, NOW) == 1
        assert not standings.has_notified(tx, CAMPAIGN)
        assert [standings.current(tx, CAMPAIGN, unit) for unit in (unit_id, other)] == ["intends", "invited"]


def test_a_liaison_is_the_forms_contact_until_a_person_confirms_another(register: Register, unit_id: int) -> None:
    with register.writing() as tx:
        assert liaisons.name(tx, CAMPAIGN, unit_id, {"contact": "乙"}, NOW)
        assert not liaisons.name(tx, CAMPAIGN, unit_id, {"contact": "乙", "mobile": ""}, NOW)
        assert liaisons.name(tx, CAMPAIGN, unit_id, {"mobile": "2", "email": "New@unit.example.com"}, NOW, "liu")
        assert not liaisons.name(tx, CAMPAIGN, unit_id, {"contact": "丙"}, NOW)
        rows = liaisons.history(tx, CAMPAIGN, unit_id)
    assert [dict(row.values) for row in rows] == [
        {"contact": "甲", "mobile": "1"},
        {"contact": "乙", "mobile": "1"},
        {"contact": "乙", "mobile": "2", "email": "New@unit.example.com"},
    ]
    assert [row.until is None for row in rows] == [False, False, True]
    assert opened(register)[0].recipient == "new@unit.example.com"


def test_a_units_own_deadline_never_takes_away_what_all_were_given(register: Register, unit_id: int) -> None:
    with register.writing() as tx:
        extensions.grant(tx, CAMPAIGN, unit_id, NOW + hours(5), NOW, "liu", NOW)
        dates = extensions.deadlines(tx, CAMPAIGN, NOW)
        assert (dates.general, dates.of(unit_id), dates.of(unit_id + 1), dates.of(None)) == (
            NOW,
            NOW + hours(5),
            NOW,
            NOW,
        )
        extensions.grant(tx, CAMPAIGN, None, NOW + hours(9), NOW, "liu", NOW)
        dates = extensions.deadlines(tx, CAMPAIGN, NOW, [unit_id])
        assert (dates.general, dates.of(unit_id)) == (NOW + hours(9), NOW + hours(9))


def test_late_forms_are_accepted_once_and_kept_out_of_reckoning_anew(register: Register, desk: Desk) -> None:
    desk.record(outcome(draft(lateness="late")))
    with register.writing() as tx:
        assert len(recomputing.forms(tx, CAMPAIGN)) == 1
        (accepted,) = recomputing.accept_late(tx, CAMPAIGN, None, "liu", NOW)
        assert accepted.unit_name == UNIT
        assert recomputing.accept_late(tx, CAMPAIGN, None, "liu", NOW) == []
        assert recomputing.forms(tx, CAMPAIGN) == []
        (row,) = tx.execute(select(submissions_table)).all()
    assert (row.late, row.lateness, row.accepted_by) == (False, "in time", "liu")


# ---- a member's new data ----------------------------------------------------------------------


def changed(unit_id: int) -> HeldDraft:
    thanks = {"units": [{"unit": UNIT, "changed": ["联系人姓名"]}]}
    details = {"changes": {"contact": ["甲", "丁"]}, "thanks": thanks}
    return HeldDraft("data-change", "联系人：原为“甲”，来信为“丁”。", unit_id=unit_id, details=details)


def test_new_data_are_recorded_and_thanked_once_a_person_confirms(register: Register, desk: Desk, unit_id: int) -> None:
    desk.record(outcome(held=(changed(unit_id),)), text="change")
    with register.writing() as tx:
        (item,) = held.list_open(tx)
        held.decide(tx, item.reference, "接受", "liu", NOW, domain=DOMAIN)
        liaison = liaisons.current(tx, CAMPAIGN, unit_id)
        assert liaison is not None
        assert (liaison.values["contact"], liaison.confirmed_by) == ("丁", "liu")
    (thanks,) = desk.due()
    assert (thanks.kind, thanks.recipient, thanks.unit_id) == ("correction", "a@unit.example.com", unit_id)
    assert thanks.facts["units"][0]["changed"] == ["联系人姓名"]


def test_refused_data_change_nothing(register: Register, desk: Desk, unit_id: int) -> None:
    desk.record(outcome(held=(changed(unit_id),)), text="change")
    with register.writing() as tx:
        (item,) = held.list_open(tx)
        held.decide(tx, item.reference, "不接受", "liu", NOW, domain=DOMAIN)
        liaison = liaisons.current(tx, CAMPAIGN, unit_id)
        assert liaison is not None
        assert liaison.values["contact"] == "甲"
        assert tx.scalars(select(held_table.c.state)).all() == ["decided"]
    assert desk.due() == []


def test_a_decision_about_the_first_choice_moves_the_unit(register: Register, desk: Desk) -> None:
    unclear = HeldDraft("unclear", "“加入”一项无法确认。", 0, "join")
    desk.record(outcome(draft(join="unclear"), held=(unclear,)))
    with register.writing() as tx:
        (item,) = held.list_open(tx)
        held.decide(tx, item.reference, "否", "liu", NOW, decisive="join")
        unit = units.find(tx, UNIT)
        assert unit is not None
        assert standings.current(tx, CAMPAIGN, unit) == "declined"


def test_letters_of_a_unit_are_found_by_kind(register: Register, desk: Desk, unit_id: int) -> None:
    with register.reading() as tx:
        assert finding_letters.last_to_unit(tx, CAMPAIGN, "question", unit_id) is None
        found = finding_letters.last_to_unit(tx, CAMPAIGN, "acknowledgement", unit_id)
    assert found is not None

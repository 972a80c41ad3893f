"""A reply in a line: what completes a submission, and what is left to a person."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest
from deciding_builders import (
    LATE,
    OTHER,
    ROSTER,
    SENDER,
    UNIT,
    at,
    choices,
    decided,
    earlier,
    reading,
    short,
    unit,
    values,
)
from hypothesis import given
from hypothesis import strategies as st

from intake.answers import Form, Fragment, Value
from intake.contents import Reading
from intake.known import Asked, Earlier, Known
from intake.outcome import Outcome
from intake.verdict import Signs, Ties

PHONE = "010-80000109"
SAYS = Signs(hits=("reply-subject", "says-something"))
DUE = at("12-05", "17:00:00")
STANDS = earlier(values_=values(office_phone="", mobile=""), asked=frozenset({"office_phone"}), asked_due=DUE)
ASKED = Asked(unit(), STANDS, {"office_phone": 5}, alone=True)


def fragment(*, rest: tuple[str, ...] = (), clean: bool = True, campaign: str = "cipoa-2016", **named: str) -> Fragment:
    given = named or {"office_phone": PHONE}
    return Fragment(Form(campaign, "邮件正文", {key: Value(text) for key, text in given.items()}, {}), rest, clean)


def answer(
    said: Fragment | None = None, asked: Asked | None = ASKED, *, signs: Signs = SAYS, sender: str = SENDER, **more: Any
) -> Outcome:
    arrived = more.pop("arrived", at("11-25"))
    mail: Reading = reading(sender=sender, signs=signs, fragments=(said or fragment(),))
    return decided(mail, Known(ties=Ties(known_sender=True), asked=asked, **more), arrived=arrived)


def asks(**changed: Any) -> Asked:
    return replace(ASKED, **changed)


def test_it_stands_like_a_form_with_this_one_field() -> None:
    outcome = answer()
    assert short(outcome) == "+yes/no | correction | "
    (draft,) = outcome.submissions
    assert (draft.values["office_phone"].text, draft.changed, draft.settled) == (
        PHONE, ("office_phone",), ("office_phone",)
    )  # fmt: skip
    assert (outcome.verdict.kind, outcome.verdict.rules[0]) == ("form", "answer-in-words")
    assert draft.values["contact"].text == "示例"
    assert draft.problems == ()


COMPLETES = [
    ("the other of two that are enough", answer(fragment(mobile="13800000109"))),
    ("thanks with it", answer(signs=Signs(courtesy=True, hits=("reply-subject",)))),
    ("signed by the unit and its contact", answer(fragment(office_phone=PHONE, rest=(f"{UNIT} 示例",)))),
    ("signed with a title", answer(fragment(office_phone=PHONE, rest=("示例", "主任")))),
    ("naming the unit", answer(fragment(office_phone=PHONE, unit=UNIT))),
    ("from an address of its roster row", answer(
        asked=asks(unit=unit(roster_addresses=(ROSTER,))), sender=ROSTER
    )),
    ("after the deadline, by its date", answer(arrived=LATE)),
]  # fmt: skip


@pytest.mark.parametrize(("what", "outcome"), COMPLETES, ids=[row[0] for row in COMPLETES])
def test_what_is_certain_completes(what: str, outcome: Outcome) -> None:
    assert short(outcome) == "+yes/no | correction | ", what


LEFT = [
    ("nothing was asked of the writer", answer(asked=None)),
    ("something else was asked", answer(asked=asks(open={"contact": 4}))),
    ("more is named than was asked", answer(fragment(office_phone=PHONE, contact="李示例"))),
    ("a value is doubtful", answer(fragment(office_phone=PHONE, clean=False))),
    ("another name stands below", answer(fragment(office_phone=PHONE, rest=("示例乙科技有限公司",)))),
    ("a sentence stands below", answer(fragment(office_phone=PHONE, rest=("示例说以后再打",)))),
    ("it names another unit", answer(fragment(office_phone=PHONE, unit="示例乙科技有限公司"))),
    ("only the unit is named", answer(fragment(unit=UNIT))),
    ("it also asks", answer(signs=replace(SAYS, question=True))),
    ("the writer speaks for several units", answer(asked=asks(alone=False))),
    ("another address than the one that answered", answer(sender=OTHER)),
    ("the unit is a member already", answer(asked=asks(unit=unit(joined=True)))),
    ("the form of another campaign", answer(fragment(office_phone=PHONE, campaign="other"))),
]  # fmt: skip


@pytest.mark.parametrize(("what", "outcome"), LEFT, ids=[row[0] for row in LEFT])
def test_whatever_is_in_doubt_is_left_to_a_person(what: str, outcome: Outcome) -> None:
    assert short(outcome) == " | received | question", what


def test_a_statement_beside_it_stays_one() -> None:
    outcome = answer(signs=replace(SAYS, sentence="我单位不同意加入联盟。"))
    assert [item.reason for item in outcome.held] == ["statement"]
    assert outcome.submissions == ()


def test_an_automatic_reply_and_thanks_alone_are_nothing() -> None:
    assert short(answer(signs=replace(SAYS, auto_reply=True))) == " |  | "
    thanks = Signs(courtesy=True, hits=("reply-subject",))
    assert short(answer(fragment(office_phone=PHONE, clean=False), signs=thanks)) == " |  | "


def test_a_resend_and_a_mail_in_the_junk_folder_change_nothing() -> None:
    assert short(answer(repeat=True)) == " |  | "
    assert answer(folder_is_junk=True).submissions == ()
    assert answer(protected=True).submissions == ()


def test_after_its_date_a_person_accepts_it() -> None:
    outcome = answer(arrived=at("12-06"))
    assert short(outcome) == "?yes/no late | received | late-change"


def test_what_is_still_owed_is_asked_again() -> None:
    stands = earlier(
        values_=values(contact="", office_phone="", mobile=""),
        asked=frozenset({"contact", "office_phone"}), asked_due=DUE,
    )  # fmt: skip
    outcome = answer(asked=Asked(unit(), stands, {"contact": 4, "office_phone": 5}, alone=True))
    (draft,) = outcome.submissions
    assert (draft.asked, draft.settled, draft.asked_due) == (("contact",), ("office_phone",), DUE)


@pytest.mark.parametrize(("outcome", "followups"), [
    (answer(fragment(office_phone=PHONE, clean=False)), [5]),
    (answer(fragment(mobile="13800000109", clean=False)), [5]),
    (answer(fragment(email="a@unit.example.cn", clean=False)), None),
    (answer(fragment(office_phone=PHONE, clean=False), signs=replace(SAYS, question=True)), None),
    (answer(asked=None), None),
])  # fmt: skip
def test_the_held_item_names_the_follow_up_that_it_may_answer(outcome: Outcome, followups: list[int] | None) -> None:
    (item,) = outcome.held
    assert item.details == (followups and {"followups": followups})
    assert "其中写有" in item.sentence


# ---- properties ---------------------------------------------------------------------------------

KEYS = ["contact", "office_phone", "title", "mobile", "email"]


@given(
    named=st.dictionaries(st.sampled_from(KEYS), st.sampled_from([PHONE, "李示例", "x@unit.example.cn"]), min_size=1),
    asked=st.sets(st.sampled_from(KEYS), min_size=1),
    clean=st.booleans(),
    alone=st.booleans(),
)
def test_a_line_never_changes_what_was_not_asked_for(
    named: dict[str, str], asked: set[str], clean: bool, alone: bool
) -> None:
    stands: Earlier = replace(STANDS, asked=frozenset(asked))
    outcome = answer(fragment(clean=clean, **named), Asked(unit(), stands, dict.fromkeys(asked, 1), alone=alone))
    group = {"office_phone", "mobile"}
    allowed = asked | (group if asked & group else set())
    for draft in outcome.submissions:
        assert clean
        assert alone
        assert set(named) <= allowed
        assert dict(draft.choices) == choices()
        for key, value in draft.values.items():
            assert value.text == named.get(key, stands.values[key].text)
    assert len(outcome.letters) <= 1
    assert outcome.submissions or outcome.held

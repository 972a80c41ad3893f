"""What of one unit's answers a person must see, and what its letter mentions once. Pure."""

from __future__ import annotations

from collections.abc import Iterator

from intake import followups
from intake.answers import BLANK, UNCLEAR, Choice
from intake.campaign import ChoiceSpec
from intake.deciding import holding, saying
from intake.deciding.amending import Amended
from intake.deciding.joining import in_words, is_definite
from intake.deciding.unit_case import UnitCase
from intake.followups import Owed
from intake.kinds import Lateness
from intake.outcome import HeldDraft

WORTH_A_WORD = frozenset({"suspicious", "swapped"})  # problems that the unit should hear of, once


def membership(case: UnitCase, amended: Amended) -> Iterator[HeldDraft]:
    """A member that says no, and who claims to be a member; not what a person decided already."""
    unit, spec, earlier = case.group.unit, case.mail.spec, case.group.earlier
    decided_keys = earlier.decided if earlier else frozenset[str]()
    for choice in spec.choices:
        if not choice.may_be_member or choice.id in decided_keys:
            continue
        answer = amended.choices.get(choice.id, Choice(choice.id, BLANK))
        if not case.is_news(amended, choice.id):
            continue
        if answer.answer == "no" and unit.member:
            yield holding.member_no(case.name, choice.id, spec)
        if answer.already_member and not is_definite(answer) and _roster_denies(case):
            yield holding.member_claim(case.name, choice.id)


def _roster_denies(case: UnitCase) -> bool:
    """A roster says that the unit is no member, or does not know the unit at all."""
    unit = case.group.unit
    return unit.member is False or (case.mail.known.roster_loaded and not unit.on_roster)


def dispute(case: UnitCase, lateness: Lateness) -> Iterator[HeldDraft]:
    if lateness == "disputed" and case.is_first:
        yield holding.disputed(case.name, case.mail)


def unclear(case: UnitCase, amended: Amended, asks: Owed) -> Iterator[HeldDraft]:
    asked = {key for group in asks.unclear for key in group}
    for key, choice in amended.choices.items():
        if choice.answer == UNCLEAR and case.is_news(amended, key):
            yield holding.unclear(case.name, key, choice, case.mail.spec, asked=key in asked)


def doubts(case: UnitCase, amended: Amended) -> Iterator[HeldDraft]:
    for key in amended.doubtful:
        new, standing = case.statement.choices[key], amended.choices[key]
        yield holding.doubtful(case.name, key, new, standing, case.mail.spec)


def decided(case: UnitCase, amended: Amended) -> Iterator[HeldDraft]:
    if case.is_first:  # the same mail read again never changes what a person decided about it
        return
    for key in (*amended.overruled, *amended.withstood):
        choice = case.statement.choices.get(key)
        new = in_words(choice) if choice else case.statement.values[key].text
        replaced = key in amended.overruled
        yield holding.decided_differs(case.name, key, new, replaced=replaced, spec=case.mail.spec)


def mention(case: UnitCase, amended: Amended) -> tuple[str, ...]:
    """What is mentioned once and never chased; a unit that declined hears none of it."""
    if followups.declined(amended.choices, case.mail.spec):
        return ()
    required = {key for group in case.mail.spec.required for key in group}
    second = (
        sentence
        for choice in case.mail.spec.choices
        if choice.id not in required
        for sentence in _of_choice(case, amended, choice)
    )
    odd = (
        problem.sentence
        for problem in case.statement.problems
        if problem.code in WORTH_A_WORD and case.is_news(amended, problem.field)
    )
    return tuple(dict.fromkeys((*second, *odd)))


def _of_choice(case: UnitCase, amended: Amended, choice: ChoiceSpec) -> Iterator[str]:
    answer = amended.choices.get(choice.id, Choice(choice.id, BLANK))
    if answer.answer == UNCLEAR and case.is_news(amended, choice.id):
        yield saying.choice_not_readable(choice)
    if answer.answer == BLANK and not answer.already_member and _blank_is_mentioned(case, choice):
        yield saying.second_choice_left_blank(choice)


def _blank_is_mentioned(case: UnitCase, choice: ChoiceSpec) -> bool:
    """Only in the first letter, with a roster that knows no near name and does not say member."""
    if not case.is_first:
        return False
    if not choice.may_be_member:
        return True
    return case.mail.known.roster_loaded and not case.group.unit.near and not case.group.unit.member

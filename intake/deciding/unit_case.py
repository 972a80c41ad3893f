"""One unit within a mail, and what is kept and said of it. Pure."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Literal

from intake import followups
from intake.answers import NO, YES, Problem, Value
from intake.campaign import FormSpec
from intake.deciding import saying
from intake.deciding.amending import Amended, Terms
from intake.deciding.holding import unit_name
from intake.deciding.incoming import Incoming
from intake.deciding.joining import Group, Statement, join, still_true
from intake.deciding.saying import UnitSaid
from intake.followups import NOTHING_OWED, Owed
from intake.kinds import Lateness
from intake.known import Earlier
from intake.outcome import SubmissionDraft

CONTACT = ("person", "telephone", "mobile", "email")  # kinds of fields that say whom to keep in touch with


@dataclass(frozen=True, slots=True)
class UnitCase:
    """One unit within a mail."""

    mail: Incoming
    group: Group
    statement: Statement
    name: str

    @property
    def is_first(self) -> bool:
        """Nothing stands yet, or only what this same mail said when it was read before."""
        return self.group.earlier is None or self.group.earlier.same_mail

    @property
    def sealed(self) -> bool:
        """A scan beside the electronic file, in this mail or after it."""
        return self.statement.sealed_copy or (self.statement.drawn and not self.is_first)

    @property
    def terms(self) -> Terms:
        earlier = self.group.earlier
        return Terms(overrule=earlier is not None and self.mail.sender == earlier.sender.lower())

    def is_news(self, amended: Amended, key: str) -> bool:
        """Whether this mail says something of a key that was not known before."""
        return self.is_first or key in amended.changed


def unit_case(mail: Incoming, group: Group, scans: Sequence[str] = ()) -> UnitCase:
    """Join a unit's forms. `scans` are files beside them that no reader here can read (盖章件)."""
    statement = _with_scans(join(group.forms, mail.spec), scans)
    name = unit_name(group.unit, statement.values.get(mail.spec.unit_field, Value("")).text)
    return UnitCase(mail, group, statement, name)


def _with_scans(statement: Statement, scans: Sequence[str]) -> Statement:
    if not scans:
        return statement
    return replace(statement, sources=(*statement.sources, *scans), sealed_copy=True)


def due_date(case: UnitCase, asks: Owed) -> datetime | None:
    """A question that is already open keeps its due date; a new one starts when it is asked."""
    earlier = case.group.earlier
    if not asks.keys:
        return None
    if earlier and earlier.asked_due and earlier.asked_due > case.mail.now and set(asks.keys) <= earlier.asked:
        return earlier.asked_due
    return followups.due(case.mail.now, case.mail.campaign.answer_workdays, case.mail.calendar)


def said(
    case: UnitCase,
    amended: Amended,
    lateness: Lateness,
    asks: Owed = NOTHING_OWED,
    due: datetime | None = None,
    mention: tuple[str, ...] = (),
) -> UnitSaid:
    """What a letter may repeat of a unit."""
    earlier = case.group.earlier
    return UnitSaid(
        unit=case.name,
        values=amended.values,
        choices=amended.choices,
        lateness=lateness,
        receipt=earlier.receipt if earlier else "",
        asks=asks,
        due=due,
        mention=mention,
        changed=amended.changed if earlier else (),
        sealed_copy=case.sealed,
        deadline=case.mail.campaign.deadline if case.mail.campaign.original_deadline else None,
    )


def still_said(case: UnitCase, earlier: Earlier) -> UnitSaid:
    """What stands, with the questions that are still open."""
    owed = followups.owed(earlier.values, earlier.choices, case.mail.spec, earlier.decided)
    asks = Owed(
        tuple(group for group in owed.missing if group[0] in earlier.asked),
        tuple(group for group in owed.unclear if group[0] in earlier.asked),
    )
    return said(case, Amended(earlier.values, earlier.choices), earlier.lateness, asks, earlier.asked_due)


def draft(
    case: UnitCase,
    amended: Amended,
    lateness: Lateness,
    *,
    standing: bool = True,
    asked: tuple[str, ...] = (),
    due: datetime | None = None,
    settled: tuple[str, ...] = (),
) -> SubmissionDraft:
    """The submission as it shall stand, or as a person shall see it (`standing` False)."""
    earlier = case.group.earlier
    return SubmissionDraft(
        campaign=case.mail.campaign.id,
        unit=case.name,
        unit_id=case.group.unit.unit_id,
        values=amended.values,
        choices=amended.choices,
        problems=_problems(case, amended),
        sources=case.statement.sources,
        lateness=lateness,
        replaces=earlier.submission_id if earlier else None,
        standing=standing,
        changed=amended.changed,
        asked=asked,
        asked_due=due,
        settled=settled,
        already_member=any(choice.already_member for choice in amended.choices.values()),
        sealed_copy=case.sealed,
        intent=_intent(amended, case),
        liaison=liaison_of(amended.values, case.mail.spec),
    )


def _intent(amended: Amended, case: UnitCase) -> Literal["intends", "declined", ""]:
    answer = followups.answer(amended.choices, case.mail.spec.declines)
    return "intends" if answer == YES else "declined" if answer == NO else ""


def liaison_of(values: Mapping[str, Value], spec: FormSpec) -> dict[str, str]:
    """The contact fields that are filled, at first the unit's liaison (联络员)."""
    keys = (field.id for field in spec.fields if field.kind in CONTACT)
    return {key: values[key].text for key in keys if key in values and values[key].text}


def _problems(case: UnitCase, amended: Amended) -> tuple[Problem, ...]:
    """The form's own problems that joining did not solve, and what is missing now."""
    spec = case.mail.spec
    kept = still_true(case.statement.problems, amended.values, amended.choices, spec)
    named = {problem.field for problem in kept if problem.code in ("missing", "unclear", "blank")}
    owed = followups.owed(amended.values, amended.choices, spec)
    missing = (
        Problem("missing", group[0], f"{saying.group_label(group, spec)}未填写。")
        for group in owed.missing
        if not named & set(group)
    )
    return (*kept, *missing)


def as_read(statement: Statement) -> Amended:
    """A statement as it is, for a unit of which nothing stands."""
    return Amended(statement.values, statement.choices)

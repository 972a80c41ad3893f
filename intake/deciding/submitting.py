"""What one unit's forms of one mail do to what stands of that unit. Pure.

Each path of the policy is a function: a first form, a form from another address, a correction, what
comes after the deadline, nothing new, a resend, an older mail that came to light late.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Literal, TypeAlias

from intake import followups
from intake.deciding import concerns, holding, saying, timing
from intake.deciding.amending import Amended, Terms, amend, may_change
from intake.deciding.incoming import Incoming
from intake.deciding.joining import Group, is_definite
from intake.deciding.saying import UnitSaid
from intake.deciding.unit_case import UnitCase, as_read, draft, due_date, said, still_said, unit_case
from intake.followups import Owed
from intake.kinds import Lateness
from intake.known import Earlier
from intake.outcome import HeldDraft, SubmissionDraft

Says: TypeAlias = Literal["acknowledgement", "correction", "late", "repeat", "received", "nothing"]

BEFORE_ANY_LETTER = frozenset({"member-no", "disputed"})  # a person speaks first; the unit hears `received`


@dataclass(frozen=True, slots=True)
class UnitOutcome:
    """What is decided for one unit. The `submission` of each held item counts within `submissions`.

    `says` is what its sender shall hear; `said` what the letter may repeat, None where it names nothing.
    """

    unit: str
    says: Says
    said: UnitSaid | None = None
    submissions: tuple[SubmissionDraft, ...] = ()
    held: tuple[HeldDraft, ...] = ()


def submit(mail: Incoming, group: Group, scans: Sequence[str] = ()) -> UnitOutcome:
    """Decide one unit of a mail. `scans` are files beside its form that no reader here can read (盖章件)."""
    mail = mail.by(group.unit.deadline)
    case = unit_case(mail, group, scans)
    if group.unit.unit_id is None and group.unit.near:
        return _proposed(case, as_read(case.statement), holding.near_name(case.name, group.unit.near))
    if group.earlier is None:
        return _first(case)
    if not may_change(mail.sender, group.earlier, group.unit):
        return _from_another(case, group.earlier)
    if group.unit.joined and not group.earlier.same_mail:
        return _after_joining(case, group.earlier)
    if group.earlier.same_mail:
        return _read_again(case, group.earlier)
    if mail.received_at < group.earlier.received_at:
        return _older(case, group.earlier)
    return _later(case, group.earlier)


def resend(mail: Incoming, group: Group) -> UnitOutcome:
    """Decide one unit of a mail that came before with the very same content: thanked, never recorded again.

    Where the standing answers have changed since, a person says which copy counts; a mail that only
    waits for a person is not answered again. A copy received in time saves one that was late.
    """
    mail = mail.by(group.unit.deadline)
    case, earlier = unit_case(mail, group), group.earlier
    if earlier is None or not may_change(mail.sender, earlier, group.unit):
        return UnitOutcome(case.name, "nothing")
    if mail.lateness == "in time" and earlier.lateness != "in time":
        return _older(case, earlier)
    amended = amend(earlier, case.statement, mail.spec, case.terms)
    against = [key for key in amended.changed if key in case.statement.choices and _stood(earlier, key)]
    if against:
        return _proposed(case, amended, holding.resent_differs(case.name, earlier, case.statement, mail.spec))
    return UnitOutcome(case.name, "repeat", still_said(case, earlier))


# ---- the paths --------------------------------------------------------------------------------


def _first(case: UnitCase) -> UnitOutcome:
    return _stand(case, as_read(case.statement), _greeting(case.mail.lateness), case.mail.lateness)


def _read_again(case: UnitCase, earlier: Earlier) -> UnitOutcome:
    """A person had the mail read again: what stands of it is completed, and its first letter goes if none did."""
    amended = amend(earlier, case.statement, case.mail.spec)
    says: Says = "correction" if amended.changed else _greeting(earlier.lateness)
    return _stand(case, amended, says, earlier.lateness)


def _greeting(lateness: Lateness) -> Says:
    return "late" if lateness == "late" else "acknowledgement"


def _from_another(case: UnitCase, earlier: Earlier) -> UnitOutcome:
    """Any other address replaces nothing: both versions are kept and a person says which counts."""
    amended = amend(earlier, case.statement, case.mail.spec)
    held = holding.other_sender(case.name, case.mail.sender, earlier, case.statement, case.mail.spec)
    return _proposed(case, amended, held)


def _older(case: UnitCase, earlier: Earlier) -> UnitOutcome:
    """A mail received before the one that stands: it fills what is blank, and may save the time limit."""
    spec = case.mail.spec
    filling = amend(earlier, case.statement, spec, Terms(fill_only=True))
    if earlier.lateness == "in time" or case.mail.lateness != "in time":
        return (
            _stand(case, filling, "correction", earlier.lateness)
            if filling.changed
            else _unchanged(case, earlier, filling)
        )
    if amend(earlier, case.statement, spec, case.terms).changed != filling.changed:
        held = holding.older_differs(case.name, case.mail, earlier, case.statement, spec)
        return _proposed(case, filling, held)
    return _stand(case, filling, "acknowledgement", "in time")


def _later(case: UnitCase, earlier: Earlier) -> UnitOutcome:
    amended = amend(earlier, case.statement, case.mail.spec, case.terms)
    if not amended.changed:
        return _unchanged(case, earlier, amended)
    if case.mail.lateness == "in time":
        return _stand(case, amended, "correction", "in time")
    return _after_deadline(case, earlier, amended)


def _after_deadline(case: UnitCase, earlier: Earlier, whole: Amended) -> UnitOutcome:
    """What we asked for counts if it came by its due date; every other change waits for a person."""
    asked = _asked_keys(case, earlier)
    answers = amend(earlier, case.statement, case.mail.spec, replace(case.terms, only=asked))
    rest = [key for key in whole.changed if key not in answers.changed]
    completed = _stand(case, answers, "correction", timing.completed_lateness(earlier)) if answers.changed else None
    if completed and not rest:
        return completed
    change = _proposed(case, whole, _change_held(case, earlier))
    return _both(completed, change, saying.late_change_pending(rest, case.mail.spec)) if completed else change


def _after_joining(case: UnitCase, earlier: Earlier) -> UnitOutcome:
    """A member reports that its data changed: proposed to a person with the differences."""
    amended = amend(earlier, case.statement, case.mail.spec, case.terms)
    if not amended.changed:
        return _unchanged(case, earlier, amended)
    thanks = saying.unit_facts(said(case, amended, earlier.lateness), case.mail.spec)
    change = holding.differences(earlier, case.statement, case.mail.spec)
    return _proposed(case, amended, holding.data_change(case.name, change, {"thanks": {"units": [thanks]}}))


def _unchanged(case: UnitCase, earlier: Earlier, amended: Amended) -> UnitOutcome:
    """Nothing new: thanked like a resend. A scan that follows the electronic file is noted with it."""
    held = (*concerns.doubts(case, amended), *concerns.decided(case, amended))
    drafts: tuple[SubmissionDraft, ...] = ()
    if case.sealed:
        asked = tuple(sorted(earlier.asked))
        drafts = (draft(case, amended, earlier.lateness, asked=asked, due=earlier.asked_due if asked else None),)
    elif held:  # so that a person's word has something to be about
        drafts = (draft(case, amended, case.mail.lateness, standing=False),)
    says: Says = "received" if held else "repeat"
    return UnitOutcome(case.name, says, still_said(case, earlier), drafts, _about(held, 0 if drafts else None))


def _stand(case: UnitCase, amended: Amended, says: Says, lateness: Lateness) -> UnitOutcome:
    """The answers stand. What is missing or unclear is asked, unless a person must speak first."""
    mail, earlier = case.mail, case.group.earlier
    held = (*concerns.membership(case, amended), *concerns.dispute(case, lateness), *concerns.decided(case, amended))
    quiet = any(item.reason in BEFORE_ANY_LETTER for item in held)
    kept = earlier.decided - set(amended.overruled) if earlier else frozenset[str]()
    owed = followups.owed(amended.values, amended.choices, mail.spec, kept)
    asks = owed if mail.may_write and not quiet else Owed()
    due = due_date(case, asks)
    settled = followups.settled(earlier.asked, owed, mail.spec, amended.values, amended.choices) if earlier else ()
    kept_draft = draft(case, amended, lateness, asked=asks.keys, due=due, settled=settled)
    words = said(case, amended, lateness, asks, due, concerns.mention(case, amended))
    held = (*held, *concerns.unclear(case, amended, asks), *concerns.doubts(case, amended))
    return UnitOutcome(case.name, "received" if quiet else says, words, (kept_draft,), _about(held, 0))


def _proposed(case: UnitCase, amended: Amended, held: HeldDraft) -> UnitOutcome:
    """Kept as a proposal that a person must accept; the sender hears only that it was received."""
    proposal = draft(case, amended, case.mail.lateness, standing=False)
    return UnitOutcome(case.name, "received", None, (proposal,), _about((held,), 0))


def _both(completed: UnitOutcome, change: UnitOutcome, mention: str) -> UnitOutcome:
    """An answer to our question that stands, and beside it a change that waits."""
    words = completed.said and replace(completed.said, mention=(*completed.said.mention, mention))
    held = (*completed.held, *_about(change.held, len(completed.submissions)))
    return replace(completed, said=words, submissions=(*completed.submissions, *change.submissions), held=held)


def _change_held(case: UnitCase, earlier: Earlier) -> HeldDraft:
    if case.mail.lateness == "disputed":
        return holding.disputed(case.name, case.mail)
    return holding.late_change(case.name, case.mail, earlier, case.statement, case.mail.spec)


def _asked_keys(case: UnitCase, earlier: Earlier) -> frozenset[str]:
    """The keys that complete what we asked for; the whole group where one of several is enough."""
    if not timing.answers_our_question(earlier, case.mail.received_at):
        return frozenset()
    groups = (group for group in case.mail.spec.required if earlier.asked & set(group))
    return earlier.asked | {key for group in groups for key in group}


def _stood(earlier: Earlier, key: str) -> bool:
    return key in earlier.choices and is_definite(earlier.choices[key])


def _about(held: Sequence[HeldDraft], submission: int | None) -> tuple[HeldDraft, ...]:
    return tuple(replace(item, submission=submission) for item in held)

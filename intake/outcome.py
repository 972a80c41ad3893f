"""What shall be done about one mail."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Literal

from intake.answers import Choice, Problem, Value
from intake.contents import Bounce
from intake.kinds import Lateness, LetterKind
from intake.verdict import Verdict


@dataclass(frozen=True, slots=True)
class SubmissionDraft:
    """A unit's answers as they shall stand after this mail: earlier and new already joined.

    `replaces` is the id of the standing submission it takes the place of; `standing` False means a
    proposal that a person must accept (kept, shown, counted as held). `asked` are the keys (fields
    and choices) asked of the unit now, due at `asked_due`; `settled` are earlier questions that
    this mail answers.
    """

    campaign: str
    unit: str
    unit_id: int | None
    values: Mapping[str, Value]
    choices: Mapping[str, Choice]
    problems: tuple[Problem, ...]
    sources: tuple[str, ...]
    lateness: Lateness
    replaces: int | None = None
    standing: bool = True
    changed: tuple[str, ...] = ()
    asked: tuple[str, ...] = ()
    asked_due: datetime | None = None
    settled: tuple[str, ...] = ()
    already_member: bool = False
    sealed_copy: bool = False
    intent: Literal["intends", "declined", ""] = ""  # what the decisive choice says
    liaison: Mapping[str, str] = field(default_factory=dict)  # the contact fields that are filled


@dataclass(frozen=True, slots=True)
class LetterDraft:
    """A letter to write. `key` is unique in the register: (campaign, unit or message, kind, round).

    `facts` is JSON-safe data for the template; `submissions` are indexes into Outcome.submissions
    whose receipt numbers the letter names (the register fills `receipt` in the facts' unit of the
    same order). `attach_form` adds the campaign's blank form.
    """

    key: str
    kind: LetterKind
    campaign: str
    recipient: str
    facts: Mapping[str, object]
    submissions: tuple[int, ...] = ()
    attach_form: bool = False
    not_before: datetime | None = None  # the late letter waits until `grace_minutes` are over


@dataclass(frozen=True, slots=True)
class HeldDraft:
    """Something a person must look at: a stable `reason`, one Chinese `sentence`, the submission it is about.

    Reasons: unclear, near-name, other-sender, late-change, disputed, member-no, member-claim,
    statement, question, unreadable, oversized, unfetched, protected, recall, attempts, no-unit,
    decided-differs, internal, strange-form, instruction, material (`key` is the material's id), data-change.

    `unit_id` and `details` serve those that are about no submission: `details` is what a decision will
    write, {"changes": {field: [old, new]}}, and the facts of the letter that will thank for it.
    """

    reason: str
    sentence: str
    submission: int | None = None
    key: str = ""
    unit_id: int | None = None
    details: Mapping[str, object] | None = None


@dataclass(frozen=True, slots=True)
class Outcome:
    """What shall be done about one mail: all of it in one transaction."""

    verdict: Verdict
    campaign: str
    received_at: datetime
    submissions: tuple[SubmissionDraft, ...] = ()
    letters: tuple[LetterDraft, ...] = ()
    held: tuple[HeldDraft, ...] = ()
    bounced: Bounce | None = None
    note: str = ""

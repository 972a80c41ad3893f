"""The outcome of a mail, put together from what was decided about its parts. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace

from intake.contents import Bounce
from intake.deciding.incoming import Incoming
from intake.deciding.submitting import UnitOutcome
from intake.outcome import HeldDraft, LetterDraft, Outcome, SubmissionDraft


def outcome(
    mail: Incoming,
    *,
    submissions: Sequence[SubmissionDraft] = (),
    letters: Sequence[LetterDraft] = (),
    held: Sequence[HeldDraft] = (),
    bounced: Bounce | None = None,
    note: str = "",
) -> Outcome:
    """What was decided, as the outcome of this mail."""
    return Outcome(
        verdict=mail.verdict,
        campaign=mail.campaign.id,
        received_at=mail.received_at,
        submissions=tuple(submissions),
        letters=tuple(letters),
        held=tuple(held),
        bounced=bounced,
        note=note,
    )


def outcome_of_units(
    mail: Incoming,
    units: Iterable[UnitOutcome],
    letters: Sequence[LetterDraft],
    held: Sequence[HeldDraft] = (),
    note: str = "",
) -> Outcome:
    """All submissions and held items of the units, the latter pointing into the former, and what is `held` besides."""
    submissions: list[SubmissionDraft] = []
    waiting: list[HeldDraft] = []
    for unit in units:
        first = len(submissions)
        submissions += unit.submissions
        waiting += (
            replace(item, submission=None if item.submission is None else first + item.submission) for item in unit.held
        )
    return outcome(mail, submissions=submissions, letters=letters, held=(*waiting, *held), note=note)

"""A person's decision about a held item, with all that follows and its entry in the audit; and its undoing.

The one way, from the shell and from a mail: each function writes in the caller's transaction.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Connection

from intake.campaign import Campaign
from intake.errors import WrongUsage
from intake.workdays import Calendar
from scheduler import moving
from scheduler.duties import Duties
from storage import audits, held, snapshots, submissions, undoing
from storage.audits import Through
from storage.plain_rows import Audit, HeldRow

OF_PAPERS = ("material", "overdue")  # items by which a paper may be ticked off


@dataclass(frozen=True, slots=True)
class Desk:
    """What deciding needs of the campaigns; `domain` is the sender's, for Message-IDs."""

    campaigns: Mapping[str, Campaign]
    duties: Mapping[str, Duties]
    calendar: Calendar
    domain: str


@dataclass(frozen=True, slots=True)
class Decided:
    """The item as it is closed, and its entry in the audit."""

    row: HeldRow
    audit_id: int


def options_of(campaigns: Mapping[str, Campaign], row: HeldRow) -> tuple[str, ...]:
    """The options of the choice that an item is about, () for 是 and 否, and where it is about none."""
    campaign = campaigns.get(row.campaign)
    choices = campaign.form.choices if campaign else ()
    return next((choice.options for choice in choices if choice.id == row.key and not choice.yes_no), ())


def decide(
    tx: Connection, desk: Desk, reference: str, words: str, *,
    by: str, through: Through, now: datetime, message_id: int | None = None,
) -> Decided:  # fmt: skip
    """Decide an item and note it; raises WrongUsage with a sentence, and nothing is changed then."""
    row = held.show(tx, reference)
    scope = undoing.scope_of(tx, row, words)
    before = snapshots.take(tx, scope)
    campaign = desk.campaigns.get(row.campaign)
    decisive = campaign.form.declines if campaign else ""
    closed = held.decide(
        tx, reference, words, by, now, options_of(desk.campaigns, row), decisive=decisive, domain=desk.domain
    )  # fmt: skip
    if closed.reason in OF_PAPERS and closed.unit_id is not None and closed.campaign in desk.duties:
        moving.advance(tx, desk.duties[closed.campaign], desk.calendar, closed.unit_id, now, by)
    told, changed = undoing.kept(scope, before, snapshots.take(tx, scope))
    audit_id = audits.note(
        tx, at=now, by=by, through=through, what="held", word=words, reference=row.reference,
        unit_id=_unit_of(tx, row), campaign=row.campaign, before=told, after=changed, message_id=message_id,
    )  # fmt: skip
    return Decided(closed, audit_id)


def undo(
    tx: Connection, audit_id: int, *, by: str, through: Through, now: datetime, message_id: int | None = None,
    word: str = "撤销",
) -> tuple[Audit, int]:  # fmt: skip
    """Undo a decision and note that; gives its entry, and how many letters have left that cannot be called back.

    Raises WrongUsage with a sentence where something newer has come.
    """
    audit = audits.by_id(tx, audit_id)
    if audit is None:
        raise WrongUsage(sentence="没有找到所要撤销的决定，未作改动。")
    left = undoing.undo(tx, audit)
    entry = audits.note(
        tx, at=now, by=by, through=through, what="undo", word=word, reference=audit.reference, unit_id=audit.unit_id,
        campaign=audit.campaign, message_id=message_id,
    )  # fmt: skip
    audits.mark_undone(tx, audit_id, entry)
    return audit, left


def _unit_of(tx: Connection, row: HeldRow) -> int | None:
    if row.unit_id is not None or row.submission_id is None:
        return row.unit_id
    return submissions.unit_of(tx, row.submission_id)

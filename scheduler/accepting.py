"""Late forms that a person lets count, and the letter that tells the unit so."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Connection

from intake.addressees import is_person
from intake.campaign import Campaign
from intake.deciding import saying
from intake.outcome import LetterDraft
from scheduler.handling import Rules
from storage import letters, recomputing, submissions, units


@dataclass(frozen=True, slots=True)
class Accepted:
    """A unit whose late form counts now; `told`: whether a letter will say so."""

    unit_id: int
    unit_name: str
    told: bool


def accept(
    tx: Connection,
    campaign: Campaign,
    unit_ids: Sequence[int] | None,
    by: str,
    now: datetime,
    *,
    rules: Rules,
    tell: bool,
) -> list[Accepted]:
    """Let the late forms of these units (None: of all) count."""
    accepted = recomputing.accept_late(tx, campaign.id, unit_ids, by, now)
    return [Accepted(row.unit_id, row.unit_name, tell and _tell(tx, campaign, row, now, rules)) for row in accepted]


def _tell(tx: Connection, campaign: Campaign, row: Any, now: datetime, rules: Rules) -> bool:
    unit = units.get(tx, row.unit_id)
    shielded = rules.office(campaign, now).is_protected(row.sender) or (unit is not None and unit.mode != "auto")
    stands = submissions.earlier(tx, campaign.id, row.unit_id)
    if stands is None or shielded or not is_person(row.sender) or now > campaign.letters_until:
        return False
    said = saying.UnitSaid(row.unit_name, stands.values, stands.choices, receipt=stands.receipt)
    draft = LetterDraft(
        key=f"{campaign.id}/submission-{row.id}/accepted/1",
        kind="acknowledgement",
        campaign=campaign.id,
        recipient=row.sender,
        facts={"units": [saying.unit_facts(said, campaign.form) | {"accepted": True}]},
    )
    letters.write(tx, draft, now=now, domain=rules.domain, unit_id=row.unit_id)
    return True

"""What a changed rule, deadline or extension would change in the register, and writing it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Connection

from intake.beijing import moment
from intake.kinds import Lateness
from intake.recomputing import due_now, lateness_now
from intake.workdays import Calendar
from scheduler.duties import Duties
from storage import extensions, followups, recomputing

LATENESS: dict[Lateness, str] = {"in time": "按时", "late": "逾期", "disputed": "是否按时待定"}


@dataclass(frozen=True, slots=True)
class Difference:
    """One thing that would change. `due` is the new date of a follow-up, `lateness` that of a submission."""

    unit_id: int
    unit_name: str
    awaits: str
    reason: str
    old: str
    new: str
    id: int
    due: datetime | None = None
    lateness: Lateness | None = None


def differences(tx: Connection, duties: Duties, calendar: Calendar) -> list[Difference]:
    """All that differs from what the rules and dates of now give; nothing is written."""
    return [*_of_forms(tx, duties), *_of_followups(tx, duties, calendar)]


def apply(tx: Connection, found: Sequence[Difference], now: datetime) -> None:
    """Write them."""
    for each in found:
        if each.due is not None:
            followups.move_due(tx, each.id, each.due, now)
        if each.lateness is not None:
            recomputing.set_lateness(tx, each.id, each.lateness)


def _of_forms(tx: Connection, duties: Duties) -> list[Difference]:
    campaign = duties.campaign
    dates = extensions.deadlines(tx, campaign.id, campaign.deadline)
    found = []
    for form in recomputing.forms(tx, campaign.id):
        old, new = form.recorded.lateness, lateness_now(form.recorded, dates.of(form.unit_id))
        if old != new:
            words = LATENESS[old], LATENESS[new]
            found.append(
                Difference(form.unit_id, form.unit_name, campaign.form.title, "", *words, form.id, lateness=new)
            )
    return found


def _of_followups(tx: Connection, duties: Duties, calendar: Calendar) -> list[Difference]:
    found = []
    for row in followups.all_open(tx, duties.campaign.id):
        if row.asked_at is None or row.due_at is None:
            continue
        new = due_now(duties.rules[row.reason], row.asked_at, row.due_at, calendar)
        if new != row.due_at:
            words = moment(row.due_at), moment(new)
            found.append(Difference(row.unit_id, row.unit_name, row.awaits, row.reason, *words, row.id, due=new))
    return found

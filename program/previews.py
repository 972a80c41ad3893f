"""The facts of a letter as they are for one unit now: for looking at a letter before it leaves."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import TYPE_CHECKING, Any

from intake.errors import WrongUsage

if TYPE_CHECKING:
    from sqlalchemy import Connection

    from intake.known import Earlier
    from intake.workdays import Calendar
    from scheduler.duties import Duties
    from storage.units import Unit

ABOUT_FORMS = ("acknowledgement", "correction", "late", "repeat")


def facts_for(
    tx: Connection, duties: Duties, calendar: Calendar, kind: str, unit_id: int, now: datetime
) -> tuple[Mapping[str, Any], str]:
    """The facts, and the address the letter would go to; raises WrongUsage where the unit has no such letter.

    A letter that answers a mail shows the facts of the last one of its kind to the unit.
    """
    from storage import submissions, units

    unit = units.get(tx, unit_id)
    assert unit is not None
    stands = submissions.earlier(tx, duties.campaign.id, unit_id)
    if kind in ABOUT_FORMS and stands:
        return _about_form(duties, kind, unit, stands), stands.sender
    if kind == "question" and (found := _question(tx, duties, calendar, unit_id, now)):
        return found
    if last := _last(tx, duties.campaign.id, kind, unit_id):
        return last
    if kind in ("reminder", "circular") and unit.addresses:
        return _unasked(tx, duties, unit), unit.addresses[0]
    raise WrongUsage(kind, sentence=f"“{unit.name}”目前没有可据以书写这种信函的内容；不加 --unit 可用样例数据预览。")


def _about_form(duties: Duties, kind: str, unit: Unit, stands: Earlier) -> Mapping[str, Any]:
    from intake import followups
    from intake.deciding import saying

    form = duties.campaign.form
    owed = followups.owed(stands.values, stands.choices, form, stands.decided)
    said = saying.UnitSaid(
        unit.name, stands.values, stands.choices, receipt=stands.receipt, asks=owed, due=stands.asked_due,
        lateness="late" if kind == "late" else stands.lateness,
    )  # fmt: skip
    return {"units": [saying.unit_facts(said, form)], "salutation": unit.salutation}


def _question(
    tx: Connection, duties: Duties, calendar: Calendar, unit_id: int, now: datetime
) -> tuple[Mapping[str, Any], str] | None:
    from scheduler import asking
    from storage import chasing

    owed = chasing.all_open(tx, duties.campaign.id, duties.email_field, [unit_id])
    facts = asking.facts(duties, calendar, owed, now)
    return (facts, owed[0].recipient) if facts else None


def _last(tx: Connection, campaign: str, kind: str, unit_id: int) -> tuple[Mapping[str, Any], str] | None:
    from storage import finding_letters

    row = finding_letters.last_to_unit(tx, campaign, kind, unit_id)
    return (row.facts, row.recipient) if row else None


def _unasked(tx: Connection, duties: Duties, unit: Unit) -> Mapping[str, Any]:
    from intake.deciding.saying import deadline_fact
    from storage import extensions

    campaign = duties.campaign
    deadline = extensions.deadlines(tx, campaign.id, campaign.deadline, [unit.id]).of(unit.id)
    told = {"unit": unit.name, "contact": unit.contact}
    later = deadline_fact(deadline if deadline != campaign.deadline else None)
    return {"units": [told], "salutation": unit.salutation, **later}

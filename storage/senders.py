"""Whom a sender's address speaks for, once a later stage of a campaign is open. Only reads."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace

from sqlalchemy import Connection, bindparam, select

from intake import standing
from intake.known import UnitKnown, Writer
from intake.stages import Material
from storage import liaisons, standings
from storage.tables import followups, receipts, submissions, units

_WROTE = (
    select(submissions.c.unit_id)
    .where(
        submissions.c.campaign == bindparam("in_campaign"),
        submissions.c.sender == bindparam("from_"),
        submissions.c.state == "standing",
    )
    .distinct()
)
_OWES = select(followups.c.awaits).where(
    followups.c.campaign == bindparam("in_campaign"),
    followups.c.unit_id == bindparam("unit"),
    followups.c.reason == "material",
    followups.c.state.in_(("open", "overdue")),
)
_OF = select(units.c.name, receipts.c.number).select_from(
    units.outerjoin(
        receipts, (receipts.c.unit_id == units.c.id) & (receipts.c.campaign == bindparam("in_campaign"))
    )
).where(units.c.id == bindparam("unit"))  # fmt: skip


def writer_of(
    tx: Connection, campaign: str, sender: str, on_roster: Sequence[int], materials: Mapping[str, Sequence[Material]]
) -> Writer | None:
    """The one unit that the address sent a form for, or on whose roster row it stands; None where several do."""
    where = {"in_campaign": campaign}
    ids = {*tx.scalars(_WROTE, where | {"from_": sender}), *on_roster}
    if len(ids) != 1:
        return None
    unit_id = ids.pop()
    name, number = tx.execute(_OF, where | {"unit": unit_id}).one()
    owed = set(tx.scalars(_OWES, where | {"unit": unit_id}))
    liaison = liaisons.current(tx, campaign, unit_id)
    return Writer(
        unit_id=unit_id,
        name=name,
        joined=standings.current(tx, campaign, unit_id) in standing.JOINED,
        receipt=number or "",
        liaison=liaison.values if liaison else {},
        owes=tuple(paper for paper in materials.get(campaign, ()) if paper.id in owed),
    )


def with_joined(tx: Connection, campaign: str, found: Sequence[UnitKnown]) -> tuple[UnitKnown, ...]:
    """The units of a mail's forms, told whether they have joined."""
    return tuple(
        unit
        if unit.unit_id is None
        else replace(unit, joined=standings.current(tx, campaign, unit.unit_id) in standing.JOINED)
        for unit in found
    )

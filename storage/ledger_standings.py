"""Where units stand with the body they may join, and whom they named to keep in touch: for the ledger. Only reads."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, select

from intake.beijing import sortable_day
from intake.campaign import FormSpec
from intake.standing import WORDS
from storage.tables import liaisons, standings, units

HEADINGS = ("单位", "状态", "日期（北京时间）", "事由", "经办人")


@dataclass(frozen=True, slots=True)
class Change:
    """One change of a unit's status; `by` is the person, "" where it followed from a form or a letter."""

    unit_id: int
    unit: str
    word: str
    at: datetime
    reason: str
    by: str


def changes(tx: Connection, campaign: str) -> list[Change]:
    """Every change in the campaign in the order of time; the last one of a unit is how it stands."""
    rows = tx.execute(
        select(standings, units.c.name)
        .join_from(standings, units)
        .where(standings.c.campaign == campaign)
        .order_by(standings.c.at, standings.c.id)
    )
    return [
        Change(row.unit_id, row.name, WORDS.get(row.status, row.status), row.at, row.reason, row.moved_by or "")
        for row in rows
    ]


def rows(found: Sequence[Change]) -> list[list[str | int]]:
    return [[one.unit, one.word, sortable_day(one.at), one.reason, one.by] for one in found]


def tallies(tx: Connection, campaign: str | None) -> dict[str, int]:
    """How many units stand how now, in the order of the office's words."""
    where = () if campaign is None else (standings.c.campaign == campaign,)
    rows = tx.execute(
        select(standings.c.campaign, standings.c.unit_id, standings.c.status).where(*where).order_by(standings.c.step)
    )
    counted = Counter({(row.campaign, row.unit_id): row.status for row in rows}.values())
    return {status: counted[status] for status in WORDS if counted[status]}


def named(tx: Connection, campaign: str, spec: FormSpec) -> dict[int, str]:
    """The present liaison of each unit, as one text: the contact first, then what else is known."""
    rows = tx.execute(
        select(liaisons.c.unit_id, liaisons.c["values"])
        .where(liaisons.c.campaign == campaign, liaisons.c.until.is_(None))
        .order_by(liaisons.c.id)
    )
    return {row.unit_id: _text(row._mapping["values"], spec) for row in rows}


def _text(values: Mapping[str, Any], spec: FormSpec) -> str:
    ordered = [field.id for field in spec.fields if values.get(field.id)]
    return "，".join(str(values[key]) for key in ordered)

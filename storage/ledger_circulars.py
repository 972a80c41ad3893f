"""What became of the notice, for the ledger: a row a letter, and one for each unit that has had none. Only reads."""

from __future__ import annotations

from typing import Any

from sqlalchemy import Connection, func, select

from intake.beijing import sortable
from intake.office_words import STATES
from storage.circulars import KIND
from storage.tables import letters, submissions, units
from storage.units import LISTED

HEADINGS = ("单位", "收件地址", "类别", "状态", "时间（北京时间）", "是否已答复", "对方服务器的答复")
NOT_SENT = "未发"
_SAID_IN = letters.alias()
_FATE = (
    select(
        letters.c.unit_id,
        units.c.name,
        letters.c.recipient,
        letters.c.facts,
        func.coalesce(_SAID_IN.c.state, letters.c.state).label("state"),
        func.coalesce(_SAID_IN.c.settled_at, letters.c.settled_at).label("at"),
        func.coalesce(_SAID_IN.c.reply, letters.c.reply).label("reply"),
    )
    .select_from(
        letters.join(units, letters.c.unit_id == units.c.id).outerjoin(
            _SAID_IN, letters.c.merged_into_id == _SAID_IN.c.id
        )
    )
    .order_by(letters.c.unit_id, letters.c.id)
)


def rows(tx: Connection, campaign: str) -> list[list[str | int]]:
    """By unit; none at all where the register holds no notice of the campaign."""
    found = tx.execute(_FATE.where(letters.c.campaign == campaign, letters.c.kind == KIND)).all()
    if not found:
        return []
    answered = _answered(tx, campaign)
    by_unit: dict[int, list[list[str | int]]] = {}
    for row in found:
        by_unit.setdefault(row.unit_id, []).append(_line(row, row.unit_id in answered))
    for unit_id, name in tx.execute(select(units.c.id, units.c.name).where(LISTED)):
        if unit_id not in by_unit:
            by_unit[unit_id] = [[name, "", "", NOT_SENT, "", _yes(unit_id in answered), ""]]
    return [line for unit_id in sorted(by_unit) for line in by_unit[unit_id]]


def _answered(tx: Connection, campaign: str) -> set[int]:
    stands = (submissions.c.campaign == campaign, submissions.c.state.in_(("standing", "proposed")))
    return set(tx.scalars(select(submissions.c.unit_id).where(*stands)))


def _line(row: Any, answered: bool) -> list[str | int]:
    copy = "抄送" if (row.facts or {}).get("copy") else "主送"
    said = (row.reply or "") if row.state in ("refused", "bounced", "deferred", "doubt") else ""
    return [row.name, row.recipient, copy, STATES.get(row.state, row.state), sortable(row.at), _yes(answered), said]


def _yes(answered: bool) -> str:
    return "已答复" if answered else ""

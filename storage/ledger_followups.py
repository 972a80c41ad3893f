"""What units owed and owe, for the ledger: a row a follow-up, what is open first. Only reads."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from sqlalchemy import Connection, and_, case, func, select

from intake.beijing import sortable, sortable_day
from intake.followups import RULES
from intake.office_words import FOLLOWUPS
from storage.tables import chasings, followups, units

HEADINGS = (
    "单位", "类别", "事项", "状态", "提出时间（北京时间）", "期限（北京时间）", "原期限", "提醒次数", "转秘书处",
    "办结时间（北京时间）", "办理人",
)  # fmt: skip
_REMINDERS = (
    select(func.count())
    .where(chasings.c.followup_id == followups.c.id, chasings.c.round.in_(("before", "after")))
    .scalar_subquery()
)
_ROWS = select(followups, units.c.name, _REMINDERS.label("reminders")).join_from(followups, units)


def rows(tx: Connection, campaign: str, label: Callable[[str], str]) -> list[list[str | int]]:
    """What is open by its date, then what is closed. `label` names what is awaited as the unit knows it."""
    is_open = and_(followups.c.closed_at.is_(None), followups.c.state.in_(("open", "overdue")))
    order = (case((is_open, 0), else_=1), case((followups.c.due_at.is_(None), 1), else_=0))
    found = tx.execute(
        _ROWS.where(followups.c.campaign == campaign).order_by(*order, followups.c.due_at, followups.c.id)
    )
    return [_line(row, label) for row in found]


def _line(row: Any, label: Callable[[str], str]) -> list[str | int]:
    words = RULES[row.reason].words if row.reason in RULES else row.reason
    closed = row.state in ("settled", "waived")
    return [
        row.name,
        words,
        words if row.awaits == row.reason else label(row.awaits),
        FOLLOWUPS.get(row.state, row.state),
        sortable(row.asked_at or row.opened_at, seconds=False),
        sortable(row.due_at, seconds=False),
        sortable_day(row.original_due_at),
        row.reminders,
        "" if row.handed_at is None or closed else sortable_day(row.handed_at),
        sortable(row.closed_at, seconds=False),
        row.closed_by or "",
    ]

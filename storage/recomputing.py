"""What a changed date or rule may change: read for the rule, and written once a person has seen the differences."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, select, update

from intake.kinds import Lateness
from intake.recomputing import Recorded, Times
from storage.sql import plain
from storage.tables import held, messages, submissions


@dataclass(frozen=True, slots=True)
class Form:
    """A standing submission that came by mail and whose lateness nobody decided."""

    id: int
    unit_id: int
    unit_name: str
    recorded: Recorded


_COLUMNS = (
    submissions.c.id, submissions.c.unit_id, submissions.c.unit_name, submissions.c.lateness,
    submissions.c.state, submissions.c.replaces_id, submissions.c.accepted_at,
    messages.c.internal_date, messages.c.top_received,
)  # fmt: skip


def forms(tx: Connection, campaign: str) -> list[Form]:
    """Every standing submission of a campaign whose lateness follows from its times."""
    statement = select(*_COLUMNS).join_from(submissions, messages).where(submissions.c.campaign == campaign)
    rows = {row.id: row for row in tx.execute(statement.order_by(submissions.c.id))}
    decided = set(
        tx.scalars(select(held.c.submission_id).where(held.c.campaign == campaign, held.c.reason == "disputed"))
    )
    return [
        _form(row, rows)
        for row in rows.values()
        if row.state == "standing" and row.accepted_at is None and row.id not in decided
    ]


def set_lateness(tx: Connection, submission_id: int, lateness: Lateness) -> None:
    """Write what the rule gives now."""
    values = {"lateness": lateness, "late": lateness == "late"}
    if lateness == "in time":
        values["in_time_at_first"] = True
    tx.execute(update(submissions).where(submissions.c.id == submission_id).values(**values))


def accept_late(tx: Connection, campaign: str, unit_ids: Sequence[int] | None, by: str, now: datetime) -> list[Any]:
    """Let late submissions count as in time (None: all of them); gives id, unit_id, unit_name and sender of each."""
    where = [submissions.c.campaign == campaign, submissions.c.state == "standing", submissions.c.lateness == "late"]
    if unit_ids is not None:
        where.append(submissions.c.unit_id.in_(unit_ids))
    counted = {"lateness": "in time", "late": False, "in_time_at_first": True}
    accepted = tx.execute(
        update(submissions)
        .where(*where)
        .values(**counted, accepted_at=now, accepted_by=plain(by, 320))
        .returning(submissions.c.id, submissions.c.unit_id, submissions.c.unit_name, submissions.c.sender)
    )
    return sorted(accepted, key=lambda row: int(row.id))


def _form(row: Any, rows: dict[int, Any]) -> Form:
    first = row
    while first.replaces_id in rows:
        first = rows[first.replaces_id]
    corrects = row.replaces_id is not None
    own, begun = _times(row), _times(first)
    return Form(row.id, row.unit_id, row.unit_name, Recorded(own, begun, row.lateness, corrects))


def _times(row: Any) -> Times:
    return Times(row.internal_date, row.top_received)

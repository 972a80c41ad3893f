"""The status of each unit and when it changed; every change is kept.

Promises: a change is written only if it follows the status that stood when it was decided. What may
follow what is said by intake/standing.py.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Connection, and_, bindparam, exists, func, select

from intake import standing
from storage.prepared import Prepared
from storage.sql import adding, plain
from storage.tables import letters, sendings, standings


@dataclass(frozen=True, slots=True)
class Change:
    """One step of a unit; `moved_by` None: it followed from a submission or a letter."""

    step: int
    status: str
    at: datetime
    reason: str
    moved_by: str | None


_COLUMNS = [standings.c[name] for name in Change.__slots__]
_HISTORY = Prepared(
    select(*_COLUMNS)
    .where(standings.c.campaign == bindparam("in_campaign"), standings.c.unit_id == bindparam("unit"))
    .order_by(standings.c.step),
    Change,
)
_ADD = adding(standings, "id")
_NEWEST = Prepared(select(func.max(standings.c.id)))
_NEWEST_TRY = Prepared(select(func.max(sendings.c.id)))
_UNSETTLED = Prepared(select(func.count().label("number")).where(letters.c.state.in_(("sending", "doubt"))))
_LATEST = (
    select(standings.c.unit_id, func.max(standings.c.step).label("step"))
    .where(standings.c.campaign == bindparam("in_campaign"))
    .group_by(standings.c.unit_id)
    .subquery()
)
_IN_STATUS = (
    select(standings.c.unit_id)
    .join(_LATEST, and_(_LATEST.c.unit_id == standings.c.unit_id, _LATEST.c.step == standings.c.step))
    .where(standings.c.campaign == bindparam("in_campaign"), standings.c.status.in_(bindparam("any", expanding=True)))
    .order_by(standings.c.unit_id)
)
_NOTIFIED = (
    select(letters.c.unit_id)
    .where(
        letters.c.campaign == bindparam("in_campaign"),
        letters.c.kind == "circular",
        letters.c.state == "sent",
        letters.c.unit_id.is_not(None),
        ~exists().where(standings.c.campaign == letters.c.campaign, standings.c.unit_id == letters.c.unit_id),
    )
    .distinct()
)


def history(tx: Connection, campaign: str, unit_id: int) -> list[Change]:
    """Every status of the unit, oldest first."""
    return _HISTORY.all(tx, {"in_campaign": campaign, "unit": unit_id})


def current(tx: Connection, campaign: str, unit_id: int) -> str:
    """The unit's status now, "" where none was ever written."""
    steps = history(tx, campaign, unit_id)
    return steps[-1].status if steps else ""


def with_status(tx: Connection, campaign: str, *statuses: str) -> list[int]:
    """The units that stand so now."""
    return list(tx.scalars(_IN_STATUS, {"in_campaign": campaign, "any": list(statuses)}))


def latest_step(tx: Connection) -> int:
    """The number of the newest change of any unit in any campaign, 0 where there is none."""
    return _NEWEST.scalar(tx) or 0


def since(tx: Connection, campaign: str, number: int, status: str) -> list[int]:
    """The units that came to this status after that change, and stand so still."""
    now = set(with_status(tx, campaign, status))
    later = (standings.c.campaign == campaign, standings.c.id > number, standings.c.status == status)
    return [id_ for id_ in tx.scalars(select(standings.c.unit_id).where(*later).distinct()) if id_ in now]


def write(
    tx: Connection, campaign: str, unit_id: int, status: str, now: datetime, *, reason: str = "", by: str | None = None
) -> bool:
    """Write the next step; the caller has asked intake/standing.py. False if another change came between."""
    return _write(tx, campaign, unit_id, history(tx, campaign, unit_id), status, now, reason, by)


def _write(
    tx: Connection,
    campaign: str,
    unit_id: int,
    steps: Sequence[Change],
    status: str,
    now: datetime,
    reason: str = "",
    by: str | None = None,
) -> bool:
    row = {
        "campaign": campaign,
        "unit_id": unit_id,
        "step": steps[-1].step + 1 if steps else 1,
        "status": status,
        "at": now,
        "reason": plain(reason),
        "moved_by": None if by is None else plain(by, 320),
    }
    return _ADD.first(tx, row) is not None


def follow(tx: Connection, campaign: str, unit_id: int, intent: str, now: datetime, *, new_unit: bool = False) -> None:
    """A submission stands: `intent` is intends, declined, or "" where it says neither.

    `new_unit` says that nothing was written of it yet, which saves a look.
    """
    if not intent:
        return
    steps = [] if new_unit else history(tx, campaign, unit_id)
    if status := standing.follows(steps[-1].status if steps else "", intent):
        _write(tx, campaign, unit_id, steps, status, now)


def has_notified(tx: Connection, campaign: str) -> bool:
    """Whether a notice was sent to a unit of which nothing is known yet."""
    return tx.execute(_NOTIFIED, {"in_campaign": campaign}).first() is not None


def trace_of_sending(tx: Connection) -> tuple[int, int]:
    """Changes whenever a letter is tried or one of unknown fate is settled: cheap, however many were sent before."""
    return _NEWEST_TRY.scalar(tx) or 0, _UNSETTLED.scalar(tx) or 0


def follow_circulars(tx: Connection, campaign: str, now: datetime) -> int:
    """Units whose notice was sent are invited, if nothing else is known of them; gives how many."""
    notified = list(tx.scalars(_NOTIFIED, {"in_campaign": campaign}))
    return sum(write(tx, campaign, unit_id, standing.INVITED, now) for unit_id in notified)

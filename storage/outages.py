"""Times in which fetching or sending failed, or the clock was wrong: begun by the first failure, ended by a success.

Promises: at most one open outage an edge; its beginning survives a restart, so that a round every few minutes knows
how long it has been.
"""

from __future__ import annotations

from datetime import datetime, timedelta

from sqlalchemy import Connection, func, insert, or_, select, update

from storage.plain_rows import Edge, Outage
from storage.sql import plain
from storage.tables import outages

WORTH_TELLING = timedelta(minutes=15)  # shorter ones that are over are not told in a digest


_ROWS = select(*(outages.c[name] for name in Outage.__slots__)).order_by(outages.c.id)
_OPEN = outages.c.ended_at.is_(None)


def failed(tx: Connection, edge: Edge, reason: str, now: datetime, missing: int = 0) -> None:
    """It failed now, for this reason; the first failure begins an outage."""
    told = {"reason": plain(reason), "missing": missing, "last_at": now}
    where = (outages.c.edge == edge, _OPEN)
    if tx.execute(update(outages).where(*where).values(**told).returning(outages.c.id)).first() is None:
        tx.execute(insert(outages), told | {"edge": edge, "since": now})


def works(tx: Connection, edge: Edge, now: datetime) -> None:
    """It works: an open outage is over."""
    tx.execute(update(outages).where(outages.c.edge == edge, _OPEN).values(ended_at=now, missing=0))


def is_open(tx: Connection, edge: Edge) -> bool:
    return tx.scalar(select(outages.c.id).where(outages.c.edge == edge, _OPEN).limit(1)) is not None


def since(tx: Connection, begin: datetime) -> list[Outage]:
    """Those that are open, or ended after `begin`, oldest first."""
    return [Outage(**row._mapping) for row in tx.execute(_ROWS.where(or_(_OPEN, outages.c.ended_at > begin)))]


def told(tx: Connection, begin: datetime, end: datetime) -> tuple[Outage, ...]:
    """What a digest tells: open ones, and those that ended in its period and were long enough."""
    found = since(tx, begin)
    return tuple(one for one in found if one.ended_at is None or _is_long(one, end))


def missing(tx: Connection) -> int:
    """Mails that fetching has seen on the server and could not store."""
    return int(tx.scalar(select(func.coalesce(func.sum(outages.c.missing), 0)).where(_OPEN)) or 0)


def _is_long(one: Outage, end: datetime) -> bool:
    return one.ended_at is not None and one.ended_at <= end and one.ended_at - one.since >= WORTH_TELLING

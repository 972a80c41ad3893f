"""Tries to send, as the limits look at them: how many there were, and when a full window has room again.

Only reads; the rows are written by `claims`.
"""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Connection, bindparam, func, select

from storage.plain_rows import Counts
from storage.prepared import Prepared
from storage.tables import sendings

REACHED = ("sending", "sent", "doubt", "bounced")  # tries after which the address may have got something


def _since(name: str, *where: Any) -> Any:
    after = bindparam(name, type_=sendings.c.at.type)
    return select(func.count()).select_from(sendings).where(sendings.c.at > after, *where).scalar_subquery()


_TO = (sendings.c.recipient == bindparam("to"), sendings.c.state.in_(REACHED))
_COUNTS = Prepared(
    select(
        _since("quarter"),
        _since("hour"),
        _since("day"),
        _since("hour", *_TO),
        _since("day", *_TO),
        select(func.max(sendings.c.at)).scalar_subquery(),
    ),
    Counts,
)


def sent_counts(tx: Connection, recipient: str, now: datetime) -> Counts:
    """What the limits count, over every try since a day ago, other programs' runs included."""
    ages = {"quarter": timedelta(minutes=15), "hour": timedelta(hours=1), "day": timedelta(days=1)}
    return _COUNTS.all(tx, {name: now - age for name, age in ages.items()} | {"to": recipient})[0]


def nth_newest(tx: Connection, nth: int, recipient: str | None = None) -> datetime | None:
    """When the nth newest try was made (1 is the newest), to all or, to one address only.

    An address is counted as `sent_counts` does.
    """
    tries = select(sendings.c.at).order_by(sendings.c.at.desc()).offset(nth - 1).limit(1)
    if recipient is not None:
        tries = tries.where(sendings.c.recipient == recipient, sendings.c.state.in_(REACHED))
    moment: datetime | None = tx.scalar(tries)
    return moment

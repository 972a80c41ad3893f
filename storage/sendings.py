"""Tries to send, as the limits look at them: when a full window has room again.

Only reads; the rows are written by `letters` when a letter is claimed.
"""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import Connection, select

from storage.letters import REACHED
from storage.tables import sendings


def nth_newest(tx: Connection, nth: int, recipient: str | None = None) -> datetime | None:
    """When the nth newest try was made (1 is the newest), to all or, to one address only.

    An address is counted as `letters.sent_counts` does.
    """
    tries = select(sendings.c.at).order_by(sendings.c.at.desc()).offset(nth - 1).limit(1)
    if recipient is not None:
        tries = tries.where(sendings.c.recipient == recipient, sendings.c.state.in_(REACHED))
    moment: datetime | None = tx.scalar(tries)
    return moment

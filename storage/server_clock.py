"""What time a server said it was, beside this machine's, when that last mattered: kept from the first time they differ.

Never judges; `scheduler/clock_watch.py` does.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Connection

from storage import notes

NAME = "server time"


@dataclass(frozen=True, slots=True)
class Heard:
    """`here` this machine's time when the server said `there`; both with a zone."""

    here: datetime
    there: datetime


def read(tx: Connection) -> Heard | None:
    """What was heard last, None where the two never differed."""
    kept = notes.read(tx, NAME)
    return Heard(*map(datetime.fromisoformat, json.loads(kept))) if kept else None


def write(tx: Connection, heard: Heard) -> None:
    notes.write(tx, NAME, json.dumps([heard.here.isoformat(), heard.there.isoformat()]))

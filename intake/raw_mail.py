"""A mail as the server gave it, and where it lies."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from typing import Literal, TypeAlias

FetchFault: TypeAlias = Literal["", "missing", "short", "oversized"]


@dataclass(frozen=True, slots=True)
class Sighting:
    """Where a mail lies: unique in the mailbox (RFC 9051, 2.3.1.1)."""

    account: str
    folder: str
    uidvalidity: int
    uid: int


@dataclass(frozen=True, slots=True)
class RawMail:
    """One mail as the server gave it.

    `fault` is "" for a whole mail. `missing`: the server answered without a literal; `short`: the
    literal was shorter than RFC822.SIZE; both leave `raw` empty. `oversized`: over the size cap,
    `raw` holds the header section only.
    """

    sighting: Sighting
    internal_date: datetime
    size: int
    raw: bytes = field(repr=False)
    fault: FetchFault = ""


@dataclass(frozen=True, slots=True)
class Arrival:
    """As what a mail came, and when: the hash of its raw bytes, INTERNALDATE, our provider's topmost Received.

    A form that came another way has the two ends of the time that a colleague names.
    """

    message_key: str
    internal_date: datetime
    top_received: datetime | None = None

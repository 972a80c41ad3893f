"""The facts of a digest: plain data, read by storage/briefing.py and worded by outbox/digest.py."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime

from intake.campaign import Campaign
from storage.plain_rows import Audit, Counts, DeadAddress, Gate, Handwritten, HeldRow, Outage, Tally


@dataclass(frozen=True, slots=True)
class Entry:
    """A form that was recorded: its answers by choice, as the judge says them; `changed` it took another's place."""

    unit: str
    answers: Mapping[str, str]
    received_at: datetime
    late: bool
    changed: bool
    receipt: str
    channel: str


@dataclass(frozen=True, slots=True)
class Silent:
    """A unit of the roster that has sent nothing, and whom to ask there. `owner` is the colleague in charge."""

    unit: str
    contact: str
    bounced: bool
    telephone: str = ""
    mobile: str = ""
    owner: str = ""


@dataclass(frozen=True, slots=True)
class Waiting:
    """Something held: its row, where and how the answer was read, and the words that decide it."""

    row: HeldRow
    evidence: str
    place: str
    words: tuple[str, ...]
    answered_at: datetime | None = None  # when a person has written to the unit or the sender since


@dataclass(frozen=True, slots=True)
class Owed:
    """A follow-up with a date, `awaits` a key of a field, choice or material."""

    unit: str
    reason: str
    awaits: str
    due_at: datetime
    overdue: bool
    by_hand: bool = False  # a person has written to the unit since it owes this


@dataclass(frozen=True, slots=True)
class Trouble:
    """A letter that a person should know of; `said` is what the server or the bounce said."""

    kind: str
    state: str
    recipient: str
    unit: str
    since: datetime
    said: str


@dataclass(frozen=True, slots=True)
class Health:
    """How the daemon itself is. `folders` were not fetched completely within the time allowed."""

    fetched_at: datetime | None
    sent_at: datetime | None
    without_row: int
    unhandled: int
    backlog: int
    gates: tuple[Gate, ...]
    outages: tuple[Outage, ...] = ()


@dataclass(frozen=True, slots=True)
class Briefing:
    """All that a digest says of one campaign; `days` are new answers by day, whatever became of them."""

    campaign: Campaign
    begin: datetime
    end: datetime
    tally: Tally
    days: Mapping[date, int]
    mails: Mapping[str, int]
    letters: Mapping[str, int]
    entries: tuple[Entry, ...]
    silent: tuple[Silent, ...]
    waiting: tuple[Waiting, ...]
    owed: tuple[Owed, ...]
    bounced: tuple[DeadAddress, ...]
    troubles: tuple[Trouble, ...]
    used: Counts
    health: Health
    audits: tuple[Audit, ...] = ()
    named: Mapping[int, str] = field(default_factory=dict)  # the units of the audits, by id
    roster_at: datetime | None = None
    by_hand: tuple[Handwritten, ...] = ()  # letters that people wrote to units, some of them
    by_hand_count: int = 0

    @property
    def deadline(self) -> datetime:
        return self.campaign.deadline

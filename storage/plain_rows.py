"""Rows and counts of the register as plain data, for those who need no database: who writes a digest, or tries it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Literal, TypeAlias

Edge: TypeAlias = Literal["fetching", "sending", "clock"]
PENDING, BLANK, MEMBER, SILENT = "pending", "blank", "already member", "silent"


@dataclass(frozen=True, slots=True)
class Audit:
    """`by` is an address or the name of the user of the shell; `what` the kind of thing that was changed.

    One word about several units is one entry without `unit_id`: `after["units"]` has their ids.
    """

    id: int
    at: datetime
    by: str
    through: str
    what: str
    reference: str
    word: str
    unit_id: int | None
    campaign: str
    before: Mapping[str, Any] | None
    after: Mapping[str, Any] | None
    message_id: int | None
    undone_by: int | None

    def is_about(self, unit_id: int) -> bool:
        """Whether it changed something of the unit, alone or with others; a later deadline for all is about each."""
        if self.unit_id is not None:
            return self.unit_id == unit_id
        return self.what == "extend" or unit_id in (self.after or {}).get("units", ())


@dataclass(frozen=True, slots=True)
class DeadAddress:
    """`said` are the words of the bounce, `message_id` its row, `letter_id` the letter that came back."""

    address: str
    since: datetime
    said: str
    letter_id: int
    message_id: int


@dataclass(frozen=True, slots=True)
class Gate:
    """A shut gate. `until` None: until a person, or a changed secret, opens it."""

    name: str
    reason: str
    until: datetime | None
    secret_hash: str | None
    since: datetime


@dataclass(frozen=True, slots=True)
class Handwritten:
    """A mail of a person to `count` units, the first of them `unit` ("": only to a sender whose mail is held)."""

    written_at: datetime
    subject: str
    unit: str
    address: str
    count: int


@dataclass(frozen=True, slots=True)
class HeldRow:
    """Something a person must look at; `sender`, `subject`, `received_at` are of the mail it is about, if any."""

    id: int
    reference: str
    campaign: str
    reason: str
    sentence: str
    key: str
    state: str
    opened_at: datetime
    closed_at: datetime | None
    decision: str | None
    decided_by: str | None
    message_id: int | None
    sighting_id: int | None
    submission_id: int | None
    unit_name: str
    sender: str
    subject: str
    received_at: datetime | None
    raw_hash: str
    unit_id: int | None
    details: Mapping[str, Any] | None


@dataclass(frozen=True, slots=True)
class Outage:
    """`missing` are mails on the server that have no row, as far as they could be seen."""

    id: int
    edge: Edge
    since: datetime
    last_at: datetime
    ended_at: datetime | None
    reason: str
    missing: int


@dataclass(frozen=True, slots=True)
class Counts:
    """Tries in the sliding windows before `now`; those to one address count only where something may have arrived."""

    quarter_hour: int = 0
    hour: int = 0
    day: int = 0
    address_hour: int = 0
    address_day: int = 0
    last_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class ChoiceTally:
    """`counts` by answer: the choice's own answers, `blank`, `already member`, `pending`, `silent`."""

    key: str
    short: str
    counts: Mapping[str, int]

    @property
    def total(self) -> int:
        return sum(self.counts.values())


@dataclass(frozen=True, slots=True)
class Group:
    """Units counted together. `total` = `answered` + `pending` + `silent`; each of `choices` has that total too.

    `answered` gave a definite answer to what decides, `pending` wait for a person or for themselves, `silent`
    have sent nothing; `bounced` and `late` are among them.
    """

    total: int = 0
    answered: int = 0
    pending: int = 0
    silent: int = 0
    bounced: int = 0
    late: int = 0
    choices: tuple[ChoiceTally, ...] = ()

    @property
    def replied(self) -> int:
        return self.answered + self.pending

    def of(self, key: str, answer: str) -> int:
        return next((choice.counts.get(answer, 0) for choice in self.choices if choice.key == key), 0)


@dataclass(frozen=True, slots=True)
class Tally:
    """`roster`: the units of the roster loaded last; `others`: units off it that answered."""

    roster: Group
    others: Group
    decisive: str
    silent: tuple[int, ...] = field(default=(), repr=False)  # ids of the roster's units that have sent nothing

    @property
    def main(self) -> Group:
        """What is spoken of first: the roster, or whoever answered where there is none."""
        return self.roster if self.roster.total else self.others

    @property
    def willing(self) -> int:
        return self.main.of(self.decisive, "yes")

    @property
    def declined(self) -> int:
        return self.main.of(self.decisive, "no")

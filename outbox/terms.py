"""What a delivery is given and what it gives back."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Literal, Protocol, TypeAlias

from sqlalchemy import Connection

from intake.errors import IntakeError
from outbox import smtp
from outbox.ahead import Writers
from outbox.doubt import FindSent
from outbox.outcomes import Outcome
from storage.letter_row import LetterRow

Mode: TypeAlias = Literal["send", "hold"]
Recheck: TypeAlias = Callable[[Connection, LetterRow, datetime], str]
Renew: TypeAlias = Callable[[Connection, LetterRow, datetime], Mapping[str, Any] | None]
NotBefore: TypeAlias = Callable[[Connection, LetterRow, datetime], "datetime | None"]
Deadline: TypeAlias = Callable[[Connection, LetterRow], "datetime | None"]
DueDate: TypeAlias = Callable[[str, str, datetime], datetime]  # campaign, reason, when it was asked


class Clock(Protocol):
    def now(self) -> datetime: ...

    def sleep(self, seconds: float) -> None: ...


class Session(Protocol):
    alive: bool

    def send(self, sender: str, recipient: str, raw: bytes, meanwhile: Callable[[], None]) -> Outcome: ...

    def close(self) -> None: ...


@dataclass(slots=True)
class Report:
    """What a round did: letters by the state they came into, `merged` and `capped` among the keys.

    `broken` are sentences on templates; `shut` the gate that ended or prevented the round; `error`
    what kept the server from being reached; `heard` our time and the server's, where its last reply named one.
    `trouble` says why nothing can be sent at all: no connection, a gate of
    the server's (not one campaign's), or a line that broke at the last try.
    """

    counts: Counter[str] = field(default_factory=Counter)
    broken: list[str] = field(default_factory=list)
    shut: str = ""
    error: IntakeError | None = None
    unreachable: str = ""
    closed: str = ""
    lost: str = ""
    heard: tuple[datetime, datetime] | None = None

    @property
    def trouble(self) -> str:
        return self.unreachable or self.closed or self.lost


@dataclass(frozen=True, slots=True)
class Hooks:
    """What the program may add.

    `find_sent` looks into the sent folder; `recheck` gives a reason to withdraw a letter at its
    claim, or ""; `not_before` a moment before which it may not go, asked there too; `unapproved` whether a person
    must say so first; `deadline` that of its campaign as it stands; `due_date` the date of what a sent letter asks;
    `told` hears each letter's new state with the server's reply; `stopped` says that the program is asked to end;
    `writers` compose letters ahead where many go at once; `open_session` stands for smtp.open_session in tests.
    """

    find_sent: FindSent | None = None
    recheck: Recheck = lambda tx, letter, now: ""
    not_before: NotBefore = lambda tx, letter, now: None
    renew: Renew = lambda tx, letter, now: None
    unapproved: Callable[[Connection, LetterRow, datetime], bool] = lambda tx, letter, now: False
    deadline: Deadline = lambda tx, letter: None
    due_date: DueDate | None = None
    told: Callable[[LetterRow, str, str], None] = lambda letter, state, reply: None
    stopped: Callable[[], bool] = lambda: False
    writers: Writers | None = None
    open_session: Callable[[smtp.Server], Session] = smtp.open_session

"""The line to the server: at most one connection, and what the fates of letters mean for it."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta

from intake.errors import IntakeError, SignInRefused
from intake.providers import refusal
from outbox import smtp
from outbox.fates import BLOCKED_HOURS, SIGN_IN, SIGN_IN_HOURS, SMTP, Fate, Shut
from outbox.outcomes import Outcome, Refused
from outbox.terms import Session

MOST_LOST = 3  # connections lost in a row end the round
LEAST_WAIT = 300  # seconds to stay away from a server that turned us away


class Line:
    """Opened when a letter wants it; a new connection after `per_connection` letters (0: never)."""

    def __init__(
        self, server: smtp.Server, sender: str, per_connection: int, open_session: Callable[[smtp.Server], Session]
    ) -> None:
        self._server, self._sender, self._open_session = server, sender, open_session
        self._per_connection = per_connection
        self._session: Session | None = None
        self._on_connection = 0
        self._lost = 0

    @property
    def is_open(self) -> bool:
        """Whether the next letter can go at once."""
        worn = self._per_connection and self._on_connection >= self._per_connection
        return self._session is not None and self._session.alive and not worn

    @property
    def keeps_breaking(self) -> bool:
        return self._lost >= MOST_LOST

    def open(self) -> None:
        """A new connection, the old one closed. Raises what `smtp.open_session` raises, and what the secret does."""
        self.hang_up()
        self._session = self._open_session(self._server)

    def send(self, recipient: str, raw: bytes, meanwhile: Callable[[], None]) -> Outcome:
        """Try one letter on the open connection; `meanwhile` is done while its last reply is awaited."""
        assert self._session is not None
        self._on_connection += 1
        return self._session.send(self._sender, recipient, raw, meanwhile)

    def heed(self, outcome: Outcome, judged: Fate) -> None:
        """Hang up where the try asks for a new connection; one refused for too many letters will carry half as many."""
        assert self._session is not None
        before = self._on_connection - 1
        self._lost = 0 if self._session.alive else self._lost + 1
        if judged.reconnect or not self._session.alive:
            self.hang_up()
        if judged.reconnect and isinstance(outcome, Refused):
            self._per_connection = max(1, before // 2)

    def hang_up(self) -> None:
        if self._session:
            self._session.close()
        self._session, self._on_connection = None, 0


def closed_by(error: IntakeError, host: str, now: datetime) -> Shut | None:
    """The gate that a connection which could not be opened shuts; None where the next round may try again."""
    if isinstance(error, SignInRefused):
        return Shut(SIGN_IN, error.sentence, now + SIGN_IN_HOURS)
    return _turned_away(error, host, now) if isinstance(error, smtp.Unwelcome) else None


def _turned_away(error: smtp.Unwelcome, host: str, now: datetime) -> Shut:
    """A refused greeting or sign-in for a passing reason: stay away as long as it asks, five minutes at least."""
    meant = refusal(error.code, error.text, host)
    wait = BLOCKED_HOURS if meant.meaning == "blocked" else timedelta(seconds=max(meant.wait_seconds, LEAST_WAIT))
    return Shut(SMTP, f"{meant.remedy or error.sentence}（{error.detail}）", now + wait)

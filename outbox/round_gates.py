"""What the gates mean for one round of sending: whether it may begin, what goes slower, which one a fate shuts.

They stand in the register, so a restart forgets none. A refused secret that has changed since opens its gate.
"""

from __future__ import annotations

from sqlalchemy import Connection

from outbox import smtp
from outbox.fates import SIGN_IN, SLOWER, SMTP, Fate, Shut
from outbox.terms import Clock, Report
from storage import gates, spam
from storage.letter_row import LetterRow
from storage.register import Register


class RoundGates:
    """`campaigns` are the reasons why a campaign sends nothing, by the name of its gate."""

    def __init__(self, register: Register, server: smtp.Server, clock: Clock, report: Report) -> None:
        self._register, self._server, self._clock, self._report = register, server, clock, report
        self.campaigns: dict[str, str] = {}

    def forbid(self) -> bool:
        """Whether nothing may be sent at all; the report says why."""
        now = self._clock.now()
        with self._register.reading() as tx:
            paused, refused = gates.shut_now(tx, SMTP, now), gates.shut_now(tx, SIGN_IN, now)
        if refused and refused.secret_hash and refused.secret_hash != self._secret_hash():
            with self._register.writing() as tx:
                gates.open_gate(tx, SIGN_IN)
            refused = None
        gate = refused or paused
        self._report.shut = self._report.closed = gate.reason if gate else ""
        return gate is not None

    def slow_down(self) -> bool:
        """Learn which campaigns send nothing; whether letters go further apart for a while."""
        with self._register.reading() as tx:
            shut = {gate.name: gate.reason for gate in gates.all_shut(tx, self._clock.now())}
        self.campaigns.update(shut)
        return SLOWER in shut

    def shut_for(self, tx: Connection, letter: LetterRow, judged: Fate) -> None:
        """Shut what a letter's fate asks for, in the transaction that writes it."""
        if judged.shut is None:
            return
        now, reason = self._clock.now(), judged.shut.reason
        self.shut(tx, judged.shut)
        if judged.slow_until:
            gates.shut(tx, SLOWER, reason, judged.slow_until, now=now)
        if judged.shut.name == gates.of_campaign(letter.campaign):
            spam.hold(tx, letter, reason, now)

    def shut(self, tx: Connection, shut: Shut) -> None:
        secret_hash = self._secret_hash() if shut.name == SIGN_IN else None
        gates.shut(tx, shut.name, shut.reason, shut.until, secret_hash, now=self._clock.now())
        self._report.shut = self.campaigns[shut.name] = shut.reason
        if shut.name in (SMTP, SIGN_IN):
            self._report.closed = shut.reason

    def _secret_hash(self) -> str:
        return self._register.secret_hash(self._server.secret())

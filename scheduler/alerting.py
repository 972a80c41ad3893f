"""Silence is an alarm: when fetching or sending has failed for a while, somebody is told, and again when it works.

Promises: told once by each way, and once when it is over; decided from times that stand in the register, so that a
restart, or a round every few minutes, tells neither too often nor not at all; a way that is broken is logged, tried
again, and does not stop the others.
Source: part 2, promise 6.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

import structlog
from sqlalchemy import Connection

from intake.errors import IntakeError, SignInRefused, Unsure
from outbox.terms import Report
from scheduler import alert_words, clock_watch
from scheduler.alert_words import Facts, Notice
from scheduler.clock import Clock
from scheduler.receiving import Received
from scheduler.secretariat import Secretariat
from storage import alerts, figures, letters, mails, outages, server_clock, sightings
from storage.alerts import Key, Phase
from storage.plain_rows import Edge, Outage
from storage.register import Register
from storage.server_clock import Heard

log = structlog.get_logger()
ACCOUNT = "account"
AGAIN, AGAIN_SIGN_IN = timedelta(minutes=15), timedelta(hours=6)
LOOK_BACK = timedelta(days=30)  # an outage that ended longer ago is told to nobody any more
Tell = Callable[[Notice], None]


@dataclass(frozen=True, slots=True)
class Alerting:
    """`ways` besides the account itself, by name; each raises where it surely told nobody.

    `to` are those who are told by the account, none where no letter leaves. `watches_clock`: it is the machine's own.
    """

    register: Register
    secretariat: Secretariat
    clock: Clock
    campaign: str
    to: tuple[str, ...]
    ways: Mapping[str, Tell]
    after: timedelta = timedelta(minutes=15)
    watches_clock: bool = True

    # ---- what is seen ---------------------------------------------------------------------------

    def fetched(self, received: Received) -> None:
        """How a poll went; one that was broken off by a stop says nothing."""
        if received.failures:
            self.failed("fetching", received.failures[0].sentence, received.missing)
        elif received.complete:
            self._works("fetching")

    def sent(self, report: Report) -> None:
        """How a round of letters went, and what time the server said it was; one in which nothing was tried says
        nothing.
        """
        if self.watches_clock and report.heard:
            self._compare(Heard(*report.heard))
        if any(report.counts[state] for state in ("sent", "refused")):
            self._works("sending")
        elif reason := report.trouble:
            self.failed("sending", reason)

    def failed(self, edge: Edge, reason: str, missing: int = 0) -> None:
        with self.register.writing() as tx:
            outages.failed(tx, edge, reason, self.clock.now(), missing)

    def _works(self, edge: Edge) -> None:
        with self.register.reading() as tx:
            if not outages.is_open(tx, edge):
                return
        with self.register.writing() as tx:
            outages.works(tx, edge, self.clock.now())

    def clock_is_wrong(self) -> bool:
        """Whether the machine's clock is behind what the register or the server has seen, or ahead of the server's;
        noted as an outage.
        """
        if not self.watches_clock:
            return False
        now = self.clock.now()
        with self.register.reading() as tx:
            heard = server_clock.read(tx)
            wrong = clock_watch.fault(now, mails.newest_written(tx), mails.newest_marked(tx), heard)
        if wrong:
            self.failed("clock", wrong)
            return True
        if heard and clock_watch.was_set_back(heard, now):
            with self.register.writing() as tx:
                server_clock.write(tx, Heard(heard.there, heard.there))
        self._works("clock")
        return False

    def _compare(self, heard: Heard) -> None:
        """Keep what a server's reply says of the time, from the first time that the clocks differ."""
        with self.register.reading() as tx:
            kept = server_clock.read(tx)
        if kept or clock_watch.is_off(heard):
            with self.register.writing() as tx:
                server_clock.write(tx, heard)

    # ---- who is told ----------------------------------------------------------------------------

    def tell(self) -> int:
        """Tell what is due by each way; gives how many letters were written."""
        now = self.clock.now()
        with self.register.reading() as tx:
            due = [*self._due(tx, now)]
            facts = self._facts(tx, now) if due else None
        return sum(self._tell(outage, key, facts, now) for outage, key in due if facts)

    def _due(self, tx: Connection, now: datetime) -> Iterator[tuple[Outage, Key]]:
        for outage in outages.since(tx, now - LOOK_BACK):
            tried = alerts.waiting(tx, outage.id)
            phase: Phase = "begun" if outage.ended_at is None else "ended"
            begun = any(key[0] == "begun" for key in tried)
            if not (begun or self._is_long(outage)):
                continue
            for way in self._ways(outage, phase):
                again_at = tried.get((phase, way))
                if (phase, way) not in tried or (again_at is not None and again_at <= now):
                    yield outage, (outage.id, phase, way)

    def _is_long(self, outage: Outage) -> bool:
        """Sending that fails may be told only when it works again: by the account, where that is the only way."""
        end = outage.ended_at or self.clock.now()
        if outage.ended_at is not None and outage.edge != "sending":
            return False
        return outage.edge == "clock" or end - outage.since >= self.after

    def _ways(self, outage: Outage, phase: Phase) -> Sequence[str]:
        """Each but the one that is known to fail."""
        mute = not self.to or (outage.edge == "sending" and phase == "begun")
        return (*(() if mute else (ACCOUNT,)), *self.ways)

    def _tell(self, outage: Outage, key: Key, facts: Facts, now: datetime) -> int:
        said = alert_words.notice(outage, key[1], facts)
        with self.register.writing() as tx:
            if not alerts.begin(tx, key, now):
                return 0
            if key[2] == ACCOUNT:
                self._write(tx, key, said, now)
                alerts.told(tx, key, now)
                return len(self.to)
        self._tell_by(key, said, now)
        return 0

    def _write(self, tx: Connection, key: Key, said: Notice, now: datetime) -> None:
        if key[1] == "ended":  # what has not left by now is no news any more
            stale = alerts.letters_of(tx, f"/alert-{key[0]}-begun/")
            letters.withdraw(tx, stale, now, "收发已恢复，另信告知")
        facts = {"subject": said.subject, "lines": list(said.lines)}
        for address in self.to:
            self.secretariat.write(
                tx, f"alert-{key[0]}-{key[1]}", address, "desk-alert", facts, now, campaign=self.campaign, kind="alert"
            )

    def _tell_by(self, key: Key, said: Notice, now: datetime) -> None:
        try:
            self.ways[key[2]](said)
        except Unsure as error:
            log.error("alert may not have been given", way=key[2], phase=key[1], detail=error.detail)
        except Exception as error:  # noqa: BLE001 -- whatever is wrong with one way, the others are tried
            detail = error.detail if isinstance(error, IntakeError) else repr(error)
            log.error("alert could not be given", way=key[2], phase=key[1], error=type(error).__name__, detail=detail)
            again = AGAIN_SIGN_IN if isinstance(error, SignInRefused) else AGAIN
            with self.register.writing() as tx:
                alerts.failed(tx, key, detail, now + again, now)
            return
        else:
            log.warning("alert given", way=key[2], phase=key[1], subject=said.subject)
        with self.register.writing() as tx:
            alerts.told(tx, key, self.clock.now())

    def _facts(self, tx: Connection, now: datetime) -> Facts:
        return Facts(
            account=self.secretariat.own_address,
            complete_at=sightings.fetched_at(sightings.folder_states(tx)),
            without_row=figures.without_row(tx),
            waiting=figures.waiting_letters(tx),
            now=now,
        )

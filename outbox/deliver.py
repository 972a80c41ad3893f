"""Sends what is due, each letter once: claim with the exact bytes, commit, send, commit its fate.

Promises: no SMTP for a letter before its claim is on disk; no transaction spans the network; a
program stopped at any instant leaves every letter waiting, settled, or `sending`, which the rule of
`doubt` settles at the next start. Limits, pauses and refused secrets live in the register, so a
restart forgets none. Waits out gaps only if told so, and windows never. Never decides what is said.
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import replace
from datetime import datetime, timedelta

from sqlalchemy import Connection

from intake.errors import BrokenTemplate, IntakeError, SignInRefused
from intake.providers import refusal
from outbox import doubt, fates, limits, merging, smtp
from outbox.ahead import Ahead
from outbox.compose import Composed, Letters
from outbox.fates import SIGN_IN, SMTP, Fate, Shut, fate
from outbox.limits import Full, Limits, Wait
from outbox.outcomes import Refused
from outbox.terms import Clock, Hooks, Mode, Report, Session
from storage import gates, held, letters, sendings
from storage.letters import LetterRow
from storage.register import Register

BATCH = 500
BROKEN_AGAIN = timedelta(hours=1)
CAMPAIGN_AGAIN = timedelta(minutes=15)
MOST_LOST = 3  # connections lost in a row end the round


def deliver(
    register: Register,
    composer: Letters,
    server: smtp.Server,
    caps: Limits,
    clock: Clock,
    *,
    may_wait: bool,
    mode: Mode = "send",
    hooks: Hooks | None = None,
    only: Collection[int] = (),
) -> Report:
    """Send all that is due now. With `may_wait` gaps between letters are slept out, else the round ends there.

    `only`: nothing but these letters, due or not, within the limits all the same.
    Raises what the register raises (RegisterBusy, DiskFull ...), and what the reading of the secret
    raises; a server that cannot be reached or refuses is named in the report.
    """
    if mode == "hold":
        return Report()
    delivery = _Round(register, composer, server, caps, clock, may_wait, hooks or Hooks(), frozenset(only))
    try:
        delivery.run()
    finally:
        delivery.end()
    return delivery.report


class _Round:
    """One delivery, with at most one connection open and at most one fate not yet written."""

    def __init__(
        self,
        register: Register,
        composer: Letters,
        server: smtp.Server,
        caps: Limits,
        clock: Clock,
        may_wait: bool,
        hooks: Hooks,
        only: frozenset[int],
    ) -> None:
        self.register, self.composer, self.server, self.caps = register, composer, server, caps
        self.clock, self.may_wait, self.hooks, self.only = clock, may_wait, hooks, only
        self.report = Report()
        self._session: Session | None = None
        self._on_connection = 0
        self._per_connection = caps.per_connection
        self._lost = 0
        self._unwritten: tuple[LetterRow, Fate] | None = None
        self._handled: set[int] = set()
        self._put_off: dict[tuple[str, str], datetime] = {}  # campaign and kind: until when all of them wait
        self._stale: set[int] = set()  # letters whose facts have changed since they were composed ahead
        self._shut_campaigns: dict[str, str] = {}  # gate name: reason
        self._alone: frozenset[int] = frozenset()  # letters of the batch that no other can join
        self._ahead = Ahead(None)

    def run(self) -> None:
        if self._is_shut():
            return
        with self.register.reading() as tx:
            self._shut_campaigns = {gate.name: gate.reason for gate in gates.all_shut(tx, self.clock.now())}
        if fates.SLOWER in self._shut_campaigns:
            self.caps = limits.slower(self.caps)
        if not self.only:  # else another program may be sending right now what stands as interrupted
            self.report.error = doubt.settle_doubts(self.register, self.hooks.find_sent, self.clock.now())
        self.composer.refresh()
        while batch := self._due():
            for letter in batch:
                if letter.id in self._handled:  # went along with another one of this batch
                    continue
                self._handled.add(letter.id)
                if self._is_put_off(letter) or self._is_capped(letter):
                    continue
                if not self._ready() or not self._one(letter):
                    return

    def end(self) -> None:
        """Write the last fate and say goodbye."""
        try:
            self._settle()
        finally:
            self._hang_up()

    # ---- before a letter ----------------------------------------------------------------------

    def _is_shut(self) -> bool:
        """Whether a gate forbids sending; a refused secret that has changed since opens its gate."""
        now = self.clock.now()
        with self.register.reading() as tx:
            paused, refused = gates.shut_now(tx, SMTP, now), gates.shut_now(tx, SIGN_IN, now)
        if refused and refused.secret_hash and refused.secret_hash != self._secret_hash():
            with self.register.writing() as tx:
                gates.open_gate(tx, SIGN_IN)
            refused = None
        gate = refused or paused
        self.report.shut = gate.reason if gate else ""
        return gate is not None

    def _due(self) -> list[LetterRow]:
        """The next letters in order; the fate of the last one first, since it may have made one due again."""
        self._settle()
        now = self.clock.now()
        with self.register.reading() as tx:
            rows = letters.open_ones(tx, self.only) if self.only else letters.due(tx, now, BATCH)
            batch = [letter for letter in rows if letter.id not in self._handled]
            shared = letters.shared_addresses(tx) if batch else frozenset()
        alone = [letter for letter in batch if (letter.campaign, letter.recipient) not in shared]
        self._alone = frozenset(letter.id for letter in alone)
        unhurried = bool(self.caps.gap_seconds)
        anew = [letter for letter in alone if letter.raw is None]
        self._ahead = Ahead(None if unhurried else self.hooks.writers, anew, now)
        return batch

    def _is_put_off(self, letter: LetterRow) -> bool:
        """Whether it waits with all of its kind since this batch was fetched."""
        until = self._put_off.get((letter.campaign, letter.kind))
        return until is not None and until > self.clock.now()

    def _is_capped(self, letter: LetterRow) -> bool:
        """Postpone a letter over a limit before anything is waited for or connected; the claim looks again."""
        if not self.caps.counted and letter.kind not in limits.SHARED:
            return False
        self._settle()
        now = self.clock.now() + timedelta(seconds=self._gap() if self.may_wait else 0)  # when it would go
        with self.register.reading() as tx:
            wait = self._wait(tx, letter, now)
        if wait:
            with self.register.writing() as tx:
                self._postpone(tx, letter, wait, now)
        return wait is not None

    def _ready(self) -> bool:
        """Wait out the gap and have a connection; False ends the round."""
        return not self.hooks.stopped() and self._gap_is_over() and self._connected()

    def _gap_is_over(self) -> bool:
        seconds = self._gap()
        if seconds and self.may_wait:
            self.clock.sleep(seconds)
            seconds = self._gap()  # a stop cuts the sleep short
        return seconds < 0.5 and not self.hooks.stopped()

    def _gap(self) -> float:
        """Seconds still to wait after the last try."""
        if not self.caps.gap_seconds:
            return 0.0
        with self.register.reading() as tx:
            last_at = sendings.nth_newest(tx, 1)
        return limits.gap(last_at, self.caps, self.clock.now())

    def _connected(self) -> bool:
        if self._session and self._per_connection and self._on_connection >= self._per_connection:
            self._hang_up()
        if self._session and self._session.alive:
            return True
        self._settle()  # nothing known may be lost while we wait for the network
        self._hang_up()
        try:
            self._session = self.hooks.open_session(self.server)
        except SignInRefused as error:
            self._failed(error, Shut(SIGN_IN, error.sentence, self.clock.now() + fates.SIGN_IN_HOURS))
        except smtp.Unwelcome as error:
            self._failed(error, self._turned_away(error))
        except IntakeError as error:
            self._failed(error, None)
        self._on_connection = 0
        return self._session is not None

    def _turned_away(self, error: smtp.Unwelcome) -> Shut:
        """A refused greeting or sign-in for a passing reason: stay away as long as it asks, five minutes at least."""
        meant = refusal(error.code, error.text, self.server.host)
        wait = timedelta(seconds=max(meant.wait_seconds, 300))
        if meant.meaning == "blocked":
            wait = fates.BLOCKED_HOURS
        return Shut(SMTP, f"{meant.remedy or error.sentence}（{error.detail}）", self.clock.now() + wait)

    def _failed(self, error: IntakeError, shut: Shut | None) -> None:
        self.report.error = error
        if shut:
            with self.register.writing() as tx:
                self._shut(tx, shut)

    # ---- one letter ---------------------------------------------------------------------------

    def _one(self, letter: LetterRow) -> bool:
        """Claim, send, and judge one letter; False ends the round."""
        now = self.clock.now()
        with self.register.writing() as tx:
            self._write_fate(tx)
            composed = self._claim(tx, letter, now)
        self._written()
        if composed is None:
            return True
        assert self._session is not None
        self._on_connection += 1
        outcome = self._session.send(self.composer.sender, letter.recipient, composed.raw)
        judged = fate(outcome, letter, self.clock.now(), self.server.host)
        self._unwritten = (letter, judged)
        if not judged.plain or self.caps.gap_seconds:
            self._settle()
        sent_on_it = self._on_connection - 1
        self._lost = 0 if self._session.alive else self._lost + 1
        if judged.reconnect or not self._session.alive:
            self._hang_up()
        if judged.reconnect and isinstance(outcome, Refused):
            self._per_connection = max(1, sent_on_it // 2)
        return not judged.stop and self._lost < MOST_LOST

    def _claim(self, tx: Connection, letter: LetterRow, now: datetime) -> Composed | None:
        """Take the letter if it may go now: still wanted, within the limits, and written without a fault."""
        if self._withdrawn(tx, letter, now):
            return None
        if wait := self._wait(tx, letter, now):
            self._postpone(tx, letter, wait, now)
            return None
        siblings = [row for row in self._joining(tx, letter, now) if not self._withdrawn(tx, row, now)]
        letter, *siblings = (self._renewed(tx, row, now) for row in (letter, *siblings))
        try:
            composed = self._bytes(letter, siblings, now)
        except BrokenTemplate as fault:
            self._broken(tx, letter, fault, now)
            return None
        if not letters.claim(tx, letter.id, composed.subject, composed.raw, now):
            return None
        if siblings:
            letters.merge(tx, [row.id for row in siblings], letter.id, now)
            self._handled.update(row.id for row in siblings)
            self.report.counts["merged"] += len(siblings)
        return composed

    def _renewed(self, tx: Connection, letter: LetterRow, now: datetime) -> LetterRow:
        """The letter with its facts as they are now; one that was tried keeps its bytes."""
        facts = self.hooks.renew(tx, letter, now) if letter.raw is None else None
        if facts is None or facts == letter.facts:
            return letter
        letters.set_facts(tx, letter.id, facts)
        self._stale.add(letter.id)
        return replace(letter, facts=facts)

    def _wait(self, tx: Connection, letter: LetterRow, now: datetime) -> Wait | None:
        if reason := self._shut_campaigns.get(gates.of_campaign(letter.campaign)):
            self.report.shut = reason
            return Wait(now + CAMPAIGN_AGAIN, of_address=False)
        if until := self.hooks.not_before(tx, letter, now):
            return Wait(until, of_address=False)
        if not self.caps.counted:
            return None

        def nth_newest(full: Full) -> datetime | None:
            return sendings.nth_newest(tx, full.most, letter.recipient if full.of_address else None)

        return limits.decide(
            letters.sent_counts(tx, letter.recipient, now), self.caps, letter.kind, now, nth_newest,
            asks=letter.priority <= letters.ASKING, deadline=self.hooks.deadline(tx, letter),
        )  # fmt: skip

    def _joining(self, tx: Connection, letter: LetterRow, now: datetime) -> list[LetterRow]:
        """Letters due to the same address that can be said in this one."""
        if not merging.may_join(letter) or letter.id in self._alone:
            return []
        found = [row for row in letters.siblings(tx, letter) if row.next_at <= now and merging.join(letter, row)]
        return found[: merging.MOST_TOGETHER - 1]

    def _withdrawn(self, tx: Connection, letter: LetterRow, now: datetime) -> bool:
        """Take a letter back that nobody wants any more."""
        reason = self.hooks.recheck(tx, letter, now)
        if reason:
            self._handled.add(letter.id)
            self._count("withdrawn", letters.withdraw(tx, [letter.id], now, reason), letter, reason)
        return bool(reason)

    def _bytes(self, letter: LetterRow, siblings: list[LetterRow], now: datetime) -> Composed:
        """The bytes of the first try again, if there was one; else the letter as it is written now."""
        if letter.raw is not None:
            return Composed(letter.subject or "", letter.raw)
        ahead = self._ahead.take(letter)
        if ahead is None or letter.id in self._stale:
            return self.composer.compose(letter, now=now, extra=siblings)
        return ahead

    def _postpone(self, tx: Connection, letter: LetterRow, wait: Wait, now: datetime) -> None:
        """A capped letter and those that will go with it wait for the same moment.

        What nobody waits for is postponed at once with all of its kind: of thousands that are due
        each would be looked at again and again while a few of them go.
        """
        for row in (letter, *self._joining(tx, letter, now)):
            letters.postpone(tx, row.id, wait.until)
            self._handled.add(row.id)
            self._count("capped", 1, row, "")
        if letter.kind in limits.SHARED and not wait.of_address and not self.only:
            self.report.counts["capped"] += letters.postpone_kind(tx, letter.campaign, letter.kind, wait.until)
            self._put_off[letter.campaign, letter.kind] = wait.until

    def _broken(self, tx: Connection, letter: LetterRow, fault: BrokenTemplate, now: datetime) -> None:
        letters.postpone(tx, letter.id, now + BROKEN_AGAIN)
        if fault.sentence not in self.report.broken:
            self.report.broken.append(fault.sentence)
        self._count("broken", 1, letter, fault.detail)

    # ---- after a letter -----------------------------------------------------------------------

    def _settle(self) -> None:
        """Write the fate of the last letter by itself."""
        if self._unwritten:
            with self.register.writing() as tx:
                self._write_fate(tx)
            self._written()

    def _write_fate(self, tx: Connection) -> None:
        """Commit point 4: what became of the last letter, and the gate that it shut, in one transaction."""
        if self._unwritten is None:
            return
        letter, judged = self._unwritten
        reply = doubt.with_mark(letter, judged.reply)
        now, due = self.clock.now(), self.hooks.due_date
        letters.settle(tx, letter.id, judged.state, now, reply, judged.queue_id, judged.next_at, due=due)
        if judged.shut:
            self._shut(tx, judged.shut)
            if judged.slow_until:
                gates.shut(tx, fates.SLOWER, judged.shut.reason, judged.slow_until, now=now)
            if judged.shut.name == gates.of_campaign(letter.campaign):
                held.hold_spam(tx, letter, judged.shut.reason, now)

    def _written(self) -> None:
        """The fate stands on disk: only now is it forgotten here."""
        if self._unwritten is None:
            return
        letter, judged = self._unwritten
        self._unwritten = None
        if judged.state == "deferred" and judged.next_at and not judged.stop and judged.next_at <= self.clock.now():
            self._handled.discard(letter.id)  # due again at once, on a new connection
        self._count(judged.state, 1, letter, judged.reply)

    def _shut(self, tx: Connection, shut: Shut) -> None:
        secret_hash = self._secret_hash() if shut.name == SIGN_IN else None
        gates.shut(tx, shut.name, shut.reason, shut.until, secret_hash, now=self.clock.now())
        self.report.shut = self._shut_campaigns[shut.name] = shut.reason

    def _secret_hash(self) -> str:
        return self.register.secret_hash(self.server.secret())

    def _count(self, state: str, number: int, letter: LetterRow, reply: str) -> None:
        if number:
            self.report.counts[state] += number
            self.hooks.told(letter, state, reply)

    def _hang_up(self) -> None:
        if self._session:
            self._session.close()
        self._session, self._on_connection = None, 0

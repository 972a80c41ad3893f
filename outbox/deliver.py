"""Sends what is due, each letter once: claim with the exact bytes, commit, send, commit its fate.

Promises: no SMTP for a letter before its claim is on disk; no transaction spans the network; a
program stopped at any instant leaves every letter waiting, settled, or `sending`, which the rule of
`doubt` settles at the next start. Limits, pauses and refused secrets live in the register, so a
restart forgets none. Waits out gaps only if told so, and windows never. Never decides what is said.

The trip of a letter: `_due` fetches it with its batch, `_may_go` sees that it is not too many, `_ready`
has the gap over and a connection open, `_one` claims it (`claiming`), sends it (`line`), judges its fate
(`fates`), and `settling` writes that, in the next letter's transaction where nothing else follows from it.
"""

from __future__ import annotations

from collections.abc import Collection
from datetime import timedelta

from intake import server_time
from intake.errors import IntakeError
from outbox import doubt, limits, smtp
from outbox.claiming import Claiming
from outbox.compose import Letters
from outbox.fates import fate
from outbox.limits import Limits
from outbox.line import Line, closed_by
from outbox.outcomes import Doubt, Lost
from outbox.round_gates import RoundGates
from outbox.settling import Settling
from outbox.terms import Clock, Hooks, Mode, Report
from storage import finding_letters, gates, sendings
from storage.letter_row import LetterRow
from storage.register import Register

BATCH = 500
LOST = "与发信服务器的连接在发信途中断开"


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
        self.register, self.composer, self.server = register, composer, server
        self.clock, self.may_wait, self.hooks, self.only = clock, may_wait, hooks, only
        self.report = Report()
        self._gates = RoundGates(register, server, clock, self.report)
        shut = self._gates.campaigns
        self._claiming = Claiming(composer, caps, hooks, self.report, chosen=bool(only), shut_campaigns=shut)
        self._settling = Settling(register, self._claiming, self._gates, clock, hooks.due_date)
        self._line = Line(server, composer.sender, caps.per_connection, hooks.open_session)

    @property
    def caps(self) -> Limits:
        return self._claiming.caps

    def run(self) -> None:
        if self._gates.forbid():
            return
        if self._gates.slow_down():
            self._claiming.caps = limits.slower(self.caps)
        if not self.only:  # else another program may be sending right now what stands as interrupted
            self.report.error = doubt.settle_doubts(self.register, self.hooks.find_sent, self.clock.now())
        self.composer.refresh()
        while batch := self._due():
            for letter in batch:
                if letter.id in self._claiming.handled:  # went along with another one of this batch
                    continue
                self._claiming.handled.add(letter.id)
                if not self._may_go(letter):
                    continue
                if not self._ready() or not self._one(letter):
                    return

    def end(self) -> None:
        """Write the last fate and say goodbye."""
        try:
            self._settling.settle()
        finally:
            self._line.hang_up()

    # ---- before a letter ----------------------------------------------------------------------

    def _due(self) -> list[LetterRow]:
        """The next letters in order; the fate of the last one first, since it may have made one due again."""
        self._settling.settle()
        now = self.clock.now()
        with self.register.reading() as tx:
            rows = finding_letters.open_ones(tx, self.only) if self.only else finding_letters.due(tx, now, BATCH)
            paused = gates.shut_now(tx, gates.TO_UNITS, now) is not None
            batch = [
                letter
                for letter in rows
                if letter.id not in self._claiming.handled and not (paused and letter.kind not in limits.TO_SECRETARIAT)
            ]
            shared = finding_letters.shared_addresses(tx) if batch else frozenset()
        self._claiming.begin(batch, shared, now)
        return batch

    def _may_go(self, letter: LetterRow) -> bool:
        """Postpone a letter over a limit before anything is waited for or connected; the claim looks again."""
        if self._claiming.is_put_off(letter, self.clock.now()):
            return False
        if not self.caps.counted and letter.kind not in limits.SHARED:
            return True
        if self.caps.counted:
            self._settling.settle()
        now = self.clock.now() + timedelta(seconds=self._gap() if self.may_wait else 0)  # when it would go
        with self.register.reading() as tx:
            wait = self._claiming.wait(tx, letter, now)
        if wait:
            with self.register.writing() as tx:
                self._claiming.postpone(tx, letter, wait, now)
        return wait is None

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
        if self._line.is_open:
            return True
        self._settling.settle()  # nothing known may be lost while we wait for the network
        try:
            self._line.open()
        except IntakeError as error:
            self.report.error, self.report.unreachable = error, error.sentence
            if shut := closed_by(error, self.server.host, self.clock.now()):
                with self.register.writing() as tx:
                    self._gates.shut(tx, shut)
            return False
        return True

    # ---- one letter ---------------------------------------------------------------------------

    def _one(self, letter: LetterRow) -> bool:
        """Claim, send, and judge one letter; False ends the round."""
        now = self.clock.now()
        with self.register.writing() as tx:
            self._settling.write(tx)
            composed = self._claiming.claim(tx, letter, now)
        self._settling.written()
        if composed is None:
            return True
        outcome = self._line.send(letter.recipient, composed.raw, self._settling.tell)
        self.report.lost = LOST if isinstance(outcome, Lost | Doubt) else ""
        now = self.clock.now()
        judged = fate(outcome, letter, now, self.server.host)
        if said := server_time.told_in(judged.reply):
            self.report.heard = (now, said)
        self._settling.judged(letter, judged)
        if not judged.plain or self.caps.gap_seconds:
            self._settling.settle()
        self._line.heed(outcome, judged)
        return not judged.stop and not self._line.keeps_breaking

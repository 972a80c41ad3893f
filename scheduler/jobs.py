"""The jobs that the clock starts (poll, remind, follow, deputise, brief, deliver, alert, tidy), and one round of all.

Each job may be stopped at any instant and started again: what is to do stands in the register.
"""

from __future__ import annotations

import contextlib
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

import structlog

from intake.errors import DiskFull, IntakeError
from outbox import smtp
from outbox.compose import Letters
from outbox.deliver import deliver
from outbox.limits import Limits
from outbox.terms import Hooks, Mode, Report
from scheduler.clock import Clock
from scheduler.handling import Handled, Handling
from scheduler.receiving import Received, Receiving
from storage.letter_row import LetterRow
from storage.plain_rows import Edge
from storage.register import Register

if TYPE_CHECKING:
    from scheduler.alerting import Alerting
    from scheduler.approving import Approving
    from scheduler.briefing import Briefings
    from scheduler.deputising import Deputising
    from scheduler.following import Following
    from scheduler.reminding import Reminding
    from scheduler.tidying import Tidying

log = structlog.get_logger()
DELIVER_FOR = timedelta(minutes=1)
UNFORESEEN = IntakeError.__doc__ or ""
BROKEN_FOR = timedelta(minutes=90)  # a letter whose template is broken is tried every hour


@dataclass(frozen=True, slots=True)
class Posting:
    """What delivery needs: who writes, through which server, within which limits."""

    composer: Letters
    server: smtp.Server
    limits: Limits
    mode: Mode
    hooks: Hooks


@dataclass(slots=True)
class Summary:
    """What one round did; `failures` are errors of servers or the disk, `broken` of templates, a sentence each."""

    received: Received = field(default_factory=Received)
    handled: Handled = field(default_factory=Handled)
    letters: Counter[str] = field(default_factory=Counter)
    broken: list[str] = field(default_factory=list)
    failures: list[str] = field(default_factory=list)

    def sentence(self) -> str:
        """The one line that `run --once` prints."""
        parts = [
            f"收到新邮件 {self.received.new} 封",
            f"处理 {self.handled.mails} 封",
            f"登记 {self.handled.submissions} 份",
            f"待人工 {self.handled.held} 件",
            f"发信 {self.letters['sent']} 封",
        ]
        later = sum(self.letters[state] for state in ("deferred", "capped", "broken"))
        parts += [f"待发 {later} 封"] if later else []
        return "，".join(parts) + "。"

    @property
    def troubles(self) -> tuple[str, ...]:
        """What a person should know besides, each once."""
        return tuple(dict.fromkeys((*self.failures, *self.broken)))


class Jobs:
    def __init__(
        self, register: Register, receiving: Receiving, handling: Handling, posting: Posting, tidying: Tidying,
        clock: Clock, *, reminding: Reminding | None = None, following: Following | None = None,
        deputising: Deputising | None = None, briefings: Briefings | None = None,
        approving: Approving | None = None, alerting: Alerting | None = None,
    ) -> None:  # fmt: skip
        self._register, self._clock = register, clock
        self._receiving, self._handling, self._posting = receiving, handling, posting
        self._tidying = tidying
        self._reminding, self._following, self._deputising, self._briefings = (
            reminding,
            following,
            deputising,
            briefings,
        )
        self._approving = approving
        self._alerting = alerting
        self._broken: dict[str, datetime] = {}  # sentences on templates, and when each was last found true

    @property
    def handling(self) -> Handling:
        """What reads and records: for a form that a person enters beside the mails."""
        return self._handling

    def once(self, begin_trial: Callable[[], Callable[[], list[str]]] = lambda: list) -> Summary:
        """Fetch all that is new, handle it, deliver all that is due; one half that fails leaves the other.

        `begin_trial` begins to try the templates; what comes back gives a sentence for each that is broken.
        """
        summary = Summary()
        try:
            with self._watched("fetching"):
                summary.received = self._receiving.poll()
                summary.failures += [f"收信：{error.sentence}" for error in summary.received.failures]
                summary.handled = self._handling.handle()
                self._receiving.relate()
        except DiskFull as error:  # nothing is answered that might not be on disk
            summary.failures.append(error.sentence)
            return summary
        self._fetched(summary.received)
        self.remind()
        self.follow()
        self.deputise()
        summary.broken = self._brief()
        self.alert()
        tried = begin_trial()
        self._send(summary)
        if self._alert():  # of sending itself, that it works again
            self._send(summary)
        self.tidy()
        summary.broken[:0] = tried()
        return summary

    def _send(self, summary: Summary) -> None:
        report = self._deliver(self._posting.hooks)
        summary.letters += report.counts
        summary.broken += report.broken
        if trouble := report.error.sentence if report.error else report.shut:
            summary.failures.append(f"发信：{trouble}")

    @contextlib.contextmanager
    def _watched(self, edge: Edge) -> Iterator[None]:
        """What ends with an error is noted: if it goes on for long, it is an alarm."""
        try:
            yield
        except Exception as error:
            if self._alerting:
                with contextlib.suppress(IntakeError):  # a full disk takes no note of itself
                    self._alerting.failed(edge, error.sentence if isinstance(error, IntakeError) else UNFORESEEN)
                    self._alerting.tell()
            raise

    def _fetched(self, received: Received) -> None:
        if self._alerting:
            self._alerting.fetched(received)

    def alert(self) -> None:
        """Tell of what has failed for long, and of what works again."""
        self._alert()

    def _alert(self) -> int:
        return self._alerting.tell() if self._alerting else 0

    def _clock_is_right(self) -> bool:
        """Letters that the clock drives wait where it is wrong."""
        return self._alerting is None or not self._alerting.clock_is_wrong()

    def poll(self) -> None:
        """Fetch and handle; the daemon's first job."""
        with self._watched("fetching"):
            received = self._receiving.poll()
            for error in received.failures:
                log.warning("fetching failed", error=type(error).__name__, detail=error.detail)
            handled = self._handling.handle()
            self._receiving.relate()
        self._fetched(received)
        if received.new or handled.mails:
            log.info("polled", new=received.new, handled=handled.mails, held=handled.held)

    def remind(self) -> None:
        """Write the letters of a round of reminders whose time has come."""
        if self._reminding and self._clock_is_right():
            self._reminding.queue()

    def follow(self) -> None:
        """Write the letters that ask for what units owe, and hand on what stayed unanswered."""
        if self._following and self._clock_is_right():
            self._following.follow()

    def deputise(self) -> None:
        """Write to the deputy what nobody has decided for a working day."""
        if self._deputising and self._clock_is_right():
            self._deputising.pass_on()

    def brief(self) -> None:
        """Write the digest or worklist whose hour has come; the daemon's job."""
        for sentence in self._brief():
            log.warning("template is broken", sentence=sentence)

    def _brief(self) -> list[str]:
        lately = self._clock.now() - BROKEN_FOR
        told = [sentence for sentence, at in self._broken.items() if at >= lately]
        return self._briefings.brief(told) if self._briefings and self._clock_is_right() else []

    def deliver(self) -> None:
        """Send what is due, a gap apart, for a minute at most: the next poll waits for the end of it."""
        stopped, end = self._posting.hooks.stopped, self._clock.now() + DELIVER_FOR
        report = self._deliver(replace(self._posting.hooks, stopped=lambda: stopped() or self._clock.now() >= end))
        if report.error or report.shut:
            log.warning("sending waits", reason=report.error.detail if report.error else report.shut)
        self._broken |= dict.fromkeys(report.broken, self._clock.now())
        self.tell_broken(report.broken)

    def now(self) -> datetime:
        return self._clock.now()

    def tell_broken(self, sentences: Sequence[str]) -> None:
        """Templates that cannot be filled in, each with its file and line: their letters wait, all others go."""
        for sentence in sentences:
            log.warning("template is broken", sentence=sentence)

    def tidy(self) -> None:
        """What is done once a day, or at the end of `run --once`."""
        self._tidying.tidy()

    def failed(self, job: str, error: BaseException) -> None:
        """Hear of a job that ended with an error; the clock will start it again."""
        if isinstance(error, IntakeError):
            log.error("job failed", job=job, error=type(error).__name__, detail=error.detail, sentence=error.sentence)
        else:
            log.error("job failed", job=job, exc_info=error)

    def _deliver(self, hooks: Hooks) -> Report:
        posting = self._posting
        broken = self._approving.prepare() if self._approving and posting.mode == "send" else []
        with self._watched("sending"):
            report = deliver(
                self._register, posting.composer, posting.server, posting.limits, self._clock,
                may_wait=True, mode=posting.mode, hooks=hooks,
            )  # fmt: skip
        report.broken[:0] = broken
        if self._alerting:
            self._alerting.sent(report)
        return report


def log_letter(letter: LetterRow, state: str, reply: str) -> None:
    """One line a letter; the recipient is masked by the log."""
    log.info("letter", letter=letter.id, kind=letter.kind, state=state, to=letter.recipient, reply=reply)

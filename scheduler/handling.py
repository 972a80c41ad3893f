"""Takes each stored mail through deciding and recording, in the order they arrived.

Promises: a mail is recorded whole or stays as it was; a mail that breaks the program is held with the
reason, and the next one goes on. Nothing here decides.
"""

from __future__ import annotations

import functools
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import TYPE_CHECKING, Literal

import structlog
from sqlalchemy import Connection

from intake.belonging import belongs_to
from intake.campaign import Campaign
from intake.contents import Reading
from intake.errors import UNREADABLE, Permanent
from intake.isolation import Closed, Failure, Pool
from intake.known import Known, UnitKnown
from intake.outcome import HeldDraft, Outcome
from intake.raw_mail import Arrival
from intake.stages import Material
from intake.verdict import Verdict
from intake.workdays import Calendar
from scheduler.clock import Clock
from scheduler.reading_ahead import Read, ReadingAhead
from scheduler.stored import Task
from storage import entering, extensions, mails
from storage.cutouts import CutOuts
from storage.entering import Entry
from storage.extensions import Deadlines
from storage.knowing import Office, answered, known_for
from storage.mails import MailRow
from storage.rawmails import RawMails
from storage.recording import record
from storage.register import Register, is_of_the_register

if TYPE_CHECKING:
    from scheduler.instructed import Instructed

log = structlog.get_logger()
NO_CHANGES = Calendar()
AT_ONCE = 1000  # rows asked of the register at a time


@dataclass(frozen=True, slots=True)
class Rules:
    """What deciding needs of the office and its settings; the first campaign is the newest."""

    campaigns: tuple[Campaign, ...]
    own_address: str
    domain: str
    calendar: Calendar = NO_CHANGES
    staff: frozenset[str] = frozenset()
    protected_addresses: frozenset[str] = frozenset()
    protected_domains: frozenset[str] = frozenset()
    backlog: Literal["hold", "send"] = "hold"
    materials: Mapping[str, tuple[Material, ...]] = field(default_factory=dict)  # by campaign

    def office(self, campaign: Campaign, now: datetime) -> Office:
        return Office(
            campaigns=(campaign.id,),
            own_address=self.own_address,
            now=now,
            staff=self.staff,
            protected_addresses=self.protected_addresses,
            protected_domains=self.protected_domains,
            unit_fields={one.id: one.form.unit_field for one in self.campaigns},
            materials=self.materials,
        )


@dataclass(slots=True)
class Handled:
    """How many mails were handled, and what came of them."""

    mails: int = 0
    submissions: int = 0
    held: int = 0
    kinds: dict[str, int] = field(default_factory=dict)


class _Sitting:
    """One transaction with its time, and what is the same for all mails of it: nobody else writes meanwhile."""

    def __init__(self, tx: Connection, rules: Rules, now: datetime) -> None:
        self.tx, self.now, self._rules = tx, now, rules
        self._offices: dict[str, Office] = {}
        self._deadlines: dict[str, Deadlines] = {}

    def office(self, campaign: Campaign) -> Office:
        if campaign.id not in self._offices:
            self._offices[campaign.id] = self._rules.office(campaign, self.now)
        return self._offices[campaign.id]

    def deadlines(self, campaign: Campaign) -> Deadlines:
        if campaign.id not in self._deadlines:
            self._deadlines[campaign.id] = extensions.deadlines(self.tx, campaign.id, campaign.deadline)
        return self._deadlines[campaign.id]


class Handling:
    def __init__(
        self,
        register: Register,
        rawmails: RawMails,
        rules: Rules,
        clock: Clock,
        children: Pool[Task, Reading],
        stopped: Callable[[], bool] = lambda: False,
        instructed: Instructed | None = None,
        *,
        cutouts: CutOuts | None = None,
    ) -> None:
        self._register, self._rawmails, self.rules, self._clock = register, rawmails, rules, clock
        self._stopped, self._instructed, self._cutouts = stopped, instructed, cutouts
        self._readings = ReadingAhead(children, rawmails)

    def begin(self, hashes: Iterable[str]) -> None:
        """Have mails read that were stored just now, while the next ones are still being fetched."""
        self._readings.begin(hashes)

    def enter(self, raw: bytes, entry: Entry, accept: Callable[[Reading], None]) -> tuple[int, Reading]:
        """Read and record a mail that was written down here, with what was entered in it; gives its id and reading.

        `accept` looks at the reading first, and raises what keeps it from being recorded: nothing stands then.
        """
        (raw_hash,) = self._rawmails.put_all([raw])
        reading, now = self._readings.one(raw_hash), self._clock.now()
        try:
            if isinstance(reading, Failure):
                raise UNREADABLE.get(reading.code, Permanent)(reading.detail)
            accept(reading)
            if self._cutouts:
                self._cutouts.keep(raw_hash, reading.forms)
            with self._register.writing() as tx:
                row = mails.enter(tx, raw_hash, len(raw), now)
                entering.note(tx, row.id, row.received_at, entry)
                self._record(_Sitting(tx, self.rules, now), Read(row, reading, ""))
        except BaseException:
            self._rawmails.remove(raw_hash)
            raise
        return row.id, reading

    def handle(self) -> Handled:
        """Handle every mail that waits; raises what the register raises."""
        try:
            return self._handle()
        finally:
            self._readings.forget()

    def _handle(self) -> Handled:
        handled = Handled()
        while not self._stopped():
            with self._register.reading() as tx:
                rows = mails.unhandled(tx, AT_ONCE)
            if not rows:
                break
            before = handled.mails
            try:
                for group in self._readings.groups(rows):
                    self._record_group(group, handled)
                    if self._stopped():
                        return handled
            except Closed:  # a stop that could not wait any longer: what was not read stays as it was
                return handled
            if handled.mails == before:  # nothing could be recorded: do not turn in a circle
                raise Permanent(f"{len(rows)} mails cannot be recorded")
        return handled

    def _record_group(self, group: Sequence[Read], handled: Handled) -> None:
        """Commit point 2: a few mails on one flush of the disk; where one breaks, each by itself and that one held."""
        self._keep_cutouts(group)
        now = self._clock.now()
        try:
            with self._register.writing() as tx:
                sitting = _Sitting(tx, self.rules, now)
                recorded = [(read.row, self._record(sitting, read)) for read in group]
        except Exception as error:
            if is_of_the_register(error):
                raise
            if len(group) > 1:
                for read in group:
                    self._record_group([read], handled)
                return
            recorded = [(group[0].row, self._hold(group[0].row, error, now))]
        for row, outcomes in recorded:
            self._count(row, outcomes, handled)

    def _keep_cutouts(self, group: Sequence[Read]) -> None:
        """Pictures of answers that a person will have to look at."""
        for read in group:
            if self._cutouts and read.reading and read.reading.forms:
                self._cutouts.keep(read.row.raw_hash, read.reading.forms)

    def _record(self, sitting: _Sitting, read: Read) -> tuple[Outcome, ...]:
        tx, now, row, reading = sitting.tx, sitting.now, read.row, read.reading
        if reading is None:
            raise RuntimeError("its header section cannot be read either")
        decided = []
        copy = False
        campaigns = self.rules.campaigns
        letters_of = answered(tx, reading) if len(campaigns) > 1 else ()
        instructed = self._instructed
        entry = instructed.entry_of(tx, row, reading) if instructed else None
        began, ended = (entry.begin, entry.end) if entry else (row.internal_date, reading.top_received)
        arrival = Arrival(row.raw_hash, began, ended)
        for campaign, part in belongs_to(reading, campaigns, row.internal_date, letters_of):
            known, dates = known_for(tx, row, part, sitting.office(campaign)), sitting.deadlines(campaign)
            campaign, known = campaign.until(dates.general), _with_deadlines(known, dates)
            decided.append(self._decide(row, read.code, part, known, campaign, now, arrival))
            copy = copy or known.copy
        outcomes = tuple(decided)
        if instructed:
            outcomes = instructed.shield(tx, row, reading, outcomes)
        recorded = record(tx, row, reading, outcomes, now, domain=self.rules.domain, backlog=self.rules.backlog)
        if instructed and recorded:
            instructed.obey(tx, row, reading, outcomes[0], now, copy=copy, entry=entry)
        return outcomes

    def _decide(
        self, row: MailRow, code: str, reading: Reading, known: Known, campaign: Campaign, now: datetime,
        arrival: Arrival,
    ) -> Outcome:  # fmt: skip
        from intake.deciding import decide, decide_unread  # many rules and phrases, for a mail that has come

        rule = functools.partial(decide_unread, code) if code else decide
        return rule(reading, known, campaign, now, arrival, self.rules.calendar)

    def _hold(self, row: MailRow, error: Exception, now: datetime) -> tuple[Outcome, ...]:
        log.error("mail broke the program", mail=row.raw_hash[:12], exc_info=error)
        held = HeldDraft("internal", f"处理这封邮件时程序出错（{type(error).__name__}），请打开原邮件人工登记。")
        campaign = self.rules.campaigns[0].id
        outcome = Outcome(Verdict("unrelated", ("internal",)), campaign, row.received_at, held=(held,))
        with self._register.writing() as tx:
            record(tx, row, None, outcome, now, domain=self.rules.domain, backlog=self.rules.backlog)
        return (outcome,)

    def _count(self, row: MailRow, outcomes: Sequence[Outcome], handled: Handled) -> None:
        submissions = sum(len(outcome.submissions) for outcome in outcomes)
        held = sum(len(outcome.held) for outcome in outcomes)
        kind = outcomes[0].verdict.kind
        handled.mails += 1
        handled.submissions += submissions
        handled.held += held
        handled.kinds[kind] = handled.kinds.get(kind, 0) + 1
        letters = [letter.kind for outcome in outcomes for letter in outcome.letters]
        log.info("mail handled", mail=row.raw_hash[:12], kind=kind, submissions=submissions, held=held, letters=letters)


def _with_deadlines(known: Known, dates: Deadlines) -> Known:
    """The later deadlines of the units that have one of their own."""
    if not dates.of_unit:
        return known
    asked = known.asked and replace(known.asked, unit=_until(known.asked.unit, dates))
    return replace(known, units=tuple(_until(unit, dates) for unit in known.units), asked=asked)


def _until(unit: UnitKnown, dates: Deadlines) -> UnitKnown:
    return replace(unit, deadline=dates.of(unit.unit_id))

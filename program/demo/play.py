"""Plays the story: lets each mail arrive at its moment, runs the daemon's round, and moves the clock on."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime, time, timedelta
from email import message_from_bytes
from email.message import Message
from pathlib import Path
from typing import TYPE_CHECKING, TypeAlias

from sqlalchemy import func, select

from intake.beijing import BEIJING
from program import by_hand, circular_letters, circular_queue, circular_words, wiring
from program.demo.events import Corrected, Entered, Errand, Event, Ticked
from program.demo.servers import MailServers, mail_servers
from program.demo.story import BEGINNING, END, Story
from program.demo.units import write_roster
from program.settings import load_settings
from scheduler.clock import SetClock
from storage.audits import Person
from storage.tables import letters

if TYPE_CHECKING:
    from program.circular_queue import Desk
    from program.settings import Settings
    from program.wiring import Works

MAILBOX, PASSWORD = "cipsa@vip.126.com", "demonstration"
SECRETARIAT = "secretariat@example.com"
FOLDERS = ("INBOX", "已发送", "垃圾邮件")
HANDLED_AFTER = timedelta(seconds=40)  # a poll a minute: what arrives is seen a little later
A_MINUTE = timedelta(minutes=1)
HOURS = (time(8, 30), time(9, 30), time(10), time(14, 30), time(16, 30))  # of digests, worklists and reminders
OFFICE = Person("秘书处", "shell")
Part: TypeAlias = Event | Errand | Ticked | Entered | Corrected


@dataclass(frozen=True, slots=True)
class Played:
    """What is left when the story is over; `said` is what the secretariat was told of its notice, a list an errand."""

    settings: Settings
    works: Works
    servers: MailServers
    said: list[list[str]] = field(default_factory=list)


@contextmanager
def play(story: Story, folder: Path, progress: Callable[[Part], None]) -> Iterator[Played]:
    """Play the whole story with a register in `folder`; the servers and the register stay open in the block."""
    clock = SetClock(BEGINNING)
    with mail_servers(MAILBOX, PASSWORD, FOLDERS) as servers:
        settings = _settings(servers, folder)
        with wiring.build(settings, clock) as works:
            played = Played(settings, works, servers)
            stage = _Stage(played, clock, folder)
            for scene in _scenes(story):
                stage.pass_until(scene[0].at)
                stage.show(scene)
                for part in scene:
                    progress(part)
            stage.pass_until(END)
            stage.round(END)
            yield played


def _scenes(story: Story) -> Iterator[list[Part]]:
    """What happens before the next poll belongs together; an errand is a scene of its own."""
    scene: list[Part] = []
    for part in sorted((*story.events, *story.errands), key=lambda part: part.at):
        alone = not all(isinstance(one, Event) for one in (*scene, part))
        if scene and (alone or part.at > scene[0].at + HANDLED_AFTER):
            yield scene
            scene = []
        scene.append(part)
    if scene:
        yield scene


class _Stage:
    """The clock, the daemon and the mailbox, moved together."""

    def __init__(self, played: Played, clock: SetClock, folder: Path) -> None:
        self._played, self._clock, self._folder = played, clock, folder
        self._post = _Letters(played.servers)

    def show(self, scene: Sequence[Part]) -> None:
        self._move_to(scene[0].at)
        for part in scene:
            if isinstance(part, Errand):
                self._run(part)
            elif isinstance(part, Ticked):
                self._tick(part)
            elif isinstance(part, Entered):
                self._enter(part)
            elif isinstance(part, Corrected):
                self._correct(part)
            else:
                self._played.servers.deliver(part.make(self._post), part.at, part.folder)
        self.round(scene[0].at + HANDLED_AFTER)

    def pass_until(self, end: datetime) -> None:
        """Let the time pass as the daemon at work would: rounds at its hours, and whenever a letter is due."""
        while (moment := self._next()) < end:
            self.round(moment)

    def round(self, moment: datetime) -> None:
        self._move_to(moment)
        summary = self._played.works.jobs.once()
        if summary.troubles:
            raise RuntimeError("".join(summary.troubles))

    def _run(self, errand: Errand) -> None:
        """As `intake circular plan` and `send --to` do it."""
        from storage import rosters

        path = self._folder / f"名册{f'{errand.at:%m%d}'}.xlsx"
        write_roster(path, errand.roster)
        sheet, register = rosters.read(path), self._played.works.register
        desk = circular_queue.desk_of(self._played.settings, "notice", self._clock.now())
        proposal = circular_queue.propose(register, desk, sheet)
        circular_letters.check(desk, proposal)
        self._played.said.append(_plan(desk, proposal))
        circular_queue.queue(register, desk, sheet, OFFICE, lambda done, every: None)

    def _tick(self, ticked: Ticked) -> None:
        """As `intake followup received` does it."""
        from program import desk, parts
        from program.duties import one_campaign
        from scheduler import unit_acts

        settings = self._played.settings
        duties, calendar = one_campaign(settings), parts.calendar_of(settings)
        with self._played.works.register.writing() as tx:
            row = desk.owed_called(tx, duties, desk.unit_called(tx, ticked.unit), ticked.awaits)
            unit_acts.end_owed(tx, duties, calendar, row, "", OFFICE, self._clock.now(), waived=False)

    def _enter(self, entered: Entered) -> None:
        """As `intake enter` does it: a file as it is, a telephone call as the sheet that is kept of it."""
        from storage.entering import Entry

        campaign, filled, now = self._played.works.campaigns[0], entered.filled, self._clock.now()
        said = by_hand.Typed(filled.values, {"join": filled.join, "member": filled.member})
        entry = Entry(entered.channel, entered.came, entered.came, "秘书处", "shell", entered.receipt_to)
        file = entered.file
        name, content = (file.name, file.content) if file else (by_hand.CALL, by_hand.call_sheet(campaign.form, said))
        raw = by_hand.as_mail(MAILBOX, entered.channel, [(name, content)], now)
        check = by_hand.holds_a_form if file else by_hand.says(campaign, said)
        self._played.works.jobs.handling.enter(raw, entry, check)

    def _correct(self, corrected: Corrected) -> None:
        """As `intake amend` does it."""
        from program import desk
        from scheduler import amending

        campaign, now = self._played.works.campaigns[0], self._clock.now()
        said = by_hand.typed(corrected.words, campaign.form)
        asked = amending.Amendment(said.values, said.answers, "来电告知", "秘书处", "shell")
        with self._played.works.register.writing() as tx:
            if not amending.amend(tx, campaign, desk.unit_meant(tx, corrected.unit), asked, now):
                raise LookupError(f"nothing of this differs: {corrected}")

    def _next(self) -> datetime:
        """When something is to do again, a minute from now at the earliest."""
        now = self._clock.now()
        waiting = letters.c.state.in_(("waiting", "deferred")), letters.c.held_back == ""
        with self._played.works.register.reading() as tx:
            due = tx.scalar(select(func.min(letters.c.next_at)).where(*waiting))
        hour = _next_hour(now)
        return min(max(due, now + A_MINUTE), hour) if due else hour

    def _move_to(self, moment: datetime) -> None:
        """Forward only: a round may already have waited past the moment for its gaps."""
        self._clock.sleep(max(0.0, (moment - self._clock.now()).total_seconds()))


class _Letters:
    """What came in by SMTP, by address."""

    def __init__(self, servers: MailServers) -> None:
        self._servers = servers

    def first(self, address: str) -> Message:
        return message_from_bytes(next(raw for raw in self._to(address)))

    def latest(self, address: str) -> Message:
        return message_from_bytes([*self._to(address)][-1])

    def _to(self, address: str) -> Iterator[bytes]:
        return (letter.raw for letter in self._servers.submitted if address in letter.recipients)


def _next_hour(now: datetime) -> datetime:
    """The next moment at which the clock may have something to do by itself."""
    local = now.astimezone(BEIJING)
    days = (local.date(), local.date() + timedelta(days=1))
    moments = (datetime.combine(day, hour, BEIJING) for day in days for hour in HOURS)
    return next(moment for moment in moments if moment > local)


def _plan(desk: Desk, proposal: circular_queue.Proposal) -> list[str]:
    from outbox.circular import last_day

    last = last_day(desk.section, desk.loaded.campaign.deadline)
    told = circular_words.proposed(proposal.chosen, len(proposal.mails))
    return [*told, *circular_words.planned(proposal.plan, desk.section.answer_share, last)]


def _settings(servers: MailServers, folder: Path) -> Settings:
    environment = {
        "INTAKE_DATA": str(folder / "data"),
        "INTAKE_STORAGE__URL": f"sqlite:///{folder}/register.sqlite",
        "INTAKE_DIGEST__TO": SECRETARIAT,
        "INTAKE_LOG__LEVEL": "error",
    }
    for section, port in (("MAILBOX", servers.imap_port), ("SMTP", servers.smtp_port)):
        login = {"HOST": "127.0.0.1", "PORT": port, "SECURITY": "none", "USERNAME": MAILBOX, "PASSWORD": PASSWORD}
        environment |= {f"INTAKE_{section}__{key}": str(value) for key, value in login.items()}
    return load_settings(None, environment, folder)

"""Plays the story: lets each mail arrive at its moment, runs the daemon's round, and moves the clock on."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime, timedelta
from email import message_from_bytes
from email.message import Message
from pathlib import Path
from typing import TYPE_CHECKING

from program import wiring
from program.demo.servers import MailServers, mail_servers
from program.demo.story import ROUNDS, Event, Story, at
from program.demo.units import write_roster
from program.settings import load_settings
from scheduler.clock import SetClock

if TYPE_CHECKING:
    from program.settings import Settings
    from program.wiring import Works

MAILBOX, PASSWORD = "cipsa@vip.126.com", "demonstration"
FOLDERS = ("INBOX", "已发送", "垃圾邮件")
BEGINNING, END = at("11-17", "08:00"), at("12-03", "09:00")
PARTS = tuple(
    timedelta(minutes=minutes) for minutes in (0, 16, 32, 48)
)  # the limits of a quarter of an hour, outwaited
HANDLED_AFTER = timedelta(seconds=40)  # a poll a minute: what arrives is seen a little later


@dataclass(frozen=True, slots=True)
class Played:
    """What is left when the story is over."""

    settings: Settings
    works: Works
    servers: MailServers


@contextmanager
def play(story: Story, folder: Path, progress: Callable[[Event], None]) -> Iterator[Played]:
    """Play the whole story with a register in `folder`; the servers and the register stay open in the block."""
    clock = SetClock(BEGINNING)
    with mail_servers(MAILBOX, PASSWORD, FOLDERS) as servers:
        settings = _settings(servers, folder)
        with wiring.build(settings, clock) as works:
            _load_roster(works, folder / "名册.xlsx", clock.now())
            for event in story.events:
                _pass_rounds(works, clock, event.at)
                servers.deliver(event.make(_latest(servers)), event.at, event.folder)
                _move_to(clock, event.at + HANDLED_AFTER)
                _round(works)
                progress(event)
            _move_to(clock, END)
            _round(works)
            yield Played(settings, works, servers)


def _settings(servers: MailServers, folder: Path) -> Settings:
    environment = {
        "INTAKE_DATA": str(folder / "data"),
        "INTAKE_STORAGE__URL": f"sqlite:///{folder}/register.sqlite",
        "INTAKE_DIGEST__TO": "secretariat@example.com",
        "INTAKE_LOG__LEVEL": "error",
    }
    for section, port in (("MAILBOX", servers.imap_port), ("SMTP", servers.smtp_port)):
        login = {"HOST": "127.0.0.1", "PORT": port, "SECURITY": "none", "USERNAME": MAILBOX, "PASSWORD": PASSWORD}
        environment |= {f"INTAKE_{section}__{key}": str(value) for key, value in login.items()}
    return load_settings(None, environment, folder)


def _load_roster(works: Works, path: Path, now: datetime) -> None:
    from storage import rosters

    write_roster(path)
    with works.register.writing() as tx:
        rosters.load(tx, path, now)


def _round(works: Works) -> None:
    summary = works.jobs.once()
    if summary.troubles:
        raise RuntimeError("".join(summary.troubles))


def _pass_rounds(works: Works, clock: SetClock, until: datetime) -> None:
    """Let the hours of reminders pass, as the daemon at work would: its limits spread a round over an hour."""
    for moment in (round_ + part for round_ in ROUNDS for part in PARTS):
        if clock.now() < moment < until:
            _move_to(clock, moment)
            _round(works)


def _move_to(clock: SetClock, moment: datetime) -> None:
    """Forward only: a round may already have waited past the moment for its gaps."""
    clock.sleep(max(0.0, (moment - clock.now()).total_seconds()))


def _latest(servers: MailServers) -> Callable[[str], Message]:
    def letter_to(address: str) -> Message:
        mine = [letter.raw for letter in servers.submitted if address in letter.recipients]
        return message_from_bytes(mine[-1])

    return letter_to

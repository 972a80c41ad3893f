"""bench/results.md: the figures as a table, with the machine they were measured on."""

from __future__ import annotations

import os
import platform
import subprocess
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

PREAMBLE = """# Results of `make bench`

Measured on {when} by `bench/run.py`, on {machine}.

{mails:,} mails, four fifths of them with a Word form of 50 KB ticked in eight different ways, lie in a real Dovecot;
`intake run --once` fetches, reads, records and answers them with full durability (raw mail on disk and row
committed before anything else; each letter claimed with its bytes before it is sent) and all sending limits
at 0; the letters go to a real smtp-sink. Each round starts with an empty register and is checked: every form
recorded with its answers, every letter received. Times are those of the whole process, start-up included; the
median of the rounds. The floor is the bare FETCH of the same mails and the bare sending of the same letters.

| figure | measured | wanted | reached |
| --- | --- | --- | --- |
"""
COMPARISON = """
For comparison, measured before this program was begun, on the same kind of machine: the script that a user
would write with imap-tools, python-docx and smtplib, without any durability, 61 mails/s and 227 MB;
django-mailbox, storing only, 69 mails/s.
"""


@dataclass(frozen=True, slots=True)
class Figure:
    name: str
    measured: str
    wanted: str = ""
    reached: bool | None = None

    def row(self) -> str:
        reached = {True: "yes", False: "**no**", None: ""}[self.reached]
        return f"| {self.name} | {self.measured} | {self.wanted} | {reached} |\n"


def write(path: Path, mails: int, figures: Sequence[Figure]) -> None:
    when = f"{datetime.now(UTC):%Y-%m-%d}"
    rows = "".join(figure.row() for figure in figures)
    path.write_text(PREAMBLE.format(when=when, machine=machine(), mails=mails) + rows + COMPARISON, "utf-8")


def machine(*, servers: bool = True) -> str:
    """The machine in one line: processor, cores, memory, system, versions (that of Dovecot only with `servers`)."""
    memory = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") / 2**30
    return (
        f"{_processor()}, {os.cpu_count()} cores, {memory:.0f} GiB, {_system()}, Linux {platform.release()}, "
        f"Python {platform.python_version()}" + (f", Dovecot {_dovecot()}" if servers else "")
    )


def _processor() -> str:
    for line in Path("/proc/cpuinfo").read_text("utf-8").splitlines():
        if line.startswith("model name"):
            return line.partition(":")[2].strip()
    return platform.machine()


def _system() -> str:
    return platform.freedesktop_os_release().get("PRETTY_NAME", platform.system())


def _dovecot() -> str:
    done = subprocess.run(["/usr/sbin/dovecot", "--version"], capture_output=True, text=True, check=False)
    return done.stdout.split()[0] if done.stdout else "?"

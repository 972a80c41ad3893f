"""bench/results.md: a section a part, each with its figures and the machine they were measured on.

A part that is measured again takes the place of its section alone.
"""

from __future__ import annotations

import os
import platform
import subprocess
import sys
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

RESULTS = Path(__file__).resolve().parent / "results.md"
TITLE = "# Results of `make bench`\n"
TABLE = "| figure | measured | wanted | reached |\n| --- | --- | --- | --- |\n"
SECTIONS = (
    "A thousand mails",
    "A whole campaign of many units",
    "One tick of the clock",
    "The last afternoon",
    "A digest",
)


@dataclass(frozen=True, slots=True)
class Figure:
    name: str
    measured: str
    wanted: str = ""
    reached: bool | None = None

    def row(self) -> str:
        reached = {True: "yes", False: "**no**", None: ""}[self.reached]
        return f"| {self.name} | {self.measured} | {self.wanted} | {reached} |\n"


def write(section: str, about: str, figures: Sequence[Figure], after: str = "") -> None:
    """Write a section of results.md, its text `about` first, then the figures; all other sections stay."""
    measured = f"Measured on {datetime.now(UTC):%Y-%m-%d} on {machine()}."
    table = TABLE + "".join(figure.row() for figure in figures)
    written = _sections() | {
        section: "\n\n".join(filter(None, (measured, about.strip(), table.strip(), after.strip())))
    }
    texts = [f"## {name}\n\n{written[name]}\n" for name in SECTIONS if name in written]
    RESULTS.write_text("\n".join((TITLE, *texts)), "utf-8")
    say(f"written to {RESULTS}: {section}")


def _sections() -> dict[str, str]:
    """The sections that stand in results.md by their titles."""
    text = RESULTS.read_text("utf-8") if RESULTS.exists() else ""
    parts = (part.partition("\n") for part in text.split("\n## ")[1:])
    return {title.strip(): body.strip() for title, _, body in parts}


def say(text: str) -> None:
    sys.stderr.write(text + "\n")


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

"""The daemon under measurement: a process of its own, set up by environment variables, in a throw-away folder."""

from __future__ import annotations

import os
import signal
import sqlite3
import statistics
import subprocess
import sys
import time
from contextlib import closing
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

from watch import Watch, pss_mb, tree

if TYPE_CHECKING:
    from live_servers import Dovecot, SmtpSink

SETTLE_SECONDS = 10
INTAKE = [sys.executable, "-m", "program.cli"]
LIMITS = ["PER_CONNECTION", "PER_QUARTER_HOUR", "PER_HOUR", "PER_DAY", "GAP_SECONDS"]
LIMITS += ["PER_ADDRESS_PER_HOUR", "PER_ADDRESS_PER_DAY"]


@dataclass(frozen=True, slots=True)
class Idle:
    pss_mb: float
    core_percent: float
    seconds: float


class Office:
    """One register and its servers."""

    def __init__(self, folder: Path, dovecot: Dovecot, sink: SmtpSink) -> None:
        self.folder = folder
        self._log = folder / "log"
        ours = {
            "MAILBOX__HOST": dovecot.host,
            "MAILBOX__PORT": str(dovecot.port),
            "MAILBOX__SECURITY": "none",
            "MAILBOX__USERNAME": dovecot.username,
            "MAILBOX__PASSWORD": dovecot.password,
            "SMTP__HOST": sink.host,
            "SMTP__PORT": str(sink.port),
            "SMTP__SECURITY": "none",
            "SMTP__USERNAME": "",
            "SMTP__FROM": dovecot.username,
            "STORAGE__URL": f"sqlite:///{folder}/register.sqlite",
            "DATA": str(folder / "data"),
            "OUTBOX__BACKLOG": "send",
            **{f"LIMITS__{name}": "0" for name in LIMITS},
        }
        own = {key: value for key, value in os.environ.items() if not key.startswith("INTAKE_")}
        own.pop("PYTHONDONTWRITEBYTECODE", None)  # what pip installs is compiled, and so is what is measured
        self.environment = own
        self.environment |= {f"INTAKE_{key}": value for key, value in ours.items()}

    def once(self, now: datetime) -> float:
        """Seconds of one round at that moment, from the start of the process to its end."""
        began = time.perf_counter()
        process = self._start(*_round(now))
        process.wait()
        took = time.perf_counter() - began
        self._ended_well(process)
        return took

    def watched(self, *arguments: str) -> tuple[float, float]:
        """Seconds and peak MB of a command; the watch itself takes some of the processor."""
        began = time.perf_counter()
        process = self._start(*arguments)
        with Watch(process.pid) as watch:
            process.wait()
        took = time.perf_counter() - began
        self._ended_well(process)
        return took, watch.peak_mb

    def once_watched(self, now: datetime) -> tuple[float, float]:
        """One round at that moment, watched."""
        return self.watched(*_round(now))

    def query(self, statement: str) -> list[tuple[Any, ...]]:
        """Rows of the register."""
        with closing(sqlite3.connect(self.folder / "register.sqlite")) as register:
            return register.execute(statement).fetchall()

    def check(self, forms: int, letters: int) -> None:
        """The work was really done: every form recorded with its answers, every letter sent and received."""
        ((recorded,),) = self.query("SELECT count(*) FROM choices WHERE key = 'join' AND answer = 'yes'")
        ((sent,),) = self.query("SELECT count(*) FROM letters WHERE state = 'sent'")
        ((unsent,),) = self.query("SELECT count(*) FROM letters WHERE state <> 'sent'")
        if (recorded, sent, unsent) != (forms, letters, 0):
            sys.exit(f"{recorded} forms of {forms} recorded; {sent} letters sent, {letters} received, {unsent} unsent")

    def idle(self, seconds: float) -> Idle:
        """Memory and processor of the daemon while nothing comes, polls included."""
        process = self._start("run")
        try:
            time.sleep(SETTLE_SECONDS)
            before, began = _processor_seconds(process.pid), time.monotonic()
            time.sleep(seconds)
            used, took = _processor_seconds(process.pid) - before, time.monotonic() - began
            if process.poll() is not None:
                sys.exit(f"the daemon ended: {self._said()}")
            return Idle(pss_mb(process.pid), 100 * used / took, took)
        finally:
            process.send_signal(signal.SIGTERM)
            process.wait(20)

    def _start(self, *arguments: str) -> subprocess.Popen[bytes]:
        with open(self._log, "wb") as log:
            return subprocess.Popen(
                [*INTAKE, *arguments], cwd=self.folder, env=self.environment, stdout=subprocess.DEVNULL, stderr=log
            )

    def _ended_well(self, process: subprocess.Popen[bytes]) -> None:
        if process.returncode:
            sys.exit(f"intake ended with {process.returncode}: {self._said()}")

    def _said(self) -> str:
        return self._log.read_text("utf-8", "replace")[-2000:]


def _round(now: datetime) -> tuple[str, ...]:
    return ("run", "--once", "--now", now.isoformat())


def _processor_seconds(process_id: int) -> float:
    """User and system time of a process, its living children and those that have ended."""
    total = 0.0
    for process in tree(process_id):
        times = process.cpu_times()
        total += times.user + times.system + times.children_user + times.children_system
    return total


def help_seconds() -> float:
    """The median time of `intake --help`, after one run to warm the disk."""
    times = []
    for _ in range(11):
        began = time.perf_counter()
        subprocess.run([*INTAKE, "--help"], stdout=subprocess.DEVNULL, check=True)
        times.append(time.perf_counter() - began)
    return statistics.median(times[1:])

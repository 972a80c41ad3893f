"""The daemon under measurement: a process of its own, set up by environment variables, in a throw-away folder."""

from __future__ import annotations

import os
import signal
import sqlite3
import statistics
import subprocess
import sys
import threading
import time
from contextlib import closing
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING

import psutil

if TYPE_CHECKING:
    from live_servers import Dovecot, SmtpSink

SAMPLE_SECONDS = 0.2
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
        self.environment = {key: value for key, value in os.environ.items() if not key.startswith("INTAKE_")}
        self.environment |= {f"INTAKE_{key}": value for key, value in ours.items()}

    def once(self, now: datetime) -> tuple[float, float]:
        """Seconds and peak MB of one round at that moment, from the start of the process to its end."""
        began = time.perf_counter()
        process = self._start("run", "--once", "--now", now.isoformat())
        with _Watch(process.pid) as watch:
            process.wait()
        took = time.perf_counter() - began
        if process.returncode:
            sys.exit(f"intake run ended with {process.returncode}: {self._said()}")
        return took, watch.peak_mb

    def check(self, forms: int, letters: int) -> None:
        """The work was really done: every form recorded with its answers, every letter sent and received."""
        with closing(sqlite3.connect(self.folder / "register.sqlite")) as register:
            recorded = register.execute(
                "SELECT count(*) FROM choices WHERE key = 'join' AND answer = 'yes'"
            ).fetchone()[0]
            sent = register.execute("SELECT count(*) FROM letters WHERE state = 'sent'").fetchone()[0]
            unsent = register.execute("SELECT count(*) FROM letters WHERE state <> 'sent'").fetchone()[0]
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
            return Idle(_pss_mb(process.pid), 100 * used / took, took)
        finally:
            process.send_signal(signal.SIGTERM)
            process.wait(20)

    def _start(self, *arguments: str) -> subprocess.Popen[bytes]:
        with open(self._log, "wb") as log:
            return subprocess.Popen(
                [*INTAKE, *arguments], cwd=self.folder, env=self.environment, stdout=subprocess.DEVNULL, stderr=log
            )

    def _said(self) -> str:
        return self._log.read_text("utf-8", "replace")[-2000:]


class _Watch:
    """Samples the summed PSS of a process and its children until its end."""

    def __init__(self, process_id: int) -> None:
        self.peak_mb = 0.0
        self._process_id = process_id
        self._over = threading.Event()
        self._thread = threading.Thread(target=self._sample)

    def __enter__(self) -> _Watch:
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._over.set()
        self._thread.join()

    def _sample(self) -> None:
        while not self._over.wait(SAMPLE_SECONDS):
            self.peak_mb = max(self.peak_mb, _pss_mb(self._process_id))


def _tree(process_id: int) -> list[psutil.Process]:
    try:
        process = psutil.Process(process_id)
        return [process, *process.children(recursive=True)]
    except psutil.NoSuchProcess:
        return []


def _pss_mb(process_id: int) -> float:
    total = 0
    for process in _tree(process_id):
        try:
            total += process.memory_full_info().pss
        except (psutil.NoSuchProcess, psutil.ZombieProcess):
            continue  # it ended while we looked
    return total / 1e6


def _processor_seconds(process_id: int) -> float:
    """User and system time of a process, its living children and those that have ended."""
    total = 0.0
    for process in _tree(process_id):
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

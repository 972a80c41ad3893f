"""What time it is, waiting, and starting jobs at their times; the only importer of APScheduler.

Three clocks have the same two methods: the system's, one that stands still until it is slept on
(`run --now`), and whatever a test brings. The timer knows nothing of mail: it is given functions.
"""

from __future__ import annotations

import logging
import threading
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Protocol

LOOK_UP_SECONDS = 0.5
STOP_SECONDS = 8.0  # systemd and the promise allow 10 from SIGTERM to the end


class Clock(Protocol):
    def now(self) -> datetime:
        """The present moment, aware, in UTC."""

    def sleep(self, seconds: float) -> None:
        """Let that much time pass."""


class SystemClock:
    """The machine's clock; a sleep ends early when `stop` is set."""

    def __init__(self, stop: threading.Event | None = None) -> None:
        self._stop = stop or threading.Event()

    def now(self) -> datetime:
        return datetime.now(UTC)

    def sleep(self, seconds: float) -> None:
        self._stop.wait(seconds)


class SetClock:
    """A clock that is set to a moment and moves only by being slept on; raises ValueError for a naive moment."""

    def __init__(self, moment: datetime) -> None:
        if moment.tzinfo is None:
            raise ValueError("naive time refused")
        self._moment = moment.astimezone(UTC)

    def now(self) -> datetime:
        return self._moment

    def sleep(self, seconds: float) -> None:
        self._moment += timedelta(seconds=seconds)


@dataclass(frozen=True, slots=True)
class Job:
    """A function and the seconds between its starts; it never runs beside itself."""

    name: str
    work: Callable[[], None]
    every_seconds: float


class Timer:
    """Starts each job at once and then at its interval, until told to stop.

    Jobs share one worker thread, so no two ever write at the same time; a start missed while
    another job ran is made up once, not as often as it was missed.
    """

    def __init__(self, jobs: tuple[Job, ...], failed: Callable[[str, BaseException], None]) -> None:
        from apscheduler.events import EVENT_JOB_ERROR
        from apscheduler.executors.pool import ThreadPoolExecutor
        from apscheduler.schedulers.background import BackgroundScheduler

        # What a job raised is told by `failed`, in one line; APScheduler's own log would add a traceback.
        logging.getLogger("apscheduler").setLevel(logging.CRITICAL)
        self._scheduler = BackgroundScheduler(
            executors={"default": ThreadPoolExecutor(1)},
            job_defaults={"coalesce": True, "max_instances": 1, "misfire_grace_time": None},
            timezone=UTC,
        )
        self._scheduler.add_listener(lambda event: failed(event.job_id, event.exception), EVENT_JOB_ERROR)
        start = datetime.now(UTC)
        for place, job in enumerate(jobs):
            first = start + timedelta(milliseconds=place)
            self._scheduler.add_job(job.work, "interval", seconds=job.every_seconds, id=job.name, next_run_time=first)

    def run_until(self, stop: threading.Event) -> bool:
        """Run until `stop` is set; True if the job then at work ended within STOP_SECONDS."""
        self._scheduler.start()
        while not stop.wait(LOOK_UP_SECONDS):  # a signal that another thread received wakes no waiting main thread
            pass
        ended = threading.Thread(target=self._scheduler.shutdown, kwargs={"wait": True}, daemon=True)
        ended.start()
        ended.join(STOP_SECONDS)
        return not ended.is_alive()

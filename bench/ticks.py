"""How long one tick of the clock takes over a register: the daemon's own jobs, in this process."""

from __future__ import annotations

import statistics
import time
from dataclasses import dataclass, field
from datetime import datetime

from office import Office

from intake.beijing import BEIJING
from program import wiring
from program.settings import load_settings
from scheduler.clock import SetClock

MOMENTS = tuple(datetime(2016, month, day, 10, 30, tzinfo=BEIJING) for month, day in ((11, 29), (12, 5)))


@dataclass(slots=True)
class Ticks:
    """Medians of a tick in milliseconds: processor time of this process, time of the wall, and its parts."""

    processor_ms: float
    wall_ms: float
    parts_ms: dict[str, float] = field(default_factory=dict)

    def __str__(self) -> str:
        parts = ", ".join(f"{name} {ms:.1f}" for name, ms in self.parts_ms.items())
        return f"{self.processor_ms:.1f} ms of processor, {self.wall_ms:.1f} ms in all ({parts})"


def measure(office: Office, count: int) -> Ticks:
    """Half of the ticks at each moment; the first two of each warm the caches and do what is due, and are left out."""
    variables = {key: value for key, value in office.environment.items() if key.startswith("INTAKE_")}
    settings = load_settings(None, variables | {"INTAKE_LOG__LEVEL": "error"}, office.folder)
    walls: list[float] = []
    parts: dict[str, list[float]] = {}
    for moment in MOMENTS:
        clock = SetClock(moment)
        with wiring.build(settings, clock) as works:
            jobs = {name: getattr(works.jobs, name) for name in ("poll", "remind", "follow", "deliver")}
            for number in range(2 + max(1, count // len(MOMENTS))):
                clock.sleep(60)
                began, took = time.perf_counter(), {name: _processor_ms(job) for name, job in jobs.items()}
                if number < 2:
                    continue
                walls.append(1000 * (time.perf_counter() - began))
                for name, ms in took.items():
                    parts.setdefault(name, []).append(ms)
    medians = {name: statistics.median(every) for name, every in parts.items()}
    return Ticks(sum(medians.values()), statistics.median(walls), medians)


def _processor_ms(job: object) -> float:
    began = time.process_time()
    job()  # type: ignore[operator]
    return 1000 * (time.process_time() - began)

"""How long one tick of the clock takes over a register: the daemon's own jobs, in this process."""

from __future__ import annotations

import statistics
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from datetime import datetime

from office import Office

from intake.beijing import BEIJING
from program import wiring
from program.settings import load_settings
from scheduler.clock import SetClock
from scheduler.jobs import Jobs

MOMENTS = tuple(datetime(2016, month, day, 10, 30, tzinfo=BEIJING) for month, day in ((11, 29), (12, 5)))
JOBS = ("poll", "remind", "follow", "deliver")


@dataclass(slots=True)
class Ticks:
    """Medians of a tick in milliseconds: processor time of this process, time of the wall, and its parts."""

    processor_ms: float
    wall_ms: float
    parts_ms: dict[str, float] = field(default_factory=dict)

    def __str__(self) -> str:
        parts = ", ".join(f"{name} {ms:.1f}" for name, ms in self.parts_ms.items())
        return f"{self.processor_ms:.1f} ms of processor, {self.wall_ms:.1f} ms in all ({parts})"


def measure(offices: Mapping[int, Office], count: int) -> dict[int, Ticks]:
    """`count` ticks of each office, half of them at each moment, the offices in turn: the machine's speed swings.

    The first two of each at a moment warm the caches and do what is due, and are left out.
    """
    walls: dict[int, list[float]] = {units: [] for units in offices}
    parts: dict[int, dict[str, list[float]]] = {units: {name: [] for name in JOBS} for units in offices}
    for moment in MOMENTS:
        with ExitStack() as stack:
            running = {units: stack.enter_context(_running(office, moment)) for units, office in offices.items()}
            for number in range(2 + max(1, count // len(MOMENTS))):
                for units, (jobs, clock) in running.items():
                    clock.sleep(60)
                    began, took = time.perf_counter(), {name: _processor_ms(getattr(jobs, name)) for name in JOBS}
                    if number < 2:
                        continue
                    walls[units].append(1000 * (time.perf_counter() - began))
                    for name, ms in took.items():
                        parts[units][name].append(ms)
    return {units: _of(walls[units], parts[units]) for units in offices}


@contextmanager
def _running(office: Office, moment: datetime) -> Iterator[tuple[Jobs, SetClock]]:
    variables = {key: value for key, value in office.environment.items() if key.startswith("INTAKE_")}
    settings = load_settings(None, variables | {"INTAKE_LOG__LEVEL": "error"}, office.folder)
    clock = SetClock(moment)
    with wiring.build(settings, clock) as works:
        yield works.jobs, clock


def _of(walls: Sequence[float], parts: Mapping[str, Sequence[float]]) -> Ticks:
    medians = {name: statistics.median(every) for name, every in parts.items()}
    return Ticks(sum(medians.values()), statistics.median(walls), medians)


def _processor_ms(job: Callable[[], None]) -> float:
    began = time.process_time()
    job()
    return 1000 * (time.process_time() - began)

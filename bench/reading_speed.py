"""Forms a second and memory of `intake read --json`: its own process with its children, timed line by line."""

from __future__ import annotations

import statistics
import subprocess
import sys
import time
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from watch import Watch

ROOT = Path(__file__).resolve().parents[1]
READ = [sys.executable, "-m", "program.cli", "read", "--json"]
SECONDS, ROUNDS, MOST_FILES = 5.0, 3, 6000


@dataclass(frozen=True, slots=True)
class Speed:
    """Files a second once the children are warm; peak MB (PSS) of all processes together, and of the largest child."""

    rate: float
    files: int
    peak_mb: float
    child_mb: float


def measure(paths: Sequence[Path]) -> Speed:
    """The median of three rounds of some seconds over the files again and again; memory in a round of its own."""
    warm = list(paths) * max(1, -(-8 // len(paths)))
    trial = _rate(warm, list(paths) * max(1, -(-16 // len(paths))))
    times = max(1, min(int(trial * SECONDS), MOST_FILES) // len(paths))
    rate = statistics.median(_rate(warm, list(paths) * times) for _ in range(ROUNDS))
    process = _start([*warm, *paths])
    with Watch(process.pid) as watch:
        process.communicate()
    return Speed(rate, len(paths) * times, watch.peak_mb, watch.child_mb)


def _start(paths: Sequence[Path]) -> subprocess.Popen[bytes]:
    return subprocess.Popen([*READ, *map(str, paths)], cwd=ROOT, stdout=subprocess.PIPE)


def _rate(warm: Sequence[Path], measured: Sequence[Path]) -> float:
    """Files a second between the line of the last file that warms the children and the last line of all."""
    process = _start([*warm, *measured])
    assert process.stdout is not None
    moments = [time.perf_counter() for _ in process.stdout]
    if process.wait() or len(moments) != len(warm) + len(measured):
        sys.exit(f"intake read gave {len(moments)} lines for {len(warm) + len(measured)} files")
    return len(measured) / (moments[-1] - moments[len(warm) - 1])

"""The memory of a process and all its descendants, sampled until its end; PSS, so that shared pages count once."""

from __future__ import annotations

import threading
import time

import psutil

SAMPLE_SECONDS = 0.1
SHARE = 0.1  # of a core at most is taken by looking: a look at a large process is not cheap


class Watch:
    """`peak_mb` is the highest sum of all processes together, `child_mb` the highest of one child alone."""

    def __init__(self, process_id: int) -> None:
        self.peak_mb = self.child_mb = 0.0
        self._process_id = process_id
        self._over = threading.Event()
        self._thread = threading.Thread(target=self._sample)

    def __enter__(self) -> Watch:
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._over.set()
        self._thread.join()

    def _sample(self) -> None:
        looked = 0.0
        while not self._over.wait(max(SAMPLE_SECONDS, looked / SHARE)):
            began = time.thread_time()
            first, *children = [_pss_mb(process) for process in tree(self._process_id)] or [0.0]
            self.peak_mb = max(self.peak_mb, first + sum(children))
            self.child_mb = max(self.child_mb, *children, 0.0) if children else self.child_mb
            looked = time.thread_time() - began


def pss_mb(process_id: int) -> float:
    """The memory of a process and its descendants now."""
    return sum(map(_pss_mb, tree(process_id)))


def tree(process_id: int) -> list[psutil.Process]:
    """A process and its descendants, itself first; none where it has ended."""
    try:
        process = psutil.Process(process_id)
        return [process, *process.children(recursive=True)]
    except psutil.NoSuchProcess:
        return []


def _pss_mb(process: psutil.Process) -> float:
    try:
        return float(process.memory_full_info().pss) / 1e6
    except (psutil.NoSuchProcess, psutil.ZombieProcess):
        return 0.0  # it ended while we looked

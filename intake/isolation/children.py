"""The children: untrusted documents are read in processes of their own, one task each at a time.

Promises that results come in input order, that a task over its time, memory or output costs only
itself (its child is killed and replaced alone, the others go on), and that no child outlives this
process. A child gets none of the INTAKE_ environment. It never touches files, database or network.
"""

from __future__ import annotations

import pickle
import threading
from collections import deque
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import CancelledError, Future, ThreadPoolExecutor
from types import TracebackType
from typing import Any, Generic, TypeVar, cast

from intake.isolation.child import Failure, Order
from intake.isolation.line import Child
from intake.isolation.nursery import Nursery, usable
from intake.isolation.packing import packed
from intake.isolation.processes import Spawned

__all__ = ["Children", "Closed", "Failure"]

T = TypeVar("T")
R = TypeVar("R")

LOOK_EVERY = 0.05  # seconds between two looks at the working children
AHEAD_PER_WORKER = 16  # inputs taken before their turn, so that no child waits while a group of results is recorded
AHEAD_BYTES = 32 << 20  # and no more than this, whatever their number
KEEP_BYTES = 128 << 20  # a child that has grown past this is not used again


class Closed(Exception):
    """The children were sent away while work was waiting; its inputs are untouched and can be tried again."""


class Children(Generic[T, R]):
    """A pool of child processes that do one task.

    `task` is a function of an importable module (or a partial of one); inputs and results are
    pickled. `seconds` and `memory_bytes` are limits a task; `output_bytes` one of its pickled
    result; a child that holds more than `keep_bytes` after a task is not used again. Children start when there
    is work for them: forked from `nursery`, or spawned where there is none. Several threads may call `map` at once.
    """

    def __init__(
        self,
        task: Callable[[T], R],
        *,
        workers: int = 2,
        seconds: float = 20,
        memory_bytes: int = 1 << 30,
        output_bytes: int = 64 << 20,
        keep_bytes: int = KEEP_BYTES,
        nursery: Nursery | None = None,
    ) -> None:
        if getattr(getattr(task, "func", task), "__module__", "") == "__main__":
            raise ValueError("a task must stand in a module that a child can import, not in __main__")
        self._order = pickle.dumps(Order(task, memory_bytes, output_bytes))
        self._workers, self._seconds = workers, seconds
        self._nursery = nursery if nursery and usable() else None
        self._memory_bytes, self._output_bytes, self._keep_bytes = memory_bytes, output_bytes, keep_bytes
        self._lock = threading.Lock()
        self._idle: list[Child] = []
        self._busy: set[Child] = set()
        self._work = threading.Event()
        self._closed = threading.Event()
        self._threads = ThreadPoolExecutor(workers, thread_name_prefix="children")
        self._watcher: threading.Thread | None = None

    def map(self, items: Iterable[T]) -> Iterator[R | Failure]:
        """The result or Failure of each item, in order; items are taken a little ahead, in the caller's thread.

        Raises Closed where `close` came first, IntakeError where no child can be started.
        """
        source, pending, waiting = iter(items), deque[tuple[Future[object], int]](), 0
        more = True
        try:
            while True:
                while more and len(pending) < self._workers * AHEAD_PER_WORKER and waiting < AHEAD_BYTES:
                    if more := (frame := _next_frame(source)) is not None:
                        pending.append((self._submit(frame), len(frame)))
                        waiting += len(frame)
                        del frame
                if not pending:
                    return
                future, size = pending.popleft()
                waiting -= size
                yield cast("R | Failure", _result(future))
        finally:
            for future, _ in pending:
                future.cancel()

    def begin(self, item: T) -> Callable[[], R | Failure]:
        """Have one item done, and go on; calling what comes back waits for its result or Failure.

        Both raise Closed where `close` came first, the call IntakeError where no child can be started.
        """
        future = self._submit(packed(item))
        return lambda: cast("R | Failure", _result(future))

    def warm(self) -> None:
        """Start the children before there is work for them; returns at once."""
        for _ in range(self._workers - len(self._idle) - len(self._busy)):
            self._threads.submit(self._start_ahead)

    def rest(self) -> None:
        """End the children that have nothing to do; the next task starts new ones."""
        with self._lock:
            idle, self._idle = self._idle, []
        for child in idle:
            child.dismiss()

    def close(self) -> None:
        """End all children at once, working or not, and wait for their end."""
        with self._lock:
            self._closed.set()
            for child in self._busy:
                child.kill()
        self._work.set()
        self._threads.shutdown(wait=True, cancel_futures=True)
        if self._watcher:
            self._watcher.join()
        self.rest()

    def __enter__(self) -> Children[T, R]:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def _submit(self, frame: bytes) -> Future[object]:
        if self._closed.is_set():
            raise Closed
        return self._threads.submit(self._run, frame)

    def _run(self, frame: bytes) -> object:
        """In a thread of the pool: give a child the frame and wait for what comes back."""
        child, result = self._do(frame)
        with self._lock:
            self._busy.discard(child)
            closed = self._closed.is_set()
            keep = not closed and child.fit(result, self._keep_bytes)
            if keep:
                self._idle.append(child)
        if not keep:
            child.dismiss()
        if closed and isinstance(result, Failure):
            raise Closed
        return result

    def _do(self, frame: bytes) -> tuple[Child, object]:
        """Who did it, and what came of it; done again where a child only ended because its nursery did."""
        child = self._take()
        result = child.do(frame, self._output_bytes)
        if child.abandoned:
            with self._lock:
                self._busy.discard(child)
            child = self._take()
            result = child.do(frame, self._output_bytes)
        return child, result

    def _start(self) -> Child:
        return Child(self._nursery.fork() if self._nursery else Spawned(), self._order)

    def _start_ahead(self) -> None:
        child = self._start()
        with self._lock:
            keep = not self._closed.is_set()
            if keep:
                self._idle.append(child)
        if not keep:
            child.dismiss()

    def _take(self) -> Child:
        with self._lock:
            child = self._idle.pop() if self._idle else None
        if child and not child.alive():
            child.dismiss()
            child = None
        child = child or self._start()
        with self._lock:
            if self._closed.is_set():
                child.kill()
            child.begin()
            self._busy.add(child)
            if not self._watcher:
                self._watcher = threading.Thread(target=self._watch, name="children-watch", daemon=True)
                self._watcher.start()
        self._work.set()
        return child

    def _watch(self) -> None:
        """Until closed: look at the working children, and sleep soundly while there are none."""
        while not self._closed.is_set():
            self._work.wait()
            with self._lock:
                for child in self._busy:
                    self._look_at(child)
                if not self._busy and not self._closed.is_set():
                    self._work.clear()
            self._closed.wait(LOOK_EVERY)

    def _look_at(self, child: Child) -> None:
        """Kill a child over its limits. Under the lock, so that it cannot meanwhile begin another task."""
        if child.is_late(self._seconds):
            child.doom = Failure("timeout", f"over {self._seconds:g} s")
        elif (resident := child.resident()) > self._memory_bytes:
            child.doom = Failure("memory", f"{resident >> 20} MB resident")
        if child.doom:
            child.kill()


def _next_frame(source: Iterator[Any]) -> bytes | None:
    for item in source:
        return packed(item)
    return None


def _result(future: Future[object]) -> object:
    try:
        return future.result()
    except CancelledError:
        raise Closed from None

"""The children: untrusted documents are read in processes of their own, one task each at a time.

Promises that results come in input order, that a task over its time, memory or output costs only
itself (its child is killed and replaced alone, the others go on), and that no child outlives this
process. A child gets none of the INTAKE_ environment. It never touches files, database or network.
"""

from __future__ import annotations

import contextlib
import os
import pickle
import subprocess
import sys
import threading
import time
from collections import deque
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import CancelledError, Future, ThreadPoolExecutor
from types import TracebackType
from typing import Any, Generic, TypeVar, cast

from intake.errors import IntakeError
from intake.isolation.child import Failure, Order, read_frame, write_frame

__all__ = ["Children", "Closed", "Failure"]

T = TypeVar("T")
R = TypeVar("R")

LOOK_EVERY = 0.02  # seconds between two looks at the working children
AHEAD_PER_WORKER = 16  # inputs taken before their turn, so that no child waits while a group of results is recorded
AHEAD_BYTES = 32 << 20  # and no more than this, whatever their number
KEEP_BYTES = 128 << 20  # a child that has grown past this is not used again
BOOTSTRAP = "import sys; sys.path[:] = sys.argv[1:]; from intake.isolation.child import serve; serve()"


class Closed(Exception):
    """The children were sent away while work was waiting; its inputs are untouched and can be tried again."""


class Children(Generic[T, R]):
    """A pool of child processes that do one task.

    `task` is a function of an importable module (or a partial of one); inputs and results are
    pickled. `seconds` and `memory_bytes` are limits a task; `output_bytes` one of its pickled
    result; a child that holds more than `keep_bytes` after a task is not used again. Children start when there
    is work for them. Several threads may call `map` at once.
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
    ) -> None:
        if getattr(getattr(task, "func", task), "__module__", "") == "__main__":
            raise ValueError("a task must stand in a module that a child can import, not in __main__")
        self._order = pickle.dumps(Order(task, memory_bytes, output_bytes, os.getpid()))
        self._workers, self._seconds = workers, seconds
        self._memory_bytes, self._output_bytes, self._keep_bytes = memory_bytes, output_bytes, keep_bytes
        self._lock = threading.Lock()
        self._idle: list[_Child] = []
        self._busy: set[_Child] = set()
        self._work = threading.Event()
        self._closed = False
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
        future = self._submit(pickle.dumps(item, pickle.HIGHEST_PROTOCOL))
        return lambda: cast("R | Failure", _result(future))

    def warm(self) -> None:
        """Start the children before there is work for them; returns at once."""
        for _ in range(self._workers - len(self._idle) - len(self._busy)):
            self._threads.submit(self._start_one)

    def rest(self) -> None:
        """End the children that have nothing to do; the next task starts new ones."""
        with self._lock:
            idle, self._idle = self._idle, []
        for child in idle:
            child.dismiss()

    def close(self) -> None:
        """End all children at once, working or not, and wait for their end."""
        with self._lock:
            self._closed = True
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
        if self._closed:
            raise Closed
        return self._threads.submit(self._run, frame)

    def _run(self, frame: bytes) -> object:
        """In a thread of the pool: give a child the frame and wait for what comes back."""
        child = self._take()
        result = child.do(frame, self._output_bytes)
        with self._lock:
            self._busy.discard(child)
            closed = self._closed
            keep = not closed and child.fit(result, self._keep_bytes)
            if keep:
                self._idle.append(child)
        if not keep:
            child.dismiss()
        if closed and isinstance(result, Failure):
            raise Closed
        return result

    def _start_one(self) -> None:
        child = _Child(self._order)
        with self._lock:
            keep = not self._closed
            if keep:
                self._idle.append(child)
        if not keep:
            child.dismiss()

    def _take(self) -> _Child:
        with self._lock:
            child = self._idle.pop() if self._idle else None
        if child and not child.alive():
            child.dismiss()
            child = None
        child = child or _Child(self._order)
        with self._lock:
            if self._closed:
                child.kill()
            child.began = time.monotonic()
            self._busy.add(child)
            if not self._watcher:
                self._watcher = threading.Thread(target=self._watch, name="children-watch", daemon=True)
                self._watcher.start()
        self._work.set()
        return child

    def _watch(self) -> None:
        """Until closed: look at the working children, and sleep soundly while there are none."""
        while not self._closed:
            self._work.wait()
            with self._lock:
                for child in self._busy:
                    self._look_at(child)
                if not self._busy and not self._closed:
                    self._work.clear()
            time.sleep(LOOK_EVERY)

    def _look_at(self, child: _Child) -> None:
        """Kill a child over its limits. Under the lock, so that it cannot meanwhile begin another task."""
        if time.monotonic() - child.began > self._seconds:
            child.doom = Failure("timeout", f"over {self._seconds:g} s")
        elif (resident := child.resident()) > self._memory_bytes:
            child.doom = Failure("memory", f"{resident >> 20} MB resident")
        if child.doom:
            child.kill()


class _Child:
    """One child process, used by one thread at a time; only `kill` may come from another."""

    def __init__(self, order: bytes) -> None:
        path = [os.path.abspath(entry) for entry in sys.path if isinstance(entry, str)]
        environment = {key: value for key, value in os.environ.items() if not key.startswith("INTAKE_")}
        own_group: dict[str, Any] = {} if sys.platform == "win32" else {"process_group": 0}  # Ctrl-C is for us alone
        self.process = subprocess.Popen(
            [sys.executable, "-I", "-c", BOOTSTRAP, *path],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            env=environment,
            **own_group,
        )
        self.doom: Failure | None = None
        self.began = 0.0
        try:
            write_frame(self._stdin, order)
            read_frame(self._stdout)
        except (EOFError, OSError) as error:
            self.dismiss()
            raise IntakeError(f"a child could not start (exit code {self.process.returncode})") from error

    @property
    def _stdin(self) -> Any:
        return self.process.stdin

    @property
    def _stdout(self) -> Any:
        return self.process.stdout

    def do(self, frame: bytes, output_bytes: int) -> object:
        """Send a frame and wait: the result, or the Failure that stopped it."""
        try:
            write_frame(self._stdin, frame)
            return pickle.loads(read_frame(self._stdout, output_bytes))
        except OverflowError as error:
            self.kill()
            return Failure("memory", f"a result of {error} bytes")
        except (EOFError, OSError):
            return self.doom or self._cause_of_death()

    def _cause_of_death(self) -> Failure:
        """A SIGKILL that is not ours is the kernel's, out of memory (proc(5), oom_score)."""
        self.dismiss()
        code = self.process.returncode
        return Failure("memory" if code == -9 else "internal", f"the child ended with exit code {code}")

    def alive(self) -> bool:
        return self.process.poll() is None

    def fit(self, result: object, keep_bytes: int) -> bool:
        """Whether it may do another task after one with this result: whole, and not swollen."""
        swollen = isinstance(result, Failure) and result.code == "memory"
        return not (self.doom or swollen) and self.alive() and self.resident() < keep_bytes

    def kill(self) -> None:
        self.process.kill()

    def dismiss(self) -> None:
        """Hang up, and make sure that it ends; returns when it has ended."""
        with contextlib.suppress(OSError):  # what it left unread does not matter any more
            self._stdin.close()
        try:
            self.process.wait(1)
        except subprocess.TimeoutExpired:
            self.process.kill()
            self.process.wait()
        self._stdout.close()

    def resident(self) -> int:
        """Bytes of memory it holds now; 0 where the system does not say (proc(5), statm)."""
        try:
            with open(f"/proc/{self.process.pid}/statm", "rb") as statm:
                return int(statm.read().split()[1]) * os.sysconf("SC_PAGE_SIZE")
        except (OSError, IndexError):
            return 0


def _next_frame(source: Iterator[Any]) -> bytes | None:
    for item in source:
        return pickle.dumps(item, pickle.HIGHEST_PROTOCOL)
    return None


def _result(future: Future[object]) -> object:
    try:
        return future.result()
    except CancelledError:
        raise Closed from None

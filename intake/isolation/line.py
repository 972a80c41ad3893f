"""A child as the parent uses it: its order, one task after another over its line, and the cause of its death."""

from __future__ import annotations

import contextlib
import os
import pickle
import time
from mmap import PAGESIZE
from threading import Lock

from intake.errors import IntakeError
from intake.isolation.child import Failure, read_frame, write_frame
from intake.isolation.processes import Process

PATIENCE = 4  # how many times its limit a child may take that a busy machine does not let work


def is_over(waited: float, state: str, worked: float, seconds: float) -> bool:
    """Whether a task is over its time by the clock, and not because a busy machine kept its child waiting.

    A child that could go on but is not let (`state` R or D, proc(5)) may work so long, or take PATIENCE times as long.
    """
    if waited <= seconds:
        return False
    return state not in ("R", "D") or worked > seconds or waited > PATIENCE * seconds


class Memory:
    """The memory of a process, by one descriptor: opening one for each task costs more than the task's line does."""

    def __init__(self, pid: int) -> None:
        self._lock = Lock()  # no question to a descriptor that has just been closed
        self._statm = -1
        with contextlib.suppress(OSError):  # a system that does not say
            self._statm = os.open(f"/proc/{pid}/statm", os.O_RDONLY)

    def resident(self) -> int:
        """Bytes it holds now; 0 where the system does not say, or the process has ended (proc(5), statm)."""
        with self._lock, contextlib.suppress(OSError, IndexError):
            if self._statm >= 0:
                return int(os.pread(self._statm, 256, 0).split()[1]) * PAGESIZE
        return 0

    def close(self) -> None:
        with self._lock:
            if self._statm >= 0:
                os.close(self._statm)
            self._statm = -1


class Child:
    """One child, used by one thread at a time; only `kill`, `is_late` and `resident` may come from another."""

    def __init__(self, process: Process, order: bytes) -> None:
        """Give a process that has just been started its order; raises IntakeError where it does not come to work."""
        self._process, self._memory = process, Memory(process.pid)
        self.doom: Failure | None = None
        self._began = 0.0
        self._had_worked: float | None = None
        self.abandoned = False
        try:
            write_frame(process.requests, order)
            read_frame(process.replies)
        except (EOFError, OSError) as error:
            self.dismiss()
            raise IntakeError(f"a child could not start (exit code {process.exit_code()})") from error

    def begin(self) -> None:
        """Its time for a task begins."""
        self._began, self._had_worked = time.monotonic(), None

    def is_late(self, seconds: float) -> bool:
        """Whether it is over its time. What it has worked counts from the first time this is asked of a task."""
        waited = time.monotonic() - self._began
        if waited <= seconds and self._had_worked is not None:
            return False
        state, worked = self._work()
        if self._had_worked is None:
            self._had_worked = worked
        return is_over(waited, state, worked - self._had_worked, seconds)

    def _work(self) -> tuple[str, float]:
        """Its state, and the seconds of processor time it has had; "" and 0 where the system does not say."""
        try:
            with open(f"/proc/{self._process.pid}/stat", "rb") as stat:
                fields = stat.read().rpartition(b")")[2].split()
            return fields[0].decode("ascii"), (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")
        except (OSError, IndexError):
            return "", 0.0

    def do(self, frame: bytes, output_bytes: int) -> object:
        """Send a frame and wait: the result, or the Failure that stopped it."""
        try:
            write_frame(self._process.requests, frame)
            return pickle.loads(read_frame(self._process.replies, output_bytes))
        except OverflowError as error:
            self.kill()
            return Failure("memory", f"a result of {error} bytes")
        except (EOFError, OSError):
            return self.doom or self._cause_of_death()

    def _cause_of_death(self) -> Failure:
        """A SIGKILL that is not ours is the kernel's, out of memory (proc(5), oom_score)."""
        self.abandoned = self._process.abandoned()
        self.dismiss()
        code = self._process.exit_code()
        return Failure("memory" if code == -9 else "internal", f"the child ended with exit code {code}")

    def alive(self) -> bool:
        return self._process.alive()

    def fit(self, result: object, keep_bytes: int) -> bool:
        """Whether it may do another task after one with this result: whole, and not swollen."""
        failed = isinstance(result, Failure) and (result.code == "memory" or not self.alive())
        return not (self.doom or failed) and self.resident() < keep_bytes

    def kill(self) -> None:
        self._process.kill()

    def dismiss(self) -> None:
        """Hang up, and make sure that it ends; returns when it has ended."""
        with contextlib.suppress(OSError):  # what it left unread does not matter any more
            self._process.requests.close()
        if not self._process.wait(1):
            self._process.kill()
            self._process.wait()
        self._process.replies.close()
        self._memory.close()

    def resident(self) -> int:
        """Bytes of memory it holds now; 0 where the system does not say."""
        return self._memory.resident()

"""The nursery as the parent sees it: a process that has imported what children need, from which they are forked.

A child that is forked is there in a few milliseconds instead of half a second, and shares with the others the memory
of all that was loaded. Where the system has no fork or no process descriptors, `usable` says so, and children are
spawned.
"""

from __future__ import annotations

import contextlib
import functools
import os
import select
import signal
import socket
import subprocess
import sys
import threading
from collections.abc import Sequence
from types import TracebackType
from typing import BinaryIO

from intake.errors import IntakeError
from intake.isolation.forking import FORK, NUMBER
from intake.isolation.processes import run_isolated

FORKING = "from intake.isolation.forking import serve; serve()"


class Nursery:
    """Starts its process when it is first wanted. Several threads may ask at once.

    `modules` are imported there, by name; they must start no thread. Whoever has children of it ends them first.
    """

    def __init__(self, modules: Sequence[str] = ()) -> None:
        self._modules = " ".join(modules).encode()
        self._lock = threading.Lock()
        self._running: _Running | None = None

    def begin(self) -> None:
        """Start the process, if it is not there, and let it load; returns at once."""
        if usable():
            with self._lock:
                self._present()

    @property
    def begun(self) -> bool:
        """Whether the process is there."""
        return self._running is not None

    def fork(self) -> Forked:
        """A new child; waits for the process to have loaded. Raises IntakeError where none can be started."""
        with self._lock:
            return self._present().fork()

    def rest(self) -> None:
        """End the process if it has no child; the next one starts another."""
        with self._lock:
            if self._running and not self._running.children:
                self._running.end()
                self._running = None

    def close(self) -> None:
        """End the process, and what children it has."""
        with self._lock:
            if self._running:
                self._running.end()
                self._running = None

    def __enter__(self) -> Nursery:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def _present(self) -> _Running:
        if self._running and not self._running.alive():
            self._running.end()
            self._running = None
        self._running = self._running or _Running(self._modules)
        return self._running


class _Running:
    """One life of a nursery's process."""

    def __init__(self, modules: bytes) -> None:
        self._control, theirs = socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)
        self._lock = threading.Lock()
        self.children = 0
        with theirs:
            self._process = run_isolated(FORKING, stdin=theirs.fileno(), stdout=subprocess.DEVNULL)
        with contextlib.suppress(OSError):  # it ended at once: the first fork says so
            self._control.send(modules or b" ")

    def alive(self) -> bool:
        return self._process.poll() is None

    def fork(self) -> Forked:
        """A new child; raises IntakeError where the process has ended or the machine refuses one more."""
        their_requests, requests = os.pipe()
        replies, their_replies = os.pipe()
        try:
            pid = self._ask(FORK, their_requests, their_replies)
            descriptor = os.pidfd_open(pid)
            self._count(1)
        except (EOFError, OSError) as error:
            os.close(requests)
            os.close(replies)
            raise IntakeError(f"a child could not start ({type(error).__name__})") from error
        finally:
            os.close(their_requests)
            os.close(their_replies)
        return Forked(self, pid, descriptor, os.fdopen(requests, "wb"), os.fdopen(replies, "rb"))

    def exit_code(self, pid: int) -> int | None:
        """The exit code of a child that has ended, asked for once; None where the nursery ended too."""
        self._count(-1)
        with contextlib.suppress(EOFError, OSError):
            return self._ask(NUMBER.pack(pid))
        return None

    def _count(self, more: int) -> None:
        with self._lock:
            self.children += more

    def end(self) -> None:
        """End it at once, loading or not; children that it still has end with it."""
        self._process.kill()
        self._process.wait()
        self._control.close()

    def _ask(self, message: bytes, *descriptors: int) -> int:
        with self._lock:
            socket.send_fds(self._control, [message], descriptors)
            answer = self._control.recv(NUMBER.size)
        if not answer:
            raise EOFError
        return int(NUMBER.unpack(answer)[0])


class Forked:
    """A child that a nursery has forked, known by a process descriptor, which never comes to mean another process."""

    def __init__(self, nursery: _Running, pid: int, descriptor: int, requests: BinaryIO, replies: BinaryIO) -> None:
        self._nursery, self.pid, self._descriptor = nursery, pid, descriptor
        self.requests, self.replies = requests, replies
        self._exit_code: int | None = None
        self._ended = select.poll()
        self._ended.register(descriptor, select.POLLIN)
        self._lock = threading.Lock()  # no signal to a descriptor that has just been closed

    def alive(self) -> bool:
        return self._descriptor >= 0 and not self._ended.poll(0)

    def abandoned(self) -> bool:
        return not self._nursery.alive()

    def kill(self) -> None:
        with self._lock, contextlib.suppress(ProcessLookupError):
            if self._descriptor >= 0:
                signal.pidfd_send_signal(self._descriptor, signal.SIGKILL)

    def wait(self, seconds: float | None = None) -> bool:
        if self._descriptor >= 0:
            if not self._ended.poll(None if seconds is None else seconds * 1000):
                return False
            with self._lock:
                os.close(self._descriptor)
                self._descriptor = -1
            self._exit_code = self._nursery.exit_code(self.pid)
        return True

    def exit_code(self) -> int | None:
        return self._exit_code


@functools.cache
def usable() -> bool:
    """Whether this system can have a nursery: Linux, and no sandbox that forbids process descriptors (5.3)."""
    if sys.platform != "linux":
        return False
    try:
        os.close(os.pidfd_open(os.getpid()))
    except (AttributeError, OSError):
        return False
    return True

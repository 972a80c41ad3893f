"""The child's side of isolation: read a task, do it, answer, again, until the parent hangs up.

Imports little, so that a child is small and soon ready. It promises that standard output, which is
its line to the parent, carries nothing but frames, that a task cannot keep memory over its limit,
and that the child does not outlive its parent. It never reads the project's settings or secrets.
"""

from __future__ import annotations

import contextlib
import gc
import itertools
import os
import pickle
import signal
import struct
import sys
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, BinaryIO, Literal, NoReturn, TypeAlias

from intake.isolation.packing import packed

FailureCode: TypeAlias = Literal["timeout", "memory", "internal"]
HEADER = struct.Struct(">Q")
READY = b""  # the first frame a child sends: it has loaded the task
PR_SET_PDEATHSIG = 1  # linux/prctl.h


@dataclass(frozen=True, slots=True)
class Failure:
    """A task that gave no result. `detail` names an exception and lines of code, never content of the input."""

    code: FailureCode
    detail: str = ""


@dataclass(frozen=True, slots=True)
class Order:
    """What a child is started for: one task and the limits it works under; sizes in bytes."""

    task: Callable[[Any], Any]
    memory_bytes: int
    output_bytes: int


def read_frame(source: BinaryIO, limit: int | None = None) -> bytes:
    """The next frame. Raises EOFError where the other side hung up, OverflowError where it is over `limit`."""
    header = source.read(HEADER.size)
    if len(header) < HEADER.size:
        raise EOFError
    (length,) = HEADER.unpack(header)
    if limit is not None and length > limit:
        raise OverflowError(length)
    frame = source.read(length)
    if len(frame) < length:
        raise EOFError
    return frame


def write_frame(target: BinaryIO, frame: bytes) -> None:
    """Send a frame whole; raises OSError where the other side hung up."""
    target.write(HEADER.pack(len(frame)))
    target.write(frame)
    target.flush()


def serve(parent: int) -> NoReturn:
    """Be a child of the process `parent`, spawned with its line as standard input and output."""
    refuse_signals()
    requests, replies = os.fdopen(os.dup(0), "rb"), os.fdopen(os.dup(1), "wb")
    hush()
    work(requests, replies, parent)


def work(requests: BinaryIO, replies: BinaryIO, parent: int) -> NoReturn:
    """Do tasks until the parent hangs up. The first frame is a pickled Order, each later one an input."""
    with contextlib.suppress(EOFError, OSError):  # the parent hung up: the ordinary end of a child
        die_with(parent)
        _work(requests, replies)
    os._exit(0)


def refuse_signals() -> None:
    """A service manager signals the whole group, a terminal too; the parent ends us."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    signal.signal(signal.SIGTERM, signal.SIG_IGN)


def hush() -> None:
    """What a library reads is nothing, and what it prints goes nowhere."""
    nowhere = os.open(os.devnull, os.O_RDWR)
    os.dup2(nowhere, 0)
    os.dup2(nowhere, 1)
    os.close(nowhere)


def _work(requests: BinaryIO, replies: BinaryIO) -> None:
    order: Order = pickle.loads(read_frame(requests))
    _limit(order)
    write_frame(replies, READY)
    gc.set_threshold(100_000, 20, 20)  # by itself only where a task makes very much; else between tasks, below
    for number in itertools.count(1):
        write_frame(replies, answer(order, read_frame(requests)))
        # An XML tree in a cycle is megabytes that Python's collector counts as a few objects: without this a child
        # grows to twice its size. What survives is modules; frozen, they are not looked through again.
        if number == 1 or number % COLLECT_EVERY == 0:
            gc.collect()
            gc.freeze()


def answer(order: Order, frame: bytes) -> bytes:
    """The pickled result of the task, or a pickled Failure; nothing that a task raises gets past here."""
    try:
        result = order.task(pickle.loads(frame))
        reply = packed(result)
    except MemoryError:
        return OUT_OF_MEMORY
    except BaseException as error:  # noqa: BLE001 - the border of the child: SystemExit too is only a failed task
        return pickle.dumps(Failure("internal", _where(error)))
    if len(reply) > order.output_bytes:
        return pickle.dumps(Failure("memory", f"a result of {len(reply)} bytes"))
    return reply


COLLECT_EVERY = 8  # tasks
OUT_OF_MEMORY = pickle.dumps(Failure("memory", "MemoryError"))  # made while there is memory to make it


def _where(error: BaseException) -> str:
    """The kind of an exception and its last lines of code; its message may quote a unit's data, so it stays here."""
    lines = []
    trace = error.__traceback__
    while trace:
        path = trace.tb_frame.f_code.co_filename.replace(os.sep, "/")
        lines.append(f"{'/'.join(path.split('/')[-2:])}:{trace.tb_lineno}")
        trace = trace.tb_next
    return " < ".join((type(error).__name__, *reversed(lines[-4:])))


def die_with(parent: int) -> None:
    """Ask the kernel to end this process with its parent, even while a task hangs (Linux; elsewhere at its end).

    Raises EOFError where the parent has ended already.
    """
    if sys.platform != "linux":
        return
    import ctypes

    ctypes.CDLL(None).prctl(PR_SET_PDEATHSIG, signal.SIGKILL)
    if os.getppid() != parent:
        raise EOFError


def _limit(order: Order) -> None:
    """No more private memory than ordered, and no core dump, which would hold a unit's data."""
    if sys.platform == "win32":
        return
    import resource

    for kind, value in ((resource.RLIMIT_DATA, order.memory_bytes), (resource.RLIMIT_CORE, 0)):
        hard = resource.getrlimit(kind)[1]
        value = value if hard == resource.RLIM_INFINITY else min(value, hard)
        resource.setrlimit(kind, (value, value))

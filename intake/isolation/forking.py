"""The nursery's side of isolation: load what children need, then fork one whenever the parent asks.

Promises that it never sees a task, an input or a setting, that it runs a single thread (so that a fork leaves nothing
half-done behind), and that it and its children end with the parent. A child it has forked stays its zombie until
the parent asks for its exit code, so that a process number cannot meanwhile come to mean another process.
"""

from __future__ import annotations

import contextlib
import ctypes  # noqa: F401 -- each child needs it
import gc
import importlib
import os
import socket
import struct
from typing import NoReturn

from intake.isolation.child import hush, refuse_signals, work

NUMBER = struct.Struct(">q")
FORK = NUMBER.pack(0)  # with the child's ends of its line; any other number asks for that child's exit code
REFUSED = -1  # instead of the number of a new process
MANY_BYTES = 1 << 16  # the longest message


def serve() -> NoReturn:
    """Answer the parent, a Unix socket on standard input, until it hangs up. Its first message names the modules."""
    refuse_signals()
    control = socket.socket(fileno=os.dup(0))
    hush()
    with contextlib.suppress(OSError):  # the parent is gone: the ordinary end
        _load(control.recv(MANY_BYTES).decode().split())
        _answer_all(control)
    os._exit(0)


def _load(modules: list[str]) -> None:
    """Import them; what is frozen no collection of a child looks through, so that its pages stay shared."""
    gc.set_threshold(100_000, 20, 20)
    for name in modules:
        importlib.import_module(name)
    gc.collect()
    gc.freeze()


def _answer_all(control: socket.socket) -> None:
    while True:
        message, line, _, _ = socket.recv_fds(control, NUMBER.size, 2)
        if len(message) < NUMBER.size:
            return
        answer = _fork(control, *line) if message == FORK else _exit_code(*NUMBER.unpack(message))
        control.send(NUMBER.pack(answer))


def _fork(control: socket.socket, requests: int, replies: int) -> int:
    """The number of a new child that works on this line."""
    nursery = os.getpid()
    try:
        child = os.fork()
    except OSError:
        child = REFUSED
    if child == 0:
        try:
            control.close()
            os.setpgid(0, 0)
            work(os.fdopen(requests, "rb"), os.fdopen(replies, "wb"), nursery)
        finally:
            os._exit(1)
    os.close(requests)
    os.close(replies)
    return child


def _exit_code(child: int) -> int:
    return os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])

"""What the children of these tests are told to do; a module of its own, since a child must be able to import it."""

from __future__ import annotations

import ctypes
import os
import signal
import sys
import time
from pathlib import Path
from typing import Any

import lxml.etree


def echo(item: Any) -> Any:
    return item


def double(number: int) -> int:
    time.sleep(0.002 * (number % 3))
    return number * 2


def process_id(_: object) -> int:
    return os.getpid()


def environment(_: object) -> dict[str, str]:
    return dict(os.environ)


def length(content: bytes) -> int:
    return len(content)


def of_size(size: int) -> bytes:
    return bytes(size)


def obey(order: str) -> str:
    """Misbehave as ordered, in every way that a hostile document could bring about."""
    if order in MISDEEDS:
        return MISDEEDS[order]()
    return f"done {order}"


def _hang() -> str:
    time.sleep(600)
    return "never"


def _spin() -> str:
    while True:
        sum(range(100_000))


def _hog_steps() -> str:
    kept = []
    while True:
        kept.append(bytearray(b"x" * (4 << 20)))


def _hog_at_once() -> str:
    return str(len(bytearray(4 << 30)))


def _die() -> str:
    os._exit(3)


def _leave() -> str:
    sys.exit("leaving")


def _crash() -> str:
    return ctypes.string_at(0).decode()


def _fail() -> str:
    raise ValueError("a secret of the unit: 13800138000")


def _recurse() -> str:
    return _recurse()


def _unpicklable() -> Any:
    return lambda: None


def _print() -> str:
    sys.stdout.write("noise on standard output")
    sys.stdout.flush()
    os.write(1, b"more noise")
    return "printed"


def _parse_badly() -> str:
    return str(lxml.etree.fromstring("<a><b></a>").tag)


MISDEEDS: dict[str, Any] = {
    "hang": _hang,
    "spin": _spin,
    "hog in steps": _hog_steps,
    "hog at once": _hog_at_once,
    "die": _die,
    "leave": _leave,
    "crash": _crash,
    "fail": _fail,
    "recurse": _recurse,
    "unpicklable": _unpicklable,
    "print": _print,
    "parse badly": _parse_badly,
}


def note_and_hang(folder: str) -> None:
    """Leave the number of this process in the folder, then hang."""
    (Path(folder) / str(os.getpid())).touch()
    time.sleep(600)


def open_files(_: object) -> list[str]:
    """What each open descriptor of this process is, but for the folder that is being read to find out."""
    folder = Path("/proc/self/fd")
    return [os.readlink(folder / number) for number in os.listdir(folder) if (folder / number).is_symlink()]


def has_loaded(module: str) -> bool:
    return module in sys.modules


def random_number(_: object) -> float:
    import random

    return random.random()


def kill_nursery_once(mark: str) -> str:
    """End the process that forked this one, unless the mark says that it was done before."""
    if not Path(mark).exists():
        Path(mark).touch()
        os.kill(os.getppid(), signal.SIGKILL)
        time.sleep(600)
    return "done"

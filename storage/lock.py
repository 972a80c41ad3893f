"""One `run` at a time: a lock on a file that the system lets go when the process ends.

Never waits, and never removes the file: another process may be opening it.
"""

from __future__ import annotations

import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from intake.errors import AlreadyRunning, Permanent
from storage.private import make_folder


@contextmanager
def lock(path: Path) -> Iterator[None]:
    """Hold the lock file at `path` (made with mode 0600).

    Raises AlreadyRunning if another process does, Permanent if the file cannot be made.
    """
    handle = _open(path)
    try:
        _take(handle, path)
        os.truncate(handle, 0)
        os.write(handle, str(os.getpid()).encode())
        yield
    finally:
        os.close(handle)


def _open(path: Path) -> int:
    try:
        make_folder(path.parent)
        return os.open(path, os.O_RDWR | os.O_CREAT, 0o600)
    except OSError as error:
        sentence = f"无法在 {path.parent} 中建立文件（{error.strerror}），请检查 data 和 storage.url 设置及文件夹权限。"
        raise Permanent(str(error), sentence=sentence) from error


def _take(handle: int, path: Path) -> None:
    try:
        _lock_now(handle)
    except OSError as error:
        raise AlreadyRunning(f"{path}: {error}") from error


if sys.platform == "win32":
    import msvcrt

    def _lock_now(handle: int) -> None:
        # A byte far behind the end, so that the process number can still be read and written.
        os.lseek(handle, 1 << 30, os.SEEK_SET)
        msvcrt.locking(handle, msvcrt.LK_NBLCK, 1)
        os.lseek(handle, 0, os.SEEK_SET)

else:
    import fcntl

    def _lock_now(handle: int) -> None:
        fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)

"""Reading as in the office, but for mails that carry a mark: those do to their child what the mark says."""

from __future__ import annotations

import os
import re
import time
from collections.abc import Sequence

from intake.campaign import FormSpec
from intake.contents import Reading
from scheduler import stored
from scheduler.stored import Task

MARK = "X-Sample-Harm"
_MARK = re.compile(rb"(?m)^X-Sample-Harm: (\w+)( always)?")
_read = stored.read_stored


def read_stored(task: Task, specs: Sequence[FormSpec]) -> Reading:
    """The real reading, after the harm; the header section alone does none unless the mark says `always`."""
    found = _MARK.search(task.path.read_bytes())
    if found and (found[2] or not task.head_only):
        _harm(found[1].decode())
    return _read(task, specs)


def _harm(how: str) -> None:
    if how == "hang":
        time.sleep(60)
    elif how == "memory":
        bytearray(1 << 30)
    elif how == "exit":
        os._exit(3)
    else:
        raise RuntimeError("a fault of the reader")

"""The task of a child: read one stored mail.

Imports nothing heavy: each child imports this module, and the database is none of its business.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from intake.campaign import FormSpec
    from intake.contents import Reading


@dataclass(frozen=True, slots=True)
class Task:
    """One stored mail to read; `head_only` where its content broke a child or was never fetched."""

    path: Path
    head_only: bool = False


def read_stored(task: Task, specs: Sequence[FormSpec], *, ocr: bool = False) -> Reading:
    """Read a stored mail, with `ocr` its pictures too; runs in a child."""
    from intake.reading import read_mail

    raw = task.path.read_bytes()
    return read_mail(head_of(raw) if task.head_only else raw, specs, ocr=ocr)


def head_of(raw: bytes) -> bytes:
    """The header section with its closing empty line (RFC 5322, 2.1)."""
    ends = [raw.find(mark) + len(mark) for mark in (b"\r\n\r\n", b"\n\n") if mark in raw]
    return raw[: min(ends, default=len(raw))]

"""Broken templates are named when the program starts and in the digest, not only when a letter is written from one.

Trying every letter takes a quarter of a second, and cron starts the program every few minutes: files
that were found whole are not tried again until one of them, or the program, is another.
"""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING

from program import __version__

if TYPE_CHECKING:
    from outbox.compose import Letters
    from storage.register import Register

WHOLE = "templates whole"


def find(register: Register, composer: Letters, folders: Sequence[Path], now: datetime) -> list[str]:
    """A Chinese sentence for each fault, with its file and line.

    `folders` hold the templates: those of the campaigns, and the common one.
    """
    from outbox import trying
    from storage import notes

    composer.refresh()
    stamp = _stamp(folders)
    with register.reading() as tx:
        if notes.read(tx, WHOLE) == stamp:
            return []
    faults = trying.faults(composer, now, whole=False)
    with register.writing() as tx:
        notes.write(tx, WHOLE, "" if faults else stamp)
    return faults


def _stamp(folders: Sequence[Path]) -> str:
    """What changes when a letter, a campaign.toml or the program does."""
    files = [path for folder in folders for path in (folder / "campaign.toml", *sorted(folder.glob("letters/*")))]
    seen = [(str(path), *_state(path)) for path in files if path.is_file()]
    return hashlib.sha256(repr((__version__, seen)).encode()).hexdigest()


def _state(path: Path) -> tuple[int, int]:
    stat = path.stat()
    return stat.st_mtime_ns, stat.st_size

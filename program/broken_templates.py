"""Broken templates are named when the program starts and in the digest, not only when a letter is written from one.

Trying every letter takes a quarter of a second, and cron starts the program every few minutes: files
that were found whole are not tried again until one of them, or the program, is another. The first round of a
register tries them in a process of its own, while letters are sent: there a core has little to do.
"""

from __future__ import annotations

import functools
import hashlib
from collections.abc import Callable, Sequence
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING

from program import __version__

if TYPE_CHECKING:
    from intake.isolation import Children, Failure, Nursery
    from outbox.compose import Letters
    from storage.register import Register

WHOLE = "templates whole"


def triers(letters: Letters, nursery: Nursery) -> Children[datetime, tuple[str, ...]]:
    """A process that tries them; it starts when it is given the moment to try them for, and answers with the faults."""
    from intake.isolation import Children

    return Children(functools.partial(_tried, letters), workers=1, nursery=nursery)


def _tried(letters: Letters, now: datetime) -> tuple[str, ...]:
    from outbox import trying

    letters.refresh()
    return tuple(trying.faults(letters, now, whole=False))


def find(register: Register, composer: Letters, folders: Sequence[Path], now: datetime) -> list[str]:
    """A Chinese sentence for each fault, with its file and line.

    `folders` hold the templates: those of the campaigns, and the common one.
    """
    return begin(register, composer, folders, now)()


def begin(
    register: Register,
    composer: Letters,
    folders: Sequence[Path],
    now: datetime,
    by: Children[datetime, tuple[str, ...]] | None = None,
) -> Callable[[], list[str]]:
    """Begin to find them, in a process of `by`; calling what comes back waits for what `find` gives."""
    from storage import notes

    composer.refresh()
    stamp = _stamp(folders)
    with register.reading() as tx:
        if notes.read(tx, WHOLE) == stamp:
            return list
    tried = by.begin(now) if by else None

    def found() -> list[str]:
        faults: Sequence[str] | Failure | None = tried() if tried else None
        if by:
            by.rest()
        if not isinstance(faults, tuple):  # nobody was given it, or could do it
            faults = _tried(composer, now)
        with register.writing() as tx:
            notes.write(tx, WHOLE, "" if faults else stamp)
        return list(faults)

    return found


def _stamp(folders: Sequence[Path]) -> str:
    """What changes when a letter, a campaign.toml or the program does."""
    files = [path for folder in folders for path in (folder / "campaign.toml", *sorted(folder.glob("letters/*")))]
    seen = [(str(path), *_state(path)) for path in files if path.is_file()]
    return hashlib.sha256(repr((__version__, seen)).encode()).hexdigest()


def _state(path: Path) -> tuple[int, int]:
    stat = path.stat()
    return stat.st_mtime_ns, stat.st_size

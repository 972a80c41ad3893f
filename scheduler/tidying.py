"""Puts away what need not stay where it is: the content of unrelated mail, the bytes of letters long settled.

Promises: whatever stops it, the next time goes on; nothing is emptied before what takes its place is on disk.
"""

from __future__ import annotations

from datetime import datetime, timedelta

import structlog

from scheduler.clock import Clock
from storage import letter_files, mails
from storage.letter_files import LetterFiles
from storage.rawmails import RawMails
from storage.register import Register

log = structlog.get_logger()
AT_ONCE, MOST = 50, 1000  # letters moved in one transaction, and at one time


class Tidying:
    """`unrelated` and `letters`: how long the content of such mail is kept, and the bytes of letters in their rows."""

    def __init__(
        self, register: Register, rawmails: RawMails, files: LetterFiles, clock: Clock, *,
        unrelated: timedelta, letters: timedelta,
    ) -> None:  # fmt: skip
        self._register, self._rawmails, self._files, self._clock = register, rawmails, files, clock
        self._unrelated, self._letters = unrelated, letters

    def tidy(self) -> None:
        """Do what is due; a disk that is full or not writable leaves the letters where they are."""
        now = self._clock.now()
        self._remove_unrelated(now)
        try:
            moved = self._move_letters(now)
        except OSError as error:
            log.warning("bytes of letters not moved", detail=str(error))
            return
        if moved:
            log.info("bytes of letters moved", letters=moved)

    def _remove_unrelated(self, now: datetime) -> None:
        """Delete the content of unrelated mail after its days; its row says so last, or a stop would leave some."""
        with self._register.reading() as tx:
            old = mails.removable(tx, now - self._unrelated)
        for some in (old[first : first + AT_ONCE] for first in range(0, len(old), AT_ONCE)):
            for row in some:
                self._rawmails.remove(row.raw_hash)
            with self._register.writing() as tx:
                mails.set_removed(tx, [row.id for row in some], now)
        if old:
            log.info("unrelated mails removed", mails=len(old))

    def _move_letters(self, now: datetime) -> int:
        """Files first, then rows; gives how many letters."""
        moved = 0
        while moved < MOST:
            with self._register.reading() as tx:
                found = letter_files.movable(tx, now - self._letters, AT_ONCE)
            if not found:
                break
            self._files.keep(found)
            with self._register.writing() as tx:
                letter_files.empty(tx, found)
            moved += len(found)
        return moved

"""The readings of stored mails in the order they arrived, made in the children while earlier ones are recorded."""

from __future__ import annotations

import itertools
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass

import structlog

from intake.contents import Reading
from intake.isolation import Failure, Pool
from scheduler.stored import Task
from storage.mails import MailRow
from storage.rawmails import RawMails

log = structlog.get_logger()
GROUP = 32  # mails recorded on one flush of the disk
AHEAD = 3 * GROUP  # mails under way in the children while those before them are recorded
MOST_BEGUN = 512  # readings kept of mails that are not recorded yet


@dataclass(frozen=True, slots=True)
class Read:
    """A mail and its reading; `code` says why the content was not read, "" where it was."""

    row: MailRow
    reading: Reading | None
    code: str


class ReadingAhead:
    """What the children have been given, and have not been asked for yet."""

    def __init__(self, children: Pool[Task, Reading], rawmails: RawMails) -> None:
        self._children, self._rawmails = children, rawmails
        self._begun: dict[str, Callable[[], Reading | Failure]] = {}

    def begin(self, hashes: Iterable[str]) -> None:
        """Have mails read that will be asked for later."""
        for raw_hash in hashes:
            if len(self._begun) < MOST_BEGUN:
                self._begin(raw_hash)

    def forget(self) -> None:
        """Drop what nobody has asked for."""
        self._begun.clear()

    def one(self, raw_hash: str, *, head_only: bool = False) -> Reading | Failure:
        """The reading of one mail, waited for."""
        return next(self._children.map([self._task(raw_hash, head_only=head_only)]))

    def groups(self, rows: Sequence[MailRow]) -> Iterator[list[Read]]:
        """The readings in order, some at a time: waiting for a child never happens inside a transaction."""
        pairs = zip(rows, self._in_order(rows), strict=True)
        while group := [self._read(row, reading) for row, reading in itertools.islice(pairs, GROUP)]:
            yield group

    def _begin(self, raw_hash: str) -> None:
        if raw_hash not in self._begun:
            self._begun[raw_hash] = self._children.begin(self._task(raw_hash))

    def _in_order(self, rows: Sequence[MailRow]) -> Iterator[Reading | Failure]:
        """Each row's reading, those after it always under way."""
        hashes = [row.raw_hash for row in rows]
        for raw_hash in hashes[:AHEAD]:
            self._begin(raw_hash)
        for raw_hash, further in itertools.zip_longest(hashes, hashes[AHEAD:]):
            if further:
                self._begin(further)
            yield self._begun.pop(raw_hash)()

    def _task(self, raw_hash: str, *, head_only: bool = False) -> Task:
        return Task(self._rawmails.path_of(raw_hash), head_only=head_only)

    def _read(self, row: MailRow, reading: Reading | Failure) -> Read:
        """The mail with its reading; where a child failed, with the reading of its header section alone."""
        if not isinstance(reading, Failure):
            return Read(row, reading, row.fault)
        log.warning("reading failed", mail=row.raw_hash[:12], code=reading.code, detail=reading.detail)
        head = self.one(row.raw_hash, head_only=True)
        return Read(row, None if isinstance(head, Failure) else head, reading.code)

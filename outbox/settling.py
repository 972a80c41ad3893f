"""The fate of the letter that was sent last, from the server's reply till it stands on disk.

At most one waits to be written: in the next letter's transaction where nothing else follows from it, else
by itself. What was written is told while the next letter's reply is awaited.
"""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import Connection

from outbox import doubt
from outbox.claiming import Claiming
from outbox.fates import Fate
from outbox.round_gates import RoundGates
from outbox.terms import Clock, DueDate
from storage import claims
from storage.letter_row import LetterRow
from storage.register import Register


class Settling:
    def __init__(
        self, register: Register, claiming: Claiming, gates: RoundGates, clock: Clock, due_date: DueDate | None
    ) -> None:
        self._register, self._claiming, self._gates = register, claiming, gates
        self._clock, self._due_date = clock, due_date
        self._unwritten: tuple[LetterRow, Fate] | None = None
        self._untold: list[tuple[LetterRow, Fate]] = []

    def judged(self, letter: LetterRow, fate: Fate) -> None:
        """A letter that is claimed has this fate; the one before it was written."""
        assert self._unwritten is None
        self._unwritten = (letter, fate)

    def settle(self) -> None:
        """Write the fate that is not written, by itself."""
        if self._unwritten:
            with self._register.writing() as tx:
                self.write(tx)
            self.written()
        self.tell()

    def write(self, tx: Connection) -> None:
        """Commit point 4: what became of the last letter, and the gate that it shut, in one transaction."""
        if self._unwritten is None:
            return
        letter, fate = self._unwritten
        reply, now, due = doubt.with_mark(letter, fate.reply), self._clock.now(), self._due_date
        claims.settle(tx, letter.id, fate.state, now, reply, fate.queue_id, fate.next_at, due=due)
        self._gates.shut_for(tx, letter, fate)

    def written(self) -> None:
        """The fate stands on disk: only now is it forgotten here."""
        if self._unwritten is None:
            return
        letter, fate = self._unwritten
        self._unwritten = None
        if _is_due_again(fate, self._clock.now()):
            self._claiming.handled.discard(letter.id)
        self._untold.append((letter, fate))

    def tell(self) -> None:
        """Count and tell of what stands on disk."""
        for letter, fate in self._untold:
            self._claiming.count(fate.state, 1, letter, fate.reply)
        self._untold.clear()


def _is_due_again(fate: Fate, now: datetime) -> bool:
    """At once, on a new connection."""
    return bool(fate.state == "deferred" and fate.next_at and not fate.stop and fate.next_at <= now)

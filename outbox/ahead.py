"""Composes letters before their turn, in processes of their own, while those before them are being sent.

Worth its processes only where many letters go one after another without a gap. They are not the
children that read documents: what a unit sends is never read where letters are written.
"""

from __future__ import annotations

import functools
from collections import deque
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import TypeAlias

from intake.errors import BrokenTemplate
from intake.isolation import Children, Failure
from outbox.compose import Composed, Letters
from storage.letter_row import LetterRow

MANY = 60  # letters in a batch; for fewer the processes would start in vain
FIRST = 30  # so many are composed by the sender itself, while the processes start


@dataclass(frozen=True, slots=True)
class Order:
    """A letter to compose as of a moment."""

    letter: LetterRow
    now: datetime


Writers: TypeAlias = Children[Order, Composed | None]


def writers(letters: Letters, workers: int) -> Writers:
    """The processes; they start when a batch wants them."""
    return Children(functools.partial(write, letters), workers=workers)


def write(letters: Letters, order: Order) -> Composed | None:
    """Compose one letter; None where its template is broken, of which the sender will hear by trying itself."""
    letters.refresh()
    try:
        return letters.compose(order.letter, now=order.now)
    except BrokenTemplate:
        return None


class Ahead:
    """The letters of a batch on their way; nothing where they are too few."""

    def __init__(self, by: Writers | None, batch: Sequence[LetterRow] = (), now: datetime | None = None) -> None:
        """`batch` in the order in which the letters will be taken, `now` the moment they are composed for."""
        self._waiting: deque[int] = deque()
        self._composed: Iterator[Composed | Failure | None] = iter(())
        if by is not None and now is not None and len(batch) >= MANY:
            by.warm()
            rest = batch[FIRST:]
            self._waiting.extend(letter.id for letter in rest)
            self._composed = by.map(Order(letter, now) for letter in rest)

    def take(self, letter: LetterRow) -> Composed | None:
        """The letter, if it was among them; those before it are passed over."""
        if letter.id not in self._waiting:
            return None
        composed: Composed | Failure | None = None
        while self._waiting.popleft() != letter.id:
            next(self._composed)
        composed = next(self._composed)
        return None if isinstance(composed, Failure) else composed

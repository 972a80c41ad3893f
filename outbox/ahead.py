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
from itertools import groupby
from typing import TypeAlias

from intake.errors import BrokenTemplate
from intake.isolation import Children, Failure, Nursery
from outbox.compose import Composed, Letters
from outbox.desk import CIRCULAR
from storage.letter_row import LetterRow

MANY = 60  # letters in a batch; for fewer the processes would start in vain
AT_ONCE = 8  # letters an order: handing one over wakes a thread and asks the system after the process


@dataclass(frozen=True, slots=True)
class Order:
    """Letters to compose as of a moment."""

    letters: tuple[LetterRow, ...]
    now: datetime


Bundle: TypeAlias = tuple[Composed | None, ...]
Writers: TypeAlias = Children[Order, Bundle]


def writers(letters: Letters, workers: int, nursery: Nursery | None = None) -> Writers:
    """The processes; they start when a batch wants them."""
    return Children(functools.partial(write, letters), workers=workers, nursery=nursery)


def rehearse(by: Writers, expected: int, now: datetime) -> None:
    """Where many letters are to be expected, have one process start and learn what most need; returns at once."""
    if expected >= MANY:
        by.begin(Order((), now))


def write(letters: Letters, order: Order) -> Bundle:
    """Compose letters; None where a template is broken, of which the sender will hear by trying itself."""
    letters.refresh()
    if not order.letters:
        letters.rehearse(order.now)
    return tuple(_write(letters, letter, order.now) for letter in order.letters)


def _write(letters: Letters, letter: LetterRow, now: datetime) -> Composed | None:
    try:
        return letters.compose(letter, now=now)
    except BrokenTemplate:
        return None


class Ahead:
    """The letters of a batch on their way; nothing where they are too few."""

    def __init__(self, by: Writers | None, batch: Sequence[LetterRow] = (), now: datetime | None = None) -> None:
        """`batch` in the order in which the letters will be taken, `now` the moment they are composed for."""
        self._waiting: deque[int] = deque()
        self._composed: Iterator[Composed | None] = iter(())
        if by is not None and now is not None and len(batch) >= MANY:
            self._waiting.extend(letter.id for letter in batch)
            orders = [Order(group, now) for group in _grouped(batch)]
            large = any(letter.kind == CIRCULAR for letter in batch)
            self._composed = _unbundled(orders, _by_all(by, orders) if large else _by_one(by, orders))

    def take(self, letter: LetterRow) -> Composed | None:
        """The letter, if it was among them; those before it are passed over."""
        if letter.id not in self._waiting:
            return None
        while self._waiting.popleft() != letter.id:
            next(self._composed)
        return next(self._composed)


def _grouped(batch: Sequence[LetterRow]) -> Iterator[tuple[LetterRow, ...]]:
    """A few neighbours together; a circular, large with its files, by itself: many are kept until their turn."""
    for large, row in groupby(batch, lambda letter: letter.kind == CIRCULAR):
        letters, size = tuple(row), 1 if large else AT_ONCE
        yield from (letters[start : start + size] for start in range(0, len(letters), size))


def _by_all(by: Writers, orders: Sequence[Order]) -> Iterator[Bundle | Failure]:
    by.warm()
    return by.map(orders)


def _by_one(by: Writers, orders: Sequence[Order]) -> Iterator[Bundle | Failure]:
    """One process is enough for ordinary letters: it composes eight while three are sent."""
    first = by.begin(orders[0])

    def bundles() -> Iterator[Bundle | Failure]:
        coming = first
        for following in orders[1:]:
            bundle, coming = coming(), by.begin(following)
            yield bundle
        yield coming()

    return bundles()


def _unbundled(orders: Sequence[Order], bundles: Iterator[Bundle | Failure]) -> Iterator[Composed | None]:
    for order, bundle in zip(orders, bundles, strict=True):
        yield from (None,) * len(order.letters) if isinstance(bundle, Failure) else bundle

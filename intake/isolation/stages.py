"""Two pools behind one `map`: what the ordinary children cannot read without more effort goes to slower ones.

Promises what a pool promises (order, limits, no child outliving this process), and that the slower children, which
need far more memory, are ended as soon as a `map` is through.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from typing import Generic, Protocol, TypeVar

from intake.isolation.child import Failure
from intake.isolation.children import Children

T = TypeVar("T")
R = TypeVar("R")
R_co = TypeVar("R_co", covariant=True)
T_contra = TypeVar("T_contra", contravariant=True)

AHEAD = 64  # results of the first pool that may wait for one of the second


class Pool(Protocol[T_contra, R_co]):
    """What does a task for each item, in order."""

    def map(self, items: Iterable[T_contra]) -> Iterator[R_co | Failure]: ...

    def begin(self, item: T_contra) -> Callable[[], R_co | Failure]: ...


@dataclass(frozen=True, slots=True)
class _Ready(Generic[R]):
    """A result that need not be waited for."""

    result: R

    def __call__(self) -> R:
        return self.result


class Stages(Generic[T, R]):
    """A pool, and a second one that does an item over where `unfinished` says so of its first result.

    `gave_up` makes of the first result and the second pool's Failure what shall be said. Without a second pool
    the first results stand.
    """

    def __init__(
        self,
        first: Children[T, R],
        second: Children[T, R] | None,
        unfinished: Callable[[R], bool],
        gave_up: Callable[[R, Failure], R],
    ) -> None:
        self._first, self._second = first, second
        self._unfinished, self._gave_up = unfinished, gave_up

    def map(self, items: Iterable[T]) -> Iterator[R | Failure]:
        """The result or Failure of each item, in order; raises what `Children.map` raises."""
        asked: deque[T] = deque()

        def remembered() -> Iterator[T]:
            for item in items:
                asked.append(item)
                yield item

        waiting: deque[Callable[[], R | Failure]] = deque()
        try:
            for result in self._first.map(remembered()):
                item = asked.popleft()
                if self._second is None or isinstance(result, Failure) or not self._unfinished(result):
                    waiting.append(_Ready(result))
                else:
                    waiting.append(self._again(self._second, item, result))
                while waiting and (isinstance(waiting[0], _Ready) or len(waiting) > AHEAD):
                    yield waiting.popleft()()
            while waiting:
                yield waiting.popleft()()
        finally:
            self.rest_slow()

    def _again(self, second: Children[T, R], item: T, before: R) -> Callable[[], R | Failure]:
        wait = second.begin(item)

        def result() -> R | Failure:
            after = wait()
            return self._gave_up(before, after) if isinstance(after, Failure) else after

        return result

    def begin(self, item: T) -> Callable[[], R | Failure]:
        """Have one item done, and go on; calling what comes back waits, for the second pool too if need be."""
        wait = self._first.begin(item)

        def result() -> R | Failure:
            first = wait()
            if self._second is None or isinstance(first, Failure) or not self._unfinished(first):
                return first
            return self._again(self._second, item, first)()

        return result

    def warm(self) -> None:
        """Start the ordinary children before there is work for them; returns at once."""
        self._first.warm()

    def rest(self) -> None:
        """End the children that have nothing to do; the next task starts new ones."""
        self._first.rest()
        self.rest_slow()

    def rest_slow(self) -> None:
        """End those of the second pool that have nothing to do."""
        if self._second:
            self._second.rest()

"""What is seen on a page of paper: words and marks with their places.

Places are pixels of the upright page, from its top left corner.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Literal, TypeAlias, TypeVar

MarkState: TypeAlias = Literal["ticked", "empty", "unknown", "struck", "ringed", "underlined"]
OVER_WORDS = frozenset({"struck", "ringed", "underlined"})  # states of what lies over words and is no box


@dataclass(frozen=True, slots=True)
class Word:
    """One Chinese character, one sign, or one run of Latin letters and digits; `score` from 0 to 1.

    `line` is the number of the line it was read in; words of one line stand in order.
    """

    text: str
    left: float
    top: float
    right: float
    bottom: float
    score: float = 1.0
    line: int = 0


@dataclass(frozen=True, slots=True)
class Mark:
    """A printed box with its state, or the pen's circle round an option, or its stroke through one (`struck`), or what
    it did to the words of one that has no box (`ringed`, `underlined`).

    `source` as in `Box.source` (`ink 0.31`); `near` is the index of the first word of its option.
    """

    left: float
    top: float
    right: float
    bottom: float
    state: MarkState
    source: str
    near: int | None = None


Placed = TypeVar("Placed", Word, Mark)


def moved(one: Placed, x: float, y: float) -> Placed:
    """A word or mark so far to the right and down."""
    return replace(one, left=one.left + x, top=one.top + y, right=one.right + x, bottom=one.bottom + y)

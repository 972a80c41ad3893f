"""What the row of an answer is made of once it is taken apart."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TypeAlias

from intake.document import PLAIN, Looks
from intake.form.glyphs import MarkKind


@dataclass(frozen=True, slots=True)
class Mark:
    """A box or a mark. `boxed`: it is a box of the printed form, in whatever state; `source` says how it was known."""

    kind: MarkKind
    shown: str
    boxed: bool
    source: str = ""
    looks: Looks = PLAIN
    drawn: bool = False  # a picture or other object, which may lie over a box


@dataclass(frozen=True, slots=True)
class Option:
    index: int
    word: str
    looks: Looks = PLAIN
    bracketed: bool = False


@dataclass(frozen=True, slots=True)
class Words:
    text: str
    looks: Looks = PLAIN


@dataclass(frozen=True, slots=True)
class Break:
    """A cell border, a line end, or a stroke between two options."""

    cell: bool = False


Token: TypeAlias = Mark | Option | Words | Break
Span: TypeAlias = tuple[int, int, Token]  # with its start and end in the characters of the row


@dataclass(frozen=True, slots=True)
class Row:
    """The tokens of an answer; `gaps[i]` is the width of the blank before token i, in half characters."""

    tokens: tuple[Token, ...]
    gaps: tuple[int, ...]
    comments: tuple[str, ...] = ()
    stroke: bool = False  # options divided by a stroke: printed without boxes

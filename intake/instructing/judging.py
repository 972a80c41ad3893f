"""Whether an instruction decides a held item, and by which word; else why it changes nothing. Pure.

Source: part 8: obeyed only if the text above any quote names exactly one reference with its token and one of
its words.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Literal, TypeAlias

from intake.instructing import words
from intake.instructing.model import Code, Instruction

Why: TypeAlias = Literal[
    "several", "mixed", "no-token", "quoted", "unknown", "used", "closed", "expired", "another", "no-word", "two-words",
    "not-its-word",
]  # fmt: skip
TokenState: TypeAlias = Literal["valid", "unknown", "used", "closed", "expired", "another"]


@dataclass(frozen=True, slots=True)
class Told:
    """What a code is, as the register knows it: `words` are those that decide its item."""

    state: TokenState
    words: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Order:
    """An instruction to obey."""

    reference: str
    token: str
    word: str


@dataclass(frozen=True, slots=True)
class Refusal:
    """Why nothing is changed; `words` are those that could be written."""

    why: Why
    reference: str = ""
    words: tuple[str, ...] = ()


def judge(said: Instruction, told: Mapping[tuple[str, str], Told], references: Iterable[str]) -> Order | Refusal | None:
    """The order, the reason for none, or None where the mail is no instruction about an item at all.

    `told` knows the state of each newly written and quoted code; `references` are those of `said.bare` that are
    held items.
    """
    if not said.codes:
        return _without_code(said, told, tuple(references))
    if said.requests:
        return Refusal("mixed")
    if len({code.reference for code in said.codes}) > 1:
        return Refusal("several")
    reference = said.codes[0].reference
    valid = [code for code in said.codes if told[code.reference, code.token].state == "valid"]
    if len(valid) != len(said.codes):
        bad = next(code for code in said.codes if code not in valid)
        return Refusal(_why(told[reference, bad.token].state), reference)
    return _word(reference, valid, said.lone, told[reference, valid[0].token].words)


def _word(reference: str, codes: Sequence[Code], lone: Iterable[str], allowed: tuple[str, ...]) -> Order | Refusal:
    """The one word beside the code; another decision word on a line of its own contradicts it."""
    rests = [code.rest for code in codes if code.rest]
    said = {word for rest in (*rests, *lone) for word in _words_in(rest, allowed)}
    if len(said) > 1:
        return Refusal("two-words", reference, allowed)
    whole = {word for rest in rests if (word := _whole(rest, allowed))}
    if len(whole) == 1 and all(_whole(rest, allowed) for rest in rests):
        return Order(reference, codes[0].token, whole.pop())
    known = any(piece.casefold() in words.VOCABULARY for rest in rests for piece in words.pieces(rest))
    return Refusal("not-its-word" if known else "no-word", reference, allowed)


def _words_in(rest: str, allowed: tuple[str, ...]) -> set[str]:
    if word := words.meant(rest, allowed):
        return {word.partition("：")[0]}
    found = (words.meant(piece, allowed) for piece in words.pieces(rest))
    return {word for word in found if word}


def _whole(rest: str, allowed: tuple[str, ...]) -> str:
    """The word that the rest of a line is, but for a polite phrase and its own label; "" where it says more."""
    if word := words.meant(rest, allowed):
        return word
    said = {words.meant(piece, allowed) for piece in words.pieces(rest) if piece not in words.POLITE}
    return said.pop() if len(said) == 1 else ""


def _without_code(
    said: Instruction, told: Mapping[tuple[str, str], Told], references: tuple[str, ...]
) -> Refusal | None:
    if said.requests:
        return None
    if references:
        return Refusal("no-token" if len(references) == 1 else "several", references[0] if len(references) == 1 else "")
    ours = [code for code in said.quoted if told[code.reference, code.token].state != "unknown"]
    return Refusal("quoted") if ours and said.nods else None


def _why(state: TokenState) -> Why:
    return "unknown" if state == "valid" else state

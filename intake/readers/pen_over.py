"""The verdict on options whose words a pen has gone over, by what it left there besides their print.

Promises: it decides only where ink lies at one option of a row and the words of all others are bare print; a tick
chooses, a line, a cross or a scrawl strikes out, and what looks like neither decides nothing.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from intake.readers.paper_words import Word
from intake.readers.pen_fellows import SCORE
from intake.readers.pen_ink import Ink
from intake.readers.pen_residue import residue_of
from intake.readers.pen_rows import Option, Row
from intake.readers.pen_shapes import Shape, shape_of
from intake.readers.pen_verdict import DOUBT, FLAT, NO_RING, Seen, Verdict, is_untouched

_STRIKES = frozenset({"line", "cross", "scrawl"})
_PENNED = _STRIKES | {"tick", "ring", "underline"}


def shapes_over(ink: Ink, row: Row, words: Sequence[Word]) -> list[Shape]:
    """What a pen has left at the words of each option; `untold` where their print cannot be told."""
    frames = [option.frame for option in row.options if option.frame.kind != "bare"]
    shapes: list[Shape] = []
    for option in row.options:
        left = residue_of(ink, option.words, words, frames) if option.words else None
        shapes.append(shape_of(left.pen, left.ink, left.place, ink.em) if left else "untold")
    return shapes


def with_words(
    ink: Ink, row: Row, seen: Sequence[Seen], states: Sequence[Verdict], words: Sequence[Word], *, between: bool
) -> tuple[list[Seen], list[Verdict]]:
    """What was seen and the verdict, decided by the ink over the words where the boxes left it open.

    A tick is no option's where ink lies `between` two. Boxes that look empty are in doubt where a pen was at the words
    all the same.
    """
    if any(one.sealed or one.option.frame.kind == "guess" or not one.option.words for one in seen):
        return list(seen), list(states)
    shapes = shapes_over(ink, row, words)
    touched = [at for at, shape in enumerate(shapes) if shape != "none"]
    astray = between and "tick" in shapes
    if len(touched) == 1 and not astray and all(is_untouched(one) for at, one in enumerate(seen) if at != touched[0]):
        decided = _decided(seen, touched[0], shapes[touched[0]])
        if decided is not None:
            return decided
    if any(
        state == "ticked" and shape not in ("underline", "untold")
        for (state, _), shape in zip(states, shapes, strict=True)
    ):
        return list(seen), [DOUBT for _ in states]
    if any(_in_doubt(one, shape) for one, shape in zip(seen, shapes, strict=True)):
        return [replace(one, struck=False) for one in seen], [DOUBT for _ in states]
    blank = all(state == "empty" for state, _ in states)
    if blank and (any(shape in _PENNED for shape in shapes) or any(was_hidden(one.option, words) for one in seen)):
        return list(seen), [DOUBT for _ in states]
    return list(seen), list(states)


def _in_doubt(one: Seen, shape: Shape) -> bool:
    """Whether what seems to strike out the words may be a line below them, or a ring round their box."""
    unlike = shape not in _STRIKES | {"untold"}
    return one.struck and (unlike or (shape == "untold" and (one.underlined or one.fill == "unsure")))


def is_strike(shape: Shape) -> bool:
    """Whether ink of a shape may strike words out."""
    return shape in _STRIKES or shape == "untold"


def was_hidden(option: Option, words: Sequence[Word]) -> bool:
    """Whether the words of an option could not be read, only be found by their print."""
    return any(words[at].score == SCORE for at in option.words)


def _decided(seen: Sequence[Seen], at: int, shape: Shape) -> tuple[list[Seen], list[Verdict]] | None:
    one = seen[at]
    if one.fill == "full":
        return None
    if shape == "ring" and one.inside.fill == "empty":
        made = [replace(other, struck=False) for other in seen]
        return made, [("ticked", "circle") if other is one else other.empty for other in seen]
    if one.ring > NO_RING:
        return None
    if shape in ("tick", "underline") and (shape == "tick" or one.inside.fill == "empty"):
        source = "ink over" if shape == "tick" else "underline"
        made = [replace(other, struck=False) for other in seen]
        return made, [("ticked", source) if other is one else other.empty for other in seen]
    if shape in _STRIKES and (one.inside.fill == "empty" or one.inside.tall < FLAT):
        made = [replace(other, struck=other is one) for other in seen]
        return made, [other.empty for other in seen]
    return None

"""The verdict on a row of options: ticked, empty or unknown for each box, and what it was judged by.

The boxes are compared with each other. Promises: where anything on the row could mean two things, the boxes
it could touch are unknown; an empty box is called so where no pen was near, or where one did no more than strike
out its words, which a mark of its own tells.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import TypeAlias

from intake.readers.paper_words import MarkState
from intake.readers.pen_boxes import Frame
from intake.readers.pen_inside import Inside
from intake.readers.pen_rows import Option
from intake.readers.pen_strokes import Stroke

Verdict: TypeAlias = tuple[MarkState, str]
RING, NO_RING = 0.86, 0.55  # of the way round
FLAT = 0.55  # of the height of a box: ink that a level line may leave in it
_END = 0.3  # of the height of a box: the end of a line through the words that reaches into it
_CORE = 0.08  # of the middle of a room: ink lies there
_PRINTED = 0.4  # of the blackness of print: thin lines are paler, too
_COLOURED = 0.08  # squares of the letters' size: a coloured pen was here
INKED_SIGNS = frozenset("√✓✔☑☒⊠⊗■●冈凶区囚図图")  # read where a box has ink in it; one that is struck out reads 日
DOUBT: Verdict = ("unknown", "ink in doubt")


@dataclass(frozen=True, slots=True)
class Seen:
    """What was seen of one option; `ring` and `colour` as `pen_rings.ring` and `pen_colour` tell them.

    `sign` is what was read in the place of the box. `lined`: a line, perhaps a pen's, through the words or close to
    them; `crossed`: through their middle. `astray`: the place of a box that was not found is nearer to its words than
    those of the other options are to theirs, or further off.
    """

    option: Option
    inside: Inside
    ring: float
    struck: bool = False
    sealed: bool = False
    lined: bool = False
    crossed: bool = False
    underlined: bool = False
    colour: float = 0.0
    beside: tuple[Stroke, ...] = ()
    sign: str = ""
    astray: bool = True

    @property
    def fill(self) -> str:
        """full, empty or unsure; a line that strikes out the words and runs on through the box leaves it empty.

        What the ink leaves unsure is full where a ticked box or a tick was read in its place.
        """
        if self.option.frame.kind == "full":
            return "full"
        if self.struck and self.inside.fill != "empty":
            flat = self.inside.tall < (FLAT if self.inside.wide > 0.8 else _END)
            return "empty" if flat else "unsure"
        if self.option.frame.kind == "guess" or self.inside.fill == "unsure":
            return "full" if self.sign in INKED_SIGNS else "unsure"
        return self.inside.fill

    @property
    def chosen_outside(self) -> bool:
        """A ring, or a tick beside the box."""
        return self.ring >= RING or any(stroke.tick for stroke in self.beside)

    @property
    def doubtful(self) -> bool:
        return (
            self.lined
            or self.underlined
            or NO_RING < self.ring < RING
            or any(not stroke.tick for stroke in self.beside)
        )

    @property
    def runs_in(self) -> bool:
        """Whether ink in one side of the box may be the end of a heavy line through the words."""
        heavy = any(not stroke.tick and stroke.share > 0.55 for stroke in self.beside)
        return heavy and self.inside.wide < 0.6

    @property
    def underlined_alone(self) -> bool:
        """Whether a line below its words is the only thing at an option."""
        frame = self.option.frame
        below = all(
            stroke.box[1] > frame.middle[1] and stroke.box[3] - stroke.box[1] < 0.5 * frame.size
            for stroke in self.beside
        )
        return self.underlined and below and not (self.lined or self.struck or self.ring > NO_RING)

    @property
    def replaced(self) -> bool:
        """Whether a level line goes through the box alone and a tick stands beside it: 是⊟√."""
        through = self.inside.tall < FLAT and self.inside.wide > 0.8
        return through and len(self.beside) == 1 and self.chosen_outside and not (self.struck or self.doubtful)

    @property
    def hooked(self) -> bool:
        """Whether the end of a tick that stands beside a box lies in it."""
        plain = self.option.frame.kind == "square" and not (self.struck or self.doubtful)
        return plain and len(self.beside) == 1 and self.beside[0].tick and _touches(self.beside[0], self.option.frame)

    @property
    def covered(self) -> bool:
        """Whether ink as a pen leaves it lies where the box must stand, and hides it; words and all else untouched."""
        inked = self.inside.fill == "full" and self.inside.core > _CORE
        hidden = self.option.frame.kind == "guess" and inked and len(self.option.words) > 0
        near = all(_close(stroke, self.option.frame) for stroke in self.beside)
        return (
            hidden and near and not (self.astray or self.struck or self.lined or self.underlined or self.ring > NO_RING)
        )

    @property
    def black(self) -> bool:
        """Whether the ink that marks an option is as black as print, in the box or beside it; a seal's is not."""
        if self.fill == "full":
            return self.inside.depth > _PRINTED
        return any(stroke.tick and stroke.depth > _PRINTED for stroke in self.beside)

    @property
    def bare(self) -> bool:
        """Whether a seal lies over the boxes of a row, and nothing in or about this one."""
        return self.sealed and is_untouched(self)

    @property
    def inked(self) -> bool:
        """Whether a coloured pen was at the option and did not just strike it out."""
        return not self.struck and (self.colour > _COLOURED or any(stroke.coloured for stroke in self.beside))

    @property
    def empty(self) -> Verdict:
        return ("empty", f"ink {self.inside.share:.2f}")


def with_lines(seen: Sequence[Seen], stray: Sequence[Stroke]) -> list[Seen]:
    """What was seen, a line through the middle of some words taken for one that strikes them out where no pen was
    at any other option of the row: there it cannot be print, for theirs has none."""
    crossed = [one for one in seen if one.crossed or one.struck]
    others = [one for one in seen if not (one.crossed or one.struck)]
    if stray or not others or not all(is_untouched(one) for one in others):
        return list(seen)
    if any(one.ring > NO_RING or any(stroke.tick for stroke in one.beside) for one in crossed):
        return list(seen)
    return [replace(one, struck=True) if one.crossed else one for one in seen]


def judge(seen: Sequence[Seen], stray: Sequence[Stroke]) -> list[Verdict]:
    """The verdict on each option of a row; `stray` are strokes that lie between two options."""
    if any(one.sealed for one in seen):
        return _under_seal(seen, stray)
    return _in_the_open(seen, stray)


def _under_seal(seen: Sequence[Seen], stray: Sequence[Stroke]) -> list[Verdict]:
    """Under a red seal red ink cannot be seen: only ink as black as print decides, and bare boxes are no answer."""
    states = _in_the_open(seen, stray)
    ticked = [one for one, (state, _) in zip(seen, states, strict=True) if state == "ticked"]
    chosen = len(ticked) == 1 and ticked[0].black
    struck = not ticked and any(one.struck for one in seen)
    if (chosen or struck) and all(state != "unknown" for state, _ in states):
        return states
    return [("unknown", "ink under a seal") for _ in seen]


def _in_the_open(seen: Sequence[Seen], stray: Sequence[Stroke]) -> list[Verdict]:
    ringed = [one for one in seen if one.ring >= RING]
    if len(ringed) == 1 and not stray and all(is_untouched(one) for one in seen if one is not ringed[0]):
        return [("ticked", "circle") if one is ringed[0] else one.empty for one in seen]
    fills = {one.fill for one in seen}
    if "unsure" in fills:
        return _by_the_rest(seen, stray)
    if "full" in fills:
        return _by_boxes(seen)
    return _by_surroundings(seen, stray)


def _by_the_rest(seen: Sequence[Seen], stray: Sequence[Stroke]) -> list[Verdict]:
    """Some boxes are unsure: the only one of them counts where it was struck out and replaced by the tick beside it."""
    touched = [one for one in seen if not is_untouched(one)]
    brackets = [one for one in seen if one.option.frame.kind in ("bracket", "round")]  # with no line across a corner
    if len(touched) == 1 and not stray and touched[0].covered and 0 < len(brackets) == len(seen) - 1:
        return [("ticked", f"ink {one.inside.share:.2f}") if one is touched[0] else one.empty for one in seen]
    if len(touched) == 1 and not stray and (touched[0].replaced or touched[0].hooked):
        return [("ticked", "ink beside") if one is touched[0] else one.empty for one in seen]
    return [one.empty if is_untouched(one) else DOUBT for one in seen]


def _touches(stroke: Stroke, frame: Frame) -> bool:
    left, top, right, bottom = stroke.box
    near = 0.15 * frame.size
    return (
        left < frame.right + near
        and right > frame.left - near
        and top < frame.bottom + near
        and bottom > frame.top - near
    )


def _close(stroke: Stroke, frame: Frame) -> bool:
    """Whether a stroke beside a box is a tick, or the end of one that leaves the box."""
    left, top, right, bottom = stroke.box
    near = 0.45 * frame.size
    beyond = max(frame.left - left, right - frame.right, frame.top - top, bottom - frame.bottom)
    return stroke.tick or beyond < 2 * near


def is_untouched(one: Seen) -> bool:
    """Whether nothing lies at an option."""
    return one.fill == "empty" and not (one.chosen_outside or one.doubtful or one.inked)


def _by_boxes(seen: Sequence[Seen]) -> list[Verdict]:
    """Some boxes are marked: those, unless a mark outside speaks for another option or a marked one is struck out."""
    for one in seen:
        against = one.chosen_outside or one.ring > NO_RING or one.inked
        if one.struck or one.runs_in if one.fill == "full" else against:
            return [DOUBT for _ in seen]
    return [("ticked", f"ink {one.inside.share:.2f}") if one.fill == "full" else one.empty for one in seen]


def _by_surroundings(seen: Sequence[Seen], stray: Sequence[Stroke]) -> list[Verdict]:
    """No box is marked: a ring or a tick beside exactly one option tells, and nothing at all means empty."""
    chosen = [one for one in seen if one.chosen_outside]
    others = [one for one in seen if not one.chosen_outside]
    if len(chosen) == 1 and not stray and not chosen[0].struck and all(_calm(one) for one in others):
        by = "circle" if chosen[0].ring >= RING else "ink beside"
        return [("ticked", by) if one is chosen[0] else one.empty for one in seen]
    touched = [one for one in seen if not is_untouched(one)]
    if len(touched) == 1 and not stray and touched[0].underlined_alone:
        return [("ticked", "underline") if one is touched[0] else one.empty for one in seen]
    if chosen or stray or not all(_calm(one) for one in seen):
        return [DOUBT for _ in seen]
    return [one.empty for one in seen]


def _calm(one: Seen) -> bool:
    """Whether nothing but, perhaps, a line through its words lies at an option."""
    return one.struck or not (one.doubtful or one.inked)

"""Which mark of a row belongs to which option: by the pattern of the row, else by nearness.

Promises: a mark half-way between two options stays floating; boxes that cannot be paired make the row odd.
"""

from __future__ import annotations

from dataclasses import dataclass, field

from intake.form.tokens import Break, Mark, Option, Token, Words

FAR = 10_000  # no blank is this wide: a border or line end lies between


@dataclass(slots=True)
class Binding:
    """The tokens with their positions, and what was bound so far."""

    tokens: list[Token]
    gaps: list[int]
    owner: dict[int, int] = field(default_factory=dict)  # position of a mark -> index of its option
    floating: list[int] = field(default_factory=list)
    odd: bool = False

    def mark(self, at: int) -> Mark:
        token = self.tokens[at]
        assert isinstance(token, Mark)
        return token

    def text(self, at: int) -> str:
        """The words at a position; a blank for what is no words."""
        token = self.tokens[at]
        return token.text.strip() if isinstance(token, Words) else " "

    def between(self, left: int, right: int) -> int:
        """The width of the blank between two positions."""
        inner = self.tokens[left + 1 : right]
        if any(isinstance(token, Break) for token in inner):
            return FAR
        return sum(self.gaps[left + 1 : right + 1]) + 4 * sum(
            isinstance(token, Words) and bool(token.text) for token in inner
        )


def pair(binding: Binding, printed: dict[int, int]) -> None:
    boxes = [at for at, token in enumerate(binding.tokens) if isinstance(token, Mark) and token.boxed]
    bare = [at for at, token in enumerate(binding.tokens) if isinstance(token, Mark) and not token.boxed]
    boxes, laid_over = _overlays(binding, boxes, len(printed))
    bare = sorted(bare + laid_over)
    if len(boxes) == len(printed):
        binding.odd = not _alternate(binding, boxes, printed)
    elif len(boxes) + len(bare) == len(printed) > 1 and _alternate(binding, sorted(boxes + bare), printed):
        _recheck(binding, bare)
        return
    else:
        binding.odd = len(boxes) > len(printed)
        _bind_each(binding, boxes)
    _bind_each(binding, bare)


def _overlays(binding: Binding, boxes: list[int], wanted: int) -> tuple[list[int], list[int]]:
    """More boxes than options: marked ones beside an empty box lie over it."""
    over: list[int] = []
    for at in sorted(boxes, key=lambda at: not binding.mark(at).drawn):
        if len(boxes) - len(over) <= wanted:
            break
        neighbours = [binding.mark(other) for other in boxes if abs(other - at) == 1 and other not in over]
        if binding.mark(at).kind != "empty" and any(mark.kind == "empty" for mark in neighbours):
            over.append(at)
    return [at for at in boxes if at not in over], over


def _alternate(binding: Binding, marks: list[int], printed: dict[int, int]) -> bool:
    """Pair marks and options that alternate (是□否□, □是□否) or stand as 是□□否; false for any other order."""
    positions = {at: index for index, at in printed.items()}
    order = sorted([*marks, *positions])
    shape = "".join("O" if at in positions else "M" for at in order)
    if shape in ("OM" * len(marks), "MO" * len(marks)) or shape in ("OMMO", "MOOM"):
        pairs = [(order[at], order[at + 1]) for at in range(0, len(order), 2)]
    else:
        return False
    for pair in pairs:
        mark, option = pair if pair[1] in positions else (pair[1], pair[0])
        binding.owner[mark] = positions[option]
    return True


def _recheck(binding: Binding, bare: list[int]) -> None:
    """A mark that took a box's place must not lie plainly nearer to another option's print."""
    for at in bare:
        given = binding.owner.pop(at)
        nearest = _nearest(binding, at, settled=given)
        if nearest == given:
            binding.owner[at] = given
        else:
            binding.floating.append(at)


def _bind_each(binding: Binding, marks: list[int]) -> None:
    for at in marks:
        owner = _nearest(binding, at)
        if owner is None:
            binding.floating.append(at)
        else:
            binding.owner[at] = owner


def _nearest(binding: Binding, at: int, settled: int | None = None) -> int | None:
    """The option a mark belongs to by nearness; None where it is half-way or far from all.

    `settled` is the option the pattern gave: an even distance then keeps it.
    """
    left = _neighbour(binding, at, -1)
    right = _neighbour(binding, at, 1)
    if left and right and left[0] == right[0]:
        return left[0]
    if left is None or right is None:
        side = left or right
        return side[0] if side and (settled is not None or side[1] <= _reach(binding)) else None
    first, gap, _ = left
    second, other, _ = right
    if gap < FAR and (other >= FAR or other > gap) and other >= 2 * gap:
        return first
    if other < FAR and (gap >= FAR or gap > other) and gap >= 2 * other:
        return second
    if settled is not None:
        return settled
    touches_box = isinstance(binding.tokens[left[2]], Mark) and isinstance(binding.tokens[right[2]], Option)
    return first if touches_box and gap == other == 0 else None


def _neighbour(binding: Binding, at: int, step: int) -> tuple[int, int, int] | None:
    """The next option, or mark with an option, on one side: (option index, gap, position)."""
    spot = at + step
    while 0 <= spot < len(binding.tokens):
        token = binding.tokens[spot]
        index = token.index if isinstance(token, Option) else binding.owner.get(spot)
        if index is not None:
            return index, binding.between(min(at, spot), max(at, spot)), spot
        spot += step
    return None


def _reach(binding: Binding) -> int:
    """How far a mark at either end of a row may lie from its option: no farther than the options from one another."""
    options = [at for at, token in enumerate(binding.tokens) if isinstance(token, Option)]
    inner = range(options[0] + 1, options[-1] + 1)
    if len(options) < 2 or any(isinstance(binding.tokens[at], Break) for at in inner):
        return FAR - 1
    return max(1, *(binding.gaps[at] for at in inner))

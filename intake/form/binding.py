"""What a row shows at each option: its marks, its looks, and what stands beside all options.

Promises: a mark is bound only where the printed pattern of the row or plain nearness says so; every other mark
and every word of the row is kept beside them.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import lru_cache

from intake.campaign import ChoiceSpec
from intake.document import PLAIN, Looks, Piece
from intake.form.glosses import drop_further_options, drop_glosses, drop_write_in, take_bracketed
from intake.form.pairing import Binding, pair
from intake.form.tokenising import read_row
from intake.form.tokens import Mark, Option, Row, Words


@dataclass(frozen=True, slots=True)
class OptionSeen:
    """An option as it stands in the row: `present` is false for one that is not there."""

    word: str
    present: bool = False
    marks: tuple[Mark, ...] = ()
    sides: tuple[str, ...] = ()  # where each mark stands: 前, 后, 栏内
    looks: Looks = PLAIN
    bracketed: bool = False


@dataclass(frozen=True, slots=True)
class Seen:
    """The row after binding.

    `floating` are marks of no option; `typed` options written again outside the printed ones;
    `words` the rest; `odd`: boxes that match no option; `printed`: the options stand in the row itself.
    """

    options: tuple[OptionSeen, ...]
    floating: tuple[Mark, ...] = ()
    typed: tuple[int, ...] = ()
    words: str = ""
    comments: tuple[str, ...] = ()
    odd: bool = False
    stroke: bool = False
    printed: bool = True
    inside: bool = False  # words stand between the printed options
    glued: bool = False  # the word of a missing option runs into other characters beside a mark (是1√ 否□)


def seen_in(cells: Sequence[Sequence[Piece]], spec: ChoiceSpec) -> Seen:
    """What the cells that answer a question show, mark by mark. Never raises."""
    return _seen_in(tuple(map(tuple, cells)), spec)


@lru_cache(maxsize=256)  # the other questions and the judge ask for the same row, and units answer in few ways
def _seen_in(cells: tuple[tuple[Piece, ...], ...], spec: ChoiceSpec) -> Seen:
    return bind(read_row(cells, spec), spec)


def bind(row: Row, spec: ChoiceSpec) -> Seen:
    """Give each mark of a row its option. Never raises."""
    binding = Binding(list(row.tokens), list(row.gaps))
    drop_glosses(binding, spec)
    drop_further_options(binding)
    take_bracketed(binding)
    printed, typed = _printed(binding)
    if not printed:
        return _without_options(binding, row, spec)
    pair(binding, printed)
    drop_write_in(binding, printed)
    options = tuple(_option_seen(at, word, binding, printed) for at, word in enumerate(spec.options))
    return Seen(
        options=options,
        floating=tuple(binding.mark(at) for at in binding.floating),
        typed=typed,
        words=_words(binding),
        comments=row.comments,
        odd=binding.odd,
        stroke=row.stroke,
        glued=_is_glued(binding, printed, spec),
        inside=any(isinstance(binding.tokens[at], Words) and binding.text(at) for at in _between(printed)),
    )


def _without_options(binding: Binding, row: Row, spec: ChoiceSpec) -> Seen:
    """No option word at all: a lone √ says yes to a yes-or-no question, anything else floats."""
    marks = [token for token in binding.tokens if isinstance(token, Mark) and token.shown != "空格"]
    options = [OptionSeen(word) for word in spec.options]
    if spec.yes_no and len(marks) == 1 and marks[0].kind in ("tick", "cross"):
        options[0] = OptionSeen(spec.options[0], True, (marks[0],), ("",))
        return Seen(tuple(options), words=_words(binding), comments=row.comments, printed=False)
    left = tuple(mark for mark in marks if mark.kind != "empty")
    return Seen(
        tuple(options), left, words=_words(binding), comments=row.comments, odd=len(marks) > len(left), printed=False
    )


def _is_glued(binding: Binding, printed: dict[int, int], spec: ChoiceSpec) -> bool:
    """Whether words beside a mark begin or end with an option that is nowhere printed alone."""
    missing = tuple(word for at, word in enumerate(spec.options) if at not in printed)
    beside = (
        token.text
        for at, token in enumerate(binding.tokens)
        if isinstance(token, Words) and any(isinstance(one, Mark) for one in binding.tokens[max(0, at - 1) : at + 2])
    )
    return bool(missing) and any(text.startswith(missing) or text.endswith(missing) for text in beside)


def _between(printed: dict[int, int]) -> range:
    return range(min(printed.values()), max(printed.values()))


def _printed(binding: Binding) -> tuple[dict[int, int], tuple[int, ...]]:
    """Positions of the printed options by index, and the options typed again after them."""
    printed: dict[int, int] = {}
    typed: list[int] = []
    for at, token in enumerate(binding.tokens):
        if isinstance(token, Option) and token.index not in printed:
            printed[token.index] = at
        elif isinstance(token, Option):
            typed.append(token.index)
    return printed, tuple(dict.fromkeys(typed))


def _option_seen(index: int, word: str, binding: Binding, printed: dict[int, int]) -> OptionSeen:
    at = printed.get(index)
    if at is None:
        return OptionSeen(word)
    token = binding.tokens[at]
    assert isinstance(token, Option)
    spots = sorted(spot for spot, owner in binding.owner.items() if owner == index)
    marks = tuple(binding.mark(spot) for spot in spots)
    sides = tuple("前" if spot < at else "后" for spot in spots)
    return OptionSeen(token.word, True, marks, sides, _with_box(token.looks, marks), token.bracketed)


def _with_box(looks: Looks, marks: tuple[Mark, ...]) -> Looks:
    """A box set apart sets its option apart; underline and bold of a box say nothing."""
    for mark in marks:
        if mark.kind == "empty":
            looks = replace(
                looks,
                highlighted=looks.highlighted or mark.looks.highlighted,
                shaded=looks.shaded or mark.looks.shaded,
            )
    return looks


def _words(binding: Binding) -> str:
    """The free words of a row; characters set apart (愿  意) are joined, other words parted by commas."""
    text = ""
    for at, token in enumerate(binding.tokens):
        word = binding.text(at) if isinstance(token, Words) else ""
        if not word:
            continue
        spaced = (
            at > 0 and isinstance(binding.tokens[at - 1], Words) and (len(word) == 1 or len(text.split("，")[-1]) == 1)
        )
        text += word if spaced or not text else "，" + word
    return text

"""Which mark belongs to which option.

Promises: a mark is bound only where the printed pattern of the row or plain nearness says so; a mark
half-way between two options stays floating, and boxes that cannot be paired make the row odd.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from functools import lru_cache

from intake.campaign import ChoiceSpec
from intake.document import PLAIN, Looks, Piece
from intake.form.folding import fold
from intake.form.tokenising import read_row
from intake.form.tokens import Break, Mark, Option, Row, Token, Words
from intake.form.wording import says

_ASKS_FOR_WORDS = re.compile(r"其[他它]|另")
FAR = 10_000  # no blank is this wide: a border or line end lies between


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


@dataclass(slots=True)
class _Binding:
    """The tokens with their positions, and what was bound so far."""

    tokens: list[Token]
    gaps: list[int]
    owner: dict[int, int] = field(default_factory=dict)  # position of a mark -> index of its option
    floating: list[int] = field(default_factory=list)
    odd: bool = False

    def between(self, left: int, right: int) -> int:
        """The width of the blank between two positions."""
        inner = self.tokens[left + 1 : right]
        if any(isinstance(token, Break) for token in inner):
            return FAR
        return sum(self.gaps[left + 1 : right + 1]) + 4 * sum(
            isinstance(token, Words) and bool(token.text) for token in inner
        )


def seen_in(cells: Sequence[Sequence[Piece]], spec: ChoiceSpec) -> Seen:
    """What the cells that answer a question show, mark by mark. Never raises."""
    return _seen_in(tuple(map(tuple, cells)), spec)


@lru_cache(maxsize=256)  # the other questions and the judge ask for the same row, and units answer in few ways
def _seen_in(cells: tuple[tuple[Piece, ...], ...], spec: ChoiceSpec) -> Seen:
    return bind(read_row(cells, spec), spec)


def bind(row: Row, spec: ChoiceSpec) -> Seen:
    """Give each mark of a row its option. Never raises."""
    binding = _Binding(list(row.tokens), list(row.gaps))
    _drop_glosses(binding, spec)
    _drop_further_options(binding)
    _take_bracketed(binding)
    printed, typed = _printed(binding)
    if not printed:
        return _without_options(binding, row, spec)
    _pair(binding, printed)
    _drop_write_in(binding, printed)
    options = tuple(_option_seen(at, word, binding, printed) for at, word in enumerate(spec.options))
    return Seen(
        options=options,
        floating=tuple(_mark(binding, at) for at in binding.floating),
        typed=typed,
        words=_words(binding),
        comments=row.comments,
        odd=binding.odd,
        stroke=row.stroke,
        glued=_is_glued(binding, printed, spec),
        inside=any(isinstance(binding.tokens[at], Words) and _text(binding.tokens[at]) for at in _between(printed)),
    )


def bind_columns(columns: Sequence[tuple[str, Sequence[Piece]]], spec: ChoiceSpec) -> Seen:
    """Options that are headings of columns: each cell's marks belong to its heading."""
    options = [OptionSeen(word) for word in spec.options]
    words: list[str] = []
    comments: list[str] = []
    for heading, pieces in columns:
        at = [fold(word) for word in spec.options].index(fold(heading))
        row = read_row([pieces], spec)
        marks = tuple(token for token in row.tokens if isinstance(token, Mark)) or _typed_mark(row, heading, spec)
        looks = next((token.looks for token in row.tokens if isinstance(token, (Option, Words))), PLAIN)
        marks_or_blank = marks or (Mark("empty", "空格", True),)
        options[at] = OptionSeen(spec.options[at], True, marks_or_blank, ("栏内",) * len(marks_or_blank), looks)
        said = _cell_words(row)
        if said and not (marks and marks[0].source == "typed"):
            words.append(said)
        comments += row.comments
    return Seen(tuple(options), words="；".join(words), comments=tuple(comments), printed=False)


def _cell_words(row: Row) -> str:
    return "".join(
        token.text if isinstance(token, Words) else token.word
        for token in row.tokens
        if isinstance(token, (Words, Option))
    )


def _typed_mark(row: Row, heading: str, spec: ChoiceSpec) -> tuple[Mark, ...]:
    """A word in an option's column that agrees with its heading is a tick; one that does not is unknown."""
    text = _cell_words(row)
    said = says(text, spec)
    if not text or said in ("", "left out", "member", "undecided"):
        return ()
    agrees = fold(text) in (fold(heading), "1", "是", "选") or said == {"是": "yes", "否": "no"}.get(heading)
    return (Mark("tick" if agrees else "unknown", text, False, "typed"),)


def _without_options(binding: _Binding, row: Row, spec: ChoiceSpec) -> Seen:
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


def _drop_glosses(binding: _Binding, spec: ChoiceSpec) -> None:
    """是（愿意加入）, 否□（不愿意）, 是，愿意 否，不愿意, 是 Yes 否 No: words behind all options
    (in brackets: right behind one) that say the same are print."""
    if not spec.yes_no:
        return
    glosses: dict[int, int] = {}
    option: Option | None = None
    for at, token in enumerate(binding.tokens):
        if isinstance(token, Option):
            option = token
        elif option and isinstance(token, Words) and _is_gloss(token, option, spec):
            glosses[at] = option.index
    everywhere = len(set(glosses.values())) == len(spec.options)
    for at in glosses:
        right_after = isinstance(binding.tokens[at - 1], Option) and binding.gaps[at] <= 1
        if everywhere or (right_after and _text(binding.tokens[at])[0] in "（(【["):
            binding.tokens[at] = Words("")


def _is_gloss(token: Words, option: Option, spec: ChoiceSpec) -> bool:
    apart = re.fullmatch(r"[（(【\[].*[）)】\]]|[，,].+|[A-Za-z]+", token.text) is not None
    return apart and says(token.text, spec) == ("yes", "no")[option.index]


def _drop_further_options(binding: _Binding) -> None:
    """□是 □否 □已是会员: words with a box of their own are an option more; unticked they say nothing."""
    order = [at for at, token in enumerate(binding.tokens) if not isinstance(token, Break) and _text(token) != ""]
    words = [at for at in order if isinstance(binding.tokens[at], Words)]
    if not words or not any(isinstance(binding.tokens[at], Option) for at in order):
        return
    shape = "".join("M" if isinstance(binding.tokens[at], Mark) else "O" for at in order)
    if shape not in ("MO" * (len(order) // 2), "OM" * (len(order) // 2)):
        return
    step = -1 if shape[0] == "M" else 1
    for at in words:
        mark = order[order.index(at) + step]
        ticked = _mark(binding, mark).kind in ("tick", "boxed cross")
        if not ticked and _mark(binding, mark).kind != "empty":
            continue
        binding.tokens[mark] = Words("")
        if not ticked:
            binding.tokens[at] = Words(_text(binding.tokens[at]).replace(":", "：").partition("：")[2].strip("_＿ "))


def _drop_write_in(binding: _Binding, printed: dict[int, int]) -> None:
    """☑其他：评估机构: words right behind a ticked option that asks for words are its own."""
    for index, at in printed.items():
        option = binding.tokens[at]
        ticked = any(_mark(binding, mark).kind == "tick" for mark, owner in binding.owner.items() if owner == index)
        if not isinstance(option, Option) or not _ASKS_FOR_WORDS.match(option.word) or not ticked:
            continue
        for to in range(at + 1, len(binding.tokens)):
            if isinstance(binding.tokens[to], (Option, Break)):
                break
            if isinstance(binding.tokens[to], Words):
                binding.tokens[to] = Words("")


def _take_bracketed(binding: _Binding) -> None:
    """是（是） 否（ ）: the option's own word written into its brackets is a mark."""
    options = [at for at, token in enumerate(binding.tokens) if isinstance(token, Option) and not token.bracketed]
    inside = [at for at, token in enumerate(binding.tokens) if isinstance(token, Option) and token.bracketed]
    boxes = sum(isinstance(token, Mark) and token.boxed for token in binding.tokens)
    if len(options) > 1 and inside and boxes + len(inside) == len(options):
        for at in inside:
            token = binding.tokens[at]
            assert isinstance(token, Option)
            binding.tokens[at] = Mark("tick", f"（{token.word}）", True, "typed " + token.word, token.looks)


def _text(token: Token) -> str:
    return token.text.strip() if isinstance(token, Words) else " "


def _is_glued(binding: _Binding, printed: dict[int, int], spec: ChoiceSpec) -> bool:
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


def _printed(binding: _Binding) -> tuple[dict[int, int], tuple[int, ...]]:
    """Positions of the printed options by index, and the options typed again after them."""
    printed: dict[int, int] = {}
    typed: list[int] = []
    for at, token in enumerate(binding.tokens):
        if isinstance(token, Option) and token.index not in printed:
            printed[token.index] = at
        elif isinstance(token, Option):
            typed.append(token.index)
    return printed, tuple(dict.fromkeys(typed))


def _pair(binding: _Binding, printed: dict[int, int]) -> None:
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


def _overlays(binding: _Binding, boxes: list[int], wanted: int) -> tuple[list[int], list[int]]:
    """More boxes than options: marked ones beside an empty box lie over it."""
    over: list[int] = []
    for at in sorted(boxes, key=lambda at: not _mark(binding, at).drawn):
        if len(boxes) - len(over) <= wanted:
            break
        neighbours = [_mark(binding, other) for other in boxes if abs(other - at) == 1 and other not in over]
        if _mark(binding, at).kind != "empty" and any(mark.kind == "empty" for mark in neighbours):
            over.append(at)
    return [at for at in boxes if at not in over], over


def _alternate(binding: _Binding, marks: list[int], printed: dict[int, int]) -> bool:
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


def _recheck(binding: _Binding, bare: list[int]) -> None:
    """A mark that took a box's place must not lie plainly nearer to another option's print."""
    for at in bare:
        given = binding.owner.pop(at)
        nearest = _nearest(binding, at, settled=given)
        if nearest == given:
            binding.owner[at] = given
        else:
            binding.floating.append(at)


def _bind_each(binding: _Binding, marks: list[int]) -> None:
    for at in marks:
        owner = _nearest(binding, at)
        if owner is None:
            binding.floating.append(at)
        else:
            binding.owner[at] = owner


def _nearest(binding: _Binding, at: int, settled: int | None = None) -> int | None:
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


def _neighbour(binding: _Binding, at: int, step: int) -> tuple[int, int, int] | None:
    """The next option, or mark with an option, on one side: (option index, gap, position)."""
    spot = at + step
    while 0 <= spot < len(binding.tokens):
        token = binding.tokens[spot]
        index = token.index if isinstance(token, Option) else binding.owner.get(spot)
        if index is not None:
            return index, binding.between(min(at, spot), max(at, spot)), spot
        spot += step
    return None


def _reach(binding: _Binding) -> int:
    """How far a mark at either end of a row may lie from its option: no farther than the options from one another."""
    options = [at for at, token in enumerate(binding.tokens) if isinstance(token, Option)]
    inner = range(options[0] + 1, options[-1] + 1)
    if len(options) < 2 or any(isinstance(binding.tokens[at], Break) for at in inner):
        return FAR - 1
    return max(1, *(binding.gaps[at] for at in inner))


def _mark(binding: _Binding, at: int) -> Mark:
    token = binding.tokens[at]
    assert isinstance(token, Mark)
    return token


def _option_seen(index: int, word: str, binding: _Binding, printed: dict[int, int]) -> OptionSeen:
    at = printed.get(index)
    if at is None:
        return OptionSeen(word)
    token = binding.tokens[at]
    assert isinstance(token, Option)
    spots = sorted(spot for spot, owner in binding.owner.items() if owner == index)
    marks = tuple(_mark(binding, spot) for spot in spots)
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


def _words(binding: _Binding) -> str:
    """The free words of a row; characters set apart (愿  意) are joined, other words parted by commas."""
    text = ""
    for at, token in enumerate(binding.tokens):
        word = _text(token) if isinstance(token, Words) else ""
        if not word:
            continue
        spaced = (
            at > 0 and isinstance(binding.tokens[at - 1], Words) and (len(word) == 1 or len(text.split("，")[-1]) == 1)
        )
        text += word if spaced or not text else "，" + word
    return text

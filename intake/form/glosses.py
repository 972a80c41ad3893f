"""Print among the options that answers nothing: glosses, options more than asked for, room for words.

Promises: what may be an answer stays; a word written into its own brackets becomes the mark that it is.
"""

from __future__ import annotations

import re

from intake.campaign import ChoiceSpec
from intake.form.pairing import Binding
from intake.form.tokens import Break, Mark, Option, Words
from intake.form.wording import says

_ASKS_FOR_WORDS = re.compile(r"其[他它]|另")


def drop_glosses(binding: Binding, spec: ChoiceSpec) -> None:
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
        if everywhere or (right_after and binding.text(at)[0] in "（(【["):
            binding.tokens[at] = Words("")


def _is_gloss(token: Words, option: Option, spec: ChoiceSpec) -> bool:
    apart = re.fullmatch(r"[（(【\[].*[）)】\]]|[，,].+|[A-Za-z]+", token.text) is not None
    return apart and says(token.text, spec) == ("yes", "no")[option.index]


def drop_further_options(binding: Binding) -> None:
    """□是 □否 □已是会员: words with a box of their own are an option more; unticked they say nothing."""
    order = [at for at, token in enumerate(binding.tokens) if not isinstance(token, Break) and binding.text(at) != ""]
    words = [at for at in order if isinstance(binding.tokens[at], Words)]
    if not words or not any(isinstance(binding.tokens[at], Option) for at in order):
        return
    shape = "".join("M" if isinstance(binding.tokens[at], Mark) else "O" for at in order)
    if shape not in ("MO" * (len(order) // 2), "OM" * (len(order) // 2)):
        return
    step = -1 if shape[0] == "M" else 1
    for at in words:
        mark = order[order.index(at) + step]
        ticked = binding.mark(mark).kind in ("tick", "boxed cross")
        if not ticked and binding.mark(mark).kind != "empty":
            continue
        binding.tokens[mark] = Words("")
        if not ticked:
            binding.tokens[at] = Words(binding.text(at).replace(":", "：").partition("：")[2].strip("_＿ "))


def drop_write_in(binding: Binding, printed: dict[int, int]) -> None:
    """☑其他：评估机构: words right behind a ticked option that asks for words are its own."""
    for index, at in printed.items():
        option = binding.tokens[at]
        ticked = any(binding.mark(mark).kind == "tick" for mark, owner in binding.owner.items() if owner == index)
        if not isinstance(option, Option) or not _ASKS_FOR_WORDS.match(option.word) or not ticked:
            continue
        for to in range(at + 1, len(binding.tokens)):
            if isinstance(binding.tokens[to], (Option, Break)):
                break
            if isinstance(binding.tokens[to], Words):
                binding.tokens[to] = Words("")


def take_bracketed(binding: Binding) -> None:
    """是（是） 否（ ）: the option's own word written into its brackets is a mark."""
    options = [at for at, token in enumerate(binding.tokens) if isinstance(token, Option) and not token.bracketed]
    inside = [at for at, token in enumerate(binding.tokens) if isinstance(token, Option) and token.bracketed]
    boxes = sum(isinstance(token, Mark) and token.boxed for token in binding.tokens)
    if len(options) > 1 and inside and boxes + len(inside) == len(options):
        for at in inside:
            token = binding.tokens[at]
            assert isinstance(token, Option)
            binding.tokens[at] = Mark("tick", f"（{token.word}）", True, "typed " + token.word, token.looks)

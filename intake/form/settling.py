"""What single tokens cannot say: a letter or star is a tick only beside its counterpart, words may be options.

Promises: small rules over the whole row; none drops a mark.
"""

from __future__ import annotations

import re

from intake.campaign import ChoiceSpec
from intake.form.glyphs import FONT_TICKS, ONLY_BESIDE_HOLLOW, MarkKind
from intake.form.tokens import Break, Mark, Option, Token, Words
from intake.form.wording import says


def settle_letters(tokens: list[Token]) -> list[Token]:
    """R beside □ or £ is a Wingdings tick shown without its font; alone it is unknown."""
    marks = [token for token in tokens if isinstance(token, Mark)]
    if not any(mark.kind == "empty" for mark in marks):
        return tokens
    return [
        Mark("tick", token.shown, True, "font letter", token.looks)
        if isinstance(token, Mark) and token.source == "font letter" and token.shown in FONT_TICKS
        else token
        for token in tokens
    ]


def settle_hollow(tokens: list[Token]) -> list[Token]:
    """★ is filled where ☆ is the empty one; alone it says nothing certain."""
    shown = {token.shown for token in tokens if isinstance(token, Mark)}
    return [
        Mark("tick", token.shown, True, token.source, token.looks)
        if isinstance(token, Mark) and ONLY_BESIDE_HOLLOW.get(token.shown) in shown and token.kind == "unknown"
        else token
        for token in tokens
    ]


_TRUTH: dict[str, MarkKind] = {"TRUE": "tick", "FALSE": "empty"}
_EMPTY_BRACKET = re.compile(r"[\[［【〔〖(（﹙{｛<＜〈「][_＿]*[\]］】〕〗)）﹚}｝>＞〉」]")
_DOT_IN_BRACKET = re.compile(r"[(（][*＊•·][)）]")
_TICK_IN_WORDS = re.compile(r"[\[［【〔〖(（](?:对|对[勾钩号]|[勾钩选]|选中|已选|已[勾打]选?)[\]］】〕〗)）]")


def settle_radio(tokens: list[Token]) -> list[Token]:
    """(*) 是 ( ) 否: how text browsers print a round button; without an empty bracket beside it is unknown."""
    return _beside_empty_bracket(tokens, Mark, _DOT_IN_BRACKET)


def settle_words(tokens: list[Token]) -> list[Token]:
    """是（ ） 否（对）: a tick named in words stands for it where another bracket is empty."""
    return _beside_empty_bracket(tokens, Words, _TICK_IN_WORDS)


def settle_truth(tokens: list[Token]) -> list[Token]:
    """是 TRUE 否 FALSE: what the check boxes of cells become in a program that knows none, one for each option."""
    told = [token for token in tokens if isinstance(token, Words) and token.text.upper() in _TRUTH]
    options = {token.index for token in tokens if isinstance(token, Option)}
    if len(told) < 2 or len(told) != len(options):
        return tokens
    return [
        Mark(_TRUTH[token.text.upper()], token.text, True, "", token.looks)
        if isinstance(token, Words) and token in told
        else token
        for token in tokens
    ]


def _beside_empty_bracket(tokens: list[Token], kind: type[Mark | Words], ticks: re.Pattern[str]) -> list[Token]:
    if not any(isinstance(token, Mark) and _EMPTY_BRACKET.fullmatch(token.shown) for token in tokens):
        return tokens
    return [
        Mark("tick", _shown(token), True, "", token.looks)
        if isinstance(token, kind) and ticks.fullmatch(_shown(token))
        else token
        for token in tokens
    ]


def _shown(token: Mark | Words) -> str:
    return token.shown if isinstance(token, Mark) else token.text


def worded_options(tokens: list[Token], spec: ChoiceSpec) -> list[Token]:
    """愿意加入☑ 暂不加入□: where no option is printed as such, words of either meaning beside marks are the options."""
    printed = {token.index for token in tokens if isinstance(token, Option)}
    if printed:
        return _counterpart(tokens, spec) if spec.yes_no and len(printed) == 1 else tokens
    if not spec.yes_no:
        return tokens
    marked = any(isinstance(token, Mark) and token.shown != "空格" for token in tokens)
    meant = [says(token.text, spec) if isinstance(token, Words) else "" for token in tokens]
    if not marked or meant.count("yes") > 1 or meant.count("no") > 1:
        return tokens
    return [
        Option(("yes", "no").index(said), token.text, token.looks)
        if isinstance(token, Words) and said in ("yes", "no")
        else token
        for token, said in zip(tokens, meant, strict=True)
    ]


def _counterpart(tokens: list[Token], spec: ChoiceSpec) -> list[Token]:
    """愿意 √ 否 □: beside one printed option, words of the other meaning with a mark of their own are the other."""
    kept = [at for at, token in enumerate(tokens) if not isinstance(token, Break)]
    shape = "".join("M" if isinstance(tokens[at], Mark) else "O" for at in kept)
    if shape not in ("OMOM", "MOMO") or sum(isinstance(tokens[at], Option) for at in kept) != 1:
        return tokens
    (spot,) = (at for at in kept if isinstance(tokens[at], Words))
    (present,) = (token.index for token in tokens if isinstance(token, Option))
    words = tokens[spot]
    assert isinstance(words, Words)
    if says(words.text, spec) != ("no", "yes")[present]:
        return tokens
    return [*tokens[:spot], Option(1 - present, words.text, words.looks), *tokens[spot + 1 :]]


def leaders(tokens: list[Token]) -> list[Token]:
    """是——√ 否——□: dashes or dots that lead from an option to its mark say nothing."""
    result = list(tokens)
    for at in range(1, len(tokens) - 1):
        token, before, after = tokens[at], tokens[at - 1], tokens[at + 1]
        half_way = at + 3 < len(tokens) and _leads(tokens[at + 2]) and isinstance(tokens[at + 3], Option)
        if _leads(token) and isinstance(before, Option) and isinstance(after, Mark) and not half_way:
            result[at] = Words("")
    return result


def _leads(token: Token) -> bool:
    return isinstance(token, Words) and re.fullmatch(r"[-—–=…．.]+", token.text) is not None


def strokes(tokens: list[Token], gaps: list[int]) -> tuple[list[Token], list[int], bool]:
    """Strokes and commas between options are breaks; a stroke standing alone stays a word (left out)."""
    seen = [at for at, token in enumerate(tokens) if isinstance(token, Option)]
    result: list[Token] = []
    stroke = False
    for at, token in enumerate(tokens):
        between = len(seen) > 1 and seen[0] < at < seen[-1]
        if between and isinstance(token, Words) and re.fullmatch(r"[/／|｜、,，;；\\或]+", token.text):
            result.append(Break())
            stroke = True
        else:
            result.append(token)
    return result, gaps, stroke


def room_for_words(tokens: list[Token]) -> list[Token]:
    """□企业 □其他：____: where every option has a box, a ruled line after one is room for words, no box."""
    lines = [at for at, token in enumerate(tokens) if isinstance(token, Mark) and token.shown == "____"]
    options = sum(isinstance(token, Option) for token in tokens)
    boxes = sum(isinstance(token, Mark) for token in tokens) - len(lines)
    if not lines or options < 2 or boxes < options:
        return tokens
    return [Words("") if at in lines else token for at, token in enumerate(tokens)]


def blank_cells(tokens: list[Token], gaps: list[int]) -> tuple[list[Token], list[int]]:
    """Where options stand in cells of their own, an empty cell is an empty box."""
    result: list[Token] = []
    widths: list[int] = []
    for at, token in enumerate(tokens):
        empty_before = isinstance(token, Break) and token.cell and (at == 0 or _is_border(tokens[at - 1]))
        if empty_before:
            result.append(Mark("empty", "空格", True))
            widths.append(0)
        result.append(token)
        widths.append(gaps[at])
    if tokens and _is_border(tokens[-1]):
        result.append(Mark("empty", "空格", True))
        widths.append(0)
    return result, widths


def _is_border(token: Token) -> bool:
    return isinstance(token, Break) and token.cell

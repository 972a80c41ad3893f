"""Options as a form prints them: alone, in brackets, spaced out, numbered, or as another pair of the same meaning.

Promises: an option word inside other words is none.
"""

from __future__ import annotations

import re
from functools import lru_cache

from intake.campaign import ChoiceSpec
from intake.form.characters import Characters
from intake.form.folding import simplified
from intake.form.glyphs import (
    ALIASES,
    CLOSING,
    FONT_EMPTY,
    FONT_TICKS,
    LIKE_A_BOX,
    LIKE_A_MARKED_BOX,
    OPENING,
    TICK_LETTERS,
)
from intake.form.marks import letter_mark
from intake.form.tokens import Option, Span

_ENUMERATOR = r"(?:[A-La-l0-9ⅠⅡⅢⅣ][.．、:：)）]\s*|[①-⑳]\s*|[A-D1-9](?=[^\s\w]|[^\x00-\x7f]))?"


def options_met(text: str, spec: ChoiceSpec) -> tuple[str, ...]:
    """The option words this row uses: the printed ones, or a pair of the same meaning (愿意 / 不愿意)."""
    if any(option_pattern((word,)).search(text) for word in spec.options) or not spec.yes_no:
        return spec.options
    for pair in ALIASES:
        if len({_index(pair, match.group("word")) for match in option_pattern(pair).finditer(text)}) == len(pair):
            return pair
    return spec.options


@lru_cache(maxsize=256)
def option_pattern(options: tuple[str, ...]) -> re.Pattern[str]:
    """Options standing alone, with an enumerator, a letter mark or a box-like character beside them."""
    words = "|".join(_spelled(word, options) for word in sorted(options, key=len, reverse=True))
    beside = LIKE_A_BOX + LIKE_A_MARKED_BOX + TICK_LETTERS + "xX" + FONT_TICKS + "oO" + FONT_EMPTY
    before = rf"(?<![^\W_])(?P<left>[{beside}]\s*)?(?P<number>{_ENUMERATOR})"
    after = rf"(?P<right>\s*[{beside}])?(?![^\W_])"
    return re.compile(rf"{before}(?P<open>[“\"'‘]?)(?P<word>{words})[”\"'’]?{after}")


def _spelled(word: str, options: tuple[str, ...]) -> str:
    """愿  意, 弃  权: options of several characters are also met with blanks between them."""
    chars = map(re.escape, simplified(word))
    own = len(options) > 1 and options != ("是", "否")
    return r"[ \u3000]{0,4}".join(chars) if own and re.fullmatch(r"[\u4e00-\u9fff]+", word) else "".join(chars)


@lru_cache(maxsize=256)
def _in_brackets(options: tuple[str, ...]) -> re.Pattern[str]:
    words = "|".join(_spelled(word, options) for word in options)
    return re.compile(rf"{OPENING}\s*({words})\s*{CLOSING}")


def _index(options: tuple[str, ...], word: str) -> int:
    known = [simplified(option) for option in options]
    return known.index(word if word in known else re.sub(r"[ \u3000]", "", word))


def bracketed_option(text: str, at: int, written: Characters, options: tuple[str, ...]) -> list[Span]:
    """（是）: an option alone in brackets."""
    match = _in_brackets(options).match(text, at)
    if not match:
        return []
    start, end = match.span(1)
    return [(at, match.end(), Option(_index(options, match.group(1)), match.group(1), written.looks(start, end), True))]


def option_at(text: str, at: int, written: Characters, options: tuple[str, ...]) -> list[Span]:
    match = option_pattern(options).match(text, at)
    if not match:
        return []
    start, end = match.span("word")
    spans: list[Span] = []
    if match.group("left"):
        spans.append(
            (match.start("left"), match.start("left") + 1, letter_mark(match.group("left").strip(), written, at))
        )
    spans.append(
        (
            match.start("number"),
            end,
            Option(_index(options, match.group("word")), match.group("word"), written.looks(start, end)),
        )
    )
    tail = match.end("word") + len(re.match(r"[”\"'’]?", text[match.end("word") :]).group())  # type: ignore[union-attr]
    if match.group("right"):
        spot = match.end("right") - 1
        spans.append((spot, spot + 1, letter_mark(text[spot], written, spot)))
    elif tail > end:
        spans[-1] = (spans[-1][0], tail, spans[-1][2])
    return spans

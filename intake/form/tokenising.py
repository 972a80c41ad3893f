"""The row of an answer taken apart: options, marks, words, borders and margin comments in reading order.

Promises: every visible character becomes part of exactly one token or is a printed instruction; nothing is
judged here. Distances between tokens are kept, for a tick between two options belongs to the nearer one.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from functools import lru_cache

from intake.campaign import ChoiceSpec
from intake.document import Piece
from intake.form.characters import BORDER, Characters, characters_of
from intake.form.glyphs import BOX_CHAR, CLOSING, MARKS, OPENING, TICK_LETTERS, glyph_kind
from intake.form.instructions import blank_instructions, blank_print
from intake.form.marks import bracket_at, line_at, mark_at
from intake.form.options import bracketed_option, option_at, option_pattern, options_met
from intake.form.settling import (
    blank_cells,
    leaders,
    room_for_words,
    settle_hollow,
    settle_letters,
    settle_radio,
    settle_truth,
    settle_words,
    strokes,
    worded_options,
)
from intake.form.tokens import Break, Mark, Option, Row, Span, Token, Words

LONGEST = 2000  # characters; a longer cell is no row of options, and is left to a person
_BRACKETED_MARK = re.compile(rf"{OPENING}\s*[{MARKS}xX{TICK_LETTERS}]?\s*{CLOSING}|[(（][*＊•·][)）]")
_SILENT = "\x00:：.。·“”\"'‘’"  # between an option and its mark they say nothing
_WIDTH = {"\t": 4, "\u3000": 2}


def read_row(cells: Sequence[Sequence[Piece]], spec: ChoiceSpec) -> Row:
    """Take the cells of an answer apart. Never raises."""
    return _read(tuple(map(tuple, cells)), spec)


@lru_cache(maxsize=64)  # layout, the look at the other questions, and the judge ask for the same row
def _read(cells: tuple[tuple[Piece, ...], ...], spec: ChoiceSpec) -> Row:
    written = characters_of(cells)
    if len(written.chars) > LONGEST:
        return Row((Words("".join("".join(written.chars[:LONGEST]).split())),), (0,), tuple(written.comments))
    text = blank_print(blank_instructions("".join(written.chars)), spec)
    options = options_met(text, spec)
    tokens, gaps = _with_gaps(list(_scan(text, written, options)), text)
    tokens = room_for_words(tokens)
    tokens = settle_hollow(settle_letters(tokens))
    tokens = settle_truth(settle_words(settle_radio(tokens)))
    tokens = leaders(worded_options(tokens, spec))
    tokens, gaps, stroke = strokes(tokens, gaps)
    if len(cells) > 1 and _stand_in_cells(tokens):
        tokens, gaps = blank_cells(tokens, gaps)
    return Row(tuple(tokens), tuple(gaps), tuple(written.comments), stroke)


def _stand_in_cells(tokens: Sequence[Token]) -> bool:
    """Whether options stand in cells of their own without boxes, so that the cells beside them may be the boxes."""
    boxed = any(isinstance(token, Mark) and token.boxed for token in tokens)
    options = [at for at, token in enumerate(tokens) if isinstance(token, Option)]
    between = tokens[options[0] : options[-1]] if options else ()
    return not boxed and any(isinstance(token, Break) and token.cell for token in between)


def _scan(text: str, written: Characters, options: tuple[str, ...]) -> Iterator[Span]:
    at = 0
    while at < len(text):
        spans = (
            _break_at(text, at)
            or bracketed_option(text, at, written, options)
            or bracket_at(text, at, written)
            or option_at(text, at, written, options)
            or line_at(text, at, written)
            or mark_at(text, at, written)
        )
        if spans:
            yield from spans
            at = spans[-1][1]
        elif text[at].isspace() or text[at] in _SILENT:
            at += 1
        else:
            end = _words_end(text, at, options)
            yield at, end, Words(text[at:end], written.looks(at, end))
            at = end


def _break_at(text: str, at: int) -> list[Span]:
    return [(at, at + 1, Break(cell=text[at] == BORDER))] if text[at] in "\n" + BORDER else []


def _words_end(text: str, at: int, options: tuple[str, ...]) -> int:
    end = at + 1
    pattern = option_pattern(options)
    while end < len(text):
        char = text[end]
        if char.isspace() or char in "\x00" + BORDER + BOX_CHAR or glyph_kind(char)[0] is not None:
            break
        if not (text[end - 1].isalnum() and char.isalnum()) and pattern.match(text, end):
            break
        if _BRACKETED_MARK.match(text, end) or text[end - 1] in "）)】" or text.startswith(("__", "＿＿"), end):
            break
        end += 1
    return end


def _with_gaps(spans: list[Span], text: str) -> tuple[list[Token], list[int]]:
    gaps: list[int] = []
    last = 0
    for start, end, _ in spans:
        gaps.append(sum(_WIDTH.get(char, 1) for char in text[last:start] if char != "\x00"))
        last = end
    return [token for *_, token in spans], gaps

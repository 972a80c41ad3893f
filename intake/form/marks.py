"""Boxes and marks: what a character, a bracket, a line to write on or a drawn box shows.

Promises: every mark that is no certain one is `unknown`, never ignored; nothing is bound to an option here.
"""

from __future__ import annotations

import re

from intake.document import PLAIN, Box, Looks
from intake.form.characters import Characters
from intake.form.glyphs import (
    BOX_CHAR,
    BOXED_CROSS,
    CLOSING,
    CROSSES,
    FONT_EMPTY,
    FONT_TICKS,
    LIKE_A_BOX,
    LIKE_A_MARKED_BOX,
    MARKS,
    OPENING,
    TICK_LETTERS,
    MarkKind,
    glyph_kind,
)
from intake.form.tokens import Mark, Span, Token

_INSIDE = f"[{MARKS}{TICK_LETTERS}xX*＊+＋•·]"
_BRACKET = re.compile(rf"({OPENING})[\s\x00_＿]*({_INSIDE}*)[\s\x00_＿]*{CLOSING}")
_LINE = re.compile(rf"[_＿]+\s*({_INSIDE}?)\s*[_＿]*")
_FRAMING = ("content control", "EQ field", "enclosing square")  # that put a cross into a box


def bracket_at(text: str, at: int, written: Characters) -> list[Span]:
    """[x], （√）, 【 】: brackets that are a box."""
    match = _BRACKET.match(text, at)
    if not match or "\x00" in match.group():
        return []
    inner = [found for spot in range(*match.span(2)) for found in mark_at(text, spot, written)]
    looks = written.looks(*match.span())
    return [(at, match.end(), _boxed(match.group(), match.group(2), match.group(1), [m for *_, m in inner], looks))]


def _boxed(shown: str, inside: str, bracket: str, marks: list[Token], looks: Looks) -> Mark:
    kinds = {mark.kind for mark in marks if isinstance(mark, Mark)}
    source = next((mark.source for mark in marks if isinstance(mark, Mark) and mark.source), "")
    if not inside or kinds == {"empty"}:
        kind: MarkKind = "empty"
    elif set(inside) <= set(TICK_LETTERS + "*＊+＋•·"):
        kind = "tick" if set(inside) <= set(TICK_LETTERS) or bracket in "[［" else "unknown"
    elif set(inside) <= set("xX"):
        kind = "tick" if bracket == "[" else "boxed cross" if bracket in "［(" else "cross"
    elif kinds == {"cross"}:
        kind = "boxed cross" if bracket in "[［【" else "cross"
    elif len(kinds) == 1:
        kind = next(iter(kinds))
    else:
        kind = "unknown"
    return Mark(kind, re.sub(r"[\s\x00]+", "", shown), True, source, looks)


def letter_mark(char: str, written: Characters, at: int) -> Mark:
    looks = written.looks(at, at + 1)
    if char in LIKE_A_BOX or char in "oO":
        return Mark("empty", char, True, "", looks)
    if char in LIKE_A_MARKED_BOX:
        return Mark("unknown", char, True, "", looks)
    if char in TICK_LETTERS:
        return Mark("tick", char, False, "", looks)
    if char in "xX":
        return Mark("cross", char, False, "", looks)
    return Mark("empty" if char in FONT_EMPTY else "unknown", char, True, "font letter", looks)


def line_at(text: str, at: int, written: Characters) -> list[Span]:
    """____ and __√__: a blank to write on is a box."""
    match = _LINE.match(text, at)
    if not match or (len(match.group()) < 2):
        return []
    if not match.group(1):
        return [(at, match.end(), Mark("empty", "____", True, "", PLAIN))]
    inner = mark_at(text, match.start(1), written) or [(0, 0, letter_mark(match.group(1), written, match.start(1)))]
    mark = inner[0][2]
    assert isinstance(mark, Mark)
    return [(at, match.end(), Mark(mark.kind, mark.shown, True, mark.source, mark.looks))]


def mark_at(text: str, at: int, written: Characters) -> list[Span]:
    char, owner = text[at], written.owners[at]
    if isinstance(owner, Box) and char == BOX_CHAR:
        return [(at, at + 1, _box_mark(owner))]
    kind, boxed = glyph_kind(char)
    if kind is None:
        lone = not _is_word(text, at - 1) and not _is_word(text, at + 1)
        if lone and char in TICK_LETTERS + "xX" + FONT_TICKS + FONT_EMPTY:
            return [(at, at + 1, letter_mark(char, written, at))]
        return []
    end = at + 1
    while end < len(text) and text[end] == char and kind in ("tick", "cross") and not boxed:
        end += 1
    return [(at, end, Mark(kind, char, boxed, "", written.looks(at, end)))]


def _is_word(text: str, at: int) -> bool:
    return 0 <= at < len(text) and text[at].isalnum()


def _box_mark(box: Box) -> Mark:
    kind: MarkKind = "tick" if box.state == "ticked" else "empty" if box.state == "empty" else "unknown"
    if box.glyph and kind == "tick" and box.glyph[0] in BOXED_CROSS + CROSSES:
        kind = "boxed cross"
    shown = box.glyph or ("☑" if kind == "tick" else "□" if kind == "empty" else "")
    drawn = any(word in box.source for word in ("picture", "drawing", "shape", "text box", "ink"))
    bare = box.glyph != "" and glyph_kind(box.glyph[0]) in (("tick", False), ("cross", False))
    if bare and glyph_kind(box.glyph[0])[0] == "cross":
        kind = "boxed cross" if box.source in _FRAMING else "cross"
    return Mark(kind, shown, not bare or kind == "boxed cross", box.source, box.looks, drawn)

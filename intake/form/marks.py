"""The row of an answer taken apart: options, marks, words, borders and margin comments in reading order.

Promises: every visible character becomes part of exactly one token or is a printed instruction; nothing is
judged here. Distances between tokens are kept, for a tick between two options belongs to the nearer one.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from typing import TypeAlias, TypeGuard

from intake.campaign import ChoiceSpec
from intake.document import PLAIN, Box, Looks, Piece, Remark, Text
from intake.form.glyphs import (
    ALIASES,
    BOXED_CROSS,
    CROSSES,
    EMPTY,
    FONT_EMPTY,
    FONT_TICKS,
    LIKE_A_BOX,
    LIKE_A_MARKED_BOX,
    ONLY_BESIDE_HOLLOW,
    SOLID,
    TICK_LETTERS,
    TICKS,
    MarkKind,
    glyph_kind,
)
from intake.form.instructions import blank_instructions, blank_print
from intake.form.labels import simplified
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
from intake.form.tokens import Break, Mark, Option, Row, Token, Words

BORDER = "\x1f"  # between cells
BOX_CHAR = "\ufffc"
LONGEST = 2000  # characters; a longer cell is no row of options, and is left to a person

_OPENING, _CLOSING = r"[\[［【〔〖(（﹙{｛<＜〈「]", r"[\]］】〕〗)）﹚}｝>＞〉」]"
_MARK_CHARS = re.escape(TICKS + SOLID + "".join(ONLY_BESIDE_HOLLOW) + EMPTY + BOXED_CROSS + CROSSES + BOX_CHAR)
_INSIDE = f"[{_MARK_CHARS}{TICK_LETTERS}xX*＊+＋•·]"
_BRACKET = re.compile(rf"({_OPENING})[\s\x00_＿]*({_INSIDE}*)[\s\x00_＿]*{_CLOSING}")
_BRACKETED_MARK = re.compile(rf"{_OPENING}\s*[{_MARK_CHARS}xX{TICK_LETTERS}]?\s*{_CLOSING}|[(（][*＊•·][)）]")
_LINE = re.compile(rf"[_＿]+\s*({_INSIDE}?)\s*[_＿]*")
_SILENT = "\x00:：.。·“”\"'‘’"  # between an option and its mark they say nothing
_RULED_MARK = re.compile(rf"(?=.*[^\S\n]{{2}})[^\S\n]*[{_MARK_CHARS}][^\S\n]*")
_RULED = re.compile(rf"(?=.*[^\S\n]{{2}})[^\S\n]*[{_MARK_CHARS}]?[^\S\n]*")
_RETYPED = str.maketrans("〇ˇⅤⅴ", "○√Vv")  # letters to Unicode, boxes and ticks to the eye
_SKIPPED = re.compile("[\u200b-\u200f\u2060\ufeff\ufe0e\ufe0f\u00ad]")
_FRAMING = ("content control", "EQ field", "enclosing square")  # that put a cross into a box
_CIRCLED = "\u20dd\u20de\u20df\u20e0"
_WIDTH = {"\t": 4, "\u3000": 2}
_ENUMERATOR = r"(?:[A-La-l0-9ⅠⅡⅢⅣ][.．、:：)）]\s*|[①-⑳]\s*|[A-D1-9](?=[^\s\w]|[^\x00-\x7f]))?"


@dataclass(slots=True)
class _Flat:
    """The pieces as one string: a Box is BOX_CHAR, a cell border BORDER."""

    chars: list[str] = field(default_factory=list)
    owners: list[Piece | None] = field(default_factory=list)
    comments: list[str] = field(default_factory=list)

    def add(self, char: str, owner: Piece | None) -> None:
        self.chars.append(char)
        self.owners.append(owner)

    def looks(self, start: int, end: int) -> Looks:
        """The looks shared by every visible character of a stretch."""
        shown = [
            owner.looks for at in range(start, end) if (owner := self.owners[at]) and not isinstance(owner, Remark)
        ]
        visible = [
            owner.looks
            for at in range(start, end)
            if (owner := self.owners[at]) and not isinstance(owner, Remark) and not self.chars[at].isspace()
        ] or shown
        names = ("struck", "highlighted", "shaded", "underlined", "bold", "coloured", "bordered", "inserted", "faint")
        return Looks(**{name: bool(visible) and all(getattr(looks, name) for looks in visible) for name in names})


def read_row(cells: Sequence[Sequence[Piece]], spec: ChoiceSpec) -> Row:
    """Take the cells of an answer apart. Never raises."""
    return _read(tuple(map(tuple, cells)), spec)


@lru_cache(maxsize=64)  # layout, the look at the other questions, and the judge ask for the same row
def _read(cells: tuple[tuple[Piece, ...], ...], spec: ChoiceSpec) -> Row:
    flat = _flatten(cells)
    if len(flat.chars) > LONGEST:
        return Row((Words("".join("".join(flat.chars[:LONGEST]).split())),), (0,), tuple(flat.comments))
    text = blank_print(blank_instructions("".join(flat.chars)), spec)
    options = _options_met(text, spec)
    tokens, gaps = _with_gaps(list(_scan(text, flat, options)), text)
    tokens = room_for_words(tokens)
    tokens = settle_hollow(settle_letters(tokens))
    tokens = settle_truth(settle_words(settle_radio(tokens)))
    tokens = leaders(worded_options(tokens, spec))
    tokens, gaps, stroke = strokes(tokens, gaps)
    if len(cells) > 1 and _stand_in_cells(tokens):
        tokens, gaps = blank_cells(tokens, gaps)
    return Row(tuple(tokens), tuple(gaps), tuple(flat.comments), stroke)


def _stand_in_cells(tokens: Sequence[Token]) -> bool:
    """Whether options stand in cells of their own without boxes, so that the cells beside them may be the boxes."""
    boxed = any(isinstance(token, Mark) and token.boxed for token in tokens)
    options = [at for at, token in enumerate(tokens) if isinstance(token, Option)]
    between = tokens[options[0] : options[-1]] if options else ()
    return not boxed and any(isinstance(token, Break) and token.cell for token in between)


def _flatten(cells: Sequence[Sequence[Piece]]) -> _Flat:
    flat = _Flat()
    ruled = any(_RULED_MARK.fullmatch(piece.text) for pieces in cells for piece in pieces if _is_ruled(piece))
    for number, pieces in enumerate(cells):
        if number:
            flat.add(BORDER, None)
        for piece in pieces:
            _flatten_piece(_with_line(piece) if ruled else piece, flat)
    return flat


def _is_ruled(piece: Piece) -> TypeGuard[Text]:
    """Whether a piece is underlined blank, with at most a mark on it: a line to write on."""
    return isinstance(piece, Text) and piece.looks.underlined and _RULED.fullmatch(piece.text) is not None


def _with_line(piece: Piece) -> Piece:
    """是   √    否       , its blanks underlined: the line as characters."""
    return Text(re.sub(r"\s", "_", piece.text), piece.looks) if _is_ruled(piece) else piece


def _flatten_piece(piece: Piece, flat: _Flat) -> None:
    match piece:
        case Remark(text=text):
            flat.comments.append(text)
        case Box():
            flat.add(BOX_CHAR, piece)
        case Text(text=text):
            for char in simplified(text).translate(_RETYPED):
                if char in _CIRCLED and flat.chars:
                    flat.owners[-1] = Text(flat.chars[-1], Looks(bordered=True))
                elif not _SKIPPED.match(char):
                    flat.add(" " if char in "\r\xa0\x0b\x0c" else char, piece)


def _options_met(text: str, spec: ChoiceSpec) -> tuple[str, ...]:
    """The option words this row uses: the printed ones, or a pair of the same meaning (愿意 / 不愿意)."""
    if any(_option_pattern((word,)).search(text) for word in spec.options) or not spec.yes_no:
        return spec.options
    for pair in ALIASES:
        if len({_index(pair, match.group("word")) for match in _option_pattern(pair).finditer(text)}) == len(pair):
            return pair
    return spec.options


@lru_cache(maxsize=256)
def _option_pattern(options: tuple[str, ...]) -> re.Pattern[str]:
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


_Span: TypeAlias = tuple[int, int, Token]


def _scan(text: str, flat: _Flat, options: tuple[str, ...]) -> Iterator[_Span]:
    at = 0
    while at < len(text):
        spans = (
            _break_at(text, at)
            or _bracketed_option(text, at, flat, options)
            or _bracket_at(text, at, flat)
            or _option_at(text, at, flat, options)
            or _line_at(text, at, flat)
            or _mark_at(text, at, flat)
        )
        if spans:
            yield from spans
            at = spans[-1][1]
        elif text[at].isspace() or text[at] in _SILENT:
            at += 1
        else:
            end = _words_end(text, at, options)
            yield at, end, Words(text[at:end], flat.looks(at, end))
            at = end


def _break_at(text: str, at: int) -> list[_Span]:
    return [(at, at + 1, Break(cell=text[at] == BORDER))] if text[at] in "\n" + BORDER else []


def _bracketed_option(text: str, at: int, flat: _Flat, options: tuple[str, ...]) -> list[_Span]:
    """（是）: an option alone in brackets."""
    match = _in_brackets(options).match(text, at)
    if not match:
        return []
    start, end = match.span(1)
    return [(at, match.end(), Option(_index(options, match.group(1)), match.group(1), flat.looks(start, end), True))]


@lru_cache(maxsize=256)
def _in_brackets(options: tuple[str, ...]) -> re.Pattern[str]:
    words = "|".join(_spelled(word, options) for word in options)
    return re.compile(rf"{_OPENING}\s*({words})\s*{_CLOSING}")


def _bracket_at(text: str, at: int, flat: _Flat) -> list[_Span]:
    """[x], （√）, 【 】: brackets that are a box."""
    match = _BRACKET.match(text, at)
    if not match or "\x00" in match.group():
        return []
    inner = [flat_mark for spot in range(*match.span(2)) for flat_mark in _mark_at(text, spot, flat)]
    looks = flat.looks(*match.span())
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


def _option_at(text: str, at: int, flat: _Flat, options: tuple[str, ...]) -> list[_Span]:
    match = _option_pattern(options).match(text, at)
    if not match:
        return []
    start, end = match.span("word")
    spans: list[_Span] = []
    if match.group("left"):
        spans.append(
            (match.start("left"), match.start("left") + 1, _letter_mark(match.group("left").strip(), flat, at))
        )
    spans.append(
        (
            match.start("number"),
            end,
            Option(_index(options, match.group("word")), match.group("word"), flat.looks(start, end)),
        )
    )
    tail = match.end("word") + len(re.match(r"[”\"'’]?", text[match.end("word") :]).group())  # type: ignore[union-attr]
    if match.group("right"):
        spot = match.end("right") - 1
        spans.append((spot, spot + 1, _letter_mark(text[spot], flat, spot)))
    elif tail > end:
        spans[-1] = (spans[-1][0], tail, spans[-1][2])
    return spans


def _index(options: tuple[str, ...], word: str) -> int:
    known = [simplified(option) for option in options]
    return known.index(word if word in known else re.sub(r"[ \u3000]", "", word))


def _letter_mark(char: str, flat: _Flat, at: int) -> Mark:
    looks = flat.looks(at, at + 1)
    if char in LIKE_A_BOX or char in "oO":
        return Mark("empty", char, True, "", looks)
    if char in LIKE_A_MARKED_BOX:
        return Mark("unknown", char, True, "", looks)
    if char in TICK_LETTERS:
        return Mark("tick", char, False, "", looks)
    if char in "xX":
        return Mark("cross", char, False, "", looks)
    return Mark("empty" if char in FONT_EMPTY else "unknown", char, True, "font letter", looks)


def _line_at(text: str, at: int, flat: _Flat) -> list[_Span]:
    """____ and __√__: a blank to write on is a box."""
    match = _LINE.match(text, at)
    if not match or (len(match.group()) < 2):
        return []
    if not match.group(1):
        return [(at, match.end(), Mark("empty", "____", True, "", PLAIN))]
    inner = _mark_at(text, match.start(1), flat) or [(0, 0, _letter_mark(match.group(1), flat, match.start(1)))]
    mark = inner[0][2]
    assert isinstance(mark, Mark)
    return [(at, match.end(), Mark(mark.kind, mark.shown, True, mark.source, mark.looks))]


def _mark_at(text: str, at: int, flat: _Flat) -> list[_Span]:
    char, owner = text[at], flat.owners[at]
    if isinstance(owner, Box) and char == BOX_CHAR:
        return [(at, at + 1, _box_mark(owner))]
    kind, boxed = glyph_kind(char)
    if kind is None:
        lone = not _is_word(text, at - 1) and not _is_word(text, at + 1)
        if lone and char in TICK_LETTERS + "xX" + FONT_TICKS + FONT_EMPTY:
            return [(at, at + 1, _letter_mark(char, flat, at))]
        return []
    end = at + 1
    while end < len(text) and text[end] == char and kind in ("tick", "cross") and not boxed:
        end += 1
    return [(at, end, Mark(kind, char, boxed, "", flat.looks(at, end)))]


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


def _words_end(text: str, at: int, options: tuple[str, ...]) -> int:
    end = at + 1
    pattern = _option_pattern(options)
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


def _with_gaps(spans: list[_Span], text: str) -> tuple[list[Token], list[int]]:
    gaps: list[int] = []
    last = 0
    for start, end, _ in spans:
        gaps.append(sum(_WIDTH.get(char, 1) for char in text[last:start] if char != "\x00"))
        last = end
    return [token for *_, token in spans], gaps

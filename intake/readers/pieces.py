"""A line under construction: pieces in reading order, neighbours of the same looks joined.

An enclosing mark (U+20DD, U+20DE, U+20E3) belongs to the character before it: a tick or cross in
it is a ticked box, anything else is bordered text.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import replace

from intake.document import PLAIN, Box, Looks, Paragraph, Piece, Text
from intake.readers.symbols import CROSS_GLYPHS, TICKED_GLYPHS

_ENCLOSING = {"\u20dd": "enclosing circle", "\u20de": "enclosing square", "\u20df": "enclosing diamond",
              "\u20e3": "enclosing keycap"}  # fmt: skip
# Variation selectors, zero-width and direction characters: nobody sees them.
_HIDDEN = "\u00ad\u200b-\u200f\u202a-\u202e\u2060-\u2064\ufe00-\ufe0f\ufeff"
_INVISIBLE = re.compile(f"[{_HIDDEN}]")
_UNCOMMON = re.compile(f"[{_HIDDEN}{''.join(_ENCLOSING)}]")
MARKS = TICKED_GLYPHS | CROSS_GLYPHS


class Line:
    """Collects the pieces of one paragraph."""

    __slots__ = ("_enclosed", "_looks", "_pieces", "_waiting")

    def __init__(self) -> None:
        self._pieces: list[Piece] = []
        self._waiting: list[str] = []
        self._looks = PLAIN
        self._enclosed = False

    def text(self, text: str, looks: Looks = PLAIN) -> None:
        if not text.isascii() and _UNCOMMON.search(text):
            text = _INVISIBLE.sub("", text)
            self._enclosed = self._enclosed or not _ENCLOSING.keys().isdisjoint(text)
        if not text:
            return
        if looks is not self._looks and looks != self._looks:  # mostly the same one
            self._flush()
            self._looks = looks
        self._waiting.append(text)

    def add(self, piece: Piece) -> None:
        if isinstance(piece, Text):
            self.text(piece.text, piece.looks)
            return
        self._flush()
        self._pieces.append(piece)

    def extend(self, pieces: Iterable[Piece]) -> None:
        for piece in pieces:
            self.add(piece)

    def count(self) -> int:
        """How many pieces there are now; what is added after this starts a new piece."""
        self._flush()
        return len(self._pieces)

    def replace(self, pieces: Iterable[Piece]) -> None:
        """Put other pieces in place of all."""
        self._waiting.clear()
        self._pieces = list(pieces)
        self._enclosed = False

    @property
    def empty(self) -> bool:
        return not self._pieces and not self._waiting

    def pieces(self) -> tuple[Piece, ...]:
        self._flush()
        if self._enclosed:
            return tuple(_open_enclosures(self._pieces))
        return tuple(self._pieces)

    def paragraph(self) -> Paragraph:
        return Paragraph(self.pieces())

    def _flush(self) -> None:
        if self._waiting:
            self._pieces.append(Text("".join(self._waiting), self._looks))
            self._waiting.clear()


def _open_enclosures(pieces: Iterable[Piece]) -> Iterator[Piece]:
    line = Line()
    for piece in pieces:
        if isinstance(piece, Text):
            line.extend(_split_enclosures(piece))
        else:
            line.add(piece)
    line._enclosed = False
    yield from line.pieces()


def _split_enclosures(piece: Text) -> Iterator[Piece]:
    start = 0
    for index, character in enumerate(piece.text):
        if character not in _ENCLOSING:
            continue
        if index > start:
            yield Text(piece.text[start : index - 1], piece.looks)
            yield enclosed(piece.text[index - 1], _ENCLOSING[character], piece.looks)
        start = index + 1
    yield Text(piece.text[start:], piece.looks)


def enclosed(inner: str, source: str, looks: Looks) -> Piece:
    """A character drawn inside a frame: a ticked box for a mark, an empty one for a blank."""
    if not inner.strip():
        return Box("empty", source, "□", looks)
    if inner in MARKS:
        return Box("ticked", source, inner, looks)
    return Text(inner, replace(looks, bordered=True))

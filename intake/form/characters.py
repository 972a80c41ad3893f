"""An answer's pieces as one string of characters, of which every stretch knows how it looks.

Promises: a Box is one character, a cell border another; margin comments are kept apart; lines that are blanks
underlined become lines of characters.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import TypeGuard

from intake.document import Box, Looks, Piece, Remark, Text
from intake.form.folding import simplified
from intake.form.glyphs import BOX_CHAR, MARKS

BORDER = "\x1f"  # between cells
_RULED_MARK = re.compile(rf"(?=.*[^\S\n]{{2}})[^\S\n]*[{MARKS}][^\S\n]*")
_RULED = re.compile(rf"(?=.*[^\S\n]{{2}})[^\S\n]*[{MARKS}]?[^\S\n]*")
_RETYPED = str.maketrans("〇ˇⅤⅴ", "○√Vv")  # letters to Unicode, boxes and ticks to the eye
_SKIPPED = re.compile("[\u200b-\u200f\u2060\ufeff\ufe0e\ufe0f\u00ad]")
_CIRCLED = "\u20dd\u20de\u20df\u20e0"


@dataclass(slots=True)
class Characters:
    """The pieces as one string: a Box is BOX_CHAR, a cell border BORDER."""

    chars: list[str] = field(default_factory=list)
    owners: list[Text | Box | None] = field(default_factory=list)
    comments: list[str] = field(default_factory=list)

    def add(self, char: str, owner: Text | Box | None) -> None:
        self.chars.append(char)
        self.owners.append(owner)

    def looks(self, start: int, end: int) -> Looks:
        """The looks shared by every visible character of a stretch; by its blanks where it has nothing else."""
        owners = self.owners[start:end]
        inked = [owner for owner, char in zip(owners, self.chars[start:end], strict=True) if not char.isspace()]
        looks = list({id(owner): owner.looks for owner in inked or owners if owner}.values())
        return looks[0] if len(looks) == 1 else _shared(looks)


def _shared(several: Sequence[Looks]) -> Looks:
    names = ("struck", "highlighted", "shaded", "underlined", "bold", "coloured", "bordered", "inserted", "faint")
    return Looks(**{name: bool(several) and all(getattr(looks, name) for looks in several) for name in names})


def characters_of(cells: Sequence[Sequence[Piece]]) -> Characters:
    written = Characters()
    ruled = any(_RULED_MARK.fullmatch(piece.text) for pieces in cells for piece in pieces if _is_ruled(piece))
    for number, pieces in enumerate(cells):
        if number:
            written.add(BORDER, None)
        for piece in pieces:
            _add_piece(_with_line(piece) if ruled else piece, written)
    return written


def _is_ruled(piece: Piece) -> TypeGuard[Text]:
    """Whether a piece is underlined blank, with at most a mark on it: a line to write on."""
    return isinstance(piece, Text) and piece.looks.underlined and _RULED.fullmatch(piece.text) is not None


def _with_line(piece: Piece) -> Piece:
    """是   √    否       , its blanks underlined: the line as characters."""
    return Text(re.sub(r"\s", "_", piece.text), piece.looks) if _is_ruled(piece) else piece


def _add_piece(piece: Piece, written: Characters) -> None:
    match piece:
        case Remark(text=text):
            written.comments.append(text)
        case Box():
            written.add(BOX_CHAR, piece)
        case Text(text=text):
            for char in simplified(text).translate(_RETYPED):
                if char in _CIRCLED and written.chars:
                    written.owners[-1] = Text(written.chars[-1], Looks(bordered=True))
                elif not _SKIPPED.match(char):
                    written.add(" " if char in "\r\xa0\x0b\x0c" else char, piece)

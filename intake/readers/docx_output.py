"""Where what is read goes: into the line, into the instruction of an open field, or nowhere.

Fields may run on from one paragraph to the next.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field

from lxml import etree

from intake.document import Piece, Text
from intake.readers import symbols
from intake.readers.docx_controls import plainly
from intake.readers.docx_styles import Character
from intake.readers.fields import Field
from intake.readers.pieces import Line


@dataclass(slots=True)
class Output:
    """`line` is the one being written, `character` how the run being read is shown."""

    line: Line = field(default_factory=Line)
    character: Character = field(default_factory=Character)
    fields: list[Field] = field(default_factory=list)

    def text(self, text: str) -> None:
        """Characters as a person sees them."""
        if not self.fields and not self.character.hidden:
            self.line.text(text, self.character.looks)
        else:
            self.emit(Text(text, self.character.looks))

    def emit(self, piece: Piece) -> None:
        for open_field in reversed(self.fields):
            if open_field.in_code:
                open_field.code.append(plainly(piece))
                return
            if open_field.drawn:
                return
        if not self.character.hidden:
            self.line.add(piece)

    def begin_field(self, form: etree._Element | None) -> None:
        self.fields.append(Field(form, self.character.looks))

    def begin_result(self) -> None:
        """What follows is no longer the instruction of the innermost field."""
        if self.fields:
            self.fields[-1].in_code = False

    def end_field(self) -> None:
        if self.fields:
            for piece in self.fields.pop().pieces():
                self.emit(piece)

    def instruction(self, text: str) -> None:
        """A letter that stands alone may be the mark; more of them are the instruction's own words."""
        if self.fields and self.fields[-1].in_code and text:
            character = self.character
            low = character.low if len(text.strip()) == 1 else ""
            self.fields[-1].code.append(symbols.shown(text, low, character.high, character.private))

    def captured(self, read: Callable[[], None]) -> tuple[Piece, ...]:
        """What is written meanwhile, by itself."""
        line, fields = self.line, self.fields
        self.line, self.fields = Line(), []
        read()
        pieces = self.line.pieces()
        self.line, self.fields = line, fields
        return pieces

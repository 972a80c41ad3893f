"""The characters of a Word 97-2003 file as runs of WordprocessingML.

Special characters ([MS-DOC] 2.4.1 and 2.6.1, sprmCFSpec) become the elements that docx_runs reads:
fields with their form data, symbols, pictures, drawings, controls, references to notes and comments.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import Protocol
from xml.sax.saxutils import escape

from intake.readers.doc_characters import Character, read_character
from intake.readers.doc_forms import form_data
from intake.readers.doc_styles import StyleSheet
from intake.readers.doc_text import WordText

_BEGIN, _SEPARATE, _END = "\x13", "\x14", "\x15"
_SPECIAL = re.compile("([\x00-\x1f\x28])")
_HIDDEN = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")
_CONTROL_FIELD = re.compile(r"\s*CONTROL\s", re.I)
_SHAPE_FIELD = re.compile(r"\s*SHAPE\s", re.I)
_FORM_FIELD = re.compile(r"\s*FORM(?:CHECKBOX|DROPDOWN)", re.I)
_MAX_CODE = 2_000  # characters of an instruction
_SIMPLE = {"\t": "<w:tab/>", "\x0b": "<w:br/>", "\x1e": "<w:noBreakHyphen/>"}


class Drawn(Protocol):
    """What stands in the document as pictures, shapes and controls."""

    def picture(self, location: int) -> str: ...

    def shape(self, position: int) -> str: ...

    def control(self, identity: int) -> str: ...


@dataclass(slots=True)
class _Field:
    """An open field: `picture_follows` is set once a control or shape stands for its result."""

    kind: str
    in_code: bool = True
    replaced: bool = False


class Runs:
    """Writes the runs of paragraphs; one for a document, because fields run on."""

    def __init__(
        self,
        text: WordText,
        fonts: tuple[str, ...],
        styles: StyleSheet,
        data: bytes,
        references: Mapping[int, str],
        drawn: Drawn,
    ) -> None:
        self._text = text
        self._fonts = fonts
        self._styles = styles
        self._data = data
        self._references = references
        self._drawn = drawn
        self._fields: list[_Field] = []
        self._known: dict[tuple[bytes, int], Character] = {}

    def own_fields(self, write: Callable[[], str]) -> str:
        """Write a story of its own, such as a text box, whatever fields are open around its anchor."""
        outer, self._fields = self._fields, []
        try:
            return write()
        finally:
            self._fields = outer

    def character(self, grpprl: bytes, style: int) -> Character:
        """How characters with these modifiers look in a paragraph of this style."""
        key = (grpprl, style)
        if key not in self._known:
            self._known[key] = read_character(grpprl, self._fonts, lambda name: self._styles.toggle(style, name))
        return self._known[key]

    def runs(self, start: int, end: int, style: int) -> str:
        """The runs of the characters from one CP to another."""
        found: list[str] = []
        for stretch in self._text.stretches(start, end):
            character = self.character(stretch.grpprl, style)
            content = "".join(self._content(stretch.start, stretch.end, character))
            if content:
                found.append(_wrapped(content, character))
        return "".join(found)

    def _content(self, start: int, end: int, character: Character) -> Iterator[str]:
        position = start
        for part in _SPECIAL.split(self._text.characters[start:end]):
            if len(part) == 1 and (part < " " or (part == "\x28" and character.symbol)):
                yield self._special(part, position, character)
            elif part:
                yield self._plain(part)
            position += len(part)

    def _plain(self, part: str) -> str:
        if self._fields and self._fields[-1].kind == "shape":
            return ""
        shown = escape(shown_text(part))
        if self._fields and self._fields[-1].in_code:
            return f'<w:instrText xml:space="preserve">{shown}</w:instrText>'
        return f'<w:t xml:space="preserve">{shown}</w:t>'

    def _special(self, part: str, position: int, character: Character) -> str:
        if part == "\x28":
            return character.symbol
        if part in (_BEGIN, _SEPARATE, _END):
            return self._field(part, position, character)
        if part == "\x01":
            return self._picture(character)
        if part == "\x08":
            return self._shape(position)
        if part in ("\x02", "\x05"):
            return self._references.get(position, "")
        return _SIMPLE.get(part, "")

    # ---- fields -----------------------------------------------------------------------------------

    def _field(self, part: str, position: int, character: Character) -> str:
        if part == _BEGIN:
            return self._begin(position)
        if not self._fields:
            return ""
        open_field = self._fields[-1]
        if part == _SEPARATE:
            open_field.in_code = False
            shown = self._char("separate", open_field)
            return shown + self._control(open_field, character) if open_field.kind == "control" else shown
        self._fields.pop()
        return self._char("end", open_field)

    def _begin(self, position: int) -> str:
        code = self._code(position)
        kind = "shape" if _SHAPE_FIELD.match(code) else "control" if _CONTROL_FIELD.match(code) else ""
        self._fields.append(_Field(kind))
        form = self._form(position, len(code)) if _FORM_FIELD.match(code) else ""
        return "" if kind == "shape" else f'<w:fldChar w:fldCharType="begin">{form}</w:fldChar>'

    @staticmethod
    def _char(name: str, open_field: _Field) -> str:
        return "" if open_field.kind == "shape" else f'<w:fldChar w:fldCharType="{name}"/>'

    def _code(self, position: int) -> str:
        """The instruction of the field that begins at a CP."""
        found = self._text.characters[position + 1 : position + 1 + _MAX_CODE]
        return re.split("[\x13\x14\x15]", found, maxsplit=1)[0]

    def _form(self, position: int, length: int) -> str:
        """The form data of a field: where the data character in its instruction points."""
        for stretch in self._text.stretches(position, position + length + 2):
            character = self.character(stretch.grpprl, 0)
            if character.location is not None and "\x01" in self._text.characters[stretch.start : stretch.end]:
                return form_data(self._data, character.location)
        return ""

    def _control(self, open_field: _Field, character: Character) -> str:
        for identity in (character.location, character.object_location):
            shown = "" if identity is None else self._drawn.control(identity)
            if shown:
                open_field.replaced = True
                return shown
        return ""

    # ---- drawn things -----------------------------------------------------------------------------

    def _picture(self, character: Character) -> str:
        if character.location is None or character.data or character.ole:
            return ""
        if self._fields and (self._fields[-1].in_code or self._fields[-1].replaced):
            return ""
        return self._drawn.picture(character.location)

    def _shape(self, position: int) -> str:
        if self._fields and self._fields[-1].kind == "shape":
            self._fields[-1].replaced = True
        return self._drawn.shape(position)


def shown_text(text: str) -> str:
    """Characters that XML may hold; two halves of a surrogate pair become one character."""
    if not _HIDDEN.search(text):
        return text
    joined = text.encode("utf-16-le", "surrogatepass").decode("utf-16-le", "replace")
    return _HIDDEN.sub("", joined)


def _wrapped(content: str, character: Character) -> str:
    properties = f"<w:rPr>{character.properties}</w:rPr>" if character.properties else ""
    run = f"<w:r>{properties}{content}</w:r>"
    if character.deleted:
        return f"<w:del>{run}</w:del>"
    return f"<w:ins>{run}</w:ins>" if character.inserted else run

r"""Rich text (RTF) as Word, WPS, LibreOffice and WordPad write it.

Promises: every kind of mark comes out as it would from a docx of the same page (fields, symbol
fonts, drawn things, formatting); tracked changes are taken as accepted, hidden text is left out,
tables keep their grid; headers and footers are not read. Nothing linked or embedded is followed.
Source: Rich Text Format Specification 1.9.1. Raises children of Unreadable only.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field

from intake.document import Block, Box, Document, Looks, Paragraph, Piece, Remark, Text
from intake.errors import Damaged, NoOcr
from intake.readers import symbols
from intake.readers.docx_drawings import Drawn
from intake.readers.docx_floats import Float, Metrics, place
from intake.readers.fields import Field
from intake.readers.pieces import Line
from intake.readers.rtf_characters import ALIGNMENTS, Characters, depth, is_gone
from intake.readers.rtf_drawn import Drawings
from intake.readers.rtf_fields import form_data
from intake.readers.rtf_flow import Flow, Row
from intake.readers.rtf_header import Header, properties, read_header
from intake.readers.rtf_tokens import Control, Group, destination, first_group, tokens

OWN_PROPERTY = "cipsa-intake"
_MAX_FLOATS = 300  # in one line; the next ones stand at their anchors
_BULLET_BOXES = frozenset("□☐☑☒✓✔√")
_CHARACTERS = {
    "tab": "\t", "line": "\n", "page": "\n", "column": "\n", "softline": "\n", "~": "\u00a0", "_": "-",
    "emdash": "—", "endash": "–", "bullet": "•", "lquote": "‘", "rquote": "’", "ldblquote": "“",
    "rdblquote": "”", "emspace": "\u2003", "enspace": "\u2002", "qmspace": "\u2005",
}  # fmt: skip
_ROW_WORDS = frozenset({"cellx", "trleft", "irow", "lastrow"})
_SILENT = """
    fonttbl colortbl userprops generator formfield sp sn sv objclass objdata ffl nonesttables
    result
"""


def read_rtf(content: bytes) -> Document:
    """Read an RTF file."""
    root = tokens(content)
    if destination(root) != "rtf":
        raise Damaged("no RTF header")
    reader = _Reader(read_header(root))
    blocks = reader.read(root)
    if reader.drawings.large_pictures:
        if not any(block.text.strip() for block in blocks):
            raise NoOcr("a document that holds only pictures")
        reader.notes["pictures"] = None
    marks = tuple(text or "own" for name, text in properties(root).items() if name == OWN_PROPERTY)
    return Document(tuple(blocks), "rtf", marks=marks, notes=tuple(reader.notes))


@dataclass(slots=True)
class _Page:
    """What is being written to: the page itself, or a note or text box beside it."""

    flow: Flow = field(default_factory=Flow)
    line: Line = field(default_factory=Line)
    floats: list[Float] = field(default_factory=list)
    after: list[Block] = field(default_factory=list)
    fields: list[Field] = field(default_factory=list)
    row: Row = field(default_factory=Row)


class _Reader:
    """Walks the groups of one document."""

    def __init__(self, header: Header) -> None:
        self.notes: dict[str, None] = {}
        self.drawings = Drawings(self._apart)
        self._header = header
        self._characters = Characters(header)
        self._state = self._characters.start()
        self._page = _Page()
        self._footnotes: list[Block] = []
        self._half_points = 24
        self._skip = 0
        self._high = 0
        self._words = self._word_readers()
        self._destinations = self._destination_readers()

    def _word_readers(self) -> Mapping[str, Callable[[Control], None]]:
        return {
            "u": self._unicode,
            "par": lambda _: self._end_paragraph(),
            "sect": lambda _: self._end_section(),
            "cell": lambda _: self._end_cell(1),
            "nestcell": lambda _: self._end_cell(max(2, depth(self._state))),
            "row": lambda _: self._end_row(1),
            "nestrow": lambda _: self._end_row(max(2, depth(self._state))),
            "trowd": lambda _: self._start_row(),
            **{
                word: lambda _, text=text: self._emit_text(text)  # type: ignore[misc]
                for word, text in _CHARACTERS.items()
            },
        }

    def _destination_readers(self) -> Mapping[str, Callable[[Group], None]]:
        return {
            "field": self._field,
            "fldinst": self._instruction,
            "fldrslt": self._result,
            "shp": lambda group: self._draw(self.drawings.shape(group, self._looks())),
            "shpgrp": lambda group: self._draw(self.drawings.shape(group, self._looks())),
            "do": lambda group: self._draw(self.drawings.old_shape(group, self._looks())),
            "pict": lambda group: self._draw(Drawn(self.drawings.picture(group, self._looks()))),
            "object": self._object,
            "footnote": self._footnote,
            "annotation": self._annotation,
            "listtext": self._label,
            "pntext": self._label,
            "upr": lambda group: self._walk(first_group(group, "ud")),
            "nesttableprops": self._nested_row,
            **dict.fromkeys(_SILENT.split(), lambda group: None),
        }

    def read(self, root: Group) -> list[Block]:
        self._walk(root)
        return [*self._finish(), *self._footnotes]

    def _walk(self, group: Group) -> None:
        outer = self._state
        self._state = dict(outer)
        for item in group:
            if isinstance(item, bytes):
                self._bytes(item)
            elif isinstance(item, list):
                self._skip = 0
                read = self._destinations.get(destination(item))
                if read is None:
                    self._walk(item)
                else:
                    read(item)
            else:
                self._control(item)
        self._state = outer
        self._skip = 0

    def _control(self, control: Control) -> None:
        word = control.word
        read = self._words.get(word)
        if word != "u":
            self._skip = 0
        if read is not None:
            read(control)
        elif not self._characters.apply(self._state, word, control.parameter) and (
            word in _ROW_WORDS or word.startswith("cl")
        ):
            self._page.row.apply(control)

    def _apart(self, group: Group) -> list[Block]:
        """The blocks of a text box or note, read on a page of their own."""
        page, state = self._page, self._state
        self._page = _Page()
        self._state = {**self._characters.start(), "revised": state["revised"], "fallback": state["fallback"]}
        self._walk(group)
        blocks = self._finish()
        self._page, self._state = page, state
        return blocks

    # ---- characters -------------------------------------------------------------------------------

    def _bytes(self, text: bytes) -> None:
        if self._skip:
            text = self._after_fallback(text)
        if text:
            font = self._header.font(self._state["font"])
            self._emit_text(font.decode(text, self._header.default))

    def _after_fallback(self, text: bytes) -> bytes:
        r"""The text without the characters that stand for the \u before it."""
        left = text[self._skip :]
        self._skip = max(0, self._skip - len(text))
        return left

    def _unicode(self, control: Control) -> None:
        code = control.parameter or 0
        if not 0x10000 <= code <= 0x10FFFF:
            code &= 0xFFFF
        self._skip = max(0, self._state["fallback"])
        high, self._high = self._high, 0
        if 0xD800 <= code < 0xDC00:
            self._high = code
        elif 0xDC00 <= code < 0xE000:
            if high:
                self._emit_text(chr(0x10000 + ((high - 0xD800) << 10) + code - 0xDC00))
        elif code >= 0x20:
            self._emit_text(chr(code))

    def _emit_text(self, text: str) -> None:
        if is_gone(self._state):
            if self._state["deleted"]:
                self.notes["tracked changes"] = None
            return
        if self._state["revised"]:
            self.notes["tracked changes"] = None
        self._half_points = self._state["half_points"]
        text = self._shown(text)
        if self._page.fields:
            self._emit(Text(text, self._looks()))
        else:
            self._page.line.text(text, self._looks())

    def _shown(self, text: str) -> str:
        """Symbols as what they show. In an instruction a letter that stands alone may be the mark;
        more of them are the instruction's own words."""
        family = self._header.font(self._state["font"]).family
        private = family or self._header.font(self._state["private_font"]).family
        in_code = bool(self._page.fields) and self._page.fields[-1].in_code
        low = family if not in_code or len(text.strip()) == 1 else ""
        return symbols.shown(text, low, family, private)

    def _emit(self, piece: Piece) -> None:
        """Put a piece where it belongs: into the instruction of an open field, nowhere, or into the line."""
        for open_field in reversed(self._page.fields):
            if open_field.in_code:
                if isinstance(piece, Text) and not "".join(open_field.code).strip():
                    open_field.looks = piece.looks
                open_field.code.append(_as_code(piece))
                return
            if open_field.drawn:
                return
        self._page.line.add(piece)

    def _looks(self) -> Looks:
        return self._characters.looks(self._state, shaded=self._on_shaded_cell())

    def _on_shaded_cell(self) -> bool:
        index, columns = self._page.flow.cell_index(1), self._page.row.columns
        if depth(self._state) != 1 or index >= len(columns):
            return False
        words = columns[index].words
        return self._header.fills(words.get("clcbpat", 0)) or words.get("clshdng", 0) > 0

    # ---- paragraphs, cells, rows ------------------------------------------------------------------

    def _end_paragraph(self) -> None:
        """A mark that is deleted or hidden does not end the line."""
        if not is_gone(self._state) and not (self._page.fields and self._page.fields[-1].in_code):
            self._put_paragraph(depth(self._state))

    def _put_paragraph(self, level: int) -> None:
        page = self._page
        pieces: Sequence[Piece] = page.line.pieces()
        if page.floats:
            pieces = place(pieces, page.floats, self._metrics(level))
        page.flow.paragraph(Paragraph(tuple(pieces)), page.after, level)
        page.line, page.floats, page.after = Line(), [], []

    def _metrics(self, level: int) -> Metrics:
        state = self._state
        room = self._page.row.room(self._page.flow.cell_index(1)) if level == 1 else 0.0
        indent = (state["indent"] + state["first_indent"]) / 20
        return Metrics(self._half_points / 2 or 12, room, indent, ALIGNMENTS[state["align"]])

    def _end_section(self) -> None:
        if not self._page.line.empty or self._page.floats:
            self._put_paragraph(0)

    def _end_cell(self, level: int) -> None:
        self._put_paragraph(level)
        self._page.flow.end_cell(level)

    def _start_row(self) -> None:
        self._page.row = Row()

    def _end_row(self, level: int) -> None:
        if not self._page.line.empty or self._page.floats:
            self._end_cell(level)
        self._page.flow.end_row(self._page.row, level)

    def _nested_row(self, group: Group) -> None:
        """The definition of a nested row comes after its cells, in a group of its own."""
        outer, self._page.row = self._page.row, Row()
        self._walk(group)
        self._page.row = outer

    def _finish(self) -> list[Block]:
        page = self._page
        if not page.line.empty or page.floats or page.after:
            self._put_paragraph(depth(self._state))
        return page.flow.finish()

    # ---- destinations -----------------------------------------------------------------------------

    def _field(self, group: Group) -> None:
        page = self._page
        page.fields.append(Field(None, self._looks()))
        before = self._amount()
        self._walk(group)
        done = page.fields.pop()
        for piece in done.pieces():
            self._emit(piece)
        if done.kind == "SHAPE" and self._amount() == before:  # LibreOffice leaves this where it drops a shape
            self._emit(Box("unknown", "shape", looks=done.looks))

    def _amount(self) -> int:
        return self._page.line.count() + len(self._page.floats) + len(self._page.after)

    def _instruction(self, group: Group) -> None:
        if self._page.fields:
            open_field = self._page.fields[-1]
            open_field.form = form_data(group, self._header.default)
            self._walk(group)

    def _result(self, group: Group) -> None:
        if self._page.fields:
            self._page.fields[-1].in_code = False
        self._walk(group)

    def _draw(self, drawn: Drawn) -> None:
        if is_gone(self._state):
            return
        self._page.after.extend(drawn.blocks)
        floats = drawn.place is not None and not self._page.fields and len(self._page.floats) < _MAX_FLOATS
        if drawn.pieces and drawn.place is not None and floats:
            self._page.floats.append(Float(self._page.line.count(), drawn.pieces, drawn.place))
            return
        for piece in drawn.pieces:
            self._emit(piece)

    def _object(self, group: Group) -> None:
        pieces = self.drawings.control(group, self._looks())
        if pieces is None:
            self._walk(first_group(group, "result"))
        else:
            self._draw(Drawn(pieces))

    def _footnote(self, group: Group) -> None:
        if not is_gone(self._state):
            self._footnotes.extend(self._apart(group))

    def _annotation(self, group: Group) -> None:
        text = "\n".join(block.text for block in self._apart(group) if block.text.strip())
        if text and not is_gone(self._state):
            self.notes["comments"] = None
            self._page.line.add(Remark(text))

    def _label(self, group: Group) -> None:
        """The number or bullet before a paragraph; a bullet counts only where it is a box or a tick."""
        blocks = self._apart(group)
        pieces = blocks[0].pieces if blocks and isinstance(blocks[0], Paragraph) else ()
        shown = Paragraph(pieces).text.strip()
        bullet = len(shown) == 1 and unicodedata.category(shown)[0] not in "LN"
        if shown and not is_gone(self._state) and (not bullet or shown in _BULLET_BOXES):
            for piece in pieces:
                text = isinstance(piece, Text) and piece.text.strip("\t " if bullet else " ")
                self._emit(Text(text, piece.looks) if text and not isinstance(piece, Remark) else piece)


def _as_code(piece: Piece) -> str:
    if isinstance(piece, Text):
        return piece.text
    return (piece.glyph or ("√" if piece.state == "ticked" else "□")) if isinstance(piece, Box) else ""

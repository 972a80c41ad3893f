"""The content of a paragraph: runs, fields, content controls, tracked changes, things drawn in the line.

Tracked changes are read as accepted. Every kind of mark that Word and WPS can put into a line comes
out as a Box or as the character a person sees; hidden text does not come out at all.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field

from lxml import etree

from intake.document import PLAIN, Block, Box, BoxState, Looks, Piece, Remark, Text
from intake.readers import symbols
from intake.readers.docx_drawings import Drawings, Drawn, choice
from intake.readers.docx_floats import Float, Metrics, place
from intake.readers.docx_numbering import Numbering
from intake.readers.docx_styles import Character, Styles
from intake.readers.fields import Field, symbol_piece
from intake.readers.ooxml_package import Package
from intake.readers.pieces import MARKS, Line
from intake.readers.wordml import MC, W14, M, W, on, value

PROMPT = re.compile(r"单击|点击|选择一项|选择日期|请选择|在此输入|输入文字|Click|Choose|Tap|Enter", re.I)
_REVISIONS = "tracked changes"
_R_PR = W + "rPr"
SYM_EX = "{http://schemas.microsoft.com/office/word/2015/wordml/symex}symEx"  # [MS-DOCX] 2.5.2.1, beyond U+FFFF


@dataclass(slots=True)
class Story:
    """What the readers of one document share, and what they find out on the way."""

    package: Package
    part: str
    styles: Styles
    numbering: Callable[[], Numbering]
    comments: Callable[[], dict[str, str]]
    notes: dict[str, None] = field(default_factory=dict)
    footnotes: list[tuple[str, str]] = field(default_factory=list)

    def note(self, text: str) -> None:
        self.notes[text] = None


@dataclass(slots=True)
class Setting:
    """Of the paragraph being read: its style, whether it stands on a shaded ground, room and indent in points."""

    style: str = ""
    shaded: bool = False
    room: float = 0.0
    indent: float = 0.0
    align: str = "left"


class Inline:
    """Reads the content of paragraphs into lines. Fields may run on from one paragraph to the next."""

    def __init__(self, story: Story, blocks: Callable[[etree._Element], Sequence[Block]]) -> None:
        self._story = story
        self.drawings = Drawings(story.package, story.part, blocks)
        self._fields: list[Field] = []
        self._line = Line()
        self._floats: list[Float] = []
        self._after: list[Block] = []
        self._setting = Setting()
        self._character = Character()
        self._inserted = False
        self._levels = self._level_readers()
        self._contents = self._content_readers()

    def _level_readers(self) -> dict[str, Callable[[etree._Element], None]]:
        """By tag: what stands in a paragraph: its runs, and what may enclose them."""
        return {
            W + "r": self._run,
            W + "hyperlink": self.children,
            W + "smartTag": self.children,
            W + "customXml": self.children,
            W + "dir": self.children,
            W + "bdo": self.children,
            W + "ins": self._insertion,
            W + "moveTo": self._insertion,
            W + "del": self._deletion,
            W + "moveFrom": self._deletion,
            W + "sdt": self._control,
            W + "fldSimple": self._simple_field,
            MC + "AlternateContent": self._alternate,
            M + "oMath": self._formula,
            M + "oMathPara": self._formula,
        }

    def _content_readers(self) -> dict[str, Callable[[etree._Element], None]]:
        """By tag: what stands in a run."""
        return {
            W + "t": self._text,
            W + "tab": lambda element: self._emit_text("\t"),
            W + "ptab": lambda element: self._emit_text("\t"),
            W + "br": lambda element: self._emit_text("\n"),
            W + "cr": lambda element: self._emit_text("\n"),
            W + "noBreakHyphen": lambda element: self._emit_text("-"),
            W + "sym": self._symbol,
            SYM_EX: self._symbol,
            W + "fldChar": self._field_character,
            W + "instrText": self._instruction,
            W + "drawing": self._drawing,
            W + "pict": self._vml,
            W + "object": self._vml,
            W + "ruby": self._ruby,
            W + "commentReference": self._comment,
            W + "footnoteReference": self._footnote,
            W + "endnoteReference": self._footnote,
            MC + "AlternateContent": self._run_alternate,
        }

    def paragraph(self, element: etree._Element, setting: Setting, line: Line, label: Piece | None) -> list[Block]:
        """Add a paragraph's content to a line; returns the blocks of text boxes that follow it."""
        outer = (self._line, self._floats, self._after, self._setting, self._inserted)
        self._line, self._floats, self._after, self._setting, self._inserted = line, [], [], setting, False
        try:
            if label is not None:
                line.add(label)
            self.children(element)
            if self._floats:
                line.replace(place(line.pieces(), self._floats, self._metrics()))
            return self._after
        finally:
            self._line, self._floats, self._after, self._setting, self._inserted = outer

    def children(self, element: etree._Element) -> None:
        for child in element:
            read = self._levels.get(child.tag)
            if read is not None:
                read(child)

    # ---- what comes out ---------------------------------------------------------------------------

    def _emit_text(self, text: str) -> None:
        if not self._fields and not self._character.hidden:
            self._line.text(text, self._character.looks)
        else:
            self._emit(Text(text, self._character.looks))

    def _emit(self, piece: Piece) -> None:
        """Put a piece where it belongs: into the instruction of an open field, nowhere, or into the line."""
        for open_field in reversed(self._fields):
            if open_field.in_code:
                open_field.code.append(_as_code(piece))
                return
            if open_field.drawn:
                return
        if not self._character.hidden:
            self._line.add(piece)

    # ---- runs -------------------------------------------------------------------------------------

    def _run(self, element: etree._Element) -> None:
        properties = element[0] if len(element) and element[0].tag == _R_PR else None
        setting = self._setting
        self._character = self._story.styles.character(
            properties, setting.style, shaded=setting.shaded, inserted=self._inserted
        )
        for child in element:
            read = self._contents.get(child.tag)
            if read is not None:
                read(child)

    def _text(self, element: etree._Element) -> None:
        if element.text:
            self._emit_text(self._character.shown(element.text))

    def _symbol(self, element: etree._Element) -> None:
        space = element.tag[: element.tag.index("}") + 1]
        code = element.get(space + "char", "")
        try:
            number = int(code, 16)
        except ValueError:
            return
        self._emit(symbol_piece(element.get(space + "font", ""), number, self._character.looks))

    def _ruby(self, element: etree._Element) -> None:
        """The text under a reading (拼音); a reading that is a mark is a tick laid over its box."""
        outer = self._character
        base, reading = element.find(W + "rubyBase"), element.find(W + "rt")
        if base is not None:
            self.children(base)
        if reading is not None and "".join(t.text or "" for t in reading.iter(W + "t")).strip() in MARKS:
            self.children(reading)
        self._character = outer

    def _comment(self, element: etree._Element) -> None:
        text = self._story.comments().get(element.get(W + "id", ""), "")
        if text:
            self._story.note("comments")
            self._line.add(Remark(text))

    def _footnote(self, element: etree._Element) -> None:
        kind = "footnotes" if element.tag == W + "footnoteReference" else "endnotes"
        self._story.footnotes.append((kind, element.get(W + "id", "")))

    # ---- tracked changes --------------------------------------------------------------------------

    def _insertion(self, element: etree._Element) -> None:
        self._story.note(_REVISIONS)
        outer, self._inserted = self._inserted, True
        self.children(element)
        self._inserted = outer

    def _deletion(self, element: etree._Element) -> None:
        self._story.note(_REVISIONS)

    # ---- fields -----------------------------------------------------------------------------------

    def _field_character(self, element: etree._Element) -> None:
        match element.get(W + "fldCharType"):
            case "begin":
                self._fields.append(Field(element.find(W + "ffData"), self._character.looks))
            case "separate":
                if self._fields:
                    self._fields[-1].in_code = False
            case "end":
                self._end_field()

    def _end_field(self) -> None:
        if self._fields:
            for piece in self._fields.pop().pieces():
                self._emit(piece)

    def _instruction(self, element: etree._Element) -> None:
        """A letter that stands alone may be the mark; more of them are the instruction's own words."""
        if self._fields and self._fields[-1].in_code and element.text:
            character = self._character
            low = character.low if len(element.text.strip()) == 1 else ""
            shown = symbols.shown(element.text, low, character.high, character.private)
            self._fields[-1].code.append(shown)

    def _simple_field(self, element: etree._Element) -> None:
        self._fields.append(Field(None, self._character.looks, [element.get(W + "instr", "")], in_code=False))
        self.children(element)
        self._end_field()

    # ---- content controls -------------------------------------------------------------------------

    def _control(self, element: etree._Element) -> None:
        content = element.find(W + "sdtContent")
        properties = element.find(W + "sdtPr")
        check = None if properties is None else properties.find(W14 + "checkbox")
        if content is None:
            if check is not None:
                self._emit(Box(_stored(check), "content control (stored state)"))
            return
        if check is not None:
            self._check_box(check, self._captured(content))
        elif not is_prompt(element, self._story.styles):
            self.children(content)

    def _captured(self, content: etree._Element) -> tuple[Piece, ...]:
        outer, self._line = self._line, Line()
        outer_fields, self._fields = self._fields, []
        self.children(content)
        pieces = self._line.pieces()
        self._line, self._fields = outer, outer_fields
        return pieces

    def _check_box(self, check: etree._Element, pieces: Sequence[Piece]) -> None:
        """The glyph is what a person sees; the stored state counts only where there is none."""
        self._character = Character(looks=_looks(pieces))
        shown = "".join(_as_code(piece) for piece in pieces).strip()
        if len(shown) > 1:
            self._story.note("text typed into a check box")
            for piece in pieces:
                self._emit(piece)
            return
        if not shown:
            self._emit(Box(_stored(check), "content control (stored state)", looks=_looks(pieces)))
            return
        state = _glyph_state(shown, check)
        if state != _stored(check):
            self._story.note("content control: stored state differs from the glyph")
        self._emit(Box(state, "content control", shown, _looks(pieces)))

    # ---- drawn things -----------------------------------------------------------------------------

    def _drawing(self, element: etree._Element) -> None:
        character = self._character
        if not character.hidden:
            self._draw(self.drawings.drawing(element, character.looks), character)

    def _vml(self, element: etree._Element) -> None:
        character = self._character
        if not character.hidden:
            self._draw(self.drawings.vml(element, character.looks), character)

    def _draw(self, drawn: Drawn, character: Character) -> None:
        self._character = character  # a text box has runs of its own
        self._after.extend(drawn.blocks)
        if drawn.pieces and drawn.place is not None and not self._fields:
            self._floats.append(Float(self._line.count(), drawn.pieces, drawn.place))
            return
        for piece in drawn.pieces:
            self._emit(piece)

    def _alternate(self, element: etree._Element) -> None:
        branch = choice(element)
        if branch is not None:
            self.children(branch)

    def _run_alternate(self, element: etree._Element) -> None:
        branch = choice(element)
        if branch is None:
            return
        for child in branch:
            read = self._contents.get(child.tag)
            if read is not None:
                read(child)

    def _formula(self, element: etree._Element) -> None:
        self._character = Character()
        for text in element.iter(M + "t", M + "rad"):
            if text.tag == M + "t":
                self._emit_text(text.text or "")
            elif next(text.iter(M + "t"), None) is None:
                self._emit_text("√")  # a root without anything under it

    def _metrics(self) -> Metrics:
        """The paragraph's metrics with the size of the characters last read in it."""
        setting = self._setting
        return Metrics(self._character.half_points / 2, setting.room, setting.indent, setting.align)


def is_prompt(control: etree._Element, styles: Styles) -> bool:
    """Whether a content control shows only its own prompt (单击此处输入文字), which nobody typed.

    Some editors leave the flag when text is typed, so the words or their style must agree with it.
    """
    flag = control.find(f"{W}sdtPr/{W}showingPlcHdr")
    content = control.find(W + "sdtContent")
    if flag is None or not on(flag) or content is None:
        return False
    if any("placeholder" in styles.name(value(style)) for style in content.iter(W + "rStyle")):
        return True
    text = "".join(one.text or "" for one in content.iter(W + "t"))
    return not text.strip() or PROMPT.search(text) is not None


def _as_code(piece: Piece) -> str:
    if isinstance(piece, Text):
        return piece.text
    return (piece.glyph or ("√" if piece.state == "ticked" else "□")) if isinstance(piece, Box) else ""


def _looks(pieces: Sequence[Piece]) -> Looks:
    return next((piece.looks for piece in pieces if not isinstance(piece, Remark)), PLAIN)


def _stored(check: etree._Element) -> BoxState:
    state = check.find(W14 + "checked")
    return "ticked" if state is not None and state.get(W14 + "val", "1") in ("1", "true", "on") else "empty"


def _glyph_state(shown: str, check: etree._Element) -> BoxState:
    """A known glyph speaks for itself; any other is compared with the glyphs the control names."""
    state = symbols.state_of(shown)
    if state in ("ticked", "empty"):
        return state
    states: dict[str, BoxState] = {"checkedState": "ticked", "uncheckedState": "empty"}
    for name, meaning in states.items():
        element = check.find(W14 + name)
        code = "" if element is None else element.get(W14 + "val", "")
        if element is not None and re.fullmatch(r"[0-9A-Fa-f]{1,6}", code):
            named = symbols.glyph(element.get(W14 + "font", ""), int(code, 16))
            if shown in (named, chr(min(int(code, 16), 0x10FFFF))):
                return meaning
    return "unknown"

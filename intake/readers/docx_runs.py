"""The content of a paragraph: runs, fields, content controls, tracked changes, things drawn in the line.

Tracked changes are read as accepted. Every kind of mark that Word and WPS can put into a line comes
out as a Box or as the character a person sees; hidden text does not come out at all.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import TypeAlias

from lxml import etree

from intake.document import Block, Piece, Remark
from intake.readers.docx_controls import check_box, is_prompt, looks_of, stored_box
from intake.readers.docx_drawings import Drawings, Drawn, choice
from intake.readers.docx_floats import Float, place
from intake.readers.docx_output import Output
from intake.readers.docx_paragraphs import NO_PROPERTIES, Setting
from intake.readers.docx_paragraphs import setting as setting_of
from intake.readers.docx_story import Story
from intake.readers.docx_styles import Character
from intake.readers.fields import Field, symbol_piece
from intake.readers.pieces import MARKS, Line
from intake.readers.wordml import MC, W14, M, W

_REVISIONS = "tracked changes"
_R_PR, _T = W + "rPr", W + "t"
SYM_EX = "{http://schemas.microsoft.com/office/word/2015/wordml/symex}symEx"  # [MS-DOCX] 2.5.2.1, beyond U+FFFF


class Inline:
    """Reads the content of paragraphs into lines; `blocks` reads that of a text box."""

    def __init__(self, story: Story, blocks: Callable[[etree._Element], Sequence[Block]]) -> None:
        self._story = story
        self.drawings = Drawings(story.package, story.part, blocks)
        self._out = Output()
        self._floats: list[Float] = []
        self._after: list[Block] = []
        self._setting = setting_of(NO_PROPERTIES, NO_PROPERTIES)
        self._inserted = False

    def paragraph(
        self, content: Iterable[etree._Element], setting: Setting, line: Line, label: Piece | None
    ) -> list[Block]:
        """Add a paragraph's content to a line; returns the blocks of text boxes that follow it."""
        out = self._out
        outer = (out.line, self._floats, self._after, self._setting, self._inserted)
        out.line, self._floats, self._after, self._setting, self._inserted = line, [], [], setting, False
        try:
            if label is not None:
                line.add(label)
            self._children(content)
            if self._floats:
                size = out.character.half_points / 2  # of the characters last read
                line.replace(place(line.pieces(), self._floats, setting.metrics(self._story.styles, size)))
            return self._after
        finally:
            out.line, self._floats, self._after, self._setting, self._inserted = outer

    def _children(self, content: Iterable[etree._Element]) -> None:
        for child in content:
            read = _LEVELS.get(child.tag)
            if read is not None:
                read(self, child)

    # ---- runs -------------------------------------------------------------------------------------

    def _run(self, element: etree._Element) -> None:
        content = list(element)
        properties = content[0] if content and content[0].tag == _R_PR else None
        self._out.character = self._story.styles.character(
            properties, self._setting.style, shaded=self._setting.shaded, inserted=self._inserted
        )
        self._contents(content)

    def _contents(self, content: Iterable[etree._Element]) -> None:
        for child in content:
            read = _CONTENTS.get(child.tag)
            if read is not None:
                read(self, child)

    def _text(self, element: etree._Element) -> None:
        text = element.text
        if text:
            self._out.text(self._out.character.shown(text))

    def _tab(self, element: etree._Element) -> None:
        self._out.text("\t")

    def _break(self, element: etree._Element) -> None:
        self._out.text("\n")

    def _hyphen(self, element: etree._Element) -> None:
        self._out.text("-")

    def _symbol(self, element: etree._Element) -> None:
        space = element.tag[: element.tag.index("}") + 1]
        code = element.get(space + "char", "")
        try:
            number = int(code, 16)
        except ValueError:
            return
        self._out.emit(symbol_piece(element.get(space + "font", ""), number, self._out.character.looks))

    def _ruby(self, element: etree._Element) -> None:
        """The text under a reading (拼音); a reading that is a mark is a tick laid over its box."""
        outer = self._out.character
        base, reading = element.find(W + "rubyBase"), element.find(W + "rt")
        if base is not None:
            self._children(base)
        if reading is not None and "".join(t.text or "" for t in reading.iter(_T)).strip() in MARKS:
            self._children(reading)
        self._out.character = outer

    def _comment(self, element: etree._Element) -> None:
        text = self._story.comments.get(element.get(W + "id", ""), "")
        if text:
            self._story.note("comments")
            self._out.line.add(Remark(text))

    def _footnote(self, element: etree._Element) -> None:
        kind = "footnotes" if element.tag == W + "footnoteReference" else "endnotes"
        self._story.footnotes.append((kind, element.get(W + "id", "")))

    def _formula(self, element: etree._Element) -> None:
        self._out.character = Character()
        for text in element.iter(M + "t", M + "rad"):
            if text.tag == M + "t":
                self._out.text(text.text or "")
            elif next(text.iter(M + "t"), None) is None:
                self._out.text("√")  # a root without anything under it

    # ---- what stands around runs ------------------------------------------------------------------

    def _insertion(self, element: etree._Element) -> None:
        self._story.note(_REVISIONS)
        outer, self._inserted = self._inserted, True
        self._children(element)
        self._inserted = outer

    def _deletion(self, element: etree._Element) -> None:
        self._story.note(_REVISIONS)

    def _alternate(self, element: etree._Element) -> None:
        branch = choice(element)
        if branch is not None:
            self._children(branch)

    def _run_alternate(self, element: etree._Element) -> None:
        branch = choice(element)
        if branch is not None:
            self._contents(branch)

    def _control(self, element: etree._Element) -> None:
        content = element.find(W + "sdtContent")
        properties = element.find(W + "sdtPr")
        check = None if properties is None else properties.find(W14 + "checkbox")
        if content is None:
            if check is not None:
                self._out.emit(stored_box(check))
        elif check is not None:
            self._check_box(check, content)
        elif not is_prompt(element, self._story.styles):
            self._children(content)

    def _check_box(self, check: etree._Element, content: etree._Element) -> None:
        pieces = self._out.captured(lambda: self._children(content))
        self._out.character = Character(looks=looks_of(pieces))
        for piece in check_box(check, pieces, self._story):
            self._out.emit(piece)

    # ---- fields -----------------------------------------------------------------------------------

    def _field_character(self, element: etree._Element) -> None:
        match element.get(W + "fldCharType"):
            case "begin":
                self._out.begin_field(element.find(W + "ffData"))
            case "separate":
                self._out.begin_result()
            case "end":
                self._out.end_field()

    def _instruction(self, element: etree._Element) -> None:
        self._out.instruction(element.text or "")

    def _simple_field(self, element: etree._Element) -> None:
        looks, code = self._out.character.looks, element.get(W + "instr", "")
        self._out.fields.append(Field(None, looks, [code], in_code=False))
        self._children(element)
        self._out.end_field()

    # ---- drawn things -----------------------------------------------------------------------------

    def _drawing(self, element: etree._Element) -> None:
        character = self._out.character
        if not character.hidden:
            self._draw(self.drawings.drawing(element, character.looks), character)

    def _vml(self, element: etree._Element) -> None:
        character = self._out.character
        if not character.hidden:
            self._draw(self.drawings.vml(element, character.looks), character)

    def _draw(self, drawn: Drawn, character: Character) -> None:
        self._out.character = character  # a text box has runs of its own
        self._after.extend(drawn.blocks)
        if drawn.pieces and drawn.place is not None and not self._out.fields:
            self._floats.append(Float(self._out.line.count(), drawn.pieces, drawn.place))
            return
        for piece in drawn.pieces:
            self._out.emit(piece)


_Read: TypeAlias = Callable[[Inline, etree._Element], None]

_LEVELS: Mapping[str, _Read] = {  # by tag: what stands in a paragraph: its runs, and what may enclose them
    W + "r": Inline._run,
    **dict.fromkeys((W + name for name in ("hyperlink", "smartTag", "customXml", "dir", "bdo")), Inline._children),
    **dict.fromkeys((W + "ins", W + "moveTo"), Inline._insertion),
    **dict.fromkeys((W + "del", W + "moveFrom"), Inline._deletion),
    W + "sdt": Inline._control,
    W + "fldSimple": Inline._simple_field,
    MC + "AlternateContent": Inline._alternate,
    **dict.fromkeys((M + "oMath", M + "oMathPara"), Inline._formula),
}
_CONTENTS: Mapping[str, _Read] = {  # by tag: what stands in a run
    _T: Inline._text,
    **dict.fromkeys((W + "tab", W + "ptab"), Inline._tab),
    **dict.fromkeys((W + "br", W + "cr"), Inline._break),
    W + "noBreakHyphen": Inline._hyphen,
    **dict.fromkeys((W + "sym", SYM_EX), Inline._symbol),
    W + "fldChar": Inline._field_character,
    W + "instrText": Inline._instruction,
    W + "drawing": Inline._drawing,
    **dict.fromkeys((W + "pict", W + "object"), Inline._vml),
    W + "ruby": Inline._ruby,
    W + "commentReference": Inline._comment,
    **dict.fromkeys((W + "footnoteReference", W + "endnoteReference"), Inline._footnote),
    MC + "AlternateContent": Inline._run_alternate,
}

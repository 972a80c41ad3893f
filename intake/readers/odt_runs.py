"""The content of an OpenDocument paragraph: spans, fields, controls, tracked changes, drawn things.

Tracked changes are read as accepted: what was deleted stands apart from the text and is not read.
White space is brought together as a person sees it (OpenDocument 1.3 part 3, 6.1.2); hidden text
does not come out at all.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from lxml import etree

from intake.document import PLAIN, Block, Box, Looks, Piece, Remark, Text
from intake.readers import symbols
from intake.readers.docx_controls import PROMPT
from intake.readers.docx_drawings import Drawn
from intake.readers.docx_floats import Float, Metrics, place
from intake.readers.docx_styles import Character
from intake.readers.odt_controls import Controls, content_box, field_pieces
from intake.readers.odt_drawn import SHAPES, Drawings
from intake.readers.odt_names import DRAW, FIELD, LOEXT, OFFICE, TEXT, count, is_true
from intake.readers.odt_styles import Styles
from intake.readers.ooxml_package import Package
from intake.readers.pieces import MARKS, Line

_SPACE = re.compile(r"[ \t\r\n]+")
_MAX_SPACES = 100
_MAX_FLOATS = 300  # in one line; the next ones stand at their anchors
_SILENT = frozenset(
    {TEXT + "tracked-changes", TEXT + "placeholder", TEXT + "note-citation", TEXT + "ruby-text", OFFICE + "forms"}
)


@dataclass(slots=True)
class Story:
    """What the readers of one document share, and what they find out on the way."""

    package: Package | None
    styles: Styles
    controls: Controls
    changes: Mapping[str, str]  # of each tracked change by its id: insertion, deletion, format-change
    ranged: frozenset[str]  # names of comments on a stretch of text, which has an end
    notes: dict[str, None] = field(default_factory=dict)
    footnotes: list[Block] = field(default_factory=list)

    def note(self, text: str) -> None:
        self.notes[text] = None


@dataclass(frozen=True, slots=True)
class Setting:
    """Of the paragraph being read: its style, whether it stands on a shaded ground, its metrics; on a sheet the
    style of its cell."""

    style: str = ""
    shaded: bool = False
    cell: str = ""
    metrics: Metrics = field(default_factory=Metrics)


class Inline:
    """Reads the content of paragraphs into lines. Tracked changes may run on from one to the next."""

    def __init__(self, story: Story, blocks: Callable[[etree._Element], Sequence[Block]]) -> None:
        self._story = story
        self._blocks = blocks
        self.drawings = Drawings(story.package, story.styles, blocks)
        self._line = Line()
        self._floats: list[Float] = []
        self._after: list[Block] = []
        self._setting = Setting()
        self._spans: tuple[str, ...] = ()
        self._character = Character()
        self._half_points = 24
        self._after_space = True
        self._open_changes: dict[str, str] = {}
        self._drawn_fields = 0
        self._fields: list[bool] = []
        self._remarks: dict[str, str] = {}
        self._readers = self._element_readers()

    def _element_readers(self) -> dict[str, Callable[[etree._Element], None]]:
        return {
            TEXT + "span": self._span,
            TEXT + "s": lambda element: self._emit_text(" " * count(element, TEXT + "c", _MAX_SPACES)),
            TEXT + "tab": lambda element: self._emit_text("\t"),
            TEXT + "line-break": lambda element: self._emit_text("\n"),
            TEXT + "change-start": self._change_start,
            TEXT + "change-end": self._change_end,
            TEXT + "change": lambda element: self._story.note("tracked changes"),
            TEXT + "note": self._note,
            TEXT + "ruby": self._ruby,
            TEXT + "hidden-text": self._conditional,
            TEXT + "hidden-paragraph": lambda element: None,
            OFFICE + "annotation": self._annotation,
            OFFICE + "annotation-end": self._annotation_end,
            FIELD + "fieldmark": self._field,
            FIELD + "fieldmark-start": self._field_start,
            FIELD + "fieldmark-end": self._field_end,
            LOEXT + "content-control": self._content_control,
            DRAW + "control": self._control,
            **dict.fromkeys(SHAPES, self._draw),
            **dict.fromkeys(_SILENT, lambda element: None),
        }

    def paragraph(
        self, element: etree._Element, setting: Setting, label: Piece | None = None
    ) -> tuple[tuple[Piece, ...], list[Block]]:
        """The pieces of a paragraph, and the blocks of text boxes that follow it."""
        return self._read(lambda: self._children(element), setting, label)

    def alone(self, element: etree._Element, setting: Setting) -> tuple[tuple[Piece, ...], list[Block]]:
        """The same of a thing that stands in no paragraph."""
        return self._read(lambda: self._element(element), setting, None)

    def _read(
        self, read: Callable[[], None], setting: Setting, label: Piece | None
    ) -> tuple[tuple[Piece, ...], list[Block]]:
        outer = (self._line, self._floats, self._after, self._setting, self._spans, self._character)
        self._line, self._floats, self._after, self._setting = Line(), [], [], setting
        self._restyle(())
        self._after_space = True
        try:
            if label is not None:
                self._line.add(label)
            read()
            pieces: tuple[Piece, ...] = self._line.pieces()
            if self._floats:
                pieces = place(pieces, self._floats, self._metrics())
            return pieces, self._after
        finally:
            self._line, self._floats, self._after, self._setting, self._spans, self._character = outer

    @property
    def size(self) -> float:
        """The size in points of the characters last read."""
        return self._half_points / 2

    def _children(self, element: etree._Element) -> None:
        if element.text:
            self._text(element.text)
        for child in element:
            self._element(child)
            if child.tail:
                self._text(child.tail)

    def _element(self, element: etree._Element) -> None:
        """Fields, links and bookmarks show what they hold."""
        self._readers.get(str(element.tag), self._children)(element)

    def _restyle(self, spans: tuple[str, ...]) -> None:
        setting = self._setting
        self._spans = spans
        inserted = "insertion" in self._open_changes.values()
        self._character = self._story.styles.character(
            setting.style, spans, shaded=setting.shaded, inserted=inserted, cell=setting.cell
        )

    # ---- text -------------------------------------------------------------------------------------

    def _text(self, text: str) -> None:
        text = _SPACE.sub(" ", text)
        if self._after_space:
            text = text.removeprefix(" ")
        if text:
            self._emit_text(text)
            self._after_space = text.endswith(" ")

    def _emit_text(self, text: str) -> None:
        self._after_space = False
        if not self._is_silent:
            self._half_points = self._character.half_points
            self._line.text(self._character.shown(text), self._character.looks)

    @property
    def _is_silent(self) -> bool:
        return self._character.hidden or self._drawn_fields > 0 or "deletion" in self._open_changes.values()

    def _emit(self, pieces: Iterable[Piece]) -> None:
        if not self._is_silent:
            self._after_space = False
            self._line.extend(pieces)

    def _span(self, element: etree._Element) -> None:
        outer = self._spans
        named = (*element.get(TEXT + "class-names", "").split()[:8], element.get(TEXT + "style-name", ""))
        self._restyle((*outer, *(name for name in named if name)))
        self._children(element)
        self._restyle(outer)

    def _ruby(self, element: etree._Element) -> None:
        """The text under a reading (拼音); a reading that is a mark is a tick laid over its box."""
        base, reading = element.find(TEXT + "ruby-base"), element.find(TEXT + "ruby-text")
        if base is not None:
            self._children(base)
        if reading is not None and "".join(map(str, reading.itertext())).strip() in MARKS:
            self._children(reading)

    def _conditional(self, element: etree._Element) -> None:
        if not is_true(element.get(TEXT + "is-hidden")):
            self._children(element)

    # ---- changes, comments, notes -----------------------------------------------------------------

    def _change_start(self, element: etree._Element) -> None:
        identity = element.get(TEXT + "change-id", "")
        self._story.note("tracked changes")
        self._open_changes[identity] = self._story.changes.get(identity, "")
        self._restyle(self._spans)

    def _change_end(self, element: etree._Element) -> None:
        self._open_changes.pop(element.get(TEXT + "change-id", ""), None)
        self._restyle(self._spans)

    def _annotation(self, element: etree._Element) -> None:
        lines = ("".join(map(str, one.itertext())).strip() for one in element.iter(TEXT + "p"))
        text = "\n".join(line for line in lines if line)
        name = element.get(OFFICE + "name", "")
        if not text:
            return
        self._story.note("comments")
        if name in self._story.ranged:
            self._remarks[name] = text
        else:
            self._line.add(Remark(text))

    def _annotation_end(self, element: etree._Element) -> None:
        text = self._remarks.pop(element.get(OFFICE + "name", ""), "")
        if text:
            self._line.add(Remark(text))

    def _note(self, element: etree._Element) -> None:
        body = element.find(TEXT + "note-body")
        if body is not None and not self._is_silent:
            self._story.footnotes.extend(self._blocks(body))

    # ---- fields and controls ----------------------------------------------------------------------

    def _field(self, element: etree._Element) -> None:
        pieces = field_pieces(element, self._character.looks)
        if pieces is None:
            self._children(element)
        else:
            self._emit(pieces)

    def _field_start(self, element: etree._Element) -> None:
        """What stands between the marks is the stored result, not shown where the field draws itself."""
        pieces = field_pieces(element, self._character.looks)
        self._emit(pieces or ())
        self._fields.append(pieces is not None)
        self._drawn_fields += pieces is not None

    def _field_end(self, element: etree._Element) -> None:
        if self._fields:
            self._drawn_fields -= self._fields.pop()

    def _content_control(self, element: etree._Element) -> None:
        if not is_true(element.get(LOEXT + "checkbox")):
            if not self._is_prompt(element):
                self._children(element)
            return
        outer, self._line = self._line, Line()
        self._children(element)
        pieces = self._line.pieces()
        self._line = outer
        shown = "".join(_as_text(piece) for piece in pieces).strip()
        if len(shown) > 1:
            self._story.note("text typed into a check box")
            self._emit(pieces)
            return
        looks = next((piece.looks for piece in pieces if isinstance(piece, Text | Box)), PLAIN)
        self._emit((content_box(element, shown, symbols.state_of(shown), looks),))

    def _is_prompt(self, control: etree._Element) -> bool:
        """Whether a content control shows only its own prompt; the flag alone may be left when text is typed."""
        if not is_true(control.get(LOEXT + "showing-place-holder")):
            return False
        styles = (span.get(TEXT + "style-name", "") for span in control.iter(TEXT + "span"))
        if any("placeholder" in self._story.styles.parents(style).lower() for style in styles):
            return True
        text = "".join(map(str, control.itertext()))
        return not text.strip() or PROMPT.search(text) is not None

    def _control(self, element: etree._Element) -> None:
        identity = element.get(DRAW + "control", "")
        self._draw_pieces(Drawn(tuple(self._story.controls.pieces(identity, self._character.looks))))

    # ---- drawn things -----------------------------------------------------------------------------

    def _draw(self, element: etree._Element) -> None:
        if self._is_silent:
            return
        space, looks = self._after_space, self._character.looks
        controls = list(element.iter(DRAW + "control")) if element.tag == DRAW + "g" else []
        drawn = self.drawings.drawn(element, looks) if not controls else self._grouped(controls, looks)
        self._after_space = space
        self._draw_pieces(drawn)

    def _grouped(self, controls: Iterable[etree._Element], looks: Looks) -> Drawn:
        pieces = (self._story.controls.pieces(one.get(DRAW + "control", ""), looks) for one in controls)
        return Drawn(tuple(piece for some in pieces for piece in some))

    def _draw_pieces(self, drawn: Drawn) -> None:
        self._after.extend(drawn.blocks)
        if drawn.pieces and drawn.place and not self._is_silent and len(self._floats) < _MAX_FLOATS:
            self._floats.append(Float(self._line.count(), drawn.pieces, drawn.place))
        else:
            self._emit(drawn.pieces)

    def _metrics(self) -> Metrics:
        metrics = self._setting.metrics
        return Metrics(self._half_points / 2, metrics.room, metrics.indent, metrics.align)


def _as_text(piece: Piece) -> str:
    if isinstance(piece, Text):
        return piece.text
    return (piece.glyph or ("√" if piece.state == "ticked" else "□")) if isinstance(piece, Box) else ""

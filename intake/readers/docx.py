"""Word documents (docx, docm, dotx; Transitional and Strict) read straight from their XML.

Promises: every kind of mark survives (see docx_runs), tables keep their grid, tracked changes are
taken as accepted, hidden text is left out. Only the parts that matter are opened: the document, its
styles, and numbering, comments, notes, theme and controls where the document refers to them.
Headers and footers are not form content and are not read. Raises children of Unreadable only.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache, lru_cache

from lxml import etree

from intake.document import Block, Cell, Document, Piece, Table
from intake.errors import Damaged, NoOcr
from intake.readers.docx_drawings import choice
from intake.readers.docx_numbering import Numbering
from intake.readers.docx_runs import Inline, Setting, Story, is_prompt
from intake.readers.docx_styles import Styles, is_shaded
from intake.readers.ooxml_package import Package, Packed, parse
from intake.readers.pieces import Line
from intake.readers.wordml import MC, W, first_child, first_of_each, number, on, value

OWN_PROPERTY = "cipsa-intake"
FILLED_PROPERTY = "cipsa-intake-filled"  # key;field,field
_CELL_MARGIN = 10.8  # points, left and right together (Word's default of 0.19 cm each)
_TRANSPARENT = frozenset({W + "customXml", W + "ins", W + "moveTo", W + "smartTag"})
# Names asked for at every paragraph and cell, put together once.
_P, _TBL, _TR, _TC, _SDT, _SDT_CONTENT, _ALT_CHUNK = (
    W + name for name in ("p", "tbl", "tr", "tc", "sdt", "sdtContent", "altChunk")
)
_P_PR, _R_PR, _P_STYLE, _NUM_PR, _JC, _IND, _SHD = (
    W + name for name in ("pPr", "rPr", "pStyle", "numPr", "jc", "ind", "shd")
)
_TR_PR, _TC_PR, _TC_W, _CELL_DEL, _GRID_SPAN, _V_MERGE, _H_MERGE = (
    W + name for name in ("trPr", "tcPr", "tcW", "cellDel", "gridSpan", "vMerge", "hMerge")
)
_TYPE, _WIDTH = W + "type", W + "w"
_LINES = frozenset({_P, _TBL})
_AROUND = frozenset({_SDT, W + "customXml", MC + "AlternateContent", W + "ins", W + "moveTo"})


def read_docx(content: bytes) -> Document:
    """Read a Word document."""
    package = Package(content)
    part = package.target("", "officeDocument", "word/document.xml")
    root = package.root(part)
    body = None if root is None else root.find(W + "body")
    if body is None:
        raise Damaged("no document part")
    reader = _Reader(_story(package, part))
    blocks = [*reader.blocks(body), *reader.footnotes()]
    if reader.large_pictures and not any(block.text.strip() for block in blocks):
        raise NoOcr("a document that holds only pictures")
    properties = package.custom_properties()
    if "KSOProductBuildVer" in properties:
        reader.story.note("WPS " + properties["KSOProductBuildVer"])
    if reader.large_pictures:
        reader.story.note("pictures")
    marks = tuple(text or "own" for name, text in properties.items() if name == OWN_PROPERTY)
    prefilled = tuple(filter(None, re.split(r"[;,\s]+", properties.get(FILLED_PROPERTY, "")[:500])))
    return Document(tuple(blocks), "docx", marks=marks, notes=tuple(reader.story.notes), prefilled=prefilled)


def _story(package: Package, part: str) -> Story:
    def related(kind: str) -> etree._Element | None:
        target = package.target(part, kind)
        return package.root(target) if target else None

    return Story(
        package,
        part,
        _styles(*(package.packed(package.target(part, kind)) for kind in ("styles", "theme"))),
        cache(lambda: Numbering(related("numbering"))),
        cache(lambda: _comment_texts(related("comments"))),
    )


@lru_cache(maxsize=4)
def _styles(styles: Packed | None, theme: Packed | None) -> Styles:
    """Kept between documents: the units' copies of one form bring the same styles, by far its largest part."""

    def root(packed: Packed | None) -> etree._Element | None:
        return parse(packed.unpacked()) if packed is not None and packed.size else None

    return Styles(root(styles), lambda: root(theme))


def _comment_texts(root: etree._Element | None) -> dict[str, str]:
    """The text of each comment by its id."""
    found: dict[str, str] = {}
    for comment in () if root is None else root.iterfind(W + "comment"):
        lines = ("".join(text.text or "" for text in one.iter(W + "t")) for one in comment.iter(_P))
        found[comment.get(W + "id", "")] = "\n".join(line for line in lines if line.strip())
    return found


@dataclass(slots=True)
class _Draft:
    """A cell whose vertical merge may still go on."""

    blocks: tuple[Block, ...]
    column: int
    span: int
    rows: int = 1

    def cell(self) -> Cell:
        return Cell(self.blocks, self.column, self.span, self.rows)


@dataclass(slots=True)
class _Paragraph:
    """The properties of a paragraph that matter here."""

    style: str = ""
    shading: etree._Element | None = None
    numbering: etree._Element | None = None
    align: str = ""
    indent: float = 0.0
    runs_on: bool = False  # its mark is deleted or hidden: the next paragraph continues it


@dataclass(frozen=True, slots=True)
class _Ground:
    """What a paragraph stands on: a shaded cell, and the room in it in points (0: unknown)."""

    shaded: bool = False
    room: float = 0.0


_PAGE = _Ground()


class _Reader:
    """Reads blocks; one for a document, because fields and numbers run on from block to block."""

    def __init__(self, story: Story) -> None:
        self.story = story
        self._inline = Inline(story, self.blocks)

    @property
    def large_pictures(self) -> int:
        return self._inline.drawings.large_pictures

    def blocks(self, container: etree._Element, ground: _Ground = _PAGE) -> list[Block]:
        """The paragraphs and tables of a body, cell, text box or note, in order."""
        found: list[Block] = []
        line: Line | None = None
        for element in self._flat(container):
            if element.tag == _TBL:
                if line is not None and not line.empty:
                    found.append(line.paragraph())
                line = None
                found.append(self._table(element))
                continue
            line = line or Line()
            paragraph = _paragraph(element)
            after = self._read_paragraph(element, paragraph, line, ground)
            if not paragraph.runs_on or after:
                found.append(line.paragraph())
                found.extend(after)
                line = None
        if line is not None and not line.empty:
            found.append(line.paragraph())
        return found

    def footnotes(self) -> Iterator[Block]:
        """The notes that the text refers to, after it."""
        for kind, identity in self.story.footnotes:
            target = self.story.package.target(self.story.part, kind)
            root = self.story.package.root(target) if target else None
            for note in () if root is None else root.iterfind(W + kind.removesuffix("s")):
                if note.get(W + "id") == identity:
                    yield from self.blocks(note)

    def _flat(self, container: etree._Element) -> Iterator[etree._Element]:
        """The paragraphs and tables inside, with wrappers looked through."""
        for child in container:
            if child.tag in _LINES:
                yield child
            elif child.tag == _ALT_CHUNK:
                self.story.note("altChunk ignored")
            else:
                inner = self._inside(child)
                if inner is not None:
                    yield from self._flat(inner)

    def _inside(self, wrapper: etree._Element) -> etree._Element | None:
        """The content of a wrapper that may stand around paragraphs, rows or cells; None for anything else."""
        if wrapper.tag == _SDT:
            return None if is_prompt(wrapper, self.story.styles) else wrapper.find(_SDT_CONTENT)
        if wrapper.tag == MC + "AlternateContent":
            return choice(wrapper)
        return wrapper if wrapper.tag in _TRANSPARENT else None

    # ---- paragraphs -------------------------------------------------------------------------------

    def _read_paragraph(
        self, element: etree._Element, paragraph: _Paragraph, line: Line, ground: _Ground
    ) -> list[Block]:
        align = paragraph.align or value(self.story.styles.paragraph_property(paragraph.style, "jc")) or "left"
        setting = Setting(
            paragraph.style,
            ground.shaded or is_shaded(paragraph.shading),
            ground.room,
            paragraph.indent,
            align,
        )
        return self._inline.paragraph(element, setting, line, self._label(paragraph))

    def _label(self, paragraph: _Paragraph) -> Piece | None:
        inherited = self.story.styles.paragraph_property(paragraph.style, "numPr")
        if paragraph.numbering is None and inherited is None:
            return None
        return self.story.numbering().label((paragraph.numbering, inherited))

    # ---- tables -----------------------------------------------------------------------------------

    def _table(self, element: etree._Element) -> Table:
        rows: list[list[_Draft]] = []
        merging: dict[int, _Draft] = {}
        for row in self._wrapped(element, _TR):
            properties = first_child(row, _TR_PR)
            if properties is not None and _is_gone(properties):
                self.story.note("rows left out")
                continue
            drafts, merging = self._row(row, properties, merging)
            rows.append(drafts)
        return Table(tuple(tuple(draft.cell() for draft in row) for row in rows))

    def _row(
        self, row: etree._Element, properties: etree._Element | None, merging: dict[int, _Draft]
    ) -> tuple[list[_Draft], dict[int, _Draft]]:
        column = number(value(properties.find(W + "gridBefore"))) if properties is not None else 0
        drafts: list[_Draft] = []
        going_on: dict[int, _Draft] = {}
        for cell in self._wrapped(row, _TC):
            own = first_of_each(first_child(cell, _TC_PR))
            if _CELL_DEL in own:
                continue
            span = max(1, min(number(value(own.get(_GRID_SPAN)), 1), 1000))
            merge = own.get(_V_MERGE)
            if value(own.get(_H_MERGE)) == "continue" and drafts:
                drafts[-1].span += span
            elif merge is not None and value(merge) in ("", "continue") and column in merging:
                merging[column].rows += 1
                going_on[column] = merging[column]
            else:
                drafts.append(_Draft(self._cell(cell, own), column, span))
                if merge is not None:
                    going_on[column] = drafts[-1]
            column += span
        return drafts, going_on

    def _cell(self, cell: etree._Element, properties: Mapping[str, etree._Element]) -> tuple[Block, ...]:
        width = properties.get(_TC_W)
        room = 0.0
        if width is not None and width.get(_TYPE, "dxa") == "dxa":
            room = max(0.0, number(width.get(_WIDTH)) / 20 - _CELL_MARGIN)
        blocks = self.blocks(cell, _Ground(is_shaded(properties.get(_SHD)), room))
        return tuple(blocks) if any(isinstance(block, Table) or block.pieces for block in blocks) else ()

    def _wrapped(self, container: etree._Element, tag: str) -> Iterator[etree._Element]:
        """The rows of a table, or the cells of a row, with content controls around them looked through."""
        for child in container:
            if child.tag == tag:
                yield child
            elif child.tag in _AROUND:
                inner = child.find(_SDT_CONTENT) if child.tag == _SDT else self._inside(child)
                if inner is not None:
                    yield from self._wrapped(inner, tag)


def _is_gone(row_properties: etree._Element) -> bool:
    """Whether a row is deleted by a tracked change, or hidden."""
    if row_properties.find(W + "del") is not None:
        return True
    hidden = row_properties.find(W + "hidden")
    return hidden is not None and on(hidden)


def _paragraph(element: etree._Element) -> _Paragraph:
    if not len(element) or element[0].tag != _P_PR:
        return _Paragraph()
    own = first_of_each(element[0])
    indent, mark = own.get(_IND), own.get(_R_PR)
    return _Paragraph(
        value(own.get(_P_STYLE)),
        own.get(_SHD),
        own.get(_NUM_PR),
        value(own.get(_JC)),
        0.0 if indent is None else (number(indent.get(W + "left")) + number(indent.get(W + "firstLine"))) / 20,
        mark is not None and _mark_is_gone(mark),
    )


def _mark_is_gone(mark: etree._Element) -> bool:
    own = first_of_each(mark)
    if W + "del" in own or W + "moveFrom" in own:
        return True
    hidden = own.get(W + "vanish")
    return hidden is not None and on(hidden)

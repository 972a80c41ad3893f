"""Word documents (docx, docm, dotx; Transitional and Strict) read straight from their XML.

Promises: every kind of mark survives (see docx_runs), tables keep their grid, tracked changes are
taken as accepted, hidden text is left out. Only the parts that matter are opened: the document, its
styles, and numbering, comments, notes, theme and controls where the document refers to them.
Headers and footers are not form content and are not read. Raises children of Unreadable only.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator

from lxml import etree

from intake.document import Block, Document, Piece
from intake.errors import Damaged, NoOcr
from intake.readers.docx_controls import WRAPPERS, inside
from intake.readers.docx_paragraphs import NO_PROPERTIES, Properties, Setting, setting
from intake.readers.docx_runs import Inline
from intake.readers.docx_story import Story
from intake.readers.docx_tables import Tables
from intake.readers.ooxml_package import Package
from intake.readers.pieces import Line
from intake.readers.wordml import W, first_of_each

OWN_PROPERTY = "cipsa-intake"
FILLED_PROPERTY = "cipsa-intake-filled"  # key;field,field
_BETWEEN_FILLED = re.compile(r"[;,\s]+")
_P, _P_PR, _TBL, _ALT_CHUNK = (W + name for name in ("p", "pPr", "tbl", "altChunk"))
_LINES = frozenset({_P, _TBL})


def read_docx(content: bytes) -> Document:
    """Read a Word document."""
    package = Package(content)
    part = package.target("", "officeDocument", "word/document.xml")
    root = package.root(part)
    body = None if root is None else root.find(W + "body")
    if body is None:
        raise Damaged("no document part")
    reader = _Reader(Story(package, part))
    blocks = [*reader.blocks(body), *reader.footnotes()]
    if reader.large_pictures and not any(block.text.strip() for block in blocks):
        raise NoOcr("a document that holds only pictures")
    properties = package.custom_properties()
    if "KSOProductBuildVer" in properties:
        reader.story.note("WPS " + properties["KSOProductBuildVer"])
    if reader.large_pictures:
        reader.story.note("pictures")
    marks = tuple(text or "own" for name, text in properties.items() if name == OWN_PROPERTY)
    filled = tuple(filter(None, _BETWEEN_FILLED.split(properties.get(FILLED_PROPERTY, "")[:500])))
    return Document(tuple(blocks), "docx", marks=marks, notes=tuple(reader.story.notes), prefilled=filled)


class _Reader:
    """Reads blocks; one for a document, because fields and numbers run on from block to block."""

    def __init__(self, story: Story) -> None:
        self.story = story
        self._inline = Inline(story, self.blocks)
        self._tables = Tables(story, self.blocks)

    @property
    def large_pictures(self) -> int:
        return self._inline.drawings.large_pictures

    def blocks(self, content: Iterable[etree._Element], cell: Properties = NO_PROPERTIES) -> list[Block]:
        """The paragraphs and tables of a body, text box or note, or of a cell with its properties, in order."""
        found: list[Block] = []
        line: Line | None = None
        for element in self._flat(content):
            if element.tag == _TBL:
                if line is not None and not line.empty:
                    found.append(line.paragraph())
                line = None
                found.append(self._tables.table(element))
                continue
            line = line or Line()
            inner = list(element)
            around = setting(first_of_each(inner[0]) if inner and inner[0].tag == _P_PR else NO_PROPERTIES, cell)
            after = self._inline.paragraph(inner, around, line, self._label(around))
            if after or not around.runs_on:
                found.append(line.paragraph())
                found.extend(after)
                line = None
        if line is not None and not line.empty:
            found.append(line.paragraph())
        return found

    def footnotes(self) -> Iterator[Block]:
        """The notes that the text refers to, after it."""
        for kind, identity in self.story.footnotes:
            root = self.story.related(kind)
            for note in () if root is None else root.iterfind(W + kind.removesuffix("s")):
                if note.get(W + "id") == identity:
                    yield from self.blocks(note)

    def _flat(self, content: Iterable[etree._Element]) -> Iterator[etree._Element]:
        """The paragraphs and tables inside, with wrappers looked through."""
        for child in content:
            if child.tag in _LINES:
                yield child
            elif child.tag == _ALT_CHUNK:
                self.story.note("altChunk ignored")
            elif child.tag in WRAPPERS and (inner := inside(child, self.story.styles)) is not None:
                yield from self._flat(inner)

    def _label(self, paragraph: Setting) -> Piece | None:
        inherited = self.story.styles.paragraph_property(paragraph.style, "numPr")
        if paragraph.numbering is None and inherited is None:
            return None
        return self.story.numbering.label((paragraph.numbering, inherited))

"""Word 97-2003 files (doc, and Kingsoft's wps): taken apart and read as the docx they would be.

The binary file is written out as WordprocessingML in memory and read by the reader of docx, so that
every kind of mark is judged alike in both formats. A file of which only the text is left is read by
doc_salvage. Raises children of Unreadable only. Source: [MS-DOC].
"""

from __future__ import annotations

import io
import zipfile
from dataclasses import replace

from intake.document import Document
from intake.errors import Damaged
from intake.readers.doc_blocks import Blocks
from intake.readers.doc_drawings import WordDrawings, relations_part
from intake.readers.doc_file import Pair, Story, WordFile, ascending, open_word, positions
from intake.readers.doc_lists import numbering
from intake.readers.doc_properties import custom_part
from intake.readers.doc_runs import Runs
from intake.readers.doc_salvage import NOTE, salvage
from intake.readers.doc_styles import StyleSheet, read_fonts
from intake.readers.doc_text import WordText
from intake.readers.docx import read_docx

_SPACES = " ".join(
    f'xmlns:{prefix}="{name}"'
    for prefix, name in {
        "w": "http://schemas.openxmlformats.org/wordprocessingml/2006/main",
        "r": "http://schemas.openxmlformats.org/officeDocument/2006/relationships",
        "wp": "http://schemas.openxmlformats.org/drawingml/2006/wordprocessingDrawing",
        "wps": "http://schemas.microsoft.com/office/word/2010/wordprocessingShape",
        "wpg": "http://schemas.microsoft.com/office/word/2010/wordprocessingGroup",
        "a": "http://schemas.openxmlformats.org/drawingml/2006/main",
        "pic": "http://schemas.openxmlformats.org/drawingml/2006/picture",
    }.items()
)


def read_doc(content: bytes) -> Document:
    """Read a Word 97-2003 document; Document.damaged where marks may be lost with a part of the file."""
    try:
        file = open_word(content)
        text = WordText(file)
    except Damaged:
        return salvage(content)
    document = replace(read_docx(as_docx(file, text)), format="doc")
    return replace(document, notes=(*document.notes, NOTE), damaged=True) if text.is_damaged else document


def as_docx(file: WordFile, text: WordText) -> bytes:
    """The document as a docx, with the parts that the reader of docx looks at."""
    return _Writer(file, text).package()


class _Writer:
    def __init__(self, file: WordFile, text: WordText) -> None:
        self._file = file
        self._fonts = read_fonts(file.pair(Pair.FONTS))
        self._styles = StyleSheet(file.pair(Pair.STYLES), self._fonts, file.data)
        self._drawings = WordDrawings(file, self._write)
        self._references: dict[int, str] = {}
        self._runs = Runs(text, self._fonts, self._styles, file.data, self._references, self._drawings)
        self._blocks = Blocks(text, self._runs)
        self._parts: dict[str, bytes] = {}
        self._relations: dict[str, tuple[str, str]] = {}

    def package(self) -> bytes:
        stories = self._file.stories
        self._notes("footnote", Pair.FOOTNOTE_PLACES, Pair.FOOTNOTES, stories.footnotes)
        self._notes("endnote", Pair.ENDNOTE_PLACES, Pair.ENDNOTES, stories.endnotes)
        self._notes("comment", Pair.COMMENT_PLACES, Pair.COMMENTS, stories.comments)
        body = self._write(stories.body.start, stories.body.end)
        self._part("styles", "styles", self._styles.xml())
        self._part("numbering", "numbering", self._numbering())
        self._parts |= self._drawings.parts
        self._parts |= custom_part(self._file.compound)
        self._relations |= self._drawings.relations
        parts = {
            "_rels/.rels": relations_part({"rId1": ("officeDocument", "word/document.xml")}),
            "word/document.xml": f"<w:document {_SPACES}><w:body>{body}</w:body></w:document>".encode(),
            "word/_rels/document.xml.rels": relations_part(self._relations),
            **self._parts,
        }
        return _zipped(parts)

    def _write(self, start: int, end: int) -> str:
        return self._runs.own_fields(lambda: self._blocks.write(start, end))

    def _part(self, name: str, root: str, inner: str) -> None:
        self._parts[f"word/{name}.xml"] = f"<w:{root} {_SPACES}>{inner}</w:{root}>".encode()
        self._relations[f"rId{name}"] = (name, f"{name}.xml")

    def _notes(self, kind: str, places: Pair, texts: Pair, story: Story) -> None:
        """The notes or comments of a story, each with the reference that stands in the body."""
        size = 30 if kind == "comment" else 2
        starts, _ = positions(self._file.pair(places), size)
        starts = starts[:-1]
        edges, _ = positions(self._file.pair(texts), 0)
        written: list[str] = []
        for number, (place, start, end) in enumerate(zip(starts, *ascending(edges), strict=False)):
            inner = self._write(story.start + start, min(story.start + end, story.end))
            written.append(f'<w:{kind} w:id="{number}">{inner}</w:{kind}>')
            self._references[place] = f'<w:{kind}Reference w:id="{number}"/>'
        if written:
            self._part(f"{kind}s", f"{kind}s", "".join(written))

    def _numbering(self) -> str:
        lists = self._file.pair(Pair.LISTS)
        after = self._file.after(Pair.LISTS)
        return numbering(lists, self._file.pair(Pair.LIST_OVERRIDES), after, self._fonts)


def _zipped(parts: dict[str, bytes]) -> bytes:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_STORED) as archive:
        for name, content in parts.items():
            archive.writestr(zipfile.ZipInfo(name), content)
    return buffer.getvalue()

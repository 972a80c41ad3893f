"""PDF: text, form fields, comments and drawn marks to blocks, by where they stand on the page.

Promises: nothing runs, no link is followed; at most MAX_PAGES pages are read, and MAX_SCANS of those that are
pictures. Raises children of Unreadable only.
Source: ISO 32000-1.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from intake.document import Document
from intake.errors import Damaged, Encrypted, NoOcr, Unsupported
from intake.readers import ocr as recognition
from intake.readers import symbols
from intake.readers.page_items import Page, joined
from intake.readers.page_layout import lay_out_pages
from intake.readers.page_lines import usual_height
from intake.readers.pdf_annotations import Overlay, read_annotations
from intake.readers.pdf_frames import Frames
from intake.readers.pdf_ink import flat_lines, gather
from intake.readers.pdf_looks import accepted, coloured, ruled, seen
from intake.readers.pdf_marks import Settling
from intake.readers.pdf_objects import read_drawing
from intake.readers.pdf_page import Frame, frame_of
from intake.readers.pdf_shapes import Drawing
from intake.readers.pdf_sight import Sight, picture_of
from intake.readers.pdf_text import ASKEW, Glyph, read_script

MAX_PAGES = 60
MAX_SCANS = 20
_XFA_FULL = 2
_MEANINGLESS = 0.3  # of the characters
_OUTLINED = 120  # shapes: letters drawn as outlines
_SCANNED = 0.15  # of the page: a picture this large is a scan where nothing is written on the page
_TAIL = 8_192  # bytes at the end of a file in which its end mark stands
_WAITING = "Please wait..."  # what a dynamic form shows where it cannot run
_FEW = 12  # characters: what a scanner or a stamp may add to a picture
_NOTHING = "附件是扫描件，未能识别出文字，需人工阅读。"
_XFA = "附件是只能用Adobe软件填写的动态表单（XFA），本系统无法自动读取，请打印为普通PDF或填写Word表格后重新发送。"


def read_pdf(content: bytes, *, ocr: bool = False) -> tuple[Document, ...]:
    """The documents in a PDF file: one of its written pages, one of its scanned pages.

    Raises NoOcr where a page is a picture, unless `ocr` is wanted and installed; where it is not installed, the
    written pages are read alone.
    """
    document = _opened(content)
    try:
        document.init_forms()
        return _read(document, ocr=ocr and recognition.installed())
    finally:
        document.close()


def _opened(content: bytes) -> Any:
    import pypdfium2
    from pypdfium2 import raw

    tail = content[-_TAIL:]
    if b"%%EOF" not in tail and b"startxref" not in tail:
        raise Damaged("a pdf that is cut off")  # PDFium would read what is left, and a tick might be missing
    try:
        return pypdfium2.PdfDocument(content)
    except pypdfium2.PdfiumError as error:
        if getattr(error, "err_code", None) in (raw.FPDF_ERR_PASSWORD, raw.FPDF_ERR_SECURITY):
            raise Encrypted("pdf with a password") from error
        raise Damaged(f"pdf: {error}") from error


def _read(document: Any, *, ocr: bool) -> tuple[Document, ...]:
    if document.get_formtype() == _XFA_FULL:
        raise Unsupported("XFA form", sentence=_XFA)
    count = len(document)
    notes = [f"only {MAX_PAGES} of {count} pages read"] if count > MAX_PAGES else []
    written, scans, broken = _pages(document, min(count, MAX_PAGES))
    notes += ["damaged pages left out"] if broken else []
    if not written and not scans:
        raise Damaged("a pdf without a page that can be read")
    blocks = lay_out_pages(written)
    if _WAITING in "".join(block.text for block in blocks[:3]):
        raise Unsupported("XFA form", sentence=_XFA)
    found = [Document(blocks, "pdf", notes=tuple(notes), damaged=broken > 0)] if blocks or not scans else []
    if scans and ocr:
        read = _scanned(document, scans, notes)
        if not blocks and not read.text.strip():
            raise NoOcr("nothing was recognised", sentence=_NOTHING)
        found.append(read)
    elif scans and (recognition.installed() or not blocks):
        raise NoOcr(f"{len(scans)} scanned pages")
    return tuple(found)


def _pages(document: Any, count: int) -> tuple[list[Page], list[int], int]:
    """The pages with writing, the numbers of those that are pictures, and how many are damaged."""
    from pypdfium2 import PdfiumError

    written: list[Page] = []
    scans: list[int] = []
    broken = 0
    for index in range(count):
        try:
            page = document[index]
        except PdfiumError:
            broken += 1
            continue
        try:
            read = _page(page, document.formenv)
        finally:
            page.close()
        if read is None:
            scans.append(index)
        else:
            written.append(read)
    return written, scans, broken


def _scanned(document: Any, scans: Sequence[int], notes: Sequence[str]) -> Document:
    """What recognition reads on the pages that are pictures."""
    from intake.readers.paper import pages_of

    pages = []
    for index in scans[:MAX_SCANS]:
        page = document[index]
        try:
            pages += pages_of(picture_of(page))
        finally:
            page.close()
    return Document(lay_out_pages(pages), "pdf", drawn=True, notes=tuple(notes))


def _page(page: Any, form: Any) -> Page | None:
    """What stands on a page; None for a scan."""
    text = page.get_textpage()
    try:
        frame, turns = frame_of(page), 0
        sight = Sight(page, frame)
        drawing = read_drawing(page, frame, sight.matter)
        script = read_script(text, frame, drawing.standings)
        most, count = script.askew.most_common(1)[0] if script.askew else (ASKEW, 0)
        if most != ASKEW and count > len(script.glyphs):
            frame, turns = frame.again(-most), -most % 4
            sight = Sight(page, frame, turns)
            drawing = read_drawing(page, frame, sight.matter)
            script = read_script(text, frame, drawing.standings)
    finally:
        text.close()
    glyphs = seen(script.glyphs, drawing.fills, sight)
    overlay = read_annotations(page, frame, form, drawing)
    if _is_scan(glyphs, drawing, frame):
        return None
    return _settled(glyphs, overlay, drawing, frame, sight)


def _is_scan(glyphs: list[Glyph], drawing: Drawing, frame: Frame) -> bool:
    """A page that only eyes can read: hardly a character beside a picture or outlines, or characters without
    a meaning."""
    shown = [glyph.word.text for glyph in glyphs if not glyph.word.text.isspace()]
    if len(shown) > _FEW:
        return sum(text == symbols.UNKNOWN for text in shown) > _MEANINGLESS * len(shown)
    if len(drawing.strokes) + len(drawing.outlines) > _OUTLINED:
        return True
    width, height = frame.size
    covered = sum(
        max(0.0, min(box[2], width) - max(box[0], 0)) * max(0.0, min(box[3], height) - max(box[1], 0))
        for box in (picture.box for picture in drawing.pictures)
    )
    return covered >= _SCANNED * width * height


def _settled(glyphs: list[Glyph], overlay: Overlay, drawing: Drawing, frame: Frame, sight: Sight) -> Page:
    width, high = frame.size
    words = coloured(glyphs, drawing.fills, width * high)
    height = usual_height(words)
    words += overlay.words
    inks = gather(drawing.strokes, height)
    frames = Frames(words, overlay.marks, drawing.outlines, drawing.lines, height)
    lined = ruled(frames.words, [*frames.lines, *flat_lines(inks)], height)
    settling = Settling(accepted(lined.words), frames.marks, height, sight)
    settling.unknown_glyphs()
    settling.overprint()
    for ink in inks:
        settling.ink(ink)
    for picture in drawing.pictures:
        settling.picture(picture)
    found, marks = settling.outcome()
    return Page(tuple(joined(found, lined.rules)), tuple(marks), tuple(lined.rules))

"""Form fields and comments of a PDF page, as a person sees them over it.

Check boxes and radio buttons are boxes, the text of fields and typewriter comments is text, and pen strokes, marker
lines and drawn rings join what is drawn on the page; a note is a remark. Hidden ones are left out. No script runs.
Source: ISO 32000-1 12.5 (annotations), 12.7 (fields; a state is that of AS, 12.7.4.2.3).
"""

from __future__ import annotations

import ctypes
import re
from collections.abc import Callable
from dataclasses import dataclass, field
from functools import partial
from typing import Any

from intake.document import Box as CheckBox
from intake.document import BoxState, Remark
from intake.readers import symbols
from intake.readers.page_items import Mark, Rule, Word, is_wide
from intake.readers.pdf_page import Box, Frame, Point, bounds
from intake.readers.pdf_shapes import Drawing, Fill, Line, Outline, Picture, Stroke

MAX_ANNOTATIONS = 1_500  # of one page
MAX_TEXT = 4_000  # characters of one field
_MAX_STROKES, _MAX_POINTS = 300, 2_000
_HIDDEN, _NO_VIEW = 2, 32
_PASSWORD = 1 << 13
_MARKER = 110  # opacity of a marker
_SIZE = re.compile(r"([\d.]+)\s+Tf")
_CHECK_BOX, _RADIO, _COMBO, _LIST, _TEXT_FIELD = 2, 3, 4, 5, 6


@dataclass(slots=True)
class Overlay:
    """What fields and comments add to a page beside drawn things."""

    words: list[Word] = field(default_factory=list)
    marks: list[Mark] = field(default_factory=list)


def read_annotations(page: Any, frame: Frame, form: Any, drawing: Drawing) -> Overlay:
    """The fields and comments of a pypdfium2 page; `form` is its form environment or None. What is drawn goes into
    `drawing`."""
    from pypdfium2 import raw

    reader = _Reader(frame, form, drawing)
    for index in range(min(raw.FPDFPage_GetAnnotCount(page.raw), MAX_ANNOTATIONS)):
        annotation = raw.FPDFPage_GetAnnot(page.raw, index)
        if not annotation:
            continue
        try:
            reader.read(annotation)
        finally:
            raw.FPDFPage_CloseAnnot(annotation)
    return reader.overlay


class _Reader:
    def __init__(self, frame: Frame, form: Any, drawing: Drawing) -> None:
        from pypdfium2 import raw

        self.overlay = Overlay()
        self._raw = raw
        self._frame = frame
        self._form = form
        self._drawing = drawing
        self._kinds: dict[int, Callable[[Any, Box], None]] = {
            raw.FPDF_ANNOT_WIDGET: self._widget,
            raw.FPDF_ANNOT_FREETEXT: self._free_text,
            raw.FPDF_ANNOT_INK: self._ink,
            raw.FPDF_ANNOT_HIGHLIGHT: self._highlight,
            raw.FPDF_ANNOT_UNDERLINE: self._underline,
            raw.FPDF_ANNOT_SQUIGGLY: self._underline,
            raw.FPDF_ANNOT_STRIKEOUT: self._strike_out,
            raw.FPDF_ANNOT_SQUARE: self._square,
            raw.FPDF_ANNOT_CIRCLE: self._circle,
            raw.FPDF_ANNOT_LINE: self._line,
            raw.FPDF_ANNOT_POLYGON: self._polyline,
            raw.FPDF_ANNOT_POLYLINE: self._polyline,
            raw.FPDF_ANNOT_STAMP: self._stamp,
            raw.FPDF_ANNOT_TEXT: self._note,
        }

    def read(self, annotation: Any) -> None:
        read = self._kinds.get(self._raw.FPDFAnnot_GetSubtype(annotation))
        if read is None or self._raw.FPDFAnnot_GetFlags(annotation) & (_HIDDEN | _NO_VIEW):
            return
        rectangle = self._raw.FS_RECTF()
        if not self._raw.FPDFAnnot_GetRect(annotation, ctypes.byref(rectangle)):
            return
        box = self._frame.box(rectangle.left, rectangle.bottom, rectangle.right, rectangle.top)
        if self._frame.holds(box):
            read(annotation, box)

    def _text(self, annotation: Any, key: str) -> str:
        """The text of an entry of the annotation."""
        return _utf16(partial(self._raw.FPDFAnnot_GetStringValue, annotation, key.encode()))

    # ---- fields -------------------------------------------------------------------------------

    def _widget(self, annotation: Any, box: Box) -> None:
        if self._form is None:
            return
        kind = self._raw.FPDFAnnot_GetFormFieldType(self._form, annotation)
        if kind in (_CHECK_BOX, _RADIO):
            state = self._state(annotation)
            shown = {_CHECK_BOX: ("☑", "□"), _RADIO: ("●", "○")}[kind]
            glyph = "" if state == "unknown" else shown[state == "empty"]
            source = "form check box" if kind == _CHECK_BOX else "form radio button"
            self.overlay.marks.append(Mark(CheckBox(state, source, glyph), *box))
        elif kind in (_COMBO, _LIST):
            self._write(self._chosen(annotation) or self._value(annotation), box)
        elif kind == _TEXT_FIELD and not self._raw.FPDFAnnot_GetFormFieldFlags(self._form, annotation) & _PASSWORD:
            self._write(self._value(annotation), box, self._text(annotation, "DA"))

    def _value(self, annotation: Any) -> str:
        return _utf16(partial(self._raw.FPDFAnnot_GetFormFieldValue, self._form, annotation))

    def _state(self, annotation: Any) -> BoxState:
        """What the appearance shows; unknown where the field's value says another thing."""
        shown, value = self._text(annotation, "AS"), self._value(annotation)
        own = _utf16(partial(self._raw.FPDFAnnot_GetFormFieldExportValue, self._form, annotation))
        chosen = bool(value) and value not in ("Off", "") and own in (value, "")
        if not shown:
            return "ticked" if chosen else "empty"
        if shown != "Off":
            return "ticked"
        return "unknown" if chosen and self._text(annotation, "V") == value else "empty"

    def _chosen(self, annotation: Any) -> str:
        """The labels of the chosen options of a list."""
        labels = []
        for index in range(min(self._raw.FPDFAnnot_GetOptionCount(self._form, annotation), 500)):
            if self._raw.FPDFAnnot_IsOptionSelected(self._form, annotation, index):
                labels.append(_utf16(partial(self._raw.FPDFAnnot_GetOptionLabel, self._form, annotation, index)))
        return "\n".join(filter(None, labels))

    def _write(self, text: str, box: Box, appearance: str = "") -> None:
        """Text within a rectangle: one line in its middle, several from its top."""
        lines = [line.strip() for line in re.split(r"[\r\n]+", text[:MAX_TEXT]) if line.strip()]
        if not lines:
            return
        left, top, right, bottom = box
        match = _SIZE.search(appearance)
        size = float(match.group(1)[:6].rstrip(".") or 0) if match and match.group(1).count(".") < 2 else 0.0
        step = min(size if 4 <= size <= 40 else 11.0, max((bottom - top) / len(lines), 1.0))
        if len(lines) == 1 and bottom - top < 2.5 * step:
            top = (top + bottom - step) / 2
        for number, line in enumerate(lines):
            width = sum(step if is_wide(character) else step / 2 for character in line)
            at = top + number * step * 1.15
            shown = symbols.shown(line, "", "", "wingdings")
            self.overlay.words.append(Word(shown, left + 0.5, at, min(left + 0.5 + width, right), at + step))

    # ---- comments -----------------------------------------------------------------------------

    def _free_text(self, annotation: Any, box: Box) -> None:
        self._write(self._text(annotation, "Contents"), box, self._text(annotation, "DA"))

    def _note(self, annotation: Any, box: Box) -> None:
        if not self._raw.FPDFAnnot_HasKey(annotation, b"StateModel"):
            self._remark(annotation, box)

    def _remark(self, annotation: Any, box: Box) -> None:
        text = self._text(annotation, "Contents").strip()[:MAX_TEXT]
        if text:
            self.overlay.marks.append(Mark(Remark(text), *box))

    def _stamp(self, annotation: Any, box: Box) -> None:
        self._drawing.pictures.append(Picture(box, 0))

    def _square(self, annotation: Any, box: Box) -> None:
        self._drawing.outlines.append(Outline(box))
        self._remark(annotation, box)

    def _circle(self, annotation: Any, box: Box) -> None:
        self._drawing.outlines.append(Outline(box, round=True))
        self._remark(annotation, box)

    def _highlight(self, annotation: Any, box: Box) -> None:
        for quad in self._quads(annotation) or [box]:
            self._drawing.fills.append(Fill(quad, (255, 255, 0), _MARKER, 0))
        self._remark(annotation, box)

    def _underline(self, annotation: Any, box: Box) -> None:
        self._ruled(annotation, box, 0.95)

    def _strike_out(self, annotation: Any, box: Box) -> None:
        self._ruled(annotation, box, 0.5)

    def _ruled(self, annotation: Any, box: Box, share: float) -> None:
        for left, top, right, bottom in self._quads(annotation) or [box]:
            at = top + share * (bottom - top)
            self._drawing.lines.append(Line(Rule(left, at, right, at)))
        self._remark(annotation, box)

    def _quads(self, annotation: Any) -> list[Box]:
        held = self._raw.FS_QUADPOINTSF()
        found = []
        for index in range(min(self._raw.FPDFAnnot_CountAttachmentPoints(annotation), _MAX_STROKES)):
            if self._raw.FPDFAnnot_GetAttachmentPoints(annotation, index, ctypes.byref(held)):
                corners = (held.x1, held.y1), (held.x2, held.y2), (held.x3, held.y3), (held.x4, held.y4)
                found.append(bounds([self._frame.point(x, y) for x, y in corners]))
        return found

    # ---- drawn comments -----------------------------------------------------------------------

    def _ink(self, annotation: Any, box: Box) -> None:
        for index in range(min(self._raw.FPDFAnnot_GetInkListCount(annotation), _MAX_STROKES)):
            self._stroke(partial(self._raw.FPDFAnnot_GetInkListPath, annotation, index))
        self._remark(annotation, box)

    def _polyline(self, annotation: Any, box: Box) -> None:
        self._stroke(partial(self._raw.FPDFAnnot_GetVertices, annotation))

    def _line(self, annotation: Any, box: Box) -> None:
        start, end = self._raw.FS_POINTF(), self._raw.FS_POINTF()
        if self._raw.FPDFAnnot_GetLine(annotation, ctypes.byref(start), ctypes.byref(end)):
            self._add((self._frame.point(start.x, start.y), self._frame.point(end.x, end.y)))

    def _stroke(self, read: Callable[[Any, int], int]) -> None:
        count = min(read(None, 0), _MAX_POINTS)
        if count > 1:
            held = (self._raw.FS_POINTF * count)()
            read(held, count)
            self._add(tuple(self._frame.point(point.x, point.y) for point in held))

    def _add(self, points: tuple[Point, ...]) -> None:
        self._drawing.strokes.append(Stroke((points,), bounds(points)))


def _utf16(read: Callable[[Any, int], int]) -> str:
    """What a function of PDFium writes as UTF-16LE with a zero at its end."""
    size = read(None, 0)
    if not 2 < size <= 8 * MAX_TEXT:
        return ""
    held = ctypes.create_string_buffer(size)
    pointer = ctypes.cast(held, ctypes.POINTER(ctypes.c_ushort))
    read(pointer, size)
    return held.raw[:size].decode("utf-16-le", "replace").rstrip("\0")

"""What is drawn on a PDF page, in drawing order: paths, pictures, and where its text objects stand in that order.

Promises: places on the page as shown; work is bounded by MAX_OBJECTS and MAX_POINTS, what lies beyond is not read
and `cut` is set; what is on a layer that is switched off is left out.
Sources: ISO 32000-1 8.5 (paths), 8.10 (form XObjects), 8.11 (optional content).
"""

from __future__ import annotations

import ctypes
from collections.abc import Callable, Iterator, Sequence
from typing import Any

from intake.readers.pdf_page import IDENTITY, Box, Frame, Matrix, Point, address, bounds, colour_of, matrix_of, times
from intake.readers.pdf_shapes import Drawing, Paint, Picture, Stroke, sort
from intake.readers.pdf_text import Standing

MAX_OBJECTS = 30_000
MAX_POINTS = 120_000
_MAX_DEPTH = 6
_TRIALS = 4  # objects of a layer that are looked for before it counts as switched off
_TEXT, _PATH, _IMAGE, _FORM = 1, 2, 3, 5


def read_drawing(page: Any, frame: Frame, matter: Callable[[Sequence[Any]], bool]) -> Drawing:
    """The drawn things of a pypdfium2 page; `matter` tells whether objects are seen, and is asked only of those
    that belong to a layer."""
    from pypdfium2 import raw

    walk = _Walk(frame, matter)
    walk.objects(lambda at: raw.FPDFPage_GetObject(page.raw, at), raw.FPDFPage_CountObjects(page.raw), IDENTITY, 0)
    return walk.drawing


class _Walk:
    def __init__(self, frame: Frame, matter: Callable[[Sequence[Any]], bool]) -> None:
        from pypdfium2 import raw

        self.drawing = Drawing()
        self._matter = matter
        self._layers: dict[str, int] = {}  # trials that found nothing; -1 for a layer that is shown
        self._raw = raw
        self._frame = frame
        self._objects = 0
        self._points = 0
        self._x, self._y = ctypes.c_float(), ctypes.c_float()

    def objects(self, get: Callable[[int], Any], count: int, matrix: Matrix, depth: int, hidden: bool = False) -> None:
        for index in range(count):
            self._objects += 1
            if self._objects > MAX_OBJECTS or self._points > MAX_POINTS:
                self.drawing.cut = True
                return
            item = get(index)
            if item:
                self._object(item, matrix, depth, hidden)

    def _object(self, item: Any, matrix: Matrix, depth: int, hidden: bool) -> None:
        kind = self._raw.FPDFPageObj_GetType(item)
        hidden = hidden or self._is_hidden(item)
        if kind == _TEXT:
            self.drawing.standings[address(item)] = Standing(self._objects, hidden)
        elif kind == _FORM and depth < _MAX_DEPTH:
            inner = times(matrix_of(item), matrix)
            count = self._raw.FPDFFormObj_CountObjects(item)
            self.objects(lambda at: self._raw.FPDFFormObj_GetObject(item, at), count, inner, depth + 1, hidden)
        elif kind == _PATH and not hidden:
            self._path(item, times(matrix_of(item), matrix))
        elif kind == _IMAGE and not hidden:
            self.drawing.pictures.append(Picture(self._corners(times(matrix_of(item), matrix)), self._objects))

    def _is_hidden(self, item: Any) -> bool:
        """Whether an object is on a layer that is switched off: the page looks the same without it."""
        for index in range(min(self._raw.FPDFPageObj_CountMarks(item), 8)):
            mark = self._raw.FPDFPageObj_GetMark(item, index)
            held = (ctypes.c_ushort * 4)()
            length = ctypes.c_ulong()
            if self._raw.FPDFPageObjMark_GetName(mark, held, 8, ctypes.byref(length)) and list(held)[:2] == [79, 67]:
                return self._is_off(self._layer(mark), item)
        return False

    def _is_off(self, layer: str, item: Any) -> bool:
        known = self._layers.get(layer, 0)
        if known < 0 or known >= _TRIALS:
            return known > 0
        shown = self._matter([item])
        self._layers[layer] = -1 if shown else known + 1
        return not shown

    def _layer(self, mark: Any) -> str:
        held = (ctypes.c_ushort * 64)()
        length = ctypes.c_ulong()
        self._raw.FPDFPageObjMark_GetParamStringValue(mark, b"Name", held, 128, ctypes.byref(length))
        return bytes(held).decode("utf-16-le", "replace").rstrip("\0")

    def _corners(self, matrix: Matrix) -> Box:
        """Where the unit square of an image lies."""
        return bounds([self._shown(x, y, matrix) for x in (0.0, 1.0) for y in (0.0, 1.0)])

    def _shown(self, x: float, y: float, matrix: Matrix) -> Point:
        a, b, c, d, e, f = matrix
        return self._frame.point(a * x + c * y + e, b * x + d * y + f)

    # ---- paths --------------------------------------------------------------------------------

    def _path(self, item: Any, matrix: Matrix) -> None:
        fill, stroke = ctypes.c_int(), ctypes.c_int()
        if not self._raw.FPDFPath_GetDrawMode(item, ctypes.byref(fill), ctypes.byref(stroke)):
            return
        filled, stroked = fill.value != 0, stroke.value != 0
        red, green, blue, alpha = colour_of(item, stroke=stroked and not filled)
        if alpha < 8 or not (filled or stroked):
            return
        paint = Paint(filled, stroked, (red, green, blue), alpha, self._objects)
        loose: list[tuple[Point, ...]] = []
        for points, closed, curved in self._subpaths(item, matrix):
            if not sort(self.drawing, points, closed or filled, curved, paint):
                loose.append(points)
        if loose:
            box = bounds([point for points in loose for point in points])
            self.drawing.strokes.append(Stroke(tuple(loose), box, filled, paint.colour))

    def _subpaths(self, item: Any, matrix: Matrix) -> Iterator[tuple[tuple[Point, ...], bool, bool]]:
        """The pieces of a path: points, whether closed, whether a curve is in it (curves by their end points
        and control points)."""
        points: list[Point] = []
        closed = curved = False
        for index in range(self._raw.FPDFPath_CountSegments(item)):
            self._points += 1
            if self._points > MAX_POINTS:
                self.drawing.cut = True
                break
            segment = self._raw.FPDFPath_GetPathSegment(item, index)
            if not self._raw.FPDFPathSegment_GetPoint(segment, ctypes.byref(self._x), ctypes.byref(self._y)):
                continue
            kind = self._raw.FPDFPathSegment_GetType(segment)
            if kind == self._raw.FPDF_SEGMENT_MOVETO:
                if len(points) > 1:
                    yield tuple(points), closed, curved
                points, closed, curved = [], False, False
            curved = curved or kind == self._raw.FPDF_SEGMENT_BEZIERTO
            points.append(self._shown(self._x.value, self._y.value, matrix))
            closed = closed or bool(self._raw.FPDFPathSegment_GetClose(segment))
        if len(points) > 1:
            yield tuple(points), closed, curved

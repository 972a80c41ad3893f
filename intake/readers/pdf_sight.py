"""What a person sees at a place of a PDF page: the page rendered, in whole or in part.

Used only where the file leaves doubt: layers, white or covered text, small pictures, glyphs without a meaning.
Promises: at most MAX_PIXELS at once, and MAX_LOOKS looks and MAX_TRIALS trials a page; what is beyond is unknown.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from intake.document import BoxState
from intake.readers import ink
from intake.readers.pdf_page import Box, Frame

if TYPE_CHECKING:
    from intake.readers.ocr import Image

MAX_PIXELS = 3_000_000
MAX_LOOKS = 80
MAX_TRIALS = 24
_SCALE = 1.5  # pixels a point, for asking whether an object is seen
_CLOSE = 5.0  # for looking at a mark
_MARK = 60.0  # points: the largest mark looked at
_DARK = 150
_LONGEST = 3_200  # pixels on the longer side


_PRINTED = 200 / 72  # pixels a point of a page that goes to recognition


def picture_of(page: Any) -> Image:
    """A pypdfium2 page as a picture of 200 dots per inch (height x width x 3 bytes, blue green red)."""
    import numpy as np

    width, height = page.get_size()
    scale = min(_PRINTED, _LONGEST / max(width, height, 1.0))
    bitmap = page.render(scale=scale)
    return np.ascontiguousarray(bitmap.to_numpy()[:, :, :3])


class Sight:
    """Looks at one pypdfium2 page; `turns` are quarters, clockwise, by which it is turned to be read."""

    def __init__(self, page: Any, frame: Frame, turns: int = 0) -> None:
        self._page = page
        self._frame = frame
        self._rotation = 90 * turns
        self._whole: bytes | None = None
        self._trials = 0
        self._looks = 0

    def matter(self, items: Sequence[Any]) -> bool:
        """Whether the page would look otherwise without some of its objects; True where it was asked too often."""
        from pypdfium2 import raw

        if self._trials >= MAX_TRIALS:
            return True
        self._trials += 1
        if self._whole is None:
            self._whole = self._rendered()
        try:
            for item in items:
                raw.FPDFPageObj_SetIsActive(item, False)
            return self._rendered() != self._whole
        finally:
            for item in items:
                raw.FPDFPageObj_SetIsActive(item, True)

    def look(self, box: Box) -> tuple[BoxState, str]:
        """State and glyph of a small mark, as `ink.look` gives them."""
        left, top, right, bottom = box
        width, height = self._frame.size
        self._looks += 1
        inside = left < width and top < height and right > 0 and bottom > 0
        if self._looks > MAX_LOOKS or not inside or max(right - left, bottom - top) > _MARK:
            return "unknown", ""
        return ink.judge(self._grid(box, _CLOSE))

    def dark(self, box: Box) -> float:
        """The share of a place that is dark; light writing is only seen on a dark ground."""
        left, top, right, bottom = box
        width, height = self._frame.size
        self._looks += 1
        if self._looks > MAX_LOOKS or left >= width or top >= height or right <= 0 or bottom <= 0:
            return 1.0
        grid = self._grid(box, _SCALE)
        cells = [dark for row in grid for dark in row]
        return sum(cells) / max(len(cells), 1)

    def _grid(self, box: Box, scale: float) -> ink.Grid:
        left, top, right, bottom = box
        width, height = self._frame.size
        crop = max(0.0, left), max(0.0, height - bottom), max(0.0, width - right), max(0.0, top)
        bitmap = self._page.render(scale=scale, rotation=self._rotation, crop=crop, grayscale=True)
        data, wide, stride = bytes(bitmap.buffer), bitmap.width, bitmap.stride
        return [[value < _DARK for value in data[row * stride : row * stride + wide]] for row in range(bitmap.height)]

    def _rendered(self) -> bytes:
        width, height = self._frame.size
        scale = min(_SCALE, (MAX_PIXELS / max(width * height, 1.0)) ** 0.5)
        return bytes(self._page.render(scale=scale, grayscale=True).buffer)

"""What a person sees at a place of a PDF page: the page rendered, in whole or in part.

Used only where the file leaves doubt: layers, white or covered text, small pictures, glyphs without a meaning.
Promises: at most MAX_PIXELS at once and MAX_LOOKS looks a page; what is beyond is unknown.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from intake.document import BoxState
from intake.readers import ink
from intake.readers.pdf_page import Box, Frame

if TYPE_CHECKING:
    from intake.readers.ocr import Image

MAX_PIXELS = 3_000_000
MAX_LOOKS = 80
_SCALE = 2.0  # pixels a point, for asking whether there is ink
_CLOSE = 5.0  # for looking at a mark
_CONTRAST = 40
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
    """Looks at one pypdfium2 page."""

    def __init__(self, page: Any, frame: Frame) -> None:
        self._page = page
        self._frame = frame
        self._whole: tuple[bytes, int, int, int, float] | None = None
        self._looks = 0

    def visible(self, box: Box) -> bool:
        """Whether anything stands out within a box of the page."""
        data, width, height, stride, scale = self._rendered()
        left, right = max(0, int(box[0] * scale)), min(width, int(box[2] * scale) + 1)
        top, bottom = max(0, int(box[1] * scale)), min(height, int(box[3] * scale) + 1)
        if left >= right or top >= bottom:
            return False
        lines = [data[row * stride + left : row * stride + right] for row in range(top, bottom)]
        return max(map(max, lines)) - min(map(min, lines)) >= _CONTRAST

    def look(self, box: Box) -> tuple[BoxState, str]:
        """State and glyph of a small mark, as `ink.look` gives them."""
        left, top, right, bottom = box
        width, height = self._frame.size
        self._looks += 1
        inside = left < width and top < height and right > 0 and bottom > 0
        if self._looks > MAX_LOOKS or not inside or max(right - left, bottom - top) > 60:
            return "unknown", ""
        crop = max(0.0, left), max(0.0, height - bottom), max(0.0, width - right), max(0.0, top)
        bitmap = self._page.render(scale=_CLOSE, crop=crop, grayscale=True)
        data, wide, stride = bytes(bitmap.buffer), bitmap.width, bitmap.stride
        grid = [[value < _DARK for value in data[row * stride : row * stride + wide]] for row in range(bitmap.height)]
        return ink.judge(grid)

    def _rendered(self) -> tuple[bytes, int, int, int, float]:
        if self._whole is None:
            width, height = self._frame.size
            scale = min(_SCALE, (MAX_PIXELS / max(width * height, 1.0)) ** 0.5)
            bitmap = self._page.render(scale=scale, grayscale=True)
            self._whole = bytes(bitmap.buffer), bitmap.width, bitmap.height, bitmap.stride, scale
        return self._whole

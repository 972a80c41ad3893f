"""Cut-outs of answer cells, small pictures for a person to look at."""

from __future__ import annotations

from typing import TYPE_CHECKING

from intake.readers.page_grid import lattices

if TYPE_CHECKING:
    from collections.abc import Sequence

    from intake.readers.ocr import Image
    from intake.readers.page_items import Rule
    from intake.readers.paper_words import Mark, Word

MAX_BYTES = 40_000
_WIDEST, _HIGHEST = 1_000, 400  # pixels of the page that are shown at most
_MOST = 60  # cut-outs of a page; a form has a handful
_AROUND = 7.0  # heights of the mark to either side where no cell is known


class CutOuts:
    """Cuts the cell round a mark out of a page, once a cell."""

    def __init__(self, page: Image, rules: Sequence[Rule], height: float) -> None:
        self._page = page
        self._tables = lattices(rules, tolerance=0.3 * height, smallest=0.9 * height)
        self._made: dict[tuple[int, int, int, int], bytes] = {}

    def around(self, spot: Mark | Word) -> bytes:
        """A PNG of at most MAX_BYTES, or empty where none was to be had."""
        place = self._place(spot)
        if place not in self._made:
            self._made[place] = self._cut(place) if len(self._made) < _MOST else b""
        return self._made[place]

    def _place(self, spot: Mark | Word) -> tuple[int, int, int, int]:
        x, y = (spot.left + spot.right) / 2, (spot.top + spot.bottom) / 2
        high = spot.bottom - spot.top
        for table in reversed(self._tables):
            room = table.room_at(x, y)
            if room and room.right - room.left <= _WIDEST and 0.9 * high < room.bottom - room.top <= _HIGHEST:
                return round(room.left), round(room.top), round(room.right), round(room.bottom)
        side, up = _AROUND * high, 1.2 * high
        return round(x - side), round(y - up), round(x + side), round(y + up)

    def _cut(self, place: tuple[int, int, int, int]) -> bytes:
        import cv2
        import numpy as np

        height, width = self._page.shape[:2]
        left, top, right, bottom = max(0, place[0]), max(0, place[1]), min(width, place[2]), min(height, place[3])
        if right - left < 4 or bottom - top < 4:
            return b""
        cut = self._page[top:bottom, left:right]
        for scale in (1.0, 0.7, 0.5, 0.3):
            small = cv2.resize(cut, None, fx=scale, fy=scale, interpolation=cv2.INTER_AREA) if scale < 1 else cut
            fewer = np.bitwise_and(small, np.uint8(0xF0))  # sixteen shades: less noise to pack
            done, png = cv2.imencode(".png", fewer, [cv2.IMWRITE_PNG_COMPRESSION, 6])
            if done and len(png) <= MAX_BYTES:
                return png.tobytes()
        return b""

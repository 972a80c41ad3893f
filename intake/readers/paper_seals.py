"""Red seals taken off a page, so that the characters under them can be read.

Promises: only round or square red stamps of a seal's size are taken off; red handwriting and ticks stay.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from intake.readers.ocr import Image

_LEAST = 0.05  # share of the page's long side that a seal is wide: 15 mm of an A4 page
_LONGEST = 1.8  # times its height a seal is wide at most
_STEP = 4  # seals are looked for in a copy smaller by this


def without_seals(page: Image) -> Image:
    """A copy in which, within a seal, only what is dark in red light is left; the page itself where there is none."""
    import numpy as np

    places = _places(page)
    if not places:
        return page
    page = page.copy()
    for left, top, right, bottom in places:
        part = page[top:bottom, left:right]
        light = part[:, :, 2].astype(np.float32)
        ink = _redness(part) > 30
        level = float(np.percentile(light[ink], 30)) if ink.any() else 250.0
        plain = np.clip(light * (250.0 / max(level, 80.0)), 0, 250).astype(np.uint8)
        part[:] = plain[:, :, None]
    return page


def _redness(part: Image) -> Image:
    import numpy as np

    others: Image = np.maximum(part[:, :, 0], part[:, :, 1])
    return np.subtract(part[:, :, 2], others, dtype=np.int16)


def _places(page: Image) -> list[tuple[int, int, int, int]]:
    """Left, top, right, bottom of each seal, with a margin."""
    import cv2
    import numpy as np

    height, width = page.shape[:2]
    size = (max(1, width // _STEP), max(1, height // _STEP))
    small = cv2.resize(page, size, interpolation=cv2.INTER_AREA)
    red = (_redness(small) > 25).astype(np.uint8)
    reach = max(3, max(size) // 60)
    joined = cv2.morphologyEx(red, cv2.MORPH_CLOSE, np.ones((reach, reach), np.uint8))
    count, _, stats, _ = cv2.connectedComponentsWithStats(joined)
    found = []
    for left, top, wide, high, _ in stats[1:count].tolist():
        if min(wide, high) >= _LEAST * max(size) and max(wide, high) <= _LONGEST * min(wide, high):
            left, top, right, bottom = left - 2, top - 2, left + wide + 2, top + high + 2
            found.append((max(0, left) * _STEP, max(0, top) * _STEP, right * _STEP, bottom * _STEP))
    return found[:40]

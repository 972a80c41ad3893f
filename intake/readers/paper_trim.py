"""Lines of text on paper without what a pen or a letter's neighbour adds above and below them.

A tick that sticks out of a line makes it taller than its print; read at a fixed height, the print would be too small
and its letters misplaced. Promises: only rows of pixels with next to no ink are cut off; a line of print is kept whole.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from intake.readers.ocr import Image, Quads

_TALLER = 1.18  # times the usual line: worth looking at
_FEW = 0.34  # of the parts of a line that have ink in its fullest rows
_LEAST = 0.6  # of the usual line: what is left is no lower


def trimmed(page: Image, quads: Quads) -> Quads:
    """The lines, those taller than usual cut to their print; quads of an upright page."""
    import numpy as np

    if len(quads) < 4:
        return quads
    tall = (quads[:, 3, 1] - quads[:, 0, 1] + quads[:, 2, 1] - quads[:, 1, 1]) / 2
    usual = float(np.median(tall))
    made = [
        _trimmed(page, quad, usual) if height > _TALLER * usual else quad
        for quad, height in zip(quads, tall, strict=True)
    ]
    return np.asarray(made, np.float32)


def _trimmed(page: Image, quad: Quads, usual: float) -> Quads:
    """A line without the rows at its top and bottom in which only few of its parts have ink."""
    import cv2
    import numpy as np

    left, right = int(max(0, quad[:, 0].min())), int(quad[:, 0].max())
    top, bottom = int(max(0, quad[:, 1].min())), int(quad[:, 1].max())
    part = cv2.cvtColor(page[top:bottom, left:right], cv2.COLOR_BGR2GRAY) if right > left and bottom > top else None
    step = max(4, round(usual / 2))
    if part is None or part.shape[1] < 3 * step:
        return quad
    ink = (part < min(200, int(part.min()) + 110)).astype(np.uint8)
    parts = ink[:, : ink.shape[1] // step * step].reshape(len(ink), -1, step).any(axis=2).sum(axis=1)
    full = np.flatnonzero(parts > _FEW * np.percentile(parts, 90))
    margin = 0.12 * usual
    low, high = float(full[0]) - margin, float(full[-1]) + 1 + margin
    if high - low < _LEAST * usual:
        return quad
    cut = quad.copy()
    cut[:2, 1] += max(0.0, low)
    cut[2:, 1] -= max(0.0, bottom - top - high)
    return cut

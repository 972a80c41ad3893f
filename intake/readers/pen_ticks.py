"""Ink in the shape of a tick, as thick as a pen may be, also where it crosses the lines of a box.

Lengths are pixels; `em` is the size of the printed letters.
"""

from __future__ import annotations

from intake.readers.pen_ink import Picture

_DENSEST = 0.62  # of its rectangle: a thick small tick
_THICKEST = 0.66  # of its height: the strokes of the same
_ELBOW = (0.05, 0.65)  # of its width
_DIP = 0.12  # of its height: how far the upper edge falls between the two arms


def tick_shaped(piece: Picture, em: float) -> bool:
    """A short arm falling to an elbow and a longer one rising to the right."""
    import numpy as np

    height, width = piece.shape
    if not (0.42 * em <= height <= 2.6 * em and 0.3 * em <= width <= 2.8 * em) or piece.mean() > _DENSEST:
        return False
    columns = piece.sum(axis=0)
    thick = float(np.median(columns)) / height
    if (columns == 0).any() or thick > _THICKEST:
        return False
    level = (piece * np.arange(height)[:, None]).sum(axis=0) / columns / height
    elbow = int(np.argmax(level))
    if not _ELBOW[0] * width <= elbow <= _ELBOW[1] * width or level[-1] > 0.3 or level[elbow] < 0.65:
        return False
    rising = level[elbow:]
    falls = level[0] < level[elbow] - 0.12 and bool((np.diff(rising) < 0.04).all())
    return falls and bool((piece.mean() <= 0.42 and thick <= 0.5) or _is_notched(piece, elbow))


def _is_notched(piece: Picture, elbow: int) -> bool:
    """Whether the upper edge dips between the arms, and the lower one rises to both sides of the elbow: no blot."""
    import numpy as np

    height, width = piece.shape
    upper = np.argmax(piece, axis=0)
    lower = height - np.argmax(piece[::-1], axis=0)
    quarter = max(1, width // 4)
    dip = float(upper.max()) - max(float(upper[:quarter].min()), float(upper[-quarter:].min()))
    rises = min(height - float(lower[:2].max()), height - float(lower[-2:].max()))
    return bool(dip > _DIP * height and rises > _DIP * height and lower[elbow] > 0.8 * height)


def arm_shaped(piece: Picture, em: float) -> bool:
    """The longer arm of a tick alone, rising to the right: a box's line hides the elbow."""
    import numpy as np

    height, width = piece.shape
    if not (0.35 * em <= height <= 2.2 * em and 0.45 * em <= width <= 2.5 * em):
        return False
    columns = piece.sum(axis=0)
    if (columns == 0).any() or float(np.median(columns)) > 0.55 * height:
        return False
    level = (piece * np.arange(height)[:, None]).sum(axis=0) / columns / height
    return bool(level[:2].max() > 0.6 and level[-1] < 0.35 and (np.diff(level) < 0.06).all())

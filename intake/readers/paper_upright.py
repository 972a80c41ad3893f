"""A picture of a page set upright: the sheet cut out, perspective, light, turn and tilt taken away.

Promises: pure functions of pixels; an image is height x width x 3 bytes, blue green red; nothing is enlarged beyond
`SMALL` on its long side.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Sequence

    from intake.readers.ocr import Image, Quads

WORK = 2_000  # pixels on the long side at most: 170 dots per inch of an A4 page
SMALL = 1_600  # a smaller picture is enlarged to this
_LOOK = 500  # pixels on the long side, where the sheet is looked for
_SHEET = 0.12  # share of the picture that a sheet covers at least
_ALL = 0.97  # a sheet that covers more is the picture itself
_STEP = 6  # pixels to either side of an edge of the sheet
_DIFFERS = 22  # of 255: paper and table differ by more in some colour
_CLEAR = 0.75  # share of an edge where they do
_DARK = 110  # paper darker than this, its print lighter, is inverted


def fitted(image: Image) -> Image:
    """The picture in working size."""
    import cv2

    height, width = image.shape[:2]
    longest = max(height, width)
    if longest > WORK:
        scale, way = WORK / longest, cv2.INTER_AREA
    elif longest < SMALL:
        scale, way = min(SMALL / longest, 3.0), cv2.INTER_CUBIC
    else:
        return image
    size = (max(1, round(width * scale)), max(1, round(height * scale)))
    return cv2.resize(image, size, interpolation=way)


def _small(image: Image, longest: int) -> tuple[Image, float]:
    """A copy with that long side, and its scale."""
    import cv2

    height, width = image.shape[:2]
    scale = longest / max(height, width)
    size = (max(1, round(width * scale)), max(1, round(height * scale)))
    return cv2.resize(image, size, interpolation=cv2.INTER_AREA), scale


# ---- the sheet --------------------------------------------------------------------------------


def sheets(image: Image) -> list[Image]:
    """The sheets of paper in a picture, each flat, left to right; the picture itself where no sheet stands out."""
    corners = _sheet_corners(image)
    if not corners:
        return [image]
    return [flattened(image, quad) for quad in corners]


def _sheet_corners(image: Image) -> list[Quads]:
    """The corners of at most two sheets that do not overlap, largest first found, left to right given."""
    import cv2
    import numpy as np

    small, scale = _small(image, _LOOK)
    blurred = cv2.GaussianBlur(small, (5, 5), 0)
    found: list[Quads] = []
    for mask in _bright(blurred):
        contours, _ = cv2.findContours(mask, cv2.RETR_EXTERNAL, cv2.CHAIN_APPROX_SIMPLE)
        found += [quad for quad in (_corners(contour, blurred) for contour in contours[:200]) if quad is not None]
    found.sort(key=cv2.contourArea, reverse=True)
    chosen: list[Quads] = []
    for quad in found:
        if len(chosen) < 2 and all(_apart(quad, other) for other in chosen):
            chosen.append(quad)
    chosen.sort(key=lambda quad: float(quad[:, 0].min()))
    return [np.asarray(quad / scale, np.float32) for quad in chosen]


def _apart(one: Quads, other: Quads) -> bool:
    """Whether two sheets share next to nothing, and are of like size."""
    import cv2

    common, _ = cv2.intersectConvexConvex(one, other)
    small, large = sorted((cv2.contourArea(one), cv2.contourArea(other)))
    return float(common) < 0.1 * small and small > 0.4 * large


def _bright(blurred: Image) -> list[Image]:
    """Masks of what may be paper: pale against the table, or bright, at several levels since light is uneven."""
    import cv2
    import numpy as np

    hsv = cv2.cvtColor(blurred, cv2.COLOR_BGR2HSV)
    value, pale = hsv[:, :, 2], 255 - hsv[:, :, 1]
    kernel = np.ones((9, 9), np.uint8)
    masks = []
    for channel in (np.minimum(value, pale), value, pale):
        level, _ = cv2.threshold(channel, 0, 255, cv2.THRESH_BINARY + cv2.THRESH_OTSU)
        for share in (1.0, 0.8, 0.6):
            _, mask = cv2.threshold(channel, level * share, 255, cv2.THRESH_BINARY)
            masks.append(cv2.morphologyEx(cv2.morphologyEx(mask, cv2.MORPH_CLOSE, kernel), cv2.MORPH_OPEN, kernel))
    return masks


def _corners(contour: Image, blurred: Image) -> Quads | None:
    """The four corners of a contour that is a sheet on a table, else None."""
    import cv2
    import numpy as np

    whole = blurred.shape[0] * blurred.shape[1]
    hull = cv2.convexHull(contour)
    area = cv2.contourArea(hull)
    if not _SHEET * whole < area < _ALL * whole or cv2.contourArea(contour) < 0.9 * area:
        return None
    for tolerance in (0.02, 0.03, 0.05):
        shape = cv2.approxPolyDP(hull, tolerance * cv2.arcLength(hull, True), True)
        if len(shape) == 4:
            break
    else:
        return None
    quad = _ordered(shape.reshape(4, 2).astype(np.float32))
    if cv2.contourArea(quad) < 0.93 * area or not _stands_out(quad, blurred):
        return None
    return quad


def _stands_out(quad: Quads, blurred: Image) -> bool:
    """Whether at least two sides lie inside the picture, and each of those parts paper from what is not.

    The edge of a shadow is soft, and a printed frame has paper on both sides.
    """
    sides = [_side(quad, number, blurred) for number in range(4)]
    free = [clear for clear in sides if clear is not None]
    return len(free) >= 2 and min(free) >= _CLEAR


def _side(quad: Quads, number: int, blurred: Image) -> float | None:
    """The share of a side's points where inside and outside differ; None where it lies on the picture's edge."""
    import numpy as np

    height, width = blurred.shape[:2]
    start, end = quad[number], quad[(number + 1) % 4]
    along = (end - start) / max(float(np.linalg.norm(end - start)), 1.0)
    inward = np.array([-along[1], along[0]])  # corners run clockwise
    points = start + (end - start) * np.linspace(0.08, 0.92, 40)[:, None]
    within, without = points + _STEP * inward, points - _STEP * inward
    shown = ((without >= 1) & (without < [width - 1, height - 1])).all(1)
    if shown.sum() < 20:
        return None
    inner, outer = (blurred[spots[shown, 1].astype(int), spots[shown, 0].astype(int)] for spots in (within, without))
    return float((np.abs(inner.astype(int) - outer).max(1) > _DIFFERS).mean())


def _ordered(quad: Quads) -> Quads:
    """Corners clockwise from the top left one."""
    import numpy as np

    by_sum, by_difference = quad.sum(1), quad[:, 1] - quad[:, 0]
    order = [by_sum.argmin(), by_difference.argmin(), by_sum.argmax(), by_difference.argmax()]
    if len(set(map(int, order))) < 4:
        centre = quad.mean(0)
        order = list(np.argsort(np.arctan2(*(quad - centre).T[::-1])))
    return quad[order]


def flattened(image: Image, quad: Quads) -> Image:
    """What lies inside four corners, as a rectangle."""
    import cv2
    import numpy as np

    width = max(np.linalg.norm(quad[0] - quad[1]), np.linalg.norm(quad[3] - quad[2]))
    height = max(np.linalg.norm(quad[0] - quad[3]), np.linalg.norm(quad[1] - quad[2]))
    size = (max(1, round(float(width))), max(1, round(float(height))))
    margin = 0.004 * max(size)  # the edge itself is no part of the page
    left, top, right, bottom = -margin, -margin, size[0] + margin, size[1] + margin
    target = np.array([[left, top], [right, top], [right, bottom], [left, bottom]], np.float32)
    matrix = cv2.getPerspectiveTransform(quad.astype(np.float32), target)
    return cv2.warpPerspective(image, matrix, size, flags=cv2.INTER_CUBIC, borderMode=cv2.BORDER_REPLICATE)


# ---- light ------------------------------------------------------------------------------------


def lit(image: Image) -> Image:
    """The page in even light: white paper, its print dark, colours kept."""
    import cv2
    import numpy as np

    image = _printed_dark(image)
    small, _ = _small(image, 400)
    paper = cv2.medianBlur(cv2.dilate(small, np.ones((7, 7), np.uint8)), 21)
    paper = cv2.resize(paper, (image.shape[1], image.shape[0]), interpolation=cv2.INTER_LINEAR)
    return cv2.divide(image, np.maximum(paper, 40), scale=250)


def _printed_dark(image: Image) -> Image:
    import cv2
    import numpy as np

    grey = cv2.cvtColor(image, cv2.COLOR_BGR2GRAY)
    middle = _median(grey)
    if middle >= _DARK:
        return image
    lighter, darker = np.count_nonzero(grey > middle + 60), np.count_nonzero(grey < middle - 60)
    return cv2.bitwise_not(image) if lighter > darker else image


def _median(grey: Image) -> float:
    """The middle grey level, counted: numpy would order all pixels."""
    import cv2
    import numpy as np

    counted = np.cumsum(cv2.calcHist([grey], [0], None, [256], [0, 256]), dtype=np.int64)
    middle = np.searchsorted(counted, [(grey.size - 1) // 2, grey.size // 2], side="right")
    return float(middle.mean())


# ---- turn and tilt ----------------------------------------------------------------------------


def lies_on_its_side(quads: Quads) -> bool:
    """Whether the lines of a page run up and down."""
    import numpy as np

    across = np.linalg.norm(quads[:, 1] - quads[:, 0], axis=1)
    down = np.linalg.norm(quads[:, 3] - quads[:, 0], axis=1)
    return bool((np.maximum(across, down) * np.sign(down - across))[np.abs(down - across) > 8].sum() > 0)


def quarter_turn(image: Image, quads: Quads, times: int) -> tuple[Image, Quads]:
    """Page and lines turned clockwise by `times` right angles; corners again start at the top left."""
    import numpy as np

    for _ in range(times % 4):
        height = image.shape[0]
        image = np.ascontiguousarray(np.rot90(image, -1))
        quads = np.stack([height - 1 - quads[:, :, 1], quads[:, :, 0]], axis=2)[:, [3, 0, 1, 2]]
    return image, quads


def tilt_of(quads: Quads) -> float:
    """The angle of the lines in degrees, clockwise; the longest ones decide."""
    import numpy as np

    if not len(quads):
        return 0.0
    along = (quads[:, 1] + quads[:, 2] - quads[:, 0] - quads[:, 3]) / 2
    length = np.linalg.norm(along, axis=1)
    angle = np.degrees(np.arctan2(along[:, 1], along[:, 0]))
    order = np.argsort(angle)
    weight = np.cumsum(length[order] ** 2)
    return float(angle[order][np.searchsorted(weight, weight[-1] / 2)])


def turned(image: Image, quads: Quads, degrees: float) -> tuple[Image, Quads]:
    """Page and lines turned back by so many degrees about the middle of the page, nothing cut off."""
    import cv2
    import numpy as np

    height, width = image.shape[:2]
    matrix = cv2.getRotationMatrix2D((width / 2, height / 2), degrees, 1.0)
    cosine, sine = abs(matrix[0, 0]), abs(matrix[0, 1])
    size = (round(width * cosine + height * sine), round(width * sine + height * cosine))
    matrix[:, 2] += (size[0] - width) / 2, (size[1] - height) / 2
    image = cv2.warpAffine(image, matrix, size, flags=cv2.INTER_CUBIC, borderValue=(250, 250, 250))
    return image, moved(quads, np.vstack([matrix, [0, 0, 1]]))


def moved(quads: Quads, matrix: Sequence[Sequence[float]] | Quads) -> Quads:
    """Corners after a projective 3 x 3 `matrix`."""
    import cv2
    import numpy as np

    if not len(quads):
        return quads
    points = cv2.perspectiveTransform(quads.reshape(-1, 1, 2).astype(np.float32), np.asarray(matrix, np.float64))
    return np.asarray(points.reshape(-1, 4, 2), np.float32)

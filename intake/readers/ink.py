"""A small picture that stands where a mark should be: an empty box, a ticked one, or a stroke.

Reads PNG with the standard library only; any other picture, and any that is not plainly one of
these, is unknown. Promises never to raise on any bytes and never to unpack more than MAX_PIXELS.
Source of the format: PNG specification (third edition), chapters 9 to 11.
"""

from __future__ import annotations

import struct
import zlib
from collections.abc import Sequence
from functools import lru_cache
from typing import TypeAlias

from intake.document import BoxState

MAX_PIXELS = 400 * 400
_DARK = 150  # luminance on white paper below which a pixel counts as ink

Grid: TypeAlias = list[list[bool]]
Verdict: TypeAlias = tuple[BoxState, str]
_UNKNOWN: Verdict = ("unknown", "")


@lru_cache(maxsize=64)  # a form holds the same little picture several times
def look(content: bytes) -> Verdict:
    """State and glyph of a picture: ticked ☑ ■ √ ●, empty □ ○, unknown × or unknown without a glyph."""
    grid = _grid(content)
    return _UNKNOWN if grid is None else judge(grid)


def judge(grid: Grid) -> Verdict:
    """The verdict on a grid of ink (rows of booleans)."""
    ink = _crop(grid)
    if ink is None or min(len(ink), len(ink[0])) < 6:
        return _UNKNOWN
    frame = _frame(ink)
    if frame is not None:
        return _inside(_part(ink, *frame))
    if _ring(ink):
        edge_y, edge_x = max(2, len(ink) * 3 // 10), max(2, len(ink[0]) * 3 // 10)
        return _inside(_part(ink, edge_y, len(ink) - edge_y, edge_x, len(ink[0]) - edge_x), "●", "○")
    if is_tick(ink):
        return "ticked", "√"
    return ("unknown", "×") if _is_cross(ink) else _UNKNOWN


def _inside(inner: Grid, full: str = "☑", empty: str = "□") -> Verdict:
    share = _share(inner)
    if share > 0.9:
        return "ticked", "■" if full == "☑" else full
    if share >= 0.06:
        return "ticked", full
    return ("empty", empty) if share <= 0.01 else _UNKNOWN


def _share(grid: Grid) -> float:
    total = sum(len(row) for row in grid)
    return sum(map(sum, grid)) / total if total else 0.0


def _part(grid: Grid, top: int, bottom: int, left: int, right: int) -> Grid:
    return [row[left:right] for row in grid[top:bottom]]


def _crop(grid: Grid) -> Grid | None:
    rows = [index for index, row in enumerate(grid) if any(row)]
    if not rows:
        return None
    columns = [index for index in range(len(grid[0])) if any(row[index] for row in grid[rows[0] : rows[-1] + 1])]
    return _part(grid, rows[0], rows[-1] + 1, columns[0], columns[-1] + 1)


def _longest(line: Sequence[bool]) -> int:
    best = run = 0
    for dark in line:
        run = run + 1 if dark else 0
        best = max(best, run)
    return best


def _frame(ink: Grid) -> tuple[int, int, int, int] | None:
    """The inside of a drawn square (top, bottom, left, right), or None. A tick may stick out of it."""
    across = _walls([_longest(row) for row in ink], len(ink[0]))
    down = _walls([_longest(column) for column in zip(*ink, strict=True)], len(ink))
    if across is None or down is None:
        return None
    (top, bottom), (left, right) = across, down
    height, width = bottom - top, right - left
    if min(height, width) < 4 or not 0.5 <= height / width <= 2:
        return None
    return (
        top + max(1, height // 8),
        bottom - max(1, height // 8),
        left + max(1, width // 8),
        right - max(1, width // 8),
    )


def _walls(runs: Sequence[int], size: int) -> tuple[int, int] | None:
    """Where the first wall ends and the last begins, among lines with a run of ink nearly as long as the longest."""
    need = max(0.55 * size, 0.85 * max(runs))
    long = [index for index, run in enumerate(runs) if run >= need]
    if not long or long[-1] - long[0] < 0.4 * len(runs):
        return None
    first, last = long[0], long[-1]
    while first + 1 in long and first < len(runs) // 2:
        first += 1
    while last - 1 in long and last > len(runs) // 2:
        last -= 1
    if last <= first + 1:  # a filled square
        return long[0], long[-1]
    return first + 1, last


def _ring(ink: Grid) -> bool:
    """A closed round line: ink at the end of nearly every ray, none in the corners."""
    height, width = len(ink), len(ink[0])
    if not 0.75 <= height / width <= 1.33:
        return False
    corner = max(1, min(height, width) // 10)
    if any(ink[y][x] for y in (0, corner, -1 - corner, -1) for x in (0, -1) if abs(y) in (0, 1)):
        return False
    hits = 0
    for cos, sin in _RAYS:
        hits += any(
            ink[min(height - 1, int((1 + sin * reach) * height / 2))][
                min(width - 1, int((1 + cos * reach) * width / 2))
            ]
            for reach in (0.8, 0.85, 0.9, 0.95, 0.99)
        )
    return hits >= len(_RAYS) - 1


_RAYS = (
    (1.0, 0.0), (0.924, 0.383), (0.707, 0.707), (0.383, 0.924), (0.0, 1.0), (-0.383, 0.924), (-0.707, 0.707),
    (-0.924, 0.383), (-1.0, 0.0), (-0.924, -0.383), (-0.707, -0.707), (-0.383, -0.924), (0.0, -1.0),
    (0.383, -0.924), (0.707, -0.707), (0.924, -0.383),
)  # fmt: skip


def is_tick(ink: Grid) -> bool:
    """A stroke that goes down to a point left of the middle and up to the right."""
    height, width = len(ink), len(ink[0])
    if not 0.4 <= width / height <= 3 or _share(ink) > 0.6:
        return False
    lowest = [x for x in range(width) if ink[-1][x]]
    highest = [x for x in range(width) if ink[0][x]]
    foot, tip = sum(lowest) / len(lowest) / width, sum(highest) / len(highest) / width
    right_below = _share(_part(ink, height * 7 // 10, height, width * 7 // 10, width))
    left_above = _share(_part(ink, 0, height // 5, 0, width * 2 // 5))
    start = _share(_part(ink, height // 5, height, 0, max(1, width // 5)))
    return 0.1 <= foot <= 0.6 and tip >= 0.65 and right_below <= 0.02 and left_above <= 0.05 and start > 0.02


def _is_cross(ink: Grid) -> bool:
    height, width = len(ink), len(ink[0])
    third_y, third_x = max(1, height // 4), max(1, width // 4)
    corners = [
        _share(_part(ink, top, top + third_y, left, left + third_x))
        for top in (0, height - third_y)
        for left in (0, width - third_x)
    ]
    middle = _share(_part(ink, height * 2 // 5, height * 3 // 5 + 1, width * 2 // 5, width * 3 // 5 + 1))
    sides = _share(_part(ink, height * 2 // 5, height * 3 // 5, 0, max(1, width // 8)))
    return min(corners) > 0.1 and middle > 0.2 and sides < 0.1


# ---- PNG ----------------------------------------------------------------------------------------

_SAMPLES = {0: 1, 2: 3, 3: 1, 4: 2, 6: 4}


def _grid(content: bytes) -> Grid | None:
    """The ink of a PNG as rows of booleans; None for any other picture."""
    try:
        return _read_png(content)
    except (struct.error, zlib.error, IndexError, ValueError):
        return None


def _read_png(content: bytes) -> Grid | None:
    if not content.startswith(b"\x89PNG\r\n\x1a\n"):
        return None
    width, height, depth, colour, _, _, interlace = struct.unpack_from(">IIBBBBB", content, 16)
    if not 0 < width * height <= MAX_PIXELS or interlace or colour not in _SAMPLES or depth not in (1, 2, 4, 8):
        return None
    packed, palette, clear = _chunks(content)
    samples = _SAMPLES[colour]
    stride = (width * samples * depth + 7) // 8
    plain = zlib.decompressobj().decompress(packed, (stride + 1) * height)
    step = max(1, samples * depth // 8)
    grid: Grid = []
    before = bytes(stride)
    for row in range(height):
        start = row * (stride + 1)
        before = _unfilter(plain[start], bytearray(plain[start + 1 : start + 1 + stride]), before, step)
        values = before if depth == 8 else _spread(before, depth, width)
        grid.append([_dark(values, x * samples, colour, depth, palette, clear) for x in range(width)])
    return grid


def _chunks(content: bytes) -> tuple[bytes, bytes, bytes]:
    packed, palette, clear, offset = [], b"", b"", 8
    while offset + 8 <= len(content):
        length = int.from_bytes(content[offset : offset + 4], "big")
        kind, body = content[offset + 4 : offset + 8], content[offset + 8 : offset + 8 + length]
        if kind == b"IDAT":
            packed.append(body)
        elif kind == b"PLTE":
            palette = body
        elif kind == b"tRNS":
            clear = body
        offset += 12 + length
    return b"".join(packed), palette, clear


def _unfilter(kind: int, row: bytearray, before: bytes, step: int) -> bytes:
    if kind == 0:
        return bytes(row)
    for index in range(len(row)):
        left = row[index - step] if index >= step else 0
        above, corner = before[index], before[index - step] if index >= step else 0
        guess = (0, left, above, (left + above) // 2, _paeth(left, above, corner))[kind]
        row[index] = (row[index] + guess) & 0xFF
    return bytes(row)


def _paeth(left: int, above: int, corner: int) -> int:
    base = left + above - corner
    distances = (abs(base - left), abs(base - above), abs(base - corner))
    return (left, above, corner)[distances.index(min(distances))]


def _spread(row: bytes, depth: int, width: int) -> bytes:
    mask, per = (1 << depth) - 1, 8 // depth
    return bytes((row[x // per] >> (8 - depth * (x % per + 1))) & mask for x in range(width))


def _dark(values: bytes, at: int, colour: int, depth: int, palette: bytes, clear: bytes) -> bool:
    alpha = 255
    if colour == 3:
        index = values[at]
        red, green, blue = palette[index * 3 : index * 3 + 3]
        alpha = clear[index] if index < len(clear) else 255
    elif colour in (0, 4):
        red = green = blue = values[at] * 255 // ((1 << depth) - 1)
        alpha = values[at + 1] if colour == 4 else 255
    else:
        red, green, blue = values[at : at + 3]
        alpha = values[at + 3] if colour == 6 else 255
    light = (red * 299 + green * 587 + blue * 114) // 1000
    return 255 - (255 - light) * alpha // 255 < _DARK

"""Printed and filled pages drawn by chance, with the truth of each box: what the tests of pens measure on.

Glyphs come from the sheets in tests/samples/pen, so no font is needed. `draw(seed)` gives one page
as the reader of pictures hands it on: upright, paper near 250, words as an OCR engine places them.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import lru_cache
from itertools import pairwise
from pathlib import Path
from typing import Any

import cv2
import numpy as np

from intake.readers.paper_words import Word

SHEETS = Path(__file__).parents[1] / "samples" / "pen"
CELL, COLUMNS = 48, 12
CHARACTERS = (
    "是否同意不弃权参加有无愿赞成反对"
    "□■√✓×（）()_○"
    "口日国田回因困区四图"
    "中期人名称单位联系电话填写首都知识产业盟协会员手机码"
    "0123456789"
)
FONTS = ("sans", "sans-bold", "serif", "serif-bold", "droid")
OPTIONS = (
    ("是", "否"),
    ("是", "否"),
    ("是", "否"),
    ("愿意", "不愿意"),
    ("同意", "不同意", "弃权"),
    ("参加", "不参加"),
    ("有", "无"),
    ("赞成", "反对", "弃权"),
)
LABEL = "中期人名称单位联系电话填写首都知识产业盟协会员手机码日国回是同不加有"
PENS = {"black": (40, 38, 36), "blue": (150, 50, 30), "red": (40, 40, 200), "pencil": (125, 122, 120)}
KINDS = (
    "tick in",
    "tick over",
    "tick beside",
    "cross in",
    "scribble",
    "solid",
    "circle word",
    "circle box",
    "strike other",
    "glyph tick",
    "glyph cross",
    "glyph solid",
    "glyph over",
    "big cross",
    "dot",
    "empty",
    "both",
    "corrected",
)
EFFECTS = ("clean", "scan", "photo", "small", "two-tone")
Picture = Any
Box4 = tuple[float, float, float, float]


@dataclass
class Option:
    text: str
    word: Box4
    frame: Box4
    side: str
    marked: bool = False


@dataclass
class Group:
    options: list[Option]
    kind: str
    truth: int | str | None = None  # number of the option, None for blank, "unclear"
    sealed: bool = False


@dataclass
class Page:
    picture: Picture
    words: list[Word] = field(default_factory=list)
    groups: list[Group] = field(default_factory=list)
    effect: str = "clean"
    style: str = ""
    pen: str = ""


@lru_cache(maxsize=8)
def sheet(font: str) -> Picture:
    return cv2.imread(str(SHEETS / f"{font}.png"), cv2.IMREAD_GRAYSCALE)


def glyph(font: str, character: str) -> Picture:
    at = CHARACTERS.index(character)
    row, column = divmod(at, COLUMNS)
    return sheet(font)[row * CELL : (row + 1) * CELL, column * CELL : (column + 1) * CELL]


class _Canvas:
    """A white page in the making; lengths in pixels, `em` the size of the letters."""

    def __init__(self, chance: np.random.Generator, height: int, width: int, em: float, font: str) -> None:
        self.chance, self.em, self.font = chance, em, font
        self.picture = np.full((height, width, 3), 255.0, np.float32)
        self.words: list[Word] = []
        self.line = 0
        self.edge = max(1.0, em * float(chance.choice([0.04, 0.06, 0.09])))

    def stamp(self, cover: Picture, left: float, top: float, colour: tuple[int, int, int]) -> None:
        """Lay ink on the page: cover from 0 to 1."""
        x, y = round(left), round(top)
        h, w = cover.shape
        x0, y0 = max(0, x), max(0, y)
        x1, y1 = min(self.picture.shape[1], x + w), min(self.picture.shape[0], y + h)
        if x1 <= x0 or y1 <= y0:
            return
        part = cover[y0 - y : y1 - y, x0 - x : x1 - x, None]
        area = self.picture[y0:y1, x0:x1]
        area[:] = np.minimum(area, area * (1 - part) + np.array(colour, np.float32) * part)

    def write(self, text: str, left: float, top: float, *, size: float | None = None, colour: int = 25) -> float:
        """Set text; words are kept as OCR places them. Returns the right edge."""
        size = size or self.em
        for character in text:
            if character == " ":
                left += size * 0.5
                continue
            drawn = cv2.resize(glyph(self.font, character), (round(size), round(size)), interpolation=cv2.INTER_AREA)
            self.stamp(1 - drawn.astype(np.float32) / 255, left, top, (colour,) * 3)
            self.word(character, left, top, size)
            left += size
        return left

    def word(self, text: str, left: float, top: float, size: float, *, width: float | None = None) -> None:
        jitter = float(np.clip(self.chance.normal(0, 0.1), -0.3, 0.3)) * size
        pad = size * float(self.chance.uniform(0.0, 0.15))
        right = left + (width or size) + jitter
        self.words.append(Word(text, left + jitter, top - pad, right, top + size + pad, 0.95, self.line))

    def rule(self, x0: float, y0: float, x1: float, y1: float, thick: float = 1.5) -> None:
        self.line_cover([(x0, y0), (x1, y1)], thick, (30, 30, 30))

    def line_cover(
        self, points: list[tuple[float, float]], thick: float, colour: tuple[int, int, int], strength: float = 1.0
    ) -> None:
        pts = np.array(points, np.float64)
        left, top = pts.min(0) - thick - 3
        w, h = (np.ceil(pts.max(0) + thick + 3) - np.floor([left, top])).astype(int) + 1
        cover = np.zeros((max(1, int(h)), max(1, int(w))), np.uint8)
        moved = np.round((pts - np.floor([left, top])) * 16).astype(np.int32)
        cv2.polylines(cover, [moved], False, 255, max(1, round(thick)), cv2.LINE_AA, 4)
        self.stamp(cover.astype(np.float32) / 255 * strength, np.floor(left), np.floor(top), colour)

    def stroke(
        self, points: list[tuple[float, float]], thick: float, colour: tuple[int, int, int], strength: float = 1.0
    ) -> None:
        """A pen's stroke: a noisy curve through the points, pressure rising and falling along it."""
        curve = _curve(np.array(points, np.float64), self.chance, thick * 0.35)
        pressure = 0.75 + 0.35 * np.sin(np.linspace(0.3, float(self.chance.uniform(2.0, 3.4)), len(curve)))
        for start, (a, b) in enumerate(pairwise(curve)):
            self.line_cover([tuple(a), tuple(b)], thick * pressure[start], colour, strength)


def _curve(points: Picture, chance: np.random.Generator, noise: float) -> Picture:
    """Catmull-Rom through the points, shaken a little."""
    ends = np.vstack([2 * points[0] - points[1], points, 2 * points[-1] - points[-2]])
    out = []
    for at in range(1, len(ends) - 2):
        p0, p1, p2, p3 = ends[at - 1 : at + 3]
        for t in np.linspace(0, 1, 9)[: -1 if at < len(ends) - 3 else None]:
            out.append(
                0.5
                * (2 * p1 + (p2 - p0) * t + (2 * p0 - 5 * p1 + 4 * p2 - p3) * t**2 + (3 * p1 - p0 - 3 * p2 + p3) * t**3)
            )
    curve = np.array(out)
    return curve + np.cumsum(chance.normal(0, noise * 0.15, curve.shape), 0)


def _square(canvas: _Canvas, style: str, box: Box4, state: str) -> None:
    left, top, right, bottom = box
    size = right - left
    if style == "bracket":
        height = canvas.em
        middle = (top + bottom) / 2 - height / 2
        for character, x in (("(", left - height * 0.62), (")", right - height * 0.38)):
            drawn = cv2.resize(glyph(canvas.font, character), (round(height),) * 2, interpolation=cv2.INTER_AREA)
            canvas.stamp(1 - drawn.astype(np.float32) / 255, x, middle, (25, 25, 25))
            canvas.word(character, x + height * 0.3, middle, height, width=height * 0.4)
        if state in ("tick", "cross"):
            drawn = cv2.resize(
                glyph("sans", "√" if state == "tick" else "×"), (round(height),) * 2, interpolation=cv2.INTER_AREA
            )
            canvas.stamp(1 - drawn.astype(np.float32) / 255, (left + right - height) / 2, middle, (25, 25, 25))
        return
    if style == "typed":
        full = size / 0.8
        name = "■" if state == "solid" else "□"
        drawn = cv2.resize(glyph(canvas.font, name), (max(4, round(full)),) * 2, interpolation=cv2.INTER_AREA)
        canvas.stamp(1 - drawn.astype(np.float32) / 255, left - full * 0.1, top - full * 0.1, (25, 25, 25))
    else:
        thick = canvas.edge
        if state == "solid":
            canvas.stamp(np.ones((round(size), round(size)), np.float32), left, top, (25, 25, 25))
        edge = [(left, top), (right, top), (right, bottom), (left, bottom), (left, top)]
        canvas.line_cover(edge, thick, (25, 25, 25))
    thick = max(1.0, size * 0.09)
    if state == "tick":
        shape = [(0.2, 0.5), (0.42, 0.78), (0.82, 0.2)]
        canvas.line_cover([(left + size * x, top + size * y) for x, y in shape], thick, (25, 25, 25))
    if state == "cross":
        canvas.line_cover(
            [(left + size * 0.2, top + size * 0.2), (right - size * 0.2, bottom - size * 0.2)], thick, (25,) * 3
        )
        canvas.line_cover(
            [(left + size * 0.2, bottom - size * 0.2), (right - size * 0.2, top + size * 0.2)], thick, (25,) * 3
        )


def _tick(chance: np.random.Generator, x: float, y: float, size: float) -> list[tuple[float, float]]:
    """Points of a tick whose elbow is at (x, y)."""
    u = chance.uniform
    return [
        (x - size * u(0.2, 0.4), y - size * u(0.2, 0.4)),
        (x + size * u(-0.05, 0.05), y),
        (x + size * u(0.35, 0.75), y - size * u(0.6, 1.0)),
    ]


def _pen(
    canvas: _Canvas, kind: str, options: list[Option], chosen: int, colour: tuple[int, int, int], style: str
) -> None:
    option = options[chosen]
    left, top, right, bottom = option.frame
    thick = max(1.0, canvas.em * canvas.chance.uniform(0.06, 0.13))
    if kind.startswith("tick"):
        canvas.stroke(_placed_tick(canvas, kind, option), thick, colour)
    elif kind in ("cross in", "big cross"):
        _cross(canvas, option.frame, kind, thick, colour)
    elif kind == "scribble":
        _scribble(canvas, option.frame, thick, colour)
    elif kind == "solid":
        canvas.stamp(np.ones((max(2, round(bottom - top)), max(2, round(right - left))), np.float32), left, top, colour)
    elif kind == "dot":
        _dot(canvas, option.frame, thick, colour)
    elif kind in ("circle word", "circle box"):
        _ring(canvas, option.word if kind == "circle word" else option.frame, thick, colour)
    elif kind == "strike other":
        for other in options:
            if other is not option:
                _strike(canvas, other, thick, colour)


def _placed_tick(canvas: _Canvas, kind: str, option: Option) -> list[tuple[float, float]]:
    chance, u, em = canvas.chance, canvas.chance.uniform, canvas.em
    left, top, right, bottom = option.frame
    size, x, y = min(right - left, bottom - top), (left + right) / 2, (top + bottom) / 2
    if kind == "tick in":
        return _tick(chance, x - size * u(0.0, 0.15), y + size * u(0.1, 0.35), size * u(0.6, 0.85))
    if kind == "tick over":
        return _tick(chance, x - size * u(-0.1, 0.2), y + size * u(0.1, 0.5), size * u(1.2, 2.0))
    spot = option.word[2] + em * u(0.35, 0.5) if option.side == "before" else right + em * u(0.4, 0.55)
    return _tick(chance, spot, y + em * u(0.2, 0.4), em * u(0.7, 0.9))


def _cross(canvas: _Canvas, box: Box4, kind: str, thick: float, colour: tuple[int, int, int]) -> None:
    u = canvas.chance.uniform
    size, x, y = min(box[2] - box[0], box[3] - box[1]), (box[0] + box[2]) / 2, (box[1] + box[3]) / 2
    reach = size * (u(0.28, 0.45) if kind == "cross in" else u(0.6, 0.9))
    for sign in (1, -1):
        start = (x - reach * u(0.8, 1.1), y - sign * reach * u(0.8, 1.1))
        centre = (x + size * u(-0.08, 0.08), y + size * u(-0.08, 0.08))
        canvas.stroke([start, centre, (x + reach * u(0.8, 1.1), y + sign * reach * u(0.8, 1.1))], thick, colour)


def _dot(canvas: _Canvas, box: Box4, thick: float, colour: tuple[int, int, int]) -> None:
    size, x, y = min(box[2] - box[0], box[3] - box[1]), (box[0] + box[2]) / 2, (box[1] + box[3]) / 2
    radius = size * canvas.chance.uniform(0.22, 0.36)
    turns = [(k, a) for k in (0.3, 0.7, 1.0) for a in np.arange(0, 6.6, 0.6)]
    canvas.stroke([(x + radius * np.cos(a) * k, y + radius * np.sin(a) * k) for k, a in turns], thick * 1.3, colour)


def _strike(canvas: _Canvas, option: Option, thick: float, colour: tuple[int, int, int]) -> None:
    u, em = canvas.chance.uniform, canvas.em
    left, top, right, bottom = option.word
    grow = em * u(0.2, 0.45)
    if u() < 0.5:
        left, right = min(left, option.frame[0]), max(right, option.frame[2])
    y = (top + bottom) / 2 + em * u(-0.15, 0.15)
    canvas.stroke([(left - grow, y + u(-2, 2)), ((left + right) / 2, y), (right + grow, y + u(-2, 2))], thick, colour)
    if u() < 0.3:
        canvas.stroke([(left - grow, y + em * 0.25), (right + grow, y + em * 0.22)], thick, colour)


def _scribble(canvas: _Canvas, box: Box4, thick: float, colour: tuple[int, int, int]) -> None:
    u = canvas.chance.uniform
    left, top, right, bottom = box
    over = (right - left) * u(-0.05, 0.15)
    steps = max(5, int((bottom - top) / (thick * u(0.55, 0.95))))
    points = []
    for step in range(steps + 1):
        y = top + (bottom - top) * step / steps
        points.append(((left - over if step % 2 else right + over), y + u(-1, 1)))
    canvas.stroke(points, thick, colour)


def _ring(canvas: _Canvas, box: Box4, thick: float, colour: tuple[int, int, int]) -> None:
    u = canvas.chance.uniform
    x, y = (box[0] + box[2]) / 2, (box[1] + box[3]) / 2
    rx = (box[2] - box[0]) / 2 * u(1.15, 1.35) + canvas.em * 0.22
    ry = (box[3] - box[1]) / 2 * u(1.05, 1.2) + canvas.em * 0.18
    start = u(0, 6.28)
    points = [
        (x + rx * np.cos(start + a) * u(0.95, 1.05), y + ry * np.sin(start + a) * u(0.95, 1.05))
        for a in np.arange(0, 2 * np.pi + u(-0.2, 0.4), 0.45)
    ]
    canvas.stroke(points, thick, colour)


def _seal(canvas: _Canvas, x: float, y: float) -> None:
    u = canvas.chance.uniform
    radius = canvas.em * u(3.5, 6)
    colour = (int(u(40, 90)), int(u(40, 90)), int(u(190, 235)))
    strength = u(0.5, 0.9)
    ring = [(x + radius * np.cos(a), y + radius * np.sin(a)) for a in np.linspace(0, 2 * np.pi, 90)]
    canvas.line_cover(ring, canvas.em * 0.22, colour, strength)
    star = [(x + radius * 0.35 * (1 if k % 2 == 0 else 0.4) * np.sin(k * np.pi / 5),
             y - radius * 0.35 * (1 if k % 2 == 0 else 0.4) * np.cos(k * np.pi / 5)) for k in range(11)]  # fmt: skip
    cover = np.zeros(canvas.picture.shape[:2], np.uint8)
    cv2.fillPoly(cover, [np.array(star).astype(np.int32)], 255)
    canvas.stamp(cover.astype(np.float32) / 255 * strength, 0, 0, colour)
    for number, angle in enumerate(np.linspace(-2.6, -0.5, 9)):
        drawn = cv2.resize(
            glyph("serif-bold", LABEL[number]), (round(canvas.em * 1.1),) * 2, interpolation=cv2.INTER_AREA
        )
        turn = cv2.getRotationMatrix2D((drawn.shape[1] / 2, drawn.shape[0] / 2), -np.degrees(angle) - 90, 1)
        cover = cv2.warpAffine(255 - drawn, turn, drawn.shape[::-1]).astype(np.float32) / 255 * strength
        place = radius * 0.76
        canvas.stamp(
            cover, x + place * np.cos(angle) - canvas.em * 0.55, y + place * np.sin(angle) - canvas.em * 0.55, colour
        )


def draw(seed: int, *, effect: str | None = None, kind: str | None = None, seal: bool | None = None) -> Page:
    """One page by chance; every property may be fixed."""
    chance = np.random.default_rng(seed)
    u = chance.uniform
    effect = effect or str(chance.choice(EFFECTS, p=[0.2, 0.35, 0.3, 0.1, 0.05]))
    height = int(u(700, 1100)) if effect == "small" else int(u(1300, 2300))
    em = height * float(u(0.0125, 0.02))
    width = round(height / 1.414)
    canvas = _Canvas(chance, height, width, em, str(chance.choice(FONTS)))
    style = str(chance.choice(["drawn", "typed", "bracket"], p=[0.5, 0.35, 0.15]))
    side = str(chance.choice(["before", "after"]))
    pen = str(chance.choice(list(PENS), p=[0.4, 0.35, 0.1, 0.15]))
    seal = bool(u() < 0.25) if seal is None else seal
    page = Page(canvas.picture, effect=effect, style=style, pen=pen)
    _fill(canvas, page, style, side, pen, kind)
    if seal:
        group = page.groups[int(chance.integers(len(page.groups)))]
        x, y = group.options[0].frame[0] + em * u(-2, 12), group.options[0].frame[1] + em * u(-5, 5)
        _seal(canvas, x, y)
        for other in page.groups:
            other.sealed = any(abs(o.frame[0] - x) < em * 7 and abs(o.frame[1] - y) < em * 7 for o in other.options)
    page.words = _misread(canvas, page, chance)
    page.picture = _affected(canvas.picture, effect, chance, page)
    return page


def _fill(canvas: _Canvas, page: Page, style: str, side: str, pen: str, kind: str | None) -> None:
    chance, u, em = canvas.chance, canvas.chance.uniform, canvas.em
    height, width = canvas.picture.shape[:2]
    size = em * float(u(0.6, 1.5)) if style == "drawn" else em * 0.8
    gap, between = em * float(u(0.08, 0.5)), em * float(u(0.5, 3.0))
    split, right = width * float(u(0.35, 0.5)), width * 0.94
    table = u() < 0.8
    top = height * float(u(0.05, 0.3))
    for _ in range(int(chance.integers(1, 4))):
        canvas.line += 1
        canvas.write(_label(chance, int(u(4, 18))), width * 0.08, top)
        top += em * 2
    page_kind = kind or (None if u() < 0.5 else str(chance.choice(KINDS)))
    sets = OPTIONS[int(chance.integers(len(OPTIONS)))]
    start = top
    for _ in range(int(chance.integers(1, 5))):
        row = em * float(u(2.4, 4))
        canvas.line += 1
        canvas.write(_label(chance, int(u(4, 10))), width * 0.08, top + row / 2 - em / 2)
        options = sets if u() < 0.7 else OPTIONS[int(chance.integers(len(OPTIONS)))]
        wanted = page_kind or str(chance.choice(KINDS))
        _group(
            canvas,
            page,
            options,
            (split + em * float(u(0.5, 2)), top + row / 2),
            (style, side, size, gap, between),
            pen,
            wanted,
        )
        if table:
            for y in (top, top + row):
                canvas.rule(width * 0.06, y, right, y, max(1, em * 0.06))
        top += row
    if table:
        for x in (width * 0.06, split, right):
            canvas.rule(x, start, x, top, max(1, em * 0.06))
    canvas.line += 1
    canvas.write(_label(chance, int(u(4, 12))), width * 0.08, top + em)


def _label(chance: np.random.Generator, length: int) -> str:
    return "".join(chance.choice(list(LABEL), length))


def _group(
    canvas: _Canvas, page: Page, names: tuple[str, ...], at: tuple[float, float], layout: Any, pen: str, kind: str
) -> None:
    style, side, size, gap, between = layout
    chance, em = canvas.chance, canvas.em
    x, y = at
    wide = size * 1.0 if style != "bracket" else em * float(chance.uniform(0.8, 2.0))
    if kind == "tick beside":
        between = max(between, em * 2.2)
    canvas.line += 1
    options = []
    chosen = int(chance.integers(len(names)))
    marked = {chosen}
    if kind == "empty":
        marked = set()
    elif kind == "both":
        marked = {chosen, (chosen + 1) % len(names)}
    printed = {"glyph tick": "tick", "glyph cross": "cross", "glyph solid": "solid"}.get(kind, "")
    if style == "bracket" and kind in (
        "solid",
        "scribble",
        "glyph solid",
        "circle box",
        "glyph over",
        "dot",
        "big cross",
    ):
        kind, printed = "tick in", ""
    for number, name in enumerate(names):
        if canvas.chance.uniform() < 0.3:
            canvas.line += 1
        room = gap + (em * 0.35 if style == "bracket" else 0)
        begin = x
        if side == "before":
            box = (x, y - size / 2, x + wide, y + size / 2)
            _square(canvas, style, box, printed if number in marked else "")
            _read_box(canvas, style, box)
            word_left = x + wide + room
            x = canvas.write(name, word_left, y - em / 2) + between
        else:
            word_left = x
            box_left = canvas.write(name, x, y - em / 2) + room
            box = (box_left, y - size / 2, box_left + wide, y + size / 2)
            _square(canvas, style, box, printed if number in marked else "")
            _read_box(canvas, style, box)
            x = box_left + wide + between
        if begin > canvas.picture.shape[1]:
            break
        options.append(
            Option(name, (word_left, y - em / 2, word_left + len(name) * em, y + em / 2), box, side, number in marked)
        )
    colour = tuple(int(c + chance.normal(0, 8)) for c in PENS[pen])
    _mark(canvas, options, chosen, marked, kind, printed, colour, style)
    unclear = kind in ("both", "corrected")
    page.groups.append(Group(options, kind, "unclear" if unclear else None if kind == "empty" else chosen))


def _mark(
    canvas: _Canvas,
    options: list[Option],
    chosen: int,
    marked: set[int],
    kind: str,
    printed: str,
    colour: Any,
    style: str,
) -> None:
    if printed or kind == "empty":
        return
    if kind == "both":
        way = str(canvas.chance.choice(["tick in", "tick over", "cross in"]))
        for number in marked:
            _pen(canvas, way, options, number, colour, style)
    elif kind == "corrected":
        _scribble(canvas, options[chosen].frame, canvas.em * 0.1, colour)
        _pen(canvas, "tick in", options, (chosen + 1) % len(options), colour, style)
    elif kind == "glyph over":
        left, top, right, bottom = options[chosen].frame
        drawn = cv2.resize(glyph(canvas.font, "√"), (round(canvas.em * 1.1),) * 2, interpolation=cv2.INTER_AREA)
        half = canvas.em * 0.55
        canvas.stamp(
            1 - drawn.astype(np.float32) / 255, (left + right) / 2 - half, (top + bottom) / 2 - half, (25, 25, 25)
        )
    else:
        _pen(canvas, kind, options, chosen, colour, style)


def _read_box(canvas: _Canvas, style: str, box: Box4) -> None:
    """What OCR makes of a box: often nothing."""
    if style != "bracket" and canvas.chance.uniform() < 0.5:
        sign = str(canvas.chance.choice(list("□口囗回日O☑√V区因0")))
        canvas.word(sign, box[0], box[1], box[3] - box[1])


def _misread(canvas: _Canvas, page: Page, chance: np.random.Generator) -> list[Word]:
    """The words as OCR gives them: some options lost or misread, most of all those under a ring or a line."""
    spoilt: list[tuple[Box4, str]] = []
    for group in page.groups:
        for number, option in enumerate(group.options):
            ringed = group.kind == "circle word" and option.marked
            lined = group.kind == "strike other" and number != group.truth
            if chance.uniform() < (0.35 if ringed or lined else 0.05):
                spoilt.append((option.word, str(chance.choice(["", "", "圆", "固", "曰", "显", "吾"]))))
    kept = []
    for word in canvas.words:
        x, y = (word.left + word.right) / 2, (word.top + word.bottom) / 2
        reading = next((r for b, r in spoilt if b[0] - 9 < x < b[2] + 9 and b[1] < y < b[3]), word.text)
        if reading and chance.uniform() > 0.01:
            kept.append(Word(reading, word.left, word.top, word.right, word.bottom, word.score, word.line))
    return kept


def _affected(picture: Picture, effect: str, chance: np.random.Generator, page: Page) -> Picture:
    u = chance.uniform
    height, width = picture.shape[:2]
    if effect == "clean":
        return picture.clip(0, 255).astype(np.uint8)
    if effect == "two-tone":
        grey = picture.mean(2) + chance.normal(0, 12, (height, width))
        return np.repeat(np.where(grey < u(120, 190), 0, 255).astype(np.uint8)[:, :, None], 3, 2)
    photo = effect == "photo"
    corners = np.array([[0, 0], [width, 0], [width, height], [0, height]], np.float32)
    sway = width * (0.012 if photo else 0.005)
    moved = (corners + chance.uniform(-sway, sway, (4, 2))).astype(np.float32)
    matrix = cv2.getPerspectiveTransform(corners, moved)
    picture = cv2.warpPerspective(picture, matrix, (width, height), flags=cv2.INTER_LINEAR, borderValue=(255, 255, 255))
    _move(page, matrix)
    blur = float(u(0.3, 0.9) if effect == "small" else u(0.4, 1.4 if photo else 1.1))
    picture = cv2.GaussianBlur(picture, (0, 0), blur)
    if photo:
        picture = (
            picture * _light(height, width, chance)[:, :, None] * np.array([u(0.88, 1), u(0.94, 1), 1], np.float32)
        )
    if u() < 0.4:
        picture = np.repeat(cv2.cvtColor(picture.clip(0, 255).astype(np.uint8), cv2.COLOR_BGR2GRAY)[:, :, None], 3, 2)
    noise = chance.normal(0, u(1, 8 if photo else 5), (height, width, 1)).astype(np.float32)
    picture = (picture + noise).clip(0, 255).astype(np.uint8)
    ok, packed = cv2.imencode(".jpg", picture, [cv2.IMWRITE_JPEG_QUALITY, int(u(35, 90))])
    picture = cv2.imdecode(packed, cv2.IMREAD_COLOR) if ok else picture
    if effect == "small":
        factor = 1600 / height
        picture = cv2.resize(picture, None, fx=factor, fy=factor, interpolation=cv2.INTER_CUBIC)
        _move(page, np.diag([factor, factor, 1.0]))
    return picture


def _light(height: int, width: int, chance: np.random.Generator) -> Picture:
    """What unevenness is left after the light was normalised."""
    coarse = chance.uniform(0.9, 1.0, (4, 3)).astype(np.float32)
    return cv2.resize(coarse, (width, height), interpolation=cv2.INTER_CUBIC).clip(0, 1.02)


def _move(page: Page, matrix: Picture) -> None:
    def box(left: float, top: float, right: float, bottom: float) -> Box4:
        pts = np.array([[[left, top], [right, top], [right, bottom], [left, bottom]]], np.float64)
        out = cv2.perspectiveTransform(pts, matrix)[0]
        return (*out.min(0), *out.max(0))

    page.words = [Word(w.text, *box(w.left, w.top, w.right, w.bottom), w.score, w.line) for w in page.words]
    for group in page.groups:
        for option in group.options:
            option.word, option.frame = box(*option.word), box(*option.frame)

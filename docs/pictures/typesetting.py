"""Sets text, rows of a form and tags for the pictures of docs/reading.md.

Needs Pillow, and `fc-match` with a Chinese font and DejaVu Sans for the signs that it lacks. Sizes are pixels,
y is the middle of a line.
"""

from __future__ import annotations

import subprocess
from collections.abc import Iterable
from functools import lru_cache
from pathlib import Path

from PIL import Image, ImageDraw, ImageFont

from intake.document import Box, Looks, Piece, Remark, Text

INK, PALE, LINE, PAPER = "#1f2328", "#59636e", "#d1d9e0", "#ffffff"
GREEN, GREY, ORANGE, BLUE, RED = "#1a7f37", "#6e7781", "#bc4c00", "#0969da", "#cf222e"
VERDICTS = {"yes": GREEN, "no": GREEN, "blank": GREY, "unclear": ORANGE}
STATES = {"ticked": GREEN, "empty": GREY, "unknown": ORANGE, "struck": RED}
_FAMILIES = ("Noto Sans CJK SC:lang=zh-cn", "DejaVu Sans")
_MISSING = "\U0010fffe"
_MOST_BYTES = 60_000


class NoFont(Exception):
    """fc-match, or a font that it names, is not on this machine."""


@lru_cache(maxsize=64)
def font(family: str, size: int, *, bold: bool = False) -> ImageFont.FreeTypeFont:
    """The font that fontconfig gives for a family. Raises NoFont."""
    asked = ["fc-match", "-f", "%{file}\n%{index}", family + (":bold" if bold else "")]
    try:
        path, index = subprocess.run(asked, check=True, capture_output=True, text=True).stdout.split("\n")
        return ImageFont.truetype(path, size, index=int(index) & 0xFFFF)
    except (OSError, ValueError, subprocess.CalledProcessError) as error:
        raise NoFont(str(error)) from error


@lru_cache(maxsize=4096)
def font_for(char: str, size: int, *, bold: bool = False) -> ImageFont.FreeTypeFont:
    """The first font that has the character."""
    for family in _FAMILIES:
        found = font(family, size, bold=bold)
        if bytes(found.getmask(char)) != bytes(found.getmask(_MISSING)):
            return found
    return font(_FAMILIES[0], size, bold=bold)


def width_of(text: str, size: int, *, bold: bool = False) -> float:
    return sum(font_for(char, size, bold=bold).getlength(char) for char in text)


def wrapped(text: str, size: int, room: float) -> list[str]:
    """The text in lines no wider than `room`; Chinese breaks anywhere, but no line begins with closing punctuation
    or ends with opening punctuation."""
    lines = [""]
    for char in text:
        if width_of(lines[-1] + char, size) > room and char not in "，。；：”、）":
            kept = lines[-1].rstrip("“（")
            lines[-1:] = [kept, lines[-1][len(kept) :]]
        lines[-1] += char
    return lines


class Plate:
    """A white picture in the making."""

    def __init__(self, width: int, height: int) -> None:
        self.image = Image.new("RGB", (width, height), PAPER)
        self.draw = ImageDraw.Draw(self.image)

    def text(
        self,
        x: float,
        y: float,
        text: str,
        size: int = 20,
        fill: str = INK,
        *,
        bold: bool = False,
        centred: bool = False,
    ) -> float:
        """Set one line; returns its right edge."""
        if centred:
            x -= width_of(text, size, bold=bold) / 2
        base = y + size * 0.36
        for char in text:
            one = font_for(char, size, bold=bold)
            self.draw.text((x, base), char, fill, font=one, anchor="ls")
            x += one.getlength(char)
        return x

    def tag(self, x: float, y: float, text: str, fill: str, size: int = 18) -> float:
        """A word on a coloured ground; returns its right edge."""
        right = x + width_of(text, size, bold=True) + size
        self.draw.rounded_rectangle((x, y - size * 0.8, right, y + size * 0.8), size * 0.4, fill)
        self.text(x + size / 2, y, text, size, PAPER, bold=True)
        return right

    def row(self, x: float, y: float, pieces: Iterable[Piece], size: int = 24) -> float:
        """The pieces of an answer as Word shows them; returns the right edge."""
        for piece in pieces:
            if isinstance(piece, Text):
                x = self._looking(x, y, piece.text, piece.looks, size)
            elif isinstance(piece, Box):
                x = self._box(x, y, piece, size)
            else:
                x = self._remark(x, y, piece, size)
        return x

    def _looking(self, x: float, y: float, text: str, looks: Looks, size: int) -> float:
        right, half = x + width_of(text, size, bold=looks.bold), size * 0.62
        if looks.highlighted or looks.shaded:
            self.draw.rectangle((x, y - half, right, y + half), "#fff34d" if looks.highlighted else "#d8dee4")
        red = looks.coloured or looks.inserted
        self.text(x, y, text, size, RED if red else "#a6a6a6" if looks.faint else INK, bold=looks.bold)
        if looks.struck:
            self.draw.line((x, y, right, y), RED if red else INK, 2)
        if looks.underlined or looks.inserted:
            self.draw.line((x, y + half, right, y + half), RED if red else INK, 2)
        if looks.bordered:
            self.draw.rectangle((x - 2, y - half, right + 2, y + half), outline=INK, width=2)
        return right

    def _box(self, x: float, y: float, box: Box, size: int) -> float:
        if box.source in ("shape", "picture", "ink"):
            return self._drawn(x, y, box, size)
        if box.source == "EQ field":
            half = size * 0.42
            self.draw.rectangle((x + 1, y - half, x + 1 + 2 * half, y + half), outline=INK, width=2)
            self.text(x + 1 + half, y, box.glyph, round(size * 0.8), centred=True)
            return x + size
        return self._looking(x, y, box.glyph or ("☑" if box.state == "ticked" else "☐"), box.looks, size)

    def _drawn(self, x: float, y: float, box: Box, size: int) -> float:
        """A drawn tick lies over the character before it; any other drawn thing is a scrawl there."""
        tick = [(-0.85, -0.05), (-0.55, 0.35), (0.1, -0.7)]
        scrawl = [(-0.9, 0.3), (-0.7, -0.3), (-0.55, 0.3), (-0.35, -0.3), (-0.2, 0.3), (0.05, -0.3)]
        points = [(x + size * dx, y + size * dy) for dx, dy in (tick if box.state == "ticked" else scrawl)]
        self.draw.line(points, BLUE, 3, joint="curve")
        return x

    def _remark(self, x: float, y: float, remark: Remark, size: int) -> float:
        small = round(size * 0.6)
        right = x + 8 + width_of(remark.text, small) + 12
        self.draw.rounded_rectangle((x + 8, y - small, right, y + small), 4, "#fbe9e7", RED)
        self.text(x + 14, y, remark.text, small, RED)
        return right

    def save(self, path: Path) -> None:
        """Write the picture with as many colours as fit into 60 KB."""
        for colours in (128, 64, 32, 16):
            self.image.quantize(colours, method=Image.Quantize.MAXCOVERAGE, dither=Image.Dither.NONE, kmeans=2).save(
                path, optimize=True
            )
            if path.stat().st_size < _MOST_BYTES:
                return
        raise ValueError(f"{path.name} is larger than {_MOST_BYTES} bytes")

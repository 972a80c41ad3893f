"""The way from bytes, or from paper, to an answer."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from typesetting import BLUE, GREEN, INK, ORANGE, PALE, Plate

PAPER = (
    ("picture", "PNG JPEG TIFF", "HEIC, scanned PDF"),
    ("set upright", "sheet, light, turn,", "perspective, tilt"),
    ("words and rules", "characters read,", "borders found"),
    ("boxes and pen", "ticked, empty", "or unknown"),
    ("page layout", "places to rows,", "cells, lines"),
)
FILES = (
    ("bytes", "known by content,", "not by name"),
    ("reader", "one a format:", "docx, doc, xlsx ..."),
    ("Document", "paragraphs, tables,", "Text, Box, Looks"),
    ("layout", "lines, grids,", "lists, columns"),
    ("labels", "which cells answer", "which question"),
)
JUDGE = (
    ("row taken apart", "options, marks,", "words, breaks"),
    ("binding", "which mark belongs", "to which option"),
    ("table of choices", "read top to bottom,", "the first row wins"),
    ("evidence", "第5行第2列：", "“是”后的方框为☑"),
    ("Choice", "yes, no, blank", "or unclear"),
)
BOX_WIDE, BOX_HIGH, STEP, ROW_STEP = 196, 92, 250, 148


def flow_picture(path: Path) -> None:
    plate = Plate(STEP * 5 - 14, 3 * ROW_STEP - 30)
    for number, (row, colour) in enumerate(((PAPER, ORANGE), (FILES, BLUE), (JUDGE, GREEN))):
        y = 14 + number * ROW_STEP
        for at, (title, *lines) in enumerate(row):
            x = 20 + at * STEP
            plate.draw.rounded_rectangle((x, y, x + BOX_WIDE, y + BOX_HIGH), 8, outline=colour, width=3)
            plate.text(x + BOX_WIDE / 2, y + 22, title, 21, colour, bold=True, centred=True)
            for line, text in enumerate(lines):
                plate.text(x + BOX_WIDE / 2, y + 48 + 24 * line, text, 17, INK, centred=True)
            if at:
                arrow(plate, [(x - STEP + BOX_WIDE + 6, y + BOX_HIGH / 2), (x - 6, y + BOX_HIGH / 2)])
    last, document, first = 20 + 4 * STEP + BOX_WIDE / 2, 20 + 2 * STEP + BOX_WIDE / 2, 20 + BOX_WIDE / 2
    for x, number in ((document, 0), (first, 1)):
        low = 14 + number * ROW_STEP + BOX_HIGH
        turn = low + (ROW_STEP - BOX_HIGH) / 2
        arrow(plate, [(last, low + 4), (last, turn), (x, turn), (x, 14 + (number + 1) * ROW_STEP - 6)])
    plate.save(path)


def arrow(plate: Plate, points: Sequence[tuple[float, float]]) -> None:
    """A line of level and upright pieces with a head at its end."""
    plate.draw.line(list(points), PALE, 3)
    (x0, y0), (x1, y1) = points[-2:]
    dx, dy = (1 if x1 > x0 else 0), (1 if y1 > y0 else 0)
    head = [(x1, y1), (x1 - 10 * dx - 7 * dy, y1 - 10 * dy - 7 * dx), (x1 - 10 * dx + 7 * dy, y1 - 10 * dy + 7 * dx)]
    plate.draw.polygon(head, PALE)

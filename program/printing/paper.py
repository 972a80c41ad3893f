"""How wide the columns of a list are on A4, so that no telephone is broken. Pure arithmetic, in millimetres.

A4 is ISO 216; a character of Chinese is as wide as its size, one of another script half of that.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Sequence

from program.printing.columns import Column
from program.printing.name_list import NameList

A4_MM = (210.0, 297.0)
MARGIN_MM = 15.0
POINTS = 12.0
MM_A_POINT = 25.4 / 72
PADDING_MM = 4.4  # what Word leaves on both sides of a cell, and a hair
ROOM_MM = 30.0  # to sign or write in
LEAST_CHARACTERS = 3  # Chinese ones a line of wrapped text


def usable_mm(made: NameList) -> float:
    return A4_MM[1 if made.landscape else 0] - 2 * MARGIN_MM


def widths_mm(made: NameList) -> list[float]:
    """The width of each column; together they are as wide as the page allows."""
    texts = [[row[at] for row in made.rows] for at in range(len(made.columns))]
    wished = [_wished(column, cells) for column, cells in zip(made.columns, texts, strict=True)]
    least = [_least(column, wish) for column, wish in zip(made.columns, wished, strict=True)]
    spare = usable_mm(made) - sum(wished)
    if spare >= 0:
        return _widened(made.columns, wished, spare)
    most = _most(wished, least, usable_mm(made))
    return [max(low, min(wish, most)) for wish, low in zip(wished, least, strict=True)]


def _most(wished: Sequence[float], least: Sequence[float], usable: float) -> float:
    """The width that text may not pass if all shall fit, to a tenth: so what is short stays on one line."""
    tenths = (number / 10 for number in range(int(usable * 10), 0, -1))
    pairs = tuple(zip(wished, least, strict=True))
    return next((most for most in tenths if sum(max(low, min(wish, most)) for wish, low in pairs) <= usable), 0.0)


def width_of(text: str) -> int:
    """In half widths."""
    return sum(2 if unicodedata.east_asian_width(sign) in "WFA" else 1 for sign in text)


def _wished(column: Column, cells: Sequence[str]) -> float:
    if column.fit == "room":
        return max(ROOM_MM, _mm(column.heading))
    lines = [line for cell in cells for line in cell.split("\n")]
    widest = max(map(_mm, (column.heading, *lines)))
    return min(widest, column.most_mm) if column.fit == "whole" else widest


def _least(column: Column, wished: float) -> float:
    """Text gives way, nothing else."""
    if column.fit != "text":
        return wished
    return min(wished, max(_mm("国" * LEAST_CHARACTERS), _mm(column.heading)))


def _widened(columns: Sequence[Column], wished: Sequence[float], spare: float) -> list[float]:
    """What is left goes to text and to the room to write in."""
    gains = [column.fit != "whole" for column in columns]
    return [wish + spare * gain / (sum(gains) or 1) for wish, gain in zip(wished, gains, strict=True)]


def _mm(text: str) -> float:
    return width_of(text) * POINTS / 2 * MM_A_POINT + PADDING_MM

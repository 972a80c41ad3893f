"""What the register's words are called in the office, and how a moment is written."""

from __future__ import annotations

import unicodedata
from collections.abc import Sequence
from datetime import date, datetime

from intake import beijing
from intake.office_words import EDGES as EDGES
from intake.office_words import KINDS as KINDS
from intake.office_words import LETTERS as LETTERS
from intake.office_words import STATES as STATES


def moment(when: datetime | None) -> str:
    """2016年12月2日（星期五）17:00 in Beijing time; 从未 for None."""
    if when is None:
        return "从未"
    return beijing.moment(when)


def date_of(day: date) -> str:
    """2016年12月2日（星期五）"""
    return f"{day.year}年{day.month}月{day.day}日（星期{beijing.WEEKDAYS[day.weekday()]}）"


def width(text: str) -> int:
    """Columns on a terminal: wide and full-width characters take two."""
    return sum(2 if unicodedata.east_asian_width(character) in "WF" else 1 for character in text)


def listing(label: str, items: Sequence[str], mark: str, columns: int) -> str:
    """A label and its items, `mark` between them; what does not fit into the columns stands below the first item."""
    lines = [label]
    for number, item in enumerate(items, 1):
        item += mark if number < len(items) else ""
        if number > 1 and width(lines[-1] + item) > columns:
            lines.append(" " * width(label))
        lines[-1] += item
    return "\n".join(lines)


def table(rows: Sequence[Sequence[str]], gap: str = "  ") -> list[str]:
    """Lines with aligned columns; the last column is not padded."""
    widths = [max(width(cell) for cell in column) for column in zip(*rows, strict=True)]
    return [
        gap.join(
            cell if at == len(row) - 1 else cell + " " * (widths[at] - width(cell)) for at, cell in enumerate(row)
        ).rstrip()
        for row in rows
    ]

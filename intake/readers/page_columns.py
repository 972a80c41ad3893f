"""Columns of running text on a page.

Only prose set in columns is read column by column: both sides of a clear gutter hold several full lines. Labels with
their values beside them are left as lines.
"""

from __future__ import annotations

from collections.abc import Sequence

from intake.readers.page_items import Item, middle
from intake.readers.page_lines import Row, rows

_LEAST_LINES = 4
_FULL = 0.8  # of the column's width: the share of a line that prose fills


def columns(items: Sequence[Item], height: float) -> list[list[Item]]:
    """The items of each column in reading order; a single list where the text is not set in columns."""
    found = [list(items)]
    gutter = _gutter(items, height)
    if gutter is None:
        return found
    left = [item for item in items if middle(item)[0] < gutter]
    right = [item for item in items if middle(item)[0] >= gutter]
    return [left, right] if _is_prose(left) and _is_prose(right) else found


def _gutter(items: Sequence[Item], height: float) -> float | None:
    """The middle of the widest vertical strip that nothing touches, in the middle third of the text."""
    spans = sorted((item.left, item.right) for item in items)
    if not spans:
        return None
    start, end = spans[0][0], max(right for _, right in spans)
    reach, best, at = spans[0][1], 0.0, None
    for left, right in spans:
        if left - reach > max(best, height) and start + (end - start) / 3 < left < end - (end - start) / 4:
            best, at = left - reach, (left + reach) / 2
        reach = max(reach, right)
    return at


def _is_prose(items: Sequence[Item]) -> bool:
    lines = rows(items)
    if len(lines) < _LEAST_LINES:
        return False
    left, right = min(row.left for row in lines), max(row.right for row in lines)
    return sum(_fills(row, right - left) for row in lines) >= 0.7 * len(lines)


def _fills(row: Row, width: float) -> bool:
    return row.right - row.left >= _FULL * width and len(row.text) >= 12

"""A small picture of answers a day, drawn with Pillow: it travels inside the mail and shows with remote images off.

The same numbers give the same bytes. Digits only, so that no font of the machine is needed; what it means is said
beside it, and again as text.
"""

from __future__ import annotations

import io
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from PIL.ImageDraw import ImageDraw

WIDTH, HEIGHT = 960, 360  # half again the size it is shown at, for sharp screens
MOST_DAYS = 45
_TOP, _BOTTOM, _SIDE = 56, 60, 24
_BAR, _NONE, _DEADLINE, _TEXT, _AXIS = "#3b73b9", "#d5dbe3", "#c8372d", "#4e5358", "#9aa3ad"


@dataclass(frozen=True, slots=True)
class Days:
    """The days shown, in order, with their numbers; `deadline` and `today` may lie outside."""

    days: tuple[tuple[date, int], ...]
    deadline: date
    today: date

    @property
    def most(self) -> int:
        return max((count for _, count in self.days), default=0)


def days_shown(counts: Mapping[date, int], opens: date, deadline: date, today: date) -> Days:
    """From the opening to the deadline, or to the last answer if that is later; of a long campaign the days around
    today.
    """
    last = max([deadline, *(day for day, count in counts.items() if count)])
    first = min(opens, last)
    if (last - first).days >= MOST_DAYS:
        last = min(last, today + timedelta(days=14))
        first = max(first, last - timedelta(days=MOST_DAYS - 1))
    every = (first + timedelta(days=number) for number in range((last - first).days + 1))
    return Days(tuple((day, counts.get(day, 0)) for day in every), deadline, today)


def png(shown: Days) -> bytes:
    """The picture: a bar a day with its number, a red line after the day of the deadline."""
    from PIL import Image, ImageDraw

    image = Image.new("RGB", (WIDTH, HEIGHT), "white")
    _draw(ImageDraw.Draw(image), shown)
    written = io.BytesIO()
    image.quantize(32, dither=Image.Dither.NONE).save(written, "PNG", optimize=True)
    return written.getvalue()


def _draw(draw: ImageDraw, shown: Days) -> None:
    step = (WIDTH - 2 * _SIDE) / max(1, len(shown.days))
    floor, room = HEIGHT - _BOTTOM, HEIGHT - _BOTTOM - _TOP
    font, small = _font(28 if step >= 36 else 20), _font(26)
    for number, (day, count) in enumerate(shown.days):
        left = _SIDE + number * step
        middle, high = left + step / 2, room * count / max(1, shown.most)
        bar = (left + 0.16 * step, floor - max(high, 3), left + 0.84 * step, floor)
        draw.rectangle(bar, fill=_BAR if count else _NONE)
        if count:
            draw.text((middle, bar[1] - 4), str(count), fill=_TEXT, font=font, anchor="mb")
        if _is_named(number, shown.days, step):
            draw.text((middle, floor + 12), f"{day.month}/{day.day}", fill=_TEXT, font=small, anchor="mt")
        if day == shown.deadline:
            draw.line((left + step - 1, _TOP - 30, left + step - 1, floor + 8), fill=_DEADLINE, width=4)
    draw.line((_SIDE, floor, WIDTH - _SIDE, floor), fill=_AXIS, width=2)


def _is_named(number: int, days: Sequence[tuple[date, int]], step: float) -> bool:
    """Every day where there is room for its date, else every few."""
    every = max(1, round(110 / step + 0.49))
    return number % every == 0 and number < len(days)


def _font(size: int) -> Any:
    from PIL import ImageFont

    return ImageFont.load_default(size)

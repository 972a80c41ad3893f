"""What a colour of characters says to a person: nothing, set apart, or set back.

Grey and white do not choose an option as red does; they make it recede. Never raises.
"""

from __future__ import annotations

import re
from typing import Literal, TypeAlias

Tone: TypeAlias = Literal["plain", "coloured", "faint"]

_HEX = re.compile(r"#?(?:[0-9a-f]{2})?([0-9a-f]{2})([0-9a-f]{2})([0-9a-f]{2})")
_SHORT_HEX = re.compile(r"#([0-9a-f])([0-9a-f])([0-9a-f])")
_RGB = re.compile(r"rgba?\((\d{1,3}),(\d{1,3}),(\d{1,3})(?:,[\d.]+%?)?\)")
_PLAIN = frozenset({"", "auto", "black", "windowtext", "inherit", "initial", "currentcolor"})
_FAINT = frozenset(
    {"white", "gray", "grey", "silver", "gainsboro", "whitesmoke"}
    | {shade + grey for shade in ("light", "dark") for grey in ("gray", "grey")}
)
_SPREAD = 16  # between the channels of what still looks grey
_FAINT_FROM = 0x60  # mail editors write their black as #1f2329 or #333333


def tone(colour: str) -> Tone:
    """The tone of a colour as Word (A6A6A6), Excel (FFA6A6A6) or a page (#aaa, gray, rgb(1,2,3)) writes it."""
    text = re.sub(r"\s+", "", colour.lower())
    if text in _PLAIN:
        return "plain"
    if text in _FAINT:
        return "faint"
    channels = _channels(text)
    if channels is None or max(channels) - min(channels) > _SPREAD:
        return "coloured"
    return "faint" if min(channels) >= _FAINT_FROM else "plain"


def _channels(text: str) -> tuple[int, ...] | None:
    if match := _HEX.fullmatch(text):
        return tuple(int(part, 16) for part in match.groups())
    if match := _SHORT_HEX.fullmatch(text):
        return tuple(int(part * 2, 16) for part in match.groups())
    if match := _RGB.fullmatch(text):
        return tuple(int(part) for part in match.groups())
    return None

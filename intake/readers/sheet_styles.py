"""How the cells of a workbook are shown: fonts, number formats, dates.

Sources: ECMA-376 part 1, 18.8.30 and 18.8.31 (number formats), which [MS-XLS] 2.4.126 shares.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import datetime, timedelta
from decimal import Decimal, InvalidOperation
from functools import lru_cache

from intake.document import PLAIN, Looks

DATE_IDS = frozenset([*range(14, 23), *range(27, 37), *range(45, 48), *range(50, 59)])
BUILT_IN = {9: "0%", 10: "0.00%"}
_LITERAL = re.compile(r'"[^"]*"|\\.|\[[^\]]*\]|_.|\*.')
_MAX_DAYS = 2_958_465  # 9999-12-31
_CONDITION = re.compile(r"\[(<=|>=|<>|<|>|=)(-?\d+(?:\.\d+)?)\]")
_SECTION = re.compile(r'((?:"[^"]*"|\\.|[^;"\\])*);')
_TOKEN = re.compile(r'"(?P<quoted>[^"]*)"|\\(?P<escaped>.)|(?P<other>\[[^\]]*\]|_.|\*.)|(?P<plain>.)', re.S)


@dataclass(frozen=True, slots=True)
class Font:
    """Looks, symbol font family and size of a font."""

    looks: Looks = PLAIN
    family: str = ""
    size: float = 11.0


@dataclass(frozen=True, slots=True)
class CellStyle:
    """How a cell is shown. `check_box`: a boolean in it is drawn as a box; `hidden`: its format shows nothing;
    `framed`: it has a border, so that a person sees it even when empty."""

    font: Font = Font()
    pattern: str = "General"
    date: bool = False
    check_box: bool = False
    hidden: bool = False
    framed: bool = False
    align: str = "left"


DEFAULT_STYLE = CellStyle()


def is_date_pattern(pattern: str) -> bool:
    """Whether a number format shows a date or time: letters of it outside literals and brackets."""
    bare = _LITERAL.sub("", pattern.split(";")[0]).lower()
    return "general" not in bare and re.search(r"[ymdhs年月日]", bare) is not None


def hides(pattern: str) -> bool:
    """Whether a number format shows nothing at all (;;;)."""
    return pattern.replace(" ", "").startswith(";;;")


def shown_number(text: str, style: CellStyle, *, from_1904: bool = False) -> str:
    """A stored number as a person reads it: dates as dates, whole numbers as digits without .0, and the words of a
    format that holds nothing but words ([=1]"√";[=0]"×")."""
    try:
        value = Decimal(text.strip())
    except InvalidOperation:
        return text
    if not value.is_finite():
        return text
    if style.date and 0 <= value < _MAX_DAYS:
        return _date(float(value), from_1904)
    words = None if style.pattern == "General" else _words_for(value, style.pattern)
    return _digits(text, value, style.pattern) if words is None else words


def _digits(text: str, value: Decimal, pattern: str) -> str:
    if pattern.startswith(("0%", "0.0")) and pattern.rstrip().endswith("%"):
        return f"{float(value) * 100:g}%"
    if abs(value) >= Decimal("1e30") or (value and abs(value) < Decimal("1e-12")):
        return text
    if value == value.to_integral_value():
        digits = format(value.to_integral_value(), "f")
        padded = re.fullmatch(r"0{2,20}", pattern)
        return digits.zfill(len(pattern)) if padded else digits
    return f"{float(value):.12g}"


def _words_for(value: Decimal, pattern: str) -> str | None:
    """The words that a format shows in place of a number; None where it shows the number."""
    sections = _sections(pattern)
    for condition, words in sections[:3]:
        if condition is not None and _holds(value, *condition):
            return words
    if any(condition is not None for condition, _ in sections):
        rest = [words for condition, words in sections[:3] if condition is None]
        return rest[-1] if rest else None
    at = 1 if value < 0 and len(sections) > 1 else 2 if value == 0 and len(sections) > 2 else 0
    return sections[at][1]


@lru_cache(maxsize=256)
def _sections(pattern: str) -> tuple[tuple[tuple[str, Decimal] | None, str | None], ...]:
    """The sections of a number format: the condition of each, and its words where it shows only words."""
    found = []
    for section in _SECTION.findall(pattern[:1000] + ";")[:4]:
        match = _CONDITION.search(section)
        condition = (match.group(1), Decimal(match.group(2))) if match else None
        found.append((condition, _literal(section) if section or ";" not in pattern else ""))
    return tuple(found) or ((None, None),)


def _literal(section: str) -> str | None:
    words = ""
    for token in _TOKEN.finditer(section):
        plain = token["plain"]
        if plain and (plain in "0#?@%.,/" or (plain.isascii() and plain.isalpha())):
            return None
        words += token["quoted"] or token["escaped"] or plain or ""
    return words.strip() or None


def _holds(value: Decimal, sign: str, limit: Decimal) -> bool:
    return {
        "=": value == limit,
        "<>": value != limit,
        "<": value < limit,
        ">": value > limit,
        "<=": value <= limit,
        ">=": value >= limit,
    }[sign]


def _date(days: float, from_1904: bool) -> str:
    """Days since 1899-12-30 (or 1904-01-01) as 2016-12-02, with the time where there is one."""
    start = datetime(1904, 1, 1) if from_1904 else datetime(1899, 12, 30)  # noqa: DTZ001 (a calendar day, no instant)
    moment = start + timedelta(seconds=round(days * 86_400))
    if days < 1:
        return f"{moment:%H:%M}"
    clock = f"{moment:%H:%M:%S}".removesuffix(":00")
    return f"{moment:%Y-%m-%d}" + ("" if clock == "00:00" else f" {clock}")

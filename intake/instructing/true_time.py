"""When something came, as a person writes it: 11月28日 15:20, 昨天下午3点, 2016-11-28. Pure: the present is given.

Promises: nothing is guessed. A day without a year is the last such day, if that was not long ago; a day without an
hour, or with one that may be of the morning or the afternoon (3点) or of the next day (晚上12点), is the whole day; a
moment after `before`, or a day that is none, is no answer.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import datetime, time, timedelta

from intake.beijing import BEIJING

_DATE = re.compile(r"(?<![\d.])(?:(20\d\d)\s*[-/.年]\s*)?(\d{1,2})\s*(?:月|[-/.])\s*(\d{1,2})(?![\d-])\s*[日号]?")
_WORD = re.compile(r"今[天日]|昨[天日]|前天")
_TIME = re.compile(
    r"(凌晨|上午|早上|中午|下午|傍晚|晚上)?\s*(?<!\d)(\d{1,2})\s*(?:([:时点])\s*(?:(\d{1,2})(?!\d)\s*分?|(半))?)(?::\d\d)?"
)
_BACK = {"今": 0, "昨": 1, "前": 2}
_LONG_AGO = timedelta(days=100)  # a day without a year that lies further back is a mistake
_AFTERNOON = frozenset({"下午", "傍晚", "晚上"})
_AT_NIGHT = frozenset({0, 1, 2, 3, 4, 12})  # hours after which 晚上 may mean the day that ends or the one that begins


@dataclass(frozen=True, slots=True)
class Said:
    """A time as written, in Beijing. `back` counts days where a word stood for the day; no date at all means today."""

    year: int | None = None
    month: int | None = None
    day: int | None = None
    back: int = 0
    hour: int | None = None
    minute: int = 0


def read(text: str) -> Said | None:
    """The time in a folded text, None where there is none."""
    date = _DATE.search(text)
    rest = text if date is None else f"{text[: date.start()]} {text[date.end() :]}"
    word, clock = None if date else _WORD.search(text), _TIME.search(rest)
    if not (date or word or clock):
        return None
    year, month, day = date.groups() if date else (None, None, None)
    hour, minute = _hour(clock) if clock else (None, 0)
    return Said(
        int(year) if year else None, int(month) if month else None, int(day) if day else None,
        _BACK[word[0][0]] if word else 0, hour, minute,
    )  # fmt: skip


def resolve(said: Said, before: datetime) -> tuple[datetime, datetime] | None:
    """The first and the last moment that the words may mean, neither after `before`; None where there is none."""
    try:
        begin, end = _moments(said, before.astimezone(BEIJING))
    except ValueError:  # 30 February, 25:00
        return None
    if begin > before or (said.month and not said.year and before - begin > _LONG_AGO):
        return None
    return begin, min(end, before)


def _moments(said: Said, now: datetime) -> tuple[datetime, datetime]:
    first = now - timedelta(days=said.back)
    if said.month and said.day:
        lies_behind = (said.month, said.day) <= (now.month, now.day)
        year = said.year or (now.year if lies_behind else now.year - 1)
        first = datetime(year, said.month, said.day, tzinfo=BEIJING)
    midnight = first.replace(hour=0, minute=0, second=0, microsecond=0)
    if said.hour is None:
        return midnight, midnight + timedelta(days=1, seconds=-1)
    moment = datetime.combine(midnight.date(), time(said.hour, said.minute), BEIJING)
    return moment, moment


def _hour(clock: re.Match[str]) -> tuple[int | None, int]:
    hour, minute = int(clock[2]), 30 if clock[5] else int(clock[4] or 0)
    if (clock[3] == "点" and not clock[1] and 1 <= hour <= 6) or (clock[1] == "晚上" and hour in _AT_NIGHT):
        return None, 0
    if clock[1] == "凌晨" and hour == 12:
        return 0, minute
    if (clock[1] in _AFTERNOON and hour < 12) or (clock[1] == "中午" and hour < 3):
        hour += 12
    return hour, minute

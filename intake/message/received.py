"""The time of a Received field (RFC 5321, 4.4), as Chinese servers write it.

Promises: an aware time in UTC, or None. CST means China Standard Time, +0800; the standard library
reads it as US Central, 14 hours off. A missing zone is +0800 too.
"""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta, timezone

_MONTHS = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")
_CHINA = timedelta(hours=8)
_NAMED = {"cst": _CHINA, "hkt": _CHINA, "gmt": timedelta(), "ut": timedelta(), "utc": timedelta(), "z": timedelta()}
_NAMED |= {
    "est": timedelta(hours=-5),
    "edt": timedelta(hours=-4),
    "pst": timedelta(hours=-8),
    "jst": timedelta(hours=9),
}
_NAMED |= {"pdt": timedelta(hours=-7), "mst": timedelta(hours=-7), "mdt": timedelta(hours=-6)}
_TIME = r"(\d{1,2}):(\d{2})(?::(\d{2}))?(?:\.\d+)?"
_ZONE = r"\s*\(?(?:(?:GMT|UTC)?([+-])(\d{2}):?(\d{2})|([A-Za-z]{1,4}))?"
_RFC = re.compile(rf"(\d{{1,2}})[\s-]+([A-Za-z]{{3}})[a-z]*[\s-]+(\d{{4}})[\sT]+{_TIME}{_ZONE}")
_ISO = re.compile(rf"(\d{{4}})[-/](\d{{1,2}})[-/](\d{{1,2}})[\sT]+{_TIME}{_ZONE}")


def received_time(value: str) -> datetime | None:
    """The time after the last semicolon of a Received value, in UTC; None where there is none or it is absurd."""
    stamp = value.rpartition(";")[2]
    if match := _RFC.search(stamp):
        day, month, year = int(match[1]), match[2].lower(), int(match[3])
        number = _MONTHS.index(month) + 1 if month in _MONTHS else 0
        return _moment((year, number, day), match.groups()[3:])
    if match := _ISO.search(stamp):
        return _moment((int(match[1]), int(match[2]), int(match[3])), match.groups()[3:])
    return None


def _moment(date: tuple[int, int, int], rest: tuple[str | None, ...]) -> datetime | None:
    hour, minute, second, sign, zone_hours, zone_minutes, name = rest
    offset = _offset(sign, zone_hours, zone_minutes, name)
    if offset is None or not 1990 <= date[0] <= 2200:
        return None
    try:
        seconds = min(int(second or 0), 59)  # a leap second is no time to Python
        moment = datetime(*date, int(hour or 0), int(minute or 0), seconds, tzinfo=timezone(offset))
    except ValueError:
        return None
    return moment.astimezone(UTC)


def _offset(sign: str | None, hours: str | None, minutes: str | None, name: str | None) -> timedelta | None:
    if hours and minutes:
        found = timedelta(hours=int(hours), minutes=int(minutes)) * (-1 if sign == "-" else 1)
        return found if abs(found) < timedelta(hours=24) else None
    return _NAMED.get(name.lower()) if name else _CHINA

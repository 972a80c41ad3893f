"""The office's time zone, and how its days and moments are written. Pure: no clock."""

from __future__ import annotations

from datetime import datetime, time
from zoneinfo import ZoneInfo

BEIJING = ZoneInfo("Asia/Shanghai")
WEEKDAYS = "一二三四五六日"


def day(when: datetime) -> str:
    """2016年12月2日（星期五）, in Beijing time."""
    local = when.astimezone(BEIJING)
    return f"{local.year}年{local.month}月{local.day}日（星期{WEEKDAYS[local.weekday()]}）"


def date(when: datetime) -> str:
    """11月28日, in Beijing time."""
    local = when.astimezone(BEIJING)
    return f"{local.month}月{local.day}日"


def midnight(when: datetime) -> bool:
    """Whether a day begins in Beijing at that very moment."""
    return when.astimezone(BEIJING).timetz().replace(tzinfo=None) == time()


def moment(when: datetime, *, seconds: bool = False) -> str:
    """2016年12月2日（星期五）17:00, in Beijing time; with `seconds` 17:00:00."""
    return f"{day(when)}{when.astimezone(BEIJING):{'%H:%M:%S' if seconds else '%H:%M'}}"


def period(begin: datetime, end: datetime) -> str:
    """2016年12月2日（星期五）08:30至16:30, with both days where they differ."""
    same = day(begin) == day(end)
    return f"{moment(begin)}至{end.astimezone(BEIJING):%H:%M}" if same else f"{moment(begin)}至{moment(end)}"


def sortable(when: datetime | None, *, seconds: bool = True) -> str:
    """2016-12-02 17:00:00 in Beijing time, which sorts as text; "" for None."""
    return "" if when is None else f"{when.astimezone(BEIJING):{'%Y-%m-%d %H:%M:%S' if seconds else '%Y-%m-%d %H:%M'}}"


def sortable_day(when: datetime | None) -> str:
    """2016-12-02 in Beijing time; "" for None."""
    return sortable(when)[:10]

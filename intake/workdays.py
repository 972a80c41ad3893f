"""Working days of the Chinese calendar, 调休 included; the only importer of chinese_calendar.

Outside the years that the State Council has announced (and the library knows) Monday to Friday
are working days; the operator adds what was announced later as extra days. Pure: no clock.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from functools import lru_cache

from intake.beijing import BEIJING

ONE_DAY = timedelta(days=1)
_SATURDAY = 5


@dataclass(frozen=True, slots=True)
class Calendar:
    """A working calendar. `extra_rest` and `extra_work` overrule every other rule; rest wins over work."""

    extra_rest: frozenset[date] = frozenset()
    extra_work: frozenset[date] = frozenset()

    @classmethod
    def of(cls, extra_rest: Iterable[date] = (), extra_work: Iterable[date] = ()) -> Calendar:
        """A calendar from any collections of days, as settings hold them."""
        return cls(frozenset(extra_rest), frozenset(extra_work))

    def is_workday(self, day: date) -> bool:
        """Whether people are at work on that day."""
        if day in self.extra_rest:
            return False
        if day in self.extra_work:
            return True
        announced = _announced(day)
        return day.weekday() < _SATURDAY if announced is None else announced

    def add(self, day: date, workdays: int) -> date:
        """The working day that lies so many working days after `day` (before it for a negative number).

        `day` itself is never counted; 0 gives `day` as it is.
        """
        step = ONE_DAY if workdays > 0 else -ONE_DAY
        left = abs(workdays)
        while left:
            day += step
            left -= self.is_workday(day)
        return day

    def later(self, moment: datetime, workdays: int) -> datetime:
        """The same hour in Beijing so many working days later."""
        local = moment.astimezone(BEIJING)
        return datetime.combine(self.add(local.date(), workdays), local.timetz())

    def covers(self, year: int) -> bool:
        """Whether the holidays of that year are known (2004 to 2026 with chinesecalendar 1.11)."""
        return _announced(date(year, 1, 1)) is not None


@lru_cache(maxsize=4096)  # every tick asks about the same few weeks, once for each open follow-up
def _announced(day: date) -> bool | None:
    """What the library says of a day, None for a year it does not know."""
    import chinese_calendar

    try:
        return bool(chinese_calendar.is_workday(day))
    except NotImplementedError:  # documented answer for a year not yet announced
        return None

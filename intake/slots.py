"""When the secretariat is written to: the moments of digests and worklists, before and after now. Pure: no clock.

Source: part 8; the hours stand in the [digest] section of campaign.toml.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time
from typing import TypeAlias

from intake.beijing import BEIJING
from intake.workdays import ONE_DAY, Calendar

FARTHEST = 31  # days looked back and ahead: no holiday is longer, and what is older is told in the next one
LAST_DAYS = 2  # before a deadline, its own day included, in which a worklist is looked for every hour
HOURLY = tuple(time(hour) for hour in range(8, 21))
_HoursOfDay: TypeAlias = Callable[[date], tuple[time, ...]]


@dataclass(frozen=True, slots=True)
class Hours:
    """Times of day in Beijing, of digests and of worklists; none at all for an empty tuple."""

    digest: tuple[time, ...] = (time(8, 30), time(16, 30))
    worklist: tuple[time, ...] = (time(9, 30), time(14, 30))


def digest_slot(hours: Hours, calendar: Calendar, now: datetime) -> datetime | None:
    """The newest moment of a digest that is not after `now`: on working days only."""
    return _newest(now, lambda day: hours.digest if calendar.is_workday(day) else ())


def next_digest_slot(digest: Sequence[time], calendar: Calendar, now: datetime) -> datetime:
    """The first moment of a digest after `now`, at the usual hours where `digest` names none.

    A day later where no working day lies within FARTHEST days. Raises ValueError for a naive time.
    """
    if now.tzinfo is None:
        raise ValueError("naive time refused")
    local = now.astimezone(BEIJING)
    days = (local.date() + number * ONE_DAY for number in range(FARTHEST))
    hours = sorted(digest or Hours().digest)
    moments = (datetime.combine(day, hour, BEIJING) for day in days if calendar.is_workday(day) for hour in hours)
    return next((moment for moment in moments if moment > local), local + ONE_DAY)


def worklist_slot(hours: Hours, calendar: Calendar, deadline: datetime, now: datetime) -> datetime | None:
    """The same of a worklist; on the last days before the deadline at each full hour too, working days or not."""
    last = deadline.astimezone(BEIJING).date()
    first = last - (LAST_DAYS - 1) * ONE_DAY

    def of(day: date) -> tuple[time, ...]:
        usual = hours.worklist if calendar.is_workday(day) else ()
        return (*usual, *HOURLY) if hours.worklist and first <= day <= last else usual

    return _newest(now, of)


def slots_between(hours: Hours, calendar: Calendar, after: datetime, until: datetime) -> int:
    """How many moments of a digest lie after the one and not after the other; FARTHEST days back at most."""
    moments = _backwards(until, lambda day: hours.digest if calendar.is_workday(day) else ())
    return sum(1 for moment in moments if moment > after)


def _newest(now: datetime, of: _HoursOfDay) -> datetime | None:
    return next(_backwards(now, of), None)


def _backwards(until: datetime, of: _HoursOfDay) -> Iterator[datetime]:
    local = until.astimezone(BEIJING)
    for days in range(FARTHEST):
        day = local.date() - days * ONE_DAY
        moments = (datetime.combine(day, hour, BEIJING) for hour in sorted(set(of(day)), reverse=True))
        yield from (moment for moment in moments if moment <= local)

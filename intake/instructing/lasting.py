"""How long a decision may be undone by mail: until the next digest. Pure."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime, time, timedelta

from intake.beijing import BEIJING
from intake.workdays import ONE_DAY, Calendar

HOURS = (time(8, 30), time(16, 30))  # of the digest, where the campaign names none
FARTHEST = 20  # days looked ahead; no holiday is longer


def next_digest(now: datetime, hours: Sequence[time], calendar: Calendar) -> datetime:
    """The next moment of a digest after `now`: working days, at the campaign's hours, Beijing time.

    Raises ValueError for a naive time.
    """
    if now.tzinfo is None:
        raise ValueError("naive time refused")
    local = now.astimezone(BEIJING)
    for day in _workdays(local.date(), calendar):
        for hour in sorted(hours or HOURS):
            moment = datetime.combine(day, hour, BEIJING)
            if moment > local:
                return moment
    return local + timedelta(days=1)


def a_working_day_after(opened_at: datetime, calendar: Calendar) -> datetime:
    """The same time of the working day after."""
    local = opened_at.astimezone(BEIJING)
    return datetime.combine(calendar.add(local.date(), 1), local.timetz())


def _workdays(first: date, calendar: Calendar) -> list[date]:
    days = (first + number * ONE_DAY for number in range(FARTHEST))
    return [day for day in days if calendar.is_workday(day)]

"""Office hours: when letters that nobody waits for may leave. Pure: no clock.

Source: part 8, Sending; notices and reminders leave on working days of the Chinese calendar (调休
included), between two times of day in Beijing.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, time, timedelta

from intake.beijing import BEIJING
from intake.workdays import Calendar


@dataclass(frozen=True, slots=True)
class Hours:
    """From `opens` up to, not including, `closes`; both in Beijing."""

    opens: time = time(8, 30)
    closes: time = time(17, 30)

    @property
    def length(self) -> timedelta:
        return _minutes(self.closes) - _minutes(self.opens)


def next_opening(now: datetime, hours: Hours, calendar: Calendar) -> datetime | None:
    """When the next office hours begin; None within them."""
    local = now.astimezone(BEIJING)
    works = calendar.is_workday(local.date())
    if works and hours.opens <= local.time() < hours.closes:
        return None
    early = works and local.time() < hours.opens
    day = local.date() if early else calendar.add(local.date(), 1)
    return datetime.combine(day, hours.opens, BEIJING)


def _minutes(moment: time) -> timedelta:
    return timedelta(hours=moment.hour, minutes=moment.minute, seconds=moment.second)

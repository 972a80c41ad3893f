"""Rounds of reminders before a deadline: when each is due, and for whom. Pure: no clock, no database.

Source: part 8, Reminders. A round falls so many calendar days before the deadline, at one hour in
Beijing; on a rest day of the calendar (调休 included) the working day before takes it. Rounds that
were missed collapse into the newest one.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, time, timedelta

from intake.beijing import BEIJING
from intake.workdays import Calendar


@dataclass(frozen=True, slots=True)
class RoundRules:
    """`days_before`: calendar days before the deadline; `at`: the hour in Beijing.

    `quiet_workdays`: no reminder within so many working days after a unit's notice.
    """

    days_before: tuple[int, ...] = (7, 3, 1)
    at: time = time(10)
    quiet_workdays: int = 3


@dataclass(frozen=True, slots=True)
class Round:
    """One round. `name` is the same for the same deadline and distance (20161202-7), so that it happens once."""

    name: str
    at: datetime
    days_before: int


def rounds(rules: RoundRules, deadline: datetime, calendar: Calendar) -> tuple[Round, ...]:
    """The rounds of a deadline in order of time; of two that fall on one day the one nearer to it stands."""
    last = deadline.astimezone(BEIJING)
    by_day: dict[datetime, Round] = {}
    for days in sorted(set(rules.days_before), reverse=True):
        day = last.date() - timedelta(days=days)
        if not calendar.is_workday(day):
            day = calendar.add(day, -1)
        at = datetime.combine(day, rules.at, BEIJING)
        by_day[at] = Round(f"{last:%Y%m%d}-{days}", at, days)
    return tuple(one for _, one in sorted(by_day.items()) if one.at < deadline)


def due_round(planned: Sequence[Round], deadline: datetime, now: datetime) -> Round | None:
    """The newest round whose time has come, those missed before it collapsed into it; none after the deadline."""
    if now > deadline:
        return None
    return next((one for one in reversed(planned) if one.at <= now), None)


def next_round(planned: Sequence[Round], now: datetime) -> Round | None:
    """The first round still to come."""
    return next((one for one in planned if one.at > now), None)


def is_quiet(notice_at: datetime, round_at: datetime, rules: RoundRules, calendar: Calendar) -> bool:
    """Whether a round comes too soon after a unit's notice: not later than the end of its quiet working days."""
    sent_on = notice_at.astimezone(BEIJING).date()
    last_quiet = calendar.add(sent_on, rules.quiet_workdays)
    return round_at.astimezone(BEIJING).date() <= last_quiet

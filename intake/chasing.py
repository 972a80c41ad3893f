"""When a unit is asked, reminded, and given up to the secretariat. Pure: no clock, no database.

Source: part 8, Follow-ups; the states are drawn in docs/follow-ups.md.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime, time
from typing import Literal, TypeAlias

from intake.beijing import BEIJING
from intake.followups import Rule, reminders
from intake.workdays import Calendar

Step: TypeAlias = Literal["ask", "before", "after", "person", ""]


@dataclass(frozen=True, slots=True)
class Pending:
    """What decides the next step of an open follow-up.

    `done` are the steps taken already; `waits`: the letter that asks has not been sent yet; `asking`:
    there is, or was, such a letter; `reachable`: the unit may be written to; `answering`: a mail of
    the unit that came since waits for a person; `by_hand`: a person has written to the unit since it owes this.
    """

    rule: Rule
    asked_at: datetime | None
    due_at: datetime | None
    done: frozenset[str] = frozenset()
    asking: bool = True
    waits: bool = False
    reachable: bool = True
    answering: bool = False
    by_hand: bool = False


def next_step(case: Pending, now: datetime, calendar: Calendar) -> Step:
    """What to do now about an open follow-up; "" for nothing yet. Raises nothing on aware times.

    Asked, reminded one working day before the due date and one after; another working day later, or
    at once where nobody can be asked, the secretariat is told, once. Where a person has written to the unit, that
    takes the place of the reminders.
    """
    if "person" in case.done:
        return ""
    if not case.rule.chased:
        return "person" if case.due_at is not None and case.due_at <= now else ""
    if case.asked_at is None:
        return _first_step(case)
    if case.due_at is None or case.answering:
        return ""
    return _reminder(case, case.asked_at, case.due_at, now, calendar)


def horizon(now: datetime, calendar: Calendar) -> datetime:
    """The latest due date for which a question that was asked may have a step at `now`; in UTC.

    It is the end of the next working day: the first reminder goes one working day before the due date.
    """
    day = calendar.add(now.astimezone(BEIJING).date(), 1)
    return datetime.combine(day, time.max, BEIJING).astimezone(UTC)


def _first_step(case: Pending) -> Step:
    if case.waits:
        return ""
    return "ask" if case.reachable and not case.asking and "ask" not in case.done else "person"


def _reminder(case: Pending, asked_at: datetime, due_at: datetime, now: datetime, calendar: Calendar) -> Step:
    before, after, handed = reminders(due_at, calendar)
    if now >= handed or (now >= due_at and not case.reachable):
        return "person"
    if not case.reachable or case.by_hand:
        return ""
    if now >= after:
        return "" if "after" in case.done else "after"
    return "before" if asked_at < before <= now < due_at and "before" not in case.done else ""

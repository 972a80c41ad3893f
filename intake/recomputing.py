"""What a changed rule or date would change: lateness and due dates, as differences. Pure: no clock, no database."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from intake.deciding.timing import lateness
from intake.followups import Rule, due_by
from intake.kinds import Lateness
from intake.workdays import Calendar


@dataclass(frozen=True, slots=True)
class Times:
    """When a mail was received, by both clocks that are believed."""

    internal_date: datetime
    top_received: datetime | None


@dataclass(frozen=True, slots=True)
class Recorded:
    """A standing submission: `own` are the times of its mail, `first` of the first one in its chain of corrections."""

    own: Times
    first: Times
    lateness: Lateness
    corrects: bool


def lateness_now(form: Recorded, deadline: datetime) -> Lateness:
    """The lateness by this deadline. A correction that was asked for keeps the lateness of the form it completes."""
    own, _ = lateness(form.own.internal_date, form.own.top_received, deadline)
    if own == "in time" or not form.corrects or form.lateness != "in time":
        return own
    return lateness(form.first.internal_date, form.first.top_received, deadline)[0]


def due_now(rule: Rule, asked_at: datetime, due_at: datetime, calendar: Calendar) -> datetime:
    """The date by this rule; one that a unit was told is never brought forward."""
    by_rule = due_by(rule, asked_at, calendar)
    return max(by_rule, due_at) if rule.chased else by_rule

"""How long a notice takes under the limits, and what stands in its way; pure.

One simulated day after the other: receipts first (answers go before everything that nobody waits
for), then reminders, then the notice, within the share of each window that such letters may use and
within office hours. What is expected of the units is an assumption: a part of them answers, half of
that part evenly until the deadline, half on its last day.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta

from intake.beijing import BEIJING
from intake.office_hours import Hours
from intake.rounds import Round, RoundRules, is_quiet
from intake.workdays import ONE_DAY, Calendar
from outbox.limits import Limits, allowed

CIRCULAR = "circular"
MOST_DAYS = 1000
NO_LIMIT = 1 << 30


@dataclass(frozen=True, slots=True)
class Task:
    """What is to be planned. `notices` still to send, copies included; `units` that were or will be written to.

    `sent_lately` counts the letters of all kinds within the last day; `notified` earlier notices by the
    day they left.
    """

    notices: int
    units: int
    deadline: datetime
    rounds: tuple[Round, ...] = ()
    rules: RoundRules = field(default_factory=RoundRules)
    answer_share: float = 0.6
    sent_lately: int = 0
    notified: tuple[tuple[date, int], ...] = ()


@dataclass(frozen=True, slots=True)
class Day:
    """What leaves on a day. `room` is how many notices and reminders might, after the receipts."""

    date: date
    notices: int
    reminders: int
    receipts: int
    room: int


@dataclass(frozen=True, slots=True)
class Outlook:
    """A round of reminders: how many units it is for, to how many it can be sent in time, and how many had
    their notice too lately to be reminded."""

    round: Round
    wanted: int
    sent: int
    too_soon: int

    @property
    def fits(self) -> bool:
        return self.sent >= self.wanted and not self.too_soon


@dataclass(frozen=True, slots=True)
class Plan:
    """`ends` is the day on which the last notice leaves, None where it never does (nothing to send: today)."""

    days: tuple[Day, ...]
    ends: date | None
    rounds: tuple[Outlook, ...]

    @property
    def misfits(self) -> tuple[Outlook, ...]:
        return tuple(one for one in self.rounds if not one.fits)


def plan(task: Task, limits: Limits, hours: Hours, calendar: Calendar, now: datetime) -> Plan:
    """The days from now until the deadline, and further until the last notice has left."""
    course = _Course(task, limits, hours, calendar, now)
    days = list(course.run())
    last = max((day.date for day in days if day.notices), default=now.astimezone(BEIJING).date())
    return Plan(tuple(days), last if not course.notices else None, tuple(course.outlooks))


class _Course:
    """The simulation: what is still to send, and who has answered."""

    def __init__(self, task: Task, limits: Limits, hours: Hours, calendar: Calendar, now: datetime) -> None:
        self.task, self.limits, self.hours, self.calendar = task, limits, hours, calendar
        self.now = now.astimezone(BEIJING)
        self.notices = task.notices
        self.outlooks: list[Outlook] = []
        self._notified = list(task.notified)
        self._answered = 0.0
        self._receipts = 0.0  # to send: what comes on one day may take several
        self._round: tuple[Round, int, int] | None = None  # with how many it is for, and how many wait
        self._last = task.deadline.astimezone(BEIJING)

    def run(self) -> Iterator[Day]:
        day, steady = self.now.date(), self._steady()
        for _ in range(MOST_DAYS):
            if day > self._last.date() and not self.notices:
                break
            yield self._day(day, steady)
            day += ONE_DAY
        self._end_round()

    def _day(self, day: date, steady: float) -> Day:
        self._answers(day, steady)
        receipts = min(int(self._receipts), self.limits.per_day or NO_LIMIT)
        self._receipts -= receipts
        works = self.calendar.is_workday(day)
        room = self._room(day, receipts) if works else 0
        self._begin_round(day)
        reminders = self._remind(room, day)
        notices = min(self.notices, room - reminders) if room > reminders else 0
        self.notices -= notices
        if notices:
            self._notified.append((day, notices))
        return Day(day, notices, reminders, receipts, room)

    def _room(self, day: date, receipts: int) -> int:
        """How many letters that nobody waits for may leave on a working day."""
        lately = self.task.sent_lately if day == self.now.date() else 0
        most = allowed(self.limits.per_day, CIRCULAR) - receipts - lately if self.limits.per_day else NO_LIMIT
        return max(0, min(most, int(self._rate() * self._open_hours(day))))

    def _rate(self) -> float:
        """Letters an hour."""
        caps = self.limits
        rates = [
            allowed(caps.per_quarter_hour, CIRCULAR) * 4.0 if caps.per_quarter_hour else float(NO_LIMIT),
            float(allowed(caps.per_hour, CIRCULAR)) if caps.per_hour else float(NO_LIMIT),
            3600 / caps.gap_seconds if caps.gap_seconds else float(NO_LIMIT),
        ]
        return min(rates)

    def _open_hours(self, day: date) -> float:
        opens, closes = self.hours.opens, self.hours.closes
        if day == self.now.date():
            opens = max(opens, self.now.time())
        if day == self._last.date():
            closes = min(closes, self._last.time())
        return max(0.0, (_since_midnight(closes) - _since_midnight(opens)) / timedelta(hours=1))

    # ---- answers ------------------------------------------------------------------------------

    def _steady(self) -> float:
        """Answers a working day before the last one."""
        between = (self._last.date() - self.now.date()).days
        days = [self.now.date() + timedelta(days=number) for number in range(1, between)]
        working = sum(map(self.calendar.is_workday, days))
        return self._expected / 2 / working if working else 0.0

    @property
    def _expected(self) -> float:
        return self.task.units * self.task.answer_share

    def _answers(self, day: date, steady: float) -> None:
        """Only who was written to answers."""
        if day > self._last.date():
            return
        last = day == self._last.date()
        come = self._expected - self._answered if last else steady if self.calendar.is_workday(day) else 0.0
        reached = sum(count for when, count in self._notified if when < day) * self.task.answer_share
        come = max(0.0, min(come, reached - self._answered))
        self._answered += come
        self._receipts += come

    # ---- reminders ----------------------------------------------------------------------------

    def _begin_round(self, day: date) -> None:
        for one in self.task.rounds:
            if one.at.astimezone(BEIJING).date() != day or one.at < self.now:
                continue
            self._end_round()  # what waits of the round before is taken back
            old, fresh = 0, 0
            for when, count in self._notified:
                quiet = is_quiet(datetime.combine(when, time(12), BEIJING), one.at, self.task.rules, self.calendar)
                old, fresh = (old, fresh + count) if quiet else (old + count, fresh)
            silent = 1 - self._answered / max(1, self.task.units)
            wanted, too_soon = round(old * silent), round((fresh + self.notices) * silent)
            self._round = one, wanted, wanted
            self._too_soon = too_soon

    def _remind(self, room: int, day: date) -> int:
        if self._round is None or day > self._last.date():
            return 0
        one, wanted, waiting = self._round
        sent = min(waiting, room)
        self._round = one, wanted, waiting - sent
        return sent

    def _end_round(self) -> None:
        if self._round is not None:
            one, wanted, waiting = self._round
            self.outlooks.append(Outlook(one, wanted, wanted - waiting, self._too_soon))
            self._round = None


def busy(days: Sequence[Day]) -> tuple[Day, ...]:
    """The days on which something leaves."""
    return tuple(day for day in days if day.notices or day.reminders or day.receipts)


def _since_midnight(moment: time) -> timedelta:
    return timedelta(hours=moment.hour, minutes=moment.minute, seconds=moment.second)

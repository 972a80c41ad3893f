"""A crowd on the last afternoon under a cap of letters a day: `python bench/crowd.py`.

The whole campaign of 600 units on a set clock, over a mail server that the tests keep in memory:
the notice, its rounds of reminders, some early answers, and 300 forms in the four hours before the
deadline. The daemon's own jobs run as the timer would start them, and every letter's way is looked at.
"""

from __future__ import annotations

import argparse
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Any

HERE = Path(__file__).resolve().parent
sys.path[:0] = [str(HERE), str(HERE.parent), str(HERE.parent / "tests"), str(HERE.parent / "tests" / "live")]

from netease import NETEASE, FakeNetease  # noqa: E402
from report import Figure, say, write  # noqa: E402
from sqlalchemy import func, select  # noqa: E402
from units import form, write_roster  # noqa: E402

from intake.beijing import BEIJING, moment  # noqa: E402
from program import wiring  # noqa: E402
from program.settings import load_settings  # noqa: E402
from scheduler.clock import SetClock  # noqa: E402
from storage.letters import ASKING  # noqa: E402
from storage.tables import letters, sendings, submissions  # noqa: E402

if TYPE_CHECKING:
    from program.settings import Settings
    from program.wiring import Works

Mails = list[tuple[datetime, bytes]]
SHORT, SHARED = 10, 20  # every tenth form is incomplete; of twenty units, two share an address
ABOUT = """
{units} units get the notice from 17 November on; {early} answer before the last day, {crowd} in the four hours before
the deadline (2 December, 17:00), evenly, every tenth without a telephone, so that its answer asks for one; every
twentieth of them sends its form again half an hour later with another contact, and every tenth unit shares the address
of the one before it. The caps are those of the table a day, otherwise the defaults (20 a quarter of an hour, 60 an
hour, 15 seconds apart, 5 a day to an address), on a set clock: one poll a minute and one delivery after it, the
daemon's own jobs. The rule for what leaves first is `outbox/limits.py`.
"""


@dataclass(slots=True)
class Outcome:
    """What became of the letters under one cap; times are those at which a letter was handed over."""

    cap: int
    asked: int = 0
    asked_in_time: int = 0
    longest_wait: timedelta = timedelta()
    answered_in_time: int = 0
    answers: int = 0
    last_answer: datetime | None = None
    merged: Counter[str] = field(default_factory=Counter)
    withdrawn: Counter[str] = field(default_factory=Counter)
    sent: Counter[str] = field(default_factory=Counter)
    dropped: int = 0
    most_a_day: int = 0
    seconds: float = 0.0


def at(day: str, time_: str) -> datetime:
    return datetime.fromisoformat(f"2016-{day}T{time_}").replace(tzinfo=BEIJING)


BEGIN, DEADLINE, END = at("11-17", "08:45"), at("12-02", "17:00"), at("12-16", "18:00")
CROWD_FROM = DEADLINE - timedelta(hours=4)
LAST_TO_BE_ASKED = DEADLINE - timedelta(minutes=15)  # what comes later cannot be asked in time by any rule
LOOKED_AT = [letters.c[name] for name in (
    "id", "kind", "state", "priority", "about_id", "created_at", "settled_at", "merged_into_id", "reply",
)]  # fmt: skip
ROUNDS = tuple(at(day, "10:00") for day in ("11-25", "11-29", "12-01"))


def arrivals(early: int, crowd: int) -> Mails:
    """Every mail with its moment, in order."""
    mails = []
    for number in range(early):
        day = at("11-22", "09:00") + timedelta(days=number % 10, minutes=13 * (number // 10))
        mails.append((day, number, True, ""))
    for number in range(early, early + crowd):
        when = CROWD_FROM + (number - early) * (DEADLINE - CROWD_FROM) / crowd
        mails.append((when, number, number % SHORT != 3, ""))
        if number % 20 == 9 and when + timedelta(minutes=30) < DEADLINE:
            mails.append((when + timedelta(minutes=30), number, True, "李示例"))
    mails.sort()
    return [
        (when, form(number, when, whole=whole, sender=address(number), contact=contact))
        for when, number, whole, contact in mails
    ]


def address(number: int) -> str:
    """Every tenth unit has the address of the one before it."""
    of = number - 1 if number % SHARED in (7, 17) else number
    return f"contact{of:04d}@unit{of:04d}.example.com"


class Campaign:
    """The daemon on a set clock, and its mail server."""

    def __init__(self, works: Works, clock: SetClock, server: FakeNetease, mails: list[tuple[datetime, bytes]]) -> None:
        self._works, self._clock, self._server = works, clock, server
        self._mails = list(reversed(mails))

    def run(self) -> None:
        while self._clock.now() < END:
            self._server.clock.set(self._clock.now())
            self._arrive()
            for job in (self._works.jobs.poll, self._works.jobs.remind, self._works.jobs.follow):
                job()
            self._works.jobs.deliver()
            self._pass()

    @property
    def received(self) -> int:
        """How many letters the server took."""
        return len(self._server.sent)

    def _arrive(self) -> None:
        while self._mails and self._mails[-1][0] <= self._clock.now():
            when, raw = self._mails.pop()
            self._server.store.deliver(raw, internal_date=when)

    def _pass(self) -> None:
        """On to the next minute at which there may be something to do."""
        now = self._clock.now()
        coming = [self._mails[-1][0]] if self._mails else []
        coming += [one for one in (*ROUNDS, *_office_hours()) if one > now]
        with self._works.register.reading() as tx:
            waiting = letters.c.state.in_(("waiting", "deferred"))
            due = tx.scalar(select(func.min(letters.c.next_at)).where(waiting))
        coming += [due] if due else []
        following = max(now + timedelta(minutes=1), min(coming, default=END))
        self._clock.sleep((following - now).total_seconds())


def _office_hours() -> Iterator[datetime]:
    """Follow-ups are looked at each morning and at the hour of their reminders."""
    for day in range((END - BEGIN).days + 1):
        for hour in (8.5, 10.0):
            yield BEGIN.replace(hour=0, minute=0) + timedelta(days=day, hours=hour)


@contextmanager
def campaign(folder: Path, cap: int, units: int, mails: Mails) -> Iterator[tuple[Campaign, Works]]:
    clock = SetClock(BEGIN)
    with FakeNetease(NETEASE(folders=(("INBOX", ""),))) as server:
        settings = _settings(server, folder, cap)
        with wiring.build(settings, clock) as works:
            _send_notice(settings, works, folder / "名册.xlsx", units, clock.now())
            yield Campaign(works, clock, server, mails), works


def _settings(server: FakeNetease, folder: Path, cap: int) -> Settings:
    environment = {
        "INTAKE_DATA": str(folder / "data"),
        "INTAKE_STORAGE__URL": f"sqlite:///{folder}/register.sqlite",
        "INTAKE_LIMITS__PER_DAY": str(cap),
        "INTAKE_LOG__LEVEL": "error",
    }
    for section, port in (("MAILBOX", server.imap_port), ("SMTP", server.smtp_port)):
        login = {"HOST": server.host, "PORT": port, "SECURITY": "none"}
        login |= {"USERNAME": server.username, "PASSWORD": server.password}
        environment |= {f"INTAKE_{section}__{key}": str(value) for key, value in login.items()}
    return load_settings(None, environment, folder)


def _send_notice(settings: Settings, works: Works, roster: Path, units: int, now: datetime) -> None:
    from program import circular_queue
    from storage import roster_sheet
    from storage.audits import Person

    write_roster(roster, units, address)
    desk = circular_queue.desk_of(settings, "notice", now)
    circular_queue.queue(
        works.register, desk, roster_sheet.read(roster), Person("liu", "shell"), lambda done, every: None
    )


# ---- what became of it ------------------------------------------------------------------------------


def outcome(works: Works, cap: int, forms: int, servers_got: int) -> Outcome:
    """Look at every letter in the register, and at the tries that the limits counted."""
    found = Outcome(cap)
    with works.register.reading() as tx:
        rows = {row.id: row for row in tx.execute(select(*LOOKED_AT)).all()}
        tries = list(tx.scalars(select(sendings.c.at).order_by(sendings.c.at)))
        recorded = tx.scalar(select(func.count(func.distinct(submissions.c.message_id)))) or 0
    for row in rows.values():
        fate = rows[row.merged_into_id] if row.merged_into_id else row
        if row.merged_into_id:
            found.merged[row.kind] += 1
        _note(found, row, fate)
    found.dropped += forms - recorded
    found.most_a_day = max((sum(one - timedelta(days=1) < other <= one for other in tries) for one in tries), default=0)
    if servers_got != sum(found.sent.values()):
        sys.exit(f"{servers_got} letters received, {sum(found.sent.values())} sent")
    return found


def _note(found: Outcome, row: Any, fate: Any) -> None:
    if row.kind in ("circular", "reminder"):
        if fate.state == "withdrawn":
            found.withdrawn[f"{row.kind}: {row.reply}"] += 1
    elif fate.state != "sent":
        found.dropped += row.kind != "question"  # a question is taken back where its answer has come
    if row.state == "sent":
        found.sent[row.kind] += 1
    if row.about_id is None or fate.state != "sent":
        return
    if row.priority <= ASKING:
        _note_asking(found, row, fate)
    found.answers += 1
    found.answered_in_time += fate.settled_at <= DEADLINE
    found.last_answer = max(found.last_answer or fate.settled_at, fate.settled_at)


def _note_asking(found: Outcome, row: Any, fate: Any) -> None:
    if CROWD_FROM <= row.created_at <= LAST_TO_BE_ASKED:
        found.asked += 1
        found.asked_in_time += fate.settled_at <= DEADLINE
        found.longest_wait = max(found.longest_wait, fate.settled_at - row.created_at)


def simulate(cap: int, units: int, early: int, crowd: int) -> Outcome:
    mails, began = arrivals(early, crowd), time.perf_counter()
    with (
        tempfile.TemporaryDirectory(prefix="intake-bench-") as folder,
        campaign(Path(folder), cap, units, mails) as (running, works),
    ):
        running.run()
        found = outcome(works, cap, len(mails), running.received)
    found.seconds = time.perf_counter() - began
    return found


def main() -> None:
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("--units", type=int, default=600)
    options.add_argument("--crowd", type=int, default=300)
    options.add_argument("--early", type=int, default=100)
    options.add_argument("--caps", type=int, nargs="+", default=[100, 200, 500])
    options.add_argument("--dry", action="store_true", help="write nothing to results.md")
    chosen = options.parse_args()
    outcomes = []
    for cap in chosen.caps:
        outcomes.append(simulate(cap, chosen.units, chosen.early, chosen.crowd))
        say(str(outcomes[-1]))
    if not chosen.dry:
        about = ABOUT.format(units=chosen.units, early=chosen.early, crowd=chosen.crowd)
        write("The last afternoon", about, [figure for one in outcomes for figure in _figures(one)])


def _figures(one: Outcome) -> list[Figure]:
    cap, last = one.cap, one.last_answer
    merged = ", ".join(f"{kind} {count}" for kind, count in sorted(one.merged.items())) or "none"
    return [
        Figure(f"**cap of {cap} a day**: letters that ask, of forms up to 16:45, gone by 17:00",
               f"{one.asked_in_time} of {one.asked}", "all", one.asked_in_time == one.asked),
        Figure("the longest of them waited", f"{one.longest_wait.total_seconds() / 60:.0f} min"),
        Figure("mails and letters dropped", str(one.dropped), "0", one.dropped == 0),
        Figure("most letters within any 24 hours", str(one.most_a_day), f"at most {cap}", one.most_a_day <= cap),
        Figure("answers gone by 17:00", f"{one.answered_in_time} of {one.answers}"),
        Figure("the last answer left", moment(last) if last else "–"),
        Figure("said in another letter to the same address", merged),
        Figure("letters sent", ", ".join(f"{kind} {count}" for kind, count in sorted(one.sent.items()))),
        Figure("notices and reminders taken back", str(sum(one.withdrawn.values()))),
    ]  # fmt: skip


if __name__ == "__main__":
    main()

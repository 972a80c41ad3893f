"""A whole campaign of many units over a real Dovecot, and then the clock's tick: `python bench/simulation.py`.

The notice to all, three rounds of reminders, every unit's form, most of them before the deadline: each
moment is an `intake run --once --now` of its own, with full durability and all sending limits at 0.
Afterwards every unit has answered, and a tick of the clock is measured in this process.
"""

from __future__ import annotations

import argparse
import sys
import tempfile
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path

HERE = Path(__file__).resolve().parent
sys.path[:0] = [str(HERE), str(HERE.parent), str(HERE.parent / "tests" / "live")]

import ticks  # noqa: E402
from live_servers import Dovecot, SmtpSink, dovecot_program, run_dovecot, run_smtp_sink, smtp_sink_program  # noqa: E402
from office import Office  # noqa: E402
from report import Figure, say, write  # noqa: E402
from units import form, write_roster  # noqa: E402

from intake.beijing import BEIJING  # noqa: E402

ABOUT = """
{units:,} units of a roster get the notice with its five files, three rounds of reminders before the deadline, and
answer: two fifths, then three tenths, a tenth, and half an hour before the deadline the others but for a tenth, which
is late. Every tenth form names no telephone and is asked for one. All of it over a real Dovecot and a real smtp-sink
with full durability and **all sending limits at 0**; each moment is an `intake run --once --now` of its own. Checked
at the end: every unit recorded once, every letter received, none twice, nothing left to send. Time is that of all
processes one after the other, memory the highest summed PSS of any of them with its children.
"""
ABOUT_TICKS = """
After a whole campaign as above every unit has answered, and every tenth still owes a telephone. A tick is what the
daemon does every minute with nothing new: poll Dovecot, decide reminders and follow-ups, deliver; the median of {ticks}
within office hours, three days before the deadline (when rounds are still to come) and three days after it. Processor
time is that of the daemon alone, the other that of the wall, Dovecot included. Registers of all sizes take turns.
"""


def at(day: str, time: str) -> datetime:
    return datetime.fromisoformat(f"2016-{day}T{time}").replace(tzinfo=BEIJING)


@dataclass(frozen=True, slots=True)
class Step:
    """A moment of the campaign; `until` is the share of the units whose forms have come by then."""

    name: str
    now: datetime
    until: float


STEPS = (
    Step("the notice", at("11-18", "09:05"), 0),
    Step("forms", at("11-22", "15:00"), 0.4),
    Step("first round of reminders", at("11-25", "10:00"), 0.4),
    Step("forms", at("11-28", "15:00"), 0.7),
    Step("second round of reminders", at("11-29", "10:00"), 0.7),
    Step("forms", at("11-30", "15:00"), 0.8),
    Step("third round of reminders", at("12-01", "10:00"), 0.8),
    Step("forms before the deadline", at("12-02", "16:45"), 0.9),
    Step("late forms", at("12-02", "18:00"), 1),
)


@dataclass(slots=True)
class Course:
    """What the campaign took: seconds by step, the highest memory, letters received."""

    seconds: list[tuple[str, float]]
    peak_mb: float
    letters: int

    @property
    def whole(self) -> float:
        return sum(seconds for _, seconds in self.seconds)


@contextmanager
def servers() -> Iterator[tuple[Dovecot, SmtpSink]]:
    if dovecot_program() is None or smtp_sink_program() is None:
        sys.exit("Dovecot or smtp-sink is missing: run setup/servers.sh and read what it says.")
    top = tempfile.gettempdir()
    with run_dovecot(top) as dovecot, run_smtp_sink(top) as sink:
        yield dovecot, sink


def play(office: Office, dovecot: Dovecot, sink: SmtpSink, units: int) -> Course:
    """The whole campaign, checked at its end."""
    roster = office.folder / "名册.xlsx"
    write_roster(roster, units)
    send = ("circular", "send", "notice", "--to", str(roster), "--yes", "--now", at("11-18", "09:00").isoformat())
    took, peak = office.watched(*send)
    course, come = Course([("queueing the notice", took)], peak, 0), 0
    for step in STEPS:
        for number in range(come, round(units * step.until)):
            when = step.now - timedelta(minutes=5, seconds=(number - come) % 600)
            dovecot.drop(form(number, when, whole=number % 10 != 3), when)
        come = round(units * step.until)
        took, peak = office.once_watched(step.now)
        say(f"{units} units, {step.name}: {took:.1f} s, {peak:.0f} MB")
        course.seconds.append((step.name, took))
        course.peak_mb = max(course.peak_mb, peak)
    course.letters = _checked(office, sink, units)
    return course


def _checked(office: Office, sink: SmtpSink, units: int) -> int:
    """Ends the measurement where the work was not done; gives how many letters were received."""
    received = len(list(sink.folder.iterdir()))
    wanted = {
        "SELECT count(DISTINCT unit_id) FROM submissions WHERE state = 'standing'": units,
        "SELECT count(*) FROM submissions WHERE late": units - round(units * 0.9),
        "SELECT count(*) FROM units": units,
        "SELECT count(*) FROM letters WHERE kind = 'circular' AND state = 'sent'": units,
        "SELECT count(*) FROM letters WHERE state = 'sent'": received,
        "SELECT count(*) FROM letters WHERE state <> 'sent'": 0,
        "SELECT count(*) FROM held WHERE reason <> 'overdue'": 0,  # of the questions that stayed unanswered
    }
    for statement, count in wanted.items():
        ((found,),) = office.query(statement)
        if found != count:
            sys.exit(f"{statement}: {found}, wanted {count}")
    return received


def main() -> None:
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("--units", type=int, default=5000)
    options.add_argument("--finished", type=int, nargs="*", default=[100, 1000], help="further numbers for the tick")
    options.add_argument("--ticks", type=int, default=20)
    options.add_argument("--dry", action="store_true", help="write nothing to results.md")
    chosen = options.parse_args()
    offices: dict[int, Office] = {}
    with ExitStack() as stack:
        for units in (*chosen.finished, chosen.units):
            folder = stack.enter_context(tempfile.TemporaryDirectory(prefix="intake-bench-"))
            dovecot, sink = stack.enter_context(servers())
            offices[units] = Office(Path(folder), dovecot, sink)
            course = play(offices[units], dovecot, sink, units)
            say(f"{units} units: {course.whole:.0f} s, {course.peak_mb:.0f} MB, {course.letters} letters")
        measured = ticks.measure(offices, chosen.ticks)
    for units, each in measured.items():
        say(f"{units} units: a tick takes {each}")
    if not chosen.dry:
        write("A whole campaign of many units", ABOUT.format(units=chosen.units), _figures(chosen.units, course))
        write("One tick of the clock", ABOUT_TICKS.format(ticks=chosen.ticks), _tick_figures(measured))


def _figures(units: int, course: Course) -> list[Figure]:
    minutes = course.whole / 60
    whole = f"the whole campaign: {units:,} units, {units:,} forms, {course.letters:,} letters"
    return [
        Figure(whole, f"{minutes:.1f} min", "under 10", minutes < 10),
        Figure("peak memory of any process tree (summed PSS)", f"{course.peak_mb:.0f} MB", "under 300",
               course.peak_mb < 300),
        *(Figure(f"of it: {name}", f"{seconds:.1f} s") for name, seconds in course.seconds),
    ]  # fmt: skip


def _tick_figures(measured: dict[int, ticks.Ticks]) -> list[Figure]:
    few, many = min(measured), max(measured)
    grown = measured[many].processor_ms - measured[few].processor_ms
    rows = [
        Figure(f"{units:,} finished units", f"{one.processor_ms:.1f} ms processor, {one.wall_ms:.1f} ms in all")
        for units, one in sorted(measured.items())
    ]
    of_it = " · ".join(f"{name} {ms:.1f}" for name, ms in measured[many].parts_ms.items())
    return [
        *rows,
        Figure(f"of it with {many:,}, in ms", of_it),
        Figure(f"more with {many:,} than with {few:,}", f"{grown:.1f} ms", "within 5", grown < 5),
    ]


if __name__ == "__main__":
    main()

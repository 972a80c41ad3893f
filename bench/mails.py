"""A thousand mails in a real Dovecot, read and answered by `intake run --once`: `python bench/mails.py`.

The floor is measured in the same run: the bare FETCH of the same mails and the bare sending of the
same letters. Everything stays on loopback, in folders below TMPDIR that are gone at the end, not before:
a file system may be slow to make files where thousands have just been removed.
"""

from __future__ import annotations

import argparse
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

HERE = Path(__file__).resolve().parent
sys.path[:0] = [str(HERE), str(HERE.parent), str(HERE.parent / "tests" / "live")]

import floor  # noqa: E402
import office  # noqa: E402
from live_mails import form_mail, plain_mail  # noqa: E402
from live_servers import Dovecot, SmtpSink, dovecot_program, run_dovecot, run_smtp_sink, smtp_sink_program  # noqa: E402
from report import Figure, say, write  # noqa: E402

OPENED = datetime(2016, 11, 18, 1, tzinfo=UTC)
NOW = datetime(2016, 11, 22, 2, tzinfo=UTC)
DOCX_BYTES = 50_000
SLOW_FILE = 0.0003  # seconds
MARKS = ("☑", "√替换方框", "Wingdings符号", "内容控件", "旧式复选框", "带框字符", "划掉另一项", "（√）")
OTHERS = (  # what else comes to such a mailbox, a fifth of the mails
    ("回复：意向已登记", "收到，谢谢！"),
    ("咨询", "您好，请问入盟是否需要缴纳会费？盼复。"),
    ("本周培训课程安排", "各位老师好，本周培训课程如下，欢迎报名参加。"),
    ("自动回复: 通知", "您好，我正在休假，回来后尽快回复您。"),
    ("办公用品报价单", "您好，附上最新的办公用品报价，欢迎选购。"),
)

ABOUT = """
{mails:,} mails, four fifths of them with a Word form of 50 KB ticked in eight different ways, lie in a real Dovecot;
`intake run --once` fetches, reads, records and answers them with full durability (raw mail on disk and row
committed before anything else; each letter claimed with its bytes before it is sent) and all sending limits
at 0; the letters go to a real smtp-sink. Each round starts with an empty register and is checked: every form
recorded with its answers, every letter received. Times are those of the whole process, start-up included; the
median of the rounds, beside it the slowest and the fastest. Memory is that of one more round, since watching it
takes some of the processor. The floor is the bare FETCH of the same mails and the bare sending of the same letters.
Nothing is removed before the end of all rounds: where thousands of files were removed, ext4 was seen to make new ones
slowly for some minutes, up to a millisecond each, and a daemon at work removes a few a day.
"""
COMPARISON = """
The script is what a user would write with imap-tools, python-docx and smtplib (`bench/script.py`): nothing of it is
durable, and it thanks for forms alone. Measured before this program was begun, on the same kind of machine: such a
script 61 mails/s and 227 MB; django-mailbox, storing only, 69 mails/s. The speed of such a machine swings by two within
minutes; program and script run in turn, so the ratio of their times over all rounds tells more than either.
"""


@dataclass(slots=True)
class Round:
    """What one `run --once` over the whole mailbox took."""

    seconds: float
    floor_fetch: float
    floor_send: float
    script: float
    letters: int


@dataclass(frozen=True, slots=True)
class Measured:
    """Seconds to make an empty file, the rounds, the peak of one more that was watched, seconds of a run with nothing
    new over all and over a tenth of the mails, and the daemon at rest."""

    new_file: float
    rounds: list[Round]
    peak_mb: float
    again: float
    few: float
    idle: office.Idle


def main() -> None:
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("--mails", type=int, default=1000)
    options.add_argument("--rounds", type=int, default=7)
    options.add_argument("--idle-seconds", type=float, default=70)
    chosen = options.parse_args()
    if dovecot_program() is None or smtp_sink_program() is None:
        sys.exit("Dovecot or smtp-sink is missing: run setup/servers.sh and read what it says.")
    top = tempfile.gettempdir()
    with (
        tempfile.TemporaryDirectory(prefix="intake-bench-") as folder,
        run_dovecot(top) as dovecot,
        run_smtp_sink(top) as sink,
    ):
        new_file = floor.make_files(Path(folder, "empty"))
        if new_file > SLOW_FILE:
            say(f"{top} makes files slowly: wait some minutes, or set TMPDIR to a folder where less was removed lately")
        say(f"writing {chosen.mails} mails ...")
        _fill(dovecot, chosen.mails)
        measured = _measure(Offices(Path(folder), dovecot, sink), chosen, new_file)
    figures = _figures(chosen.mails, measured, office.help_seconds())
    write("A thousand mails", ABOUT.format(mails=chosen.mails), figures, COMPARISON)


class Offices:
    """New offices between the two servers, one a round; their folders stay till the end."""

    def __init__(self, folder: Path, dovecot: Dovecot, sink: SmtpSink) -> None:
        self.folder, self.dovecot, self.sink = folder, dovecot, sink

    def new(self) -> office.Office:
        return office.Office(Path(tempfile.mkdtemp(dir=self.folder)), self.dovecot, self.sink)


def _measure(offices: Offices, chosen: argparse.Namespace, new_file: float) -> Measured:
    rounds: list[Round] = []
    for number in range(chosen.rounds):
        rounds.append(_round(offices, chosen.mails))
        say(f"round {number + 1}: {chosen.mails / rounds[-1].seconds:.0f} mails/s")
    ours = offices.new()
    took, peak_mb = ours.once_watched(NOW)
    say(f"a round whose memory is watched: {chosen.mails / took:.0f} mails/s, {peak_mb:.0f} MB")
    offices.sink.clear()
    again, few = _again_in_turn(ours, offices, max(1, chosen.mails // 10))
    say(f"with nothing new: {again:.2f} s; now idle for {chosen.idle_seconds:.0f} s ...")
    return Measured(new_file, rounds, peak_mb, again, few, ours.idle(chosen.idle_seconds))


def _round(offices: Offices, mails: int) -> Round:
    ours, dovecot, sink = offices.new(), offices.dovecot, offices.sink
    sink.clear()
    floor_fetch = floor.fetch(dovecot, mails)
    took = ours.once(NOW)
    letters = [letter.raw for letter in sink.received()]
    ours.check(forms=_forms_among(mails), letters=len(letters))
    sink.clear()
    floor_send = floor.send(sink, letters)
    sink.clear()
    return Round(took, floor_fetch, floor_send, _script(dovecot, sink, mails), len(letters))


def _script(dovecot: Dovecot, sink: SmtpSink, mails: int) -> float:
    """Seconds of the script that a user would write, from the start of its process to its end."""
    command = [sys.executable, str(HERE / "script.py"), dovecot.host, str(dovecot.port)]
    command += [dovecot.username, dovecot.password, sink.host, str(sink.port)]
    began = time.perf_counter()
    subprocess.run(command, check=True)
    took = time.perf_counter() - began
    if len(sink.received()) != _forms_among(mails):
        sys.exit("the script did not thank for each form")
    sink.clear()
    return took


def _again(ours: office.Office, sink: SmtpSink) -> float:
    took = ours.once(NOW + timedelta(minutes=1))
    if sink.received():
        sys.exit("a run with nothing new sent letters")
    return took


def _again_in_turn(ours: office.Office, offices: Offices, fewer: int) -> tuple[float, float]:
    """Seconds with nothing new, and the same over `fewer` mails, in turn: does it grow with the mailbox?"""
    top = str(offices.folder.parent)
    with run_dovecot(top) as dovecot, run_smtp_sink(top) as their_sink:
        _fill(dovecot, fewer)
        small = Offices(offices.folder, dovecot, their_sink).new()
        small.once(NOW)
        their_sink.clear()
        pairs = [(_again(ours, offices.sink), _again(small, their_sink)) for _ in range(5)]
    return statistics.median(all_mails for all_mails, _ in pairs), statistics.median(few for _, few in pairs)


def _fill(dovecot: Dovecot, mails: int) -> None:
    for number in range(mails):
        when = OPENED + timedelta(seconds=number * 200)
        if number % 5 != 4:
            raw = form_mail(number, when, MARKS[number % len(MARKS)], DOCX_BYTES)
        else:
            raw = plain_mail(number, when, *OTHERS[number // 5 % len(OTHERS)])
        dovecot.drop(raw, when)


def _forms_among(mails: int) -> int:
    return sum(number % 5 != 4 for number in range(mails))


def _figures(mails: int, measured: Measured, help_seconds: float) -> list[Figure]:
    def median(read: Callable[[Round], float]) -> float:
        return statistics.median(read(each) for each in measured.rounds)

    peak, again, few, idle = measured.peak_mb, measured.again, measured.few, measured.idle
    speed, letters = mails / median(lambda r: r.seconds), int(median(lambda r: r.letters))
    rates = sorted(mails / each.seconds for each in measured.rounds)
    spread = f"{speed:.0f} mails/s ({rates[0]:.0f} to {rates[-1]:.0f})"
    times = median(lambda r: r.seconds / (r.floor_fetch + r.floor_send))
    script = mails / median(lambda r: r.script)
    ahead = sum(each.script for each in measured.rounds) / sum(each.seconds for each in measured.rounds)
    fetched, sent = mails / median(lambda r: r.floor_fetch), letters / median(lambda r: r.floor_send)
    return [
        Figure(f"`run --once`: {mails} mails, {letters} letters", spread, "at least 120", speed >= 120),
        Figure("the same, in times of the floor's time", f"{times:.1f}", "at most 12", times <= 12),
        Figure("floor: bare FETCH of the same mails", f"{fetched:.0f} mails/s"),
        Figure("floor: bare sending of the same letters", f"{sent:.0f} letters/s"),
        Figure("an empty file made in the folder of the rounds, before them", f"{measured.new_file * 1000:.2f} ms"),
        Figure("the script that a user would write, over the same mails", f"{script:.0f} mails/s"),
        Figure("`run --once` in times of the script", f"{ahead:.2f}", "at least 1.97 (120 of 61)", ahead >= 120 / 61),
        Figure("peak memory of the process tree (summed PSS)", f"{peak:.0f} MB", "at most 250", peak <= 250),
        Figure("a run with nothing new, start-up included", f"{again:.2f} s", "under 1.5", again < 1.5),
        Figure(f"the same over {mails // 10} mails", f"{few:.2f} s", "no less, within 0.3 s", again - few < 0.3),
        Figure("memory of the idle daemon (summed PSS)", f"{idle.pss_mb:.0f} MB", "under 120", idle.pss_mb < 120),
        Figure(f"processor of the idle daemon over {idle.seconds:.0f} s", f"{idle.core_percent:.2f} % of a core",
               "under 1", idle.core_percent < 1),
        Figure("`intake --help`", f"{help_seconds:.2f} s", "under 0.4", help_seconds < 0.4),
    ]  # fmt: skip


if __name__ == "__main__":
    main()

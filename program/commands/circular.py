"""`intake circular`: the notice to the units of the roster, planned, sent and watched."""

from __future__ import annotations

import re
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from intake.errors import WrongUsage
from program.commands.options import BY, configured, confirmed, moment, person

if TYPE_CHECKING:
    from program.circular_queue import Desk, Proposal
    from program.settings import Settings
    from storage.audits import Person
    from storage.register import Register
    from storage.rosters import Sheet

SAMPLES = 3
Step = Callable[[int, int], None]
_ROSTER = click.option(
    "--to", "roster", metavar="FILE", type=click.Path(exists=True, dir_okay=False, path_type=Path),
    help="名册（.xlsx）；不写则用已载入的名册。",
)  # fmt: skip
_NOW = click.option("--now", metavar="ISO", help="以此刻为当前时间（须带时区）。")


@click.group(name="circular", help="通知：排日程，发通知，看进度。")
def command() -> None:
    """Groups the three."""


@command.command(name="plan", help="按现有限度排出每天发多少通知、提醒和回执，何时发完，哪一轮提醒排不下。")
@click.argument("name", metavar="NOTICE", default="notice")
@_ROSTER
@_NOW
@configured
def plan(settings: Settings, name: str, roster: Path | None, now: str | None) -> int:
    from outbox.circular import last_day
    from program import circular_queue, circular_words

    with _opened(settings, name, now) as (desk, register):
        proposal = circular_queue.propose(register, desk, _sheet(roster))
    last = last_day(desk.section, desk.loaded.campaign.deadline)
    _say(circular_words.proposed(proposal.chosen, len(proposal.mails)))
    _say(circular_words.planned(proposal.plan, desk.section.answer_share, last))
    return 0


@command.command(name="status", help="通知待发、已发、被拒、退信、已答复各多少，预计何时发完。")
@click.argument("name", metavar="NOTICE", default="notice")
@_NOW
@configured
def status(settings: Settings, name: str, now: str | None) -> int:
    from program import circular_queue, circular_words

    with _opened(settings, name, now) as (desk, register):
        standing, course = circular_queue.progress(register, desk)
    _say(circular_words.stands(standing, course, desk.loaded.campaign.title))
    return 0


@command.command(name="send", help="向名册中的单位排发通知，每家一封；可中途停止，再次运行接着排，不会重复。")
@click.argument("name", metavar="NOTICE", default="notice")
@_ROSTER
@click.option("--dry-run", is_flag=True, help="只把每封信写成 .eml 文件，并写一份汇总，不排发。")
@click.option("--out", metavar="FOLDER", type=click.Path(file_okay=False, path_type=Path), help="试写到此文件夹。")
@click.option("--test-to", metavar="ADDRESS", help="只向这个地址试发一封。")
@click.option("--yes", is_flag=True, help="不再询问。")
@BY
@_NOW
@configured
def send(
    settings: Settings, name: str, roster: Path | None, dry_run: bool, out: Path | None, test_to: str | None,
    yes: bool, by: str | None, now: str | None,
) -> int:  # fmt: skip
    from program import circular_letters, circular_queue

    if dry_run and test_to:
        raise click.UsageError("--dry-run 与 --test-to 只能用一个。")
    sheet = _sheet(roster)
    with _opened(settings, name, now) as (desk, register):
        proposal = circular_queue.propose(register, desk, sheet)
        for trouble in proposal.troubles:
            click.echo(trouble, err=True)
        circular_letters.check(desk, proposal)
        _warn_of_samples(desk)
        if dry_run:
            return _written(desk, proposal, out)
        if test_to:
            return _tried(settings, register, desk, proposal, test_to, person(by), set_clock=now is not None)
        return _queued(register, desk, proposal, sheet, person(by), yes)


def _queued(register: Register, desk: Desk, proposal: Proposal, sheet: Sheet | None, who: Person, yes: bool) -> int:
    from program import circular_letters, circular_queue, circular_words
    from program.commands.roster import changed, question

    if proposal.changes:
        _say(changed(proposal.changes))
        if proposal.changes.many and not confirmed(question(proposal.changes), yes):
            return 0
    _say(circular_words.proposed(proposal.chosen, len(proposal.mails)))
    if proposal.mails and not yes:
        shown = [(together[0], circular_letters.compose(desk, together)) for together in proposal.mails[:SAMPLES]]
        _say([*circular_words.samples(shown), ""])
        if not confirmed(f"向{proposal.chosen.units}家单位排发以上通知？", yes):
            return 0
    with _progress("排发通知") as step:
        written = circular_queue.queue(register, desk, sheet, who, step)
    if not written:
        click.echo("没有需要排发的通知。")
        return 0
    from outbox.circular import last_day

    ending = circular_words.ending(proposal.plan, last_day(desk.section, desk.loaded.campaign.deadline))
    click.echo(f"已排发 {written} 封，将由 intake run 在工作日发出。{ending}")
    return 0


def _written(desk: Desk, proposal: Proposal, out: Path | None) -> int:
    """Every mail as a file, and a summary of them."""
    from program import circular_letters, circular_words

    folder = out or Path(f"circular-{desk.now:%Y%m%d-%H%M%S}")
    if folder.exists() and any(folder.iterdir()):
        raise click.UsageError(f"文件夹 {folder} 中已有文件，未作改动；请用 --out 另指定一个。")
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    lines = [*circular_words.proposed(proposal.chosen, len(proposal.mails)), ""]
    with _progress("写出通知") as step:
        for number, together in enumerate(proposal.mails, 1):
            letter = circular_letters.compose(desk, together)
            file = f"{number:04d}-{_plain(circular_words.unit_of(together))}.eml"
            (folder / file).write_bytes(letter.raw)
            lines.append(circular_words.line_of(file, together, letter))
            step(number, len(proposal.mails))
    (folder / "汇总.txt").write_text("\n".join(lines) + "\n", "utf-8")
    click.echo(f"已写出 {len(proposal.mails)} 封信和“汇总.txt”：{folder}（未排发）")
    return 0


def _tried(
    settings: Settings, register: Register, desk: Desk, proposal: Proposal, address: str, who: Person, *,
    set_clock: bool,
) -> int:  # fmt: skip
    """One letter to an address of the office, sent at once, within the limits like any other."""
    from program import circular_letters
    from scheduler.clock import SetClock, SystemClock
    from storage.roster_sheet import addresses_in

    try:
        (recipient,) = addresses_in(address)
    except ValueError:
        raise click.UsageError(f"“{address}”不是一个邮箱地址。") from None
    if settings.outbox.mode == "hold":
        raise WrongUsage("hold", sentence="outbox.mode 为 hold，不发任何信函；请改为 send 后再试。")
    settings.need("smtp")
    report = circular_letters.try_out(
        register, desk, proposal, recipient, who, SetClock(desk.now) if set_clock else SystemClock()
    )
    if report.error:
        raise report.error
    if report.counts["sent"]:
        click.echo(f"已向 {recipient} 试发一封。")
        return 0
    click.echo(f"未能试发：{report.shut or '已到发信限度，或被服务器拒绝，见 intake status'}。", err=True)
    return 1


@contextmanager
def _opened(settings: Settings, name: str, now: str | None) -> Iterator[tuple[Desk, Register]]:
    from program import circular_queue, parts

    at = moment(now) or datetime.now(UTC)
    desk = circular_queue.desk_of(settings, name, at)
    with parts.open_register(settings, at) as register:
        yield desk, register


def _sheet(roster: Path | None) -> Sheet | None:
    from storage import rosters

    return rosters.read(roster) if roster else None


def _warn_of_samples(desk: Desk) -> None:
    from outbox import annexes

    if names := annexes.samples(desk.section):
        click.echo(f"注意：{'、'.join(names)}是随程序提供的样例，正式发通知前请换成正式文件。", err=True)


def _say(lines: list[str]) -> None:
    for line in lines:
        click.echo(line)


def _plain(name: str) -> str:
    return re.sub(r'[\\/:*?"<>|\s]+', "_", name)[:40] or "通知"


@contextmanager
def _progress(what: str) -> Iterator[Step]:
    """A bar on a terminal; nothing elsewhere."""
    if not sys.stderr.isatty():
        yield lambda done, every: None
        return
    from rich.console import Console
    from rich.progress import BarColumn, Progress, TextColumn, TimeRemainingColumn

    columns: tuple[Any, ...] = (
        TextColumn("{task.description}"), BarColumn(), TextColumn("{task.completed}/{task.total}"),
        TimeRemainingColumn(),
    )  # fmt: skip
    with Progress(*columns, console=Console(stderr=True), transient=True) as bar:
        task = bar.add_task(what, total=None)
        yield lambda done, every: bar.update(task, completed=done, total=every)

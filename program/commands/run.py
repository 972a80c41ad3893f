"""`intake run`: the daemon, or one round of it."""

from __future__ import annotations

import gc
import signal
import threading
from datetime import datetime
from typing import TYPE_CHECKING

import click

from program.commands.options import configured, moment

if TYPE_CHECKING:
    from program.settings import Settings


@click.command(name="run", help="收信、登记、答复，直到收到停止信号；加 --once 只做一轮。")
@click.option("--once", is_flag=True, help="只做一轮：收取全部新邮件，处理，发出到期信函，打印一行小结。")
@click.option("--now", metavar="ISO", help="以此时刻为准（须带时区），与 --once 同用。")
@configured
def command(settings: Settings, once: bool, now: str | None) -> int:
    at = moment(now)
    if at is not None and not once:
        raise click.UsageError("--now 只能与 --once 同用。")
    return _once(settings, at) if once else _daemon(settings)


def _once(settings: Settings, at: datetime | None) -> int:
    from program import wiring
    from scheduler.clock import SetClock, SystemClock

    clock = SetClock(at) if at else SystemClock()
    with wiring.build(settings, clock) as works:
        _keep_what_is_built()
        summary = works.once()
    click.echo(summary.sentence())
    for trouble in summary.troubles:
        click.echo(trouble, err=True)
    return 1 if summary.troubles else 0


def _daemon(settings: Settings) -> int:
    from program import wiring
    from scheduler.clock import SystemClock

    stop = threading.Event()
    for name in (signal.SIGTERM, signal.SIGINT):
        signal.signal(name, lambda *_: stop.set())
    with wiring.build(settings, SystemClock(stop), stop) as works:
        _keep_what_is_built()
        works.serve(stop)
    return 0


def _keep_what_is_built() -> None:
    """What stands until the end of the process is never looked through for garbage; only once a process."""
    gc.freeze()
    gc.set_threshold(50_000, 20, 20)

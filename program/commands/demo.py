"""`intake demo`: plays a campaign, shows it, and checks itself."""

from __future__ import annotations

import shutil
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import click

MARK = ".intake-demo"  # only a folder that a demonstration made is emptied


@click.command(name="demo", help="在本机演示整个征集过程：2016年11月17日至12月3日，一分半钟内放完，并自行核对。")
@click.option(
    "--to", "folder", metavar="FOLDER", default="demo-output", type=click.Path(path_type=Path), help="输出文件夹。"
)
def command(folder: Path) -> int:
    story_of, play, audit, report = _parts()
    started = time.monotonic()
    folder = _emptied(folder.resolve())
    story = story_of()
    with _progress(len(story.events) + len(story.errands)) as step, play(story, folder, step) as played:
        report.write_files(story, played, folder)
        lines = list(report.lines(story, played, folder))
        wrong, sent = audit.differences(story, played), len(played.servers.submitted)
    click.echo("\n".join(lines))
    click.echo(f"\n用时 {time.monotonic() - started:.0f} 秒。", nl=False)
    if wrong:
        click.echo(f"核对发现 {len(wrong)} 处不符：")
        click.echo("\n".join(wrong))
        return 1
    click.echo(f"{len(story.events)} 封来信、{sent} 封去信逐一核对，与各单位的真实情况完全一致。")
    return 0


def _parts() -> tuple[Any, Any, Any, Any]:
    try:
        import aiosmtpd  # noqa: F401
        import pymap  # noqa: F401
    except ModuleNotFoundError as error:
        raise click.UsageError(
            f"演示需要额外的组件（{error.name}），请运行：pip install 'cipsa-intake[demo]'"
        ) from None
    from program.demo import audit, report
    from program.demo.play import play
    from program.demo.story import tell

    return tell, play, audit, report


def _emptied(folder: Path) -> Path:
    if folder.exists() and any(folder.iterdir()) and not (folder / MARK).exists():
        raise click.UsageError(f"{folder} 不是演示生成的文件夹，未作改动；请用 --to 另指定一个。")
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(mode=0o700, parents=True)
    (folder / MARK).touch()
    return folder


@contextmanager
def _progress(total: int) -> Iterator[Callable[[Any], None]]:
    """A bar on a terminal, else a line for every simulated day."""
    if sys.stdout.isatty():
        from rich.progress import BarColumn, Progress, TextColumn, TimeElapsedColumn

        columns = (TextColumn("{task.description}"), BarColumn(), TextColumn("{task.completed}/{task.total}"))
        with Progress(*columns, TimeElapsedColumn(), transient=True) as bar:
            task = bar.add_task("演示", total=total)
            yield lambda event: bar.update(task, advance=1, description=f"{event.at:%m月%d日 %H:%M} {event.what}")
        return
    seen: list[str] = []

    def step(event: Any) -> None:
        day = f"{event.at:%m月%d日}"
        if day not in seen:
            seen.append(day)
            click.echo(f"{day} …")

    yield step

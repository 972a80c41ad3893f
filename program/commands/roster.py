"""`intake roster`: the association's list of units."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING

import click

from program.commands.options import configured

if TYPE_CHECKING:
    from program.settings import Settings


@click.group(name="roster", help="单位名册：载入，或生成空白名册。")
def command() -> None:
    """Groups the two."""


@command.command(name="load", help="载入名册（.xlsx）；可反复载入，只更新，不重复。")
@click.argument("file", metavar="FILE", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@configured
def load(settings: Settings, file: Path) -> int:
    from program import wiring
    from storage import rosters

    now = datetime.now(UTC)
    with wiring.open_register(settings, now) as register, register.writing() as tx:
        report = rosters.load(tx, file, now)
    for trouble in report.troubles:
        click.echo(trouble, err=True)
    click.echo(f"已载入 {report.loaded} 家：新增 {report.created} 家，更新 {report.updated} 家。")
    return 0


@command.command(name="new", help="生成一份空白名册。")
@click.argument("file", metavar="FILE", type=click.Path(dir_okay=False, path_type=Path))
def new(file: Path) -> int:
    from storage import rosters

    if file.exists():
        raise click.UsageError(f"{file} 已存在，未作改动。")
    rosters.write_blank(file)
    click.echo(f"已生成空白名册：{file}")
    return 0

"""`intake roster`: the association's list of units."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING

import click

from program.commands.options import BY, configured, confirmed, person

if TYPE_CHECKING:
    from program.settings import Settings
    from storage.roster_changes import Changes

SHOWN = 10  # names shown of each kind of change


@click.group(name="roster", help="单位名册：载入，或生成空白名册。")
def command() -> None:
    """Groups the two."""


@command.command(name="load", help="载入名册（.xlsx）；可反复载入，只更新，不重复。")
@click.argument("file", metavar="FILE", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option("--yes", is_flag=True, help="改动超过十分之一时不再询问。")
@BY
@configured
def load(settings: Settings, file: Path, yes: bool, by: str | None) -> int:
    from program import parts
    from scheduler import desk_acts
    from storage import roster_changes, rosters

    now = datetime.now(UTC)
    sheet = rosters.read(file)
    with parts.open_register(settings, now) as register:
        with register.reading() as tx:
            changes = roster_changes.compare(tx, sheet)
        for line in changed(changes):
            click.echo(line)
        if changes.many and not confirmed(question(changes), yes):
            return 0
        with register.writing() as tx:
            report = desk_acts.load_roster(tx, sheet, person(by), now)
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


def question(changes: Changes) -> str:
    return f"名册共有 {changes.count} 处改动，超过上次 {changes.before} 家的十分之一，是否载入？"


def changed(changes: Changes) -> list[str]:
    """What a roster changes, a line each; on the first one only the addresses that several units share."""
    lines = []
    if changes.before:
        lines += _named("新增单位", changes.new)
        lines += _named("不再列入", changes.gone)
        lines += _named(
            "邮箱有变",
            tuple(
                f"{one.unit}（{'、'.join(one.before) or '无'} → {'、'.join(one.after) or '无'}）"
                for one in changes.moved
            ),
        )
    shared = tuple(f"{address}（{'、'.join(names)}）" for address, names in changes.shared)
    return lines + _named("几家单位同用一个邮箱", shared, "个")


def _named(what: str, names: tuple[str, ...], measure: str = "家") -> list[str]:
    if not names:
        return []
    more = f"\n  ……另有 {len(names) - SHOWN} {measure}" if len(names) > SHOWN else ""
    return [f"{what} {len(names)} {measure}：\n  " + "\n  ".join(names[:SHOWN]) + more]

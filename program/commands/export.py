"""`intake export`: the ledger as a workbook."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING

import click

from program.commands.options import configured, moment

if TYPE_CHECKING:
    from program.settings import Settings


@click.command(
    name="export", help="导出台账（.xlsx）：各单位的选择、时间、来源、问题，未回复的单位，所欠事项，通知，操作记录。"
)
@click.argument("file", metavar="FILE.xlsx", type=click.Path(dir_okay=False, path_type=Path))
@click.option("--campaign", metavar="ID", default="", help="活动的 id，默认为第一个。")
@click.option("--now", metavar="ISO", help="以此刻为当前时间（须带时区）。")
@configured
def command(settings: Settings, file: Path, campaign: str, now: str | None) -> int:
    from program import parts
    from program.duties import label_of, one_campaign
    from storage import ledger

    duties, at = one_campaign(settings, campaign), moment(now) or datetime.now(UTC)
    with parts.open_register(settings, at) as register, register.reading() as tx:
        ledger.write(tx, file, duties.campaign, at, label_of(duties))
    click.echo(f"已写入 {file}")
    return 0

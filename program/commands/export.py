"""`intake export`: the ledger as a workbook."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING

import click

from intake.errors import Permanent
from program.commands.options import configured

if TYPE_CHECKING:
    from program.settings import Settings


@click.command(name="export", help="导出台账（.xlsx）：各单位的选择、时间、来源、问题，以及未回复的单位。")
@click.argument("file", metavar="FILE.xlsx", type=click.Path(dir_okay=False, path_type=Path))
@click.option("--campaign", metavar="ID", help="活动的 id，默认为第一个。")
@configured
def command(settings: Settings, file: Path, campaign: str | None) -> int:
    from program import campaign_folders, parts
    from storage import ledger

    campaigns = {loaded.campaign.id: loaded.campaign for loaded in campaign_folders.load_campaigns(settings.campaign)}
    if campaign is not None and campaign not in campaigns:
        raise click.UsageError(f"没有 id 为“{campaign}”的活动，可用：{'、'.join(campaigns)}。")
    chosen = campaigns[campaign] if campaign else next(iter(campaigns.values()))
    now = datetime.now(UTC)
    with parts.open_register(settings, now) as register, register.reading() as tx:
        try:
            ledger.write(tx, file, chosen, now)
        except OSError as error:
            raise Permanent(str(error), sentence=f"无法写入 {file}：{error.strerror}。") from error
    click.echo(f"已写入 {file}")
    return 0

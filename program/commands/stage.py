"""`intake stage`: the stages of a campaign, opened by a person."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING

import click

from program.commands.options import BY, CAMPAIGN, configured, person
from program.words import moment, table

if TYPE_CHECKING:
    from program.settings import Settings


@click.group(name="stage", help="活动的阶段：列出、开启。")
def command() -> None:
    """Groups the two."""


@command.command(name="list", help="列出各阶段、所需的材料和开启时间。")
@CAMPAIGN
@configured
def list_(settings: Settings, campaign: str) -> int:
    from program import desk
    from program.duties import one_campaign
    from scheduler.duties import opened
    from storage import stages

    duties = one_campaign(settings, campaign)
    with desk.reading(settings) as tx:
        dates, names = stages.opened(tx, duties.campaign.id), opened(tx, duties)
    if not duties.stages:
        click.echo("本活动没有设置阶段。")
        return 0
    lines = [("阶段", "情况", "所需材料")]
    for stage in duties.stages:
        since = f"{moment(dates[stage.name])}开启" if stage.name in dates else "已开启"
        papers = "、".join(paper.label for paper in stage.materials) or "—"
        lines.append((stage.name, since if stage.name in names else "未开启", papers))
    click.echo("\n".join(table(lines)))
    return 0


@command.command(name="open", help="开启一个阶段，例如：intake stage open 筹备。")
@click.argument("name", metavar="阶段")
@BY
@CAMPAIGN
@configured
def open_(settings: Settings, name: str, by: str | None, campaign: str) -> int:
    from program import desk
    from program.duties import one_campaign
    from scheduler import unit_acts

    duties = one_campaign(settings, campaign)
    with desk.writing(settings) as tx:
        asked = unit_acts.open_stage(tx, duties, name, person(by), datetime.now(UTC))
    click.echo(f"已开启阶段“{name}”。" + (f"将请 {asked} 家单位提交材料，信函在工作时间内发出。" if asked else ""))
    return 0

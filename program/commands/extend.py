"""`intake extend`: a later deadline for one unit, or for all."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING

import click

from program.commands.options import BY, CAMPAIGN, REASON, configured, person
from program.words import moment

if TYPE_CHECKING:
    from program.settings import Settings


@click.command(name="extend", help="延长截止时间，例如：intake extend 单位名称 2016-12-09；全部单位用 --all。")
@click.argument("words", metavar="[单位] 日期", nargs=-1, required=True)
@click.option("--all", "everyone", is_flag=True, help="全部单位。")
@REASON
@BY
@CAMPAIGN
@configured
def command(
    settings: Settings, words: tuple[str, ...], everyone: bool, reason: str, by: str | None, campaign: str
) -> int:
    from intake.beijing import BEIJING
    from program import desk
    from program.duties import one_campaign
    from scheduler import unit_acts

    if len(words) != (1 if everyone else 2):
        raise click.UsageError("请写作 intake extend 单位名称 日期，或 intake extend --all 日期。")
    chosen = one_campaign(settings, campaign).campaign
    date = desk.beijing_date(words[-1], chosen.deadline.astimezone(BEIJING).time())
    with desk.writing(settings) as tx:
        unit_id = None if everyone else desk.unit_called(tx, words[0])
        unit_acts.extend(tx, chosen, unit_id, date, reason, person(by), datetime.now(UTC))
    who = "全部单位" if everyone else words[0]
    click.echo(f"{who}的截止时间已延至{moment(date)}，原为{moment(chosen.deadline)}。")
    click.echo("此前登记的逾期标记未改；如需按新的时间重算，请用 intake followup recompute 查看。")
    return 0

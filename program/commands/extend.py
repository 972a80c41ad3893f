"""`intake extend`: a later deadline for one unit, or for all."""

from __future__ import annotations

import getpass
from datetime import UTC, datetime
from typing import TYPE_CHECKING

import click

from program.commands.followup import BY, CAMPAIGN
from program.commands.options import configured
from program.words import moment

if TYPE_CHECKING:
    from program.settings import Settings


@click.command(name="extend", help="延长截止时间，例如：intake extend 单位名称 2016-12-09；全部单位用 --all。")
@click.argument("words", metavar="[单位] 日期", nargs=-1, required=True)
@click.option("--all", "everyone", is_flag=True, help="全部单位。")
@BY
@CAMPAIGN
@configured
def command(settings: Settings, words: tuple[str, ...], everyone: bool, by: str | None, campaign: str) -> int:
    from intake.beijing import BEIJING
    from intake.errors import WrongUsage
    from program import desk
    from program.duties import one_campaign
    from storage import extensions

    if len(words) != (1 if everyone else 2):
        raise click.UsageError("请写作 intake extend 单位名称 日期，或 intake extend --all 日期。")
    chosen = one_campaign(settings, campaign).campaign
    date = desk.beijing_date(words[-1], chosen.deadline.astimezone(BEIJING).time())
    with desk.writing(settings) as tx:
        unit_id = None if everyone else desk.unit_called(tx, words[0])
        stands = extensions.deadlines(tx, chosen.id, chosen.deadline, [] if unit_id is None else [unit_id]).of(unit_id)
        if date <= stands:
            raise WrongUsage(words[-1], sentence=f"新的截止时间须晚于现行的{moment(stands)}。")
        person = by or getpass.getuser()
        extensions.grant(tx, chosen.id, unit_id, date, chosen.deadline, person, datetime.now(UTC))
    who = "全部单位" if everyone else words[0]
    click.echo(f"{who}的截止时间已延至{moment(date)}，原为{moment(chosen.deadline)}。")
    click.echo("此前登记的逾期标记未改；如需按新的时间重算，请用 intake followup recompute 查看。")
    return 0

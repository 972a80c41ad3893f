"""`intake accept-late`: a person lets late forms count as in time."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING

import click

from program.commands.options import BY, CAMPAIGN, REASON, configured, person

if TYPE_CHECKING:
    from program.settings import Settings


@click.command(name="accept-late", help="准予逾期件计入，例如：intake accept-late 单位名称；全部逾期件用 --all。")
@click.argument("name", metavar="[单位]", required=False)
@click.option("--all", "everyone", is_flag=True, help="全部逾期件。")
@click.option("--no-letter", is_flag=True, help="不发信告知各单位。")
@REASON
@BY
@CAMPAIGN
@configured
def command(
    settings: Settings, name: str | None, everyone: bool, no_letter: bool, reason: str, by: str | None, campaign: str
) -> int:
    from program import campaign_folders, desk, parts
    from program.duties import one_campaign
    from scheduler import unit_acts

    if bool(name) == everyone:
        raise click.UsageError("请写明一家单位，或用 --all 准予全部逾期件。")
    now, duties = datetime.now(UTC), one_campaign(settings, campaign)
    loaded = campaign_folders.load_campaigns(settings.campaign)
    rules = parts.rules_of(settings, tuple(each.campaign for each in loaded))
    with desk.writing(settings) as tx:
        unit_ids = None if everyone else [desk.unit_called(tx, name or "")]
        accepted = unit_acts.accept_late(
            tx, duties.campaign, unit_ids, reason, person(by), now, rules=rules, tell=not no_letter
        )
    if not accepted:
        click.echo("没有逾期件，未作改动。")
        return 0
    for one in accepted:
        click.echo(f"{one.unit_name}：逾期件已准予计入" + ("，将发信告知。" if one.told else "，不发信。"))
    click.echo(f"共 {len(accepted)} 件。")
    return 0

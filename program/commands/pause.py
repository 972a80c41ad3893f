"""`intake pause`: no letter leaves for a unit until `intake resume`; mails are read and recorded as always."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING

import click

from program.commands.options import BY, configured, user

if TYPE_CHECKING:
    from program.settings import Settings


@click.command(name="pause", help="暂停向各单位发信；照常收信和登记，应发的信函留存待发。")
@BY
@configured
def command(settings: Settings, by: str | None) -> int:
    return turn(settings, by or user(), "pause")


def turn(settings: Settings, by: str, act: str) -> int:
    """Do what `act`, pause or resume, says."""
    from program import desk
    from program.duties import one_campaign
    from program.secretariat import secretariat_of
    from scheduler import pausing
    from storage import figures

    campaign, now = one_campaign(settings).campaign.id, datetime.now(UTC)
    secretariat = secretariat_of(settings)
    with desk.writing(settings) as tx:
        done = getattr(pausing, act)(tx, secretariat, by=by, through="shell", now=now, campaign=campaign)
        waiting = figures.waiting_for_units(tx)
    click.echo(_said(bool(done["paused"]), bool(done["changed"]), waiting))
    return 0


def _said(paused: bool, changed: bool, waiting: int) -> str:
    kept = f"现有{waiting}封待发。" if waiting else ""
    if paused:
        first = "已暂停向各单位发信" if changed else "此前已经暂停，未作改动"
        return f"{first}；照常收信和登记，应发的信函留存待发。{kept}恢复请用 intake resume。"
    if not changed:
        return "向各单位发信并未暂停，未作改动。"
    return f"已恢复向各单位发信，留存的信函将按限度陆续发出。{kept}"

"""`intake amend`: a person corrects a value or an answer that stands of a unit."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime
from typing import TYPE_CHECKING

import click

from program.commands.options import BY, CAMPAIGN, configured, user
from program.words import table

if TYPE_CHECKING:
    from sqlalchemy import Connection

    from intake.campaign import Campaign
    from program.settings import Settings
    from scheduler.amending import Change

HELP = "更正登记的内容或选择，例如：intake amend 单位名称 联系人姓名=李四 加入联盟=否 --reason 来电告知。"


@click.command(name="amend", help=HELP)
@click.argument("unit", metavar="单位")
@click.argument("words", metavar="项目=内容...", nargs=-1)
@click.option("--reason", metavar="TEXT", default="", help="事由，随更正一并存档；更正时必填。")
@click.option("--receipt-to", metavar="ADDRESS", default="", help="更正回执发往此邮箱；不写则不发。")
@click.option("--undo", is_flag=True, help="撤销该单位最近一次更正，登记内容恢复原状。")
@BY
@CAMPAIGN
@configured
def command(
    settings: Settings, unit: str, words: tuple[str, ...], reason: str, receipt_to: str, undo: bool, by: str | None,
    campaign: str,
) -> int:  # fmt: skip
    from program import desk
    from program.duties import one_campaign

    if undo and (words or receipt_to):
        raise click.UsageError("--undo 只撤销最近一次更正，不能同时更正或发回执。")
    if not undo and not (words and reason):
        raise click.UsageError("请写作 intake amend 单位名称 项目=内容 --reason 事由；撤销最近一次更正用 --undo。")
    chosen, now = one_campaign(settings, campaign).campaign, datetime.now(UTC)
    with desk.writing(settings) as tx:
        unit_id = desk.unit_meant(tx, unit)
        if undo:
            said = _undone(tx, chosen, unit_id, by or user(), reason, now)
        else:
            said = _amended(tx, settings, chosen, unit_id, words, reason, receipt_to, by or user(), now)
    click.echo("\n".join(said))
    return 0


def _amended(
    tx: Connection, settings: Settings, chosen: Campaign, unit_id: int, words: tuple[str, ...], reason: str,
    receipt_to: str, by: str, now: datetime,
) -> list[str]:  # fmt: skip
    from program import by_hand, desk
    from scheduler import amending

    said, address = by_hand.typed(words, chosen.form), desk.address(receipt_to)
    values = {key: by_hand.normal(chosen.form, key, text) for key, text in said.values.items()}
    asked = amending.Amendment(values, said.answers, reason, by, "shell")
    changes = amending.amend(tx, chosen, unit_id, asked, now)
    if changes and address:
        _thank(tx, settings, chosen, unit_id, [change.key for change in changes], address, now)
    doubts = by_hand.doubts(chosen.form, values)
    return [*_lines(_who(tx, chosen, unit_id), changes, address), *(f"请注意：{doubt}" for doubt in doubts)]


def _undone(tx: Connection, chosen: Campaign, unit_id: int, by: str, reason: str, now: datetime) -> list[str]:
    from scheduler import amending

    audit, left = amending.undo(tx, chosen, unit_id, by=by, through="shell", now=now, reason=reason)
    gone = f"依原更正已发出的{left}封信函无法收回。" if left else ""
    return [f"{_who(tx, chosen, unit_id)}：已撤销“{audit.word}”，登记内容恢复原状。{gone}"]


def _lines(who: str, changes: list[Change], address: str) -> Iterator[str]:
    if not changes:
        yield f"{who}：与现有登记相同，未作改动。"
        return
    yield f"{who}已更正："
    yield from (
        f"  {line}" for line in table([(one.label, f"{one.old or '空'} → {one.new or '空'}") for one in changes])
    )
    yield f"更正回执将发往 {address}。" if address else "未向该单位发信。"


def _who(tx: Connection, campaign: Campaign, unit_id: int) -> str:
    from storage import submissions, units

    unit, stands = units.get(tx, unit_id), submissions.earlier(tx, campaign.id, unit_id)
    return f"{unit.name if unit else ''}（登记号{stands.receipt if stands else ''}）"


def _thank(
    tx: Connection, settings: Settings, campaign: Campaign, unit_id: int, keys: list[str], address: str, now: datetime
) -> None:
    from program.secretariat import secretariat_of
    from scheduler import entered
    from storage import submissions

    stands = submissions.earlier(tx, campaign.id, unit_id)
    assert stands is not None
    key = f"{campaign.id}/amended-{stands.submission_id}/{now.isoformat()}/correction/1"
    entered.receipt(
        tx, key, "correction", campaign, stands, address, now,
        domain=secretariat_of(settings).domain, changed=tuple(keys),
    )  # fmt: skip

"""`intake followup`: what units owe: listed, ticked off, waived, reckoned anew."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime
from typing import TYPE_CHECKING

import click

from intake.office_words import FOLLOWUPS as STATES
from program.commands.options import BY, CAMPAIGN, REASON, configured, person
from program.words import moment, table

if TYPE_CHECKING:
    from program.settings import Settings
    from scheduler.duties import Duties
    from storage.followups import FollowUp


@click.group(name="followup", help="各单位所欠的事项：列出、登记收到、免除、重新计算期限。")
def command() -> None:
    """Groups the four."""


@command.command(name="list", help="列出各单位所欠的事项和期限。")
@click.option("--unit", "name", metavar="单位", help="只看一家。")
@click.option("--all", "closed", is_flag=True, help="连同已办结的。")
@CAMPAIGN
@configured
def list_(settings: Settings, name: str | None, closed: bool, campaign: str) -> int:
    from program import desk
    from program.duties import one_campaign
    from storage import followups, handwritten

    duties = one_campaign(settings, campaign)
    with desk.reading(settings) as tx:
        unit_id = desk.unit_called(tx, name) if name else None
        if closed and unit_id is not None:
            rows = followups.of_unit(tx, duties.campaign.id, unit_id)
        else:
            rows = followups.all_open(tx, duties.campaign.id, unit_id)
        done = followups.steps(tx, [row.id for row in rows])
        by_hand = handwritten.newest(tx, alone=True)
    if not rows:
        click.echo("没有所欠的事项。")
        return 0
    lines = [("单位", "事项", "事由", "期限", "情况")]
    named = names_of(duties)
    lines += [
        (row.unit_name, named(row), duties.rules[row.reason].words, _due(row), _state(row, done, by_hand))
        for row in rows
    ]
    click.echo("\n".join([*table(lines), f"共 {len(rows)} 项。"]))
    return 0


@command.command(name="received", help="登记收到，例如：intake followup received 单位名称 申请表。")
@click.argument("name", metavar="单位")
@click.argument("what", metavar="事项")
@REASON
@BY
@CAMPAIGN
@configured
def received(settings: Settings, name: str, what: str, reason: str, by: str | None, campaign: str) -> int:
    return _end(settings, name, what, reason, by, campaign, waived=False)


@command.command(name="waive", help="不再要求一项，例如：intake followup waive 单位名称 申请表。")
@click.argument("name", metavar="单位")
@click.argument("what", metavar="事项")
@REASON
@BY
@CAMPAIGN
@configured
def waive(settings: Settings, name: str, what: str, reason: str, by: str | None, campaign: str) -> int:
    return _end(settings, name, what, reason, by, campaign, waived=True)


@command.command(name="recompute", help="规则或日期更改后，列出期限和逾期标记的差别；加 --yes 才写入。")
@click.option("--yes", is_flag=True, help="写入所列差别。")
@BY
@CAMPAIGN
@configured
def recompute(settings: Settings, yes: bool, by: str | None, campaign: str) -> int:
    from program import desk, parts
    from program.duties import one_campaign
    from scheduler import recomputing, unit_acts

    duties, calendar, now = one_campaign(settings, campaign), parts.calendar_of(settings), datetime.now(UTC)
    with desk.reading(settings) as tx:
        found = recomputing.differences(tx, duties, calendar)
    if not found:
        click.echo("没有差别，未作改动。")
        return 0
    named = names_of(duties)
    lines = [("单位", "事项", "现为", "应为")]
    lines += [(each.unit_name, named(each), each.old, each.new) for each in found]
    click.echo("\n".join(table(lines)))
    if not yes:
        click.echo(f"共 {len(found)} 处差别，尚未写入；核对后请加 --yes 写入。")
        return 0
    with desk.writing(settings) as tx:
        written = unit_acts.recompute(tx, duties, calendar, person(by), now)
    click.echo(f"已写入 {written} 处。")
    return 0


def names_of(duties: Duties) -> Callable[..., str]:
    """What the office calls a thing that is owed."""
    from intake import owing

    def named(row: FollowUp) -> str:
        if row.awaits == row.reason:
            return "—"
        return owing.label_of(row.awaits, duties.campaign.form, duties.materials)

    return named


def _end(settings: Settings, name: str, what: str, reason: str, by: str | None, campaign: str, *, waived: bool) -> int:
    from intake.standing import WORDS
    from program import desk, parts
    from program.duties import one_campaign
    from scheduler import unit_acts

    duties, calendar, now = one_campaign(settings, campaign), parts.calendar_of(settings), datetime.now(UTC)
    with desk.writing(settings) as tx:
        unit_id = desk.unit_called(tx, name)
        row = desk.owed_called(tx, duties, unit_id, what)
        status = unit_acts.end_owed(tx, duties, calendar, row, reason, person(by), now, waived=waived)
    done = "不再要求" if waived else "已登记收到"
    click.echo(f"{row.unit_name}：“{names_of(duties)(row)}”{done}。")
    if status:
        click.echo(f"该单位现为“{WORDS[status]}”。")
    return 0


def _due(row: FollowUp) -> str:
    if row.due_at is None:
        return "发信后起算"
    first = f"（原为{moment(row.original_due_at)}）" if row.original_due_at else ""
    return f"{moment(row.due_at)}{first}"


def _state(row: FollowUp, done: dict[int, set[str]], by_hand: dict[int, datetime]) -> str:
    written_at = by_hand.get(row.unit_id)
    reminders = len(done.get(row.id, set()) & {"before", "after"})
    parts = [STATES.get(row.state, row.state)]
    parts += [f"已提醒{reminders}次"] if reminders else []
    is_answered = written_at is not None and written_at > row.opened_at and row.closed_at is None
    parts += ["已人工回复"] if is_answered else []
    parts += ["已转秘书处"] if "person" in done.get(row.id, ()) and row.closed_at is None else []
    parts += [f"{row.closed_by}办理" if row.closed_by else ""] if row.closed_at else []
    return "，".join(filter(None, parts))

"""`intake unit`: all that is known of one unit, and moving it from one status to the next."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING

import click

from intake.office_words import FOLLOWUPS as STATES
from program.commands.followup import names_of
from program.commands.options import BY, CAMPAIGN, configured, person
from program.words import moment, table

if TYPE_CHECKING:
    from collections.abc import Iterator

    from sqlalchemy import Connection

    from program.settings import Settings
    from scheduler.duties import Duties


@click.group(name="unit", help="一家单位的情况：查看、更改状态。")
def command() -> None:
    """Groups the two."""


@command.command(name="show", help="查看一家单位：状态及其变更、联络员、登记内容、所欠事项。")
@click.argument("name", metavar="单位")
@CAMPAIGN
@configured
def show(settings: Settings, name: str, campaign: str) -> int:
    from program import desk
    from program.duties import one_campaign

    duties = one_campaign(settings, campaign)
    with desk.reading(settings) as tx:
        unit_id = desk.unit_called(tx, name)
        lines = [line for line in _lines(tx, duties, unit_id) if line[1]]
    click.echo("\n".join(table(lines)))
    return 0


@command.command(name="move", help="更改状态，例如：intake unit move 单位名称 成员单位 --reason 审核通过。")
@click.argument("name", metavar="单位")
@click.argument("status", metavar="状态")
@click.option("--reason", metavar="TEXT", required=True, help="事由，随状态一并存档。")
@BY
@CAMPAIGN
@configured
def move(settings: Settings, name: str, status: str, reason: str, by: str | None, campaign: str) -> int:
    from intake import standing
    from program import desk, parts
    from program.duties import one_campaign
    from scheduler import unit_acts

    duties, now = one_campaign(settings, campaign), datetime.now(UTC)
    wanted = standing.status_of(status)
    if not wanted:
        raise click.UsageError(f"没有“{status}”这种状态，可用：{'、'.join(standing.WORDS.values())}。")
    with desk.writing(settings) as tx:
        unit_id = desk.unit_called(tx, name)
        unit_acts.move(tx, duties, parts.calendar_of(settings), unit_id, wanted, reason, person(by), now)
    click.echo(f"{name}：状态已改为“{standing.WORDS[wanted]}”。")
    return 0


def _lines(tx: Connection, duties: Duties, unit_id: int) -> Iterator[tuple[str, str]]:
    from storage import units

    unit = units.get(tx, unit_id)
    assert unit is not None
    yield "单位", unit.name
    yield "曾用名", "、".join(unit.former)
    yield "名册邮箱", "、".join(unit.addresses)
    yield from _standing(tx, duties, unit_id)
    yield from _form(tx, duties, unit_id)
    yield from _liaison(tx, duties, unit_id)
    yield from _owed(tx, duties, unit_id)


def _standing(tx: Connection, duties: Duties, unit_id: int) -> Iterator[tuple[str, str]]:
    from intake.standing import WORDS
    from storage import standings

    steps = standings.history(tx, duties.campaign.id, unit_id)
    yield "状态", WORDS[steps[-1].status] if steps else "未登记"
    for step in steps:
        about = "，".join(filter(None, (step.reason, step.moved_by)))
        yield "", f"{moment(step.at)}  {WORDS[step.status]}" + (f"（{about}）" if about else "")


def _form(tx: Connection, duties: Duties, unit_id: int) -> Iterator[tuple[str, str]]:
    from storage import extensions, submissions
    from storage.ledger import answer_text

    campaign = duties.campaign
    deadline = extensions.deadlines(tx, campaign.id, campaign.deadline, [unit_id]).of(unit_id)
    if deadline != campaign.deadline:
        yield "截止时间", f"延至{moment(deadline)}（原为{moment(campaign.deadline)}）"
    stands = submissions.earlier(tx, campaign.id, unit_id)
    if stands is None:
        return
    late = {"late": "，逾期", "disputed": "，是否按时待定"}.get(stands.lateness, "")
    yield "登记", f"{moment(stands.received_at)}收到，登记号{stands.receipt}{late}"
    for choice in campaign.form.choices:
        if choice.id in stands.choices:
            given = stands.choices[choice.id]
            yield choice.short, answer_text(given, choice, choice.id in stands.decided)


def _liaison(tx: Connection, duties: Duties, unit_id: int) -> Iterator[tuple[str, str]]:
    from storage import liaisons

    liaison = liaisons.current(tx, duties.campaign.id, unit_id)
    if liaison is not None:
        values = "，".join(f"{duties.campaign.form.label_of(key)}：{text}" for key, text in liaison.values.items())
        yield "联络员", f"{values}（{moment(liaison.since)}起）"


def _owed(tx: Connection, duties: Duties, unit_id: int) -> Iterator[tuple[str, str]]:
    from storage import followups

    named = names_of(duties)
    for row in followups.of_unit(tx, duties.campaign.id, unit_id):
        what = duties.rules[row.reason].words if row.awaits == row.reason else named(row)
        due = f"，期限{moment(row.due_at)}" if row.due_at and row.closed_at is None else ""
        yield "事项", f"{what}：{STATES.get(row.state, row.state)}{due}"

"""`intake held`: what waits for a person."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime
from typing import TYPE_CHECKING

import click

from program.commands.options import BY, configured, person, user
from program.words import moment, table

if TYPE_CHECKING:
    from program.settings import Settings
    from storage.plain_rows import HeldRow


@click.group(name="held", help="待人工处理的事项：列出、查看、重读、决定、撤销。")
def command() -> None:
    """Groups the five."""


@command.command(name="list", help="列出全部待办。")
@configured
def list_(settings: Settings) -> int:
    from program import parts
    from storage import handwritten, held

    with parts.open_register(settings, datetime.now(UTC)) as register, register.reading() as tx:
        rows = held.list_open(tx)
        answered = handwritten.answered(tx, rows)
    if not rows:
        click.echo("没有待办。")
        return 0
    lines = [("编号", "事由", "单位或来信人", "收到", "说明")]
    lines += [
        (row.reference, _reason(row), row.unit_name or row.sender, _day(row), _marked(row, answered)) for row in rows
    ]
    click.echo("\n".join([*table(lines), f"共 {len(rows)} 件。处理：intake held decide 编号 决定"]))
    return 0


@command.command(name="show", help="查看一件待办的全部情况。")
@click.argument("reference", metavar="编号")
@configured
def show(settings: Settings, reference: str) -> int:
    from program import parts
    from storage import held

    with parts.open_register(settings, datetime.now(UTC)) as register, register.reading() as tx:
        row = held.show(tx, reference)
    raw = parts.open_rawmails(settings).path_of(row.raw_hash) if row.raw_hash else None
    lines = [
        ("编号", row.reference), ("事由", _reason(row)), ("单位", row.unit_name), ("来信人", row.sender),
        ("主题", row.subject), ("收到", moment(row.received_at) if row.received_at else ""), ("说明", row.sentence),
        ("决定", f"{row.decision}（{row.decided_by}，{moment(row.closed_at)}）" if row.decision else ""),
        ("原邮件", str(raw or "")),
    ]  # fmt: skip
    click.echo("\n".join(table([line for line in lines if line[1]])))
    return 0


@command.command(name="retry", help="让原邮件在下一轮重新读取（例如程序升级之后）。")
@click.argument("references", metavar="编号...", nargs=-1, required=True)
@BY
@configured
def retry(settings: Settings, references: tuple[str, ...], by: str | None) -> int:
    from program import parts
    from scheduler import desk_acts

    now = datetime.now(UTC)
    with parts.open_register(settings, now) as register, register.writing() as tx:
        for reference in references:
            row = desk_acts.read_again(tx, reference, person(by), now)
            click.echo(f"{row.reference}：将在下一轮重新读取。")
    return 0


@command.command(name="decide", help="写下决定，例如：intake held decide A7K2QX 是。")
@click.argument("reference", metavar="编号")
@click.argument("decision", metavar="决定")
@BY
@configured
def decide(settings: Settings, reference: str, decision: str, by: str | None) -> int:
    from program import campaign_folders, parts
    from program.duties import desk_of
    from scheduler import deciding

    now = datetime.now(UTC)
    desk = desk_of(settings, campaign_folders.load_campaigns(settings.campaign))
    with parts.open_register(settings, now) as register, register.writing() as tx:
        row = deciding.decide(tx, desk, reference, decision, by=by or user(), through="shell", now=now).row
    click.echo(f"{row.reference}：已记录“{row.decision}”。")
    return 0


@command.command(name="undo", help="撤销最近一次决定，登记内容恢复原状。")
@click.argument("reference", metavar="编号")
@click.option("--by", metavar="NAME", help="由谁撤销，默认为当前用户。")
@configured
def undo(settings: Settings, reference: str, by: str | None) -> int:
    from intake.errors import WrongUsage
    from program import parts
    from scheduler import deciding
    from storage import audits, held

    now = datetime.now(UTC)
    with parts.open_register(settings, now) as register, register.writing() as tx:
        row = held.show(tx, reference)
        last = audits.last_decision(tx, row.reference)
        if last is None:
            raise WrongUsage(reference, sentence=f"待办“{row.reference}”没有可以撤销的决定。")
        _, left = deciding.undo(tx, last.id, by=by or user(), through="shell", now=now)
    gone = f"依原决定已发出的{left}封信函无法收回。" if left else ""
    click.echo(f"{row.reference}：已撤销“{last.word}”，登记内容恢复原状。{gone}")
    return 0


def _reason(row: HeldRow) -> str:
    from intake.office_words import REASONS

    return REASONS.get(row.reason, row.reason)


def _marked(row: HeldRow, answered: Mapping[int, datetime]) -> str:
    """The sentence, behind the moment at which a person wrote to whom it is about."""
    return f"【已人工回复 {moment(answered[row.id])}】{row.sentence}" if row.id in answered else row.sentence


def _day(row: HeldRow) -> str:
    from intake.beijing import BEIJING

    return f"{row.received_at.astimezone(BEIJING):%m-%d %H:%M}" if row.received_at else ""
